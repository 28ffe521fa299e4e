"""Coding sheets handed out and taken in."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from libreview.cli import face
from libreview.deeds import comparing, sheets
from libreview.review import Review
from libreview.words.errors import Refused, Wrong

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    shutil.copytree(REVIEWS / "coders", tmp_path / "coders")
    (tmp_path / "coders" / "notes" / "x.md").write_text(
        "> =1+1 *words*. [@wijaya2001, p. 2]\n\n> Twice. [@wijaya2001]\n\n> Twice. [@wijaya2001]\n", encoding="utf-8"
    )
    return tmp_path / "coders"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words])


def filled(folder: Path, answers: Mapping[str, str], *more: str) -> Path:
    """Return a sheet of siti's with ``answers`` by the beginning of the words."""
    place = folder.parent / "siti.csv"
    done = run(folder, "export", "sheet", "--coder", "siti", "-o", str(place), *more)
    assert done.exit_code == 0, done.output
    text = place.read_text(encoding="utf-8-sig")
    separator = ";" if ";" in text.splitlines()[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    for row in rows[1:]:
        row[-1] = next((themes for begin, themes in answers.items() if row[4].lstrip("'").startswith(begin)), "")
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return place


@pytest.mark.parametrize("more", [(), ("--excel",), ("--raw",)])
def test_a_filled_sheet_becomes_codings(coded: Path, more: tuple[str, ...]) -> None:
    place = filled(coded, {"Two": "law", "Firms": "pameran #Trade", "Pasar": "0", "=1+1": "culture"}, *more)
    done = run(coded, "import", "sheet", str(place))
    assert done.stdout.splitlines() == [
        "saved 4 codings of siti in notes/codings-siti.md. Next: libreview agreement",
        "7 rows are blank: not coded",
    ]
    with Review.open(coded) as review:
        given = {one.excerpt: one.themes for one in review.codings() if one.coder == "siti"}
        fresh = next(one.id for one in review.excerpts() if one.text.startswith("=1+1"))
        assert given == {"k3f9q2": ("law",), "a81b2c": ("fair", "trade"), "d6e7f8": ("none",), fresh: ("culture",)}
        assert comparing.agreement(review, names=["rina", "siti"]).units == 3
    assert run(coded, "check").exit_code == 0
    again = run(coded, "import", str(place))
    assert again.stdout.splitlines()[0] == "nothing to do: the sheet says nothing new"
    assert "4 rows were taken in already" in again.stdout
    assert run(coded, "undo").exit_code == 0
    assert not (coded / "notes" / "codings-siti.md").exists()


def test_a_sheet_shows_nothing_of_the_others(coded: Path) -> None:
    text = run(coded, "export", "sheet", "--coder", "siti", "--format", "csv").stdout
    assert not any(theme in text for theme in ("law", "culture", "rina", "budi"))
    assert "words" in text
    book = coded / "notes" / "codebook.toml"
    book.write_text(book.read_text(encoding="utf-8").replace("[law]", '[law]\nexamples = ["a81b2c"]'), encoding="utf-8")
    whole = run(coded, "export", "sheet", "--coder", "siti", "--format", "md").stdout
    assert (whole.count("a81b2c"), "rina" in whole, "budi" in whole) == (1, False, False)


def workbook(folder: Path, answers: Mapping[str, object], *more: str) -> Path:
    """Return siti's sheet as a workbook with ``answers`` by the beginning of the words."""
    place = folder.parent / "siti.xlsx"
    assert run(folder, "export", "sheet", "--coder", "siti", "-o", str(place), *more).exit_code == 0
    book = openpyxl.load_workbook(place)
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        words = str(sheet.cell(row, 5).value)
        sheet.cell(row, 6).value = next((one for begin, one in answers.items() if words.startswith(begin)), None)
    book.save(place)
    return place


def test_a_workbook_holds_the_codebook_and_offers_its_themes(coded: Path) -> None:
    book = openpyxl.load_workbook(workbook(coded, {}))
    sheet, themes = book.worksheets
    assert [one.title for one in book.worksheets] == ["Coding sheet", "Codebook"]
    assert [cell.value for cell in sheet[1]] == ["coder", "excerpt", "source", "locator", "text", "themes"]
    assert (sheet.freeze_panes, sheet["E2"].alignment.wrap_text) == ("A2", True)
    (offer,) = sheet.data_validations.dataValidation
    assert (str(offer.sqref), offer.formula1, offer.showErrorMessage) == ("F2:F12", "'Codebook'!$A$2:$A$6", False)
    assert "none: nothing applies" in offer.prompt
    assert [cell.value for cell in themes["A"]] == ["Theme", "trade", "fair", "law", "culture", "none"]
    formula = next(row for row in sheet.iter_rows() if str(row[4].value).startswith("=1+1"))
    assert formula[4].data_type == "s"


def test_a_filled_workbook_becomes_codings(coded: Path) -> None:
    answers = {"Two": "law", "Firms": "pameran #Trade", "Pasar": 0, "=1+1": "Culture", "Exports": "none"}
    done = run(coded, "import", "sheet", str(workbook(coded, answers)))
    assert done.stdout.splitlines() == [
        "saved 5 codings of siti in notes/codings-siti.md. Next: libreview agreement",
        "6 rows are blank: not coded",
    ]
    with Review.open(coded) as review:
        given = {one.excerpt: one.themes for one in review.codings() if one.coder == "siti"}
    assert (given["k3f9q2"], given["a81b2c"], given["d6e7f8"]) == (("law",), ("fair", "trade"), ("none",))
    assert run(coded, "import", str(coded.parent / "siti.xlsx")).stdout.startswith("nothing to do")


def test_a_sheet_is_found_behind_its_codebook(coded: Path) -> None:
    place = workbook(coded, {"Two": "law"})
    book = openpyxl.load_workbook(place)
    book.move_sheet(book.worksheets[0], 1)
    book.worksheets[1].title = "Mine"
    book.save(place)
    before = (coded / "notes" / "codebook.toml").read_bytes()
    book.worksheets[1]["F1"] = "tema"
    book.save(place)
    done = run(coded, "import", str(place))
    assert (done.exit_code, "does not have the columns themes" in done.stderr) == (1, True)
    book.worksheets[1]["F1"] = " Themes"
    book.save(place)
    assert run(coded, "import", str(place)).stdout.startswith("saved 1 coding of siti")
    assert (coded / "notes" / "codebook.toml").read_bytes() == before


@pytest.mark.parametrize("coder", ["a: b", '"x"', "..", "[@x]", "Siti Nur Aminah", "x" * 300, "é/ü"])
def test_a_coder_may_be_called_anything(coded: Path, coder: str) -> None:
    place = coded.parent / "x.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["coder", "excerpt", "themes"], [coder, "^k3f9q2", "law"]])
    outside = set(coded.parent.iterdir())
    done = run(coded, "import", str(place))
    assert done.exit_code == 0, done.output
    with Review.open(coded) as review:
        assert [one.themes for one in review.codings() if one.coder == coder] == [("law",)]
    assert set(coded.parent.iterdir()) == outside


def test_what_was_coded_otherwise_is_left(coded: Path) -> None:
    place = filled(coded, {"Two": "law", "Firms": "trade"})
    run(coded, "tag", "^k3f9q2", "-t", "culture", "--coder", "siti")
    notes = coded / "notes" / "wijaya2001.md"
    text = notes.read_text(encoding="utf-8")
    notes.write_text(text.replace("a81b2c", "zzz999").replace("Firms met", "Others came"), encoding="utf-8")
    done = run(coded, "import", str(place))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "nothing to do: the sheet says nothing new",
        "9 rows are blank: not coded",
        "left out, since the excerpt is not in the review any more: rows 7",
        "left out, since siti has coded it otherwise: rows 6",
    ]


