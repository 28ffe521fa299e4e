"""Files of a review as bytes: what is there (stamps), reading, and replacing one safely.

The index relies on `walk` to see what changed, the journal on `write_new`, `appear` and `sync_folder`.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = [
    "LARGEST",
    "TEMPORARY",
    "Stamp",
    "appear",
    "clear",
    "content",
    "create",
    "inside",
    "leads_inside",
    "links",
    "missing_folders",
    "mode_of",
    "read",
    "replace",
    "stamp",
    "sweep",
    "sync_folder",
    "walk",
    "write_all",
    "write_new",
]

TEMPORARY = ".libreview-new-"
"""How the names of temporary files begin: hidden, so that no walk takes them for notes or sources."""

LARGEST = 256 * 1024 * 1024
"""A source or note file beyond this many bytes is not read: no one typed it, and it would not fit the memory."""


class Stamp(Value, frozen=True, array_like=True):
    """What the file system says of a file without opening it."""

    size: int
    mtime: int
    ctime: int
    inode: int


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def stamp(path: Path) -> Stamp | None:
    """Return the stamp of a regular file (or of the file a link leads to), None if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return _stamp(status) if stat.S_ISREG(status.st_mode) else None


def links(root: Path, path: str) -> int:
    """Return how many names (hard links) a file of the review has; 0 if there is no such file."""
    try:
        status = os.stat(os.path.join(root, path))  # noqa: PTH116, PTH118 (speed: asked of every file)
    except (OSError, ValueError):
        return 0
    return status.st_nlink if stat.S_ISREG(status.st_mode) else 0


def walk(
    root: Path, folders: Sequence[str], suffix: str | tuple[str, ...], skip: frozenset[str] = frozenset()
) -> dict[str, Stamp]:
    """Return every file below ``folders`` whose name ends in ``suffix``, by path relative to ``root``, sorted.

    Hidden files and folders, the relative folders in ``skip``, and links that lead out of the review are left out. So are links
    to a file that is found by another name: what was read twice would be counted twice, and changed twice.
    """
    base = os.path.realpath(root)
    found: dict[str, Stamp] = {}
    linked: list[str] = []
    waiting = [folder.strip("/") for folder in folders if leads_inside(base, folder.strip("/"))]
    while waiting:
        folder = waiting.pop()
        prefix = f"{folder}/" if folder not in ("", ".") else ""
        try:
            descriptor = os.open(os.path.join(base, prefix), os.O_RDONLY | os.O_DIRECTORY)  # noqa: PTH118 (speed)
        except OSError:
            continue
        try:
            with os.scandir(descriptor) as entries:  # stamps are then asked for by name, not by path, which is quicker
                waiting.extend(_looked_at(entries, base, prefix, suffix, skip, found, linked))
        except OSError:
            continue
        finally:
            os.close(descriptor)
    _once(base, found, linked)
    return dict(sorted(found.items()))


def _once(base: str, found: dict[str, Stamp], linked: Sequence[str]) -> None:
    """Take those of ``linked`` out of ``found`` whose file is there by its own name, or by that of an earlier link."""
    taken: set[str] = set()
    for path in sorted(linked):
        real = os.path.realpath(os.path.join(base, path))  # noqa: PTH118 (speed)
        if real in taken or real[len(base) :].lstrip(os.sep) in found:
            del found[path]
        taken.add(real)


def _looked_at(
    entries: Iterable[os.DirEntry[str]],
    base: str,
    prefix: str,
    suffix: str | tuple[str, ...],
    skip: frozenset[str],
    found: dict[str, Stamp],
    linked: list[str],
) -> list[str]:
    """Put the files of one folder into ``found``, those that are links also into ``linked``, and return its folders."""
    folders = []
    for entry in entries:
        name = entry.name
        link = entry.is_symlink()
        if name[0] == "." or (link and not leads_inside(base, prefix + name)):
            continue
        if name.endswith(suffix):
            try:
                status = entry.stat()
            except OSError:  # gone, or a link to nothing
                continue
            if stat.S_ISREG(status.st_mode):
                found[prefix + name] = _stamp(status)
                if link:
                    linked.append(prefix + name)
        elif not link and entry.is_dir() and prefix + name not in skip:
            folders.append(prefix + name)
    return folders


def leads_inside(base: str, path: str) -> bool:
    """Return whether the relative ``path`` ends inside the folder ``base`` (a real path), all links followed."""
    real = os.path.realpath(os.path.join(base, path))  # noqa: PTH118 (speed)
    return real == base or real.startswith(base + os.sep)


