"""The order of the calls: what a loss of power may leave behind.

A file's bytes are safe once it was fsynced after its last write, a name once its folder was fsynced after it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from crashing.trials import Call

__all__ = ["violations"]


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


class _Disk:
    """What would be lost if the power failed now."""

    def __init__(self) -> None:
        self.unsynced: set[str] = set()
        self.unnamed: dict[str, str] = {}  # a name that its folder may not have yet, with how it came there

    def names_within(self, folders: Iterable[str]) -> list[str]:
        return [name for name in self.unnamed if any(name.startswith(f"{one}/") for one in folders)]


def violations(calls: Sequence[Call], review: str, journal: str, committed: str) -> list[str]:
    """Return what is out of order in the calls of one command.

    ``review`` is its folder, ``journal`` the folder of the journal in it, ``committed`` the name that a change has there from
    its commit until it is given up.
    """
    disk = _Disk()
    commit = f"{journal}/{committed}"
    found: list[str] = []
    open_commit = False

    def users(path: str) -> bool:
        return path.startswith(f"{review}/") and not path.startswith(f"{journal}/") and path != journal

    for call in calls:
        touched = call.other or call.path
        if call.op == "unseen" and call.path.startswith(f"{review}/"):
            found.append(f"{call.path} is written through a file object, which nobody fsyncs")
        elif call.op in ("write", "truncate"):
            disk.unsynced.add(call.path)
            if call.op == "truncate" and users(call.path):
                found.append(f"{call.path} is cut in place")
        elif call.op == "create":
            disk.unnamed.setdefault(call.path, "made")
        elif call.op == "mkdir":
            disk.unnamed[call.path] = "made"
        elif call.op == "fsync":
            disk.unsynced.discard(call.path)
            for name in [name for name in disk.unnamed if _folder(name) == call.path]:
                del disk.unnamed[name]
        elif call.op in ("rename", "link"):
            found += _moved(disk, call, commit, users(touched), open_commit)
            if call.other == commit:
                open_commit = True
        if call.op in ("remove", "rmdir") or (call.op == "rename" and call.other != commit):
            given_up = call.path == commit or call.path.startswith(f"{commit}/")
            if given_up and open_commit:
                open_commit = False
                for name, how in disk.unnamed.items():
                    if users(name):
                        found.append(f"the journal is given up before the folder of {name} ({how}) is on disk")
                found += [f"the journal is given up before {name} is on disk" for name in disk.unsynced if users(name)]
        if call.op in ("remove", "rmdir"):
            disk.unsynced.discard(call.path)
            disk.unnamed.pop(call.path, None)
            if users(call.path) and call.op == "remove":
                disk.unnamed[call.path] = "removed"
                if commit in disk.unnamed:
                    found.append(f"{call.path} is removed before the commit is on disk")
    found += [f"{name} is written and never fsynced" for name in disk.unsynced if users(name)]
    found += [f"{name} ({how}) and its folder is never fsynced" for name, how in disk.unnamed.items() if users(name)]
    return found


def _moved(disk: _Disk, call: Call, commit: str, users: bool, open_commit: bool) -> list[str]:
    """Note a rename or link, and return what is wrong with its moment."""
    found = []
    within = [name for name in disk.unsynced if name == call.path or name.startswith(f"{call.path}/")]
    found += [f"{name} is not on disk when it becomes {call.other}" for name in within]
    if call.other == commit:
        if _folder(commit) in disk.unnamed:
            found.append("the journal's folder may be missing, and the commit with it")
        found += [f"{name} may be missing in the commit" for name in disk.names_within([call.path])]
    elif users and commit in disk.unnamed:
        found.append(f"{call.other} is changed before the commit is on disk")
    elif users and not open_commit and call.op == "rename":
        found.append(f"{call.other} is replaced outside of a commit")
    if call.op == "rename":
        for name in within:
            disk.unsynced.discard(name)
        disk.unnamed.pop(call.path, None)
    disk.unnamed[call.other] = "renamed" if call.op == "rename" else "linked"
    return found
