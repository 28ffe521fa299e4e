"""``libreview agreement``: the same numbers in every form, and what is said where there is nothing to compare."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    shutil.copytree(REVIEWS / "coders", tmp_path / "coders")
    return tmp_path / "coders"


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "agreement", *words])


def test_the_same_numbers_in_every_form(coded: Path) -> None:
    data = json.loads(_run(coded, "--json").stdout)
    law = next(one for one in data["themes"] if one["theme"] == "law")
    assert law == {
        "theme": "law", "label": "Law", "in_codebook": True, "units": 7, "percent_agreement": 85.71,
        "cohen_kappa": 0.5882, "fleiss_kappa": 0.5758, "krippendorff_alpha": 0.6061, "prevalence": 0.2143,
        "given": {"budi": 1, "rina": 2},
    }  # fmt: skip
    assert data["n"] == {"units": 7, "complete": 7, "identical": 4, "coded_once": 0}
    rows = list(csv.DictReader(io.StringIO(_run(coded, "--format", "csv").stdout)))
    assert [row["theme"] for row in rows] == ["trade", "fair", "law", "culture", "*"]
    numbers = ["85.71", "0.5882", "0.5758", "0.6061", "0.2143", "1", "2"]
    assert list(rows[2].values())[2:] == numbers
    for form in ("plain", "terminal", "md", "html", "tex", "rst", "txt"):
        text = _run(coded, "--format", form).stdout
        assert all(number in text for number in numbers), form
        assert "notes/hartono2019.md:8" in text.replace("\\_", "_"), form
    for form in ("docx", "odt"):
        assert _run(coded, "-o", str(coded.parent / f"a.{form}")).exit_code == 0


def test_undefined_is_said_and_null(coded: Path) -> None:
    found = _run(coded, "--unit", "source")
    assert "Fairs\t2\t100.00%\tundefined\tundefined\tundefined\t1.0000" in found.stdout
    assert "Undefined: the codings do not vary" in found.stdout
    data = json.loads(_run(coded, "--unit", "source", "--json").stdout)
    fair = next(one for one in data["themes"] if one["theme"] == "fair")
    assert (fair["cohen_kappa"], fair["krippendorff_alpha"]) == (None, None)
    assert ",undefined," in _run(coded, "--unit", "source", "--format", "csv").stdout


def test_a_number_below_zero_stays_a_number(coded: Path) -> None:
    assert "law,2,50.00,0.0000,-0.3333," in _run(coded, "--unit", "source", "--format", "csv").stdout


def test_of_three_coders_there_is_no_cohen(coded: Path) -> None:
    (coded / "notes" / "codings-siti.md").write_text(
        "---\ncoder: siti\n---\n\n- ^k3f9q2 #law\n- ^g2h3j4 #none\n", encoding="utf-8"
    )
    text = _run(coded).stdout
    assert "Cohen" not in text
    assert "7 excerpts coded by two or more; 1 by all; 1 by one only, not counted" in text
    assert json.loads(_run(coded, "--json").stdout)["pooled"]["cohen_kappa"] is None
    assert ",,undefined," not in _run(coded, "--coders", "rina,budi", "--format", "csv").stdout
    assert "Cohen" in _run(coded, "--coders", "rina,budi").stdout


def test_full_agreement_is_said(coded: Path) -> None:
    assert "The coders do not disagree anywhere." in _run(coded, "id:k3f9q2").stdout


def test_one_coder_is_one_line_and_a_hint(review_folder: Path) -> None:
    done = _run(review_folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "libreview: Only rina has coded these excerpts; agreement needs two coders",
        "  For another coder to code the same excerpts: libreview code --coder budi",
    ]


def test_wrong_words(coded: Path) -> None:
    assert _run(coded, "--unit", "page").exit_code == 2
    assert _run(coded, "--coders", "rina").exit_code == 2
    assert "Did you mean budi?" in _run(coded, "--coders", "rina,bud").stderr
    assert "Did you mean" in _run(coded, "theme:lav").stderr
