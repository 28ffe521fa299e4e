"""What a web page says of itself: Highwire's ``citation_*`` (which Google Scholar asks for), Dublin Core, Open Graph, JSON-LD (schema.org).

A page is not read as a whole. Its few tags that matter are found, and each is given to `html.parser` by itself, a few thousand
characters at a time: whatever stands between them, and however broken it is, costs no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from libreview.model import Person
from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import (
    LONGEST,
    LONGEST_ABSTRACT,
    MOST_PEOPLE,
    date,
    filled,
    json_of,
    language,
    line,
    marked,
    pages,
    person,
)

__all__ = ["read"]

_TAGS = re.compile(r"<(?:meta|title|script|html|link|h1)(?=[\s>])", re.IGNORECASE)
_MOST_TAGS = 4_000
_LONGEST_TAG = 24_000
_MOST_LONG_TAGS = 100
_LONGEST_SCRIPT = 400_000
_MOST_SCRIPTS = 20
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)

_NEWS = frozenset(("newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle"))
_WORKS = {
    "scholarlyarticle": "article", "medicalscholarlyarticle": "article", "newsarticle": "online", "blogposting": "online",
    "reportagenewsarticle": "online", "analysisnewsarticle": "online", "opinionnewsarticle": "online", "article": "online",
    "webpage": "online", "book": "book", "thesis": "thesis", "report": "report", "dataset": "dataset", "chapter": "incollection",
    "techarticle": "online", "legislation": "online", "creativework": "online",
}  # fmt: skip
"""Types of schema.org that are works, the telling ones first; of two on one page the first here is meant."""
_RANKS = {name: at for at, name in enumerate(_WORKS)}


class _Found(Exception):
    """The first tag is read; nothing behind it matters."""


class _Tag(HTMLParser):
    """Reads one tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (html.parser calls it so)
        for name, value in attrs:
            self.attributes.setdefault(name, value or "")
        raise _Found


class _Page:
    """What was found: values by the name of their meta tag, titles, the language, and the texts of JSON-LD."""

    def __init__(self) -> None:
        self.meta: dict[str, list[str]] = {}
        self.titles: list[str] = []
        self.headings: list[str] = []
        self.language = ""
        self.canonical = ""
        self.scripts: list[str] = []

    def first(self, *names: str) -> str:
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def all(self, *names: str) -> list[str]:
        return next((values for name in names if (values := self.meta.get(name))), [])


def read(data: bytes, charset: str = "") -> Answer | None:
    """Return what the page says of itself, which may be nothing: then the answer has no fields. ``charset`` is what the server says."""
    page = _page(_text(data, charset))
    works = [work for script in page.scripts for work in _works(script)]
    work = min(works, key=lambda one: _RANKS[_kind(one)], default={})
    if page.first("citation_title"):
        return _scholarly(page, work)
    return _other(page, work)


def _text(data: bytes, charset: str) -> str:
    named = charset or (found[1].decode() if (found := _CHARSET.search(data[:4096])) else "")
    for codec in (named, "utf-8"):
        try:
            return data.decode(codec or "utf-8", "replace" if codec == named and codec else "strict")
        except (LookupError, ValueError):  # no such encoding, or one that is none of text
            continue
    return data.decode("latin-1")


def _page(text: str) -> _Page:
    page = _Page()
    text = _without_comments(text)
    for count, found in enumerate(_TAGS.finditer(text)):
        if count >= _MOST_TAGS:
            break
        name = found.group()[1:].lower()
        start = text.find(">", found.start()) + 1
        if name in ("title", "h1"):
            end = text.find("</", start, start + 4 * LONGEST) if name == "title" else _end(text, start)
            (page.titles if name == "title" else page.headings).append(marked(text[start : end if end >= 0 else start]))
        elif name == "script":
            if len(page.scripts) < _MOST_SCRIPTS and "ld+json" in text[found.start() : start][:1000].lower():
                end = text.find("</script", start, start + _LONGEST_SCRIPT)
                page.scripts.append(text[start : end if end >= 0 else start])
        else:
            _take(page, name, _attributes(text, found.start(), long=count < _MOST_LONG_TAGS))
    return page


def _end(text: str, start: int) -> int:
    """Return where the heading that begins at ``start`` ends; -1 if it is longer than headings are."""
    found = re.compile("</h1", re.IGNORECASE).search(text, start, start + 4 * LONGEST)
    return found.start() if found else -1


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        pieces.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            at = start + 4
            break
        at = end + 3
    return "".join((*pieces, text[at:]))


def _attributes(text: str, start: int, *, long: bool) -> dict[str, str]:
    """Return the attributes of the tag at ``start``; a short piece is tried before a ``long`` one."""
    for length in (2_000, _LONGEST_TAG) if long else (2_000,):
        tag = _Tag()
        try:
            tag.feed(text[start : start + length])
        except _Found:
            return tag.attributes
    return {}


