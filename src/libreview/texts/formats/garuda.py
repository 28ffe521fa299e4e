"""What Garuda (the Indonesian index of journals) calls BibTeX, put into BibTeX before it is read.

Its values stand in quotes that the text within may hold too, as it may hold lone braces; the address stands without quotes and without the
comma behind it; authors are parted by semicolons; nothing is escaped. Entries of that shape are written anew, all other bytes stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from libreview.model import Location, Problem
from libreview.texts import latex, names
from libreview.texts.formats import bibtex, people
from libreview.texts.formats.decoding import chunk_codec, wide_codec

__all__ = ["is_garuda", "repaired"]

_START = re.compile(rb'^[ \t]*@[ \t]*(\w{1,40})[ \t]*\{[ \t]*([^,{}"\n=]{0,200})[ \t]*,[ \t]*title = "', re.MULTILINE)
_ENTRY = re.compile(rb"^[ \t]*@[ \t]*\w+[ \t]*\{", re.MULTILINE)
_FIELD = re.compile(
    r"(?<![^\s,\"])(title|journal|volume|number|issue|pages|year|month|url|doi|author|abstract|issn|isbn|publisher|keywords"
    r'|note)\s?=\s?(?="|https?://)'
)


def is_garuda(data: bytes) -> bool:
    """Tell whether a file holds entries of Garuda's kind."""
    return not wide_codec(data)[0] and _START.search(data) is not None


def repaired(data: bytes, path: str) -> tuple[bytes, tuple[Problem, ...]]:
    """Return a file as BibTeX, and what was repaired in which line of ``data``; ``data`` itself if nothing is of Garuda's kind."""
    if not is_garuda(data):
        return data, ()
    starts = [match.start() for match in _ENTRY.finditer(data)]
    pieces = [data[: starts[0]]]
    problems: list[Problem] = []
    line, counted, number = 1, 0, 0
    for start, end in pairwise((*starts, len(data))):
        line += data.count(b"\n", counted, start)
        counted = start
        match = _START.match(data, start, end)
        if match is None:
            pieces.append(data[start:end])
            continue
        number += 1
        chunk = data[match.end(2) : end]
        body, comment = _cut(chunk.decode(chunk_codec(chunk)))
        key = match[2].decode("utf-8", "replace").strip()
        place = Location(path, line, start, end)
        if not key:
            key = f"garuda-{number}"
            problems.append(Problem("repaired-key", place, key))
        entry, found = _entry(match[1].decode("ascii", "replace"), key, body)
        problems.extend(Problem(code, place, key, {"field": field}) for code, field in found)
        pieces.append(f"{entry}\n{comment}".encode())
    return b"".join(pieces), tuple(problems)


def _cut(text: str) -> tuple[str, str]:
    """Return the fields of an entry, and the lines of comment or nothing that follow it."""
    lines = text.split("\n")
    last = len(lines)
    while last > 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("%")):
        last -= 1
    return "\n".join(lines[:last]), "\n".join(lines[last:])


def _end(body: str) -> int:
    """Return where the values of an entry end: before the bracket that closes it, and commas."""
    return len(body.rstrip().removesuffix("}").rstrip(", \t\r\n\f\v\u00a0"))


def _fields(body: str) -> Iterator[tuple[str, str]]:
    """Yield names and values as they stand, quotes and all; a name that came before is part of a value."""
    seen: set[str] = set()
    marks: list[tuple[str, int, int]] = []
    for match in _FIELD.finditer(body):
        if match[1] not in seen:
            seen.add(match[1])
            marks.append((match[1], match.start(), match.end()))
    for at, (name, _, begin) in enumerate(marks):
        end = marks[at + 1][1] if at + 1 < len(marks) else _end(body)
        yield name, body[begin : max(begin, end)].strip().rstrip(",").rstrip()


def _entry(kind: str, key: str, body: str) -> tuple[str, list[tuple[str, str]]]:
    """Return an entry in BibTeX, and the codes of what was repaired in which field."""
    found: list[tuple[str, str]] = []
    raw: dict[str, str] = {}
    for name, written in _fields(body):
        value = written
        if value.startswith('"'):
            value = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
            if '"' in value or not latex.balanced(value):
                found.append(("repaired-quotes", name))
        else:
            found.append(("repaired-value", name))
        value = " ".join(value.split())
        if not value:
            continue
        if name == "author":
            raw[name], several = _authors(value)
            found.extend([("repaired-names", name)] if several else [])
        else:
            raw[name] = value if name in bibtex.VERBATIM and latex.balanced(value) else latex.encode(value)
    return bibtex.write_entry(key, kind.lower(), raw), found


def _authors(value: str) -> tuple[str, bool]:
    """Return the authors between ``and``, and whether semicolons stood there. Who they are is left as it is written."""
    listed = [name.strip() for name in value.split(";") if name.strip()]
    if len(listed) < 2:
        return names.write(names.parse(latex.encode(value))), False
    return names.write(person for name in listed if (person := people.read(name)) is not None), True
