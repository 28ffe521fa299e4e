"""``libreview cite``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import REF, Output, Session, option, pass_session, with_output
from libreview.deeds import bibliography
from libreview.model import Source
from libreview.pages.reports import bibliography as reports
from libreview.words.blocks import plain
from libreview.words.errors import Wrong
from libreview.words.i18n import N_


@options.command(
    "cite",
    help=N_(
        "Show how a source (or an excerpt, ^id) is cited: in a note or chapter for Pandoc, in running text, and in the "
        "list of references."
    ),
    examples=["libreview cite keating -p 12", "libreview cite ^k3f9q2 --style chicago"],
)
@click.argument("ref", type=REF, nargs=-1, required=True, metavar="REF")
@option(
    "-p", "--locator", "locator", default="", metavar="LOCATOR", help=N_('The place: 12, 12-13, "Pasal 6", "ch. 2".')
)
@option(
    "--style", default="", metavar="STYLE", help=N_("The citation style: a name (libreview styles) or a .csl file.")
)
@option("--language", default="", metavar="LANGUAGE", help=N_("The language of the citation: id, en, de, ..."))
@with_output
@pass_session
def command(session: Session, ref: tuple[str, ...], locator: str, style: str, language: str, output: Output) -> None:
    """Show how a source is cited."""
    review = session.review
    found = session.either(" ".join(ref))
    if locator and not isinstance(found, Source):
        raise Wrong(
            N_("An excerpt has its place already"),
            N_("Name the source to cite another place: libreview cite KEY -p 12"),
        )
    finding = bibliography.cite(review, found, locator, style, language)
    if output.form or output.file:
        report = reports.citation(finding, language or review.settings.language)
        printing.report(report, output.form, output.file, review=review, say=session.say)
        return
    printing.answer_lines([finding.markdown, finding.text, *map(plain, finding.references.values())])
