"""Sources as a BibTeX file: exact entries with all they need, and reading them gives the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.deeds import exporting
from libreview.review import Review
from libreview.texts.formats import bibtex

_FIRST = (
    '% a comment\n@string{pub = "Penerbit"}\n@string{unused = "x"}\n\n'
    "@proceedings{pros2012, title={Prosiding}, year=2012, publisher = pub # { Raya}}\n"
    "@inproceedings{budi2012, crossref={pros2012}, author={Budi}, title={Makalah}}\n\n"
    "@Book{siti2011,\n  author\t= {Siti},\r\n  title = {Pasar {\\&} Kota},\n  publisher = pub\n}\n"
)


def _review(folder: Path, **files: bytes) -> Path:
    (folder / "sources").mkdir()
    (folder / "libreview.toml").write_text('title = "x"\n', "utf-8")
    for name, content in files.items():
        (folder / "sources" / f"{name}.bib").write_bytes(content)
    return folder


def _bib(folder: Path, *keys: str, **annotations: str) -> str:
    with Review.open(folder) as review:
        sources = [review.source(key) for key in keys] if keys else review.sources()
        return exporting.bib(review, sources, annotations).decode("utf-8")


def test_exact_entries_with_their_strings(tmp_path: Path) -> None:
    folder = _review(tmp_path, a=_FIRST.encode())
    assert _bib(folder, "siti2011") == (
        '@string{pub = "Penerbit"}\n\n'
        "@Book{siti2011,\n  author\t= {Siti},\r\n  title = {Pasar {\\&} Kota},\n  publisher = pub\n}\n"
    )


def test_parents_come_along_and_last(tmp_path: Path) -> None:
    folder = _review(tmp_path, a=_FIRST.encode())
    for keys in (("budi2012",), ()):
        read = bibtex.read(_bib(folder, *keys).encode(), "x.bib")
        assert read.problems == ()
        assert read.sources[-1].key == "pros2012"
        assert next(one for one in read.sources if one.key == "budi2012").plain["publisher"] == "Penerbit Raya"


def test_strings_of_two_files(tmp_path: Path) -> None:
    same = b'@string{PUB = "Penerbit"}\n@book{same, publisher=pub, title={A}}\n'
    other = b'@string{pub = "Other Press"}\n@book{other, publisher=pub, title={B}}\n'
    text = _bib(_review(tmp_path, a=_FIRST.encode(), b=same.replace(b"PUB", b"pub"), c=other))
    assert text.count("@string{pub") == 1
    read = {one.key: one for one in bibtex.read(text.encode(), "x.bib").sources}
    assert read["same"].fields["publisher"] == "Penerbit"
    assert read["other"].fields["publisher"] == "Other Press"
    assert "publisher = {Other Press}" in text


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "utf-16"])
def test_encodings_become_utf_8(tmp_path: Path, codec: str) -> None:
    folder = _review(tmp_path, a="@book{mueller, author = {Müller, Jürgen}, title = {Größe}}\n".encode(codec))
    text = _bib(folder, mueller="Über *Größe*.")
    source = bibtex.read(text.encode(), "x.bib").sources[0]
    assert source.fields["author"] == "Müller, Jürgen"
    assert source.fields["annotation"] == "Über \\emph{Größe}."


@pytest.mark.parametrize(
    ("markdown", "raw"),
    [
        ("Plain words.", "Plain words."),
        ("50% & {x} `a_b`", "50\\% \\& \\{x\\} a\\_b"),
        ("One *two* **three**.\n\nFour.", "One \\emph{two} \\textbf{three}.\n\nFour."),
        ("- one\n- two", "one\n\ntwo"),
        ("> said", "said"),
    ],
)
def test_annotations(tmp_path: Path, markdown: str, raw: str) -> None:
    folder = _review(tmp_path, a=b"@book{adi, title = {Pasar},}\n")
    source = bibtex.read(_bib(folder, adi=markdown).encode(), "x.bib").sources[0]
    assert source.fields == {"title": "Pasar", "annotation": raw}


def test_the_note_card_outdoes_an_old_annotation(tmp_path: Path) -> None:
    folder = _review(tmp_path, a=b"@book{adi, annotation = {Old}, title = {Pasar}}\n")
    assert _bib(folder, adi="New") == "@book{adi, annotation = {New}, title = {Pasar}}\n"
    assert _bib(folder) == "@book{adi, annotation = {Old}, title = {Pasar}}\n"


def test_broken_entries_are_written_anew(tmp_path: Path) -> None:
    broken = b"@book{adi, title = {Pasar} year = 2011, title = {Again}}\n@book{budi, title = {Kota}}\n"
    folder = _review(tmp_path, a=broken)
    with Review.open(folder) as review:
        expected = {one.key: dict(one.fields) for one in review.sources()}
    read = bibtex.read(_bib(folder, adi="Words").encode(), "x.bib")
    expected["adi"]["annotation"] = "Words"
    assert {one.key: dict(one.fields) for one in read.sources} == expected


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["title", "note", "abstract"]), _TEXT, min_size=1), _TEXT)
def test_fields_stay_whatever_the_annotation(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str], annotation: str
) -> None:
    entry = bibtex.write_entry("key1", "book", fields).encode()
    folder = _review(tmp_path_factory.mktemp("bib"), a=entry)
    kept = bibtex.read(entry, "a.bib").sources[0].fields
    source = bibtex.read(_bib(folder, key1=annotation).encode(), "x.bib").sources[0]
    assert {name: raw for name, raw in source.fields.items() if name != "annotation"} == kept
