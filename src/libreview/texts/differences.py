"""What a change does to files, as a unified diff (the format of POSIX `diff -u`)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

__all__ = ["unified"]


def unified(pairs: Mapping[str, tuple[bytes | None, bytes | None]]) -> str:
    """Return the differences between old and new content (None: no file) of each path."""
    pieces: list[str] = []
    for path, (old, new) in pairs.items():
        names = (path if old is not None else "/dev/null", path if new is not None else "/dev/null")
        for line in difflib.unified_diff(_lines(old), _lines(new), *names):
            pieces.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(pieces)


def _lines(content: bytes | None) -> list[str]:
    """Return the lines as an editor counts them: only LF ends one."""
    lines = (content or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
