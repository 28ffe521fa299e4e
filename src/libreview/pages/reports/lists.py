"""Lists: of sources, and of what a search found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from libreview.model import Codebook
from libreview.pages.reports.wording import number
from libreview.texts.folding import fold
from libreview.value import decode, encode
from libreview.words import i18n
from libreview.words.authors import together, worded
from libreview.words.blocks import Block, Cell, Column, Listing, Paragraph, Report, Run, Table, Text, text
from libreview.words.rooms import load
from libreview.words.safe import safe_json

__all__ = ["Hit", "Listed", "hits", "sources"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_SUMMARIES = "libreview.findings.summaries"
"""Needed only for the themes of a list as data."""


class Listed(Protocol):
    """A source as a line of a list (`libreview.disk.index.Listed` is one); ``names`` are families, one a line."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def names(self) -> str: ...
    @property
    def year(self) -> str: ...
    @property
    def excerpts(self) -> int: ...


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
    listing: Callable[[], Sequence[Listed]],
    records: Callable[[], Sequence[tuple[str, str, str]]],
    lines: Callable[[], str],
    language: str,
    *,
    total: Callable[[], int],
    codebook: Callable[[], Codebook],
    numbered: bool = False,
) -> Report:
    """Return the list of sources. What is given here is called only when it is drawn.

    ``listing`` gives the sources row by row, ``records`` as JSON in two pieces with the tags of their excerpts between,
    ``lines`` as text in which authors are named as `words.authors.together` leaves them; ``total`` is how many sources the
    review has; ``codebook`` resolves aliases among the themes; ``numbered`` lines can be named by their number afterwards.
    """
    say = i18n.language(language)

    def cells(finding: Sequence[Listed]) -> Iterator[tuple[str, str, str, str, int]]:
        for row in finding:
            yield row.key, worded(together(row.names.split("\n")), say), row.year, row.title, row.excerpts

    def blocks() -> Iterator[Block]:
        finding = listing()
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
        drawn: tuple[tuple[Cell, ...], ...] = tuple(cells(finding))
        if numbered:
            columns = (Column(say("No."), "right"), *columns)
            drawn = tuple((at, *line) for at, line in enumerate(drawn, 1))
        n = number(len(finding), say)
        whole = total()
        if whole == len(finding):
            note = say.many("{count} source", "{count} sources", len(finding), count=n)
        else:
            note = say("{count} of {total} sources", count=n, total=number(whole, say))
        yield Table(columns, drawn, (), text(note))

    def rows() -> Rows:
        return ["key", "author", "year", "title", "excerpts"], cells(listing())

    def ready() -> str:
        return _records(records(), codebook)

    def data() -> object:
        return decode(f"[{ready().replace(chr(10), ',')}]", list[object])

    return Report(blocks, data, rows, say("Sources"), language, lambda: worded(lines(), say), ready)


def _records(found: Sequence[tuple[str, str, str]], codebook: Callable[[], Codebook]) -> str:
    """Return the sources as JSON, a line each, each with the themes that its excerpts carry."""
    tags = {one for _, one, _ in found if one}
    known: Mapping[str, str] = load(_SUMMARIES).names(codebook()) if tags else {}
    themes = {
        one: safe_json(encode(list(dict.fromkeys(known.get(tag, tag) for tag in one.split()))).decode()) for one in tags
    }
    return "\n".join([f'{begin}"themes":{themes[tags] if tags else "[]"},{end}' for begin, tags, end in found])


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
