"""The Atom feed of one preprint, as export.arxiv.org answers (arXiv API user manual, section 3.3)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import LONGEST_ABSTRACT, MOST_PEOPLE, date, filled, line, person

__all__ = ["read"]

_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"


def read(data: bytes) -> Answer | None:
    """Return the preprint; None if the feed has none. ValueError if ``data`` is no such feed."""
    try:
        feed: Element = fromstring(data)
    except (ParseError, DefusedXmlException, LookupError, RecursionError) as error:
        raise ValueError("no feed") from error
    if feed.tag != f"{_ATOM}feed":
        raise ValueError("no feed")
    entry = feed.find(f"{_ATOM}entry")
    if entry is None:
        return None
    number = re.search(r"arxiv\.org/abs/(\S{5,40})$", _text(entry, "id"))
    if number is None:  # the register's errors are entries, too
        return None
    journal = line(entry.findtext(f"{_OWN}journal_ref"), 300)
    primary = entry.find(f"{_OWN}primary_category")
    writers = [person(line(one.findtext(f"{_ATOM}name"), 300)) for one in entry.findall(f"{_ATOM}author")[:MOST_PEOPLE]]
    fields = {
        "title": _text(entry, "title"),
        "date": date(_text(entry, "published")),
        "eprint": number[1],
        "eprinttype": "arxiv",
        "eprintclass": line(primary.get("term") if primary is not None else "", 40),
        "doi": line(entry.findtext(f"{_OWN}doi"), 300),
        "note": journal,
        "abstract": line(_text(entry, "summary", LONGEST_ABSTRACT), LONGEST_ABSTRACT),
    }
    return filled("misc", fields, {"author": writers})


def _text(entry: Element, name: str, longest: int = 2_000) -> str:
    return line(entry.findtext(f"{_ATOM}{name}"), longest)
