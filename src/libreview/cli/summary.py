"""``libreview summary``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import THEME, Output, Session, pass_session, with_output, with_selection
from libreview.deeds import reporting
from libreview.pages.reports.summaries import summary
from libreview.words.i18n import N_


@options.command(
    "summary",
    help=N_(
        "Print what the sources say, theme by theme: definition, counts, and every excerpt with where it stands. THEME "
        "includes the themes below it. A QUERY narrows what is counted: lang:de not theme:culture"
    ),
    examples=["libreview summary", "libreview summary sme year:2010..", "libreview summary -o summary.docx"],
)
@click.argument("words", nargs=-1, type=THEME, metavar="[THEME]... [QUERY]...")
@with_output
@pass_session
@with_selection
def command(session: Session, words: tuple[str, ...], everything: bool, language: str, output: Output) -> None:
    """Print the coded summary."""
    review = session.review
    themes, query = reporting.split_themes(review, words)
    finding = reporting.summary(review, themes, query, everything=everything)
    printing.report(summary(finding, language), output.form, output.file, review=review, say=session.say)
    printing.near(review, query, session.say)
