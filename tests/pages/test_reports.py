"""Reports: the JSON that scripts rely on, and what the blocks say in two languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from libreview.findings import cards, crosstabs, summaries
from libreview.model import (
    Citation,
    Codebook,
    Coding,
    Excerpt,
    Kind,
    Location,
    Locator,
    Note,
    Person,
    Problem,
    Source,
    Theme,
)
from libreview.pages import reports
from libreview.words.authors import together
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Quotation, Report, Table, plain
from libreview.words.errors import PROBLEMS


def source(key: str, family: str, year: str) -> Source:
    fields = {"title": f"Title of {key}", "year": year, "journal": "Geoforum", "doi": "10.1/x"}
    return Source(key, "article", fields, fields, {"author": (Person(family, "Ann"),)}, Location("sources/x.bib", 3))


SOURCES = {"keating1999": source("keating1999", "Keating", "1999"), "rani2013": source("rani2013", "Rani", "2013")}
BOOK = Codebook(
    {
        "sme": Theme("sme", {"en": "SMEs", "id": "UMKM"}),
        "promotion": Theme(
            "promotion", {"en": "Promotion", "id": "Promosi"}, "sme", "Measures for products.", aliases=("promo",)
        ),
        "culture": Theme("culture", {"en": "Culture", "id": "Budaya"}, examples=("aaa111",)),
    },
    "notes/codebook.toml",
)


def excerpt(id: str | None, key: str, page: str, *themes: str, kind: Kind = "quotation", comment: str = "") -> Excerpt:
    locator = Locator("page", page, f"hlm. {page}")
    place = Location(f"notes/{key}.md", int(page), int(page) * 10)
    codings = (Coding(id or "", themes, "nadia"),) if themes else ()
    return Excerpt(
        id,
        kind,
        (Citation(key, "", locator),),
        f"Text {page}.",
        themes,
        comment,
        place,
        codings,
    )


EXCERPTS = [
    excerpt("bbb222", "rani2013", "12", "promo", "sme", comment="My comment."),
    excerpt("aaa111", "keating1999", "5", "promotion", kind="paraphrase"),
    excerpt(None, "keating1999", "7", "stray"),
    excerpt("ccc333", "gone2001", "1"),
]
N = {"excerpts": 4, "sources": 2, "sources_in_review": 2}


def words(blocks: Sequence[Block]) -> list[str]:
    """The text of blocks, line by line."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Heading(text) | Paragraph(text):
                found.append(plain(text))
            case Quotation(inner, attribution):
                found += [f"> {line}" for line in words(inner)] + [f"> -- {plain(attribution)}"]
            case Table():
                found.append(plain(block.caption))
                found.append(" | ".join(column.head for column in block.columns))
                found += [" | ".join(plain(cell) for cell in row) for row in block.rows]
                found.append(plain(block.note))
            case Listing():
                for item in block.items:
                    found += [f"- {line}" for line in words(item)]
    return found


def shown(report: Report) -> list[str]:
    json.dumps(report.data())
    head, rows = report.rows()
    assert all(len(row) == len(head) for row in rows)
    return words(tuple(report.blocks()))


