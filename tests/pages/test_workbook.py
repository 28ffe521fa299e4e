"""Spreadsheets, opened again with openpyxl: what stands in the cells, and what never does."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.pages.render import workbook
from libreview.words.blocks import Block, Cell, Column, Paragraph, Report, Run, Table, text
from libreview.words.errors import Refused

NBSP = "\u00a0" * 3
TABLE = Table(
    (Column("Theme"), Column("Excerpts", "right"), Column("=SUM(A1)")),
    (
        (text("Trade"), 12, "=1+1"),
        (text(NBSP * 2 + "Fair"), 3, "+62 22"),
        (text(Run("All", ("strong",))), 15, ""),
    ),
    text("Thematic frequency: [1/2]"),
    text("N = 3 of 5 sources"),
)


def tables(*made: Block) -> Report:
    return Report(lambda: made, list, title="Report")


def rows(names: list[str], lines: list[list[str | int]], title: str = "Sources") -> Report:
    return Report(list, list, lambda: (names, lines), title)


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook.render(report)))


def test_a_table_as_it_stands_in_the_thesis() -> None:
    sheet = opened(tables(Paragraph(text("Before.")), TABLE)).active
    assert sheet.title == "Thematic frequency 1 2"
    assert list(sheet.iter_rows(values_only=True)) == [
        ("Thematic frequency: [1/2]", None, None),
        (None, None, None),
        ("Theme", "Excerpts", "=SUM(A1)"),
        ("Trade", 12, "=1+1"),
        ("Fair", 3, "+62 22"),
        ("All", 15, None),
        (None, None, None),
        ("N = 3 of 5 sources", None, None),
    ]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")
    assert [sheet["A3"].font.b, sheet["A4"].font.b, sheet["A6"].font.b] == [True, False, True]
    assert (sheet["A5"].alignment.indent, sheet["B4"].alignment.horizontal) == (2, "right")
    assert sheet["B4"].data_type == "n"
    assert sheet["C4"].data_type == "s"
    assert sheet["C4"].quotePrefix


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("12,5", 12.5, "0.0"),
        ("0.2500", 0.25, "0.0000"),
        ("1.0000", 1.0, "0.0000"),
        ("1,0000", 1.0, "0.0000"),
        ("-0.0952", -0.0952, "0.0000"),
        ("85.33%", 0.8533, "0.00%"),
        ("100,00%", 1.0, "0.00%"),
        ("0.125", 0.125, "0.000"),
        ("12", 12, "General"),
        ("1.234", "1.234", "General"),
        ("undefined", "undefined", "General"),
        ("7 (9)", "7 (9)", "General"),
        ("01", "01", "General"),
    ],
)
def test_a_coefficient_and_a_share_are_numbers(written: str, value: float | str, shown: str) -> None:
    columns = (Column("Title"), Column("κ", "right"))
    sheet = opened(tables(Table(columns, ((written, written),), text("Agreement")))).active
    assert [cell.value for cell in sheet[4]] == [written, value]
    assert sheet["B4"].number_format == shown


def test_a_sheet_for_each_table_with_names_of_its_own() -> None:
    second = Table((Column("A"),), ((1,),), text("Thematic frequency: [1/2]"))
    book = opened(tables(TABLE, second, Table((Column("A"),), (), text("History")), Table((), (), text("'" * 40))))
    assert book.sheetnames == ["Thematic frequency 1 2", "Thematic frequency 1 2 2", "History 1", "Sheet"]


def test_rows_under_their_names() -> None:
    lines: list[list[str | int]] = [["a", "2001", 1, "007"], ["b", "", 0, "12"], ["c", "1988", 3, ""]]
    sheet = opened(rows(["key", "year", "excerpts", "volume"], lines)).active
    assert list(sheet.iter_rows(values_only=True)) == [
        ("key", "year", "excerpts", "volume"),
        ("a", 2001, 1, "007"),
        ("b", None, 0, "12"),
        ("c", 1988, 3, None),
    ]
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Sources", "B2", "A1:D4")


def test_running_text_becomes_lines() -> None:
    sheet = opened(tables(Paragraph(text("=One")), Paragraph(text("Two")))).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["=One", None, "Two"]
    assert sheet["A1"].data_type == "s"


def test_the_same_bytes_each_time() -> None:
    made = workbook.render(tables(TABLE))
    assert made == workbook.render(tables(TABLE))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\x00\x1b[31m\x08", "a\\x00\\x1b[31m\\x08"),
        ("\ufffe\uffff\udc80", "\ufffd\ufffd\\x80"),
        ("\u202eabc", "\\u202eabc"),
        ("one\r\ntwo", "one\ntwo"),
        ("#N/A", "#N/A"),
        ("_x000D_ _x41_", "_x005F_x000D_ _x41_"),
        ("😀" * 20_000, "😀" * 16_383 + "…"),
        ("<a>&amp;</a>", "<a>&amp;</a>"),
        ("TRUE", "TRUE"),
    ],
)
def test_what_xml_and_excel_cannot_hold(given_text: str, shown: str) -> None:
    report = rows(["text"], [[given_text], ["x"]])
    cell = opened(report).active["A2"]
    assert (cell.value, cell.data_type) == (shown, "s")
    with zipfile.ZipFile(io.BytesIO(workbook.render(report))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=5), st.text(max_size=50))
def test_nothing_is_a_formula_and_everything_opens(lines: list[list[str]], title: str) -> None:
    cells: list[list[str | int]] = [list(line) for line in lines]
    drawn: tuple[tuple[Cell, ...], ...] = tuple(tuple(line) for line in lines)
    for report in (
        rows(["=a", "b"], cells, title),
        tables(Table((Column("=a"), Column("b", "right")), drawn, text(title), text(title))),
    ):
        for sheet in opened(report):
            assert 0 < len(sheet.title) <= 31
            assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)


def test_more_than_a_sheet_holds_is_refused() -> None:
    with pytest.raises(Refused, match="16385 columns"):
        workbook.render(tables(Table((Column("x"),) * 16_385, (), text("Wide"))))
    with pytest.raises(Refused, match="1048577 rows"):
        workbook.render(rows(["x"], [[1]] * 1_048_574))


def test_openpyxl_is_loaded_only_for_a_spreadsheet() -> None:
    code = "import sys, libreview.pages.render as r; r.load(r.find('csv')); print('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
