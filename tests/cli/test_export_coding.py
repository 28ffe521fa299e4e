"""export codings, codebook and cards as a script calls them, in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from libreview.cli import face


@pytest.fixture
def folder(review_folder: Path) -> Path:
    """The small review with a second coder, an example, and an excerpt that nobody coded."""
    notes = review_folder / "notes"
    (notes / "codebook.toml").write_text(
        '[trade]\nlabel = { en = "Trade", id = "Perdagangan" }\ndefinition = "Buying and *selling*."\n'
        'include = "Fairs."\nexclude = "=Customs."\nexamples = ["k3f9q2", "gone00"]\n\n'
        '[fair]\nparent = "trade"\naliases = ["pameran"]\n',
        encoding="utf-8",
    )
    (notes / "budi.md").write_text("---\ncoder: budi\n---\n\n- ^k3f9q2 #fair Not so sure.\n- ^a81b2c #none\n", "utf-8")
    (notes / "more.md").write_text("> Nobody coded me. [@wijaya2001, p. 9] ^zzz111\n", "utf-8")
    return review_folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "export", *words])


def test_codings_in_long_form(folder: Path) -> None:
    done = run(folder, "codings", "--format", "csv")
    assert done.exit_code == 0
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["excerpt", "source", "theme", "coder", "coded"],
        ["k3f9q2", "wijaya2001", "trade", "rina", "1"],
        ["k3f9q2", "wijaya2001", "fair", "rina", "0"],
        ["k3f9q2", "wijaya2001", "trade", "budi", "0"],
        ["k3f9q2", "wijaya2001", "fair", "budi", "1"],
        ["a81b2c", "hartono2019 wijaya2001", "trade", "rina", "0"],
        ["a81b2c", "hartono2019 wijaya2001", "fair", "rina", "1"],
        ["a81b2c", "hartono2019 wijaya2001", "trade", "budi", "0"],
        ["a81b2c", "hartono2019 wijaya2001", "fair", "budi", "0"],
    ]
    assert done.stderr == "1 excerpt is not coded yet, so it is left out\n"


def test_codings_say_the_same_in_each_form(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "codings.xlsx"
    assert run(folder, "codings", "--given", "-o", str(place)).exit_code == 0
    head, *lines = openpyxl.load_workbook(place).active.iter_rows(values_only=True)
    found = json.loads(run(folder, "codings", "--given", "--json").stdout)
    assert [dict(zip(head, line, strict=True)) for line in lines] == found
    assert [one["theme"] for one in found] == ["trade", "fair", "fair"]
    tsv = run(folder, "codings", "--given", "theme:trade").stdout
    assert tsv.splitlines()[0] == "k3f9q2\twijaya2001\ttrade\trina\t1"


def test_nothing_to_export_says_so(folder: Path) -> None:
    for name in ("codings", "cards"):
        done = run(folder, name, "coder:siti")
        assert (done.exit_code, done.stderr) == (
            1,
            "libreview: No excerpt is selected by: coder:siti\n  libreview search tries a query.\n",
        )


def test_codebook_as_an_appendix(folder: Path) -> None:
    done = run(folder, "codebook", "--format", "md", "--examples", "1")
    assert done.stdout == (
        "# Codebook\n\n## Trade\n\nBuying and *selling*.\n\n*Include:* Fairs.\n\n*Exclude:* =Customs.\n\n"
        "*Tag:* \\#trade\n\n*Example:*\n\n> Two harbours signed a paper. (Wijaya and Müller, 2001, p. 12)\n\n"
        "### fair\n\n*Tag:* \\#fair \\#pameran\n\n*Example:*\n\n"
        "> Two harbours signed a paper. (Wijaya and Müller, 2001, p. 12)\n"
    )
    assert done.stderr == (
        "1 theme has no definition: fair\nThe codebook names the example ^gone00, and there is no such excerpt\n"
    )


@pytest.mark.parametrize("form", ["docx", "odt", "html", "tex", "rst", "txt", "json", "csv", "xlsx", "terminal", "tsv"])
@pytest.mark.parametrize("name", ["codebook", "cards", "codings"])
def test_every_form(folder: Path, tmp_path: Path, name: str, form: str) -> None:
    place = tmp_path / "out"
    done = run(folder, name, "--format", form, "-o", str(place))
    assert (done.exit_code, place.stat().st_size > 20) == (0, True)


def test_codebook_as_rows(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(folder, "codebook", "--format", "csv").stdout)))
    assert [(row["theme"], row["parent"], row["examples"]) for row in rows] == [
        ("trade", "", "^k3f9q2 ^gone00"),
        ("fair", "trade", ""),
    ]
    assert rows[0]["exclude"] == "'=Customs."
    assert (rows[0]["label"], rows[0]["label_en"], rows[0]["label_id"]) == ("", "Trade", "Perdagangan")
    more = list(csv.DictReader(io.StringIO(run(folder, "codebook", "--format", "csv", "--examples", "1").stdout)))
    assert more[1]["example_text"] == "Two harbours signed a paper. (Wijaya and Müller, 2001, p. 12)"
    assert json.loads(run(folder, "codebook", "--json").stdout)[0]["examples"][0]["id"] == "k3f9q2"


def test_cards_by_source_and_by_theme(folder: Path) -> None:
    lines = run(folder, "cards").stdout.splitlines()
    assert lines[3] == "Hartono (2019) Pasar kota"
    assert lines[6:9] == [
        "(Hartono, 2019, p. 3; Wijaya and Müller, 2001, p. 14) ^a81b2c",
        "Paraphrase: Firms met at the fair.",
        "Themes: fair",
    ]
    assert "budi: Not so sure." in lines
    assert "Comment: Never published." in lines
    assert lines[-1] == "N = 2 of 2 sources; 3 excerpts (1 without a theme); unit: excerpt; themes of 2 coders together"
    groups = [row["group"] for row in json.loads(run(folder, "cards", "--by", "theme", "--json").stdout)]
    assert groups == ["trade", "fair", "fair", None]
    (folder / "notes" / "more.md").write_text("> Mine. [@wijaya2001, p. 9] #stray ^zzz111\n", "utf-8")
    lines = run(folder, "cards", "--by", "theme").stdout.splitlines()
    assert "#stray (not in the codebook)" in lines
    assert "Themes: #stray (not in the codebook)" in lines
    wrong = run(folder, "cards", "--by", "them")
    assert (wrong.exit_code, wrong.stderr.splitlines()[1]) == (2, "  Did you mean theme?")