def test_frequency() -> None:
    report = reports.frequency(summaries.frequency(EXCERPTS, BOOK, SOURCES, (), SOURCES), "en")
    assert report.data() == {
        "table": "frequency",
        "unit": "excerpt",
        "n": N,
        "rows": [
            {
                "theme": theme,
                "label": label,
                "parent": parent,
                "excerpts": counts[0],
                "excerpts_with_children": counts[1],
                "sources": counts[2],
                "sources_with_children": counts[3],
                "excerpts_percent": shares[0],
                "sources_percent": shares[1],
                "definition": "Measures for products." if theme == "promotion" else "",
                "example": example,
            }
            for theme, label, parent, counts, shares, example in [
                ("sme", "SMEs", "", (1, 2, 1, 2), (50.0, 100.0), "bbb222"),
                ("promotion", "Promotion", "sme", (2, 2, 2, 2), (50.0, 100.0), "aaa111"),
                ("culture", "Culture", "", (0, 0, 0, 0), (0.0, 0.0), None),
                ("stray", "stray", "", (1, 1, 1, 1), (25.0, 50.0), None),
            ]
        ],
    }
    assert shown(report) == [
        "Thematic frequency",
        "Theme | Excerpts | with sub-themes | % | Sources | with sub-themes | %",
        "SMEs | 1 | 2 | 50.0 | 1 | 2 | 100.0",
        "\u00a0\u00a0\u00a0Promotion | 2 | 2 | 50.0 | 2 | 2 | 100.0",
        "Culture | 0 | 0 | 0.0 | 0 | 0 | 0.0",
        "#stray (not in the codebook) | 1 | 1 | 25.0 | 1 | 1 | 50.0",
        (
            "N = 2 of 2 sources; 4 excerpts (1 without a theme); unit: excerpt. Percentages: with sub-themes, of all excerpts "
            "and of all sources counted. They add to more than 100, since an excerpt counts for each of its themes and for "
            "those above them"
        ),
        "Definitions and examples",
        "Theme | Definition | Example",
        "SMEs |  | “Text 12.” (Rani, 2013, p. 12)",
        "\u00a0\u00a0\u00a0Promotion | Measures for products. | Text 5. (Keating, 1999, p. 5)",
        "#stray (not in the codebook) |  | “Text 7.” (Keating, 1999, p. 7)",
        "",
    ]


def test_labels_are_those_of_the_language() -> None:
    found = shown(reports.frequency(summaries.frequency(EXCERPTS, BOOK, SOURCES), "id"))
    assert found[2].startswith("UMKM | ")


def test_thousands() -> None:
    finding = summaries.Frequency((), summaries.N(12_345, 80, 2_140))
    found = shown(reports.frequency(finding, "en"))[-1]
    assert found.startswith("N = 80 of 2,140 sources; 12,345 excerpts; unit: excerpt")
    assert "2.140" in shown(reports.frequency(finding, "id"))[-1]


def test_matrix() -> None:
    report = reports.crosstab(crosstabs.crosstab(EXCERPTS, BOOK, SOURCES, SOURCES, (), "source"), "en")
    assert report.data() == {
        "table": "matrix",
        "unit": "excerpt",
        "by": "source",
        "cells": "count",
        "n": N,
        "columns": [
            {"value": "keating1999", "excerpts": 2},
            {"value": "rani2013", "excerpts": 1},
        ],
        "rows": [
            {"theme": "sme", "excerpts": 1, "cells": {"rani2013": 1}},
            {"theme": "promotion", "excerpts": 2, "cells": {"keating1999": 1, "rani2013": 1}},
            {"theme": "culture", "excerpts": 0, "cells": {}},
            {"theme": "stray", "excerpts": 1, "cells": {"keating1999": 1}},
        ],
    }
    assert shown(report)[1:3] == ["Theme | keating1999 | rani2013 | Excerpts", "SMEs |  | 1 | 1"]
    head, rows = report.rows()
    assert [head, *map(list, rows)][:2] == [["theme", "keating1999", "rani2013", "excerpts"], ["sme", 0, 1, 1]]


def test_a_matrix_of_many_sources_runs_down_the_page() -> None:
    several = [excerpt(None, f"key{at}", "1", "culture") for at in range(9)]
    keys = [f"key{at}" for at in range(9)]
    sources = {key: source(key, "Rani", "2001") for key in keys}
    found = shown(reports.crosstab(crosstabs.crosstab(several, BOOK, sources, sources, (), "source"), "en"))
    assert found[1:3] == ["Source | Culture | Excerpts", "key0 | 1 | 1"]
    assert found[-2] == "Excerpts | 9 | "


