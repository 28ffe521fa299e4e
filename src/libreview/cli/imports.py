"""``libreview imports``: what came when, from where, with which search."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, Writing, option, pass_session, under, with_rows, with_writing
from libreview.deeds import recording
from libreview.pages.reports import imports as reports
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


class _Imports(options.Group):
    """The group, which by itself, or with options only, lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        helping = ctx.help_option_names
        if not args or (args[0].startswith("-") and args[0] not in helping):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(
    "imports",
    cls=_Imports,
    help=N_(
        "What was imported when, from which database, with which search, and how many records it brought. It is kept in "
        "sources/imports.toml."
    ),
    examples=("libreview imports", "libreview imports -o imports.docx", "libreview imports edit 2 --database Scopus"),
)
def command() -> None:
    """Hand on to the commands of this group."""


@under(
    command,
    "list",
    help=N_("List what was imported, in the order in which it came."),
    examples=("libreview imports list", "libreview imports list --json"),
)
@with_rows
@pass_session
def listed(session: Session, output: Output) -> None:
    report = reports.listed(recording.imports(session.review), session.say.code)
    printing.report(report, output.form, output.file, listing=True, review=session.review, say=session.say)


@under(
    command,
    "edit",
    help=N_(
        "Say from which database an import came, and with which search. It is named by its number or by its file, of which the "
        "last import is meant."
    ),
    examples=(
        "libreview imports edit 2 --database Scopus --search @query.txt",
        "libreview imports edit scopus.ris --search 'TITLE-ABS-KEY(\"sister city\")'",
    ),
)
@click.argument("ref", metavar="N|FILE")
@option("--database", default=None, metavar="NAME", help=N_("Where its records are from: Scopus, PubMed, Garuda, ..."))
@option("--search", default=None, metavar="TEXT", help=N_("The search that found them; @FILE reads it from a file."))
@with_writing
@pass_session
def edit(session: Session, ref: str, database: str | None, search: str | None, writing: Writing) -> None:
    if database is None and search is None:
        raise Wrong(
            N_("Say what to change: --database NAME, --search TEXT"), "libreview imports edit 1 --database Scopus"
        )
    found = recording.search_text(search) if search is not None else None
    with session.changing(writing) as review:
        change, one = recording.correct(review, ref, database, found)
        done = session.apply(change, writing)
    if done:
        printing.answer_lines([reports.described(one, session.say, done=bool(change.edits))])
