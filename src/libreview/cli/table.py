"""``libreview table``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, option, pass_session, query_argument, with_rows, with_selection
from libreview.deeds import reporting
from libreview.pages.reports import tables
from libreview.words.blocks import Report
from libreview.words.i18n import N_

_DRAWN: Mapping[str, Callable[[Any, str], Report]] = {
    "frequency": tables.frequency,
    "matrix": tables.matrix,
    "concept-matrix": tables.concept_matrix,
    "sources": tables.sources_table,
}


@options.command(
    "table",
    help=N_(
        "Print a table: frequency (excerpts and sources per theme), matrix (themes by sources), concept-matrix (which theme "
        "in which source, Webster and Watson 2002) or sources (the synthesis matrix, matriks penelitian terdahulu: a row "
        "per source, the fields of its note card as columns). QUERY selects what is counted."
    ),
    examples=["libreview table frequency", "libreview table matrix year:2010.. -o matrix.csv",
              "libreview table sources --fields aim,method,result -o sources.docx"],
)  # fmt: skip
@click.argument("name", metavar="NAME")
@query_argument
@option(
    "--fields", default="", metavar="A,B,...", help=N_("The columns of the table sources; without it, all there are.")
)
@with_rows
@pass_session
@with_selection
def command(
    session: Session, name: str, query: str, fields: str, everything: bool, language: str, output: Output
) -> None:
    """Print a table."""
    name = reporting.table_name(name)
    chosen = {"fields": [one.strip() for one in fields.split(",") if one.strip()]} if name == "sources" else {}
    finding = reporting.TABLES[name](session.review, query, everything=everything, **chosen)
    printing.report(_DRAWN[name](finding, language), output.form, output.file, review=session.review, say=session.say)
