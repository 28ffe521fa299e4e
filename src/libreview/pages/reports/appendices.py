"""Codings in long form, the codebook as an appendix, and excerpts as cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from libreview.findings import citations
from libreview.findings.appendices import Appendix, CardFile, CardGroup, Codings, ThemePage
from libreview.findings.summaries import CodedExcerpt, ThemeRow
from libreview.model import Citation, Excerpt, Theme
from libreview.pages.reports.drawing import counted, excerpt_cells, excerpt_data, theme_name
from libreview.pages.reports.tables import Rows
from libreview.texts import markdown
from libreview.texts.codebook import tables
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Heading, Paragraph, Quotation, Report, Run, Table, Text, text
from libreview.words.i18n import Say

__all__ = ["cards", "codebook", "codings", "lacking", "uncoded"]

_Cite = Callable[[Sequence[Citation]], str]
_LONG = ["excerpt", "source", "theme", "coder", "coded"]


# Codings ---------------------------------------------------------------------------------------------------------------


def codings(finding: Codings, language: str, *, given: bool = False) -> Report:
    """Return a line for each coder, excerpt and theme, 1 where the coder gave it; ``given``: only those lines."""
    say = i18n.language(language)

    def lines() -> Iterator[tuple[str, str, str, str, int]]:
        for one in finding.given:
            sources = " ".join(one.keys)
            for theme in finding.themes:
                has = theme in one.themes
                if has or not given:
                    yield one.excerpt, sources, theme, one.coder, int(has)

    def blocks() -> Iterator[Block]:
        heads = (say("Excerpt"), say("Source"), say("Theme"), say("Coder"))
        columns = (*map(Column, heads), Column(say("Coded"), "right"))
        yield Table(columns, tuple(lines()))

    def data() -> object:
        return [dict(zip(_LONG, line, strict=True)) for line in lines()]

    return Report(blocks, data, lambda: (_LONG, lines()), say("Codings"), language)


def uncoded(finding: Codings, say: Say) -> str:
    """Return the line that says how many excerpts are not in the file, since nobody coded them; empty if all are."""
    if not finding.uncoded:
        return ""
    return say.many(
        "{n} excerpt is not coded yet, so it is left out",
        "{n} excerpts are not coded yet, so they are left out",
        finding.uncoded,
    )


# The codebook ----------------------------------------------------------------------------------------------------------


def codebook(finding: Appendix, language: str, *, examples: bool = False) -> Report:
    """Return the codebook as an appendix: theme by theme its definition, what belongs to it, and examples.

    As rows it is what `libreview.texts.codebook.tables` reads; with ``examples`` their words stand in one column more.
    """
    say = i18n.language(language)
    cite = citations.citing(finding.sources, say.code)

    def blocks() -> Iterator[Block]:
        yield Heading(text(say("Codebook")), 1)
        for page in finding.pages:
            yield from _theme(page, cite, say)

    def data() -> object:
        return [
            {
                "theme": page.theme.id,
                "label": dict(page.theme.label),
                "parent": page.theme.parent,
                "definition": page.theme.definition,
                "include": page.theme.include,
                "exclude": page.theme.exclude,
                "colour": page.theme.colour,
                "aliases": list(page.theme.aliases),
                "examples": [excerpt_data(one, one.coded) for one in page.examples],
            }
            for page in finding.pages
        ]

    def rows() -> Rows:
        head = tables.columns(page.theme for page in finding.pages)
        lines = (tables.row(page.theme, head) for page in finding.pages)
        if not examples:
            return head, lines
        words = (
            "\n".join(f"{one.text} {cite(one.citations)}".strip() for one in page.examples) for page in finding.pages
        )
        return [*head, "example_text"], ([*line, said] for line, said in zip(lines, words, strict=True))

    return Report(blocks, data, rows, say("Codebook"), language)


def _theme(page: ThemePage, cite: _Cite, say: Say) -> Iterator[Block]:
    theme = page.theme
    yield Heading(text(theme.name(say.code)), min(page.depth + 2, 6))
    if theme.definition:
        yield from markdown.blocks(theme.definition)
    for label, words in ((say("Include:"), theme.include), (say("Exclude:"), theme.exclude)):
        if words:
            yield Paragraph((Run(f"{label} ", ("emphasis",)), *markdown.runs(words)))
    tags = " ".join(f"#{tag}" for tag in (theme.id, *theme.aliases))
    yield Paragraph(text(Run(say("Tag:") + " ", ("emphasis",)), tags))
    if page.examples:
        yield Paragraph(text(Run(say.many("Example:", "Examples:", len(page.examples)), ("emphasis",))))
    for excerpt in page.examples:
        yield Quotation(_words(excerpt, say), text(cite(excerpt.citations)))


def _words(excerpt: Excerpt, say: Say) -> tuple[Block, ...]:
    body = markdown.blocks(excerpt.text)
    if excerpt.kind == "quotation":
        return body
    mark = Run(say("Paraphrase:") + " ", ("emphasis",))
    if body and isinstance(body[0], Paragraph):
        return (Paragraph((mark, *body[0].text)), *body[1:])
    return (Paragraph((mark,)), *body)


def lacking(finding: Appendix, say: Say) -> Iterator[str]:
    """Yield what an appendix should have and this one has not."""
    if finding.undefined:
        names = ", ".join(finding.undefined[:9]) + (", ..." if len(finding.undefined) > 9 else "")
        yield say.many(
            "{n} theme has no definition: {names}",
            "{n} themes have no definition: {names}",
            len(finding.undefined),
            names=names,
        )
    for id in finding.missing[:9]:
        yield say("The codebook names the example ^{id}, and there is no such excerpt", id=id)
    for theme, id in finding.astray[:9]:
        yield say("The codebook names the example ^{id} of {theme}, and it is coded neither with it nor with a theme below it",
                  id=id, theme=theme)  # fmt: skip


# Cards -----------------------------------------------------------------------------------------------------------------


def cards(finding: CardFile, language: str) -> Report:
    """Return the excerpts as cards under their sources or themes."""
    say = i18n.language(language)
    cite = citations.citing(finding.sources, say.code)

    def blocks() -> Iterator[Block]:
        yield Heading(text(say("Excerpt cards")), 1)
        for group in finding.groups:
            yield Heading(text(_heading(group, finding, say)), 2)
            for card in group.cards:
                yield _card(card, finding, cite, say)
        yield Paragraph(counted(finding.n, say("excerpt"), say))

    def data() -> object:
        return [
            {"group": group.name or None, **excerpt_data(card.excerpt, card.themes)}
            for group in finding.groups
            for card in group.cards
        ]

    def rows() -> Rows:
        head = ["group", "excerpt", "kind", "source", "locator", "text", "themes", "comment", "path", "line"]
        return head, (
            (
                group.name,
                *excerpt_cells(card.excerpt, card.themes),
            )
            for group in finding.groups
            for card in group.cards
        )

    return Report(blocks, data, rows, say("Excerpt cards"), language)


def _heading(group: CardGroup, finding: CardFile, say: Say) -> str:
    if group.source is not None:
        who = citations.author_year(group.source, say.code)
        title = group.source.title
        return f"{who} {title}" if title and title not in who else who
    if group.theme is not None:
        return _named(group.theme.id, finding, say)
    return group.name or (say("Without a theme") if finding.by == "theme" else say("Without a source"))


def _named(id: str, finding: CardFile, say: Say) -> str:
    known = finding.codebook.themes
    return theme_name(ThemeRow(known.get(id) or Theme(id), known=id in known), say)


def _card(card: CodedExcerpt, finding: CardFile, cite: _Cite, say: Say) -> Table:
    """Return a card: where the words stand as its head, then the words, their themes, and the comments."""
    excerpt = card.excerpt
    head = cite(excerpt.citations) + (f" ^{excerpt.id}" if excerpt.id else "")
    words = markdown.runs(excerpt.text)
    if excerpt.kind == "paraphrase":
        words = (Run(say("Paraphrase:") + " ", ("emphasis",)), *words)
    rows: list[tuple[Cell, ...]] = [(words,)]
    if card.themes:
        labels = [_named(one, finding, say) for one in card.themes]
        rows.append((_labelled(say("Themes:"), text("; ".join(labels))),))
    if excerpt.comment:
        rows.append((_labelled(say("Comment:"), markdown.runs(excerpt.comment)),))
    rows += [
        (_labelled(f"{one.coder or say('Memo')}:", markdown.runs(one.memo)),) for one in excerpt.codings if one.memo
    ]
    return Table((Column(head.strip()),), tuple(rows))


def _labelled(label: str, words: Text) -> Text:
    return (Run(f"{label} ", ("emphasis",)), *words)
