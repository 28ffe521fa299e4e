"""Files of tagged lines (RIS, MEDLINE, Web of Science, EndNote's ``%A``): cut into records, of which none is lost.

A record begins at its first tag, whether or not the one before ended; fields outside of any record are a record of their
own. The value of a tag is all up to the next one, so that lines may go on in whatever way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, pairwise

from libreview.model import Location, Problem
from libreview.texts.formats.decoding import open_text
from libreview.texts.formats.filling import Form
from libreview.texts.formats.records import Reading, Record
from libreview.value import Value

__all__ = ["Dialect", "Lump", "dialect", "fill", "read"]


class Dialect(Value, frozen=True):
    """How a format writes its tags.

    ``line`` matches the line feed before a tagged line and its beginning, its only group is the tag; ``begin`` does where
    the tag is one of ``first``. These begin a record and ``last`` end one; ``outside`` belong to the file. After a
    blank line, a second one of ``once`` begins a record too.
    """

    line: re.Pattern[str]
    begin: re.Pattern[str]
    first: frozenset[str]
    last: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()


def dialect(
    line: str, starts: str, *, last: Iterable[str] = (), outside: Iterable[str] = (), once: Iterable[str] = ()
) -> Dialect:
    """Return the dialect of ``line`` (without the line feed it begins with) whose records begin with the tag ``starts``."""
    begin = re.compile(rf"\n(?=[ \t\ufeff]{{0,4}}%?{starts}){line}")
    return Dialect(re.compile(rf"\n{line}"), begin, frozenset((starts,)), *map(frozenset, (last, outside, once)))


class Lump(Value, frozen=True):
    """A record as it lies in the text: the values of each tag in order, lines and all; ``begun`` and ``ended`` by its own tags."""

    tags: Mapping[str, list[str]]
    start: int
    end: int
    begun: bool = True
    ended: bool = True


def _lumps(text: str, dialect: Dialect) -> Iterator[Lump]:
    """Yield the records of ``text`` in order."""
    # A pattern that begins with a line feed is found by the C library, so one is put before. A place in ``whole`` is that
    # of the line feed before a line; the line itself begins at the same place of ``text``.
    whole = f"\n{text}"
    starts = [match.start() for match in dialect.begin.finditer(whole)]
    first = starts[0] if starts else len(text)
    if dialect.line.search(whole, 0, first + 1):
        yield from _slowly(whole, 0, first, dialect)
    for start, end in pairwise((*starts, len(text))):
        chunk = whole[start : end + (end == len(text))]
        pieces = dialect.line.split(chunk)
        tags: dict[str, list[str]] = {}
        for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
            if tag in tags:
                tags[tag].append(value)
            else:
                tags[tag] = [value]
        ends = pieces[-2] in dialect.last
        if (
            any(len(tags[tag]) > 1 for tag in dialect.once if tag in tags)
            or len(tags[pieces[1]]) > 1
            or (dialect.outside and not dialect.outside.isdisjoint(tags))
            or (ends and len(tags.pop(pieces[-2])) > 1)
            or (not ends and not dialect.last.isdisjoint(tags))
        ):
            yield from _slowly(whole, start, end, dialect)
        else:
            yield Lump(tags, start, _end(chunk, pieces[-1], ends, start), ended=ends)


def _end(chunk: str, last: str, ended: bool, start: int) -> int:
    """Return where the record in ``chunk`` ends: with the line of its end, or with its last value."""
    if ended:
        line = last.find("\n")
        size = len(chunk) - len(last) + (line if line >= 0 else len(last))
    else:
        size = len(chunk.rstrip())
    return start + max(size - 1, 0)


def _slowly(whole: str, begin: int, stop: int, dialect: Dialect) -> Iterator[Lump]:
    """Yield the records of a part of ``whole`` in which something is odd, tag by tag."""
    first, last, outside, once = dialect.first, dialect.last, dialect.outside, dialect.once
    tags: dict[str, list[str]] = {}
    start = end = 0
    open = begun = False
    tag, at, value = "", 0, ""
    limit = stop + (stop == len(whole) - 1)
    for match in chain(dialect.line.finditer(whole, begin, limit), (None,)):
        here = match.start() if match else limit
        if tag:
            value = whole[at:here]
            if tag in last:
                if open:
                    line = value.find("\n")
                    yield Lump(tags, start, at - 1 + (line if line >= 0 else len(value)), begun)
                    tags, open = {}, False
            elif tag not in outside:
                tags.setdefault(tag, []).append(value)
                end = at - 1 + len(value.rstrip())
        if match is None:
            break
        tag = match[1]
        if open and (tag in first or (tag in once and tag in tags and _blank(value))):
            yield Lump(tags, start, end, begun, ended=False)
            tags, open = {}, False
        if not open and tag not in last and tag not in outside:
            start, open, begun = here, True, tag in first
        at = match.end()
    if open:
        yield Lump(tags, start, end, begun, ended=False)


def _blank(value: str) -> bool:
    """Return whether a blank line follows ``value``, which lacks its last line feed."""
    return "\n" in value[len(value.rstrip()) :]


def read(
    data: bytes,
    path: str,
    dialect: Dialect,
    form: Callable[[Mapping[str, list[str]]], Form],
) -> Reading:
    """Return what a file holds; ``form`` makes of the tags of one record what it says."""
    opened = open_text(data, path)
    records: list[Record] = []
    problems = list(opened.problems)
    unended: list[Location] = []
    for lump in _lumps(opened.text, dialect):
        location = opened.location(lump.start, lump.end)
        filled = form(lump.tags)
        if filled.empty:
            problems.append(Problem("record-empty", location))
            continue
        if not lump.begun:
            problems.append(Problem("record-without-start", location, next(iter(lump.tags))))
        if dialect.last and not lump.ended:
            unended.append(location)
        records.append(filled.record(location))
    if unended:
        problems.append(Problem("record-without-end", unended[0], "", {"times": str(len(unended))}))
    if opened.text.strip() and not records and not problems:
        problems.append(Problem("file-without-records", Location(path)))
    return Reading(tuple(records), tuple(sorted(problems, key=_line)), opened.encoding)


def _line(problem: Problem) -> int:
    return problem.location.line


def fill(form: Form, tags: Mapping[str, list[str]], table: Mapping[str, str], lines: Iterable[str] = ()) -> Form:
    """Put all tags of a record where ``table`` says, in its order, and keep the rest. Tags of ``lines`` have a value on each line."""
    several = frozenset(lines)
    for tag, target in table.items():
        values = tags.get(tag)
        if values is None:
            continue
        for value in values:
            if tag in several and "\n" in value.strip():
                for line in value.split("\n"):
                    form.put(tag, target, line)
            else:
                form.put(tag, target, value)
    for tag, listed in tags.items():
        if tag not in table:
            lined = tag in several
            form.keep(tag, *([line for value in listed for line in value.split("\n")] if lined else listed))
    return form