def test_concept_matrix() -> None:
    report = reports.concept_matrix(summaries.concept_matrix(EXCERPTS, BOOK, SOURCES, SOURCES), "en")
    assert shown(report) == [
        "Concept matrix",
        "Source | SMEs | Promotion | #stray (not in the codebook) | Themes",
        "Keating (1999) |  | × | × | 2",
        "Rani (2013) | × | × |  | 2",
        "Sources | 1 | 2 | 1 | ",
        (
            "N = 2 of 2 sources; 4 excerpts (1 without a theme); unit: source. The counts of the themes add to more than the "
            "sources, since a source counts once in each of its themes"
        ),
    ]


def test_sources_table() -> None:
    notes = [Note("notes/rani2013.md", "rani2013", "nadia", {"method": "descriptive"}, "What it says.")]
    report = reports.sources_table(
        summaries.sources_table(EXCERPTS, BOOK, SOURCES, SOURCES, notes, ("method", "annotation")), "en"
    )
    assert shown(report)[1:4] == [
        "No. | Author and year | Title | Method | Annotation | Themes | Excerpts",
        "1 | Keating (1999) | Title of keating1999 |  |  | Promotion; #stray (not in the codebook) | 2",
        "2 | Rani (2013) | Title of rani2013 | descriptive | What it says. | SMEs; Promotion | 1",
    ]


@pytest.mark.parametrize(
    "report",
    [
        reports.frequency(summaries.frequency([], Codebook(), ()), "id"),
        reports.crosstab(crosstabs.crosstab([], Codebook(), {}, ()), "id"),
        reports.concept_matrix(summaries.concept_matrix([], Codebook(), {}, ()), "id"),
        reports.sources_table(summaries.sources_table([], Codebook(), {}, ()), "id"),
        reports.summary(summaries.theme_summary([], Codebook(), {}, ()), "id"),
        reports.sources(list, list, str, "id", total=lambda: 0, codebook=Codebook),
        reports.hits([], "id"),
        reports.problems([], "id"),
        reports.codebook(summaries.frequency([], Codebook(), ()), "id"),
    ],
)
def test_of_nothing_there_is_still_a_report(report: Report) -> None:
    assert shown(report)


def test_summary_of_everything() -> None:
    report = reports.summary(summaries.theme_summary(EXCERPTS, BOOK, SOURCES, SOURCES), "en")
    assert shown(report) == [
        "SMEs",
        "1 excerpt, 1 source; with sub-themes 2 excerpts, 2 sources · #sme",
        "> Text 12.",
        "> -- (Rani, 2013, p. 12) #promotion ^bbb222",
        "Comment: My comment.",
        "Promotion",
        "Measures for products.",
        "2 excerpts, 2 sources · #promotion",
        "> Paraphrase: Text 5.",
        "> -- (Keating, 1999, p. 5) ^aaa111",
        "> Text 12.",
        "> -- (Rani, 2013, p. 12) #sme ^bbb222",
        "Comment: My comment.",
        "#stray (not in the codebook)",
        "1 excerpt, 1 source · #stray",
        "> Text 7.",
        "> -- (Keating, 1999, p. 7)",
        "Gaps: themes without an excerpt",
        "- Culture · #culture",
        "N = 2 of 2 sources; 4 excerpts (1 without a theme); unit: excerpt",
    ]


def test_summary_of_one_theme_holds_its_sub_themes_and_nothing_twice() -> None:
    data = reports.summary(summaries.theme_summary(EXCERPTS, BOOK, SOURCES, SOURCES, ["sme"]), "id").data()
    assert data == {
        "theme": "sme",
        "label": "SMEs",
        "parent": "",
        "definition": "",
        "in_codebook": True,
        "counts": {"excerpts": 1, "excerpts_with_children": 2, "sources": 1, "sources_with_children": 2},
        "excerpts": [
            {
                "id": "bbb222",
                "kind": "quotation",
                "citations": [{"key": "rani2013", "locator": "hlm. 12"}],
                "text": "Text 12.",
                "themes": ["promotion", "sme"],
                "comment": "My comment.",
                "path": "notes/rani2013.md",
                "line": 12,
            },
            {
                "id": "aaa111",
                "kind": "paraphrase",
                "citations": [{"key": "keating1999", "locator": "hlm. 5"}],
                "text": "Text 5.",
                "themes": ["promotion"],
                "comment": "",
                "path": "notes/keating1999.md",
                "line": 5,
            },
        ],
    }


