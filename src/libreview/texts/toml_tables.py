"""A TOML file cut into its tables, and where in the file lies what stands in them.

One syntax error makes a TOML reader give up the whole file, so the file is cut at its ``[table]`` lines first and each
table is read by itself; of a table that cannot be read, the lines that can be are. TOML 1.0: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from libreview.value import Value
from libreview.words.i18n import N_

__all__ = [
    "BARE",
    "HEADER",
    "Line",
    "Section",
    "Statement",
    "Table",
    "broken_line",
    "line_of",
    "lines_of",
    "load",
    "merged",
    "sections",
    "statements",
    "tables_of",
    "values_of",
]

# tomllib takes quadratic time for dotted keys and recurses into brackets; a table here is a paragraph or two, not data.
_LARGEST = 16 * 1024
_DEEPEST = 200
_LONGEST_HEADER = 400
_MOST_DOTS = 32

HEADER = re.compile(
    r"""[ \t]*(\[\[?)[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[^\]"'#=,]*?)[ \t]*(\]\]?)[ \t]*(?:\#.*)?""", re.DOTALL
)
_DOTTED = re.compile(r"""[ \t]*\[[^#,]*\.[^#,]*\][ \t]*(?:\#.*)?""", re.DOTALL)
BARE = re.compile(r"[A-Za-z0-9_-]+")
_ERROR_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_KEY = rb"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\r\n]|\\.)*+"|'[^'\r\n]*+')"""
_STATEMENT = re.compile(rb"[ \t]*+(" + _KEY + rb")((?:[ \t]*+\.[ \t]*+" + _KEY + rb")*+)[ \t]*+=[ \t]*+")
_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5})?'
    rb"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5})?"
    rb'|"(?:[^"\\\r\n]|\\.)*+"?'
    rb"|'[^'\r\n]*+'?"
    rb"""|#[^\r\n]*+|\r\n|[ \t]++|[^\s"'\[\]{}#,]++|.""",
    re.DOTALL,
)
_LINE_END = re.compile(rb"\r\n|\r|\n|\Z")


class Line(Value, frozen=True):
    """A line of the file with its end, and the byte where it begins."""

    text: str
    number: int
    start: int
    end: int


class Table(Value, frozen=True):
    header: Line | None
    body: tuple[Line, ...]

    def text(self) -> str:
        return "".join(line.text for line in self.body)


def lines_of(data: bytes) -> list[Line]:
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    lines = []
    for number, raw in enumerate(data[at:].splitlines(keepends=True) if data[at:] else (), 1):
        # bytes.splitlines knows LF, CRLF and CR only, and tomllib no CR
        text = raw.decode("utf-8", "replace")
        text = text.removesuffix("\n").removesuffix("\r") + "\n"
        lines.append(Line(text, number, at, at + len(raw)))
        at += len(raw)
    return lines


def _opens(text: str) -> str:
    """Return the three quotation marks of a text that begins in this line and does not end in it, or nothing."""
    if '"""' not in text and "'''" not in text:
        return ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "#":
            return ""
        if char not in "\"'":
            at += 1
            continue
        mark = text[at : at + 3] if text[at : at + 3] == char * 3 else char
        end = _closes(text, at + len(mark), mark)
        if end < 0:
            return mark if len(mark) == 3 else ""
        at = end
    return ""


def _closes(text: str, at: int, mark: str) -> int:
    """Return where ``text`` goes on after the ``mark`` that closes, from ``at`` on; -1 if none does."""
    while True:
        end = text.find(mark, at)
        if end < 0:
            return -1
        slash = text.find("\\", at, end) if mark[0] == '"' else -1
        if slash < 0:
            end += len(mark)
            while len(mark) == 3 and text[end : end + 1] == mark[0]:  # """"" ends with quotation marks of its own
                end += 1
            return end
        at = slash + 2


def _is_header(text: str) -> bool:
    line = text.strip()
    return line[:1] == "[" and len(line) <= _LONGEST_HEADER and bool(HEADER.fullmatch(line) or _DOTTED.fullmatch(line))


def _cut(lines: list[Line], texts: bool = True) -> Iterator[Table]:
    """Cut at lines that look like a table's header; with ``texts``, not inside of texts of several lines."""
    header: Line | None = None
    body: list[Line] = []
    inside = ""
    for line in lines:
        if inside:
            body.append(line)
            end = _closes(line.text, 0, inside)
            if end >= 0:
                inside = _opens(line.text[end:])
        elif _is_header(line.text):
            yield Table(header, tuple(body))
            header, body = line, []
        else:
            body.append(line)
            inside = _opens(line.text) if texts else ""
    yield Table(header, tuple(body))


def tables_of(lines: list[Line]) -> Iterator[Table]:
    """Yield the tables. One that cannot be read is cut again at every line that looks like a header."""
    for table in _cut(lines):
        again = any(_is_header(line.text) for line in table.body)
        if again and isinstance(load(table.text()), str):
            first, *rest = _cut(list(table.body), texts=False)
            yield Table(table.header, first.body)
            yield from rest
        else:
            yield table


def _too_much(text: str) -> bool:
    if len(text) > _LARGEST or text.count("[") + text.count("{") > _DEEPEST:
        return True
    run = 0
    for piece in text.split("."):
        word = piece.strip(" \t\"'")
        run = run + 1 if word and not any(char.isspace() for char in word) else 0
        if run > _MOST_DOTS:
            return True
    return False


