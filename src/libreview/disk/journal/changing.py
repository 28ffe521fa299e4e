"""How a change reaches the files: all of it or nothing.

Every new content is computed and written beside its file before the first file is touched; one rename of the staging folder is the
commit point; what follows only gives files their names. It is idempotent: a change interrupted after the commit point is
finished by the next one who takes the lock, and one interrupted before it is thrown away.

    .libreview/staging/     being prepared: `forward` (what is to be done), `backward` (how to take it back), `rest`
    .libreview/committed/   the same after the commit point, until all files have their new content
    .libreview/history/     `done` and `undone`: one record for each change (see `history`)
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from libreview.disk import files
from libreview.disk.journal import records
from libreview.disk.journal.locking import COMMITTED, FOLDER, FORWARD, folder, own, unfinished
from libreview.disk.journal.records import FileRecord, Kind, Record, Slice, Written, digest
from libreview.disk.journal.splicing import changed, in_order, moved, spliced
from libreview.model import Change, Create, Edit
from libreview.value import Value, replace
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import N_

__all__ = [
    "DONE",
    "UNDONE",
    "Effect",
    "Foreign",
    "carry_out",
    "commit",
    "contents",
    "discard",
    "next_number",
    "number_name",
    "numbers",
    "overlay",
    "recover",
    "spare_name",
]  # fmt: skip

_STAGING, _SPENT = "staging", "spent"
_BACKWARD, _REST = "backward", "rest"
DONE, UNDONE = "history/done", "history/undone"
_KEPT = 50
"""So many changes can be taken back."""

_TRIES = 3
"""So often is a committed change applied before it is left to the next command."""


class Foreign(Refused):
    """There is a journal that this user did not make on this machine."""


class Effect(Value, frozen=True):
    """What happens to one file: its record, the bytes its slices put in, its content before and after (None: no file)."""

    file: FileRecord
    put_in: tuple[bytes, ...]
    before: bytes | None
    after: bytes | None


# What a change comes to ---------------------------------------------------------------------------------------------------


def effects(root: Path, change: Change, seen: Mapping[str, bytes] = {}) -> list[Effect]:
    """Return what ``change`` does to each file. Nothing is written.

    ``seen`` holds files as they were when the change was computed: edits of a file that changed since then, but in other
    lines, move with what they belong to. Raises `Refused` if a file is not what the change was computed from.
    """
    found: dict[str, Effect] = {}
    slices: dict[str, list[Edit]] = {}
    for edit in change.edits:
        if isinstance(edit, Edit):
            slices.setdefault(edit.path, []).append(edit)
            continue
        place = files.inside(root, edit.path)
        if isinstance(edit, Create):
            if place.exists() or edit.path in found:
                raise Refused(N_("{path} is already there"), path=edit.path)
            found[edit.path] = _effect(edit.path, None, edit.content, [(0, 0, edit.content)])
        else:
            old = _current(place, edit.path)
            if old != edit.old:
                raise changed(edit.path)
            found[edit.path] = _effect(edit.path, old, None, [])
    for path, edits in slices.items():
        if path in found:
            raise Refused(N_("{path} cannot be edited and made or removed in one change"), path=path)
        old = _current(files.inside(root, path), path)
        fitting = moved(path, edits, seen.get(path, old), old)
        new = spliced(path, old, fitting)
        parts = [(one.start, one.end - one.start, one.new) for one in in_order(fitting) if one.old != one.new]
        if old != new:
            found[path] = _effect(path, old, new, parts)
    _apart(root, found)
    return [found[path] for path in change.paths if path in found]


def _apart(root: Path, paths: Iterable[str]) -> None:
    """Raise `Refused` if two of ``paths`` are one file, of which a link is the second name: one of the two would be lost."""
    places: dict[Path, str] = {}
    for path in paths:
        other = places.setdefault(files.inside(root, path).resolve(), path)
        if other != path:
            raise Refused(
                N_("{path} and {other} are the same file"), N_("Remove the one that is a link."), path=path, other=other
            )


def _effect(path: str, old: bytes | None, new: bytes | None, parts: Sequence[tuple[int, int, bytes]]) -> Effect:
    slices = tuple(Slice(start, length, len(put_in)) for start, length, put_in in parts)
    file = FileRecord(path, digest(old), digest(new), slices)
    return Effect(file, tuple(put_in for _, _, put_in in parts), old, new)


def contents(
    root: Path, change: Change, seen: Mapping[str, bytes] = {}
) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Return old and new content of every file that ``change`` touches (None: no file). Nothing is written.

    ``seen`` holds files as they were when the change was computed: edits of a file that changed since then, but in other
    lines, move with what they belong to. Raises `Refused` if a file is not what the change was computed from.
    """
    return {one.file.path: (one.before, one.after) for one in effects(root, change, seen)}


