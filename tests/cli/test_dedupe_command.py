"""``dedupe`` in a pipe, over a table, and with answers put in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, dialogue_duplicates, face

TITLE = "What coastal towns may decide by themselves"
ENTRY = "@article{{{key}, author = {{Zaini, Ahmad}}, title = {{{title}}}, year = {year}, journal = {{Jurnal Kota}}{more}}}\n"


@pytest.fixture
def twins(review_folder: Path) -> Path:
    """A review in which one source came twice, with its erratum."""
    place = ", volume = 4, pages = {10--21}"
    text = (
        ENTRY.format(key="zaini1999", title=TITLE, year=1999, more=place + ", number = 2")
        + ENTRY.format(key="zainia", title=TITLE, year=2000, more=place)
        + ENTRY.format(key="zainib", title=f"Erratum: {TITLE}", year=2000, more=", volume = 5, pages = {1}")
    )
    (review_folder / "sources" / "twins.bib").write_text(text, encoding="utf-8")
    return review_folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "dedupe", *words])


def typed(folder: Path, answers: str, *words: str) -> Result:
    """Return what comes of the conversation with ``answers``, one a line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "possible", lambda: True)
        return CliRunner().invoke(face, ["-C", str(folder), "dedupe", *words], input=answers)


def listed(folder: Path) -> list[tuple[str, list[str]]]:
    return [(group["band"], group["keys"]) for group in json.loads(run(folder, "--json").stdout)["groups"]]


def test_json_has_groups_with_band_score_and_reasons(twins: Path) -> None:
    sure, doubtful = json.loads(run(twins, "--json").stdout)["groups"]
    assert sure["keys"] == ["zaini1999", "zainia"]
    assert sure["band"] == "auto"
    assert sure["score"] > 0.9
    assert sure["reasons"] == [
        "title 1.00", "first author same", "authors same", "year 1 apart", "journal same", "volume same", "pages same",
    ]  # fmt: skip
    assert "against" not in sure
    assert (doubtful["band"], doubtful["keys"]) == ("review", ["zaini1999", "zainia", "zainib"])
    assert doubtful["against"] == ["an erratum, comment or reply beside the text itself", "another volume"]


def test_in_a_pipe_groups_are_lines(twins: Path) -> None:
    lines = [line.split("\t") for line in run(twins).stdout.splitlines()]
    assert [line[0] for line in lines] == ["auto", "review"]
    assert lines[0][2] == "zaini1999 zainia"


def test_drawn_each_group_says_what_is_in_it_and_why(twins: Path) -> None:
    text = run(twins, "--format", "plain").stdout
    assert "Surely the same: 1" in text
    assert "zaini1999 · Zaini (1999)" in text
    assert "but: an erratum" in text


def test_a_review_without_duplicates(review_folder: Path) -> None:
    assert json.loads(run(review_folder, "--json").stdout) == {"groups": []}
    assert "No duplicates among 2 records." in run(review_folder, "--format", "plain").stdout
    assert typed(review_folder, "").stdout == "No duplicates among 2 records.\n"
    assert run(review_folder, "--merge").stdout == "Nothing is surely the same.\n"


def test_a_table_needs_no_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records.csv").write_text(f"ID,title,doi\nx,{TITLE},10.1000/y\ny,{TITLE},10.1000/Y\n")
    done = CliRunner().invoke(face, ["dedupe", "records.csv", "--json"])
    assert [group["keys"] for group in json.loads(done.stdout)["groups"]] == [["x", "y"]]
    assert json.loads(done.stdout)["groups"][0]["reasons"] == ["title 1.00", "same DOI"]
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    refused = CliRunner().invoke(face, ["dedupe", "other.csv"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "other.csv is no table of records" in refused.stderr


def test_merge_takes_what_is_sure(twins: Path) -> None:
    done = run(twins, "--merge")
    assert done.exit_code == 0
    assert done.stdout.startswith("merged 1 source into zaini1999")
    assert listed(twins) == [("review", ["zaini1999", "zainib"])]
    assert run(twins, "--merge").stdout == "Nothing is surely the same.\n"


def test_what_is_answered_is_saved_and_the_rest_is_asked_next_time(twins: Path) -> None:
    first = typed(twins, "n\nq\n")
    assert first.exit_code == 0
    assert first.stdout == "0 merged, 1 not the same, 0 skipped, 1 left. Go on: libreview dedupe\n"
    assert listed(twins) != []
    assert all(keys != ["zaini1999", "zainia"] for _, keys in listed(twins))


def test_of_a_group_to_be_looked_at_what_is_sure_stays_together(twins: Path) -> None:
    done = typed(twins, "s\nn\n")
    assert done.stdout == "0 merged, 1 not the same, 1 skipped, 0 left. Go on: libreview dedupe\n"
    assert listed(twins) == [("auto", ["zaini1999", "zainia"])]


def test_merging_asks_what_contradicts_and_goes_on_with_what_was_kept(twins: Path) -> None:
    done = typed(twins, "what\nm\n2\nm 1 2\n1\n1\n1\n1\n")
    assert "Which year counts?" in done.stderr
    assert "m the same: merge" in done.stderr
    assert done.stdout.splitlines()[-1].startswith("2 merged, 0 not the same, 0 skipped, 0 left.")
    assert listed(twins) == []


def test_the_second_can_be_kept(twins: Path) -> None:
    done = typed(twins, "m 2\n1\nq\n")
    assert "merged 1 source into zainia" in done.stdout


def test_a_dry_run_shows_what_would_be_kept(twins: Path) -> None:
    shown = typed(twins, "n\nq\n", "--dry-run")
    assert '+"zaini1999 zainia" = {}' in shown.stdout
    assert not (twins / "sources" / "duplicates.toml").exists()


def test_a_broken_line_of_what_was_said_is_named(twins: Path) -> None:
    (twins / "sources" / "duplicates.toml").write_text('"zaini1999 zainia"\n')
    done = run(twins, "--json")
    assert done.exit_code == 0
    assert "sources/duplicates.toml:1 cannot be read and is left out" in done.stderr


def test_fields_stand_side_by_side_or_below_each_other() -> None:
    assert dialogue_duplicates.row("title", ["One two", "One two", ""], 8) == ["title        One two  ″"]
    assert dialogue_duplicates.row("author", ["A B C", ""], 3) == ["author       A B", "             C"]
    assert dialogue_duplicates.stack("title", ["One", "One"], 40) == ["title:", "  One"]
    assert dialogue_duplicates.stack("title", ["One", "Two"], 40) == ["title:", "  1 One", "  2 Two"]
