"""The nouns as rows: compact JSON in, the same values out. What one function writes its neighbour reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from libreview.model import (
    OTHERS,
    Citation,
    Coding,
    Decision,
    Excerpt,
    Kind,
    Location,
    Locator,
    Note,
    Person,
    Source,
    Theme,
)
from libreview.texts.folding import fold
from libreview.value import decode, encode
from libreview.words.authors import together
from libreview.words.rooms import load
from libreview.words.safe import safe_json, safe_line

__all__ = [
    "author_names",
    "clean",
    "coding_data",
    "decision_data",
    "excerpt_data",
    "in_field",
    "note_data",
    "pack",
    "read_coding",
    "read_decision",
    "read_excerpts",
    "read_note",
    "read_source",
    "read_theme",
    "source_data",
    "source_line",
    "source_record",
    "theme_data",
    "unpack",
]

_JSON = "json"
"""The slower reader and writer, which take half characters (bytes that are no UTF-8, as Python keeps them) as well."""


def pack(value: object) -> str:
    """Return ``value`` as compact JSON."""
    try:
        return encode(value).decode()
    except UnicodeEncodeError:
        text: str = load(_JSON).dumps(value, separators=(",", ":"))
        return text


def unpack(text: str) -> Any:  # noqa: ANN401 (what was packed; each reader below knows its shape)
    """Return what `pack` was given, as lists, mappings and texts."""
    try:
        return decode(text, object)
    except ValueError:
        return load(_JSON).loads(text)


def clean(text: str) -> str:
    """Return ``text`` as SQLite takes it: no lone surrogates, no NUL (at which full-text search would stop)."""
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def source_data(source: Source) -> str:
    """Return type, raw fields, those decoded fields that differ, and people."""
    fields = dict(source.fields)
    differing = {name: value for name, value in source.plain.items() if fields.get(name) != value}
    missing = [name for name in fields if name not in source.plain]
    people = {
        role: [[one.family, one.given, one.particle, one.suffix, one.literal] for one in persons]
        for role, persons in source.people.items()
    }
    return pack([source.type, fields, differing, missing, people])


def author_names(source: Source) -> list[str]:
    """Return what a list calls the authors; an empty last name stands for "and others"."""
    return ["" if one == OTHERS else one.literal or f"{one.particle} {one.family}".strip() for one in source.authors]


def source_line(source: Source) -> str:
    """Return key, authors (as `words.authors.together` leaves them), year and title, safe, tabs between them."""
    who = together([safe_line(name) for name in author_names(source)])
    return "\t".join([safe_line(source.key), who, safe_line(source.year), safe_line(source.title)])


def source_record(source: Source) -> str:
    """Return the beginning of what ``list --json`` says of a source: what its entry tells, as JSON that is safe to print."""
    names = zip(author_names(source), source.authors, strict=True)
    record = {
        "key": source.key,
        "type": source.type,
        "title": source.title,
        "authors": [{"family": name, "given": one.given} for name, one in names if name],
        "year": source.year,
        "container": source.container,
        "doi": source.get("doi"),
    }
    return safe_json(clean(pack(record)))[:-1] + ","


def read_source(key: str, data: str, location: Location) -> Source:
    type, fields, differing, missing, people = unpack(data)
    plain = {**fields, **differing}
    for name in missing:
        plain.pop(name, None)
    persons = {role: tuple(Person(*parts) for parts in names) for role, names in people.items()}
    return Source(key, type, fields, plain, persons, location)


def in_field(data: str, names: str, wanted: str, exact: int) -> bool:
    """Tell whether one of the fields ``names`` (commas between) of a source's data holds one of the folded texts ``wanted``.

    ``exact``: is one of them; without any ``wanted``: whether there is something in the field.
    """
    _, fields, differing, missing, _ = unpack(data)
    texts: Sequence[str] = unpack(wanted)
    for name in names.split(","):
        value = differing.get(name) or ("" if name in missing else fields.get(name, ""))
        if value and not texts:
            return True
        folded = fold(clean(value))
        if any(text == folded if exact else text in folded for text in texts):
            return True
    return False


def excerpt_data(excerpt: Excerpt) -> str:
    place = excerpt.location
    citations = [
        [one.key, one.prefix, one.locator.label, one.locator.value, one.locator.text, one.suffix]
        for one in excerpt.citations
    ]
    return pack([citations, excerpt.text, excerpt.themes, excerpt.comment, place.line, place.start, place.end])


def read_excerpts(rows: Sequence[tuple[str | None, Kind, str, str, str]]) -> Iterator[Excerpt]:
    """Yield the excerpt of each row (name, kind, coder, path, data) without its `Slices`; edits read the note itself again.

    The data of all rows are unpacked at once, which costs less than one by one.
    """
    stored = unpack(f"[{','.join([row[4] for row in rows])}]")
    for (name, kind, coder, path, _), data in zip(rows, stored, strict=True):
        cites, text, themes, comment, line, start, end = data
        citations = tuple(
            [
                Citation(key, prefix, Locator(label, value, typed), suffix)
                for key, prefix, label, value, typed, suffix in cites
            ]
        )
        location = Location(path, line, start, end)
        given = tuple(themes)
        codings = (Coding(name or "", given, coder, "", location),) if given else ()
        yield Excerpt(name, kind, citations, text, given, comment, location, codings)


def coding_data(coding: Coding) -> str:
    place = coding.location
    return pack([coding.themes, coding.memo, place.line, place.start, place.end])


def read_coding(name: str, coder: str, path: str, data: str) -> Coding:
    themes, memo, line, start, end = unpack(data)
    return Coding(name, tuple(themes), coder, memo, Location(path, line, start, end))


def note_data(note: Note) -> str:
    return pack([dict(note.fields), note.annotation, note.location.line, note.location.start, note.location.end])


def read_note(path: str, source: str, coder: str, data: str) -> Note:
    """Return the note without its excerpts and codings."""
    fields, annotation, line, start, end = unpack(data)
    return Note(path, source, coder, fields, annotation, location=Location(path, line, start, end))


def theme_data(theme: Theme) -> str:
    place = theme.location
    label: Mapping[str, str] = dict(theme.label)
    return pack(
        [
            label,
            theme.parent,
            theme.definition,
            theme.include,
            theme.exclude,
            theme.examples,
            theme.colour,
            theme.aliases,
            place.line,
            place.start,
            place.end,
        ]
    )


def read_theme(id: str, path: str, data: str) -> Theme:
    label, parent, definition, include, exclude, examples, colour, aliases, line, start, end = unpack(data)
    location = Location(path, line, start, end)
    return Theme(id, label, parent, definition, include, exclude, tuple(examples), colour, tuple(aliases), location)


def decision_data(decision: Decision) -> str:
    """Return what was decided, and why, as ``list --json`` says it: JSON that is safe to print."""
    names = ("verdict", "reason", "coder", "date", "stage")
    return safe_json(clean(pack({name: getattr(decision, name) for name in names})))


def read_decision(key: str, data: str, location: Location) -> Decision:
    return Decision(key, **unpack(data), location=location)
