"""How a change reaches the files: all of it or nothing, one writer at a time.

Every new content is computed and staged before the first file is touched; one rename of the staging folder is the
commit point; applying is idempotent, so that a change interrupted after that point is rolled forward by the next
one who takes the lock, and one interrupted before it is thrown away.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from libreview.disk import digests, files
from libreview.disk.journal.locking import COMMITTED, FOLDER, folder, unfinished
from libreview.model import Change, Create, Delete, Edit
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import N_

__all__ = ["commit", "contents", "moved", "recover", "spliced"]

_STAGING = "staging"


def contents(
    root: Path, change: Change, seen: Mapping[str, bytes] = {}
) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Return old and new content of every file that ``change`` touches (None: no file). Nothing is written.

    ``seen`` holds files as they were when the change was computed: edits of a file that changed since then, but in other
    lines, move with what they belong to. Raises `Refused` if a file is not what the change was computed from.
    """
    found: dict[str, tuple[bytes | None, bytes | None]] = {}
    slices: dict[str, list[Edit]] = {}
    for edit in change.edits:
        place = files.inside(root, edit.path)
        if isinstance(edit, Create):
            if place.exists() or edit.path in found:
                raise Refused(N_("{path} is already there"), path=edit.path)
            found[edit.path] = (None, edit.content)
        elif isinstance(edit, Delete):
            old = _current(place, edit.path)
            if old != edit.old:
                raise _changed(edit.path)
            found[edit.path] = (old, None)
        else:
            slices.setdefault(edit.path, []).append(edit)
    for path, edits in slices.items():
        if path in found:
            raise Refused(N_("{path} cannot be edited and made or removed in one change"), path=path)
        old = _current(files.inside(root, path), path)
        found[path] = (old, spliced(path, old, moved(path, edits, seen.get(path, old), old)))
    return found


def _current(place: Path, path: str) -> bytes:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        raise _changed(path) from None


def _changed(path: str) -> Refused:
    return Refused(
        N_("{path} changed on disk since it was read; nothing was written"),
        N_("Save and close it in your editor, then run the command again."),
        path=path,
    )


def moved(path: str, edits: Sequence[Edit], seen: bytes, now: bytes) -> Sequence[Edit]:
    """Return ``edits`` of the bytes ``seen`` as edits of the bytes ``now``; `Refused` if a line that changed is in their way.

    An insertion replaces nothing, so that only the lines around it tell whether its place is still the same.
    """
    if seen == now:
        return edits
    head = _shared(seen, now)
    tail = _shared(seen[head:][::-1], now[head:][::-1])
    changed, by = len(seen) - tail, len(now) - len(seen)
    found = []
    for edit in edits:
        if b"\n" in seen[edit.end : head]:
            found.append(edit)
        elif b"\n" in seen[changed : edit.start]:
            found.append(Edit(path, edit.start + by, edit.end + by, edit.old, edit.new))
        else:
            raise _changed(path)
    return found


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes at their beginning are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def spliced(path: str, old: bytes, edits: Sequence[Edit]) -> bytes:
    """Return ``old`` with ``edits`` done; `Refused` if one does not find what it replaces, or if two overlap."""
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done or not edit.start <= edit.end <= len(old) or old[edit.start : edit.end] != edit.old:
            raise _changed(path)
        pieces += (old[done : edit.start], edit.new)
        done = edit.end
    pieces.append(old[done:])
    return b"".join(pieces)


def _digest(content: bytes | None) -> str:
    return "" if content is None else digests.hexadecimal(content)


def commit(root: Path, change: Change, seen: Mapping[str, bytes] = {}) -> None:
    """Carry ``change`` out; the lock must be held. Raises `Refused` before anything is written, or `ReviewError`.

    ``seen`` holds the files as they were read when the change was computed (see `contents`).
    """
    found = {path: both for path, both in contents(root, change, seen).items() if both[0] != both[1]}
    if not found:
        return
    for path, (old, _) in found.items():
        place = files.inside(root, path)
        if old is not None and not os.access(place, os.W_OK):
            raise Refused(
                N_("{path} is read-only; nothing was written"), N_("Make it writable: chmod u+w {path}"), path=path
            )
    here = folder(root)
    staging, committed = here / _STAGING, here / COMMITTED
    try:
        files.clear(staging)
        staging.mkdir()
        manifest: list[dict[str, str]] = []
        for number, (path, (old, new)) in enumerate(found.items()):
            if new is not None:
                files.create(staging / str(number), new)
            manifest.append({"path": path, "old": _digest(old), "new": _digest(new)})
        record = json.dumps({"summary": change.summary, "files": manifest})
        files.create(staging / "manifest.json", record.encode())
        staging.rename(committed)
    except OSError as error:
        with contextlib.suppress(OSError):
            files.clear(staging)
        raise ReviewError(
            N_("Nothing was written: {reason}"),
            N_("Make room on the disk or check its permissions."),
            reason=error.strerror or str(error),
        ) from error
    _apply(root, committed)


def recover(root: Path) -> bool:
    """Finish a change that was interrupted after its commit point; the lock must be held. Tell whether there was one."""
    here = root / FOLDER
    if (here / COMMITTED).is_symlink():  # not ours: a link would let others say what is written
        (here / COMMITTED).unlink()
    if not unfinished(root):
        files.clear(here / _STAGING)
        return False
    _apply(root, here / COMMITTED)
    return True


def _apply(root: Path, committed: Path) -> None:
    try:
        record = json.loads((committed / "manifest.json").read_bytes())
        for number, row in enumerate(record["files"]):
            _apply_one(root, committed / str(number), row["path"], row["old"], row["new"])
        files.clear(committed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Refused) as error:
        raise ReviewError(
            N_("A change was begun and could not be finished: {reason}"),
            N_(
                "Its new contents are safe in {folder}; run any command to try again, or move that folder away to give it up."
            ),
            reason=getattr(error, "strerror", None) or str(error),
            folder=f"{FOLDER}/{COMMITTED}",
        ) from error


def _apply_one(root: Path, blob: Path, path: str, old: str, new: str) -> None:
    """Bring one file to its new content unless it is there already. A file that is neither old nor new is left alone."""
    place = files.inside(root, path)
    current = _digest(place.read_bytes() if place.exists() else None)
    if current == new:
        return
    if current != old:
        raise _changed(path)
    if not new:
        files.remove(place)
        return
    content = blob.read_bytes()
    if _digest(content) != new:
        raise ValueError(f"{blob.name} is damaged")
    if old:
        files.replace(place, content)
    else:
        files.create(place, content)
