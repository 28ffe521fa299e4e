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
from libreview.words.blocks import Cell, Column, Paragraph, Report, Run, Table, plain, text

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
    shown = terminal.render(Report(lambda: (wide,), list), width=40, narrow=lambda: "use --depth 1")
    assert shown.endswith("  column29: cell29\n\nuse --depth 1\n")
    assert "--depth" not in terminal.render(Report(lambda: (wide,), list), width=40)
    assert "--depth" not in terminal.render(Report(lambda: (TABLE,), list), width=40, narrow=lambda: "use --depth 1")


@pytest.mark.parametrize("width", [24, 32, 40, 48, 60, 80])
def test_each_depth_of_the_tree_is_set_in_further_than_the_one_above_it(width: int) -> None:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (text("\u00a0\u00a0\u00a0" * depth + f"Theme{depth}"), *[n] * 4) for n, depth in enumerate([0, 1, 2, 3])
    )
    heads = (Column("Theme"), *(Column(f"Count {n}", "right") for n in range(4)))
    shown = terminal.render(Report(lambda: (Table(heads, rows),), list), width=width).splitlines()
    names = [line for line in shown if "Theme" in line and line.strip() != "Theme" and "Count" not in line]
    far = [len(line) - len(line.lstrip()) for line in names]
    assert far == sorted(set(far)), far
    assert far[0] == 0


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


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A review of fourteen sources, each with a sub-theme of its own below one theme."""
    for folder in ("sources", "notes"):
        (tmp_path / folder).mkdir()
    (tmp_path / "libreview.toml").write_text('title = "Wide"\n', "utf-8")
    entries = [
        f"@article{{authorname{n}, author = {{Author{n}, A.}}, title = {{T}}, year = {{{1990 + n}}}}}"
        for n in range(14)
    ]
    (tmp_path / "sources" / "all.bib").write_text("\n\n".join(entries), "utf-8")
    themes = "".join(f'[subtheme{n}]\nparent = "top"\n' for n in range(14))
    (tmp_path / "notes" / "codebook.toml").write_text(f"[top]\n{themes}", "utf-8")
    notes = [f"> Words {n}. [@authorname{n}, p. 1] #subtheme{n} ^aaaa{n:02}" for n in range(14)]
    (tmp_path / "notes" / "all.md").write_text("\n\n".join(notes), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "helps"),
    [
        ("matrix", "--depth 1"),
        ("concept-matrix", "--depth 1"),
        ("matrix --transpose", ""),
        ("matrix --depth 1", ""),
        ("matrix --depth 1 --transpose", "none"),
        ("matrix --depth 2", "--depth 1"),
        ("matrix --by type", ""),
        ("synthesis --by theme --depth 1 --transpose", "none"),
        ("co-occurrence", ""),
    ],
)
def test_a_wide_table_names_what_helps_and_was_not_given(
    wide: Path, words: str, helps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = run(wide, *words.split(), "--format", "terminal")
    assert done.exit_code == 0
    said = [line for line in done.stdout.splitlines() if "columns: use" in line]
    assert said == ([f"80 columns: use {helps}"] if helps.startswith("--") else [])
    if helps.startswith("--"):
        helped = run(wide, *words.replace(" --depth 2", "").split(), *helps.split(), "--format", "terminal")
        assert "──" in helped.stdout


def test_where_themes_are_many_and_sources_few_turning_helps(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    tags = " ".join(f"#subtheme{n}" for n in range(14))
    (wide / "notes" / "one.md").write_text(f"> All. [@authorname0, p. 1] {tags} ^bbbb00\n", "utf-8")
    done = run(wide, "concept-matrix", "year:1990", "--format", "terminal")
    assert "80 columns: use --transpose or --depth 1" in done.stdout
    assert "columns: use" not in run(wide, "concept-matrix", "year:1990", "--transpose", "--format", "terminal").stdout
    codebook = wide / "notes" / "codebook.toml"
    codebook.write_text(codebook.read_text("utf-8").replace('parent = "top"\n', ""), "utf-8")
    done = run(wide, "concept-matrix", "year:1990", "--format", "terminal")
    assert "80 columns: use --transpose\n" in done.stdout
