"""EndNote's XML, which Mendeley, Zotero, Ovid and JabRef export too: cut into records, each parsed by itself.

One record that is no XML does not take the others with it. No document type can be declared: defusedxml refuses it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from html.entities import html5
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libreview.model import Problem
from libreview.texts.formats.decoding import open_text
from libreview.texts.formats.enw import SUBTYPES, TYPES
from libreview.texts.formats.filling import Form
from libreview.texts.formats.records import Reading, Record

__all__ = ["ELEMENTS", "read"]

ELEMENTS: Mapping[str, str] = {
    "titles/title": "title", "contributors/authors/author": "author",
    "contributors/secondary-authors/author": "editor", "contributors/translated-authors/author": "translator",
    "titles/secondary-title": "container", "periodical/full-title": "container", "titles/tertiary-title": "series",
    "periodical/abbr-1": "shortjournal", "titles/alt-title": "shortjournal", "alt-periodical/full-title": "shortjournal",
    "alt-periodical/abbr-1": "shortjournal", "titles/short-title": "shorttitle", "titles/translated-title": "origtitle",
    "dates/year": "date", "dates/pub-dates/date": "date", "volume": "volume", "number": "number", "pages": "pages",
    "num-vols": "volumes", "edition": "edition", "publisher": "house", "pub-location": "location", "isbn": "serial",
    "electronic-resource-num": "doi", "urls/related-urls/url": "url", "urls/web-urls/url": "url",
    "urls/pdf-urls/url": "link", "access-date": "urldate", "language": "langid", "abstract": "abstract",
    "keywords/keyword": "keywords", "notes": "note", "work-type": "type", "accession-num": "accession",
    "remote-database-name": "database", "call-num": "library", "auth-address": "affiliation", "label": "mark",
}  # fmt: skip
"""The elements of a record in fields of biblatex, or in what `filling` makes of them. All others are kept by their names."""

_RECORD = re.compile(r"<record(?=[\s>])")
_END = "</record>"
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:(\w{1,31});)?")
_STYLE = re.compile(r"</?style(?:\s[^<>]*)?>")
"""EndNote wraps each text, and each change of type within it, in one of these."""
_USUAL = '<style face="normal" font="default" size="100%">'
_TOGETHER = 50
"""How many records are parsed together."""
_DEEPEST = 32
_SILENT = frozenset(("database", "source-app", "rec-number", "foreign-keys/key", "ref-type"))
_NUMBERS = {
    "17": "journal article", "6": "book", "28": "edited book", "5": "book section", "10": "conference proceedings",
    "47": "conference paper", "32": "thesis", "27": "report", "12": "web page", "13": "generic", "34": "unpublished work",
    "23": "newspaper article", "19": "magazine article", "43": "electronic article", "44": "electronic book",
    "60": "electronic book section", "46": "government document", "31": "statute", "25": "patent", "58": "standard",
    "59": "dataset", "9": "computer program", "3": "audiovisual material", "21": "film or broadcast", "4": "bill",
    "7": "case", "14": "hearing", "36": "manuscript", "24": "pamphlet", "26": "personal communication", "20": "map",
    "37": "figure", "38": "chart or table", "2": "artwork", "56": "blog", "52": "encyclopedia", "53": "dictionary",
    "54": "grant", "57": "serial", "61": "music", "55": "aggregated database", "45": "online database", "48": "online multimedia",
}  # fmt: skip
"""EndNote's numbers of types of reference."""


def read(data: bytes, path: str) -> Reading:
    """Return the records of an XML file of EndNote. Nothing is raised: what cannot be read is a problem with its line."""
    opened = open_text(data, path)
    text = opened.text
    records: list[Record] = []
    problems = list(opened.problems)
    starts = [match.start() for match in _RECORD.finditer(text)]
    for first in range(0, len(starts), _TOGETHER):
        group = [*starts[first : first + _TOGETHER + 1], len(text)][: _TOGETHER + 1]
        places = [_place(text, start, limit) for start, limit in pairwise(group)]
        for (start, end, _), parsed in zip(places, _parsed([chunk for _, _, chunk in places]), strict=True):
            location = opened.location(start, end)
            form = _form(parsed) if isinstance(parsed, Element) else parsed
            if isinstance(form, str):
                problems.append(Problem("record-broken", location, "", {"reason": form}))
            elif form.empty:
                problems.append(Problem("record-empty", location))
            else:
                records.append(form.record(location))
    if text.strip() and not starts:
        problems.append(Problem("file-without-records", opened.location(0, 0)))
    return Reading(tuple(records), tuple(problems), opened.encoding)