def test_of_two_excerpts_with_the_same_words_both_are_coded(coded: Path) -> None:
    place = filled(coded, {"Twice": "law"})
    assert run(coded, "import", str(place)).exit_code == 0
    with Review.open(coded) as review:
        both = [one for one in review.excerpts() if one.text == "Twice."]
        assert [[coding.themes for coding in one.codings] for one in both] == [[("law",)], [("law",)]]
    assert "2 rows were taken in already" in run(coded, "import", str(place)).stdout


def test_each_of_two_with_the_same_words_gets_its_own_answer(coded: Path) -> None:
    place = filled(coded, {"Twice": "law"})
    text = place.read_text(encoding="utf-8-sig")
    first, second = (line for line in text.splitlines() if "Twice" in line)
    assert first == second
    place.write_bytes(text.replace(first, first.removesuffix("law"), 1).encode())
    assert run(coded, "import", str(place)).exit_code == 0
    with Review.open(coded) as review:
        both = [one for one in review.excerpts() if one.text == "Twice."]
        assert [len(one.codings) for one in both] == [0, 1]
    rest = filled(coded, {"Twice": "culture"})  # one row is left of two excerpts: it is the one that has no id
    assert run(coded, "import", str(rest)).exit_code == 0
    with Review.open(coded) as review:
        both = [one for one in review.excerpts() if one.text == "Twice."]
        assert [one.codings[0].themes for one in both] == [("culture",), ("law",)]


@pytest.mark.parametrize("older", [False, True])
def test_an_excerpt_of_two_sources_names_both(coded: Path, older: bool) -> None:
    (coded / "notes" / "both.md").write_text(
        "> Both say so. [@wijaya2001, p. 7; @hartono2019, p. 9]\n", encoding="utf-8"
    )
    place = filled(coded, {"Both": "law"})
    written = place.read_text(encoding="utf-8-sig")
    assert "siti,,wijaya2001 hartono2019,p. 7; p. 9,Both say so.,law" in written
    if older:
        place.write_text(written.replace("wijaya2001 hartono2019", "wijaya2001"), encoding="utf-8")
    done = run(coded, "import", "sheet", str(place))
    assert done.stdout.startswith("saved 1 coding of siti"), done.output


