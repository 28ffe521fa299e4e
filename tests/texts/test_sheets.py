"""Coding sheets as spreadsheets save them."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import grids, sheets
from libreview.words.errors import Refused

HEAD = "coder,excerpt,source,locator,text,themes"
ROW = 'rina,^k3f9q2,wijaya2001,p. 12,"Two harbours, a paper.","law, #Fair"'
LINE = sheets.Line(2, "rina", "k3f9q2", "wijaya2001", "Two harbours, a paper.", ("law", "#Fair"))
SAVED = [
    f"{HEAD}\n{ROW}\n".encode(),
    f"\ufeff{HEAD}\r\n{ROW}\r\n\r\n,,,,,\r\n".encode(),
    f"{HEAD}\n{ROW}".encode("utf-16"),
    b'coder;excerpt;source;text;themes\nrina;^K3F9Q2;wijaya2001;Two harbours, a paper.;"law; #Fair"\n',
    b"themes\ttext\tSource\tExcerpt\tcoder\tremark\nlaw,#Fair\tTwo harbours, a paper.\twijaya2001\t'^k3f9q2\trina\tHm.\n",
    f'"coder","excerpt","source","locator","text","themes"\n{ROW}\n'.encode(),
]


def read(data: bytes) -> tuple[sheets.Line, ...]:
    return sheets.read(grids.read_csv(data, "x.csv"))


@pytest.mark.parametrize("data", SAVED)
def test_what_spreadsheets_save_reads_alike(data: bytes) -> None:
    assert sheets.resemblance(grids.read_csv(data, "x.csv")) == 3
    assert read(data) == (LINE,)


@pytest.mark.parametrize(
    ("cell", "themes"),
    [("", ()), (" ", ()), ("0", ("none",)), ("None", ("none",)), ("#none", ("none",)), ("law,law;", ("law",)),
     ("law  0", ("law 0",)), ("SME promotion; law", ("SME promotion", "law")), ("'#law", ("#law",))],
)  # fmt: skip
def test_what_is_answered(cell: str, themes: tuple[str, ...]) -> None:
    (line,) = read(f'{HEAD}\nrina,^k3f9q2,x,,Words,"{cell}"\n'.encode())
    assert line.themes == themes


def test_a_short_row_is_blank_and_latin_is_read() -> None:
    lines = read(f"{HEAD}\nrina,^k3f9q2\n\nrina,,x,,Müde,law\n".encode("cp1252"))
    assert [(line.number, line.text, line.themes) for line in lines] == [(2, "", ()), (4, "Müde", ("law",))]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "coder, excerpt, themes"),
        (b"title,author\na,b\n", "coder, excerpt, themes"),
        (b"coder,excerpt,text,tema\n", "does not have the columns themes"),
        (b"coder,excerpt,text,themes,themes\n", "themes stands twice"),
    ],
)
def test_what_is_no_sheet_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(data)


def test_a_formula_is_named_by_its_column() -> None:
    grid = grids.Grid((("coder", "x", "excerpt", "themes"), ("rina", "", "^a1", "law")), frozenset({(1, 1), (1, 3)}))
    assert sheets.read(grid)[0].formulas == ("themes",)


@pytest.mark.parametrize(
    ("cell", "text", "same"),
    [
        ("Two harbours signed a paper.", "Two harbours signed a paper.", True),
        ("'=1  words", "=1 words", True),
        ("Two harbors signed a paper", "Two harbours signed a paper.", True),
        ("M?de H?fen, zwei St?dte in Java und am Rhein", "Müde Höfen, zwei Städte in Java und am Rhein", False),
        ("Two H?fen signed a paper about trade", "Two Höfen signed a paper about trade", True),
        ("Exports doubled within a year.", "Two harbours signed a paper.", False),
        ("...", "…", True),
        ("x" * 40_000, "y", False),
        ("word " * 8000, "word " * 9000, True),
    ],
)
def test_words_are_alike_or_another_excerpts(cell: str, text: str, same: bool) -> None:
    assert sheets.alike(cell, text) is same


_cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(st.lists(st.tuples(_cell, _cell), max_size=5), st.sampled_from(",;\t"))
def test_words_come_back_from_a_spreadsheet(rows: list[tuple[str, str]], separator: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(sheets.COLUMNS)
    for source, text in rows:
        writer.writerow(["rina", "", source, "", text, "law"])
    lines = read(out.getvalue().encode("utf-8-sig"))
    assert [sheets.same_words(line.text) for line in lines] == [sheets.same_words(text) for _, text in rows]


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        read(HEAD.encode() + b"\n" + data)
