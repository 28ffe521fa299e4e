"""``export refi``, and ``import`` of what other programs hand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face


@pytest.fixture
def folder(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(review_folder)
    return review_folder


def run(*words: str) -> Result:
    return CliRunner().invoke(face, list(words))


def test_a_project_and_a_codebook_are_written(folder: Path) -> None:
    done = run("export", "refi", "-o", "review.qdpx")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "wrote review.qdpx: 2 sources, 2 excerpts, 2 themes\n"
    done = run("export", "refi", "-o", "codebook.QDC")
    assert done.stderr == "wrote codebook.QDC: 2 themes\n"
    assert (folder / "codebook.QDC").read_bytes().startswith(b"<?xml")
    assert (folder / "review.qdpx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("-o", "review.docx"), 2, "neither a project nor a codebook"),
        (("theme:trade", "-o", "codebook.qdc"), 2, "nothing to select"),
        ((), 2, "Missing option"),
        (("theme:nothing", "-o", "a.qdpx"), 2, 'no theme "nothing"'),
        (("-o", "notes/x.qdpx"), 1, "belongs to the review"),
    ],
)
def test_what_cannot_be_written_is_said(folder: Path, words: tuple[str, ...], status: int, said: str) -> None:
    done = run("export", "refi", *words)
    assert done.exit_code == status
    assert said in done.stderr


def test_what_was_handed_on_is_taken_in_by_another_review(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("export", "refi", "-o", "../review.qdpx").exit_code == 0
    monkeypatch.chdir(folder.parent)
    assert run("init", "other", "--title", "Other").exit_code == 0
    monkeypatch.chdir(folder.parent / "other")
    done = run("import", "../review.qdpx", "--dry-run")
    assert done.exit_code == 0
    assert "new from review.qdpx: 2 sources, 2 excerpts, 2 themes, 2 codings\n" in done.stdout
    assert "nothing was written" in done.stderr
    done = run("import", "../review.qdpx")
    assert (done.exit_code, done.stdout) == (0, "new from review.qdpx: 2 sources, 2 excerpts, 2 themes, 2 codings\n")
    done = run("import", "../review.qdpx")
    assert (
        done.stdout
        == "new from review.qdpx: 0 sources, 0 excerpts, 0 themes, 0 codings\n  2 excerpts were here already\n"
    )
    assert run("undo").exit_code == 0
    assert not list(Path("sources").glob("*.bib"))


def test_each_thing_that_is_not_taken_over_is_named(folder: Path) -> None:
    project = Path("p.qde")
    project.write_text(
        '<Project xmlns="urn:QDA-XML:project:1.0" name="p"><Sources><AudioSource guid="a" name="One.mp3"/></Sources>'
        '<Links><Link guid="b" name="so"/></Links></Project>'
    )
    done = run("import", "p.qde")
    assert done.stdout.splitlines()[1:] == [
        "not taken over (2 things):", "  a picture, a recording or a film: One.mp3", "  a link: so",
    ]  # fmt: skip


def test_a_file_that_is_no_project_is_refused(folder: Path) -> None:
    Path("p.qdpx").write_bytes(b"PK")
    done = run("import", "p.qdpx")
    assert done.exit_code == 1
    assert "no zip archive" in done.stderr
