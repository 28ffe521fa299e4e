"""Workbooks read as rows of text, whatever is in them."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.disk import workbooks
from libreview.words.errors import Refused


def saved(*rows: Sequence[object], more: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if more is not None:
        more(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = saved(["a", "b"], ["c", "d"])


def test_cells_are_text_as_it_is_seen() -> None:
    (grid,) = workbooks.read(
        saved(["a", None, 3, 3.0, 2.5, True, date(2020, 5, 1), " x "], [], [None, "'- z"]), "x.xlsx"
    )
    assert grid.rows == (("a", "", "3", "3", "2.5", "TRUE", "2020-05-01 00:00:00", "x"), (), ("", "- z"))


def test_a_formula_is_named_and_never_computed() -> None:
    (grid,) = workbooks.read(saved(["a", "=1+1"], ["=HYPERLINK(A1)"]), "x.xlsx")
    assert grid.formulas == {(0, 1), (1, 0)}

    def quoted(book: openpyxl.Workbook) -> None:
        book.active["A1"].data_type = "s"

    (grid,) = workbooks.read(saved(["=1+1"], more=quoted), "x.xlsx")
    assert (grid.rows, grid.formulas) == ((("=1+1",),), frozenset())


def test_sheets_come_one_by_one_and_hidden_rows_too() -> None:
    def second(book: openpyxl.Workbook) -> None:
        book.create_sheet("more")["B2"] = "x"
        book.active.row_dimensions[2].hidden = True

    first, more = workbooks.read(saved(["a"], ["b"], more=second), "x.xlsx")
    assert (first.rows, more.rows) == ((("a",), ("b",)), ((), ("", "x")))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
HOSTILE = [
    b"",
    b"PK\x03\x04nothing",
    PLAIN[:-200],
    changed(PLAIN, SHEET, lambda xml: LAUGHS + re.sub(rb"^<\?xml[^>]*>", b"", xml)),
    changed(PLAIN, "xl/workbook.xml", lambda xml: LAUGHS + re.sub(rb"^<\?xml[^>]*>", b"", xml)),
    changed(PLAIN, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b"<x>" * 100 + b"</x>" * 100)),
    changed(PLAIN, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (33 << 20))),
    changed(PLAIN, SHEET, lambda xml: xml[:-40]),
    changed(PLAIN, SHEET, lambda xml: xml.replace(b'r="2"', b'r="x"')),
    changed(PLAIN, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1"')),
    changed(PLAIN, "[Content_Types].xml", lambda xml: b"<Types/>"),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_damaged_or_hostile_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match=r"x\.xlsx"):
        workbooks.read(data, "x.xlsx")


def test_entities_are_refused_even_where_openpyxl_would_take_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert openpyxl.DEFUSEDXML, "openpyxl uses defusedxml if it is installed"
    monkeypatch.setattr(workbooks, "load_workbook", lambda *one, **more: pytest.fail("it is looked at first"))
    with pytest.raises(Refused):
        workbooks.read(HOSTILE[3], "x.xlsx")


def test_gaps_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    far = changed(
        PLAIN,
        SHEET,
        lambda xml: xml.replace(b'<row r="2"', b'<row r="1000000"').replace(b'"A1:B2"', b'"A1:XFD1048576"'),
    )
    began = time.process_time()
    (grid,) = workbooks.read(far, "x.xlsx")
    assert grid.rows == (("a", "b"),)
    assert time.process_time() - began < 3
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    with pytest.raises(Refused, match="more than 3 rows"):
        workbooks.read(saved(*[["a"]] * 5), "x.xlsx")


def test_what_openpyxl_says_of_a_workbook_is_not_told(recwarn: pytest.WarningsRecorder) -> None:
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    workbooks.read(changed(PLAIN, SHEET, lambda xml: xml.replace(b"</worksheet>", extension)), "x.xlsx")
    assert not list(recwarn)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(max_size=4))
def test_any_damage_is_read_or_refused(at: int, piece: bytes) -> None:
    with suppress(Refused):
        workbooks.read(PLAIN[:at] + piece + PLAIN[at + len(piece) :], "x.xlsx")
