"""What holds for every command that writes: it can be tried without writing, waits for its turn, and overwrites nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner, Result

from libreview.cli import COMMANDS, asking, face
from libreview.model import Change
from libreview.review import Review

READING = {
    "completion", "list", "show", "open", "themes list", "themes show", "summary", "table", "search", "export bibliography",
    "export sources", "export refi", "export codings", "export codebook", "export cards", "render", "cite", "styles", "log",
    "agreement", "describe", "export sheet", "imports list",
}  # fmt: skip
"""Commands that leave the review as it is. What `export` and ``-o`` write are files of their own."""

EDITOR = {"edit"}
"""Opens a file of the user's in the user's editor: what is written there, the user writes."""


SETTLING = {"recover"}
"""Says what is open; its options end it, and have nothing to try first."""


class Try(NamedTuple):
    """A way to call a command so that it changes something. ``typed`` are answers, for one that needs a person.

    ``first`` are calls that go before it.
    """

    words: tuple[str, ...]
    typed: str = ""
    first: tuple[tuple[str, ...], ...] = ()


ADDED = ("themes", "add", "festival")

WRITING: dict[str, tuple[Try, ...]] = {
    "init": (Try(("init", "new", "--force", "--title", "New")),),
    "config": (Try(("config", "title", "Other")), Try(("config", "--user", "coder", "nadia"))),
    "add": (
        Try(("add", "--type", "book", "--author", "Sukarno", "--title", "Bendera", "--year", "1959")),
        Try(("add", "UU 6 Tahun 2014 tentang Desa")),
    ),
    "import": (
        Try(("import", "../library.bib")),
        Try(("import", "../library.bib"), "Scopus\nsister city\n"),
        Try(("import", "sheet", "../budi.csv")),
        Try(("import", "../codebook.csv")),
        Try(("import", "--update", "../codebook.csv")),
    ),
    "include": (Try(("include", "wijaya")), Try(("include", "--query", "screening:undecided"))),
    "exclude": (Try(("exclude", "hartono", "--reason", "no cities")),),
    "imports edit": (Try(("imports", "edit", "1", "--database", "Scopus")),),
    "link": (Try(("link", "../library.bib")),),
    "rekey": (Try(("rekey", "wijaya", "harbours")), Try(("rekey", "--notes-only", "hartono2018", "hartono"))),
    "remove": (Try(("remove", "hartono", "--force")),),
    "dedupe": (Try(("dedupe", "--merge")), Try(("dedupe",), "n\nq\n")),
    "merge": (Try(("merge", "wijaya", "hartono", "--prefer", "wijaya2001")),),
    "note": (Try(("note", "hartono", "--annotation", "Good.")), Try(("note", "wijaya", "--field", "method=survey"))),
    "tag": (
        Try(("tag", "hartono", "-p", "3", "-t", "fresh", "--new", "Some words")),
        Try(("tag", "^k3f9q2", "-t", "fair", "--comment", "More.")),
        Try(("tag", "--query", "theme:trade", "-t", "fresh", "--new")),
    ),
    "untag": (Try(("untag", "^k3f9q2", "-t", "trade")),),
    "code": (Try(("code",), "fair\nq\n"), Try(("code", "--coder", "budi", "--sample", "2"), "fair\nq\n")),
    "themes add": (Try(("themes", "add", "festival", "--parent", "trade")),),
    "themes rename": (Try(("themes", "rename", "fair", "festival")),),
    "themes merge": (Try(("themes", "merge", "fair", "--into", "trade")),),
    "themes move": (Try(("themes", "move", "fair", "--parent", "")),),
    "themes split": (Try(("themes", "split", "trade"), "n festival\nq\n"),),
    "themes remove": (Try(("themes", "remove", "trade", "--force")),),
    "check": (Try(("check", "--fix")),),
    "undo": (Try(("undo",), first=(ADDED,)),),
    "redo": (Try(("redo",), first=(ADDED, ("undo",))),),
}  # fmt: skip

TRIES = [(name, one) for name, several in WRITING.items() for one in several]
LOCKING = [(name, one) for name, one in TRIES if name != "init" and "--user" not in one.words]
"""Making a review, and the user's own settings, touch no review that another could be writing to."""


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(face)
    for name in COMMANDS:
        command = face.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {under}", one) for under, one in command.commands.items())
        else:
            yield name, command


