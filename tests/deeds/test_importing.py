"""Importing: what is new comes byte for byte, what came before is brought up to date, and nothing is lost or counted twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.deeds import importing, recording, reporting
from libreview.deeds.importing import Imported, Renamed, Wish
from libreview.disk.settings import ReviewSettings
from libreview.pages.reports.imports import lines
from libreview.review import Review
from libreview.texts.formats import bibtex
from libreview.texts.provenance import PATH
from libreview.words.errors import Refused
from libreview.words.i18n import language


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    with Review.create(tmp_path / "review", ReviewSettings()) as review:
        yield review


def taken(
    review: Review, *files: tuple[str, bytes], theirs: bool = False, restore: bool = False
) -> tuple[Imported, ...]:
    """Return what the import of several files, in one change, comes to; each conserves its records."""
    wishes = []
    for name, data in files:
        place = review.root.parent / name
        place.write_bytes(data)
        wishes.append(Wish(place))
    change, imported = importing.take(review, wishes, theirs=theirs, restore=restore, today="2024-05-31")
    if change.edits:
        review.apply(change, importing.parsed(imported))
    for one in imported:
        assert one.records == one.new + one.here + one.updated.changed + len(one.unreadable)
    return imported


def taken_over(review: Review, name: str, data: bytes, *, theirs: bool = False, restore: bool = False) -> Imported:
    (one,) = taken(review, (name, data), theirs=theirs, restore=restore)
    return one


def contents(review: Review) -> dict[str, bytes]:
    """Return all files of the review but those that libreview keeps for itself."""
    return {
        str(place.relative_to(review.root)): place.read_bytes()
        for place in review.root.rglob("*")
        if place.is_file() and ".libreview" not in place.parts
    }


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
    assert taken_over(review, "again.bib", data).here == 1


def test_what_is_here_is_not_taken_twice_and_a_taken_key_is_changed(review: Review) -> None:
    taken_over(review, "one.bib", b"@book{k, title = {One}, author = {A}}\n@book{KB, title = {Other}}\n")
    imported = taken_over(
        review,
        "two.bib",
        b"@book{k,\n  author = {A},\n  title = {One}\n}\n@book{k, title = {Two}}\n@book{new, title = {New}}\n"
        b"@book{new, title = {New}}\n@inbook{in, title = {In}, crossref = {k}}\n",
    )
    assert (imported.records, imported.new, imported.already) == (5, 3, 2)
    assert imported.renamed == (Renamed("k", "kc"),)
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
    assert "1 of them only holds data of others" in lines([imported], language("en"))[1]


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
    for name, data in (("x.md", b"# Notes\n"), ("x.ris", b"")):
        (review.root.parent / name).write_bytes(data)
        with pytest.raises(Refused):
            importing.take(review, [Wish(review.root.parent / name)])
    with pytest.raises(Refused):
        importing.take(review, [Wish(review.root.parent / "nosuch.bib")])


def test_a_problem_is_counted_once(review: Review) -> None:
    data = b"@misc{k, title = {A}, title = {B}, title = {C}, author = {Dr. X, Y}, editor = {Dr. X, Y}, year = 2001}\n"
    imported = taken_over(review, "x.bib", data)
    assert [problem.code for problem in imported.problems] == ["field-repeated", "name-with-title"]
    assert (imported.defects, imported.sources_with_defects) == (2, 1)


# What came is recorded ------------------------------------------------------------------------------------------------

ONE = b"@book{k, title = {One}, author = {A}, year = 2001}\n"


def test_what_came_is_recorded_with_its_digest_and_counts(review: Review) -> None:
    data = ONE + b"@book{, title = {B}}\n@book{k, title = {One}, author = {A}, year = 2001}\n"
    taken_over(review, "My Export.bib", data)
    (one,) = recording.imports(review)
    assert (one.date, one.file, one.raw, one.into) == (
        "2024-05-31",
        "My Export.bib",
        "sources/imported/my-export.bib",
        "sources/my-export.bib",
    )
    assert (one.records, one.new, one.already, one.changed, one.unreadable) == (3, 1, 1, 0, 1)
    assert (one.format, one.sha256) == ("bibtex", recording.digest(data))
    assert not [problem for problem in reporting.problems(review) if problem.code.startswith("import-")]


def test_an_import_is_one_change_that_undo_takes_back_byte_for_byte(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    before = contents(review)
    taken(
        review,
        ("b.bib", b"@misc{b, title = {B}}\n"),
        ("a.bib", ONE.replace(b"2001", b"2002")),
        ("c.bib", b"@misc{c, title = {C}}\n"),
    )
    assert review.source("k").year == "2002"
    after = contents(review)
    assert len(after) == len(before) + 5
    review.undo()
    assert contents(review) == before
    review.redo()
    assert contents(review) == after


def test_files_of_one_call_know_of_each_other(review: Review) -> None:
    first, second, third = taken(
        review, ("a.bib", ONE), ("b.bib", ONE), ("a.BIB", b"@book{k, title = {Two}}\n@book{K, title = {Three}}\n")
    )
    assert (first.new, second.new, second.already, third.new) == (1, 0, 1, 2)
    assert third.path == "sources/a-2.bib"
    assert [one.new for one in third.renamed] == ["kb", "Kc"]
    assert sorted(review.source_keys()) == ["Kc", "k", "kb"]
    assert [one.file for one in recording.imports(review)] == ["a.bib", "a.BIB"]


def test_an_import_that_brings_nothing_is_recorded_if_something_is_said_of_it(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    assert taken_over(review, "b.bib", b"\n" + ONE).number == 0
    change, (one,) = importing.take(review, [Wish(review.root.parent / "b.bib", "Scopus", "x AND y")])
    review.apply(change)
    last = recording.imports(review)[-1]
    assert (one.number, last.database, last.search, last.new, last.already, last.raw) == (
        2, "Scopus", "x AND y", 0, 1, "sources/imported/b.bib",
    )  # fmt: skip


def test_of_a_file_that_came_before_only_what_is_said_of_it_is_corrected(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    change, (one,) = importing.take(review, [Wish(review.root.parent / "a.bib", "Scopus")])
    review.apply(change)
    (entry,) = recording.imports(review)
    assert (one.updated.same, entry.database, entry.new) == (1, "Scopus", 1)


def test_the_database_is_handed_on_to_the_next_import_of_the_file(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    review.apply(recording.correct(review, "a.bib", "Scopus", "sister city")[0])
    taken_over(review, "a.bib", ONE + b"@misc{b, title = {B}}\n")
    last = recording.imports(review)[-1]
    assert (last.database, last.search, last.new, last.already) == ("Scopus", "sister city", 1, 1)


def test_raw_files_that_changed_or_are_gone_are_problems(review: Review) -> None:
    taken(review, ("a.bib", ONE), ("b.bib", b"@misc{b, title = {B}}\n"))
    (review.root / "sources/imported/a.bib").unlink()
    (review.root / "sources/imported/b.bib").write_bytes(b"\r\n")
    found = [(one.code, one.subject) for one in recording.problems(review)]
    assert found == [("import-raw-missing", "sources/imported/a.bib"), ("import-raw-changed", "sources/imported/b.bib")]


def test_a_record_that_leads_outside_reads_nothing_there(review: Review) -> None:
    (review.root.parent / "secret.bib").write_bytes(ONE)
    (review.root / PATH).write_text('[[import]]\nfile = "a.bib"\nraw = "sources/imported/../../../secret.bib"\n')
    assert taken_over(review, "a.bib", ONE).new == 1
    assert [one.code for one in recording.problems(review)] == ["import-field"]


# Importing again ------------------------------------------------------------------------------------------------------

LIBRARY = b"""@article{smith2020, title = {Sister cities}, author = {Smith, J.}, year = 2020, doi = {10.1000/1}}
@article{lee2019,
  title = {Fairs},
  author = {Lee, K.},
  year = 2019,
  journal = {Cities},
}
@book{sukarno1959, title = {Bendera}, author = {Sukarno}, year = 1959}
"""


def edited(review: Review, old: bytes, new: bytes) -> None:
    """Change the review's own file, as a person does with an editor."""
    place = review.root / "sources/library.bib"
    data = place.read_bytes()
    assert old in data
    place.write_bytes(data.replace(old, new))
    review.refresh()


