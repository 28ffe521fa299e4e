"""Coding what others coded, without seeing what they gave."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, dialogue, dialogue_blind, face
from libreview.deeds import comparing
from libreview.review import Review
from libreview.words.i18n import language

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    shutil.copytree(REVIEWS / "coders", tmp_path / "coders")
    return tmp_path / "coders"


def held(folder: Path, coder: str, answers: Sequence[str], query: str = "") -> tuple[dialogue.Tally, str]:
    """What came of the conversation, and what was shown."""
    shown: list[str] = []
    given = chain((f"{answer}\n" for answer in answers), [""])
    with Review.open(folder) as review:
        terminal = dialogue.Terminal(
            language("en"), interactive=True, answers=lambda: next(given), show=shown.append, width=60
        )
        loop = dialogue_blind.BlindLoop(terminal, review, coder, dialogue.Door.of(review))
        return loop.run(comparing.waiting(review, coder, query).excerpts), "".join(shown)


def test_codings_go_into_a_file_of_the_coders_own(coded: Path) -> None:
    notes = {place: place.read_bytes() for place in (coded / "notes").iterdir()}
    tally, _ = held(coded, "siti", ["law", "trade fair", "0", "s", "q"], "not lang:id")
    assert (tally.coded, tally.skipped, tally.left) == (3, 1, 4)
    made = (coded / "notes" / "codings-siti.md").read_text(encoding="utf-8")
    assert made == "---\ncoder: siti\n---\n\n- ^d6e7f8 #law\n- ^e8f9g0 #trade #fair\n- ^f0g1h2 #none\n"
    assert {place: place.read_bytes() for place in notes} == notes
    with Review.open(coded) as review:
        assert next(one.id for one in comparing.waiting(review, "siti").excerpts) == "g2h3j4"
        assert comparing.agreement(review, names=["rina", "siti"]).units == 3


def test_nothing_of_the_others_is_shown(coded: Path) -> None:
    place = coded / "notes" / "wijaya2001.md"
    place.write_text(
        place.read_text(encoding="utf-8").replace("#law ^k3f9q2", "#law ^k3f9q2\n\nClearly a law."), "utf-8"
    )
    (coded / "notes" / "x.md").write_text("> Words. [@wijaya2001, p. 1] #culture ^x1y2z3\n", encoding="utf-8")
    with Review.open(coded) as review:
        review.remember(themes=["law"])  # what rina gave last on this computer
    _, shown = held(coded, "siti", ["s"] * 9)
    assert "#" not in shown
    assert "Clearly" not in shown
    assert shown.count("1 trade") == 9


def test_themes_given_in_the_conversation_come_first(coded: Path) -> None:
    _, shown = held(coded, "siti", ["culture", "1", "c for all to read", "q"])
    screens = shown.split(" of 8 ")[1:]
    assert "1 trade" in screens[0]
    assert "1 culture" in screens[1]
    assert "numbers or letters" in screens[2].split("> ", 1)[1]
    assert "for all to read" not in (coded / "notes" / "hartono2019.md").read_text(encoding="utf-8")


def test_a_note_without_a_coder_is_left_alone(review_folder: Path) -> None:
    place = review_folder / "notes" / "a.md"
    place.write_text("> Words. [@hartono2019, p. 1] #trade\n", encoding="utf-8")
    held(review_folder, "siti", ["fair", "u", "trade", "q"], "source:hartono2019")
    note = place.read_text(encoding="utf-8")
    assert note.startswith("> Words. [@hartono2019, p. 1] #trade ^")
    id = note.strip().rpartition("^")[2]
    assert f"- ^{id} #trade\n" in (review_folder / "notes" / "codings-siti.md").read_text(encoding="utf-8")


def test_own_excerpts_are_coded_where_they_stand(coded: Path) -> None:
    tally, _ = held(coded, "rina", ["fair"])
    assert tally.coded == 1
    assert "[@hartono2019, hlm. 11] #fair ^g2h3j4" in (coded / "notes" / "hartono2019.md").read_text(encoding="utf-8")


def run(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), "code", *words], input=typed)


def test_the_command_says_what_is_left(coded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "possible", lambda: True)
    done = run(coded, "--coder", "siti", "--sample", "50%", "--seed", "7", typed="law\nq\n")
    assert (
        done.stdout == "1 excerpt coded, 0 skipped, 3 left. Next: libreview code --coder siti --sample 50% --seed 7\n"
    )
    assert "sample: 4 of 8 excerpts, seed 7" in done.stderr
    assert "1 of 4 " in done.stderr
    done = run(coded, "--coder", "siti", "--sample", "50%", "--seed", "7", typed="0\n0\n0\n")
    assert done.stdout == "3 excerpts coded, 0 skipped, 0 left. Next: libreview agreement\n"
    done = run(coded, "--coder", "siti", "--sample", "50%", "--seed", "7")
    assert done.stdout == "siti has coded every excerpt here. Next: libreview agreement\n"
    assert run(coded, "--coder", "siti", "year:1900").stdout == "No excerpt is selected.\n"
    tried = run(coded, "--coder", "budi", "--dry-run", typed="law\n")
    assert "+- ^g2h3j4 #law" in tried.stdout


def test_without_a_terminal_it_says_who_waits(coded: Path) -> None:
    done = run(coded, "--coder", "siti")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "8 excerpts wait for siti; coding needs a terminal" in done.stderr
    done = run(coded, "--sample", "20%")
    assert done.exit_code == 2
    assert "A sample is drawn for a coder" in done.stderr
    done = run(coded, "--coder", "siti", "--sample", "many")
    assert (done.exit_code, '"many" is no size of a sample' in done.stderr) == (2, True)
