"""The codebook as a table, as we write it and as people do."""

from __future__ import annotations

import pytest

from libreview.model import Theme
from libreview.texts.codebook import tables
from libreview.texts.grids import Grid, read_csv

FULL = Theme(
    "sme-promotion", {"": "SME", "en": "SME promotion", "zh-Hant": "推廣"}, "sme", "Measures.\nTwo lines.", "Fairs.", "Credit.",
    ("k3f9q2", "a81b2c"), "#2a9d8f", ("promosi-umkm", "city/finance"),
)  # fmt: skip


def test_what_is_written_is_read() -> None:
    themes = [FULL, Theme("law"), Theme("müdigkeit", {"id": "Lelah"})]
    head = tables.columns(themes)
    assert head == ["theme", "parent", "label", "label_en", "label_id", "label_zh-Hant", "definition", "include", "exclude",
                    "examples", "colour", "aliases"]  # fmt: skip
    grid = Grid((tuple(head), *(tuple(tables.row(one, head)) for one in themes)))
    assert tables.is_codebook(grid)
    assert [row.theme for row in tables.read(grid).rows] == themes


@pytest.mark.parametrize(
    "text",
    [
        "theme,label,definition,include,exclude\nlaw,Law,Rules.,Acts.,Customs.\n",
        "Tema;Nama;Definisi;Termasuk;Tidak termasuk\nlaw;Law;Rules.;Acts.;Customs.\n",
        "exclude\tEXCLUSION\tcode\tDescription\tInclusion criteria\tlabel\nCustoms.\t\tlaw\tRules.\tActs.\tLaw\n",
        "\ufeffID,nama,deskripsi,inklusi,eksklusi,\nlaw,Law,Rules.,Acts.,Customs.,\n,,,,,\n",
    ],
)
def test_names_of_columns_are_understood(text: str) -> None:
    grid = read_csv(text.encode(), "x.csv")
    assert tables.is_codebook(grid)
    (row,) = tables.read(grid).rows
    assert row.theme == Theme("law", {"": "Law"}, "", "Rules.", "Acts.", "Customs.")


@pytest.mark.parametrize("head", ["label_id", "label (id)", "Label [id]", "nama id", "LABEL-id"])
def test_a_label_has_its_language(head: str) -> None:
    (row,) = tables.read(read_csv(f"theme,{head}\nlaw,Hukum\n".encode(), "x.csv")).rows
    assert row.theme.label == {"id": "Hukum"}


@pytest.mark.parametrize(
    "head",
    [
        "title,author,year",
        "excerpt,source,theme,coder,coded",
        "theme,label,parent,excerpts,excerpts_with_children,sources,sources_with_children",
        "coder,excerpt,source,locator,text,themes",
        "theme,count",
        "",
    ],
)
def test_other_tables_are_none(head: str) -> None:
    assert not tables.is_codebook(read_csv(f"{head}\na,b\n".encode(), "x.csv"))


def test_cells_that_cannot_be_that_are_named() -> None:
    grid = read_csv(b"theme,colour,examples,parent,remark\nlaw,reddish,Words of it.,#Rules,x\n,,,,y\n", "x.csv")
    read = tables.read(grid)
    assert read.strange == ("remark",)
    assert [(row.number, row.unread, row.theme) for row in read.rows] == [
        (2, ("colour", "examples"), Theme("law", parent="rules"))
    ]
    (row,) = tables.read(Grid((("theme", "definition"), ("law", "=A1")), frozenset({(1, 1)}))).rows
    assert (row.unread, row.theme) == (("definition",), Theme("law"))
