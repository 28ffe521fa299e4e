"""The description in words: each number of each sentence is that of the table it names, in both languages and every form."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import (
    contradictions,
    descriptions,
    gaps,
    occurrences,
    saturations,
    summaries,
    syntheses,
    tallies,
    timelines,
)
from libreview.findings.descriptions import Description
from libreview.model import NONE, Citation, Codebook, Excerpt, Kind, Location, Source, Theme
from libreview.pages import reports
from libreview.pages.render import data, html, markdown, plain
from libreview.texts import locators
from libreview.value import replace
from libreview.words import blocks
from libreview.words.blocks import Report

TAGS = ["a", "b", "c", "d", "alias", "stray", "todo", NONE]
YEARS = {"k1": "1999", "k2": "2003", "k3": "", "k4": "2003/2004", "k5": "in press", "k6": "1987"}
LANGUAGES = {"k1": "german", "k2": "en", "k3": "", "k4": "english", "k5": "Klingon", "k6": "german"}
KEYS = [*YEARS, "nowhere"]
IGNORED = ["todo"]


def source(key: str) -> Source:
    fields = {"title": f"Title of {key}", "year": YEARS[key], "langid": LANGUAGES[key]}
    fields = {name: value for name, value in fields.items() if value}
    return Source(key, "book" if key in ("k1", "k6") else "article", fields, fields, {}, Location("sources/x.bib"))


SOURCES = {key: source(key) for key in YEARS}


def excerpt(themes: list[str], keys: list[str], kind: Kind, page: str, comment: str) -> Excerpt:
    citations = tuple(Citation(key, "", locators.parse(page)) for key in keys)
    return Excerpt(None, kind, citations, "Text", tuple(themes), comment, Location("notes/a.md"))


def book(parents: dict[str, str]) -> Codebook:
    themes = {
        name: Theme(name, {"en": f"Theme {name}", "id": f"Tema {name}"}, up, "Said." if name in "ab" else "",
                    aliases=("alias",) * (name == "b"))
        for name, up in parents.items()
    }  # fmt: skip
    return Codebook(themes, "notes/codebook.toml")


def placed(several: list[Excerpt]) -> list[Excerpt]:
    """Give each excerpt a place and an id of its own."""
    return [replace(one, id=f"id{at}", location=Location("notes/a.md", at + 1, at)) for at, one in enumerate(several)]


_one = st.builds(
    excerpt,
    st.lists(st.sampled_from(TAGS), max_size=3, unique=True),
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True),
    st.sampled_from(("quotation", "paraphrase")),
    st.sampled_from(("", "p. 1")),
    st.sampled_from(("", "", "contradicts ^id0", "supports ^id1 and ^id2")),
)
_excerpts = st.lists(_one, max_size=14).map(placed)
_books = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c", "gone"]) for name in "abcd"}).map(book)
_in = st.sets(st.sampled_from(KEYS[:-1]))


def printed(several: list[Excerpt], codebook: Codebook, inside: set[str]) -> dict[str, Any]:
    """The tables that are named, as JSON gives them; each is counted by itself, as its command does."""
    top = tallies.folded(codebook, 1)

    def of_kind(kind: str) -> summaries.Frequency:
        return summaries.frequency([one for one in several if one.kind == kind], codebook, inside, IGNORED)

    found = {
        "frequency": summaries.frequency(several, codebook, inside, IGNORED),
        "frequency kind:quotation": of_kind("quotation"),
        "frequency kind:paraphrase": of_kind("paraphrase"),
        "sources": summaries.sources_table(several, codebook, SOURCES, inside, ignore=IGNORED),
        "sources --fields type,language": syntheses.with_entries(
            summaries.sources_table(several, codebook, SOURCES, inside, (), ("type", "language"), IGNORED)
        ),
        "concept-matrix": summaries.concept_matrix(several, codebook, SOURCES, inside, IGNORED),
        "co-occurrence": occurrences.co_occurrence(several, codebook, inside, IGNORED),
        "timeline --period 10 --depth 1": timelines.timeline(several, top, SOURCES, inside, IGNORED, 10),
        "saturation": saturations.saturation(several, codebook, SOURCES, inside, IGNORED),
        "gaps": gaps.gaps(several, codebook, SOURCES, inside, IGNORED),
        "contradictions": contradictions.contradictions(several, codebook, inside, IGNORED, SOURCES, several),
    }
    return {name: json.loads(data.render(reports.tabulated(one, "en"), form="json")) for name, one in found.items()}


def described(several: list[Excerpt], codebook: Codebook, inside: set[str]) -> Description:
    return descriptions.description(descriptions.tables(several, codebook, SOURCES, inside, (), IGNORED, several))


def cell(row: dict[str, Any], column: str) -> Any:  # noqa: ANN401 (JSON)
    return row["fields"].get(column, "") if column in ("type", "language") else row[column]


def looked_up(table: dict[str, Any], row: str, column: str) -> float:
    """The number that stands in a table, found as its user finds it."""
    rows: list[dict[str, Any]] = table.get("rows", [])
    name = next((one for one in ("theme", "key", "kind") if rows and one in rows[0]), "")
    if row == "n":
        found: float = table["n"].get(column, table["n"]["sources_in_review"])  # of all sources: in the line below it
        return found
    if table["table"] == "gaps":
        return len(table[row])
    if row == "undated":
        return sum(re.fullmatch("[0-9]{4}", one["year"]) is None for one in rows)
    if row == "*":
        return len({cell(one, column) for one in rows} - {""}) if column else len(rows)
    if "=" in row:
        field, _, value = row.partition("=")
        return sum(str(cell(one, field)) == value for one in rows)
    if row == "themes>1":
        return sum(len(one["themes"]) > 1 for one in rows)
    if row.startswith("period "):
        return next(int(one[column]) for one in table["periods"] if one["from"] == row.removeprefix("period "))
    if " with " in row:
        first, _, other = row.partition(" with ")
        return float(next(one["with"][other][column] for one in rows if one["theme"] == first))
    at = next(at for at, one in enumerate(rows) if one[name] == row)
    if column == "number":
        return at + 1
    if "." in column:
        year, _, unit = column.partition(".")
        return int(rows[at]["cells"][year][unit])
    value = rows[at][column]
    return len(value) if isinstance(value, list) else float(value)


@given(_excerpts, _books, _in)
def test_each_number_is_that_of_the_table_it_names(
    several: list[Excerpt], codebook: Codebook, inside: set[str]
) -> None:
    printed_tables = printed(several, codebook, inside)
    for passage in described(several, codebook, inside).passages:
        for statement in passage.statements:
            for number in statement.all_numbers:
                if number.name != "collected" or number.value:
                    where = (statement.name, number)
                    assert looked_up(printed_tables[number.table], number.row, number.column) == number.value, where


@given(_excerpts, _books, _in, st.sampled_from(("en", "id")))
def test_no_sentence_says_a_number_that_it_does_not_have(
    several: list[Excerpt], codebook: Codebook, inside: set[str], language: str
) -> None:
    found = described(several, codebook, inside)
    said = reports.description(found, language).data()["sentences"]
    statements = [one for passage in found.passages for one in passage.statements]
    assert len(said) == len(statements)
    for sentence, statement in zip(said, statements, strict=True):
        words = re.sub(r"\[@[^\]]*\]", "", sentence["sentence"])
        numbers = {float(one.value) for one in statement.all_numbers} | {float(statement.more)}
        numbers |= {float(part) for item in statement.items for part in item.subject if part.isdecimal()}
        numbers |= {100.0} if statement.name == "above-100" else set()
        for digits in re.findall(r"\d+(?:[.,]\d+)?", words):
            assert float(digits.replace(",", ".")) in numbers, (sentence["sentence"], digits)
        assert "," not in "".join(re.findall(r"\d,\d", words)) or language == "id"
        assert set(sentence["cites"]) <= SOURCES.keys() | {"nowhere"}
        assert not re.search(r"[{}\x00]|  | [.,;:)]|\( |\(\)", sentence["sentence"]), sentence["sentence"]
        assert sentence["sentence"].endswith("FILE.bib" if statement.name == "no-sources" else ".")


@given(_excerpts, _books, _in)
def test_every_form_says_the_same_sentences(several: list[Excerpt], codebook: Codebook, inside: set[str]) -> None:
    report = reports.description(described(several, codebook, inside), "en")
    text = plain.render(report).decode()
    drawn = markdown.render(report).decode()
    page = html.render(report).decode()
    rows = list(csv.reader(io.StringIO(data.render(report, form="csv").decode())))
    listed = {row[2] for row in rows[1:]}
    for one in json.loads(data.render(report, form="json"))["sentences"]:
        assert one["sentence"] in text
        assert one["sentence"] in listed
        for key in one["cites"]:
            assert f"@{key}" in one["sentence"]
            assert f"@{key}" in drawn
    assert "\\[" not in drawn
    assert "\\@" not in drawn
    assert page.count("<p>") == text.count("\n\n") + 1


def made(several: list[Excerpt], codebook: Codebook, language: str = "en") -> Report:
    report: Report = reports.description(described(placed(several), codebook, {"k1", "k2", "k6"}), language)
    return report


CODEBOOK = Codebook({
    "sme": Theme("sme", {"en": "SMEs", "id": "UMKM"}, definition="Small firms."),
    "fair": Theme("fair", {"en": "Fairs", "id": "Pameran"}, "sme"),
    "law": Theme("law", {"en": "Law", "id": "Hukum"}),
})  # fmt: skip
SEVERAL = [
    excerpt(["fair"], ["k1"], "quotation", "hlm. 12", "contradicts ^id1"),
    excerpt(["fair", "law"], ["k2"], "paraphrase", "S. 3", ""),
    excerpt([], ["k2"], "quotation", "", ""),
]


def sentences(report: Report) -> dict[str, str]:
    found = json.loads(data.render(report, form="json"))["sentences"]
    return {one["name"]: one["sentence"] for one in found}


def test_what_the_sentences_say() -> None:
    said = sentences(made(SEVERAL, CODEBOOK))
    assert said["sources"] == "The review comprises 3 sources of 2 types in 2 languages."
    assert said["types"] == "By type, the sources are divided into book (2) and article (1)."
    assert said["years"] == "The oldest dates from 1987 [@k6] and the most recent from 2003 [@k2]."
    assert said["excerpts"] == (
        "In all, 3 excerpts were taken, 2 quotations and 1 paraphrase, which cite 2 of the 3 sources."
    )
    assert said["main-themes-by-excerpts"] == (
        "The main themes with excerpts are SMEs (2 excerpts; 66.7%) and Law (1 excerpt; 33.3%); the shares are of 3 "
        "excerpts."
    )
    assert said["sub-themes-by-sources"] == "The only sub-theme with sources is Fairs (in SMEs; 2 sources; 100.0%)."
    assert said["pairs"] == "Most often together in one excerpt stand Fairs with Law (1 excerpt; Jaccard 0.5000)."
    assert said["contradicts"] == (
        "According to the comments, the excerpts of 1 pair contradict each other: [@k1, p. 12] and [@k2, p. 3]."
    )
    assert said["themes-without-definition"] == "No definition is given for 2 themes: Fairs and Law."
    assert said["sources-without-excerpts"] == "No excerpt was taken from 1 source [@k6]."


def test_of_one_source_it_is_not_said_that_it_is_one_of_one() -> None:
    one = {"k1": SOURCES["k1"]}
    several = placed(SEVERAL[:1])
    found = descriptions.description(descriptions.tables(several, CODEBOOK, one, one))
    said = sentences(reports.description(found, "en"))
    assert said["excerpts"] == "In all, 1 excerpt was taken, a quotation, which cites the only source."
    assert said["single-source-themes"] == "2 themes rest on a single source each: SMEs and Fairs."
    bare = descriptions.description(descriptions.tables(several, book(dict.fromkeys(["fair"], "")), one, one))
    assert (
        sentences(reports.description(bare, "en"))["single-source-themes"]
        == "A single source stands behind Theme fair."
    )


def test_a_tag_that_is_not_in_the_codebook_says_so_wherever_it_is_named() -> None:
    said = sentences(made([excerpt(["fair", "stray"], ["k1"], "quotation", "p. 1", ""),
                           excerpt(["stray"], ["k1"], "quotation", "p. 2", "")], CODEBOOK))  # fmt: skip
    assert said["main-themes-by-excerpts"].startswith("The only main theme with excerpts is SMEs (1 excerpt; 50.0%)")
    assert said["tags"] == "The tag #stray (2 excerpts; 100.0%) is used, but it is not in the codebook."
    assert said["carried"].startswith("SMEs rests on ")
    assert "Fairs with #stray (not in the codebook) (1 excerpt" in said["pairs"]
    assert "#stray (not in the codebook)" in said["single-source-themes"]


def test_labels_places_and_decimals_are_those_of_the_language() -> None:
    said = " ".join(sentences(made(SEVERAL, CODEBOOK, "id")).values())
    for words in ("UMKM", "Pameran", "66,7%", "0,5000", "[@k1, hlm. 12]", "[@k2, hlm. 3]"):
        assert words in said
    assert "Fairs" not in said


def test_names_of_themes_are_no_markup_and_keys_that_pandoc_cannot_hold_are_no_citations() -> None:
    hostile = Codebook({"x": Theme("x", {"en": "*a* [@k9] <b>\x00 0 {n}"})})
    drawn = markdown.render(made([excerpt(["x"], ["k1"], "quotation", "p. [1] *2*", "contradicts ^id1"),
                                  excerpt(["x"], ["k2"], "quotation", "p. 2", "")], hostile)).decode()  # fmt: skip
    assert r"\*a\* \[\@k9\] \<b\>" in drawn
    assert r"[@k1, p. \[1\] \*2\*]" in drawn
    for key in ("a b", "{", "x]y<"):
        run = blocks.Run(f"[@{{{key}}}", ("citation",))
        shown = markdown.render(Report(lambda run=run: [blocks.Paragraph((run,))], list)).decode()  # type: ignore[misc]
        assert shown.startswith(r"\[@\{")


@pytest.mark.parametrize("language", ["en", "id"])
def test_of_nothing_there_is_one_sentence(language: str) -> None:
    report = reports.description(described([], Codebook(), set()), language)
    (sentence,) = sentences(report).values()
    assert "libreview import" in sentence
