"""The selection language in SQL: one condition for sources, one for excerpts, one for notes.

Terms on excerpts select excerpts, and the sources that have such an excerpt; terms on sources hold for their excerpts.
Everything a user typed is a parameter, never part of a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from libreview.texts.folding import fold
from libreview.texts.query import Not, Part, Phrase, Query, Range, Term, Word
from libreview.value import Value

__all__ = [
    "EXCERPT_FIELDS",
    "Condition",
    "Themes",
    "for_excerpts",
    "for_notes",
    "for_places",
    "for_sources",
    "matching",
]

Themes = Callable[[str, bool], Sequence[str]]
"""Gives the tags that a theme's name stands for: its id and aliases and, unless told ``exact``, those below it."""

EXCERPT_FIELDS = frozenset({"theme", "coder", "kind", "id"})

_LANGUAGES = {
    "id": ("id", "ind", "indonesian", "bahasa", "bahasai", "id-id"),
    "en": ("en", "eng", "english", "american", "british", "usenglish", "ukenglish", "en-us", "en-gb"),
    "de": ("de", "ger", "deu", "german", "ngerman", "austrian", "naustrian", "swissgerman", "nswissgerman", "de-de"),
    "nl": ("nl", "dutch"),
    "fr": ("fr", "french"),
    "ms": ("ms", "malay", "bahasam"),
}


class Condition(Value, frozen=True):
    """A piece of SQL that is true or false for a row, and its parameters."""

    sql: str = "1"
    arguments: tuple[str | int, ...] = ()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _join(conditions: list[Condition]) -> Condition:
    if not conditions:
        return Condition()
    sql = " AND ".join(f"({one.sql})" for one in conditions)
    return Condition(sql, tuple(value for one in conditions for value in one.arguments))


def matching(part: Word | Phrase) -> str:
    """Return the full-text query for a word (as a beginning) or for words in order (exactly); empty: nothing to look for."""
    words = "".join(char if char.isalnum() or not char.isascii() else " " for char in fold(part.text)).split()
    if not words:
        return ""
    quoted = '"' + " ".join(words) + '"'
    return quoted + "*" if isinstance(part, Word) else quoted


def _with_theme(part: Term, themes: Themes) -> Condition:
    tags = [tag for value in part.values for tag in themes(value, part.exact)]
    marks = _marks(tags)
    sql = (
        f"SELECT excerpt FROM coded WHERE theme IN ({marks}) UNION"
        f" SELECT e2.id FROM coding_theme ct JOIN coding g ON g.id = ct.coding JOIN excerpt e2 ON e2.name = g.name"
        f" WHERE ct.theme IN ({marks})"
    )
    return Condition(sql, (*tags, *tags))


def _excerpt_term(part: Term, themes: Themes) -> Condition:
    values = tuple(value.removeprefix("^").lower() if part.field == "id" else value for value in part.values)
    marks = _marks(values)
    if part.field == "theme":
        one = _with_theme(part, themes)
        return Condition(f"e.id IN ({one.sql})", one.arguments)
    if part.field == "coder":
        return Condition(
            f"e.coder IN ({marks}) OR e.name IN (SELECT name FROM coding WHERE coder IN ({marks}))", values * 2
        )
    column = "e.kind" if part.field == "kind" else "e.name"
    return Condition(f"{column} IN ({marks})", values)


def _source_term(part: Term) -> Condition:
    folded = tuple(fold(value) for value in part.values)
    if part.field in ("key", "source"):
        marks = _marks(part.values)
        return Condition(
            f"s.key IN ({marks}) OR s.id IN (SELECT source FROM former WHERE alias IN ({marks}))", part.values * 2
        )
    if part.field == "year":
        return Condition(f"s.year IN ({_marks(part.values)})", part.values)
    if part.field == "type":
        return Condition(f"lower(s.type) IN ({_marks(folded)})", folded)
    if part.field == "lang":
        codes = tuple(code for value in folded for code in _LANGUAGES.get(value, (value,)))
        return Condition(f"s.lang IN ({_marks(codes)})", codes)
    column = "s.names" if part.field == "author" else "fold(s.title)"
    return Condition(" OR ".join([f"instr({column}, ?) > 0"] * len(folded)), folded)


