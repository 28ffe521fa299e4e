"""A library that was imported before and has changed since: which records are the same, and what becomes of each field.

Three versions meet in each field: the *base* (what came last time), *ours* (what the review has now), and *theirs* (what
comes now). What changed upstream and not here is taken, what changed here stays, and where both changed, differently, ours
stays and the two are shown (the rule of diff3: Khanna, Kunal and Pierce 2007, "A formal investigation of diff3").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from libreview.model import Source
from libreview.texts.folding import fold
from libreview.texts.formats.bibtex import INHERITING, repointed
from libreview.value import Value

__all__ = [
    "TYPE",
    "Conflict",
    "Pairs",
    "Update",
    "doi_of",
    "pairs",
    "said",
    "same_work",
    "signature",
    "title_and_author",
    "update",
]

TYPE = "@"
"""The name under which the type of an entry stands among its fields; no field can be called so."""

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_WORD = re.compile(r"\w+")


class Conflict(Value, frozen=True):
    """A field that changed here and upstream, to different things. An empty text is a field that is not there."""

    field: str
    ours: str
    theirs: str


class Update(Value, frozen=True):
    """What becomes of ours: ``fields`` that are set (None: goes), and what stays though it changed upstream as well."""

    fields: Mapping[str, str | None] = {}
    conflicts: tuple[Conflict, ...] = ()


class Pairs(Value, frozen=True):
    """Which record of the base each of theirs is (None: it is new), and which of the base are not there any more."""

    of_theirs: tuple[int | None, ...]
    vanished: tuple[int, ...]

    @property
    def paired(self) -> int:
        return sum(at is not None for at in self.of_theirs)


def said(source: Source, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the fields of a source and its type, with the parents it names under their keys in the review."""
    fields = {TYPE: source.type, **source.fields}
    if keys:
        fields |= {name: repointed(fields[name], keys) for name in INHERITING if name in fields}
    return fields


def _plain(raw: str | None) -> str:
    """Return a value without what a line break changes; a field that is not there is an empty one."""
    return " ".join(raw.split()) if raw else ""


def update(
    base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str], *, prefer_theirs: bool = False
) -> Update:
    """Return what becomes of ``ours``. With ``prefer_theirs`` nothing is a conflict: what changed upstream is taken."""
    fields: dict[str, str | None] = {}
    conflicts: list[Conflict] = []
    for name in dict.fromkeys((*theirs, *base)):
        old, here, there = (_plain(one.get(name)) for one in (base, ours, theirs))
        if there in (old, here):
            continue
        if here == old or prefer_theirs:
            fields[name] = theirs[name] if there else None
        else:
            conflicts.append(Conflict(name, here, there))
    return Update(fields, tuple(conflicts))


# Which record is which ------------------------------------------------------------------------------------------------


def doi_of(source: Source) -> str:
    """Return the DOI of a source in lower case without its address, or nothing."""
    match = _DOI.search(source.get("doi"))
    return match.group().rstrip(".,;").lower() if match else ""


def _title(source: Source) -> str:
    return "".join(_WORD.findall(fold(source.title)))


def _author(source: Source) -> str:
    first = next(iter(source.authors), None)
    return fold(first.family or first.literal or first.given) if first else ""


def signature(source: Source) -> tuple[str, str, str] | None:
    """Return title, year and first author as they are compared; None without a title, which alone says too little."""
    title = _title(source)
    return (title, source.year, _author(source)) if title and (source.year or source.authors) else None


def title_and_author(source: Source) -> tuple[str, str] | None:
    """Return title and first author as they are compared; None if one of them is not there."""
    title, author = _title(source), _author(source)
    return (title, author) if title and author else None


def pairs(base: Sequence[Source], theirs: Sequence[Source]) -> Pairs:
    """Return which records are the same: first by key with the same DOI or title, then by DOI, by title, year and author, and
    last by a key alone whose records agree in author or year and have no two DOIs.

    What stands twice is paired in order; a DOI or a title that several records have pairs none by itself.
    """
    matching = _Matching(base, theirs)
    matching.by(lambda one: one.key, _surely_same, repeated=True)
    matching.by(doi_of, _same_doi)
    matching.by(lambda one: one.key, same_work, repeated=True)
    matching.by(signature, _no_other_doi)
    matching.by(lambda one: one.key, _alike, repeated=True)
    return Pairs(tuple(matching.found), tuple(sorted(matching.open)))


class _Matching:
    """The pairs found so far, and the records of the base that have none yet."""

    def __init__(self, base: Sequence[Source], theirs: Sequence[Source]) -> None:
        self.base, self.theirs = base, theirs
        self.open = dict.fromkeys(range(len(base)))
        self.found: list[int | None] = [None] * len(theirs)

    def by(
        self, of: Callable[[Source], Hashable], same: Callable[[Source, Source], bool], *, repeated: bool = False
    ) -> None:
        """Pair the records of which ``of`` says the same, if they are the ``same``."""
        waiting = [at for at, pair in enumerate(self.found) if pair is None]
        if not waiting or not self.open:
            return
        old = _grouped((at, of(self.base[at])) for at in self.open)
        new = _grouped((at, of(self.theirs[at])) for at in waiting)
        for mark, places in new.items():
            others = old.get(mark, [])
            if not repeated and (len(places) > 1 or len(others) > 1):
                continue
            for at, other in zip(places, others, strict=False):
                if same(self.base[other], self.theirs[at]):
                    self.found[at] = other
                    del self.open[other]


def _grouped(marks: Iterable[tuple[int, Hashable]]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for at, mark in marks:
        if mark:
            groups.setdefault(mark, []).append(at)
    return groups


def _same_doi(one: Source, other: Source) -> bool:
    return doi_of(one) == doi_of(other)


def _no_other_doi(one: Source, other: Source) -> bool:
    first, second = doi_of(one), doi_of(other)
    return not first or not second or first == second


def _surely_same(one: Source, other: Source) -> bool:
    doi = doi_of(one)
    return bool(doi and doi == doi_of(other)) or (_title(one) == _title(other) and _no_other_doi(one, other))


def same_work(one: Source, other: Source) -> bool:
    """Return whether two records under one key are of one work: the same DOI, or the same title and no two DOIs; with author and
    year the same as well, another DOI is a corrected one.
    """
    mark = signature(one)
    return _surely_same(one, other) or (mark is not None and mark == signature(other))


def _alike(one: Source, other: Source) -> bool:
    """Return whether records under one key may be one work whose title was corrected."""
    author, year = _author(one), one.year
    return _no_other_doi(one, other) and bool((author and author == _author(other)) or (year and year == other.year))
