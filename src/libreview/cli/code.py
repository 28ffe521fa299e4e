"""``libreview code``: the coding loop."""

from __future__ import annotations

from libreview.cli import dialogue, dialogue_blind, options, printing
from libreview.cli.options import Session, Writing, option, pass_session, query_argument, with_writing
from libreview.cli.tag import terminal
from libreview.deeds import theming
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "code",
    help=N_(
        "Go through excerpts, one a screen, and give them themes by number or a few letters. Each answer is saved at "
        "once. Without QUERY: the excerpts that have no theme yet. With --coder: those that this coder has not coded yet, "
        "whatever others gave them, which is not shown; the codings go into a file of the coder's own."
    ),
    examples=(
        "libreview code",
        "libreview code 'theme:sme year:2010..'",
        "libreview code --coder budi --sample 20% --seed 7",
    ),
)
@query_argument
@option("--coder", default="", metavar="NAME", help=N_("Who codes, blind to what others gave."))
@option("--sample", default="", metavar="SIZE", help=N_("Only so many of the excerpts, drawn at random: 20% or 50."))
@option(
    "--seed", type=int, default=0, help=N_("Which sample: whoever gives the same number gets the same excerpts (0).")
)
@with_writing
@pass_session
def command(session: Session, query: str, coder: str, sample: str, seed: int, writing: Writing) -> None:
    say, review = session.say, session.review
    if coder.strip() or sample:
        wish = dialogue_blind.Wish(query, coder.strip() or review.user.coder, sample, seed)
        printing.answer(dialogue_blind.code(session, wish, writing))
        return
    queue = theming.coding_queue(review, query)
    if not queue:
        printing.answer(
            say("No excerpt is selected.") if query else say("Every excerpt has a theme. Next: libreview summary")
        )
        printing.near(review, query, say)
        return
    if not session.interactive:
        raise Refused(
            N_("{n} excerpts wait for themes; coding needs a terminal"),
            N_("In a script: libreview tag --query QUERY -t THEME"),
            n=len(queue),
        )
    door = dialogue.Door(lambda: session.changing(writing), lambda change: session.apply(change, writing))
    tally = dialogue.CodingLoop(terminal(session), review, review.user.coder, door).run(queue)
    coded = say.many("{n} excerpt coded", "{n} excerpts coded", tally.coded)
    rest = say("{skipped} skipped, {left} left", skipped=tally.skipped, left=tally.left)
    following = "libreview code" if tally.left or tally.skipped else "libreview summary"
    printing.answer(say("{coded}, {rest}. Next: {command}", coded=coded, rest=rest, command=following))
