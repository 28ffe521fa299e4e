"""The reports of the tables: the same numbers in every form, and what stands below them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from openpyxl import load_workbook

from libreview.findings import (
    contradictions,
    crosstabs,
    gaps,
    occurrences,
    saturations,
    summaries,
    syntheses,
    timelines,
)
from libreview.model import Citation, Codebook, Excerpt, Kind, Location, Locator, Note, Source, Theme
from libreview.pages import reports
from libreview.pages.render import data, html, markdown, plain, terminal, workbook
from libreview.words.blocks import Report


def source(key: str, year: str) -> Source:
    fields = {"title": f"Title of {key}", "year": year}
    return Source(key, "book", fields, fields, {}, Location("sources/x.bib"))


SOURCES = {key: source(key, year) for key, year in {"k1": "1999", "k2": "2003", "k3": "2004", "k4": ""}.items()}
BOOK = Codebook({
    "sme": Theme("sme", {"en": "SMEs"}),
    "fair": Theme("fair", {"en": "Fairs"}, "sme", "Where firms meet buyers."),
    "law": Theme("law", {"en": "Law"}),
    "empty": Theme("empty", {"en": "Empty"}),
})  # fmt: skip


def excerpt(at: int, key: str, themes: str, page: str = "p. 7", kind: Kind = "quotation", comment: str = "") -> Excerpt:
    place = Location(f"notes/{key}.md", at + 1, at)
    citations = (Citation(key, "", Locator("page", page, page)),)
    return Excerpt(f"id{at}", kind, citations, f"Words {at}.", tuple(themes.split()), comment, place)


EXCERPTS = [
    excerpt(0, "k1", "sme law", comment="This contradicts ^id3."),
    excerpt(1, "k1", "law"),
    excerpt(2, "k2", "fair law", kind="paraphrase"),
    excerpt(3, "k3", "fair", comment="Supports ^id9."),
    excerpt(4, "k4", "", page=""),
    excerpt(5, "k3", "fair sme"),
]
NOTES = [Note("notes/k1.md", "k1", "", {"method": "survey", "aim": "find | out"})]
WITH = (EXCERPTS, BOOK, SOURCES, SOURCES)
FINDINGS: Mapping[str, Callable[[], object]] = {
    "frequency": lambda: summaries.frequency(EXCERPTS, BOOK, SOURCES, (), SOURCES),
    "matrix": lambda: summaries.matrix(EXCERPTS, BOOK, SOURCES),
    "by year": lambda: crosstabs.crosstab(*WITH, by="year"),
    "row%": lambda: crosstabs.crosstab(*WITH, by="decade", cells="row%"),
    "column%": lambda: crosstabs.crosstab(*WITH, by="decade", cells="column%"),
    "total%": lambda: crosstabs.crosstab(*WITH, by="year", cells="total%"),
    "presence": lambda: crosstabs.crosstab(*WITH, by="source", cells="presence"),
    "co-occurrence": lambda: occurrences.co_occurrence(EXCERPTS, BOOK, SOURCES),
    "co-occurrence in sources": lambda: occurrences.co_occurrence(EXCERPTS, BOOK, SOURCES, (), "source"),
    "timeline": lambda: timelines.timeline(*WITH, period=5),
    "gaps": lambda: gaps.gaps(*WITH),
    "saturation": lambda: saturations.saturation(*WITH),
    "synthesis": lambda: syntheses.synthesis(*WITH),
    "cards": lambda: syntheses.card_matrix(summaries.sources_table(*WITH, NOTES)),
    "contradictions": lambda: contradictions.contradictions(EXCERPTS, BOOK, SOURCES, (), SOURCES),
    "sources": lambda: summaries.sources_table(*WITH, NOTES),
    "concept-matrix": lambda: summaries.concept_matrix(*WITH),
}
CELLED = ("by year", "row%", "column%", "total%", "co-occurrence", "co-occurrence in sources", "timeline", "saturation")


def made(name: str, language: str = "en") -> Report:
    report: Report = reports.tabulated(FINDINGS[name](), language)
    return report


def rows_of(report: Report) -> list[list[str]]:
    """The rows of a report as CSV gives them, the head first."""
    return list(csv.reader(io.StringIO(data.render(report, form="csv", raw=True).decode())))


def numbers(name: str) -> Mapping[tuple[str, ...], Any]:
    """The numbers that JSON gives, by the names of their row and column."""
    found = json.loads(data.render(made(name), form="json"))
    numbers: dict[tuple[str, ...], Any] = {}
    for row in found["rows"]:
        match found["table"]:
            case "co-occurrence":
                numbers.update(
                    {(row["theme"], other): (one["n"], one["jaccard"]) for other, one in row["with"].items()}
                )
            case "timeline":
                numbers.update(
                    {(row["theme"], year): (one["sources"], one["excerpts"]) for year, one in row["cells"].items()}
                )
            case "saturation":
                numbers[row["key"],] = (row["excerpts"], row["themes"], len(row["new"]), row["cumulative"])
            case _:
                numbers.update({(row["theme"], value): (one,) for value, one in row["cells"].items()})
    return numbers


@pytest.mark.parametrize("name", CELLED)
def test_csv_has_the_numbers_of_json(name: str) -> None:
    head, *rows = rows_of(made(name))
    found: dict[tuple[str, ...], tuple[float, ...]] = {}
    for row in rows:
        if name.startswith("co-occurrence"):
            found[row[0], row[1]] = (float(row[2]), float(row[3]))
        elif name == "timeline":
            found[row[0], row[1]] = (float(row[3]), float(row[4]))
        elif name == "saturation":
            found[row[1],] = tuple(map(float, row[2:6]))
        else:
            cells = zip(head[1:-1], row[1:-1], strict=True)
            found.update({(row[0], value): (float(one),) for value, one in cells if float(one)})
    assert found == numbers(name)


@pytest.mark.parametrize("name", [name for name in FINDINGS if name != "contradictions"])
def test_the_drawn_forms_have_the_same_numbers(name: str) -> None:
    report = made(name)
    drawn = [
        plain.render(report).decode(),
        markdown.render(report).decode(),
        terminal.render(report, width=400),
        re.sub(r"<head>.*?</head>|<[^>]+>", " ", html.render(report).decode(), flags=re.DOTALL),
    ]
    figures = [re.findall(r"\d+(?:\.\d+)?", text.replace("\\", "").replace("&nbsp;", " ")) for text in drawn]
    assert figures[0]
    assert sorted(figures[0]) == sorted(figures[1]) == sorted(figures[2]) == sorted(figures[3])
    if name in CELLED and name != "saturation":
        shown = set(figures[0])
        for given in numbers(name).values():
            assert {f"{one:.4f}" if name.startswith("co-") and isinstance(one, float) and one != 1 else str(one)
                    for one in given if one != 1.0} <= shown  # fmt: skip


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", FINDINGS)
def test_below_each_stand_n_and_the_unit(name: str, language: str) -> None:
    text = plain.render(made(name, language)).decode()
    assert "N = 4 " in text
    assert ("unit: " if language == "en" else "satuan: ") in text


EMPTY: list[object] = [
    crosstabs.crosstab([], Codebook(), {}, ()),
    occurrences.co_occurrence([], Codebook(), ()),
    timelines.timeline([], Codebook(), {}, ()),
    gaps.gaps([], Codebook(), {}, ()),
    saturations.saturation([], Codebook(), {}, ()),
    syntheses.synthesis([], Codebook(), {}, ()),
    syntheses.card_matrix(summaries.sources_table([], Codebook(), {}, ())),
    contradictions.contradictions([], Codebook(), ()),
]


@pytest.mark.parametrize("finding", EMPTY, ids=lambda one: type(one).__name__)
def test_of_nothing_there_is_still_a_report(finding: object) -> None:
    report = reports.tabulated(finding, "id")
    assert plain.render(report).strip()
    json.loads(data.render(report, form="json"))
    assert rows_of(report)


def test_what_co_occurrence_says() -> None:
    text = plain.render(made("co-occurrence")).decode()
    assert "1. SMEs\t2\t1\t1\n2. Fairs\t1\t3\t1\n3. Law\t1\t1\t3\n" in text
    assert "SMEs\tFairs\t1\t0.2500" in text
    assert "0,2500" in plain.render(made("co-occurrence", "id")).decode()


def test_percentages_above_100_are_explained() -> None:
    assert "add to more than 100" in plain.render(made("column%")).decode()
    assert "add to more than 100" not in plain.render(made("row%")).decode()


def test_a_quotation_stands_in_quotation_marks_a_paraphrase_does_not() -> None:
    text = plain.render(made("synthesis")).decode()
    assert "“Words 1.” (p. 7)" in text
    assert "\tWords 2. (p. 7)" in text


def test_contradictions_show_both_texts_and_what_names_nothing() -> None:
    text = plain.render(made("contradictions")).decode()
    assert text.index("Words 0.") < text.index("This contradicts ^id3.") < text.index("Words 3.")
    assert "notes/k3.md:4 names ^id9, which is no excerpt." in text


@pytest.mark.parametrize("language", ["en", "id"])
def test_shares_and_coefficients_are_numbers_in_a_spreadsheet(language: str) -> None:
    pages = load_workbook(io.BytesIO(workbook.render(made("co-occurrence", language)))).worksheets
    values = [[cell.value for cell in row] for row in pages[1].iter_rows(min_row=4, max_row=4)]
    assert values == [["SMEs", "Fairs", 1, 0.25]]
    assert pages[1]["D4"].number_format == "0.0000"
    shares = load_workbook(io.BytesIO(workbook.render(made("column%", language)))).worksheets[0]
    assert {cell.value for cell in shares["B"]} >= {50, 100}
