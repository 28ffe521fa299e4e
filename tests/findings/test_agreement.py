"""Coefficients of agreement: published values, and what holds for any codings."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import agreement


def rows(*lines: str) -> list[list[str | None]]:
    return [[None if said == "." else said for said in line.split()] for line in lines]


PUBLISHED_ALPHA = [
    (
        "Krippendorff (2011), part C: four observers, missing data",
        rows(
            "1 2 3 3 2 1 4 1 2 . . .",
            "1 2 3 3 2 2 4 1 2 5 . 3",
            ". 3 3 3 2 3 4 2 2 5 1 .",
            "1 2 3 3 2 4 4 1 2 5 1 .",
        ),
        0.7434,
    ),
    ("Krippendorff (2011), part A: binary", rows("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.0952),
    ("Krippendorff (2011), part B: nominal", rows("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.6920),
]
PUBLISHED_COHEN = [
    ("Cohen (1960)", [[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.4915),
    ("50 grants", [[20, 5], [10, 15]], 0.4000),
    ("same agreement, other margins", [[45, 15], [25, 15]], 0.1304),
    ("same agreement, other margins", [[25, 35], [5, 35]], 0.2593),
    ("Feinstein and Cicchetti (1990)", [[40, 9], [6, 45]], 0.6995),
    ("Feinstein and Cicchetti (1990), the paradox", [[80, 10], [5, 5]], 0.3182),
]
TEN_SUBJECTS = """0 0 0 0 14 / 0 2 6 4 2 / 0 0 3 5 6 / 0 3 9 2 0 / 2 2 8 1 1 /
 7 7 0 0 0 / 3 2 6 3 0 / 2 5 3 2 2 / 6 5 2 1 0 / 0 2 2 3 7"""
FLEISS_1971 = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012
 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
PUBLISHED_FLEISS = [
    ("10 subjects, 14 raters", [tuple(map(int, row.split())) for row in TEN_SUBJECTS.split("/")], 0.2099),
    ("Fleiss (1971)", [tuple(map(int, row)) for row in FLEISS_1971.split()], 0.4302),
]


@pytest.mark.parametrize(("source", "coders", "value"), PUBLISHED_ALPHA)
def test_published_alpha(source: str, coders: list[list[str | None]], value: float) -> None:
    found = agreement.krippendorff_alpha(agreement.tallied(coders))
    assert found is not None
    assert f"{found:.4f}" == f"{value:.4f}"


@pytest.mark.parametrize(("source", "table", "value"), PUBLISHED_COHEN)
def test_published_cohen(source: str, table: list[list[int]], value: float) -> None:
    found = agreement.cohen_kappa(table)
    assert found is not None
    assert f"{found:.4f}" == f"{value:.4f}"


@pytest.mark.parametrize(("source", "subjects", "value"), PUBLISHED_FLEISS)
def test_published_fleiss(source: str, subjects: list[tuple[int, ...]], value: float) -> None:
    found = agreement.fleiss_kappa(Counter(subjects))
    assert found is not None
    assert f"{found:.4f}" == f"{value:.4f}"


COEFFICIENTS = (agreement.percent_agreement, agreement.fleiss_kappa, agreement.krippendorff_alpha)


@pytest.mark.parametrize(
    ("coders", "percent"),
    [
        (rows("a a a", "a a a"), 1.0),  # nothing varies
        (rows("a", "a"), 1.0),
        (rows("", ""), None),  # nothing was coded
        (rows("a b .", ". . c"), None),  # nothing was coded twice
        (rows("a b c"), None),  # one coder
        ([], None),
    ],
)
def test_without_variation_a_coefficient_is_undefined(coders: list[list[str | None]], percent: float | None) -> None:
    tally = agreement.tallied(coders)
    assert agreement.percent_agreement(tally) == percent
    assert agreement.fleiss_kappa(tally) is None
    assert agreement.krippendorff_alpha(tally) is None
    if len(coders) == 2:
        assert agreement.cohen_kappa(agreement.contingency(*coders)) is None


@pytest.mark.parametrize("table", [[], [[0]], [[7]], [[0, 0], [0, 0]], [[9, 0], [0, 0]]])
def test_a_table_without_variation_has_no_kappa(table: list[list[int]]) -> None:
    assert agreement.cohen_kappa(table) is None


def test_a_coder_who_always_says_the_same_has_a_kappa_of_zero() -> None:
    assert agreement.cohen_kappa([[5, 5], [0, 0]]) == 0.0


def test_prevalence() -> None:
    tally = agreement.tallied(rows("1 0 0 0 1", "1 1 0 0 ."))
    assert agreement.prevalence(tally, 0) == 3 / 8  # "1" came first; the unit that one coder coded is left out
    assert agreement.prevalence({}, 0) is None
    assert agreement.prevalence({(1, 0): 3}, 0) is None


_said = st.one_of(st.none(), st.sampled_from("abc"))
_coders = st.integers(0, 8).flatmap(
    lambda units: st.lists(st.lists(_said, min_size=units, max_size=units), min_size=2, max_size=5)
)


def slow_alpha(coders: list[list[str | None]]) -> float | None:
    """Alpha by the matrix of coincidences, pair by pair."""
    o: Counter[tuple[str, str]] = Counter()
    weights: dict[tuple[str, str], float] = {}
    for unit in zip(*coders, strict=True):
        said = [one for one in unit if one is not None]
        for i, a in enumerate(said):
            for j, b in enumerate(said):
                if i != j:
                    o[a, b] += 1
                    weights[a, b] = weights.get((a, b), 0.0) + 1 / (len(said) - 1)
    n = sum(weights.values())
    totals = {a: sum(w for (x, _), w in weights.items() if x == a) for a, _ in weights}
    seen = sum(w for (a, b), w in weights.items() if a != b)
    chance = sum(totals[a] * totals[b] for a in totals for b in totals if a != b)
    return 1 - (n - 1) * seen / chance if len(totals) > 1 else None


@given(_coders)
def test_alpha_is_what_the_coincidences_say(coders: list[list[str | None]]) -> None:
    found, slow = agreement.krippendorff_alpha(agreement.tallied(coders)), slow_alpha(coders)
    assert (found is None) == (slow is None)
    assert found is None or found == pytest.approx(slow)


@given(_coders, st.randoms())
def test_the_order_of_coders_and_units_makes_no_difference(coders: list[list[str | None]], random: object) -> None:
    units = [list(unit) for unit in zip(*coders, strict=True)]
    random.shuffle(units)  # type: ignore[attr-defined]
    turned = [list(row) for row in zip(*units, strict=True)] or [[] for _ in coders]
    random.shuffle(turned)  # type: ignore[attr-defined]
    for coefficient in COEFFICIENTS:
        assert coefficient(agreement.tallied(coders)) == coefficient(agreement.tallied(turned))
    for one, other in combinations(coders, 2):
        there = agreement.cohen_kappa(agreement.contingency(one, other))
        assert there == agreement.cohen_kappa(agreement.contingency(other, one))


@given(_coders, st.permutations("abc"))
def test_the_names_of_categories_make_no_difference(coders: list[list[str | None]], names: list[str]) -> None:
    renamed = [[None if said is None else {"a": 0, "b": 1, "c": 2}[names["abc".index(said)]] for said in row]
               for row in coders]  # fmt: skip
    for coefficient in COEFFICIENTS:
        assert coefficient(agreement.tallied(coders)) == coefficient(agreement.tallied(renamed))
    there = agreement.cohen_kappa(agreement.contingency(coders[0], coders[1]))
    assert there == agreement.cohen_kappa(agreement.contingency(renamed[0], renamed[1]))


@given(st.lists(st.sampled_from("abc"), min_size=2), st.integers(2, 5))
def test_perfect_agreement_with_variation_is_exactly_one(said: list[str], coders: int) -> None:
    tally = agreement.tallied([said] * coders)
    varied = len(set(said)) > 1
    assert agreement.percent_agreement(tally) == 1.0
    assert agreement.krippendorff_alpha(tally) == (1.0 if varied else None)
    assert agreement.fleiss_kappa(tally) == (1.0 if varied else None)
    assert agreement.cohen_kappa(agreement.contingency(said, said)) == (1.0 if varied else None)


@given(_coders, st.lists(_said, max_size=4))
def test_units_coded_once_and_coders_who_coded_nothing_make_no_difference(
    coders: list[list[str | None]], alone: list[str | None]
) -> None:
    first, *rest = coders
    blank: list[str | None] = [None for _ in alone]
    nobody: list[str | None] = [None for _ in (*first, *alone)]
    longer: list[list[str | None]] = [[*first, *alone], *([*row, *blank] for row in rest), nobody]
    for coefficient in (agreement.percent_agreement, agreement.krippendorff_alpha):
        assert coefficient(agreement.tallied(coders)) == coefficient(agreement.tallied(longer))


@given(_coders)
def test_nothing_is_above_one(coders: list[list[str | None]]) -> None:
    for coefficient in COEFFICIENTS:
        found = coefficient(agreement.tallied(coders))
        assert found is None or -1.0 <= found <= 1.0


@given(_coders)
def test_of_two_coders_fleiss_is_scotts_pi_and_percent_is_plain(coders: list[list[str | None]]) -> None:
    both = [pair for pair in zip(coders[0], coders[1], strict=True) if None not in pair]
    tally = agreement.tallied([[a for a, _ in both], [b for _, b in both]])
    share = sum(a == b for a, b in both) / len(both) if both else None
    assert agreement.percent_agreement(tally) == share
    counts = Counter(said for pair in both for said in pair)
    chance = sum((n / (2 * len(both))) ** 2 for n in counts.values())
    found = agreement.fleiss_kappa(tally)
    assert (found is None) == (len(counts) < 2)
    assert found is None or share is None or found == pytest.approx((share - chance) / (1 - chance))
