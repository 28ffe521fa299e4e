"""How commands end: 0 done, 1 it could not be done or something is wrong, 2 what was typed is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"

QUERIES = (
    "list",
    "list --keys",
    "list --json",
    "search",
    "summary",
    "summary trade",
    "table frequency",
    "table matrix",
    "table sources",
    "table gaps",
    "describe",
    "agreement",
    "export bibliography",
    "export sources",
    "export codings",
    "export cards",
    "export sheet --coder siti",
    "export refi",
    "code",
    "code --coder siti",
    "tag -t law --query",
    "themes list",
)
"""Commands that take a query at their end."""

MISTAKES = {
    "theme:nope": 'There is no theme "nope"',
    "theme:law,=nope": 'There is no theme "nope"',
    "lang:id or theme:lawd": 'There is no theme "lawd"',
    "nofield:x": '"nofield:" is not a field',
    "has:nothing": '"nothing" is nothing that a source can have',
    "year:abc": '"abc" is not a year',
    "year:2020..2010": "The range ends before it begins",
    "kind:poem": 'kind: is quotation or paraphrase, not "poem"',
    "(lang:id": "The parenthesis is never closed",
    "theme:": "theme: needs a value",
    "lang:id or": "or needs something on both sides",
}


@pytest.fixture(scope="module")
def coders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statuses") / "coders"
    shutil.copytree(REVIEWS / "coders", folder)
    return folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words], prog_name="libreview")


@pytest.mark.parametrize("query", MISTAKES)
@pytest.mark.parametrize("command", QUERIES)
def test_a_mistake_in_a_query_is_shown_with_its_place(coders: Path, command: str, query: str) -> None:
    out = ["-o", str(coders.parent / "x.qdpx")] if command == "export refi" else []
    done = run(coders, *command.split(), query, *out)
    assert (done.exit_code, done.stdout) == (2, "")
    first, line, caret, *_ = done.stderr.splitlines()
    assert first == f"libreview: {MISTAKES[query]}"
    assert line.startswith("  ")
    assert caret.strip() == "^"
    assert len(caret) <= len(line) + 1


@pytest.mark.parametrize(
    ("command", "status"),
    [
        # What was typed is none of the choices there are, or goes with nothing
        ("lst", 2),
        ("list --nope", 2),
        ("list --format nope", 2),
        ("list -o x.nope", 2),
        ("list --excel --raw", 2),
        ("search", 2),
        ("search --limit x word", 2),
        ("show", 2),
        ("summary --format nope", 2),
        ("summary --language xx", 2),
        ("summary --language xx -o x.docx", 2),
        ("table", 2),
        ("table nope", 2),
        ("table matrix --by nope", 2),
        ("table matrix --cells nope", 2),
        ("table matrix --unit source", 2),
        ("table co-occurrence --unit nope", 2),
        ("table synthesis --fields nope", 2),
        ("table sources --fields nope", 2),
        ("table frequency --transpose", 2),
        ("table frequency --depth 0", 2),
        ("describe --format nope", 2),
        ("agreement --unit nope", 2),
        ("agreement --coders rina", 2),
        ("export", 2),
        ("export nope", 2),
        ("export bibliography --by nope", 2),
        ("export bibliography --language xx", 2),
        ("export cards --by nope", 2),
        ("export codings --format nope", 2),
        ("export sources -o x.nope", 2),
        ("cite", 2),
        ("tag", 2),
        ("tag ^k3f9q2", 2),
        ("untag ^k3f9q2", 2),
        ("untag", 2),
        ("code --coder siti --sample many", 2),
        ("code --seed x", 2),
        ("themes nope", 2),
        ("list screening:maybe", 2),
        ("include", 2),
        ("include --query theme:nope", 2),
        ("exclude wijaya2001", 2),
        ("add --type nope --title T", 2),
        ("config nope", 2),
        # A source, excerpt, theme, coder, style or file by a name that nothing has
        ("show nope", 1),
        ("show ^zzzzzz", 1),
        ("summary nope", 1),
        ("agreement --coders rina,nope", 1),
        ("cite nope", 1),
        ("cite wijaya2001 --style nope", 1),
        ("export bibliography --style nope", 1),
        ("tag nope -t law words", 1),
        ("tag ^zzzzzz -t law", 1),
        ("tag ^k3f9q2 -t nope", 1),
        ("tag wijaya2001 -t nope words", 1),
        ("untag ^zzzzzz -t law", 1),
        ("untag ^k3f9q2 -t nope", 1),
        ("untag ^k3f9q2 -t trade", 1),
        ("themes show nope", 1),
        ("import nope.bib", 1),
        ("check nope", 1),
        ("include nope", 1),
        ("include --query year:1800", 1),
        # Nothing is there to do it with
        ("agreement id:g2h3j4", 1),
        ("agreement year:1800", 1),
        ("export bibliography year:1800", 1),
        ("export sources year:1800", 1),
        ("export codings year:1800", 1),
        ("export cards year:1800", 1),
        ("export sheet --coder siti year:1800", 1),
        ("tag --query year:1800 -t law", 1),
        ("code --coder siti", 1),
        # Nothing found is an answer
        ("list year:1800", 0),
        ("list note:nope=1", 0),
        ("search nothingatall", 0),
        ("summary year:1800", 0),
        ("table frequency year:1800", 0),
        ("describe year:1800", 0),
        ("code year:1800", 0),
        ("code --coder siti year:1800", 0),
    ],
)
def test_how_commands_end(coders: Path, command: str, status: int) -> None:
    done = run(coders, *command.split())
    assert (done.exit_code, done.stderr[-200:] if done.exit_code != status else "") == (status, "")
    assert (status == 0) or any(line.startswith("libreview: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "command", ["list", "search", "summary", "table frequency", "describe", "code", "code --coder siti"]
)
def test_what_nobody_has_is_said_in_a_pipe(coders: Path, command: str) -> None:
    said = run(coders, *command.split(), "note:nope=1").stderr
    assert said == 'No note card has the field "nope", nor any other but source and coder.\n'
    assert run(coders, *command.split(), "year:1800").stderr == "The sources are from 2001 to 2019.\n"


def test_outside_a_review_nothing_can_be_done(tmp_path: Path) -> None:
    for command in ("list", "summary", "agreement", "code", "cite x", "untag ^a1 -t b"):
        assert run(tmp_path, *command.split()).exit_code == 1
