"""The tables that cross themes with something: what sources are, one another, time, and what sources say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from libreview.findings import citations
from libreview.findings.crosstabs import Crosstab
from libreview.findings.occurrences import CoOccurrence
from libreview.findings.summaries import N, ThemeRow
from libreview.findings.syntheses import CardMatrix, Synthesis
from libreview.findings.timelines import Period, Timeline
from libreview.model import Excerpt
from libreview.pages.reports.drawing import counted, indented, n_data, shades, theme_name
from libreview.pages.reports.kinds import valued
from libreview.pages.reports.wording import decimal, number
from libreview.texts import markdown
from libreview.value import Value
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Paragraph, Picture, Report, Run, Table, Text, text
from libreview.words.cells import Figure
from libreview.words.i18n import N_, Say

__all__ = ["card_matrix", "co_occurrence", "crosstab", "field_head", "noted", "synthesis", "timeline", "worded"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_MARK = "×"


def noted(n: N, unit: str, say: Say, *more: str) -> Text:
    """Return what a table says below itself: N, the unit counted, and ``more`` sentences."""
    return (*counted(n, unit, say), *(Run(f". {sentence.rstrip('.')}") for sentence in more))


# Themes by what the sources are ----------------------------------------------------------------------------------------


class _Edge(Value, frozen=True):
    """What stands at the end of the rows and of the columns of a table that crosses two things."""

    row_head: str
    rows: tuple[Cell, ...]
    column_head: str
    columns: tuple[Cell, ...]


def _crossed(
    themes: Sequence[ThemeRow],
    columns: Sequence[str],
    head: str,
    cell: Callable[[int, int], Cell],
    edge: _Edge,
    say: Say,
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Return the columns and rows of themes by ``columns``; the longer of the two runs down the page.

    Themes that run across are only those that occur.
    """
    foot = text(Run(edge.column_head, ("strong",)))
    if len(columns) > len(themes):
        last = text(Run(edge.row_head, ("strong",)))
        used = [at for at, row in enumerate(themes) if row.excerpts]
        names = (*(Column(theme_name(themes[at], say), "right") for at in used), Column(edge.column_head, "right"))
        lines: list[tuple[Cell, ...]] = [
            (name, *(cell(at, place) for at in used), edge.columns[place]) for place, name in enumerate(columns)
        ]
        lines.append((last, *(edge.rows[at] for at in used), ""))
        return (Column(head), *names), tuple(lines)
    names = (*(Column(name, "right") for name in columns), Column(edge.row_head, "right"))
    lines = [
        (indented(row, say), *(cell(at, place) for place in range(len(columns))), edge.rows[at])
        for at, row in enumerate(themes)
    ]
    lines.append((foot, *edge.columns, ""))
    return (Column(say("Theme")), *names), tuple(lines)


_CELLS = {
    "count": N_("Cells: excerpts"),
    "presence": N_("A cross: the theme occurs"),
    "row%": N_("Cells: percentages of the excerpts of the theme"),
    "column%": N_("Cells: percentages of the excerpts of the column"),
    "total%": N_("Cells: percentages of all excerpts counted"),
}
_MORE = {
    "row%": N_("They add to more than 100, since an excerpt may count in several columns"),
    "column%": N_("They add to more than 100, since an excerpt may have several themes"),
    "total%": N_("They add to more than 100, since an excerpt may have several themes or count in several columns"),
}


# The fields of a source that are computed, and those of the synthesis matrix as it is taught (matriks penelitian terdahulu).
_FIELDS = {
    "aim": N_("aim"),
    "method": N_("method"),
    "result": N_("result"),
    "similarity": N_("similarity"),
    "difference": N_("difference"),
    "annotation": N_("annotation"),
    "source": N_("source"),
    "year": N_("year"),
    "decade": N_("decade"),
    "type": N_("type"),
    "language": N_("language"),
    "keywords": N_("keywords"),
}


def field_name(name: str, say: Say) -> str:
    """Return what people call a field of sources or note cards."""
    return say(_FIELDS[name]) if name in _FIELDS else name


def field_head(name: str, say: Say) -> str:
    """Return the head of a column for a field of sources or note cards."""
    words = field_name(name, say)
    return words[:1].upper() + words[1:]


