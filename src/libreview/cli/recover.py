"""``libreview recover``: a change that was not finished, and a journal that came from elsewhere."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Session, option, pass_session
from libreview.pages.reports import history
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "recover",
    help=N_(
        "Say which change was begun and not finished, and whether the journal and history in this folder were made by you on this "
        "machine. A folder that came from elsewhere may bring its own; they are used only after you accepted them."
    ),
    examples=("libreview recover", "libreview recover --accept", "libreview recover --discard"),
)
@option(
    "--accept",
    is_flag=True,
    help=N_("Take over the journal and history of this folder, after their paths are checked."),
)
@option("--discard", is_flag=True, help=N_("Give up a change that was begun; files are left as they are now."))
@pass_session
def command(session: Session, accept: bool, discard: bool) -> None:
    """Say what is open, or end it."""
    if accept and discard:
        raise Wrong(N_("Either --accept or --discard"))
    review = session.review
    if accept:
        printing.answer(history.accepted(review.accept(), session.say))
    elif discard:
        pending = review.pending()
        paths = review.discard()
        begun = pending is not None and any(one.number == pending.number for one in review.log())
        printing.answer(history.discarded(paths, begun, session.say))
    else:
        printing.answer(history.open_journal(review.pending(), review.log(), session.say))
