"""The selection language in SQL: one condition for sources, one for excerpts, one for notes.

Terms on excerpts select excerpts, and the sources that have such an excerpt; terms on sources hold for their excerpts.
Everything a user typed is a parameter, never part of a statement. What can be unknown to SQL is never compared, so that
``NOT`` means what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from libreview.disk.index.storing import pack
from libreview.texts.folding import fold
from libreview.texts.query import All, Any, Leaf, Not, Noted, Part, Phrase, Query, Range, Term, Word, leaves
from libreview.value import Value

__all__ = [
    "Condition",
    "Ground",
    "Themes",
    "about_excerpts",
    "for_counted",
    "for_excerpts",
    "for_notes",
    "for_places",
    "for_sources",
    "matching",
]

Themes = Callable[[str, bool], Sequence[str]]
"""Gives the tags that a theme's name stands for: its id and aliases and, unless told ``exact``, those below it."""

_EXCERPT_FIELDS = frozenset({"theme", "coder", "kind", "id"})

_LANGUAGES = {
    "id": ("id", "ind", "indonesian", "bahasa", "bahasai", "id-id"),
    "en": ("en", "eng", "english", "american", "british", "usenglish", "ukenglish", "en-us", "en-gb"),
    "de": ("de", "ger", "deu", "german", "ngerman", "austrian", "naustrian", "swissgerman", "nswissgerman", "de-de"),
    "nl": ("nl", "dutch"),
    "fr": ("fr", "french"),
    "ms": ("ms", "malay", "bahasam"),
}

_SAME: dict[str, tuple[str, ...]] = {
    name: names
    for names in (("journaltitle", "journal"), ("location", "address"), ("institution", "school"))
    for name in names
}
"""Fields that BibTeX and biblatex call by different names."""

_FEW = 20
"""So many values stand in a statement one by one; more are one parameter, since SQLite takes only so many."""


class Condition(Value, frozen=True):
    """A piece of SQL that is true or false for a row, and its parameters."""

    sql: str = "1"
    arguments: tuple[str | int, ...] = ()


class Ground(Value, frozen=True):
    """What a query is asked of: the tags of themes, and whether the review has ``former`` keys that stand for present ones."""

    themes: Themes
    former: bool = False

    @property
    def cited(self) -> str:
        """The table or view that says which excerpt cites which source."""
        return "citing" if self.former else "cited"

    @property
    def card(self) -> str:
        """The view that says which note is the card of which source."""
        return "carding" if self.former else "card"

    @property
    def screened(self) -> str:
        """The view that says which decision counts for which source: the last one, under its present key if there is any."""
        return "screening" if self.former else "screened"


def _every(conditions: Sequence[Condition], between: str = " AND ") -> Condition:
    if not conditions:
        return Condition()
    sql = between.join(f"({one.sql})" for one in conditions)
    return Condition(sql, tuple(value for one in conditions for value in one.arguments))


def _about(sql: str, one: Condition) -> Condition:
    """Return ``sql`` with the condition ``one`` put where ``{}`` stands."""
    return Condition(sql.replace("{}", one.sql), one.arguments)


def _among(column: str, values: Sequence[str]) -> Condition:
    if len(values) > _FEW:
        return Condition(f"{column} IN (SELECT value FROM json_each(?))", (pack(values),))
    return Condition(f"{column} IN ({','.join('?' * len(values))})", tuple(values))


def _holds(column: str, values: Sequence[str], *, exact: bool) -> Condition:
    """Return that the folded text in ``column`` is (``exact``) or holds one of ``values``."""
    folded = [fold(value) for value in values]
    if exact:
        return _among(column, folded)
    if len(folded) == 1:
        return Condition(f"instr({column}, ?) > 0", (folded[0],))
    return Condition(f"EXISTS (SELECT 1 FROM json_each(?) j WHERE instr({column}, j.value) > 0)", (pack(folded),))


def matching(part: Word | Phrase) -> str:
    """Return the full-text query for a word (as a beginning) or for words in order (exactly); empty: nothing to look for."""
    words = "".join(char if char.isalnum() or not char.isascii() else " " for char in fold(part.text)).split()
    if not words:
        return ""
    quoted = '"' + " ".join(words) + '"'
    return quoted + "*" if isinstance(part, Word) else quoted


