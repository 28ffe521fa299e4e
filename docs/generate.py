"""Writes the pages of the documentation that are made from the source: ``python docs/generate.py``.

`PAGES` has one row a page: its file, and the function that gives its text. A test compares both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from libreview.words.errors import PROBLEMS

HERE = Path(__file__).resolve().parent


def _cell(sentence: str) -> str:
    for sign in "\\|*_<>[]#":
        sentence = sentence.replace(sign, "\\" + sign)
    return sentence


def problems() -> str:
    """Return the page of the problems that ``check`` finds, one section a code."""
    lines = [
        "# Problems",
        "",
        "What `libreview check` says about the files of a review, and what to do. Nothing of it stops a command:",
        "what can be read is read, and no broken entry, note or theme takes its neighbours with it. Words in braces",
        "are filled in. The codes are stable and appear in `libreview check --json`.",
        "",
        "<!-- made by docs/generate.py from libreview/words/errors.py -->",
        "",
    ]
    for code, kind in sorted(PROBLEMS.items()):
        lines += [f"## {code}", "", _cell(kind.sentence), "", *([_cell(kind.hint), ""] if kind.hint else [])]
    return "\n".join(lines)


PAGES: Mapping[str, Callable[[], str]] = {"problems.md": problems}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8", newline="\n")
