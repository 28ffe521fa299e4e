"""Tables on their side, and what a terminal says that is too narrow for one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from libreview.cli import face
from libreview.pages.render import terminal, workbook
from libreview.pages.reports.turning import transposed
from libreview.words.blocks import Column, Paragraph, Report, Run, Table, plain, text

TABLE = Table(
    (Column("Theme"), Column("a", "right"), Column("b", "right"), Column("Excerpts", "right")),
    ((text("Trade"), 1, "", 4), (text("\u00a0\u00a0\u00a0Fair"), "", 2, 3)),
    text("Matrix"),
    text("N = 2"),
)


def report() -> Report:
    return Report(
        lambda: (Paragraph(text("Before")), TABLE, TABLE),
        lambda: {"a": 1},
        lambda: (["theme", "a", "b"], [["trade", 1, 0], ["fair", 0, 2]]),
        "Matrix",
        lines=lambda: "ready",
    )


def test_the_first_table_is_turned_and_all_rows() -> None:
    made = transposed(report())
    _, first, second = made.blocks()
    assert second is TABLE
    assert isinstance(first, Table)
    assert [column.head for column in first.columns] == ["Theme", "Trade", "Fair"]
    assert [tuple(map(plain, row)) for row in first.rows] == [("a", "1", ""), ("b", "", "2"), ("Excerpts", "4", "3")]
    assert first.rows[2][0] == (Run("Excerpts", ("strong",)),)
    assert (first.caption, first.note) == (TABLE.caption, TABLE.note)
    head, lines = made.rows()
    assert (head, [list(line) for line in lines]) == (["theme", "trade", "fair"], [["a", 1, 0], ["b", 0, 2]])
    assert made.data() == report().data()


def test_nothing_to_turn() -> None:
    empty = Table((Column("Theme"),), ())
    made = transposed(Report(lambda: (empty,), list))
    assert list(made.blocks()) == [empty]
    assert made.rows()[0] == []


def test_a_narrow_terminal_says_what_helps() -> None:
    wide = Table(tuple(Column(f"column{n}") for n in range(30)), (tuple(f"cell{n}" for n in range(30)),))
    shown = terminal.render(Report(lambda: (wide,), list), width=40, narrow="use --depth 1")
    assert shown.endswith("  column29: cell29\n\nuse --depth 1\n")
    assert "--depth" not in terminal.render(Report(lambda: (wide,), list), width=40)
    assert "--depth" not in terminal.render(Report(lambda: (TABLE,), list), width=40, narrow="use --depth 1")


def test_shares_are_numbers_in_a_spreadsheet() -> None:
    made = Table(
        (Column("t"), Column("%", "right")), (("12", "29,2"), ("b", "0.7434"), ("c", "1.234"), ("d", "–")), text("T")
    )
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.render(Report(lambda: (made,), list)))).active
    cells = [sheet[f"{letter}{row}"] for row in range(4, 8) for letter in "AB"]
    assert [cell.value for cell in cells] == ["12", 29.2, "b", 0.7434, "c", "1.234", "d", "–"]
    assert [cell.number_format for cell in cells[1:4:2]] == ["0.0", "0.0000"]


# --- the command ---------------------------------------------------------------------------------------------------


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "table", *words])


def test_depth_counts_sub_themes_for_those_above(review_folder: Path) -> None:
    whole = list(csv.DictReader(io.StringIO(run(review_folder, "frequency", "--format", "csv").stdout)))
    top = list(csv.DictReader(io.StringIO(run(review_folder, "frequency", "--depth", "1", "--format", "csv").stdout)))
    assert [(row["theme"], row["excerpts"]) for row in whole] == [("trade", "1"), ("fair", "1")]
    assert [(row["theme"], row["excerpts"]) for row in top] == [("trade", "2")]
    assert run(review_folder, "frequency", "--depth", "2").stdout == run(review_folder, "frequency").stdout
    assert run(review_folder, "gaps", "--depth", "1").exit_code == 2


@pytest.mark.parametrize("name", ["matrix", "concept-matrix", "timeline", "synthesis"])
def test_turned_twice_is_as_it_was(review_folder: Path, name: str) -> None:
    (review_folder / "notes" / "hartono2019.md").write_text("---\nsource: hartono2019\nmethod: survey\n---\n", "utf-8")
    usual = list(csv.reader(io.StringIO(run(review_folder, name, "--format", "csv").stdout)))
    turned = list(csv.reader(io.StringIO(run(review_folder, name, "--transpose", "--format", "csv").stdout)))
    assert [list(row) for row in zip(*turned, strict=True)][1:] == usual[1:]
    assert run(review_folder, name, "--transpose", "--depth", "1").exit_code == 0


def test_only_tables_with_two_sides_are_turned(review_folder: Path) -> None:
    done = run(review_folder, "frequency", "--transpose")
    assert (done.exit_code, done.stderr.splitlines()) == (
        2,
        [
            "libreview: --transpose does not go with the table frequency",
            "  It goes with: matrix, concept-matrix, timeline, synthesis",
        ],
    )