def _range(part: Range) -> Condition:
    low = int(part.low) if part.low else -1_000_000
    high = int(part.high) if part.high else 1_000_000
    return Condition("s.year <> '' AND CAST(s.year AS INTEGER) BETWEEN ? AND ?", (low, high))


def _text(part: Word | Phrase, table: str, column: str) -> Condition:
    match = matching(part)
    if not match:
        return Condition("0")
    return Condition(f"{column} IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", (match,))


def _source_part(part: Part, themes: Themes, cited: str) -> Condition:
    if isinstance(part, Not):
        one = _source_part(part.part, themes, cited)
        return Condition(f"NOT ({one.sql})", one.arguments)
    if isinstance(part, (Word, Phrase)):
        return _text(part, "source_text", "s.id")
    if isinstance(part, Range):
        return _range(part)
    if part.field in EXCERPT_FIELDS:
        one = _excerpt_term(part, themes)
        return Condition(
            f"s.key IN (SELECT c.key FROM {cited} c JOIN excerpt e ON e.id = c.excerpt WHERE {one.sql})", one.arguments
        )
    return _source_term(part)


def for_sources(query: Query, themes: Themes, cited: str) -> Condition:
    """Return the condition on ``source s``; ``cited`` is the table or view that says which excerpt cites which key."""
    return _join([_source_part(part, themes, cited) for part in query.parts])


def for_places(query: Query, themes: Themes, cited: str) -> Condition:
    """Return the condition on ``place p``; the source itself is looked at only where the query asks for more than words."""
    words = [part for part in query.parts if isinstance(part, (Word, Phrase))]
    conditions = [_text(part, "source_text", "p.source") for part in words]
    more = [part for part in query.parts if part not in words]
    if more:
        one = _join([_source_part(part, themes, cited) for part in more])
        conditions.append(Condition(f"p.source IN (SELECT s.id FROM source s WHERE {one.sql})", one.arguments))
    return _join(conditions)


def _excerpt_part(part: Part, themes: Themes, cited: str) -> Condition:
    if isinstance(part, Not):
        one = _excerpt_part(part.part, themes, cited)
        return Condition(f"NOT ({one.sql})", one.arguments)
    if isinstance(part, (Word, Phrase)):
        return _text(part, "excerpt_text", "e.id")
    if isinstance(part, Term) and part.field in EXCERPT_FIELDS:
        return _excerpt_term(part, themes)
    if isinstance(part, Term) and part.field in ("key", "source"):
        marks = _marks(part.values)
        return Condition(f"e.id IN (SELECT excerpt FROM {cited} WHERE key IN ({marks}))", part.values)
    one = _range(part) if isinstance(part, Range) else _source_term(part)
    return Condition(
        f"e.id IN (SELECT c.excerpt FROM {cited} c JOIN source s ON s.key = c.key WHERE {one.sql})", one.arguments
    )


def for_excerpts(query: Query, themes: Themes, cited: str) -> Condition:
    """Return the condition on ``excerpt e``."""
    return _join([_excerpt_part(part, themes, cited) for part in query.parts])


def for_notes(query: Query) -> Condition:
    """Return the condition on ``note n`` (its annotation and the source it is the card of); terms on excerpts hold for none."""
    conditions = []
    for part in query.parts:
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, (Word, Phrase)):
            one = _text(inner, "note_text", "n.id")
        elif isinstance(inner, Term) and inner.field in EXCERPT_FIELDS:
            one = Condition("0")
        else:
            about = _range(inner) if isinstance(inner, Range) else _source_term(inner)
            one = Condition(f"n.source IN (SELECT s.key FROM source s WHERE {about.sql})", about.arguments)
        conditions.append(Condition(f"NOT ({one.sql})", one.arguments) if isinstance(part, Not) else one)
    return _join(conditions)
