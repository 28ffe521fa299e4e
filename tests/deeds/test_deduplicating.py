"""Duplicates of a review and of a table, and what was said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import deduplicating, merging
from libreview.model import Create, Edit
from libreview.review import Review
from libreview.words.errors import Refused

ENTRY = (
    "@article{{{key}, author = {{Zaini, Ahmad}}, title = {{What coastal towns may decide by themselves}}, year = 1999, "
    "journal = {{Jurnal Kota}}, volume = 4, pages = {{10--21}}{more}}}\n"
)


@pytest.fixture
def twins(review_folder: Path) -> Path:
    """A review in which one source came three times."""
    entries = (("zaini1999", ", number = 2"), ("zainia", ", doi = {10.1000/x}, number = 2"), ("zainib", ""))
    text = "".join(ENTRY.format(key=key, more=more) for key, more in entries)
    (review_folder / "sources" / "twins.bib").write_text(text, encoding="utf-8")
    return review_folder


def groups(folder: Path) -> list[tuple[str, ...]]:
    with Review.open(folder) as review:
        return [group.keys for group in deduplicating.in_review(review).groups]


def apart(folder: Path, *parts: tuple[str, ...], coder: str = "") -> None:
    with Review.open(folder) as review:
        review.apply(deduplicating.not_the_same(review, parts, coder))


def test_a_source_that_came_three_times(twins: Path) -> None:
    assert groups(twins) == [("zaini1999", "zainia", "zainib")]


def test_what_was_said_is_kept_a_line_each_and_not_asked_again(twins: Path) -> None:
    apart(twins, ("zaini1999",), ("zainia",), coder='na"dia')
    assert groups(twins) in ([("zaini1999", "zainib")], [("zainia", "zainib")])
    apart(twins, ("zaini1999", "zainia"), ("zainib",))
    assert groups(twins) == []
    lines = (twins / deduplicating.PATH).read_text(encoding="utf-8").splitlines()
    assert lines[2:] == [
        '"zaini1999 zainia" = { coder = "na\\"dia" }',
        '"zaini1999 zainib" = {}',
        '"zainia zainib" = {}',
    ]


def test_the_file_is_made_once_and_then_added_to(twins: Path) -> None:
    with Review.open(twins) as review:
        (made,) = deduplicating.not_the_same(review, (("a",), ("b",), ("c",))).edits
        assert isinstance(made, Create)
        assert made.content.endswith(b'\n\n"a b c" = {}\n')
    (twins / deduplicating.PATH).write_bytes(b'"x y" = {}')
    with Review.open(twins) as review:
        (added,) = deduplicating.not_the_same(review, (("a",), ("b",))).edits
        assert isinstance(added, Edit)
        assert (added.start, added.new) == (10, b'\n"a b" = {}\n')


def test_a_line_that_cannot_be_read_loses_nothing_else(twins: Path) -> None:
    (twins / deduplicating.PATH).write_text(
        '# said\n"zaini1999 zainia zainib" = {}\n"x y" = \n[table]\n\xff\n', encoding="latin-1"
    )
    with Review.open(twins) as review:
        said = deduplicating.said(review)
    assert said.broken == (3, 5)
    assert groups(twins) == []


def test_what_was_said_follows_a_source_to_its_new_key(twins: Path) -> None:
    apart(twins, ("zaini1999",), ("zainia",))
    with Review.open(twins) as review:
        change, _ = merging.rekey(review, "zainia", "zaini2000")
        review.apply(change)
    assert all(not {"zaini1999", "zaini2000"} <= set(keys) for keys in groups(twins))


def test_the_fullest_source_is_kept(twins: Path) -> None:
    with Review.open(twins) as review:
        (group,) = deduplicating.in_review(review).groups
        sources = {key: review.source(key) for key in group.keys}
        assert deduplicating.fullest(sources, group) == ("zainia", "zaini1999", "zainib")


HEAD = "ID,title,author,year,journal,volume,pages\n"
ROW = '{id},Müdigkeit der Städte im Hafen,"Hartono, B.",2018,Jurnal Kota,4,{pages}\n'
TABLE = HEAD + ROW.format(id="a", pages="10-21") + ROW.format(id="b", pages="10-21") + ROW.format(id="c", pages="90-99")


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(), b"\xef\xbb\xbf" + TABLE.encode(), TABLE.encode("cp1252"), TABLE.encode("utf-16"),
        TABLE.replace('"Hartono, B."', "Hartono B.").replace(",", ";").encode(),
        TABLE.replace('"Hartono, B."', "Hartono B.").replace(",", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(), TABLE.replace("ID,title", "Key, Title ").encode(),
    ],
)  # fmt: skip
def test_a_table_of_records_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "records.csv").write_bytes(data)
    found = deduplicating.in_file(tmp_path / "records.csv")
    assert found.records == 3
    assert ("a", "b") in [group.keys[:2] for group in found.groups]


def test_records_without_an_id_have_the_number_of_their_row(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("title,doi\nHarbours of the north,10.1/x\n\nHarbours of the north,10.1/x\n")
    found = deduplicating.in_file(tmp_path / "records.csv")
    assert found.records == 2


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\x01\x02", '"' * 9])
def test_what_is_no_table_of_records_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "records.csv").write_text(text)
    with pytest.raises(Refused, match="records"):
        deduplicating.in_file(tmp_path / "records.csv")


def test_a_table_with_a_head_alone_has_no_duplicates(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("ID,title,doi\n")
    assert deduplicating.in_file(tmp_path / "records.csv").groups == ()
