"""Field by field: whether two records say the same, something else, or one of them nothing."""

from __future__ import annotations

from libreview.findings.duplicates.features import Features
from libreview.findings.duplicates.places import same_journal
from libreview.findings.duplicates.titles import is_number
from libreview.texts.pairing import likeness as alike

__all__ = ["different_parts", "near_pages", "one_range", "said"]

_SHORT = 25
"""Letters of a title below which it may be that of another text by chance."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def said(one: Features, other: Features, likeness: float, shared: bool) -> list[str]:
    """Return what the fields of two records say, as the names that `judging.POINTS` has; nothing where one is missing.

    ``likeness`` is that of the titles; a DOI is ``shared`` that was given to texts of different titles.
    """
    found = _title(one, other, likeness)
    if one.doi and other.doi:
        same = one.doi == other.doi
        found.append(("doi shared" if shared else "doi same") if same else "doi different")
    found += _people(one, other)
    if one.year and other.year:
        apart = abs(one.year - other.year)
        found.append(("year same", "year next", "year near")[apart] if apart < 3 else "year different")
    found += _place(one, other)
    if one.abstract and other.abstract:
        likely = 1.0 if one.abstract == other.abstract else alike(one.abstract, other.abstract)
        if likely >= 0.85:
            found.append("abstract same")
        elif likely < 0.4:
            found.append("abstract different")
    if not one.isbns.isdisjoint(other.isbns):
        found.append("isbn same")
    if one.kind != other.kind:
        found.append("kind different")
    return found


# Title ----------------------------------------------------------------------------------------------------------------


def _title(one: Features, other: Features, likeness: float) -> list[str]:
    if not one.title or not other.title:
        return []
    if one.title == other.title:
        return ["title same" if len(one.title) >= _SHORT else "title short"]
    short, long = sorted((one.title, other.title), key=len)
    found = [_likely(short, long, likeness)]
    if found[0] == "title different":
        return found
    if different_parts(one, other):
        found.append("numbers different")
    elif len(one.numbers) != len(other.numbers) and long.startswith(short + " "):
        found.append("part different")
    if found[0] != "title begins" and _substituted(short.split(), long.split()):
        found.append("words different")
    return found


def _likely(short: str, long: str, likeness: float) -> str:
    if len(short) < _SHORT and likeness >= 0.8:
        return "title short"
    if likeness >= 0.97 or short.replace(" ", "") == long.replace(" ", ""):
        return "title same"
    if likeness >= 0.9:
        return "title close"
    if len(short) >= 15 and long.startswith(short + " "):
        return "title begins"
    return "title like" if likeness >= 0.8 else "title different"


def different_parts(one: Features, other: Features) -> bool:
    """Return whether the numbers in two titles tell them apart, "Part 1" from "Part 2".

    That one has a number more says nothing: "D2" is also "D".
    """
    if one.numbers == other.numbers or "".join(one.numbers) == "".join(other.numbers):
        return False
    mine, theirs = set(one.numbers), set(other.numbers)
    return not (mine <= theirs or theirs <= mine)


_TURNED = frozenset((
    "fe", "wo", "a", "an", "un", "non", "in", "ir", "im", "dis", "anti", "pre", "post", "re", "co", "sub", "extra", "intra", "inter",
))  # fmt: skip
_POLES = (
    ("hyper", "hypo"), ("pre", "post"), ("intra", "extra"), ("intra", "inter"), ("with", "without"), ("over", "under"), ("micro", "macro"),
    ("mono", "poly"), ("endo", "exo"), ("ante", "post"), ("in", "out"), ("up", "down"), ("pro", "anti"), ("max", "min"),
)  # fmt: skip


def _substituted(mine: list[str], theirs: list[str]) -> bool:
    """Return whether a word of one title stands for quite another word, or for its contrary, in the other."""
    left = [word for word in mine if word not in theirs and not is_number(word)]
    right = [word for word in theirs if word not in mine and not is_number(word)]
    if not left or not right:
        return False
    if len(left) == len(right) == 1 and _contrary(*sorted((left[0], right[0]), key=len)):
        return True
    one, other = "".join(left), "".join(right)
    return one not in other and other not in one and alike(one, other) < 0.6


def _contrary(short: str, long: str) -> bool:
    """Return whether two words are contraries by how they begin: male and female, hypertension and hypotension."""
    if len(short) > 2 and long.endswith(short) and long[: -len(short)] in _TURNED:
        return True
    for one, other in _POLES:
        for a, b in ((short, long), (long, short)):
            if a.startswith(one) and b.startswith(other) and a[len(one) :] == b[len(other) :]:
                return True
    return False


# People ---------------------------------------------------------------------------------------------------------------


def _people(one: Features, other: Features) -> list[str]:
    if not one.first or not other.first:
        return []
    found = []
    share = len(one.names & other.names) / (min(len(one.names), len(other.names)) or 1)
    mine, theirs = one.first, other.first
    if mine == theirs or not set(mine).isdisjoint(theirs) or alike("".join(mine), "".join(theirs)) >= 0.75:
        found.append("author same")
    elif share < 0.5:
        found.append("author different")
    if one.names and other.names:
        if share >= 0.6:
            found.append("names same")
        elif share < 0.2:
            found.append("names different")
    return found


# Place ----------------------------------------------------------------------------------------------------------------


def _place(one: Features, other: Features) -> list[str]:
    found = []
    if one.journal and other.journal:
        same = same_journal(one.journal, other.journal)
        if same is not None:
            found.append("journal same" if same else "journal different")
    shifted = _shifted(one, other) or _shifted(other, one)
    if shifted or (one.volume and one.volume == other.volume):
        found.append("volume same")
    elif one.volume and other.volume and not (_is_issue(one.volume, other) or _is_issue(other.volume, one)):
        found.append("volume different")
    if one.number and other.number and not shifted:
        found.append("number same" if one.number == other.number else "number different")
    pages = "" if shifted and (one.start == other.number or other.start == one.number) else _pages(one, other)
    if pages:
        found.append(pages)
    if {"volume same", "pages same"} <= set(found) and "journal different" not in found:
        found.append("place same")
    return found


def _shifted(one: Features, other: Features) -> bool:
    """Return whether the volume of ``other`` stands in ``one`` as the issue."""
    return bool(other.volume) and not one.volume and one.number == other.volume


def _is_issue(volume: str, other: Features) -> bool:
    """Return whether what one record has for a volume is the issue of the other."""
    return volume == other.number.lstrip("s")


def _pages(one: Features, other: Features) -> str:
    if not one.start or not other.start:
        ends = one.end and other.end and (one.end.endswith(other.end) or other.end.endswith(one.end))
        return "pages near" if ends and (one.start or other.start) else ""
    mine, theirs = one.start.lstrip(_LETTERS) or one.start, other.start.lstrip(_LETTERS) or other.start
    if mine == theirs:
        if not one.end or not other.end or one.end == other.end:
            return "pages same"
        return "pages different" if mine == "1" else "pages near"
    if one.end and one.end == other.end:
        return "pages near"
    if "1" in (mine, theirs) or _is_article(one.start) != _is_article(other.start):
        return ""  # one counts from the first page of the paper, or has the number of the article: not to be compared
    return "pages near" if _within(mine, theirs, other.end) or _within(theirs, mine, one.end) else "pages different"


def _is_article(page: str) -> bool:
    """Return whether a page is the number of an article: ``e0191240``, ``a1754``."""
    return page[:1] in _ARTICLES and len(page) > 4


_ARTICLES = frozenset("abce")


def _within(page: str, start: str, end: str) -> bool:
    return page.isdecimal() and start.isdecimal() and end.isdecimal() and int(start) <= int(page) <= int(end)


def near_pages(one: Features, other: Features) -> bool:
    """Return whether two places on other pages may be one: close by, or the last page of one was cut short."""
    a, b = one.start.lstrip(_LETTERS), other.start.lstrip(_LETTERS)
    if one.end and other.end and (one.end.endswith(other.end) or other.end.endswith(one.end)):
        return True
    return a.isdecimal() and b.isdecimal() and abs(int(a) - int(b)) < _CLOSE


_CLOSE = 50
"""Pages apart: where somebody mistook a page of a supplement, and not where another text stands."""


def one_range(one: Features, other: Features) -> bool:
    """Return whether two records have the same last page, and it is not the first."""
    return bool(one.end) and one.end == other.end and one.end != one.start.lstrip(_LETTERS)
