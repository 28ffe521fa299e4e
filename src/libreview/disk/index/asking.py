"""Questions to the index, answered in values of the model and in two rows of its own: `Listed` and `Hit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from libreview.disk.index.opening import Cursor, Index
from libreview.disk.index.selecting import (
    Condition,
    Ground,
    Themes,
    about_excerpts,
    for_counted,
    for_excerpts,
    for_notes,
    for_places,
    for_sources,
)
from libreview.disk.index.storing import (
    read_coding,
    read_decision,
    read_excerpts,
    read_note,
    read_source,
    read_theme,
    unpack,
)
from libreview.model import NONE, Codebook, Coding, Decision, Excerpt, Location, Note, Problem, Source
from libreview.texts.folding import fold
from libreview.texts.query import Phrase, Query, Word, leaves
from libreview.value import Value
from libreview.words.i18n import N_

__all__ = [
    "Hit",
    "Listed",
    "Meant",
    "Record",
    "Totals",
    "cards",
    "codings",
    "counted",
    "decisions",
    "emptied",
    "excerpt_ids",
    "excerpts",
    "ground",
    "hits",
    "in_review",
    "in_use",
    "keys",
    "lines",
    "listing",
    "notes",
    "paths",
    "problems",
    "records",
    "renamed",
    "shadowed",
    "source",
    "source_keys",
    "sources",
    "themes",
    "totals",
    "used_tags",
]


class Listed(Value, frozen=True):
    """A source as a line of a list, ready to be shown.

    ``names`` are the family names of the authors, separated by line feeds; ``excerpts`` counts those that cite the source,
    ``tags`` are the themes they carry, separated by spaces.
    """

    key: str
    type: str
    title: str
    names: str
    year: str
    excerpts: int
    tags: str
    path: str
    line: int

    @property
    def themes(self) -> tuple[str, ...]:
        return tuple(self.tags.split())


class Totals(Value, frozen=True):
    """How much a review holds. ``problems`` counts those of single files only, ``included`` and
    ``excluded`` the sources that were screened."""

    sources: int
    in_review: int
    excerpts: int
    uncoded: int
    notes: int
    themes: int
    problems: int
    included: int = 0
    excluded: int = 0


Record = tuple[str, str, str]
"""A source as the JSON of a list: the text before its themes, the tags of its excerpts with spaces between, the text after."""


class Hit(Value, frozen=True):
    """What a search found. ``key`` is the source's (of an excerpt: the first it cites), ``id`` an excerpt's."""

    kind: Literal["source", "excerpt", "note"]
    key: str
    id: str
    locator: str
    snippet: str
    path: str
    line: int


class Meant(Value, frozen=True):
    """What a query may have meant that selects nothing: ``terms`` as they are written, best first, and what the review has.

    ``years`` are the first and the last of the sources, where a year was asked for that none has (empty: none has any);
    ``fields`` those of note cards, where a ``field`` was asked for that none has.
    """

    terms: tuple[str, ...] = ()
    years: tuple[str, str] | None = None
    field: str = ""
    fields: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Meant()

    @property
    def sentences(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """What the review has, as sentences to be translated, each with its facts."""
        found: list[tuple[str, dict[str, str]]] = []
        if self.years:
            first, last = self.years
            several = (
                N_("The sources are from {first} to {last}.") if first != last else N_("All sources are from {first}.")
            )
            found.append((several if first else N_("No source has a year."), {"first": first, "last": last}))
        if self.field:
            some = N_('No note card has the field "{field}". They have: {fields}')
            none = N_('No note card has the field "{field}", nor any other but source and coder.')
            found.append((some if self.fields else none, {"field": self.field, "fields": ", ".join(self.fields)}))
        return tuple(found)


def ground(index: Index, themes: Themes) -> Ground:
    """Return what a query is asked of, when ``themes`` gives the tags of themes."""
    return Ground(themes, bool(index.execute("SELECT 1 FROM former LIMIT 1").fetchone()))


def _no_themes(name: str, exact: bool) -> tuple[str, ...]:  # noqa: ARG001
    return ()


def renamed(index: Index) -> dict[str, str]:
    """Return former key -> present key, for former keys that no source has now."""
    rows = index.execute(
        "SELECT f.alias, s.key FROM former f JOIN source s ON s.id = f.source"
        " WHERE NOT EXISTS (SELECT 1 FROM source x WHERE x.key = f.alias) ORDER BY f.rowid DESC"
    )
    return dict(rows)


# Sources -------------------------------------------------------------------------------------------------------------

_FROM_SOURCE = "FROM source s JOIN place p ON p.source = s.id JOIN file f ON f.id = s.file"
_CONTENT = "JOIN content d ON d.source = s.id"


def source_keys(index: Index) -> tuple[str, ...]:
    """Return every key once, in the order of the files."""
    return tuple(dict.fromkeys(key for (key,) in index.execute("SELECT key FROM source ORDER BY key")))


def source(index: Index, key: str) -> Source | None:
    """Return the first source with ``key``, else the one that had it formerly."""
    for where in ("s.key = ?", "s.id IN (SELECT source FROM former WHERE alias = ?)"):
        row = index.execute(
            f"SELECT s.key, d.data, f.path, p.line, p.start, p.stop {_FROM_SOURCE} {_CONTENT} WHERE {where}"
            " ORDER BY f.kind, f.path, p.ordinal LIMIT 1",
            (key,),
        ).fetchone()
        if row:
            return read_source(row[0], row[1], Location(*row[2:]))
    return None


def sources(index: Index, query: Query, themes: Themes) -> tuple[Source, ...]:
    """Return the sources that ``query`` selects, in the order of the files."""
    condition = for_sources(query, ground(index, themes))
    rows = index.execute(
        f"SELECT s.key, d.data, f.path, p.line, p.start, p.stop {_FROM_SOURCE} {_CONTENT} WHERE {condition.sql}"
        " ORDER BY f.kind, f.path, p.ordinal",
        condition.arguments,
    )
    return tuple(read_source(key, data, Location(*place)) for key, data, *place in rows)


def shadowed(index: Index) -> tuple[tuple[Source, Source], ...]:
    """Return each source of a linked library that another stands before, under the same key: that other one, and it."""
    before = f"SELECT s.id {_FROM_SOURCE} WHERE s.key = l.key ORDER BY f.kind, f.path, p.ordinal LIMIT 1"
    rows = index.execute(
        "SELECT l.key, d.data, f.path, h.line, h.start, h.stop, wd.data, wf.path, wp.line, wp.start, wp.stop"
        " FROM shadowed h JOIN source l ON l.id = h.source JOIN content d ON d.source = l.id JOIN file f ON f.id = h.file"
        f" JOIN source w ON w.id = ({before}) JOIN content wd ON wd.source = w.id JOIN place wp ON wp.source = w.id"
        " JOIN file wf ON wf.id = w.file ORDER BY f.path, h.ordinal"
    )
    return tuple(
        [
            (read_source(row[0], row[6], Location(*row[7:])), read_source(row[0], row[1], Location(*row[2:6])))
            for row in rows
        ]
    )


def listing(index: Index, query: Query, themes: Themes) -> tuple[Listed, ...]:
    """Return a row for each source that ``query`` selects, in the order of the files."""
    asked = ground(index, themes)
    condition = for_sources(query, asked)
    rows = index.execute(
        f"SELECT s.key, s.type, s.title, s.short, s.year, f.path, p.line {_FROM_SOURCE} WHERE {condition.sql}"
        " ORDER BY f.kind, f.path, p.ordinal",
        condition.arguments,
    )
    counts, tags = _counts(index, asked.cited), _tags_of(index, asked.cited)
    return tuple(
        [
            Listed(key, kind, title, names, year, counts.get(key, 0), tags.get(key, ""), path, line)
            for key, kind, title, names, year, path, line in rows
        ]
    )


def _ready(index: Index, table: str, columns: str, query: Query, asked: Ground) -> Cursor:
    """Ask for ``columns`` of what is ready (``r``) of each selected source, walking in the order of the files.

    Walking needs no sorting, and looks at a source itself only if the query asks for something.
    """
    condition = for_places(query, asked)
    return index.execute(
        f"SELECT {columns} FROM file f CROSS JOIN place p ON p.file = f.id CROSS JOIN {table} r ON r.source = p.source"
        f" WHERE {condition.sql} ORDER BY f.kind, f.path, p.ordinal",
        condition.arguments,
    )


def keys(index: Index, query: Query, themes: Themes) -> tuple[str, ...]:
    """Return the key of each source that ``query`` selects, in the order of the files."""
    return tuple([key for (key,) in _ready(index, "line", "r.key", query, ground(index, themes))])


def lines(index: Index, query: Query, themes: Themes) -> str:
    """Return key, authors, year, title and number of excerpts of each selected source, a line each, tabs between.

    All is safe to print; the authors are named as `words.authors.together` leaves them.
    """
    asked = ground(index, themes)
    counts = _counts(index, asked.cited)
    if not counts:
        rows = _ready(index, "line", "r.text", query, asked)
        return "\n".join([f"{line}\t0" for (line,) in rows])
    rows = _ready(index, "line", "r.key, r.text", query, asked)
    return "\n".join([f"{line}\t{counts.get(key, 0)}" for key, line in rows])


def records(index: Index, query: Query, themes: Themes) -> tuple[Record, ...]:
    """Return each selected source as JSON that is ready but for its themes."""
    asked = ground(index, themes)
    counts, tags = _counts(index, asked.cited), _tags_of(index, asked.cited)
    screened = _screened(index, asked)
    rows = _ready(index, "record", "r.key, r.text, json_quote(f.path), p.line", query, asked)
    return tuple(
        [
            (
                begin,
                tags.get(key, ""),
                f'"excerpts":{counts.get(key, 0)},"path":{path},"line":{line},"screening":{screened.get(key, "null")}}}',
            )
            for key, begin, path, line in rows
        ]
    )


def _screened(index: Index, asked: Ground) -> dict[str, str]:
    """Return the decision that counts for each screened key, as JSON."""
    if not _has_decisions(index):
        return {}
    return dict(index.execute(f"SELECT v.key, d.data FROM {asked.screened} v JOIN decision d ON d.id = v.id"))


def _counts(index: Index, cited: str) -> dict[str, int]:
    """Return how many excerpts cite each cited key."""
    return dict(index.execute(f"SELECT key, COUNT(*) FROM {cited} GROUP BY key"))


def _tags_of(index: Index, cited: str) -> dict[str, str]:
    """Return the themes of each cited key, separated by spaces."""
    found: dict[str, str] = {}
    for key, tag in index.execute(
        f"SELECT DISTINCT c.key, t.theme FROM {cited} c JOIN coded t ON t.excerpt = c.excerpt"
        f" UNION SELECT c.key, ct.theme FROM coding_theme ct JOIN coding g ON g.id = ct.coding"
        f" JOIN excerpt e ON e.name = g.name JOIN {cited} c ON c.excerpt = e.id ORDER BY 1, 2"
    ):
        if tag != NONE:
            found[key] = f"{found[key]} {tag}" if key in found else tag
    return found


def counted(index: Index, query: Query, themes: Themes) -> frozenset[str]:
    """Return the keys of the sources that ``query`` selects, or of which it selects an excerpt."""
    condition = for_counted(query, ground(index, themes))
    rows = index.execute(f"SELECT s.key {_FROM_SOURCE} WHERE {condition.sql}", condition.arguments)
    return frozenset(key for (key,) in rows)


def in_use(index: Index) -> frozenset[str]:
    """Return the keys of sources that an excerpt cites or that have a note card."""
    asked = ground(index, _no_themes)
    rows = index.execute(
        f"SELECT key FROM source WHERE key IN (SELECT key FROM {asked.cited}) OR key IN (SELECT key FROM {asked.card})"
    )
    return frozenset(key for (key,) in rows)


def in_review(index: Index) -> frozenset[str]:
    """Return the keys of sources that are *in*: those included; while none is, those in use that are not excluded."""
    if not _has_decisions(index):
        return in_use(index)
    view = ground(index, _no_themes).screened
    found: dict[str, list[str]] = {"include": [], "exclude": []}
    for key, verdict in index.execute(f"SELECT v.key, v.verdict FROM {view} v CROSS JOIN source s ON s.key = v.key"):
        found[verdict].append(key)
    return frozenset(found["include"]) or in_use(index).difference(found["exclude"])


def _has_decisions(index: Index) -> bool:
    return index.execute("SELECT 1 FROM decision LIMIT 1").fetchone() is not None


def decisions(index: Index, key: str | None = None) -> tuple[Decision, ...]:
    """Return the screening decisions in the order of the file; with ``key`` those on that source, the one that counts last."""
    sql = "SELECT d.key, d.data, f.path, d.line, d.start, d.stop FROM decision d JOIN file f ON f.id = d.file"
    if key is None:
        rows = index.execute(f"{sql} ORDER BY d.id")
    else:
        keys = [key, *(old for old, new in renamed(index).items() if new == key)]
        rows = index.execute(
            f"{sql} WHERE d.key IN ({','.join('?' * len(keys))}) ORDER BY d.key = ?, d.id", (*keys, key)
        )
    return tuple(read_decision(of, data, Location(*place)) for of, data, *place in rows)


# Notes and excerpts --------------------------------------------------------------------------------------------------


_AT_ONCE = 500


def _excerpts(index: Index, condition: Condition, order: str = "f.path, e.ordinal") -> Iterator[Excerpt]:
    former = renamed(index)
    rows = index.execute(
        f"SELECT e.name, e.kind, e.coder, f.path, e.data FROM excerpt e JOIN file f ON f.id = e.file"
        f" WHERE {condition.sql} ORDER BY {order}",
        condition.arguments,
    )
    further = codings(index)
    while some := rows.fetchmany(_AT_ONCE):
        for stored in read_excerpts(some):
            excerpt = stored
            if former and any(one.key in former for one in excerpt.citations):
                excerpt = _with_present_keys(excerpt, former)
            more = further.get(excerpt.id) if excerpt.id and further else None
            yield _with_codings(excerpt, more) if more else excerpt


def _with_present_keys(excerpt: Excerpt, former: dict[str, str]) -> Excerpt:
    citations = tuple(
        type(one)(former.get(one.key, one.key), one.prefix, one.locator, one.suffix) for one in excerpt.citations
    )
    return Excerpt(
        excerpt.id,
        excerpt.kind,
        citations,
        excerpt.text,
        excerpt.themes,
        excerpt.comment,
        excerpt.location,
        excerpt.codings,
    )


def _with_codings(excerpt: Excerpt, further: Sequence[Coding]) -> Excerpt:
    return Excerpt(
        excerpt.id, excerpt.kind, excerpt.citations, excerpt.text, excerpt.themes, excerpt.comment, excerpt.location,
        (*excerpt.codings, *further),
    )  # fmt: skip


def excerpts(index: Index, query: Query, themes: Themes) -> tuple[Excerpt, ...]:
    """Return the excerpts that ``query`` selects, in the order of the files, with the codings of all coders."""
    return tuple(_excerpts(index, for_excerpts(query, ground(index, themes))))


def codings(index: Index) -> dict[str, list[Coding]]:
    """Return the further codings (those written apart from their excerpt), by the excerpt's id."""
    found: dict[str, list[Coding]] = {}
    for name, coder, path, data in index.execute(
        "SELECT g.name, g.coder, f.path, g.data FROM coding g JOIN file f ON f.id = g.file ORDER BY f.path, g.id"
    ):
        found.setdefault(name, []).append(read_coding(name, coder, path, data))
    return found


