"""The tables of the analysis: each asks the `Review` for values and hands them to `libreview.findings`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from libreview.deeds import reporting, screening
from libreview.deeds.reporting import counted
from libreview.findings import (
    contradictions,
    crosstabs,
    gaps,
    occurrences,
    saturations,
    screenings,
    summaries,
    syntheses,
    timelines,
)
from libreview.review import Review
from libreview.texts import likeness
from libreview.value import replace
from libreview.words.errors import NoChoice, Wrong
from libreview.words.i18n import N_

__all__ = [
    "CHOICES",
    "TABLES",
    "co_occurrence",
    "contradicting",
    "crosstab",
    "gaps_of",
    "saturation",
    "screened",
    "sources",
    "synthesis",
    "table",
    "table_name",
    "timeline",
]

Word = TypeVar("Word", bound=str)
Finding = TypeVar(
    "Finding",
    occurrences.CoOccurrence,
    crosstabs.Crosstab,
    timelines.Timeline,
    gaps.Gaps,
    saturations.Saturation,
    syntheses.Synthesis,
    contradictions.Contradictions,
)


def _of_all(review: Review, finding: Finding) -> Finding:
    """Return ``finding`` with the number of all sources of the review beside those that it counts."""
    return replace(finding, n=replace(finding.n, collected=review.totals().sources))


def co_occurrence(
    review: Review, query: str = "", *, everything: bool = False, unit: str = "excerpt", depth: int = 0
) -> occurrences.CoOccurrence:
    """Return how often each two themes occur in the same unit: excerpt, note or source."""
    chosen = _one_of(unit, occurrences.UNITS, N_('There is no unit "{name}"'), N_("Units: {names}"))
    n = counted(review, query, everything, depth)
    found = occurrences.co_occurrence(n.excerpts, n.codebook, n.in_review, review.settings.ignore_tags, unit=chosen)
    return _of_all(review, found)


def crosstab(
    review: Review, query: str = "", *, everything: bool = False, by: str = "", cells: str = "", depth: int = 0
) -> crosstabs.Crosstab:
    """Return the matrix of themes by sources or, with ``by``, by what the sources are; ``cells`` says what is in it."""
    chosen = _one_of(cells or "count", crosstabs.CELLS, N_('There are no cells "{name}"'), N_("Cells: {names}"))
    n = counted(review, query, everything, depth)
    field = _one_of(by or "source", crosstabs.fields_of(n.sources.values()), _NO_FIELD, N_("Fields: {names}"))
    found = crosstabs.crosstab(
        n.excerpts, n.codebook, n.sources, n.in_review, review.settings.ignore_tags, field, chosen
    )
    return _of_all(review, found)


def timeline(
    review: Review, query: str = "", *, everything: bool = False, period: int = 1, depth: int = 0
) -> timelines.Timeline:
    """Return how many sources and excerpts each theme has in each period of years."""
    n = counted(review, query, everything, depth)
    found = timelines.timeline(n.excerpts, n.codebook, n.sources, n.in_review, review.settings.ignore_tags, period)
    return _of_all(review, found)


def gaps_of(review: Review, query: str = "", *, everything: bool = False, fewer_than: int = 3) -> gaps.Gaps:
    """Return what is thin or missing in the review."""
    n = counted(review, query, everything)
    found = gaps.gaps(n.excerpts, review.codebook, n.sources, n.in_review, review.settings.ignore_tags, fewer_than)
    return _of_all(review, found)


def saturation(review: Review, query: str = "", *, everything: bool = False, depth: int = 0) -> saturations.Saturation:
    """Return how many themes each further source adds."""
    n = counted(review, query, everything, depth)
    found = saturations.saturation(n.excerpts, n.codebook, n.sources, n.in_review, review.settings.ignore_tags)
    return _of_all(review, found)


def synthesis(
    review: Review,
    query: str = "",
    *,
    everything: bool = False,
    fields: Sequence[str] = (),
    by: str = "",
    depth: int = 0,
) -> syntheses.CardMatrix | syntheses.Synthesis:
    """Return the synthesis matrix: sources by ``fields`` of their note cards or, ``by`` theme, themes by sources."""
    chosen = _one_of(by or "fields", _SYNTHESES, N_('The synthesis matrix is not by "{name}"'), N_("It is by: {names}"))
    if chosen == "theme":
        if fields:
            raise Wrong(N_("--fields are for the synthesis matrix by fields, not by theme"))
        n = counted(review, query, everything, depth)
        found = syntheses.synthesis(n.excerpts, n.codebook, n.sources, n.in_review, review.settings.ignore_tags)
        return _of_all(review, found)
    if fields:
        had = sorted({name for note in review.notes() for name in note.fields})
        hint = N_("Fields of the cards: {names}") if had else _NO_CARD_FIELDS
        fields = [_one_of(field, had, _NO_CARD_FIELD, hint) for field in fields]
    return syntheses.card_matrix(reporting.sources_table(review, query, everything=everything, fields=fields))


def sources(
    review: Review, query: str = "", *, everything: bool = False, fields: Sequence[str] = ()
) -> summaries.SourcesTable:
    """Return a row per source with ``fields`` of its note card or of the bibliography (none: type and language)."""
    if fields:
        had = {"annotation", *(name for note in review.notes() for name in note.fields)}
        names = dict.fromkeys((*sorted(had), *crosstabs.fields_of(review.sources())))
        fields = [_one_of(field, names, _NO_FIELD_AT_ALL, N_("Fields: {names}")) for field in fields]
    found = reporting.sources_table(review, query, everything=everything, fields=fields or ("type", "language"))
    return syntheses.with_entries(found)


def contradicting(review: Review, query: str = "", *, everything: bool = False) -> contradictions.Contradictions:
    """Return which excerpts contradict or support one another, as the comments on them say."""
    n = counted(review, query, everything)
    found = contradictions.contradictions(
        n.excerpts, review.codebook, n.in_review, review.settings.ignore_tags, n.sources, review.excerpts()
    )
    return _of_all(review, found)


def screened(review: Review, query: str = "", *, everything: bool = False) -> screenings.Screening:  # noqa: ARG001
    """Return how the sources that ``query`` selects were screened, whether they are in the review or not."""
    keys = frozenset(review.keys(query))
    return screenings.screening(keys, screening.counting(review), len(review.source_keys()))


_NO_FIELD = N_('There is no field "{name}" in the sources')
_NO_FIELD_AT_ALL = N_('There is no field "{name}" in the note cards or the sources')
_NO_CARD_FIELD = N_('There is no field "{name}" in the note cards')
_NO_CARD_FIELDS = N_(
    "No note card of these sources has a field. In a card, write method: interviews between the --- lines."
)
_SYNTHESES = ("fields", "theme")


def _one_of(name: str, names: Collection[Word], sentence: str, hint: str) -> Word:
    """Return the one of ``names`` that ``name`` is, capitals aside; `NoChoice` with those it may have meant."""
    wanted = name.strip().lower()
    found = next((one for one in names if one.lower() == wanted), None)
    if found is None:
        raise NoChoice(sentence, hint, near=likeness.near(wanted, names), name=name, names=", ".join(names))
    return found


# One by name ------------------------------------------------------------------------------------------------------------

TABLES: Mapping[str, Callable[..., object]] = {
    "frequency": reporting.frequency,
    "matrix": crosstab,
    "concept-matrix": reporting.concept_matrix,
    "sources": sources,
    "synthesis": synthesis,
    "co-occurrence": co_occurrence,
    "timeline": timeline,
    "saturation": saturation,
    "gaps": gaps_of,
    "contradictions": contradicting,
    "screening": screened,
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "frequency": ("depth",),
    "matrix": ("by", "cells", "depth"),
    "concept-matrix": ("depth",),
    "sources": ("fields",),
    "synthesis": ("fields", "by", "depth"),
    "co-occurrence": ("unit", "depth"),
    "timeline": ("period", "depth"),
    "saturation": ("depth",),
    "gaps": ("fewer_than",),
}
"""What each table lets choose, as its function names it."""


def table(review: Review, name: str, query: str, *, everything: bool, choices: Mapping[str, object]) -> object:
    """Return the finding of the table ``name``. `Wrong` for a choice, other than None, that the table does not have."""
    chosen = {choice: value for choice, value in choices.items() if value is not None}
    for choice in chosen:
        if choice not in CHOICES.get(name, ()):
            having = ", ".join(table for table, has in CHOICES.items() if choice in has)
            raise Wrong(
                N_("--{option} does not go with the table {name}"),
                N_("It goes with: {names}"),
                option=choice.replace("_", "-"),
                name=name,
                names=having,
            )
    return TABLES[name](review, query, everything=everything, **chosen)


def table_name(name: str) -> str:
    """Return the table that ``name`` or a unique beginning of it means; `NoChoice` if there is none."""
    wanted = name.lower().replace("_", "-")
    found = [one for one in TABLES if one == wanted] or [one for one in TABLES if one.startswith(wanted)]
    if len(found) != 1:
        raise NoChoice(
            N_('There is no table "{name}"'),
            N_("Tables: {tables}"),
            near=likeness.near(wanted, TABLES),
            name=name,
            tables=", ".join(TABLES),
        )
    return found[0]
