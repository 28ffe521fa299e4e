"""Tables as spreadsheets save them."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import grids
from libreview.words.cells import restored
from libreview.words.errors import Refused

ROWS = (("theme", "definition"), ("law", "Müde, a;b"), (), ("fair", "two\nlines"))
SAVED = [
    'theme,definition\nlaw,"Müde, a;b"\n\nfair,"two\nlines"\n'.encode(),
    '\ufefftheme;definition\r\nlaw;"Müde, a;b"\r\n;\r\nfair;"two\nlines"\r\n'.encode(),
    'theme\tdefinition\nlaw\tMüde, a;b\n\t\nfair\t"two\nlines"'.encode("utf-16"),
    'theme;definition\nlaw;"Müde, a;b"\n\nfair;"two\nlines"\n'.encode("cp1252"),
    '"theme","definition",\n"law","Müde, a;b",\n,,\n"fair","two\nlines"\n'.encode(),
]


@pytest.mark.parametrize("data", SAVED)
def test_what_spreadsheets_save_reads_alike(data: bytes) -> None:
    assert grids.read_csv(data, "x.csv").rows == ROWS


def test_a_line_for_excel_and_empty_rows_stand_before_the_head() -> None:
    grid = grids.read_csv(b"sep=;\n\nTheme ; The  label\na;b,c\n", "x.csv")
    assert (grid.head, grids.names_of(grid), grid.rows[3]) == (2, ("theme", "the label"), ("a", "b,c"))
    assert grids.names_of(grids.read_csv(b"", "x.csv")) == ()
    assert grids.read_csv(b"sep=\nx\n", "x.csv").rows[0] == ("sep=",)


def test_formulas_are_text_again() -> None:
    assert grids.read_csv(b"a,'=1+1,'- b,-0.5,it's\n", "x.csv").rows == (("a", "=1+1", "- b", "-0.5", "it's"),)


def test_what_is_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit(131_072)  # as it is unless another room of this process set it
    try:
        with pytest.raises(Refused, match=r"Row 2 of x.csv cannot be read"):
            grids.read_csv(b"a\n" + b"b" * 200_000, "x.csv")
    finally:
        csv.field_size_limit(before)
    monkeypatch.setattr(grids, "MOST_ROWS", 3)
    with pytest.raises(Refused, match="more than 3 rows"):
        grids.read_csv(b"a\n" * 9, "x.csv")


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6), min_size=2, max_size=4), min_size=1),
    st.sampled_from(",;\t"),
)  # fmt: skip
def test_rows_come_back(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([["one", "two"], *rows])
    found = grids.read_csv(out.getvalue().encode("utf-8-sig"), "x.csv").rows[1:]
    want = [[restored(cell).strip() for cell in row] for row in rows]
    assert [[*row, *[""] * (len(one) - len(row))] for row, one in zip(found, want, strict=True)] == want


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        grids.names_of(grids.read_csv(data, "x.csv"))
