"""The table of screening, and decisions in words: the same numbers in every form."""

from __future__ import annotations

import json

import pytest

from libreview.findings.screenings import Reason, Screening
from libreview.model import Decision
from libreview.pages.render import data, plain
from libreview.pages.reports import screening, tables
from libreview.words.i18n import language

FINDING = Screening(1200, 4, 2, (Reason("no city", 3), Reason("", 1)), 2140)
SAY = language("en")


def test_the_table() -> None:
    said = plain.render(tables.tabulated(FINDING, "en")).decode()
    assert said.splitlines() == [
        "Screening",
        "",
        "Decision\tReason\tSources\t%",
        "Included\t\t1200\t99.5",
        "Excluded\t\t4\t0.3",
        "\tno city\t3\t0.2",
        "\tno reason given\t1\t0.1",
        "Undecided\t\t2\t0.2",
        "",
        "N = 1,206 of 2,140 sources; unit: source",
    ]


def test_its_rows_and_its_data() -> None:
    report = tables.tabulated(FINDING, "id")
    rows = data.render(report, form="csv").decode().splitlines()
    assert rows == ["decision,reason,sources", "included,,1200", "excluded,no city,3", "excluded,,1", "undecided,,2"]
    found = json.loads(data.render(report, form="json"))
    assert found["reasons"] == [{"reason": "no city", "sources": 3}, {"reason": "", "sources": 1}]
    assert (found["included"], found["excluded"], found["undecided"]) == (1200, 4, 2)
    assert found["n"] == {"sources": 1206, "collected": 2140}


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision("a", "include"), "Included"),
        (Decision("a", "exclude", "no city"), "Excluded: no city"),
        (Decision("a", "exclude", "no city", "nadia", "2026-11-24"), "Excluded: no city (nadia, 2026-11-24)"),
        (Decision("a", "include", stage="full-text", date="2026-11-24"), "Included (2026-11-24, full-text)"),
    ],
)
def test_a_decision_in_words(decision: Decision, words: str) -> None:
    assert list(screening.in_words([Decision("a", "include"), decision], SAY)) == [words, "Included"]
