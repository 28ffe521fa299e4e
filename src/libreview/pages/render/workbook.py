"""Spreadsheets (xlsx): a sheet for each table, numbers as numbers, and text that never becomes a formula.

A table with a caption is drawn as it stands in the thesis: caption above, unit and N below. What has no such table (a list,
what a search found, records) becomes one sheet of its rows under their stable names, ready to be sorted. A table that is to be
worked on has its head in the first row, and nothing above or below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from libreview.disk.workbooks import (
    Alignment,
    Book,
    ColorScaleRule,
    DataBarRule,
    DataValidation,
    Font,
    WriteOnlyCell,
    WriteOnlyWorksheet,
    dressed,
    get_column_letter,
    packed,
)
from libreview.pages.render import plain as running
from libreview.words.blocks import Cell, Column, Picture, Report, Table, plain
from libreview.words.cells import Figure
from libreview.words.errors import Refused
from libreview.words.i18n import N_
from libreview.words.safe import safe

__all__ = ["render"]

_MOST_ROWS, _MOST_COLUMNS, _LONGEST = 1_048_576, 16_384, 32_767
"""What Excel can open: rows and columns of a sheet, and UTF-16 units of a cell."""
_SHORT = 1_000
_NARROWEST, _WIDEST, _WRITTEN = 6, 60, 32
_LOOKED_AT = 5_000  # rows that say how wide a column is, and how much of a cell
_TITLE = 31
_INDENT = "\u00a0\u00a0\u00a0"
"""What a report puts before a theme for each theme above it."""
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML 1.0 forbids them
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # ECMA-376 22.9.2.19: read as the character of that number
_NO_TITLE = re.compile(r"[\[\]:*?/\\\n\t]+")
_DECIMAL = re.compile(r"-?(?:0[.,][0-9]{1,6}|[1-9][0-9]{0,8}[.,](?:[0-9]{1,2}|[0-9]{4,6}))%?\Z")
"""A number that is not whole. Three figures after the sign are decimals only behind a zero: "1.234" may be a thousand."""
_WHOLE = re.compile(r"(?:0|-?[1-9][0-9]{0,14})\Z")
_BOLD, _SMALL = Font(bold=True), Font(italic=True, size=9)
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD = Alignment(vertical="bottom", wrap_text=True)
_QUOTED = tuple("=+-@#")
"""Text that begins so is marked as text, so that it stays one also when somebody edits it."""
_SIDES = {"left": None, "right": "right", "centre": "center"}


def render(report: Report) -> bytes:
    """Return the report as a workbook, the same bytes each time. `Refused` if it is larger than a sheet can be."""
    book = Book()
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    taken: set[str] = set()
    drawn = [table for table in tables if table.caption]
    working = {table.sheet: len(table.rows) for table in tables if table.sheet}
    names, rows = report.rows() if not (drawn or working) else ([], ())
    if working:
        for table in tables:
            if table.sheet:
                _to_fill(_sheet(book, table.sheet, taken), table, working)
    elif drawn:
        for table in drawn:
            _table(_sheet(book, plain(table.caption), taken), table)
    elif names:
        _rows(_sheet(book, report.title, taken), names, [list(row) for row in rows])
    elif tables:
        for table in tables:
            _table(_sheet(book, report.title, taken), table)
    else:
        _lines(_sheet(book, report.title, taken), running.render(report).decode())
    return packed(book)


def _sheet(book: Book, title: str, taken: set[str]) -> WriteOnlyWorksheet:
    """Return a new sheet with a title that Excel takes."""
    wanted = " ".join(_NO_TITLE.sub(" ", _words(title)).split())
    wanted = wanted.strip(" '")[:_TITLE].strip(" '") or "Sheet"
    if wanted.lower() == "history":  # Excel keeps it for itself
        wanted = f"{wanted} 1"
    name, n = wanted, 1
    while name.lower() in taken:
        n += 1
        mark = f" {n}"
        name = wanted[: _TITLE - len(mark)] + mark
    taken.add(name.lower())
    made: WriteOnlyWorksheet = book.create_sheet(name)
    return made


def _table(sheet: WriteOnlyWorksheet, table: Table) -> None:
    """Draw a table: its caption, the head, the rows, an empty row and the note."""
    above = 2 if table.caption else 0
    _prepare(sheet, [column.head for column in table.columns], table.rows, above + 1)
    if above:
        sheet.append([_text(sheet, plain(table.caption), _BOLD, None)])
        sheet.append([])
    sheet.append([_head(sheet, column.head, column) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell, column) for cell, column in zip(row, table.columns, strict=False)])
    if table.picture is not None:
        _pictured(sheet, table.picture, above + 2)
    if table.note:
        sheet.append([])
        sheet.append([_text(sheet, plain(table.note), _SMALL, None)])


def _pictured(sheet: WriteOnlyWorksheet, picture: Picture, first: int) -> None:
    """Let the spreadsheet draw bars or shades in the cells of a picture; what it cannot read as numbers stays as it is."""
    ends = {"start_type": "num", "start_value": 0, "end_type": "num", "end_value": picture.full}
    if picture.kind == "bars":
        rule = DataBarRule(**ends, color="FF9DC3E6", minLength=0, maxLength=100)  # without these zero has a bar, too
    elif picture.kind == "shades":
        rule = ColorScaleRule(**ends, start_color="FFFFFFFF", end_color="FFF4B183")
    else:
        return
    left, right = (get_column_letter(n + 1) for n in (picture.columns[0], picture.columns[-1]))
    sheet.conditional_formatting.add(f"{left}{first}:{right}{first + picture.rows - 1}", rule)


def _to_fill(sheet: WriteOnlyWorksheet, table: Table, lengths: Mapping[str, int]) -> None:
    """Draw a table that is to be worked on: the head in the first row, and what is offered for the cells of its columns."""
    _prepare(sheet, [column.head for column in table.columns], table.rows, 1)
    sheet.freeze_panes = "A2"
    for n, column in enumerate(table.columns, 1):
        letter, last = get_column_letter(n), len(table.rows) + 1
        if column.offers not in lengths:
            continue
        sheet.column_dimensions[letter].width = _WRITTEN
        listed = f"'{column.offers}'!$A$2:$A${lengths[column.offers] + 1}"
        # a list that only offers: several themes may be typed into one cell
        offer = DataValidation("list", formula1=listed, allow_blank=True, showErrorMessage=False, showInputMessage=True)
        offer.promptTitle, offer.prompt = _words(column.head)[:32], _words(column.advice)[:255]
        offer.add(f"{letter}2:{letter}{max(last, 2)}")
        sheet.data_validations.append(offer)
    sheet.append([_head(sheet, column.head, column) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell, column) for cell, column in zip(row, table.columns, strict=False)])


def _rows(sheet: WriteOnlyWorksheet, names: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    """Write rows under their names; a column of nothing but whole numbers is one of numbers."""
    _prepare(sheet, names, rows, 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
    counted = [_numeric(row[n] for row in rows if n < len(row)) for n in range(len(names))]
    columns = [Column(name) for name in names]
    sheet.append([_head(sheet, column.head, column) for column in columns])
    for row in rows:
        line: list[Any] = []
        for cell, column, whole in zip(row, columns, counted, strict=False):
            value = int(cell) if whole and isinstance(cell, str) and cell else cell
            line.append(_cell(sheet, value, column))
        sheet.append(line)


def _numeric(cells: Iterable[str | int]) -> bool:
    return all(not isinstance(cell, str) or not cell or _WHOLE.match(cell) for cell in cells)


def _lines(sheet: WriteOnlyWorksheet, text: str) -> None:
    """Write running text, a line a row."""
    lines = text.split("\n")
    _bounded(len(lines), 1)
    sheet.column_dimensions["A"].width = 100
    for line in lines:
        sheet.append([_text(sheet, line, None, _TOP)] if line else [])


def _bounded(rows: int, columns: int) -> None:
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        raise Refused(
            N_("{rows} rows and {columns} columns are more than a spreadsheet holds"),
            N_("Select fewer with QUERY, or write -o FILE.csv."),
            rows=rows,
            columns=columns,
        )


def _prepare(sheet: WriteOnlyWorksheet, heads: Sequence[str], rows: Sequence[Sequence[Cell]], head: int) -> None:
    """Set what must be known before the first row: widths, what stays when one scrolls, how it is printed."""
    _bounded(len(rows) + head + 2, len(heads))
    for n, words in enumerate(heads):
        width = max(map(len, words.split()), default=0)
        for row in rows[:_LOOKED_AT]:
            if n < len(row):
                width = max(width, *map(len, plain(row[n])[:500].split("\n")))
        letter = get_column_letter(n + 1)
        sheet.column_dimensions[letter].width = min(max(width + 2, _NARROWEST), _WIDEST)
    sheet.freeze_panes = f"B{head + 1}" if len(heads) > 1 else f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if len(heads) > 5 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


# --- cells -------------------------------------------------------------------------------------------------------


def _words(text: str) -> str:
    """Return ``text`` as XML can hold it and Excel shows it: no control characters, no escapes of its own, not too long."""
    if len(text) < _SHORT and text.isascii() and text.isprintable() and "_x" not in text:
        return text
    shown = _NO_CHARACTER.sub("\ufffd", safe(text.replace("\r\n", "\n")))
    shown = _ESCAPED.sub("_x005F_", shown)
    if len(shown) * 2 > _LONGEST and len(shown.encode("utf-16-le")) // 2 > _LONGEST:
        shown = shown.encode("utf-16-le")[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return shown


def _text(sheet: WriteOnlyWorksheet, text: str, font: Font | None, alignment: Alignment | None) -> WriteOnlyCell:
    """Return a cell of text, whatever it begins with."""
    words = _words(text)
    cell = dressed(sheet, words, font, alignment, quoted=words[:1] in _QUOTED)
    cell.data_type = "s"
    return cell


def _head(sheet: WriteOnlyWorksheet, words: str, column: Column) -> WriteOnlyCell:
    side = _SIDES[column.align]
    return _text(sheet, words, _BOLD, _aligned(side, 0) if side else _HEAD)


def _cell(sheet: WriteOnlyWorksheet, cell: Cell, column: Column) -> WriteOnlyCell | None:
    """Return a cell: a number as it is, text as text, set in as deep as the report says; None if it is empty."""
    side = _SIDES[column.align]
    if not isinstance(cell, str | tuple):
        return dressed(sheet, cell, None, _aligned(side or "right", 0))
    words = plain(cell)
    if not words:
        return None
    if isinstance(cell, Figure):
        return _number(sheet, words, side or "right")
    if side and (
        _WHOLE.match(words) or _DECIMAL.match(words)
    ):  # a share or a coefficient, written as the language writes it
        return _number(sheet, words, side)
    depth = 0
    while words.startswith(_INDENT):
        words, depth = words[len(_INDENT) :], depth + 1
    strong = isinstance(cell, tuple) and all("strong" in run.styles for run in cell)
    return _text(sheet, words, _BOLD if strong else None, _aligned(side, depth))


def _number(sheet: WriteOnlyWorksheet, words: str, side: str) -> WriteOnlyCell:
    """Return a cell with the number that ``words`` write, shown with as many decimals; a percentage is a part of one."""
    share = words.endswith("%")
    whole, _, decimals = words.removesuffix("%").replace(",", ".").partition(".")
    value = float(f"{whole}.{decimals}") if decimals else int(whole)
    value = round(value / 100, len(decimals) + 2) if share else value
    form = "0." + "0" * len(decimals) + "%" * share if decimals else ""
    return dressed(sheet, value, None, _aligned(side, 0), number_format=form)


_ALIGNED: dict[tuple[str | None, int], Alignment] = {(None, 0): _TOP}


def _aligned(side: str | None, depth: int) -> Alignment:
    """Return the alignment; one value for all cells that have it, since each is looked up for each cell."""
    found = _ALIGNED.get((side, depth))
    if found is None:
        found = Alignment(horizontal=side or "left", vertical="top", wrap_text=True, indent=depth)
        _ALIGNED[side, depth] = found
    return found
