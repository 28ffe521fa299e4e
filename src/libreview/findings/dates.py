"""Dates of sources: what stands in ``date``, ``year`` and ``month`` as CSL-JSON dates and as the year of a citation.

Read are the EDTF forms that biblatex takes (manual 3.16, section 2.3.8), BibTeX' year and month, and what people write.
"""

from __future__ import annotations

import re

from libreview.model import Source

__all__ = ["UNDATED", "date", "issued", "year_text"]

UNDATED = {"en": "n.d.", "id": "t.t.", "de": "o. J."}
_UNDATED_WORDS = {
    "t.t.", "t.t", "tt", "t.th.", "t. t.", "tanpa tahun", "n.d.", "n.d", "nd", "n. d.", "no date", "undated",
    "o.j.", "o. j.", "o.d.", "s.a.", "s. a.", "s.d.", "-", "--", "?", "????",
}  # fmt: skip
_ONE = re.compile(
    r"(-?\d{4,5}|\d{1,3}(?=$)|\d{2}[\dXx]{2})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:[T ]\d{2}:\d{2}[^/]{0,20})?([~?%]?)$"
)
_YEARS = re.compile(r"(\d{4})\s?(?:--|[-–—/])\s?(\d{4})$")
_CIRCA = re.compile(r"(?:c\.|ca\.?|circa|sekitar|um)\s{0,3}(?=\d)", re.IGNORECASE)
_LONE_YEAR = re.compile(r"\D{0,12}(\d{4})\D{0,12}$")
_BEFORE = {"en": "{} BCE", "id": "{} SM", "de": "{} v. Chr."}
_OF_MONTH = (
    ("jan", "januari", "january", "januar"),
    ("feb", "februari", "february", "februar", "pebruari"),
    ("mar", "maret", "march", "märz", "maerz"),
    ("apr", "april"),
    ("may", "mei", "mai"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "agustus", "august", "agu", "agt", "ags"),
    ("sep", "september", "sept"),
    ("oct", "oktober", "october", "okt"),
    ("nov", "november", "nopember", "nop"),
    ("dec", "desember", "december", "dezember", "des", "dez"),
)
_MONTHS = {name: number for number, names in enumerate(_OF_MONTH, 1) for name in names}
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}


def _one(text: str) -> tuple[list[list[int]], int, bool] | None:
    """Return the first and last day that ``text`` may mean as date-parts, the season (or 0) and whether it is circa."""
    match = _ONE.match(text)
    if not match:
        return None
    year, month, day, mark = match.groups()
    if year[-1] in "Xx":
        tens = year.upper()
        return [[int(tens.replace("X", "0"))], [int(tens.replace("X", "9"))]], 0, True
    parts = [int(year)]
    season = 0
    if month and 1 <= int(month) <= 12:
        parts.append(int(month))
        if day and 1 <= int(day) <= 31:
            parts.append(int(day))
    elif month and 21 <= int(month) <= 24:
        season = int(month) - 20
    return [parts], season, bool(mark)


def date(text: str) -> dict[str, object]:
    """Return ``text`` as a CSL-JSON date; empty for none ("", "t.t.", "n.d."); a ``literal`` if it is no date we know."""
    text = " ".join(text.split())
    if not text or text.casefold() in _UNDATED_WORDS:
        return {}
    bare = _CIRCA.sub("", text, count=1) if text[0] in "cCsSuU" else text
    circa = bare != text
    years = _YEARS.match(bare)
    ends = [years[1], years[2]] if years else [end.strip() for end in bare.split("/")]
    if len(ends) == 2 and ends[1] in ("", ".."):
        ends = ends[:1]  # open range: CSL-JSON has no word for "since"
    elif len(ends) == 2 and ends[0] in ("", ".."):
        ends = ends[1:]
    read = [_one(end) for end in ends]
    if len(ends) > 2 or any(one is None for one in read):
        lone = _LONE_YEAR.match(bare)
        return {"date-parts": [[int(lone[1])]]} if lone else {"literal": text}
    parts: list[list[int]] = []
    season = 0
    for one in read:
        if one is not None:
            parts.extend(one[0])
            season = season or one[1]
            circa = circa or one[2]
    found: dict[str, object] = {"date-parts": [parts[0], parts[-1]] if len(parts) > 1 else parts}
    if season:
        found["season"] = season
    if circa:
        found["circa"] = True
    return found


def _month(text: str) -> int:
    """Return 1 to 12 for a month, 21 to 24 for a season, 0 for anything else; of a span of months the first."""
    first = text.strip().casefold().replace("–", "-").replace("/", "-").split("-")[0].split()
    for word in (one.strip(".,") for one in first):
        if word.isascii() and word.isdigit() and len(word) <= 2:
            return int(word) if 1 <= int(word) <= 12 else 0
        if word in _MONTHS:
            return _MONTHS[word]
        if word in _SEASONS:
            return 20 + _SEASONS[word]
    return 0


def issued(source: Source) -> dict[str, object]:
    """Return the date of publication as a CSL-JSON date, from ``date`` or ``year``, ``month`` and ``day``."""
    given = source.get("date")
    if given:
        return date(given)
    year = source.get("year")
    found = date(year)
    parts = found.get("date-parts")
    if isinstance(parts, list) and len(parts) == 1 and len(parts[0]) == 1:
        month = _month(source.get("month"))
        if month > 20:
            found["season"] = month - 20
        elif month:
            parts[0].append(month)
            day = source.get("day")
            if day.isascii() and day.isdigit() and len(day) <= 2 and 1 <= int(day) <= 31:
                parts[0].append(int(day))
    return found


def year_text(source: Source, language: str) -> str:
    """Return the year as a citation prints it: "2001", "2001–2003", "ca. 1920", "t.t."."""
    given = source.get("date", "year")
    if len(given) == 4 and given.isascii() and given.isdigit() and given[0] != "0":
        return given  # nearly all of them; a summary prints thousands
    found = issued(source)
    parts = found.get("date-parts")
    if isinstance(parts, list):
        years = dict.fromkeys(one[0] for one in parts)
        before = _BEFORE.get(language, _BEFORE["en"])
        words = [before.format(-year) if year < 0 else str(year) for year in years]
        return ("ca. " if found.get("circa") else "") + "–".join(words)
    literal = found.get("literal")
    return str(literal) if literal else UNDATED.get(language, UNDATED["en"])
