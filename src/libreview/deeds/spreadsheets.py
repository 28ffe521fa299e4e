"""Which table a file is that came from a spreadsheet: a coding sheet, a codebook, or neither."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from libreview.deeds import collecting
from libreview.texts import formats, grids, sheets
from libreview.texts.codebook import tables
from libreview.texts.grids import Grid
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["Kind", "Opened", "opened"]

Kind = Literal["sheet", "codebook"]
_TEXTS = (".csv", ".tsv", ".tab")
_WORKBOOKS = (".xlsx", ".xlsm")
_OTHERS = (".xls", ".ods", ".numbers", ".xlsb")
_ROOM = "libreview.disk.workbooks"
"""Needed only for workbooks."""


class Opened(Value, frozen=True):
    """A table, and what it is."""

    kind: Kind
    grid: Grid


def opened(path: Path, *, wanted: Literal["sheet", ""] = "") -> Opened | None:
    """Return the table in a file, None if the file is no table of ours and may be something else.

    ``wanted`` says what it is meant to be, so that what is wrong with it is said. Raises `Refused` for a workbook of a kind that cannot
    be read, and for a table that is neither a coding sheet nor a codebook.
    """
    suffix = path.suffix.lower()
    if suffix in _OTHERS:
        raise Refused(
            N_("{path} cannot be read: of spreadsheets, .xlsx and .csv can"),
            N_("In your spreadsheet: save it as a workbook (.xlsx) or as CSV."),
            path=path,
        )
    data = b"" if suffix in (".bib", ".qdc", ".qdpx", ".qde") else collecting.bytes_of(path)
    if suffix in _WORKBOOKS:
        found: tuple[Grid, ...] = load(_ROOM).read(data, str(path))
    elif suffix in _TEXTS or wanted or _is_table(data):
        found = (grids.read_csv(data, str(path)),)
    else:
        return None
    # A sheet lies in one workbook with the codebook: whichever tab comes first, and whatever became of its columns, it is the sheet.
    sheet = max(found, key=sheets.resemblance, default=Grid(()))
    if wanted or sheets.resemblance(sheet) > 1:
        return Opened("sheet", sheet)
    for grid in found:
        if tables.is_codebook(grid):
            return Opened("codebook", grid)
    if suffix not in _WORKBOOKS and formats.detect(data[: formats.HEAD]) is not None:
        return None
    raise Refused(
        N_("{path} is neither a coding sheet nor a codebook nor a table of sources"),
        N_(
            "The first row of a sheet has {sheet}; that of a codebook has theme and definition, label or parent. Of sources, say "
            'which column is what: --map title="Name of the column"'
        ),
        path=path,
        sheet=", ".join(sheets.COLUMNS),
    )


def _is_table(data: bytes) -> bool:
    """Tell whether a file with another suffix begins with the head of a table of ours."""
    if not data or data[:2] == b"PK":
        return False
    head = grids.read_csv(data[:4096].rsplit(b"\n", 1)[0] if b"\n" in data[:4096] else data[:4096], "")
    top = Grid(head.rows[head.head : head.head + 1])
    return sheets.resemblance(top) == len(sheets.NEEDED) or tables.is_codebook(top)
