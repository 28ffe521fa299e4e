"""Bringing the index up to date: only files whose stamp changed are read, only entries that changed are parsed.

What is stored for a file depends on that file alone, so that an index brought up to date is equal to one made anew. The
one exception is what only an index that was there before can know: that a file had content once and has lost it. That
stands in a table of its own, ``emptied``, of which no reader but `asking.emptied` knows.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from libreview.disk import digests
from libreview.disk.files import Stamp
from libreview.disk.index.opening import Index
from libreview.disk.index.storing import (
    author_names,
    clean,
    coding_data,
    decision_data,
    excerpt_data,
    note_data,
    pack,
    read_source,
    source_data,
    source_line,
    source_record,
    theme_data,
)
from libreview.disk.index.watching import READERS, Watched, is_blank, note_blank, settle, unsettle
from libreview.model import Codebook, Decision, Location, Note, Problem, Source
from libreview.texts import conflicts
from libreview.texts.folding import fold
from libreview.words.errors import Refused
from libreview.words.rooms import load

__all__ = ["known_sources", "refresh"]

_YOUNG = 2_000_000_000
"""A file changed less than these nanoseconds before it was read may change again within the same time stamp."""

_SOURCES = ("bib", "linked")
"""Kinds of files that hold sources."""

_NOT_CITED = frozenset({"xdata", "set"})
"""Entries of biblatex that are no sources: data that others inherit, and groups."""

_INHERITED = (b"crossref", b"xdata", b"\0")
"""Signs that an entry may take fields over from others, which must be there whole then, though they are known. NUL: UTF-16."""

_UNSEARCHED = frozenset({"file", "url", "ids", "crossref", "xdata", "langid", "verification"})


def refresh(index: Index, watched: Watched, read: Callable[[str], bytes], parsed: Mapping[bytes, Source] = {}) -> bool:
    """Bring ``index`` up to date in one transaction and tell whether a file had changed.

    ``read`` gives the bytes of a file of the review (OSError, `Refused`); ``parsed`` holds sources that were read already in
    this process, by the digest of their entry.
    """
    known = {row[0]: row[1:] for row in index.execute("SELECT path, kind, size, mtime, ctime, inode, seen FROM file")}
    changed: list[tuple[str, str, Stamp]] = []
    for path, kind, stamp in watched.all():
        row = known.pop(path, None)
        same = row is not None and row[:5] == (kind, stamp.size, stamp.mtime, stamp.ctime, stamp.inode)
        if not same or row[5] - max(stamp.mtime, stamp.ctime) < _YOUNG:
            changed.append((path, kind, stamp))
    now = time.time_ns()
    settled = all(now - max(stamp.mtime, stamp.ctime) >= _YOUNG for _, _, stamp in changed)
    if not changed and not known:
        with contextlib.suppress(sqlite3.OperationalError):  # the next command compares every stamp again
            settle(index, watched)
        return False
    index.execute("BEGIN IMMEDIATE")
    try:
        unsettle(index)
        for path in known:
            _forget(index, path)
            note_blank(index, path, had_content=False, blank=False)  # a file that was deleted is not an empty one
        _uncover(index)
        different = [_file(index, read, *one, parsed) for one in changed]
        _shadow(index)
        if settled:
            settle(index, watched)
        index.execute("COMMIT")
    except BaseException:
        index.execute("ROLLBACK")
        raise
    return bool(known) or any(different)


def _file(
    index: Index,
    read: Callable[[str], bytes],
    path: str,
    kind: str,
    stamp: Stamp,
    parsed: Mapping[bytes, Source],
) -> bool:
    """Read one file whose stamp is new; return whether its bytes were new, too."""
    now = time.time_ns()
    try:
        data, unread = read(path), ""
    except OSError as error:
        data, unread = b"", error.strerror or str(error)
    except Refused as error:  # beyond all measure, or replaced by a link out of the review
        data, unread = b"", str(error).replace(path, "it", 1)
    digest = digests.short(data) if not unread else b""
    row = index.execute("SELECT id, digest, kind, blank FROM file WHERE path = ?", (path,)).fetchone()
    blank = is_blank(data) if not unread else bool(row and row[3])
    if not unread:
        note_blank(index, path, had_content=bool(row) and not row[3], blank=blank)
    values = (stamp.size, stamp.mtime, stamp.ctime, stamp.inode, digest, now, blank)
    if row and row[1] == digest and row[2] == kind and digest:
        index.execute(_UPDATE, (*values, row[0]))
        return False
    if row and row[2] != kind:
        _forget(index, path)
        row = None
    if row:
        file = row[0]
        index.execute(_UPDATE, (*values, file))
        index.execute("DELETE FROM problem WHERE file = ?", (file,))
    else:
        cursor = index.execute(
            "INSERT INTO file (path, kind, size, mtime, ctime, inode, digest, seen, blank) VALUES (?,?,?,?,?,?,?,?,?)",
            (path, kind, *values),
        )
        file = int(cursor.lastrowid or 0)
    if unread:
        code = "library-unread" if kind == "linked" else "file-unread"
        problems: Iterable[Problem] = [Problem(code, Location(path), path, {"reason": unread})]
    elif kind in _SOURCES:
        problems = _bib(index, file, data, path, parsed)
    elif kind == "note":
        note, problems = load(READERS[kind]).read(data, path)
        _note(index, file, note, "" if note.source else data.decode("utf-8", "replace"))
    elif kind == "screening":
        decisions, problems = load(READERS[kind]).read(data, path)
        _decisions(index, file, decisions)
    else:
        codebook, problems = load(READERS[kind]).read(data, path)
        _codebook(index, file, codebook)
    _problems(index, file, _with_conflicts(problems, data, path))
    return True


_UPDATE = "UPDATE file SET size=?, mtime=?, ctime=?, inode=?, digest=?, seen=?, blank=? WHERE id=?"


def _with_conflicts(problems: Iterable[Problem], data: bytes, path: str) -> Iterable[Problem]:
    """Return ``problems`` and the conflicts in ``data``: a note's reader knows those in its text, but not in its fields and code."""
    more = conflicts.problems(data, path)
    if not more:
        return problems
    found = tuple(problems)
    known = {one.location.line for one in found if one.code == "conflict-marker"}
    return (*found, *(one for one in more if one.location.line not in known))


