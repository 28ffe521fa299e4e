"""What a reader does with a change that was committed and not finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from libreview.disk.journal import changing, locking
from libreview.words.errors import Locked, ReviewError

__all__ = ["settled"]


def settled(root: Path, timeout: float, warn: Callable[[str], None]) -> Mapping[str, bytes | None]:
    """Finish it; where it cannot be written, return the contents it gives to files (None: no file), to be read in their place.

    ``warn`` is told in one word: "recovered", "overlaid", "foreign", "unfinished", "waiting". `Locked` after ``timeout`` seconds.
    """
    try:
        with locking.lock(root, timeout, lambda: warn("waiting")):
            if changing.recover(root):
                warn("recovered")
            return {}
    except Locked:
        raise
    except changing.Foreign:
        warn("foreign")
        return {}
    except ReviewError:
        pass
    try:
        found = changing.overlay(root)
    except changing.Foreign:
        warn("foreign")
    except (OSError, ValueError, ReviewError):
        warn("unfinished")
    else:
        warn("overlaid")
        return found
    return {}
