"""A book as Open Library answers (Books API with ``jscmd=data``)."""

from __future__ import annotations

from collections.abc import Mapping

from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import MOST_PEOPLE, date, filled, json_of, line, marked, person

__all__ = ["read"]


def read(data: bytes) -> Answer | None:
    """Return the book; None if the library has none. ValueError if ``data`` is no such answer."""
    found = json_of(data)
    if found == {} or found == []:
        return None
    book = next(iter(found.values())) if isinstance(found, dict) else None
    if not isinstance(book, dict) or not (title := marked(book.get("title"))):
        raise ValueError("no book")
    numbers = book.get("identifiers")
    isbns = numbers.get("isbn_13") or numbers.get("isbn_10") if isinstance(numbers, dict) else None
    fields = {
        "title": title,
        "subtitle": marked(book.get("subtitle")),
        "publisher": " / ".join(_names(book, "publishers")[:2]),
        "location": " / ".join(_names(book, "publish_places")[:2]),
        "date": date(line(book.get("publish_date"), 100)),
        "pagetotal": line(book.get("number_of_pages"), 20),
        "edition": marked(book.get("edition_name")),
        "isbn": line(isbns[0], 30) if isinstance(isbns, list) and isbns else "",
    }
    return filled("book", fields, {"author": [person(name) for name in _names(book, "authors")]})


def _names(book: Mapping[str, object], list_name: str) -> list[str]:
    several = book.get(list_name)
    if not isinstance(several, list):
        return []
    found = [marked(one.get("name") if isinstance(one, dict) else one, 300) for one in several[:MOST_PEOPLE]]
    return list(dict.fromkeys(filter(None, found)))