def _problems(index: Index, file: int, problems: Iterable[Problem]) -> None:
    index.executemany(
        "INSERT INTO problem (file, code, line, start, stop, subject, facts) VALUES (?,?,?,?,?,?,?)",
        (
            (
                file,
                one.code,
                one.location.line,
                one.location.start,
                one.location.end,
                clean(one.subject),
                pack(dict(one.facts)),
            )
            for one in problems
        ),
    )


# Sources ------------------------------------------------------------------------------------------------------------


class _Stored(Mapping[bytes, Source]):
    """The sources of a file as they are in the index, with those already ``parsed`` first.

    They are decoded when asked for, and unless ``whole`` not even then: key and type say that an entry is known.
    """

    def __init__(self, index: Index, path: str, parsed: Mapping[bytes, Source], *, whole: bool) -> None:
        self._parsed = parsed
        self._path = path
        rows = index.execute(
            f"SELECT s.digest, s.key, s.type, {'d.data' if whole else 'NULL'} FROM source s JOIN file f ON f.id = s.file"
            f" {'JOIN content d ON d.source = s.id' if whole else ''} WHERE f.path = ?",
            (path,),
        )
        self._rows: dict[bytes, tuple[str, str, str | None]] = {digest: row for digest, *row in rows}

    def __getitem__(self, digest: bytes) -> Source:
        found = self._parsed.get(digest)
        if found is not None:
            return found
        key, type, data = self._rows[digest]
        place = Location(self._path)
        return Source(key, type, {}, {}, {}, place) if data is None else read_source(key, data, place)

    def __contains__(self, digest: object) -> bool:
        return digest in self._parsed or digest in self._rows

    def __iter__(self) -> Iterator[bytes]:
        return iter({**self._parsed, **self._rows})

    def __len__(self) -> int:
        return len({**self._parsed, **self._rows})


