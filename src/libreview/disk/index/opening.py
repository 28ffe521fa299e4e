"""Opening the index: in the user's cache, in memory where that cannot be written, anew where it is damaged or foreign."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from libreview.disk.index.storing import in_field
from libreview.texts.folding import fold
from libreview.value import DecodeError
from libreview.words.rooms import load

__all__ = ["SCHEMA", "Cursor", "Damaged", "Index", "discard", "in_memory", "open_index", "place_name"]

Index = sqlite3.Connection
Cursor = sqlite3.Cursor
Damaged = (sqlite3.DatabaseError, UnicodeDecodeError, DecodeError)
"""What a damaged index raises somewhere in the middle of a question: it cannot be read, or what is read is no text."""

_APPLICATION = 0x4C526576  # "LRev"
SCHEMA = 12
"""Raised whenever the tables or a reader change what is stored; a differing index is rebuilt."""

_TABLES = """
CREATE TABLE file (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, digest BLOB, seen INTEGER, blank INTEGER);
CREATE UNIQUE INDEX file_order ON file (kind, path);
CREATE TABLE emptied (path TEXT PRIMARY KEY);
CREATE TABLE settings (id INTEGER PRIMARY KEY, data BLOB NOT NULL, value TEXT NOT NULL);
CREATE TABLE settled (id INTEGER PRIMARY KEY, stamps BLOB NOT NULL);
CREATE TABLE source (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, digest BLOB NOT NULL, key TEXT NOT NULL,
    type TEXT, title TEXT,
    names TEXT, short TEXT, year TEXT, lang TEXT);
