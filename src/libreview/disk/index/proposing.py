"""What a query may have meant that finds nothing: the parts that nothing fits, each with what the review has in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from libreview.disk.index.asking import Meant, ground
from libreview.disk.index.opening import Index
from libreview.disk.index.selecting import Condition, Ground, Themes, for_excerpts, for_notes, for_sources
from libreview.disk.index.storing import unpack
from libreview.texts.folding import fold
from libreview.texts.query import All, Leaf, Noted, Part, Phrase, Query, Range, Term, Word, leaves
from libreview.value import Value, replace
from libreview.words.rooms import load

__all__ = ["fields", "near"]

_QUOTED = re.compile(r"[\s,()=]").search
_LIKENESS = "libreview.texts.likeness"
"""Needed only when something is misspelt."""
_MOST = 5
"""So many parts of a query are looked into."""
_MOST_NAMES = 12
"""So many fields of note cards are named."""
_NEAR_YEARS = 3
"""A year so far away may have been meant."""


class _Miss(Value, frozen=True):
    """A ``value`` that nothing fits, as it stands behind ``before`` in the query, and what the review has in that place."""

    before: str
    value: str
    choices: tuple[str, ...]


def fields(index: Index, name: str = "") -> tuple[str, ...]:
    """Return the names of the fields that sources have; with ``name`` that name alone if some source has it."""
    if name:
        sql = "SELECT 1 FROM content WHERE instr(data, ?) > 0 LIMIT 1"
        return (name,) if index.execute(sql, (f'"{name}":',)).fetchone() else ()
    found: dict[str, None] = {}
    for (data,) in index.execute("SELECT data FROM content"):
        _, written, differing, _, _ = unpack(data)
        found.update(dict.fromkeys(written))
        found.update(dict.fromkeys(differing))
    return tuple(found)


def _any(index: Index, table: str, condition: Condition) -> bool:
    return (
        index.execute(f"SELECT 1 FROM {table} WHERE {condition.sql} LIMIT 1", condition.arguments).fetchone()
        is not None
    )


def _found(index: Index, query: Part, asked: Ground) -> bool:
    return (
        _any(index, "excerpt e", for_excerpts(query, asked))
        or _any(index, "source s", for_sources(query, asked))
        or _any(index, "note n", for_notes(query, asked))
    )


def near(index: Index, query: Query, themes: Themes) -> Meant:
    """Return what ``query`` may have meant if it selects nothing; nothing if it selects something."""
    asked = ground(index, themes)
    if not query.parts or _found(index, query, asked):
        return Meant()
    found: dict[str, None] = {}
    meant = Meant()
    for miss in _misses(index, query, asked):
        names = [name for name in miss.choices if name != miss.value]
        if miss.before == "year:":
            alike = _nearest_year(names, miss.value)
            meant = replace(meant, years=_ends(names))
        else:
            alike = load(_LIKENESS).near(miss.value, names, 1)
            if miss.before == "note:" and not meant.field:
                meant = replace(meant, field=miss.value, fields=tuple(sorted(names))[:_MOST_NAMES])
        found.update((miss.before + (f'"{one}"' if _QUOTED(one) else one), None) for one in alike)
    return replace(meant, terms=tuple(found))


def _years(names: Iterable[str]) -> list[int]:
    return sorted(int(one) for one in names if one.isascii() and one.isdecimal())


def _ends(names: Iterable[str]) -> tuple[str, str]:
    """Return the first and the last year; empty if there is none."""
    years = _years(names)
    return (str(years[0]), str(years[-1])) if years else ("", "")


def _nearest_year(names: Iterable[str], year: str) -> tuple[str, ...]:
    """Return the year that is nearest, if it is so near that a finger may have slipped; none for a range."""
    known = [one for one in _years(names) if year.isdecimal() and abs(one - int(year)) <= _NEAR_YEARS]
    return (str(min(known, key=lambda one: abs(one - int(year)))),) if known else ()


def _misses(index: Index, query: Query, asked: Ground) -> Iterator[_Miss]:
    """Yield the parts of ``query`` that nothing in the review fits, value by value."""
    parts = [part for part, turned in leaves(query) if not turned and not isinstance(part, Phrase)]
    for part in parts[:_MOST]:
        if isinstance(part, Noted) and not _is_field(index, part.name):
            part = Noted(part.name)  # noqa: PLW2901
        for before, value, alone in _alone(part):
            if not _found(index, All((alone,)), asked):
                choices = dict.fromkeys(choice for choice in _choices(index, alone) if choice)
                yield _Miss(before, value, tuple(choices))


def _is_field(index: Index, name: str) -> bool:
    return index.execute("SELECT 1 FROM card_field WHERE name = ? LIMIT 1", (name,)).fetchone() is not None


def _alone(part: Leaf) -> Iterator[tuple[str, str, Leaf]]:
    """Yield each value of ``part`` as a part of its own, with what stands before it."""
    if isinstance(part, Word):
        yield "", part.text, part
    elif isinstance(part, Range):
        yield "year:", f"{part.low}..{part.high}", part
    elif isinstance(part, Noted) and not part.values:
        yield "note:", part.name, part
    elif isinstance(part, Noted):
        for value in part.values[:_MOST]:
            yield f"note:{part.name}={'=' * part.exact}", value, Noted(part.name, (value,), part.exact)
    elif isinstance(part, Term):
        for value in part.values[:_MOST]:
            yield f"{part.field}:{'=' * part.exact}", value, Term(part.field, (value,), part.exact)


_COLUMNS = {
    "type": "SELECT DISTINCT type FROM source",
    "lang": "SELECT DISTINCT lang FROM source",
    "year": "SELECT DISTINCT year FROM source",
    "coder": "SELECT coder FROM note UNION SELECT coder FROM coding",
    "id": "SELECT name FROM excerpt WHERE name IS NOT NULL",
    "key": "SELECT key FROM source UNION SELECT alias FROM former",
    "source": "SELECT key FROM source UNION SELECT alias FROM former",
    "cites": "SELECT key FROM source UNION SELECT alias FROM former UNION SELECT key FROM cited UNION SELECT key FROM mention",
}


def _first(index: Index, sql: str, *arguments: str) -> list[str]:
    return [value for (value,) in index.execute(sql, arguments)]


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in text.split():
            yield word.strip(".,:;!?()[]{}\"'")


def _choices(index: Index, part: Leaf) -> Iterable[str]:
    """Return what the review has in the place of the one value of ``part``."""
    if isinstance(part, Word):
        return _vocabulary(index)
    if isinstance(part, Range):
        return _first(index, _COLUMNS["year"])
    if isinstance(part, Noted):
        if not part.values:
            return _first(index, "SELECT DISTINCT name FROM card_field")
        values = _first(index, "SELECT DISTINCT value FROM card_field WHERE name = ?", part.name)
        return values if part.exact else [*values, *_words(values)]
    if not isinstance(part, Term) or part.field in ("has", "theme", "kind", "screening"):
        return ()
    if part.field in _COLUMNS:
        return _first(index, _COLUMNS[part.field])
    if part.field == "author":
        return _words(_first(index, "SELECT names FROM source"))
    texts = _titles(index) if part.field == "title" else _values(index, part.field)
    return texts if part.exact else _words(texts)


def _titles(index: Index) -> list[str]:
    return [fold(title) for title in _first(index, "SELECT title FROM source")]


def _values(index: Index, name: str) -> list[str]:
    """Return what sources have in a field of the bibliography, folded."""
    found: list[str] = []
    for data in _first(index, "SELECT data FROM content WHERE instr(data, ?) > 0", f'"{name}":'):
        _, written, differing, _, _ = unpack(data)
        found.append(fold(differing.get(name) or written.get(name, "")))
    return found


def _vocabulary(index: Index) -> list[str]:
    """Return every word of sources, excerpts and annotations, folded."""
    found: list[str] = []
    for table in ("source_text", "excerpt_text", "note_text"):
        index.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_words USING fts5vocab('main', '{table}', 'row')"
        )
        found.extend(_first(index, f"SELECT term FROM temp.{table}_words"))
    return found
