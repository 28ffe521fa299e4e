"""Some records among many: what of the many is worth a look, found by what costs next to nothing to compute."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from libreview.findings.duplicates.features import Record
from libreview.texts.folding import fold

__all__ = ["near"]

_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_LETTERS = 20
"""So many at the beginning of a title, or at its end: few enough that a slip of the keys spoils only one of the two."""


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
    if pages and record.year:
        yield f"{record.year[:4]}:{pages.group().lstrip('0')}"
    if len(record.abstract) > 40:
        yield "x" + _SIGNS.sub("", record.abstract[:60].lower())[:30]


def near(new: Iterable[Record], known: Sequence[Record]) -> list[Record]:
    """Return those of ``known`` that may be one with a record of ``new``, and many that are not."""
    wanted = frozenset(key for record in new for key in _keys(record))
    return [record for record in known if not wanted.isdisjoint(_keys(record))]
