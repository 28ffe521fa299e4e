"""rekey, remove and merge as a script calls them, and with answers put in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, face, merging_dialogue
from libreview.cli.dialogue import Terminal
from libreview.deeds.merging import Conflicting
from libreview.review import Review
from libreview.words.errors import Refused
from libreview.words.i18n import language


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words])


def _typed(folder: Path, typed: str, *words: str) -> Result:
    """Return what comes of a call at a terminal where ``typed`` is answered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "possible", lambda: True)
        return CliRunner().invoke(face, ["-C", str(folder), *words], input=typed)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".libreview" not in path.parts
    }


@pytest.fixture
def twins(review_folder: Path) -> Path:
    """A review in which one source came twice, with another year."""
    (review_folder / "sources" / "import.bib").write_text(
        "@misc{twin,\n  title = {Two harbours},\n  year = {2002},\n  doi = {10.1/x},\n  note = {\x1b[31m},\n}\n",
        encoding="utf-8",
    )
    return review_folder


def test_rekey(review_folder: Path) -> None:
    done = _run(review_folder, "rekey", "wijaya", "wijaya2001harbours")
    assert done.exit_code == 0
    assert done.stdout == (
        "wijaya2001 is now wijaya2001harbours in sources/all.bib: 2 citations in 1 note, 1 note card. "
        "libreview undo takes it back.\n"
    )
    assert b"[@hartono2018, p. 3; @wijaya2001harbours, p. 14]" in (review_folder / "notes/wijaya2001.md").read_bytes()
    only = _run(review_folder, "rekey", "--notes-only", "hartono2018", "hartono")
    assert only.stdout.startswith("hartono2018 is now hartono2019: 1 citation in 1 note.")
    assert _run(review_folder, "rekey", "hartono", "h").stdout.startswith(
        "hartono2019 is now h in sources/all.bib: 1 c"
    )


def test_remove(review_folder: Path) -> None:
    refused = _run(review_folder, "remove", "wijaya")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "2 excerpts cite wijaya2001: notes/wijaya2001.md:8, notes/wijaya2001.md:12\n" in refused.stderr
    assert "libreview remove wijaya2001 --force" in refused.stderr
    done = _run(review_folder, "remove", "wijaya", "hartono", "--force")
    assert done.stdout == (
        "removed wijaya2001, hartono2019 from sources/all.bib; deleted sources/all.bib, now empty. "
        "libreview undo takes it back.\n"
    )
    assert "excerpts still cite" in done.stderr
    assert not (review_folder / "sources" / "all.bib").exists()


def test_merge(twins: Path) -> None:
    refused = _run(twins, "merge", "wijaya", "twin")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.endswith(
        "year:\n  [1] wijaya2001  2001\n  [2] twin        2002\n"
        "libreview: These sources contradict each other: year\n"
        "  Say what counts: --take year=KEY for a field, --prefer KEY for the rest.\n"
    )
    done = _run(twins, "merge", "wijaya", "twin", "--take", "year=tw")
    assert done.stdout == "merged 1 source into wijaya2001: 3 fields taken. libreview undo takes it back.\n"
    assert "doi is from twin\n" in done.stderr
    assert "The type stays article (not: misc).\n" in done.stderr
    assert b"  year = {2002},\n" in (twins / "sources" / "all.bib").read_bytes()
    assert not (twins / "sources" / "import.bib").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["rekey", "wijaya", "new"],
        ["rekey", "hartono2018", "hartono2019", "--notes-only"],
        ["remove", "hartono", "--force"],
        ["merge", "wijaya", "twin", "--prefer", "wij"],
        ["merge", "twin", "wijaya", "hartono", "--prefer", "wijaya2001"],
    ],
)
def test_a_dry_run_shows_and_writes_nothing(twins: Path, words: list[str]) -> None:
    before = _files(twins)
    done = _run(twins, *words, "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.startswith("--- ")
    assert "then: " in done.stderr
    assert "\x1b" not in done.output
    assert _files(twins) == before


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["rekey", "wijaya", "hartono2019"], 1, "libreview merge hartono2019 wijaya2001"),
        (["rekey", "wijaya", "a,b"], 1, "cannot be a citation key"),
        (["rekey", "wijaya"], 2, "NEW"),
        (["remove", "nobody"], 1, 'no source "nobody"'),
        (["remove"], 2, "REF"),
        (["merge", "wijaya"], 2, "OTHER"),
        (["merge", "wijaya", "twin", "--take", "year"], 2, "does not say whose field counts"),
        (["merge", "wijaya", "twin", "--take", "year=zzz"], 2, "none of the sources"),
        (["merge", "wijaya", "twin", "--prefer", "zzz"], 2, "none of the sources"),
        (["merge", "wijaya", "wijaya"], 1, "different sources"),
    ],
)
def test_what_cannot_be_done_writes_nothing(twins: Path, words: list[str], status: int, said: str) -> None:
    before = _files(twins)
    done = _run(twins, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr
    assert _files(twins) == before


def _terminal(answers: Sequence[str], shown: list[str]) -> Terminal:
    lines = iter(answers)
    return Terminal(language("en"), interactive=True, answers=lambda: next(lines, ""), show=shown.append, width=60)


def test_conflicts_are_asked_about_one_by_one(twins: Path) -> None:
    place = twins / "sources" / "import.bib"
    place.write_text(place.read_text(encoding="utf-8").replace("Two harbours", "Harbours " * 30), encoding="utf-8")
    shown: list[str] = []
    with Review.open(twins) as review:
        terminal = _terminal(["7\n", "x\n", "2\n", "wijaya2001\n"], shown)
        chosen = merging_dialogue.settled(terminal, review, "wijaya2001", ["twin"], {"doi": "twin"}, "")
        assert chosen == {"doi": "twin", "title": "twin", "year": "wijaya2001"}
        assert "".join(shown).count("Which title counts? [1-2] ") == 3
        assert all(len(line) <= 60 for text in shown for line in text.split("\n"))
        with pytest.raises(click.Abort):
            merging_dialogue.settled(_terminal([], []), review, "wijaya2001", ["twin"], {}, "")
        with pytest.raises(Conflicting):
            merging_dialogue.settled(Terminal(language("en")), review, "wijaya2001", ["twin"], {}, "")


def test_a_person_is_asked_before_anything_is_written(twins: Path) -> None:
    before = _files(twins)
    no = _typed(twins, "n\n", "remove", "twin")
    assert (no.exit_code, no.stdout) == (1, "")
    gone = _typed(twins, "1\n", "merge", "wijaya", "twin", "--take", "title=twin")
    assert gone.exit_code == 0
    assert "Which year counts? [1-2] " in gone.stderr
    assert _files(twins) != before
    assert _run(twins, "undo").exit_code == 0
    assert _files(twins) == before
    assert _typed(twins, "", "merge", "wijaya", "twin").exit_code == 1
    assert _files(twins) == before
    assert _typed(twins, "y\n", "remove", "twin").stdout.startswith("removed twin from sources/import.bib; deleted")


def test_removing_is_asked_about(twins: Path) -> None:
    shown: list[str] = []
    with Review.open(twins) as review:
        with pytest.raises(click.Abort):
            merging_dialogue.agree(_terminal(["\n"], shown), review, ["twin"], force=False)
        assert "".join(shown) == "Remove 1 source: twin? [y/N] "
        merging_dialogue.agree(_terminal(["y\n"], shown), review, ["twin", "wijaya2001"], force=True)
        with pytest.raises(Refused):
            merging_dialogue.agree(_terminal([], shown), review, ["wijaya2001"], force=False)
