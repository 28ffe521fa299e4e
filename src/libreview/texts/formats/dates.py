"""Dates as exports write them (``2011///``, ``2011 Mar-Apr``, ``JUN 8``, ``Juli 2019``) as ISO 8601, the way biblatex wants them.

A season is 21 to 24 in the place of a month, a span has a slash (biblatex manual, section "Date and time specifications").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from libreview.value import Value

__all__ = ["When", "combine", "read"]

_NUMERIC = re.compile(
    r"(\d{4})(?:[/.-](\d{0,2})(?:[/.-](\d{0,2})(?:/(?:\d\d?:[\d:.]+)?|[T ]\d\d?:\d\d.*|/(.+))?)?)?",
)
"""The parts of a date in their order; a time is left out, other words after it (RIS allows them) are the last group."""
_OTHER_WAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_SPAN = re.compile(r"(\d{4})\s?(?:--|[/–-])\s?(\d{4})")
_ISO_SPAN = re.compile(r"(\d{4}(?:-\d\d){0,2})/(\d{4}(?:-\d\d){0,2})")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_OF_MONTH = (
    "jan january januari januar janvier enero",
    "feb february februari februar pebruari fevrier febrero",
    "mar march maret märz maerz mars marzo",
    "apr april avril abril",
    "may mei mai mayo",
    "jun june juni juin junio",
    "jul july juli juillet julio",
    "aug august agustus agu agt ags août agosto",
    "sep sept september septembre septiembre",
    "oct october oktober okt octobre octubre",
    "nov november nopember nop novembre noviembre",
    "dec december desember dezember des dez décembre diciembre",
    "", "", "", "", "", "", "", "",
    "spring spr frühling",
    "summer sum sommer",
    "autumn fall fal aut herbst",
    "winter win",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_OF_MONTH, 1) for name in names.split()}
_EMPTY_WORDS = frozenset(("of", "st", "nd", "rd", "th", "c", "ca", "copyright"))


class When(Value, frozen=True):
    """What a text says of a date: up to two years, months (or seasons) and days; ``whole`` unless it says more than that."""

    years: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    whole: bool = True

    @property
    def iso(self) -> str:
        """The date, or its span; empty without a year."""
        if not self.years:
            return ""
        first = _iso(self.years[0], self.months[:1], self.days[:1])
        last = _iso(self.years[-1], self.months[-1:], self.days[-1:])
        return first if first == last else f"{first}/{last}"


def _iso(year: int, month: Sequence[int], day: Sequence[int]) -> str:
    text = f"{year:04d}"
    if month:
        text += f"-{month[0]:02d}"
        if day and month[0] <= 12:
            text += f"-{day[0]:02d}"
    return text


def _sound(when: When) -> When:
    """Return ``when`` without months and days that there are not."""
    if any(not 1 <= month <= 24 or 12 < month < 21 for month in when.months):
        return When(when.years, whole=False)
    if any(not 1 <= day <= 31 for day in when.days):
        return When(when.years, when.months, whole=False)
    return when


@lru_cache(maxsize=8192)
def read(text: str) -> When:
    """Return what ``text`` says of a date."""
    text = text.strip().strip("[]().,;©~?").strip()
    if len(text) == 4 and text.isascii() and text.isdigit():
        return When((int(text),))
    if len(text) > 80 or not text:
        return When(whole=not text)
    if span := _ISO_SPAN.fullmatch(text):
        return _iso_span(span[1], span[2])
    if numeric := _NUMERIC.fullmatch(text):
        year, month, day = (int(part) if part and part.isascii() else 0 for part in numeric.groups()[:3])
        return _sound(When((year,), (month,) if month else (), (day,) if day and month else (), not numeric[4]))
    if span := _SPAN.fullmatch(text):
        return When((int(span[1]), int(span[2])))
    if other := _OTHER_WAY.fullmatch(text):
        return _other_way(int(other[1]), int(other[2]), int(other[3]))
    return _words(text)


def _iso_span(first: str, last: str) -> When:
    ends = [tuple(map(int, end.split("-"))) for end in (first, last)]
    size = min(map(len, ends))
    parts = [tuple(end[at] for end in ends) if at < size else () for at in range(3)]
    return _sound(When(parts[0], parts[1], parts[2], len(ends[0]) == len(ends[1])))


def _other_way(first: int, second: int, year: int) -> When:
    """Read day and month in the order in which they can be; where both can, only the year is sure."""
    if first > 12 or first == second:
        return _sound(When((year,), (second,), (first,)))
    if second > 12:
        return _sound(When((year,), (first,), (second,)))
    return When((year,), whole=False)


def _words(text: str) -> When:
    years: list[int] = []
    months: list[int] = []
    days: list[int] = []
    whole = True
    for token in _TOKEN.findall(text):
        if token.isdigit():
            number = int(token) if len(token) < 5 else 0
            if len(token) == 4 and 1000 <= number < 2200:
                years.append(number)
            elif 1 <= number <= 31 and len(token) < 3:
                days.append(number)
            else:
                whole = False
        elif (month := _MONTHS.get(token.casefold())) is not None:
            months.append(month)
        elif token.casefold() not in _EMPTY_WORDS:
            whole = False
    if not whole or len(years) > 2 or len(months) > 2 or len(days) > 2 or (days and not months):
        return When(tuple(years[-1:]) if len(set(years)) == 1 else (), whole=False)
    if len(years) == 2 and (len(months) == 1 or (days and len(days) == 1)):
        return When(tuple(years), whole=False)
    return When(tuple(years), tuple(months), tuple(days))


@lru_cache(maxsize=8192)
def combine(texts: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the date that ``texts`` give together (the first year counts, the others make it more precise), and which are not in it."""
    found = [read(text) for text in texts]
    base = next((one for one in found if one.years and one.whole), None) or next(
        (one for one in found if one.years), None
    )
    if base is None:
        return "", tuple(range(len(texts)))
    best = base
    for one in found:
        if one.years and one.years[0] == base.years[0] and _precision(one) > _precision(best):
            best = one
    for one in found:
        if not one.years and one.months and not best.months and one.whole:
            best = When(best.years, one.months, one.days)
    iso = best.iso
    rest = tuple(at for at, one in enumerate(found) if not _within(one, best, texts[at]))
    return iso, rest


def _precision(when: When) -> int:
    return bool(when.months) + bool(when.days) + (len(when.years) > 1)


def _within(one: When, best: When, text: str) -> bool:
    """Return whether ``best`` says all that ``one`` does."""
    if not one.whole:
        return False
    if not one.years and not one.months:
        return not text.strip()
    return (
        (not one.years or set(one.years) <= set(best.years))
        and set(one.months) <= set(best.months)
        and set(one.days) <= set(best.days)
    )
