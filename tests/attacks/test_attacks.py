"""No hostile input gets a control character out, a traceback, a second of patience too much, or a byte outside its folder."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import re
import sqlite3
import sys
import time
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from libreview.cli import COMMANDS, face, printing
from libreview.disk.index import place_name
from libreview.review import Review

HERE = Path(__file__).resolve().parent

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
"""What no terminal may get from a file: controls, bidi overrides, what cannot be seen."""

READING = (
    ("list",),
    ("list", "--json"),
    ("list", "--format", "terminal"),
    ("list", "--format", "csv"),
    ("check",),
    ("check", "--json"),
    ("check", "--format", "terminal"),
    ("search", "harbours"),
    ("search", "--json", "trade"),
    ("summary", "--all"),
    ("summary", "--all", "--json"),
    ("summary", "--all", "--format", "terminal"),
    ("summary", "--all", "--format", "md"),
    ("table", "frequency", "--all"),
    ("table", "concept-matrix", "--all", "--format", "terminal"),
    ("table", "sources", "--all", "--format", "csv"),
    ("table", "screening", "--format", "terminal"),
    ("themes", "list"),
    ("themes", "show", "trade"),
    ("show", "good"),
    ("show", "bad"),
    ("show", "^k3f9q2"),
    ("export", "sources"),
    (),
)
"""Commands that only look."""


def _make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_attacks", HERE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_attacks"] = module
    spec.loader.exec_module(module)
    return module


MAKE = _make()
BY_NAME = {attack.name: attack for attack in MAKE.ATTACKS}
SENT = {attack.name: attack for attack in MAKE.SPREADSHEETS}


def _laid(name: str, folder: Path) -> Path:
    try:
        review: Path = MAKE.lay(BY_NAME[name], folder)
    except (OSError, ValueError) as error:
        pytest.skip(f"this file system cannot hold it: {error}")
    return review


def _known(words: Sequence[str]) -> bool:
    """Return whether there is such a command."""
    return not words or words[0] not in COMMANDS or importlib.util.find_spec(
        f"libreview.cli.{COMMANDS[words[0]].module}"
    ) is not None  # fmt: skip


def _run(review: Path, words: Sequence[str], standard_input: str = "") -> Result:
    """Run a command, and hold what it says and takes against what every command owes."""
    result = CliRunner().invoke(face, ["-C", str(review), *words], input=standard_input)
    assert isinstance(result.exception, SystemExit | None), repr(result.exception)
    said = result.stdout_bytes.decode("utf-8") + result.stderr_bytes.decode("utf-8")
    assert "Traceback" not in said
    assert "internal error" not in said, said[:2000]
    assert result.exit_code in (0, 1, 2), said[:2000]
    found = RAW.search(said)
    assert found is None, said[max(0, found.start() - 80) : found.start() + 80].encode("unicode_escape")
    assert MAKE.UNASKED not in said
    return result


def _bytes(folder: Path) -> dict[str, bytes | str]:
    """Return all that lies below ``folder``; links by where they lead."""
    found: dict[str, bytes | str] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            one = Path(place) / name
            path = str(one.relative_to(folder))
            if one.is_symlink():
                found[path] = str(one.readlink())
            elif one.is_file():
                found[path] = one.read_bytes()
    return found


def _own(found: dict[str, bytes | str]) -> dict[str, bytes | str]:
    """Return ``found`` without what the program keeps for itself."""
    return {path: data for path, data in found.items() if not path.startswith(("review/.libreview", ".libreview"))}


@pytest.mark.parametrize("name", BY_NAME)
def test_looking_is_safe(name: str, tmp_path: Path) -> None:
    review = _laid(name, tmp_path)
    before = _own(_bytes(tmp_path))
    for words in filter(_known, READING):
        _run(review, words)
    assert _own(_bytes(tmp_path)) == before


@pytest.mark.parametrize("name", [name for name in BY_NAME if BY_NAME[name].usable])
def test_what_stands_beside_stays_usable(name: str, tmp_path: Path) -> None:
    review = _laid(name, tmp_path)
    with Review.open(review) as opened:
        assert set(BY_NAME[name].usable) <= set(opened.source_keys())
        assert opened.source("good").title == "Two harbours"


@pytest.mark.parametrize("name", SENT)
def test_tables_from_others_are_safe(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MAKE.lay(SENT[name], tmp_path))
    outside = _bytes(tmp_path / "outside")
    began = time.process_time()
    _run(Path(), SENT[name].words)
    assert time.process_time() - began < 15
    _run(Path(), ("check",))
    _run(Path(), ("themes", "list"))
    assert _bytes(tmp_path / "outside") == outside
    assert {one.name for one in tmp_path.iterdir()} == {"review", "outside"}
    with Review.open(Path()) as opened:
        assert opened.source("good").title == "Two harbours"


@pytest.mark.skipif(not _known(("import",)), reason="no such command")
@pytest.mark.parametrize("name", [name for name in BY_NAME if "sources/bad.bib" in BY_NAME[name].files])
def test_importing_is_safe(name: str, tmp_path: Path, review_folder: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    laid = _laid(name, sent)
    before = _bytes(sent)
    _run(review_folder, ("import", str(laid / "sources" / "bad.bib")))
    _run(review_folder, ("list",))
    _run(review_folder, ("check",))
    assert _bytes(sent) == before
    assert {one.name for one in tmp_path.iterdir()} == {"review", "sent"}
    with Review.open(review_folder) as opened:
        assert {"wijaya2001", "hartono2019"} <= set(opened.source_keys())


@pytest.mark.parametrize("name", [name for name in BY_NAME if name.startswith(("link-", "journal-", "file-names"))])
def test_writing_stays_inside(name: str, tmp_path: Path) -> None:
    review = _laid(name, tmp_path)
    outside = tmp_path / "outside"
    before = _bytes(outside)
    library = tmp_path / "library.bib"
    library.write_bytes(b"@book{new1, title={New}, author={Wijaya, Rina}, year={2002}}\n")
    for words in (
        ("import", str(library)),
        ("add", "--title", "Newer", "--author", "Hartono", "--year", "2003"),
        ("note", "good", "Read again."),
        ("tag", "good", "-p", "3", "-t", "trade", "Words of the source."),
        ("tag", "^k3f9q2", "-t", "trade"),
        ("untag", "^k3f9q2", "-t", "trade"),
        ("themes", "add", "fair"),
    ):
        if _known(words):
            _run(review, words)
    assert _bytes(outside) == before
    assert {one.name for one in tmp_path.iterdir()} == {"outside", "review", "library.bib"}


@pytest.mark.parametrize("query", MAKE.QUERIES, ids=lambda query: ascii(query[:20]))
def test_every_query_is_answered(query: str, review_folder: Path) -> None:
    before = _own(_bytes(review_folder))
    for words in (("search", "--", query), ("list", "--", query), ("summary", "--", query)):
        if _known(words):
            said = _run(review_folder, words).output
            assert "fts5" not in said
            assert "sqlite" not in said.lower()
    assert _own(_bytes(review_folder)) == before


@pytest.mark.parametrize("words", MAKE.WORDS, ids=lambda words: ascii(" ".join(words)[:30]))
def test_every_word_of_the_command_line_is_answered(
    words: tuple[str, ...], review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not _known(words):
        pytest.skip("no such command")
    monkeypatch.chdir(review_folder)
    before = _own(_bytes(review_folder))
    _run(review_folder, words)
    after = _own(_bytes(review_folder))
    assert {path: data for path, data in after.items() if path in before} == before or words[0] in ("tag", "config")


@pytest.mark.parametrize("name", [name for name in BY_NAME if name.startswith("text-")])
def test_a_terminal_gets_nothing_raw(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    review = _laid(name, tmp_path)
    monkeypatch.setattr(printing, "to_terminal", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    for words in (
        ("list",),
        ("check",),
        ("show", "bad"),
        ("search", "e"),
        ("summary", "--all"),
        ("table", "sources", "--all"),
        ("export", "sources", "--all"),
        ("export", "sources", "--all", "--format", "md"),
        ("cite", "bad"),
        (),
    ):
        if _known(words):
            _run(review, words)


class _Page(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "img", "base", "form"):
            self.harm.append(tag)
        for name, value in attrs:
            if name.startswith("on") or re.match(r"\s*(?:javascript|data|vbscript|file):", value or "", re.IGNORECASE):
                self.harm.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("name", [name for name in BY_NAME if name.startswith("text-") or name == "note-raw-formats"])
def test_pages_hold_nothing_that_runs(name: str, tmp_path: Path) -> None:
    review = _laid(name, tmp_path)
    for words in (
        ("list",),
        ("summary", "--all"),
        ("table", "frequency", "--all"),
        ("show", "good"),
        ("show", "bad"),
        ("check",),
    ):
        if _known(words):
            page = _Page()
            page.feed(_run(review, (*words, "--format", "html")).stdout)
            assert not page.harm


@pytest.mark.parametrize("form", ["tex", "md", "rst", "html"])
def test_a_bibliography_holds_no_commands(form: str, tmp_path: Path) -> None:
    if not _known(("export",)):
        pytest.skip("no such command")
    (tmp_path / "sent").mkdir()
    review = _laid("text-latex", tmp_path / "sent")
    place = tmp_path / f"bibliography.{form}"
    result = _run(review, ("export", "bibliography", "--all", "--excerpts", "-o", str(place)))
    assert result.exit_code == 0
    written = place.read_text(encoding="utf-8")
    assert "Two harbours" in written
    if form == "tex":
        assert not re.search(r"\\(?:input|write18|csname|catcode)(?![a-z])", written.replace("\\textbackslash", ""))


@pytest.mark.parametrize("name", ["text-formula", "text-formula-signs"])
def test_tables_hold_no_formulas(name: str, tmp_path: Path) -> None:
    review = _laid(name, tmp_path)
    for words in (("list",), ("check",), ("table", "sources", "--all")):
        if _known(words):
            said = _run(review, (*words, "--format", "csv")).stdout
            cells = [cell.lstrip(" \t") for row in csv.reader(io.StringIO(said)) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\uff1d"))]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 4096, b"not a database", b"SQLite format 3\0" + b"\xff" * 5000, None],
    ids=["empty", "zeros", "text", "damaged", "foreign"],
)
def test_a_damaged_index_is_made_anew(content: bytes | None, review_folder: Path) -> None:
    sound = _run(review_folder, ("list",)).stdout
    place = Path(os.environ["LIBREVIEW_CACHE"]) / "index" / f"{place_name(review_folder)}.sqlite"
    assert place.exists()
    if content is None:
        place.unlink()
        with sqlite3.connect(place) as foreign:
            foreign.executescript(
                "CREATE TABLE file (x); CREATE VIEW source AS SELECT 1 AS key; CREATE TABLE note (y);"
            )
    else:
        place.write_bytes(content)
    result = _run(review_folder, ("list",))
    assert result.exit_code == 0
    assert result.stdout == sound


def test_every_page_of_the_index_may_be_damaged(review_folder: Path) -> None:
    sound = _run(review_folder, ("list",)).stdout
    place = Path(os.environ["LIBREVIEW_CACHE"]) / "index" / f"{place_name(review_folder)}.sqlite"
    whole = place.read_bytes()
    for at in range(4096, len(whole), 4096 * 5):
        place.write_bytes(whole[:at] + b"\xa5" * 4096 + whole[at + 4096 :])
        for words in (("list",), ("search", "harbours"), ("summary",)):
            if _known(words):
                assert _run(review_folder, words).exit_code == 0
    assert _run(review_folder, ("list",)).stdout == sound


def test_modules_in_the_folder_are_not_taken_for_ours(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sqlite3", "json", "rich", "libreview", "bibtexparser", "sitecustomize"):
        (review_folder / f"{name}.py").write_text("raise SystemExit('taken over')\n", encoding="utf-8")
    monkeypatch.chdir(review_folder)
    environment: dict[str, Any] = {"PYTHONPATH": None}
    result = CliRunner(env=environment).invoke(face, ["list"])
    assert result.exit_code == 0
    assert "taken over" not in result.output


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "huge", "hostile"])
def test_a_linked_library_may_be_anything(kind: str, tmp_path: Path, review_folder: Path) -> None:
    place = tmp_path / "library.bib"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    elif kind == "device":
        place.symlink_to("/dev/zero")
    elif kind == "huge":
        place.touch()
        os.truncate(place, 300 * 1024 * 1024)
    else:
        hostile = b"".join(
            BY_NAME[name].files.get("sources/bad.bib", b"") for name in BY_NAME if name.startswith("text-")
        )
        place.write_bytes(hostile + b"@article{~/../x,\n title={../../etc/passwd},\n file={/etc/passwd}\n}\n")
    own = Path(os.environ["LIBREVIEW_CONFIG"])
    own.write_text(f'[libraries.z]\npath = "{place}"\nreviews = ["{review_folder}"]\n', encoding="utf-8")
    with (review_folder / "libreview.toml").open("a", encoding="utf-8") as file:
        file.write('libraries = ["z"]\n')
    before = own.read_bytes()
    for words in (*READING, ("link",), ("link", str(place)), ("show", "wijaya2001")):
        _run(review_folder, words)
    assert own.read_bytes() == before
    with Review.open(review_folder) as opened:
        assert {"wijaya2001", "hartono2019"} <= set(opened.source_keys())
