"""``libreview import``."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import options, printing
from libreview.cli.options import INPUT_FILE, Session, Writing, pass_session, with_writing
from libreview.deeds import collecting
from libreview.pages.reports import imports
from libreview.words.i18n import N_


@options.command(
    "import",
    help=N_(
        "Take over the entries of BibTeX files. Each file is kept as it came in sources/imported/; new entries go into a file "
        "of sources/, byte for byte. What is here already is not taken twice; nothing is repaired."
    ),
    examples=["libreview import ~/library.bib", "libreview import *.bib --dry-run"],
)
@click.argument("files", nargs=-1, required=True, type=INPUT_FILE, metavar="FILE...")
@with_writing
@pass_session
def command(session: Session, files: tuple[Path, ...], writing: Writing) -> None:
    """Import sources."""
    for file in files:
        with session.changing(writing) as review:
            change, imported = collecting.import_bib(review, file)
            session.apply(change, writing, parsed=imported.parsed)
        printing.answer_lines(imports.lines(imported, session.say, dry_run=writing.dry_run))
