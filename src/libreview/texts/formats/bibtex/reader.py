"""A whole BibTeX file to sources: every block of it is a source or a problem with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType

from libreview.model import Location, Person, Problem, Source
from libreview.texts import latex, names
from libreview.texts.formats.bibtex import entry
from libreview.texts.formats.bibtex.encoding import Opened, chunk_codec, open_file
from libreview.texts.formats.bibtex.inheritance import inherit, parents
from libreview.texts.formats.bibtex.scanner import Block, scan
from libreview.value import Value

__all__ = ["NAME_LISTS", "VERBATIM", "Chunk", "Reading", "read"]

VERBATIM = frozenset(
    {
        "url", "doi", "file", "eprint", "pdf", "localfile", "urlraw", "crossref", "xref", "xdata", "ids", "isbn",
        "issn", "isrn", "pmid", "pmcid", "verba", "verbb", "verbc", "bdsk-url-1", "bdsk-url-2", "bdsk-file-1",
    }
)  # fmt: skip
"""Fields that hold no LaTeX: a percent sign in an address is a percent sign."""

NAME_LISTS = frozenset(
    {
        "author", "editor", "editora", "editorb", "editorc", "translator", "bookauthor", "annotator", "commentator",
        "introduction", "foreword", "afterword", "holder", "shortauthor", "shorteditor", "namea", "nameb", "namec",
        "director", "interviewer", "recipient",
    }
)  # fmt: skip

_FREE = frozenset({"string", "comment", "preamble"})
_MACRO = re.compile(rb"[=#]\s*+([A-Za-z][^\s,#{}\"=%]*+)")
_PARENT = re.compile(rb"(?i)\b(?:crossref|xdata)\s*+=\s*+[\"{]([^\"{}]*+)")
_ODD = b"!"
"""Begins the digest of an entry that has problems. No reading looks for such a digest, so they are found each time."""


class Chunk(Value, frozen=True):
    """Where an entry lies, and the digest of all that it says: its bytes, the ``@string`` and the parents it uses."""

    start: int
    end: int
    line: int
    digest: bytes
    key: str
    type: str


class Reading(Value, frozen=True):
    """What a file holds. ``chunks`` and ``sources`` are parallel."""

    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    encoding: str = "utf-8"


@dataclass(slots=True)
class _File:
    """A file while it is read: what all its entries share, and the problems met so far."""

    path: str
    opened: Opened
    problems: list[Problem] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)  # encoding -> line where it was first needed

    def place(self, block: Block) -> Location:
        original = self.opened.original
        return Location(self.path, block.line, original(block.start), original(block.end))

    def text(self, block: Block) -> str:
        chunk = self.opened.work[block.start : block.end]
        try:
            return chunk.decode("utf-8")
        except UnicodeDecodeError:
            codec = chunk_codec(chunk)
            self.foreign.setdefault(codec, block.line)
            return chunk.decode(codec)

    def add(self, code: str, location: Location, subject: str = "", **facts: str) -> None:
        self.problems.append(Problem(code, location, subject, facts))

    def add_oddities(self, oddities: Iterable[entry.Oddity], text: str, location: Location) -> None:
        line, at = location.line, 0
        for oddity in oddities:  # in their order, so that each line is counted once
            here = max(at, oddity.at)
            line += text.count("\n", at, here) + text.count("\r", at, here) - text.count("\r\n", at, here)
            at = here
            place = Location(self.path, line, location.start, location.end)
            self.problems.append(Problem(oddity.code, place, oddity.subject, oddity.facts))


@dataclass(slots=True)
class _Entry:
    """An entry while it is read: its fields, before it inherits."""

    block: Block
    location: Location
    digest: bytes
    key: str
    fields: Mapping[str, str]
    plain: dict[str, str]
    people: dict[str, tuple[Person, ...]]
    known: Source | None = None
    odd: bool = False
    complete: bool = False


def read(
    data: bytes,
    path: str,
    known: Mapping[bytes, Source] = MappingProxyType({}),
    watch: Callable[[Sequence[object]], Iterable[object]] = iter,
) -> Reading:
    """Read a file. A source whose digest is in ``known`` is taken from there and gets its new place.

    ``watch`` hands the entries on as they are read, so that a person can be told how far it is.
    """
    file = _File(path, open_file(data))
    blocks = [block for block in scan(file.opened.work, file.opened.first) if _usable(block, file)]
    _strings([block for block in blocks if block.type == "string"], file)
    entries = [block for block in blocks if block.type not in _FREE]
    digests = _digests(entries, file)
    found: list[_Entry] = []
    for block, digest, _ in zip(entries, digests, watch(entries), strict=True):
        one = _entry(block, digest, known.get(digest), file)
        if one is not None:
            found.append(one)
    if any(one.known is None and ("crossref" in one.fields or "xdata" in one.fields) for one in found):
        _inherit(found, file)
    _same_keys(found, file)
    for codec, line in file.foreign.items():
        file.add("not-utf-8", Location(path, line), codec)
    encoding = file.opened.codec or next(iter(file.foreign), "utf-8")
    problems = tuple(sorted(file.problems, key=lambda problem: problem.location.line))
    chunks = tuple(
        Chunk(one.location.start, one.location.end, one.location.line, _ODD + one.digest if one.odd else one.digest,
              one.key, one.block.type)
        for one in found
    )  # fmt: skip
    return Reading(tuple(map(_source, found)), problems, chunks, encoding)


def _source(one: _Entry) -> Source:
    if one.known is not None:
        known = one.known
        return Source(known.key, known.type, known.fields, known.plain, known.people, one.location)
    return Source(one.key, one.block.type, one.fields, one.plain, one.people, one.location)


def _usable(block: Block, file: _File) -> bool:
    """Report what is wrong with the block as a whole; return whether its inside can be read."""
    if block.trailing:
        file.add("entry-closed-early", file.place(block), block.type)
    if block.state == "whole":
        if block.type:
            return True
        file.add("entry-without-type", file.place(block))
        return False
    if block.state == "escaped":
        file.add("brace-escaped", file.place(block), block.type)
        return True
    file.add("entry-open" if block.state == "open" else "entry-in-text", file.place(block), block.type)
    return False


def _strings(blocks: list[Block], file: _File) -> None:
    """Read the ``@string`` blocks in order; each may use those before it."""
    for block in blocks:
        text = file.text(block)
        body, end = block.body - block.start, len(text) - 1
        found, oddities = entry.fields(text, body, end, file.strings, escaped=block.state == "escaped")
        location = file.place(block)
        file.add_oddities(oddities, text, location)
        if not found and not oddities:
            file.add("string-empty", location)
        for name, value in found.items():
            short = len(value) <= entry.LONGEST_STRING
            if not short:
                file.add("string-too-long", location, name)
            file.strings[name] = value if short else name


def _digests(blocks: list[Block], file: _File) -> list[bytes]:
    work, strings = file.opened.work, file.strings
    lower = work.lower()
    few = [name.encode() for name in strings] if len(strings) <= _FEW else []
    chunks = [work[block.start : block.end] for block in blocks]
    digests: list[bytes] = []
    for block, chunk in zip(blocks, chunks, strict=True):
        digest = blake2b(chunk, digest_size=16)
        if strings and (not few or any(lower.find(name, block.start, block.end) >= 0 for name in few)):
            used = {name.decode("utf-8", "replace").lower() for name in _MACRO.findall(chunk)}
            for name in sorted(used & strings.keys()):
                digest.update(f"\0{name}={strings[name]}".encode("utf-8", "replace"))
        digests.append(digest.digest())
    if b"crossref" not in lower and b"xdata" not in lower:
        return digests
    return _with_parents(blocks, chunks, digests, work)


_FEW = 8
"""So few names are looked for one by one first; most entries use none."""


def _with_parents(blocks: list[Block], chunks: list[bytes], digests: list[bytes], work: bytes) -> list[bytes]:
    """Return the digests with those of all ancestors mixed in."""
    named: dict[bytes, list[bytes]] = {}
    own: dict[bytes, int] = {}
    for number, (block, chunk) in enumerate(zip(blocks, chunks, strict=True)):
        key = work[block.body : block.end].split(b",", 1)[0].strip()
        own.setdefault(key, number)
        found = _PARENT.findall(chunk)
        if found:
            named[chunk] = [key.strip() for keys in found for key in keys.split(b",")]
    mixed: list[bytes] = []
    for chunk, digest in zip(chunks, digests, strict=True):
        if chunk not in named:
            mixed.append(digest)
            continue
        whole = blake2b(digest, digest_size=16)
        waiting, seen = list(named[chunk]), set[bytes]()
        while waiting and len(seen) < _DEEPEST:
            key = waiting.pop()
            if key in seen or key not in own:
                continue
            number = own[key]
            seen.add(key)
            whole.update(digests[number])
            waiting.extend(named.get(chunks[number], ()))
        mixed.append(whole.digest())
    return mixed


_DEEPEST = 64
"""The number of ancestors that are followed. Real chains have two or three."""


def _entry(block: Block, digest: bytes, known: Source | None, file: _File) -> _Entry | None:
    """Read one entry; None, with a problem, if it has no key."""
    location = file.place(block)
    if known is not None:
        file.text(block)  # an encoding that is not UTF-8 is reported each time
        return _Entry(block, location, digest, known.key, known.fields, {}, {}, known, complete=True)
    text = file.text(block)
    body, end = block.body - block.start, len(text) - 1
    span = entry.key_span(text, body, end)
    if span is None:
        file.add("entry-without-key", location, block.type)
        return None
    key = text[span[0] : span[1]]
    fields, oddities = entry.fields(text, span[2], end, file.strings, escaped=block.state == "escaped")
    odd = bool(oddities) or block.state != "whole" or block.trailing
    if oddities:
        file.add_oddities(oddities, text, location)
    if not fields:
        file.add("entry-without-fields", location, key)
        odd = True
    if not key.isalnum() and any(letter.isspace() or letter in '{}%#~\\"' for letter in key):
        file.add("key-unusual", location, key)
        odd = True
    plain, people = _plain(fields)
    return _Entry(block, location, digest, key, fields, plain, people, None, odd)


def _plain(fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[Person, ...]]]:
    plain: dict[str, str] = {}
    people: dict[str, tuple[Person, ...]] = {}
    for name, raw in fields.items():
        if name in VERBATIM:
            plain[name] = raw.strip()
            continue
        if name in NAME_LISTS:
            letters = latex.special(raw)
            plain[name] = latex.decode(letters)
            if persons := names.parse(letters):
                people[name] = persons
            continue
        plain[name] = latex.decode(raw)
    return plain, people


def _inherit(found: list[_Entry], file: _File) -> None:
    """Complete the entries from their parents, parents first; without recursion, circles are reported and cut."""
    by_key: dict[str, _Entry] = {}
    for one in found:
        by_key.setdefault(one.key, one)
    for one in found:
        if one.complete:
            continue
        path: list[_Entry] = [one]
        inside = {id(one)}
        while path:
            child = path[-1]
            waiting = None
            for key, _ in parents(child.fields):
                parent = by_key.get(key)
                if parent is None or parent.complete:
                    continue
                if id(parent) in inside:
                    continue
                waiting = parent
                break
            if waiting is not None and len(path) < _DEEPEST:
                path.append(waiting)
                inside.add(id(waiting))
                continue
            _complete(child, by_key, file)
            inside.discard(id(path.pop()))


def _complete(child: _Entry, by_key: Mapping[str, _Entry], file: _File) -> None:
    for key, data in parents(child.fields):
        parent = by_key.get(key)
        if parent is None:
            file.add("parent-unknown", child.location, child.key, parent=key)
            child.odd = True
            continue
        if not parent.complete:
            file.add("parent-circle", child.location, child.key, parent=key)
            child.odd = True
            continue
        plain = parent.known.plain if parent.known else parent.plain
        people = parent.known.people if parent.known else parent.people
        taken = inherit(child.block.type, child.plain, parent.block.type, plain, data=data)
        for target, name in taken.items():
            child.plain[target] = plain[name]
            if name in people:
                child.people[target] = people[name]
    child.complete = True


def _same_keys(found: list[_Entry], file: _File) -> None:
    """Report keys that stand twice, and keys that only BibTeX takes for the same."""
    first: dict[str, _Entry] = {}
    cases: dict[str, _Entry] = {}
    for one in found:
        key = one.key
        if key in first:
            file.add("duplicate-key", one.location, key, other=str(first[key].location))
            continue
        first[key] = one
        other = cases.setdefault(key.lower(), one)
        if other is not one:
            file.add("key-case", one.location, key, other=other.key)
