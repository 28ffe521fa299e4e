"""Groups of a bibliography: kinds of sources, themes in the order of the codebook."""

from __future__ import annotations

import pytest

from libreview.findings.bibliographies import Entry, grouped, kind, ordered
from libreview.model import Codebook, Location, Person, Source, Theme


def _source(type: str, key: str = "a", **fields: str) -> Source:
    return Source(key, type, fields, fields, {"author": (Person("Adi"),)}, Location("sources/a.bib"))


@pytest.mark.parametrize(
    ("type", "fields", "expected"),
    [
        ("book", {}, "books"),
        ("incollection", {}, "books"),
        ("article", {"journal": "J"}, "journals"),
        ("article", {"journal": "Kompas", "entrysubtype": "newspaper"}, "news"),
        ("inproceedings", {}, "proceedings"),
        ("phdthesis", {}, "theses"),
        ("techreport", {}, "reports"),
        ("legislation", {"langid": "indonesian"}, "laws"),
        ("jurisdiction", {}, "laws"),
        ("online", {}, "internet"),
        ("misc", {"url": "https://example.org"}, "internet"),
        ("misc", {}, "other"),
        ("", {}, "other"),
    ],
)
def test_kinds(type: str, fields: dict[str, str], expected: str) -> None:
    assert kind(_source(type, **fields)) == expected


_BOOK = Codebook({one.id: one for one in (Theme("top"), Theme("low", parent="top", aliases=("bawah",)), Theme("b"))})


def test_themes_in_the_order_of_the_codebook() -> None:
    assert [one.id for one in ordered(["zzz", "b", "bawah", "todo"], _BOOK, ["todo"])] == ["low", "b", "zzz"]


def test_a_theme_above_heads_those_below_it() -> None:
    entries = [Entry(_source("book", "x"), themes=(Theme("low"), Theme("new"))), Entry(_source("book", "y"))]
    found = [
        (one.name, one.depth, [entry.source.key for entry in one.entries]) for one in grouped(entries, "theme", _BOOK)
    ]
    assert found == [("top", 0, []), ("low", 1, ["x"]), ("new", 0, ["x"]), ("", 0, ["y"])]


def test_parents_in_a_circle() -> None:
    book = Codebook({one.id: one for one in (Theme("a", parent="b"), Theme("b", parent="a"))})
    found = grouped([Entry(_source("book"), themes=(Theme("a"),))], "theme", book)
    assert sorted(one.name for one in found) == ["a", "b"]


def test_one_group_or_none() -> None:
    assert grouped([], "", _BOOK) == ()
    assert len(grouped([Entry(_source("book"))], "", _BOOK)) == 1
