"""How wide the columns of a table are on paper, by what stands in them: a count takes less than a definition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from libreview.words.blocks import Cell, Table, plain

__all__ = ["SIZES", "fitted", "shares"]

SIZES = (12, 10, 9, 8, 7)
"""The sizes of letters, in points, that a table may have."""

_LOOKED_AT = 2_000
"""So many rows say how wide a column is, and so much of a cell."""
_MOST = 400
_WORD = 24
"""A longer word (an address) may break."""
_HEAD = 12
"""A longer head may go into a second line where that leaves more to others."""
_BOLD = 1.2
_PADDING = 2.0
"""The room beside the words of a cell, which is the same in all sizes."""


def fitted(table: Table, room: int) -> tuple[int, list[float]]:
    """Return the largest size of letters in which no word must break, else the smallest; and the `shares` of the columns.

    ``room`` is how many letters of the largest size a line has.
    """
    words = sum(low for low, _ in _sizes(table))
    around = _PADDING * len(table.columns)
    size = next((one for one in SIZES if words * one / SIZES[0] + around <= room), SIZES[-1])
    return size, shares(table, room, size)


def shares(table: Table, room: int, size: int = SIZES[0]) -> list[float]:
    """Return which part of a page, ``room`` letters wide, each column takes; together 1, or less if all of it fits in less.

    ``room`` counts letters of the largest size, the table has those of ``size``. Where not all fits, each column has room for its
    longest word and gets of the rest as much as it wants more.
    """
    scale = size / SIZES[0]
    sizes = [(scale * low, scale * high) for low, high in _sizes(table)]
    free = max(room - _PADDING * len(sizes), 1.0)
    least, most = sum(low for low, _ in sizes), sum(high for _, high in sizes)
    if most <= free:
        widths = [high for _, high in sizes]
    elif least >= free:
        widths = [free * low / least for low, _ in sizes]
    else:
        rest = (free - least) / (most - least)
        widths = [low + rest * (high - low) for low, high in sizes]
    whole = max(room, sum(widths) + _PADDING * len(sizes))
    return [round((width + _PADDING) / whole, 4) for width in widths]


def _sizes(table: Table) -> Iterator[tuple[float, float]]:
    """Yield for each column the letters of its longest word and of its longest line."""
    for at, column in enumerate(table.columns):
        word, line = _measured(column.head)
        low, high = _BOLD * word, _BOLD * max(word, min(line, _HEAD))
        for row in islice(table.rows, _LOOKED_AT):
            if at < len(row):
                word, line = _measured(row[at])
                low, high = max(low, word), max(high, line)
        yield low, high


def _measured(cell: Cell) -> tuple[int, int]:
    if isinstance(cell, int):
        size = len(str(cell))
        return size, size
    words = plain(cell)[:_MOST]
    if len(words) < 2:
        return 1, 1
    lines = words.split("\n")
    return min(max(map(len, words.split()), default=1), _WORD), max(map(len, lines))
