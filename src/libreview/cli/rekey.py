"""``libreview rekey``: giving a source another citation key."""

from __future__ import annotations

import click

from libreview.cli import merging_dialogue, options
from libreview.cli.options import REF, Session, Writing, option, pass_session, with_writing
from libreview.deeds import merging
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "rekey",
    help=N_(
        "Give a source another key. Notes that cite it and entries that name it follow; the old key stays in its field "
        "ids. With --notes-only the source has the new key already, as after a change in Zotero, and only notes follow."
    ),
    examples=("libreview rekey wijaya wijaya2001harbours", "libreview rekey --notes-only oldkey newkey"),
)
@click.argument("old", type=REF)
@click.argument("new")
@option("--notes-only", is_flag=True, help=N_("Only notes follow: the source has the new key already."))
@with_writing
@pass_session
def command(session: Session, old: str, new: str, notes_only: bool, writing: Writing) -> None:
    if notes_only:
        new = session.source(new).key
    else:
        old = session.source(old).key
    with session.changing(writing):
        change, rekeyed = merging.rekey(session.review, old, new, notes_only=notes_only)
        done = session.apply(change, writing)
    if done:
        session.review.remember(source=rekeyed.new)
    merging_dialogue.tell_rekeyed(session, rekeyed, done)
