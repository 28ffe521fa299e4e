"""Second versions of a file that tools for syncing leave beside it, by their names alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from libreview.value import Value

__all__ = ["Copy", "copies", "is_marked"]

_PERHAPS = re.compile(r"[ (\[]|conflict|-(?:DESKTOP|LAPTOP|PC|WIN|MACBOOK)", re.IGNORECASE)
"""What every second version has in its name, and few others: looked for first, since it is quick."""

_MARKED = re.compile(
    r"(?P<stem>.+?)(?:"
    # Dropbox, Nextcloud, ownCloud, Seafile, Box, MEGA; in English, Indonesian and German
    r" ?\([^/]*(?:conflict(?:ed|ing)? copy|conflicted version|case conflict|sfconflict|salinan (?:yang )?(?:konflik|berkonflik|bentrok)"
    r"|in konflikt stehende kopie)[^/]*\)"
    r"|[ ._-]\[?conflict(?:ed)?\]?"  # Resilio, pCloud
    r"|\.sync-conflict-\d{8}-\d{6}(?:-\w+)?"  # Syncthing
    r"|_conflict-\d{8}-\d{6}"  # ownCloud of old
    r")",
    re.IGNORECASE,
)
"""What no one but a sync tool calls a file."""

_MACHINE = re.compile(r"(?P<stem>.+?)-(?:DESKTOP|LAPTOP|PC|WIN|MACBOOK)-?[A-Z0-9]{3,}(?:-\d+)?")
"""OneDrive: the name of the computer, as Windows makes it up."""

_NUMBERED = re.compile(r"(?P<stem>.+?) (?:\(\d{1,2}\)|[2-9]|1\d)")
"""Google Drive and browsers: ``x (1)``; macOS and iCloud: ``x 2``. People count their files like that, too."""


class Copy(Value, frozen=True):
    """A file that looks like a second version of ``original``; ``certain`` unless that also takes other content."""

    path: str
    original: str
    certain: bool


def copies(paths: Iterable[str]) -> tuple[Copy, ...]:
    """Return the second versions among ``paths``, in their order. What only may be one has its original beside it."""
    paths = tuple(paths)
    there = frozenset(paths)
    return tuple(found for path in paths if (found := _copy(path, there)) is not None)


def _copy(path: str, there: Collection[str]) -> Copy | None:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not _PERHAPS.search(stem):
        return None
    for pattern, beside, certain in ((_MARKED, False, True), (_MACHINE, True, True), (_NUMBERED, True, False)):
        found = pattern.fullmatch(stem)
        original = f"{folder}{slash}{found['stem']}{dot}{suffix}" if found else ""
        if found and (original in there or not beside):
            return Copy(path, original, certain)
    return None


def is_marked(path: str) -> bool:
    """Tell whether the name of a file alone says that a sync tool made it."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return _PERHAPS.search(stem) is not None and _MARKED.fullmatch(stem) is not None
