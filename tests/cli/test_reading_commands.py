"""list, show, search, check, summary, table, open and edit, in a small review."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from libreview.cli import asking, face, printing
from libreview.disk import launching


@pytest.fixture
def folder(review_folder: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(review_folder)
    yield review_folder
    os.chdir(before)


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(face, words, input=given, prog_name="libreview")


def data(*words: str) -> Any:  # noqa: ANN401 (JSON)
    result = run(*words, "--json")
    return json.loads(result.stdout)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person sit before the program and read what it prints."""
    monkeypatch.setattr(asking, "possible", lambda: True)
    monkeypatch.setattr(printing, "to_terminal", lambda: True)


@pytest.mark.usefixtures("folder")
class TestLists:
    def test_a_list_in_a_pipe_is_rows(self) -> None:
        assert run("list").stdout == (
            "wijaya2001\tWijaya and Müller\t2001\tTwo harbours\t2\nhartono2019\tHartono\t2019\tPasar kota\t1\n"
        )
        assert run("list", "--keys", "theme:trade", "author:hartono").stdout == "hartono2019\n"

    def test_a_list_for_scripts(self) -> None:
        first = data("list")[0]
        assert list(first) == [
            "key", "type", "title", "authors", "year", "container", "doi", "themes", "excerpts", "path", "line",
            "screening",
        ]  # fmt: skip
        assert first["authors"] == [{"family": "Wijaya", "given": "Rina"}, {"family": "Müller", "given": "Jan"}]
        assert first["themes"] == ["trade", "fair"] or first["themes"] == ["fair", "trade"]

    @pytest.mark.parametrize(("query", "status"), [("year:x..", 2), ("theme:nosuch", 2), ('"open', 2)])
    def test_a_wrong_query(self, query: str, status: int) -> None:
        result = run("list", query)
        assert (result.exit_code, result.stdout) == (status, "")

    @pytest.mark.usefixtures("person")
    def test_a_list_on_a_terminal_gives_numbers_to_name(self) -> None:
        assert "  1  wijaya2001" in (listed := run("list").stdout)
        assert "2 sources" in listed
        assert run("show", "2").stderr.startswith("hartono2019 · Hartono (2019) Pasar kota")
        assert run("show", ".").stderr.startswith("hartono2019")
        assert run("show", "7").exit_code == 1

    def test_search(self) -> None:
        assert [hit["kind"] for hit in data("search", "HARBOURS")] == ["source", "excerpt"]
        assert len(data("search", "harbours", "--limit", "1")) == 1
        assert run("search", " ").exit_code == 2
        assert run("search", "nothing at all like this").stdout == ""


@pytest.mark.usefixtures("folder")
class TestCards:
    def test_a_source_with_all_that_belongs_to_it(self) -> None:
        shown = data("show", "wijaya")
        assert shown["annotation"] == "A careful account."
        assert [one["id"] for one in shown["excerpts"]] == ["k3f9q2", "a81b2c"]
        assert "Wijaya" in shown["reference"]

    def test_an_excerpt_and_a_former_key(self) -> None:
        assert data("show", "^k3f")["themes"] == ["trade"]
        assert data("show", "k3f9q2")["kind"] == "quotation"
        assert data("show", "hartono2018")["key"] == "hartono2019"

    def test_words_of_author_year_and_title(self) -> None:
        assert data("show", "pasar", "hart")["key"] == "hartono2019"
        assert data("show", "muller 2001")["key"] == "wijaya2001"

    @pytest.mark.parametrize("ref", ["wijya2001", "^zzzzzz", "no such words"])
    def test_what_is_not_there(self, ref: str) -> None:
        result = run("show", ref)
        assert (result.exit_code, result.stdout) == (1, "")

    def test_a_name_of_several(self, folder: Path) -> None:
        (folder / "sources/more.bib").write_text(
            "@misc{wijaya2002, title={Two harbours again}, author={Wijaya}}", "utf-8"
        )
        result = run("show", "wijaya")
        assert result.exit_code == 1
        assert '"wijaya" fits 2 names' in result.stderr
        assert result.stderr.count("wijaya2001, wijaya2002") == 1  # the candidates are named once
        assert data("show", "harbours again")["key"] == "wijaya2002"

    @pytest.mark.usefixtures("person")
    def test_a_person_chooses_among_several(self, folder: Path) -> None:
        (folder / "sources/more.bib").write_text(
            "@misc{wijaya2002, title={Two harbours again}, author={Wijaya}}", "utf-8"
        )
        assert "wijaya2002 · Wijaya" in run("show", "wijaya", given="2\n").stderr

    @pytest.mark.usefixtures("person")
    def test_a_person_chooses_among_several_excerpts(self, folder: Path) -> None:
        with (folder / "notes/wijaya2001.md").open("a", encoding="utf-8") as file:
            file.write("\n- Ships came back. [@wijaya2001, p. 15] #trade ^k3zzzz\n")
        result = run("show", "^k3", given="2\n")
        assert "[1] ^k3f9q2 · wijaya2001 · Two harbours signed a paper." in result.stderr
        assert "[2] ^k3zzzz · wijaya2001 · Ships came back." in result.stderr
        assert "Ships came back." in result.stdout
        assert run("untag", "^k3", "-t", "trade", given="2\n").stdout.startswith("took #trade off ^k3zzzz")


