"""``libreview add``."""

from __future__ import annotations

import click

from libreview.cli import dialogue_adding, options, printing
from libreview.cli.options import Session, Writing, option, pass_session, with_writing
from libreview.deeds import collecting
from libreview.words.i18n import N_


@options.command(
    "add",
    help=N_(
        "Add a source by what names it, from options, or by answering questions. A DOI, ISBN, arXiv number, PMID or web address is "
        "looked up; an Indonesian law is read from its name. "
        'People are joined by "and"; a person with one name is just '
        "that; a body stands in braces: {Pemerintah Kota Bandung}. The key is made from author, year and title."
    ),
    examples=[
        "libreview add",
        "libreview add 10.1080/13604813.2011.568715",
        'libreview add "UU 23 Tahun 2014 tentang Pemerintahan Daerah"',
        'libreview add --type book --author "Sukarno" --title "Dibawah Bendera Revolusi" --year 1959',
    ],
)
@click.argument("words", nargs=-1, metavar="[IDENTIFIER]")
@option(
    "--type", "kind", metavar="TYPE",
    help=N_("article, book, incollection, thesis, skripsi, tesis, disertasi, report, online, news, legislation, ..."),
)  # fmt: skip
@option("--author", multiple=True, help=N_("An author; may be given again."))
@option("--title", default="", help=N_("The title."))
@option("--year", default="", help=N_("The year."))
@option("--key", default="", help=N_("The citation key, if you want another."))
@option("--field", "fields", multiple=True, metavar="NAME=VALUE", help=N_("Any other field; may be given again."))
@with_writing
@pass_session
def command(
    session: Session, words: tuple[str, ...], kind: str | None, author: tuple[str, ...], title: str, year: str, key: str,
    fields: tuple[str, ...], writing: Writing,
) -> None:  # fmt: skip
    """Add a source."""
    given = {"author": " and ".join(author), "title": title, "year": year, **collecting.pairs(fields)}
    found = dialogue_adding.wanted(session, " ".join(words), kind, given)
    with session.changing(writing) as review:
        change, key = collecting.add(review, found.type, found.fields, key, people=found.people, proposed=found.key)
        if session.apply(change, writing):
            review.remember(source=key)
            if words:
                dialogue_adding.tell(session, key, found)
            printing.answer(session.say("saved {path} as {key}. Next: libreview tag {key} -p PAGE -t THEME",
                                        path=change.paths[0], key=key))  # fmt: skip
