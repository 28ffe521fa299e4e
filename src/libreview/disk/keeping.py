"""Text that a user typed or pasted and that could not be saved where it belongs: kept in the user's state folder."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from libreview.disk.places import state_folder

__all__ = ["keep"]


def keep(text: str) -> Path:
    """Write ``text`` into a new file that only the user may read and return its place. Raises OSError."""
    folder = state_folder() / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    place = folder / f"{now}-{secrets.token_hex(2)}.txt"
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
        file.flush()
        os.fsync(descriptor)
    return place
