"""init, import, add and config, in an empty folder."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, face

_BIB = b"@book{a1,\r\n  title = {One},\r\n  author = {Ani},\r\n  year = 2001,\r\n}\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


@pytest.fixture
def review(folder: Path) -> Path:
    assert run("init", ".", "--title", "T").exit_code == 0
    return folder


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(face, words, input=given, prog_name="libreview")


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person sit before the program."""
    monkeypatch.setattr(asking, "possible", lambda: True)


def settings(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "libreview.toml").read_text(encoding="utf-8"))


def test_init_in_a_pipe_asks_nothing(folder: Path) -> None:
    result = run("init", "skripsi", "--language", "id", "--notes", "catatan", "--notes", "vault")
    assert result.stdout.splitlines() == [
        "Made skripsi: libreview.toml, sources/, catatan/, vault/",
        "Next: cd skripsi && libreview import FILE.bib",
    ]
    assert settings(folder / "skripsi")["notes"] == ["catatan", "vault"]
    assert (folder / "skripsi" / "catatan").is_dir()


@pytest.mark.usefixtures("person")
def test_init_asks_a_person(folder: Path) -> None:
    result = run("init", "my thesis", given="Sister City\nid\n\n")
    assert result.exit_code == 0
    assert "Language [en/id: en]: " in result.stderr
    assert settings(folder / "my thesis") | {
        "title": "Sister City",
        "language": "id",
        "citation-style": "apa",
    } == settings(folder / "my thesis")
    assert "Next: cd 'my thesis' && libreview import FILE.bib" in result.stdout


@pytest.mark.usefixtures("person")
def test_init_asks_again_for_a_language_and_a_style_that_are_none(folder: Path) -> None:
    result = run("init", "new", given="Sister City\nxx\nid\nieeee\nieee\n")
    assert result.exit_code == 0
    assert "Languages: en, id" in result.stderr
    assert "Did you mean ieee" in result.stderr
    made = settings(folder / "new")
    assert (made["title"], made["language"], made["citation-style"]) == ("Sister City", "id", "ieee")


@pytest.mark.usefixtures("person")
def test_an_interrupt_at_a_question_ends_with_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_words: object, **_more: object) -> str:  # as click.prompt does it
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise click.Abort from None

    monkeypatch.setattr(click, "prompt", interrupted)
    assert run("init", "new").exit_code == 130
    assert not (folder / "new").exists()


def test_init_sees_a_bibliography_that_is_there(folder: Path) -> None:
    (folder / "my library.bib").write_bytes(_BIB)
    assert "Next: libreview import 'my library.bib'\n" in run("init").stdout


def test_init_refuses_a_review_in_a_review_and_what_cannot_be(review: Path) -> None:
    (review / "file").touch()
    assert "is a review already" in run("init").stderr
    assert "lies inside the review" in run("init", "sub").stderr
    assert "is a file" in run("init", "file").stderr
    assert not (review / "sub").exists()
    assert run("init", "sub", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (("--style", "ieeee"), "Did you mean ieee", 1),
        (("--language", "xx"), "Languages: en, id", 2),
        (("--notes", "../vault"), "not a folder inside the review", 2),
    ],
)
def test_init_writes_nothing_if_a_setting_is_wrong(
    folder: Path, words: tuple[str, str], said: str, status: int
) -> None:
    result = run("init", "new", *words)
    assert (result.exit_code, said in result.stderr) == (status, True)
    assert not (folder / "new").exists()


def test_import_keeps_slices_and_the_raw_file(review: Path) -> None:
    (review / "My Library.bib").write_bytes(b"@string{x = {y}}\r\n" + _BIB)
    result = run("import", "My Library.bib")
    assert result.output == "1 record: 1 new, 0 unreadable.\nsaved sources/my-library.bib. Next: libreview list\n"
    assert (review / "sources/my-library.bib").read_bytes() == _BIB
    assert (review / "sources/imported/my-library.bib").read_bytes() == b"@string{x = {y}}\r\n" + _BIB
    assert run("list", "--keys").output == "a1\n"
    assert run("import", "My Library.bib").output == "1 record: 0 new, 1 same.\n"


def test_import_without_writing(review: Path) -> None:
    (review / "a.bib").write_bytes(_BIB)
    assert "Nothing was written" in run("import", "a.bib", "--dry-run").output
    assert not list((review / "sources").iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (r"C:\Users\me\library.bib", "/mnt/c/Users/me/library.bib"),
        ("C:Usersmelibrary.bib", "/mnt/c/..."),
        ("nosuch.bib", "There is no file nosuch.bib"),
        ("sources", "is a folder"),
        ("libreview.toml", "There is no record in"),
    ],
)
def test_import_of_what_is_no_bibliography(review: Path, name: str, said: str) -> None:
    result = run("import", name)
    assert result.exit_code == 1
    assert said in result.stderr


