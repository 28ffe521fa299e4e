"""What the coding adds up to: thematic frequency, the concept matrix, the table of sources, and the coded summary.

Every count is given in excerpts and in sources, a theme's own and with its sub-themes, and no excerpt counts twice.
Tags are resolved through the codebook's aliases; tags that are not in it come last and are not lost. Sources are those
that are in the review. The concept matrix is that of Webster and Watson (2002), MIS Quarterly 26(2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.findings.examples import examples
from libreview.findings.tallies import N, Tally, ThemeRow, cited_keys, names, within
from libreview.model import Codebook, Excerpt, Note, Source, Theme
from libreview.value import Value, replace

__all__ = [
    "CodedExcerpt",
    "ConceptMatrix",
    "ConceptRow",
    "Frequency",
    "N",
    "SourceRow",
    "SourcesTable",
    "Summary",
    "ThemeRow",
    "ThemeSection",
    "concept_matrix",
    "frequency",
    "names",
    "sources_table",
    "theme_summary",
    "within",
]


class Frequency(Value, frozen=True):
    """Excerpts and sources per theme, in the order of the codebook's tree.

    ``examples`` has an excerpt of each theme that has any, the first of `libreview.findings.examples`.
    """

    rows: tuple[ThemeRow, ...]
    n: N
    examples: Mapping[str, Excerpt] = {}
    sources: Mapping[str, Source] = {}


class ConceptRow(Value, frozen=True):
    """A source and the themes that occur in it, own and with those above them."""

    source: Source
    themes: frozenset[str]
    with_parents: frozenset[str]


class ConceptMatrix(Value, frozen=True):
    """Which themes occur in which source; ``themes`` are the columns, in the order of the tree."""

    themes: tuple[ThemeRow, ...]
    rows: tuple[ConceptRow, ...]
    n: N


class SourceRow(Value, frozen=True):
    """A source, what its note cards say of it (``fields`` of the front matter, annotation) and what was taken.

    Its themes are in the order of the codebook.
    """

    source: Source
    fields: Mapping[str, str]
    annotation: str
    themes: tuple[str, ...]
    excerpts: int


class SourcesTable(Value, frozen=True):
    """A row per source in the review, a column per field; ``themes`` are those that the rows name."""

    fields: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    n: N
    themes: Mapping[str, ThemeRow] = {}


class CodedExcerpt(Value, frozen=True):
    """An excerpt with its themes as the codebook names them."""

    excerpt: Excerpt
    themes: tuple[str, ...]


class ThemeSection(Value, frozen=True):
    """A theme, its counts, and its own excerpts by source, the oldest source first."""

    row: ThemeRow
    excerpts: tuple[CodedExcerpt, ...]


class Summary(Value, frozen=True):
    """The coded summary. ``wanted`` are the themes asked for (none: all); ``gaps`` those in it without any excerpt."""

    sections: tuple[ThemeSection, ...]
    gaps: tuple[Theme, ...]
    wanted: tuple[str, ...]
    sources: Mapping[str, Source]
    n: N


def _by_year(source: Source) -> tuple[str, str]:
    return (source.year or "9999", source.key)


def frequency(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    in_review: Collection[str],
    ignore: Collection[str] = (),
    sources: Mapping[str, Source] = {},
) -> Frequency:
    """Return how often each theme occurs, and an example of each; ``sources`` are those that examples may cite."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    shown = {theme: some[0] for theme, some in examples(tally).items()}
    return Frequency(tally.rows(), tally.n(), shown, sources)


def concept_matrix(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
) -> ConceptMatrix:
    """Return which themes occur in which source, the oldest source first; only themes and sources that have any."""
    tally = Tally(excerpts, codebook, [key for key in in_review if key in sources], ignore)
    found: dict[str, set[str]] = {}
    for themes, keys in zip(tally.themes, tally.keys, strict=True):
        for key in keys:
            if themes:
                found.setdefault(key, set()).update(themes)
    rows = [
        ConceptRow(source, frozenset(found[source.key]), frozenset(tally.closed(found[source.key])))
        for source in sorted((sources[key] for key in found), key=_by_year)
    ]
    used = {theme for row in rows for theme in row.themes}
    return ConceptMatrix(tuple(row for row in tally.rows() if row.theme.id in used), tuple(rows), tally.n())