@pytest.mark.usefixtures("folder")
class TestAnalysis:
    def test_a_summary_of_a_theme_has_what_is_below_it(self) -> None:
        found = data("summary", "Perdagangan")
        assert found["theme"] == "trade"
        assert [one["id"] for one in found["excerpts"]] == ["k3f9q2", "a81b2c"]
        assert data("summary", "pameran", "kind:paraphrase")["theme"] == "fair"
        assert data("summary", "kind:quotation")["n"]["excerpts"] == 1

    @pytest.mark.parametrize("words", [("summary",), ("table", "frequency"), ("export", "sources", "--format", "csv")])
    def test_a_language_of_no_report(self, words: tuple[str, ...]) -> None:
        result = run(*words, "--language", "xx")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == 'libreview: There is no language "xx"\n  Reports are in: en, id\n'
        assert run(*words, "--language", "id").exit_code == 0

    def test_the_language_of_the_report_is_its_own(self) -> None:
        assert "Perdagangan" in run("summary", "--language", "id").stdout

    def test_tables(self) -> None:
        rows = {row["theme"]: row for row in data("table", "frequency")["rows"]}
        assert (rows["trade"]["excerpts"], rows["trade"]["excerpts_with_children"]) == (1, 2)
        assert data("table", "matrix")["rows"][1] == {
            "theme": "fair",
            "excerpts": 1,
            "cells": {"hartono2019": 1, "wijaya2001": 1},
        }
        assert data("table", "concept")["rows"][0]["key"] == "wijaya2001"
        assert data("table", "sources", "--fields", "year,journal")["fields"] == ["year", "journal"]

    def test_all_widens(self, folder: Path) -> None:
        (folder / "sources/more.bib").write_text("@misc{z, title={T}, author={A}, year=2000}", "utf-8")
        assert data("table", "frequency")["n"]["sources_in_review"] == 2
        assert data("table", "frequency", "--all")["n"]["sources_in_review"] == 3

    def test_tables_of_the_analysis(self) -> None:
        pairs = data("table", "co-occurrence", "--unit", "source")
        assert (pairs["unit"], pairs["n"]["units"]) == ("source", 2)
        assert [one["value"] for one in data("table", "matrix", "--by", "decade")["columns"]] == ["2000s", "2010s"]
        assert data("table", "matrix", "--by", "source", "--cells", "count") == data("table", "matrix")
        assert data("table", "timeline", "--period", "10")["period"] == 10
        assert data("table", "gaps", "--fewer-than", "2")["fewer_than"] == 2
        assert data("table", "saturation")["rows"][-1]["cumulative"] >= 1
        assert data("table", "synthesis", "--by", "fields")["fields"] == []
        assert data("table", "synthesis", "--by", "theme")["by"] == "theme"
        assert data("table", "contra")["table"] == "contradictions"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("matrix", "--by", "yeer"), "Did you mean year"),
            (("matrix", "--cells", "colum%"), "Did you mean column%"),
            (("co-occurrence", "--unit", "exerpt"), "Did you mean excerpt"),
            (("synthesis", "--fields", "metod"), "No note card of these sources has a field"),
            (("sources", "--fields", "titel"), "Did you mean title"),
            (("synthesis", "--by", "them"), "Did you mean theme"),
            (("co-occurrence", "theme:fairr"), "Did you mean theme:fair"),
            (("gaps", "--by", "year"), "--by does not go with the table gaps"),
            (("timeline", "--period", "0"), "--period"),
        ],
    )
    def test_a_wrong_choice_is_never_an_empty_table(self, words: tuple[str, ...], said: str) -> None:
        result = run("table", *words)
        assert result.exit_code
        assert result.stdout == ""
        assert said in result.stderr

    def test_a_wrong_table_theme_or_format(self) -> None:
        assert "Did you mean frequency" in run("table", "freq-uency").stderr
        assert "Did you mean trade" in run("summary", "tarde").stderr
        assert run("summary", "--format", "dcox").exit_code == 2
        assert run("summary", "-o", "x.xyz").exit_code == 2


