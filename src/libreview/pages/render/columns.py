"""How wide the columns of a table are on paper, by what stands in them: a count takes less than a definition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from libreview.words.blocks import Cell, Table, plain

__all__ = ["shares"]

_LOOKED_AT = 2_000
"""So many rows say how wide a column is, and so much of a cell."""
_MOST = 400
_WORD = 24
"""A longer word (an address) may break."""
_HEAD = 12
"""A longer head may go into a second line where that leaves more to others."""
_BOLD = 1.2
_PADDING = 2.0


def shares(table: Table, room: int) -> list[float]:
    """Return which part of a page, ``room`` letters wide, each column takes; together 1, or less if all of it fits in less.

    Where not all fits, each column has room for its longest word and gets of the rest as much as it wants more.
    """
    least, most = zip(*_sizes(table), strict=True) if table.columns else ((), ())
    if sum(most) <= room:
        widths = list(most)
    elif sum(least) >= room:
        widths = [room * one / sum(least) for one in least]
    else:
        rest = (room - sum(least)) / (sum(most) - sum(least))
        widths = [low + rest * (high - low) for low, high in zip(least, most, strict=True)]
    return [round(width / room, 4) for width in widths]


def _sizes(table: Table) -> Iterator[tuple[float, float]]:
    """Yield for each column the letters of its longest word and of its longest line."""
    for at, column in enumerate(table.columns):
        word, line = _measured(column.head)
        low, high = _BOLD * word, _BOLD * max(word, min(line, _HEAD))
        for row in islice(table.rows, _LOOKED_AT):
            if at < len(row):
                word, line = _measured(row[at])
                low, high = max(low, word), max(high, line)
        yield low + _PADDING, high + _PADDING


def _measured(cell: Cell) -> tuple[int, int]:
    if isinstance(cell, int):
        size = len(str(cell))
        return size, size
    words = plain(cell)[:_MOST]
    if len(words) < 2:
        return 1, 1
    lines = words.split("\n")
    return min(max(map(len, words.split()), default=1), _WORD), max(map(len, lines))