def _notes(index: Index, condition: Condition) -> tuple[Note, ...]:
    former = renamed(index)
    rows = index.execute(
        "SELECT f.path, n.source, n.coder, n.data FROM note n JOIN file f ON f.id = n.file"
        f" WHERE {condition.sql} ORDER BY f.path",
        condition.arguments,
    )
    return tuple(read_note(path, former.get(key, key), coder, data) for path, key, coder, data in rows)


def notes(index: Index, query: Query, themes: Themes) -> tuple[Note, ...]:
    """Return the notes that ``query`` selects, without their excerpts and codings."""
    return _notes(index, for_notes(query, ground(index, themes)))


def cards(index: Index, key: str) -> tuple[Note, ...]:
    """Return the note cards of the source ``key``, those under a former key included."""
    keys = [key, *(old for old, new in renamed(index).items() if new == key)]
    return _notes(index, Condition(f"n.source IN ({','.join('?' * len(keys))})", tuple(keys)))


def paths(index: Index, kind: str) -> tuple[str, ...]:
    """Return the files of a kind ("bib", "note"), sorted."""
    return tuple(path for (path,) in index.execute("SELECT path FROM file WHERE kind = ? ORDER BY path", (kind,)))


def excerpt_ids(index: Index) -> frozenset[str]:
    """Return the ids of all excerpts that have one."""
    return frozenset(name for (name,) in index.execute("SELECT name FROM excerpt WHERE name IS NOT NULL"))


