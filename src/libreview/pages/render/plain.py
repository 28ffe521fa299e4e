"""Text for a pipe: nothing cut, nothing coloured; a table or list is lines of cells with a tab between them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from libreview.pages.render.layout import Margin, attributed, walk
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Quotation, Reference, Report, Table, plain
from libreview.words.safe import safe, safe_line

__all__ = ["render"]

_RULES = {1: "=", 2: "-"}
_INDENT = "    "
_AT_ONCE = 1_000


def render(report: Report, *, rows: bool = False, head: bool = False) -> bytes:
    """Return the report as UTF-8 text; with ``rows`` its rows as tab-separated lines (``head``: under their names)."""
    if rows and not head and report.lines:
        text = report.lines()
        return f"{text}\n".encode() if text else b""
    if rows:
        names, lines = report.rows()
        shown = _cells(lines)
        if head:
            shown.insert(0, "\t".join(map(safe_line, names)))
        return "".join(f"{line}\n" for line in shown).encode("utf-8", "replace")
    out = io.BytesIO()
    for piece in _blocks(report.blocks()):
        out.write(piece.encode("utf-8", "replace"))
    return out.getvalue()


def _cells(rows: Iterable[Sequence[str | int]]) -> list[str]:
    """Return each row as a line, its cells clean and on one line. Where all rows are so already, none is looked at again."""
    found = list(rows)
    lines = ["\t".join(map(str, row)) for row in found]
    if _clean("\n".join(lines), sum(map(len, found))):
        return lines
    return [
        line if _clean(line, len(row)) else "\t".join([safe_line(str(cell)) for cell in row])
        for line, row in zip(lines, found, strict=True)
    ]


def _clean(text: str, cells: int) -> bool:
    """Return whether ``text`` is printable, in so many cells, and has no blank that `safe_line` would take out."""
    if not text.replace("\t", "").replace("\n", "").isprintable() or text.count("\t") + text.count("\n") + 1 != cells:
        return False
    return not (any(pair in text for pair in _LOOSE) or text[:1] == " " or text[-1:] == " ")


_LOOSE = ("  ", " \t", " \n", "\t ", "\n ")


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the text in pieces, so that a long one is not held in lines and as a whole."""
    margin = Margin()
    for block in blocks:
        # a summary is thousands of quotations of one paragraph: they need no walk
        if isinstance(block, Quotation) and len(block.blocks) == 1 and isinstance(block.blocks[0], Paragraph):
            words = safe(attributed(block.blocks[0].text))
            if block.attribution:
                words = f"{words} {safe(attributed(block.attribution))}"
            if "\n" in words:
                margin.write([_INDENT + line if line else line for line in words.split("\n")])
            else:
                margin.write((_INDENT + words if words else words,))
        elif isinstance(block, (Quotation, Listing, Reference)):
            _nested(margin, block)
        else:
            _leaf(margin, block)
        if len(margin.lines) > _AT_ONCE:
            yield margin.take()
    yield margin.take()


def _nested(margin: Margin, outer: Block) -> None:
    for step, block, at in walk((outer,)):
        if step == "leaf":
            _leaf(margin, block)
        elif step == "open":
            if isinstance(block, Quotation):
                margin.gap()
                margin.push(_INDENT, _INDENT)
            elif isinstance(block, Reference):
                margin.write(safe(attributed(block.text)).split("\n"))
                margin.push(_INDENT, _INDENT)
        elif step == "item" and isinstance(block, Listing):
            margin.item(block, at)
        elif step == "end":
            margin.end()
        elif not isinstance(block, Listing):
            margin.pop()


def _leaf(margin: Margin, block: Block) -> None:
    if isinstance(block, Paragraph):
        margin.write(safe(attributed(block.text)).split("\n"))
    elif isinstance(block, Heading):
        line = safe_line(plain(block.text))
        rule = _RULES.get(block.level)
        margin.write([line, rule * len(line)] if rule else [line])
    elif isinstance(block, Table):
        if block.caption:
            margin.write([safe_line(plain(block.caption))])
        names = "\t".join(safe_line(column.head) for column in block.columns)
        margin.write([names, *("\t".join([safe_line(plain(cell)) for cell in row]) for row in block.rows)])
        if block.note:
            margin.write([safe_line(plain(block.note))])
