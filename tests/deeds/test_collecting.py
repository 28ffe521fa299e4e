"""Adding and importing: what is written says what was given, byte for byte where it came from a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.deeds import collecting
from libreview.disk.settings import ReviewSettings
from libreview.model import Create
from libreview.pages.reports.imports import lines
from libreview.review import Review
from libreview.texts.formats import bibtex
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import language


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    with Review.create(tmp_path / "review", ReviewSettings()) as review:
        yield review


def taken_over(review: Review, name: str, data: bytes) -> collecting.Imported:
    place = review.root.parent / name
    place.write_bytes(data)
    change, imported = collecting.import_bib(review, place)
    review.apply(change, imported.parsed)
    return imported


def test_slices_are_exact_and_strings_come_along(review: Review) -> None:
    data = (
        b'% a comment\n@string{a = "A"}\n@string{b = a # "B"}\n@string{unused = "U"}\n\n'
        b"@article{one,\n\ttitle =  {Caf\xe9 # b},\n journal = b }  trailing\n@comment{@misc{no, title={x}}}\n"
        b"@misc(two, title = {Two}, author = {A}, year = 2001)\n"
    )
    imported = taken_over(review, "x.bib", data)
    assert (imported.records, imported.new, imported.unreadable) == (2, 2, ())
    written = (review.root / imported.path).read_bytes()
    assert b"@article{one,\n\ttitle =  {Caf\xe9 # b},\n journal = b }\n" in written
    assert b"@misc(two, title = {Two}, author = {A}, year = 2001)\n" in written
    assert b'@string{a = "A"}\n' in written
    assert b"unused" not in written
    assert b"comment" not in written
    assert review.source("one").get("journal") == "AB"
    assert review.source("one").title == "Café # b"
    assert (review.root / imported.raw).read_bytes() == data


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings(review: Review, codec: str, newline: str) -> None:
    text = '@string{a = "Ü"}\n@book{k,\n title = {Märchen},\n publisher = a,\n year = 2001,\n author = {X},\n}\n'
    data = text.replace("\n", newline).encode(codec)
    taken_over(review, "x.bib", data)
    assert (review.source("k").title, review.source("k").get("publisher")) == ("Märchen", "Ü")
    assert taken_over(review, "again.bib", data).already == 1


def test_what_is_here_is_not_taken_twice_and_a_taken_key_is_changed(review: Review) -> None:
    taken_over(review, "one.bib", b"@book{k, title = {One}, author = {A}}\n@book{KB, title = {Other}}\n")
    imported = taken_over(
        review,
        "two.bib",
        b"@book{k,\n  author = {A},\n  title = {One}\n}\n@book{k, title = {Two}}\n@book{new, title = {New}}\n"
        b"@book{new, title = {New}}\n@inbook{in, title = {In}, crossref = {k}}\n",
    )
    assert (imported.records, imported.new, imported.already) == (5, 3, 2)
    assert imported.renamed == (collecting.Renamed("k", "kc"),)
    assert review.source("kc").title == "Two"
    assert review.source("in").fields["crossref"] == "k"


def test_children_follow_a_parent_whose_key_changed(review: Review) -> None:
    taken_over(review, "one.bib", b"@book{k, title = {One}}")
    taken_over(review, "two.bib", b"@inbook{in, title = {In}, crossref = {k}}\n@book{k, title = {Two}, year = 1999}\n")
    assert review.source("in").fields["crossref"] == "kb"
    assert review.source("in").year == "1999"
    assert b"@inbook{in, title = {In}, crossref = {kb}}" in (review.root / "sources/two.bib").read_bytes()


def test_entries_that_cannot_be_read_are_named_with_their_line(review: Review) -> None:
    imported = taken_over(review, "x.bib", b"@book{a, title = {A}}\n@book{, title = {B}}\n@book{open, title = {C\n")
    assert (imported.records, imported.new) == (3, 1)
    assert [(one.code, str(one.location)) for one in imported.unreadable] == [
        ("entry-without-key", "sources/imported/x.bib:2"),
        ("entry-open", "sources/imported/x.bib:3"),
    ]


def test_what_is_wrong_with_the_encoding_is_counted_with_the_entry_where_it_shows(review: Review) -> None:
    imported = taken_over(review, "x.bib", "@book{a, author = {Müller}, title = {A}}".encode("latin-1"))
    assert {problem.code for problem in imported.problems} > {"source-without-year"}
    assert (imported.defects, imported.sources_with_defects) == (2, 1)


def test_entries_that_hold_data_of_others_are_named(review: Review) -> None:
    imported = taken_over(
        review, "x.bib", b"@xdata{x, publisher = {P}}\n@book{b, xdata = {x}, author = {A}, title = {A}, year = 1}\n"
    )
    assert (imported.new, imported.carriers) == (2, 1)
    assert "1 of them only holds data of others" in lines(imported, language("en"))[1]


def test_defects_are_counted_by_entry(review: Review) -> None:
    imported = taken_over(
        review, "x.bib", b"@book{a, title = {A}, title = {B}}\n@book{b, author = {A}, title = {A}, year = 1}\n"
    )
    assert (imported.defects, imported.sources_with_defects) == (3, 1)
    assert {problem.code for problem in imported.problems} == {
        "field-repeated",
        "source-without-year",
        "source-without-author",
    }


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("library.bib", "sources/library.bib"),
        ("My Library (2).BIB", "sources/my-library-2.bib"),
        ("..bib", "sources/import.bib"),
        ("Élan.bib", "sources/elan.bib"),
        ("x\ny.bib", "sources/x-y.bib"),
    ],
)
def test_file_names_are_safe(review: Review, name: str, path: str) -> None:
    assert taken_over(review, name, b"@book{a, title = {A}}").path == path
    assert taken_over(review, name, b"@book{b, title = {B}}").path == path.replace(".bib", "-2.bib")


def test_reserved_names_and_what_is_no_bibliography(review: Review) -> None:
    assert taken_over(review, "con.bib", b"@book{a, title = {A}}").path.startswith("sources/con-")
    (review.root.parent / "x.ris").write_text("TY  - JOUR\n", encoding="utf-8")
    with pytest.raises(Refused):
        collecting.import_bib(review, review.root.parent / "x.ris")
    with pytest.raises(Refused):
        collecting.import_bib(review, review.root.parent / "nosuch.bib")


_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_TEXT, note=_TEXT)
def test_what_is_added_reads_as_it_was_given(review: Review, title: str, note: str) -> None:
    try:
        change, key = collecting.add(review, "book", {"title": f"T {title}", "note": note, "year": "2001"})
    except ReviewError:
        return  # refused in words; nothing is written
    (edit,) = change.edits
    assert isinstance(edit, Create)
    reading = bibtex.read(edit.content, edit.path)
    assert reading.problems == ()
    assert reading.sources[0].key == key
    assert reading.sources[0].title == " ".join(f"T {title}".split())


def test_people_and_bodies(review: Review) -> None:
    change, key = collecting.add(
        review, "Book", {"author": "Sukarno and {Kota & Desa} and van der Berg, A.", "title": "X", "Year": "1999"}
    )
    review.apply(change)
    people = review.source(key).authors
    assert [one.family or one.literal for one in people] == ["Sukarno", "Kota & Desa", "Berg"]
    assert key == "sukarno1999x"


def test_a_problem_is_counted_once(review: Review) -> None:
    data = b"@misc{k, title = {A}, title = {B}, title = {C}, author = {Dr. X, Y}, editor = {Dr. X, Y}, year = 2001}\n"
    imported = taken_over(review, "x.bib", data)
    assert [problem.code for problem in imported.problems] == ["field-repeated", "name-with-title"]
    assert (imported.defects, imported.sources_with_defects) == (2, 1)
