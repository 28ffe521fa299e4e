"""``libreview open``."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import asking, options, printing
from libreview.cli.options import REF, Session, option, pass_session
from libreview.deeds import opening
from libreview.disk import launching, places
from libreview.words.errors import Refused
from libreview.words.i18n import N_


@options.command(
    "open",
    help=N_(
        "Open the attachment of a source in the program that your system has for it. Only documents and web addresses are "
        "opened; a file outside the review is asked for once."
    ),
    examples=["libreview open keating", "libreview open keating --url"],
)
@click.argument("ref", type=REF, nargs=-1, required=True, metavar="REF")
@option("--url", "what", flag_value="url", help=N_("Its web address or DOI."))
@option("--note", "what", flag_value="note", help=N_("Its note card."))
@option("--print", "only_print", is_flag=True, help=N_("Print the place and open nothing."))
@pass_session
def command(session: Session, ref: tuple[str, ...], what: str | None, only_print: bool) -> None:
    """Open what belongs to a source."""
    source = session.source(" ".join(ref))
    if what == "url":
        address = opening.url(source)
        if not only_print:
            launching.open_address(address)
        printing.answer(address)
        return
    place = opening.card(session.review, source) if what == "note" else opening.attachment(session.review, source)
    if not only_print:
        _allowed(session, place)
        launching.open_document(place)
    printing.answer(str(place))


def _allowed(session: Session, place: Path) -> None:
    """Ask once for each folder outside the review; `Refused` if the answer is no or nobody can be asked."""
    if not opening.is_outside(session.review, place):
        return
    folder = opening.library(place)
    known = places.cache_folder() / "opened.txt"
    if launching.is_approved(known, folder):
        return
    question = session.say("{path} lies outside the review. Open documents in {folder}?", path=place, folder=folder)
    if not session.interactive or not asking.confirm(session.say, question, default=False):
        raise Refused(
            N_("{path} lies outside the review and was not opened"),
            N_("On a terminal you are asked for it."),
            path=place,
        )
    launching.approve(known, folder)
