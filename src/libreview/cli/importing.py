"""``libreview import``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from libreview.cli import options, printing
from libreview.cli.options import INPUT_FILE, Session, Writing, option, pass_session, with_writing
from libreview.deeds import collecting
from libreview.pages.reports import imports
from libreview.words.i18n import N_
from libreview.words.rooms import load

_RECEIVING = "libreview.deeds.receiving"
_EXCHANGE = "libreview.pages.reports.exchange"
"""Needed only for what programs of qualitative analysis hand on."""
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
        "Take over the entries of BibTeX files. Each file is kept as it came in sources/imported/; new entries go into a file "
        "of sources/, byte for byte. What is here already is not taken twice; nothing is repaired. A project (.qdpx) or "
        "codebook (.qdc) of NVivo, ATLAS.ti, MAXQDA, QualCoder or Taguette brings its codes as themes, its documents as "
        "sources and its coded passages as excerpts; what a review cannot keep is named. A coding sheet (libreview export "
        "sheet) that was filled becomes codings of its coder, all of it or, if one row is wrong, nothing. A codebook as CSV or "
        "xlsx (libreview export codebook) brings its themes."
    ),
    examples=(
        "libreview import ~/library.bib",
        "libreview import *.bib --dry-run",
        "libreview import project.qdpx",
        "libreview import sheet rina.xlsx",
        "libreview import codebook.csv",
    ),
)
@click.argument("files", nargs=-1, required=True, type=_Files(), metavar="FILE...")
@option(
    "--update", is_flag=True, help=N_("Of a codebook as a table: change themes that are here to what it says of them.")
)
@with_writing
@pass_session
@click.pass_context
def command(context: click.Context, session: Session, files: tuple[Path, ...], update: bool, writing: Writing) -> None:
    """Import sources."""
    named = [one for one in files if one is not _WORD]
    if not named:
        raise click.UsageError(session.say("Name the file of the sheet: libreview import sheet FILE"), context)
    good = True
    for file in named:
        table = load(_SPREADSHEETS).opened(file, wanted="sheet" if _WORD in files else "")
        if table is not None and table.kind == "sheet":
            good = _sheet(session, table, writing) and good
        elif table is not None:
            _codebook(session, file, table, writing, update=update)
        elif collecting.is_refi(file):
            _project(session, file, writing)
        else:
            _bibliography(session, file, writing)
    context.exit(0 if good else 1)


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


def _bibliography(session: Session, file: Path, writing: Writing) -> None:
    with session.changing(writing) as review:
        change, imported = collecting.import_bib(review, file)
        session.apply(change, writing, parsed=imported.parsed)
    printing.answer_lines(imports.lines(imported, session.say, dry_run=writing.dry_run))
