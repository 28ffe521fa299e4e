"""``libreview import``."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import options, printing
from libreview.cli.options import INPUT_FILE, Session, Writing, pass_session, with_writing
from libreview.deeds import collecting
from libreview.pages.reports import imports
from libreview.words.i18n import N_
from libreview.words.rooms import load

_RECEIVING = "libreview.deeds.receiving"
_EXCHANGE = "libreview.pages.reports.exchange"
"""Needed only for what programs of qualitative analysis hand on."""


@options.command(
    "import",
    help=N_(
        "Take over the entries of BibTeX files. Each file is kept as it came in sources/imported/; new entries go into a file "
        "of sources/, byte for byte. What is here already is not taken twice; nothing is repaired. A project (.qdpx) or "
        "codebook (.qdc) of NVivo, ATLAS.ti, MAXQDA, QualCoder or Taguette brings its codes as themes, its documents as "
        "sources and its coded passages as excerpts; what a review cannot keep is named."
    ),
    examples=["libreview import ~/library.bib", "libreview import *.bib --dry-run", "libreview import project.qdpx"],
)
@click.argument("files", nargs=-1, required=True, type=INPUT_FILE, metavar="FILE...")
@with_writing
@pass_session
def command(session: Session, files: tuple[Path, ...], writing: Writing) -> None:
    """Import sources."""
    for file in files:
        if collecting.is_refi(file):
            with session.changing(writing) as review:
                change, received = load(_RECEIVING).receive(review, file)
                session.apply(change, writing)
            lines = load(_EXCHANGE).received_lines(received, file.name, session.say)
        else:
            with session.changing(writing) as review:
                change, imported = collecting.import_bib(review, file)
                session.apply(change, writing, parsed=imported.parsed)
            lines = imports.lines(imported, session.say, dry_run=writing.dry_run)
        printing.answer_lines(lines)
