"""``libreview add``."""

from __future__ import annotations

from libreview.cli import asking, options, printing
from libreview.cli.options import Session, Writing, option, pass_session, with_writing
from libreview.deeds import collecting
from libreview.texts import likeness
from libreview.words.errors import Wrong
from libreview.words.i18n import N_, Say

_ASKED = {
    "article": ("journaltitle", "volume", "number", "pages", "doi"),
    "book": ("publisher", "location", "isbn"),
    "incollection": ("booktitle", "editor", "publisher", "location", "pages"),
    "inproceedings": ("booktitle", "publisher", "pages", "doi"),
    "thesis": ("type", "institution"),
    "report": ("type", "institution", "number"),
    "online": ("url", "urldate"),
    "legislation": ("number", "note"),
}
"""What is asked of a source, by its type; of others publisher and url."""

_LABELS = {
    "journaltitle": N_("Journal"),
    "volume": N_("Volume"),
    "number": N_("Number"),
    "pages": N_("Pages"),
    "doi": N_("DOI"),
    "publisher": N_("Publisher"),
    "location": N_("Place"),
    "isbn": N_("ISBN"),
    "booktitle": N_("In (title of the book or proceedings)"),
    "editor": N_("Editor"),
    "type": N_("Kind (Skripsi, PhD thesis, ...)"),
    "institution": N_("Institution"),
    "url": N_("Address (URL)"),
    "urldate": N_("Seen on (2024-05-31)"),
    "note": N_("Gazette and other remarks"),
}


@options.command(
    "add",
    help=N_(
        'Add a source, from options or by answering questions. People are joined by "and"; a person with one name is just '
        "that; a body stands in braces: {Pemerintah Kota Bandung}. The key is made from author, year and title."
    ),
    examples=[
        "libreview add",
        'libreview add --type book --author "Sukarno" --title "Dibawah Bendera Revolusi" --year 1959',
    ],
)
@option(
    "--type", "kind", metavar="TYPE", help=N_("article, book, incollection, thesis, report, online, legislation, ...")
)
@option("--author", multiple=True, help=N_("An author; may be given again."))
@option("--title", default="", help=N_("The title."))
@option("--year", default="", help=N_("The year."))
@option("--key", default="", help=N_("The citation key, if you want another."))
@option("--field", "fields", multiple=True, metavar="NAME=VALUE", help=N_("Any other field; may be given again."))
@with_writing
@pass_session
def command(
    session: Session, kind: str | None, author: tuple[str, ...], title: str, year: str, key: str, fields: tuple[str, ...],
    writing: Writing,
) -> None:  # fmt: skip
    """Add a source."""
    given = {"author": " and ".join(author), "title": title, "year": year, **collecting.pairs(fields)}
    if session.interactive and not any(given.values()):
        kind, given = _dialogue(session.say, kind)
    if not any(given.values()):
        raise Wrong(N_("Say what to add"), 'libreview add --type book --author "Sukarno" --title "..." --year 1959')
    with session.changing(writing) as review:
        change, key = collecting.add(review, kind or "misc", given, key)
        if session.apply(change, writing):
            review.remember(source=key)
            printing.answer(session.say("saved {path} as {key}. Next: libreview tag {key} -p PAGE -t THEME",
                                        path=change.paths[0], key=key))  # fmt: skip


def _dialogue(say: Say, kind: str | None) -> tuple[str, dict[str, str]]:
    """Ask for the type and the fields that such a source has. An empty answer leaves a field out."""
    while True:
        kind = kind or asking.ask(
            say("Type"), "article", hint=say("article, book, thesis, report, online, legislation, ...")
        )
        kind = kind.lower() or "article"
        if kind in collecting.TYPES:
            break
        near = likeness.near(kind, collecting.TYPES)
        printing.remark(
            say("There is no such type.") + (" " + say("Did you mean {names}?", names=", ".join(near)) if near else "")
        )
        kind = None
    given = {
        "author": asking.ask(say('Author (Family, Given; more with "and"; a body in braces)')),
        "title": asking.ask(say("Title"), required=True),
        "year": asking.ask(say("Year")),
    }
    for name in _ASKED.get(kind, ("publisher", "url")):
        given[name] = asking.ask(say(_LABELS[name]))
    return kind, given