def test_which_of_two_is_not_guessed(coded: Path) -> None:
    place = filled(coded, {"Twice": "law"})
    lines = place.read_text(encoding="utf-8-sig").splitlines()
    at = next(n for n, line in enumerate(lines) if "Twice" in line)
    place.write_text("\n".join([*lines[:at], *lines[at + 1 :]]), encoding="utf-8")
    done = run(coded, "import", str(place))
    assert "several excerpts have these words and none of them an id: rows" in done.stdout


SPOILED = [
    ({"Two": "lav"}, {}, 'row 6: there is no theme "lav". Did you mean law?'),
    ({"Two": "la"}, {}, 'row 6: there is no theme "la"'),
    ({"Two": "law 0"}, {}, "row 6: none (or 0) says that nothing applies, and cannot stand beside other themes"),
    ({"Two": "law"}, {"siti,^k3": "budi,^k3"}, "row 6: another coder, budi; a sheet is of one"),
    ({"Two": "law"}, {"siti,^k3": ",^k3"}, "row 6: nobody is named in the column coder"),
    ({"Two": "law"}, {"^k3f9q2": "^a81b2c"}, "row 6: the words are not those of the excerpt ^a81b2c"),
    ({"Two": "law"}, {"^k3f9q2": "^k3f9q3"}, "row 6: there is no excerpt ^k3f9q3, and the words are those of ^k3f9q2"),
    ({"Two": "law", "Firms": "trade"}, {"siti,^a81b2c,wijaya2001,p. 14,Firms met buyers at the fair.": "siti,^k3f9q2,,,"},
     "row 7: the same excerpt as in row 6, with other themes"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "spoiled", "line"), SPOILED)
def test_a_row_that_cannot_be_right_stops_the_whole(
    coded: Path, answers: Mapping[str, str], spoiled: Mapping[str, str], line: str
) -> None:
    place = filled(coded, {"Firms": "trade", "=1+1": "law", **answers})
    text = place.read_text(encoding="utf-8")
    for old, new in spoiled.items():
        assert old in text
        text = text.replace(old, new)
    place.write_text(text, encoding="utf-8")
    before = {one: one.read_bytes() for one in coded.rglob("*.md")}
    done = run(coded, "import", str(place))
    assert (done.exit_code, done.stdout) == (1, "")
    assert line in done.stderr
    assert "nothing was taken" in done.stderr
    assert before == {one: one.read_bytes() for one in coded.rglob("*.md")}


def test_every_row_that_is_wrong_is_named_at_once(coded: Path) -> None:
    done = run(coded, "import", str(workbook(coded, {"Two": "lav", "Firms": "=1+1", "Exports": "law none"})))
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "row 6",
        "row 7",
        "row 7",
        "row 9",
        "nothing was taken",
    ]


def test_small_changes_of_words_and_rows_in_another_order_do_no_harm(coded: Path) -> None:
    place = filled(coded, {"Two": "law", "Firms": "trade"})
    text = place.read_text(encoding="utf-8-sig").replace("signed a paper.", "signed a paper")
    head, *rows = text.splitlines()
    place.write_bytes(("\r\n".join([head, *reversed(rows)])).replace(",", ";").encode("utf-16"))
    assert "saved 2 codings" in run(coded, "import", str(place)).stdout


def test_what_is_no_sheet_says_so(coded: Path) -> None:
    place = coded.parent / "other.csv"
    place.write_text("name,phone,mail\na,b,rina@example.org\n", encoding="utf-8")
    assert "is neither a coding sheet nor a codebook" in run(coded, "import", str(place)).stderr
    assert "does not have the columns coder, excerpt, themes" in run(coded, "import", "sheet", str(place)).stderr
    place.write_text("@book{new, title = {New}}\n", encoding="utf-8")
    assert "new" in run(coded, "import", str(place)).stdout
    (coded.parent / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "save it as a workbook (.xlsx)" in run(coded, "import", str(coded.parent / "old.xls")).stderr
    assert run(coded, "import", "sheet").exit_code == 2


def test_who_has_coded_all_gets_no_sheet(coded: Path) -> None:
    with Review.open(coded) as review:
        with pytest.raises(Refused, match="No excerpt waits for budi"):
            sheets.hand(review, "budi", "id:k3f9q2")
        with pytest.raises(Refused, match="No excerpt is selected by: id:zzz"):
            sheets.hand(review, "budi", "id:zzz")
        with pytest.raises(Wrong):
            sheets.hand(review, "budi", sample="all")
        assert len(sheets.hand(review, "siti", sample="3", seed=7).rows) == 3
