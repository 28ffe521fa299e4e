"""export, cite and styles as a script calls them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face
from libreview.review import Review
from libreview.texts.formats import bibtex, records, ris


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words])


def test_bibliography_on_stdout(review_folder: Path) -> None:
    done = _run(review_folder, "export", "bibliography", "--excerpts")
    assert done.exit_code == 0
    assert done.stdout.startswith("Annotated bibliography\n======")
    assert "Wijaya, R., & Müller, J. (2001). Two harbours. Journal of Towns." in done.stdout
    assert "A careful account." in done.stdout
    assert "Themes: Trade; fair" in done.stdout
    assert "Two harbours signed a paper. (Wijaya and Müller, 2001, p. 12)" in done.stdout
    assert done.stderr == "N = 2 of 2 sources\n"


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [
        ("docx", b"PK"),
        ("odt", b"PK"),
        ("html", b"<!DOCTYPE html>"),
        ("md", b"# Annotated bibliography\n\n## Books\n"),
        ("tex", b"% Options"),
        ("rst", b"Annotated bibliography\n======"),
        ("txt", b"Annotated bibliography\n"),
        ("json", b'{\n  "style": "APA'),
        ("csv", b"key,group,reference"),
        ("bib", b"@article{wijaya2001"),
    ],
)
def test_forms_by_suffix(review_folder: Path, tmp_path: Path, suffix: str, begins: bytes) -> None:
    place = tmp_path / f"daftar.{suffix}"
    place.write_bytes(b"old")
    done = _run(review_folder, "export", "bibliography", "--group-by", "type", "-o", str(place))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"wrote {place}. N = 2 of 2 sources\n"
    assert place.read_bytes().startswith(begins)


def test_bib_has_the_annotation(review_folder: Path) -> None:
    done = _run(review_folder, "export", "bibliography", "--format", "bib")
    read = bibtex.read(done.stdout_bytes, "x.bib")
    assert read.problems == ()
    assert [one.fields.get("annotation") for one in read.sources] == ["A careful account.", None]
    bare = _run(review_folder, "export", "bibliography", "--format", "biblatex", "--no-annotations")
    assert "annotation" not in bare.stdout


def test_json_of_the_bibliography(review_folder: Path) -> None:
    done = _run(review_folder, "export", "bibliography", "--json", "--group-by", "year", "--excerpts")
    found = json.loads(done.stdout)
    assert found["n"] == {"sources": 2, "sources_in_folder": 2}
    assert found["group_by"] == "year"
    first = found["entries"][0]
    assert (first["key"], first["group"], first["themes"]) == ("wijaya2001", "2001", ["trade", "fair"])
    assert first["excerpts"][0]["id"] == "k3f9q2"


def test_unprinted_fields_are_named_once(review_folder: Path) -> None:
    (review_folder / "sources" / "more.bib").write_text(
        "".join(f"@book{{adi{n}, title = {{Pasar {n}}}, note = {{Tidak diterbitkan}}}}\n" for n in range(3)), "utf-8"
    )
    done = _run(review_folder, "export", "bibliography", "--all")
    assert 'APA Style 7th edition does not print the field "note": 3 of 5 references\n' in done.stderr


def test_a_chapter_with_an_unknown_key(review_folder: Path) -> None:
    (review_folder / "bab1.md").write_text("[@hartono2019; @wijaya2002]\n", "utf-8")
    done = _run(review_folder, "export", "bibliography", "--no-annotations", "--cited", str(review_folder / "bab1.md"))
    assert done.exit_code == 0
    assert "Hartono. (2019)" in done.stdout
    assert "Wijaya" not in done.stdout
    assert "no source has the key @wijaya2002. Did you mean wijaya2001?\n" in done.stderr
    for name, form in (("sources", "bib"), ("bibliography", "bib")):
        done = _run(review_folder, "export", name, "--format", form, "--cited", str(review_folder / "bab1.md"))
        assert done.stdout.startswith("@book{hartono2019")
        assert "@wijaya2002" in done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["bibliography", "-o", "x.docxx"], 2, "Did you mean docx?"),
        (["bibliography", "-o", "x.pdf"], 2, "Did you mean docx, odt?"),
        (["bibliography", "-o", "x"], 2, "What kind of file"),
        (["bibliography", "--format", "bibb"], 2, "Did you mean bib"),
        (["bibliography", "--style", "appa", "-o", "x.docx"], 1, "Did you mean apa"),
        (["bibliography", "--group-by", "typ"], 2, "Did you mean type?"),
        (["bibliography", "--cited", "missing.md"], 1, "There is no file missing.md"),
        (["bibliography", "zzz"], 1, "No source is selected"),
        (["bibliography", "--reference-doc", "libreview.toml", "-o", "x.md"], 2, "docx and odt only"),
        (["bibliography", "--reference-doc", "libreview.toml", "-o", "x.docx"], 1, "is no docx document"),
        (["bibliography", "-o", "sources/x.bib"], 1, "belongs to the review"),
        (["bibliography", "-o", "sources/files/x.txt"], 1, "belongs to the review"),
        (["bibliography", "-o", "notes/x.md"], 1, "belongs to the review"),
        (["sources", "-o", "sources/all.bib"], 1, "belongs to the review"),
        (["sources", "--format", "enw"], 2, 'no format "enw"'),
        (["coding"], 2, "There are: bibliography, sources"),
    ],
)
def test_what_is_refused(
    review_folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, said: str
) -> None:
    monkeypatch.chdir(review_folder)
    before = sorted(path.name for path in review_folder.rglob("*"))
    done = _run(review_folder, "export", *words)
    assert done.exit_code == status
    assert said in done.stderr
    assert sorted(path.name for path in review_folder.rglob("*")) == before


def test_notes_anywhere_are_not_overwritten(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(review_folder)
    (review_folder / "libreview.toml").write_text('title = "x"\nnotes = ["."]\n', "utf-8")
    (review_folder / "mine.md").write_text("Mine.\n", "utf-8")
    done = _run(review_folder, "export", "bibliography", "--all", "-o", "mine.md")
    assert done.exit_code == 1
    assert (review_folder / "mine.md").read_text("utf-8") == "Mine.\n"
    assert _run(review_folder, "export", "bibliography", "--all", "-o", "list.html").exit_code == 0


def test_the_look_of_another_document(review_folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    _run(review_folder, "export", "bibliography", "-o", str(first))
    done = _run(review_folder, "export", "bibliography", "--excerpts", "--reference-doc", str(first), "-o", str(second))
    assert done.exit_code == 0
    with zipfile.ZipFile(second) as archive:
        document = archive.read("word/document.xml").decode()
    assert 'w:val="Bibliography"' in document
    assert 'w:val="Annotation"' in document
    assert 'w:val="AnnotationQuotation"' in document


def test_an_odt_lists_its_parts(review_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "a.odt"
    assert _run(review_folder, "export", "bibliography", "-o", str(place)).exit_code == 0
    with zipfile.ZipFile(place) as archive:
        manifest = archive.read("META-INF/manifest.xml").decode()
        for name in archive.namelist():
            assert name in ("mimetype", "META-INF/manifest.xml") or f'full-path="{name}"' in manifest


def test_sources_in_their_forms(review_folder: Path) -> None:
    exact = (review_folder / "sources" / "all.bib").read_text("utf-8")
    assert _run(review_folder, "export", "sources").stdout == exact
    items = json.loads(_run(review_folder, "export", "sources", "--format", "csljson", "author:wijaya").stdout)
    assert [(one["id"], one["type"]) for one in items] == [("wijaya2001", "article-journal")]
    assert json.loads(_run(review_folder, "export", "sources", "--json", "author:wijaya").stdout) == items
    lines = _run(review_folder, "export", "sources", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("key,type,authors,year,title,container,volume")
    assert lines[1].startswith('wijaya2001,article,"Wijaya, Rina; Müller, Jan",2001,Two harbours,Journal of Towns')
    assert "| Hartono | 2019 | Pasar kota |" in _run(review_folder, "export", "sources", "--format", "md").stdout


def test_cite_prints_three_lines(review_folder: Path) -> None:
    done = _run(review_folder, "cite", "hartono", "-p", "12", "--language", "id")
    assert done.stdout == "[@hartono2019, hlm. 12]\n(Hartono, 2019, hlm. 12)\nHartono. (2019). Pasar kota.\n"
    assert done.stderr.startswith("hartono2019 · ")


def test_cite_an_excerpt_and_json(review_folder: Path) -> None:
    done = _run(review_folder, "cite", "^k3f9q2", "--json")
    found = json.loads(done.stdout)
    assert found["citations"] == [{"key": "wijaya2001", "locator": "p. 12"}]
    assert found["markdown"] == "[@wijaya2001, p. 12]"
    assert found["references"][0]["key"] == "wijaya2001"
    assert _run(review_folder, "cite", "^k3f9q2", "--format", "md").stdout.startswith("\\[\\@wijaya2001")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["hartno"], 1, "Did you mean hartono2019?"),
        (["hartono", "--style", "appa"], 1, "Did you mean apa"),
        (["hartono", "-p", "12; @x"], 1, "second source"),
        (["^k3f9q2", "-p", "3"], 2, "has its place already"),
    ],
)
def test_what_cannot_be_cited(review_folder: Path, words: list[str], status: int, said: str) -> None:
    done = _run(review_folder, "cite", *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr


def test_styles(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _run(review_folder, "styles", "gadjah", "sejarah")
    assert done.stdout == (
        "universitas-gadjah-mada-departemen-sejarah\tUniversitas Gadjah Mada - Departemen Sejarah (Bahasa Indonesia)\n"
    )
    assert json.loads(_run(review_folder, "styles", "apa", "--json").stdout)[0] == {
        "name": "apa",
        "title": "APA Style 7th edition",
    }
    done = _run(review_folder, "styles", "chicaggo")
    assert done.exit_code == 1
    assert "Did you mean chicago" in done.stderr
    monkeypatch.setattr("libreview.cli.printing.to_terminal", lambda: True)
    done = _run(review_folder, "styles")
    assert "chicago-notes" in done.stdout
    assert "libreview styles WORD" in done.stderr


@pytest.mark.parametrize("words", [("bibliography",), ("bibliography", "--format", "bib"), ("sources", "--json")])
def test_keys_that_several_sources_have_are_named(review_folder: Path, words: tuple[str, ...]) -> None:
    (review_folder / "sources" / "more.bib").write_text("@book{hartono2019, title = {Other}, year = 1999}\n", "utf-8")
    done = _run(review_folder, "export", *words)
    assert done.exit_code == 0
    assert "Other" not in done.stdout
    remark = "1 key names several sources; the first is listed: hartono2019. See libreview check\n"
    assert done.stderr.count(remark) == 1
    found = json.loads(_run(review_folder, "check", "--json").stdout)
    assert ("duplicate-key", "sources/more.bib") in {(one["code"], one["path"]) for one in found}


def test_sources_for_other_programs_come_back_the_same(review_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "review.ris"
    assert _run(review_folder, "export", "sources", "-o", str(place)).stderr == f"wrote {place}. N = 2 of 2 sources\n"
    with Review.open(review_folder) as review:
        expected = [records.of_source(source) for source in review.sources()]
    read = ris.read(place.read_bytes(), "review.ris").records
    assert [(one.type, one.fields, one.people) for one in read] == [
        (one.type, one.fields, one.people) for one in expected
    ]
