"""RIS: the format of Reference Manager, which nearly every database and program exports, each in its own way.

Tags as in the specification of 2011 (Thomson Reuters, "RIS Format Specifications"), and those that Scopus, Embase, ProQuest,
EndNote, Zotero and Mendeley add. What RIS has no place for is written as a note that `read` takes back: ``biblatex:FIELD=VALUE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from libreview.texts.formats import people, tagged
from libreview.texts.formats.filling import MARK, Form, container_of, house_of, marked
from libreview.texts.formats.mending import split_keywords
from libreview.texts.formats.records import PARTS, Reading, Record

__all__ = ["FIELDS", "TAGS", "TYPES", "read", "write"]

TYPES: Mapping[str, str] = {
    "JOUR": "article", "EJOUR": "article", "ABST": "article", "INPR": "article", "MGZN": "article", "NEWS": "article",
    "JFULL": "periodical", "SER": "periodical",
    "BOOK": "book", "EBOOK": "book", "CLSWK": "book", "ANCIENT": "book", "EDBOOK": "collection",
    "CHAP": "incollection", "ECHAP": "incollection", "CPAPER": "inproceedings", "CONF": "inproceedings",
    "DICT": "inreference", "ENCYC": "inreference",
    "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "GRANT": "report",
    "ELEC": "online", "WEB": "online", "BLOG": "online", "ICOMM": "online",
    "UNPB": "unpublished", "MANSCPT": "unpublished", "PAMP": "booklet", "PAT": "patent", "STAND": "standard",
    "STAT": "legislation", "BILL": "legislation", "UNBILL": "legislation", "LEGAL": "legislation", "HEAR": "legislation",
    "CASE": "jurisdiction", "COMP": "software", "DATA": "dataset", "AGGR": "dataset", "DBASE": "dataset",
    "PCOMM": "letter", "INTV": "misc", "MAP": "image", "FIGURE": "image", "CHART": "image", "ART": "artwork",
    "MPCT": "movie", "VIDEO": "video", "MULTI": "video", "SOUND": "audio", "MUSIC": "music", "SLIDE": "misc",
    "ADVS": "misc", "CTLG": "misc", "EQUA": "misc", "GEN": "misc",
}  # fmt: skip
"""The types of RIS in those of biblatex."""

_SUBTYPES = {"MGZN": "magazine", "NEWS": "newspaper"}
_SPELT = {
    "JOURNALARTICLE": "JOUR", "ARTICLE": "JOUR", "JOURNAL": "JOUR", "BOOKSECTION": "CHAP", "CHAPTER": "CHAP",
    "BOOKCHAPTER": "CHAP", "THESIS": "THES", "REPORT": "RPRT", "CONFERENCEPAPER": "CPAPER", "WEBPAGE": "ELEC",
    "CPPAPER": "CPAPER", "NEWSPAPER": "NEWS", "MAGAZINE": "MGZN", "GENERIC": "GEN",
}  # fmt: skip
_LINES = frozenset(("KW", "AU", "A1", "A2", "ED", "A4"))
"""Tags of which each line is a value of its own; EndNote writes the keywords of a record so."""
_BACK = {
    **{type: tag for tag, type in reversed(tuple(TYPES.items()))},
    "misc": "GEN", "inbook": "CHAP", "mvbook": "BOOK", "proceedings": "CONF", "review": "JOUR", "manual": "BOOK",
}  # fmt: skip

TAGS: Mapping[str, str] = {
    "ID": "mark",
    "TI": "title", "T1": "title", "CT": "title",
    "AU": "author", "A1": "author", "ED": "editor", "A2": "editor", "A4": "translator",
    "JF": "container", "T2": "container", "J2": "shortjournal", "JA": "shortjournal",
    "JI": "shortjournal", "T3": "series",
    "PY": "date", "Y1": "date", "DA": "date",
    "VL": "volume", "VO": "volume", "IS": "number", "C7": "eid", "NV": "volumes",
    "PB": "house", "PU": "house", "CY": "location", "PP": "location", "PI": "location", "SN": "serial", "DO": "doi",
    "UR": "url", "L1": "link", "L2": "link", "L3": "link", "LK": "link", "Y2": "urldate",
    "AB": "abstract", "N2": "abstract", "KW": "keywords", "LA": "langid", "N1": "note", "ST": "shorttitle",
    "M3": "type", "DB": "database", "DP": "database", "AN": "accession", "CN": "library", "AD": "affiliation",
}  # fmt: skip
"""The tags of RIS in fields of biblatex, or in what `filling` makes of them. Of two for one field the first here counts."""

FIELDS: Mapping[str, str] = {
    "title": "TI", "shorttitle": "ST", "shortjournal": "J2", "volume": "VL", "number": "IS", "eid": "C7",
    "volumes": "NV", "edition": "ET", "location": "CY", "isbn": "SN", "issn": "SN", "doi": "DO", "url": "UR",
    "urldate": "Y2", "abstract": "AB", "langid": "LA", "language": "LA", "note": "N1", "type": "M3", "database": "DB",
    "accession": "AN", "library": "CN", "affiliation": "AD",
}  # fmt: skip
"""The fields of biblatex in tags of RIS, in the order in which they are written."""

_KNOWN = "|".join(sorted({*TAGS, "TY", "ER", "ET", "M1", "M2", "A3", "RN", "SE", "L4", "OP", "RP", "U1", "U2", "U3"}))
_LINE = rf"[ \t\ufeff]{{0,4}}([A-Z][A-Z0-9])(?:  -(?=[ \t\n]|\Z)|(?<={_KNOWN})[ \t]{{1,4}}-(?![-\w]{{2}}))"
_DIALECT = tagged.dialect(_LINE, "TY", last=("ER",))
_OWN = re.compile(r"x-ris-(?!ty|er|id|n1)[a-z][a-z0-9]")
_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def read(data: bytes, path: str) -> Reading:
    """Return the records of a RIS file. Nothing is raised: what cannot be read is a problem with its line."""
    return tagged.read(data, path, _DIALECT, _form)


def _form(tags: Mapping[str, list[str]]) -> Form:
    code = "".join(tags.get("TY", ("",))[0].split()).upper()
    code = _SPELT.get(code, code)
    form = Form("ris", TYPES.get(code, "misc"))
    tagged.fill(form, {tag: values for tag, values in tags.items() if tag not in _APART}, TAGS, _LINES)
    _apart(form, tags)
    if form.empty:
        return form
    if code and code not in TYPES:
        form.keep("TY", code)
    if code in _SUBTYPES:
        form.fields.setdefault("entrysubtype", _SUBTYPES[code])
    elif code == "INPR":
        form.fields.setdefault("pubstate", "inpress")
    return form


_APART = frozenset(("TY", "ET", "M1", "BT", "JO", "SP", "EP", "ER"))
"""Tags that mean something else in a record of another type, or beside other tags."""
_WHOLE = frozenset(("book", "collection", "thesis", "report", "booklet"))
"""Types of which ``SP`` says how many pages they have."""


def _apart(form: Form, tags: Mapping[str, list[str]]) -> None:
    for value in tags.get("ET", ()):
        if form.type == "article" and re.match(r"\s*\d{4}/", value):
            form.keep("ET", value)  # PubMed's way from EndNote: the day of the electronic edition
        else:
            form.put("ET", "edition", value)
    for value in tags.get("BT", ()):
        form.put("BT", "container" if form.type in PARTS or "title" in form.fields else "title", value)
    for value in tags.get("JO", ()):  # the journal in full, or, beside it, abbreviated
        form.put(
            "JO",
            "shortjournal" if "journaltitle" in form.fields and "shortjournal" not in form.fields else "container",
            value,
        )
    for tag, target in (("SP", "begin"), ("EP", "finish")):
        for value in tags.get(tag, ()):
            whole = form.type in _WHOLE and "EP" not in tags and value.strip().isdecimal()
            form.put(tag, "pagetotal" if whole else target, value)
    for value in tags.get("M1", ()):
        if "number" not in form.fields and re.fullmatch(r"\s*\d{1,4}\s*", value):
            form.put("M1", "number", value)
        else:
            form.keep("M1", value)


# Writing --------------------------------------------------------------------------------------------------------------


def write(records: Iterable[Record]) -> bytes:
    """Return ``records`` as a RIS file, which `read` reads as the same records."""
    out: list[str] = []
    for record in records:
        lines = _lines(record)
        tags: dict[str, list[str]] = {}
        for tag, value in lines:
            tags.setdefault(tag, []).append(value)
        form = _form(tags)
        there = None if form.empty else form.record(record.location)
        more = marked(record, there)
        if there is None and not more:
            more = (("type", record.type),)
        lines.extend(("N1", f"{MARK}{name}={value}") for name, value in more)
        out.extend(f"{tag}  - {value}".rstrip() + "\r\n" for tag, value in lines)
        out.append("ER  - \r\n\r\n")
    return "".join(out).encode("utf-8", "replace")


def _type(record: Record) -> str:
    subtype = record.get("entrysubtype")
    if record.type == "article" and subtype in _SUBTYPES.values():
        return next(tag for tag, name in _SUBTYPES.items() if name == subtype)
    return _BACK.get(record.type, "GEN")


def _lines(record: Record) -> list[tuple[str, str]]:
    """Return the record in tags, as well as RIS can say it."""
    lines = [("TY", _type(record))]
    if record.key:
        lines.append(("ID", record.key))
    for role, tag in (("author", "AU"), ("editor", "A2" if record.type in PARTS else "ED"), ("translator", "A4")):
        lines.extend((tag, people.write(person)) for person in record.people.get(role, ()))
    container = container_of(record.type)
    house = house_of(record.type)
    fields = record.fields
    for name, tag in FIELDS.items():
        if name in fields and name != container:
            lines.append((tag, fields[name]))
    if container in fields:
        lines.append(("JF" if container == "journaltitle" else "T2", fields[container]))
    if "series" in fields and container != "series":
        lines.append(("T3", fields["series"]))
    if house in fields:
        lines.append(("PB", fields[house]))
    if match := _YEAR.fullmatch(fields.get("date", "")):
        lines.append(("PY", match[1]))
        if match[2]:
            lines.append(("DA", "/".join(part for part in match.groups() if part)))
    elif "year" in fields:
        lines.append(("PY", fields["year"]))
    if "pagetotal" in fields and record.type in _WHOLE and "pages" not in fields:
        lines.append(("SP", fields["pagetotal"]))
    if "pages" in fields:
        begin, _, end = fields["pages"].partition("–")
        lines.extend((tag, page) for tag, page in (("SP", begin), ("EP", end)) if page)
    lines.extend(("KW", word) for word in split_keywords(fields.get("keywords", "")))
    lines.extend((name[6:].upper(), value) for name, value in fields.items() if _OWN.fullmatch(name))
    return lines
