"""How far screening is, from decisions alone."""

from __future__ import annotations

from libreview.findings.screenings import Reason, Screening, screening
from libreview.model import Decision

DECISIONS = {
    "a": Decision("a", "include"),
    "b": Decision("b", "exclude", "no city"),
    "old": Decision("c", "exclude", "double"),
    "d": Decision("d", "exclude", "no city"),
    "e": Decision("e", "exclude"),
    "gone": Decision("gone", "include"),
}


def test_reasons_are_counted_the_most_frequent_first() -> None:
    found = screening({"a", "b", "old", "d", "e", "f", "g"}, DECISIONS, 9)
    assert found == Screening(1, 4, 2, (Reason("no city", 2), Reason("", 1), Reason("double", 1)), 9)
    assert found.sources == 7


def test_nothing_is_screened() -> None:
    assert screening({"a", "b"}, {}, 2) == Screening(0, 0, 2, (), 2)
    assert screening((), DECISIONS, 2) == Screening(0, 0, 0, (), 2)