def inside(root: Path, path: str) -> Path:
    """Return the absolute place of the relative ``path``; `Refused` if it is absolute, climbs or leads out of the review."""
    pieces = path.split("/")
    if not path or path.startswith("/") or "\\" in path or "\0" in path or any(p in ("", ".", "..") for p in pieces):
        raise Refused(N_("{path} is not a place inside the review"), path=path)
    base = _real(os.path.abspath(root))  # noqa: PTH100 (speed: a change of 300 notes asks this thousands of times)
    place = base.rstrip(os.sep) + os.sep + path
    real = os.path.realpath(place)
    if real != place and not real.startswith(base.rstrip(os.sep) + os.sep):
        raise Refused(N_("{path} leads out of the review"), N_("Links out of the folder are not followed."), path=path)
    return Path(place)


@functools.lru_cache(8)
def _real(folder: str) -> str:
    """Return where the folder of a review really is. It is looked up once: should it become a link, nothing is inside any more."""
    return os.path.realpath(folder)


def content(place: Path, largest: int = 0, shown: str = "") -> bytes:
    """Return the bytes of a regular file; ``shown`` is how it is called in messages.

    Raises `Refused` for a pipe, a socket or a device (none is waited for) and beyond ``largest`` (else `LARGEST`) bytes, OSError.
    """
    largest = largest or LARGEST
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        if not stat.S_ISREG(status.st_mode):
            raise Refused(N_("{path} is not a file"), path=shown or place)
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(largest + 1) if status.st_size <= largest else None
    finally:
        os.close(descriptor)
    if data is None or len(data) > largest:  # it may grow while it is read
        raise Refused(N_("{path} is larger than {size} MiB"), path=shown or place, size=largest >> 20)
    return data


def read(root: Path, path: str) -> bytes:
    """Return the bytes of a file of the review. Raises `Refused` if it leads outside or as `content` does, OSError."""
    return content(inside(root, path), shown=path)


def sync_folder(folder: Path) -> None:
    """Wait until what was made, moved or removed in ``folder`` is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of ``content``, in as many calls as the system makes of it."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def write_new(place: Path, content: bytes, mode: int | None = None) -> None:
    """Make the file ``place``, which must not be there, and wait until it is on the disk. Its folder is not waited for."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    try:
        write_all(descriptor, content)
        if mode is not None:
            os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def mode_of(place: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(place.stat().st_mode)


def missing_folders(folder: Path) -> list[Path]:
    """Return the folders that have to be made for ``folder`` to be there, outermost first."""
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def sweep(folder: Path) -> None:
    """Remove temporary files in ``folder`` that a process left which was killed. Those of the journal are its own affair."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208 (names alone)
            if (found := _LEFT.fullmatch(name)) and not _lives(int(found[1])):
                (folder / name).unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True


_LEFT = re.compile(re.escape(TEMPORARY) + r"p([0-9]{1,19})-[0-9a-f]{16}")


@contextlib.contextmanager
def _written(folder: Path, content: bytes, mode: int | None) -> Iterator[Path]:
    """Give a temporary file in ``folder`` that holds ``content`` on disk; gone afterwards unless it was moved."""
    sweep(folder)
    temporary = folder / f"{TEMPORARY}p{os.getpid()}-{os.urandom(8).hex()}"
    try:
        write_new(temporary, content, mode)
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def replace(place: Path, content: bytes) -> None:
    """Put ``content`` in place of a file: whole or not at all. Its mode is kept, a link stays a link to the new content."""
    target = place.resolve()
    with _written(target.parent, content, mode_of(target)) as temporary:
        temporary.replace(target)
    sync_folder(target.parent)


def create(place: Path, content: bytes) -> None:
    """Make a file that is not there yet, folders included; raises FileExistsError if it is."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with _written(place.parent, content, None) as temporary:
        appear(temporary, place)
    sync_folder(place.parent)


def appear(temporary: Path, place: Path) -> None:
    """Give a file its name, which must be free; raises FileExistsError if it is not. The old name goes."""
    try:
        os.link(temporary, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if place.exists():
            raise FileExistsError(place) from None
        temporary.replace(place)
    else:
        temporary.unlink()


def clear(folder: Path) -> None:
    """Remove a flat folder with its files, if it is there; of a link only the link."""
    if folder.is_symlink():
        folder.unlink()
        return
    with contextlib.suppress(FileNotFoundError):
        for place in folder.iterdir():
            place.unlink()
        folder.rmdir()