def _take(page: _Page, name: str, attributes: Mapping[str, str]) -> None:
    if name == "html":
        page.language = page.language or attributes.get("lang") or attributes.get("xml:lang") or ""
    elif name == "link":
        if attributes.get("rel", "").lower() == "canonical":
            page.canonical = page.canonical or attributes.get("href", "")
    else:
        called = (
            (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").strip().lower()
        )
        value = attributes.get("content", "").strip()
        several = page.meta.setdefault(called.replace("dcterms.", "dc.").replace("dc:", "dc."), []) if called else []
        if called and value and len(several) < MOST_PEOPLE:
            several.append(value)


# JSON-LD --------------------------------------------------------------------------------------------------------------

_Work = Mapping[str, object]


def _works(script: str) -> Iterator[_Work]:
    """Give the works that a script names, by themselves or in its graph."""
    try:
        waiting = [json_of(script.strip().encode("utf-8", "replace"))]
    except ValueError:
        return
    seen = 0
    while waiting and seen < 2_000:
        one = waiting.pop()
        seen += 1
        if isinstance(one, list):
            waiting.extend(reversed(one[:500]))
        elif isinstance(one, dict):
            if _kind(one) and (one.get("headline") or one.get("name")):
                yield one
            graph = one.get("@graph")
            waiting.extend(graph[:500] if isinstance(graph, list) else ())
            waiting.append(one.get("mainEntity"))


def _kind(work: _Work) -> str:
    """Return the type of schema.org in small letters; empty if it is no work."""
    types = work.get("@type")
    several = types[:10] if isinstance(types, list) else [types]
    return next((name for one in several if isinstance(one, str) and (name := one.lower()) in _WORKS), "")


def _names(value: object) -> list[Person | None]:
    """Return the people or bodies of a property: a name, an object with one, or a list of them."""
    found: list[Person | None] = []
    for one in (value if isinstance(value, list) else [value])[:MOST_PEOPLE]:
        if isinstance(one, dict):
            name = marked(one.get("name"), 300)
            kind = one.get("@type")
            found.append(
                Person(literal=name) if name and kind in ("Organization", "NewsMediaOrganization") else person(name)
            )
        elif isinstance(one, str):
            found.append(person(marked(one, 300)))
    return found


def _named(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return marked(first.get("name") if isinstance(first, dict) else first, 300)


# Records --------------------------------------------------------------------------------------------------------------


def _scholarly(page: _Page, work: _Work) -> Answer:
    journal = page.first("citation_journal_title")
    book = page.first("citation_inbook_title", "citation_book_title")
    meeting = page.first("citation_conference_title", "citation_conference")
    school = page.first("citation_dissertation_institution")
    report = page.first("citation_technical_report_institution")
    number = page.first("citation_technical_report_number")
    kinds = (("article", journal), ("thesis", school), ("inproceedings", meeting), ("report", report or number),
             ("incollection", book), ("book", page.first("citation_isbn")))  # fmt: skip
    type = next((name for name, told in kinds if told), _WORKS.get(_kind(work), "misc") if work else "misc")
    first, last = (page.first(f"citation_{end}page") for end in ("first", "last"))
    fields = {
        "title": marked(page.first("citation_title")),
        "journaltitle": marked(journal),
        "shortjournal": marked(page.first("citation_journal_abbrev")),
        "booktitle": marked(book or meeting),
        "institution": marked(school or report),
        "number": marked(page.first("citation_issue") or number),
        "volume": marked(page.first("citation_volume")),
        "pages": pages(f"{first}-{last}" if first and last else first),
        "date": date(page.first("citation_publication_date", "citation_date", "citation_online_date", "citation_year")),
        "publisher": marked(page.first("citation_publisher", "dc.publisher")),
        "isbn": line(page.first("citation_isbn"), 100),
        "issn": line(page.first("citation_issn"), 100),
        "doi": re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", line(page.first("citation_doi"), 300)),
        "pmid": line(page.first("citation_pmid"), 20),
        "langid": language(page.first("citation_language", "dc.language")) or language(page.language),
        "abstract": marked(page.first("citation_abstract", "dc.description"), LONGEST_ABSTRACT),
    }
    if fields["shortjournal"] == fields["journaltitle"]:
        fields["shortjournal"] = ""
    if type == "thesis":
        fields["type"] = marked(page.first("citation_dissertation_name"))
    listed = page.all("citation_author") or _split(page.first("citation_authors"))
    editors = page.all("citation_editor")
    return filled(type, fields, {"author": _people(listed), "editor": _people(editors)})


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part.strip()]


def _people(several: Iterable[str]) -> list[Person | None]:
    return [person(marked(one, 300)) for one in several]


def _other(page: _Page, work: _Work) -> Answer:
    """Return the record of a page that has no ``citation_*``: news, an encyclopaedia, a town's page."""
    kind = _kind(work) if work else ""
    type = _WORKS.get(kind, "online")
    title = (
        marked(work.get("headline") or work.get("name"))
        or marked(page.first("dc.title", "og:title", "twitter:title"))
        or next(filter(None, page.headings), "")
        or next(filter(None, page.titles), "")
    )
    site = _named(work.get("publisher")) or marked(page.first("og:site_name", "application-name", "dc.publisher"))
    issued = line(work.get("datePublished") or work.get("dateCreated"), 100)
    called = page.all("dc.creator", "author", "article:author", "sailthru.author", "parsely-author")
    writers = [one for one in _names(work.get("author")) if one is not None] or [
        one for one in _people(name for name in called if not re.match(r"https?:", name)) if one is not None
    ]
    if site:  # the site itself is no author
        writers = [one for one in writers if (one.literal or one.family).casefold() != site.casefold()]
    spoken = work.get("inLanguage")
    fields = {
        "title": title,
        "organization": site,
        "date": date(issued or page.first("article:published_time", "dc.date", "dc.date.issued", "dc.issued", "date", "pubdate")),
        "langid": language(spoken if isinstance(spoken, str) else "") or language(page.language)
        or language(page.first("og:locale", "dc.language")),
    }  # fmt: skip
    if type == "article":
        journal = work.get("isPartOf")
        fields["journaltitle"] = _named(journal)
    if kind in _NEWS:
        fields["entrysubtype"] = "newspaper" if type == "article" else ""
    return filled(type, fields, {"author": writers})
