"""The changes of a review, newest first: what was done, taking it back, doing it again.

A record holds how its change is taken back: the slices that were replaced, and the digests of each file before and after. It is
applied only to a file that is byte for byte what the change left.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from libreview.disk import files
from libreview.disk.journal import changing, locking, records
from libreview.disk.journal.changing import DONE, UNDONE, Effect
from libreview.disk.journal.locking import COMMITTED, FOLDER, FORWARD, unfinished
from libreview.disk.journal.records import Kind, Record, Written, digest
from libreview.model import Operation, Step
from libreview.value import replace
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import N_

__all__ = ["accept", "log", "pending", "reversal", "skip", "take"]

_KEPT = "kept"
_LONGEST = 40
"""So many characters of a file's name are in the name of what is kept of it."""


def _place(root: Path, state: str, number: int) -> Path:
    return locking.own(root, state) / changing.number_name(number)


def _operation(place: Path, state: str, secret: bytes) -> Operation:
    try:
        found = records.read_file(place, secret)
    except (OSError, ValueError):
        number = int(place.name) if place.name.isdecimal() else 0
        return Operation(number, "", "", (), state, own=False)
    one = found.record
    return Operation(one.number, one.time, one.summary, tuple(file.path for file in one.files), state, own=found.own)


def log(root: Path) -> tuple[Operation, ...]:
    """Return the changes that can be done again, then those that can be taken back, newest first."""
    secret = records.token()
    found = []
    for state, name in ((UNDONE, "undone"), (DONE, "done")):
        for number in reversed(changing.numbers(root, state)):
            found.append(_operation(_place(root, state, number), name, secret))
    return tuple(found)


def pending(root: Path) -> Operation | None:
    """Return the change that is committed and not finished, None if there is none."""
    if not unfinished(root):
        return None
    return _operation(root / FOLDER / COMMITTED / FORWARD, "unfinished", records.token())


# Taking back and doing again ----------------------------------------------------------------------------------------------


def _next(root: Path, kind: Kind) -> Written:
    """Return the record to be applied. `Refused` if there is none, `changing.Foreign` if this user did not make it."""
    state = DONE if kind == "undo" else UNDONE
    numbers = changing.numbers(root, state)
    if not numbers:
        if kind == "undo":
            raise _nothing()
        raise Refused(N_("There is nothing to do again"), N_("Only what libreview undo took back can be done again."))
    place = _place(root, state, numbers[-1] if kind == "undo" else numbers[0])
    try:
        found = records.read_file(place, records.token())
    except (OSError, ValueError) as error:
        raise Refused(
            N_("{path} cannot be read: {reason}"),
            N_("Go on without it: libreview undo --skip") if kind == "undo" else N_("Remove that file."),
            path=f"{FOLDER}/{state}/{place.name}",
            reason=str(error),
        ) from error
    if not found.own:
        raise changing.Foreign(
            N_("The history of this review was not made by you on this machine"),
            N_("See what it holds with libreview log, then take it over: libreview recover --accept"),
        )
    return found


def _nothing() -> Refused:
    return Refused(N_("There is nothing to take back"), N_("libreview log shows what was done."))


def _split(written: Written, content: Callable[[str], bytes | None]) -> tuple[list[Effect], list[records.FileRecord]]:
    """Return what the record does to the files that are as the change left them, and the others."""
    found: list[Effect] = []
    others: list[records.FileRecord] = []
    for file in written.record.files:
        now = content(file.path)
        put_in = written.bytes_of[file.path]
        if digest(now) == file.before:
            found.append(Effect(file, (put_in,), now, records.replaced(now, file, put_in)))
        elif digest(now) != file.after:  # else somebody brought it there already
            others.append(file)
    return found, others


