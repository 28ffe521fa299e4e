"""Counts, against a slow and independent count."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import summaries
from libreview.model import NONE, Citation, Codebook, Coding, Excerpt, Location, Note, Source, Theme

TAGS = ["a", "b", "c", "d", "alias", "stray", "todo", NONE]
KEYS = ["k1", "k2", "k3", "k4", "nowhere"]


def source(key: str, year: str = "2001") -> Source:
    fields = {"title": f"Title of {key}", "year": year}
    return Source(key, "book", fields, fields, {}, Location("sources/x.bib"))


def excerpt(
    themes: list[str], keys: list[str], others: tuple[list[str], ...] = (), at: int = 0, id: str = ""
) -> Excerpt:
    codings = tuple(Coding(id, tuple(other), f"coder{number}") for number, other in enumerate([themes, *others]))
    citations = tuple(Citation(key) for key in keys)
    place = Location("notes/n.md", at + 1, at)
    return Excerpt(id or None, "quotation", citations, "Text", tuple(themes), "", place, codings)


def book(parents: dict[str, str], alias_of: str = "b") -> Codebook:
    themes = {
        name: Theme(name, parent=up, aliases=("alias",) if name == alias_of else ()) for name, up in parents.items()
    }
    return Codebook(themes, "notes/codebook.toml")


_tags = st.lists(st.sampled_from(TAGS), max_size=3, unique=True)
_excerpts = st.lists(
    st.builds(
        excerpt,
        _tags,
        st.lists(st.sampled_from(KEYS), min_size=1, max_size=3),
        st.lists(_tags, max_size=2).map(tuple),
    ),
    max_size=12,
)
_books = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c", "d", "gone"]) for name in "abcd"}).map(book)
_in = st.sets(st.sampled_from(KEYS[:4]))


def slow(codebook: Codebook, one: Excerpt) -> set[str]:
    """The themes of an excerpt, resolved tag by tag."""
    tags = set(one.themes).union(*(coding.themes for coding in one.codings)) - {NONE, "todo"}
    return {codebook.resolve(tag) or tag for tag in tags}


@given(_excerpts, _books, _in)
def test_frequency_is_what_a_slow_count_finds(several: list[Excerpt], codebook: Codebook, inside: set[str]) -> None:
    found = summaries.frequency(several, codebook, inside, ["#todo"])
    assert found.n.excerpts == len(several)
    assert found.n.sources == len({key for one in several for key in one.keys} & inside)
    assert found.n.sources_in_review == len(inside)
    tags = set().union(*(slow(codebook, one) for one in several)) if several else set()
    assert {row.theme.id for row in found.rows} == tags | set(codebook.themes)
    assert [row.known for row in found.rows] == sorted((row.known for row in found.rows), reverse=True)
    for row in found.rows:
        own = [one for one in several if row.theme.id in slow(codebook, one)]
        family = set(codebook.family(row.theme.id))
        whole = [one for one in several if family & slow(codebook, one)]
        assert row.known == (row.theme.id in codebook.themes)
        assert (row.excerpts, row.excerpts_with_children) == (len(own), len(whole))
        assert row.sources == len({key for one in own for key in one.keys if key in inside})
        assert row.sources_with_children == len({key for one in whole for key in one.keys if key in inside})


@given(_excerpts, _books, _in)
def test_concept_matrix_marks_what_the_matrix_counts(
    several: list[Excerpt], codebook: Codebook, inside: set[str]
) -> None:
    sources = {key: source(key) for key in KEYS[:4]}
    marks = summaries.concept_matrix(several, codebook, sources, inside, ["todo"])
    for row in marks.rows:
        citing = [one for one in several if row.source.key in one.keys]
        assert row.themes == {theme for one in citing for theme in slow(codebook, one)}
        assert row.with_parents >= row.themes
    assert {row.source.key for row in marks.rows} == {
        key for one in several if slow(codebook, one) for key in one.keys if key in inside and key in sources
    }


@given(_excerpts, _books, st.lists(st.sampled_from(["a", "alias", "stray"]), max_size=2))
def test_summary_loses_no_excerpt(several: list[Excerpt], codebook: Codebook, wanted: list[str]) -> None:
    sources = {key: source(key, str(2000 + at)) for at, key in enumerate(KEYS[:4])}
    found = summaries.theme_summary(several, codebook, sources, sources, wanted, ["todo"])
    asked = {codebook.resolve(one) or one for one in wanted}
    shown = {theme for one in asked for theme in codebook.family(one)}
    for section in found.sections:
        own = [one for one in several if section.row.theme.id in slow(codebook, one)]
        assert len(section.excerpts) == len(own) == section.row.excerpts
        assert not asked or section.row.theme.id in shown
    listed = {section.row.theme.id for section in found.sections} | {theme.id for theme in found.gaps}
    assert listed >= (shown & set(codebook.themes) if asked else set(codebook.themes))


def test_an_excerpt_with_two_sub_themes_counts_once_above_them() -> None:
    codebook = book({"a": "", "b": "a", "c": "a", "d": "c"})
    found = summaries.frequency([excerpt(["b", "d"], ["k1", "k2"])], codebook, ["k1", "k2", "k3"])
    rows = {row.theme.id: (row.excerpts, row.excerpts_with_children, row.sources_with_children) for row in found.rows}
    assert rows == {"a": (0, 1, 2), "b": (1, 1, 2), "c": (0, 1, 2), "d": (1, 1, 2)}
    assert [(row.theme.id, row.depth) for row in found.rows] == [("a", 0), ("b", 1), ("c", 1), ("d", 2)]


def test_nothing_applies_is_not_uncoded() -> None:
    several = [excerpt([NONE], ["k1"]), excerpt([], ["k1"]), excerpt(["todo"], ["k1"]), excerpt([], ["k1"], (["a"],))]
    assert summaries.frequency(several, book({"a": ""}), ["k1"], ["todo"]).n == summaries.N(4, 1, 1, 2, coders=2)


def test_summary_goes_from_the_oldest_source_on() -> None:
    sources = {"k1": source("k1", "2010"), "k2": source("k2", "1999"), "k3": source("k3", "")}
    several = [excerpt(["a"], [key], at=at) for at, key in enumerate(["k3", "k1", "nowhere", "k2", "k1"])]
    (section,) = summaries.theme_summary(several, book({"a": "", "b": ""}), sources, sources).sections
    assert [(one.excerpt.keys[0], one.excerpt.location.line) for one in section.excerpts] == [
        ("k2", 4),
        ("k1", 2),
        ("k1", 5),
        ("nowhere", 3),
        ("k3", 1),
    ]


def test_a_theme_is_a_gap_only_if_its_sub_themes_are() -> None:
    codebook = book({"a": "", "b": "a", "c": "", "d": "c"})
    found = summaries.theme_summary([excerpt(["b"], ["k1"])], codebook, {}, ())
    assert [section.row.theme.id for section in found.sections] == ["a", "b"]
    assert [theme.id for theme in found.gaps] == ["c", "d"]


def test_sources_table_takes_its_columns_from_the_cards() -> None:
    sources = {"k1": source("k1", "2010"), "k2": source("k2", "1999"), "k3": source("k3")}
    notes = [
        Note("notes/k1.md", "k1", "nadia", {"source": "k1", "method": "descriptive", "result": ""}, "What it says."),
        Note("notes/k2.md", "k2", "", {"aim": "to compare"}),
        Note("notes/k3.md", "k3", "", {"other": "not in the review"}),
    ]
    several = [excerpt(["a", "b"], ["k1"]), excerpt(["alias"], ["k1", "k3"])]
    found = summaries.sources_table(several, book({"a": "", "b": ""}), sources, ["k1", "k2"], notes)
    assert found.fields == ("aim", "method")
    assert [(row.source.key, row.excerpts, row.themes, row.annotation) for row in found.rows] == [
        ("k2", 0, (), ""),
        ("k1", 2, ("a", "b"), "What it says."),
    ]
    assert summaries.sources_table([], book({}), sources, ["k1"], notes, ["method"]).fields == ("method",)


def test_within_leaves_out_what_cites_excluded_sources_only() -> None:
    sources = {key: source(key) for key in ("k1", "k2")}
    several = [excerpt([], keys) for keys in (["k1"], ["k2"], ["k1", "k2"], ["nowhere"])]
    assert summaries.within(several, sources, ["k1"]) == [several[0], several[2], several[3]]


def test_twenty_thousand_excerpts_are_counted() -> None:
    chance = Random(1)  # noqa: S311
    ids = [f"theme-{number}" for number in range(70)]
    codebook = Codebook({one: Theme(one, parent=ids[at // 5] if at else "") for at, one in enumerate(ids)}, "")
    keys = [f"key{number}" for number in range(1000)]
    several = [excerpt(chance.sample(ids, 2), [chance.choice(keys)], at=at) for at in range(20_000)]
    found = summaries.frequency(several, codebook, keys)
    assert sum(row.excerpts for row in found.rows) == 40_000