def test_summary_of_a_gap() -> None:
    report = reports.summary(summaries.theme_summary(EXCERPTS, BOOK, SOURCES, SOURCES, ["culture"]), "en")
    assert shown(report)[0] == "No excerpt has a theme here yet."
    data = report.data()
    assert isinstance(data, dict)
    assert (data["theme"], data["label"], data["excerpts"]) == ("culture", "Culture", [])


@dataclass(frozen=True)
class Row:
    """A source as the index lists it."""

    key: str = "jayne2011"
    title: str = "Worlding a city"
    names: str = "Jayne\nHubbard\nBell"
    year: str = "2011"
    excerpts: int = 2


def list_of(rows: list[Row], records: list[tuple[str, str, str]], lines: str, total: int) -> Report:
    """Return the list of sources that the index gives so."""
    made: Report = reports.sources(
        lambda: rows, lambda: records, lambda: lines, "id", total=lambda: total, codebook=lambda: BOOK
    )
    return made


def test_list_of_sources() -> None:
    rows = [Row(), Row(names="Jayne\nBell"), Row(names="Jayne"), Row(names=""), Row(names="Jayne\n")]
    report = list_of(rows, [], "", 1_000)
    head, cells = report.rows()
    assert head == ["key", "author", "year", "title", "excerpts"]
    assert [row[1] for row in cells] == ["Jayne dkk.", "Jayne dan Bell", "Jayne", "", "Jayne dkk."]
    assert shown(report)[-1] == "5 dari 1.000 sumber"


def test_a_list_of_sources_that_is_ready() -> None:
    records = [('{"key":"a",', "promo promotion todo", '"excerpts":2}'), ('{"key":"b",', "", '"excerpts":0}')]
    report = list_of([], records, f"a\t{together(['Jayne', 'Bell'])}\nb\t{together(['Rani', ''])}", 2)
    assert report.lines is not None
    assert report.lines() == "a\tJayne dan Bell\nb\tRani dkk."
    assert report.data() == [
        {"key": "a", "themes": ["promotion", "todo"], "excerpts": 2},  # an alias counts as its theme
        {"key": "b", "themes": [], "excerpts": 0},
    ]


@dataclass(frozen=True)
class Found:
    """A place as the index finds it."""

    kind: str = "excerpt"
    key: str = "rani2013"
    id: str = "bbb222"
    locator: str = "hlm. 12"
    snippet: str = "Upaya Bandung dan bandung"
    path: str = "notes/rani2013.md"
    line: int = 5


def test_what_a_search_found() -> None:
    report = reports.hits([Found()], "en", ["bandung", "dan"])
    assert report.data() == [
        {
            "kind": "excerpt",
            "key": "rani2013",
            "id": "bbb222",
            "locator": "hlm. 12",
            "snippet": "Upaya Bandung dan bandung",
            "path": "notes/rani2013.md",
            "line": 5,
        }
    ]
    assert shown(report) == ["- rani2013, hlm. 12  notes/rani2013.md:5 ^bbb222", "- Upaya Bandung dan bandung"]
    (listing,) = report.blocks()
    assert isinstance(listing, Listing)
    paragraph = listing.items[0][1]
    assert isinstance(paragraph, Paragraph)
    assert [run.text for run in paragraph.text if run.styles] == ["Bandung", "dan", "bandung"]


