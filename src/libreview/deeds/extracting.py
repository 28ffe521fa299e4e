"""The new entries of a file, as the bytes of a file of the review: each is the exact slice that it was.

Only a key that is taken becomes another, and with it the name of a parent; the ``@string`` that the entries use come along.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from libreview.findings.checks import each_once, source_problems
from libreview.model import Location, Problem, Source
from libreview.texts.formats import bibtex
from libreview.value import replace

__all__ = ["LOST", "Says", "defective", "problems", "says", "written"]

LOST = frozenset(("entry-open", "entry-in-text", "entry-without-type", "entry-without-key"))
"""Problems that say: here is an entry, and it is not read."""

Says = tuple[str, frozenset[tuple[str, str]]]


def says(source: Source) -> Says:
    """Return what a source says, whatever its key and the order of its fields."""
    return source.type.lower(), frozenset((name, " ".join(raw.split())) for name, raw in source.fields.items())


def problems(reading: bibtex.Reading, new: Sequence[Source], renamed: Mapping[int, str]) -> tuple[Problem, ...]:
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
        if problem.code not in LOST
        and (problem.location.start in starts or problem.location.start not in entries)
        and not (renamed and problem.code in ("duplicate-key", "key-case"))
    ]
    return each_once((*own, *source_problems(keyed)))


def defective(reading: bibtex.Reading, problems: Iterable[Problem]) -> int:
    """Return in how many entries ``problems`` lie; what is wrong between entries belongs to the one before."""
    starts = [chunk.start for chunk in reading.chunks]
    lines = [chunk.line for chunk in reading.chunks]
    places = (problem.location for problem in problems)
    return len({max(bisect_right(starts, at.start) if at.end else bisect_right(lines, at.line), 1) for at in places})


def written(data: bytes, reading: bibtex.Reading, new: Sequence[Source], renamed: Mapping[int, str]) -> bytes:
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
