"""One writer at a time: the review's lock, and where the journal lies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from libreview.disk import files
from libreview.words.errors import Locked, Refused
from libreview.words.i18n import N_

__all__ = ["COMMITTED", "FOLDER", "FORWARD", "folder", "lock", "own", "reading", "unfinished"]

FOLDER = ".libreview"
COMMITTED = "committed"
FORWARD = "forward"
"""The file in it that says what is to be done; while it is there, the change is not finished."""
_LOCK = "lock"


def folder(root: Path) -> Path:
    """Return the journal's folder, made if need be."""
    here = own(root)
    if not here.is_dir():
        here.mkdir(exist_ok=True)
        files.sync_folder(root)
    return here


def own(root: Path, name: str = "") -> Path:
    """Return a folder of the journal (by its path in it), there or not; `Refused` if it or one above it is a link.

    Who follows a link that came with the folder would remove and replace files wherever it leads.
    """
    here = root / FOLDER
    for place in (here, *(here.joinpath(*name.split("/")[:n]) for n in range(1, name.count("/") + 2) if name)):
        if place.is_symlink():
            path = place.relative_to(root)
            raise Refused(
                N_("{path} is a link; the journal must lie in the review"), N_("Remove that link."), path=path
            )
    return here / name


@contextlib.contextmanager
def lock(root: Path, timeout: float = 10.0, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the review's one lock; `Locked` after ``timeout`` seconds. ``waiting`` is called once, after a second."""
    begin = time.monotonic()
    descriptor = _opened(root)
    try:
        _wait(descriptor, fcntl.LOCK_EX, timeout, waiting)
        while not _in_place(
            root, descriptor
        ):  # the folder was removed meanwhile: others lock the file that is there now
            os.close(descriptor)
            descriptor = _opened(root)
            _wait(descriptor, fcntl.LOCK_EX, max(0.0, timeout - (time.monotonic() - begin)), waiting)
        _ignored(root)
        yield
    finally:
        os.close(descriptor)  # which also lets the lock go


def _opened(root: Path) -> int:
    try:
        return os.open(folder(root) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise _unwritable(root, error) from error


def _in_place(root: Path, descriptor: int) -> bool:
    """Tell whether the open lock is the one that others would open now."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(root / FOLDER / _LOCK))
    except OSError:
        return False


def _unwritable(root: Path, error: OSError) -> Refused:
    return Refused(
        N_("The review cannot be written: {reason}"),
        N_("See who may write in {folder}, and whether its disk is full or read-only."),
        reason=error.strerror or str(error),
        folder=root,
    )


def _ignored(root: Path) -> None:
    """See to it that git ignores the journal's folder; the lock must be held."""
    ignore = root / FOLDER / ".gitignore"
    if os.path.lexists(ignore):  # also a link, wherever it leads
        return
    try:
        spare = root / FOLDER / f"{files.TEMPORARY}gitignore"
        spare.unlink(missing_ok=True)
        files.write_new(spare, b"*\n")
        spare.replace(ignore)
    except OSError as error:
        raise _unwritable(root, error) from error


@contextlib.contextmanager
def reading(root: Path, timeout: float = 10.0, waiting: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock with other readers, so that nothing is written meanwhile; `Locked` as for `lock`.

    Gives False, and holds nothing, where no lock was ever made: reading makes no file.
    """
    try:
        descriptor = os.open(root / FOLDER / _LOCK, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        yield False
        return
    try:
        _wait(descriptor, fcntl.LOCK_SH, timeout, waiting)
        yield True
    finally:
        os.close(descriptor)


def _wait(descriptor: int, kind: int, timeout: float, waiting: Callable[[], None]) -> None:
    begin, told = time.monotonic(), False
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - begin
            if not waited < timeout:  # also where it is no number
                raise Locked(
                    N_("Another libreview is writing to this review ({path})"),
                    N_("Wait for it to finish, or give --lock-timeout SECONDS."),
                    path=f"{FOLDER}/{_LOCK}",
                ) from None
            if waited >= 1 and not told:
                told = True
                waiting()
            time.sleep(0.005)
        else:
            return


def unfinished(root: Path) -> bool:
    """Tell whether a committed change still waits to be applied."""
    here = root / FOLDER
    forward = here / COMMITTED / FORWARD
    return forward.is_file() and not here.is_symlink() and not forward.parent.is_symlink()
