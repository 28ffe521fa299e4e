"""Dates of sources: what is typed, beside what the processor gets and what a citation prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import dates
from libreview.model import Location, Source


def source(**fields: str) -> Source:
    return Source("k", "book", fields, fields, {}, Location("a.bib"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2001", {"date-parts": [[2001]]}),
        ("2001-05", {"date-parts": [[2001, 5]]}),
        ("2001-05-04", {"date-parts": [[2001, 5, 4]]}),
        ("2001-05-04T10:20:00Z", {"date-parts": [[2001, 5, 4]]}),
        ("2001/2003", {"date-parts": [[2001], [2003]]}),
        ("2001--2003", {"date-parts": [[2001], [2003]]}),
        ("2001–2003", {"date-parts": [[2001], [2003]]}),
        ("2001-05/2001-06", {"date-parts": [[2001, 5], [2001, 6]]}),
        ("2001/", {"date-parts": [[2001]]}),
        ("../2001", {"date-parts": [[2001]]}),
        ("2001~", {"date-parts": [[2001]], "circa": True}),
        ("ca. 1920", {"date-parts": [[1920]], "circa": True}),
        ("circa 1920", {"date-parts": [[1920]], "circa": True}),
        ("199X", {"date-parts": [[1990], [1999]], "circa": True}),
        ("2001-21", {"date-parts": [[2001]], "season": 1}),
        ("-0380", {"date-parts": [[-380]]}),
        ("380", {"date-parts": [[380]]}),
        ("[2005]", {"date-parts": [[2005]]}),
        ("2005a", {"date-parts": [[2005]]}),
        ("2001-13-45", {"date-parts": [[2001]]}),
        ("in press", {"literal": "in press"}),
        ("99999999999999999999", {"literal": "99999999999999999999"}),
        ("t.t.", {}),
        ("n.d.", {}),
        ("", {}),
    ],
)
def test_date(typed: str, expected: dict[str, object]) -> None:
    assert dates.date(typed) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": "2001", "month": "may"}, {"date-parts": [[2001, 5]]}),
        ({"year": "2001", "month": "Mei", "day": "3"}, {"date-parts": [[2001, 5, 3]]}),
        ({"year": "2001", "month": "5"}, {"date-parts": [[2001, 5]]}),
        ({"year": "2001", "month": "March--April"}, {"date-parts": [[2001, 3]]}),
        ({"year": "2001", "month": "Spring"}, {"date-parts": [[2001]], "season": 1}),
        ({"year": "2001", "month": "nonsense"}, {"date-parts": [[2001]]}),
        ({"date": "2002", "year": "2001"}, {"date-parts": [[2002]]}),
        ({}, {}),
    ],
)
def test_issued(fields: dict[str, str], expected: dict[str, object]) -> None:
    assert dates.issued(source(**fields)) == expected


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("2001-05", "en", "2001"),
        ("2001/2003", "en", "2001–2003"),
        ("2001~", "id", "ca. 2001"),
        ("-0380", "id", "380 SM"),
        ("-0380", "en", "380 BCE"),
        ("", "id", "t.t."),
        ("t.t.", "en", "n.d."),
        ("", "de", "o. J."),
        ("", "fr", "n.d."),
        ("forthcoming", "en", "forthcoming"),
    ],
)
def test_year_text(typed: str, language: str, expected: str) -> None:
    assert dates.year_text(source(date=typed), language) == expected


@given(st.text(max_size=40))
def test_no_text_breaks_a_date(typed: str) -> None:
    found = dates.date(typed)
    parts = found.get("date-parts", [])
    assert isinstance(parts, list)
    assert len(parts) <= 2
