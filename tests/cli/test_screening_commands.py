"""``include`` and ``exclude`` as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face


@pytest.fixture(autouse=True)
def folder(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(review_folder)
    return review_folder


def run(*words: str, typed: bytes = b"") -> Result:
    return CliRunner().invoke(face, list(words), input=typed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("include",), "Say which sources"),
        (("include", "wijaya", "--query", "year:2001"), "Say which sources"),
        (("exclude", "--query", "year:2001", "--from", "-", "--reason", "r"), "Say which sources"),
        (("exclude", "wijaya"), "Say why it is left out"),
        (("include", "--query", "year:1800"), "No source is selected by: year:1800"),
        (("include", "nobody"), 'There is no source "nobody"'),
        (("include", "--from", "missing.csv"), "There is no file missing.csv"),
        (("include", "--from", "-"), "There is no key in -"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(folder: Path, words: tuple[str, ...], said: str) -> None:
    tried = run(*words)
    assert tried.exit_code in (1, 2)
    assert said in tried.stderr
    assert tried.stdout == ""
    assert not (folder / "sources" / "screening.toml").exists()


def test_keys_come_from_a_pipe(folder: Path) -> None:
    keys = run("list", "--keys").stdout_bytes
    done = run("exclude", "--from", "-", "--reason", "a trial", typed=keys)
    assert done.stdout == "excluded 2 sources in sources/screening.toml: a trial. libreview undo takes it back.\n"
    assert done.stderr.splitlines() == [
        "In the review: 0 of 2 sources",
        "2 excluded sources are cited by excerpts, which tables no longer count: libreview check",
    ]
    assert run("undo").exit_code == 0
    assert not (folder / "sources" / "screening.toml").exists()


def test_unknown_keys_are_listed(folder: Path) -> None:
    (folder.parent / "keys.csv").write_text("key\nwijaya201\nhartono2019\n", encoding="utf-8")
    tried = run("include", "--from", "../keys.csv")
    assert tried.exit_code == 1
    assert tried.stderr.splitlines() == [
        "libreview: 1 of 2 keys in ../keys.csv belong to no source; nothing was written",
        "  Unknown:",
        "  ../keys.csv:2 wijaya201 (wijaya2001?)",
    ]


def test_the_first_include_says_what_drops_out() -> None:
    done = run("include", "hartono", "--coder", "budi")
    assert "1 source in use is undecided: libreview include --query" in done.stderr
    more = run("include", "--query", "screening:undecided (has:excerpt or has:note)")
    assert more.stdout.startswith("included 1 source in")
    assert more.stderr == "In the review: 2 of 2 sources\n"
    again = run("include", "hartono", "wijaya")
    assert again.stdout.startswith("included 1 source in sources/screening.toml; 1 was decided so already")
    assert run("include", "--query", "year:1900..").stdout == "nothing to do: that is decided already for 2 sources\n"


def test_the_coder_of_the_settings_decides() -> None:
    assert run("config", "--user", "coder", "nadia").exit_code == 0
    assert run("include", "hartono").exit_code == 0
    assert "Included (nadia, " in run("show", "hartono").stdout


def test_remarks_are_shown_and_nothing_is_wrong() -> None:
    run("exclude", "wijaya", "--reason", "no city")
    checked = run("check", "notes")
    assert checked.exit_code == 0
    assert checked.stdout.endswith("1 remark\n")
    assert "An excerpt cites wijaya2001, which is excluded from the review: no city" in checked.stdout
    assert "problem" not in run().stdout


def test_reasons_are_shown_safely() -> None:
    run("exclude", "wijaya", "--reason", "no \x1b[31mcity")
    for words in (("show", "wijaya"), ("list", "--json"), ("check",), ("exclude", "hartono"), ("log",)):
        assert "\x1b" not in run(*words).output
