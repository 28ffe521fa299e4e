"""CSL-JSON, as Zotero, Better BibTeX, Crossref and pandoc write it: cut into items, each decoded by itself.

Variables and types: CSL 1.0.2, appendices III and IV, and its JSON schema, whose ``custom`` holds what CSL has no place for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from libreview.model import OTHERS, Person, Problem
from libreview.texts.formats import dates, mending
from libreview.texts.formats.decoding import open_text
from libreview.texts.formats.filling import Form, container_of, house_of, marked, overrides
from libreview.texts.formats.records import Reading, Record, one_line
from libreview.value import DecodeError, decode, encode_lines

__all__ = ["ROLES", "TYPES", "VARIABLES", "read", "write"]

TYPES: Mapping[str, str] = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "article": "article",
    "review": "review", "review-book": "review", "periodical": "periodical", "book": "book", "classic": "book",
    "chapter": "incollection", "paper-conference": "inproceedings", "entry-encyclopedia": "inreference",
    "entry-dictionary": "inreference", "entry": "inreference", "thesis": "thesis", "report": "report",
    "webpage": "online", "post-weblog": "online", "post": "online", "manuscript": "unpublished", "speech": "unpublished",
    "pamphlet": "booklet", "legislation": "legislation", "bill": "legislation", "regulation": "legislation",
    "treaty": "legislation", "hearing": "legislation", "legal_case": "jurisdiction", "patent": "patent",
    "standard": "standard", "software": "software", "dataset": "dataset", "personal_communication": "letter",
    "interview": "misc", "document": "misc", "graphic": "artwork", "figure": "image", "map": "image",
    "motion_picture": "movie", "broadcast": "audio", "song": "music", "musical_score": "music",
    "performance": "performance", "event": "misc", "collection": "collection",
}  # fmt: skip
"""The types of CSL in those of biblatex."""

_SUBTYPES = {"article-magazine": "magazine", "article-newspaper": "newspaper"}
_BACK = {
    **{type: name for name, type in reversed(tuple(TYPES.items()))},
    "misc": "document", "unpublished": "manuscript", "article": "article-journal", "inbook": "chapter", "mvbook": "book",
    "proceedings": "book", "manual": "book", "online": "webpage", "legislation": "legislation", "video": "motion_picture",
}  # fmt: skip

VARIABLES: Mapping[str, str] = {
    "title": "title", "container-title": "container", "title-short": "shorttitle", "shortTitle": "shorttitle",
    "container-title-short": "shortjournal", "journalAbbreviation": "shortjournal", "collection-title": "series",
    "original-title": "origtitle", "volume": "volume", "issue": "number", "number": "number", "page": "pages",
    "number-of-pages": "pagetotal", "number-of-volumes": "volumes", "edition": "edition", "version": "version",
    "chapter-number": "chapter", "publisher": "house", "publisher-place": "location", "event-title": "eventtitle",
    "event": "eventtitle", "event-place": "venue", "genre": "type", "ISBN": "isbn", "ISSN": "issn", "DOI": "doi",
    "PMID": "pmid", "PMCID": "pmcid", "URL": "url", "language": "langid", "abstract": "abstract", "keyword": "keywords",
    "note": "note", "annote": "annotation", "source": "database", "call-number": "library", "archive": "archive",
    "archive_location": "shelfmark", "status": "pubstate",
}  # fmt: skip
"""The variables of CSL in fields of biblatex, or in what `filling` makes of them."""

ROLES: Mapping[str, str] = {
    "author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor",
    "director": "director", "interviewer": "interviewer", "recipient": "recipient",
}  # fmt: skip
"""The name variables of CSL in lists of biblatex."""

_DATES = {"issued": "date", "accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
_NUMBERED = frozenset(
    ("report", "patent", "standard", "jurisdiction", "legislation", "unpublished", "dataset", "software", "online")
)
_DEEPEST = 32
_LARGEST = 4 << 20
"""The size of an item that is still decoded. Real ones have a few thousand bytes."""
_BESIDE = r'(?:[^"{}\[\]\\]++|\\.?+)*+'
_TOKEN = re.compile(
    _BESIDE + r'(?:"(?:[^"\\\n]++|\\.)*+"' + _BESIDE + r')*+([{}\[\]]|"(?:[^"\\\n{}\[\]]++|\\.)*+|\Z)', re.DOTALL
)
"""The next bracket that stands in no text, a quote without its partner and what it holds, or the end.