def _text(part: Word | Phrase, table: str, column: str) -> Condition:
    match = matching(part)
    if not match:
        return Condition("0")
    return Condition(f"{column} IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", (match,))


def about_excerpts(query: Query) -> bool:
    """Tell whether ``query`` asks for something that only excerpts have."""
    return any(isinstance(part, Term) and _of_excerpts(part) for part, _ in leaves(query))


def _of_excerpts(part: Term) -> bool:
    return part.field in _EXCERPT_FIELDS or (part.field == "has" and part.values == ("theme",))


# What each part asks of an excerpt, of a source, of a note -----------------------------------------------------------


def _with_theme(part: Term, ground: Ground) -> Condition:
    """Return which excerpts carry a theme, whoever gave it: as the statement that selects their numbers."""
    if part.field == "has":
        tagged = Condition("t.theme <> 'none'")
    else:
        tagged = _among("t.theme", [tag for value in part.values for tag in ground.themes(value, part.exact)])
    own = _about("SELECT t.excerpt FROM coded t WHERE {}", tagged)
    further = _about(
        "SELECT e2.id FROM coding_theme t JOIN coding g ON g.id = t.coding JOIN excerpt e2 ON e2.name = g.name WHERE {}",
        tagged,
    )
    return Condition(f"{own.sql} UNION {further.sql}", own.arguments + further.arguments)


def _excerpt_term(part: Term, ground: Ground) -> Condition:
    if part.field in ("theme", "has"):
        return _about("e.id IN ({})", _with_theme(part, ground))
    if part.field == "coder":
        named = _about(
            "e.name IS NOT NULL AND e.name IN (SELECT name FROM coding WHERE {})", _among("coder", part.values)
        )
        return _every([_among("e.coder", part.values), named], " OR ")
    if part.field == "kind":
        return _among("e.kind", part.values)
    return _about(
        "e.name IS NOT NULL AND {}", _among("e.name", [value.removeprefix("^").lower() for value in part.values])
    )


def _spelt(column: str, keys: Sequence[str], ground: Ground) -> Condition:
    """Return that ``column`` is one of ``keys`` or another key, present or former, of their sources."""
    if not ground.former:
        return _among(column, keys)
    present = (
        f"SELECT s.id FROM source s WHERE {_among('s.key', keys).sql} UNION"
        f" SELECT f.source FROM former f WHERE {_among('f.alias', keys).sql}"
    )
    given = _among("", keys).arguments
    return Condition(
        f"{_among(column, keys).sql} OR {column} IN (SELECT s.key FROM source s WHERE s.id IN ({present}))"
        f" OR {column} IN (SELECT f.alias FROM former f WHERE f.source IN ({present})"
        " AND NOT EXISTS (SELECT 1 FROM source x WHERE x.key = f.alias))",
        given * 5,
    )


def _citing(part: Term, ground: Ground) -> Condition:
    """Return which excerpts cite a key, in their attribution or in their words: as the statement that selects their numbers."""
    key = _spelt("key", part.values, ground)
    return Condition(
        f"SELECT excerpt FROM cited WHERE {key.sql} UNION SELECT excerpt FROM mention WHERE {key.sql}",
        key.arguments * 2,
    )


def _noted(part: Noted) -> Condition:
    """Return which notes have a field: as the statement that selects their numbers."""
    if not part.values:
        return Condition("SELECT note FROM card_field WHERE name = ? AND value <> ''", (part.name,))
    one = _holds("f.value", part.values, exact=part.exact)
    return Condition(f"SELECT f.note FROM card_field f WHERE f.name = ? AND {one.sql}", (part.name, *one.arguments))


def _bib(part: Term) -> Condition:
    """Return that a source has a field of the bibliography, or one of these values in it."""
    asked_for = part.values[0] if part.field == "has" else part.field
    names = _SAME.get(asked_for, (asked_for,))
    there = _every([Condition("instr(d.data, ?) > 0", (f'"{name}":',)) for name in names], " OR ")
    values = () if part.field == "has" else tuple(fold(value) for value in part.values)
    asked = (",".join(names), pack(values), int(part.exact))
    return Condition(
        f"s.id IN (SELECT d.source FROM content d WHERE ({there.sql}) AND in_field(d.data, ?, ?, ?))",
        there.arguments + asked,
    )


def _range(part: Range) -> Condition:
    low = int(part.low) if part.low else -1_000_000
    high = int(part.high) if part.high else 1_000_000
    return Condition("s.year <> '' AND CAST(s.year AS INTEGER) BETWEEN ? AND ?", (low, high))


