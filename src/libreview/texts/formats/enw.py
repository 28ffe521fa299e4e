"""EndNote's tagged format (``.enw``), which goes back to refer(1): ``%A``, ``%T``, one value a line; Google Scholar and OJS export it.

Tags: EndNote, "Tagged file formats: EndNote import"; refer(1) for files without ``%0``, in which blank lines part the records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.texts.formats import mending, tagged
from libreview.texts.formats.filling import Form
from libreview.texts.formats.records import ARTICLES, PARTS, Reading

__all__ = ["SUBTYPES", "TAGS", "TYPES", "read"]

TYPES: Mapping[str, str] = {
    "journal article": "article", "electronic article": "article", "magazine article": "article",
    "newspaper article": "article", "book": "book", "electronic book": "book", "edited book": "collection",
    "classical work": "book", "ancient text": "book", "book section": "incollection",
    "electronic book section": "incollection", "encyclopedia": "inreference", "dictionary": "inreference",
    "conference paper": "inproceedings", "conference proceedings": "inproceedings", "thesis": "thesis",
    "report": "report", "government document": "report", "grant": "report", "web page": "online", "blog": "online",
    "online database": "dataset", "online multimedia": "video", "dataset": "dataset",
    "aggregated database": "dataset", "computer program": "software", "unpublished work": "unpublished",
    "manuscript": "unpublished", "pamphlet": "booklet", "patent": "patent", "standard": "standard",
    "statute": "legislation", "bill": "legislation", "legal rule or regulation": "legislation", "hearing": "legislation",
    "case": "jurisdiction", "personal communication": "letter", "map": "image", "figure": "image", "chart or table": "image",
    "artwork": "artwork", "film or broadcast": "movie", "audiovisual material": "video", "music": "music", "serial": "periodical",
    "generic": "misc",
}  # fmt: skip
"""What stands under ``%0`` (and in EndNote's XML), in lower case, in types of biblatex."""

TAGS: Mapping[str, str] = {
    "F": "mark", "T": "title", "A": "author", "E": "editor", "?": "translator", "J": "container", "B": "container",
    "S": "series", "!": "shorttitle", "D": "date", "8": "date", "V": "volume", "N": "number", "P": "pages",
    "I": "house", "C": "location", "@": "serial", "R": "doi", "U": "url", "7": "edition",
    "[": "urldate", "G": "langid", "X": "abstract", "K": "keywords", "Z": "note", "9": "type", "6": "volumes",
    "M": "accession", "W": "database", "~": "database", "L": "library", "+": "affiliation", "O": "note",
}  # fmt: skip
"""The letters after ``%`` in fields of biblatex, or in what `filling` makes of them."""

_NAMES = {"(": "paren", ")": "close", "&": "and", "<": "less", ">": "pdf", "=": "equal", "]": "bracket", "$": "dollar",
          "#": "number", "*": "star", "'": "quote", '"': "quotes", "^": "caret", "/": "slash", "\\": "backslash", "|": "bar",
          "{": "brace", "}": "braces", "-": "hyphen", ".": "dot", ",": "comma", ";": "semicolon", ":": "colon", "`": "grave"}  # fmt: skip
_LINE = r"\ufeff?%([!-~])(?=[ \t]|\n|\Z)"
_DIALECT = tagged.dialect(_LINE, "0", once=("T", "A"))
SUBTYPES = {"magazine article": "magazine", "newspaper article": "newspaper"}
_PAIRS = re.compile(r"\A\s*10\.\d{4,9}/|\A\s*doi:", re.IGNORECASE)


def read(data: bytes, path: str) -> Reading:
    """Return the records of a file. Nothing is raised: what cannot be read is a problem with its line."""
    return tagged.read(data, path, _DIALECT, _form)


def _form(tags: Mapping[str, list[str]]) -> Form:
    kind = " ".join(tags.get("0", ("",))[0].split())
    type = TYPES.get(kind.lower(), "article" if "J" in tags and "0" not in tags else "misc")
    if type not in PARTS and type not in ARTICLES and "0" not in tags and "B" in tags:
        type = "incollection"
    form = Form("enw", type)
    rest = {_NAMES.get(tag, tag): values for tag, values in tags.items() if tag not in _APART}
    tagged.fill(form, rest, TAGS, ("A", "E", "K"))
    for value in tags.get("M", ()):
        _accession(form, value)
    if form.empty:
        return form
    if kind and kind.lower() not in TYPES:
        form.keep("0", kind)
    if kind.lower() in SUBTYPES:
        form.fields.setdefault("entrysubtype", SUBTYPES[kind.lower()])
    return form


_APART = frozenset("0M")


def _accession(form: Form, value: str) -> None:
    """Put what stands under ``%M``: an accession number, or the DOI, which OJS writes here."""
    if not _PAIRS.search(value):
        form.put("M", "accession", value)
    elif "doi" not in form.fields or mending.doi(" ".join(value.split())) != form.fields["doi"]:
        form.put("M", "doi", value)
