"""A table on its side: what ran down the page runs across it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from libreview.pages.reports.tables import Rows
from libreview.value import replace
from libreview.words.blocks import Block, Cell, Column, Picture, Report, Run, Table, plain, text

__all__ = ["transposed"]


def transposed(report: Report) -> Report:
    """Return a report whose first table and whose rows have their columns as rows. JSON stays as it is."""

    def blocks() -> Iterator[Block]:
        turned = False
        for block in report.blocks():
            if isinstance(block, Table) and not turned and block.rows:
                turned = True
                yield _turned(block)
            else:
                yield block

    def rows() -> Rows:
        names, lines = report.rows()
        found = [list(line) for line in lines]
        head = [names[0], *(str(line[0]) for line in found)] if names else []
        return head, ([name, *(line[at] for line in found)] for at, name in enumerate(names[1:], 1))

    return replace(report, blocks=blocks, rows=rows, lines=None)


def _turned(table: Table) -> Table:
    """Return ``table`` with its rows as columns; the last column, where it counts the others, stays set off as the last row."""
    first, *others = table.columns
    align = others[0].align if others else "left"
    columns = (Column(first.head), *(Column(plain(row[0]).strip("\u00a0 "), align) for row in table.rows))
    totals = any(isinstance(row[0], tuple) and row[0] and "strong" in row[0][0].styles for row in table.rows)
    rows: list[tuple[Cell, ...]] = []
    for at, column in enumerate(others, 1):
        last = at == len(others) and not totals and len(others) > 1
        head: Cell = text(Run(column.head, ("strong",))) if last else column.head
        rows.append((head, *(row[at] for row in table.rows)))
    return replace(table, columns=columns, rows=tuple(rows), picture=_picture(table.picture))


_KINDS: dict[str, Literal["shades", "across", "down"]] = {"shades": "shades", "across": "down", "down": "across"}


def _picture(picture: Picture | None) -> Picture | None:
    """Return what is drawn of a table on its side; of bars nothing, since their numbers stand in a row then."""
    if picture is None or picture.kind not in _KINDS or picture.columns != tuple(range(1, len(picture.columns) + 1)):
        return None
    columns = tuple(range(1, picture.rows + 1))
    return replace(picture, kind=_KINDS[picture.kind], columns=columns, rows=len(picture.columns))
