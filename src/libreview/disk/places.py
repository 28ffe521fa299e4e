"""Where what belongs to the user lies: cache, configuration and state, each in the folder that the system has for it.

$LIBREVIEW_CACHE, $LIBREVIEW_CONFIG (a file) and $LIBREVIEW_STATE name other places. Elsewhere the rules are those of the XDG Base
Directory Specification 0.8 and of Apple's File System Programming Guide.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

__all__ = ["cache_folder", "state_folder", "system_folder", "user_file"]

Kind = Literal["cache", "config", "state"]

_XDG = {
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
}
_APPLE = {"cache": "Library/Caches", "config": "Library/Application Support", "state": "Library/Application Support"}


def system_folder(kind: Kind, system: str, environment: Mapping[str, str], home: Path) -> Path:
    """Return libreview's folder of ``kind`` on ``system`` (as `sys.platform` names it)."""
    if system == "darwin":
        return home / _APPLE[kind] / "libreview"
    variable, usual = _XDG[kind]
    given = environment.get(variable, "")
    return (Path(given) if given.startswith("/") else home / usual) / "libreview"  # a relative path is to be ignored


def _here(kind: Kind) -> Path:
    return system_folder(kind, sys.platform, os.environ, Path.home())


def cache_folder() -> Path:
    """Return the folder for what may be deleted at any moment."""
    return Path(os.environ.get("LIBREVIEW_CACHE") or _here("cache"))


def user_file() -> Path:
    """Return the place of the user's configuration."""
    return Path(os.environ.get("LIBREVIEW_CONFIG") or _here("config") / "config.toml")


def state_folder() -> Path:
    """Return the folder for what is to be kept and belongs to no review."""
    return Path(os.environ.get("LIBREVIEW_STATE") or _here("state"))
