"""``export refi``."""

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
        (("theme:nothing", "-o", "a.qdpx"), 1, 'no theme "nothing"'),
        (("-o", "notes/x.qdpx"), 1, "belongs to the review"),
    ],
)
def test_what_cannot_be_written_is_said(folder: Path, words: tuple[str, ...], status: int, said: str) -> None:
    done = run("export", "refi", *words)
    assert done.exit_code == status
    assert said in done.stderr