def sources_table(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    notes: Iterable[Note] = (),
    fields: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> SourcesTable:
    """Return a row per source in the review, the oldest first.

    ``fields`` are the columns from the front matter of note cards; none: every one that a card of these sources has.
    The annotation is one of them where it is asked for.
    """
    tally = Tally(excerpts, codebook, [key for key in in_review if key in sources], ignore)
    cards: dict[str, list[Note]] = {}
    for note in notes:
        if note.source in tally.in_review:
            cards.setdefault(note.source, []).append(note)
    counts: dict[str, int] = {}
    themes: dict[str, dict[str, None]] = {}
    for given, keys in zip(tally.themes, tally.keys, strict=True):
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
            themes.setdefault(key, {}).update(dict.fromkeys(given))
    used = {row.theme.id: row for row in tally.rows() if row.excerpts}
    order = {theme: at for at, theme in enumerate(used)}
    rows = []
    columns = dict.fromkeys(fields)
    for source in sorted((sources[key] for key in tally.in_review), key=_by_year):
        said: dict[str, str] = {}
        for card in cards.get(source.key, ()):
            for name, value in card.fields.items():
                if name not in _NOT_COLUMNS and value:
                    said.setdefault(name, value)
        if not fields:
            columns.update(dict.fromkeys(said))
        annotation = next((card.annotation for card in cards.get(source.key, ()) if card.annotation), "")
        if annotation and "annotation" in fields:
            said["annotation"] = annotation
        given = tuple(sorted(themes.get(source.key, ()), key=order.__getitem__))
        rows.append(SourceRow(source, said, annotation, given, counts.get(source.key, 0)))
    return SourcesTable(tuple(columns), tuple(rows), replace(tally.n(), sources=len(rows)), used)


_NOT_COLUMNS = frozenset(("source", "coder", "tags", "aliases", "cssclasses", "cssclass", "publish"))


def theme_summary(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    wanted: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> Summary:
    """Return the excerpts of ``wanted`` (ids, aliases or tags; none: all themes) and their sub-themes, theme by theme.

    An excerpt with two themes stands under both; in every count it is one.
    """
    tally = Tally(excerpts, codebook, in_review, ignore)
    asked = tuple(dict.fromkeys(tally.names.get(one, one) for one in wanted))
    shown = {theme for one in asked for theme in codebook.family(one)}
    own: dict[str, list[CodedExcerpt]] = {}
    for at in _in_order(excerpts, sources):
        themes = tally.themes[at]
        if asked:
            themes = tuple(theme for theme in themes if theme in shown)
        if themes:
            coded = CodedExcerpt(excerpts[at], tally.themes[at])
            for theme in themes:
                own.setdefault(theme, []).append(coded)
    sections = []
    gaps = []
    for row in tally.rows():
        if asked and row.theme.id not in shown:
            continue
        if row.excerpts_with_children:
            sections.append(ThemeSection(row, tuple(own.get(row.theme.id, ()))))
        else:
            gaps.append(row.theme)
    return Summary(tuple(sections), tuple(gaps), asked, sources, tally.n())


def _in_order(excerpts: Sequence[Excerpt], sources: Mapping[str, Source]) -> list[int]:
    """Return the places of the excerpts in ``excerpts``, sorted.

    What counts is the year of the first source that is cited and its key, then the place in the notes.
    """
    years: dict[tuple[str, ...], tuple[str, str]] = {}
    found = []
    for at, excerpt in enumerate(excerpts):
        keys = cited_keys(excerpt)
        year = years.get(keys)
        if year is None:
            known = next((key for key in keys if key in sources), None)
            year = years[keys] = ("9999", "") if known is None else _by_year(sources[known])
        place = excerpt.location
        found.append((year, place.path, place.start, at))
    found.sort()
    return [at for *_, at in found]