@pytest.mark.usefixtures("folder")
class TestFiles:
    def test_the_suffix_chooses_the_form(self, folder: Path) -> None:
        assert run("table", "frequency", "-o", "t.csv").stdout == ""
        rows = list(csv.reader(io.StringIO((folder / "t.csv").read_text(encoding="utf-8"))))
        assert rows[0][0] == "theme"
        assert run("summary", "-o", "s.md").stderr == "wrote s.md\n"
        assert (folder / "s.md").read_text(encoding="utf-8").startswith("# Trade")
        run("summary", "-o", "s.md", "fair")
        assert not (folder / "s.md").read_text(encoding="utf-8").startswith("# Trade")

    @pytest.mark.parametrize("place", ["sources/all.bib", "notes/wijaya2001.md", "libreview.toml", "notes/new.md"])
    def test_the_reviews_own_files_are_not_overwritten(self, folder: Path, place: str) -> None:
        before = (folder / place).read_bytes() if (folder / place).exists() else None
        result = run("summary", "--format", "md", "-o", place)
        assert result.exit_code == 1
        assert "belongs to the review" in result.stderr
        assert before == ((folder / place).read_bytes() if (folder / place).exists() else None)

    def test_what_cannot_be_written(self, folder: Path) -> None:
        (folder / "out.md").mkdir()
        result = run("summary", "-o", "out.md")
        assert result.exit_code == 1
        assert "cannot be written" in result.stderr

    def test_a_dash_is_stdout(self) -> None:
        assert run("summary", "-o", "-", "--format", "md").stdout.startswith("# Trade")

    @pytest.mark.usefixtures("person")
    def test_a_document_is_nothing_for_a_terminal(self) -> None:
        assert "-o FILE" in run("summary", "--format", "docx").stderr


@pytest.mark.usefixtures("folder", "person")
class TestPictures:
    def shown(self, *words: str, charset: str = "utf-8") -> str:
        done = CliRunner(charset=charset).invoke(face, ["table", "frequency", *words], prog_name="libreview")
        assert done.exit_code == 0
        return done.stdout

    def test_a_person_gets_bars(self) -> None:
        assert "█" in self.shown()
        assert "Bar: excerpts with sub-themes, full = 2\n" in re.sub(r"\x1b\[[\d;]*m", "", self.shown())
        assert "█" in self.shown("--format", "terminal")

    def test_no_colour_is_no_reason_to_draw_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        assert "█" in self.shown()
        assert "\x1b" not in self.shown()

    def test_a_dumb_terminal_may_be_read_aloud(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "dumb")
        assert not re.search("[█▏]|Bar:|\x1b", self.shown())

    def test_where_the_encoding_has_no_blocks(self) -> None:
        assert re.search("#+ +2", self.shown(charset="ascii"))

    @pytest.mark.parametrize("form", ["plain", "md", "html", "csv", "json", "tsv"])
    def test_other_forms_have_none(self, form: str) -> None:
        assert not re.search("[█▏]|Bar:", self.shown("--format", form))


