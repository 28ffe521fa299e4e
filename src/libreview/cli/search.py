"""``libreview search``."""

from __future__ import annotations

import re

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, with_rows
from libreview.pages.reports import lists
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

_JOINING = ("not", "and", "or")


@options.command(
    "search",
    help=N_(
        "Find words in sources, excerpts and notes, whatever their case and accents. Terms of the selection language narrow "
        "the search. Words in quotation marks stand together: '\"harz und heide\"'."
    ),
    examples=["libreview search mudigkeit", "libreview search twinning lang:de year:2000.."],
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help=N_("At most N places (0: all)."))
@with_rows
@pass_session
def command(session: Session, words: tuple[str, ...], limit: int, output: Output) -> None:
    """Find words."""
    query = " ".join(words)
    if not query.strip():
        raise Wrong(N_("Search for what?"), "libreview search WORDS")
    review = session.review
    found = review.search(query, limit)
    marked = [word for word in re.sub(r'["()]', " ", query).split() if ":" not in word and word.lower() not in _JOINING]
    report = lists.hits(found, session.say.code, marked)
    printing.report(report, output.form, output.file, listing=True, review=review, say=session.say)
    if not found:
        printing.near(review, query, session.say)
