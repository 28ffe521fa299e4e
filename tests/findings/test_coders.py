"""Agreement between coders, against a slow and independent count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import agreement, coders
from libreview.model import NONE, Citation, Codebook, Coding, Excerpt, Location, Theme

BOOK = Codebook({"fair": Theme("fair", aliases=("pameran",)), "law": Theme("law"), "trade": Theme("trade")})


def excerpt(at: int, given: dict[str, tuple[str, ...]], keys: tuple[str, ...] = ("wijaya2001",)) -> Excerpt:
    codings = tuple(Coding(f"id{at}", themes, coder) for coder, themes in given.items())
    citations = tuple(Citation(key) for key in keys)
    return Excerpt(f"id{at}", "quotation", citations, "Text", (), "", Location("notes/n.md", at + 1, at), codings)


def both(*pairs: tuple[str, str]) -> list[Excerpt]:
    """Excerpts that rina and budi coded; themes are separated by spaces, nothing: not coded."""
    return [
        excerpt(at, {coder: tuple(tags.split()) for coder, tags in zip(("rina", "budi"), pair, strict=True)})
        for at, pair in enumerate(pairs)
    ]


def test_every_theme_is_a_question_and_none_an_answer() -> None:
    found = coders.between(
        ("budi", "rina"),
        both(("trade", "trade law"), ("pameran", "fair"), (NONE, NONE), (NONE, "law"), ("law", ""), ("", "")),
        BOOK,
    )
    assert (found.units, found.complete, found.identical, found.once) == (4, 4, 2, 1)
    assert [row.theme.id for row in found.rows if row.theme] == ["fair", "law", "trade"]
    fair, law, trade = found.rows
    assert (fair.units, fair.percent, fair.cohen, fair.alpha, fair.given) == (4, 1.0, 1.0, 1.0, (1, 1))
    assert (law.percent, law.cohen, law.prevalence, law.given) == (0.5, 0.0, 2 / 8, (2, 0))
    assert (trade.percent, trade.cohen, trade.fleiss) == (1.0, 1.0, 1.0)
    assert (found.pooled.units, found.pooled.percent, found.pooled.given) == (12, 10 / 12, (4, 2))
    assert [(one.id, one.themes, one.codings) for one in found.disagreements] == [
        ("id0", ("law",), (("law", "trade"), ("trade",))),
        ("id3", ("law",), (("law",), ())),
    ]


def test_where_nothing_varies_kappa_and_alpha_are_undefined() -> None:
    found = coders.between(("budi", "rina"), both(("trade", "trade"), ("trade", "trade")), BOOK)
    (row,) = found.rows
    assert (row.percent, row.cohen, row.fleiss, row.alpha, row.prevalence) == (1.0, None, None, None, 1.0)
    assert found.pooled.alpha is None
    nothing = coders.between(("budi", "rina"), both((NONE, NONE)), BOOK)
    assert (nothing.units, nothing.rows, nothing.pooled.percent, nothing.pooled.alpha) == (1, (), None, None)


def test_tags_of_other_programs_are_no_codings() -> None:
    several = both(("todo", "trade"), ("todo trade", "trade"))
    assert coders.coders_of(both(("todo", "")), BOOK, ["todo"]) == ()
    assert coders.coders_of(several, BOOK, ["#todo"]) == ("budi", "rina")
    found = coders.between(("budi", "rina"), several, BOOK, ignore=["#todo"])
    assert (found.units, found.once, found.disagreements) == (1, 1, ())


def test_of_three_coders_each_may_have_left_out_some() -> None:
    several = [
        excerpt(0, {"a": ("law",), "b": ("law",), "c": ("law",)}),
        excerpt(1, {"a": ("law",), "b": (NONE,), "c": (NONE,)}),
        excerpt(2, {"a": (NONE,), "b": (NONE,)}),
        excerpt(3, {"c": ("law",)}),
    ]
    found = coders.between(("a", "b", "c"), several, BOOK)
    (law,) = found.rows
    assert (found.units, found.complete, found.once, law.cohen, law.given) == (3, 2, 1, None, (2, 1, 1))
    assert law.percent == pytest.approx((1 + 1 / 3 + 1) / 3)
    assert law.fleiss == agreement.fleiss_kappa({(3, 0): 1, (1, 2): 1})
    assert law.alpha == agreement.krippendorff_alpha({(3, 0): 1, (1, 2): 1, (0, 2): 1})
    assert found.disagreements[0].codings == (("law",), (), ())


def test_a_source_has_the_themes_of_the_excerpts_that_all_coded() -> None:
    several = [
        excerpt(0, {"a": ("law",), "b": (NONE,)}, ("x", "y")),
        excerpt(1, {"a": (NONE,), "b": ("law",)}, ("x",)),
        excerpt(2, {"a": ("trade",)}, ("x",)),  # b did not see it
        excerpt(3, {"a": ("law",), "b": ("law",)}, ("outside",)),
    ]
    found = coders.between(("a", "b"), several, BOOK, "source", {"x", "y"})
    assert (found.units, found.identical, [row.units for row in found.rows]) == (2, 1, [2])
    assert [(one.key, one.location.line, one.codings) for one in found.disagreements] == [("y", 1, (("law",), ()))]


def test_who_coded_the_same_excerpts() -> None:
    several = [
        excerpt(0, {"a": ("law",), "b": (NONE,)}),
        excerpt(1, {"b": ("law",), "c": ("law",)}),
        excerpt(2, {"d": ()}),
    ]
    assert coders.meetings("abc", several, BOOK) == coders.Meetings(2, 0, ("a", "b"), ("a", "c"))
    assert coders.meetings("ab", several, BOOK) == coders.Meetings(1, 1, ("a", "b"), None)
    assert coders.meetings("ac", several, BOOK) == coders.Meetings(0, 0, None, ("a", "c"))
    three = [*several, excerpt(3, {"a": ("law",), "c": (NONE,)})]
    assert coders.meetings("abc", three, BOOK) == coders.Meetings(3, 0, ("a", "b"), None)


def test_of_two_excerpts_with_one_id_the_first_counts() -> None:
    several = both(("law", "law"), ("law", "law"))
    found = coders.between(("budi", "rina"), [*several, several[0]], BOOK)
    assert found.units == 2


_given = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.one_of(st.just((NONE,)), st.lists(st.sampled_from(["fair", "pameran", "law", "stray"]), max_size=3).map(tuple)),
)


@given(st.lists(_given, max_size=8), st.permutations(["a", "b", "c"]), st.integers(2, 3))
def test_rows_are_what_a_slow_count_finds(several: list[dict[str, tuple[str, ...]]], order: list[str], n: int) -> None:
    chosen = order[:n]
    found = coders.between(chosen, [excerpt(at, one) for at, one in enumerate(several)], BOOK)
    answers = [
        [None if not one.get(coder) else {BOOK.resolve(tag) or tag for tag in one[coder]} for one in several]
        for coder in chosen
    ]
    paired = [at for at in range(len(several)) if sum(row[at] is not None for row in answers) > 1]
    themes = {theme for at in paired for row in answers for theme in row[at] or ()} - {NONE}
    assert {row.theme.id for row in found.rows if row.theme} == themes
    whole: list[list[bool | None]] = [[] for _ in chosen]
    for row in found.rows:
        assert row.theme is not None
        said = [[None if (one := own[at]) is None else row.theme.id in one for at in paired] for own in answers]
        tally = agreement.tallied(said)
        assert row.percent == agreement.percent_agreement(tally)
        assert row.alpha == agreement.krippendorff_alpha(tally)
        assert row.given == tuple(sum(bool(one) for one in own) for own in said)
        if n == 2:
            assert row.cohen == agreement.cohen_kappa(agreement.contingency(said[0], said[1]))
        for own, more in zip(whole, said, strict=True):
            own.extend(more)
    assert found.pooled.alpha == agreement.krippendorff_alpha(agreement.tallied(whole))
    assert found.units == len(paired)
    assert found.identical + len(found.disagreements) == found.units
