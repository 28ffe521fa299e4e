"""`Review`: the one object with state. It alone knows both the files and the index of a review.

Deeds take a `Review` and return a `Change`, which `Review.apply` carries out; findings are made from what its readers
return. What a user *does* is a deed, never a method here.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Concatenate, Literal, ParamSpec, Self, TypeVar, cast

from libreview.disk import files, index, libraries, memory, places, settings
from libreview.disk.index import Hit, Listed, Meant, Record, Totals
from libreview.disk.journal import locking, splicing
from libreview.disk.settings import ReviewSettings, UserSettings
from libreview.model import Change, Codebook, Coding, Create, Decision, Excerpt, Note, Operation, Problem, Source, Step
from libreview.texts import query as selection
from libreview.texts.codebook import labelled, theme_id
from libreview.words.errors import Locked, NotFound, Refused
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["Review", "Totals"]

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_LIKENESS = "libreview.texts.likeness"
"""Needed only when a name is wrong."""

_PROPOSING = "libreview.disk.index.proposing"
"""Needed only for fields of the bibliography, and when nothing is found."""

_DIFFERENCES = "libreview.texts.differences"
"""Needed only by --dry-run."""

_CHANGING = "libreview.disk.journal.changing"
"""Needed only when something is written."""
_PATIENCE = 10.0
"""So many seconds a reader waits for a writer."""

_HISTORY = "libreview.disk.journal.history"
"""Needed only to look back."""

_SETTLING = "libreview.disk.journal.settling"
"""Needed only when a change was interrupted."""

_REFRESHING = "libreview.disk.index.refreshing"
"""Needed only when a file has changed."""


def _quiet(_: str) -> None:
    """Take a warning and say nothing."""


def _whole(text: str) -> str:
    """Return ``text`` with a question mark for each half character: what was typed or named in another encoding."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Review:
    """A review folder, its files indexed. Open one with `open` or `create`; use it in a ``with`` statement or close it."""

    def __init__(self, root: Path, warn: Callable[[str], None] = _quiet, patience: float | None = None) -> None:
        self.root = root
        self.user = UserSettings()
        self.linked: Mapping[str, Path] = {}
        self._cache = places.cache_folder()
        self._warn = warn
        self._patience = patience
        self._held = False
        self._seen: dict[str, bytes] = {}
        self._parsed: Mapping[bytes, Source] = {}
        self._codebook: Codebook | None = None
        self._misnamed: tuple[Problem, ...] = ()
        self._overlay: Mapping[str, bytes | None] = {}
        self._index = index.open_index(root, self._cache, warn)
        self.settings = ReviewSettings()
        self._settings_problems: tuple[Problem, ...] = ()
        try:
            self.settle()
            self._recover()
            self.refresh()
        except BaseException:
            self._index.close()
            raise

    @classmethod
    def open(
        cls,
        start: Path | None = None,
        *,
        warn: Callable[[str], None] = _quiet,
        patience: float | None = None,
    ) -> Self:
        """Open the review that ``start`` (the working directory) lies in; `NotFound` if there is none.

        ``warn`` is told in one word what had to be done: "rebuilt" or "memory" (the index), "recovered" (a change was finished),
        "waiting" (for another writer), "overlaid" (a change that cannot be written here is read as if it were), "foreign" (a
        journal from elsewhere is left alone), "unfinished" (a change cannot be finished). ``patience`` is how many seconds to
        wait for a writer before `Locked`; without it one waits a while, and then reads what is there.
        """
        begin = start or Path.cwd()
        root = settings.find_root(begin)
        if root is None:
            raise NotFound(
                N_("There is no review here: no {file} in {folder} or above it"),
                N_("Make one with: libreview init"),
                file=settings.FILE,
                folder=begin,
            )
        return cls(root, warn, patience)

    @classmethod
    def create(cls, folder: Path, wanted: ReviewSettings) -> Self:
        """Make an empty review in ``folder`` and open it; `Refused` if there is one already."""
        cls.created(folder, wanted)
        try:
            settings.begin(folder, wanted)
        except OSError as error:
            raise Refused(
                N_("{folder} cannot be made: {reason}"), folder=folder, reason=error.strerror or str(error)
            ) from error
        return cls(folder)

    @staticmethod
    def created(folder: Path, wanted: ReviewSettings) -> Create:
        """Return the file that `create` makes in ``folder``; `Refused` if there is a review already."""
        if (folder / settings.FILE).exists():
            raise Refused(N_("{folder} is a review already"), N_("libreview config shows its settings."), folder=folder)
        return settings.new_review(wanted)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the index go."""
        self._index.close()

    # Keeping up with the files ----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Take the settings of the user and the review, and the libraries linked to it, from their files as they are now."""
        self.user = settings.of_user()
        self.settings, self._settings_problems = settings.of_review(self.root, self._understood)
        found = libraries.linked(self.root, self.settings, self.user)
        self.linked = found.places
        """The libraries that are read along and never written: the path they are shown with -> where they are."""
        self._settings_problems += found.problems

    def _watched(self) -> index.Watched:
        notes = self.settings.notes
        found, self._misnamed = index.look(self.root, notes, self.codebook_path, self._overlay, self.linked)
        return found

    @property
    def codebook_path(self) -> str:
        """The place of the codebook: in the first folder of notes."""
        return f"{self.settings.notes[0].strip('/')}/codebook.toml" if self.settings.notes else "notes/codebook.toml"

    def refresh(self) -> None:
        """Bring the index up to date with the files. A damaged index is rebuilt.

        If a file has changed, all are read while no other libreview writes, so that none sees half a change.
        """
        try:
            if index.unchanged(self._index, self._watched()):
                return
            changed = self._read_anew() if self._held else self._read_together()
        except index.Damaged as error:
            self._rebuild(error)
            changed = True
        if changed:
            self._codebook = None

    def _read_together(self) -> bool:
        """Read with other readers while nobody writes. Who will write reads again under the lock, and need not wait here."""
        try:
            with locking.reading(
                self.root, 0 if self._patience is not None else _PATIENCE, lambda: self._warn("waiting")
            ):
                return self._read_anew()
        except Locked:
            if self._patience is None and locking.unfinished(self.root):
                raise
            return self._read_anew()  # somebody holds the lock and writes nothing: no file is half changed

    def _read_anew(self) -> bool:
        changed: bool = load(_REFRESHING).refresh(self._index, self._watched(), self._bytes, self._parsed)
        return changed

    def _bytes(self, path: str) -> bytes:
        """Return the bytes of a file, or those that a change gives it which could not be written. OSError, `Refused`."""
        if path in self._overlay:
            if (content := self._overlay[path]) is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            return content
        if path in self.linked:
            return files.content(self.linked[path], shown=path)
        return files.read(self.root, path)

    def _understood(self, data: bytes) -> settings.Understood:
        """Return what the bytes of a `libreview.toml` say, which the index often knows."""
        found = self._ask(index.understood, data)
        if found is None:
            found = settings.understood(data)
            index.keep(self._index, data, found)
        return found

    def _rebuild(self, error: Exception) -> None:
        """Make the index anew, unless it is only locked."""
        if "locked" in str(error):
            raise Locked(
                N_("The index of this review is in use by another libreview"), N_("Wait for it to finish.")
            ) from error
        self._index.close()
        index.discard(self.root, self._cache)
        self._warn("rebuilt")
        self._index = index.open_index(self.root, self._cache, self._warn)
        self._read_anew()

    def _ask(
        self, question: Callable[Concatenate[index.Index, Asked], Answer], *words: Asked.args, **more: Asked.kwargs
    ) -> Answer:
        """Return the answer to ``question``; an index that turns out to be damaged is rebuilt first."""
        try:
            return question(self._index, *words, **more)
        except index.Damaged as error:
            self._rebuild(error)
            return question(self._index, *words, **more)

    def _recover(self) -> None:
        if locking.unfinished(self.root):
            timeout = _PATIENCE if self._patience is None else self._patience
            self._overlay = load(_SETTLING).settled(self.root, timeout, self._warn)

    # Readers of the nouns ---------------------------------------------------------------------------------------------

    @property
    def codebook(self) -> Codebook:
        """The themes of the review."""
        if self._codebook is None:
            self._codebook = self._ask(index.themes)
        return self._codebook

    def _tags(self, name: str, exact: bool) -> tuple[str, ...]:
        """Return the tags that a theme of a query stands for; `NotFound` if no theme and no excerpt has that name."""
        codebook = self.codebook
        id = codebook.resolve(name) or codebook.resolve(theme_id(name))
        if id is None:
            if name in self.used_tags():
                return (name,)
            if len(named := labelled(codebook, name)) != 1:
                raise self.no_theme(name)
            id = named[0]
        family = (id,) if exact else codebook.family(id)
        return tuple(tag for one in family for tag in (one, *codebook.themes[one].aliases))

    def no_theme(self, name: str) -> NotFound:
        """Return the error for a theme that does not exist, with those it may have meant."""
        ids = self.codebook.themes
        labels = [label for one in ids.values() for label in one.label.values() if label.lower() not in ids]
        return NotFound(
            N_('There is no theme "{name}"'),
            N_("libreview themes list shows them; libreview themes add {name} makes it."),
            near=_near(name, [*ids, *labels]),
            name=name,
        )

    def used_tags(self) -> frozenset[str]:
        """Return every tag that some excerpt carries, in the codebook or not."""
        return self._ask(index.used_tags)

    def _query(self, query: str) -> selection.Query:
        """Return what ``query`` says; `Wrong`, with the place, if that is nothing, or a field or theme that there is not."""
        return selection.parse(query, lambda name: self._ask(load(_PROPOSING).fields, name), self._tags)

    def near(self, query: str) -> Meant:
        """Return what ``query`` may have meant, if it selects nothing because something in it is misspelt."""
        return cast("Meant", self._ask(load(_PROPOSING).near, self._query(query), self._tags))

    def source_keys(self) -> tuple[str, ...]:
        """Return the keys of all sources, sorted."""
        return self._ask(index.source_keys)

    def former_keys(self) -> dict[str, str]:
        """Return former key -> present key, for former keys that no source has now."""
        return self._ask(index.renamed)

    def source(self, key: str) -> Source:
        """Return the source with ``key`` (or that had it formerly); `NotFound` with near keys if there is none."""
        found = self._ask(index.source, _whole(key))
        if found is None:
            raise NotFound(
                N_('There is no source "{key}"'),
                N_("libreview list shows the keys."),
                near=_near(key, self.source_keys()),
                key=key,
            )
        return found

    def sources(self, query: str = "") -> tuple[Source, ...]:
        """Return the sources that ``query`` selects, in the order of the files."""
        return self._ask(index.sources, self._query(query), self._tags)

    def shadowed(self) -> tuple[tuple[Source, Source], ...]:
        """Return what in linked libraries another source stands before, under the same key: that other one, and it."""
        return self._ask(index.shadowed)

    def listing(self, query: str = "") -> tuple[Listed, ...]:
        """Return a row for each source that ``query`` selects, without decoding the sources."""
        return self._ask(index.listing, self._query(query), self._tags)

    def keys(self, query: str = "") -> tuple[str, ...]:
        """Return the key of each source that ``query`` selects, in the order of the files."""
        return self._ask(index.keys, self._query(query), self._tags)

    def counted(self, query: str = "") -> frozenset[str]:
        """Return the keys of the sources that ``query`` selects, or of which it selects an excerpt."""
        return self._ask(index.counted, self._query(query), self._tags)

    def records(self, query: str = "") -> tuple[Record, ...]:
        """Return each source that ``query`` selects as JSON that is ready but for its themes."""
        return self._ask(index.records, self._query(query), self._tags)

    def lines(self, query: str = "") -> str:
        """Return key, authors, year, title and number of excerpts of each selected source, a line each, tabs between.

        All is safe to print; the authors are named as `libreview.words.authors.together` leaves them.
        """
        return self._ask(index.lines, self._query(query), self._tags)

    def excerpts(self, query: str = "") -> tuple[Excerpt, ...]:
        """Return the excerpts that ``query`` selects, in the order of the files, with the codings of all coders."""
        return self._ask(index.excerpts, self._query(query), self._tags)

    def excerpt(self, id: str) -> Excerpt:
        """Return the excerpt with the block id ``id`` (with or without ``^``); `NotFound` if there is none."""
        name = id.removeprefix("^").lower()
        found = self._ask(index.excerpts, selection.All((selection.Term("id", (_whole(name),)),)), self._tags)
        if not found:
            raise NotFound(
                N_("There is no excerpt ^{id}"),
                N_("libreview search WORDS finds excerpts and shows their ids."),
                near=_near(name, sorted(self._ask(index.excerpt_ids))),
                id=name,
            )
        return found[0]

    def excerpt_ids(self) -> frozenset[str]:
        """Return the ids of all excerpts that have one."""
        return self._ask(index.excerpt_ids)

    def excerpts_of(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts that cite ``key``."""
        return self._ask(index.excerpts, selection.All((selection.Term("source", (_whole(key),)),)), self._tags)

    def codings(self) -> tuple[Coding, ...]:
        """Return the further codings: those that coders wrote apart from the excerpt they are of."""
        return tuple(one for some in self._ask(index.codings).values() for one in some)

    def notes(self, query: str = "") -> tuple[Note, ...]:
        """Return the notes that ``query`` selects, without their excerpts."""
        return self._ask(index.notes, self._query(query), self._tags)

    def cards(self, key: str) -> tuple[Note, ...]:
        """Return the note cards of a source, without their excerpts."""
        return self._ask(index.cards, _whole(key))

    def search(self, query: str, limit: int = 0) -> tuple[Hit, ...]:
        """Return what ``query`` finds among sources, excerpts and notes; at most ``limit`` (0: all)."""
        return self._ask(index.hits, self._query(query), self._tags, limit)

    def in_review(self) -> frozenset[str]:
        """Return the keys of the sources that are *in*: included by screening; while none is, those in use and not excluded.

        In use is what an excerpt cites or what has a note card.
        """
        return self._ask(index.in_review)

    def decisions(self, key: str | None = None) -> tuple[Decision, ...]:
        """Return the screening decisions, as they stand; with ``key`` those on that source, the one that counts last."""
        return self._ask(index.decisions, None if key is None else _whole(key))

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong in single files (`libreview.findings.checks` adds what is wrong between them)."""
        return (*self._settings_problems, *libraries.missing(self.linked), *self._misnamed, *self._ask(index.problems))

    def emptied(self) -> tuple[str, ...]:
        """Return the files that had content when this user's index saw them, and have none now. A new index knows of none."""
        return self._ask(index.emptied)

    def totals(self) -> Totals:
        """Return how much there is of each noun."""
        return self._ask(index.totals, len(self._settings_problems) + len(self._misnamed))

    def last_themes(self) -> tuple[str, ...]:
        """Return the themes of the codebook, those given last first."""
        remembered = self._memory().get("themes", [])
        known = self.codebook.themes
        return tuple(dict.fromkeys([*(one for one in remembered if one in known), *known]))

    # Files as they are now --------------------------------------------------------------------------------------------

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of the review; `Refused` if it cannot be read.

        While the lock is held the bytes are kept, so that `apply` knows what a change was computed from; `Refused` if
        another program changed the file between two such readings.
        """
        try:
            data = self._bytes(path)
        except OSError as error:
            raise Refused(
                N_("{path} cannot be read: {reason}"), path=path, reason=error.strerror or str(error)
            ) from error
        if self._held and self._seen.setdefault(path, data) != data:
            raise splicing.changed(path)
        return data

    def exists(self, path: str) -> bool:
        """Tell whether the review has a file at ``path``."""
        if path in self._overlay:
            return self._overlay[path] is not None
        if path in self.linked:
            return self.linked[path].exists()
        return files.inside(self.root, path).exists()

    def links(self) -> dict[str, int]:
        """Return how many names (hard links) each file of the review has: sources, notes, everything in TOML; by path."""
        return index.named(self.root, self.settings.notes)

    def read_note(self, path: str) -> tuple[bytes, Note]:
        """Return a note's bytes and the note as they are now, with excerpts and their slices."""
        data = self.read(path)
        note: Note = load(index.READERS["note"]).read(data, path)[0]
        return data, note

    def paths(self, kind: Literal["bib", "note"]) -> tuple[str, ...]:
        """Return the files that hold sources, or the notes, sorted."""
        return self._ask(index.paths, kind)

    def read_sources(self, path: str) -> tuple[bytes, tuple[Source, ...]]:
        """Return the bytes of a file of sources and what it holds now, data for others (``@xdata``) included."""
        data = self.read(path)
        known = load(_REFRESHING).known_sources(self._index, path)
        found: tuple[Source, ...] = load(index.READERS["bib"]).read(data, path, known).sources
        return data, found

    def read_source(self, key: str) -> tuple[bytes, Source]:
        """Return the bytes of the file that holds ``key`` and the source as they are now."""
        path = self.source(key).location.path
        data, sources = self.read_sources(path)
        found = next((one for one in sources if one.key == key), None)
        found = found or next((one for one in sources if key in map(str.strip, one.get("ids").split(","))), None)
        if found is None:
            raise splicing.changed(path)
        return data, found

    # Changing ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self, timeout: float = 10.0, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the review's lock over reading, computing and `apply`; `Locked` after ``timeout`` seconds."""
        if self._held:
            yield
            return
        with locking.lock(self.root, timeout, waiting):
            self._held = True
            try:
                if load(_CHANGING).recover(self.root):
                    self._warn("recovered")
                self._overlay = {}
                self.refresh()
                yield
            finally:
                self._held = False
                self._seen.clear()

    def apply(self, change: Change, parsed: Mapping[bytes, Source] | None = None) -> None:
        """Carry ``change`` out: all of it or nothing. `Refused` if a file is not what it was computed from.

        ``parsed`` holds sources read already from what the change writes, by digest, so that they are not read twice.
        """
        libraries.untouched(change, self.linked, self.sources)
        with self.writing():
            load(_CHANGING).commit(self.root, change, self._seen)
            for path in change.paths:
                self._seen.pop(path, None)
            self._parsed = parsed or {}
            try:
                self._follow(change.paths)
            finally:
                self._parsed = {}

    def _follow(self, paths: Iterable[str]) -> None:
        """Take notice of files that were just written."""
        if settings.FILE in paths:
            self.settle()
        self.refresh()
        index.intended(self._index, paths)

    def diff(self, change: Change) -> str:
        """Return ``change`` as a unified diff. Nothing is written. `Refused` if it could not be carried out."""
        libraries.untouched(change, self.linked, self.sources)
        return self._unified(load(_CHANGING).contents(self.root, change))

    def _unified(self, pairs: Mapping[str, tuple[bytes | None, bytes | None]]) -> str:
        return str(load(_DIFFERENCES).unified(pairs))

    # What was changed -------------------------------------------------------------------------------------------------

    def undo(self) -> Step:
        """Take the newest change back, byte for byte.

        `Refused` if there is none or if all its files changed since; of those that changed, the step tells. `Refused` as well
        if this user did not make that change on this machine.
        """
        return self._take("undo")

    def redo(self) -> Step:
        """Do the change again that was taken back last; raises as `undo` does."""
        return self._take("redo")

    def skip(self) -> Operation:
        """Let the newest change stay for good, so that those before it can be taken back; `Refused` if there is none."""
        with self.writing():
            skipped: Operation = load(_HISTORY).skip(self.root)
            return skipped

    def _take(self, kind: str) -> Step:
        with self.writing():
            step: Step = load(_HISTORY).take(self.root, kind)
            self._follow(step.paths)
            return step

    def reversal(self, kind: Literal["undo", "redo"], steps: int = 1) -> str:
        """Return what taking back (or doing again) ``steps`` changes would do, as a unified diff. Nothing is written."""
        return self._unified(load(_HISTORY).reversal(self.root, kind, steps))

    def log(self) -> tuple[Operation, ...]:
        """Return the changes that can be done again, then those that can be taken back, newest first."""
        found: tuple[Operation, ...] = load(_HISTORY).log(self.root)
        return found

    def pending(self) -> Operation | None:
        """Return the change that was begun and is not finished, None if there is none."""
        found: Operation | None = load(_HISTORY).pending(self.root)
        return found

    def accept(self) -> int:
        """Take over a journal and history from elsewhere, after their paths were checked, and finish what it left open.

        Returns how many changes there were. `Refused` if one leads out of the review.
        """
        with locking.lock(self.root):
            taken: int = load(_HISTORY).accept(self.root)
        with self.writing():
            return taken

    def discard(self) -> tuple[str, ...]:
        """Give up a change that was begun and cannot be finished. Returns the paths of its files, which are left as they are."""
        with locking.lock(self.root):
            found = load(_CHANGING).discard(self.root)
        self._overlay = {}
        self.refresh()
        return tuple(file.path for file in found.record.files) if found else ()

    # What the user's last command named -------------------------------------------------------------------------------

    def _memory(self) -> dict[str, list[str]]:
        return memory.recall(self._cache, index.place_name(self.root))

    def remember(
        self, *, keys: Sequence[str] | None = None, source: str | None = None, themes: Sequence[str] = ()
    ) -> None:
        """Keep the last list of keys, the last source and the themes given last, for this user, beside the index."""
        memory.remember(self._cache, index.place_name(self.root), keys, source, themes)

    def last_list(self) -> tuple[str, ...]:
        """Return the keys of the last list shown, in its order."""
        return tuple(self._memory().get("keys", ()))

    def last_source(self) -> str:
        """Return the key of the source named last, or an empty string."""
        return next(iter(self._memory().get("source", ())), "")


def _near(word: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(load(_LIKENESS).near(word, names))
