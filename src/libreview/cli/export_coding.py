"""``libreview export codings``, ``codebook`` and ``cards``: what goes along with a thesis."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows, with_selection
from libreview.deeds import appendices
from libreview.findings.appendices import GROUPINGS
from libreview.pages.reports import appendices as reports
from libreview.words.i18n import N_

__all__ = ["cards", "codebook", "codings"]


@options.command(
    "codings",
    help=N_(
        "Write the codings in long form for R, SPSS or Excel: a line for each excerpt, coder and theme with 1 if the coder "
        "gave the theme and 0 if not. Excerpts that nobody coded are left out. QUERY selects excerpts."
    ),
    examples=["libreview export codings -o codings.csv", "libreview export codings --raw -o codings.csv coder:rina",
              "libreview export codings --given -o codings.xlsx"],
)  # fmt: skip
@query_argument
@option("--given", is_flag=True, help=N_("Only the themes that were given: no lines with 0."))
@with_rows
@pass_session
@with_selection
def codings(session: Session, query: str, given: bool, everything: bool, language: str, output: Output) -> None:
    """Write codings."""
    finding = appendices.codings(session.review, query, everything=everything)
    report = reports.codings(finding, language, given=given)
    printing.report(report, output.form, output.file, listing=True, review=session.review, say=session.say)
    if finding.uncoded:
        printing.remark(reports.uncoded(finding, session.say))


@options.command(
    "codebook",
    help=N_(
        "Write the codebook as an appendix of the thesis: each theme with its definition, what is included and excluded, and "
        "the examples that the codebook names, with their citations. As CSV or xlsx it has all that the codebook says, in columns, "
        "and libreview import takes it in."
    ),
    examples=[
        "libreview export codebook -o codebook.docx",
        "libreview export codebook --examples 1 -o lampiran.docx",
        "libreview export codebook -o codebook.csv",
    ],
)
@option("--examples", type=click.IntRange(min=0), default=0, metavar="N",
        help=N_("Where the codebook names no example, take the first N excerpts of the theme."))  # fmt: skip
@option("--language", default="", metavar="LANGUAGE", help=N_("The language of headings: id, en."))
@with_rows
@pass_session
def codebook(session: Session, examples: int, language: str, output: Output) -> None:
    """Write the codebook."""
    review = session.review
    tongue = options.report_language(language) or review.settings.language
    finding = appendices.codebook(review, examples)
    report = reports.codebook(finding, tongue, examples=bool(examples))
    printing.report(report, output.form, output.file, review=review, say=session.say)
    for line in reports.lacking(finding, session.say):
        printing.remark(line)


@options.command(
    "cards",
    help=N_(
        "Write excerpts as cards: the words, where they stand, their themes and comments, under the source each is from "
        "or (--by theme) under each of its themes. QUERY selects excerpts."
    ),
    examples=["libreview export cards theme:culture -o kartu.docx", "libreview export cards --by theme -o kartu.html"],
)
@query_argument
@option("--by", default="source", metavar="|".join(GROUPINGS), help=N_("Put the cards under sources or themes."))
@with_rows
@pass_session
@with_selection
def cards(session: Session, query: str, by: str, everything: bool, language: str, output: Output) -> None:
    """Write cards."""
    finding = appendices.cards(session.review, query, everything=everything, by=by.lower())
    printing.report(reports.cards(finding, language), output.form, output.file, review=session.review, say=session.say)