def crosstab(finding: Crosstab, language: str) -> Report:
    """Return the table of themes by a field of the sources."""
    say = i18n.language(language)
    values = list(finding.columns)
    field = field_name(finding.by, say)
    title = say("Themes by {field}", field=field)

    def named(value: str) -> str:
        if not value:
            return say("(none)")
        return say("{decade}s", decade=value[:-1]) if finding.by == "decade" else valued(finding.by, value, say)

    def drawn(value: float) -> Cell:
        if not value:
            return ""
        if finding.cells == "presence":
            return _MARK
        return value if isinstance(value, int) else decimal(value, say)

    def most() -> float:
        return max((finding.cell(row, value) for row in finding.rows for value in values), default=0)

    def blocks() -> Iterator[Block]:
        if not values:
            yield Paragraph(text(say("There is no excerpt to count here.")))
            return
        excerpts = say("Excerpts")
        edge = _Edge(excerpts, tuple(row.excerpts for row in finding.rows), excerpts, tuple(finding.columns.values()))
        columns, lines = _crossed(
            finding.rows,
            [named(value) for value in values],
            field_head(finding.by, say),
            lambda at, place: drawn(finding.cell(finding.rows[at], values[place])),
            edge,
            say,
        )
        said = [say(_CELLS[finding.cells])]
        if finding.overfull():
            said.append(say(_MORE[finding.cells]))
        if finding.cells == "count":
            said.extend(_sums(finding, say))
        drawn_of = None if finding.cells == "presence" else shades(len(lines) - 1, len(columns) - 2, most(), say)
        yield Table(columns, lines, text(title), noted(finding.n, say("excerpt"), say, *said), drawn_of)

    def rows() -> Rows:
        return ["theme", *values, "excerpts"], (
            [row.theme.id, *(_bare(finding.cell(row, value)) for value in values), row.excerpts] for row in finding.rows
        )

    return Report(blocks, lambda: _crosstab_data(finding), rows, title, language)


def _sums(finding: Crosstab, say: Say) -> Iterator[str]:
    """Yield why the counts do not add to the excerpts at the ends of rows and columns, where they do not."""
    below = dict.fromkeys(finding.columns, 0)
    for row in finding.counts.values():
        for value, count in row.items():
            below[value] += count
    if any(count > finding.columns[value] for value, count in below.items()):
        yield say(
            "The counts of all themes add to more than the excerpts, since an excerpt counts once in each of its themes"
        )
    if any(sum(finding.counts.get(row.theme.id, {}).values()) > row.excerpts for row in finding.rows):
        yield say(_SEVERAL if finding.by == "source" else _SEVERAL_VALUES)
    if any(count < finding.columns[value] for value, count in below.items()):
        yield say(_TOTALS)


_SEVERAL = N_(
    "The counts of a theme add to more than its excerpts, since an excerpt counts once for each source that it cites"
)
_SEVERAL_VALUES = N_(
    "The counts of a theme add to more than its excerpts, since an excerpt counts once for each value that its sources have"
)
_TOTALS = N_("Excerpts without a theme count in the totals")


def _crosstab_data(finding: Crosstab) -> dict[str, object]:
    rows = [
        {
            "theme": row.theme.id,
            "excerpts": row.excerpts,
            "cells": {value: cell for value in finding.columns if (cell := finding.cell(row, value))},
        }
        for row in finding.rows
    ]
    return {
        "table": "matrix",
        "unit": "excerpt",
        "by": finding.by,
        "cells": finding.cells,
        "n": n_data(finding.n),
        "columns": [{"value": value, "excerpts": n} for value, n in finding.columns.items()],
        "rows": rows,
    }


def _bare(value: float) -> str | int:
    return value if isinstance(value, int) else Figure(value)


# Themes by themes ------------------------------------------------------------------------------------------------------

_UNITS = {"excerpt": N_("excerpt"), "note": N_("note"), "source": N_("source")}