def used_tags(index: Index) -> frozenset[str]:
    """Return every tag that some excerpt or coding carries."""
    return frozenset(tag for (tag,) in index.execute("SELECT theme FROM coded UNION SELECT theme FROM coding_theme"))


# The rest ------------------------------------------------------------------------------------------------------------


def themes(index: Index) -> Codebook:
    """Return the codebook."""
    rows = index.execute("SELECT t.id, f.path, t.data FROM theme t JOIN file f ON f.id = t.file ORDER BY t.ordinal")
    found = {id: read_theme(id, path, data) for id, path, data in rows}
    path = index.execute("SELECT path FROM file WHERE kind = 'codebook' ORDER BY path LIMIT 1").fetchone()
    return Codebook(found, path[0] if path else "")


def problems(index: Index) -> tuple[Problem, ...]:
    """Return what is wrong in single files, in the order of the files."""
    rows = index.execute(
        "SELECT p.code, f.path, p.line, p.start, p.stop, p.subject, p.facts FROM problem p JOIN file f ON f.id = p.file"
        " ORDER BY f.path, p.line, p.rowid"
    )
    return tuple(
        Problem(code, Location(path, line, start, stop), subject, unpack(facts))
        for code, path, line, start, stop, subject, facts in rows
    )


def emptied(index: Index) -> tuple[str, ...]:
    """Return the files that had content once and are empty now, as far as this index was there to see it."""
    return tuple([path for (path,) in index.execute("SELECT path FROM emptied ORDER BY path")])


