"""``libreview dedupe``: sources that may be one publication."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import dialogue_duplicates, options, printing
from libreview.cli.options import INPUT_FILE, Output, Session, Writing, option, pass_session, with_output, with_writing
from libreview.deeds import deduplicating
from libreview.pages.reports.duplicates import duplicates
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "dedupe",
    help=N_(
        "Find sources that are one publication. On a terminal each group is shown side by side and you say what is the "
        "same; what you said is kept and not asked again, so that you can stop and go on at any time. In a pipe, with "
        "--json or -o the groups are listed with their score (0 to 1) and the reasons: surely the same (auto), or to be "
        "looked at by a person (review), with what speaks against it. With FILE, a table of records (CSV), no review is "
        "needed."
    ),
    examples=("libreview dedupe", "libreview dedupe --merge --dry-run", "libreview dedupe records.csv --json"),
)
@click.argument("table", type=INPUT_FILE, required=False, metavar="[FILE]")
@option("--merge", "merging", is_flag=True, help=N_("Merge what is surely the same, each group as one change."))
@with_output
@with_writing
@pass_session
def command(session: Session, table: Path | None, merging: bool, output: Output, writing: Writing) -> None:
    if table is not None:
        found = duplicates(deduplicating.in_file(table), session.say.code)
        printing.report(found, output.form, output.file, listing=True, say=session.say)
        return
    finding = deduplicating.in_review(session.review)
    dialogue_duplicates.warn(session)
    if merging:
        dialogue_duplicates.merge_sure(session, finding, writing)
    elif session.interactive and not (output.form or output.file):
        dialogue_duplicates.ask(session, finding, writing)
    else:
        report = duplicates(finding, session.say.code, dialogue_duplicates.lines(session, finding))
        printing.report(report, output.form, output.file, listing=True, say=session.say)
