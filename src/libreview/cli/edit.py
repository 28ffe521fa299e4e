"""``libreview edit``."""

from __future__ import annotations

import os

import click

from libreview.cli import options, printing
from libreview.cli.options import REF, Session, option, pass_session
from libreview.deeds import opening, reporting
from libreview.disk import launching, libraries
from libreview.disk.files import inside
from libreview.model import Location, Source
from libreview.pages.reports.checking import message
from libreview.review import Review
from libreview.words.i18n import N_

_NAMED = {"codebook": "", "settings": "libreview.toml"}


@options.command(
    "edit",
    help=N_(
        "Open a source's entry in your editor, an excerpt (^id) in its note, or one of the words codebook and settings. The "
        "editor is that of libreview config --user editor, $VISUAL or $EDITOR. Afterwards the file is checked. There is no "
        "--dry-run: what you save there, you write yourself."
    ),
    examples=["libreview edit keating", "libreview edit keating --note", "libreview edit codebook"],
)
@click.argument("ref", type=REF, nargs=-1, required=True, metavar="REF")
@option("--note", "the_note", is_flag=True, help=N_("The note card of the source."))
@pass_session
def command(session: Session, ref: tuple[str, ...], the_note: bool) -> None:
    """Open a file of the review in the editor."""
    review = session.review
    place = _place(session, " ".join(ref), the_note)
    words = launching.editor(review.user.editor, os.environ)
    before = _content(review, place.path)
    launching.edit(words, inside(review.root, place.path), place.line)
    review.refresh()
    if _content(review, place.path) == before:
        printing.remark(session.say("{path} is unchanged.", path=place.path))
        return
    found = reporting.problems(review, (place.path,))
    for problem in found[:5]:
        printing.answer(f"{problem.location}  {message(problem, session.say)}")
    n = session.say.many("{n} problem: libreview check {path}", "{n} problems: libreview check {path}", len(found),
                         path=place.path)  # fmt: skip
    printing.answer(n if found else session.say("saved {path}", path=place.path))


def _content(review: Review, path: str) -> bytes:
    """Return the bytes of a file, which may be the codebook of a review that has no theme yet."""
    return review.read(path) if review.exists(path) else b""


def _place(session: Session, ref: str, the_note: bool) -> Location:
    review = session.review
    if ref in _NAMED and ref not in review.source_keys():
        return Location(_NAMED[ref] or review.codebook_path)
    if the_note:
        card = opening.card(review, session.source(ref))
        return Location(card.relative_to(review.root).as_posix())
    found = session.either(ref)
    if isinstance(found, Source) and found.location.path in review.linked:
        raise libraries.elsewhere(found.key, found.location.path)
    return found.location
