"""describe: the paragraphs in a pipe, on a terminal, in documents and for scripts, and the tables that they name."""

from __future__ import annotations

import json
import shlex
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face, printing


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words], prog_name="libreview")


def described(folder: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, "describe", *words, "--json").stdout)
    return found


def test_in_a_pipe_it_is_markdown_with_citations_of_pandoc(review_folder: Path) -> None:
    result = run(review_folder, "describe")
    assert result.exit_code == 0
    assert result.stdout.startswith("The review comprises 2 sources of 2 types")
    assert "[@hartono2019]" in result.stdout
    assert "*Trade* rests on" in result.stdout


def test_what_was_selected_is_not_called_the_review(review_folder: Path) -> None:
    assert run(review_folder, "describe", "author:hartono").stdout.startswith(
        "The selection `author:hartono` comprises 1 source of 1 type"
    )


def test_on_a_terminal_it_is_wrapped(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "to_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    lines = run(review_folder, "describe").stdout.splitlines()
    assert len(lines) > 10
    assert max(map(len, lines)) <= 40


def test_what_is_named_is_what_the_tables_print(review_folder: Path) -> None:
    for query in ((), ("author:hartono",), ("theme:trade", "kind:quotation")):
        numbers = [number for one in described(review_folder, *query)["sentences"] for number in one["numbers"]]
        assert numbers
        for number in numbers:
            table = json.loads(run(review_folder, "table", *shlex.split(number["table"]), *query, "--json").stdout)
            if number["row"] == "n" and number["column"] != "collected":
                assert table["n"][number["column"]] == number["value"]
            elif table["table"] == "frequency" and number["column"]:
                row = next((one for one in table["rows"] if one["theme"] == number["row"]), None)
                assert row is None or row[number["column"]] == number["value"]


def test_in_a_document_citations_are_formatted_and_listed(review_folder: Path, tmp_path: Path) -> None:
    page = run(review_folder, "describe", "--format", "html").stdout
    assert "(Hartono, 2019)" in page
    assert "Pasar kota" in page
    assert "[@" not in page
    result = run(review_folder, "describe", "-o", str(tmp_path / "words.docx"))
    assert result.stderr == f"wrote {tmp_path / 'words.docx'}\n"
    words = zipfile.ZipFile(tmp_path / "words.docx").read("word/document.xml").decode()
    assert "(Hartono, 2019)" in words


def test_without_the_style_citations_stay_as_they_are(review_folder: Path) -> None:
    with (review_folder / "libreview.toml").open("a", encoding="utf-8") as file:
        file.write('citation-style = "gone.csl"\n')
    result = run(review_folder, "describe", "--format", "html")
    assert result.exit_code == 0
    assert "[@hartono2019]" in result.stdout
    assert "The citation style of the review is not at hand; citations stay [@key]." in result.stderr


def test_a_document_is_not_for_a_terminal(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "to_terminal", lambda: True)
    result = run(review_folder, "describe", "--format", "docx")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_of_an_empty_review_one_sentence_is_said(tmp_path: Path) -> None:
    (tmp_path / "libreview.toml").write_text('title = "Empty"\n', encoding="utf-8")
    result = run(tmp_path, "describe")
    assert result.exit_code == 0
    assert result.stdout.startswith("There is nothing to describe yet")
    assert run(tmp_path, "describe", "theme:nothing").exit_code == 2
