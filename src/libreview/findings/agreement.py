"""Coefficients of agreement between coders.

A unit is what was coded, a category what a coder may say of it. All is counted in whole numbers and divided once, so that
perfect agreement is exactly 1. Where a coefficient compares what was seen with a chance that leaves nothing to be seen
(all codings in one category), or where nothing was coded twice, it does not exist: that is `None`, never a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction

__all__ = [
    "Tally",
    "cohen_kappa",
    "contingency",
    "fleiss_kappa",
    "krippendorff_alpha",
    "percent_agreement",
    "prevalence",
    "tallied",
]

Tally = Mapping[tuple[int, ...], int]
"""How many units have so many codings in each category: ``{(2, 0): 5, (1, 1): 1}``. All rows are of one length."""


def tallied(coders: Sequence[Sequence[Hashable | None]]) -> Counter[tuple[int, ...]]:
    """Return the tally of what each coder said of each unit, a row per coder; None: that coder did not code the unit."""
    categories = tuple(dict.fromkeys(said for row in coders for said in row if said is not None))
    found: Counter[tuple[int, ...]] = Counter()
    for unit in zip(*coders, strict=True):
        counts = Counter(said for said in unit if said is not None)
        found[tuple(counts[one] for one in categories)] += 1
    return found


def contingency(first: Sequence[Hashable | None], second: Sequence[Hashable | None]) -> list[list[int]]:
    """Return how often two coders said what: a row per category of the first, a column per category of the second.

    Units that one of them did not code (None) are left out.
    """
    pairs = Counter((a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None)
    categories = tuple(dict.fromkeys(said for pair in pairs for said in pair))
    return [[pairs[a, b] for b in categories] for a in categories]


def _ratio(above: int | Fraction, below: int | Fraction) -> float | None:
    return float(Fraction(above) / Fraction(below)) if below else None


def percent_agreement(tally: Tally) -> float | None:
    """Return the share of pairs of codings of one unit that agree, the mean over the units coded at least twice.

    P = 1/N · Σ_u Σ_c n_uc (n_uc - 1) / (m_u (m_u - 1)), with n_uc codings of the unit u in the category c and m_u in all.
    Of two coders it is the share of the units of which both said the same. None if no unit was coded twice.
    Source: J. L. Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), P̄.
    """
    units = 0
    agreed: dict[int, int] = {}
    for counts, times in tally.items():
        m = sum(counts)
        if m > 1:
            units += times
            agreed[m] = agreed.get(m, 0) + times * sum(n * (n - 1) for n in counts)
    return _ratio(sum((Fraction(pairs, m * (m - 1)) for m, pairs in agreed.items()), Fraction(0)), units)


def cohen_kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Return Cohen's kappa of two coders; ``table[i][j]`` units got the category i from one and j from the other.

    κ = (p_o - p_e) / (1 - p_e), with p_o = Σ_i n_ii / N and p_e = Σ_i n_i. n_.i / N².
    None if there is no unit, or both put all units into one category (p_e = 1).
    Source: J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20(1).
    """
    n = sum(map(sum, table))
    same = sum(row[at] for at, row in enumerate(table))
    chance = sum(sum(row) * sum(column) for row, column in zip(table, zip(*table, strict=True), strict=True))
    return _ratio(n * same - chance, n * n - chance)


def fleiss_kappa(tally: Tally) -> float | None:
    """Return Fleiss' kappa of units that were each coded by the same number of coders, not always the same ones.

    κ = (P̄ - P̄_e) / (1 - P̄_e), with P̄ as in `percent_agreement` and P̄_e = Σ_c p_c², p_c the share of category c in all codings.
    Units that fewer coders coded than the others are left out. None if there are none, or all codings are in one category.
    Source: J. L. Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), 378-382.
    """
    coders = max((sum(counts) for counts, times in tally.items() if times), default=0)
    full = {counts: times for counts, times in tally.items() if times and sum(counts) == coders}
    seen = percent_agreement(full) if coders > 1 else None
    if seen is None:
        return None
    units = sum(full.values())
    pairs = sum(times * sum(n * (n - 1) for n in counts) for counts, times in full.items())
    observed = Fraction(pairs, units * coders * (coders - 1))
    totals = _totals(full)
    chance = Fraction(sum(n * n for n in totals), (units * coders) ** 2)
    return _ratio(observed - chance, 1 - chance)


def krippendorff_alpha(tally: Tally) -> float | None:
    """Return Krippendorff's alpha for nominal data, with any number of coders and codings missing.

    α = 1 - D_o / D_e = 1 - (n - 1) · Σ_u [(m_u² - Σ_c n_uc²) / (m_u - 1)] / (n² - Σ_c n_c²), over the units with m_u >= 2
    codings, n codings in all and n_c in the category c. Units coded once say nothing about agreement and are left out.
    None if nothing was coded twice, or all codings are in one category (D_e = 0).
    Source: K. Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania, part C.
    """
    paired = {counts: times for counts, times in tally.items() if times and sum(counts) > 1}
    apart: dict[int, int] = {}
    for counts, times in paired.items():
        m = sum(counts)
        apart[m] = apart.get(m, 0) + times * (m * m - sum(n * n for n in counts))
    totals = _totals(paired)
    n = sum(totals)
    seen = sum((Fraction(pairs, m - 1) for m, pairs in apart.items()), Fraction(0))
    expected = n * n - sum(one * one for one in totals)
    return float(1 - (n - 1) * seen / expected) if expected else None


def prevalence(tally: Tally, category: int) -> float | None:
    """Return the share of the category in all codings of units coded at least twice; None if there are none.

    p_c = n_c / n. Where it is near 0 or 1, kappa is low although coders agree: A. R. Feinstein and D. V. Cicchetti (1990),
    High agreement but low kappa: I. The problems of two paradoxes, Journal of Clinical Epidemiology 43(6).
    """
    totals = _totals({counts: times for counts, times in tally.items() if sum(counts) > 1})
    return _ratio(totals[category], sum(totals)) if totals else None


def _totals(tally: Tally) -> list[int]:
    """Return the codings in each category."""
    return [sum(column) for column in zip(*(_times(counts, n) for counts, n in tally.items()), strict=True)]


def _times(counts: Iterable[int], times: int) -> list[int]:
    return [one * times for one in counts]
