"""Tables as spreadsheets save them: rows of cells, whatever stands between the cells and however the letters are written.

CSV after RFC 4180, with the semicolon that spreadsheets outside of English put and with tabs; UTF-8, with or without a mark,
UTF-16 with one, and else Windows' Latin (cp1252).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from libreview.value import Value
from libreview.words.cells import restored
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["MOST_ROWS", "Grid", "names_of", "read_csv"]

MOST_ROWS = 200_000
_SEPARATORS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Grid(Value, frozen=True):
    """The cells of one table, row by row; a row ends with its last cell that is not empty.

    ``formulas`` are the places (row, column, both from 0) where a formula stands instead of a value.
    """

    rows: tuple[tuple[str, ...], ...]
    formulas: frozenset[tuple[int, int]] = frozenset()

    @property
    def head(self) -> int:
        """The number of the first row, from 0, in which something stands; -1 if there is none."""
        return next((at for at, row in enumerate(self.rows) if any(row)), -1)


def names_of(grid: Grid) -> tuple[str, ...]:
    """Return the cells of the head, in lower case and with single blanks."""
    return tuple(" ".join(cell.lower().split()) for cell in grid.rows[grid.head]) if grid.rows else ()


def read_csv(data: bytes, shown: str) -> Grid:
    """Return the table in ``data``. `Refused`, with the row, if it cannot be read or is longer than any sheet of ours."""
    text = _decoded(data)
    said = text[4:5] if text[:4].lower() == "sep=" and text[4:5] in _SEPARATORS else ""
    separator = said or _separator(text)
    rows: list[tuple[str, ...]] = []
    try:
        for number, row in enumerate(_records(text, separator)):
            rows.append(() if said and not number else _cells(row))
            if number > MOST_ROWS:
                raise Refused(N_("{path} has more than {n} rows"), path=shown, n=MOST_ROWS)
    except csv.Error as error:
        raise Refused(
            N_("Row {number} of {path} cannot be read: {reason}"),
            N_("Save it again as CSV in your spreadsheet."),
            number=len(rows) + 1,
            path=shown,
            reason=error,
        ) from error
    return Grid(tuple(rows))


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _cells(row: Sequence[str]) -> tuple[str, ...]:
    cells = [restored(cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _separator(text: str) -> str:
    """Return what makes most cells of the first row that is not empty."""
    first = next((line for line in text[:100_000].splitlines(keepends=True) if line.strip(" ,;\t\r\n")), "")

    def cells(separator: str) -> int:
        try:
            return len(next(_records(first, separator), ()))
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=cells)


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
