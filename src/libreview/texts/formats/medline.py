"""MEDLINE, as PubMed and Ovid write it (``.nbib``): tags of two to four letters, lines that go on indented.

Fields: National Library of Medicine, "MEDLINE/PubMed Data Element (Field) Descriptions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.texts.formats import tagged
from libreview.texts.formats.filling import Form
from libreview.texts.formats.records import Reading, one_line

__all__ = ["TAGS", "TYPES", "read"]

TYPES: Mapping[str, str] = {
    "book": "book", "books": "book", "book chapter": "incollection", "chapter": "incollection", "dataset": "dataset",
    "academic dissertation": "thesis", "dissertation": "thesis", "technical report": "report", "preprint": "online",
    "legislation": "legislation", "patent": "patent", "video-audio media": "video", "webcast": "video",
    "newspaper article": "article", "journal article": "article",
}  # fmt: skip
"""What stands under ``PT``, in lower case, and types of biblatex. All else is an article."""

TAGS: Mapping[str, str] = {
    "PMID": "pmid", "PMC": "pmcid",
    "TI": "title", "BTI": "booktitle", "CTI": "series", "TT": "origtitle",
    "FAU": "author", "CN": "author", "FED": "editor",
    "JT": "container", "TA": "shortjournal",
    "DP": "date", "VI": "volume", "IP": "number", "PG": "pages",
    "PB": "house", "CP": "chapter", "EN": "edition",
    "IS": "serial", "ISBN": "serial", "LA": "langid", "AB": "abstract", "OT": "keywords", "AD": "affiliation",
}  # fmt: skip
"""The tags of MEDLINE in fields of biblatex. Those that are not here (``MH``, ``OWN``, ``PHST``) are kept."""

_LINE = r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,2}-(?= |\n|\Z)"
_DIALECT = tagged.dialect(_LINE, "PMID", once=("TI", "OWN", "STAT", "UI", "VN", "DB"))
_APART = frozenset(("PT", "AU", "FAU", "ED", "FED", "AID", "LID", "JT", "TA", "TI"))
_FULL_STOP = re.compile(r"(?<![.\s][^\W\d_])(?<=[^\s.][^\s.])\.\Z|(?<=[^\s.])[?!]\.\Z")
"""The full stop that MEDLINE puts behind every title; that of an abbreviation stays."""


def read(data: bytes, path: str) -> Reading:
    """Return the records of a MEDLINE file. Nothing is raised: what cannot be read is a problem with its line."""
    return tagged.read(data, path, _DIALECT, _form)


def _form(tags: Mapping[str, list[str]]) -> Form:
    kinds = [" ".join(kind.split()) for kind in tags.get("PT", ())]
    type = next((TYPES[kind.lower()] for kind in kinds if kind.lower() in TYPES), "article")
    if "BTI" in tags and type == "article":
        type = "incollection" if tags.get("TI") else "book"
    form = Form("medline", type, initials=True)
    for value in tags.get("TI", ()):
        form.put("TI", "title", value)
    for full, short, role in (("FAU", "AU", "author"), ("FED", "ED", "editor")):
        chosen = tags.get(full) or tags.get(short) or []  # the same people, in full and as initials
        for value in chosen:
            form.person(role, value)
        if len(tags.get(short, ())) > len(chosen):
            form.keep(short, *tags[short])
    _container(form, tags)
    for tag in ("LID", "AID"):
        for value in tags.get(tag, ()):
            _identifier(form, tag, value)
    tagged.fill(form, {tag: values for tag, values in tags.items() if tag not in _APART}, TAGS)
    form.keep("PT", *kinds)
    if "BTI" in tags and "title" not in form.fields:
        form.fields["title"] = form.fields.pop("booktitle")
    title = form.fields.get("title", "")
    if _FULL_STOP.search(title, max(len(title) - 3, 0)):
        form.fields["title"] = title[:-1]
    return form


def _container(form: Form, tags: Mapping[str, list[str]]) -> None:
    for tag, target in (("JT", "container"), ("TA", "shortjournal")):
        for value in tags.get(tag, ()):
            form.put(tag, target, value)


def _identifier(form: Form, tag: str, value: str) -> None:
    """Put what stands under ``LID`` or ``AID``: a DOI, or the publisher's own number, which may be that of the article."""
    value = one_line(value)
    if value.endswith(" [doi]"):
        form.put(tag, "doi", value[:-6])
    elif tag == "LID" and value.endswith(" [pii]") and "eid" not in form.fields:
        form.put(tag, "eid", value[:-6])
    else:
        form.keep(tag, value)
