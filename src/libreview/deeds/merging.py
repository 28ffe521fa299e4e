"""Sources under another key, sources taken out, and several sources made one; notes and other entries follow.

Each deed is one change over all files. A key that no longer stands for itself lives on in the field ``ids`` of its
entry, so that texts outside the review that cite it are still understood.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from libreview.deeds import linking, opening
from libreview.disk import libraries
from libreview.findings import unions
from libreview.findings.unions import Conflict
from libreview.model import Change, Delete, Edit, Source
from libreview.review import Review
from libreview.texts import notes, screening
from libreview.texts.formats import bibtex
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_

__all__ = ["Conflicting", "Followed", "Merged", "Rekeyed", "Removed", "compared", "merge", "rekey", "remove", "used"]

_SHOWN = 3


class Followed(Value, frozen=True):
    """What followed a source to its new key: citations, the notes they stand in, note cards, other entries."""

    citations: int = 0
    notes: int = 0
    cards: int = 0
    entries: int = 0


class Rekeyed(Value, frozen=True):
    """A source under its new key. ``path`` is empty if only notes followed."""

    old: str
    new: str
    path: str
    followed: Followed


class Removed(Value, frozen=True):
    """What was taken out: the keys, the files that went with them, the attachments that stay, the excerpts that still cite."""

    keys: tuple[str, ...]
    paths: tuple[str, ...]
    deleted: tuple[str, ...]
    attachments: tuple[str, ...]
    excerpts: int


class Merged(Value, frozen=True):
    """Sources made one: the key kept, those merged into it, what was taken, what followed, all note cards it now has."""

    key: str
    others: tuple[str, ...]
    path: str
    taken: tuple[tuple[str, str], ...]
    followed: Followed
    cards: tuple[str, ...]
    types: tuple[str, ...]


class Conflicting(Refused):
    """Sources that contradict each other in some fields, and nobody said what counts."""

    def __init__(self, key: str, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(
            N_("These sources contradict each other: {fields}"),
            N_("Say what counts: --take {field}=KEY for a field, --prefer KEY for the rest."),
            fields=", ".join(one.field for one in conflicts),
            field=conflicts[0].field,
            key=key,
        )
        self.conflicts = conflicts


# Files of sources, each read once -------------------------------------------------------------------------------------


class _Library:
    """The files of sources that a deed looks at, and what is to become of their entries."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._files: dict[str, tuple[bytes, tuple[Source, ...]]] = {}
        self._fields: dict[tuple[str, int], dict[str, str | None]] = {}
        self._keys: dict[tuple[str, int], str] = {}
        self._gone: dict[str, list[Source]] = {}

    def of(self, path: str) -> tuple[bytes, tuple[Source, ...]]:
        if path not in self._files:
            self._files[path] = self._review.read_sources(path)
        return self._files[path]

    def only(self, key: str) -> Source:
        """Return the one source with ``key`` as it stands in its file; `Refused` if the key stands twice."""
        path = self._review.source(key).location.path
        if path in self._review.linked:
            raise libraries.elsewhere(key, path)
        found = [one for one in self.of(path)[1] if one.key == key]
        if not found:
            raise Refused(N_("{path} changed on disk since it was read; nothing was written"), path=path)
        if self._review.keys().count(key) > 1 or len(found) > 1:
            places = [f"{one.path}:{one.line}" for one in self._review.listing() if one.key == key]
            raise Refused(
                N_("{key} is the key of several sources: {places}"),
                N_("Give each its own key by hand first: libreview edit {key}"),
                key=key,
                places=", ".join(places[:_SHOWN]),
            )
        return found[0]

    def naming(self, keys: Collection[str]) -> list[Source]:
        """Return every entry of the review that has one of ``keys``, or names one in a field."""
        found: list[Source] = []
        wanted = frozenset(keys)
        for path in self._review.paths("bib"):
            if path not in self._files and not bibtex.mentions(self._review.read(path), keys):
                continue
            found += [
                one
                for one in self.of(path)[1]
                if one.key in wanted or bibtex.referring(one, wanted, (*bibtex.REFERRING, "ids"))
            ]
        return found

    def attached(self, source: Source, there: PurePosixPath) -> Source:
        """Return ``source`` with its attachments named as they must be in a file of the folder ``there``."""
        raw, here = source.fields.get("file", ""), PurePosixPath(source.location.path).parent
        if not raw or here == there:
            return source
        paths = ";".join(self._from(part, here, there) for part in raw.split(";"))
        return replace(source, fields={**source.fields, "file": paths}, plain={**source.plain, "file": paths.strip()})

    def _from(self, path: str, here: PurePosixPath, there: PurePosixPath) -> str:
        """Return a plain ``path`` that leads from ``here`` to a file of the review as it leads there from ``there``."""
        place = posixpath.normpath(here / path.strip())
        if any(sign in path for sign in ":\\{}") or not path.strip() or place.startswith(("..", "/")):
            return path
        try:
            found = self._review.exists(place)
        except (Refused, OSError, ValueError):  # no name that a file of the review could have
            return path
        return posixpath.relpath(place, there) if found else path

    def set(self, source: Source, fields: Mapping[str, str | None], key: str = "") -> None:
        """Note down what becomes of an entry; a field may be set more than once, the last counts."""
        place = source.location.path, source.location.start
        self._fields.setdefault(place, {}).update(fields)
        if key:
            self._keys[place] = key

    def take_out(self, source: Source) -> None:
        self._gone.setdefault(source.location.path, []).append(source)

    def edits(self) -> list[Edit | Delete]:
        """Return what was noted down as edits; a file that holds nothing any more is deleted."""
        result: list[Edit | Delete] = []
        for path, (data, sources) in self._files.items():
            gone = self._gone.get(path, [])
            edits = bibtex.remove_entries(data, gone) if gone else []
            if gone and bibtex.blank(_without(data, edits)):
                result.append(Delete(path, data))
                continue
            starts = {one.location.start for one in gone}
            for one in sources:
                place = path, one.location.start
                if place in self._fields and one.location.start not in starts:
                    edit = bibtex.change_entry(data, one, self._fields[place], self._keys.get(place, ""))
                    edits += [edit] if edit else []
            edits.sort(key=lambda edit: edit.start)
            result += edits
        return result