def reversal(root: Path, kind: Kind, steps: int) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Return old and new content of the files that ``steps`` changes back (or again) would touch. Nothing is written."""
    state = DONE if kind == "undo" else UNDONE
    numbers = changing.numbers(root, state)
    chosen = reversed(numbers[-steps:]) if kind == "undo" else iter(numbers[:steps])
    first: dict[str, bytes | None] = {}
    last: dict[str, bytes | None] = {}

    def content(path: str) -> bytes | None:
        if path not in last:
            first[path] = last[path] = changing.content_of(root, path)
        return last[path]

    _next(root, kind)  # says what is wrong if there is none
    for number in chosen:
        written = records.read_file(_place(root, state, number), records.token())
        for effect in _split(written, content)[0]:
            last[effect.file.path] = effect.after
    return {path: (first[path], new) for path, new in last.items() if first[path] != new}


def take(root: Path, kind: Kind) -> Step:
    """Take the newest change back, or do the one taken back last again; the lock must be held.

    A file that changed since is left as it is: what would have been put back stays in `.libreview/kept`, and in the history. Raises
    `Refused` if there is no change, if it is not this user's, or if all its files changed since.
    """
    written = _next(root, kind)
    record = written.record

    found, others = _split(written, lambda path: changing.content_of(root, path))
    left = tuple(file.path for file in others)
    for file in others:
        _keep(root, record, file, written.bytes_of[file.path])
    if others and not found:
        raise Refused(
            N_("{paths} changed since, so that it is left as it is: {summary}"),
            N_("Put the file back as it was, or let this change stay: libreview undo --skip. See also {folder}")
            if kind == "undo"
            else N_("Put the file back as it was, and run this again. See also {folder}"),
            paths=", ".join(left),
            summary=record.summary,
            folder=f"{FOLDER}/{_KEPT}",
        )
    rest = None
    if others:
        pieces = [written.bytes_of[file.path] for file in others]
        rest = records.written(replace(record, files=tuple(others)), pieces, records.token())
    changing.carry_out(root, found, kind, record.number, record.summary, rest=rest)
    return Step(record.number, record.summary, tuple(one.file.path for one in found), left)


def skip(root: Path) -> Operation:
    """Let the newest change stay for good: it is not taken back any more. Return it; the lock must be held.

    Raises `Refused` if there is no change.
    """
    numbers = changing.numbers(root, DONE)
    if not numbers:
        raise _nothing()
    place = _place(root, DONE, numbers[-1])
    found = _operation(place, "done", records.token())
    place.unlink()
    files.sync_folder(place.parent)
    return found


def _keep(root: Path, record: Record, file: records.FileRecord, put_in: bytes) -> None:
    """Keep what would have been put back where a person can read it."""
    folder = locking.own(root, _KEPT)
    mark = digest(file.path.encode("utf-8", "surrogateescape"))[:8]  # a path is longer than a name may be
    place = folder / f"{record.number}-{mark}-{file.path.rpartition('/')[2][-_LONGEST:]}"
    pieces = []
    at = 0
    for one in file.slices:
        pieces.append(
            b"@@ byte %d, %d bytes there now @@\n" % (one.start, one.length) + put_in[at : at + one.size] + b"\n"
        )
        at += one.size
    try:
        folder.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        files.write_new(place, b"".join(pieces))
    except OSError as error:
        raise ReviewError(
            N_("Nothing was written: {reason}"),
            N_("Make room on the disk or check its permissions."),
            reason=error.strerror or str(error),
        ) from error


# What came from elsewhere -------------------------------------------------------------------------------------------------


def _all(root: Path) -> Iterator[Path]:
    for name in (FORWARD, "backward", "rest"):
        place = root / FOLDER / COMMITTED / name
        if place.is_file():
            yield place
    for state in (DONE, UNDONE):
        for number in changing.numbers(root, state):
            yield _place(root, state, number)


def _visible(root: Path, path: str) -> None:
    """Raise `Refused` if ``path`` leads out of the review, or to hidden files: other programs do what stands there (`.git`)."""
    files.inside(root, path)
    if any(piece.startswith(".") for piece in path.split("/")):
        raise Refused(
            N_("{path} is hidden; no change of a review is about such a file"),
            N_("Give the journal up: delete {folder}"),
            path=path,
            folder=FOLDER,
        )


def accept(root: Path) -> int:
    """Take over the journal and history that this user did not make, after their paths were checked; the lock must be held.

    Returns how many records there were. Raises `Refused` if one leads out of the review or cannot be read.
    """
    secret = records.token()
    taken: list[tuple[Path, bytes]] = []
    for place in _all(root):
        try:
            written = records.read_file(place, secret)
        except (OSError, ValueError) as error:
            path = str(place.relative_to(root))
            raise Refused(
                N_("{path} cannot be read: {reason}"), N_("Remove that file."), path=path, reason=str(error)
            ) from error
        if written.own:
            continue
        for file in written.record.files:
            _visible(root, file.path)
            changing.spare_name(file.spare)
        for path in written.record.folders:
            _visible(root, path)
        pieces = [written.bytes_of[file.path] for file in written.record.files]
        taken.append((place, records.written(written.record, pieces, secret)))
    for place, content in taken:
        with contextlib.suppress(FileNotFoundError):
            files.replace(place, content)
    return len(taken)
