"""The record of one article in PubMed, as efetch answers in XML (PubMed DTD 2024, element PubmedArticle)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libreview.model import Person
from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import LONGEST_ABSTRACT, MOST_PEOPLE, date, filled, language, line, pages

__all__ = ["read"]


def read(data: bytes) -> Answer | None:
    """Return the article or book; None if there is none. ValueError if ``data`` is no such answer."""
    try:
        found: Element = fromstring(data)
    except (ParseError, DefusedXmlException, LookupError, RecursionError) as error:
        raise ValueError("no article") from error
    if found.tag not in ("PubmedArticleSet", "eFetchResult"):
        raise ValueError("no article")
    article = found.find("PubmedArticle/MedlineCitation/Article")
    if article is not None:
        return _article(found, article)
    book = found.find("PubmedBookArticle/BookDocument")
    return _book(book) if book is not None else None


def _article(found: Element, article: Element) -> Answer:
    numbers = found.findall("PubmedArticle/PubmedData/ArticleIdList/ArticleId")
    issue = "Journal/JournalIssue"
    fields = {
        "title": _title(_all(article, "ArticleTitle")) or _title(_all(article, "VernacularTitle")),
        "journaltitle": _all(article, "Journal/Title"),
        "shortjournal": _all(article, "Journal/ISOAbbreviation"),
        "volume": _all(article, f"{issue}/Volume"),
        "number": _all(article, f"{issue}/Issue"),
        "pages": pages(_all(article, "Pagination/MedlinePgn") or _all(article, "Pagination/StartPage")),
        "date": _date(article.find(f"{issue}/PubDate")) or _date(article.find("ArticleDate")),
        "issn": _all(article, "Journal/ISSN"),
        "doi": next((line(one.text, 300) for one in numbers if one.get("IdType") == "doi"), "")
        or next((line(one.text, 300) for one in article.findall("ELocationID") if one.get("EIdType") == "doi"), ""),
        "pmid": _all(found, "PubmedArticle/MedlineCitation/PMID"),
        "langid": language(_all(article, "Language")),
        "abstract": _abstract(article),
    }
    return filled("article", fields, {"author": _people(article.find("AuthorList"))})


def _book(book: Element) -> Answer:
    chapter, whole = _title(_all(book, "ArticleTitle")), _title(_all(book, "Book/BookTitle"))
    fields = {
        "title": chapter or whole,
        "booktitle": whole if chapter else "",
        "publisher": _all(book, "Book/Publisher/PublisherName"),
        "location": _all(book, "Book/Publisher/PublisherLocation"),
        "isbn": _all(book, "Book/Isbn"),
        "date": _date(book.find("Book/PubDate")) or _date(book.find("ContributionDate")),
        "pmid": _all(book, "PMID"),
        "langid": language(_all(book, "Language")),
        "abstract": _abstract(book),
    }
    lists = (*book.findall("AuthorList"), *book.findall("Book/AuthorList"))
    people = {one.get("Type") or "authors": _people(one) for one in reversed(lists)}
    return filled(
        "incollection" if chapter else "book",
        fields,
        {"author": people.get("authors", []), "editor": people.get("editors", [])},
    )


def _all(place: Element, path: str, longest: int = 2_000) -> str:
    """Return the whole text of an element, that of its markup included."""
    found = place.find(path)
    return line("".join(found.itertext()), longest) if found is not None else ""


def _title(text: str) -> str:
    """Return a title without the brackets of a translation and the full stop that PubMed puts at its end."""
    text = text.removesuffix(".")
    return text[1:-1].removesuffix(".") if text.startswith("[") and text.endswith("]") else text


def _abstract(place: Element) -> str:
    parts: list[str] = []
    for one in place.findall("Abstract/AbstractText")[:50]:
        text = line("".join(one.itertext()), LONGEST_ABSTRACT)
        label = line(one.get("Label"), 100)
        parts.append(f"{label}: {text}" if label and text else text)
    return line(" ".join(filter(None, parts)), LONGEST_ABSTRACT)


def _people(place: Element | None) -> list[Person]:
    return list(_persons(place)) if place is not None else []


def _persons(place: Element) -> Iterator[Person]:
    for one in place.findall("Author")[:MOST_PEOPLE]:
        body, family = _all(one, "CollectiveName", 300), _all(one, "LastName", 300)
        given = _all(one, "ForeName", 300) or _all(one, "Initials", 300)
        if family or given:
            suffix = _all(one, "Suffix", 100) if family else ""
            yield Person(family or given, given if family else "", "", suffix)
        elif body:
            yield Person(literal=body)


def _date(place: Element | None) -> str:
    if place is None:
        return ""
    parts = (_all(place, name, 20) for name in ("Year", "Month", "Day"))
    return date(" ".join(filter(None, parts))) or date(_all(place, "MedlineDate", 60))