def co_occurrence(finding: CoOccurrence, language: str) -> Report:
    """Return the table of themes by themes, numbered as correlations are, and the pairs with their coefficients."""
    say = i18n.language(language)
    names = {row.theme.id: theme_name(row, say) for row in finding.rows}
    ids = list(names)
    title = say("Co-occurrence of themes")

    def blocks() -> Iterator[Block]:
        if not ids:
            yield Paragraph(text(say("No excerpt counted here has a theme.")))
            return
        columns = (Column(say("Theme")), *(Column(str(at), "right") for at in range(1, len(ids) + 1)))
        lines = tuple(
            (f"{at}. {names[one]}", *(finding.counts[one].get(other, "") for other in ids))
            for at, one in enumerate(ids, 1)
        )
        units = say("n = {count} with a theme", count=number(finding.units, say))
        unit = say(_UNITS[finding.unit])
        numbered = say("Columns are numbered as the rows; on the diagonal stands the n of the theme")
        yield Table(columns, lines, text(title), noted(finding.n, unit, say, units, numbered))
        pairs = finding.pairs()
        if pairs:
            heads = (Column(say("Theme")), Column(say("Theme")), Column("n", "right"), Column("Jaccard", "right"))
            drawn = tuple(
                (names[one.one], names[one.other], one.n, decimal(f"{one.jaccard:.4f}", say)) for one in pairs
            )
            formula = say("Jaccard: n12 / (n1 + n2 - n12)")
            yield Table(heads, drawn, text(say("Pairs of themes")), noted(finding.n, unit, say, units, formula))

    def data() -> object:
        rows = [
            {
                "theme": one,
                "n": finding.n_of(one),
                "with": {
                    other: {"n": finding.counts[one][other], "jaccard": finding.jaccard(one, other)}
                    for other in ids
                    if other in finding.counts[one]
                },
            }
            for one in ids
        ]
        return {
            "table": "co-occurrence",
            "unit": finding.unit,
            "n": {**n_data(finding.n), "units": finding.units},
            "rows": rows,
        }

    def rows() -> Rows:
        return ["theme", "other", "n", "jaccard"], (
            [one, other, finding.counts[one][other], Figure(f"{finding.jaccard(one, other):.4f}")]
            for one in ids
            for other in ids
            if other in finding.counts[one]
        )

    return Report(blocks, data, rows, title, language)


# Themes over time ------------------------------------------------------------------------------------------------------


def timeline(finding: Timeline, language: str) -> Report:
    """Return the table of themes by years or periods: sources, and in brackets excerpts."""
    say = i18n.language(language)
    title = say("Themes over time")

    def named(period: Period) -> str:
        if not period.first:
            return say("undated")
        return str(period.first) if period.first == period.last else f"{period.first}–{period.last}"

    def blocks() -> Iterator[Block]:
        if not finding.periods:
            yield Paragraph(text(say("No excerpt counted here cites a source.")))
            return

        themes = [row for row in finding.rows if row.theme.id in finding.cells]

        def cell(at: int, place: int) -> Cell:
            found = finding.cells[themes[at].theme.id].get(finding.periods[place].first)
            return f"{found[0]} ({found[1]})" if found else ""

        edge = _Edge(
            say("All"),
            tuple(f"{row.sources} ({row.excerpts})" for row in themes),
            say("All"),
            tuple(f"{one.sources} ({one.excerpts})" for one in finding.periods),
        )
        columns, lines = _crossed(themes, [named(one) for one in finding.periods], say("Year"), cell, edge, say)
        said = [say("Cells: sources and, in brackets, excerpts of the theme itself"), *_course_sums(finding, say)]
        if finding.interrupted:
            years = say("Years in which nothing falls are left out")
            said.append(years if finding.years == 1 else say("Periods in which nothing falls are left out"))
        dated = [named(one) for one in finding.periods if one.first]
        most = max((cells[0] for row in finding.cells.values() for first, cells in row.items() if first), default=0)
        picture = _course(len(themes), dated, most, down=columns[0].head == say("Year"), say=say)
        yield Table(columns, lines, text(title), noted(finding.n, say("source"), say, *said), picture)

    def rows() -> Rows:
        return ["theme", "from", "to", "sources", "excerpts"], (
            [row.theme.id, _begin(one), str(one.last or ""), *found]
            for row in finding.rows
            for one in finding.periods
            if (found := finding.cells.get(row.theme.id, {}).get(one.first))
        )

    return Report(blocks, lambda: _timeline_data(finding), rows, title, language)