def _current(place: Path, path: str) -> bytes:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        raise changed(path) from None


# Carrying it out ----------------------------------------------------------------------------------------------------------


def commit(root: Path, change: Change, seen: Mapping[str, bytes] = {}) -> None:
    """Carry ``change`` out; the lock must be held. Raises `Refused` before anything is written, or `ReviewError`.

    ``seen`` holds the files as they were read when the change was computed (see `effects`).
    """
    found = effects(root, change, seen)
    if found:
        carry_out(root, found, "do", next_number(root), change.summary)


def next_number(root: Path) -> int:
    """Return the number of the next change."""
    return max((number for state in (DONE, UNDONE) for number in numbers(root, state)), default=0) + 1


def numbers(root: Path, state: str) -> list[int]:
    """Return the numbers of the changes that are done or undone, oldest first. `Refused` if their folder is a link."""
    here = own(root, state)
    with contextlib.suppress(OSError):
        names = os.listdir(here)  # noqa: PTH208 (names alone)
        found = {int(name): name for name in names if name.isascii() and name.isdecimal() and len(name) < 10}
        return sorted(number for number, name in found.items() if name == number_name(number))
    return []


def number_name(number: int) -> str:
    """Return the name of the record of a change."""
    return str(number).zfill(_DIGITS)


_DIGITS = 8


def carry_out(
    root: Path, found: Sequence[Effect], kind: Kind, number: int, summary: str, *, rest: bytes | None = None
) -> None:
    """Bring every file of ``found`` to its new content: all or none. ``rest`` is what the history keeps of the record beside it.

    Raises `Refused` or `ReviewError` with nothing changed, or `ReviewError` if the change is committed but could not be finished.
    """
    for one in found:
        place = files.inside(root, one.file.path)
        if one.before is not None and not os.access(place, os.W_OK):
            raise Refused(
                N_("{path} is read-only; nothing was written"),
                N_("Make it writable: chmod u+w {path}"),
                path=one.file.path,
            )
    mark = os.urandom(6).hex()
    spared = [
        replace(one.file, spare=f"{files.TEMPORARY}{mark}-{at}" if one.after is not None else "")
        for at, one in enumerate(found)
    ]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    here = folder(root)
    try:
        abandon(root)
        folders = _folders_to_make(root, spared)
        forward = Record(number, now, summary, kind, tuple(spared), folders, partial=rest is not None)
        _prepare(root, here / _STAGING, forward, found, rest)
        (here / _STAGING).rename(here / COMMITTED)
    except BaseException as error:
        with contextlib.suppress(OSError):
            abandon(root)
        if not isinstance(error, OSError):
            raise
        raise ReviewError(
            N_("Nothing was written: {reason}"),
            N_("Make room on the disk or check its permissions."),
            reason=_reason(root, error),
        ) from error
    _finish(root)


