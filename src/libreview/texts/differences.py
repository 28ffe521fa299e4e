"""What a change does to files, as a unified diff (the format of POSIX `diff -u`)."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

__all__ = ["counts", "unified"]

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


Block = tuple[int, int, int, int]
"""Lines ``[0]`` to ``[1]`` of the old text become lines ``[2]`` to ``[3]`` of the new one."""

_CONTEXT = 3
_SMALL = 250_000
"""Two pieces are compared line by line by difflib if the product of their lengths is at most this: it takes as much time."""


def unified(pairs: Mapping[str, tuple[bytes | None, bytes | None]]) -> str:
    """Return the differences between old and new content (None: no file) of each path."""
    pieces: list[str] = []
    for path, (old, new) in pairs.items():
        if old == new:
            continue
        names = (path if old is not None else "/dev/null", path if new is not None else "/dev/null")
        pieces.append(f"--- {names[0]}\n+++ {names[1]}\n")
        one, other = _lines(old), _lines(new)
        for hunk in _hunks(_blocks(one, other)):
            pieces.extend(_drawn(hunk, one, other))
    return "".join(pieces)


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Return what differs, in order. Long texts are cut at lines that each has once, which both have in the same order."""
    found: list[Block] = []
    at_old = at_new = 0
    for anchor in (*_anchors(old, new), (len(old), len(new))):
        found.extend(_compared(old, new, (at_old, anchor[0], at_new, anchor[1])))
        at_old, at_new = anchor
    return found


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    if len(old) * len(new) <= _SMALL:
        return []
    once = {line for line, n in Counter(old).items() if n == 1} & {line for line, n in Counter(new).items() if n == 1}
    places = {line: at for at, line in enumerate(new) if line in once}
    pairs = [(at, places[line]) for at, line in enumerate(old) if line in once]
    # the longest run of pairs in which both places grow: patience sorting, each pair pointing to the one before it
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        tops[pile : pile + 1] = [place]
        last[pile : pile + 1] = [number]
        before.append(last[pile - 1] if pile else -1)
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _compared(old: Sequence[str], new: Sequence[str], piece: Block) -> list[Block]:
    """Return what differs in one piece, without the lines at its ends that are the same."""
    a, b, c, d = piece
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    if a == b and c == d:
        return []
    if a == b or c == d or (b - a) * (d - c) > _SMALL:
        return [(a, b, c, d)]
    matcher = difflib.SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
    return [(a + i, a + j, c + k, c + m) for kind, i, j, k, m in matcher.get_opcodes() if kind != "equal"]


def _hunks(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks in groups whose context touches."""
    found: list[list[Block]] = []
    for block in blocks:
        if found and block[0] - found[-1][-1][1] <= 2 * _CONTEXT:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def _drawn(hunk: Sequence[Block], old: Sequence[str], new: Sequence[str]) -> list[str]:
    first, last = hunk[0], hunk[-1]
    before = min(_CONTEXT, first[0])
    after = min(_CONTEXT, len(old) - last[1])
    start, end = first[0] - before, last[1] + after
    lines = [f"@@ -{_range(start, end)} +{_range(first[2] - before, last[3] + after)} @@\n"]
    at = start
    for a, b, c, d in hunk:
        lines.extend(_line(" ", line) for line in old[at:a])
        lines.extend(_line("-", line) for line in old[a:b])
        lines.extend(_line("+", line) for line in new[c:d])
        at = b
    lines.extend(_line(" ", line) for line in old[at:end])
    return lines


def _range(start: int, end: int) -> str:
    """Return a range of lines as POSIX writes it: counted from 1, an empty one by the line before it."""
    length = end - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def counts(diff: str) -> tuple[int, int, int]:
    """Return how many files a unified diff speaks of, and how many lines it adds and removes.

    Hunks say how long they are, so that no line of a file is taken for a header.
    """
    files = added = removed = 0
    old = new = 0
    for line in diff.split("\n"):
        if old > 0 or new > 0:
            sign = line[:1]
            added += sign == "+"
            removed += sign == "-"
            new -= sign in "+ "
            old -= sign in "- "
        elif found := _HUNK.match(line):
            old, new = (int(one or 1) for one in found.groups())
        else:
            files += line.startswith("+++ ")
    return files, added, removed


def _lines(content: bytes | None) -> list[str]:
    """Return the lines as an editor counts them: only LF ends one."""
    lines = (content or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