def _course_sums(finding: Timeline, say: Say) -> Iterator[str]:
    """Yield why the counts do not add to those at the ends of rows and columns, where they do not."""
    below = {one.first: [0, 0] for one in finding.periods}
    for row in finding.cells.values():
        for first, (sources, excerpts) in row.items():
            below[first][0] += sources
            below[first][1] += excerpts
    if any(below[one.first][0] > one.sources or below[one.first][1] > one.excerpts for one in finding.periods):
        yield say("The counts of all themes add to more than the totals, since sources and excerpts count once in each of "
                  "their themes")  # fmt: skip
    cells = finding.cells
    if any(sum(one for _, one in cells.get(row.theme.id, {}).values()) > row.excerpts for row in finding.rows):
        yield say(_SEVERAL_YEARS if finding.years == 1 else _SEVERAL_PERIODS)
    if any(below[one.first][0] < one.sources or below[one.first][1] < one.excerpts for one in finding.periods):
        yield say(_TOTALS)


_SEVERAL_YEARS = N_(
    "The excerpts of a theme add to more than its total, since an excerpt that cites sources of several years counts once "
    "for each"
)


_SEVERAL_PERIODS = N_(
    "The excerpts of a theme add to more than its total, since an excerpt that cites sources of several periods counts "
    "once for each"
)


def _course(themes: int, periods: Sequence[str], full: int, *, down: bool, say: Say) -> Picture | None:
    """Return how the sources of each theme can be drawn as a line over ``periods``; None where they are too few for one."""
    if len(periods) < 2 or not full:
        return None
    sentence = say(
        "Line: sources from {first} to {last}, a sign for each period of the table; full = {full}, blank = none",
        first=periods[0],
        last=periods[-1],
        full=number(full, say),
    )
    rows, columns = (len(periods), themes) if down else (themes, len(periods))
    return Picture("down" if down else "across", tuple(range(1, columns + 1)), rows, full, text(sentence))


def _timeline_data(finding: Timeline) -> dict[str, object]:
    rows = [
        {
            "theme": row.theme.id,
            "sources": row.sources,
            "excerpts": row.excerpts,
            "cells": {
                _begin(one): {"sources": found[0], "excerpts": found[1]}
                for one in finding.periods
                if (found := finding.cells.get(row.theme.id, {}).get(one.first))
            },
        }
        for row in finding.rows
    ]
    periods = [
        {"from": _begin(one), "to": str(one.last or ""), "sources": one.sources, "excerpts": one.excerpts}
        for one in finding.periods
    ]
    return {
        "table": "timeline",
        "unit": "source",
        "period": finding.years,
        "n": n_data(finding.n),
        "periods": periods,
        "rows": rows,
    }


def _begin(period: Period) -> str:
    return str(period.first or "")


# Themes or fields by sources -------------------------------------------------------------------------------------------