def totals(index: Index, problems: int = 0) -> Totals:
    """Return how much there is of each noun; ``problems`` are more than the index knows of."""
    n = {}
    for table in ("place", "excerpt", "note", "theme", "problem"):  # a source that another stands before has no place
        (n[table],) = index.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    (uncoded,) = index.execute(
        "SELECT COUNT(*) FROM excerpt e WHERE e.id NOT IN (SELECT excerpt FROM coded)"
        " AND (e.name IS NULL OR e.name NOT IN (SELECT g.name FROM coding g JOIN coding_theme t ON t.coding = g.id))"
    ).fetchone()
    screened = {"include": 0, "exclude": 0}
    if _has_decisions(index):
        view = ground(index, _no_themes).screened
        screened |= index.execute(
            f"SELECT v.verdict, COUNT(*) FROM (SELECT DISTINCT key, verdict FROM {view}) v CROSS JOIN source s ON s.key = v.key"
            " CROSS JOIN place p ON p.source = s.id GROUP BY v.verdict"
        )
    return Totals(
        n["place"], len(in_review(index)), n["excerpt"], uncoded, n["note"], n["theme"], n["problem"] + problems,
        screened["include"], screened["exclude"],
    )  # fmt: skip


def hits(index: Index, query: Query, themes: Themes, limit: int = 0) -> tuple[Hit, ...]:
    """Return what ``query`` finds: sources, then excerpts, then notes; at most ``limit`` of them (0: all)."""
    words = [part.text for part, turned in leaves(query) if isinstance(part, (Word, Phrase)) and not turned]
    spellings = _spellings(fold(words[0])) if words else ()
    only_excerpts = about_excerpts(query)
    found: list[Hit] = []
    if not only_excerpts:
        found.extend(_source_hits(index, query, themes, spellings))
    found.extend(_excerpt_hits(index, query, themes, spellings))
    if not only_excerpts:
        found.extend(_note_hits(index, query, themes, spellings))
    return tuple(found[:limit] if limit else found)


