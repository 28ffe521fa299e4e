"""The synthesis matrix (matriks penelitian terdahulu): sources by fields of their note cards, or by what they say on a theme."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from libreview.findings.crosstabs import values_of
from libreview.findings.summaries import SourceRow, SourcesTable
from libreview.findings.tallies import N, Tally, ThemeRow
from libreview.model import Codebook, Excerpt, Source
from libreview.value import Value, replace

__all__ = ["CardMatrix", "Synthesis", "card_matrix", "synthesis", "with_entries"]


class Synthesis(Value, frozen=True):
    """``cells[theme][key]`` are the excerpts of a theme, its own, that cite a source, in the order of the notes.

    ``rows`` are the themes and ``sources`` the sources that have any, the oldest source first.
    """

    rows: tuple[ThemeRow, ...]
    sources: tuple[Source, ...]
    cells: Mapping[str, Mapping[str, tuple[Excerpt, ...]]]
    n: N


def synthesis(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
) -> Synthesis:
    """Return what each source says on each theme. An excerpt stands under each of its themes and sources."""
    tally = Tally(excerpts, codebook, [key for key in in_review if key in sources], ignore)
    places = sorted(range(len(excerpts)), key=lambda at: (excerpts[at].location.path, excerpts[at].location.start))
    found: dict[str, dict[str, list[Excerpt]]] = {}
    for at in places:
        for theme in tally.themes[at]:
            for key in tally.keys[at]:
                found.setdefault(theme, {}).setdefault(key, []).append(excerpts[at])
    used = {key for row in found.values() for key in row}
    return Synthesis(
        tuple(row for row in tally.rows() if row.theme.id in found),
        tuple(sorted((sources[key] for key in used), key=lambda source: (source.year or "9999", source.key))),
        {theme: {key: tuple(several) for key, several in row.items()} for theme, row in found.items()},
        tally.n(),
    )


class CardMatrix(Value, frozen=True):
    """A row per source in the review, the oldest first; ``fields`` of the front matter of note cards are the columns."""

    fields: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    n: N


def card_matrix(table: SourcesTable) -> CardMatrix:
    """Return the fields of the note cards out of the table of the sources."""
    return CardMatrix(table.fields, table.rows, table.n)


def with_entries(table: SourcesTable) -> SourcesTable:
    """Return the table of the sources with what the bibliography says where a note card does not have the field."""
    rows = []
    for row in table.rows:
        said = dict(row.fields)
        for name in table.fields:
            if not said.get(name) and (values := [value for value in values_of(row.source, name) if value]):
                said[name] = "; ".join(values)
        rows.append(replace(row, fields=said))
    return replace(table, rows=tuple(rows))
