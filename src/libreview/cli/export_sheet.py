"""``libreview export sheet``: what waits for a coder, as a table to be filled in a spreadsheet."""

from __future__ import annotations

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows
from libreview.deeds import sheets
from libreview.pages.reports import sheets as reports
from libreview.words.i18n import N_

__all__ = ["sheet"]


@options.command(
    "sheet",
    help=N_(
        "Write a coding sheet for a coder who works in a spreadsheet: a row for each excerpt that the coder has not coded, "
        "without what others gave it. The coder fills the column themes (several with spaces between, none where nothing applies, "
        "nothing where undecided) and saves it, and libreview import takes it in. A workbook (.xlsx) offers the themes and holds "
        "the codebook on a second sheet. QUERY selects excerpts."
    ),
    examples=["libreview export sheet --coder rina -o rina.xlsx",
              "libreview export sheet --coder rina --sample 20% --seed 7 -o rina.csv"],
)  # fmt: skip
@query_argument
@option("--coder", required=True, metavar="NAME", help=N_("Whose sheet it is."))
@option("--sample", default="", metavar="SIZE", help=N_("Only so many of the excerpts, drawn at random: 20% or 50."))
@option(
    "--seed", type=int, default=0, help=N_("Which sample: whoever gives the same number gets the same excerpts (0).")
)
@with_rows
@pass_session
def sheet(session: Session, query: str, coder: str, sample: str, seed: int, output: Output) -> None:
    """Write a coding sheet."""
    review = session.review
    found = sheets.hand(review, coder.strip(), query, sample=sample, seed=seed)
    made = reports.sheet(found, review.settings.language)
    printing.report(made, output.form, output.file, listing=True, review=review, say=session.say)
