"""``libreview list``."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows
from libreview.pages.reports import lists
from libreview.words.i18n import N_


@options.command(
    "list",
    help=N_(
        "List sources: all of them, or those that QUERY selects. In a pipe each is a line of key, author, year, title "
        "and excerpts with tabs between. The numbers of the last list can be used as REF."
    ),
    examples=[
        "libreview list",
        "libreview list author:keating year:2000.. -o keating.xlsx",
        "libreview list --keys theme:culture",
    ],
)
@query_argument
@option("--keys", "only_keys", is_flag=True, help=N_("The keys alone, one a line."))
@with_rows
@pass_session
def command(session: Session, query: str, only_keys: bool, output: Output) -> None:
    """List sources."""
    review, heard = session.review, printing.Heard()
    if only_keys:
        printing.answer_lines(heard(review.keys(query)))
    else:
        numbered = printing.to_terminal() and not output.file
        if numbered:
            review.remember(keys=review.keys(query))
        report = lists.sources(
            lambda: heard(review.listing(query)),
            lambda: heard(review.records(query)),
            lambda: heard(review.lines(query)),
            session.say.code,
            total=lambda: review.totals().sources,
            codebook=lambda: review.codebook,
            numbered=numbered,
        )
        printing.report(report, output.form, output.file, listing=True, review=review, say=session.say)
    if heard.empty:
        printing.near(review, query, session.say)