def known_sources(index: Index, path: str) -> Mapping[bytes, Source]:
    """Return what the index holds of the sources in ``path``, by the digest of their entry."""
    return _Stored(index, path, {}, whole=True)


def _bib(index: Index, file: int, data: bytes, path: str, parsed: Mapping[bytes, Source]) -> Iterable[Problem]:
    lower = data.lower()
    inherited = any(sign in lower for sign in _INHERITED)
    reading = load(READERS["bib"]).read(data, path, _Stored(index, path, parsed, whole=inherited))
    old: dict[bytes, list[int]] = {}
    for id, digest in index.execute("SELECT id, digest FROM source WHERE file = ?", (file,)):
        old.setdefault(digest, []).append(id)
    (last,) = index.execute("SELECT COALESCE(MAX(id), 0) FROM source").fetchone()
    new: list[tuple[int, Source, bytes]] = []
    places: list[tuple[int, int, int, int, int, int]] = []
    for ordinal, (source, chunk) in enumerate(zip(reading.sources, reading.chunks, strict=True)):
        if source.type in _NOT_CITED:
            continue
        waiting = old.get(chunk.digest)
        if waiting:
            id = waiting.pop()
        else:
            id = last = last + 1
            again = (
                chunk.digest in old and not inherited
            )  # a known entry stands there once more: only its key came here
            new.append((id, _again(index, file, chunk.digest) if again else source, chunk.digest))
        places.append((id, file, ordinal, chunk.line, chunk.start, chunk.end))
    _delete_sources(index, [id for ids in old.values() for id in ids])
    for begin in range(0, len(new), _AT_ONCE):
        _insert_sources(index, file, new[begin : begin + _AT_ONCE])
    index.execute("DELETE FROM place WHERE file = ?", (file,))
    index.executemany("INSERT INTO place (source, file, ordinal, line, start, stop) VALUES (?,?,?,?,?,?)", places)
    problems: tuple[Problem, ...] = reading.problems
    return problems


def _uncover(index: Index) -> None:
    """Give every source of a linked library its place again."""
    index.execute("INSERT INTO place SELECT file, ordinal, source, line, start, stop FROM shadowed")
    index.execute("DELETE FROM shadowed")


def _shadow(index: Index) -> None:
    """Take the place from each source of a linked library whose key stands in a file before it: the review's own win."""
    index.execute(
        "INSERT INTO shadowed SELECT p.file, p.ordinal, p.source, p.line, p.start, p.stop FROM file f"
        " JOIN place p ON p.file = f.id JOIN source s ON s.id = p.source WHERE f.kind = 'linked' AND EXISTS"
        " (SELECT 1 FROM source x JOIN file g ON g.id = x.file WHERE x.key = s.key"
        " AND (g.kind < f.kind OR (g.kind = f.kind AND g.path < f.path)))"
    )
    index.execute("DELETE FROM place WHERE source IN (SELECT source FROM shadowed)")


def _again(index: Index, file: int, digest: bytes) -> Source:
    """Return the source of ``file`` that was read from an entry with this digest before."""
    key, data, path = index.execute(
        "SELECT s.key, d.data, f.path FROM source s JOIN content d ON d.source = s.id JOIN file f ON f.id = s.file"
        " WHERE s.file = ? AND s.digest = ? LIMIT 1",
        (file, digest),
    ).fetchone()
    return read_source(key, data, Location(path))


def _folded(body: str) -> str:
    """Return ``body`` folded line by line: most lines are ASCII, and folding those costs next to nothing."""
    return fold(body) if body.isascii() else "\n".join(map(fold, body.split("\n")))


