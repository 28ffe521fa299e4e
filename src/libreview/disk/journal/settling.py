"""What a reader does with a change that was committed and not finished."""

from __future__ import annotations

import time
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
        _finished(root, timeout, warn)
    except Locked:
        raise
    except changing.Foreign:
        warn("foreign")
        return {}
    except ReviewError:
        pass
    else:
        return {}
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


def _finished(root: Path, timeout: float, warn: Callable[[str], None]) -> None:
    """Finish the change, or see it finished by the one who makes it: then the next writers need not be waited for."""
    begin, told = time.monotonic(), False
    while locking.unfinished(root):
        waited = time.monotonic() - begin
        if waited >= 1 and not told:
            told = True
            warn("waiting")
        try:
            with locking.lock(root, max(0.0, min(0.2, timeout - waited))):
                if changing.recover(root):
                    warn("recovered")
                return
        except Locked:
            if waited >= timeout and locking.unfinished(root):
                raise
