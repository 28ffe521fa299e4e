"""``libreview list``."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_output
from libreview.pages.reports import lists
from libreview.words.i18n import N_


@options.command(
    "list",
    help=N_(
        "List sources: all of them, or those that QUERY selects. In a pipe each is a line of key, author, year, title "
        "and excerpts with tabs between. The numbers of the last list can be used as REF."
    ),
    examples=["libreview list", "libreview list author:keating year:2000..", "libreview list --keys theme:culture"],
)
@query_argument
@option("--keys", "only_keys", is_flag=True, help=N_("The keys alone, one a line."))
@with_output
@pass_session
def command(session: Session, query: str, only_keys: bool, output: Output) -> None:
    """List sources."""
    review = session.review
    rows = review.listing(query, whole=output.json)
    if only_keys:
        printing.answer_lines([row.key for row in rows])
        return
    numbered = printing.to_terminal() and not output.file
    if numbered:
        review.remember(keys=[row.key for row in rows])
    total = review.totals().sources if query.strip() else None
    report = lists.sources(rows, session.say.code, total, review.codebook if output.json else None, numbered=numbered)
    printing.report(report, output.form, output.file, listing=True, review=review, say=session.say)
