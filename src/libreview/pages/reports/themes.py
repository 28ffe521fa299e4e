"""The codebook as a list."""

from __future__ import annotations

from collections.abc import Iterator

from libreview.findings.summaries import Frequency
from libreview.pages.reports.drawing import counted, indented, theme_data
from libreview.pages.reports.tables import Rows
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Paragraph, Report, Table, text

__all__ = ["codebook"]


def codebook(finding: Frequency, language: str) -> Report:
    """Return the themes as a tree with their counts."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        if not finding.rows:
            yield Paragraph(text(say("No themes yet: libreview themes add THEME")))
            return
        columns = (
            Column(say("Theme")),
            Column(say("Id")),
            Column(say("Excerpts"), "right"),
            Column(say("with sub-themes"), "right"),
            Column(say("Sources"), "right"),
        )
        lines = tuple(
            (indented(row, say), row.theme.id, row.excerpts, row.excerpts_with_children, row.sources_with_children)
            for row in finding.rows
        )
        yield Table(columns, lines, (), counted(finding.n, say("excerpt"), say))

    def data() -> object:
        return [
            theme_data(row)
            | {"in_codebook": row.known, "path": row.theme.location.path, "line": row.theme.location.line}
            for row in finding.rows
        ]

    def rows() -> Rows:
        return ["theme", "label", "parent", "excerpts", "excerpts_with_children", "sources"], (
            (
                row.theme.id,
                row.theme.name(say.code),
                row.theme.parent,
                row.excerpts,
                row.excerpts_with_children,
                row.sources_with_children,
            )
            for row in finding.rows
        )

    return Report(blocks, data, rows, say("Codebook"), language)