def _entity(match: re.Match[str]) -> str:
    """Return a reference that XML itself does not know as the character it means, or as text."""
    letter = html5.get(f"{match[1]};", "") if match[1] else ""
    return letter if letter and letter not in "<>&" else f"&amp;{match.group()[1:]}"


def _place(text: str, start: int, limit: int) -> tuple[int, int, str]:
    """Return start and end of the record that begins at ``start``, and what of it is parsed: it has an end in any case."""
    at = text.find(_END, start, limit)
    if at < 0:
        end = start + len(text[start:limit].rstrip())
        return start, end, _bare(text[start:end] + _END)
    end = at + len(_END)
    return start, end, _bare(text[start:end])


def _bare(chunk: str) -> str:
    """Return a record without styles, and without references that XML itself does not know."""
    chunk = chunk.replace(_USUAL, "").replace("</style>", "")
    if "<style" in chunk:
        chunk = _STYLE.sub("", chunk)
    return _AMPERSAND.sub(_entity, chunk) if "&" in chunk else chunk


def _parsed(chunks: Sequence[str]) -> list[Element | str]:
    """Return the element of each record, or the reason why it is none. All are tried together first, which is quicker."""
    whole = "".join(chunks)
    with contextlib.suppress(ParseError, DefusedXmlException, ValueError, RecursionError):
        root: Element = fromstring(f"<records>{whole}</records>", forbid_dtd=True)
        if len(root) == len(chunks):
            return list(root)
    return [_alone(chunk) for chunk in chunks]


def _alone(chunk: str) -> Element | str:
    try:
        found: Element = fromstring(chunk, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        return str(error).split(": line")[0] or type(error).__name__
    return found


def _values(record: Element) -> dict[str, list[str]] | None:
    """Return the texts of the elements, by the names of those around them; None if they are nested too deeply."""
    found: dict[str, list[str]] = {}
    waiting: list[tuple[str, Element, int]] = [("", record, 0)]
    while waiting:
        above, parent, depth = waiting.pop()
        if depth > _DEEPEST:
            return None
        for element in parent:
            text = element.text
            if len(element) and (not text or text.isspace()):
                waiting.append((f"{above}{element.tag}/", element, depth + 1))
                continue
            if len(element):
                text = "".join(element.itertext())
            if text:
                name = above + element.tag
                if name in found:
                    found[name].append(text)
                else:
                    found[name] = [text]
    return found


def _form(record: Element) -> Form | str:
    """Return what a record says, or the reason why it cannot be read."""
    kind = record.find("ref-type")
    name, number = "", ""
    if kind is not None:
        name = (kind.get("name") or "").strip()
        number = (kind.text or "").strip() if not len(kind) else "".join(kind.itertext()).strip()
    known = name.lower() if name.lower() in TYPES else _NUMBERS.get(number, "")
    found = _values(record)
    if found is None:
        return "nested too deeply"
    form = Form("endnote", TYPES.get(known, "misc" if name or "periodical/full-title" not in found else "article"))
    for path, target in ELEMENTS.items():
        for value in found.get(path, ()):
            form.put(path, target, value)
    for path, values in found.items():
        if path not in ELEMENTS and path not in _SILENT:
            form.keep(path, *values)
    if form.empty:
        return form
    if name and name.lower() not in TYPES:
        form.keep("ref-type", name)
    if known in SUBTYPES:
        form.fields.setdefault("entrysubtype", SUBTYPES[known])
    return form
