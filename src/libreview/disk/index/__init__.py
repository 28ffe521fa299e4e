"""The index of a review: derived from its files, kept in the user's cache, rebuilt whenever in doubt.

`opening` gives a connection, `refreshing` brings it up to date with the files, `asking` answers questions in values.
sqlite3 is used in this package only.
"""

from __future__ import annotations

from libreview.disk.index.asking import (
    Hit,
    Listed,
    Record,
    cards,
    codings,
    counted,
    emptied,
    excerpt_ids,
    excerpts,
    hits,
    in_use,
    keys,
    lines,
    listing,
    notes,
    paths,
    problems,
    records,
    source,
    source_keys,
    sources,
    themes,
    totals,
    used_tags,
)
from libreview.disk.index.opening import Damaged, Index, discard, in_memory, open_index, place_name
from libreview.disk.index.selecting import Themes
from libreview.disk.index.watching import NOT_READ, READERS, Watched, intended, keep, look, unchanged, understood

__all__ = [
    "NOT_READ",
    "READERS",
    "Damaged",
    "Hit",
    "Index",
    "Listed",
    "Record",
    "Themes",
    "Watched",
    "cards",
    "codings",
    "counted",
    "discard",
    "emptied",
    "excerpt_ids",
    "excerpts",
    "hits",
    "in_memory",
    "in_use",
    "intended",
    "keep",
    "keys",
    "lines",
    "listing",
    "look",
    "notes",
    "open_index",
    "paths",
    "place_name",
    "problems",
    "records",
    "source",
    "source_keys",
    "sources",
    "themes",
    "totals",
    "unchanged",
    "understood",
    "used_tags",
]
