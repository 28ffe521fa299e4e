"""``libreview check``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, Writing, option, pass_session, with_rows, with_writing
from libreview.deeds import chapters, mending, reporting
from libreview.pages.reports.checking import mended, problems
from libreview.words.errors import REMARKS
from libreview.words.i18n import N_


@options.command(
    "check",
    help=N_(
        "Say what is wrong in the files: the place, the line as it stands, and what to do. With PATH only what is wrong in "
        "that file or folder; PATH may be a chapter outside of the review: its citations whose keys no source has are shown. The "
        "exit status is 1 if anything is wrong; remarks are not. --fix first puts right what leaves no choice: excerpts "
        "whose id is another's already, as after a merge, get new ones; in sources, doubled names, titles and degrees, dkk., "
        "people that no and parts, a volume that holds the number, an ISSN called ISBN."
    ),
    examples=[
        "libreview check",
        "libreview check sources/library.bib",
        "libreview check ../bab1.md",
        "libreview check --fix --dry-run",
    ],
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@option("--fix", is_flag=True, help=N_("Put right what can be, then say what is left."))
@with_writing
@with_rows
@pass_session
@click.pass_context
def command(
    context: click.Context, session: Session, paths: tuple[str, ...], fix: bool, writing: Writing, output: Output
) -> None:
    """Say what is wrong."""
    review = session.review
    cited = tuple(path for path in paths if chapters.is_chapter(review, path))
    places = session.inside([path for path in paths if path not in cited])
    if fix:
        with session.changing(writing):
            change, done = mending.mend(review, places)
            session.apply(change, writing)
        if done or not writing.dry_run:
            printing.remark_lines(mended(done, session.say, dry_run=writing.dry_run))
    inside = reporting.problems(review, places) if places or not cited else ()
    outside = chapters.problems(review, cited)
    if not (fix and writing.dry_run):
        lines = {**reporting.lines_of(review, inside), **chapters.lines_of(outside)} if not output.json else None
        report = problems((*inside, *outside), session.say.code, lines)
        printing.report(report, output.form, output.file, review=review, say=session.say)
    context.exit(1 if any(one.code not in REMARKS for one in (*inside, *outside)) else 0)
