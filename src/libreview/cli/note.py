"""``libreview note``: the note card of a source and its annotation."""

from __future__ import annotations

import os
import sys

import click

from libreview.cli import dialogue, options, printing
from libreview.cli.options import REF, Session, Writing, option, pass_session, with_writing
from libreview.cli.tag import terminal
from libreview.deeds import annotating
from libreview.disk import launching
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "note",
    help=N_(
        "Make or open the note card of a source. The text before its first excerpt is the annotation, which the "
        "annotated bibliography prints. With - the annotation is read from standard input."
    ),
    examples=(
        "libreview note anggraini",
        'libreview note anggraini --annotation "A case study of ..." --field method=interviews',
    ),
)
@click.argument("ref", type=REF)
@click.argument("dash", required=False, metavar="[-]")
@option("--annotation", metavar="TEXT", help=N_("Set the annotation."))
@option(
    "--field", "fields", multiple=True, metavar="NAME=VALUE", help=N_("Set a field of the card, as a table shows it.")
)
@option("--coder", default="", help=N_("Whose card, instead of the coder in your settings."))
@with_writing
@pass_session
def command(
    session: Session,
    ref: str,
    dash: str | None,
    annotation: str | None,
    fields: tuple[str, ...],
    coder: str,
    writing: Writing,
) -> None:
    if dash not in (None, "-") or (dash and annotation is not None):
        raise Wrong(N_("Give the annotation as --annotation TEXT, or as - to read it from standard input"))
    named = dict(annotating.field_of(field) for field in fields)
    source = session.source(ref)
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace") if dash else annotation
    with dialogue.kept(text or "", terminal(session)), session.changing(writing):
        change, path = annotating.annotate(session.review, source.key, text, named, coder=coder)
        before = annotating.annotation_at(session.review, path) if text is not None and change.edits else ""
        done = session.apply(change, writing)
    if before and done:  # nothing that somebody wrote is lost
        printing.remark(session.say("libreview undo brings back the annotation that was there"))
    place = session.review.root / path
    if text is None and not fields and not writing.dry_run and session.interactive:
        launching.edit(launching.editor(session.review.user.editor, os.environ), place)
        session.review.refresh()
    if done:
        what = session.say("saved {path}", path=path) if change.edits else path
        printing.answer(f"{what}. " + session.say("Next: libreview tag . -p PAGE"))
