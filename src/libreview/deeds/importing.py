"""Importing files of sources: what is new is taken over, what came before is brought up to date, and what came is recorded.

Each file is kept byte for byte in ``sources/imported/``; its new entries go into a file of ``sources/`` of their own, and what
came when, from where, with which search is added to ``sources/imports.toml``: all of one call is one change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from libreview.deeds import collecting, converting, extracting, matching, recording, updating
from libreview.deeds.converting import Opened, Watch
from libreview.deeds.matching import Twin
from libreview.deeds.updating import Base, Updated
from libreview.model import Change, Create, Edit, Problem, Source
from libreview.review import Review
from libreview.texts import provenance
from libreview.texts.provenance import PATH, Import
from libreview.value import Value, replace
from libreview.words.errors import Refused, kind
from libreview.words.i18n import N_

__all__ = ["Imported", "Renamed", "Twin", "Wish", "parsed", "take"]


class Wish(Value, frozen=True):
    """A file to be imported, with the database that it comes from and the search that found it (None: not said).

    ``columns`` says which columns of a table stand for which fields: ``title=Judul``.
    """

    file: Path
    database: str | None = None
    search: str | None = None
    columns: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether something was said that is to be recorded."""
        return bool(self.database or self.search)


class Renamed(Value, frozen=True):
    """An entry whose key was taken by another source, with the key it has in the review."""

    old: str
    new: str


class Imported(Value, frozen=True):
    """What an import came to. ``problems`` are those of the new entries, ``unreadable`` what could not be taken over.

    ``records`` = ``new`` + ``already`` + ``unreadable`` + what ``updated`` counts, if the file ``came`` before (then its date).
    ``carriers`` of the new ones hold data of others and are no sources. ``keys`` are the new sources' keys, ``path`` their
    file, ``parsed`` the sources as read, by digest (for `Review.apply`). ``number`` is the place of what was recorded, 0 if
    nothing was. ``twins`` are the same work as another source, or may be; those of them that are ``left_out`` are no new
    sources, and count as ``already`` here.
    """

    file: Path
    records: int
    new: int
    carriers: int
    already: int
    unreadable: tuple[Problem, ...]
    defects: int
    sources_with_defects: int
    problems: tuple[Problem, ...]
    renamed: tuple[Renamed, ...]
    keys: tuple[str, ...]
    path: str
    raw: str
    parsed: Mapping[bytes, Source]
    format: str = "bibtex"
    remarks: tuple[Problem, ...] = ()
    came: str | None = None
    updated: Updated = Updated()
    number: int = 0
    twins: tuple[Twin, ...] = ()
    left_out: tuple[Twin, ...] = ()

    @property
    def here(self) -> int:
        """How many records brought nothing, since the review has (or had) them as they are."""
        return self.already + self.updated.same + len(self.updated.gone)


def parsed(imported: Sequence[Imported]) -> Mapping[bytes, Source]:
    """Return all sources that were read, by digest."""
    if len(imported) == 1:
        return imported[0].parsed
    return {digest: source for one in imported for digest, source in one.parsed.items()}


def take(
    review: Review, wishes: Sequence[Wish], *, theirs: bool = False, restore: bool = False,
    skip_duplicates: bool = False, today: str = "", watch: Watch = iter,
) -> tuple[Change, tuple[Imported, ...]]:  # fmt: skip
    """Return the change that imports files, one after the other, and what each comes to.

    An entry that says the same as a source of the review is already here; one whose key means another source gets a new key.
    A file that came before is compared with what it was then: what changed in it and not here is taken, what changed here
    stays, and of what changed in both ours stays, unless ``theirs`` is to count. What was taken out of the review stays out,
    unless it is to be ``restore``d. What is surely the same work as another source is new, and named, unless the import is to
    ``skip_duplicates``. Raises `Refused` if one of the files cannot be read or holds no entry at all.
    """
    day = today or date.today().isoformat()  # noqa: DTZ011 (the day on the person's calendar)
    desk = _Desk(review, theirs=theirs, restore=restore, skip=skip_duplicates, today=day, watch=watch)
    imported = tuple(map(desk.take, wishes))
    return Change(desk.edits(), _summary(imported)), imported


def _summary(imported: Sequence[Imported]) -> str:
    new = sum(one.new for one in imported)
    names = ", ".join(one.file.name for one in imported[:3]) + (", ..." if len(imported) > 3 else "")
    changed = sum(len(one.updated.taken) for one in imported)
    return f"import {new} sources from {names}" + (f", {changed} changed" if changed else "")


def _placed(found: Sequence[Problem], path: str) -> tuple[Problem, ...]:
    return tuple(replace(one, location=replace(one.location, path=path)) for one in found)


def _nothing(file: Path, opened: Opened) -> Refused:
    """Return the error for a file without records."""
    remark = next(iter(opened.remarks), None)
    if remark is not None:
        row = kind(remark.code)
        facts = {"subject": remark.subject, **remark.facts}
        if row is not None:
            return Refused(row.sentence, row.hint, (), **facts)
    return Refused(
        N_("There is no record in {path}"),
        N_("Export your library as BibTeX, BibLaTeX, RIS or CSL-JSON."),
        path=file,
    )


