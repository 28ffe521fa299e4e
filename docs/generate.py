"""Writes the pages of the documentation that are made from the source: ``python docs/generate.py``.

The page of the problems is made by ``tests/problems/document.py``, from the samples there.
`PAGES` has one row a page: its file, and the function that gives its text. A test compares both.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

import click
from click.testing import CliRunner

from libreview.cli import COMMANDS, STEPS, face

HERE = Path(__file__).resolve().parent
# The pages do not depend on who makes them: no configuration, English, no colours, one width.
_PLAIN = {
    "LIBREVIEW_CONFIG": os.devnull,
    "LANGUAGE": "en",
    "LC_ALL": "C",
    "NO_COLOR": "1",
    "TERM": "xterm",
    "COLUMNS": "96",
}
_SCREEN = 32
"""Lines of a screen that the README shows."""

_COMMANDS = """\
What each command says with `--help`, in the order of the method. REF is a source: its key, the beginning of its key, or
words of author, title and year; `.` is the source used last, and `^id` an excerpt. QUERY is written in the
[language of selections](formats.md#6-selections).
"""


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings = {"terminal_width": 100, "max_content_width": 100, **command.context_settings}
    return click.Context(command, info_name=name, parent=parent, **settings)


def _helps(command: click.Command, name: str, parent: click.Context | None, level: int) -> Iterator[str]:
    context = _context(command, name, parent)
    yield f"{'#' * level} {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if parent is not None and isinstance(command, click.Group):
        for one in command.list_commands(context):
            below = command.get_command(context, one)
            if below is not None:
                yield from _helps(below, one, context, level + 1)


def commands() -> str:
    """Return the reference of the command line: what every ``--help`` says, in the order of the method."""
    parts = [
        "# Commands\n",
        _COMMANDS,
        "<!-- made by docs/generate.py from the command line itself -->\n",
    ]
    with patch.dict(os.environ, _PLAIN):
        root = _context(face, "libreview", None)
        parts += _helps(face, "libreview", None, 2)
        for step, title in STEPS.items():
            parts.append(f"## {title}\n")
            for name, row in COMMANDS.items():
                command = face.get_command(root, name) if row.step == step else None
                if command is not None:
                    parts += _helps(command, name, root, 3)
    return "\n".join(parts)


def readme() -> str:
    """Return the README with a first screen of the coded summary of the example."""
    with tempfile.TemporaryDirectory() as cache:
        result = CliRunner().invoke(
            face,
            ["-C", str(HERE.parent), "summary", "--format", "terminal"],
            env={**_PLAIN, "LIBREVIEW_CACHE": cache},
            catch_exceptions=False,
        )
    lines = [line.rstrip() for line in result.stdout.splitlines()[:_SCREEN]]
    while lines and lines[-1]:  # up to the last whole paragraph
        lines.pop()
    shown = "\n".join(("```text", "$ libreview summary", *lines, "...", "```"))
    page = (HERE.parent / "README.md").read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n\n{shown}\n\n{_END}{rest.partition(_END)[2]}"


_BEGIN = "<!-- output: made by docs/generate.py -->"
_END = "<!-- end of output -->"

PAGES: Mapping[str, Callable[[], str]] = {"commands.md": commands, "../README.md": readme}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8", newline="\n")
