"""Records as entries of a BibTeX file, which is how a review keeps what it took over."""

from __future__ import annotations

import re

from libreview.model import Source
from libreview.texts import latex, names
from libreview.texts.formats import bibtex
from libreview.texts.formats.columns import FIELDS
from libreview.texts.formats.records import Record

__all__ = ["entry", "raw_fields", "source"]

_RANGE = re.compile(r"(?<=\w)–(?=\w)")
_ESCAPES = {"{": "%7B", "}": "%7D", "\\": "%5C"}
_ORDER = {name: at for at, name in enumerate(FIELDS)}


def raw_fields(record: Record) -> dict[str, str]:
    """Return the fields of a record as they stand in BibTeX: people first, then what a reference prints, what has no place last."""
    raw = {role: names.write(people) for role, people in record.people.items() if people}
    for name, value in record.fields.items():
        if name in raw or not value:
            continue
        if name in bibtex.NAME_LISTS:
            raw[name] = names.write(names.parse(latex.encode(value)))
        elif name in bibtex.VERBATIM:
            raw[name] = _verbatim(value)
        else:
            raw[name] = latex.encode(value)
            if name == "pages":
                raw[name] = _RANGE.sub("--", raw[name])
    return dict(sorted(raw.items(), key=_place))


def source(record: Record, key: str) -> Source:
    """Return the source that `bibtex.read` makes of `entry`, but for its place, which is that of the record."""
    raw = raw_fields(record)
    fields = record.fields
    plain = {name: value if name in bibtex.VERBATIM else latex.decode(value) for name, value in raw.items()}
    people = {
        name: found
        for name in raw
        if name in bibtex.NAME_LISTS and (found := record.people.get(name) or names.parse(fields[name]))
    }
    return Source(key, record.type, raw, plain, people, record.location)


def _place(item: tuple[str, str]) -> tuple[bool, int]:
    name = item[0]
    return name.startswith("x-"), _ORDER.get(name, len(_ORDER))


def entry(record: Record, key: str) -> str:
    """Return a record as an entry of its own under ``key``, as `bibtex.read` reads it again."""
    return bibtex.write_entry(key, record.type, raw_fields(record))


def _verbatim(value: str) -> str:
    """Return an address in a form whose braces balance."""
    if latex.balanced(value) and not value.endswith("\\"):
        return value
    return "".join(_ESCAPES.get(sign, sign) for sign in value)
