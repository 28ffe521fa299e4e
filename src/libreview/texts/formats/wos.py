"""Web of Science, plain text with two-letter tags (``.ciw``, ``.isi``, ``savedrecs.txt``): lines that go on are indented.

Tags: Clarivate, "Web of Science Core Collection Field Tags". Its tab-delimited export has the same names as headers; see `csv`.
"""

from __future__ import annotations

from collections.abc import Mapping

from libreview.texts.formats import tagged
from libreview.texts.formats.filling import Form
from libreview.texts.formats.records import Reading

__all__ = ["TAGS", "TYPES", "read", "type_of"]

TYPES: Mapping[str, str] = {
    "J": "article",
    "B": "book",
    "S": "book",
    "C": "inproceedings",
    "P": "patent",
    "D": "dataset",
}
"""What stands under ``PT``: journal, book, series, conference, patent."""

_DOCUMENTS = (
    ("book chapter", "incollection"),
    ("proceedings paper", "inproceedings"),
    ("meeting abstract", "inproceedings"),
    ("article", "article"),
    ("review", "article"),
    ("data paper", "article"),
    ("data set", "dataset"),
    ("book", "book"),
)

TAGS: Mapping[str, str] = {
    "TI": "title", "AF": "author", "AU": "author", "CA": "author", "BF": "editor", "BE": "editor", "ED": "editor",
    "SO": "container", "JI": "shortjournal", "J9": "shortjournal", "SE": "series", "PY": "date", "PD": "date",
    "VL": "volume", "IS": "number", "BP": "begin", "EP": "finish", "AR": "eid",
    "PU": "house", "PI": "location", "SN": "serial", "EI": "serial", "BN": "serial", "DI": "doi", "D2": "doi",
    "AB": "abstract", "DE": "keywords", "LA": "langid", "CT": "eventtitle", "CL": "venue", "CY": "eventdate",
    "DT": "type", "PM": "pmid", "UT": "accession", "C1": "affiliation",
}  # fmt: skip
"""The tags of Web of Science in fields of biblatex. Those that are not here (``CR``, ``TC``, ``ID``) are kept."""

_LINE = r"\ufeff?([A-Z][A-Z0-9])(?=[ \t]|\n|\Z)"
_DIALECT = tagged.dialect(_LINE, "PT", last=("ER",), outside=("FN", "VR", "EF"))
_APART = frozenset(("PT", "AF", "AU", "BF", "BE", "BA"))


def read(data: bytes, path: str) -> Reading:
    """Return the records of a file. Nothing is raised: what cannot be read is a problem with its line."""
    return tagged.read(data, path, _DIALECT, _form)


def type_of(kind: str, document: str) -> str:
    """Return the type of a record by its ``PT`` and ``DT``."""
    document = document.lower()
    if kind in ("", "J", "D") or "chapter" in document:
        for word, type in _DOCUMENTS:
            if word in document and not (kind == "J" and type == "inproceedings"):
                return type
    return TYPES.get(kind, "article")


def _form(tags: Mapping[str, list[str]]) -> Form:
    kind = "".join(tags.get("PT", ("",))[0].split())
    document = " ".join(tags.get("DT", ("",))[0].split())
    form = Form("wos", type_of(kind, document))
    authors = tags.get("AF") or tags.get("AU") or tags.get("BA") or ()  # the same people, in full and as initials
    for value in authors:
        for line in value.split("\n"):
            form.person("author", line)
    editors = tags.get("BF") or tags.get("BE") or ()
    for value in editors:
        for line in value.split("\n"):
            form.person("editor", line)
    tagged.fill(form, {tag: values for tag, values in tags.items() if tag not in _APART}, TAGS, ("CA", "CR", "C1"))
    if not form.empty and "accession" in form.fields:
        form.fields.setdefault("database", "Web of Science")
    if not form.empty and kind not in TYPES:
        form.keep("PT", kind)
    return form
