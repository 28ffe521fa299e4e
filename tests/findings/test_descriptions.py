"""What a description says: which statements there are of which review, what leads, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Sequence

from libreview.findings.descriptions import Description, Statement, description, tables
from libreview.model import Citation, Codebook, Excerpt, Kind, Location, Locator, Source, Theme
from libreview.value import replace


def source(key: str, year: str = "2001", kind: str = "book", language: str = "en") -> Source:
    fields = {"title": f"Title of {key}", "year": year, "langid": language}
    fields = {name: value for name, value in fields.items() if value}
    return Source(key, kind, fields, fields, {}, Location("sources/x.bib"))


def excerpt(
    at: int, keys: str, themes: str = "", page: str = "p. 7", kind: Kind = "quotation", comment: str = ""
) -> Excerpt:
    citations = tuple(Citation(key, "see", Locator("page", page[3:], page)) for key in keys.split())
    place = Location("notes/all.md", at + 1, at)
    return Excerpt(f"id{at}", kind, citations, f"Words {at}.", tuple(themes.split()), comment, place)


def book(**parents: str) -> Codebook:
    return Codebook({name: Theme(name, parent=up, definition="Said.") for name, up in parents.items()})


def described(excerpts: Sequence[Excerpt], codebook: Codebook, *sources: Source) -> Description:
    known = {one.key: one for one in sources}
    return description(tables(excerpts, codebook, known, known, named=excerpts))


def named(found: Description, name: str) -> list[Statement]:
    return [one for passage in found.passages for one in passage.statements if one.name == name]


def one(found: Description, name: str) -> Statement:
    (statement,) = named(found, name)
    return statement


def subjects(statement: Statement) -> list[str]:
    return [item.subject[0] for item in statement.items]


def test_of_nothing_one_sentence_is_said() -> None:
    found = described([], book())
    assert [[one.name for one in passage.statements] for passage in found.passages] == [["no-sources"]]


def test_of_sources_that_are_not_in_the_review_one_sentence_is_said() -> None:
    empty = tables([], book(), {"a": source("a")}, ())
    frequency = replace(empty.frequency, n=replace(empty.frequency.n, collected=1))
    found = description(replace(empty, frequency=frequency))
    assert one(found, "none-in-review").number("collected") == 1


def test_of_one_source_with_one_excerpt() -> None:
    found = described([excerpt(0, "a", "t")], book(t=""), source("a"))
    assert [[one.name for one in passage.statements] for passage in found.passages] == [
        ["sources", "types-one", "languages-one", "year", "excerpts", "located"],
        ["themes-by-excerpts", "themes-by-sources", "carried"],
        ["no-pairs"],
        ["single-source-themes"],
        ["counted"],
    ]
    assert one(found, "carried").keys == ("a",)
    assert one(found, "themes-by-excerpts").items[0].number("percent") == 100


def test_sources_without_excerpts_and_excerpts_without_themes_are_gaps() -> None:
    bare = described([], book(t=""), source("a"), source("b", ""))
    assert [one.name for one in bare.passages[0].statements][-1] == "no-excerpts"
    assert one(bare, "undated").number("sources") == 1
    assert one(bare, "sources-without-excerpts").keys == ("a", "b")
    assert subjects(one(bare, "themes-without-excerpts")) == ["t"]
    untagged = described([excerpt(0, "a", page="")], book(), source("a"))
    assert named(untagged, "no-themes")
    assert one(untagged, "excerpts-without-theme").keys == ("a",)
    assert one(untagged, "excerpts-without-locator").keys == ("a",)
    assert one(untagged, "located").number("unlocated") == 1


def test_whoever_has_as_many_as_the_last_is_named_too() -> None:
    each = [excerpt(at, "a", theme) for at, theme in enumerate("ttuvw")]
    found = described(each, book(t="", u="", v="", w=""), source("a"))
    ranked = one(found, "themes-by-excerpts")
    assert (subjects(ranked), ranked.more) == (["t", "u", "v", "w"], 0)
    assert [subjects(one) for one in named(found, "carried")] == [["t"]]  # three others share the second place


def test_of_too_many_with_as_many_only_those_with_more_are_named_or_some_and_how_many_more() -> None:
    tags = "abcdefgh"
    even = described(
        [excerpt(at, "k", theme) for at, theme in enumerate(tags)], book(**dict.fromkeys(tags, "")), source("k")
    )
    ranked = one(even, "themes-by-excerpts")
    assert (subjects(ranked), ranked.more) == (list("abcdef"), 2)
    assert named(even, "carried") == []  # none leads
    led = described(
        [excerpt(at, "k", theme) for at, theme in enumerate("a" + tags)], book(**dict.fromkeys(tags, "")), source("k")
    )
    ranked = one(led, "themes-by-excerpts")
    assert (subjects(ranked), ranked.more) == (["a"], 0)


def test_sub_themes_are_ranked_by_themselves() -> None:
    found = described([excerpt(0, "a", "fair"), excerpt(1, "b", "fair"), excerpt(2, "b", "law")],
                      book(sme="", fair="sme", law=""), source("a"), source("b"))  # fmt: skip
    assert subjects(one(found, "main-themes-by-excerpts")) == ["sme", "law"]
    assert subjects(one(found, "sub-themes-by-sources")) == ["fair"]
    assert [(subjects(one), one.keys) for one in named(found, "carried")] == [(["sme"], ("a", "b")), (["law"], ("b",))]
    assert named(found, "with-sub-themes")


def test_tags_that_are_not_in_the_codebook_are_no_themes_of_it() -> None:
    tags = [excerpt(at, "a", theme) for at, theme in enumerate(["t", "x", "x", "y"])]
    found = described(tags, book(t=""), source("a"))
    ranked = one(found, "themes-by-excerpts")
    assert (subjects(ranked), ranked.whole) == (["t"], True)
    assert subjects(one(found, "tags")) == ["x", "y"]
    assert [subjects(one) for one in named(found, "carried")] == [["t"]]
    alone = described(tags[1:], book(), source("a"))
    assert named(alone, "themes-by-excerpts") == named(alone, "carried") == named(alone, "no-themes") == []
    both = [excerpt(at, key, "t x") for at, key in enumerate("ab")]
    assert named(described(both, book(t=""), source("a"), source("b")), "no-gaps") == []


def test_the_five_sources_with_most_excerpts_are_cited() -> None:
    keys = "abcdef"
    several = [excerpt(at, key, "t") for at, key in enumerate(keys + "ff")]
    carried = one(described(several, book(t=""), *map(source, keys)), "carried")
    assert (carried.number("sources"), carried.keys, carried.whole) == (6, ("f", "a", "b", "c", "d"), False)


def test_pairs_are_ranked_by_how_often_and_the_closest_is_named_if_it_is_another() -> None:
    several = [excerpt(at, "a", themes) for at, themes in enumerate(
        ["t u", "t u", "t v", "t v", "t w", "t w", "t", "t", "t", "x y"])]  # fmt: skip
    found = described(several, book(t="", u="", v="", w="", x="", y=""), source("a"))
    assert [item.subject for item in one(found, "pairs").items] == [("t", "u"), ("t", "v"), ("t", "w")]
    assert [item.subject for item in one(found, "closest").items] == [("x", "y")]
    assert one(found, "closest").items[0].number("jaccard") == 1


def test_the_decades_of_a_theme() -> None:
    sources = [source(f"k{year}", str(year)) for year in range(1950, 2025, 10)]
    several = [excerpt(at, one.key, "t") for at, one in enumerate(sources)]
    found = described(several, book(t=""), *sources)
    decades = one(found, "decade")
    assert (len(decades.items), decades.more) == (6, 2)  # eight with one source each
    assert len(one(found, "spread-most").items) == 1 + 6
    few = described(several[:3], book(t=""), *sources[:3])
    assert [item.subject for item in one(few, "spread").items[1:]] == [
        ("1950", "1959"),
        ("1960", "1969"),
        ("1970", "1979"),
    ]
    assert named(described(several[:1], book(t=""), *sources[:1]), "spread") == []


def test_pairs_of_excerpts_are_cited_with_their_places_and_without_the_words_around() -> None:
    several = [
        excerpt(0, "a", comment="contradicts ^id1, supports ^id2"),
        excerpt(1, "b", page="p. 9"),
        excerpt(2, "c"),
    ]
    found = described(several, book(), source("a"), source("b"), source("c"))
    ((mine, other),) = [item.cites for item in one(found, "contradicts").items]
    assert [(cited.key, cited.prefix, cited.locator.text) for cited in (*mine, *other)] == [
        ("a", "", "p. 7"),
        ("b", "", "p. 9"),
    ]
    assert one(found, "supports").keys == ("a", "c")


def test_where_nothing_is_missing_that_is_said() -> None:
    full = described([excerpt(0, "a", "t"), excerpt(1, "b", "t")], book(t=""), source("a"), source("b"))
    assert named(full, "no-gaps")


def test_types_and_languages_are_those_of_the_table_of_sources() -> None:
    found = described([], book(), source("a"), source("b", kind="article", language=""), source("c", language="id"))
    assert [(item.subject[0], item.number("sources")) for item in one(found, "types").items] == [
        ("book", 2),
        ("article", 1),
    ]
    assert subjects(one(found, "languages")) == ["en", "id"]
    assert one(found, "languages-unstated").number("sources") == 1
