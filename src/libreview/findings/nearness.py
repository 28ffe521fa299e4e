"""What of two records is compared, and which of many are worth a look: found by what costs next to nothing to compute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from libreview.texts.folding import fold
from libreview.value import Value

__all__ = ["Record", "near", "record_of"]

_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"[^\W\d_]{3,}")
_LETTERS = 20
"""So many at the beginning of a title, or at its end: few enough that a slip of the keys spoils only one of the two."""


class Record(Value, frozen=True, gc=False):
    """What is known of one publication, as the source has it; an empty text says nothing."""

    key: str
    title: str = ""
    author: str = ""
    year: str = ""
    journal: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    abstract: str = ""
    doi: str = ""
    isbn: str = ""
    type: str = ""
    edition: str = ""


def record_of(key: str, fields: Mapping[str, str]) -> Record:
    """Return the record of a row or entry with these fields, whichever of their usual names they have."""
    get = fields.get
    return Record(
        key,
        get("title") or "",
        get("author") or get("authors") or get("editor") or "",
        get("year") or get("date") or "",
        get("journal") or get("journaltitle") or get("booktitle") or "",
        get("volume") or "",
        get("number") or get("issue") or "",
        get("pages") or "",
        get("abstract") or "",
        get("doi") or "",
        get("isbn") or get("issn") or "",
        get("ENTRYTYPE") or get("type") or "",
        get("edition") or "",
    )


def _keys(record: Record) -> Iterator[str]:
    """Yield what a record is found by: its DOI, both ends of its title, where it stands, how its abstract begins."""
    title = record.title if record.title.isascii() else fold(record.title)
    if title:
        bare = _SIGNS.sub("", title[:80].lower())
        yield bare[:_LETTERS]
        yield "e" + (bare if len(title) <= 80 else _SIGNS.sub("", title[-80:].lower()))[-_LETTERS:]
    if record.doi:
        yield record.doi[record.doi.find("10.") :].rstrip().lower()
    pages = _DIGITS.search(record.pages)
    if pages:
        yield from _places(record, pages.group().lstrip("0"))
    if len(record.abstract) > 40:
        yield "x" + _SIGNS.sub("", record.abstract[:60].lower())[:30]


def _places(record: Record, page: str) -> Iterator[str]:
    """Yield where a record stands: two of author, year and volume beside its first page."""
    year, volume = record.year[:4], record.volume[:20]
    name = _NAME.search(record.author if record.author.isascii() else fold(record.author[:60]))
    who = name.group()[:4].lower() if name else ""
    if year and volume:
        yield f"{year}:{volume}:{page}"
    if who and year:
        yield f"{who}{year}:{page}"
    if who and volume:
        yield f"v{who}{volume}:{page}"


def near(new: Sequence[Record], known: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Return those of ``new`` that may be one with another of them or with a known one, and those of ``known``; and many that
    are not.
    """
    first: dict[str, int] = {}
    worth: set[int] = set()
    for at, record in enumerate(new):
        for key in _keys(record):
            other = first.setdefault(key, at)
            if other != at:
                worth.update((at, other))
    wanted = first.keys()
    met: set[str] = set()
    some: list[Record] = []
    for record in known:
        found = wanted & set(_keys(record))
        if found:
            some.append(record)
            met |= found
    if met:
        worth.update(at for at, record in enumerate(new) if not met.isdisjoint(_keys(record)))
    return [new[at] for at in sorted(worth)], some
