"""The one lazy loading: a room that only some commands need is named in a table and loaded through here."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["load"]


def load(room: str) -> Any:  # noqa: ANN401 (a module: each table says what its rooms have in common)
    """Return the module named ``room``."""
    return import_module(room)
