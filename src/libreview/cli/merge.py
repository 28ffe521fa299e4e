"""``libreview merge``: making several sources one."""

from __future__ import annotations

import click

from libreview.cli import merging_dialogue, options
from libreview.cli.dialogue import Terminal
from libreview.cli.options import REF, Session, Writing, option, pass_session, with_writing
from libreview.deeds import merging
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "merge",
    help=N_(
        "Make several sources one: KEEP gets the fields it does not have, notes that cite the others cite it, and their "
        "keys go into its field ids. Where they contradict each other you are asked, or say it with --take and --prefer."
    ),
    examples=(
        "libreview merge wijaya2001 wijaya2001b",
        "libreview merge wijaya2001 wijaya2001b --take year=wijaya2001b --prefer wijaya2001 --dry-run",
    ),
)
@click.argument("keep", type=REF)
@click.argument("others", type=REF, nargs=-1, required=True, metavar="OTHER...")
@option("--take", "takes", multiple=True, metavar="FIELD=KEY", help=N_("Whose value of a field counts."))
@option("--prefer", default="", metavar="KEY", help=N_("Whose value counts wherever they contradict each other."))
@with_writing
@pass_session
def command(
    session: Session, keep: str, others: tuple[str, ...], takes: tuple[str, ...], prefer: str, writing: Writing
) -> None:
    kept = session.source(keep).key
    rest = [session.source(ref).key for ref in others]
    take, prefer = merging_dialogue.choices([kept, *rest], takes, prefer)
    terminal = Terminal(session.say, interactive=session.interactive)
    take = merging_dialogue.settled(terminal, session.review, kept, rest, take, prefer)
    with session.changing(writing):
        change, merged = merging.merge(session.review, kept, rest, take, prefer)
        done = session.apply(change, writing)
    if done:
        session.review.remember(source=kept)
    merging_dialogue.tell_merged(session, merged, done)
