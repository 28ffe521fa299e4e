"""The blocks of a note: headings, rules, quotes, items, paragraphs and what is never an excerpt (grammar R3)."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

from libreview.texts.notes.attribution import excerpts_in
from libreview.texts.notes.lines import Page, columns

__all__ = ["Block", "Name", "View", "blocks"]

Name = Literal["quote", "item", "paragraph", "heading", "rule", "table", "code", "footnote", "conflict"]

_OPENS = frozenset(">#-*_=+|[<~`0123456789")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|\Z)")
_RULE = re.compile(r"(?:(?:-[ \t]*+){3,}|(?:\*[ \t]*+){3,}|(?:_[ \t]*+){3,})\Z")
_UNDERLINE = re.compile(r"(?:=++|--++)[ \t]*+\Z")
_MARKER = re.compile(r"(?:[-*+]|(?P<number>[0-9]{1,9})[.)])(?P<gap>[ \t]++|\Z)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]++\]:")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:[ ]|\Z)")
_DELIMITERS = re.compile(r"[-:| \t]++\Z")
_CODE = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t]*+\n")


class Block:
    """A run of lines of one kind. ``cols`` says for each line where its own text begins, after the marks of its containers."""

    __slots__ = ("cols", "excerpted", "kind", "lazy", "lines", "listed", "margin", "touching", "width")

    def __init__(self, kind: Name, listed: bool, touching: bool) -> None:
        self.kind: Name = kind
        self.lines: list[int] = []
        self.cols: list[int] = []
        self.listed = listed
        self.touching = touching  # no blank line parts it from the block before
        self.lazy = -1  # how many lines stand before the first quoted line that has no ">"
        self.margin = 0  # the column of an item's marker
        self.width = 0  # the column of an item's text
        self.excerpted = False

    def add(self, line: int, col: int) -> None:
        self.lines.append(line)
        self.cols.append(col)


class View:
    """The text of a block without the marks of its containers; in ``seen`` code is made unreadable, character by character."""

    __slots__ = ("docs", "offsets", "page", "seen", "source")

    def __init__(self, page: Page, block: Block) -> None:
        self.page = page
        offsets: list[int] = []
        docs: list[int] = []
        parts: list[str] = []
        length = 0
        coded: list[tuple[int, int]] = []
        for at, col in zip(block.lines, block.cols, strict=True):
            piece = page.lines[at][col:] if col else page.lines[at]
            pieces = page.pieces.get(at)
            if pieces is None:
                offsets.append(length)
                docs.append(page.starts[at] + col)
            else:
                for shift, doc in pieces:
                    offsets.append(length + max(0, shift - col))
                    docs.append(doc + max(0, col - shift))
            if at in page.fences:
                coded.append((length, length + len(piece)))
            parts.append(piece)
            length += len(piece) + 1
        self.offsets = offsets
        self.docs = docs
        self.source = "\n".join(parts)
        self.seen = _veiled(self.source, coded)

    def at(self, position: int) -> int:
        """Return the place in the file's text of the character at ``position``."""
        row = bisect_right(self.offsets, position) - 1
        return self.docs[row] + position - self.offsets[row]

    def to(self, position: int) -> int:
        """Return the place in the file's text where the character before ``position`` ends."""
        return self.at(position - 1) + 1 if position else self.at(0)

    def line(self, position: int) -> int:
        """Return the index of the file's line that holds ``position``."""
        return self.page.line(self.at(position))


def _veiled(source: str, coded: list[tuple[int, int]]) -> str:
    """Return ``source`` with the lines ``coded`` and all inline code written over."""
    seen = source
    if coded:
        parts: list[str] = []
        at = 0
        for start, end in coded:
            parts.extend((seen[at:start], "x" * (end - start)))
            at = end
        seen = "".join(parts) + seen[at:]
    if "`" not in seen:
        return seen
    spans = [match.span() for match in _CODE.finditer(seen) if not _escaped(seen, match.start())]
    places: dict[int, list[int]] = {}
    for start, end in spans:
        places.setdefault(end - start, []).append(start)
    gaps = [match.start() for match in _BLANK.finditer(seen)]
    parts = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        same = places[end - start]
        row = bisect_right(same, start)
        gap = bisect_right(gaps, start)
        limit = gaps[gap] if gap < len(gaps) else len(seen)
        if row < len(same) and same[row] < limit:
            parts.extend((seen[at:end], _WORDS.sub("x", seen[end : same[row]])))
            at = same[row]
            parts.append(seen[at : at + end - start])
            at += end - start
    return "".join(parts) + seen[at:]


