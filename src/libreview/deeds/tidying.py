"""Text as it comes out of a PDF, made into paragraphs again."""

from __future__ import annotations

import re

from libreview.value import Value

__all__ = ["Tidied", "tidy"]

_LINE_END = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffc\ud800-\udfff]")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_HYPHENS = ("-", "\u2010", "\u00ad")
_SUSPENDED = frozenset(["und", "oder", "bzw", "bis", "and", "or", "to", "dan", "atau"])
"""What follows a hyphen that stays: "Vor- und Nachteile"."""
_WORD = re.compile(r"[^\W\d_]+")


class Tidied(Value, frozen=True):
    """The text, and how many line ends and hyphens were joined in it."""

    text: str
    lines: int = 0
    hyphens: int = 0


def tidy(text: str) -> Tidied:
    """Return ``text`` with the lines of each paragraph joined, words divided at a line end put together.

    Empty lines stay between paragraphs. A hyphen stays where it belongs to the word: before a capital or a digit, in a
    doubled word ("undang-undang"), before "und", "dan", "or", and where the same word stands with it elsewhere.
    """
    clean = _JUNK.sub("", _LINE_END.sub("\n", text)).translate(_LIGATURES)
    whole = {word.lower() for word in clean.split() if "-" in word[1:-1]}
    paragraphs: list[list[str]] = [[]]
    lines = hyphens = 0
    for line in clean.split("\n"):
        words = " ".join(line.replace("\u00ad", "").split())
        if words and line.rstrip().endswith("\u00ad"):
            words += "\u00ad"
        if not words:
            if paragraphs[-1]:
                paragraphs.append([])
            continue
        pieces = paragraphs[-1]
        if not pieces:
            pieces.append(words)
            continue
        lines += 1
        if words and pieces[-1].endswith(_HYPHENS):
            stem, between, joined = _joint(pieces[-1], words, whole)
            hyphens += joined
            pieces[-1] = stem
            pieces.append(between + words)
        else:
            pieces.append(" " + words)
    joined_text = "\n\n".join("".join(pieces) for pieces in paragraphs if pieces)
    return Tidied(joined_text.replace("\u00ad", ""), lines, hyphens)


def _joint(before: str, after: str, whole: set[str]) -> tuple[str, str, bool]:
    """Return the line before a joint, what stands between it and the next line, and whether a hyphen went."""
    stem = before[:-1]
    if before[-1] == "\u00ad":
        return stem, "", True
    head = stem.rpartition(" ")[2]
    tail = after.partition(" ")[0]
    first = _WORD.match(tail)
    if not head or not head[-1].isalpha():
        return before, "" if head and head[-1].isdigit() and tail[:1].isdigit() else " ", False
    if first is None:
        return before, "" if tail[:1].isdigit() else " ", False
    word = first.group().lower()
    if word in _SUSPENDED:
        return before, " ", False
    half = head.lower().lstrip("\"'([{“‘«")
    doubled = len(half) > 2 and word.startswith(half)
    if not tail[0].islower() or doubled or f"{half}-{word}" in whole or "-" in half:
        return before, "", False
    return stem, "", True
