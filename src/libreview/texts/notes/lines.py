"""The lines of a note, and what is hidden in them: closed code fences and comments (grammar R0 and R2).

Positions here are characters of the decoded text; `Page.byte` turns one into a byte of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from libreview.value import Value

__all__ = ["Page", "Trouble", "columns", "decode", "page", "split"]

_BREAK = re.compile(r"\r\n?|\n")
_STEP = 512
_HIDING = re.compile(r"\\.|<!--|%%|`+|~~~+")
_BLANK = re.compile(r"[\r\n][ \t>]*+[\r\n]")
_FENCE = re.compile(
    r"(?P<lead>(?:[ \t]*+(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])))*+[ \t]*+)"
    r"(?P<mark>`{3,}+|~{3,}+)(?P<info>.*)",
    re.DOTALL,
)
_MARKER = re.compile(r"[ \t]*+(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|\Z)")


class Trouble(Value, frozen=True):
    """A problem of one line, before it has a place in a file."""

    code: str
    line: int
    subject: str = ""
    reason: str = ""


@dataclass(slots=True)
class Page:
    """A decoded note. ``lines`` are without line ends and without comments; ``starts`` and ``ends`` are their places in ``text``.

    ``fences`` maps each line of a closed code fence to the line that opens it; ``absent`` are lines inside a comment
    that began in running text; ``pieces`` says for a line that lost comments where its parts come from.
    """

    text: str
    lines: list[str]
    starts: list[int]
    ends: list[int]
    fences: dict[int, int] = field(default_factory=dict)
    absent: set[int] = field(default_factory=set)
    pieces: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    sums: list[int] | None = None

    def byte(self, position: int) -> int:
        """Return the offset in the file of the character ``position``."""
        if self.sums is None:
            return position
        step = position // _STEP
        return self.sums[step] + len(self.text[step * _STEP : position].encode("utf-8", "surrogateescape"))

    def line(self, position: int) -> int:
        """Return the index of the line that holds ``position``."""
        return max(0, bisect_right(self.starts, position) - 1)


def decode(data: bytes) -> str:
    """Return ``data`` as text; bytes that are not UTF-8 become lone surrogates, so that they can be written back."""
    return data.decode("utf-8", "surrogateescape")


def columns(blank: str) -> int:
    """Return how many columns the white space ``blank`` takes, with tab stops every four."""
    if "\t" not in blank:
        return len(blank)
    column = 0
    for char in blank:
        column += 4 - column % 4 if char == "\t" else 1
    return column


def split(text: str) -> tuple[list[str], list[int], list[int]]:
    """Return the lines of ``text``, where they start and where they end. Only LF, CRLF and CR end a line."""
    lines: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 1 if text.startswith("\ufeff") else 0
    if "\r" not in text:
        lines = text[at:].split("\n")
        if not lines[-1]:
            lines.pop()
        for line in lines:
            starts.append(at)
            at += len(line)
            ends.append(at)
            at += 1
        return lines, starts, ends
    for match in _BREAK.finditer(text):
        starts.append(at)
        ends.append(match.start())
        lines.append(text[at : match.start()])
        at = match.end()
    if at < len(text):
        starts.append(at)
        ends.append(len(text))
        lines.append(text[at:])
    return lines, starts, ends


def page(data: bytes) -> Page:
    """Return the lines of ``data`` with code fences marked and comments taken out."""
    text = decode(data)
    result = Page(text, *split(text))
    if len(text) != len(data):
        sums = [0]
        for at in range(0, len(text), _STEP):
            sums.append(sums[-1] + len(text[at : at + _STEP].encode("utf-8", "surrogateescape")))
        result.sums = sums
    if "```" in text or "~~~" in text or "<!--" in text or "%%" in text:
        _hide(result)
    return result


class _Fence(Value, frozen=True):
    line: int
    mark: str
    end: int  # the line that closes it, or -1


def _openings(result: Page) -> dict[int, _Fence]:
    """Return every line that may open a code fence, by the place of its mark, with the line that closes it.

    A closing line is sought in the same run of quoted lines, and only where one of sufficient length is left: a file
    of nothing but openings is read in one go.
    """
    candidates: list[tuple[int, int, str, tuple[str, int, int]]] = []
    closers: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    run = 0
    listed = False
    blank = True
    for at, line in enumerate(result.lines):
        stripped = line.lstrip(" \t")
        quoted = stripped.startswith(">")
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if not quoted and not (match and ">" in match["lead"]):
            run += 1
        if _MARKER.match(line):
            listed = True
        elif blank and stripped and stripped == line:
            listed = False
        blank = not stripped
        if match is None:
            continue
        lead, mark, info = match["lead"], match["mark"], match["info"]
        if not lead.strip(" \t") and columns(lead) >= 4 and not listed:
            continue
        depth = lead.count(">")
        kind = (mark[0], depth, run if depth else 0)
        if not info.strip(" \t"):
            closers.setdefault(kind, []).append((at, len(mark)))
        if mark[0] == "~" or "`" not in info:
            candidates.append((at, result.starts[at] + match.start("mark"), mark, kind))
    longest = {kind: _suffix_maximum(rows) for kind, rows in closers.items()}
    fences: dict[int, _Fence] = {}
    open_until = -1
    for at, place, mark, kind in candidates:
        end = -1
        if at > open_until:
            rows = closers.get(kind, [])
            row = bisect_left(rows, (at + 1, 0))
            if row < len(rows) and longest[kind][row] >= len(mark):
                while rows[row][1] < len(mark):
                    row += 1
                end = rows[row][0]
                open_until = end
        fences[place] = _Fence(at, mark, end)
    return fences


def _suffix_maximum(rows: list[tuple[int, int]]) -> list[int]:
    best = 0
    result = [0] * len(rows)
    for at in range(len(rows) - 1, -1, -1):
        best = max(best, rows[at][1])
        result[at] = best
    return result


def _hide(result: Page) -> None:
    """Mark the code fences of ``result`` and take its comments out."""
    text = result.text
    fences = _openings(result)
    runs: dict[int, list[int]] = {}
    for ticks in re.finditer("`+", text):
        runs.setdefault(len(ticks[0]), []).append(ticks.start())
    dropped: list[tuple[int, int]] = []
    unclosed: set[str] = set()
    paragraph_end = -1
    at = 0
    while match := _HIDING.search(text, at):
        start, at = match.span()
        mark = match[0]
        fence = fences.get(start)
        if fence is not None:
            if fence.end < 0:
                # The one line, not the one behind it: an opening that an earlier fence swallowed is not seen here.
                result.troubles.append(Trouble("code-open", fence.line, fence.mark))
                at = result.ends[fence.line]
            else:
                result.fences.update(dict.fromkeys(range(fence.line, fence.end + 1), fence.line))
                at = result.ends[fence.end]
        elif mark in ("<!--", "%%"):
            end = -1 if mark in unclosed else text.find("-->" if mark == "<!--" else mark, start + 2)
            if end >= 0:
                at = end + (3 if mark == "<!--" else 2)
                dropped.append((start, at))
            elif mark not in unclosed:
                unclosed.add(mark)
                result.troubles.append(Trouble("comment-open", result.line(start), mark))
        elif mark[0] == "`":
            if paragraph_end < at:
                gap = _BLANK.search(text, at)
                paragraph_end = gap.start() if gap else len(text)
            same = runs.get(len(mark), [])
            row = bisect_left(same, at)
            if row < len(same) and same[row] < paragraph_end:
                at = same[row] + len(mark)
    if dropped:
        _drop(result, dropped)


def _drop(result: Page, dropped: list[tuple[int, int]]) -> None:
    """Take the spans ``dropped`` out of the lines of ``result``."""
    cuts: dict[int, list[tuple[int, int]]] = {}
    absent: set[int] = set()
    heads: dict[int, int] = {}  # where the text of a line begins
    for start, end in dropped:
        first, last = result.line(start), result.line(end - 1)
        if first not in heads:
            line = result.lines[first]
            heads[first] = result.starts[first] + len(line) - len(line.lstrip(" \t"))
        inline = heads[first] < start
        for at in range(first, last + 1):
            cuts.setdefault(at, []).append((max(start, result.starts[at]), min(end, result.ends[at])))
            if inline and at > first:
                absent.add(at)
    for at, spans in cuts.items():
        kept: list[str] = []
        pieces: list[tuple[int, int]] = []
        length = 0
        position = result.starts[at]
        for start, end in [*spans, (result.ends[at], result.ends[at])]:
            if start > position:
                pieces.append((length, position))
                kept.append(result.text[position:start])
                length += start - position
            position = max(position, end)
        line = "".join(kept)
        result.lines[at] = line
        result.pieces[at] = pieces or [(0, result.ends[at])]
        if at in absent and not line.strip(" \t"):
            result.absent.add(at)
