"""One writer at a time: the review's lock, and where the journal lies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from libreview.words.errors import Locked, Refused
from libreview.words.i18n import N_

__all__ = ["COMMITTED", "FOLDER", "folder", "lock", "unfinished"]

FOLDER = ".libreview"
COMMITTED = "committed"


def folder(root: Path) -> Path:
    """Return the journal's folder, made if need be; it ignores itself in git."""
    here = root / FOLDER
    if here.is_symlink():
        raise Refused(N_("{path} is a link; the journal must lie in the review"), path=FOLDER)
    here.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError), (here / ".gitignore").open("x", encoding="ascii") as ignore:
        ignore.write("*\n")  # "x" makes nothing where a link leads
    return here


@contextlib.contextmanager
def lock(root: Path, timeout: float = 10.0, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the review's one lock; `Locked` after ``timeout`` seconds. ``waiting`` is called once, after a second."""
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(folder(root) / "lock", flags, 0o666)
    except OSError as error:
        raise Refused(
            N_("The review cannot be written: {reason}"),
            N_("See who may write in {folder}, and whether its disk is full or read-only."),
            reason=error.strerror or str(error),
            folder=root,
        ) from error
    try:
        begin, told = time.monotonic(), False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = time.monotonic() - begin
                if waited >= timeout:
                    raise Locked(
                        N_("Another libreview is writing to this review ({path})"),
                        N_("Wait for it to finish, or give --lock-timeout SECONDS."),
                        path=f"{FOLDER}/lock",
                    ) from None
                if waited >= 1 and not told:
                    told = True
                    waiting()
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)  # which also lets the lock go


def unfinished(root: Path) -> bool:
    """Tell whether a committed change still waits to be applied."""
    committed = root / FOLDER / COMMITTED
    return not committed.is_symlink() and (committed / "manifest.json").is_file()
