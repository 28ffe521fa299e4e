"""Where a text stands: journal, volume, issue and pages, as databases write, cut and damage them."""

from __future__ import annotations

import re
from functools import lru_cache

from libreview.findings.duplicates.titles import plain

__all__ = ["ARTICLE", "is_meeting", "issue_of", "journal_of", "pages_of", "same_journal", "volume_of"]

_SIGNS = re.compile(r"[\W_]+")
_MONTHS = {
    "jan": "1", "feb": "2", "mar": "3", "apr": "4", "may": "5", "jun": "6", "jul": "7", "aug": "8", "sep": "9",
    "oct": "10", "nov": "11", "dec": "12",
}  # fmt: skip
_EXCEL = re.compile(r"^(?:(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,2}))$")
_PAGE = re.compile(r"([a-z]{0,3})\s{0,3}(\d+)([a-z]?)")
_RANGE = re.compile(r"\d[a-z]?\s*[-–—‐‑−]+")
_ROMAN_PAGES = re.compile(r"^(?=[ivxlc])c{0,3}(?:x[lc]|l?x{0,3})(?:i[xv]|v?i{0,3})(?<=\w)\b")
_LOST = re.compile(r"^(?:suppl?|[a-z])-(\d+)$")
ARTICLE = re.compile(r"\s*[eE]\d{3,}\s*$")
"""The number of an article, which some databases give for an issue."""
_DIGITS = re.compile(r"\d+")


def pages_of(text: str) -> tuple[str, str]:
    """Return the first page and the last: ``139-54`` ends at 154, ``06-Oct`` (a spreadsheet's) is 6 to 10.

    Only the last is known of ``Suppl-29``, the end of it, and only the first of Roman pages.
    """
    lowered = text[:60].lower().strip()
    if not lowered:
        return "", ""
    if found := _EXCEL.match(lowered):
        day, month, name, figure = found.groups()
        if (month or name) in _MONTHS:
            pair = (day, _MONTHS[month]) if month else (_MONTHS[name], figure)
            return pair[0].lstrip("0"), pair[1].lstrip("0")
    if found := _LOST.match(lowered):  # "S417-S429" cut short on both sides
        return "", found.group(1)
    if found := _ROMAN_PAGES.match(lowered):
        return f"r{found.group()}", ""
    parts = _PAGE.findall(lowered)
    if not parts:
        return "", ""
    letters, figures, _ = parts[0]
    start = figures.lstrip("0") or "0"
    if len(parts) == 1 or not _RANGE.search(lowered):
        return letters[-1:] + start, ""
    end = parts[1][1].lstrip("0") or "0"
    if len(end) < len(start):
        end = start[: len(start) - len(end)] + end
    return letters[-1:] + start, end


def volume_of(text: str) -> str:
    """Return the number of the volume out of ``18 (Supplement 3)``; nothing out of what is left of a bracket, ``1)``."""
    if not text or (")" in text and "(" not in text):
        return ""
    found = _DIGITS.search(text)
    return (found.group().lstrip("0") or "0") if found else ""


def issue_of(text: str) -> str:
    """Return an issue as figures, with ``s`` for a supplement to no issue: ``SUPPL. 2`` is ``s2``, ``1 SUPPL. 2`` is ``1``."""
    found = _DIGITS.search(text) if text else None
    if not found or ARTICLE.match(text):
        return ""
    figures = found.group().lstrip("0") or "0"
    return f"s{figures}" if "sup" in text[: found.start()].lower() else figures


# Journals -------------------------------------------------------------------------------------------------------------

_STOPS = frozenset((
    "the", "of", "and", "in", "for", "on", "to", "a", "an", "de", "la", "le", "les", "der", "die", "das", "und",
    "et", "e", "y", "del", "di",
    "do", "da", "des", "du", "dan",
))  # fmt: skip
_BRACKET = re.compile(r"[(\[].*")
_CUT = re.compile(r"[:;].*")
_NAMES = re.compile(r"[/=]|\. ?conference:? ")
_PLACING = re.compile(
    r"\d+(?:st|nd|rd|th)?|proceedings?|proc|annual|vols?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|(?:\w+teenth|tenth|eleventh|twelfth|\w+tieth)"
)


@lru_cache(maxsize=1 << 16)
def journal_of(text: str) -> str:
    """Return the words of a journal's name: without article, year, place in brackets and what follows a colon.

    A name in two languages, or with that of a conference, gives two, with a stroke between them.
    """
    names = (_journal_words(_cut(part)) for part in _NAMES.split(plain(text[:400])))
    return "|".join(dict.fromkeys(name for name in names if name))


def _cut(name: str) -> str:
    """Return a name without what follows a colon or stands in brackets, unless too little is left: ``CA: a cancer ...``."""
    outside = _BRACKET.sub("", name).rstrip() or name
    bare = _CUT.sub("", outside).rstrip()
    return bare if len(bare) > _LITTLE else outside


_LITTLE = 3


def is_meeting(journal: str) -> bool:
    """Return whether the words of a journal's name are those of a meeting: its proceedings have no volume and any year."""
    return _MEETING.search(journal) is not None


_MEETING = re.compile(
    r"\b(?:conf(?:erence)?|symposium|workshop|congress|meeting|konferensi|seminar)\b|^(?:[a-z]{4,6})(?:\||$)"
)


def _journal_words(plain: str) -> str:
    words = [word for word in _SIGNS.sub(" ", plain.replace("'", "")).split() if word not in _STOPS]
    return " ".join([word for word in words if not _PLACING.fullmatch(word)] or words)


@lru_cache(maxsize=1 << 16)
def same_journal(one: str, other: str) -> bool | None:
    """Return whether two journals are the same: equal, abbreviated word by word, or by first letters.

    None if one name may be part of the other, as Cancer is of Cancer Research.
    """
    if one == other:
        return True
    pairs = ((mine.split(), theirs.split()) for mine in one.split("|") for theirs in other.split("|"))
    answers = {_same_name(mine, theirs) for mine, theirs in pairs}
    return True if True in answers else None if None in answers else False


def _same_name(one: list[str], other: list[str]) -> bool | None:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if _first_letters(short, long) or _first_letters(long, short):
        return True
    if len(short) == 1 and not _abbreviates(short[0], long[0]):
        return False
    at = 0
    for word in short:
        while at < len(long) and not _abbreviates(word, long[at]):
            at += 1
        if at == len(long):
            return False
        at += 1
    return True if len(short) == len(long) or (len(short) > 1 and len(long) - len(short) <= _MORE) else None


_MORE = 2
"""Words that a name of several words may have more than the other."""


def _first_letters(names: list[str], words: list[str]) -> bool:
    """Return whether one of ``names`` is made of how the ``words`` begin: ICIS, AMCIS (AMericas Conference ...)."""
    return len(words) > 2 and any(2 < len(name) < 10 and _is_made_of(name, words) for name in names)


def _is_made_of(name: str, words: list[str]) -> bool:
    ends = {0}
    for count, word in enumerate(words, 1):
        ends = {end + more for end in ends for more in (1, 2) if name[end : end + more] == word[:more]}
        if count > 2 and len(name) in ends:
            return True
    return False


def _abbreviates(one: str, other: str) -> bool:
    """Return whether one word is short for the other: its beginning, or its letters in their order (``natl``)."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if long.startswith(short) or (len(short) > 4 and long.startswith(short[:-1])):
        return True
    if short[0] != long[0]:
        return False
    rest = iter(long)
    return len(short) <= 5 and all(letter in rest for letter in short)
