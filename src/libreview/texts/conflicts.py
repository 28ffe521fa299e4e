"""What a version control system leaves in a text where two versions met (git-merge(1), "How conflicts are presented")."""

from __future__ import annotations

import re

from libreview.model import Location, Problem

__all__ = ["FIRST", "problems"]

FIRST = b"<<<<<<< "
"""How a conflict begins, at the start of a line."""

_MARK = re.compile(rb"^(?:<<<<<<<(?= )|=======(?=[ \t]*\r?$)|>>>>>>>(?= ))", re.MULTILINE)


def problems(data: bytes, path: str) -> tuple[Problem, ...]:
    """Return a problem for each whole conflict: one mark of each kind in order, each at the start of its line.

    ``=======`` by itself underlines a heading in Markdown, so that it takes all three to be sure.
    """
    if FIRST not in data:
        return ()
    found = []
    begin, parted = -1, False
    line, counted = 1, 0
    for mark in _MARK.finditer(data):
        sign = mark.group()[:1]
        if sign == b"<":
            begin, parted = mark.start(), False
        elif begin >= 0 and sign == b"=":
            parted = True
        elif begin >= 0 and parted:
            line += data.count(b"\n", counted, begin)
            counted = begin
            found.append(Problem("conflict-marker", Location(path, line, begin, begin + 7)))
            begin, parted = -1, False
    return tuple(found)