def test_a_second_identical_import_says_all_same_and_writes_nothing(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    before = contents(review)
    for name in ("library.bib", "copy of it.bib"):
        one = taken_over(review, name, LIBRARY)
        assert (one.records, one.updated.same, one.came) == (3, 3, "2024-05-31")
        assert contents(review) == before


def test_what_changed_there_is_taken_and_what_changed_here_stays(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    edited(review, b"author = {Lee, K.}", b"author = {Lee, Kim}, note = {mine}")
    edited(review, b"year = 1959", b"year = 1960")
    later = LIBRARY.replace(b"Cities", b"Cities and Towns").replace(b"1959, ", b"1959,").replace(b"1959}", b"1961}")
    later = later.replace(b"@book", b"@misc").replace(b"year = 2020, ", b"pages = {1--2}, ")
    one = taken_over(review, "library.bib", later + b"@misc{new, title = {New}}\n")
    assert (one.records, one.new, one.updated.changed, one.updated.clashing, one.updated.same) == (4, 1, 3, 1, 0)
    assert [(change.key, change.fields) for change in one.updated.taken] == [
        ("smith2020", ("pages", "year")),
        ("lee2019", ("journal",)),
        ("sukarno1959", ("@",)),
    ]
    assert [(clash.key, clash.field, clash.ours, clash.theirs) for clash in one.updated.clashes] == [
        ("sukarno1959", "year", "1960", "1961")
    ]
    lee = review.source("lee2019")
    assert (lee.get("journal"), lee.get("author"), lee.get("note")) == ("Cities and Towns", "Lee, Kim", "mine")
    assert (review.source("sukarno1959").type, review.source("sukarno1959").year) == ("misc", "1960")
    assert "year" not in review.source("smith2020").fields
    said = lines([one], language("en"), again="libreview import library.bib")
    assert said[0].startswith("4 records: 1 new, 3 changed upstream (1 conflicts with your edit).")
    assert '  sukarno1959 year: yours "1960", theirs "1961"' in said
    again = taken_over(review, "library.bib", later + b"@misc{new, title = {New}}\n")
    assert (again.updated.same, again.updated.changed) == (4, 0)


def test_what_an_entry_cannot_hold_stays_and_is_shown(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY.replace(b"Fairs", "Märkte".encode("latin-1")))
    one = taken_over(review, "library.bib", LIBRARY.replace(b"Fairs", "Łódź".encode()))
    assert [(clash.key, clash.field, clash.theirs) for clash in one.updated.clashes] == [("lee2019", "title", "Łódź")]
    assert review.source("lee2019").title == "Märkte"


def test_without_the_file_as_it_came_nothing_is_guessed_and_the_same_file_brings_it_back(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    raw = review.root / "sources/imported/a.bib"
    raw.unlink()
    with pytest.raises(Refused, match="is not there"):
        taken_over(review, "a.bib", ONE.replace(b"2001", b"2002"))
    assert taken_over(review, "a.bib", ONE).updated.same == 1
    assert raw.read_bytes() == ONE
    assert len(recording.imports(review)) == 1
    assert taken_over(review, "a.bib", ONE.replace(b"2001", b"2002")).updated.changed == 1


def test_links_that_lead_out_of_the_review_are_not_read(review: Review) -> None:
    taken_over(review, "a.bib", ONE)
    raw = review.root / "sources/imported/a.bib"
    raw.rename(review.root.parent / "kept.bib")
    raw.symlink_to(review.root.parent / "kept.bib")
    assert [one.code for one in recording.problems(review)] == ["import-raw-missing"]
    with pytest.raises(Refused, match="as it came last time, is not there"):
        taken_over(review, "a.bib", ONE.replace(b"2001", b"2002"))
    assert taken_over(review, "b.bib", ONE).updated.same == 1


def test_theirs_is_taken_if_it_is_wanted_even_after_the_conflict_was_shown(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    edited(review, b"year = 1959", b"year = 1960")
    later = LIBRARY.replace(b"year = 1959", b"year = 1961")
    assert taken_over(review, "library.bib", later).updated.clashing == 1
    assert review.source("sukarno1959").year == "1960"
    assert taken_over(review, "library.bib", later, theirs=True).updated.clashing == 0
    assert review.source("sukarno1959").year == "1961"
    before = contents(review)
    taken_over(review, "library.bib", later, theirs=True)
    assert contents(review) == before


def test_what_was_taken_out_here_stays_out_until_it_is_to_be_brought_back(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    edited(review, b"@book{sukarno1959, title = {Bendera}, author = {Sukarno}, year = 1959}\n", b"")
    before = contents(review)
    one = taken_over(review, "library.bib", LIBRARY)
    assert (one.new, one.updated.same, len(one.updated.gone)) == (0, 2, 1)
    assert contents(review) == before
    back = taken_over(review, "library.bib", LIBRARY, restore=True)
    assert (back.new, back.keys, back.updated.gone) == (1, ("sukarno1959",), ())


def test_what_vanished_there_is_named_and_stays(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    less = b"".join(LIBRARY.splitlines(keepends=True)[1:])
    one = taken_over(review, "library.bib", less)
    assert one.updated.vanished == ("smith2020",)
    assert review.source("smith2020").title == "Sister cities"
    assert taken_over(review, "library.bib", less).updated.vanished == ()
    assert (taken_over(review, "library.bib", LIBRARY).already, len(review.source_keys())) == (1, 3)


def test_another_key_there_is_offered_and_what_changed_is_taken_under_ours(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    later = LIBRARY.replace(b"smith2020", b"smith2020sister").replace(b"Sister cities", b"Sister Cities")
    one = taken_over(review, "library.bib", later)
    assert one.updated.rekeyed == (("smith2020", "smith2020sister"),)
    assert review.source("smith2020").title == "Sister Cities"
    assert "  smith2020 is called smith2020sister there: libreview rekey smith2020 smith2020sister" in lines(
        [one], language("en")
    )
    later = later.replace(b"10.1000/1", b"10.1000/2")
    assert taken_over(review, "library.bib", later).updated.taken[0].fields == ("doi",)


def test_a_source_is_found_wherever_it_went(review: Review) -> None:
    taken_over(review, "other.bib", b"@book{sukarno1959, title = {Another}, author = {X}, year = 1}\n")
    assert taken_over(review, "library.bib", LIBRARY).renamed == (Renamed("sukarno1959", "sukarno1959b"),)
    edited(review, b"@article{lee2019,", b"@article{lee, ids = {lee2019},")
    later = LIBRARY.replace(b"1959}", b"1964}").replace(b"{Cities}", b"{Towns}")
    one = taken_over(review, "library.bib", later)
    assert [change.key for change in one.updated.taken] == ["lee", "sukarno1959b"]
    assert review.source("sukarno1959b").year == "1964"
    assert review.source("sukarno1959").year == "1"


def test_another_export_of_the_same_name_is_no_later_version(review: Review) -> None:
    taken_over(review, "export.bib", LIBRARY)
    other = (
        b"".join(b"@misc{m%d, title = {Title %d}, year = 2001}\n" % (n, n) for n in range(5)) + b"@misc{smith2020}\n"
    )
    one = taken_over(review, "export.bib", other)
    assert (one.came, one.new, one.updated.vanished) == (None, 6, ())
    assert (taken_over(review, "export.bib", LIBRARY).updated.same, len(recording.imports(review))) == (3, 2)


def test_a_library_under_another_name_is_known_by_its_keys(review: Review) -> None:
    taken_over(review, "library.bib", LIBRARY)
    one = taken_over(review, "My Library.bib", LIBRARY.replace(b"1959}", b"1964}"))
    assert (one.new, one.updated.changed, one.updated.same) == (0, 1, 2)


RIS = b"TY  - JOUR\nAU  - Smith, J.\nTI  - Sister cities\nPY  - 2020\nDO  - 10.1000/1\nER  - \n\n"
MORE = b"TY  - BOOK\nAU  - Lee, K.\nTI  - Fairs\nPY  - 2019\nER  - \n"


def test_other_formats_are_converted_and_brought_up_to_date_as_well(review: Review) -> None:
    one = taken_over(review, "scopus.ris", RIS + MORE + b"TY  - JOUR\nER  - \n")
    assert (one.records, one.new, one.format) == (3, 2, "ris")
    assert [(found.code, str(found.location)) for found in one.unreadable] == [
        ("record-empty", "sources/imported/scopus.ris:13")
    ]
    assert (review.root / "sources/imported/scopus.ris").read_bytes().startswith(RIS)
    assert sorted(review.source_keys()) == ["lee2019fairs", "smith2020sister"]
    again = taken_over(review, "scopus.ris", RIS + MORE.replace(b"2019", b"2018"))
    assert (again.updated.changed, again.updated.same, again.updated.rekeyed) == (0, 1, ())
    assert (again.new, again.updated.vanished) == (1, ("lee2019fairs",))
    last = taken_over(review, "scopus.ris", RIS.replace(b"Sister cities", b"Sister towns") + MORE)
    assert (last.updated.changed, last.already) == (1, 1)
    assert review.source("smith2020sister").title == "Sister towns"


def test_what_garuda_calls_bibtex_is_repaired_and_it_is_said(review: Review) -> None:
    data = (
        b'@article{IPI1, title = "KOTA "KEMBAR"", year = "2020", url = https://example.org/1 author = "A B; C D", '
        b'abstract = "x", }\n'
    )
    one = taken_over(review, "garuda.bib", data)
    assert (one.new, review.source("IPI1").title, review.source("IPI1").year) == (1, 'KOTA "KEMBAR"', "2020")
    assert {str(found.location) for found in one.remarks} == {"sources/imported/garuda.bib:1"}
    assert (review.root / "sources/imported/garuda.bib").read_bytes() == data
    later = taken_over(review, "garuda.bib", data.replace(b"2020", b"2021"))
    assert [change.fields for change in later.updated.taken] == [("year",)]


def test_the_columns_of_a_table_are_remembered(review: Review) -> None:
    table = b"Tajuk,Penulis,Tahun\nPasar kota,Hartono,2019\n"
    (review.root.parent / "t.csv").write_bytes(table)
    change, (one,) = importing.take(review, [Wish(review.root.parent / "t.csv", columns=("title=Tajuk",))])
    review.apply(change)
    assert (one.new, review.sources()[0].title) == (1, "Pasar kota")
    assert taken_over(review, "t.csv", table).updated.same == 1


# Laws -----------------------------------------------------------------------------------------------------------------

_VALUE = st.sampled_from(["A", "B b", "{C} c", r"\\'e", ""])
_FIELDS = st.dictionaries(st.sampled_from(["title", "year", "note", "url", "pages"]), _VALUE, max_size=4)
_KEYS = st.sampled_from(["a", "b", "c", "d", "A"])
_ENTRIES = st.lists(st.tuples(_KEYS, _FIELDS), max_size=5)


def _bib(entries: list[tuple[str, Mapping[str, str]]], end: bool) -> bytes:
    text = "".join(bibtex.write_entry(key, "misc", {"author": f"{{{key}}}", **fields}) for key, fields in entries)
    return (text + ("" if end else "@misc{open, title = {x\n")).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_ENTRIES, ours=_ENTRIES, second=_ENTRIES, end=st.booleans(), theirs=st.booleans())
def test_records_are_conserved_and_importing_twice_is_importing_once(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[str, Mapping[str, str]]],
    ours: list[tuple[str, Mapping[str, str]]], second: list[tuple[str, Mapping[str, str]]], end: bool, theirs: bool,
) -> None:  # fmt: skip
    with Review.create(tmp_path_factory.mktemp("law") / "review", ReviewSettings()) as review:
        seen = [contents(review)]
        try:
            taken_over(review, "library.bib", _bib(first, end))
        except Refused:
            assert end
            assert not first
        (review.root / "sources/library.bib").write_bytes(_bib(ours, True))
        review.refresh()
        seen.append(contents(review))
        if not second and end:
            return
        one = taken_over(review, "library.bib", _bib(second, end), theirs=theirs)
        if one.new or one.updated.taken:
            review.undo()
            assert contents(review) == seen[1]
            review.redo()
        before = contents(review)
        again = taken_over(review, "library.bib", _bib(second, end))
        assert contents(review) == before
        assert (again.new, again.updated.changed) == (0, 0)


# Duplicates -----------------------------------------------------------------------------------------------------------

LONG = b"Sister cities and the firms of small harbours in the east"
PAPER = b"""@article{hartono2018,
  author = {Hartono, Budi},
  title = {%s},
  journaltitle = {Journal of Urban Affairs},
  year = {2018}, volume = {12}, pages = {20--41}, doi = {10.1000/ab.12},
}
""" % (LONG,)
AGAIN_RIS = b"""TY  - JOUR
AU  - Hartono, B.
TI  - %s
JO  - J. Urban Aff.
PY  - 2018
VL  - 12
SP  - 20
EP  - 41
DO  - 10.1000/AB.12
ER  -
""" % (LONG,)
PERHAPS_RIS = (
    AGAIN_RIS.replace(b"2018", b"2019").replace(b"DO  - 10.1000/AB.12\n", b"").replace(b"VL  - 12", b"VL  - 14")
)


def test_a_new_record_that_is_surely_here_is_taken_and_named(review: Review) -> None:
    taken_over(review, "a.bib", PAPER)
    one = taken_over(review, "b.ris", AGAIN_RIS)
    assert (one.new, one.already) == (1, 0)
    assert one.twins == (importing.Twin("hartono2018sister", ("hartono2018",), sure=True),)
    said = "\n".join(lines([one], language("en")))
    assert "surely the same work as another source (hartono2018sister = hartono2018): libreview dedupe --merge" in said


def test_what_is_surely_here_is_left_out_on_request_and_counts_as_here(review: Review) -> None:
    taken_over(review, "a.bib", PAPER)
    place = review.root.parent / "b.ris"
    place.write_bytes(AGAIN_RIS + PERHAPS_RIS)
    change, (one,) = importing.take(review, [Wish(place)], skip_duplicates=True, today="2024-05-31")
    review.apply(change)
    assert (one.records, one.new, one.already) == (2, 1, 1)
    assert [twin.key for twin in one.left_out] == ["hartono2018sister"]
    assert [(twin.key, twin.sure) for twin in one.twins] == [("hartono2019sister", False)]
    assert review.source_keys() == ("hartono2018", "hartono2019sister")
    (_, record) = recording.imports(review)
    assert (record.records, record.new, record.already) == (2, 1, 1)
    assert review.read(record.raw) == AGAIN_RIS + PERHAPS_RIS


def test_records_of_one_call_are_compared_with_each_other(review: Review) -> None:
    first, second = taken(review, ("a.ris", AGAIN_RIS), ("b.bib", PAPER.replace(b"{hartono2018,", b"{budi,")))
    assert first.twins == ()
    assert [twin.key for twin in second.twins] == ["budi"]
    third = taken_over(
        review, "c.ris", 2 * b"TY  - BOOK\nAU  - Keating, M.\nPY  - 1993\nTI  - Regions abroad, and why\nER  -\n"
    )
    assert [(twin.key, twin.others) for twin in third.twins] == [("keating1993regionsa", ("keating1993regions",))]


def test_what_a_person_said_is_different_is_not_named(review: Review) -> None:
    taken_over(review, "a.bib", PAPER)
    (review.root / "sources/duplicates.toml").write_text('"hartono2018 hartono2018sister" = {}\n')
    assert taken_over(review, "b.ris", AGAIN_RIS).twins == ()


def test_the_parent_of_others_is_never_left_out(review: Review) -> None:
    book = PAPER.replace(b"@article", b"@book").replace(b"{hartono2018,", b"{parent,")
    taken_over(review, "a.bib", book)
    child = b"@inbook{child, crossref = {parent2}, title = {A chapter}, pages = {1--3}}\n"
    place = review.root.parent / "b.bib"
    place.write_bytes(child + book.replace(b"{parent,", b"{parent2, note = {x},"))
    _, (one,) = importing.take(review, [Wish(place)], skip_duplicates=True, today="2024-05-31")
    assert (one.new, one.left_out) == (2, ())
    assert [twin.key for twin in one.twins if twin.sure] == ["parent2"]


def test_a_library_without_anything_in_common_needs_no_comparison(review: Review) -> None:
    code = (
        "import sys; from pathlib import Path; from libreview.review import Review; from libreview.deeds import importing\n"
        "review = Review.open(Path(sys.argv[1])); importing.take(review, [importing.Wish(Path(sys.argv[2]))])\n"
        "sys.exit('numpy' in sys.modules)"
    )
    place = review.root.parent / "a.bib"
    place.write_bytes(PAPER + b"@book{other, title = {Something else}, author = {Sukarno}, year = {1960}}\n")
    assert subprocess.run([sys.executable, "-c", code, str(review.root), str(place)], check=False).returncode == 0