def test_codebook() -> None:
    found = shown(reports.codebook(summaries.frequency(EXCERPTS, BOOK, SOURCES), "en"))
    assert found[1:4] == [
        "Theme | Id | Excerpts | with sub-themes | Sources",
        "SMEs | sme | 1 | 2 | 2",
        "\u00a0\u00a0\u00a0Promotion | promotion | 2 | 2 | 2",
    ]


def test_problems_of_one_kind_and_subject_are_one_entry() -> None:
    place = [Location("notes/a.md", line) for line in range(1, 400)]
    several = [Problem("unknown-source", one, "gone2001") for one in place]
    several += [Problem("code-open", Location("notes/b.md", 3)), Problem("code-open", Location("notes/c.md", 4))]
    report = reports.problems(several, "en", {("notes/a.md", 1): "> Text [@gone2001]"})
    assert shown(report) == [
        "- notes/a.md:1  There is no source gone2001 (and at 398 more places)",
        "- > Text [@gone2001]",
        "- Correct the key, or add the source: libreview add --key gone2001",
        "- notes/b.md:3  A code fence is never closed, so it is read as text",
        "- notes/c.md:4  A code fence is never closed, so it is read as text",
        "Close it, or take the opening line out.",
        "3 problems at 401 places",
    ]
    data = report.data()
    assert isinstance(data, list)
    assert len(data) == 401
    assert data[0] == {
        "code": "unknown-source",
        "path": "notes/a.md",
        "line": 1,
        "subject": "gone2001",
        "message": "There is no source gone2001",
    }


@pytest.mark.parametrize("code", [*PROBLEMS, "of-tomorrow"])
def test_every_problem_has_words_also_without_its_facts(code: str) -> None:
    assert shown(reports.problems([Problem(code, Location("a.md", 1), "{x} [red]")], "en"))


def test_source_card() -> None:
    one = SOURCES["keating1999"]
    notes = [Note("notes/keating1999.md", one.key, "nadia", {"source": one.key, "method": "case study"}, "It *says*.")]
    several = [*EXCERPTS[1:3], excerpt("ddd444", one.key, "2", "culture")]
    problems = [Problem("source-without-urldate", Location("x", 1), one.key), Problem("code-open", Location("y", 1))]
    card = cards.source_card(one, notes, several, BOOK, problems)
    report = reports.source(card, "en")
    assert shown(report)[:4] == [
        "keating1999 · Keating (1999)",
        "Title of keating1999",
        "sources/x.bib:3 · notes/keating1999.md",
        "method: case study",
    ]
    assert [line for line in shown(report) if line.startswith("> -- ")] == [
        "> -- (Keating, 1999, p. 2) #culture ^ddd444",
        "> -- (Keating, 1999, p. 5) #promotion ^aaa111",
        "> -- (Keating, 1999, p. 7) #stray",
    ]
    assert [problem.code for problem in card.problems] == ["source-without-urldate"]
    card = cards.source_card(one, [], several, BOOK)
    assert card.other_notes == ("notes/keating1999.md",)


def test_excerpt_card() -> None:
    found = shown(reports.excerpt(cards.excerpt_card(EXCERPTS[0], SOURCES, BOOK), "id"))
    assert found[1:3] == ["> Text 12.", "> -- (Rani, 2013, hlm. 12) ^bbb222"]
    assert "- Promosi  #promotion" in found
    assert found[-1] == "notes/rani2013.md:12"


def test_theme_card() -> None:
    card = cards.theme_card(BOOK.themes["promotion"], EXCERPTS, BOOK, SOURCES, SOURCES)
    found = shown(reports.theme(card, "en"))
    assert found[0] == "SMEs > Promotion"
    assert "Promotion | 2 | 2 | 2" in found
    card = cards.theme_card(BOOK.themes["culture"], EXCERPTS, BOOK, SOURCES, SOURCES)
    assert "> Paraphrase: Text 5." in shown(reports.theme(card, "en"))
