"""Writes ``docs/problems.md`` from the table of problems and the samples beside this file: ``python tests/problems/document.py``.

A sample is a folder named after its problem: the smallest review that shows it, and in ``expected.txt`` what `check`
says of it, a line a problem: the place, and the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from libreview.words.errors import PROBLEMS
from libreview.words.safe import safe

__all__ = ["PAGE", "SAMPLES", "Expected", "expected", "page"]

SAMPLES = Path(__file__).resolve().parent
PAGE = SAMPLES.parent.parent / "docs" / "problems.md"

_HEAD = """\
# Problems

What `libreview check` says about the files of a review, and what to do. None of it stops a command: what can be read is
read, and no broken entry, note or theme takes its neighbours with it. The codes are stable; `libreview check --json` has
them. Each section shows a file that has the problem (`>` marks where it is reported), and what is said of it.

<!-- made by tests/problems/document.py from libreview/words/errors.py and the reviews in tests/problems/ -->
"""

_PARTS = {
    "Settings and files": ("setting-", "file-", "library-", "conflict-copy"),
    "Sources": ("entry-", "brace-", "field-re", "field-un", "comma-", "value-", "quote-", "string-", "not-utf-8", "key-",
                "duplicate-key", "parent-", "source-", "name-", "names-"),
    "Screening": ("screening-", "excluded-"),
    "The codebook": ("codebook-", "theme-", "alias-"),
    "Notes": ("",),
}  # fmt: skip
"""Heading -> how the codes below it begin; the first that fits takes a code."""


class Expected(NamedTuple):
    """A line of ``expected.txt``."""

    path: str
    line: int
    message: str


def expected(code: str) -> tuple[Expected, ...]:
    """Return what `check` says of the sample for ``code``; what shows the code itself comes first."""
    found = []
    for said in (SAMPLES / code / "expected.txt").read_text(encoding="utf-8").splitlines():
        place, message = said.split("  ", 1)
        path, line = place.rsplit(":", 1)
        found.append(Expected(path, int(line), message))
    return tuple(found)


def _sample(code: str, place: Expected) -> str:
    """Return the file of ``place`` as it stands, the reported line marked."""
    text = (SAMPLES / code / place.path).read_bytes().decode("utf-8", "backslashreplace")
    shown = enumerate(text.splitlines(), 1)
    return "\n".join(f"{'>' if at == place.line else ' '} {safe(line)}".rstrip() for at, line in shown)


def _section(code: str) -> Iterator[str]:
    place = expected(code)[0]
    hint = PROBLEMS[code].hint.format_map(_Facts())
    yield f"### {code}\n"
    if code not in _UNSHOWN:
        yield f"````text\n{_sample(code, place)}\n````\n"
    yield f"````text\n{place.path}:{place.line}  {place.message}\n````\n"
    yield f"{_text(hint)}\n"


_UNSHOWN = ("conflict-copy", "file-emptied", "file-linked", "file-unread", "library-differs", "library-unread")
"""Problems that no line of a file shows."""


class _Facts(dict[str, str]):
    """What differs from case to case stands as its name in capitals."""

    def __missing__(self, name: str) -> str:
        return _NAMES.get(name, name.upper())


_NAMES: Mapping[str, str] = {"single": "NAME", "subject": "NAME"}


def _text(sentence: str) -> str:
    for sign in "\\|*_<>[]#":
        sentence = sentence.replace(sign, "\\" + sign)
    return sentence


def page() -> str:
    """Return the page."""
    sections: dict[str, list[str]] = {part: [] for part in _PARTS}
    for code in sorted(PROBLEMS):
        part = next(part for part, starts in _PARTS.items() if code.startswith(starts))
        sections[part] += _section(code)
    body = (f"## {part}\n\n" + "\n".join(some) for part, some in sections.items())
    return _HEAD + "\n" + "\n".join(body)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
