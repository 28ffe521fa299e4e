"""Quotes without a partner, and signs before and behind a text: nothing beside them is lost, and nothing is looked at twice."""

from __future__ import annotations

import time

import pytest

from libreview.texts.formats import csljson, csv, mending, people

LONG = 200_000
SECONDS = 2.0


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (r'[{"id": "a", "title": "A \"quoted\" {title}"}, {"id": "b", "title": "B"}]', ['A "quoted" {title}', "B"]),
        ('[{"id": "a", "title": "A\n"},\n{"id": "b", "title": "B"}]', ["B"]),
        ('[{"id": "a", "title": A"},\n{"id": "b", "title": "B"}]', ["B"]),
        ('[{"id": "a", "title": "A\\\\"}, {"id": "b", "title": "B"}]', ["A\\", "B"]),
    ],
)
def test_items_beside_a_quote_without_a_partner_are_read(text: str, titles: list[str]) -> None:
    reading = csljson.read(text.encode(), "x.json")
    assert [one.fields["title"] for one in reading.records] == titles
    assert len(reading.records) + len(reading.problems) == 2


@pytest.mark.parametrize("unit", ['\\"', '"', '\\"{', '"\\\\', '\\"\n', "{", '{"'])
def test_a_file_of_quotes_takes_no_longer_than_its_length(unit: str) -> None:
    began = time.process_time()
    csljson.read(b'[{"a": "' + (unit * (LONG // len(unit))).encode(), "x.json")
    mending.python_list(f"['{unit * (LONG // len(unit))}]")
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("['Budi', \"O'Brien\"]", ["Budi", "O'Brien"]),
        (r"['O\'Brien', 'Budi']", [r"O\'Brien", "Budi"]),
        ("['Budi' x', \"Siti\"]", ["Budi", "Siti"]),
        ("Budi", []),
    ],
)
def test_a_list_as_python_writes_it(text: str, parts: list[str]) -> None:
    assert mending.python_list(text) == parts


@pytest.mark.parametrize(
    ("cell", "title"), [("'=A1", "=A1"), ("''-x", "'-x"), ("'s-Gravenhage", "'s-Gravenhage"), ("'A' '-B", "'A' '-B")]
)
def test_only_an_apostrophe_that_guards_a_formula_goes(cell: str, title: str) -> None:
    reading = csv.read(f"title,author\n{cell},Budi\n".encode(), "x.csv")
    assert [one.fields["title"] for one in reading.records] == [title]


@pytest.mark.parametrize("text", ["A. Budi   and \t Siti C", "A. Budi and Siti C", "A. Budi\u00a0dan Siti C"])
def test_names_are_parted_at_the_word_with_any_white_space(text: str) -> None:
    assert people.read_list(text) == ["A. Budi", "Siti C"]


@pytest.mark.parametrize(
    ("text", "pages"), [("12 -- 15", "12–15"), ("12—15", "12–15"), ("pp. 3 – 9", "3–9"), ("139-54", "139-54")]
)
def test_a_range_of_pages_has_one_dash(text: str, pages: str) -> None:
    assert mending.pages(text) == pages
