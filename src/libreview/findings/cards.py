"""One thing with all that is known of it: a source, an excerpt, a theme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.findings.summaries import ThemeRow, frequency
from libreview.model import Codebook, Decision, Excerpt, Note, Problem, Source, Theme
from libreview.value import Value
from libreview.words.blocks import Text

__all__ = [
    "ExcerptCard",
    "SourceCard",
    "ThemeCard",
    "by_page",
    "excerpt_card",
    "resolved",
    "source_card",
    "theme_card",
]


class SourceCard(Value, frozen=True):
    """A source: its formatted reference, problems, annotation, its excerpts by page, other notes that cite it, how it was screened."""

    source: Source
    reference: Text
    problems: tuple[Problem, ...]
    annotation: str
    fields: Mapping[str, str]
    excerpts: tuple[Excerpt, ...]
    cards: tuple[str, ...]
    other_notes: tuple[str, ...]
    themes: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()


class ExcerptCard(Value, frozen=True):
    """An excerpt with the sources it cites and its themes as the codebook names them."""

    excerpt: Excerpt
    sources: Mapping[str, Source]
    themes: tuple[Theme, ...]


class ThemeCard(Value, frozen=True):
    """A theme with its counts, the themes above it (the nearest last), those right below it, and its example excerpts."""

    row: ThemeRow
    above: tuple[Theme, ...]
    below: tuple[ThemeRow, ...]
    examples: tuple[Excerpt, ...]
    sources: Mapping[str, Source]


def resolved(excerpt: Excerpt, codebook: Codebook) -> tuple[str, ...]:
    """Return the excerpt's themes as the codebook names them, each once; tags that are not in it stay as they are."""
    return tuple(dict.fromkeys(codebook.resolve(tag) or tag for tag in excerpt.coded))


_NUMBER = re.compile(r"\d{1,9}")


def by_page(excerpt: Excerpt, key: str) -> tuple[int, tuple[int, ...], str, int]:
    """Return a sort key: where in the source ``key`` the excerpt stands; pages first, places without number last."""
    locator = next((one.locator for one in excerpt.citations if one.key == key and one.locator.text), None)
    numbers = tuple(int(number) for number in _NUMBER.findall(locator.value)[:8]) if locator else ()
    rank = 2 if not numbers else 0 if locator and locator.label == "page" else 1
    return (rank, numbers, excerpt.location.path, excerpt.location.start)


def source_card(
    source: Source,
    cards: Iterable[Note],
    excerpts: Iterable[Excerpt],
    codebook: Codebook,
    problems: Iterable[Problem] = (),
    reference: Text = (),
    decisions: Sequence[Decision] = (),
) -> SourceCard:
    """Return all that is known of ``source``.

    ``cards`` are its note cards, ``excerpts`` those that cite it, wherever they stand; ``problems`` may be those of the
    whole review, ``decisions`` are those on the source, the one that counts last.
    """
    fields: dict[str, str] = {}
    annotation = ""
    paths: dict[str, None] = {}
    for card in cards:
        paths[card.path] = None
        fields = {name: value for name, value in card.fields.items() if name != "source" and value} | fields
        annotation = annotation or card.annotation
    sorted_excerpts = sorted(excerpts, key=lambda excerpt: by_page(excerpt, source.key))
    others = dict.fromkeys(one.location.path for one in sorted_excerpts if one.location.path not in paths)
    place = source.location
    mine = tuple(
        problem
        for problem in problems
        if problem.location.path in paths
        or problem.subject == source.key
        or (problem.location.path == place.path and place.start <= problem.location.start < place.end)
    )
    tags = {tag: codebook.resolve(tag) or tag for excerpt in sorted_excerpts for tag in excerpt.coded}
    return SourceCard(
        source, reference, mine, annotation, fields, tuple(sorted_excerpts), tuple(paths), tuple(sorted(others)), tags,
        tuple(decisions),
    )  # fmt: skip


def excerpt_card(excerpt: Excerpt, sources: Mapping[str, Source], codebook: Codebook) -> ExcerptCard:
    """Return all that is known of ``excerpt``."""
    themes = tuple(codebook.themes.get(id) or Theme(id) for id in resolved(excerpt, codebook))
    return ExcerptCard(excerpt, sources, themes)


def theme_card(
    theme: Theme,
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
) -> ThemeCard:
    """Return all that is known of ``theme``."""
    rows = {row.theme.id: row for row in frequency(excerpts, codebook, in_review).rows}
    above: dict[str, Theme] = {}
    here = theme
    while here.parent in codebook.themes and here.parent not in above and here.parent != theme.id:
        here = codebook.themes[here.parent]
        above[here.id] = here
    below = tuple(rows[child] for child in codebook.children(theme.id) if child != theme.id)
    wanted = {excerpt.id: excerpt for excerpt in excerpts if excerpt.id in theme.examples}
    examples = tuple(wanted[id] for id in theme.examples if id in wanted)
    return ThemeCard(rows.get(theme.id) or ThemeRow(theme), tuple(reversed(above.values())), below, examples, sources)
