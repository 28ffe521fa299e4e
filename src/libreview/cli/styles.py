"""``libreview styles``."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, pass_session, with_output
from libreview.disk import styles
from libreview.pages.reports import bibliography as reports
from libreview.texts import likeness
from libreview.words.errors import NotFound
from libreview.words.i18n import N_


@options.command(
    "styles",
    help=N_(
        "Find citation styles by words of their name or title. Without a word it lists the names people say, and in a pipe "
        "all styles. Any other style can be used as a .csl file."
    ),
    examples=[
        "libreview styles",
        "libreview styles universitas",
        "libreview export bibliography --style chicago-notes",
    ],
)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@with_output
@pass_session
def command(session: Session, words: tuple[str, ...], output: Output) -> None:
    """Find citation styles."""
    word = " ".join(words).strip()
    short = not word and printing.to_terminal() and not (output.form or output.file)
    found = styles.common() if short else styles.search(word)
    if not found:
        raise NotFound(
            N_('No citation style has "{word}" in its name'),
            N_("Save its .csl file (zotero.org/styles) and name the file: --style FILE.csl"),
            likeness.near(word.casefold().replace(" ", "-"), styles.names()),
            word=word,
        )
    printing.report(reports.styles(found, session.say.code), output.form, output.file, listing=True, say=session.say)
    if short:
        printing.remark(session.say("These are the names people say. All styles: libreview styles WORD"))
