"""Where the blocks of a BibTeX file lie: an own scanner over bytes.

A block begins with ``@`` at the start of a line (or right after another block) and ends where its brackets balance;
braces count with or without a backslash before them, as BibTeX counts. Almost every block is settled by one look at its
braces (`_settled`); only a file with something odd in it pays for one pass over all brackets (`_Brackets`). Both are
linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from libreview.value import Value

__all__ = ["Block", "State", "scan"]

State = Literal["whole", "open", "escaped", "text"]
"""``whole``: closed. ``open``: has no end of its own. ``escaped``: closed only if ``\\{`` and ``\\}`` do not count.
``text``: looks like a block, but stands within a line of free text."""


class Block(Value, frozen=True):
    """A block ``@type{...}``: ``start:end`` is all of it, ``body`` the place after its opening bracket."""

    type: str
    start: int
    body: int
    end: int
    line: int
    state: State = "whole"
    trailing: bool = False  # what follows the block looks like a part of it: it was closed too early


_START = re.compile(rb"@[ \t]*+([A-Za-z0-9_:.+/-]*+)\s*+([{(])")
_NAMED = re.compile(rb"\s*+[^\s,{}\"=@]++\s*+[,=]")
"""What follows the bracket of a block that was meant as one: a key and a comma, or a name and ``=``."""
_PAREN = re.compile(rb"\s*+[^\s,{}\"=@()]++\s*+(?:=|,\s*+(?:[A-Za-z][\w.:+-]*+\s*+=|\)))")
_INLINE = re.compile(rb"\s*+[^\s,{}\"=@()]++\s*+,\s*+[A-Za-z][\w-]*+\s*+=\s*+[{\"\w]")
_LEFTOVER = re.compile(rb"\s*+(?:[,}]|[A-Za-z][\w-]*+\s*+=\s*+[{\"])")
_NO_BRACES = bytes(byte for byte in range(256) if byte not in b"{}")
_TOKEN = re.compile(rb"[{}\"]")
_PAREN_TOKEN = re.compile(rb"[{}\")]")
_BLANK = b" \t\r\n\x0b\x0c,;"
_FREE = frozenset({b"comment", b"preamble"})  # blocks that have no fields


@dataclass(slots=True)
class _Start:
    """A place where a block may begin. ``named``: it has the look of one."""

    start: int
    type: bytes
    body: int
    paren: bool
    named: bool


def _at_line_start(data: bytes, at: int, first: int) -> bool:
    at -= 1
    while at >= first and data[at] in b" \t":
        at -= 1
    return at < first or data[at] in b"\r\n"


def _starts(data: bytes, first: int) -> tuple[list[_Start], list[_Start]]:
    """Return the starts at the beginning of a line, and those within a line."""
    lines: list[_Start] = []
    inner: list[_Start] = []
    for match in _START.finditer(data, first):
        at, body = match.start(), match.end()
        paren = data[body - 1] == 40
        if _at_line_start(data, at, first):
            named = (_PAREN if paren else _NAMED).match(data, body) is not None
            if not paren or named or match.group(1).lower() in (b"comment", b"preamble"):
                lines.append(_Start(at, match.group(1), body, paren, named))
        elif match.group(1) and not data[at - 1 : at].isalnum() and (_PAREN if paren else _INLINE).match(data, body):
            inner.append(_Start(at, match.group(1), body, paren, True))
    return lines, inner


def _settled(data: bytes, start: _Start, limit: int) -> int:
    """Return the end of the block if all braces up to ``limit`` are its own and balance; 0 if that is not so plain."""
    braces = data[start.body : limit].translate(None, _NO_BRACES)
    if not braces.endswith(b"}"):
        return 0
    inner = braces[:-1]
    for _ in range(6):
        if not inner:
            return data.rindex(b"}", start.body, limit) + 1
        inner = inner.replace(b"{}", b"")
    return 0 if inner else data.rindex(b"}", start.body, limit) + 1


class _Brackets:
    """The partner of every brace of a file, and the depth at every start: one pass, made when first needed."""

    def __init__(self, data: bytes, starts: list[_Start]) -> None:
        self.close: dict[int, int] = {}
        self.depth: list[int] = []
        self.quoted: list[bool] = []
        stack: list[list[int]] = []  # place of the brace, number of quotes at its level
        waiting = iter(starts)
        next_start = next(waiting, None)
        for match in _TOKEN.finditer(data):
            at = match.start()
            while next_start is not None and next_start.start < at:
                self._mark(stack)
                next_start = next(waiting, None)
            token = data[at]
            if token == 123:
                stack.append([at, 0])
            elif token == 125:
                if stack:
                    self.close[stack.pop()[0]] = at
            elif stack:
                stack[-1][1] ^= 1
        while next_start is not None:
            self._mark(stack)
            next_start = next(waiting, None)

    def _mark(self, stack: list[list[int]]) -> None:
        self.depth.append(len(stack))
        self.quoted.append(bool(stack and stack[-1][1]))


class _Scan:
    def __init__(self, data: bytes, first: int) -> None:
        self.data = data
        self.starts, self.inner = _starts(data, first)
        self.places = [start.start for start in self.starts]
        self.inner_places = [start.start for start in self.inner]
        self.named = [at for at, start in enumerate(self.starts) if start.named]
        self.brackets: _Brackets | None = None

    def next_named(self, number: int) -> int | None:
        """Return the number of the first start after ``number`` that has the look of a block."""
        at = bisect_left(self.named, number + 1)
        return self.named[at] if at < len(self.named) else None

    def place(self, number: int | None) -> int:
        return self.places[number] if number is not None and number < len(self.places) else len(self.data)

    def end(self, number: int) -> tuple[int, State]:
        """Return where the block of start ``number`` ends, and whether it has an end."""
        start = self.starts[number]
        if start.paren:
            return self.paren_end(start, self.place(self.next_named(number)))
        if self.brackets is None:
            self.brackets = _Brackets(self.data, self.starts)
        brackets = self.brackets
        close = brackets.close.get(start.body - 1)
        if start.type.lower() == b"comment":
            # Entries inside a comment are commented out, unless the comment has no end.
            return (self.place(number + 1), "open") if close is None else (close + 1, "whole")
        if close is None:
            named = self.next_named(number)
            limit = named if named is not None else number + 1
            at = number + 1
            while at < min(limit, len(self.starts)) and not self._breaks(number, at):
                at += 1
            return self._open_end(start, self.place(at))
        at = number + 1
        while at < len(self.starts) and self.places[at] < close:
            if self._breaks(number, at):
                return self._open_end(start, self.places[at])
            at += 1
        return close + 1, "whole"

    def _breaks(self, number: int, inner: int) -> bool:
        """Return whether start ``inner`` ends the block ``number`` around it: among fields no block may stand.

        Deeper it is the text of a field (an abstract with a line ``@foo{``). So is one in quotes, unless it is named.
        """
        brackets = self.brackets
        if brackets is None or brackets.depth[inner] - brackets.depth[number] != 1:
            return False
        return self.starts[inner].named or not brackets.quoted[inner]

    def _open_end(self, start: _Start, limit: int) -> tuple[int, State]:
        """Look at an unclosed block again with escaped braces as text, as TeX has them."""
        close = _escaped_close(self.data, start.body, limit)
        return (close, "escaped") if close else (limit, "open")

    def paren_end(self, start: _Start, limit: int) -> tuple[int, State]:
        depth, quoted = 0, False
        for match in _PAREN_TOKEN.finditer(self.data, start.body, limit):
            token = match.group()
            if token == b"{":
                depth += 1
            elif token == b"}":
                depth -= 1
            elif depth == 0:
                if token == b'"':
                    quoted = not quoted
                elif not quoted:
                    return match.end(), "whole"
        return limit, "open"

    def trailing(self, start: _Start, end: int, limit: int) -> tuple[int, State, bool]:
        """Return the end of a closed block, corrected if an escaped brace closed it, and whether parts of it follow."""
        if start.type.lower() in _FREE or not _LEFTOVER.match(self.data, end, limit):
            return end, "whole", False
        if b"\\}" in self.data[start.body : end]:
            close = _escaped_close(self.data, start.body, limit)
            if close:
                return close, "escaped", False
        rest = self.data[end:limit].lstrip(_BLANK)
        return end, "whole", rest[:1] == b"}" or _LEFTOVER.match(rest) is not None


_UNESCAPED = re.compile(rb"\\[{}\\]|[{}]")


def _escaped_close(data: bytes, body: int, limit: int) -> int:
    """Return the end of a block whose braces balance when escaped ones are text and nothing follows it; else 0."""
    depth = 1
    for match in _UNESCAPED.finditer(data, body, limit):
        token = match.group()
        if token == b"{":
            depth += 1
        elif token == b"}":
            depth -= 1
            if not depth:
                return 0 if _LEFTOVER.match(data, match.end(), limit) else match.end()
    return 0


class _Lines:
    """Line numbers of places asked for in rising order. LF, CRLF and CR end a line."""

    def __init__(self, data: bytes) -> None:
        self.data, self.returns, self.at, self.line = data, b"\r" in data, 0, 1

    def of(self, place: int) -> int:
        data = self.data
        self.line += data.count(b"\n", self.at, place)
        if self.returns:
            self.line += data.count(b"\r", self.at, place) - data.count(b"\r\n", self.at, place)
        self.at = place
        return self.line


def scan(data: bytes, first: int = 0) -> Iterator[Block]:
    """Yield the blocks of ``data`` (ASCII-compatible bytes) from ``first`` in order, never overlapping."""
    scan = _Scan(data, first)
    lines = _Lines(data)
    number, end, inner = 0, first, 0
    while number < len(scan.starts):
        start = scan.starts[number]
        if start.start < end:  # lies within the block before
            number += 1
            continue
        while inner < len(scan.inner) and scan.inner[inner].start < start.start:
            found = scan.inner[inner]
            if found.start >= end:
                block = _inline(scan, found, end, start.start, lines)
                yield block
                end = block.end
            inner += 1
        limit = scan.place(number + 1)
        line = lines.of(start.start)
        name = start.type.decode("ascii").lower()
        close = 0 if start.paren else _settled(data, start, limit)
        state: State = "whole"
        if not close:
            close, state = scan.end(number)
        trailing = False
        if state == "whole" and close < limit:
            close, state, trailing = scan.trailing(start, close, limit)
        yield Block(name, start.start, start.body, close, line, state, trailing)
        end = close
        number += 1
    for found in scan.inner[inner:]:
        if found.start >= end:
            block = _inline(scan, found, end, len(data), lines)
            yield block
            end = block.end


def _inline(scan: _Scan, start: _Start, end: int, limit: int, lines: _Lines) -> Block:
    """Return the block that begins within a line: a true one if it follows another directly, else a piece of text."""
    line = lines.of(start.start)
    name = start.type.decode("ascii").lower()
    if scan.data[end : start.start].strip(b" \t,") == b"" and end:
        state: State
        if start.paren:
            close, state = scan.paren_end(start, limit)
        else:
            close = _balanced_close(scan.data, start.body, limit)
            state = "whole" if close else "open"
        return Block(name, start.start, start.body, close or limit, line, state)
    return Block(name, start.start, start.body, start.body, line, "text")


def _balanced_close(data: bytes, body: int, limit: int) -> int:
    depth = 1
    for match in _TOKEN.finditer(data, body, limit):
        token = match.group()
        depth += (token == b"{") - (token == b"}")
        if not depth:
            return match.end()
    return 0
