"""The bibliography, a list of records, how one source is cited, and the citation styles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from libreview.findings import citations
from libreview.findings.bibliographies import Bibliography, Cited, Entry, Group
from libreview.model import Excerpt, Source
from libreview.pages.reports.drawing import excerpt_data
from libreview.pages.reports.tables import Rows
from libreview.pages.reports.wording import number
from libreview.texts import markdown, names
from libreview.words import i18n
from libreview.words.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Quotation,
    Reference,
    Report,
    Run,
    Table,
    Text,
    plain,
    text,
)
from libreview.words.i18n import N_, Say

__all__ = ["bibliography", "citation", "counted", "csl_json", "records", "styles", "unprinted"]

_HEADINGS = {
    "books": N_("Books"),
    "journals": N_("Journals"),
    "proceedings": N_("Conference papers"),
    "theses": N_("Theses"),
    "reports": N_("Reports"),
    "laws": N_("Laws and regulations"),
    "news": N_("Newspapers and magazines"),
    "internet": N_("Internet"),
    "other": N_("Other sources"),
}
_WITHOUT = {"theme": N_("Without a theme"), "year": N_("Without a year")}


def bibliography(finding: Bibliography, language: str) -> Report:
    """Return the bibliography under its headings, each reference with annotation, themes and excerpts below it."""
    say = i18n.language(language)
    title = say("Annotated bibliography") if finding.annotated else say("Bibliography")

    def blocks() -> Iterator[Block]:
        yield Heading(text(title), 1)
        for group in finding.groups:
            if finding.by:
                yield Heading(text(_heading(group, finding.by, say)), min(group.depth, 3) + 2)
            for entry in group.entries:
                yield Reference(entry.source.key, entry.reference, tuple(_body(entry, finding, say)))

    def data() -> object:
        return {
            "style": finding.style,
            "language": language,
            "group_by": finding.by or None,
            "n": {"sources": finding.sources, "sources_in_folder": finding.total},
            "unprinted": dict(finding.unprinted),
            "entries": [_entry_data(group, entry) for group in finding.groups for entry in group.entries],
        }

    def rows() -> Rows:
        head = ["key", "group", "reference", "annotation", "themes"]
        return head, (
            (
                entry.source.key,
                group.name,
                plain(entry.reference),
                _words(entry.annotation),
                " ".join(theme.id for theme in entry.themes),
            )
            for group in finding.groups
            for entry in group.entries
        )

    return Report(blocks, data, rows, title, language)


def _heading(group: Group, by: str, say: Say) -> str:
    if group.theme:
        return group.theme.name(say.code)
    if by == "type":
        return say(_HEADINGS[group.name])
    return group.name or say(_WITHOUT[by])


def _body(entry: Entry, finding: Bibliography, say: Say) -> Iterator[Block]:
    for block in markdown.blocks(entry.annotation) if entry.annotation else ():
        # A heading of a note is none of the bibliography.
        yield Paragraph(_strong(block.text)) if isinstance(block, Heading) else block
    if finding.themes and entry.themes:
        labels = "; ".join(theme.name(say.code) for theme in entry.themes)
        yield Paragraph(text(Run(say("Themes:") + " ", ("emphasis",)), labels))
    for excerpt in entry.excerpts:
        yield from _excerpt(excerpt, finding.cited, say)


def _strong(runs: Text) -> Text:
    return tuple(Run(run.text, (*run.styles, "strong"), run.link) for run in runs)


def _excerpt(excerpt: Excerpt, sources: Mapping[str, Source], say: Say) -> Iterator[Block]:
    """Yield a quotation set off from the text, or a paraphrase within it, with where it stands."""
    body = markdown.blocks(excerpt.text)
    cited = text(citations.cite(excerpt.citations, sources, say.code))
    if excerpt.kind == "quotation":
        yield Quotation(body, cited)
    elif body and isinstance(body[-1], Paragraph):
        yield from body[:-1]
        yield Paragraph((*body[-1].text, Run(" "), *cited))
    else:
        yield from body
        yield Paragraph(cited)


def _entry_data(group: Group, entry: Entry) -> dict[str, object]:
    return {
        "key": entry.source.key,
        "group": group.name or None,
        "reference": plain(entry.reference),
        "annotation": entry.annotation,
        "themes": [theme.id for theme in entry.themes],
        "excerpts": [excerpt_data(excerpt, excerpt.coded) for excerpt in entry.excerpts],
    }


def _words(markdown_text: str) -> str:
    return " ".join(markdown_text.split())


def counted(sources: int, total: int, say: Say) -> str:
    """Return the line that says how many sources a list has, and of how many."""
    return say("N = {sources} of {all} sources", sources=number(sources, say), all=number(total, say))


def unprinted(finding: Bibliography, say: Say) -> Iterator[str]:
    """Yield a line for each field that the style leaves out."""
    for name, n in finding.unprinted.items():
        yield say.many(
            '{style} does not print the field "{name}": {n} of {all} references',
            '{style} does not print the field "{name}": {n} of {all} references',
            n,
            style=finding.style,
            name=name,
            all=finding.sources,
        )


# Records ---------------------------------------------------------------------------------------------------------------

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "volume": ("volume",),
    "number": ("number", "issue"),
    "pages": ("pages", "eid"),
    "publisher": ("publisher", "institution", "school", "organization"),
    "place": ("location", "address"),
    "doi": ("doi",),
    "url": ("url",),
    "language": ("langid", "language"),
    "keywords": ("keywords",),
}


def csl_json(sources: Iterable[Source], language: str) -> Report:
    """Return sources as CSL-JSON, which Zotero, Mendeley and Pandoc read."""
    return Report(lambda: (), lambda: [citations.csl_item(source) for source in sources], language=language)


def records(sources: Sequence[Source], tags: Mapping[str, Sequence[str]], language: str) -> Report:
    """Return sources as a table; as rows, with all that a spreadsheet may want to sort by. JSON is CSL-JSON."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        columns = (
            Column(say("Author")),
            Column(say("Year")),
            Column(say("Title")),
            Column(say("In")),
            Column(say("Key")),
        )
        lines = tuple((_people(one), one.year, one.title, _container(one), one.key) for one in sources)
        n = say.many("{count} source", "{count} sources", len(sources), count=number(len(sources), say))
        yield Heading(text(say("Sources")), 1)
        yield Table(columns, lines, (), text(n))

    def rows() -> Rows:
        head = ["key", "type", "authors", "year", "title", "container", *_COLUMNS, "themes", "path", "line"]
        return head, (
            (
                one.key,
                one.type,
                _people(one),
                one.year,
                one.title,
                one.container,
                *(one.get(*fields) for fields in _COLUMNS.values()),
                " ".join(tags.get(one.key, ())),
                one.location.path,
                one.location.line,
            )
            for one in sources
        )

    return Report(blocks, csl_json(sources, language).data, rows, say("Sources"), language)


