"""``libreview import``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from libreview.cli import options, printing
from libreview.cli.options import INPUT_FILE, Session, Writing, option, pass_session, with_writing
from libreview.deeds import collecting, importing, recording
from libreview.deeds.importing import Wish
from libreview.pages.reports import imports
from libreview.words.i18n import N_
from libreview.words.rooms import load

_RECEIVING = "libreview.deeds.receiving"
_EXCHANGE = "libreview.pages.reports.exchange"
"""Needed only for what programs of qualitative analysis hand on."""
_DIALOGUE = "libreview.cli.dialogue_importing"
"""Needed only where a person can be asked."""
_SPREADSHEETS = "libreview.deeds.spreadsheets"
_SHEETS = "libreview.deeds.sheets"
_SHEET_LINES = "libreview.pages.reports.sheets"
_RECEIVING_CODEBOOK = "libreview.deeds.receiving_codebook"
"""Needed only for tables."""


class _Files(click.ParamType[Path]):
    """A file to be read, or the word ``sheet``, which says what follows and may be left out."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401
        return _WORD if value == "sheet" and not Path(value).exists() else INPUT_FILE.convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return INPUT_FILE.shell_complete(ctx, param, incomplete)


_WORD = Path("sheet")


@options.command(
    "import",
    help=N_(
        "Take over sources from BibTeX, RIS, MEDLINE (.nbib), Web of Science, EndNote, CSL-JSON and CSV, all files in one "
        "change. Each file is kept as it came in sources/imported/; new entries go into a file of sources/, those of BibTeX "
        "byte for byte. What is here already is not taken twice; nothing is repaired. "
        "New records are compared with the sources of the review and with each other; what may be the same work is named, and "
        "merged by libreview dedupe. A file that came before is compared with "
        "what it was then: what changed in it and not here is taken, what changed here stays. What came when, from which "
        "database, with which search is kept: libreview imports. A project (.qdpx) or "
        "codebook (.qdc) of NVivo, ATLAS.ti, MAXQDA, QualCoder or Taguette brings its codes as themes, its documents as "
        "sources and its coded passages as excerpts; what a review cannot keep is named. A coding sheet (libreview export "
        "sheet) that was filled becomes codings of its coder, all of it or, if one row is wrong, nothing. A codebook as CSV or "
        "xlsx (libreview export codebook) brings its themes."
    ),
    examples=(
        "libreview import ~/library.bib",
        "libreview import scopus.ris --database Scopus --search @query.txt",
        "libreview import *.bib *.nbib --dry-run",
        "libreview import project.qdpx",
        "libreview import sheet rina.xlsx",
        "libreview import codebook.csv",
    ),
)
@click.argument("files", nargs=-1, required=True, type=_Files(), metavar="FILE...")
@option("--database", default=None, metavar="NAME", help=N_("Where the records are from: Scopus, PubMed, Garuda, ..."))
@option("--search", default=None, metavar="TEXT", help=N_("The search that found them; @FILE reads it from a file."))
@option(
    "--map", "columns", multiple=True, metavar="FIELD=COLUMN", help=N_("In which column of a table a field stands.")
)
@option("--theirs", is_flag=True, help=N_("Where a field changed here and in the file, take the file's."))
@option("--restore", is_flag=True, help=N_("Bring back what was taken out of the review since it was imported."))
@option(
    "--skip-duplicates", is_flag=True,
    help=N_("Leave out what is surely the same work as another source; it counts as already here."),
)  # fmt: skip
@option(
    "--update", is_flag=True, help=N_("Of a codebook as a table: change themes that are here to what it says of them.")
)
@with_writing
@pass_session
@click.pass_context
def command(
    context: click.Context, session: Session, files: tuple[Path, ...], database: str | None, search: str | None,
    columns: tuple[str, ...], theirs: bool, restore: bool, skip_duplicates: bool, update: bool, writing: Writing,
) -> None:  # fmt: skip
    """Import sources."""
    named = [one for one in files if one is not _WORD]
    if not named:
        raise click.UsageError(session.say("Name the file of the sheet: libreview import sheet FILE"), context)
    wanted = "sheet" if _WORD in files else ""
    taken = [
        _no_bibliography(session, file, writing, wanted=wanted, update=update, table=not columns) for file in named
    ]
    bibliographies = [file for file, good in zip(named, taken, strict=True) if good is None]
    if bibliographies:
        found = recording.search_text(search) if search is not None else None
        wishes = _wishes(session, [Wish(file, database, found, columns) for file in bibliographies], writing)
        _take(session, wishes, writing, theirs=theirs, restore=restore, skip_duplicates=skip_duplicates)
    context.exit(1 if False in taken else 0)


def _no_bibliography(
    session: Session, file: Path, writing: Writing, *, wanted: str, update: bool, table: bool
) -> bool | None:
    """Take a sheet, a codebook or a project in; return whether all in it was right, None for a file of sources."""
    found = load(_SPREADSHEETS).opened(file, wanted=wanted) if table or wanted else None
    if found is not None and found.kind == "sheet":
        return _sheet(session, found, writing)
    if found is not None:
        _codebook(session, file, found, writing, update=update)
        return True
    if collecting.is_refi(file):
        _project(session, file, writing)
        return True
    return None


def _wishes(session: Session, wishes: list[Wish], writing: Writing) -> list[Wish]:
    """Return what is known of each file; a person is asked, unless they said it or only try."""
    if session.interactive and not writing.dry_run and not any(one.asks for one in wishes):
        asked: list[Wish] = load(_DIALOGUE).wishes(session.say, session.review, wishes)
        return asked
    return wishes


def _sheet(session: Session, table: Any, writing: Writing) -> bool:  # noqa: ANN401 (its room is loaded when needed)
    """Take a coding sheet in, or say what is wrong in it; return whether it was right."""
    with session.changing(writing) as review:
        change, taken = load(_SHEETS).take(review, table.grid)
        if not taken.faults:
            session.apply(change, writing)
    lines: Sequence[str] = load(_SHEET_LINES).taken_lines(taken, session.say, dry_run=writing.dry_run)
    if taken.faults:
        for line in lines:
            printing.remark(line)
    else:
        printing.answer_lines(lines)
    return not taken.faults


def _codebook(session: Session, file: Path, table: Any, writing: Writing, *, update: bool) -> None:  # noqa: ANN401
    with session.changing(writing) as review:
        change, received = load(_RECEIVING_CODEBOOK).receive_codebook(review, table.grid, file, update=update)
        session.apply(change, writing)
    printing.answer_lines(load(_EXCHANGE).theme_lines(received, str(file), session.say))


def _project(session: Session, file: Path, writing: Writing) -> None:
    with session.changing(writing) as review:
        change, received = load(_RECEIVING).receive(review, file)
        session.apply(change, writing)
    printing.answer_lines(load(_EXCHANGE).received_lines(received, file.name, session.say))


def _take(
    session: Session, wishes: list[Wish], writing: Writing, *, theirs: bool, restore: bool, skip_duplicates: bool
) -> None:
    watch = printing.progress(session.say("Reading"))
    with session.changing(writing) as review:
        change, imported = importing.take(
            review, wishes, theirs=theirs, restore=restore, skip_duplicates=skip_duplicates, watch=watch
        )
        session.apply(change, writing, parsed=importing.parsed(imported))
    again = "libreview import " + " ".join(shlex.quote(str(one.file)) for one in wishes)
    printing.answer_lines(imports.lines(imported, session.say, dry_run=writing.dry_run, again=again))
