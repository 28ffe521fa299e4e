"""``libreview link``: a library outside of the review, read along and never written."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, Writing, option, pass_session, with_output, with_writing
from libreview.deeds import linking
from libreview.pages.reports import linking as reports
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "link",
    help=N_(
        "Read a .bib file outside of the review along, such as the one that Zotero keeps up to date. It stays where it is and "
        "is never written; files in sources/ win where a key is equal. Its place is kept in your own configuration, the "
        "review only says its name. Without PATH the linked libraries are listed; with --name alone one that you know is "
        "linked to this review, too."
    ),
    examples=[
        "libreview link ~/Zotero/library.bib",
        "libreview link",
        "libreview link --remove zotero",
    ],
)
@click.argument("path", required=False, metavar="[PATH]")
@option("--name", default="", metavar="NAME", help=N_("What the review calls it."))
@option("--remove", default="", metavar="NAME", help=N_("Take a name out of the review; the library stays as it is."))
@with_writing
@with_output
@pass_session
def command(session: Session, path: str | None, name: str, remove: str, writing: Writing, output: Output) -> None:
    """Link a library, list the linked ones, or take one out."""
    if remove:
        if path or name:
            raise Wrong(N_("--remove takes the name of a library, and nothing else"))
        _remove(session, remove, writing)
    elif path or name:
        _link(session, path or "", name, writing)
    else:
        report = reports.libraries(linking.rows(session.review), session.say.code)
        printing.report(report, output.form, output.file, listing=True, review=session.review, say=session.say)


def _link(session: Session, path: str, name: str, writing: Writing) -> None:
    say = session.say
    with session.changing(writing) as review:
        found = linking.link(review, path, name)
        if writing.dry_run:
            printing.difference(linking.own_difference(found) + review.diff(found.change), say)
        else:
            linking.carry_out(review, found)
    tell = printing.remark if writing.dry_run else printing.answer
    if not writing.dry_run:
        tell(say("linked {path} as {name}", path=found.library.path, name=found.library.name))
    tell(reports.overlap(found, say))
    if not writing.dry_run:
        printing.answer(say("Next: libreview list"))


def _remove(session: Session, name: str, writing: Writing) -> None:
    with session.changing(writing) as review:
        done = session.apply(linking.unlink(review, name), writing)
    if done:
        printing.answer(
            session.say(
                "{name} is not read along any more; the library stays as it is. libreview undo links it again.",
                name=name,
            )
        )
