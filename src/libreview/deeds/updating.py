"""Importing a library again: what changed in it since last time, compared with what the review has made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from libreview.deeds import collecting, converting, extracting
from libreview.deeds.converting import Opened
from libreview.findings import upstream
from libreview.findings.upstream import TYPE, Conflict, Pairs, Update
from libreview.model import Edit, Source
from libreview.review import Review
from libreview.texts.formats import bibtex
from libreview.texts.formats.bibtex.encoding import chunk_codec, wide_codec
from libreview.texts.provenance import Import
from libreview.value import Value, replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

Mark = TypeVar("Mark")

__all__ = ["Base", "Changed", "Clash", "Library", "Updated", "base_of", "updated"]

_SAME_FILE = 0.5
"""So much of the smaller of two files must be the same records for the one to be the other, later."""
_MOST = 3
"""So many imports of one name are looked at: many programs call every export alike."""


class Base(Value, frozen=True):
    """What came last time: the import, its file as opened now, and which of its records are in the new file."""

    last: Import
    opened: Opened
    pairs: Pairs


class Changed(Value, frozen=True):
    """A source in which upstream's changes were taken, and the fields in which they were."""

    key: str
    fields: tuple[str, ...]


class Clash(Value, frozen=True):
    """A field of a source that changed here and upstream."""

    key: str
    field: str
    ours: str
    theirs: str


class Updated(Value, frozen=True):
    """What an import again comes to. ``changed`` records changed upstream and were not yet so here: ``taken`` and ``clashes``
    say how. ``gone`` are the places of those that were taken out of the review, ``vanished`` the keys of sources that are not in
    the file any more, ``rekeyed`` the keys of sources that have another there, with that.
    """

    same: int = 0
    changed: int = 0
    clashing: int = 0
    taken: tuple[Changed, ...] = ()
    clashes: tuple[Clash, ...] = ()
    gone: tuple[int, ...] = ()
    vanished: tuple[str, ...] = ()
    rekeyed: tuple[tuple[str, str], ...] = ()


# What came last time --------------------------------------------------------------------------------------------------


def base_of(
    review: Review, imports: Sequence[Import], new: Opened, content: bytes, name: str, sha256: str, *, older: bool
) -> Base | None:
    """Return what the file ``name`` was when it came last: the newest import of that name, else of the same bytes, else of most
    of the same keys. None if there is none, or if it is another file that happens to be called so.

    Raises `Refused` if what came under that name is not there any more. With ``older`` it is the newest whose bytes were
    others, so that what was settled last time can be settled anew.
    """
    for last in _candidates(review, imports, new, name, sha256, older=older):
        data = content if last.sha256 == sha256 else _kept(review, last.raw)
        if data is None and last.file == name:
            raise Refused(
                N_(
                    "{raw}, which is {name} as it came last time, is not there: what changed in it since cannot be told"
                ),
                N_("Bring it back from a copy, or give the file another name to import it as another one."),
                raw=last.raw,
                name=name,
            )
        if data is None:
            continue
        old = (
            new
            if data == content
            else converting.opened(data, last.file, last.raw, columns=collecting.pairs(last.columns.splitlines()))
        )
        pairs = upstream.pairs(old.reading.sources, new.reading.sources)
        if pairs.paired >= _SAME_FILE * min(len(old.reading.sources), len(new.reading.sources)) > 0:
            return Base(last, old, pairs)
    return None


def _kept(review: Review, path: str) -> bytes | None:
    """Return a raw file, None if it is not there any more."""
    try:
        return review.read(path) if review.exists(path) else None
    except Refused:
        return None


def _candidates(
    review: Review, imports: Sequence[Import], new: Opened, name: str, sha256: str, *, older: bool
) -> Iterator[Import]:
    """Yield the imports that may be of the same library, the likeliest first."""
    kept = [one for one in reversed(imports) if one.raw and not (older and one.sha256 == sha256)]
    named = [one for one in kept if one.file == name][:_MOST]
    yield from named
    copied = next((one for one in kept if one.sha256 == sha256 and one not in named), None)
    if copied is not None:
        yield copied
    elif kept and not named:
        overlapping = _overlapping(review, kept, new)
        if overlapping is not None:
            yield overlapping


