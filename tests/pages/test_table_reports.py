"""The reports of the tables: the same numbers in every form, and what stands below them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from defusedxml import ElementTree
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
from libreview.pages.render import data, document, html, markdown, plain, terminal, workbook
from libreview.value import replace
from libreview.words.blocks import Report, Table
from libreview.words.blocks import plain as words


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


def of_both(themes: str) -> Excerpt:
    """An excerpt that cites sources of 1999 and 2003."""
    one, other = excerpt(0, "k1", themes), excerpt(0, "k2", themes)
    return replace(one, citations=(*one.citations, *other.citations))


def note_of(report: Report) -> str:
    """What the last table says below itself."""
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    return words(tables[-1].note)


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
    "matrix": lambda: crosstabs.crosstab(*WITH, by="source"),
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


# What stands in a file, read back ------------------------------------------------------------------------------------

TABLES = [name for name in FINDINGS if name != "contradictions"]
"""Contradictions are drawn as a list of excerpts, and hold no number."""
Grid = list[list[str]]
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def cell(text: str) -> str:
    """A cell as it is compared: without the indent of a sub-theme, and numbers as numbers."""
    text = " ".join(text.replace("\u00a0", " ").split())
    return str(float(text)) if _NUMBER.fullmatch(text) else text


def grid(rows: list[list[str]]) -> Grid:
    return [[cell(one) for one in row] for row in rows]


def said(report: Report) -> list[Grid]:
    """The tables that a report is made of."""
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    return [
        grid([[column.head for column in one.columns], *([words(each) for each in row] for row in one.rows)])
        for one in tables
    ]


def of_plain(report: Report) -> list[Grid]:
    blocks = plain.render(report).decode().rstrip("\n").split("\n\n")
    return [grid([line.split("\t") for line in block.split("\n")]) for block in blocks if "\t" in block]


def of_markdown(report: Report) -> list[Grid]:
    found: list[Grid] = []
    for block in re.split(r"\n\s*\n", markdown.render(report).decode()):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        if rows:
            split = [re.split(r"(?<!\\)\|", line)[1:-1] for line in rows]
            plainly = [[re.sub(r"\\(.)|\*\*", r"\1", one) for one in row] for row in split]
            found.append(grid([row for at, row in enumerate(plainly) if at != 1]))
    return found


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.tables[-1][-1][-1] += data


def of_webpage(report: Report) -> list[Grid]:
    reader = _Tables()
    reader.feed(html.render(report).decode())
    return [grid(table) for table in reader.tables]


def _xml(report: Report, to: str, member: str, names: tuple[str, str, str]) -> list[Grid]:
    with zipfile.ZipFile(io.BytesIO(document.render(report, to=to))) as archive:
        root = ElementTree.fromstring(archive.read(member))
    table, row, one = names
    return [
        grid(
            [
                ["".join(each.itertext()) for each in line.iterfind(f"./{{*}}{one}")]
                for line in found.iter()
                if line.tag.endswith(row)
            ]
        )
        for found in root.iter()
        if found.tag.endswith(table)
    ]


def of_word(report: Report) -> list[Grid]:
    return _xml(report, "docx", "word/document.xml", ("}tbl", "}tr", "tc"))


def of_opendocument(report: Report) -> list[Grid]:
    return _xml(report, "odt", "content.xml", ("}table", "}table-row", "table-cell"))


def of_spreadsheet(report: Report) -> list[Grid]:
    """The tables of the sheets: what stands between two empty rows and is wider than a line of text."""
    found: list[Grid] = []
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook.render(report))).worksheets:
        rows: Grid = []
        for line in [*sheet.iter_rows(values_only=True), ()]:
            if any(one is not None for one in line):
                rows.append(["" if one is None else cell(str(one)) for one in line])
            elif rows:
                found.append(rows)
                rows = []
    return found


FORMS: Mapping[str, Callable[[Report], list[Grid]]] = {
    "plain": of_plain,
    "md": of_markdown,
    "html": of_webpage,
    "docx": of_word,
    "odt": of_opendocument,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TABLES)
def test_each_cell_is_read_back(name: str, form: str) -> None:
    report = made(name)
    expected = said(report)
    assert expected
    if form == "plain":  # where a table of one column looks like a list
        expected = [one for one in expected if len(one[0]) > 1]
    assert FORMS[form](report) == expected


@pytest.mark.parametrize("name", TABLES)
def test_a_spreadsheet_has_each_cell(name: str) -> None:
    report = made(name)
    found = [row for block in of_spreadsheet(report) for row in block]
    for table in said(report):
        for row in table:
            assert any(other[: len(row)] == row for other in found), row


@pytest.mark.parametrize("name", TABLES)
def test_a_terminal_has_each_cell(name: str) -> None:
    report = made(name)
    lines = [
        [cell(one) for one in re.split(r"\s{2,}", line.strip())]
        for line in terminal.render(report, width=400).splitlines()
    ]
    for table in said(report):
        for row in table:
            assert [one for one in row if one] in lines


@pytest.mark.parametrize("name", TABLES)
def test_data_and_csv_say_the_same(name: str) -> None:
    """Every number of a row of CSV is in the record of JSON that the row comes from."""
    report = made(name)
    text = data.render(report, form="json").decode()
    figures = {str(float(one)) for one in re.findall(r"(?<![\w.-])[0-9]+(?:\.[0-9]+)?(?![\w.])", text)} | {"0.0", "1.0"}
    head, *rows = csv.reader(io.StringIO(data.render(report, form="csv", raw=True).decode()))
    assert all(len(row) == len(head) for row in rows)
    assert {str(float(one)) for row in rows for one in row if _NUMBER.fullmatch(one)} <= figures
    assert json.loads(text)


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


ALL = "The counts of all themes add to more than the excerpts, since an excerpt counts once in each of its themes"
OF_ONE = (
    "The counts of a theme add to more than its excerpts, since an excerpt counts once for each source that it cites"
)
VALUES = "The counts of a theme add to more than its excerpts, since an excerpt counts once for each value that its sources have"
BOTH = "The counts of all themes add to more than the totals, since sources and excerpts count once in each of their themes"
YEARS, PERIODS = (
    f"The excerpts of a theme add to more than its total, since an excerpt that cites sources of several {these} counts once "
    "for each"
    for these in ("years", "periods")
)
TOTALS = "Excerpts without a theme count in the totals"


@pytest.mark.parametrize(
    ("several", "by", "said"),
    [
        ([excerpt(0, "k1", "sme")], "source", []),
        ([excerpt(0, "k1", "sme law")], "source", [ALL]),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k1", "")], "source", [TOTALS]),
        ([of_both("sme")], "source", [OF_ONE]),
        ([of_both("sme")], "year", [VALUES]),
        ([of_both("sme")], "type", []),
        ([of_both("sme law")], "source", [ALL, OF_ONE]),
    ],
)
def test_what_the_cells_of_a_matrix_add_to_is_explained_where_it_is_not_the_end_of_the_row_or_column(
    several: list[Excerpt], by: str, said: list[str]
) -> None:
    made = reports.tabulated(crosstabs.crosstab(several, BOOK, SOURCES, SOURCES, (), by), "en")
    note = note_of(made)
    assert note.split("Cells: excerpts")[1].removeprefix(". ").split(". ") == (said or [""])
    shares = reports.tabulated(crosstabs.crosstab(several, BOOK, SOURCES, SOURCES, (), by, "row%"), "en")
    assert "counts of" not in note_of(shares)


@pytest.mark.parametrize(
    ("several", "period", "said"),
    [
        ([excerpt(0, "k2", "sme"), excerpt(1, "k3", "sme")], 1, ""),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k2", "sme")], 1, "Years in which nothing falls are left out"),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k2", "sme")], 5, ""),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k2", "sme")], 2, "Periods in which nothing falls are left out"),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k4", "sme")], 1, ""),
        ([excerpt(0, "k1", "sme law")], 1, BOTH),
        ([of_both("sme")], 5, PERIODS),
        ([of_both("sme")], 2, f"{PERIODS}. Periods in which nothing falls are left out"),
        ([of_both("sme")], 1, f"{YEARS}. Years in which nothing falls are left out"),
        ([of_both("sme")], 10, PERIODS),
        ([of_both("sme")], 100, PERIODS),
        ([excerpt(0, "k1", "sme"), excerpt(1, "k1", "")], 1, TOTALS),
    ],
)
def test_what_the_timeline_says_of_its_sums_and_of_years_left_out(
    several: list[Excerpt], period: int, said: str
) -> None:
    made = reports.tabulated(timelines.timeline(several, BOOK, SOURCES, SOURCES, (), period), "en")
    assert note_of(made).split("excerpts of the theme itself")[1].removeprefix(". ") == said


def test_a_concept_matrix_says_why_its_themes_have_more_sources_than_there_are() -> None:
    said = "a source counts once in each of its themes"
    for several, there in (([excerpt(0, "k1", "sme law")], True), ([excerpt(0, "k1", "sme")], False)):
        made = reports.tabulated(summaries.concept_matrix(several, BOOK, SOURCES, SOURCES), "en")
        assert (said in note_of(made)) is there


def test_n_of_one_source() -> None:
    made = reports.tabulated(crosstabs.crosstab([excerpt(0, "k1", "sme")], BOOK, SOURCES, ["k1"]), "en")
    assert note_of(made).startswith("N = 1 of 1 source; 1 excerpt; unit: excerpt")


@pytest.mark.parametrize(("language", "named"), [("en", ["article", "English"]), ("id", ["artikel", "Inggris"])])
def test_types_and_languages_are_words_for_people_and_codes_for_programs(language: str, named: list[str]) -> None:
    fields = {"title": "T", "year": "2001", "langid": "english"}
    one = {"k": Source("k", "article", fields, fields, {}, Location("sources/x.bib"))}
    several = [excerpt(0, "k", "sme")]
    table = syntheses.with_entries(summaries.sources_table(several, BOOK, one, one, (), ("type", "language")))
    made = reports.tabulated(table, language)
    (drawn,) = made.blocks()
    assert isinstance(drawn, Table)
    shown = [words(cell).removeprefix("bahasa ") for cell in drawn.rows[0][3:5] if isinstance(cell, tuple)]
    assert shown == named
    assert rows_of(made)[1][3:5] == ["article", "en"]
    for by, at in (("type", 0), ("language", 1)):
        crossed = reports.tabulated(crosstabs.crosstab(several, BOOK, one, one, (), by), language)
        (drawn,) = crossed.blocks()
        assert isinstance(drawn, Table)
        assert drawn.columns[1].head.removeprefix("bahasa ") == named[at]
        assert rows_of(crossed)[0][1] == ["article", "en"][at]


def test_a_tag_that_is_not_in_the_codebook_says_so_in_every_table() -> None:
    several = [excerpt(0, "k1", "sme stray"), excerpt(1, "k2", "stray")]
    same = (several, BOOK, SOURCES, SOURCES)
    for finding in (
        summaries.frequency(several, BOOK, SOURCES), crosstabs.crosstab(*same, (), "source"), timelines.timeline(*same),
        occurrences.co_occurrence(several, BOOK, SOURCES), syntheses.synthesis(*same), summaries.concept_matrix(*same),
        gaps.gaps(*same), summaries.sources_table(*same),
    ):  # fmt: skip
        shown = plain.render(reports.tabulated(finding, "en")).decode()
        assert shown.count("stray") == shown.count("#stray (not in the codebook)") > 0


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
