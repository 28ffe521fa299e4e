"""Slices of bytes replaced: nothing outside them changes, and nothing is replaced that is not what was read."""

from __future__ import annotations

from collections.abc import Sequence

from libreview.model import Edit
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["changed", "in_order", "moved", "spliced"]


def changed(path: str) -> Refused:
    """Return the error for a file that is not what it was when the change was computed."""
    return Refused(
        N_("{path} changed on disk since it was read; nothing was written"),
        N_("Save and close it in your editor, then run the command again."),
        path=path,
    )


def in_order(edits: Sequence[Edit]) -> list[Edit]:
    """Return ``edits`` from the beginning of the file to its end."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


def moved(path: str, edits: Sequence[Edit], seen: bytes, now: bytes) -> Sequence[Edit]:
    """Return ``edits`` of the bytes ``seen`` as edits of the bytes ``now``; `Refused` if a line that changed is in their way.

    An insertion replaces nothing, so that only the lines around it tell whether its place is still the same.
    """
    if seen == now:
        return edits
    head = _shared(seen, now)
    tail = _shared(seen[head:][::-1], now[head:][::-1])
    until, by = len(seen) - tail, len(now) - len(seen)
    found = []
    for edit in edits:
        if b"\n" in seen[edit.end : head]:
            found.append(edit)
        elif b"\n" in seen[until : edit.start]:
            found.append(Edit(path, edit.start + by, edit.end + by, edit.old, edit.new))
        else:
            raise changed(path)
    return found


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes at their beginning are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def spliced(path: str, old: bytes, edits: Sequence[Edit]) -> bytes:
    """Return ``old`` with ``edits`` done; `Refused` if one does not find what it replaces, or if two overlap."""
    pieces: list[bytes] = []
    done = 0
    for edit in in_order(edits):
        if edit.start < done or not edit.start <= edit.end <= len(old) or old[edit.start : edit.end] != edit.old:
            raise changed(path)
        pieces += (old[done : edit.start], edit.new)
        done = edit.end
    pieces.append(old[done:])
    return b"".join(pieces)
