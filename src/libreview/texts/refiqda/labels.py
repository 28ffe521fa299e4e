"""Labelled lines: several texts in the one Description that an element has, readable for people and read back exactly.

``Include: Fairs, exhibitions.`` A text goes on in the following lines; one of them that looks like a label itself has a
backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from libreview.texts.refiqda.project import clean
from libreview.value import Value

__all__ = ["Line", "read_lines", "write_lines"]

_NAMES = (
    "Definition|Include|Exclude|Example|Label|Alias|Parent|Colour|Id|Excerpt|Kind|Citation|Coder|Field|Source|"
    "Language|Question"
)
_LABEL = re.compile(rf"({_NAMES})(?: \(([^()\n]*)\))?:(?: (.*))?")
_GUARDED = re.compile(rf"\\*(?:{_NAMES})(?: \([^()\n]*\))?:(?: |\Z)")


class Line(Value, frozen=True):
    """A labelled text; ``which`` stands in brackets behind its name: ``Label (en): SME promotion``."""

    name: str
    text: str
    which: str = ""


def write_lines(lines: Iterable[Line]) -> str:
    """Return ``lines`` as one text; those without a text are left out."""
    found = []
    for line in lines:
        first, *more = clean(line.text).split("\n")
        if not line.text:
            continue
        which = f" ({line.which})" if line.which else ""
        found.append(f"{line.name}{which}: {first}")
        found += [f"\\{one}" if _GUARDED.match(one) else one for one in more]
    return "\n".join(found)


def read_lines(text: str) -> tuple[str, tuple[Line, ...]]:
    """Return what stands before the first label, and the labelled texts in order."""
    before: list[str] = []
    found: list[tuple[str, str, list[str]]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        label = _LABEL.fullmatch(line)
        if label is not None:
            found.append((label[1], label[2] or "", [label[3] or ""]))
        elif found:
            found[-1][2].append(line[1:] if line.startswith("\\") and _GUARDED.match(line) else line)
        else:
            before.append(line)
    return "\n".join(before), tuple(Line(name, "\n".join(lines), which) for name, which, lines in found)