@pytest.mark.usefixtures("folder")
class TestCheck:
    def test_nothing_is_wrong(self) -> None:
        assert (run("check").exit_code, data("check")) == (0, [])

    def test_what_is_wrong_has_its_place(self, folder: Path) -> None:
        note = folder / "notes/wijaya2001.md"
        note.write_text(note.read_text(encoding="utf-8").replace("#trade", "#tarde"), encoding="utf-8")
        (folder / "sources/bad.bib").write_text("@misc{bad, title = {x}, year = 2000}\n@book{open,\n", "utf-8")
        result = run("check")
        assert result.exit_code == 1
        assert "notes/wijaya2001.md:8" in result.stdout
        codes = {(one["code"], one["path"], one["line"]) for one in data("check")}
        assert ("unknown-theme", "notes/wijaya2001.md", 8) in codes
        assert ("entry-open", "sources/bad.bib", 2) in codes
        assert {one["path"] for one in data("check", "notes")} == {"notes/wijaya2001.md"}
        assert run("check", "nosuch").exit_code == 1

    def test_control_characters_and_markup_print_as_text(self, folder: Path) -> None:
        (folder / "sources/bad.bib").write_bytes(b"@misc{bad, author = {A}, year = 2000, title = {\x1b[31m[bold]x}}\n")
        for words in (
            ("list",),
            ("show", "bad"),
            ("search", "bold"),
            ("list", "--json"),
            ("list", "--format", "terminal"),
        ):
            output = run(*words).output
            assert "\x1b" not in output
            assert "[bold]x" in output


