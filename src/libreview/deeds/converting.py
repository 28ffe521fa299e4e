"""A file of any format opened as BibTeX: its own bytes if that is what it is, else an entry for each of its records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from libreview.deeds import extracting
from libreview.model import Problem
from libreview.texts import formats, keys
from libreview.texts.formats import bibtex
from libreview.texts.formats.records import Reading, Record
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.rooms import load

__all__ = ["Opened", "Watch", "opened"]

Watch = Callable[[Sequence[object]], Iterable[object]]

_ENTRIES = "libreview.texts.formats.entries"
"""Needed for all formats but BibTeX."""
_GARUDA = "libreview.texts.formats.garuda"
"""Needed only where titles stand in quotes, as Garuda writes them."""
_QUOTED = b'title = "'

_NAMED = re.compile(r"(?=[A-Za-z0-9_:+-]{5,60}\Z)[A-Za-z][A-Za-z_:+-]*\d{4}(?!\d)[A-Za-z0-9_:+-]*")
"""A key as people and reference managers make them, with a year; numbers and addresses of databases say nothing."""


class Opened(Value, frozen=True):
    """A file with its records as BibTeX: ``data``, as read in ``reading``; ``lost`` are the records that could not be read.

    ``remarks`` is what else there is to say of the file. ``keyed`` tells whether the keys are those of the file itself.
    """

    format: str
    data: bytes
    reading: bibtex.Reading
    lost: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    keyed: bool = True

    @property
    def records(self) -> int:
        return len(self.reading.sources) + len(self.lost)


def opened(
    data: bytes, name: str, path: str, watch: Watch = iter, columns: Mapping[str, str] = MappingProxyType({})
) -> Opened:
    """Return the file ``data`` called ``name``, its entries read as if they stood in the file ``path`` of the review.

    ``watch`` hands on the records one by one, for a progress bar; ``columns`` says in which column of a table a field stands.
    """
    row = formats.detect(data[: formats.HEAD], name) or formats.FORMATS[0]
    if row.name == "bibtex":
        return _bibtex(data, name, path, watch)
    read = load(row.module).read
    found: Reading = read(data, name, columns) if row.name == "csv" else read(data, name)
    written, failed = _written(found.records, watch)
    remarks = tuple(problem for problem in found.problems if problem not in found.lost)
    return Opened(row.name, written, bibtex.read(written, path), (*found.lost, *failed), remarks, keyed=False)


def _bibtex(data: bytes, name: str, path: str, watch: Watch) -> Opened:
    """Return a BibTeX file; what only calls itself so is repaired first, and what was repaired is said."""
    repaired: tuple[Problem, ...] = ()
    if _QUOTED in data:
        data, repaired = load(_GARUDA).repaired(data, name)
    reading = bibtex.read(data, path, watch=watch)
    lost = tuple(problem for problem in reading.problems if problem.code in extracting.LOST)
    keyed = all(problem.code != "repaired-key" for problem in repaired)
    return Opened("bibtex", data, reading, lost, repaired, keyed)


def _written(records: Sequence[Record], watch: Watch) -> tuple[bytes, list[Problem]]:
    """Return records as BibTeX, each under a key of its own, and those that BibTeX cannot hold as problems."""
    entry: Callable[[Record, str], str] = load(_ENTRIES).entry
    written: list[str] = []
    failed: list[Problem] = []
    naming = _Naming()
    for record, _ in zip(records, watch(records), strict=True):
        try:
            written.append(entry(record, naming.key(record)))
        except Refused as error:
            reason = error.sentence.format(**error.facts)
            failed.append(Problem("record-broken", record.location, record.key, {"reason": reason}))
    return "\n".join(written).encode("utf-8", "replace"), failed


class _Naming:
    """Gives the records of a file keys: the one that the file proposes, if people made it, else one as `add` makes it."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def key(self, record: Record) -> str:
        stem = record.key if _NAMED.fullmatch(record.key) else ""
        if not stem:
            people = record.people.get("author") or record.people.get("editor") or ()
            stem = keys.key_stem(people, record.get("date", "year"), record.get("title", "booktitle"))
        n = self._next.get(stem, 0)
        while f"{stem}{keys.suffix(n)}".lower() in self._used:
            n += 1
        self._next[stem] = n + 1
        found = f"{stem}{keys.suffix(n)}"
        self._used.add(found.lower())
        return found