def _screened(part: Term, ground: Ground) -> Condition:
    """Return how a source was screened."""
    known = {
        "included": f"s.key IN (SELECT key FROM {ground.screened} WHERE verdict = 'include')",
        "excluded": f"s.key IN (SELECT key FROM {ground.screened} WHERE verdict = 'exclude')",
        "undecided": f"s.key NOT IN (SELECT key FROM {ground.screened})",
    }
    return _every([Condition(known[value]) for value in part.values], " OR ")


def _had(part: Term, ground: Ground) -> Condition:
    if part.values == ("excerpt",):
        return Condition(f"s.key IN (SELECT key FROM {ground.cited})")
    if part.values == ("note",):
        return Condition(f"s.key IN (SELECT key FROM {ground.card})")
    if part.values == ("annotation",):
        return Condition(
            f"s.key IN (SELECT k.key FROM {ground.card} k JOIN note n ON n.id = k.note WHERE n.annotation <> '')"
        )
    return _bib(part)


def _source_term(part: Term | Range | Noted, ground: Ground) -> Condition:
    """Return what a term on sources asks of one."""
    if isinstance(part, Range):
        return _range(part)
    if isinstance(part, Noted):
        return _about(f"s.key IN (SELECT k.key FROM {ground.card} k WHERE k.note IN ({{}}))", _noted(part))
    if part.field in ("key", "source"):
        former = _about("s.id IN (SELECT source FROM former WHERE {})", _among("alias", part.values))
        return _every([_among("s.key", part.values), former], " OR ")
    if part.field == "year":
        return _among("s.year", part.values)
    if part.field == "type":
        return _among("lower(s.type)", [fold(value) for value in part.values])
    if part.field == "lang":
        codes = [code for value in map(fold, part.values) for code in _LANGUAGES.get(value, (value,))]
        return _among("s.lang", codes)
    if part.field == "author":
        return _holds("s.names", part.values, exact=False)
    if part.field == "title":
        return _holds("fold(s.title)", part.values, exact=part.exact)
    if part.field == "screening":
        return _screened(part, ground)
    return _had(part, ground) if part.field == "has" else _bib(part)


def _source_leaf(part: Leaf, ground: Ground) -> Condition:
    if isinstance(part, (Word, Phrase)):
        return _text(part, "source_text", "s.id")
    if isinstance(part, Term) and _of_excerpts(part):
        return _about(
            f"s.key IN (SELECT c.key FROM {ground.cited} c JOIN excerpt e ON e.id = c.excerpt WHERE {{}})",
            _excerpt_term(part, ground),
        )
    if isinstance(part, Term) and part.field == "cites":
        excerpts = _about(
            f"s.key IN (SELECT c.key FROM {ground.cited} c WHERE c.excerpt IN ({{}}))", _citing(part, ground)
        )
        card = _about(
            f"s.key IN (SELECT k.key FROM {ground.card} k WHERE k.note IN ({{}}))", _note_citing(part, ground)
        )
        return _every([excerpts, card], " OR ")
    return _source_term(part, ground)


def _excerpt_leaf(part: Leaf, ground: Ground) -> Condition:
    if isinstance(part, (Word, Phrase)):
        return _text(part, "excerpt_text", "e.id")
    if isinstance(part, Term) and _of_excerpts(part):
        return _excerpt_term(part, ground)
    if isinstance(part, Term) and part.field == "cites":
        return _about("e.id IN ({})", _citing(part, ground))
    if isinstance(part, Term) and part.field in ("key", "source"):
        return _about("e.id IN (SELECT excerpt FROM cited WHERE {})", _spelt("key", part.values, ground))
    return _about(
        f"e.id IN (SELECT c.excerpt FROM {ground.cited} c JOIN source s ON s.key = c.key WHERE {{}})",
        _source_term(part, ground),
    )


def _note_citing(part: Term, ground: Ground) -> Condition:
    """Return which notes cite a key, in an excerpt or in its own words: as the statement that selects their numbers."""
    excerpts = _about(
        "SELECT n.id FROM note n JOIN excerpt e ON e.file = n.file WHERE e.id IN ({})", _citing(part, ground)
    )
    key = _spelt("key", part.values, ground)
    return Condition(
        f"{excerpts.sql} UNION SELECT note FROM note_mention WHERE {key.sql}", excerpts.arguments + key.arguments
    )