def _overlapping(review: Review, kept: Iterable[Import], new: Opened) -> Import | None:
    """Return the newest import into the file that has most of the keys in ``new``; None if none has half of them."""
    keys = {source.key for source in new.reading.sources}
    shared = Counter(one.path for one in review.listing() if one.key in keys)
    into: dict[str, Import] = {}
    for one in kept:
        if one.into:
            into.setdefault(one.into, one)
    best = max(into, key=lambda path: shared[path], default="")
    if not best or shared[best] < _SAME_FILE * len(keys):
        return None
    first = into[best]
    return next((one for one in kept if one.file == first.file), first)


# What the review has ---------------------------------------------------------------------------------------------------


class Library:
    """The sources of the review as they stand in their files, and what is to become of them."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._wanted: dict[tuple[str, int], dict[str, str | None]] = {}
        self._edits: dict[tuple[str, int], Edit | None] = {}
        self._plain: dict[str, bool] = {}

    @cached_property
    def _files(self) -> dict[str, tuple[bytes, tuple[Source, ...]]]:
        files: dict[str, tuple[bytes, tuple[Source, ...]]] = {}
        for path in self._review.paths("bib"):
            try:
                files[path] = self._review.read_sources(path)
            except Refused:  # what cannot be read is a problem of its own, and stays as it is
                continue
        return files

    @cached_property
    def _sources(self) -> list[Source]:
        return [source for _, sources in self._files.values() for source in sources]

    @cached_property
    def _keys(self) -> dict[str, Source]:
        keys: dict[str, Source] = {}
        for source in self._sources:
            keys.setdefault(source.key, source)
        for source in self._sources:
            for key in bibtex.members(source.get("ids")):
                keys.setdefault(key, source)
        return keys

    @cached_property
    def _says(self) -> dict[extracting.Says, Source]:
        return {extracting.says(source): source for source in reversed(self._sources)}

    @cached_property
    def _dois(self) -> dict[str, Source | None]:
        return _unique((upstream.doi_of(source), source) for source in self._sources)

    @cached_property
    def _signatures(self) -> dict[tuple[str, str, str], Source | None]:
        return _unique((upstream.signature(source), source) for source in self._sources)

    @cached_property
    def _titles(self) -> dict[tuple[str, str], Source | None]:
        return _unique((upstream.title_and_author(source), source) for source in self._sources)

    def has(self, key: str) -> bool:
        return key in self._keys

    def ours(self, base: Source, into: frozenset[str]) -> Source | None:
        """Return the source that a record became, wherever it is and whatever its key is now; None if it was taken out."""
        found = self._keys.get(base.key)
        if found is not None and (found.location.path in into or upstream.same_work(base, found)):
            return found
        if not base.fields:
            return None
        found = self._says.get(extracting.says(base)) or self._dois.get(upstream.doi_of(base))
        signature, title = upstream.signature(base), upstream.title_and_author(base)
        found = found or (self._signatures.get(signature) if signature else None)
        return found or (self._titles.get(title) if title else None)

    def said(self, source: Source) -> dict[str, str]:
        """Return what a source will say after what was taken so far."""
        fields: dict[str, str | None] = {**upstream.said(source), **self._wanted.get(_place(source), {})}
        return {name: raw for name, raw in fields.items() if raw is not None}

    def take(self, source: Source, fields: Mapping[str, str | None]) -> bool:
        """Let a source say ``fields``; return whether its entry can be changed so."""
        place = _place(source)
        wanted = {**self._wanted.get(place, {}), **fields}
        try:
            self._edits[place] = self._edit(source, wanted)
        except Refused:
            return False
        self._wanted[place] = wanted
        return True

    def edits(self) -> list[Edit]:
        """Return all that was taken, as edits in the order of each file."""
        return [edit for _, edit in sorted(self._edits.items(), key=itemgetter(0)) if edit is not None]

    def _edit(self, source: Source, wanted: Mapping[str, str | None]) -> Edit | None:
        path, start, end = source.location.path, source.location.start, source.location.end
        data = self._files[path][0]
        fields = {name: raw for name, raw in wanted.items() if name != TYPE}
        type = wanted.get(TYPE) or ""
        if not self._in_plain_utf8(path):
            return bibtex.change_entry(data, source, fields, type=type)
        # the entry by itself, so that a thousand edits do not copy the file a thousand times
        alone = replace(source, location=replace(source.location, start=0, end=end - start))
        edit = bibtex.change_entry(data[start:end], alone, fields, type=type)
        return replace(edit, start=edit.start + start, end=edit.end + start) if edit else None

    def _in_plain_utf8(self, path: str) -> bool:
        if path not in self._plain:
            data = self._files[path][0]
            self._plain[path] = not wide_codec(data)[0] and chunk_codec(data) == "utf-8"
        return self._plain[path]


def _place(source: Source) -> tuple[str, int]:
    return source.location.path, source.location.start


def _unique(marks: Iterable[tuple[Mark | None, Source]]) -> dict[Mark, Source | None]:
    """Return the sources by a mark, None where several have it."""
    found: dict[Mark, Source | None] = {}
    for mark, source in marks:
        if mark:
            found[mark] = None if mark in found else source
    return found


# Three versions -------------------------------------------------------------------------------------------------------


def updated(library: Library, base: Base, new: Opened, into: frozenset[str], *, prefer_theirs: bool) -> Updated:
    """Take into ``library`` what changed between ``base`` and ``new`` and not there, and return what it comes to."""
    comparing = _Comparing(library, base, new, into)
    for at in range(len(new.reading.sources)):
        comparing.record(at, prefer_theirs=prefer_theirs)
    return comparing.updated()


class _Comparing:
    """Goes through the records of a file that came before."""

    def __init__(self, library: Library, base: Base, new: Opened, into: frozenset[str]) -> None:
        self._library, self._base = library, base
        self._old, self._new = base.opened.reading.sources, new.reading.sources
        self._keyed = new.keyed
        self._ours = [library.ours(one, into) for one in self._old]
        self._keys = {one.key: ours.key for one, ours in zip(self._old, self._ours, strict=True) if ours}
        self._later = dict(self._keys)
        for at, pair in enumerate(base.pairs.of_theirs):
            ours = self._ours[pair] if pair is not None else None
            if ours is not None:
                self._later[self._new[at].key] = ours.key
        self._same = self._changed = self._clashing = 0
        self._taken: list[Changed] = []
        self._clashes: list[Clash] = []
        self._gone: list[int] = []
        self._rekeyed: dict[str, str] = {}

    def record(self, at: int, *, prefer_theirs: bool) -> None:
        """Compare one record with what it was and what it is here; one that is new is left alone."""
        pair = self._base.pairs.of_theirs[at]
        if pair is None:
            return
        ours, old, new = self._ours[pair], self._old[pair], self._new[at]
        if ours is None:
            self._gone.append(at)
            return
        if self._keyed and old.key != new.key != ours.key and not self._library.has(new.key):
            self._rekeyed[ours.key] = new.key
        here = self._library.said(ours)
        later = upstream.said(new, self._later)
        found = upstream.update(upstream.said(old, self._keys), here, later, prefer_theirs=prefer_theirs)
        if found.fields and not self._library.take(ours, found.fields):
            stays = [Conflict(name, here.get(name, ""), raw or "") for name, raw in found.fields.items()]
            found = Update({}, (*found.conflicts, *stays))
        self._count(ours.key, found)

    def _count(self, key: str, found: Update) -> None:
        if not found.fields and not found.conflicts:
            self._same += 1
            return
        self._changed += 1
        self._clashing += bool(found.conflicts)
        if found.fields:
            self._taken.append(Changed(key, tuple(found.fields)))
        self._clashes += [Clash(key, one.field, one.ours, one.theirs) for one in found.conflicts]

    def updated(self) -> Updated:
        gone = (self._ours[at] for at in self._base.pairs.vanished)
        left = dict.fromkeys(ours.key for ours in gone if ours is not None)
        for pair in self._base.pairs.of_theirs:
            ours = self._ours[pair] if pair is not None else None
            if ours is not None:
                left.pop(ours.key, None)
        return Updated(
            self._same, self._changed, self._clashing, tuple(self._taken), tuple(self._clashes), tuple(self._gone),
            tuple(left), tuple(self._rekeyed.items()),
        )  # fmt: skip