_WORDS = re.compile(r"[^\n]")


def _escaped(text: str, at: int) -> bool:
    count = 0
    while count < at and text[at - 1 - count] == "\\":
        count += 1
    return count % 2 == 1


def blocks(page: Page, first: int) -> list[Block]:
    """Return the blocks of ``page`` from the line ``first`` on."""
    return _Builder(page).build(first)


class _Builder:
    """Takes line after line; ``current`` is the block that the next line may continue."""

    __slots__ = ("blank", "blanks", "blocks", "conflict", "current", "fence", "listed", "numbered", "page")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.blocks: list[Block] = []
        self.current: Block | None = None
        self.blank = True
        self.blanks: list[int] = []
        self.listed = False
        self.numbered = False
        self.conflict = False
        self.fence = -1

    def build(self, first: int) -> list[Block]:
        lines, fences, absent = self.page.lines, self.page.fences, self.page.absent
        for at in range(first, len(lines)):
            if at in absent:
                continue
            line = lines[at]
            stripped = line.lstrip(" \t")
            if fences and self._fenced(at, line, stripped):
                continue
            if not stripped or stripped.startswith(":::"):
                self._blank(at)
                continue
            indent = 0 if stripped is line else columns(line[: len(line) - len(stripped)])
            if indent >= 4 and not self.listed and self._indented(at, line):
                continue
            if stripped[0] not in _OPENS or not self._opening(at, line, stripped, indent):
                self._text(at, line, stripped, indent)
            self.blank = False
        return self.blocks

    def _new(self, kind: Name, at: int, col: int) -> Block:
        last = self.blocks[-1] if self.blocks else None
        touching = not self.blank and last is not None and last.kind not in ("heading", "rule", "conflict", "code")
        block = Block(kind, self.listed, touching)
        block.add(at, col)
        self.blocks.append(block)
        self.current = block
        self.blanks = []
        return block

    def _blank(self, at: int) -> None:
        self.blank = True
        current = self.current
        if current is not None and current.kind in ("item", "footnote"):
            self.blanks.append(at)
        else:
            self.current = None

    def _fenced(self, at: int, line: str, stripped: str) -> bool:
        """Put a line of a code fence where its opening line stands. Opening lines in containers are left to `_opening`."""
        opening = self.page.fences.get(at, -1)
        if opening < 0:
            self.fence = -1
            return False
        current = self.current
        if opening == self.fence and current is not None:
            if current.kind == "quote" and stripped.startswith(">"):
                current.add(at, _quoted(line))
            else:
                current.add(at, _dedent(line, current.width) if current.kind == "item" else 0)
        elif stripped[0] in "`~":
            indent = columns(line[: len(line) - len(stripped)])
            if current is not None and current.kind == "item" and (indent > current.margin or not self.blank):
                self._resume(current)
                current.add(at, _dedent(line, current.width))
            else:
                if not indent:
                    self.listed = False
                self._new("code", at, 0)
        else:
            self.fence = opening
            return False  # "> ```" or "- ```": the marks are read as on any line
        self.fence = opening
        self.blank = False
        return True

    def _resume(self, block: Block) -> None:
        for at in self.blanks:
            block.add(at, len(self.page.lines[at]))
        self.blanks = []

    def _indented(self, at: int, line: str) -> bool:
        """Take an indented line outside lists: code after a blank line, else the text of the paragraph goes on."""
        current = self.current
        if current is not None and not self.blank and current.kind != "code":
            self._text(at, line, line.lstrip(" \t"), 4)
        elif current is not None and current.kind == "code" and not self.blank:
            current.add(at, 0)
        else:
            self._new("code", at, 0)
        self.blank = False
        return True

    def _opening(self, at: int, line: str, stripped: str, indent: int) -> bool:
        """Take a line whose first character may open a block; return whether it did."""
        char = stripped[0]
        if not indent and char in "<=>|" and self._conflicted(at, stripped):
            return True
        if char == ">":
            self._quote(at, line, indent)
            return True
        if char == "#":
            if _HEADING.match(stripped):
                self._break("heading", at, indent)
                return True
            return False
        if char in "-*_=":
            if char in "=-" and self._underlined(at, stripped):
                return True
            if char != "=" and _RULE.match(stripped):
                self._break("rule", at, indent)
                return True
        if char == "|":
            if self.current is not None and self.current.kind == "table" and not self.blank:
                self.current.add(at, len(line) - len(stripped))
            else:
                self._unlist(indent)
                self._new("table", at, len(line) - len(stripped))
            return True
        if char == "[" and _FOOTNOTE.match(stripped):
            self._unlist(indent)
            self._new("footnote", at, len(line) - len(stripped))
            return True
        return (char in "-*+" or char.isdigit()) and self._item(at, line, stripped, indent)

    def _unlist(self, indent: int) -> None:
        if not indent:
            self.listed = False

    def _conflicted(self, at: int, stripped: str) -> bool:
        """Take the marks that a version control system leaves; all but the first count only after the first."""
        if not _CONFLICT.match(stripped) or not (self.conflict or stripped[0] == "<"):
            return False
        self.conflict = stripped[0] != ">"
        self._break("conflict", at, 0)
        return True

    def _break(self, kind: Name, at: int, indent: int) -> None:
        self._unlist(indent)
        self._new(kind, at, 0)
        self.current = None

    def _underlined(self, at: int, stripped: str) -> bool:
        """Make a heading of a paragraph of one line over a line of ``=`` or ``-``, unless that line is an excerpt."""
        current = self.current
        if current is None or self.blank or current.kind != "paragraph" or len(current.lines) > 1:
            return False
        if not _UNDERLINE.match(stripped) or excerpts_in(View(self.page, current).seen):
            return False
        current.kind = "heading"
        current.add(at, 0)
        self.current = None
        return True

    def _quote(self, at: int, line: str, indent: int) -> None:
        current = self.current
        listed = self.listed and indent > 0
        if current is not None and current.kind == "quote" and not self.blank and current.listed == listed:
            current.add(at, _quoted(line))
            return
        self.listed = listed
        self._new("quote", at, _quoted(line))

    def _item(self, at: int, line: str, stripped: str, indent: int) -> bool:
        """Take a line that begins with one or more list markers; return False if they are only text."""
        col = len(line) - len(stripped)
        numbered = self.numbered and self.listed
        start = col
        while match := _MARKER.match(line, col):
            number = match["number"]
            if number and not (int(number) == 1 or (col == start and (self.blank or numbered))):
                break
            if col == start:
                self.numbered = bool(number)
            col = match.end()
        if col == start:
            return False
        self.listed = True
        kind: Name = "item"
        rest = line[col:]
        if rest.startswith(">"):
            kind = "quote"
        elif _HEADING.match(rest):
            kind = "heading"
        elif rest.startswith("|"):
            kind = "table"
        block = self._new(kind, at, _quoted(line, col) if kind == "quote" else col)
        block.margin = indent
        block.width = _column(line, col) if rest else indent + 2
        if kind == "heading":
            self.current = None
        return True

    def _text(self, at: int, line: str, stripped: str, indent: int) -> None:
        """Take a line that opens nothing: it continues the block before it, or begins a paragraph."""
        current = self.current
        if current is not None and current.kind in ("item", "footnote"):
            if not self.blank or indent > current.margin:
                self._resume(current)
                current.add(at, _dedent(line, current.width))
                return
        elif current is not None and not self.blank:
            ruled = "|" in stripped and "-" in stripped and _DELIMITERS.match(stripped)
            if ruled and current.kind == "paragraph" and len(current.lines) == 1:
                current.kind = "table"
            if current.kind in ("paragraph", "table"):
                current.add(at, 0)
                return
            if current.kind == "quote" and self._laziable(current):
                if current.lazy < 0:
                    current.lazy = len(current.lines)
                current.add(at, len(line) - len(stripped))
                return
            if current.kind == "quote":
                self.blank = True  # an empty quoted line parts them
        self._unlist(indent)
        self._new("paragraph", at, len(line) - len(stripped))

    def _laziable(self, quote: Block) -> bool:
        last = quote.lines[-1]
        return last not in self.page.fences and bool(self.page.lines[last][quote.cols[-1] :].strip(" \t"))


def _quoted(line: str, start: int = 0) -> int:
    """Return where the text of a quoted line begins."""
    at = line.index(">", start) + 1
    return at + 1 if line[at : at + 1] in (" ", "\t") else at


def _column(line: str, end: int) -> int:
    column = 0
    for char in line[:end]:
        column += 4 - column % 4 if char == "\t" else 1
    return column


def _dedent(line: str, width: int) -> int:
    """Return where the text of ``line`` begins when up to ``width`` columns of white space come off."""
    at = column = 0
    while column < width and at < len(line) and line[at] in " \t":
        column += 4 - column % 4 if line[at] == "\t" else 1
        at += 1
    return at
