"""``libreview show``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import REF, Output, Session, pass_session, with_output
from libreview.deeds import showing
from libreview.model import Source
from libreview.pages.reports import cards
from libreview.words.i18n import N_


@options.command(
    "show",
    help=N_(
        "Show a source: its reference, place, problems, annotation, excerpts by page, and other notes that cite it. Or an "
        "excerpt (^id): its text, source, themes, comment and place."
    ),
    examples=["libreview show keating", "libreview show ^k3f9q2"],
)
@click.argument("ref", type=REF, nargs=-1, required=True, metavar="REF")
@with_output
@pass_session
def command(session: Session, ref: tuple[str, ...], output: Output) -> None:
    """Show a source or an excerpt."""
    review = session.review
    found = session.either(" ".join(ref))
    if isinstance(found, Source):
        report = cards.source(showing.source_card(review, found), session.say.code)
    else:
        report = cards.excerpt(showing.excerpt_card(review, found), session.say.code)
    printing.report(report, output.form, output.file, review=review, say=session.say)