Every place is looked at twice at most: quotes with a backslash count as such outside of texts, too.
"""


def read(data: bytes, path: str) -> Reading:
    """Return the items of a CSL-JSON file. Nothing is raised: what cannot be read is a problem with its line."""
    opened = open_text(data, path)
    records: list[Record] = []
    problems = list(opened.problems)
    for start, end, odd in _items(opened.text):
        location = opened.location(start, end)
        item, reason = ({}, odd) if odd else _decoded(opened.text[start:end])
        if reason:
            problems.append(Problem("record-broken", location, "", {"reason": reason}))
            continue
        form, more = _form(item)
        if form.empty and not more:
            problems.append(Problem("record-empty", location))
            continue
        record = form.record(location)
        if more:
            fields, people = dict(record.fields), dict(record.people)
            kind, key = overrides(more, record.type, record.key, fields, people)
            record = Record(kind, fields, people, location, key)
        records.append(record)
    if not records and not problems and opened.text.strip().strip("[]{} \n"):
        problems.append(Problem("file-without-records", opened.location(0, 0)))
    return Reading(tuple(records), tuple(problems), opened.encoding)


def _items(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of each object that is no part of another, and why it cannot be read, if it cannot.

    Better BibTeX and others wrap the list in an object; then the objects in its lists are the items.
    """
    outer = _OUTER.match(text)
    begin = outer.end() if outer else 0
    depth, start, deepest = 0, -1, 0
    for match in _TOKEN.finditer(text, begin):
        sign = match[1]
        if sign == "{":
            if not depth:
                start, deepest = match.start(1), 0
            depth += 1
        elif sign == "[":
            depth += 1 if depth else 0
        elif depth and sign in ("}", "]"):
            depth -= 1
            if not depth:
                yield start, match.end(), "nested too deeply" if deepest > _DEEPEST else ""
                start = -1
        if depth > deepest:  # quicker than a call for each text of a file
            deepest = depth
    if depth:
        yield start, len(text.rstrip()), "it has no end"


_OUTER = re.compile(r'\s*\{\s*"(?:items|references|data|results)"\s*:\s*\[')


def _decoded(text: str) -> tuple[dict[str, object], str]:
    """Return an item, or the reason why it cannot be read."""
    if len(text) > _LARGEST:
        return {}, "too large"
    try:
        return decode(text.encode("utf-8", "replace"), dict[str, object]), ""
    except (DecodeError, RecursionError, ValueError) as error:
        return {}, str(error) or type(error).__name__


