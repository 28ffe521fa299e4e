"""What ``add`` asks: the fields of a source by its kind, or what could not be found out about one that was named."""

from __future__ import annotations

from collections.abc import Mapping

from libreview.cli import asking, printing
from libreview.cli.options import Session
from libreview.deeds import collecting
from libreview.texts import likeness
from libreview.texts.answers import Answer
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_, Say
from libreview.words.rooms import load

__all__ = ["by_name", "by_questions", "tell", "wanted"]

_LOOKING_UP = "libreview.deeds.looking_up"
"""Needed only for a source that is named; it brings the network along."""

_ASKED = {
    "article": ("journaltitle", "volume", "number", "pages", "doi"),
    "book": ("publisher", "location", "isbn"),
    "incollection": ("booktitle", "editor", "publisher", "location", "pages"),
    "inproceedings": ("booktitle", "publisher", "pages", "doi"),
    "thesis": ("type", "institution", "location", "url"),
    "report": ("type", "institution", "number"),
    "online": ("url", "urldate"),
    "legislation": ("number", "note"),
    "news": ("organization", "url"),
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
    "organization": N_("Newspaper or site"),
    "url": N_("Address (URL)"),
    "urldate": N_("Seen on (2024-05-31)"),
    "note": N_("Gazette and other remarks"),
}
_AUTHOR = N_('Author (Family, Given; more with "and"; a body in braces)')
_LACKING = {"title": N_("title"), "author": N_("author"), "date": N_("date")}


def wanted(session: Session, words: str, kind: str | None, given: Mapping[str, str]) -> Answer:
    """Return the record to be added: of what ``words`` name, else of the options, else of the answers to questions."""
    if words:
        return by_name(session, words, kind, given)
    if session.interactive and not any(given.values()):
        return by_questions(session, kind)
    if not any(given.values()):
        raise Wrong(N_("Say what to add"), 'libreview add --type book --author "Sukarno" --title "..." --year 1959')
    return Answer(kind or "misc", given)


# By its name ----------------------------------------------------------------------------------------------------------


def by_name(session: Session, words: str, kind: str | None, given: Mapping[str, str]) -> Answer:
    """Return the record of the publication or law that ``words`` name; a person is asked for what is missing."""
    looking_up, say = load(_LOOKING_UP), session.say
    what = looking_up.recognised(words)
    looking_up.known(session.review, what)
    if isinstance(what, looking_up.Law):
        law: Answer = looking_up.completed(looking_up.of_law(what), kind, given)
        return law if what.about or not what.number or given.get("title") else _about(session, law)
    if session.interactive:
        printing.remark(say("Asking {host} ...", host=looking_up.host_of(what)))
    try:
        found = looking_up.asked(what, session.review.user)
    except looking_up.Unreachable as error:
        by_hand = session.interactive and what.kind == "web"
        if not (by_hand or given.get("title")):
            raise
        printing.remark(say(error.sentence, **error.facts) + ".")
        found = looking_up.unasked(what)
    looking_up.known(session.review, found)
    answer: Answer = looking_up.completed(found, kind, given)
    lacking: tuple[str, ...] = looking_up.lacking(answer)
    if lacking and session.interactive:
        return _asked_for(say, answer, lacking)
    if "title" in lacking and what.kind == "web":
        raise Refused(
            N_("The page does not say what its title is"), N_('libreview add {url} --title "..."'), url=what.value
        )
    return answer


def tell(session: Session, key: str, answer: Answer) -> None:
    """Say which publication was saved, and what is not known of it."""
    say, lacking = session.say, load(_LOOKING_UP).lacking(answer)
    printing.remark(printing.source_line(session.review.source(key), session.review.settings.language))
    if lacking:
        missing = ", ".join(say(_LACKING[name]) for name in lacking)
        printing.remark(say("not found: {fields}. Fill it in: libreview edit {key}", fields=missing, key=key))


def _about(session: Session, answer: Answer) -> Answer:
    """Return a law with what it is about. Raises `Wrong` where nobody can be asked for it."""
    if not session.interactive:
        raise Wrong(
            N_("Say what the law is about"), N_('libreview add "{law} tentang ..."'), law=answer.fields["title"]
        )
    about = asking.ask(session.say("{law} tentang", law=answer.fields["title"]), required=True)
    note = asking.ask(session.say(_LABELS["note"]))
    fields = {**answer.fields, "title": f"{answer.fields['title']} tentang {about}", "note": note}
    return Answer(answer.type, fields, answer.people, answer.key)


def _asked_for(say: Say, answer: Answer, lacking: tuple[str, ...]) -> Answer:
    """Ask for what was not found. An empty answer leaves it out, but a title is needed."""
    fields = dict(answer.fields)
    if "title" in lacking:
        fields["title"] = asking.ask(say("Title"), required=True)
    else:
        printing.remark(fields["title"])
    if "author" in lacking:
        fields["author"] = asking.ask(say(_AUTHOR))
    if "date" in lacking:
        fields["date"] = asking.ask(say("Date (2024-05-31, or the year)"))
    if answer.type == "online" and not fields.get("organization") and "title" in lacking:
        fields["organization"] = asking.ask(say(_LABELS["organization"]))
    return Answer(answer.type, fields, answer.people, answer.key)


# By questions ---------------------------------------------------------------------------------------------------------


def by_questions(session: Session, kind: str | None) -> Answer:
    """Ask for the type and the fields that such a source has. An empty answer leaves a field out."""
    say = session.say
    kind = _kind(say, kind)
    type, given = collecting.shaped(kind, {})
    news = collecting.is_news(kind)
    if type == "legislation":
        law, given["title"] = _law_by_questions(session)
        if law is not None:
            return law
    given["author"] = asking.ask(say(_AUTHOR))
    given["title"] = given.get("title") or asking.ask(say("Title"), required=True)
    given["date" if news else "year"] = asking.ask(say("Date (2024-05-31, or the year)") if news else say("Year"))
    for name in _ASKED.get("news" if news else type, ("publisher", "url")):
        if not given.get(name):
            given[name] = asking.ask(say(_LABELS[name]))
    if news and not given["url"]:
        given["pages"] = asking.ask(say(_LABELS["pages"]))
    elif given.get("url") and "urldate" not in given:
        given["urldate"] = asking.ask(say(_LABELS["urldate"]), load(_LOOKING_UP).today())
    return Answer("news" if news else type, {name: value for name, value in given.items() if value})


def _kind(say: Say, kind: str | None) -> str:
    while True:
        kind = kind or asking.ask(
            say("Type"), "article", hint=say("article, book, thesis, skripsi, report, online, news, legislation, ...")
        )
        kind = kind.lower() or "article"
        if kind in collecting.KINDS:
            return kind
        near = likeness.near(kind, collecting.KINDS)
        printing.remark(
            say("There is no such type.") + (" " + say("Did you mean {names}?", names=", ".join(near)) if near else "")
        )
        kind = None


def _law_by_questions(session: Session) -> tuple[Answer | None, str]:
    """Ask for the name of a law and return its record and the name; no record for a law of a kind that is not known."""
    looking_up, say = load(_LOOKING_UP), session.say
    name = asking.ask(say("Law (UU 23 Tahun 2014 tentang Pemerintahan Daerah; Enter: another)"))
    law = looking_up.law_named(name) if name else None
    if law is None:
        return None, name
    looking_up.known(session.review, law)
    found: Answer = looking_up.of_law(law)
    if law.number and not law.about:
        return _about(session, found), name
    note = asking.ask(say(_LABELS["note"]))
    return Answer(found.type, {**found.fields, "note": note}, found.people, found.key), name
