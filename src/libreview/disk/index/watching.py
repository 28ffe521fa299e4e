"""The files that make up a review, and whether any of them changed since they were last read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from libreview.disk.files import Stamp
from libreview.disk.index.opening import Index
from libreview.value import Value, encode

__all__ = ["READERS", "Watched", "settle", "unchanged", "unsettle"]

READERS = {
    "bib": "libreview.texts.formats.bibtex",
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
