"""``libreview agreement``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows, with_selection
from libreview.deeds import comparing
from libreview.findings.coders import Unit
from libreview.pages.reports.agreement import agreement
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "agreement",
    help=N_(
        "How far coders agree about the excerpts that two or more of them coded: per theme and over all themes the share of "
        "agreement, Cohen's kappa (two coders), Fleiss' kappa, Krippendorff's alpha and prevalence, and where they disagree. "
        "An excerpt coded #none counts, one that a coder left uncoded does not. QUERY selects what is compared."
    ),
    examples=(
        "libreview agreement",
        "libreview agreement --coders rina,budi year:2010..",
        "libreview agreement --unit source -o agreement.docx",
    ),
)
@query_argument
@option("--unit", type=click.Choice(["excerpt", "source"]), default="excerpt",
        help=N_("What is compared: excerpts, or sources by the themes of all their excerpts."))  # fmt: skip
@option(
    "--coders",
    default="",
    metavar="A,B,...",
    help=N_("Who is compared; without it, all. - is the coder without a name."),
)
@with_rows
@pass_session
@with_selection
def command(
    session: Session, query: str, unit: Unit, coders: str, everything: bool, language: str, output: Output
) -> None:
    names = [one.strip() for one in coders.split(",") if one.strip()]
    finding = comparing.agreement(session.review, query, unit=unit, names=names, everything=everything)
    printing.report(agreement(finding, language), output.form, output.file, review=session.review, say=session.say)
