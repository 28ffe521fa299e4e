"""``libreview undo``: taking changes back."""

from __future__ import annotations

import click

from libreview.cli import options
from libreview.cli.options import Session, Writing, option, pass_session, with_writing
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "undo",
    help=N_(
        "Take the last change back, or the last N, byte for byte. A file that was changed since by hand or by another program is "
        "left as it is, and named. What was taken back can be done again with libreview redo."
    ),
    examples=("libreview undo", "libreview undo 3", "libreview undo --dry-run", "libreview undo --skip"),
)
@click.argument("steps", type=click.IntRange(min=1), default=1, metavar="[N]")
@option("--skip", is_flag=True, help=N_("Let the last N changes stay as they are, to take back those before them."))
@with_writing
@pass_session
@click.pass_context
def command(context: click.Context, session: Session, steps: int, skip: bool, writing: Writing) -> None:
    """Take changes back."""
    if skip:
        session.skip(steps, writing)
    else:
        context.exit(session.go("undo", steps, writing))