_AT_ONCE = 500
"""So many sources are written table by table, which is quicker than source by source and still takes little memory."""


def _insert_sources(index: Index, file: int, new: Sequence[tuple[int, Source, bytes]]) -> None:
    rows: list[tuple[object, ...]] = []
    bodies: list[tuple[int, str, str]] = []
    former: list[tuple[str, int]] = []
    for id, source, digest in new:
        key = clean(source.key)
        names = [part for p in source.authors for part in (p.family, p.given, p.particle, p.suffix, p.literal) if part]
        rows.append(
            (
                id, file, digest, key, source.type, clean(source.title), clean(fold(" ".join(names))),
                clean("\n".join(author_names(source))), clean(source.year), source.get("langid", "language").lower(),
            )
        )  # fmt: skip
        body = "\n".join([source.key, *(text for name, text in source.plain.items() if name not in _UNSEARCHED)])
        bodies.append((id, key, clean(body)))
        former.extend((clean(alias.strip()), id) for alias in source.get("ids").split(",") if alias.strip())
    index.executemany(
        "INSERT INTO source (id, file, digest, key, type, title, names, short, year, lang) VALUES (?,?,?,?,?,?,?,?,?,?)",
        rows,
    )
    index.executemany("INSERT INTO content (source, data) VALUES (?,?)", [(id, source_data(one)) for id, one, _ in new])
    for table, ready in (("line", source_line), ("record", source_record)):
        index.executemany(
            f"INSERT INTO {table} (source, key, text) VALUES (?,?,?)",
            [(id, clean(one.key), ready(one)) for id, one, _ in new],
        )
    index.executemany("INSERT INTO body (source, key, text) VALUES (?,?,?)", bodies)
    index.executemany(
        "INSERT INTO source_text (rowid, body) VALUES (?, ?)", [(id, _folded(body)) for id, _, body in bodies]
    )
    index.executemany("INSERT INTO former (alias, source) VALUES (?, ?)", former)


def _delete_sources(index: Index, ids: list[int]) -> None:
    for id in ids:
        (body,) = index.execute("SELECT text FROM body WHERE source = ?", (id,)).fetchone()
        index.execute("INSERT INTO source_text (source_text, rowid, body) VALUES ('delete', ?, ?)", (id, _folded(body)))
        for table in ("former", "content", "line", "record", "body"):
            index.execute(f"DELETE FROM {table} WHERE source = ?", (id,))
        index.execute("DELETE FROM source WHERE id = ?", (id,))


# Notes ---------------------------------------------------------------------------------------------------------------


def _note(index: Index, file: int, note: Note, prose: str) -> None:
    """Keep a note; ``prose`` is the text of one that is no card, which has its own words anywhere."""
    _forget_note(index, file)
    annotation = clean(note.annotation)
    cursor = index.execute(
        "INSERT INTO note (file, source, coder, data, annotation) VALUES (?,?,?,?,?)",
        (file, clean(note.source), clean(note.coder), note_data(note), annotation),
    )
    index.executemany(
        "INSERT OR IGNORE INTO card_field (note, name, value) VALUES (?,?,?)",
        [(cursor.lastrowid, clean(name), clean(fold(value))) for name, value in note.fields.items()],
    )
    if "@" in annotation or "@" in prose:
        _mentions(index, "note_mention (note, key)", cursor.lastrowid, annotation or prose)
    if annotation:
        index.execute("INSERT INTO note_text (rowid, body) VALUES (?, ?)", (cursor.lastrowid, _folded(annotation)))
    for ordinal, excerpt in enumerate(note.excerpts):
        body = clean(f"{excerpt.text}\n{excerpt.comment}" if excerpt.comment else excerpt.text)
        cursor = index.execute(
            "INSERT INTO excerpt (file, ordinal, name, kind, coder, data, body) VALUES (?,?,?,?,?,?,?)",
            (file, ordinal, excerpt.id, excerpt.kind, clean(note.coder), excerpt_data(excerpt), body),
        )
        id = cursor.lastrowid
        index.execute("INSERT INTO excerpt_text (rowid, body) VALUES (?, ?)", (id, _folded(body)))
        index.executemany("INSERT INTO cited (excerpt, key) VALUES (?, ?)", [(id, clean(key)) for key in excerpt.keys])
        if "@" in body:
            _mentions(index, "mention (excerpt, key)", id, body)
        tags = dict.fromkeys(clean(theme) for theme in excerpt.themes)
        index.executemany("INSERT INTO coded (excerpt, theme) VALUES (?, ?)", [(id, tag) for tag in tags])
    for coding in note.codings:
        cursor = index.execute(
            "INSERT INTO coding (file, name, coder, data) VALUES (?,?,?,?)",
            (file, coding.excerpt, clean(coding.coder), coding_data(coding)),
        )
        tags = dict.fromkeys(clean(theme) for theme in coding.themes)
        index.executemany(
            "INSERT INTO coding_theme (coding, theme) VALUES (?, ?)", [(cursor.lastrowid, tag) for tag in tags]
        )


