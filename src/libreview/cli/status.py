"""Bare ``libreview``: what is here, what is left to do, and the sensible next command."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Session, pass_session
from libreview.deeds import reporting
from libreview.pages.reports import standing
from libreview.words.i18n import N_


@options.command("status", help=N_("Say what is here and what comes next."), examples=["libreview"])
@pass_session
def command(session: Session) -> None:
    """Say what is here."""
    if not session.has_review:
        printing.answer(session.say("There is no review here yet. Make one with: libreview init FOLDER"))
        printing.answer(session.say("All commands: libreview --help"))
        return
    printing.report(standing.state(reporting.status(session.review), session.say.code))
