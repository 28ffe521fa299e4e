"""The files that make up a review, and whether any of them changed since they were last read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from libreview.disk.files import Stamp
from libreview.disk.index.opening import Index
from libreview.disk.settings import FILE, ReviewSettings, Understood
from libreview.model import Problem
from libreview.texts.formats import FORMATS
from libreview.value import Value, decode, encode

__all__ = [
    "READERS",
    "Watched",
    "intended",
    "is_blank",
    "keep",
    "note_blank",
    "settle",
    "unchanged",
    "understood",
    "unsettle",
]

READERS = {
    "bib": FORMATS[0].module,
    "note": "libreview.texts.notes",
    "codebook": "libreview.texts.codebook",
}
"""Kind of file -> the room that reads it; loaded when a file of that kind has changed."""


class Watched(Value, frozen=True):
    """The files that make up a review: relative path -> stamp, by kind."""

    bib: Mapping[str, Stamp]
    note: Mapping[str, Stamp]
    codebook: Mapping[str, Stamp]

    def all(self) -> Iterator[tuple[str, str, Stamp]]:
        for kind in READERS:
            for path, stamp in getattr(self, kind).items():
                yield path, kind, stamp


def understood(index: Index, data: bytes) -> Understood | None:
    """Return what a `libreview.toml` of these very bytes was found to say before; None if they are new."""
    row = index.execute("SELECT value FROM settings WHERE data = ?", (data,)).fetchone()
    return decode(row[0], tuple[ReviewSettings, tuple[Problem, ...]]) if row else None


def keep(index: Index, data: bytes, found: Understood) -> None:
    """Keep what these bytes of a `libreview.toml` say, in place of what was kept before."""
    with contextlib.suppress(sqlite3.OperationalError, UnicodeEncodeError):  # it is read again, that is all
        row = index.execute("SELECT data FROM settings").fetchone()
        note_blank(index, FILE, had_content=row is not None and not is_blank(row[0]), blank=is_blank(data))
        index.execute(
            "INSERT OR REPLACE INTO settings (id, data, value) VALUES (1, ?, ?)", (data, encode(found).decode())
        )


def unchanged(index: Index, watched: Watched) -> bool:
    """Tell whether all files are as they were when the index was last settled: one comparison for ten thousand stamps."""
    row = index.execute("SELECT stamps FROM settled").fetchone()
    return row is not None and row[0] == encode(watched)


def settle(index: Index, watched: Watched) -> None:
    """Keep that the index knows all of ``watched``, and that none is so young that it may change within its time stamp."""
    index.execute("INSERT OR REPLACE INTO settled (id, stamps) VALUES (1, ?)", (encode(watched),))


def unsettle(index: Index) -> None:
    """Forget what `settle` kept: some file has changed."""
    index.execute("DELETE FROM settled")


_BLANK = b" \t\r\n\v\f\0\xef\xbb\xbf"
"""White space, a byte order mark, and the NULs that some file systems leave of a file when the power fails."""


def is_blank(data: bytes) -> bool:
    """Tell whether ``data`` says nothing at all."""
    return not data.strip(_BLANK)


def note_blank(index: Index, path: str, *, had_content: bool, blank: bool) -> None:
    """Keep that a file lost all its content, until it has content again."""
    if blank and had_content:
        index.execute("INSERT OR IGNORE INTO emptied (path) VALUES (?)", (path,))
    elif not blank:
        index.execute("DELETE FROM emptied WHERE path = ?", (path,))


def intended(index: Index, paths: Iterable[str]) -> None:
    """Forget that these files lost their content: it was a change of the user's own that took it."""
    with contextlib.suppress(sqlite3.OperationalError):  # then `check` asks once more than needed
        index.executemany("DELETE FROM emptied WHERE path = ?", [(path,) for path in paths])
