"""The files that make up a review, and whether any of them changed since they were last read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from libreview.disk import files
from libreview.disk.files import Stamp
from libreview.disk.index.opening import Index
from libreview.disk.settings import FILE, ReviewSettings, Understood
from libreview.model import Location, Problem
from libreview.texts.formats import FORMATS
from libreview.value import Value, decode, encode
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = [
    "NOT_READ",
    "READERS",
    "SCREENING",
    "Watched",
    "intended",
    "is_blank",
    "keep",
    "look",
    "named",
    "note_blank",
    "settle",
    "unchanged",
    "understood",
    "unsettle",
]

READERS = {
    "bib": FORMATS[0].module,
    "linked": FORMATS[0].module,
    "note": "libreview.texts.notes",
    "codebook": "libreview.texts.codebook",
    "screening": "libreview.texts.screening",
}
"""Kind of file -> the room that reads it; loaded when a file of that kind has changed."""


SCREENING = "sources/screening.toml"
"""The place of the screening decisions (`libreview.texts.screening.PATH`, which is not loaded for every command)."""

NOT_READ = frozenset({"sources/imported", "sources/files"})
"""Folders in which nothing is a source or a note: raw exports, attachments."""

_DIGESTS = "libreview.disk.digests"
"""Needed only where a change could not be written."""


class Watched(Value, frozen=True):
    """The files that make up a review: relative path -> stamp, by kind. Those in ``linked`` lie elsewhere and are only read."""

    bib: Mapping[str, Stamp]
    note: Mapping[str, Stamp]
    codebook: Mapping[str, Stamp]
    screening: Mapping[str, Stamp] = {}
    linked: Mapping[str, Stamp] = {}

    def all(self) -> Iterator[tuple[str, str, Stamp]]:
        for kind in READERS:
            for path, stamp in getattr(self, kind).items():
                yield path, kind, stamp


def look(
    root: Path,
    notes: Sequence[str],
    codebook: str,
    overlay: Mapping[str, bytes | None] = {},
    linked: Mapping[str, Path] = {},
) -> tuple[Watched, tuple[Problem, ...]]:
    """Return the files that make up a review, and a problem for each whose name is not UTF-8, which is left out.

    ``notes`` are the folders of notes, ``codebook`` is the path of the codebook. A file in ``overlay`` counts as having that content.
    ``linked`` are files outside, by the path they are shown with; those that are not there are left out.
    """
    found, screened = files.stamp(root / codebook), files.stamp(root / SCREENING)
    kinds = {
        "bib": files.walk(root, ("sources",), ".bib", NOT_READ),
        "note": files.walk(root, notes, ".md", NOT_READ),
        "codebook": {codebook: found} if found else {},
        "screening": {SCREENING: screened} if screened else {},
    }
    misnamed = [path for path in (*kinds["bib"], *kinds["note"]) if not path.isascii() and not _is_utf8(path)]
    for path in misnamed:
        kinds["bib"].pop(path, None)
        kinds["note"].pop(path, None)
    for path, content in overlay.items():
        kind = _kind(path, notes, codebook)
        if kind:
            kinds[kind].pop(path, None)
            if content is not None:
                short = load(_DIGESTS).short(content)[:7]
                kinds[kind][path] = Stamp(len(content), 0, 0, int.from_bytes(short))
    elsewhere = {path: there for path, place in linked.items() if (there := files.stamp(place))}
    return Watched(**kinds, linked=elsewhere), tuple(map(_misnamed, misnamed))


def named(root: Path, notes: Sequence[str]) -> dict[str, int]:
    """Return how many names (hard links) each file of the review has: sources, notes, everything in TOML; by path."""
    found = files.walk(root, tuple(dict.fromkeys(("sources", *notes))), (".bib", ".md", ".toml"), NOT_READ)
    beside = sorted(place.name for place in root.glob("libreview*.toml"))
    paths = (path for path in (*beside, *found) if path.isascii() or _is_utf8(path))
    return {path: files.links(root, path) for path in paths}


def _misnamed(path: str) -> Problem:
    """Return the problem of a file whose name is not UTF-8, its bytes spelt out."""
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return Problem("file-unread", Location(shown), shown, {"reason": N_("its name is not UTF-8")})


def _is_utf8(path: str) -> bool:
    return path.encode("utf-8", "replace").decode("utf-8") == path


def _kind(path: str, notes: Sequence[str], codebook: str) -> str:
    """Return which kind of file lies at ``path``, an empty text for none that is read."""
    if path == codebook:
        return "codebook"
    if path == SCREENING:
        return "screening"
    if any(path.startswith(f"{folder}/") for folder in NOT_READ):
        return ""
    if path.endswith(".bib") and path.startswith("sources/"):
        return "bib"
    inside = any(path.startswith(f"{folder.strip('/')}/") for folder in notes)
    return "note" if inside and path.endswith(".md") else ""


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
