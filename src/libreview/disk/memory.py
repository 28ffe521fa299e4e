"""What the user's last command named: kept in the cache, and no harm if it is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from libreview.disk import files
from libreview.value import decode, encode

__all__ = ["recall", "remember"]


def _place(cache: Path, name: str) -> Path:
    return cache / "memory" / f"{name}.json"


def recall(cache: Path, name: str) -> dict[str, list[str]]:
    """Return what was kept for the review that the cache knows as ``name``."""
    try:
        return decode(_place(cache, name).read_bytes(), dict[str, list[str]])
    except (OSError, ValueError):
        return {}


def remember(cache: Path, name: str, keys: Sequence[str] | None, source: str | None, themes: Sequence[str]) -> None:
    """Keep the last list of keys, the last source and the themes given last; what is None or empty stays as it was."""
    known = recall(cache, name)
    if keys is not None:
        known["keys"] = list(keys[:1000])
    if source is not None:
        known["source"] = [source]
    if themes:
        known["themes"] = list(dict.fromkeys([*themes, *known.get("themes", [])]))[:100]
    place = _place(cache, name)
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        content = encode(known)
        if place.exists():
            files.replace(place, content)
        else:
            files.create(place, content)
