"""Second versions of a file that tools for syncing leave beside it, by their names alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from libreview.value import Value

__all__ = ["Copy", "copies", "is_marked"]

_SAID = (
    "conflicted copy", "conflicting copy", "conflict copy", "conflicted version", "case conflict", "sfconflict",
    "salinan konflik", "salinan yang konflik", "salinan berkonflik", "salinan yang berkonflik", "salinan bentrok",
    "salinan yang bentrok", "in konflikt stehende kopie",
)  # fmt: skip
"""What Dropbox, Nextcloud, ownCloud, Seafile, Box and MEGA put in brackets; in English, Indonesian and German."""

_MARKED = re.compile(
    r"[ ._-]\[?conflict(?:ed)?\]?\Z"  # Resilio, pCloud
    r"|\.sync-conflict-\d{8}-\d{6}(?:-\w++)?\Z"  # Syncthing
    r"|_conflict-\d{8}-\d{6}\Z",  # ownCloud of old
    re.IGNORECASE,
)
"""What no one but a sync tool puts at the end of a name."""

_MACHINE = re.compile(r"-(?:DESKTOP|LAPTOP|PC|WIN|MACBOOK)-?[A-Z0-9]{3,}+(?:-\d++)?\Z")
"""OneDrive: the name of the computer, as Windows makes it up."""

_NUMBERED = re.compile(r" (?:\(\d{1,2}\)|[2-9]|1\d)\Z")
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
    marked = _marked(stem)
    if marked:
        return Copy(path, f"{folder}{slash}{marked}{dot}{suffix}", certain=True)
    for pattern, certain in ((_MACHINE, True), (_NUMBERED, False)):
        found = pattern.search(stem)
        original = f"{folder}{slash}{stem[: found.start()]}{dot}{suffix}" if found and found.start() else ""
        if original and original in there:
            return Copy(path, original, certain)
    return None


def _marked(stem: str) -> str:
    """Return the name without what a sync tool put at its end; an empty text if none did."""
    low = stem.lower()
    if "konfli" not in low and "conflict" not in low and "bentrok" not in low:
        return ""
    found = _MARKED.search(stem)
    if found:
        return stem[: found.start()]
    if not stem.endswith(")"):
        return ""
    opened = _opened(stem)
    inside = low[opened:] if opened > 0 else ""
    return stem[:opened].rstrip(" ") if any(said in inside for said in _SAID) else ""


def _opened(stem: str) -> int:
    """Return where the bracket opens that the last sign closes; -1 if none does."""
    depth = 0
    for at in range(len(stem) - 1, -1, -1):
        depth += (stem[at] == ")") - (stem[at] == "(")
        if not depth:
            return at
    return -1


def is_marked(path: str) -> bool:
    """Tell whether the name of a file alone says that a sync tool made it."""
    return bool(_marked(path.rpartition("/")[2].rpartition(".")[0]))
