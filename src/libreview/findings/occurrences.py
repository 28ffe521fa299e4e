"""Which themes occur together: co-occurrence of two themes in an excerpt, a note or a source.

The strength is the coefficient of Jaccard, n12 / (n1 + n2 - n12), where n1 and n2 count the units with one theme and
n12 those with both. A theme's own excerpts count, not those of its sub-themes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from libreview.findings.tallies import N, Tally, ThemeRow, ratio
from libreview.model import Codebook, Excerpt
from libreview.value import Value

__all__ = ["UNITS", "CoOccurrence", "Pair", "Unit", "co_occurrence"]

Unit = Literal["excerpt", "note", "source"]
UNITS: tuple[Unit, ...] = ("excerpt", "note", "source")


class Pair(Value, frozen=True):
    """Two themes, the first of them earlier in the tree, and the number of units that have both."""

    one: str
    other: str
    n: int
    jaccard: float


class CoOccurrence(Value, frozen=True):
    """``counts[a][b]`` units have both themes, ``counts[a][a]`` have ``a``; symmetric, zeros left out.

    ``rows`` are the themes that occur, in the order of the tree; ``units`` counts the units with any theme.
    """

    unit: Unit
    rows: tuple[ThemeRow, ...]
    counts: Mapping[str, Mapping[str, int]]
    units: int
    n: N

    def n_of(self, theme: str) -> int:
        return self.counts[theme][theme]

    def jaccard(self, one: str, other: str) -> float:
        """Return the coefficient of two themes that occur, to four decimals."""
        both = self.counts[one].get(other, 0)
        return ratio(both, self.n_of(one) + self.n_of(other) - both, 4)

    def pairs(self) -> tuple[Pair, ...]:
        """Return the pairs that occur together, those that belong together most first."""
        ids = [row.theme.id for row in self.rows]
        place = {theme: at for at, theme in enumerate(ids)}
        found = [
            Pair(one, other, n, self.jaccard(one, other))
            for one in ids
            for other, n in self.counts[one].items()
            if place[one] < place[other]
        ]
        return tuple(sorted(found, key=lambda pair: (-pair.jaccard, -pair.n, place[pair.one], place[pair.other])))


def co_occurrence(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    in_review: Collection[str],
    ignore: Collection[str] = (),
    unit: Unit = "excerpt",
) -> CoOccurrence:
    """Return how often each two themes occur in the same ``unit``. A source is counted if it is in the review."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    sets = _units(tally, unit)
    counts: dict[str, dict[str, int]] = {}
    for themes, times in sets.items():
        for one in themes:
            row = counts.setdefault(one, {})
            for other in themes:
                row[other] = row.get(other, 0) + times
    rows = tuple(row for row in tally.rows() if row.theme.id in counts)
    return CoOccurrence(unit, rows, counts, sum(sets.values()), tally.n())


def _units(tally: Tally, unit: Unit) -> dict[frozenset[str], int]:
    """Return the sets of themes that units have, and how many units have each."""
    found: dict[frozenset[str], int] = {}
    if unit == "excerpt":
        for themes in tally.themes:
            if themes:
                together = frozenset(themes)
                found[together] = found.get(together, 0) + 1
        return found
    units: dict[str, set[str]] = {}
    for excerpt, themes, keys in zip(tally.excerpts, tally.themes, tally.keys, strict=True):
        if themes:
            for name in (excerpt.location.path,) if unit == "note" else keys:
                units.setdefault(name, set()).update(themes)
    for whole in units.values():
        together = frozenset(whole)
        found[together] = found.get(together, 0) + 1
    return found
