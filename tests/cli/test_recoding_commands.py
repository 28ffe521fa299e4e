"""themes rename, merge, move, remove and split as a person or a script calls them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, dialogue, dialogue_splitting, face
from libreview.deeds import recoding
from libreview.review import Review
from libreview.words.i18n import language


def _run(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "themes", *words], input=typed)


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (folder / "notes").iterdir()}


def test_rename(review_folder: Path) -> None:
    shown = _run(review_folder, "rename", "fair", "trade-fair", "--dry-run")
    assert "-[fair]\n+[trade-fair]\n" in shown.stdout
    assert "#trade-fair ^a81b2c" in shown.stdout
    assert shown.stderr.endswith("then: renamed fair to trade-fair: 1 excerpt in 1 note\n")
    assert "trade-fair" not in str(_files(review_folder))
    done = _run(review_folder, "rename", "fair", "trade-fair")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "renamed fair to trade-fair: 1 excerpt in 1 note. libreview undo takes it back\n"
    assert '[trade-fair]\nparent = "trade"\naliases = ["pameran", "fair"]\n' in _files(review_folder)["codebook.toml"]


def test_merge(review_folder: Path) -> None:
    book = review_folder / "notes" / "codebook.toml"
    text = '[trade]\ndefinition = "A"\n\n[fair]\ndefinition = "B"\n\n[expo]\nparent = "fair"\n'
    book.write_text(text, encoding="utf-8")
    shown = _run(review_folder, "merge", "fair", "--into", "trade", "--dry-run")
    assert "dropped: the words of fair" in shown.stderr
    done = _run(review_folder, "merge", "fair", "--into", "trade")
    assert done.stdout == (
        "merged fair into trade: 0 excerpts in 0 notes; 1 theme below it follows. libreview undo takes it back\n"
        "trade says in its own words what it means; dropped: the words of fair\n"
    )
    expected = '[trade]\ndefinition = "A"\naliases = ["fair"]\n\n[expo]\nparent = "trade"\n'
    assert book.read_text(encoding="utf-8") == expected


def test_move(review_folder: Path) -> None:
    assert (
        _run(review_folder, "move", "fair", "--parent", "").stdout
        == "moved fair to the top. Next: libreview themes list\n"
    )
    assert _run(review_folder, "move", "fair", "--parent", "").stdout == "nothing to do: fair stands there already\n"
    tried = _run(review_folder, "move", "fair", "--parent", "", "--dry-run")
    assert (tried.stdout, tried.stderr) == ("", "nothing would change\n")  # once
    done = _run(review_folder, "move", "trade", "--parent", "pameran")
    assert done.stdout == "moved trade below fair. Next: libreview themes list\n"
    shown = _run(review_folder, "move", "trade", "--parent", "", "--dry-run")
    assert '-parent = "fair"' in shown.stdout


def test_remove_asks_where_excerpts_carry_the_theme(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _files(review_folder)
    done = _run(review_folder, "remove", "fair")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "libreview themes remove fair --force" in done.stderr
    shown = _run(review_folder, "remove", "fair", "--dry-run")
    assert shown.stderr.endswith("then: removed fair from 1 excerpt in 1 note\n")
    monkeypatch.setattr(asking, "possible", lambda: True)
    done = _run(review_folder, "remove", "fair", typed="\n")
    assert "Take fair off 1 excerpt in 1 note? [y/N]" in done.stderr
    assert done.exit_code != 0
    assert _files(review_folder) == before
    done = _run(review_folder, "remove", "fair", typed="y\n")
    assert done.stdout == "removed fair from 1 excerpt in 1 note. libreview undo takes it back\n"
    assert "[@hartono2018, p. 3; @wijaya2001, p. 14] ^a81b2c" in _files(review_folder)["wijaya2001.md"]
    monkeypatch.setattr(asking, "possible", lambda: False)
    assert _run(review_folder, "remove", "trade", "--yes").exit_code == 0


def test_a_theme_that_nothing_carries_goes_without_a_question(review_folder: Path) -> None:
    _run(review_folder, "add", "idle")
    assert _run(review_folder, "remove", "idle").stdout == (
        "removed idle from 0 excerpts in 0 notes. libreview undo takes it back\n"
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["rename", "fair", "trade"], 1, "libreview themes merge fair --into trade"),
        (["rename", "fiar", "x"], 1, "Did you mean fair?"),
        (["merge", "fair", "--into", "fair"], 1, "nothing to merge"),
        (["merge", "fair"], 2, "--into"),
        (["merge", "--into", "x"], 2, "THEME"),
        (["move", "trade", "--parent", "fair"], 1, "cannot stand below fair"),
        (["move", "trade", "--parent", "trade"], 1, "below itself"),
        (["move", "trade"], 2, "--parent"),
        (["split", "fair"], 1, "needs a terminal"),
        (["split", "zzz"], 1, "There is no theme"),
    ],
)
def test_what_cannot_be_done_writes_nothing(review_folder: Path, words: list[str], status: int, said: str) -> None:
    before = _files(review_folder)
    done = _run(review_folder, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr
    assert _files(review_folder) == before


# Dividing -------------------------------------------------------------------------------------------------------------


def _three(folder: Path) -> None:
    (folder / "notes" / "x.md").write_text(
        "".join(f"> Words {n}. [@wijaya2001, p. {n}] #trade\n\n" for n in range(3)), encoding="utf-8"
    )


def _split(review: Review, answers: Iterable[str]) -> tuple[dialogue.Tally, str]:
    shown: list[str] = []
    given = chain((f"{answer}\n" for answer in answers), [""])
    terminal = dialogue.Terminal(
        language("en"), interactive=True, answers=lambda: next(given), show=shown.append, width=60
    )
    queue = [one for one in recoding.carrying(review, "trade") if one.location.path == "notes/x.md"]
    loop = dialogue_splitting.SplitLoop(terminal, review, "", dialogue.Door.of(review), divided="trade")
    return loop.run(queue), "".join(shown)


@pytest.mark.parametrize(
    ("answers", "themes"),
    [
        (["1"], "#fair"),
        (["pam"], "#fair"),
        (["n Big trade"], "#big-trade"),
        (["k"], "#trade"),
        (["", "1"], "#trade"),
        (["s"], "#trade"),
        (["0"], ""),
        (["1", "u", "n other"], "#other"),
        (["zq", "y"], "#zq"),
        (["99", "1"], "#fair"),
        (["trade 1"], "#trade #fair"),
        (["c Why?", "1"], "#fair"),
    ],
)
def test_answers(review_folder: Path, answers: list[str], themes: str) -> None:
    _three(review_folder)
    with Review.open(review_folder) as review:
        _split(review, [*answers, "q"])
    line = _files(review_folder)["x.md"].splitlines()[0]
    assert line == f"> Words 0. [@wijaya2001, p. 0] {themes}".rstrip()


def test_new_themes_stand_below_the_divided_one(review_folder: Path) -> None:
    _three(review_folder)
    with Review.open(review_folder) as review:
        tally, screen = _split(review, ["n port", "1", "k"])
        assert review.codebook.themes["port"].parent == "trade"
    assert (tally.coded, tally.skipped, tally.left) == (2, 0, 0)
    assert "1 fair" in screen
    assert "1 trade" not in screen
    assert "saved #port notes/x.md:1" in screen


def test_the_split_command(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _three(review_folder)
    monkeypatch.setattr(asking, "possible", lambda: True)
    done = _run(review_folder, "split", "trade", typed="k\nn port\nq\n")
    assert done.stdout == "1 excerpt moved, 3 stay with trade. Next: libreview themes list\n"
    _run(review_folder, "add", "idle")
    assert _run(review_folder, "split", "idle").stdout == "No excerpt has the theme idle.\n"
