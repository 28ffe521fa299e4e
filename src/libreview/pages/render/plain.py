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
    """Return each row as a line. A line in which all is well as it stands, and most are, is not cleaned cell by cell."""
    lines = []
    for row in rows:
        line = "\t".join(map(str, row))
        if not _plain_line(line) or line.count("\t") != len(row) - 1:
            line = "\t".join([safe_line(str(cell)) for cell in row])
        lines.append(line)
    return lines


def _plain_line(line: str) -> bool:
    """Return whether ``line`` needs no cleaning: only printable signs and tabs, and no space beside another blank."""
    if not line.replace("\t", "").isprintable():
        return False
    return not ("  " in line or " \t" in line or "\t " in line or line[:1] == " " or line[-1:] == " ")


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
