"""The coded summary: theme by theme, the words of the sources with where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from libreview.findings import citations
from libreview.findings.summaries import CodedExcerpt, Summary, ThemeRow, ThemeSection
from libreview.model import Excerpt, Theme
from libreview.pages.reports.drawing import (
    Parts,
    counted,
    drawn,
    excerpt_cells,
    excerpt_data,
    excerpt_parts,
    n_data,
    theme_data,
)
from libreview.pages.reports.tables import Rows
from libreview.pages.reports.wording import number
from libreview.texts import markdown
from libreview.words import i18n
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Report, Run, Text, text
from libreview.words.i18n import Say

__all__ = ["summary"]


def _heading(row: ThemeRow, depth: int, say: Say) -> Heading:
    level = min(depth + 1, 6)
    if not row.known:
        return Heading(text(f"#{row.theme.id} ", Run(say("(not in the codebook)"), ("dim",))), level)
    return Heading(text(row.theme.name(say.code)), level)


def _counts(row: ThemeRow, say: Say) -> str:
    def one(excerpts: int, sources: int) -> str:
        return ", ".join(
            (
                say.many("{count} excerpt", "{count} excerpts", excerpts, count=number(excerpts, say)),
                say.many("{count} source", "{count} sources", sources, count=number(sources, say)),
            )
        )

    own = one(row.excerpts, row.sources)
    if (row.excerpts, row.sources) == (row.excerpts_with_children, row.sources_with_children):
        return own
    return say(
        "{own}; with sub-themes {whole}", own=own, whole=one(row.excerpts_with_children, row.sources_with_children)
    )


def _section(section: ThemeSection, depth: int, parts: Callable[[Excerpt], Parts], say: Say) -> Iterator[Block]:
    """Yield what a theme shows. ``parts`` makes what an excerpt shows, once for all its themes."""
    row = section.row
    yield _heading(row, depth, say)
    if row.theme.definition:
        yield from markdown.blocks(row.theme.definition)
    yield Paragraph((Run(_counts(row, say), ("dim",)), *_tag(row.theme)))
    for coded in section.excerpts:
        others = [theme for theme in coded.themes if theme != row.theme.id]
        yield from drawn(coded.excerpt, parts(coded.excerpt), others)


def _parts_once(finding: Summary, say: Say) -> Callable[[Excerpt], Parts]:
    """Return what makes the parts of an excerpt of ``finding`` and keeps them for its next theme."""
    cite = citations.citing(finding.sources, say.code)
    kept: dict[int, Parts] = {}

    def parts(excerpt: Excerpt) -> Parts:
        made = kept.get(id(excerpt))
        if made is None:
            made = kept[id(excerpt)] = excerpt_parts(excerpt, cite, say)
        return made

    return parts


def _tag(theme: Theme) -> Text:
    return (Run(f" · #{theme.id}", ("dim",)),)


def _object(section: ThemeSection, excerpts: list[CodedExcerpt]) -> dict[str, object]:
    theme = section.row.theme
    counts = {name: value for name, value in theme_data(section.row).items() if isinstance(value, int)}
    return {
        "theme": theme.id,
        "label": theme.name("en"),
        "parent": theme.parent,
        "definition": theme.definition,
        "in_codebook": section.row.known,
        "counts": counts,
        "excerpts": [excerpt_data(one.excerpt, one.themes) for one in excerpts],
    }


def _empty(id: str, gaps: Mapping[str, Theme]) -> ThemeSection:
    theme = gaps.get(id)
    return ThemeSection(ThemeRow(theme or Theme(id), known=theme is not None), ())


def summary(finding: Summary, language: str) -> Report:
    """Return the coded summary.

    As data, one theme that was asked for is an object with all its excerpts, those of its sub-themes included and none
    twice; otherwise an object holds the themes with their own excerpts, and the gaps.
    """
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        parts = _parts_once(finding, say)
        base = min((section.row.depth for section in finding.sections), default=0)
        if not finding.sections:
            yield Paragraph(text(say("No excerpt has a theme here yet.")))
        for section in finding.sections:
            yield from _section(section, section.row.depth - base, parts, say)
        if finding.gaps:
            yield Heading(text(say("Gaps: themes without an excerpt")), 1)
            yield Listing(tuple((Paragraph((*text(theme.name(say.code)), *_tag(theme))),) for theme in finding.gaps))
        yield Paragraph(tuple(Run(run.text, ("dim",)) for run in counted(finding.n, say("excerpt"), say)))

    def data() -> object:
        if len(finding.wanted) == 1:
            # two places of one excerpt in the tree are one object in memory
            whole = {id(one): one for section in finding.sections for one in section.excerpts}
            found = (section for section in finding.sections if section.row.theme.id == finding.wanted[0])
            gaps = {theme.id: theme for theme in finding.gaps}
            return _object(next(found, _empty(finding.wanted[0], gaps)), list(whole.values()))
        return {
            "n": n_data(finding.n),
            "themes": [_object(section, list(section.excerpts)) for section in finding.sections],
            "gaps": [theme.id for theme in finding.gaps],
        }

    def rows() -> Rows:
        head = ["theme", "id", "kind", "keys", "locator", "text", "themes", "comment", "path", "line"]
        return head, (
            [
                section.row.theme.id,
                *excerpt_cells(one.excerpt, one.themes),
            ]
            for section in finding.sections
            for one in section.excerpts
        )

    return Report(blocks, data, rows, say("Coded summary"), language)