class _Desk:
    """Where several files are taken over one after the other; each sees what those before it brought."""

    def __init__(
        self, review: Review, *, theirs: bool, restore: bool, skip: bool, today: str, watch: Watch
    ) -> None:  # fmt: skip
        self._review, self._theirs, self._restore, self._today = review, theirs, restore, today
        self._skip, self._watch = skip, watch
        self._matching = matching.Matching(review)
        self._known = review.source_keys()
        self._taken = {key.lower() for key in self._known}
        self._here: set[extracting.Says] | None = None
        self._brought: list[Source] = []
        self._next: dict[str, int] = {}
        self._created: dict[str, bytes] = {}
        self._library = updating.Library(review)
        self._record, self._imports = recording.recorded(review)
        self._more: list[Import] = []
        self._corrected: list[Edit] = []

    # One file

    def take(self, wish: Wish) -> Imported:
        """Take one file over and return what it comes to."""
        data = collecting.bytes_of(wish.file)
        stem = collecting.slug_of(wish.file.stem)
        target = collecting.free_path(self._review, f"sources/{stem}", ".bib", self._created)
        columns = self._columns(wish)
        opened = converting.opened(data, wish.file.name, target, self._watch, collecting.pairs(columns))
        if not opened.records:
            raise _nothing(wish.file, opened)
        sha256 = recording.digest(data)
        base = updating.base_of(self._review, self._imports, opened, data, wish.file.name, sha256, older=self._theirs)
        updated = self._updated(base, opened) if base else Updated()
        fresh, renamed, already = self._sorted_out(opened, base, updated)
        twins = self._twins(opened, fresh, renamed)
        left_out = self._left_out(opened, twins, fresh, renamed)
        if self._restore:
            updated = replace(updated, gone=tuple(at for at in updated.gone if at not in set(fresh)))
        raw, is_new = self._raw_copy(stem, wish.file.suffix.lower() or ".bib", data)
        new = [opened.reading.sources[at] for at in fresh]
        problems = extracting.problems(opened.reading, new, renamed) if fresh else ()
        if fresh:
            self._created[target] = extracting.written(opened.data, opened.reading, new, renamed)
        imported = Imported(
            file=wish.file,
            records=opened.records,
            new=len(fresh),
            carriers=sum(source.type in ("xdata", "set") for source in new),
            already=already + len(left_out),
            unreadable=opened.lost,
            defects=len(problems),
            sources_with_defects=extracting.defective(opened.reading, problems),
            problems=problems,
            renamed=tuple(Renamed(opened.reading.sources[at].key, name) for at, name in renamed.items()),
            keys=tuple(renamed.get(at, opened.reading.sources[at].key) for at in fresh),
            path=target if fresh else "",
            raw=raw,
            parsed={} if renamed else {opened.reading.chunks[at].digest: opened.reading.sources[at] for at in fresh},
            format=opened.format,
            remarks=opened.remarks,
            came=base.last.date if base else None,
            updated=updated,
            twins=tuple(one for one in twins if one not in left_out),
            left_out=left_out,
        )
        number = self._recorded(imported, wish, sha256, base)
        lost = 0 < number <= len(self._imports) and self._imports[number - 1].raw == raw
        kept = number > len(self._imports) or lost or not is_new
        if kept and is_new:  # a file that came before, and was lost since, is kept again
            self._created[raw] = data
        place = raw if kept else str(wish.file)
        return replace(
            imported,
            number=number,
            raw=raw if kept else "",
            unreadable=_placed(opened.lost, place),
            remarks=_placed(opened.remarks, place),
        )

    def _columns(self, wish: Wish) -> tuple[str, ...]:
        """Return what is known of the columns of a table: what was said now, else when it came last."""
        last = next((one.columns for one in reversed(self._imports) if one.file == wish.file.name), "")
        return wish.columns or tuple(last.splitlines())

    def _updated(self, base: Base, opened: Opened) -> Updated:
        into = frozenset(one.into for one in self._imports if one.file == base.last.file and one.into)
        return updating.updated(self._library, base, opened, into, prefer_theirs=self._theirs)

    def _sorted_out(self, opened: Opened, base: Base | None, updated: Updated) -> tuple[list[int], dict[int, str], int]:
        """Return which sources are new, the new keys of those whose key is taken, and how many are already here."""
        sources, chunks = opened.reading.sources, opened.reading.chunks
        here = self._all_here()
        own = {source.key.lower() for source in sources}
        digests: set[bytes] = set()  # an entry that stands twice in the file is one
        fresh: list[int] = []
        renamed: dict[int, str] = {}
        back = frozenset(updated.gone) if self._restore else frozenset[int]()
        pairs = base.pairs.of_theirs if base else ()
        open = [at for at in range(len(sources)) if not pairs or pairs[at] is None or at in back]
        digests.update(chunks[at].digest for at in set(range(len(sources))).difference(open))
        for at in open:
            source, digest = sources[at], chunks[at].digest
            if digest in digests or (here and source.fields and extracting.says(source) in here):
                continue
            digests.add(digest)
            key = source.key
            if key.lower() in self._taken:
                key = self._other_key(key, own)
                renamed[at] = key
            self._taken.add(key.lower())
            fresh.append(at)
        self._brought += (sources[at] for at in fresh)
        return fresh, renamed, len(open) - len(fresh) - (len(back) - len(back.intersection(fresh)))

    def _all_here(self) -> set[extracting.Says]:
        """Return what the sources of the review say, and those that other files have brought."""
        if self._here is None:
            self._here = set()
            for source in self._review.sources() if self._known else ():
                self._here.add(extracting.says(source))
                self._matching.know(source.key, source)
        self._here.update(map(extracting.says, self._brought))
        self._brought.clear()
        return self._here

    def _twins(self, opened: Opened, fresh: Sequence[int], renamed: Mapping[int, str]) -> tuple[Twin, ...]:
        sources = opened.reading.sources
        return self._matching.twins([(renamed.get(at, sources[at].key), sources[at]) for at in fresh])

    def _left_out(
        self, opened: Opened, twins: Sequence[Twin], fresh: list[int], renamed: dict[int, str]
    ) -> tuple[Twin, ...]:
        """Take what is surely another source's work, and nobody's parent, out of ``fresh`` if that is wanted; return it."""
        sources = opened.reading.sources
        sure = {one.key: one for one in twins if one.sure} if self._skip else {}
        parents = matching.parents(sources) if sure else frozenset[str]()
        left: list[Twin] = []
        for at in list(fresh):
            key = renamed.get(at, sources[at].key)
            if key in sure and sources[at].key not in parents:
                left.append(sure[key])
                fresh.remove(at)
                renamed.pop(at, None)
                self._taken.discard(key.lower())
            else:
                self._matching.know(key, sources[at])
        return tuple(left)

    def _other_key(self, key: str, own: set[str]) -> str:
        """Return ``key`` with a letter or number after it that makes it a key of its own."""
        n = self._next.get(key.lower(), 0)
        while True:
            found = f"{key}{_LETTERS[n]}" if n < len(_LETTERS) else f"{key}-{n - len(_LETTERS) + 2}"
            n += 1
            if found.lower() not in self._taken and found.lower() not in own:
                self._next[key.lower()] = n
                return found

    def _raw_copy(self, stem: str, suffix: str, data: bytes) -> tuple[str, bool]:
        """Return where the raw file is kept, and whether it is not there yet."""
        path, n = f"{provenance.RAW}{stem}{suffix}", 1
        while path in self._created or self._review.exists(path):
            if self._created.get(path) == data or (path not in self._created and self._review.read(path) == data):
                return path, False
            n += 1
            path = f"{provenance.RAW}{stem}-{n}{suffix}"
        return path, True

    # The record of imports

    def _recorded(self, imported: Imported, wish: Wish, sha256: str, base: Base | None) -> int:
        """Record an import that brought something, or of which something was said; return its number, 0 if it is not recorded."""
        updated = imported.updated
        name = imported.file.name
        before = next((one for one in reversed(self._imports) if one.sha256 == sha256 or one.file == name), None)
        if before is not None and before.sha256 == sha256:
            return self._described(before, wish)  # the same bytes are not counted twice
        if not (imported.new or updated.changed or updated.vanished or updated.rekeyed or wish.asks):
            return 0
        last = base.last if base else Import()
        number = len(self._imports) + len(self._more) + 1
        entry = Import(
            date=self._today,
            file=name,
            raw=imported.raw,
            base=last.raw,
            into=imported.path,
            format=imported.format,
            columns="\n".join(self._columns(wish)) if imported.format == "csv" else "",
            sha256=sha256,
            database=last.database if wish.database is None else wish.database,
            search=last.search if wish.search is None else wish.search,
            records=imported.records,
            new=imported.new,
            already=imported.here,
            changed=updated.changed,
            unreadable=len(imported.unreadable),
            number=number,
        )
        self._more.append(entry)
        return number

    def _described(self, last: Import, wish: Wish) -> int:
        """Let the record say what was said now of a file that came before as it is; return the number of its import."""
        texts = {"database": wish.database, "search": wish.search}
        said = {name: text for name, text in texts.items() if text}
        if self._record is not None:
            self._corrected += provenance.change(self._record, last.number, said)
        return last.number

    # All files

    def edits(self) -> tuple[Edit | Create, ...]:
        """Return all that is to be written."""
        edits: list[Edit | Create] = [Create(path, data) for path, data in self._created.items()]
        edits += self._library.edits()
        edits += self._corrected
        if self._more:
            edits.append(provenance.append(self._record, self._more, PATH))
        return tuple(edits)


_LETTERS = "bcdefghijklmnopqrstuvwxyz"