def _text(value: object) -> str:
    """Return a value as text: numbers as they are written, of a list the parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Sequence):
        return "; ".join(one for part in value if isinstance(part, str | int) and (one := str(part).strip()))
    return ""


def _form(item: Mapping[str, object]) -> tuple[Form, list[tuple[str, str]]]:
    """Return what an item says, and what it says in the words of biblatex itself."""
    kind = _text(item.get("type")).strip()
    form = Form("csl", TYPES.get(kind, "misc"))
    key = _text(item.get("citation-key")) or _text(item.get("id"))
    if key and not item.get("citation-key") and not _KEY.fullmatch(key):
        form.keep("id", key)
    elif key:
        form.key = one_line(key)
    for variable, target in VARIABLES.items():
        if variable in item:
            form.put(variable, target, mending.unmarked(_text(item[variable])))
    for variable, role in ROLES.items():
        listed = item.get(variable)
        if isinstance(listed, Sequence) and not isinstance(listed, str):
            form.people[role] = [person for one in listed if (person := _person(one))]
            if not form.people[role]:
                del form.people[role]
    for variable, field in _DATES.items():
        _date(form, variable, field, item.get(variable))
    for variable, value in item.items():
        if variable not in _KNOWN:
            form.keep(variable, _text(value) or _flat(value))
    if kind in _SUBTYPES and not form.empty:
        form.fields.setdefault("entrysubtype", _SUBTYPES[kind])
    elif kind and kind not in TYPES:
        form.keep("type", kind)
    custom = item.get("custom")
    given = custom.get("biblatex") if isinstance(custom, Mapping) else None
    more = [(str(name), one_line(_text(value))) for name, value in given.items()] if isinstance(given, Mapping) else []
    return form, more


_KEY = re.compile(r"[A-Za-z_][\w:.+-]*")
_KNOWN = frozenset((*VARIABLES, *ROLES, *_DATES, "type", "id", "citation-key", "custom"))


def _flat(value: object) -> str:
    """Return what stands in an object or a list of them, as text."""
    parts: list[str] = []
    waiting: list[object] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting.extend(reversed(list(one.values())))
        elif isinstance(one, Sequence) and not isinstance(one, str):
            waiting.extend(reversed(one))
        elif text := _text(one):
            parts.append(text)
    return " ".join(parts)


def _person(value: object) -> Person | None:
    if isinstance(value, str):
        return Person(literal=one_line(value)) if value.strip() else None
    if not isinstance(value, Mapping):
        return None
    part = {name: one_line(_text(text)) for name, text in value.items()}
    literal = part.get("literal") or part.get("name", "")
    if literal and not part.get("family"):
        return OTHERS if literal.casefold() == "others" else Person(literal=literal)
    particles = (part.get("dropping-particle", ""), part.get("non-dropping-particle", ""))
    family, given = part.get("family", ""), part.get("given", "")
    if not family:
        family, given = given, ""
    person = Person(family, given, " ".join(filter(None, particles)), part.get("suffix", ""))
    return person if family or person.particle else None


def _date(form: Form, variable: str, field: str, value: object) -> None:
    if isinstance(value, str):
        text = value
    elif isinstance(value, Mapping):
        text = _parts(value)
    else:
        return
    text = one_line(text)
    if not text:
        return
    if field == "date":
        form.put(variable, "date", text)
        return
    when = dates.read(text)
    form.one(variable, field, when.iso if when.whole and when.iso else text)


def _parts(value: Mapping[str, object]) -> str:
    """Return a date of CSL as text: its parts as ISO 8601, or what is written."""
    listed = value.get("date-parts")
    ends: list[str] = []
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        for parts in listed[:2]:
            if isinstance(parts, Sequence) and not isinstance(parts, str):
                numbers = [text for part in parts[:3] if (text := _text(part).strip()).isascii() and text.isdigit()]
                numbers = [f"{int(text[:6]):0{2 if at else 4}d}" for at, text in enumerate(numbers) if int(text[:6])]
                if numbers:
                    ends.append("-".join(numbers))
    season = _text(value.get("season")).strip()
    if len(ends) == 1 and len(ends[0]) == 4 and season in ("1", "2", "3", "4"):
        ends[0] += f"-2{season}"
    return "/".join(ends) or _text(value.get("raw")) or _text(value.get("literal"))


# Writing --------------------------------------------------------------------------------------------------------------


def write(records: Iterable[Record]) -> bytes:
    """Return ``records`` as CSL-JSON, an item a line, which `read` reads as the same records."""
    items: list[dict[str, object]] = []
    for record in records:
        item = _item(record)
        form, _ = _form(item)
        there = None if form.empty else form.record(record.location)
        more = dict(marked(record, there))
        if there is None and not more:
            more = {"type": record.type}
        if more:
            item["custom"] = {"biblatex": more}
        items.append(item)
    if not items:
        return b"[]\n"
    return b"[\n" + encode_lines(items)[:-1].replace(b"\n", b",\n") + b"\n]\n"


def _item(record: Record) -> dict[str, object]:
    """Return the record as well as CSL can say it."""
    fields, type = record.fields, record.type
    name = _BACK.get(type, "document")
    if type == "article" and fields.get("entrysubtype") in _SUBTYPES.values():
        name = next(one for one, subtype in _SUBTYPES.items() if subtype == fields["entrysubtype"])
    item: dict[str, object] = {"id": record.key, "type": name}
    targets = {"container": container_of(type), "house": house_of(type)}
    for variable, target in VARIABLES.items():
        field = targets.get(target, target)
        if (
            field not in fields
            or variable in _OLD
            or (field == "number" and (variable == "number") != (type in _NUMBERED))
        ):
            continue
        value = fields[field]
        item[variable] = mending.language_code(value) or value if field == "langid" else _escaped(value)
    for variable, role in ROLES.items():
        if record.people.get(role):
            item[variable] = [_named(person) for person in record.people[role]]
    for variable, field in _DATES.items():
        if field in fields:
            item[variable] = _when(fields[field])
    if "date" not in fields and "year" in fields:
        item["issued"] = {"literal": fields["year"]}
    return item


_OLD = frozenset(("shortTitle", "journalAbbreviation", "event"))
"""Names of older versions, which are read and not written."""


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;") if mending.unmarked(value) != value else value


def _named(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    parts = {
        "family": person.family, "given": person.given, "non-dropping-particle": person.particle, "suffix": person.suffix,
    }  # fmt: skip
    return {name: value for name, value in parts.items() if value}


def _when(text: str) -> dict[str, object]:
    when = dates.read(text)
    ends = when.iso.split("/")
    if not when.iso or not when.whole or when.iso != text:
        return {"literal": text}
    parts = [[int(part) for part in end.split("-")] for end in ends]
    if len(parts[0]) == 2 and parts[0][1] > 12 and len(parts) == 1:
        return {"date-parts": [parts[0][:1]], "season": parts[0][1] - 20}
    return {"date-parts": parts}
