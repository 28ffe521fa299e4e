"""Collecting sources: one added by hand, or many taken over from a BibTeX file.

What is imported stays as it came: the raw file byte for byte in ``sources/imported/``, and of each new entry the exact
slice in a file of the review.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from libreview.disk import files
from libreview.findings.checks import each_once, source_problems
from libreview.model import Change, Create, Location, Problem, Source
from libreview.review import Review
from libreview.texts import keys, latex, likeness, names
from libreview.texts.folding import fold
from libreview.texts.formats import bibtex
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = [
    "TYPES",
    "Imported",
    "Renamed",
    "add",
    "bytes_of",
    "free_path",
    "import_bib",
    "is_refi",
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


# A file of sources ----------------------------------------------------------------------------------------------------


class Renamed(Value, frozen=True):
    """An entry whose key was taken by another source, with the key it has in the review."""

    old: str
    new: str


class Imported(Value, frozen=True):
    """What an import came to. ``problems`` are those of the new entries, ``unreadable`` what could not be taken over.

    ``carriers`` of the new ones hold data of others and are no sources.
    ``keys`` are the new sources' keys, ``path`` their file, ``parsed`` the sources as read, by digest (for `Review.apply`).
    """

    records: int
    new: int
    carriers: int
    already: int
    unreadable: tuple[Problem, ...]
    defects: int
    sources_with_defects: int
    problems: tuple[Problem, ...]
    renamed: tuple[Renamed, ...]
    keys: tuple[str, ...]
    path: str
    raw: str
    parsed: Mapping[bytes, Source]


_LOST = frozenset(("entry-open", "entry-in-text", "entry-without-type", "entry-without-key"))
"""Problems that say: here is an entry, and it is not read."""


def import_bib(review: Review, path: Path) -> tuple[Change, Imported]:
    """Return the change that takes the new entries of a BibTeX file over, and what there is to say of it.

    An entry that says the same as a source of the review is already here; one whose key means another source gets a new
    key. Raises `Refused` if the file cannot be read or holds no entry at all.
    """
    data = bytes_of(path)
    stem = slug_of(path.stem)
    raw_path, is_new = _raw_copy(review, stem, path.suffix.lower() or ".bib", data)
    target = free_path(review, f"sources/{stem}", ".bib")
    reading = bibtex.read(data, target)
    lost = tuple(problem for problem in reading.problems if problem.code in _LOST)
    if not reading.sources and not lost:
        raise Refused(
            N_("There is no BibTeX entry in {path}"), N_("Export your library as BibTeX or BibLaTeX."), path=path
        )
    fresh, renamed, already = _sorted_out(review, reading)
    new = [reading.sources[at] for at in fresh]
    problems = _problems(reading, new, renamed)
    edits: list[Create] = []
    if fresh:
        edits = [Create(target, _written(data, reading, new, renamed))]
        if is_new:
            edits.append(Create(raw_path, data))
    place = raw_path if fresh or not is_new else str(path)
    imported = Imported(
        records=len(reading.sources) + len(lost),
        new=len(fresh),
        carriers=sum(source.type in ("xdata", "set") for source in new),
        already=already,
        unreadable=tuple(replace(one, location=replace(one.location, path=place)) for one in lost),
        defects=len(problems),
        sources_with_defects=_defective(reading, problems),
        problems=problems,
        renamed=tuple(Renamed(reading.sources[at].key, name) for at, name in renamed.items()),
        keys=tuple(renamed.get(at, reading.sources[at].key) for at in fresh),
        path=target if fresh else "",
        raw=raw_path if fresh else "",
        parsed={} if renamed else _parsed(reading, fresh),
    )
    return Change(tuple(edits), f"import {len(fresh)} sources from {path.name}"), imported


def is_refi(path: Path) -> bool:
    """Tell whether a file is a project or codebook for programs of qualitative analysis: by its suffix, else by how it begins."""
    if path.suffix.lower() in (".qdpx", ".qdc", ".qde"):
        return True
    head = bytes_of(path)[:4096]
    return head.startswith(b"PK\x03\x04") or b"urn:QDA-XML:" in head


def bytes_of(path: Path) -> bytes:
    try:
        return files.content(path)
    except OSError as error:
        raise Refused(N_("{path} cannot be read: {reason}"), path=path, reason=error.strerror or str(error)) from error


def slug_of(stem: str) -> str:
    """Return a name for a file of the review that still looks like ``stem``."""
    slug = "-".join(re.findall(r"[a-z0-9_]+", fold(stem))).strip("-_")[:80] or "import"
    return keys.file_name(slug)


def _raw_copy(review: Review, stem: str, suffix: str, data: bytes) -> tuple[str, bool]:
    """Return where the raw file is kept, and whether it is not there yet."""
    path, n = f"sources/imported/{stem}{suffix}", 1
    while review.exists(path):
        if review.read(path) == data:
            return path, False
        n += 1
        path = f"sources/imported/{stem}-{n}{suffix}"
    return path, True


_Says = tuple[str, frozenset[tuple[str, str]]]


def _says(source: Source) -> _Says:
    """Return what a source says, whatever its key and the order of its fields."""
    return source.type.lower(), frozenset((name, " ".join(raw.split())) for name, raw in source.fields.items())


def _sorted_out(review: Review, reading: bibtex.Reading) -> tuple[list[int], dict[int, str], int]:
    """Return which sources are new, the new keys of those whose key is taken, and how many are already here."""
    sources = reading.sources
    known = review.source_keys()
    here = {_says(source) for source in review.sources()} if known else set()
    taken = {key.lower() for key in known}
    own = {source.key.lower() for source in sources}
    digests: set[bytes] = set()  # an entry that stands twice in the file is one
    fresh: list[int] = []
    renamed: dict[int, str] = {}
    for at, source in enumerate(sources):
        digest = reading.chunks[at].digest
        if digest in digests or (here and source.fields and _says(source) in here):
            continue
        digests.add(digest)
        key = source.key
        if key.lower() in taken:
            key = _other_key(key, taken | own)
            renamed[at] = key
        taken.add(key.lower())
        fresh.append(at)
    return fresh, renamed, len(sources) - len(fresh)


def _other_key(key: str, taken: Collection[str]) -> str:
    """Return ``key`` with a letter or number after it that makes it a key of its own."""
    letters = (f"{key}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    found = next((one for one in letters if one.lower() not in taken), "")
    n = 2
    while not found:
        found = "" if f"{key}-{n}".lower() in taken else f"{key}-{n}"
        n += 1
    return found


def _problems(reading: bibtex.Reading, new: Sequence[Source], renamed: Mapping[int, str]) -> tuple[Problem, ...]:
    """Return what is wrong in the new entries and in the file as a whole; keys that got another are in order."""
    starts = {source.location.start for source in new}
    entries = {chunk.start for chunk in reading.chunks}
    called = {id(reading.sources[at]): key for at, key in renamed.items()}
    keyed: Iterable[Source] = (
        replace(source, key=called[id(source)]) if id(source) in called else source for source in new
    )
    own = [
        problem
        for problem in reading.problems
        if problem.code not in _LOST
        and (problem.location.start in starts or problem.location.start not in entries)
        and not (renamed and problem.code in ("duplicate-key", "key-case"))
    ]
    return each_once((*own, *source_problems(keyed)))


def _defective(reading: bibtex.Reading, problems: Iterable[Problem]) -> int:
    """Return in how many entries ``problems`` lie; what is wrong between entries belongs to the one before."""
    starts = [chunk.start for chunk in reading.chunks]
    lines = [chunk.line for chunk in reading.chunks]
    places = (problem.location for problem in problems)
    return len({max(bisect_right(starts, at.start) if at.end else bisect_right(lines, at.line), 1) for at in places})


def _parsed(reading: bibtex.Reading, fresh: Iterable[int]) -> dict[bytes, Source]:
    return {reading.chunks[at].digest: reading.sources[at] for at in fresh}


def _written(data: bytes, reading: bibtex.Reading, new: Sequence[Source], renamed: Mapping[int, str]) -> bytes:
    """Return the new entries: their slices of ``data`` in its order, and before them the ``@string`` they use."""
    wide = reading.encoding if reading.encoding.startswith(("utf-16", "utf-32")) else ""
    strings = _strings(data, reading, new) if not wide else bibtex.strings_used(data, _span(new))
    pieces = [strings] if strings else []
    called = {id(reading.sources[at]): key for at, key in renamed.items()}
    first: dict[str, int] = {}
    for at, source in enumerate(reading.sources):
        first.setdefault(source.key, at)
    newer = {key: renamed[at] for key, at in first.items() if at in renamed}
    for source in new:
        piece = _slice(data, source, called.get(id(source), ""), newer)
        pieces.append(piece.decode(wide, "replace").encode("utf-8") if wide else piece)
    newline = b"\r\n" if b"\r\n" in data[:4096] and not wide else b"\n"
    return newline.join(piece.rstrip(b"\r\n") + newline for piece in pieces)


def _span(new: Sequence[Source]) -> Source:
    """Return a source that lies where all of ``new`` lie."""
    return replace(new[0], location=Location("", 1, new[0].location.start, new[-1].location.end))


_USED = re.compile(rb"[=#]\s*+[A-Za-z][^\s,#{}\"=%@]*+")
"""Where a value may begin with the name of an ``@string``."""


def _strings(data: bytes, reading: bibtex.Reading, new: Sequence[Source]) -> bytes:
    """Return the ``@string`` that ``new`` use. The file is not scanned again for them, only what lies between entries."""
    between: list[bytes] = []
    at = 0
    for chunk in reading.chunks:
        between.append(data[at : chunk.start])
        at = chunk.end
    rest = b"".join((*between, data[at:]))
    if not re.search(rb"(?i)@\s*string", rest):
        return b""
    if len(new) == len(reading.chunks):
        names = _USED.findall(data)
    else:
        names = [one for source in new for one in _USED.findall(data, source.location.start, source.location.end)]
    used = b" ".join(dict.fromkeys(names))
    whole = replace(new[0], location=Location("", 1, len(rest) + 1, len(rest) + 1 + len(used)))
    return bibtex.strings_used(rest + b"\n" + used, whole)


def _slice(data: bytes, source: Source, key: str, newer: Mapping[str, str]) -> bytes:
    """Return the bytes of an entry, under the key ``key`` if it got one, and with parents under theirs."""
    start, end = source.location.start, source.location.end
    edits = [bibtex.set_key(data, source, key)] if key else []
    for name in ("crossref", "xdata"):
        parent = source.fields.get(name, "").strip()
        if newer and parent in newer:
            edits.append(bibtex.set_field(data, source, name, newer[parent]))
    pieces: list[bytes] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += (data[start : edit.start], edit.new)
        start = edit.end
    return b"".join((*pieces, data[start:end]))