def _mentions(index: Index, table: str, id: int | None, text: str) -> None:
    """Keep the keys that are cited in ``text``, apart from the attribution of an excerpt."""
    keys = dict.fromkeys(clean(key) for key in load(READERS["note"]).citations_in(text))
    index.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(id, key) for key in keys])


def _forget_note(index: Index, file: int) -> None:
    for table, column, text in (("note", "annotation", "note_text"), ("excerpt", "body", "excerpt_text")):
        rows = index.execute(f"SELECT id, {column} FROM {table} WHERE file = ? AND {column} <> ''", (file,)).fetchall()
        index.executemany(
            f"INSERT INTO {text} ({text}, rowid, body) VALUES ('delete', ?, ?)",
            [(id, _folded(body)) for id, body in rows],
        )
    for table in ("cited", "coded", "mention"):
        index.execute(f"DELETE FROM {table} WHERE excerpt IN (SELECT id FROM excerpt WHERE file = ?)", (file,))
    for table in ("card_field", "note_mention"):
        index.execute(f"DELETE FROM {table} WHERE note IN (SELECT id FROM note WHERE file = ?)", (file,))
    index.execute("DELETE FROM coding_theme WHERE coding IN (SELECT id FROM coding WHERE file = ?)", (file,))
    for table in ("note", "excerpt", "coding"):
        index.execute(f"DELETE FROM {table} WHERE file = ?", (file,))


def _codebook(index: Index, file: int, codebook: Codebook) -> None:
    index.execute("DELETE FROM theme WHERE file = ?", (file,))
    index.executemany(
        "INSERT OR IGNORE INTO theme (id, ordinal, data, file) VALUES (?,?,?,?)",
        [(clean(one.id), ordinal, theme_data(one), file) for ordinal, one in enumerate(codebook.themes.values())],
    )


def _decisions(index: Index, file: int, decisions: Sequence[Decision]) -> None:
    index.execute("DELETE FROM decision WHERE file = ?", (file,))
    last = {clean(one.source): number for number, one in enumerate(decisions)}
    index.executemany(
        "INSERT INTO decision (file, key, verdict, last, data, line, start, stop) VALUES (?,?,?,?,?,?,?,?)",
        (
            (
                file, clean(one.source), one.verdict, last[clean(one.source)] == number, decision_data(one),
                one.location.line, one.location.start, one.location.end,
            )
            for number, one in enumerate(decisions)
        ),
    )  # fmt: skip


def _forget(index: Index, path: str) -> None:
    """Take everything of a file out of the index."""
    (file,) = index.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchone()
    _delete_sources(index, [id for (id,) in index.execute("SELECT id FROM source WHERE file = ?", (file,))])
    _forget_note(index, file)
    for table in ("place", "shadowed", "theme", "decision", "problem"):
        index.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
    index.execute("DELETE FROM file WHERE id = ?", (file,))