@pytest.fixture
def folder(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A review with an id that stands twice, an excerpt without a theme, and a source that came twice."""
    (review_folder / "sources" / "twice.bib").write_text(
        "".join(
            f"@article{{{key}, author = {{Zaini, Ahmad}}, title = {{What coastal towns may decide by themselves}}, year = 1999,"
            f" journal = {{Jurnal Kota}}, volume = 4, pages = {{10--21}}{more}}}\n"
            for key, more in (("zaini1999", ", number = 2"), ("zainia", ""))
        ),
        encoding="utf-8",
    )
    (review_folder / "notes" / "merged.md").write_text(
        "> Two harbours again. [@wijaya2001, p. 12] #trade ^k3f9q2\n\n> Uncoded. [@wijaya2001, p. 13] ^z9z9z9\n",
        encoding="utf-8",
    )
    (review_folder.parent / "library.bib").write_text("@book{new, title = {New}, year = 2020}\n", encoding="utf-8")
    (review_folder.parent / "codebook.csv").write_text(
        "theme,definition\ntrade,Buying.\nlaw,Rules.\n", encoding="utf-8"
    )
    (review_folder.parent / "budi.csv").write_text(
        "coder,excerpt,source,text,themes\nbudi,^a81b2c,wijaya2001,Firms met at the fair.,trade fair\n",
        encoding="utf-8",
    )
    (review_folder / "sources" / "imports.toml").write_text(
        '[[import]]\nfile = "scopus.ris"\nrecords = 3\nnew = 3\n', encoding="utf-8"
    )
    monkeypatch.chdir(review_folder)
    return review_folder


def run(one: Try, *more: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        if one.typed:
            patch.setattr(asking, "possible", lambda: True)
        return CliRunner().invoke(face, [*one.words, *more], input=one.typed)


def prepare(one: Try) -> None:
    for words in one.first:
        assert CliRunner().invoke(face, list(words)).exit_code == 0


def everything(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Return all that a command may write: review and neighbours, the user's settings, state and memory; not the index."""
    own = Path(os.environ["LIBREVIEW_CONFIG"]).parent
    places = [*folder.parent.rglob("*"), *(one for one in own.rglob("*") if "index" not in one.parts)]
    ignored = {own, own / "cache"}
    return {
        str(place): (
            place.stat().st_mtime_ns if place.is_file() else 0,
            place.read_bytes() if place.is_file() else None,
        )
        for place in places
        if place not in ignored
    }


def test_every_command_is_known_to_read_or_to_write() -> None:
    names = {name for name, _ in every_command()}
    assert names == READING | EDITOR | SETTLING | set(WRITING)


@pytest.mark.parametrize("name", [name for name, _ in every_command()])
def test_a_command_that_writes_can_be_tried_and_waits_for_its_turn(name: str) -> None:
    options = {one.name for one in dict(every_command())[name].params}
    if name in READING | EDITOR | SETTLING:
        assert not options & {"dry_run", "timeout"}
    else:
        assert "dry_run" in options
        assert "timeout" in options or name == "init"


@pytest.mark.parametrize(("name", "one"), TRIES)
def test_a_dry_run_shows_the_difference_and_writes_nothing_at_all(name: str, one: Try, folder: Path) -> None:
    prepare(one)
    before = everything(folder)
    tried = run(one, "--dry-run")
    assert tried.exit_code == (1 if name == "check" else 0), tried.output  # what check found is there still
    assert any(line.startswith("+++ ") for line in tried.stdout.splitlines())
    assert any(line[:1] in ("+", "-") and line[:3] not in ("+++", "---") for line in tried.stdout.splitlines())
    assert "; nothing was written\n" in tried.stderr
    assert everything(folder) == before


@pytest.mark.parametrize(("name", "one"), TRIES)
def test_without_it_the_same_call_writes(name: str, one: Try, folder: Path) -> None:
    prepare(one)
    before = everything(folder)
    done = run(one)
    assert done.exit_code == 0 or name == "check", done.output
    assert "nothing was written" not in done.stderr
    changed = {path for path, what in everything(folder).items() if before.get(path) != what}
    assert any(Path(path).suffix in (".md", ".bib", ".toml") for path in changed)


HOLDER = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def held(folder: Path) -> Iterator[Path]:
    """The review, in which there is something to take back and to do again, while another process holds its lock."""
    for words in (("themes", "add", "fete"), ("themes", "add", "harvest"), ("undo",)):
        assert CliRunner().invoke(face, list(words)).exit_code == 0
    holding = [sys.executable, "-SE", "-c", HOLDER, str(folder / ".libreview" / "lock")]
    with subprocess.Popen(holding, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield folder
        finally:
            holder.kill()


@pytest.mark.parametrize(("name", "one"), LOCKING)
def test_a_second_writer_waits_says_so_and_gives_up(name: str, one: Try, held: Path) -> None:
    def files() -> dict[str, tuple[int, bytes | None]]:
        return {path: what for path, what in everything(held).items() if str(held) in path and ".libreview" not in path}

    before = files()
    tried = run(one, "--lock-timeout", "1.1")
    again = one.typed and one.words[0] != "import"  # who is asked one by one is told, and may answer once more
    assert tried.exit_code == (0 if again else 75)
    assert tried.stderr.count("Waiting for another writer ...") == 1
    assert "Another libreview is writing to this review (.libreview/lock)" in tried.stderr
    assert "give --lock-timeout SECONDS" in tried.stderr
    at_once = run(one, "--lock-timeout", "0")
    assert at_once.exit_code == tried.exit_code
    assert "Waiting" not in at_once.stderr
    assert files() == before
    with pytest.MonkeyPatch.context() as patch:  # only looks: waits a while for what may be half written, then goes on
        patch.setattr("libreview.review._PATIENCE", 0.1)
        assert "; nothing was written\n" in run(one, "--dry-run").stderr


class Race(NamedTuple):
    """A call, and what another program makes of a file between the moment it is read and the moment it is written."""

    words: tuple[str, ...]
    path: str
    old: bytes
    new: bytes


NOTE = "notes/wijaya2001.md"
LOST = [
    Race(("tag", "^a81b2c", "-t", "trade"), NOTE, b"Firms met", b"All firms met"),
    Race(("tag", "wijaya", "-p", "1", "New words"), NOTE, b"^a81b2c\n", b"^a81b2c\n\nTheirs.\n"),
    Race(("untag", "^k3f9q2", "-t", "trade"), NOTE, b"Two harbours signed", b"Both harbours signed"),
    Race(("note", "wijaya", "--annotation", "Mine."), NOTE, b"A careful account.", b"Their account."),
    Race(("note", "wijaya", "--field", "method=survey"), NOTE, b"coder: rina\n", b"coder: rina\nyear: 2001\n"),
    Race(("themes", "add", "mine"), "notes/codebook.toml", b'"pameran"]\n', b'"pameran"]\n\n[theirs]\n'),
    Race(("rekey", "wijaya", "mine"), NOTE, b"@wijaya2001, p. 12", b"@wijaya2002, p. 12"),
    Race(("rekey", "wijaya", "mine"), "sources/all.bib", b"{wijaya2001,", b"{wijaya2002,"),
    Race(("rekey", "wijaya", "mine"), "sources/all.bib", b"  langid = {english},\n", b""),
    Race(("remove", "hartono", "--force"), "sources/all.bib", b"{Pasar kota}", b"{Pasar}"),
    Race(
        ("merge", "wijaya", "hartono", "--prefer", "wijaya2001"),
        "sources/all.bib",
        b"2019,\n",
        b"2019,\n  note = {Theirs},\n",
    ),
    Race(("config", "title", "Mine"), "libreview.toml", b"Two towns", b"Their title"),
    Race(("config", "question", "Mine?"), "libreview.toml", b'"en"\n', b'"en"\nquestion = "Theirs?"\n'),
]
KEPT = [
    Race(("tag", "^a81b2c", "-t", "trade"), NOTE, b"A careful account.", b"A very careful account."),
    Race(("tag", "^k3f9q2", "-t", "fair"), NOTE, b"---\nsource", b"---\nyear: 2001\nsource"),
    Race(("tag", "wijaya", "-p", "1", "New words"), NOTE, b"A careful account.", b"Their account."),
    Race(("untag", "^k3f9q2", "-t", "trade"), NOTE, b"Never published.", b"Published since."),
    Race(("note", "wijaya", "--annotation", "Mine."), NOTE, b"Firms met", b"All firms met"),
    Race(("themes", "add", "mine"), "notes/codebook.toml", b'"Trade"', b'"Commerce"'),
    Race(("rekey", "wijaya", "mine"), NOTE, b"Never published.", b"Published since."),
    Race(("rekey", "hartono", "mine"), "sources/all.bib", b"Two harbours", b"Both harbours"),
    Race(("remove", "hartono", "--force"), "sources/all.bib", b"Two harbours", b"Both harbours"),
    Race(("config", "language", "id"), "libreview.toml", b"", b"# theirs\n"),
]


def raced(race: Race, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Result, bytes, bytes]:
    """Return what the call came to, and the file as the other program left it and as it is now."""
    place = folder / race.path
    theirs = place.read_bytes().replace(race.old, race.new, 1) if race.old else race.new + place.read_bytes()
    real = Review.apply

    def apply(review: Review, change: Change, **more: object) -> None:
        place.write_bytes(theirs)
        real(review, change, **more)  # type: ignore[arg-type]

    monkeypatch.chdir(folder)
    monkeypatch.setattr(Review, "apply", apply)
    return CliRunner().invoke(face, list(race.words)), theirs, place.read_bytes()


@pytest.mark.parametrize("race", LOST, ids=lambda race: " ".join(race.words))
def test_what_another_program_changed_meanwhile_is_never_overwritten(
    race: Race, review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: what for path, what in everything(review_folder).items() if not path.endswith(race.path)}
    result, theirs, now = raced(race, review_folder, monkeypatch)
    assert now == theirs
    assert result.exit_code == 1
    assert f"{race.path} changed on disk since it was read; nothing was written" in result.stderr
    assert "Save and close it in your editor, then run the command again." in result.stderr
    after = everything(review_folder)
    assert all(after[path] == what for path, what in before.items() if path.startswith(str(review_folder)))


@pytest.mark.parametrize("race", KEPT, ids=lambda race: " ".join(race.words))
def test_that_another_place_of_the_file_changed_is_no_reason_to_refuse(
    race: Race, review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, theirs, now = raced(race, review_folder, monkeypatch)
    assert result.exit_code == 0, result.output
    assert race.new in now
    assert now != theirs


def test_a_file_that_came_meanwhile_is_not_overwritten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(("add", "--title", "One"), "sources/one.bib", b"", b"% theirs\n")
    real = Review.apply

    def apply(review: Review, change: Change, **more: object) -> None:
        (folder / race.path).write_bytes(race.new)
        real(review, change, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Review, "apply", apply)
    result = CliRunner().invoke(face, list(race.words))
    assert (result.exit_code, (folder / race.path).read_bytes()) == (1, race.new)
    assert "sources/one.bib is already there" in result.stderr


def test_changes_that_may_stay_are_named_and_no_file_is_touched(folder: Path) -> None:
    for words in (("themes", "add", "fete"), ("themes", "add", "harvest")):
        assert CliRunner().invoke(face, list(words)).exit_code == 0
    before = everything(folder)
    tried = CliRunner().invoke(face, ["undo", "2", "--skip", "--dry-run"])
    assert [line.partition(". ")[0] for line in tried.stderr.splitlines()] == [
        "then: stays: make the theme harvest",
        "then: stays: make the theme fete",
    ]
    assert everything(folder) == before
    done = CliRunner().invoke(face, ["undo", "--skip"])
    assert done.stdout == "stays: make the theme harvest. libreview undo takes back what was done before it\n"
    changed = {path for path, what in everything(folder).items() if before.get(path) != what}
    assert not [path for path in changed if ".libreview" not in path]
    assert [one["summary"] for one in json.loads(CliRunner().invoke(face, ["log", "--json"]).stdout)] == [
        "make the theme fete"
    ]
