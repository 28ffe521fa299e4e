"""A source by what names it: an identifier that a register or a web page is asked about, or the name of a law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from libreview.disk import lookup
from libreview.disk.lookup import Fetched, Unreachable
from libreview.disk.settings import UserSettings
from libreview.model import Person
from libreview.review import Review
from libreview.texts import identifiers, laws
from libreview.texts.answers import Answer, filled
from libreview.texts.identifiers import Identifier
from libreview.texts.laws import Law
from libreview.value import replace
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = [
    "Identifier",
    "Law",
    "Unreachable",
    "asked",
    "completed",
    "host_of",
    "known",
    "lacking",
    "law_named",
    "of_law",
    "recognised",
    "today",
    "unasked",
]

law_named = laws.parse
"""Return the law that a text names; None if it names none."""
host_of = lookup.host_of
"""Return the name of the server that is asked for an identifier."""

_ROOMS = {
    "doi": "libreview.texts.answers.csl",
    "arxiv": "libreview.texts.answers.arxiv",
    "pmid": "libreview.texts.answers.pubmed",
    "isbn": "libreview.texts.answers.openlibrary",
    "web": "libreview.texts.answers.webpage",
}
"""What reads the answers of each register."""
_PAGES = frozenset(("text/html", "application/xhtml+xml", "text/plain", "application/xml"))
_FIELDS = {"doi": "doi", "isbn": "isbn", "pmid": "pmid", "web": "url", "arxiv": "eprint"}


def recognised(text: str) -> Identifier | Law:
    """Return what ``text`` names. Raises `Wrong` if that is neither an identifier nor a law, `Refused` for a mistyped ISBN."""
    found = laws.parse(text) or identifiers.recognised(text)
    if found is None:
        raise Wrong(
            N_('What "{text}" names is not known'),
            N_(
                "Known are DOI, ISBN, arXiv:2101.00001, PMID:123, https://..., UU 23 Tahun 2014 tentang ... By its title: "
                'libreview add --title "..."'
            ),
            text=text[:200],
        )
    return found


def known(review: Review, what: Identifier | Law | Answer) -> None:
    """Raise `Refused` if the review has a source of that name already."""
    if isinstance(what, Law):
        same = next((one.key for one in review.sources() if one.type == "legislation" and _is(one.title, what)), "")
    else:
        wanted = {what.same} if isinstance(what, Identifier) else identifiers.of_record(what.type, what.fields)
        same = _with(review, wanted) if wanted else ""
    if not same:
        return
    named = (
        what.name
        if isinstance(what, Law)
        else str(what)
        if isinstance(what, Identifier)
        else what.fields.get("title", "")
    )
    if isinstance(what, Identifier) and what.kind == "web":
        raise Refused(
            N_("This page is in the review already, as {key}; nothing was changed"),
            N_("libreview show {key}"),
            key=same,
        )
    raise Refused(
        N_("{name} is in the review already, as {key}; nothing was changed"),
        N_("libreview show {key}"),
        name=named,
        key=same,
    )


def _is(title: str, law: Law) -> bool:
    other = laws.parse(title)
    return other is not None and other.same == law.same


def _with(review: Review, wanted: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> str:
    """Return the key of the first source that has one of the identifiers ``wanted``; empty if none has."""
    return next((one.key for one in review.sources() if wanted & identifiers.of_record(one.type, one.plain)), "")


def asked(what: Identifier | Law, user: UserSettings) -> Answer:
    """Return the record of ``what``; a law says itself what it is, and asks nobody.

    Raises `Unreachable` where the network cannot be asked, or the user turned it off; `NotFound` if the register knows nothing of that
    name; `Refused` for an answer that is no record.
    """
    if isinstance(what, Law):
        return of_law(what)
    if user.network == "off":
        raise Unreachable(
            N_("Asking the network is turned off in your configuration"),
            N_('libreview config --user network on, or by hand: libreview add --title "..." --author "..."'),
        )
    fetched = lookup.ask(what)
    answer = _read(what, fetched)
    fields = {**answer.fields, **({} if what.kind != "web" else {"url": what.value, "urldate": today()})}
    if what.kind != "arxiv":
        fields.setdefault(_FIELDS[what.kind], what.value)
    elif "v" not in what.value.rpartition("/")[2]:  # the newest version is not asked for by its number
        fields["eprint"] = what.value
    return replace(answer, fields=fields)


def _read(what: Identifier, fetched: Fetched) -> Answer:
    read: Callable[..., Answer | None] = load(_ROOMS[what.kind]).read
    host = lookup.host_of(what)
    if what.kind == "web":
        if fetched.type not in _PAGES:
            return Answer("online")  # a PDF, a picture: an address to be described by hand
        return read(fetched.data, fetched.charset) or Answer("online")
    try:
        found = read(fetched.data)
    except ValueError as error:
        raise Refused(
            N_("What {host} answered for {identifier} is no record"),
            lookup.BY_HAND,
            host=host,
            identifier=str(what),
        ) from error
    if found is None:
        raise lookup.no_such(what, host)
    return found


def unasked(what: Identifier) -> Answer:
    """Return what is known of ``what`` without asking anybody."""
    fields = {_FIELDS[what.kind]: what.value}
    if what.kind == "web":
        fields["urldate"] = today()
    if what.kind == "arxiv":
        fields["eprinttype"] = "arxiv"
    type = {"web": "online", "isbn": "book", "arxiv": "misc"}.get(what.kind, "article")
    return Answer(type, fields)


def of_law(law: Law) -> Answer:
    """Return a law as the example review writes its own."""
    fields = {"title": law.title, "type": _ministerial(law.kind.lower()), "date": law.date, "langid": "indonesian"}
    return filled("legislation", fields, {"author": (Person(literal=law.issuer),)}, law.key)


def _ministerial(kind: str) -> str:
    return kind.replace("walikota", "wali kota")


def completed(answer: Answer, type: str | None, given: Mapping[str, str]) -> Answer:
    """Return ``answer`` with what the user gave in place of what was found."""
    own = {name: value for name, value in given.items() if value.strip()}
    fields = dict(answer.fields)
    if "year" in own or "date" in own:
        fields.pop("date", None)
    people = {name: several for name, several in answer.people.items() if name not in own}
    return replace(answer, type=type or answer.type, fields={**fields, **own}, people=people)


def lacking(answer: Answer) -> tuple[str, ...]:
    """Return which of title, author and date are not there, in this order."""
    found = {**answer.fields, **answer.people}
    there = {
        "title": found.get("title"),
        "author": found.get("author") or found.get("editor"),
        "date": found.get("date") or found.get("year"),
    }
    return tuple(name for name, value in there.items() if not value)


def today() -> str:
    """Return the date of today where the user is."""
    return datetime.now(UTC).astimezone().date().isoformat()
