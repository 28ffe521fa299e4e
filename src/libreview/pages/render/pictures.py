"""Numbers as pictures made of characters: bars, shades and lines. Pure; where they stand is for the screen to say.

Each picture is made of the cell that it stands beside, so that it cannot show another number. Zero is drawn as nothing, and
whatever is more than nothing as something; the number that is ``full`` fills all its room.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from libreview.value import Value
from libreview.words.blocks import Cell, plain

__all__ = ["SIGNS", "Signs", "amount", "bar", "course", "level", "shade"]


class Signs(Value, frozen=True):
    """What pictures are drawn with: parts of one sign of a bar up to the whole, shades and heights from little to much."""

    bars: str
    shades: str
    heights: str


SIGNS: Mapping[str, Signs] = {
    "blocks": Signs("▏▎▍▌▋▊▉█", "░▒▓█", "▁▂▃▄▅▆▇█"),
    "ascii": Signs("#", ".:+#", "12345678"),  # a digit beside a number would be read as part of it
}

_NUMBER = re.compile(r"(\d+)(?:[.,](\d+))?")


def amount(cell: Cell) -> float:
    """Return the number that a cell begins with: 12, "12,5", "3 (5)"; 0 if there is none."""
    if isinstance(cell, int):
        return cell
    found = _NUMBER.match(plain(cell))
    return float(f"{found[1]}.{found[2] or 0}") if found else 0


def level(value: float, full: float, steps: int) -> int:
    """Return which of ``steps`` equal steps up to ``full`` a value falls in, from 1; 0 for nothing."""
    if value <= 0 or full <= 0:
        return 0
    return max(1, min(steps, math.ceil(value * steps / full)))


def bar(value: float, full: float, width: int, signs: Signs) -> str:
    """Return a bar, ``width`` signs long where the value is ``full``."""
    if value <= 0 or full <= 0 or width <= 0:
        return ""
    parts = len(signs.bars)
    drawn = max(1, min(width * parts, round(value * width * parts / full)))
    whole, rest = divmod(drawn, parts)
    return signs.bars[-1] * whole + (signs.bars[rest - 1] if rest else "")


def shade(value: float, full: float, width: int, signs: Signs) -> str:
    """Return ``width`` signs, the denser the more the value is of ``full``."""
    step = level(value, full, len(signs.shades))
    return signs.shades[step - 1] * width if step else ""


def course(values: Iterable[float], full: float, signs: Signs) -> str:
    """Return a sign for each value, the higher the more it is of ``full``; a blank where there is nothing."""
    steps = (level(value, full, len(signs.heights)) for value in values)
    return "".join(signs.heights[step - 1] if step else " " for step in steps)
