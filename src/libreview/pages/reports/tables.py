"""The tables of ``libreview table``: frequency, matrix, concept matrix, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from libreview.findings import citations
from libreview.findings.summaries import ConceptMatrix, Frequency, Matrix, SourcesTable
from libreview.pages.reports.drawing import counted, indented, n_data, theme_data
from libreview.texts import markdown
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Paragraph, Report, Run, Table, text

__all__ = ["concept_matrix", "frequency", "matrix", "sources_table"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_MARK = "×"


def frequency(finding: Frequency, language: str) -> Report:
    """Return the table of thematic frequency."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        columns = (
            Column(say("Theme")),
            Column(say("Excerpts"), "right"),
            Column(say("with sub-themes"), "right"),
            Column(say("Sources"), "right"),
            Column(say("with sub-themes"), "right"),
        )
        rows = tuple(
            (
                indented(row, say),
                row.excerpts,
                row.excerpts_with_children,
                row.sources,
                row.sources_with_children,
            )
            for row in finding.rows
        )
        yield Table(columns, rows, text(say("Thematic frequency")), counted(finding.n, say("excerpt"), say))

    def data() -> object:
        rows = [theme_data(row) for row in finding.rows]
        return {"table": "frequency", "unit": "excerpt", "n": n_data(finding.n), "rows": rows}

    def rows() -> Rows:
        lines = [list(theme_data(row).values()) for row in finding.rows]
        head = ["theme", "label", "parent", "excerpts", "excerpts_with_children", "sources", "sources_with_children"]
        return head, [[one if isinstance(one, int) else str(one) for one in line] for line in lines]

    return Report(blocks, data, rows, say("Thematic frequency"), language)


def matrix(finding: Matrix, language: str) -> Report:
    """Return the matrix of themes by sources. Drawn, the longer of the two runs down the page."""
    say = i18n.language(language)
    cells = finding.cells

    def down_themes() -> Table:
        columns = (
            Column(say("Theme")),
            *(Column(key, "right") for key in finding.keys),
            Column(say("Excerpts"), "right"),
        )
        rows = tuple(
            (indented(row, say), *(cells.get(row.theme.id, {}).get(key, "") for key in finding.keys), row.excerpts)
            for row in finding.rows
        )
        return Table(columns, rows, text(say("Themes by sources")), counted(finding.n, say("excerpt"), say))

    def down_sources() -> Table:
        used = [row for row in finding.rows if row.theme.id in cells]
        columns = (Column(say("Source")), *(Column(row.theme.name(say.code), "right") for row in used))
        lines: list[tuple[Cell, ...]] = [
            (key, *(cells[row.theme.id].get(key, "") for row in used)) for key in finding.keys
        ]
        lines.append((text(Run(say("Excerpts"), ("strong",))), *(row.excerpts for row in used)))
        return Table(columns, tuple(lines), text(say("Themes by sources")), counted(finding.n, say("excerpt"), say))

    def blocks() -> Iterator[Block]:
        if not finding.keys:
            yield Paragraph(text(say("No excerpt cites a source yet.")))
        else:
            yield down_sources() if len(finding.keys) > len(finding.rows) else down_themes()

    def data() -> object:
        rows = [{"theme": row.theme.id, "cells": dict(cells.get(row.theme.id, {}))} for row in finding.rows]
        return {"table": "matrix", "unit": "excerpt", "n": n_data(finding.n), "rows": rows}

    def rows() -> Rows:
        return ["theme", *finding.keys], (
            [row.theme.id, *(cells.get(row.theme.id, {}).get(key, 0) for key in finding.keys)] for row in finding.rows
        )

    return Report(blocks, data, rows, say("Themes by sources"), language)


def concept_matrix(finding: ConceptMatrix, language: str) -> Report:
    """Return the concept matrix: sources down, themes across, a cross where a theme occurs."""
    say = i18n.language(language)
    ids = [row.theme.id for row in finding.themes]

    def blocks() -> Iterator[Block]:
        if not finding.rows:
            yield Paragraph(text(say("No excerpt has a theme yet.")))
            return
        columns = (Column(say("Source")), *(Column(row.theme.name(say.code), "centre") for row in finding.themes))
        lines: list[tuple[Cell, ...]] = [
            (
                citations.author_year(row.source, say.code),
                *(_MARK if theme in row.themes else "" for theme in ids),
            )
            for row in finding.rows
        ]
        lines.append((text(Run(say("Sources"), ("strong",))), *(row.sources for row in finding.themes)))
        yield Table(columns, tuple(lines), text(say("Concept matrix")), counted(finding.n, say("source"), say))

    def data() -> object:
        rows = [{"key": row.source.key, "themes": [one for one in ids if one in row.themes]} for row in finding.rows]
        return {
            "table": "concept-matrix",
            "unit": "source",
            "n": n_data(finding.n),
            "themes": ids,
            "rows": rows,
        }

    def rows() -> Rows:
        return ["key", *ids], ([row.source.key, *(int(one in row.themes) for one in ids)] for row in finding.rows)

    return Report(blocks, data, rows, say("Concept matrix"), language)


def sources_table(finding: SourcesTable, language: str) -> Report:
    """Return the synthesis matrix: a row per source, the fields of the note cards as columns."""
    say = i18n.language(language)
    annotated = any(row.annotation for row in finding.rows)

    def blocks() -> Iterator[Block]:
        columns = [Column(say("No."), "right"), Column(say("Author and year")), Column(say("Title"))]
        columns += [Column(field[:1].upper() + field[1:]) for field in finding.fields]
        columns += [Column(say("Annotation"))] if annotated else []
        columns += [Column(say("Themes")), Column(say("Excerpts"), "right")]
        lines: list[tuple[Cell, ...]] = []
        for at, row in enumerate(finding.rows, 1):
            line: list[Cell] = [at, citations.author_year(row.source, say.code), row.source.title]
            line += [markdown.runs(row.fields.get(field, "")) for field in finding.fields]
            line += [markdown.runs(" ".join(row.annotation.split()))] if annotated else []
            lines.append((*line, ", ".join(row.themes), row.excerpts))
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
