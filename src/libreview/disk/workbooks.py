"""Spreadsheets (xlsx, ECMA-376) read as rows of text, and put into bytes; the only room that knows openpyxl.

A workbook comes from anybody. It is looked at as an archive first: how large each part becomes, that none of it has a document type
or more elements than a table of ours (both with defusedxml, whatever openpyxl itself uses). Nothing in it is computed: a formula is
named as one, and links to other files are not followed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import ColorScaleRule, DataBarRule
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from libreview.disk.archives import Archive
from libreview.texts.grids import MOST_ROWS, Grid
from libreview.words.cells import restored
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = [
    "Alignment",
    "Book",
    "ColorScaleRule",
    "DataBarRule",
    "DataValidation",
    "Font",
    "WriteOnlyCell",
    "WriteOnlyWorksheet",
    "dressed",
    "get_column_letter",
    "packed",
    "read",
]

_WHEN = datetime(1980, 1, 1)  # noqa: DTZ001 (the file format knows no zones; the same bytes each time)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CELLS = ("xl/worksheets/", "xl/sharedstrings.xml")
_LARGEST, _LARGEST_OTHER = 32 << 20, 4 << 20
_MOST_ELEMENTS, _DEEPEST = 2_000_000, 64
_MOST_COLUMNS, _MOST_SHEETS = 64, 20
_ANEW = N_("In your spreadsheet: save it again, without a password, as a workbook (.xlsx) or as CSV.")


# Out ------------------------------------------------------------------------------------------------------------------


_Looks = tuple[int, int, str, bool]


class Book(Workbook):  # type: ignore[misc]  # openpyxl has no types
    """A new workbook that is written row by row."""

    def __init__(self) -> None:
        super().__init__(write_only=True)
        self.looks: dict[_Looks, tuple[StyleArray, Font | None, Alignment | None]] = {}


def dressed(
    sheet: WriteOnlyWorksheet,
    value: str | float,
    font: Font | None,
    alignment: Alignment | None,
    *,
    number_format: str = "",
    quoted: bool = False,
) -> WriteOnlyCell:
    """Return a cell with its looks. Those that a cell of the book has already are taken from it: openpyxl looks each one up."""
    cell = WriteOnlyCell(sheet, value)
    looks: dict[_Looks, tuple[StyleArray, Font | None, Alignment | None]] = sheet.parent.looks
    name = (id(font), id(alignment), number_format, quoted)
    found = looks.get(name)
    if found is not None:
        cell._style = found[0]  # noqa: SLF001 (what openpyxl's own documents copy looks with)
        return cell
    if font is not None:
        cell.font = font
    if alignment is not None:
        cell.alignment = alignment
    if number_format:
        cell.number_format = number_format
    cell.quotePrefix = quoted
    looks[name] = (cell._style, font, alignment)  # noqa: SLF001 (kept with them, so that an id stays theirs)
    return cell


def packed(book: Workbook) -> bytes:
    """Return the file of a workbook without the time at which it was made: the same book gives the same bytes."""
    book.properties.creator = "libreview"
    raw, out = io.BytesIO(), io.BytesIO()
    quickly = zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1)  # packed for good below
    ExcelWriter(book, quickly).save()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w") as archive:
        for name in sorted(made.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + _WHEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            archive.writestr(zipfile.ZipInfo(name, _WHEN.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# In -------------------------------------------------------------------------------------------------------------------


def read(data: bytes, shown: str) -> tuple[Grid, ...]:
    """Return the tables of a workbook, sheet by sheet. `Refused` for what is none, is damaged or hostile, or is too large."""
    if not data.startswith(b"PK"):
        raise Refused(N_("{path} is no workbook, or a damaged one"), _ANEW, path=shown)
    _looked_at(Archive(data, shown, _ANEW), shown)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it does not read: pictures, slicers
            # With data_only the value that was last computed would stand for a formula, unnoticed.
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            found = tuple(_grid(list(_rows(sheet))) for sheet in book.worksheets[:_MOST_SHEETS])
    except Exception as error:  # a broken workbook makes openpyxl raise whatever its parts do
        raise Refused(N_("{path} is no workbook, or a damaged one"), _ANEW, path=shown) from error
    if any(len(grid.rows) > MOST_ROWS for grid in found):
        raise Refused(N_("{path} has more than {n} rows"), path=shown, n=MOST_ROWS)
    return found


def _looked_at(archive: Archive, shown: str) -> None:
    """Raise `Refused` if some part of a workbook is larger or deeper than a table, or is XML that can do things."""
    for name in archive.names:
        if not name.endswith((".xml", ".rels")):
            continue
        content = archive.read(name, _LARGEST if name.startswith(_CELLS) else _LARGEST_OTHER) or b""
        try:
            parser = XMLParser(target=_Measured(), forbid_dtd=True)
            parser.feed(content)
            parser.close()
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise Refused(N_("{path} is no workbook, or a damaged one"), _ANEW, path=shown) from error


class _Measured:
    """Takes the elements of a document, keeps none, and says ValueError once they are no table's.

    These are more or deeper ones, and rows that do not come in order, each once (ECMA-376, 18.3.1.73).
    """

    def __init__(self) -> None:
        self.count = self.depth = self.row = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        self.depth += 1
        if self.count > _MOST_ELEMENTS or self.depth > _DEEPEST:
            raise ValueError(self.count)
        if tag.endswith("}row"):
            before, self.row = self.row, int(attributes.get("r", self.row + 1))
            if self.row <= before:
                raise ValueError(self.row)

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        """All was seen."""


_Cell = tuple[str, bool]


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[list[_Cell]]:
    """Yield the rows of a sheet, each cell with whether a formula stands in it."""
    empty, before = 0, None
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS):
        if row is before:  # openpyxl fills gaps with one empty row
            empty += 1
            continue
        before, end = row, len(row)
        while end and row[end - 1].value is None:  # a row is filled up to the widest one of its sheet
            end -= 1
        cells = [(_text(cell.value), cell.data_type == "f") for cell in row[:end]]
        while cells and not cells[-1][0]:
            cells.pop()
        if not cells:
            empty += 1
            continue
        yield from ([] for _ in range(empty))  # empty rows after the last one that says something are none
        empty = 0
        yield cells


def _grid(rows: list[list[_Cell]]) -> Grid:
    places = ((at, n) for at, row in enumerate(rows) for n, (_, formula) in enumerate(row) if formula)
    return Grid(tuple(tuple(cell for cell, _ in row) for row in rows), frozenset(places))


def _text(value: object) -> str:
    """Return the value of a cell as a person sees it: 3, not 3.0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    text = str(value).replace("_x000D_", "").replace("_x005F_", "_")
    return restored(text).strip()  # CSV that was saved as a workbook still has the apostrophes
