"""CSL-JSON of one publication, as doi.org hands it on from Crossref, DataCite, mEDRA and others (content negotiation).

CSL 1.0.2, appendix III and IV; Crossref adds lists where CSL has one text, and types of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.model import Person
from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import (
    LONGEST_ABSTRACT,
    MOST_PEOPLE,
    date,
    filled,
    iso,
    json_of,
    language,
    line,
    marked,
    pages,
    person,
)

__all__ = ["read"]

_TYPES = {
    "article-journal": "article", "journal-article": "article", "article-magazine": "article", "article-newspaper": "article",
    "review": "article", "review-book": "article", "book": "book", "monograph": "book", "edited-book": "collection",
    "reference-book": "reference", "book-series": "book", "chapter": "incollection", "book-chapter": "incollection",
    "book-section": "incollection", "book-part": "incollection", "entry": "inreference", "entry-dictionary": "inreference",
    "entry-encyclopedia": "inreference", "reference-entry": "inreference", "paper-conference": "inproceedings",
    "proceedings-article": "inproceedings", "proceedings": "proceedings", "thesis": "thesis", "dissertation": "thesis",
    "report": "report", "report-component": "report", "webpage": "online", "post": "online", "post-weblog": "online",
    "dataset": "dataset", "software": "software", "article": "misc", "posted-content": "misc", "patent": "patent",
    "standard": "standard", "legislation": "legislation", "legal_case": "jurisdiction", "motion_picture": "video",
    "manuscript": "unpublished", "speech": "unpublished",
}  # fmt: skip
_JOURNALS = frozenset(("article", "review", "periodical"))
_PARTS = frozenset(("incollection", "inproceedings", "inreference"))
_PEOPLE = {
    "author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor", "director": "director"
}  # fmt: skip


def read(data: bytes) -> Answer | None:
    """Return the record; ValueError if ``data`` is no CSL-JSON."""
    found = json_of(data)
    item = found[0] if isinstance(found, list) and found else found
    if not isinstance(item, dict):
        raise ValueError("no item")
    people = {field: _people(item.get(name)) for name, field in _PEOPLE.items()}
    title = _first(item, "title")
    if not title and not people["author"]:
        raise ValueError("no title")
    type = _TYPES.get(line(item.get("type")), "misc")
    if people["author"] and type == "collection":
        type = "book"
    return filled(type, _fields(item, type, title), people)


def _fields(item: Mapping[str, object], type: str, title: str) -> dict[str, str]:
    container = _first(item, "container-title")
    subtitle = _first(item, "subtitle")
    publisher = _first(item, "publisher")
    fields = {
        "title": title,
        "subtitle": subtitle if subtitle.casefold() not in title.casefold() else "",
        "journaltitle": container if type in _JOURNALS else "",
        "shortjournal": _first(item, "container-title-short", "journalAbbreviation") if type in _JOURNALS else "",
        "booktitle": container if type in _PARTS else "",
        "series": _first(item, "collection-title") or ("" if type in _JOURNALS or type in _PARTS else container),
        "volume": _first(item, "volume"),
        "number": _first(item, "issue") or _first(item, "number") or _first(item, "collection-number"),
        "pages": pages(item.get("page")),
        "eid": _first(item, "article-number"),
        "edition": _first(item, "edition"),
        "chapter": _first(item, "chapter-number"),
        "version": _first(item, "version"),
        "eventtitle": _event(item) if type in ("inproceedings", "proceedings", "unpublished") else "",
        "institution" if type in ("thesis", "report") else "publisher": publisher,
        "location": _first(item, "publisher-place"),
        "type": _first(item, "genre") if type in ("thesis", "report", "patent") else "",
        "date": _date(item),
        "isbn": _number(item.get("ISBN")),
        "issn": _number(item.get("ISSN")),
        "doi": line(item.get("DOI"), 300),
        "pmid": line(item.get("PMID"), 20),
        "url": "" if item.get("DOI") else line(item.get("URL")),
        "langid": language(item.get("language")),
        "abstract": re.sub(r"^(?:Abstract|Abstrak|Summary)[.:]? ", "", marked(item.get("abstract"), LONGEST_ABSTRACT)),
    }
    if fields["journaltitle"] and fields["shortjournal"] == fields["journaltitle"]:
        fields["shortjournal"] = ""
    if line(item.get("type")) in ("article-newspaper", "article-magazine"):
        fields["entrysubtype"] = line(item.get("type")).removeprefix("article-")
    return fields


def _first(item: Mapping[str, object], *names: str) -> str:
    """Return the first text that stands under one of ``names``; Crossref wraps some in a list."""
    for name in names:
        value = item.get(name)
        text = marked(value[0] if isinstance(value, list) and value else value)
        if text:
            return text
    return ""


def _number(value: object) -> str:
    """Return an ISBN or ISSN; of several the first."""
    text = line(value[0] if isinstance(value, list) and value else value, 100)
    return text.removeprefix("http://id.crossref.org/isbn/").removeprefix("urn:isbn:")


def _event(item: Mapping[str, object]) -> str:
    event = item.get("event")
    return marked(event.get("name")) if isinstance(event, dict) else _first(item, "event-title", "event")


def _people(value: object) -> list[Person | None]:
    return [_person(one) for one in value[:MOST_PEOPLE]] if isinstance(value, list) else []


def _person(value: object) -> Person | None:
    if isinstance(value, str):
        return person(value)
    if not isinstance(value, dict):
        return None
    literal = marked(value.get("literal") or value.get("name"), 300)
    family, given = marked(value.get("family"), 300), marked(value.get("given"), 300)
    if literal and not family:
        return Person(literal=literal)
    if not family:
        return Person(family=given) if given else None
    particles = (marked(value.get(name), 100) for name in ("dropping-particle", "non-dropping-particle"))
    if family == given:  # a person with one name, doubled for a form that wants two
        given = ""
    return Person(family, given, " ".join(filter(None, particles)), marked(value.get("suffix"), 100))


def _date(item: Mapping[str, object]) -> str:
    for name in ("issued", "published", "published-print", "published-online"):
        value = item.get(name)
        if isinstance(value, dict):
            found = _parts(value.get("date-parts")) or date(line(value.get("raw") or value.get("literal"), 100))
            if found:
                return found
    return ""


def _parts(value: object) -> str:
    """Return the date in ``date-parts``: numbers, or texts of numbers; two of them are a span."""
    if not isinstance(value, list):
        return ""
    found: list[str] = []
    for parts in value[:2]:
        if not isinstance(parts, list):
            continue
        numbers = [line(part, 10) for part in parts[:3]]
        whole = [int(part) for part in numbers if part.isascii() and part.isdigit()]
        if whole:
            found.append(iso(whole[0], *whole[1:]))
    if not found or not found[0]:
        return ""
    return f"{found[0]}/{found[1]}" if len(found) > 1 and found[1] and found[1] != found[0] else found[0]
