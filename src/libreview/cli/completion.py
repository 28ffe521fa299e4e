"""``libreview completion``."""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from libreview.cli import options, printing
from libreview.texts import likeness
from libreview.words.errors import NoChoice
from libreview.words.i18n import N_

_SHELLS = ("bash", "zsh", "fish")


@options.command(
    "completion",
    help=N_(
        "Print the lines that let SHELL (bash, zsh, fish; without it, yours) complete commands, options, keys and themes."
    ),
    examples=[
        "libreview completion bash >> ~/.bashrc",
        "libreview completion fish > ~/.config/fish/completions/libreview.fish",
    ],
)
@click.argument("shell", required=False, metavar="[SHELL]")
@click.pass_context
def command(context: click.Context, shell: str | None) -> None:
    """Print completion lines."""
    name = (shell or PurePath(os.environ.get("SHELL", "bash")).name).lower()
    kind = get_completion_class(name) if name in _SHELLS else None
    if kind is None:
        raise NoChoice(N_('Nothing can be completed in the shell "{name}"'), N_("Shells: bash, zsh, fish"),
                       near=likeness.near(name, _SHELLS), name=name)  # fmt: skip
    root = context.find_root().command
    completion = kind(root, {}, "libreview", "_LIBREVIEW_COMPLETE")
    printing.answer(completion.source_template % completion.source_vars())
