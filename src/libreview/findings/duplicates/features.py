"""What of a record is compared: each field brought to one form, and empty where the record says nothing."""

from __future__ import annotations

import re
from sys import intern
from urllib.parse import unquote

from libreview.findings.duplicates.places import ARTICLE, issue_of, journal_of, pages_of, volume_of
from libreview.findings.duplicates.titles import numbers_of, plain, repaired, title_of
from libreview.findings.nearness import Record
from libreview.texts.folding import fold
from libreview.value import Value

__all__ = ["Features", "features"]

_SIGNS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


class Features(Value, frozen=True, gc=False):
    """A record in the form in which it is compared."""

    title: str = ""
    numbers: tuple[str, ...] = ()
    kind: str = ""
    first: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    year: int = 0
    journal: str = ""
    volume: str = ""
    number: str = ""
    start: str = ""
    end: str = ""
    doi: str = ""
    isbns: frozenset[str] = frozenset()
    abstract: str = ""
    type: str = ""
    edition: str = ""


# People ---------------------------------------------------------------------------------------------------------------

_RUN_ON = re.compile(r"\.(?=[^\W\d_]{2})")
_NAME = re.compile(r"[^\W\d_]{3,}")
_SHORT_NAME = re.compile(r"[^\W\d_]{2,}")
_NOT_NAMES = frozenset((
    "and", "the", "van", "von", "der", "den", "del", "della", "dos", "das", "los", "las", "jun", "sen", "jnr", "phd",
    "prof", "others", "dkk",
    "etal", "anonymous", "anon", "unknown",
))  # fmt: skip


def _people(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the names of the first author and those of all, from whatever stands between one and the next."""
    if not text:
        return (), frozenset()
    folded = fold(repaired(text[:600])).replace("'", "").replace("-", "")
    if " and " in folded:
        first = folded.partition(" and ")[0]
    elif ";" in folded:
        first = folded.partition(";")[0]
    elif folded.count(",") > 1:
        first = folded.partition(",")[0]
    else:
        first = _RUN_ON.split(folded, maxsplit=1)[0]
    own = [name for name in _NAME.findall(first) if name not in _NOT_NAMES]
    names = frozenset(map(intern, _NAME.findall(folded))) - _NOT_NAMES
    return tuple(own or (name for name in _SHORT_NAME.findall(first)[:1] if name not in _NOT_NAMES)), names


# Numbers that name a publication --------------------------------------------------------------------------------------

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ISBN = re.compile(r"[\dxX][\dxX-]{7,16}")


def _doi(text: str) -> str:
    if not text:
        return ""
    found = _DOI.search(unquote(text[:500]) if "%" in text else text[:500])
    return found.group().rstrip(".,;)").lower() if found else ""


def _isbns(text: str) -> frozenset[str]:
    """Return the ISBN or ISSN of a record: whatever the field holds that has the length of one."""
    if not text:
        return frozenset()
    bare = (one.replace("-", "").upper() for one in _ISBN.findall(text[:200]))
    return frozenset(one for one in bare if len(one) in (8, 10, 13))


def _abstract(text: str) -> str:
    if len(text) < 40:
        return ""
    return _SIGNS.sub("", plain(text[:300]))[:160]


def features(record: Record) -> Features:
    """Return what of ``record`` is compared."""
    title, kind = title_of(record.title)
    first, names = _people(record.author)
    pages = record.pages or (record.number if ARTICLE.match(record.number) else "")
    start, end = pages_of(pages)
    found = _YEAR.search(record.year[:40])
    year = found.group() if found else ""
    volume = volume_of(record.volume[:60])
    return Features(
        title,
        numbers_of(title),
        kind,
        first,
        names,
        int(year or 0),
        journal_of(record.journal),
        volume if volume != year else "",
        issue_of(record.number[:60]),
        start,
        end,
        _doi(record.doi),
        _isbns(record.isbn),
        _abstract(record.abstract),
        record.type.lower(),
        volume_of(record.edition[:60]),
    )
