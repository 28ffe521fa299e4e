"""The tables of ``libreview table``: frequency, concept matrix, sources; and which report each finding makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from libreview.findings import citations
from libreview.findings.contradictions import Contradictions
from libreview.findings.crosstabs import Crosstab
from libreview.findings.gaps import Gaps
from libreview.findings.occurrences import CoOccurrence
from libreview.findings.saturations import Saturation
from libreview.findings.screenings import Screening
from libreview.findings.summaries import ConceptMatrix, Frequency, SourcesTable
from libreview.findings.syntheses import CardMatrix, Synthesis
from libreview.findings.tallies import ThemeRow, share
from libreview.findings.timelines import Timeline
from libreview.model import Theme
from libreview.pages.reports import crossing, screening, weighing
from libreview.pages.reports.crossing import noted
from libreview.pages.reports.drawing import bars, counted, indented, n_data, theme_data, theme_name
from libreview.pages.reports.kinds import valued
from libreview.pages.reports.wording import decimal
from libreview.texts import markdown
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Paragraph, Report, Run, Table, Text, text
from libreview.words.cells import Figure
from libreview.words.i18n import Say

__all__ = ["concept_matrix", "frequency", "sources_table", "tabulated"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_MARK = "×"


def frequency(finding: Frequency, language: str) -> Report:
    """Return the table of thematic frequency, and what each theme means, with an example."""
    say = i18n.language(language)
    n = finding.n

    def blocks() -> Iterator[Block]:
        columns = (
            Column(say("Theme")),
            Column(say("Excerpts"), "right"),
            Column(say("with sub-themes"), "right"),
            Column("%", "right"),
            Column(say("Sources"), "right"),
            Column(say("with sub-themes"), "right"),
            Column("%", "right"),
        )
        rows = tuple(
            (
                indented(row, say),
                row.excerpts,
                row.excerpts_with_children,
                decimal(share(row.excerpts_with_children, n.excerpts), say),
                row.sources,
                row.sources_with_children,
                decimal(share(row.sources_with_children, n.sources), say),
            )
            for row in finding.rows
        )
        note = noted(n, say("excerpt"), say, *_shares(finding, say))
        numbers = [row.excerpts_with_children for row in finding.rows]
        picture = bars(2, numbers, say("excerpts with sub-themes"), say)
        yield Table(columns, rows, text(say("Thematic frequency")), note, picture)
        meanings = _meanings(finding, say)
        if meanings:
            heads = (Column(say("Theme")), Column(say("Definition")), Column(say("Example")))
            yield Table(heads, meanings, text(say("Definitions and examples")))

    def full(row: ThemeRow) -> dict[str, object]:
        example = finding.examples.get(row.theme.id)
        return {
            **theme_data(row),
            "excerpts_percent": share(row.excerpts_with_children, n.excerpts),
            "sources_percent": share(row.sources_with_children, n.sources),
            "definition": row.theme.definition,
            "example": example.id if example else None,
        }

    def data() -> object:
        rows = [full(row) for row in finding.rows]
        return {"table": "frequency", "unit": "excerpt", "n": n_data(finding.n), "rows": rows}

    def rows() -> Rows:
        head = ["theme", "label", "parent", "excerpts", "excerpts_with_children", "sources", "sources_with_children",
                "excerpts_percent", "sources_percent", "definition", "example"]  # fmt: skip
        return head, [[_bare(one) for one in full(row).values()] for row in finding.rows]

    return Report(blocks, data, rows, say("Thematic frequency"), language)


def _bare(value: object) -> str | int:
    if isinstance(value, float):
        return Figure(value)
    return value if isinstance(value, int) else str(value or "")


def _shares(finding: Frequency, say: Say) -> Iterator[str]:
    """Yield what the percentages are of, and why they add to more than 100 if they do."""
    yield say("Percentages: with sub-themes, of all excerpts and of all sources counted")
    if sum(row.excerpts_with_children for row in finding.rows) > finding.n.excerpts:
        yield say("They add to more than 100, since an excerpt counts for each of its themes and for those above them")


def _meanings(finding: Frequency, say: Say) -> tuple[tuple[Cell, ...], ...]:
    """Return a row per theme that has a definition or an excerpt: both, the excerpt with its citation."""
    cite = citations.citing(finding.sources, say.code)
    found: list[tuple[Cell, ...]] = []
    for row in finding.rows:
        definition = markdown.runs(" ".join(row.theme.definition.split()))
        example = finding.examples.get(row.theme.id)
        words: tuple[Run, ...] = ()
        if example is not None:
            words = crossing.worded(example)
            cited = cite(example.citations)
            words = (*words, Run(f" {cited}")) if cited else words
        if definition or words:
            found.append((indented(row, say), definition, words))
    return tuple(found)


def concept_matrix(finding: ConceptMatrix, language: str) -> Report:
    """Return the concept matrix: sources down, themes across, a cross where a theme occurs."""
    say = i18n.language(language)
    ids = [row.theme.id for row in finding.themes]

    def blocks() -> Iterator[Block]:
        if not finding.rows:
            yield Paragraph(text(say("No excerpt counted here has a theme.")))
            return
        names = (Column(theme_name(row, say), "centre") for row in finding.themes)
        columns = (Column(say("Source")), *names, Column(say("Themes"), "right"))
        lines: list[tuple[Cell, ...]] = [
            (
                citations.author_year(row.source, say.code),
                *(_MARK if theme in row.themes else "" for theme in ids),
                len(row.themes),
            )
            for row in finding.rows
        ]
        lines.append((text(Run(say("Sources"), ("strong",))), *(row.sources for row in finding.themes), ""))
        said = []
        if any(len(row.themes) > 1 for row in finding.rows):
            said.append(say("The counts of the themes add to more than the sources, since a source counts once in each of its "
                            "themes"))  # fmt: skip
        yield Table(columns, tuple(lines), text(say("Concept matrix")), noted(finding.n, say("source"), say, *said))

    def data() -> object:
        rows = [{"key": row.source.key, "themes": [one for one in ids if one in row.themes]} for row in finding.rows]
        return {
            "table": "concept-matrix",
            "unit": "source",
            "n": n_data(finding.n),
            "themes": ids,
            "sources": {row.theme.id: row.sources for row in finding.themes},
            "rows": rows,
        }

    def rows() -> Rows:
        return ["key", *ids], ([row.source.key, *(int(one in row.themes) for one in ids)] for row in finding.rows)

    return Report(blocks, data, rows, say("Concept matrix"), language)


def _field(name: str, value: str, say: Say) -> Text:
    words = " ".join(value.split())
    named = valued(name, words, say)
    return markdown.runs(words) if named == words else text(named)


def sources_table(finding: SourcesTable, language: str) -> Report:
    """Return the table of the sources: a row each, with the fields that were asked for as columns."""
    say = i18n.language(language)

    def named(theme: str) -> str:
        return theme_name(finding.themes.get(theme) or ThemeRow(Theme(theme), known=False), say)

    def blocks() -> Iterator[Block]:
        columns = [Column(say("No."), "right"), Column(say("Author and year")), Column(say("Title"))]
        columns += [Column(crossing.field_head(field, say)) for field in finding.fields]
        columns += [Column(say("Themes")), Column(say("Excerpts"), "right")]
        lines: list[tuple[Cell, ...]] = []
        for at, row in enumerate(finding.rows, 1):
            line: list[Cell] = [at, citations.author_year(row.source, say.code), row.source.title]
            line += [_field(field, row.fields.get(field, ""), say) for field in finding.fields]
            lines.append((*line, "; ".join(map(named, row.themes)), row.excerpts))
        yield Table(
            tuple(columns), tuple(lines), text(say("Sources in the review")), counted(finding.n, say("source"), say)
        )

    def data() -> object:
        rows = [
            {
                "key": row.source.key,
                "title": row.source.title,
                "year": row.source.year,
                "fields": {name: row.fields[name] for name in finding.fields if name in row.fields},
                "annotation": row.annotation,
                "themes": list(row.themes),
                "excerpts": row.excerpts,
            }
            for row in finding.rows
        ]
        return {
            "table": "sources",
            "unit": "source",
            "n": n_data(finding.n),
            "fields": list(finding.fields),
            "rows": rows,
        }

    def rows() -> Rows:
        return ["key", "author", "title", *finding.fields, "annotation", "themes", "excerpts"], (
            [
                row.source.key,
                citations.author_year(row.source, say.code),
                row.source.title,
                *(row.fields.get(name, "") for name in finding.fields),
                row.annotation,
                " ".join(row.themes),
                row.excerpts,
            ]
            for row in finding.rows
        )

    return Report(blocks, data, rows, say("Sources in the review"), language)


_REPORTS: Mapping[type, Callable[[Any, str], Report]] = {
    Frequency: frequency,
    ConceptMatrix: concept_matrix,
    SourcesTable: sources_table,
    Crosstab: crossing.crosstab,
    CoOccurrence: crossing.co_occurrence,
    Timeline: crossing.timeline,
    Synthesis: crossing.synthesis,
    CardMatrix: crossing.card_matrix,
    Gaps: weighing.gaps,
    Saturation: weighing.saturation,
    Contradictions: weighing.contradictions,
    Screening: screening.table,
}


def tabulated(finding: object, language: str) -> Report:
    """Return the report of a table, whichever it is."""
    return _REPORTS[type(finding)](finding, language)
