"""``libreview log``: what was changed, when, and in which files."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, pass_session, with_rows
from libreview.pages.reports import history
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "log",
    help=N_("What was changed, when, and in which files: the last 50 changes, newest first, and those taken back."),
    examples=("libreview log", "libreview log --json"),
)
@with_rows
@pass_session
def command(session: Session, output: Output) -> None:
    """Show what was changed."""
    report = history.log(session.review.log(), session.say.code)
    printing.report(report, output.form, output.file, listing=True, review=session.review, say=session.say)
