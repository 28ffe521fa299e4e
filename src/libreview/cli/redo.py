"""``libreview redo``: doing again what was taken back."""

from __future__ import annotations

import click

from libreview.cli import options
from libreview.cli.options import Session, Writing, pass_session, with_writing
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "redo",
    help=N_("Do the change again that libreview undo took back last, or the last N. Any other change ends this."),
    examples=("libreview redo", "libreview redo 2"),
)
@click.argument("steps", type=click.IntRange(min=1), default=1, metavar="[N]")
@with_writing
@pass_session
@click.pass_context
def command(context: click.Context, session: Session, steps: int, writing: Writing) -> None:
    """Do changes again."""
    context.exit(session.go("redo", steps, writing))