def _note_leaf(part: Leaf, ground: Ground) -> Condition:
    if isinstance(part, (Word, Phrase)):
        return _text(part, "note_text", "n.id")
    if isinstance(part, Noted):
        return _about("n.id IN ({})", _noted(part))
    if isinstance(part, Term) and _of_excerpts(part):
        return Condition("0")
    if isinstance(part, Term) and part.field == "cites":
        return _about("n.id IN ({})", _note_citing(part, ground))
    if isinstance(part, Term) and part.field == "has" and part.values == ("annotation",):
        return Condition("n.annotation <> ''")
    return _about(
        f"n.id IN (SELECT k.note FROM {ground.card} k JOIN source s ON s.key = k.key WHERE {{}})",
        _source_term(part, ground),
    )


# The whole query -----------------------------------------------------------------------------------------------------


def _whole(
    query: Part,
    ground: Ground,
    leaf: Callable[[Leaf, Ground], Condition],
    loose: Callable[[Leaf], bool] = lambda _: False,
) -> Condition:
    """Return the condition that ``query`` is, ``leaf`` giving those of its parts that hold no others.

    Parts that are ``loose`` are taken to be as the query wants them.
    """
    pieces: list[str] = []
    arguments: list[str | int] = []
    waiting: list[tuple[Part | str, bool]] = [(query, False)]
    while waiting:
        part, turned = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, Not):
            bare = isinstance(part.part, Any) and part.part.parts  # brings its own parentheses
            waiting.extend((one, not turned) for one in ((part.part, "NOT") if bare else (")", part.part, "NOT (")))
        elif isinstance(part, (All, Any)):
            row = _between(part.parts, " OR " if isinstance(part, Any) else " AND ")
            empty = "0" if isinstance(part, Any) else "1"
            if isinstance(part, Any) and row:
                row = [" (", *row, ")"]
            waiting.extend((one, turned) for one in (reversed(row) if row else (empty,)))
        elif loose(part):
            pieces.append("0" if turned else "1")
        else:
            one = leaf(part, ground)
            pieces.append(f"({one.sql})")
            arguments.extend(one.arguments)
    return Condition("".join(pieces), tuple(arguments))


def _between(parts: Sequence[Part], word: str) -> list[Part | str]:
    return [one for part in parts for one in (word, part)][1:]


def for_sources(query: Part, ground: Ground) -> Condition:
    """Return the condition on ``source s``."""
    return _whole(query, ground, _source_leaf)


def for_counted(query: Part, ground: Ground) -> Condition:
    """Return the condition on ``source s`` for counting: it is selected, or cited by a selected excerpt.

    Of the sources that such an excerpt cites, those count of which everything holds that ``query`` asks of sources alone.
    """

    def loose(part: Leaf) -> bool:
        return not isinstance(part, (Range, Noted)) and (
            not isinstance(part, Term) or part.field == "cites" or _of_excerpts(part)
        )

    chosen = for_excerpts(query, ground)
    citing = _about(
        f"s.key IN (SELECT c.key FROM {ground.cited} c JOIN excerpt e ON e.id = c.excerpt WHERE {{}})", chosen
    )
    return _every([for_sources(query, ground), _every([_whole(query, ground, _source_leaf, loose), citing])], " OR ")


def for_places(query: Query, ground: Ground) -> Condition:
    """Return the condition on ``place p``; the source itself is looked at only where the query asks for more than words."""
    conditions = [_text(part, "source_text", "p.source") for part in query.parts if isinstance(part, (Word, Phrase))]
    more = tuple(part for part in query.parts if not isinstance(part, (Word, Phrase)))
    if more:
        one = for_sources(All(more), ground)
        conditions.append(_about("p.source IN (SELECT s.id FROM source s WHERE {})", one))
    return _every(conditions)


def for_excerpts(query: Part, ground: Ground) -> Condition:
    """Return the condition on ``excerpt e``."""
    return _whole(query, ground, _excerpt_leaf)


def for_notes(query: Part, ground: Ground) -> Condition:
    """Return the condition on ``note n`` (its fields, its annotation and the source it is the card of).

    Terms on excerpts hold for none, but ``cites:`` for the notes whose excerpts cite.
    """
    return _whole(query, ground, _note_leaf)
