"""Coding sheets: a row for each excerpt that waits for a coder, who fills the column of themes in any spreadsheet."""

from __future__ import annotations

import re
from collections import Counter

from libreview.model import NONE, Theme
from libreview.texts.folding import fold
from libreview.texts.grids import Grid, names_of
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["COLUMNS", "NEEDED", "Fault", "Line", "Sheet", "Taken", "alike", "read", "resemblance", "same_words"]

COLUMNS = ("coder", "excerpt", "source", "locator", "text", "themes")
"""The first row. The order does not matter, and other columns may stand beside them; those that are not needed may be missing."""
NEEDED = ("coder", "excerpt", "themes")
_NONE = ("0", NONE)
_ALIKE = 0.7
_LONG = 32_000
_BETWEEN = re.compile(r"[,;\n]+")


class Line(Value, frozen=True):
    """A row of a sheet, numbered as in the spreadsheet: coder, id of the excerpt (or empty), its sources and words, what was answered.

    ``themes`` are what stands between commas; ``formulas`` are the columns in which a formula stands.
    """

    number: int
    coder: str
    id: str
    source: str
    text: str
    themes: tuple[str, ...]
    formulas: tuple[str, ...] = ()


class Sheet(Value, frozen=True):
    """The excerpts that wait for ``coder``: id, sources, locator and plain words of each; and the themes, with their depth."""

    coder: str
    rows: tuple[tuple[str, str, str, str], ...]
    themes: tuple[tuple[Theme, int], ...] = ()


class Fault(Value, frozen=True):
    """What is wrong in a row of a sheet; ``kind`` is a row of `libreview.pages.reports.sheets.FAULTS`."""

    row: int
    kind: str
    name: str = ""
    near: tuple[str, ...] = ()


class Taken(Value, frozen=True):
    """What came of a filled sheet. Where there are ``faults``, nothing.

    ``gone``, ``unclear`` and ``otherwise`` are rows that were left out: the excerpt is not in the review any more; several excerpts have
    these words, and the row does not say which; the coder has coded it otherwise already.
    """

    coder: str
    path: str = ""
    coded: int = 0
    already: int = 0
    blank: int = 0
    gone: tuple[int, ...] = ()
    unclear: tuple[int, ...] = ()
    otherwise: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()


def resemblance(grid: Grid) -> int:
    """Return how many of the columns that a coding sheet needs are in the head of a table."""
    return len(set(NEEDED).intersection(names_of(grid)))


def read(grid: Grid) -> tuple[Line, ...]:
    """Return the rows of a sheet in which something stands. Raises `Refused` if a column is missing or stands twice."""
    names = names_of(grid)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Refused(
            N_("This is no coding sheet: its first row does not have the columns {columns}"),
            N_("Their names must stay as they were: {names}"),
            columns=", ".join(missing),
            names=", ".join(COLUMNS),
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise Refused(
            N_("The column {column} stands twice in the sheet"), N_("Delete one of the two."), column=twice[0]
        )
    places = {name: names.index(name) for name in COLUMNS if name in names}
    found = []
    for at, row in enumerate(grid.rows[grid.head + 1 :], grid.head + 1):
        cells = {name: row[n] if n < len(row) else "" for name, n in places.items()}
        if any(cells.values()):
            formulas = tuple(name for name, n in places.items() if (at, n) in grid.formulas)
            found.append(_line(at + 1, cells, formulas))
    return tuple(found)


def _line(number: int, cells: dict[str, str], formulas: tuple[str, ...]) -> Line:
    pieces = (" ".join(piece.split()) for piece in _BETWEEN.split(cells["themes"].lstrip("'")))
    themes = dict.fromkeys(NONE if piece.removeprefix("#").lower() in _NONE else piece for piece in pieces if piece)
    id = cells["excerpt"].lstrip("'").removeprefix("^").lower()
    coder = " ".join(cells["coder"].lstrip("'").split())
    source, text = cells.get("source", "").lstrip("'"), cells.get("text", "")
    return Line(number, coder, id, source, text, tuple(themes), formulas)


def same_words(text: str) -> str:
    """Return a text as two that a spreadsheet handled can be compared: blanks and the apostrophe before a formula aside."""
    return " ".join(text.split()).lstrip("'")


def alike(cell: str, text: str) -> bool:
    """Tell whether a cell holds the words of ``text``, give or take some that a spreadsheet or a person changed or cut off."""
    if same_words(cell) == same_words(text):
        return True
    said = re.findall(r"\w+", fold(cell))
    meant = re.findall(r"\w+", fold(text))
    if len(cell) > _LONG:  # a spreadsheet holds no more in one cell
        meant = meant[: len(said)]
    if not said or not meant:
        return said == meant
    return 2 * (Counter(said) & Counter(meant)).total() >= _ALIKE * (len(said) + len(meant))