def _people(source: Source) -> str:
    return "; ".join(names.display(person) for person in source.authors)


def _container(source: Source) -> str:
    return source.container or source.get("publisher", "institution", "school", "organization")


# One citation, and the styles -------------------------------------------------------------------------------------------


def citation(finding: Cited, language: str) -> Report:
    """Return how something is cited: for Pandoc, in running text, and in the list of references."""

    def blocks() -> Iterator[Block]:
        yield Paragraph(text(finding.markdown))
        yield Paragraph(text(finding.text))
        for key, reference in finding.references.items():
            yield Reference(key, reference)

    def data() -> object:
        pairs = zip(finding.keys, finding.locators, strict=True)
        return {
            "citations": [{"key": key, "locator": locator} for key, locator in pairs],
            "markdown": finding.markdown,
            "text": finding.text,
            "references": [{"key": key, "text": plain(runs)} for key, runs in finding.references.items()],
        }

    return Report(blocks, data, title=finding.markdown, language=language)


def styles(found: Sequence[tuple[str, str]], language: str) -> Report:
    """Return citation styles as a list of name and title."""
    say = i18n.language(language)
    return Report(
        lambda: (Table((Column(say("Name")), Column(say("Title"))), tuple(found)),),
        lambda: [{"name": name, "title": title} for name, title in found],
        lambda: (["name", "title"], found),
        say("Citation styles"),
        language,
    )
