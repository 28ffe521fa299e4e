"""Every kind of problem is shown by a review of its own: its line, its words, and nothing besides."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import string
from pathlib import Path
from types import ModuleType

import pytest

from libreview.deeds import reporting
from libreview.model import Problem
from libreview.pages.reports.checking import hint, message
from libreview.review import Review
from libreview.words.errors import PROBLEMS
from libreview.words.i18n import language
from libreview.words.safe import safe_line

SAMPLES = Path(__file__).resolve().parent
SAY = language("en")


def _document() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document", SAMPLES / "document.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCUMENT = _document()

ALSO = {"ambiguous-coding": ("duplicate-id",)}
"""Problems that cannot come alone."""


LINKED = {"library-differs": True, "library-not-linked": False, "library-unread": True, "source-rekeyed": True}
"""Problems of a linked library: whether the user linked it to this review."""


def _found(code: str, folder: Path) -> tuple[Problem, ...]:
    """Return the problems of a copy of the sample for ``code``."""
    review = folder / "review"
    shutil.copytree(SAMPLES / code, review)
    if code == "file-unread":  # what cannot be read cannot be kept in a repository; a hole in a file takes no place
        os.truncate(review / "notes" / "harbours.md", 300 * 1024 * 1024)
    if code == "file-emptied":  # only an index that saw the content knows that it is gone
        Review.open(review).close()
        (review / "notes" / "harbours.md").write_bytes(b"")
    if code == "file-linked":
        os.link(review / "notes" / "harbours.md", folder / "elsewhere.md")
    with pytest.MonkeyPatch.context() as patch:
        if code in LINKED:
            patch.setenv("HOME", str(folder))
            _link(review, folder, here=LINKED[code])
        with Review.open(review) as opened:
            return reporting.problems(opened)


def _link(review: Path, folder: Path, *, here: bool) -> None:
    """Let the user know a library ~/Zotero/library.bib, linked to this review or to another; what lies beside a sample is it."""
    if (review / "library.bib").exists():
        (folder / "Zotero").mkdir()
        (review / "library.bib").rename(folder / "Zotero" / "library.bib")
    linked = "~/review" if here else "~/other"
    own = Path(os.environ["LIBREVIEW_CONFIG"])
    own.write_text(f'[libraries.zotero]\npath = "~/Zotero/library.bib"\nreviews = ["{linked}"]\n', encoding="utf-8")


def _said(problem: Problem) -> str:
    return safe_line(f"{problem.location}") + "  " + safe_line(message(problem, SAY))


def test_every_code_has_a_sample_and_every_sample_a_code() -> None:
    assert {one.name for one in SAMPLES.iterdir() if one.is_dir() and one.name != "__pycache__"} == set(PROBLEMS)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_the_sample_shows_its_problem_at_its_line(code: str, tmp_path: Path) -> None:
    found = _found(code, tmp_path)
    assert sorted(one.code for one in found) == sorted((code, *ALSO.get(code, ())))
    wanted = [f"{one.path}:{one.line}  {one.message}" for one in DOCUMENT.expected(code)]
    assert [_said(one) for one in sorted(found, key=lambda one: one.code != code)] == wanted


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_sentence_and_hint_find_all_their_facts(code: str, tmp_path: Path) -> None:
    problem = next(one for one in _found(code, tmp_path) if one.code == code)
    facts = {"subject": problem.subject, **problem.facts}
    for text in PROBLEMS[code]:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        assert names <= facts.keys()
        assert all(facts[name] for name in names)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_the_words_are_one_sentence_and_an_instruction(code: str, tmp_path: Path) -> None:
    problem = next(one for one in _found(code, tmp_path) if one.code == code)
    said, advice = message(problem, SAY), hint(problem, SAY)
    assert not said.endswith(".") or said.endswith(("...", "dkk."))
    assert re.match(r'["#@\w^\[]', said)
    assert not re.search(r"\. [A-Z]", PROBLEMS[code].sentence)
    assert advice
    assert "\n" not in said + advice
    assert "{subject}" not in said + advice


def test_the_page_of_the_problems_is_fresh() -> None:
    assert DOCUMENT.PAGE.read_text(encoding="utf-8") == DOCUMENT.page(), "run: python tests/problems/document.py"
