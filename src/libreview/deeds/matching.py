"""New records compared with the sources of the review and with each other, before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from libreview.findings import nearness
from libreview.model import Source
from libreview.review import Review
from libreview.texts.formats import bibtex
from libreview.value import Value
from libreview.words.rooms import load

__all__ = ["Matching", "Twin", "parents"]

_DEDUPLICATING = "libreview.deeds.deduplicating"
"""Needed only where two records have anything in common: numpy and rapidfuzz come with it."""
_CARRIERS = ("xdata", "set")


class Twin(Value, frozen=True):
    """A new record that is the same work as ``others``: surely, or perhaps."""

    key: str
    others: tuple[str, ...]
    sure: bool


class Matching:
    """The sources that are known, as they are compared."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._known: list[nearness.Record] = []

    def know(self, key: str, source: Source) -> None:
        """Compare later records with ``source``, too."""
        if source.type.lower() not in _CARRIERS:
            self._known.append(_record(key, source))

    def twins(self, new: Sequence[tuple[str, Source]]) -> tuple[Twin, ...]:
        """Return which of ``new`` (under these keys) are the same work as a known one, or as one of them that comes before."""
        records = [_record(key, source) for key, source in new if source.type.lower() not in _CARRIERS]
        some, few = nearness.near(records, self._known)
        if not some:
            return ()
        groups = load(_DEDUPLICATING).among(self._review, some, few).groups
        places = {key: at for at, (key, _) in enumerate(new)}
        found: dict[str, Twin] = {}
        for group in sorted(groups, key=lambda group: group.band != "auto"):
            for twin in _twins(group.keys, places, sure=group.band == "auto"):
                found.setdefault(twin.key, twin)
        return tuple(sorted(found.values(), key=lambda twin: places[twin.key]))


def _twins(keys: Collection[str], places: dict[str, int], *, sure: bool) -> Iterator[Twin]:
    """Yield the new records of a group, without the first if all in it are new."""
    new = sorted((key for key in keys if key in places), key=places.__getitem__)
    known = tuple(key for key in keys if key not in places)
    others = known or (new.pop(0),)
    yield from (Twin(key, others, sure) for key in new)


def _record(key: str, source: Source) -> nearness.Record:
    return nearness.record_of(key, {**source.plain, "type": source.type})


def parents(sources: Sequence[Source]) -> frozenset[str]:
    """Return the keys of which others of ``sources`` hold data."""
    named = (source.fields.get(name, "") for source in sources for name in ("crossref", "xdata", "xref", "related"))
    return frozenset(key for names in named if names for key in bibtex.members(names))
