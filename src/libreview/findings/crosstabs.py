"""Themes by what the sources are: year, type, language, decade, keywords, or any field of the bibliography.

An excerpt counts once in each column that a source it cites belongs to; a theme's own excerpts count. Shares are of
excerpts, so that those of excerpts with several themes, or in several columns, add to more than 100.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from libreview.findings.citations import language_code
from libreview.findings.tallies import N, Tally, ThemeRow, share
from libreview.model import Codebook, Excerpt, Source
from libreview.value import Value

__all__ = ["CELLS", "COMPUTED", "Cells", "Crosstab", "crosstab", "fields_of", "values_of"]

Cells = Literal["count", "presence", "row%", "column%", "total%"]
CELLS: tuple[Cells, ...] = ("count", "presence", "row%", "column%", "total%")
COMPUTED = ("source", "year", "decade", "type", "language", "keywords")
"""What sources can be sorted by besides the fields of their entries."""

_SEPARATOR = re.compile(r"[,;]")


class Crosstab(Value, frozen=True):
    """``counts[theme][value]`` excerpts, zeros left out; ``columns`` gives the excerpts of each value, coded or not.

    The value "" is that of sources which say nothing, and of excerpts that cite no known source; by source there is none.
    """

    by: str
    cells: Cells
    rows: tuple[ThemeRow, ...]
    columns: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    n: N

    def cell(self, row: ThemeRow, value: str) -> int | float:
        """Return what stands in a cell: a count, 1 or 0 for presence, or a percentage to one decimal."""
        count = self.counts.get(row.theme.id, {}).get(value, 0)
        if self.cells == "count":
            return count
        if self.cells == "presence":
            return int(count > 0)
        whole = {"row%": row.excerpts, "column%": self.columns[value], "total%": self.n.excerpts}[self.cells]
        return share(count, whole)

    def overfull(self) -> bool:
        """Return whether the percentages of a row, of a column or of the whole table add to more than 100."""
        rows = [sum(row.values()) for row in self.counts.values()]
        if self.cells == "row%":
            own = {row.theme.id: row.excerpts for row in self.rows}
            return any(sum(row.values()) > own[theme] for theme, row in self.counts.items())
        if self.cells == "column%":
            columns = {value: sum(row.get(value, 0) for row in self.counts.values()) for value in self.columns}
            return any(columns[value] > n for value, n in self.columns.items())
        return self.cells == "total%" and sum(rows) > self.n.excerpts


def crosstab(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
    by: str = "year",
    cells: Cells = "count",
) -> Crosstab:
    """Return how often each theme occurs in the excerpts of the sources with each value of ``by``."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    keys_only = by == "source"
    nothing = () if keys_only else ("",)
    of_source = {
        key: (key,) if keys_only else values_of(sources[key], by) if key in sources else nothing
        for key in set().union(*tally.keys)
    }
    of_keys: dict[tuple[str, ...], tuple[str, ...]] = {}
    columns: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {}
    for themes, keys in zip(tally.themes, tally.keys, strict=True):
        values = of_keys.get(keys)
        if values is None:
            found = dict.fromkeys(value for key in keys for value in of_source[key])
            values = of_keys[keys] = tuple(found) or nothing
        for value in values:
            columns[value] = columns.get(value, 0) + 1
        for theme in themes:
            row = counts.setdefault(theme, {})
            for value in values:
                row[value] = row.get(value, 0) + 1
    ordered = {value: columns[value] for value in sorted(columns, key=lambda value: (not value, value))}
    return Crosstab(by, cells, tally.rows(), ordered, counts, tally.n())


def values_of(source: Source, by: str) -> tuple[str, ...]:
    """Return the values of a source, each once; ("",) if it says nothing."""
    if by == "source":
        return (source.key,)
    if by == "type":
        return (source.type,)
    if by == "year":
        return (source.year,)
    if by == "decade":
        year = source.year
        return (f"{year[:3]}0s" if len(year) == 4 and year.isascii() and year.isdecimal() else "",)
    if by == "language":
        return (language_code(source).split("-")[0].lower() or source.get("langid", "language"),)
    if by == "keywords":
        words = [" ".join(word.split()) for word in _SEPARATOR.split(source.get("keywords"))]
        return tuple(dict.fromkeys(word for word in words if word)) or ("",)
    return (" ".join(source.get(by).split()),)


def fields_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return what ``sources`` can be sorted by: what is computed of every source, and the fields that they have."""
    return (*COMPUTED, *sorted({name for source in sources for name in source.plain} - set(COMPUTED)))
