"""What the user's last command named: kept in the cache, and no harm if it is lost."""

from __future__ import annotations

import contextlib
from pathlib import Path

from libreview.disk import files
from libreview.value import decode, encode

__all__ = ["keep", "recall"]


def _place(cache: Path, name: str) -> Path:
    return cache / "memory" / f"{name}.json"


def recall(cache: Path, name: str) -> dict[str, list[str]]:
    """Return what was kept for the review that the cache knows as ``name``."""
    try:
        return decode(_place(cache, name).read_bytes(), dict[str, list[str]])
    except (OSError, ValueError):
        return {}


def keep(cache: Path, name: str, known: dict[str, list[str]]) -> None:
    """Keep ``known`` in place of what was kept before."""
    place = _place(cache, name)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        content = encode(known)
        if place.exists():
            files.replace(place, content)
        else:
            files.create(place, content)