def _without(data: bytes, edits: Sequence[Edit]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        pieces.append(data[at : edit.start])
        at = edit.end
    return b"".join((*pieces, data[at:]))


def _entries_follow(library: _Library, keys: Mapping[str, str], own: Collection[str]) -> int:
    """Let other entries name the new keys; return how many do. ``own`` are the keys of the entries that are left alone.

    A key in the ``ids`` of another entry is taken out: it now belongs to the one that had it as its key.
    """
    followed = 0
    for source in library.naming(tuple(keys)):
        if source.key in own:
            continue
        names = bibtex.referring(source, keys)
        fields: dict[str, str | None] = {name: bibtex.repointed(source.fields[name], keys) for name in names}
        if bibtex.referring(source, keys, ("ids",)):
            fields["ids"] = bibtex.repointed(source.fields["ids"], dict.fromkeys(keys, "")).strip() or None
        if fields:
            library.set(source, fields)
            followed += bool(names)
    return followed


def _notes_follow(review: Review, keys: Mapping[str, str]) -> tuple[list[Edit], Followed]:
    """Return the edits that let every note cite the new keys. A note that does not hold an old key is not parsed."""
    signs = [key.encode("utf-8", "surrogateescape") for key in keys]
    edits: list[Edit] = []
    citations = cited = cards = 0
    for path in review.paths("note"):
        data = review.read(path)
        if not any(sign in data for sign in signs):
            continue
        found = notes.repoint(data, path, keys)
        edits += found.edits
        citations += found.citations
        cited += bool(found.citations)
        cards += found.card
    return edits, Followed(citations, cited, cards)


def _screening_follows(review: Review, keys: Mapping[str, str]) -> list[Edit]:
    """Return the edits that let screening decisions on the old keys be on the new ones.

    Where a new key has decisions of its own, these count, and those on the other record stay what they were.
    """
    data = _screening_data(review, keys)
    if data is None:
        return []
    own = {one.source for one in review.decisions()}
    return screening.repoint(data, {old: new for old, new in keys.items() if new not in own})


def _screening_data(review: Review, keys: Iterable[str]) -> bytes | None:
    """Return the file of screening decisions if one of them is on one of ``keys``."""
    if not review.exists(screening.PATH) or {one.source for one in review.decisions()}.isdisjoint(keys):
        return None
    return review.read(screening.PATH)


def _ids(source: Source, gained: Iterable[str], lost: Collection[str]) -> dict[str, str | None]:
    """Return the field ``ids`` of ``source`` with the keys it gains and without those it loses."""
    old = bibtex.members(source.fields.get("ids", ""))
    new = [key for key in dict.fromkeys((*old, *gained)) if key not in lost]
    return {} if tuple(new) == old else {"ids": ", ".join(new) or None}


# Another key ----------------------------------------------------------------------------------------------------------


def rekey(review: Review, old: str, new: str, *, notes_only: bool = False) -> tuple[Change, Rekeyed]:
    """Return the change that gives the source ``old`` the key ``new``, and what follows it.

    With ``notes_only`` the source has the new key already, and only notes that cite the old one follow. Raises
    `NotFound`, or `Refused` if the new key is taken or is none.
    """
    old, new = old.strip().removeprefix("@"), new.strip().removeprefix("@")
    if notes_only:
        return _notes_only(review, old, new)
    library = _Library(review)
    source = library.only(review.source(old).key)
    old = source.key
    if old == new:
        raise Refused(N_("{key} has this key already"), key=old)
    _free(review, library, new, old)
    edits, followed = _notes_follow(review, {old: new})
    entries = _entries_follow(library, {old: new}, (old,))
    library.set(source, _ids(source, (old,), (new,)), new)
    screened = _screening_follows(review, {old: new})
    change = Change((*library.edits(), *edits, *screened), f"rekey {old} {new}")
    return change, Rekeyed(old, new, source.location.path, _with_entries(followed, entries))


def _with_entries(followed: Followed, entries: int) -> Followed:
    return Followed(followed.citations, followed.notes, followed.cards, entries)


def _free(review: Review, library: _Library, new: str, old: str) -> None:
    """Raise `Refused` if another source has the key ``new``, or had it formerly."""
    taken = {key.lower(): key for key in review.source_keys() if key != old}
    other = taken.get(new.lower(), "")
    if not other:
        others = (one for one in library.naming((new,)) if one.key != old)
        other = next((one.key for one in others if new in (one.key, *bibtex.members(one.fields.get("ids", "")))), "")
    if other:
        raise Refused(
            N_('The key "{key}" is taken') if other == new else N_('The key "{key}" belongs to {other}'),
            N_("Choose another. If both are the same work: libreview merge {other} {old}"),
            key=new,
            other=other,
            old=old,
        )


def _notes_only(review: Review, old: str, new: str) -> tuple[Change, Rekeyed]:
    key = review.source(new).key
    if old == key:
        raise Refused(N_("{key} has this key already"), key=key)
    library = _Library(review)
    others = (one for one in library.naming((old,)) if one.key != key)
    if old in review.source_keys() or any(
        old in (one.key, *bibtex.members(one.fields.get("ids", ""))) for one in others
    ):
        raise Refused(
            N_("{old} is still another source"),
            N_("If both are the same work: libreview merge {new} {old}"),
            old=old,
            new=key,
        )
    edits, followed = _notes_follow(review, {old: key})
    screened = _screening_follows(review, {old: key})
    if not edits and not screened:
        raise NotFound(N_('No note cites "{key}"'), N_("libreview check lists keys that no source has."), key=old)
    change = Change((*edits, *screened), f"rekey --notes-only {old} {key}")
    return linking.remembering(review, change, (review.source(key),)), Rekeyed(old, key, "", followed)


# Out of the review ----------------------------------------------------------------------------------------------------


def used(review: Review, keys: Sequence[str]) -> Refused | None:
    """Return why the sources ``keys`` should not be taken out: excerpts, note cards, entries that inherit; None if free."""
    library = _Library(review)
    for key in keys:
        excerpts = [str(one.location) for one in review.excerpts_of(key)]
        if excerpts:
            return _used(N_("An excerpt cites {key}: {places}"), N_("{n} excerpts cite {key}: {places}"), key, excerpts)
        cards = [card.path for card in review.cards(key)]
        if cards:
            return _used(N_("{key} has a note card: {places}"), N_("{key} has {n} note cards: {places}"), key, cards)
        heirs = [f"{one.key} ({one.location})" for one in _heirs(library, (key,)) if one.key not in keys]
        if heirs:
            return _used(
                N_("An entry inherits from {key}: {places}"), N_("{n} entries inherit from {key}: {places}"), key, heirs
            )
    return None


def _used(one: str, more: str, key: str, places: Sequence[str]) -> Refused:
    shown = ", ".join(places[:_SHOWN]) + (", ..." if len(places) > _SHOWN else "")
    return Refused(
        one if len(places) == 1 else more,
        N_("Look at it first: libreview show {key}. To take it out all the same: libreview remove {key} --force"),
        n=len(places), key=key, places=shown,
    )  # fmt: skip


def _heirs(library: _Library, keys: Collection[str]) -> list[Source]:
    """Return the entries that take fields over from one of ``keys``."""
    return [one for one in library.naming(keys) if bibtex.referring(one, keys, bibtex.INHERITING)]


def remove(review: Review, keys: Sequence[str], *, force: bool = False) -> tuple[Change, Removed]:
    """Return the change that takes the sources ``keys`` out of their files, and what is left of them.

    Notes and attachments stay. Raises `Refused` if something uses a source (see `used`), unless ``force`` says so.
    """
    library = _Library(review)
    sources = [library.only(key) for key in dict.fromkeys(review.source(key).key for key in keys)]
    names = tuple(source.key for source in sources)
    if not force and (why := used(review, names)):
        raise why
    for source in sources:
        library.take_out(source)
    edits = library.edits()
    screened = {*names, *(old for old, new in review.former_keys().items() if new in names)}
    data = _screening_data(review, screened)
    if data is not None:
        edits += screening.take_out(data, screened)
    excerpts = sum(len(review.excerpts_of(key)) for key in names)
    attached = tuple(dict.fromkeys(path for source in sources for path in opening.attachments(source)))
    deleted = tuple(edit.path for edit in edits if isinstance(edit, Delete))
    change = Change(tuple(edits), f"remove {' '.join(names)}")
    return change, Removed(names, change.paths, deleted, attached, excerpts)


# Several made one -----------------------------------------------------------------------------------------------------


def _together(review: Review, keep: str, others: Sequence[str]) -> tuple[_Library, Source, list[Source]]:
    """Return the sources that are to be one. Raises `Refused` if they cannot be."""
    library = _Library(review)
    kept = library.only(review.source(keep).key)
    names = list(dict.fromkeys(review.source(other).key for other in others))
    if not names or kept.key in names:
        raise Refused(
            N_("Name different sources: the one that is kept, then the others"), N_("libreview merge KEEP OTHER...")
        )
    rest = [library.only(name) for name in names]
    merged = [kept.key, *names]
    for heir in _heirs(library, merged):
        parent = next(one for one in merged if bibtex.referring(heir, (one,), bibtex.INHERITING))
        if heir.key in merged:
            raise Refused(
                N_("{key} inherits from {parent}, so they are not the same work"),
                N_("Take crossref or xdata out of it first: libreview edit {key}"),
                key=heir.key,
                parent=parent,
            )
        if heir.location.path != kept.location.path and parent != kept.key:
            raise Refused(
                N_("{key} inherits from {parent} and would lose that: {keep} is in another file, {path}"),
                N_("Merge the other way round: libreview merge {parent} {keep}"),
                key=heir.key,
                parent=parent,
                keep=kept.key,
                path=kept.location.path,
            )
    return library, kept, rest


def _united(
    library: _Library, kept: Source, rest: Sequence[Source], take: Mapping[str, str], prefer: str
) -> unions.Union:
    merged = {kept.key, *(one.key for one in rest)}
    named = {**take, **({"--prefer": prefer} if prefer else {})}
    for field, key in named.items():
        if key not in merged:
            raise Wrong(
                N_("{field}={key}: that is none of the sources"), N_("Name one of: {keys}"),
                field=field, key=key, keys=", ".join([kept.key, *(one.key for one in rest)]),
            )  # fmt: skip
    by_key = {one.key: one for one in (kept, *rest)}
    wanted = {unions.group_of(field): key for field, key in take.items()}
    for field, key in wanted.items():
        if not any(unions.group_of(name) == field for name in by_key[key].plain):
            raise Wrong(N_("{key} has no field {field}"), N_("libreview show {key}"), key=key, field=field)
    near = {one.key for one in library.of(kept.location.path)[1]} - merged
    there = PurePosixPath(kept.location.path).parent
    return unions.unite(kept, [library.attached(one, there) for one in rest], wanted, prefer, near)


def compared(
    review: Review, keep: str, others: Sequence[str], take: Mapping[str, str] | None = None, prefer: str = ""
) -> tuple[Conflict, ...]:
    """Return the fields in which the sources contradict each other and nothing was chosen. Raises as `merge` does."""
    return _united(*_together(review, keep, others), take or {}, prefer).conflicts


def merge(
    review: Review, keep: str, others: Sequence[str], take: Mapping[str, str] | None = None, prefer: str = ""
) -> tuple[Change, Merged]:
    """Return the change that makes ``others`` part of the source ``keep``, and what came of it.

    ``take`` says for a field whose value counts, ``prefer`` for all others. Raises `Conflicting` if something is left
    that nobody decided, `Refused` if the sources cannot be one, `Wrong` if ``take`` or ``prefer`` name no source or field.
    """
    library, kept, rest = _together(review, keep, others)
    union = _united(library, kept, rest, take or {}, prefer)
    if union.conflicts:
        raise Conflicting(kept.key, union.conflicts)
    names = tuple(one.key for one in rest)
    cards = [card.path for key in (kept.key, *names) for card in review.cards(key)]
    keys = dict.fromkeys(names, kept.key)
    edits, followed = _notes_follow(review, keys)
    entries = _entries_follow(library, keys, (kept.key, *names))
    fields = dict(union.fields)
    for name in bibtex.REFERRING:  # what named one of the others would name itself
        raw = fields.get(name, kept.fields.get(name))
        if raw is not None and not {kept.key, *names}.isdisjoint(bibtex.members(raw)):
            fields[name] = bibtex.repointed(raw, dict.fromkeys((kept.key, *names), "")).strip() or None
    former = [key for one in rest for key in (one.key, *bibtex.members(one.fields.get("ids", "")))]
    library.set(kept, fields | _ids(kept, former, (kept.key,)))
    for one in rest:
        library.take_out(one)
    types = tuple(dict.fromkeys(one.type for one in (kept, *rest)))
    screened = _screening_follows(review, keys)
    change = Change((*library.edits(), *edits, *screened), f"merge {kept.key} {' '.join(names)}")
    return change, Merged(
        kept.key, names, kept.location.path, union.taken, _with_entries(followed, entries),
        tuple(dict.fromkeys(cards)), types,
    )  # fmt: skip
