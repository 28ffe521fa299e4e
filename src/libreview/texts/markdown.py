"""Markdown (annotations, quoted text, comments) as the blocks of a report. markdown-it-py is used only here.

Raw HTML comes out as the text it is; links lead to http, https and mailto only; the addresses of images are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from libreview.words.blocks import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Listing,
    Paragraph,
    Quotation,
    Run,
    Style,
    Table,
    Text,
)

__all__ = ["blocks", "runs"]

_SPECIAL = "\\`*_[]<&~!^"
_BLOCKED = re.compile(r"(?m)^[ \t]*(?:[-*+#>|~=`_]|[0-9]{1,9}[.)])|^(?: {4}|\t)|\n[ \t]*\n|\|")
_OPENED = re.compile(r"[-*+#>|~=`_]|[0-9]{1,9}[.)]")  # what is left of it for one line without blanks around
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\x7f]+\Z", re.IGNORECASE)
_MOST = 400  # signs of one kind in a text; beyond, it is no text a person wrote, and links and emphasis are not sought
_LONGEST = 100_000
_WIDEST = 60
_MOST_CELLS = 20_000
_STYLES: dict[str, Style] = {"em": "emphasis", "strong": "strong", "s": "dim"}
_COUNTED = "[]<*_`~!&\\"


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Let every address through: `_inline` keeps the words of a link and drops an address that is not safe."""
        return bool(url)


_parser = _Parser("commonmark", {"html": False, "maxNesting": 40}).enable(["table", "strikethrough"])


def runs(text: str) -> Text:
    """Return ``text``, one paragraph, as runs; line breaks in it become spaces."""
    if not text:
        return ()
    if not any(map(text.__contains__, _SPECIAL)) or _hostile(text):
        return (Run(text.replace("\n", " ")),)
    found: list[Run] = []
    for token in _parser.parseInline(text):
        found.extend(_inline(token.children or ()))
    return _merged(found)


def blocks(text: str) -> tuple[Block, ...]:
    """Return ``text`` as blocks. Lines that open no block are one paragraph, without looking for others."""
    tidied = text.strip(" \t\n")
    if not tidied:
        return ()
    if not (_BLOCKED.search(tidied) if "\n" in tidied else "|" in tidied or _OPENED.match(tidied)):
        return (Paragraph(runs(tidied)),)
    if _hostile(tidied) or tidied.count(">") > _MOST or _endless(tidied):
        parts = re.split(r"\n(?:[ \t]*\n)+", tidied)
        return tuple(Paragraph((Run(" ".join(part.split("\n"))),)) for part in parts if part)
    return tuple(_Builder().build(_parser.parse(text)))


def _hostile(text: str) -> bool:
    return len(text) > _LONGEST or any(text.count(sign) > _MOST for sign in _COUNTED)


def _endless(text: str) -> bool:
    """Return whether tables in ``text`` are no tables a person wrote: short rows are filled up to the width of the first."""
    if text.count("|") <= _WIDEST:
        return False
    rows = [row.count("|") for row in text.split("\n") if "|" in row]
    return max(rows) > _WIDEST or max(rows) * len(rows) > _MOST_CELLS


class _Builder:
    """Turns tokens into blocks with a stack of open containers, each a list of blocks or items."""

    def __init__(self) -> None:
        self.stack: list[list[Block]] = [[]]
        self.items: list[list[tuple[Block, ...]]] = []
        self.columns: list[Column] = []
        self.rows: list[tuple[Cell, ...]] = []
        self.cells: list[Cell] = []
        self.align: Align = "left"

    def build(self, tokens: Sequence[Token]) -> list[Block]:
        inline: Text = ()
        for token in tokens:
            kind = token.type
            if kind == "inline":
                inline = _merged(_inline(token.children or ()))
            elif kind == "paragraph_close":
                if inline:
                    self._put(Paragraph(inline))
            elif kind == "heading_close":
                self._put(Heading(inline, int(token.tag[1:])))
            elif kind in ("code_block", "fence"):
                self._put(Paragraph((Run(token.content.rstrip("\n"), ("code",)),)))
            elif kind in ("blockquote_open", "list_item_open"):
                self.stack.append([])
            elif kind == "blockquote_close":
                inside = self.stack.pop()
                self._put(Quotation(tuple(inside)))
            elif kind == "list_item_close":
                self.items[-1].append(tuple(self.stack.pop()))
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self.items.append([])
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._put(Listing(tuple(self.items.pop()), kind == "ordered_list_close"))
            else:
                self._table(token, inline)
            if kind in ("paragraph_open", "heading_open", "th_open", "td_open"):
                inline = ()
        return self.stack[0]

    def _put(self, block: Block) -> None:
        self.stack[-1].append(block)

    def _table(self, token: Token, inline: Text) -> None:
        kind = token.type
        if kind == "table_open":
            self.columns, self.rows = [], []
        elif kind == "th_open":
            style = str(token.attrs.get("style", ""))
            self.align = "right" if "right" in style else "centre" if "center" in style else "left"
        elif kind == "th_close":
            self.columns.append(Column("".join(run.text for run in inline), self.align))
        elif kind == "td_close":
            self.cells.append(inline)
        elif kind == "tr_close" and self.cells:
            self.rows.append(tuple(self.cells))
            self.cells = []
        elif kind == "table_close":
            self._put(Table(tuple(self.columns), tuple(self.rows)))


def _inline(tokens: Sequence[Token]) -> list[Run]:
    """Return the runs of inline ``tokens``, which come flat: styles and links are opened and closed."""
    found: list[Run] = []
    styles: list[Style] = []
    links: list[str] = []
    for token in tokens:
        kind = token.type
        link = links[-1] if links else ""
        name, _, edge = kind.rpartition("_")
        if kind == "text":
            found.append(Run(token.content, tuple(dict.fromkeys(styles)), link))
        elif kind == "code_inline":
            found.append(Run(token.content, tuple(dict.fromkeys((*styles, "code"))), link))
        elif kind in ("softbreak", "hardbreak"):
            found.append(Run(" ", tuple(dict.fromkeys(styles)), link))
        elif kind == "image":
            found.append(Run(token.content, tuple(dict.fromkeys(styles)), link))  # its description
        elif name == "link":
            if edge == "open":
                address = str(token.attrs.get("href", ""))
                links.append(address if _LINK.match(address) else "")
            elif links:
                links.pop()
        elif name in _STYLES:
            if edge == "open":
                styles.append(_STYLES[name])
            elif styles:
                styles.pop()
    return found


def _merged(found: Sequence[Run]) -> Text:
    """Return ``found`` with neighbours of one style and link joined, and empty ones left out."""
    result: list[Run] = []
    parts: list[str] = []
    for run in found:
        if not run.text:
            continue
        last = result[-1] if result else None
        if last is not None and last.styles == run.styles and last.link == run.link:
            parts.append(run.text)
            continue
        if result:
            result[-1] = Run("".join(parts), result[-1].styles, result[-1].link)
        result.append(run)
        parts = [run.text]
    if result:
        result[-1] = Run("".join(parts), result[-1].styles, result[-1].link)
    return tuple(result)
