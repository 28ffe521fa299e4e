"""One thing with all that is known of it: a source, an excerpt, a theme."""

from __future__ import annotations

from collections.abc import Iterator

from libreview.findings import citations
from libreview.findings.cards import ExcerptCard, SourceCard, ThemeCard
from libreview.model import Problem
from libreview.pages.reports import screening
from libreview.pages.reports.checking import message
from libreview.pages.reports.drawing import excerpt_blocks, excerpt_data, indented, tags, theme_data
from libreview.pages.reports.wording import author_data
from libreview.texts import markdown
from libreview.value import replace
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Heading, Listing, Paragraph, Report, Run, Table, text

__all__ = ["excerpt", "source", "theme"]


def source(finding: SourceCard, language: str) -> Report:
    """Return the card of a source: reference, place, problems, annotation, excerpts by page, other notes that cite it."""
    say = i18n.language(language)
    one = finding.source

    def about() -> Iterator[Block]:
        yield Heading(text(f"{one.key} · {citations.author_year(one, say.code)}"), 1)
        yield Paragraph(finding.reference or text(one.title))
        for number, words in enumerate(screening.in_words(finding.decisions, say)):
            yield Paragraph((Run(words, ("dim",)) if number else Run(words, ("strong",)),))
        places = " · ".join((str(one.location), *finding.cards))
        yield Paragraph((Run(places, ("dim",)),))
        for name, value in finding.fields.items():
            yield Paragraph(text(Run(f"{name}: ", ("emphasis",)), *markdown.runs(value)))
        if finding.problems:
            yield Heading(text(say("Problems")), 2)
            yield _problems(finding.problems)

    def blocks() -> Iterator[Block]:
        yield from about()
        if finding.annotation:
            yield Heading(text(say("Annotation")), 2)
            yield from markdown.blocks(finding.annotation)
        n = len(finding.excerpts)
        yield Heading(text(say.many("{n} excerpt", "{n} excerpts", n)), 2)
        for excerpt in finding.excerpts:
            themes = dict.fromkeys(finding.themes.get(tag, tag) for tag in excerpt.coded)
            yield from excerpt_blocks(excerpt, {one.key: one}, say, themes)
        if not n:
            yield Paragraph((Run(say("libreview tag {key} -p PAGE -t THEME", key=one.key), ("code",)),))
        if finding.other_notes:
            yield Heading(text(say("Other notes that cite it")), 2)
            yield Listing(tuple((Paragraph(text(path)),) for path in finding.other_notes))

    def _problems(found: tuple[Problem, ...]) -> Listing:
        return Listing(tuple((Paragraph(text(f"{one.location}  {message(one, say)}")),) for one in found))

    return Report(blocks, lambda: _source_data(finding), title=one.key, language=language)


def _source_data(finding: SourceCard) -> dict[str, object]:
    one = finding.source
    english = i18n.language("en")
    return {
        "key": one.key,
        "type": one.type,
        "title": one.title,
        "authors": author_data(one.authors),
        "year": one.year,
        "container": one.container,
        "doi": one.get("doi"),
        "fields": dict(one.plain),
        "path": one.location.path,
        "line": one.location.line,
        "reference": "".join(run.text for run in finding.reference),
        "screening": [
            {
                "source": decision.source,
                "verdict": decision.verdict,
                "reason": decision.reason,
                "coder": decision.coder,
                "date": decision.date,
                "stage": decision.stage,
            }
            for decision in finding.decisions
        ],
        "problems": [
            {
                "code": problem.code,
                "path": problem.location.path,
                "line": problem.location.line,
                "subject": problem.subject,
                "message": message(problem, english),
            }
            for problem in finding.problems
        ],
        "card": dict(finding.fields),
        "annotation": finding.annotation,
        "excerpts": [
            excerpt_data(excerpt, dict.fromkeys(finding.themes.get(tag, tag) for tag in excerpt.coded))
            for excerpt in finding.excerpts
        ],
        "notes": [*finding.cards, *finding.other_notes],
    }


def excerpt(finding: ExcerptCard, language: str) -> Report:
    """Return the card of an excerpt: text, source, themes, comment, place."""
    say = i18n.language(language)
    one = finding.excerpt

    def blocks() -> Iterator[Block]:
        name = f"^{one.id}" if one.id else str(one.location)
        kind = say("Quotation") if one.kind == "quotation" else say("Paraphrase")
        yield Heading(text(f"{name} · {kind}"), 1)
        yield from excerpt_blocks(one, finding.sources, say)
        for key in one.keys:
            known = finding.sources.get(key)
            about = f"{citations.author_year(known, say.code)} {known.title}" if known else say("no such source")
            yield Paragraph(text(Run(key, ("strong",)), f" · {about}"))
        if finding.themes:
            items = tuple(
                (Paragraph((*text(theme.name(say.code), "  "), *tags([theme.id]))),) for theme in finding.themes
            )
            yield Listing(items)
        else:
            yield Paragraph(text(say("No theme yet.")))
        for coding in one.codings:
            if coding.coder:
                yield Paragraph(text(Run(f"{coding.coder}: ", ("emphasis",)), *tags(coding.themes)))
        yield Paragraph((Run(str(one.location), ("dim",)),))

    def data() -> object:
        codings = [
            {"coder": coding.coder, "themes": list(coding.themes), "memo": coding.memo} for coding in one.codings
        ]
        return excerpt_data(one, (theme.id for theme in finding.themes)) | {"codings": codings}

    return Report(blocks, data, title=one.id or "", language=language)


def theme(finding: ThemeCard, language: str) -> Report:
    """Return the card of a theme: what it means, when to use it, how often it is used, what stands above and below it."""
    say = i18n.language(language)
    one = finding.row.theme

    def rules() -> Iterator[Block]:
        for label, value in (
            ("", one.definition),
            (say("Include:"), one.include),
            (say("Exclude:"), one.exclude),
            (say("Aliases:"), ", ".join(one.aliases)),
        ):
            if value:
                yield Paragraph(text(Run(f"{label} ", ("emphasis",)) if label else "", *markdown.runs(value)))

    def blocks() -> Iterator[Block]:
        path = " > ".join(above.name(say.code) for above in finding.above)
        yield Heading(text(f"{path} > " if path else "", one.name(say.code)), 1)
        yield Paragraph((*tags([one.id]), Run(f"  {one.location}", ("dim",))))
        yield from rules()
        columns = (
            Column(say("Theme")),
            Column(say("Excerpts"), "right"),
            Column(say("with sub-themes"), "right"),
            Column(say("Sources"), "right"),
        )
        lines = tuple(
            (indented(row, say), row.excerpts, row.excerpts_with_children, row.sources_with_children)
            for row in (replace(finding.row, depth=0), *(replace(below, depth=1) for below in finding.below))
        )
        yield Table(columns, lines, (), text(say("unit: {unit}", unit=say("excerpt"))))
        if finding.examples:
            yield Heading(text(say("Examples")), 2)
            for example in finding.examples:
                yield from excerpt_blocks(example, finding.sources, say)

    def data() -> object:
        return theme_data(finding.row) | {
            "labels": dict(one.label),
            "definition": one.definition,
            "include": one.include,
            "exclude": one.exclude,
            "examples": list(one.examples),
            "colour": one.colour,
            "aliases": list(one.aliases),
            "children": [below.theme.id for below in finding.below],
            "path": one.location.path,
            "line": one.location.line,
        }

    return Report(blocks, data, title=one.id, language=language)
