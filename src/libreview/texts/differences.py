"""What a change does to files, as a unified diff (the format of POSIX `diff -u`)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

__all__ = ["counts", "unified"]

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def unified(pairs: Mapping[str, tuple[bytes | None, bytes | None]]) -> str:
    """Return the differences between old and new content (None: no file) of each path."""
    pieces: list[str] = []
    for path, (old, new) in pairs.items():
        names = (path if old is not None else "/dev/null", path if new is not None else "/dev/null")
        if not (old or new):  # an empty file comes or goes
            pieces.append(f"--- {names[0]}\n+++ {names[1]}\n")
        for line in difflib.unified_diff(_lines(old), _lines(new), *names):
            pieces.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(pieces)


def counts(diff: str) -> tuple[int, int, int]:
    """Return how many files a unified diff speaks of, and how many lines it adds and removes.

    Hunks say how long they are, so that no line of a file is taken for a header.
    """
    files = added = removed = 0
    old = new = 0
    for line in diff.split("\n"):
        if old > 0 or new > 0:
            sign = line[:1]
            added += sign == "+"
            removed += sign == "-"
            new -= sign in "+ "
            old -= sign in "- "
        elif found := _HUNK.match(line):
            old, new = (int(one or 1) for one in found.groups())
        else:
            files += line.startswith("+++ ")
    return files, added, removed


def _lines(content: bytes | None) -> list[str]:
    """Return the lines as an editor counts them: only LF ends one."""
    lines = (content or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
