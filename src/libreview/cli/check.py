"""``libreview check``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, pass_session, with_output
from libreview.deeds import reporting
from libreview.pages.reports.checking import problems
from libreview.words.i18n import N_


@options.command(
    "check",
    help=N_(
        "Say what is wrong in the files: the place, the line as it stands, and what to do. With PATH only what is wrong in "
        "that file or folder. The exit status is 1 if anything is."
    ),
    examples=["libreview check", "libreview check sources/library.bib", "libreview check --json"],
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@with_output
@pass_session
@click.pass_context
def command(context: click.Context, session: Session, paths: tuple[str, ...], output: Output) -> None:
    """Say what is wrong."""
    review = session.review
    found = reporting.problems(review, session.inside(paths))
    lines = reporting.lines_of(review, found) if not output.json else None
    report = problems(found, session.say.code, lines)
    printing.report(report, output.form, output.file, review=review, say=session.say)
    context.exit(1 if found else 0)
