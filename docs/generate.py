"""Writes the pages of the documentation that are made from the source: ``python docs/generate.py``.

The page of the problems is made by ``tests/problems/document.py``, from the samples there.
`PAGES` has one row a page: its file, and the function that gives its text. A test compares both.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
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
"""Lines of a screen that a page shows."""

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


def _screen(command: str, cache: str) -> Iterator[str]:
    """Yield what a person sees who types ``command`` in the example: the first lines, if possible whole paragraphs."""
    result = CliRunner().invoke(
        face,
        ["-C", str(HERE.parent), *shlex.split(command)[1:], "--format", "terminal"],
        env={**_PLAIN, "LIBREVIEW_CACHE": cache},
        catch_exceptions=False,
    )
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    shown = lines[:_SCREEN]
    while len(shown) < len(lines) and shown and shown[-1]:
        shown.pop()
    if len(shown) < _SCREEN // 2:  # a table that is longer than the screen
        shown = lines[:_SCREEN]
    yield from ("```text", f"$ {command}", *shown)
    yield from (("...", "```") if len(shown) < len(lines) else ("```",))


def readme() -> str:
    """Return the README with a first screen of the coded summary of the example."""
    with tempfile.TemporaryDirectory() as cache:
        shown = "\n".join(_screen("libreview summary", cache))
    page = (HERE.parent / "README.md").read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n\n{shown}\n\n{_END}{rest.partition(_END)[2]}"


def guide(name: str) -> str:
    """Return a page of the guide with what its commands print; a command stands in the line above its output."""
    page = (HERE / name).read_text(encoding="utf-8")
    parts = _OUTPUT.split(page)
    made = [parts[0]]
    with tempfile.TemporaryDirectory() as cache:
        for command, rest in zip(parts[1::2], parts[2::2], strict=True):
            shown = "\n".join(_screen(command, cache))
            made.append(f"<!-- output of: {command} -->\n\n{shown}\n\n{_END}{rest.partition(_END)[2]}")
    return "".join(made)


_OUTPUT = re.compile(r"<!-- output of: (.+?) -->")
_BEGIN = "<!-- output: made by docs/generate.py -->"
_END = "<!-- end of output -->"

_GUIDE = sorted(place.relative_to(HERE).as_posix() for place in HERE.glob("guide/*.md"))
PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "../README.md": readme,
    **{name: partial(guide, name) for name in _GUIDE},
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8", newline="\n")
