"""The tables of the analysis against slow and independent counts over made-up reviews."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import (
    appendices,
    contradictions,
    crosstabs,
    gaps,
    occurrences,
    saturations,
    summaries,
    syntheses,
    timelines,
)
from libreview.findings.examples import examples
from libreview.findings.tallies import Tally
from libreview.model import NONE, Citation, Codebook, Coding, Excerpt, Location, Locator, Note, Source, Theme
from libreview.value import replace

TAGS = ["a", "b", "c", "d", "alias", "stray", "todo", NONE]
YEARS = {"k1": "1999", "k2": "2003", "k3": "", "k4": "2003/2004"}
LANGUAGES = {"k1": "german", "k2": "en", "k3": "", "k4": "english"}
WORDS = {"k1": "trade, city; trade", "k2": "city", "k3": "", "k4": " , "}
KEYS = [*YEARS, "nowhere"]
PATHS = ["notes/a.md", "notes/b.md", "notes/c.md"]


def source(key: str) -> Source:
    fields = {"title": f"Title of {key}", "year": YEARS[key], "langid": LANGUAGES[key], "keywords": WORDS[key]}
    fields = {name: value for name, value in fields.items() if value}
    return Source(key, "book" if key == "k1" else "article", fields, fields, {}, Location("sources/x.bib"))


SOURCES = {key: source(key) for key in YEARS}


def excerpt(
    themes: list[str],
    keys: list[str],
    others: tuple[list[str], ...] = (),
    path: str = "notes/a.md",
    at: int = 0,
    page: str = "p. 1",
    comment: str = "",
) -> Excerpt:
    codings = tuple(Coding("", tuple(other), f"coder{number}") for number, other in enumerate([themes, *others]))
    citations = tuple(Citation(key, "", Locator("page", page, page)) for key in keys)
    return Excerpt(None, "quotation", citations, "Text", tuple(themes), comment, Location(path, at + 1, at), codings)


def book(parents: dict[str, str]) -> Codebook:
    themes = {
        name: Theme(name, parent=up, definition="Said." if name in "ab" else " ", aliases=("alias",) * (name == "b"))
        for name, up in parents.items()
    }
    return Codebook(themes, "notes/codebook.toml")


_tags = st.lists(st.sampled_from(TAGS), max_size=3, unique=True)
_one = st.builds(
    excerpt,
    _tags,
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=3),
    st.lists(_tags, max_size=2).map(tuple),
    st.sampled_from(PATHS),
    st.integers(0, 50),
    st.sampled_from(["", "p. 1"]),
)
_excerpts = st.lists(_one, max_size=12)
_books = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c", "d", "gone"]) for name in "abcd"}).map(book)
_in = st.sets(st.sampled_from(KEYS[:4]))


def slow(codebook: Codebook, one: Excerpt) -> set[str]:
    """The themes of an excerpt, resolved tag by tag."""
    tags = set(one.themes).union(*(coding.themes for coding in one.codings)) - {NONE, "todo"}
    return {codebook.resolve(tag) or tag for tag in tags}


def used(codebook: Codebook, several: list[Excerpt]) -> set[str]:
    return set().union(*(slow(codebook, one) for one in several)) if several else set()


class TestCoOccurrence:
    @given(_excerpts, _books, _in, st.sampled_from(get_args(occurrences.Unit)))
    def test_is_what_a_slow_count_finds(
        self, several: list[Excerpt], codebook: Codebook, inside: set[str], unit: occurrences.Unit
    ) -> None:
        found = occurrences.co_occurrence(several, codebook, inside, ["todo"], unit)
        groups = {
            "excerpt": [[one] for one in several],
            "note": [[one for one in several if one.location.path == path] for path in PATHS],
            "source": [[one for one in several if key in one.keys] for key in inside],
        }[unit]
        units = [themes for group in groups if (themes := used(codebook, group))]
        assert found.units == len(units)
        assert {row.theme.id for row in found.rows} == set().union(*units)
        for one, other in itertools.product(found.counts, repeat=2):
            both = sum(one in themes and other in themes for themes in units)
            either = sum(one in themes or other in themes for themes in units)
            assert found.counts[one].get(other, 0) == both
            assert found.jaccard(one, other) == round(both / either, 4)

    @given(_excerpts, _books, _in, st.sampled_from(get_args(occurrences.Unit)))
    def test_laws(self, several: list[Excerpt], codebook: Codebook, inside: set[str], unit: occurrences.Unit) -> None:
        found = occurrences.co_occurrence(several, codebook, inside, ["todo"], unit)
        for one, row in found.counts.items():
            assert found.jaccard(one, one) == 1
            assert 0 < row[one] <= found.units
            for other, n in row.items():
                assert n == found.counts[other][one]
                assert 0 < n <= min(row[one], found.n_of(other))
        pairs = found.pairs()
        assert len({frozenset((pair.one, pair.other)) for pair in pairs}) == len(pairs)
        assert 2 * len(pairs) + len(found.counts) == sum(len(row) for row in found.counts.values())
        if unit == "excerpt":
            own = {row.theme.id: row.excerpts for row in found.rows}
            assert own == {theme: found.n_of(theme) for theme in found.counts}
        if unit == "source":
            assert all(row.sources == found.n_of(row.theme.id) for row in found.rows)

    def test_a_textbook_example(self) -> None:
        several = [excerpt(themes, ["k1"]) for themes in (["a", "b"], ["a", "b"], ["a"], ["b"], ["b", "c"])]
        found = occurrences.co_occurrence(several, book(dict.fromkeys("abc", "")), ["k1"])
        assert [(pair.one, pair.other, pair.n, pair.jaccard) for pair in found.pairs()] == [
            ("a", "b", 2, 0.4),
            ("b", "c", 1, 0.25),
        ]


FIELDS: Mapping[str, Callable[[str], set[str]]] = {
    "source": lambda key: {key},
    "year": lambda key: {{"k4": "2003"}.get(key, YEARS[key])},
    "decade": lambda key: {{"k1": "1990s", "k3": ""}.get(key, "2000s")},
    "type": lambda key: {"book" if key == "k1" else "article"},
    "language": lambda key: {{"k1": "de", "k3": ""}.get(key, "en")},
    "keywords": lambda key: {"k1": {"trade", "city"}, "k2": {"city"}}.get(key, {""}),
    "title": lambda key: {f"Title of {key}"},
    "publisher": lambda _: {""},
}


class TestCrosstab:
    @given(_excerpts, _books, _in, st.sampled_from(sorted(FIELDS)), st.sampled_from(crosstabs.CELLS))
    def test_is_what_a_slow_count_finds(
        self, several: list[Excerpt], codebook: Codebook, inside: set[str], by: str, cells: crosstabs.Cells
    ) -> None:
        found = crosstabs.crosstab(several, codebook, SOURCES, inside, ["todo"], by, cells)

        def values(one: Excerpt) -> set[str]:
            keys = [key for key in one.keys if key in inside]
            if not keys:
                return set() if by == "source" else {""}
            return set().union(*(FIELDS[by](key) for key in keys))

        assert found.rows == summaries.frequency(several, codebook, inside, ["todo"]).rows
        assert set(found.columns) == set().union(*map(values, several))
        for value, n in found.columns.items():
            assert n == sum(value in values(one) for one in several)
            for row in found.rows:
                own = [one for one in several if row.theme.id in slow(codebook, one)]
                count = sum(value in values(one) for one in own)
                expected = {
                    "count": count,
                    "presence": 1 if count else 0,
                    "row%": round(count / len(own) * 100, 1) if own else 0,
                    "column%": round(count / n * 100, 1),
                    "total%": round(count / len(several) * 100, 1),
                }[cells]
                assert found.cell(row, value) == pytest.approx(expected)
                if "%" in cells and own:
                    whole = {"row%": len(own), "column%": n, "total%": len(several)}[cells]
                    assert abs(found.cell(row, value) - 100 * count / whole) <= 0.05001

    def test_percentages_say_when_they_add_to_more_than_100(self) -> None:
        codebook = book({"a": "", "b": ""})
        twice = [excerpt(["a", "b"], ["k1"]), excerpt(["a"], ["k1"])]
        once = [excerpt(["a"], ["k1"]), excerpt(["b"], ["k1"])]
        two = [excerpt(["a"], ["k1", "k2"])]

        def full(several: list[Excerpt], cells: crosstabs.Cells) -> bool:
            return crosstabs.crosstab(several, codebook, SOURCES, SOURCES, (), "year", cells).overfull()

        assert full(twice, "column%")
        assert full(twice, "total%")
        assert not full(twice, "row%")
        assert not any(full(once, cells) for cells in crosstabs.CELLS)
        assert full(two, "row%")
        assert not full(two, "column%")

    def test_fields_that_there_are(self) -> None:
        assert crosstabs.fields_of(SOURCES.values()) == (*crosstabs.COMPUTED, "langid", "title")


class TestTimeline:
    @given(_excerpts, _books, _in, st.integers(1, 20))
    def test_is_what_a_slow_count_finds(
        self, several: list[Excerpt], codebook: Codebook, inside: set[str], years: int
    ) -> None:
        found = timelines.timeline(several, codebook, SOURCES, inside, ["todo"], years)
        dated = {"k1": 1999, "k2": 2003, "k3": 0, "k4": 2003}
        cited = {key for one in several for key in one.keys if key in inside}
        assert sum(period.sources for period in found.periods) == len(cited)
        for period in found.periods:
            keys = {key for key in cited if period.first <= dated[key] <= period.last}
            assert keys
            assert not period.first or (period.first % years == 0 and period.last - period.first == years - 1)
            assert period.sources == len(keys)
            assert period.excerpts == sum(bool(keys & set(one.keys)) for one in several)
            for row in found.rows:
                own = [one for one in several if row.theme.id in slow(codebook, one) and keys & set(one.keys)]
                expected = (len({key for one in own for key in one.keys} & keys), len(own))
                assert found.cells.get(row.theme.id, {}).get(period.first, (0, 0)) == expected

    @given(_excerpts, _books, _in)
    def test_the_sources_of_a_theme_add_up(self, several: list[Excerpt], codebook: Codebook, inside: set[str]) -> None:
        found = timelines.timeline(several, codebook, SOURCES, inside, ["todo"])
        for row in found.rows:
            assert row.sources == sum(sources for sources, _ in found.cells.get(row.theme.id, {}).values())


class TestGaps:
    @given(_excerpts, _books, _in, st.integers(1, 4))
    def test_is_what_a_slow_count_finds(
        self, several: list[Excerpt], codebook: Codebook, inside: set[str], k: int
    ) -> None:
        found = gaps.gaps(several, codebook, SOURCES, inside, ["todo"], k)
        counts = {}
        for theme in {*codebook.themes, *used(codebook, several)}:
            family = set(codebook.family(theme))
            whole = [one for one in several if family & slow(codebook, one)]
            counts[theme] = len({key for one in whole for key in one.keys} & inside)
        assert {row.theme.id for row in found.few} == {theme for theme, n in counts.items() if n < k}
        assert {row.theme.id for row in found.single} == {theme for theme, n in counts.items() if n == 1}
        assert {theme.id for theme in found.undefined} == {"c", "d"}
        assert {one.key for one in found.sources} == inside - {key for one in several for key in one.keys}
        assert len(found.uncoded) == found.n.uncoded
        assert sorted(map(id, found.unlocated)) == sorted(id(one) for one in several if not one.locator)

    def test_one_citation_without_a_page_is_enough(self) -> None:
        half = excerpt(["a"], ["k1", "k2"])
        half = replace(half, citations=(half.citations[0], Citation("k2")))
        assert gaps.gaps([half], book({"a": ""}), SOURCES, SOURCES).unlocated == (half,)


@given(_excerpts, _books, _in)
def test_saturation_is_what_a_slow_count_finds(several: list[Excerpt], codebook: Codebook, inside: set[str]) -> None:
    found = saturations.saturation(several, codebook, SOURCES, inside, ["todo"])
    ordered = sorted(several, key=lambda one: (one.location.path, one.location.start))
    keys = list(dict.fromkeys(key for one in ordered for key in one.keys if key in inside))
    assert [step.key for step in found.steps] == keys
    seen: set[str] = set()
    for step in found.steps:
        own = [one for one in several if step.key in one.keys]
        assert step.excerpts == len(own)
        assert set(step.themes) == used(codebook, own)
        assert set(step.new) == used(codebook, own) - seen
        seen |= set(step.themes)
        assert step.cumulative == len(seen)


@given(_excerpts, _books, _in)
def test_synthesis_holds_each_excerpt_where_the_matrix_counts_it(
    several: list[Excerpt], codebook: Codebook, inside: set[str]
) -> None:
    found = syntheses.synthesis(several, codebook, SOURCES, inside, ["todo"])
    counts = crosstabs.crosstab(several, codebook, SOURCES, inside, ["todo"], "source").counts
    held = {theme: {key: len(of) for key, of in row.items()} for theme, row in found.cells.items()}
    assert held == {theme: row for theme, row in counts.items() if row}
    assert {row.theme.id for row in found.rows} == set(held)
    assert {one.key for one in found.sources} == {key for row in held.values() for key in row}


def test_the_bibliography_speaks_where_the_card_is_silent() -> None:
    cards = [Note("notes/k1.md", "k1", "", {"language": "Bahasa"})]
    table = summaries.sources_table(
        [], book({}), SOURCES, ["k1", "k2"], cards, ["language", "year", "keywords", "gone"]
    )
    assert [dict(row.fields) for row in syntheses.with_entries(table).rows] == [
        {"language": "Bahasa", "year": "1999", "keywords": "trade; city"},
        {"language": "en", "year": "2003", "keywords": "city"},
    ]
    assert dict(syntheses.card_matrix(table).rows[1].fields) == {}


class TestContradictions:
    @pytest.mark.parametrize(
        ("comment", "expected"),
        [
            ("This contradicts ^a81b2c.", [("contradicts", "a81b2c")]),
            ("It supports ^k3f9q2", [("supports", "k3f9q2")]),
            ("contradicts ^a1, ^b2 and ^c3; supports ^d4", [*(("contradicts", id) for id in ("a1", "b2", "c3")), ("supports", "d4")]),
            ("Bertentangan\ndengan ^a1 dan ^b2. Mendukung ^c3.", [("contradicts", "a1"), ("contradicts", "b2"), ("supports", "c3")]),
            ("This does not contradict ^a1. It supports ^b2.", [("supports", "b2")]),
            ("Ini tidak bertentangan dengan ^a1, tetapi mendukung ^b2.", [("supports", "b2")]),
            ("Compare ^a1. This contradicts what others say of the year.", []),
            ("It contradicts the law, see ^a1", []),
            ("contradicts\n\n^a1", []),
            ("contradicts a1 and 5^2", []),
            ("", []),
        ],
    )  # fmt: skip
    def test_what_a_comment_says(self, comment: str, expected: list[tuple[str, str]]) -> None:
        assert list(contradictions.said(comment)) == expected

    def test_pairs_are_one_whoever_says_it(self) -> None:
        several = [
            replace(excerpt(["a"], ["k1"], at=9, comment="Contradicts ^bbb222."), id="aaa111"),
            replace(excerpt(["a"], ["k2"], at=1, comment="Contradicts ^aaa111, supports ^ccc333."), id="bbb222"),
            replace(excerpt(["a"], ["k2"], at=20, comment="Contradicts ^ccc333 and ^gone99."), id="ccc333"),
        ]
        found = contradictions.contradictions(several, book({"a": ""}), SOURCES)
        assert [(pair.kind, pair.one.id, pair.other.id, len(pair.said_by)) for pair in found.pairs] == [
            ("contradicts", "bbb222", "aaa111", 2),
            ("supports", "bbb222", "ccc333", 1),
        ]
        assert [(stray.excerpt.id, stray.id) for stray in found.strays] == [("ccc333", "gone99")]

    def test_memos_speak_too_and_what_is_not_counted_may_be_named(self) -> None:
        one = replace(
            excerpt(["a"], ["k1"]), id="aaa111", codings=(Coding("aaa111", ("a",), "budi", "supports ^bbb222"),)
        )
        other = replace(excerpt(["a"], ["k2"], at=5), id="bbb222")
        found = contradictions.contradictions([one], book({"a": ""}), SOURCES, named=[one, other])
        assert [(pair.kind, pair.one.id, pair.other.id) for pair in found.pairs] == [("supports", "aaa111", "bbb222")]
        assert found.n.excerpts == 1


@given(_excerpts, _books)
def test_the_example_of_a_theme_is_one_of_its_own(several: list[Excerpt], codebook: Codebook) -> None:
    found = summaries.frequency(several, codebook, SOURCES, ["todo"])
    assert set(found.examples) == used(codebook, several)
    for theme, example in found.examples.items():
        assert theme in slow(codebook, example)


def test_the_codebook_chooses_the_example() -> None:
    several = [replace(excerpt(["a"], ["k1"], at=at), id=id) for at, id in enumerate(("aaa111", "bbb222", "ccc333"))]
    codebook = Codebook({"a": Theme("a", examples=("gone99", "ccc333", "bbb222"))})
    assert summaries.frequency(several, codebook, SOURCES).examples["a"].id == "ccc333"


@pytest.mark.parametrize(
    ("named", "of_a"),
    [
        ((), "aaa111"),
        (("gone99",), "aaa111"),
        (("ccc333",), "ccc333"),
        (("below1", "ccc333"), "below1"),  # coded with a theme below it
        (("other1",), "aaa111"),  # coded otherwise
        (("other1", "ccc333"), "ccc333"),
    ],
)
def test_one_rule_says_what_the_example_of_a_theme_is(named: tuple[str, ...], of_a: str) -> None:
    given = {"ccc333": ["a"], "aaa111": ["a"], "below1": ["b"], "other1": ["c", "stray"]}
    several = [replace(excerpt(tags, ["k1"], at=90 - n), id=id) for n, (id, tags) in enumerate(given.items())]
    several[1:2] = [replace(several[1], location=Location("notes/a.md", 1, 0))]
    codebook = Codebook({"a": Theme("a", examples=named), "b": Theme("b", parent="a"), "c": Theme("c")})
    counted = summaries.frequency(several, codebook, SOURCES).examples
    assert {theme: one.id for theme, one in counted.items()} == {
        "a": of_a,
        "b": "below1",
        "c": "other1",
        "stray": "other1",
    }
    printed = appendices.appendix(several, codebook, SOURCES, 1)
    assert [page.examples[0].id for page in printed.pages] == [of_a, "below1", "other1"]
    assert printed.missing == tuple(id for id in named if id == "gone99")
    assert printed.astray == tuple(("a", id) for id in named if id == "other1")
    shown = examples(Tally(several, codebook, (), ()), 0)
    assert [one.id for one in shown.get("a", ())] == [id for id in named if id not in ("gone99", "other1")]


def test_themes_of_a_source_are_in_the_order_of_the_codebook() -> None:
    several = [excerpt([tag], ["k1"], at=at) for at, tag in enumerate(["stray", "c", "b", "early", "a"])]
    table = summaries.sources_table(several, book({"b": "", "a": "", "c": "a"}), SOURCES, ["k1"])
    assert table.rows[0].themes == ("b", "a", "c", "early", "stray")
