"""Themes over time: the time-ordered matrix of Miles and Huberman, by year or by periods of some years."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from libreview.findings.tallies import N, Tally, ThemeRow
from libreview.model import Codebook, Excerpt, Source
from libreview.value import Value

__all__ = ["Period", "Timeline", "timeline"]


class Period(Value, frozen=True):
    """The years ``first`` to ``last``, both in it; 0 and 0: undated. With the sources and excerpts it has, coded or not."""

    first: int
    last: int
    sources: int
    excerpts: int


class Timeline(Value, frozen=True):
    """``cells[theme][first year]`` are the sources and excerpts of a theme, its own; zeros left out.

    ``periods`` are those that a cited source falls in, the undated at the end.
    """

    years: int
    periods: tuple[Period, ...]
    rows: tuple[ThemeRow, ...]
    cells: Mapping[str, Mapping[int, tuple[int, int]]]
    n: N

    @property
    def interrupted(self) -> bool:
        """Whether there are years between the first and the last period in which no source falls."""
        begins = [one.first for one in self.periods if one.first]
        return any(later - first > self.years for first, later in pairwise(begins))


def timeline(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
    period: int = 1,
) -> Timeline:
    """Return how many sources and excerpts each theme has in each ``period`` of years; a period of 5 begins 2000, 2005, ..."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    begins = {key: _begin(sources.get(key), period) for key in set().union(*tally.keys)}
    of_period: dict[int, tuple[set[str], set[int]]] = {}
    found: dict[str, dict[int, tuple[set[str], set[int]]]] = {}
    for at, (themes, keys) in enumerate(zip(tally.themes, tally.keys, strict=True)):
        for key in keys:
            begin = begins[key]
            _count(of_period, begin, key, at)
            for theme in themes:
                _count(found.setdefault(theme, {}), begin, key, at)
    periods = tuple(
        Period(begin, begin + period - 1 if begin else 0, len(keys), len(places))
        for begin, (keys, places) in sorted(of_period.items(), key=lambda one: (not one[0], one[0]))
    )
    cells = {
        theme: {begin: (len(keys), len(places)) for begin, (keys, places) in row.items()}
        for theme, row in found.items()
    }
    return Timeline(period, periods, tally.rows(), cells, tally.n())


def _count(row: dict[int, tuple[set[str], set[int]]], begin: int, key: str, at: int) -> None:
    keys, places = row.setdefault(begin, (set(), set()))
    keys.add(key)
    places.add(at)


def _begin(source: Source | None, period: int) -> int:
    """Return the first year of the period that a source falls in; 0 if it has no year."""
    year = source.year if source is not None else ""
    return max(int(year) // period * period, 1) if len(year) == 4 and year.isascii() and year.isdecimal() else 0