def _source_hits(index: Index, query: Query, themes: Themes, spellings: Sequence[str]) -> list[Hit]:
    asked = ground(index, themes)
    if spellings:
        rows = _ready(index, "body", "r.key, r.text, f.path, p.line", query, asked)
        return [Hit("source", key, "", "", snippet(body, spellings), path, line) for key, body, path, line in rows]
    found = listing(index, query, themes)
    return [Hit("source", one.key, "", "", snippet(one.title), one.path, one.line) for one in found]


def _excerpt_hits(index: Index, query: Query, themes: Themes, spellings: Sequence[str]) -> Iterator[Hit]:
    for one in excerpts(index, query, themes):
        body = f"{one.text}\n{one.comment}" if one.comment else one.text
        key = one.citations[0].key if one.citations else ""
        place = one.location
        yield Hit("excerpt", key, one.id or "", one.locator, snippet(body, spellings), place.path, place.line)


def _note_hits(index: Index, query: Query, themes: Themes, spellings: Sequence[str]) -> Iterator[Hit]:
    condition = for_notes(query, ground(index, themes))
    former = renamed(index)
    for key, path, annotation in index.execute(
        "SELECT n.source, f.path, n.annotation FROM note n JOIN file f ON f.id = n.file"
        f" WHERE n.annotation <> '' AND {condition.sql} ORDER BY f.path",
        condition.arguments,
    ):
        yield Hit("note", former.get(key, key), "", "", snippet(annotation, spellings), path, 1)


