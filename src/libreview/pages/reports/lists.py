"""Lists: of sources, and of what a search found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from libreview.model import OTHERS, Codebook
from libreview.pages.reports.wording import families, number
from libreview.texts.folding import fold
from libreview.words import i18n
from libreview.words.blocks import Block, Cell, Column, Listing, Paragraph, Report, Run, Table, Text, text
from libreview.words.rooms import load

__all__ = ["Hit", "Listed", "hits", "sources"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_SUMMARIES = "libreview.findings.summaries"
"""Needed only for the themes of a list as data."""


class Listed(Protocol):
    """A source as a line of a list (`libreview.disk.index.Listed` is one); ``names`` are families, one a line; ``people`` is JSON:

    for each author family, given, particle, suffix, literal; ``tags`` are the themes with spaces between.
    """

    @property
    def key(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def names(self) -> str: ...
    @property
    def people(self) -> str: ...
    @property
    def year(self) -> str: ...
    @property
    def container(self) -> str: ...
    @property
    def doi(self) -> str: ...
    @property
    def tags(self) -> str: ...
    @property
    def themes(self) -> Sequence[str]: ...
    @property
    def excerpts(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...


class Hit(Protocol):
    """A place that a search found (`libreview.disk.index.Hit` is one)."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def locator(self) -> str: ...
    @property
    def snippet(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...


def sources(
    finding: Sequence[Listed],
    language: str,
    total: int | None = None,
    codebook: Codebook | None = None,
    *,
    numbered: bool = False,
) -> Report:
    """Return the list of sources.

    ``total`` is how many the review has if ``finding`` is a selection; ``codebook`` resolves aliases among the themes;
    ``numbered`` lines can be named by their number afterwards.
    """
    say = i18n.language(language)

    def lines() -> Iterator[tuple[str, str, str, str, int]]:
        for row in finding:
            names = row.names
            yield (
                row.key,
                families(names.split("\n"), say) if "\n" in names else names,
                row.year,
                row.title,
                row.excerpts,
            )

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("No source here.")))
            return
        columns: tuple[Column, ...] = (
            Column(say("Key")),
            Column(say("Author")),
            Column(say("Year")),
            Column(say("Title")),
            Column(say("Excerpts"), "right"),
        )
        drawn: tuple[tuple[Cell, ...], ...] = tuple(lines())
        if numbered:
            columns = (Column(say("No."), "right"), *columns)
            drawn = tuple((at, *line) for at, line in enumerate(drawn, 1))
        n = number(len(finding), say)
        if total is None or total == len(finding):
            note = say.many("{count} source", "{count} sources", len(finding), count=n)
        else:
            note = say("{count} of {total} sources", count=n, total=number(total, say))
        yield Table(columns, drawn, (), text(note))

    def data() -> object:
        return _source_data(finding, codebook)

    def rows() -> Rows:
        return ["key", "author", "year", "title", "excerpts"], lines()

    return Report(blocks, data, rows, say("Sources"), language)


def _source_data(finding: Sequence[Listed], codebook: Codebook | None) -> list[dict[str, object]]:
    known: Mapping[str, str] = load(_SUMMARIES).names(codebook) if codebook else {}
    people = json.loads(f"[{','.join(row.people for row in finding)}]")
    return [
        {
            "key": row.key,
            "type": row.type,
            "title": row.title,
            "authors": [
                {"family": literal or (f"{particle} {family}" if particle else family), "given": given}
                for family, given, particle, _, literal in authors
                if literal != OTHERS.literal
            ],
            "year": row.year,
            "container": row.container,
            "doi": row.doi,
            "themes": list(dict.fromkeys(known.get(tag, tag) for tag in row.themes)) if row.tags else [],
            "excerpts": row.excerpts,
            "path": row.path,
            "line": row.line,
        }
        for row, authors in zip(finding, people, strict=True)
    ]


def _marked(snippet: str, words: Sequence[str]) -> Text:
    """Return ``snippet`` with the words that were looked for set strong, where folding keeps places."""
    folded = fold(snippet)
    if len(folded) != len(snippet):
        return text(snippet)
    spans = []
    for word in dict.fromkeys(fold(one) for one in words if one):
        at = folded.find(word)
        while word and at >= 0:
            spans.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    runs: list[Run | str] = []
    here = 0
    for begin, end in sorted(spans):
        if begin >= here:
            runs += [snippet[here:begin], Run(snippet[begin:end], ("strong",))]
            here = end
    return text(*runs, snippet[here:])


def hits(finding: Sequence[Hit], language: str, words: Sequence[str] = ()) -> Report:
    """Return what a search for ``words`` found."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("Nothing found.")))
            return
        items = []
        for hit in finding:
            name = ", ".join(part for part in (hit.key, hit.locator) if part)
            place = f"{hit.path}:{hit.line}" + (f" ^{hit.id}" if hit.id else "")
            head = text(Run(name, ("strong",)) if name else "", "  " if name else "", Run(place, ("dim",)))
            items.append((Paragraph(head), Paragraph(_marked(hit.snippet, words))))
        yield Listing(tuple(items))

    def data() -> object:
        return [
            {
                "kind": hit.kind,
                "key": hit.key,
                "id": hit.id,
                "locator": hit.locator,
                "snippet": hit.snippet,
                "path": hit.path,
                "line": hit.line,
            }
            for hit in finding
        ]

    def rows() -> Rows:
        head = ["kind", "key", "id", "locator", "snippet", "path", "line"]
        return head, ((hit.kind, hit.key, hit.id, hit.locator, hit.snippet, hit.path, hit.line) for hit in finding)

    return Report(blocks, data, rows, say("Search"), language)
