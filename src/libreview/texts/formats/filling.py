"""From what a format's fields say to a record: one value after the other is put where biblatex has its place.

A format's table maps its own names to fields of biblatex, or to one of these, which depend on the rest of the record:
``container`` (journal, book or series, by the type), ``house`` (publisher or institution), ``serial`` (ISBN and ISSN in one),
``begin`` and ``finish`` (of the pages), ``mark`` (an identifier that may be a citation key), ``link`` (an address that may be a DOI).
What finds no place, or contradicts what is there, is kept as ``x-<format>-<name>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from libreview.model import Location, Person
from libreview.texts import names
from libreview.texts.folding import fold
from libreview.texts.formats import dates, mending, people
from libreview.texts.formats.records import ARTICLES, PARTS, PEOPLE, Record, one_line

__all__ = ["MARK", "Form", "container_of", "house_of", "marked", "overrides"]

_KEY = re.compile(r"[A-Za-z_][\w:.+/-]*")
_IDENTIFIER = re.compile(r"(PMID|PMCID|DOI): (\S+)")
_NAME = re.compile(r"[^\W\d_][\w.:+/'-]*")
_TYPE = re.compile(r"[^\W\d_][\w.:+-]*")
_SLUG = re.compile(r"[^a-z0-9]+")
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_ACCESSED = re.compile(r"\d{4}(?:[-/]\d\d?){0,2}")

MARK = "biblatex:"
"""Begins what only libreview writes: ``biblatex:FIELD=VALUE``, for what the other format has no place for."""


def container_of(type: str) -> str:
    """Return the field that names what holds a source of this type."""
    if type in ARTICLES:
        return "journaltitle"
    if type in PARTS:
        return "booktitle"
    if type == "online":
        return "organization"
    return "series" if type not in ("misc", "unpublished", "dataset", "software") else "journaltitle"


def house_of(type: str) -> str:
    """Return the field that names who brought a source of this type out."""
    return "institution" if type in ("thesis", "report") else "publisher"


@lru_cache(maxsize=4096)
def _name(format: str, tag: str) -> str:
    return f"x-{format}-{_SLUG.sub('-', fold(tag)).strip('-')[:60] or 'unnamed'}"


class Form:
    """A record while it is filled in."""

    __slots__ = (
        "_begin", "_dates", "_finish", "_format", "_keywords", "_links", "_marked",
        "fields", "initials", "key", "people", "type",
    )  # fmt: skip

    def __init__(self, format: str, type: str, initials: bool = False) -> None:
        self.type = type
        self.key = ""
        self.initials = initials
        self.fields: dict[str, str] = {}
        self.people: dict[str, list[Person]] = {}
        self._format = format
        self._dates: list[tuple[str, str]] = []
        self._keywords: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._marked: list[tuple[str, str]] = []
        self._begin = self._finish = ""

    def put(self, tag: str, target: str, value: str) -> None:
        """Put ``value``, which stands under ``tag`` in the file, where ``target`` says."""
        special = _SPECIAL.get(target)
        if special is not None:
            special(self, tag, value)
        elif value := one_line(value):
            self.one(tag, target, value)

    def one(self, tag: str, field: str, value: str) -> None:
        """Put a value of one line into a field, or keep it under its own name if another stands there."""
        there = self.fields.setdefault(field, value)
        if there is not value and there != value:
            self.keep(tag, value)

    def keep(self, tag: str, *values: str) -> None:
        """Keep values that have no place under a name of their own."""
        value = "; ".join([line for value in values if (line := one_line(value))])
        if value:
            name = _name(self._format, tag)
            there = self.fields.get(name)
            self.fields[name] = value if there is None else f"{there}; {value}"

    def person(self, role: str, text: str) -> None:
        """Put a person, as `people.read` reads one."""
        found = people.read(text, self.initials)
        if found is not None:
            self.people.setdefault(role, []).append(found)

    def mark(self, value: str) -> bool:
        """Take ``value`` if it is what libreview itself wrote for want of a place; return whether it is."""
        value = value.strip()
        if not value.startswith(MARK):
            return False
        name, there, text = value[len(MARK) :].partition("=")
        if there:
            self._marked.append((name, one_line(text)))
        return bool(there)

    @property
    def empty(self) -> bool:
        """Whether the record says nothing but its type."""
        return not (self.fields or self.people or self._dates or self._keywords or self._begin or self._links
                    or self._marked or self.key)  # fmt: skip

    def record(self, location: Location) -> Record:
        """Return the record."""
        self._settle()
        lists = {role: tuple(listed) for role, listed in self.people.items()}
        type, key = self.type, self.key
        if self._marked:
            type, key = overrides(self._marked, type, key, self.fields, lists)
        return Record(type, self.fields, lists, location, key)

    # What waits for the rest of the record ----------------------------------------------------------------------------

    def _settle(self) -> None:
        fields = self.fields
        if self._dates:
            self._date()
        if self._begin or self._finish:
            self._pages()
        if self._keywords:
            self.one("keywords", "keywords", mending.keywords(self._keywords))
        for tag, link in self._links:
            self.one(tag, "url", link)
        if "doi" not in fields and "url" in fields and (doi := mending.doi_in(fields["url"])):
            fields["doi"] = doi
        if "pmid" not in fields and "accession" in fields and _PUBMED.search(fields.get("database", "")):
            number = fields["accession"].strip()
            if number.isascii() and number.isdigit() and len(number) < 10:
                fields["pmid"] = number

    def _date(self) -> None:
        iso, rest = dates.combine(tuple([text for _, text in self._dates]))
        if iso:
            self.fields.setdefault("date", iso)
            for at in rest:
                self.keep(*self._dates[at])
            return
        for tag, text in self._dates:  # "in press", "t.t.": as it is written
            self.one(tag, "year", text)

    def _pages(self) -> None:
        begin, finish = mending.pages(self._begin), mending.pages(self._finish)
        if begin and finish and begin != finish and "–" not in begin:
            begin = f"{begin}–{finish}"
        # Ovid's "No Pagination Specified" is taken apart by Zotero.
        if (begin or finish) and begin != "No–Specified":
            self.one("pages", "pages", begin or finish)

    # Fields that are more than text -----------------------------------------------------------------------------------

    def put_doi(self, tag: str, value: str) -> None:
        found = mending.doi(one_line(value))
        if found:
            self.one(tag, "doi", found)
        else:
            self.keep(tag, value)

    def put_serial(self, tag: str, value: str) -> None:
        isbn, issn, rest = mending.serials(value)
        for name, found in (("isbn", isbn), ("issn", issn)):
            if found:
                there = self.fields[name].split(", ") if name in self.fields else ()
                self.fields[name] = ", ".join(dict.fromkeys((*there, *found)))
        if rest and not (isbn or issn) and self.type in ("report", "patent", "standard"):
            self.one(tag, "number", rest)
        elif rest and not isbn and not issn:
            self.keep(tag, value)

    def put_language(self, tag: str, value: str) -> None:
        value = one_line(value)
        if value:
            known = mending.language(value)
            self.one(tag, "langid" if known else "language", known or value)

    def put_url(self, tag: str, value: str) -> None:
        if value := one_line(value):
            self._links.append((tag, value))

    def put_link(self, tag: str, value: str) -> None:
        if doi := mending.doi_in(one_line(value)):
            self.fields.setdefault("doi", doi)
        self.keep(tag, value)

    def put_kind(self, tag: str, value: str) -> None:
        """Put what sort of thesis or report it is; of an article, "Article" says nothing that a reference should print."""
        value = one_line(value)
        if value and self.type == "thesis":
            self.one(tag, "type", mending.thesis(value))
        elif value and self.type in (
            "report",
            "patent",
            "legislation",
            "jurisdiction",
            "software",
            "misc",
            "unpublished",
        ):
            self.one(tag, "type", value)
        else:
            self.keep(tag, value)

    def put_seen(self, tag: str, value: str) -> None:
        when = dates.read(one_line(value))
        if when.whole and when.iso:
            self.one(tag, "urldate", when.iso)
        else:
            self.keep(tag, value)

    def put_mark(self, tag: str, value: str) -> None:
        value = value.strip()
        if _KEY.fullmatch(value) and not self.key:
            self.key = value
        else:
            self.keep(tag, value)

    def put_date(self, tag: str, value: str) -> None:
        if value := one_line(value):
            self._dates.append((tag, value))

    def put_keywords(self, _: str, value: str) -> None:
        if value and not value.isspace():
            self._keywords.append(value)

    def put_first_page(self, tag: str, value: str) -> None:
        if value := one_line(value):
            if self._begin:
                self.keep(tag, value)
            else:
                self._begin = value

    def put_last_page(self, tag: str, value: str) -> None:
        if value := one_line(value):
            if self._finish:
                self.keep(tag, value)
            else:
                self._finish = value

    def put_pages(self, tag: str, value: str) -> None:
        if value := mending.pages(one_line(value)):
            self.one(tag, "pages", value)

    def put_container(self, tag: str, value: str) -> None:
        if value := one_line(value):
            self.one(tag, container_of(self.type), value)

    def put_house(self, tag: str, value: str) -> None:
        if value := one_line(value):
            self.one(tag, house_of(self.type), value)

    def put_abstract(self, tag: str, value: str) -> None:
        if value := one_line(mending.unmarked(value)):
            self.one(tag, "abstract", value)

    def put_note(self, tag: str, value: str) -> None:
        if MARK in value or "PMID:" in value or "DOI:" in value or "PMCID:" in value:
            value = " ".join(line for line in value.split("\n") if not (self.mark(line) or self._identifier(tag, line)))
        if not (value := one_line(value)):
            return
        there = self.fields.get("note")
        self.fields["note"] = value if there is None else f"{there}; {value}"

    def _identifier(self, tag: str, line: str) -> bool:
        """Put an identifier that Zotero writes into its notes; return whether ``line`` is one."""
        match = _IDENTIFIER.fullmatch(line.strip())
        if match is None:
            return False
        self.put(tag, match[1].lower(), match[2])
        return True

    def put_affiliation(self, _: str, value: str) -> None:
        if value := one_line(value):
            there = self.fields.get("affiliation")
            self.fields["affiliation"] = value if there is None else f"{there}; {value}"


def _role(role: str) -> Callable[[Form, str, str], None]:
    return lambda form, _, value: form.person(role, value)


_SPECIAL: Mapping[str, Callable[[Form, str, str], None]] = {
    "doi": Form.put_doi, "serial": Form.put_serial, "isbn": Form.put_serial, "issn": Form.put_serial,
    "langid": Form.put_language, "type": Form.put_kind,
    "url": Form.put_url, "link": Form.put_link, "urldate": Form.put_seen, "mark": Form.put_mark, "date": Form.put_date,
    "keywords": Form.put_keywords, "begin": Form.put_first_page, "finish": Form.put_last_page, "container": Form.put_container,
    "house": Form.put_house, "pages": Form.put_pages, "abstract": Form.put_abstract,
    "note": Form.put_note, "affiliation": Form.put_affiliation,
    **{role: _role(role) for role in PEOPLE},
}  # fmt: skip


# What another format has no place for ---------------------------------------------------------------------------------


def overrides(
    given: Iterable[tuple[str, str]],
    type: str,
    key: str,
    fields: dict[str, str],
    lists: dict[str, tuple[Person, ...]],
) -> tuple[str, str]:
    """Let ``given``, what `marked` made, count instead of what was read; return type and key."""
    for name, value in given:
        if name == "type":
            type = value if _TYPE.fullmatch(value) else type
        elif name == "key":
            key = value
        elif not _NAME.fullmatch(name.removeprefix(".")):
            continue
        elif name in PEOPLE:
            fields.pop(name, None)
            lists.pop(name, None)
            if found := names.parse(value):
                lists[name] = found
        elif value:
            fields[name.removeprefix(".")] = value
        else:
            fields.pop(name.removeprefix("."), None)
    return type, key


def marked(wanted: Record, read: Record | None) -> tuple[tuple[str, str], ...]:
    """Return what has to be said besides, so that a record that is read as ``read`` is ``wanted``."""
    found: list[tuple[str, str]] = []
    there = read or Record("")
    if wanted.type != there.type:
        found.append(("type", wanted.type))
    if wanted.key != there.key:
        found.append(("key", wanted.key))
    for role in dict.fromkeys((*wanted.people, *there.people)):
        if wanted.people.get(role, ()) != there.people.get(role, ()):
            found.append((role, names.write(wanted.people.get(role, ()))))
    for name in dict.fromkeys((*wanted.fields, *there.fields)):
        value = wanted.fields.get(name, "")
        if value != there.fields.get(name, ""):
            plain = "." + name if name in ("type", "key", *PEOPLE) or name.startswith(".") else name
            found.append((plain, value))
    return tuple(found)
