"""``import`` and ``imports`` as a person meets them: several files, questions, what is wrong said in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, face, printing
from libreview.texts import provenance

RIS = "TY  - JOUR\nAU  - Smith, J.\nTI  - Sister cities\nPY  - 2020\nER  - \n"
NBIB = "PMID- 1\nTI  - Health of towns\nFAU - Tanaka, Yuki\nDP  - 2010\nPT  - Journal Article\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "scopus.ris").write_text(RIS, encoding="utf-8")
    (tmp_path / "pubmed.nbib").write_text(NBIB, encoding="utf-8")
    (tmp_path / "query.txt").write_text("sister\r\n  AND city\r\n", encoding="utf-8")
    review = tmp_path / "review"
    (review / "sources").mkdir(parents=True)
    (review / "notes").mkdir()
    (review / "libreview.toml").write_text('title = "T"\n', encoding="utf-8")
    monkeypatch.chdir(review)
    return review


def run(*words: str, typed: str | None = None) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        if typed is not None:
            patch.setattr(asking, "possible", lambda: True)
        return CliRunner().invoke(face, list(words), input=typed)


def recorded(folder: Path) -> list[tuple[str, str, str]]:
    imports, problems = provenance.read((folder / "sources/imports.toml").read_bytes())
    assert problems == ()
    return [(one.file, one.database, one.search) for one in imports]


def test_a_person_is_asked_for_database_and_search_of_each_file(folder: Path) -> None:
    done = run("import", "../scopus.ris", "../pubmed.nbib", typed="Scopus\n@../nosuch.txt\n@../query.txt\n\n\n")
    assert done.exit_code == 0, done.output
    assert recorded(folder) == [("scopus.ris", "Scopus", "sister\n  AND city"), ("pubmed.nbib", "", "")]
    assert "Database of scopus.ris [Enter: unknown]: " in done.stderr
    assert "../nosuch.txt cannot be read" in done.stderr
    assert done.stdout.splitlines()[0] == "  scopus.ris   1 record   1 new   0 already here   0 unreadable"


def test_who_imports_again_is_asked_only_if_the_file_changed_and_enter_keeps_what_was_said(folder: Path) -> None:
    run("import", "../scopus.ris", typed="Scopus\nsister\n")
    again = run("import", "../scopus.ris", typed="")
    assert (again.exit_code, again.stderr, again.stdout) == (0, "", "1 record: 0 new, 1 same.\n")
    (folder.parent / "scopus.ris").write_text(RIS + RIS.replace("Sister", "Twin"), encoding="utf-8")
    later = run("import", "../scopus.ris", typed="\n\n")
    assert "Database of scopus.ris [Scopus]: " in later.stderr
    assert recorded(folder) == [("scopus.ris", "Scopus", "sister")] * 2


def test_nobody_is_asked_in_a_pipe_in_a_trial_or_who_said_it_already(folder: Path) -> None:
    assert "Database" not in run("import", "../scopus.ris", "--dry-run", typed="").stderr
    assert "Database" not in run("import", "../scopus.ris", "--search", "@../query.txt", typed="").stderr
    assert "Database" not in run("import", "../pubmed.nbib").stderr
    assert recorded(folder) == [("scopus.ris", "", "sister\n  AND city"), ("pubmed.nbib", "", "")]


def test_all_files_or_none(folder: Path) -> None:
    (folder.parent / "empty.ris").write_text("", encoding="utf-8")
    done = run("import", "../scopus.ris", "../empty.ris")
    assert done.exit_code == 1
    assert not list((folder / "sources").iterdir())


def test_imports_are_listed_in_every_form(folder: Path) -> None:
    assert "Nothing was imported yet" in run("imports", "--format", "plain").stdout
    assert json.loads(run("imports", "--json").stdout) == []
    assert run("imports", "edit", "1", "--database", "X").exit_code == 1
    run("import", "../scopus.ris", "--database", "=Scopus|\x1b[31m", "--search", "a | b")
    run("import", "../pubmed.nbib")
    (one, other) = json.loads(run("imports", "--json").stdout)
    assert (one["number"], one["file"], one["search"], one["new"], other["database"]) == (
        1,
        "scopus.ris",
        "a | b",
        1,
        "",
    )
    for form in ("plain", "terminal", "md", "html", "csv", "tsv", "json"):
        shown = run("imports", "list", "--format", form)
        assert shown.exit_code == 0, shown.output
        assert "scopus.ris" in shown.stdout
        assert "\x1b[31m" not in shown.stdout
    done = run("imports", "-o", "../imports.xlsx")
    assert done.exit_code == 0, done.output


def test_an_import_is_corrected_by_its_number_or_file(folder: Path) -> None:
    run("import", "../scopus.ris")
    assert run("imports", "edit", "1", "--search", "@../query.txt").exit_code == 0
    done = run("imports", "edit", "../scopus.ris", "--database", "Scopus")
    assert done.stdout == (
        "saved: import 1 (scopus.ris), database Scopus, search sister AND city. Next: libreview imports\n"
    )
    again = run("imports", "edit", "scopus.ris", "--database", "Scopus")
    assert again.stdout == "nothing to do: import 1 (scopus.ris) says this already\n"
    assert recorded(folder) == [("scopus.ris", "Scopus", "sister\n  AND city")]
    assert run("imports", "edit", "pubmed.nbib", "--database", "X").exit_code == 1
    assert run("imports", "nosuch").exit_code == 2


def test_a_table_is_read_by_its_columns(folder: Path) -> None:
    (folder.parent / "t.csv").write_text("Tajuk,Penulis,Tahun\nPasar kota,Hartono,2019\n", encoding="utf-8")
    assert run("import", "../t.csv", "--map", "title").exit_code == 2
    done = run("import", "../t.csv", "--map", "title=Tajuk")
    assert done.exit_code == 0, done.output
    assert run("list").stdout == "hartono2019pasar\tHartono\t2019\tPasar kota\t0\n"


def test_a_bar_is_shown_only_for_many_records_and_to_a_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    things = range(5_000)
    assert list(printing.progress("Reading")(things)) == list(things)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert list(printing.progress("Reading")(things)) == list(things)
    assert list(printing.progress("Few")(range(10))) == list(range(10))
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err
    assert "100%" in err
    assert "Few" not in err