_BEFORE, _AFTER = 40, 100


def _spellings(folded: str) -> tuple[str, ...]:
    """Return the first word of ``folded`` as it is mostly written: small, with a capital, in capitals."""
    word = folded.split(" ")[0]
    return (word, word.capitalize(), word.upper()) if word else ()


def snippet(body: str, spellings: Sequence[str] = ()) -> str:
    """Return the part of ``body`` around the word with these ``spellings`` (folded first), on one line; else its beginning."""
    at = _position(body, spellings) if spellings else 0
    start, end = max(0, at - _BEFORE), at + _AFTER
    if start:
        start = body.find(" ", start, at) + 1 or start
    if end < len(body):
        cut = body.rfind(" ", at, end)
        end = cut if cut > at else end
    piece = body[start:end].replace("\n", " ")
    if not piece.isprintable() or "  " in piece:
        piece = " ".join(piece.split())
    return f"{'… ' if start else ''}{piece.strip()}{' …' if end < len(body) else ''}"


def _position(body: str, spellings: Sequence[str]) -> int:
    """Return where the word first stands in ``body``; 0 if folding it is not enough to find it."""
    first_at = -1
    for one in spellings:
        at = body.find(one) if first_at < 0 else body.find(one, 0, first_at)
        if at >= 0:
            first_at = at
    if first_at >= 0:
        return first_at
    first = spellings[0]
    folded = fold(body)
    if len(folded) == len(body):
        return max(folded.find(first), 0)
    at = 0
    for word in body.split(" "):  # folding may change the length of a text, but not which words it has
        if first in fold(word):
            return at
        at += len(word) + 1
    return 0
