"""Collecting sources: one added by hand, and what is asked of a file before its sources are taken over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from libreview.disk import files
from libreview.model import Change, Create
from libreview.review import Review
from libreview.texts import keys, latex, likeness, names
from libreview.texts.folding import fold
from libreview.texts.formats import bibtex
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_

__all__ = [
    "TYPES",
    "add",
    "bytes_of",
    "free_path",
    "is_refi",
    "pairs",
    "raw_value",
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


def add(review: Review, type: str, fields: Mapping[str, str], key: str = "") -> tuple[Change, str]:
    """Return the change that makes a source of its own file, and its key.

    ``fields`` are plain text; in name lists ``and`` stands between people and braces around a body. Raises `NotFound` for
    a type that does not exist, `Refused` for a key that is taken and for what BibTeX cannot hold.
    """
    kind = type.strip().lower()
    if kind not in TYPES:
        raise NotFound(
            N_('There is no type of source "{type}"'),
            N_("Types are article, book, incollection, thesis, report, online, legislation, misc, ..."),
            near=likeness.near(kind, TYPES),
            type=type,
        )
    given = {name.strip().lower(): " ".join(value.split()) for name, value in fields.items() if value.strip()}
    if not any(given.get(name) for name in ("title", "author", "editor", "booktitle")):
        raise Refused(N_("A source needs a title or an author"), N_('libreview add --title "..." --author "..."'))
    raw = {name: raw_value(name, value) for name, value in given.items()}
    taken = review.source_keys()
    key = key.strip() or _key(raw, given, taken)
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