@pytest.mark.usefixtures("folder")
class TestOther:
    def test_open(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[str] = []
        monkeypatch.setattr(launching, "_open", opened.append)
        source = folder / "sources/all.bib"
        text = source.read_text(encoding="utf-8")
        source.write_text(
            text.replace("year = {2001},", "year = {2001}, file = {:files/a.pdf:PDF}, doi = {10.1/x_y},"), "utf-8"
        )
        assert "is not there" in run("open", "wijaya").stderr
        (folder / "sources/files").mkdir()
        (folder / "sources/files/a.pdf").touch()
        assert run("open", "wijaya").stdout == f"{folder}/sources/files/a.pdf\n"
        assert run("open", "wijaya", "--url").stdout == "https://doi.org/10.1/x_y\n"
        assert run("open", "wijaya", "--note").stdout == f"{folder}/notes/wijaya2001.md\n"
        assert opened == [f"{folder}/sources/files/a.pdf", "https://doi.org/10.1/x_y", f"{folder}/notes/wijaya2001.md"]
        assert "has no attachment" in run("open", "hartono").stderr
        assert "has no web address" in run("open", "hartono", "--url").stderr
        assert "has no note card" in run("open", "hartono", "--note").stderr

    def test_a_file_outside_the_review_is_asked_for_once(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []
        monkeypatch.setattr(launching, "_open", opened.append)
        (tmp_path / "library").mkdir()
        place = tmp_path / "library" / "a.pdf"
        place.touch()
        (folder / "sources/more.bib").write_text(f"@misc{{z, title={{T}}, file={{{place}}}}}", "utf-8")
        assert "lies outside the review" in run("open", "z").stderr
        monkeypatch.setattr(asking, "possible", lambda: True)
        assert run("open", "z", given="n\n").exit_code == 1
        assert run("open", "z", given="y\n").exit_code == 0
        assert run("open", "z").exit_code == 0
        assert opened == [str(place)] * 2

    def test_edit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = tmp_path / "my editor"
        program.write_text('#!/bin/sh\necho "$2" > "$1"\nprintf "@misc{x,\\n" >> "$3"\n', encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("EDITOR", f"'{program}' '{tmp_path}/seen' one;two")
        result = run("edit", "hartono")
        assert (tmp_path / "seen").read_text(encoding="utf-8") == "one;two\n"
        assert "sources/all.bib" in result.stdout
        assert "problem" in result.stdout
        monkeypatch.setenv("EDITOR", "true")
        assert "is unchanged" in run("edit", "codebook").stderr
        assert "is unchanged" in run("edit", "wijaya", "--note").stderr
        monkeypatch.setenv("EDITOR", "nosuchprogram")
        assert 'There is no program "nosuchprogram"' in run("edit", "^k3f9q2").stderr

    def test_where_the_review_stands(self) -> None:
        result = run()
        assert result.stdout.startswith("Two towns\n=========\n\n- 2 sources, 2 in the review\n- 2 excerpts\n")
        assert "libreview summary" in result.stdout


class TestStanding:
    def test_tags_that_are_in_no_codebook(self, folder: Path) -> None:
        place = folder / "notes/codebook.toml"
        codebook = place.read_text("utf-8")
        place.write_text("", "utf-8")
        said = run().stdout
        assert "All excerpts have themes, but 2 of them are not in the codebook:" in said
        assert said.rstrip().endswith("libreview themes add trade")
        place.write_text("[fair]\naliases = ['pameran']\n", "utf-8")
        said = run().stdout
        assert "but 1 of them is not in the codebook:" in said
        assert said.rstrip().endswith("libreview check")
        place.write_text(codebook, "utf-8")
        assert "All excerpts have themes. Read what they say:" in run().stdout


def test_check_names_each_file_with_a_conflict(review_folder: Path) -> None:
    conflict = "<<<<<<< HEAD\nTheirs.\n=======\nOurs.\n>>>>>>> branch\n"
    for name in ("one", "two"):
        (review_folder / "notes" / f"{name}.md").write_text(conflict, encoding="utf-8")
    with (review_folder / "sources" / "all.bib").open("a", encoding="utf-8") as file:
        file.write("\n" + conflict)
    result = CliRunner().invoke(face, ["-C", str(review_folder), "check"])
    found = [
        line.split("  ")[0] for line in result.stdout.splitlines() if "A merge conflict was left in the file" in line
    ]
    assert found == ["- notes/one.md:1", "- notes/two.md:1", "- sources/all.bib:16"]
    assert result.exit_code == 1


# --- forms for Excel and R ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("table", "frequency"),
        ("table", "matrix"),
        ("table", "concept-matrix"),
        ("table", "sources"),
        ("list",),
        ("search", "harbours"),
        ("check",),
        ("log",),
        ("export", "sources"),
        ("export", "bibliography"),
    ],
    ids=" ".join,
)
def test_rows_for_excel_and_r(review_folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    def run(*more: str) -> Result:
        return CliRunner().invoke(face, ["-C", str(review_folder), *words, *more])

    place = tmp_path / "out.xlsx"
    assert run("-o", str(place)).exit_code == 0
    assert place.read_bytes().startswith(b"PK")
    assert place.read_bytes() == run("--format", "xlsx").stdout_bytes
    marked = run("--excel").stdout_bytes
    assert marked.startswith(b"\xef\xbb\xbf")
    assert b";" in marked.split(b"\n")[0]
    usual = run("--format", "csv").stdout_bytes
    assert run("--raw").stdout_bytes == usual.replace(b",'", b",")
    for wrong in (("--excel", "--raw"), ("--excel", "--json"), ("--raw", "-o", "x.docx")):
        assert run(*wrong).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        *(
            ("table", *words.split())
            for words in (
                "frequency",
                "matrix --cells row%",
                "matrix --by decade --cells column%",
                "matrix --by year --cells total% --transpose",
                "concept-matrix",
                "synthesis",
                "co-occurrence",
                "timeline",
                "saturation",
                "gaps",
                "contradictions",
                "sources",
            )
        ),
        ("agreement",),
        ("describe",),
        ("export", "codings"),
        ("list",),
    ],
    ids=" ".join,
)
def test_excel_reads_no_number_as_a_date(tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "coders"
    shutil.copytree(Path(__file__).parents[1] / "reviews" / "coders", folder)
    usual, excel = (
        CliRunner().invoke(face, ["-C", str(folder), *words, *more]).stdout_bytes.decode("utf-8-sig")
        for more in (("--format", "csv"), ("--excel",))
    )
    cells = [cell for row in csv.reader(io.StringIO(usual)) for cell in row]
    marked = [cell for row in csv.reader(io.StringIO(excel), delimiter=";") for cell in row]
    assert [re.sub(r"\A(-?[0-9]+)\.([0-9]+)\Z", r"\1,\2", cell) for cell in cells] == marked