def load(text: str) -> dict[str, object] | str:
    """Return the values of a table, or in English why it cannot be read."""
    if _too_much(text):
        return N_("it is too large or too deep")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return str(error)


def values_of(table: Table) -> tuple[dict[str, object], str]:
    """Return the values of a table, and in English why not all of it can be read; nothing if it can."""
    text = table.text()
    values = load(text)
    if isinstance(values, dict):
        return values, ""
    found: dict[str, object] = {}
    if len(text) <= _LARGEST:
        for line in table.body:
            one = load(line.text)
            if isinstance(one, dict):
                found = one | found
    return found, values


def broken_line(table: Table, reason: str) -> tuple[Line, str]:
    """Return the line of a table that a ``reason`` of `values_of` is about, and the reason without its place."""
    match = _ERROR_LINE.search(reason)
    at = int(match[1]) if match and match[1] else 0
    broken = (line for line in table.body if isinstance(load(line.text), str))  # for "at end of document"
    place = table.body[at - 1] if 0 < at <= len(table.body) else next(broken, table.header or table.body[0])
    return place, _ERROR_LINE.sub("", reason)


def line_of(name: str, table: Table) -> Line:
    """Return the line of a table that begins with ``name``; its header if none does."""
    for line in table.body:
        if line.text.lstrip().startswith((name, f'"{name}', f"'{name}")):
            return line
    return table.header or table.body[0]


# The bytes of a table -------------------------------------------------------------------------------------------------


class Statement(Value, frozen=True):
    """One ``name = value`` of a table: where its lines, its ``=`` and its value lie, and where the value's last text ends."""

    field: str
    dotted: bool
    start: int
    equals: int
    value: int
    value_end: int
    last: int
    end: int


def statements(data: bytes, table: Table) -> list[Statement]:
    """Return the statements of a table in order; of one that cannot be read, those lines that can be."""
    if not table.body:
        return []
    if not isinstance(load(table.text()), str):
        return _scanned(data, table.body[0].start, table.body[-1].end)
    found: list[Statement] = []
    for line in table.body:
        if not isinstance(load(line.text), str):
            found += _scanned(data, line.start, line.end)
    return found


def _scanned(data: bytes, at: int, stop: int) -> list[Statement]:
    found: list[Statement] = []
    while at < stop:
        match = _STATEMENT.match(data, at, stop)
        if match is None:
            at = _next_line(data, at, stop)
            continue
        value_end, last = _value(data, match.end(), stop)
        end = _next_line(data, value_end, stop)
        name = match[1].decode("utf-8", "replace").strip("\"'")
        equals = data.rindex(b"=", at, match.end())
        found.append(Statement(name, bool(match[2]), at, equals, match.end(), value_end, last, end))
        at = end
    return found


def _next_line(data: bytes, at: int, stop: int) -> int:
    match = _LINE_END.search(data, at, stop)
    return match.end() if match else stop


def _value(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """Return where the value that begins at ``at`` ends, and where its last text does."""
    depth, end, last = 0, at, at
    for match in _TOKEN.finditer(data, at, stop):
        token = match[0]
        first = token[:1]
        if first in b"\r\n" and not depth:
            break
        if first == b"#":
            if not depth:
                break
            continue
        if not token.strip():
            continue
        if first in b"[{":
            depth += 1
        elif first in b"]}":
            depth -= 1
        elif first in b"\"'":
            last = match.end()
        end = match.end()
    return end, last


class Section(Value, frozen=True):
    """A table with a header, and its bytes from the comment right above it to what belongs to the next one."""

    table: Table
    header: Line
    start: int
    stop: int


def sections(data: bytes) -> dict[int, Section]:
    """Return the tables that have a header, by the byte where it begins.

    A comment right above a header belongs to its table, but for one that begins the file, which is the file's own.
    """
    begin = above = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    found: list[tuple[Table, Line, int]] = []
    before: Table | None = None
    for table in tables_of(lines_of(data)):
        header = table.header
        if header is not None:
            start = _remarks(data, above, header.start)
            if before is not None and start < header.start:  # the last lines of a text look like comments, too
                start = max([start, *(one.end for one in statements(data, before))])
            found.append((table, header, header.start if start == begin else start))
            above = header.end
        before = table
    stops = [*(start for _, _, start in found[1:]), len(data)]
    return {one[1].start: Section(*one, stop) for one, stop in zip(found, stops, strict=False)}


def _remarks(data: bytes, above: int, at: int) -> int:
    """Return where the comment begins that stands right before ``at`` and not before ``above``; ``at`` if there is none."""
    for line in reversed(data[above:at].splitlines(keepends=True)):
        if not line.lstrip(b" \t").startswith(b"#"):
            break
        at -= len(line)
    return at


def merged(data: bytes, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``cuts`` with those that touch made one; one that ends the file takes the blank lines before it along."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(cuts):
        if merged and merged[-1][1] >= start:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if merged and merged[-1][1] == len(data):
        start = _blank_before(data, merged[-1][0])
        merged[-1] = (start, len(data))
    return merged


def _blank_before(data: bytes, at: int) -> int:
    """Return where the blank lines right before ``at``, a line start, begin."""
    kept = len(data[:at].rstrip(b" \t\r\n"))
    return _next_line(data, kept, at) if kept else 0
