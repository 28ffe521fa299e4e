"""Text folded for searching and sorting: without accents, case and typographic variants of quotes and dashes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["fold"]

# Letters that Unicode does not decompose, and marks that people type in more than one way.
_LETTERS = {
        "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
        "ŧ": "t", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ɨ": "i", "ƀ": "b", "ǥ": "g", "ʉ": "u",
        "ß": "ss", "ĸ": "k", "ŀ": "l", "ʼ": "'", "ʻ": "'", "‘": "'", "’": "'", "‛": "'", "′": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
        "−": "-", "\xad": "", "\u200b": "", "\ufeff": "", "\u2060": "",
}  # fmt: skip


@cache
def _own() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_LETTERS)}]")


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds marks that sit on Latin, Greek and Cyrillic letters.

    The vowel signs of Devanagari, Arabic, Hebrew and others are letters of their scripts and stay.
    """
    return re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def fold(text: str) -> str:
    """Return ``text`` in the form in which two spellings of a word are equal: ``Łukasiewicz``, ``LUKASIEWICZ``."""
    if text.isascii():
        return text.lower()
    bare = _marks().sub("", unicodedata.normalize("NFKD", text.casefold()))
    if bare.isascii():
        return bare.lower()
    # casefold again: compatibility forms (fullwidth capitals) turn up only now; NFC puts Hangul together again
    return unicodedata.normalize("NFC", _own().sub(_plain, bare.casefold()))


def _plain(match: re.Match[str]) -> str:
    return _LETTERS[match.group()]
