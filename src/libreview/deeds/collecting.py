"""Collecting sources: one added by hand, and what is asked of a file before its sources are taken over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from libreview.disk import files
from libreview.model import Change, Create, Person
from libreview.review import Review
from libreview.texts import keys, latex, likeness, names
from libreview.texts.folding import fold
from libreview.texts.formats import bibtex
from libreview.words.errors import NoChoice, Refused, Wrong
from libreview.words.i18n import N_

__all__ = [
    "KINDS",
    "TYPES",
    "add",
    "bytes_of",
    "free_path",
    "is_news",
    "is_refi",
    "pairs",
    "raw_value",
    "shaped",
    "slug_of",
]

_BIBLATEX = """article book mvbook inbook bookinbook suppbook booklet collection mvcollection incollection suppcollection
    dataset manual misc online patent periodical suppperiodical proceedings mvproceedings inproceedings reference
    mvreference inreference report set software thesis unpublished xdata artwork audio bibnote commentary image
    jurisdiction legislation legal letter movie music performance review standard video"""
_BIBTEX = "conference electronic mastersthesis phdthesis techreport www"
TYPES = tuple(f"{_BIBLATEX} {_BIBTEX}".split())
"""The types of biblatex and BibTeX."""


# One source -----------------------------------------------------------------------------------------------------------

_KINDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "skripsi": ("thesis", {"type": "skripsi"}),
    "tesis": ("thesis", {"type": "tesis"}),
    "disertasi": ("thesis", {"type": "disertasi"}),
    "news": ("news", {}),
    "berita": ("news", {}),
    "law": ("legislation", {}),
    "peraturan": ("legislation", {}),
}
"""What people call kinds of sources that have no type of that name; news is a page, or an article in a printed paper."""
_RANKS = {name: at for at, name in enumerate(("author", "editor", "title", "subtitle", "type", "date", "year"))}
"""Fields that stand first in an entry."""
KINDS = (*TYPES, *_KINDS)
"""All names of types that `add` takes."""


def is_news(type: str) -> bool:
    """Tell whether ``type`` is what people call news."""
    return _KINDS.get(type.strip().lower(), ("", {}))[0] == "news"


def shaped(type: str, fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return a type of biblatex for what ``type`` says, and the fields that such a source has."""
    kind, more = _KINDS.get(type.strip().lower(), (type.strip().lower(), {}))
    shaped = {**more, **fields}
    if kind != "news":
        return kind, shaped
    if shaped.get("url"):
        return "online", shaped
    if shaped.get("organization"):
        shaped.setdefault("journaltitle", shaped.pop("organization"))
    return "article", {**shaped, "entrysubtype": "newspaper"}


def add(
    review: Review, type: str, fields: Mapping[str, str], key: str = "", *,
    people: Mapping[str, Sequence[Person]] | None = None, proposed: str = "",
) -> tuple[Change, str]:  # fmt: skip
    """Return the change that makes a source of its own file, and its key.

    ``fields`` are plain text; in name lists ``and`` stands between people and braces around a body, unless they come as ``people``.
    ``proposed`` is a key to be taken if ``key`` is empty; it gets a letter if it is taken already. Raises `NoChoice` for a type that
    does not exist, `Refused` for a key that is taken and for what BibTeX cannot hold.
    """
    kind, fields = shaped(type, fields)
    if kind not in TYPES:
        raise NoChoice(
            N_('There is no type of source "{type}"'),
            N_("Types are article, book, incollection, thesis, report, online, legislation, misc, ..."),
            near=likeness.near(kind, KINDS),
            type=type,
        )
    given = {name.strip().lower(): " ".join(value.split()) for name, value in fields.items() if value.strip()}
    persons = {name: names.write(several) for name, several in (people or {}).items() if several}
    if not any(given.get(name) or persons.get(name) for name in ("title", "author", "editor", "booktitle")):
        raise Refused(N_("A source needs a title or an author"), N_('libreview add --title "..." --author "..."'))
    raw = {**persons, **{name: raw_value(name, value) for name, value in given.items()}}
    raw = dict(sorted(raw.items(), key=lambda field: _RANKS.get(field[0], len(_RANKS))))
    taken = review.source_keys()
    key = key.strip() or _free(proposed, taken) or _key(raw, given, taken)
    if key.lower() in {one.lower() for one in taken}:
        raise Refused(N_('The key "{key}" is taken'), N_("Choose another: libreview list shows them."), key=key)
    path = free_path(review, f"sources/{keys.file_name(key)}", ".bib")
    content = bibtex.write_entry(key, kind, raw).encode("utf-8", "replace")
    _read_back(content, path, key, given)
    return Change((Create(path, content),), f"add {key}"), key


def raw_value(name: str, value: str) -> str:
    if name in bibtex.NAME_LISTS:
        return names.write(names.parse(value))
    return value if name in bibtex.VERBATIM else latex.encode(value)


def _free(proposed: str, taken: Collection[str]) -> str:
    used = {one.lower() for one in taken}
    if not proposed or proposed.lower() not in used:
        return proposed
    return next(one for n in count(2) if (one := f"{proposed}{keys.suffix(n)}").lower() not in used)


def _key(raw: Mapping[str, str], given: Mapping[str, str], taken: Collection[str]) -> str:
    people = names.parse(raw.get("author") or raw.get("editor") or "")
    return keys.citation_key(people, given.get("date") or given.get("year") or "", given.get("title", ""), taken)


def _read_back(content: bytes, path: str, key: str, given: Mapping[str, str]) -> None:
    """Raise `Refused` unless the entry reads as what was given."""
    reading = bibtex.read(content, path)
    found = reading.sources[0] if len(reading.sources) == 1 else None
    if found is None or found.key != key:
        raise Refused(N_("This cannot be written as BibTeX: {name}"), name=key)
    for name, value in given.items():
        if name not in bibtex.NAME_LISTS and found.plain.get(name) != value:
            raise Refused(
                N_("This cannot be written as BibTeX: {name}"), N_("Take unusual signs out of it."), name=name
            )


def free_path(review: Review, stem: str, suffix: str, also: Collection[str] = ()) -> str:
    """Return a path that no file has: ``stem``, or with a number after it."""
    path, n = f"{stem}{suffix}", 1
    while review.exists(path) or path in also:
        n += 1
        path = f"{stem}-{n}{suffix}"
    return path


# Files to be taken over ------------------------------------------------------------------------------------------------


def is_refi(path: Path) -> bool:
    """Tell whether a file is a project or codebook for programs of qualitative analysis: by its suffix, else by how it begins."""
    if path.suffix.lower() in (".qdpx", ".qdc", ".qde"):
        return True
    head = bytes_of(path)[:4096]
    return head.startswith(b"PK\x03\x04") or b"urn:QDA-XML:" in head


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Return ``name=value`` texts as a mapping. Raises `Wrong` for one that is none."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise Wrong(N_('"{field}" is not a field with a value'), N_("Write --field name=value"), field=text)
        found[name.strip().lower()] = value.strip()
    return found


def bytes_of(path: Path) -> bytes:
    try:
        return files.content(path)
    except OSError as error:
        raise Refused(N_("{path} cannot be read: {reason}"), path=path, reason=error.strerror or str(error)) from error


def slug_of(stem: str) -> str:
    """Return a name for a file of the review that still looks like ``stem``."""
    slug = "-".join(re.findall(r"[a-z0-9_]+", fold(stem))).strip("-_")[:80] or "import"
    return keys.file_name(slug)
