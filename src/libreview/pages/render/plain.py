"""Text for a pipe: nothing cut, nothing coloured; a table or list is lines of cells with a tab between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from libreview.pages.render.layout import Margin, attributed, walk
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Quotation, Reference, Report, Table, plain
from libreview.words.safe import safe, safe_line

__all__ = ["render"]

_RULES = {1: "=", 2: "-"}


def render(report: Report, *, rows: bool = False, head: bool = False) -> bytes:
    """Return the report as UTF-8 text; with ``rows`` its rows as tab-separated lines (``head``: under their names)."""
    if rows:
        names, lines = report.rows()
        shown = _cells(lines)
        if head:
            shown.insert(0, "\t".join(map(safe_line, names)))
    else:
        shown = _blocks(report.blocks())
    return "".join(f"{line}\n" for line in shown).encode("utf-8", "replace")


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


def _blocks(blocks: Iterable[Block]) -> list[str]:
    margin = Margin()
    for step, block, at in walk(blocks):
        if step == "leaf":
            _leaf(margin, block)
        elif step == "open":
            if isinstance(block, Quotation):
                margin.gap()
                margin.push("    ", "    ")
            elif isinstance(block, Reference):
                margin.write(safe(attributed(block.text)).split("\n"))
                margin.push("    ", "    ")
        elif step == "item" and isinstance(block, Listing):
            margin.item(block, at)
        elif step == "end":
            margin.end()
        elif not isinstance(block, Listing):
            margin.pop()
    return margin.lines


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
