"""Text folded for searching and sorting: without accents, case and typographic variants of quotes and dashes."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold"]

# Letters that Unicode does not decompose, and marks that people type in more than one way.
_LETTERS = str.maketrans(
    {
        "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
        "ŧ": "t", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ɨ": "i", "ƀ": "b", "ǥ": "g", "ʉ": "u",
        "ß": "ss", "ĸ": "k", "ŀ": "l", "ʼ": "'", "ʻ": "'", "‘": "'", "’": "'", "‛": "'", "′": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
        "−": "-", "\xad": None, "\u200b": None, "\ufeff": None, "\u2060": None,
    }
)  # fmt: skip

# Marks that sit on Latin, Greek and Cyrillic letters. The vowel signs of Devanagari, Arabic, Hebrew and others are
# letters of their scripts and stay.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


def fold(text: str) -> str:
    """Return ``text`` in the form in which two spellings of a word are equal: ``Łukasiewicz``, ``LUKASIEWICZ``."""
    if text.isascii():
        return text.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    # casefold again: compatibility forms (fullwidth capitals) turn up only now; NFC puts Hangul together again
    return unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))