def _reason(root: Path, error: Exception) -> str:
    """Return what is wrong, and where: the folder of a file that has no name yet."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if not isinstance(error.filename, str | os.PathLike):
        return error.strerror
    place = Path(error.filename)
    place = place.parent if place.name.startswith(files.TEMPORARY) else place
    base = root.resolve()
    return f"{place.relative_to(base) if place.is_relative_to(base) else place}: {error.strerror}"


def _folders_to_make(root: Path, found: Sequence[FileRecord]) -> tuple[str, ...]:
    made: dict[str, None] = {}
    base = root.resolve()
    for one in found:
        if one.after:
            parent = files.inside(root, one.path).parent
            made.update((str(each.resolve().relative_to(base)), None) for each in files.missing_folders(parent))
    return tuple(made)


def _prepare(root: Path, staging: Path, forward: Record, found: Sequence[Effect], rest: bytes | None) -> None:
    """Write down what is to be done, then all that needs room on the disk."""
    secret = records.token()
    staging.mkdir()
    for state in ("history", DONE, UNDONE):
        own(root, state).mkdir(exist_ok=True)
    put_in = [piece for one in found for piece in one.put_in]
    files.write_new(staging / FORWARD, _bounded(records.written(forward, put_in, secret)))
    for path in forward.folders:
        (root / path).mkdir(exist_ok=True)
        files.sync_folder((root / path).parent)
    back: list[FileRecord] = []
    pieces: list[bytes] = []
    for file, one in zip(forward.files, found, strict=True):
        if one.after is not None:
            target = files.inside(root, file.path).resolve()
            mode = files.mode_of(target) if one.before is not None else None
            files.write_new(target.parent / file.spare, one.after, mode)
        record, taken = records.backwards(one.before, one.file)
        back.append(record)
        pieces += taken
    for one_left, put_back in _left(root, forward, secret):
        back.append(one_left)
        pieces.append(put_back)
    backward = replace(forward, files=tuple(back), folders=())
    files.write_new(staging / _BACKWARD, _bounded(records.written(backward, pieces, secret)))
    if rest is not None:
        files.write_new(staging / _REST, rest)
    files.sync_folder(staging)


def _left(root: Path, forward: Record, secret: bytes) -> list[tuple[FileRecord, bytes]]:
    """Return what the history holds of this very change already, for files that were left when the others were taken back."""
    state = UNDONE if forward.kind == "undo" else DONE
    try:
        written = records.read_file(own(root, state) / number_name(forward.number), secret)
    except (OSError, ValueError):
        return []
    paths = {file.path for file in forward.files}
    return [(one, written.bytes_of[one.path]) for one in written.record.files if written.own and one.path not in paths]


def _bounded(record: bytes) -> bytes:
    """Return ``record``; `Refused` if it is so large that it would not be read again."""
    if len(record) > files.LARGEST:
        raise Refused(
            N_("The change is larger than {size} MiB; nothing was written"),
            N_("Divide the files that it is about."),
            size=files.LARGEST >> 20,
        )
    return record


def _finish(root: Path) -> None:
    for again in range(_TRIES):
        try:
            _apply(root)
            _sweep(root / FOLDER)
            break
        except Foreign:
            raise
        except _Overtaken as error:
            raise changed(error.path) from None
        except (OSError, ValueError, Refused) as error:
            if again < _TRIES - 1 and isinstance(error, OSError):
                continue
            raise ReviewError(
                N_("A change was begun and could not be finished: {reason}"),
                N_("Run any command to try again, or give it up: libreview recover --discard"),
                reason=_reason(root, error),
            ) from error


def _sweep(here: Path) -> None:
    """Let go of a change that is finished. What cannot be cleared away now is cleared by the next who takes the lock."""
    for _ in range(_TRIES):
        with contextlib.suppress(OSError):
            files.sync_folder(here)  # or the change might come back after the user went on
            files.clear(here / _SPENT)
            return


class _Overtaken(Exception):
    """A file changed before the first one was touched: the change has been given up, and nothing was written."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def _apply(root: Path) -> None:
    here = root / FOLDER
    files.sync_folder(here)  # the commit itself must be on the disk before the first file is touched
    written = records.read_file(here / COMMITTED / FORWARD, records.token())
    if not written.own:
        raise _foreign(root)
    _check(root, written.record)
    touched: dict[Path, None] = {}
    for file in written.record.files:
        touched[_apply_one(root, file, written.bytes_of[file.path])] = None
    for each in touched:
        files.sync_folder(each)
    _into_history(root, written.record)
    files.clear(here / _SPENT)
    (here / COMMITTED).rename(here / _SPENT)


def _check(root: Path, record: Record) -> None:
    """See that every file is as it was or as it will be. If one is not and none is new yet, the change is given up."""
    now = [digest(content_of(root, file.path)) for file in record.files]
    pairs = list(zip(record.files, now, strict=True))
    for file, found in pairs:
        if found not in (file.before, file.after):
            if any(other == one.after != one.before for one, other in pairs):
                raise changed(file.path)
            discard(root)
            raise _Overtaken(file.path)