CREATE TABLE content (source INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE line (source INTEGER PRIMARY KEY, key TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE record (source INTEGER PRIMARY KEY, key TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE body (source INTEGER PRIMARY KEY, key TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX source_key ON source (key);
CREATE INDEX source_file ON source (file);
CREATE TABLE place (
    file INTEGER NOT NULL, ordinal INTEGER NOT NULL, source INTEGER NOT NULL, line INTEGER, start INTEGER, stop INTEGER,
    PRIMARY KEY (file, ordinal)) WITHOUT ROWID;
CREATE INDEX place_source ON place (source);
CREATE TABLE shadowed (
    file INTEGER NOT NULL, ordinal INTEGER NOT NULL, source INTEGER NOT NULL, line INTEGER, start INTEGER, stop INTEGER);
CREATE TABLE former (alias TEXT NOT NULL, source INTEGER NOT NULL);
CREATE INDEX former_alias ON former (alias);
CREATE TABLE note (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, source TEXT, coder TEXT, data TEXT NOT NULL, annotation TEXT);
CREATE INDEX note_source ON note (source);
CREATE VIEW card AS SELECT id AS note, source AS key FROM note WHERE source <> '';
CREATE VIEW carding AS SELECT n.id AS note, COALESCE((SELECT s.key FROM former f JOIN source s ON s.id = f.source
    WHERE f.alias = n.source AND NOT EXISTS (SELECT 1 FROM source x WHERE x.key = n.source) LIMIT 1), n.source) AS key
    FROM note n WHERE n.source <> '';
CREATE TABLE card_field (note INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (note, name)) WITHOUT ROWID;
CREATE TABLE note_mention (note INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (note, key)) WITHOUT ROWID;
CREATE TABLE excerpt (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, ordinal INTEGER, name TEXT, kind TEXT, coder TEXT, data TEXT NOT NULL,
    body TEXT);
CREATE INDEX excerpt_name ON excerpt (name);
CREATE INDEX excerpt_file ON excerpt (file);
CREATE TABLE cited (excerpt INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (key, excerpt)) WITHOUT ROWID;
CREATE INDEX cited_excerpt ON cited (excerpt);
CREATE TABLE mention (excerpt INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (excerpt, key)) WITHOUT ROWID;
CREATE TABLE coded (excerpt INTEGER NOT NULL, theme TEXT NOT NULL, PRIMARY KEY (theme, excerpt)) WITHOUT ROWID;
CREATE INDEX coded_excerpt ON coded (excerpt);
CREATE VIEW citing AS SELECT c.excerpt AS excerpt, COALESCE((SELECT s.key FROM former f JOIN source s ON s.id = f.source
    WHERE f.alias = c.key AND NOT EXISTS (SELECT 1 FROM source x WHERE x.key = c.key) LIMIT 1), c.key) AS key FROM cited c;
CREATE TABLE coding (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT, coder TEXT, data TEXT NOT NULL);
CREATE INDEX coding_name ON coding (name);
CREATE TABLE coding_theme (coding INTEGER NOT NULL, theme TEXT NOT NULL, PRIMARY KEY (theme, coding)) WITHOUT ROWID;
CREATE INDEX coding_theme_coding ON coding_theme (coding);
CREATE TABLE theme (id TEXT PRIMARY KEY, ordinal INTEGER, data TEXT NOT NULL, file INTEGER NOT NULL);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, key TEXT NOT NULL, verdict TEXT NOT NULL, last INTEGER NOT NULL,
    data TEXT NOT NULL, line INTEGER, start INTEGER, stop INTEGER);
CREATE INDEX decision_key ON decision (key);
CREATE VIEW screened AS SELECT key, verdict, id FROM decision WHERE last = 1;
CREATE VIEW screening AS SELECT key, verdict, id FROM decision WHERE last = 1
    UNION ALL SELECT s.key, d.verdict, d.id FROM former f JOIN source s ON s.id = f.source
    JOIN decision d ON d.key = f.alias AND d.last = 1
    WHERE NOT EXISTS (SELECT 1 FROM source x WHERE x.key = f.alias) AND NOT EXISTS (SELECT 1 FROM decision o WHERE o.key = s.key)
    AND NOT EXISTS (SELECT 1 FROM former g JOIN decision o ON o.key = g.alias WHERE g.source = f.source AND o.id > d.id
        AND NOT EXISTS (SELECT 1 FROM source x WHERE x.key = g.alias));
CREATE TABLE problem (file INTEGER NOT NULL, code TEXT, line INTEGER, start INTEGER, stop INTEGER, subject TEXT, facts TEXT);
CREATE INDEX problem_file ON problem (file);
CREATE VIRTUAL TABLE source_text USING fts5(body, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE excerpt_text USING fts5(body, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE note_text USING fts5(body, content='', tokenize="unicode61 remove_diacritics 0");
"""


def _connect(place: str) -> Index:
    index = sqlite3.connect(place, timeout=15.0, isolation_level=None, cached_statements=64)
    index.execute("PRAGMA trusted_schema=OFF")
    index.execute("PRAGMA cell_size_check=ON")
    index.execute("PRAGMA synchronous=OFF")  # the index may be lost at any moment
    index.execute("PRAGMA temp_store=MEMORY")
    index.create_function("fold", 1, fold, deterministic=True)
    index.create_function("in_field", 4, in_field, deterministic=True)
    return index


def _fits(index: Index) -> bool:
    application = index.execute("PRAGMA application_id").fetchone()[0]
    version = index.execute("PRAGMA user_version").fetchone()[0]
    return bool(application == _APPLICATION and version == SCHEMA)


def _build(index: Index) -> None:
    index.execute("BEGIN IMMEDIATE")
    if not _fits(index):  # nobody was quicker
        for name, kind in index.execute(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
        ).fetchall():
            if not name.startswith("sqlite_") and "_text_" not in name:
                index.execute(f'DROP {kind} IF EXISTS "{name.replace(chr(34), chr(34) * 2)}"')
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                index.execute(statement)
        index.execute(f"PRAGMA application_id={_APPLICATION}")
        index.execute(f"PRAGMA user_version={SCHEMA}")
    index.execute("COMMIT")


_DIGESTS = "libreview.disk.digests"
"""Needed only for a folder with a long path."""

_LONGEST_NAME = 200


def in_memory() -> Index:
    """Return an empty index that lives as long as the process."""
    index = _connect(":memory:")
    _build(index)
    return index


def place_name(root: Path) -> str:
    """Return the name under which the cache knows the review at ``root``."""
    spelt = quote(bytes(root.resolve()), safe="")
    return spelt if len(spelt) <= _LONGEST_NAME else load(_DIGESTS).hexadecimal(bytes(root.resolve()))


def _place(root: Path, cache: Path) -> Path:
    return cache / "index" / f"{place_name(root)}.sqlite"


def discard(root: Path, cache: Path) -> None:
    """Delete the index of the review at ``root``."""
    place = _place(root, cache)
    for suffix in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            place.with_name(place.name + suffix).unlink()


def open_index(root: Path, cache: Path, warn: Callable[[str], None]) -> Index:
    """Return the index of the review at ``root``. ``warn`` is told in one word what was done: "rebuilt", "memory"."""
    place = _place(root, cache)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return _ready(place)
    except (OSError, sqlite3.OperationalError) as error:
        if "locked" in str(error):
            raise
        warn("memory")
        return in_memory()
    except Damaged:
        discard(root, cache)
        warn("rebuilt")
        return _ready(place)


def _ready(place: Path) -> Index:
    index = _connect(str(place))
    try:
        if not _fits(index):
            _build(index)
    except BaseException:
        index.close()
        raise
    return index