def synthesis(finding: Synthesis, language: str) -> Report:
    """Return the synthesis matrix of themes: what each source says on each, with the page."""
    say = i18n.language(language)
    title = say("Synthesis matrix")
    short = [citations.author_year(source, say.code) for source in finding.sources]

    def blocks() -> Iterator[Block]:
        if not finding.rows:
            yield Paragraph(text(say("No excerpt counted here has a theme.")))
            return

        def cell(at: int, place: int) -> Cell:
            key = finding.sources[place].key
            several = finding.cells[finding.rows[at].theme.id].get(key, ())
            return _joined([_said(excerpt, key) for excerpt in several])

        themes, places = range(len(finding.rows)), range(len(short))
        said = say("In quotation marks: the words of the source; without: a paraphrase")
        note = noted(finding.n, say("excerpt"), say, said)
        if len(short) > len(finding.rows):
            columns = (Column(say("Source")), *(Column(theme_name(row, say)) for row in finding.rows))
            lines: list[tuple[Cell, ...]] = [(short[place], *(cell(at, place) for at in themes)) for place in places]
        else:
            columns = (Column(say("Theme")), *(Column(name) for name in short))
            lines = [(indented(finding.rows[at], say), *(cell(at, place) for place in places)) for at in themes]
        yield Table(columns, tuple(lines), text(title), note)

    def data() -> object:
        rows = [
            {
                "theme": row.theme.id,
                "cells": {
                    source.key: [
                        {"id": one.id, "kind": one.kind, "text": one.text, "locator": _locator(one, source.key)}
                        for one in finding.cells[row.theme.id][source.key]
                    ]
                    for source in finding.sources
                    if source.key in finding.cells[row.theme.id]
                },
            }
            for row in finding.rows
        ]
        keys = [source.key for source in finding.sources]
        n = n_data(finding.n)
        return {"table": "synthesis", "by": "theme", "unit": "excerpt", "n": n, "sources": keys, "rows": rows}

    def rows() -> Rows:
        return ["theme", "key", "source", "kind", "text", "locator", "id"], (
            [row.theme.id, source.key, short[place], one.kind, one.text, _locator(one, source.key), one.id or ""]
            for row in finding.rows
            for place, source in enumerate(finding.sources)
            for one in finding.cells[row.theme.id].get(source.key, ())
        )

    return Report(blocks, data, rows, title, language)


def _locator(excerpt: Excerpt, key: str) -> str:
    """Return the places in the source ``key`` that an excerpt names."""
    return "; ".join(one.locator.text for one in excerpt.citations if one.key == key and one.locator.text)


def worded(excerpt: Excerpt) -> Text:
    """Return the words of an excerpt for a cell, quotation marks around those of the source."""
    words = markdown.runs(" ".join(excerpt.text.split()))
    return (Run("“"), *words, Run("”")) if excerpt.kind == "quotation" else words


def _said(excerpt: Excerpt, key: str) -> Text:
    """Return the words of an excerpt for a cell, and the page."""
    words = worded(excerpt)
    place = _locator(excerpt, key)
    return (*words, Run(f" ({place})")) if place else words


def _joined(several: Sequence[Text]) -> Text:
    found: list[Run] = []
    for one in several:
        if found:
            found.append(Run("; "))
        found.extend(one)
    return tuple(found)


def card_matrix(finding: CardMatrix, language: str) -> Report:
    """Return the synthesis matrix of the note cards: sources down, the fields of their cards across."""
    say = i18n.language(language)
    title = say("Synthesis matrix")

    def blocks() -> Iterator[Block]:
        if not finding.fields:
            yield Paragraph(
                text(
                    say(
                        "No note card of these sources has a field. In a card, write method: interviews between the --- lines."
                    )
                )
            )
            return
        columns = [Column(say("No."), "right"), Column(say("Author and year")), Column(say("Title"))]
        columns += [Column(field_head(field, say)) for field in finding.fields]
        lines: list[tuple[Cell, ...]] = []
        for at, row in enumerate(finding.rows, 1):
            said = [markdown.runs(row.fields.get(field, "")) for field in finding.fields]
            lines.append((at, citations.author_year(row.source, say.code), row.source.title, *said))
        silent = sum(1 for row in finding.rows if not any(row.fields.get(field) for field in finding.fields))
        more = (
            [say.many("{n} source says nothing of these fields", "{n} sources say nothing of these fields", silent)]
            if silent
            else []
        )
        yield Table(tuple(columns), tuple(lines), text(title), noted(finding.n, say("source"), say, *more))

    def data() -> object:
        rows = [
            {
                "key": row.source.key,
                "title": row.source.title,
                "year": row.source.year,
                "fields": {name: row.fields[name] for name in finding.fields if name in row.fields},
            }
            for row in finding.rows
        ]
        n = n_data(finding.n)
        fields = list(finding.fields)
        return {"table": "synthesis", "by": "fields", "unit": "source", "n": n, "fields": fields, "rows": rows}

    def rows() -> Rows:
        return ["key", "author", "title", *finding.fields], (
            [
                row.source.key,
                citations.author_year(row.source, say.code),
                row.source.title,
                *(row.fields.get(name, "") for name in finding.fields),
            ]
            for row in finding.rows
        )

    return Report(blocks, data, rows, title, language)