def test_add_by_options(review: Path) -> None:
    result = run(
        "add", "--type", "incollection", "--author", "Müller, Ana", "--author", "{Kota & Desa}", "--title", "50% of {UMKM",
        "--year", "2020", "--field", "booktitle=Everything_else", "--field", "url=https://e.org/a_b%20c",
    )  # fmt: skip
    assert result.stdout.startswith("saved sources/muller2020umkm.bib as muller2020umkm. Next:")
    listed = run("list", "--json").stdout
    assert '"title":"50% of {UMKM"' in listed
    assert '{"family":"Kota & Desa","given":""}' in listed
    shown = (review / "sources/muller2020umkm.bib").read_text(encoding="utf-8")
    assert "url = {https://e.org/a_b%20c}" in shown


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (("--type", "boook", "--title", "x"), "Did you mean book", 2),
        (("--title", "x", "--key", "a b"), "cannot be a citation key", 1),
        (("--title", "x", "--key", "a\u200bb"), "cannot be a citation key", 1),
        (("--title", "x", "--key", "TAKEN"), "is taken", 1),
        (("--year", "2001"), "needs a title or an author", 1),
        (("--field", "nothing"), "Write --field name=value", 2),
        ((), "Say what to add", 2),
    ],
)
def test_add_refuses(review: Path, words: tuple[str, ...], said: str, status: int) -> None:
    run("add", "--title", "t", "--key", "taken")
    before = sorted((review / "sources").iterdir())
    result = run("add", *words)
    assert (result.exit_code, said in result.stderr) == (status, True)
    assert sorted((review / "sources").iterdir()) == before


def test_add_asks_a_person(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "possible", lambda: True)
    result = run("add", given="boook\nbook\nSukarno\n\nDibawah Bendera Revolusi\n1959\nGunung Agung\n\n\n")
    assert result.exit_code == 0
    assert "Did you mean book" in result.stderr
    assert (review / "sources/sukarno1959dibawah.bib").read_text(encoding="utf-8") == (
        "@book{sukarno1959dibawah,\n  author = {Sukarno},\n  title = {Dibawah Bendera Revolusi},\n"
        "  year = {1959},\n  publisher = {Gunung Agung},\n}\n"
    )


def test_two_sources_alike_get_keys_of_their_own(review: Path) -> None:
    for key in ("ani2001one", "ani2001onea"):
        assert f"as {key}." in run("add", "--author", "Ani", "--title", "One", "--year", "2001").stdout
    assert run("list", "--keys").output == "ani2001one\nani2001onea\n"


def test_add_shows_the_difference_and_writes_nothing(review: Path) -> None:
    result = run("add", "--title", "One", "--dry-run")
    assert "+++ sources/one.bib" in result.stdout
    assert not (review / "sources/one.bib").exists()


def test_settings_of_the_review(review: Path) -> None:
    assert "review\tcitation-style\tapa" in run("config").stdout.splitlines()
    assert run("config", "ignore-tags").stdout == "todo\n"
    assert run("config", "ignore-tags", "todo, later").stdout == "ignore-tags = todo, later in libreview.toml\n"
    assert settings(review)["ignore-tags"] == ["todo", "later"]
    assert "+title = " in run("config", "title", "New", "--dry-run").stdout
    assert settings(review)["title"] == "T"
    assert run("config", "--json").stdout.startswith('[\n  {"scope":"review","key":"title","value":"T"')


def test_settings_of_the_user(folder: Path) -> None:
    assert run("config", "coder", "nadia").exit_code == 0
    assert run("config", "--user", "coder").stdout == "nadia\n"
    assert run("config").stdout == "user\tcoder\tnadia\nuser\tlanguage\t\nuser\teditor\t\nuser\tnetwork\t\n"
    assert run("config", "title").exit_code == 1


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (("titel",), "Did you mean title", 2),
        (("--user", "codr", "x"), "Did you mean coder", 2),
        (("language", "xx"), "There is no language", 2),
        (("citation-style", "aapa"), "There is no citation style", 1),
    ],
)
def test_wrong_settings(review: Path, words: tuple[str, ...], said: str, status: int) -> None:
    result = run("config", *words)
    assert result.exit_code == status
    assert said in result.stderr