def content_of(root: Path, path: str) -> bytes | None:
    """Return the content of a file of the review, None if there is none. `Refused` if it is no file, OSError."""
    try:
        return files.read(root, path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _apply_one(root: Path, file: FileRecord, put_in: bytes) -> Path:
    """Give one file its new content unless it has it, and return its folder. A file that is neither old nor new is left alone."""
    place = files.inside(root, file.path)
    target = place.resolve()
    spare = target.parent / spare_name(file.spare)
    now = content_of(root, file.path)
    if digest(now) == file.after:
        if file.spare:
            spare.unlink(missing_ok=True)
        return target.parent
    if digest(now) != file.before:
        raise changed(file.path)
    if not file.after:
        target.unlink()
        return target.parent
    if spare.is_symlink() or not spare.is_file() or digest(spare.read_bytes()) != file.after:
        spare.unlink(missing_ok=True)
        new = records.replaced(now, file, put_in) or b""
        files.write_new(spare, new, files.mode_of(target) if now is not None else None)
    spare.replace(target)  # needs no room on the disk, which making a second name would
    return target.parent


def spare_name(spare: str) -> str:
    """Return the name of a spare file; `Refused` if it is none that the journal gives."""
    if spare and (not spare.startswith(files.TEMPORARY) or "/" in spare or "\0" in spare):
        raise Refused(N_("{path} is not a place inside the review"), path=spare)
    return spare or files.TEMPORARY


def _into_history(root: Path, record: Record) -> None:
    """Keep how the change is taken back, and drop what it makes void. Each step may have been done already."""
    here = root / FOLDER
    done, undone = own(root, DONE), own(root, UNDONE)
    for each in (done, undone):
        each.mkdir(parents=True, exist_ok=True)
    name = number_name(record.number)
    kept, dropped = (undone, done) if record.kind == "undo" else (done, undone)
    committed = here / COMMITTED
    if record.partial:
        if (committed / _REST).exists():
            (committed / _REST).replace(dropped / name)
    elif record.kind != "do":
        _drop(dropped / name)
    if (committed / _BACKWARD).exists():
        (committed / _BACKWARD).replace(kept / name)
    if record.kind == "do":
        for number in numbers(root, UNDONE):
            _drop(undone / number_name(number))
        for number in numbers(root, DONE)[:-_KEPT]:
            _drop(done / number_name(number))
    for each in (done, undone, here / "history"):
        files.sync_folder(each)


def _drop(place: Path) -> None:
    if not place.is_dir() or place.is_symlink():  # a folder is none of ours, and stays
        place.unlink(missing_ok=True)


# Afterwards ---------------------------------------------------------------------------------------------------------------


def abandon(root: Path) -> None:
    """Throw away a change that was being prepared: its spare files, the folders made for it, its staging folder."""
    staging = root / FOLDER / _STAGING
    with contextlib.suppress(OSError, ValueError, Refused):
        written = records.read_file(staging / FORWARD, records.token())
        if written.own:
            for file in written.record.files:
                if file.spare:
                    place = files.inside(root, file.path).resolve().parent / spare_name(file.spare)
                    place.unlink(missing_ok=True)
            for path in reversed(written.record.folders):
                with contextlib.suppress(OSError):  # somebody put something into it
                    files.inside(root, path).rmdir()
    files.clear(staging)


def recover(root: Path) -> bool:
    """Finish a change that was interrupted after its commit point; the lock must be held. Tell whether there was one.

    Raises `Foreign` if this user did not make it, `ReviewError` if it cannot be finished.
    """
    here = root / FOLDER
    if (here / COMMITTED).is_symlink():  # not ours: a link would let others say what is written
        (here / COMMITTED).unlink()
    if not unfinished(root):
        abandon(root)
        files.clear(here / _SPENT)
        files.clear(here / COMMITTED)
        files.sweep(root)  # what an interrupted `libreview init` left
        return False
    try:
        _finish(root)
    except Refused as error:
        if isinstance(error, Foreign) or unfinished(root):
            raise
        return False  # it had not begun yet, and a file is not what it was made for any more
    return True


def _foreign(root: Path) -> Foreign:
    return Foreign(
        N_("The journal in {path} was not made by you on this machine"),
        N_("See what it holds: libreview recover"),
        path=f"{root.name}/{FOLDER}",
    )


def overlay(root: Path) -> dict[str, bytes | None]:
    """Return the contents that a committed change will give to files (None: no file), for one who cannot write them.

    Raises `Foreign` if this user did not make it, `Refused` if a file is neither old nor new, OSError, ValueError.
    """
    written = records.read_file(root / FOLDER / COMMITTED / FORWARD, records.token())
    if not written.own:
        raise _foreign(root)
    found: dict[str, bytes | None] = {}
    for file in written.record.files:
        now = content_of(root, file.path)
        if digest(now) not in (file.before, file.after):  # it cannot be finished, whoever may write here
            raise changed(file.path)
        if digest(now) == file.before:
            found[file.path] = records.replaced(now, file, written.bytes_of[file.path])
    return found


def _begun(root: Path, record: Record) -> bool:
    """Tell whether some file has its new content already."""
    for file in record.files:
        with contextlib.suppress(OSError, Refused):
            if digest(content_of(root, file.path)) == file.after:
                return True
    return False


def discard(root: Path) -> Written | None:
    """Give up a change that is committed but not finished: no file is touched any more. Return it, None if there is none.

    What it had done to some files already goes to the history, so that it can be taken back.
    """
    here = root / FOLDER
    if not unfinished(root):
        return None
    written: Written | None = None
    with contextlib.suppress(OSError, ValueError):
        written = records.read_file(here / COMMITTED / FORWARD, records.token())
    if written and written.own and written.record.kind == "do" and _begun(root, written.record):
        done = own(root, DONE)
        done.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # it is there already
            (here / COMMITTED / _BACKWARD).replace(done / number_name(written.record.number))
        files.sync_folder(done)
    files.clear(here / _STAGING)
    (here / COMMITTED).rename(here / _STAGING)
    abandon(root)
    return written
