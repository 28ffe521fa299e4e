"""``libreview remove``: taking sources out of the review."""

from __future__ import annotations

import click

from libreview.cli import merging_dialogue, options
from libreview.cli.dialogue import Terminal
from libreview.cli.options import REF, Session, Writing, option, pass_session, with_writing
from libreview.deeds import merging
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "remove",
    help=N_(
        "Take sources out of the review. Refused while excerpts cite one, it has a note card or another entry inherits "
        "from it. Attachments and notes stay. To keep a source and not count it: libreview exclude."
    ),
    examples=("libreview remove wijaya2001", "libreview remove wijaya2001 hartono2019 --dry-run"),
)
@click.argument("refs", type=REF, nargs=-1, required=True, metavar="REF...")
@option("--force", is_flag=True, help=N_("Remove it even though excerpts cite it or entries inherit from it."))
@with_writing
@pass_session
def command(session: Session, refs: tuple[str, ...], force: bool, writing: Writing) -> None:
    keys = [session.source(ref).key for ref in refs]
    if not writing.dry_run:
        terminal = Terminal(session.say, interactive=session.interactive)
        merging_dialogue.agree(terminal, session.review, keys, force=force)
    with session.changing(writing):
        change, removed = merging.remove(session.review, keys, force=force)
        done = session.apply(change, writing)
    merging_dialogue.tell_removed(session, removed, done)
