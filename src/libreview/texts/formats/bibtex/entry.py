"""The fields of one BibTeX entry, split by bibtexparser (only here; every other room of the house is free of it).

bibtexparser gets a prepared chunk: each ``{...}`` and ``"..."`` is replaced by a number (`_MARK`), so that nothing
inside a value (a backslash before a brace, a line ``@foo{``, a quote) can mislead it. Where something is odd (a ``%``
line, a missing comma, a field twice), `outline` reads the entry itself, says what is odd, and prepares a chunk without
it. `outline` also gives the slices that `edits` changes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache

from bibtexparser.model import Entry
from bibtexparser.splitter import Splitter

from libreview.value import Value

__all__ = ["LONGEST_STRING", "MONTHS", "Oddity", "Outline", "Part", "Piece", "fields", "key_span", "outline"]

# bibtexparser reports through its logger, and what has no handler is printed. What it has to say we say as problems.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

MONTHS = {
    name[:3].lower(): name
    for name in (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )
}  # fmt: skip
"""The macros that every BibTeX style defines."""

LONGEST_STRING = 5_000
"""The length up to which a ``@string`` is put together: strings of strings can grow without end."""

_MANY = 8  # parts joined by "#" beyond which their length is looked at

_MARK = "\x02"
_MARKS = [f"{_MARK}{number}" for number in range(256)]
_NUMBERS = {mark: number for number, mark in enumerate(_MARKS)}

_GROUP = r"\{[^{}]*+\}"
for _ in range(4):
    _GROUP = r"\{[^{}]*+(?:" + _GROUP + r"[^{}]*+)*+\}"
_VALUE = re.compile(rf'({_GROUP}|"[^"{{}}]*+(?:{_GROUP}[^"{{}}]*+)*+")')
_ODD = re.compile(r'[{}"%' + _MARK + "]")
_KEY = re.compile(r'\s*+([^\s,={}"][^,={}"]*+)(?:,|\Z)')
_KEY_IN_BRACES = re.compile(r"\s*+([^\s,=]++)\s*+,")
_NO_KEY = re.compile(r"\s*+(?:,|\Z)")
_FIELD_NAME = re.compile(r"[^\W\d_][\w.:+/'-]*+|_+[\w.:+/'-]*+")
_WORD = re.compile(r"[0-9]+|[^\W\d][\w.+'-]*+")

_GAP = re.compile(r"(?:[\s,]++|%[^\r\n]*+)*+")
_SPACE = re.compile(r"(?:\s++|%[^\r\n]*+)*+")
_NAME = re.compile(r"([^\s={}\",#%]++)\s*+=")
_NAME_THEN_VALUE = re.compile(r"[^\W\d_][\w.:+/'-]*+\s*+=(?=\s*+[{\"\w])")
_BARE = re.compile(r"https?:[^\s,{}\"]++|[^\s,#{}\"%]++")
_JUNK = re.compile(r"[^,{}\"\r\n]++|[{}\"]")
_BRACE = re.compile(r"[{}]")
_ESCAPED_BRACE = re.compile(r"\\[{}\\]|[{}]")
_QUOTE = re.compile(r"[{}\"]")
_LINE = re.compile(r"[^\r\n]*+")


class Piece(Value, frozen=True):
    """A part of a value between ``#``: its text; ``word`` if it stands without delimiters (number, macro)."""

    text: str
    word: bool = False


class Part(Value, frozen=True):
    """A field where it stands: ``name = value``, in characters of the chunk; delimiters belong to the value."""

    name: str
    start: int
    value: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def raw(self) -> str:
        """The text of a value that needs no evaluation."""
        return "".join(piece.text for piece in self.pieces)


class Oddity(Value, frozen=True):
    """Something wrong in an entry: a code of the problem table, the place in the chunk, what it is about."""

    code: str
    at: int
    subject: str = ""
    facts: Mapping[str, str] = {}


class Outline(Value, frozen=True):
    """The parts of an entry in their order, and what is odd about them."""

    parts: tuple[Part, ...]
    oddities: tuple[Oddity, ...]


def key_span(text: str, body: int, end: int) -> tuple[int, int, int] | None:
    """Return start and end of the key and the place where the fields begin; None if there is no key.

    ``body:end`` is what stands between the brackets of the entry ``text``.
    """
    match = _KEY.match(text, body, end) or _KEY_IN_BRACES.match(text, body, end)
    if match is None:
        return None
    start = match.start(1)
    return start, start + len(match.group(1).rstrip()), match.end()


class _Reader:
    """Reads the parts of an entry from left to right."""

    def __init__(self, text: str, end: int, escaped: bool) -> None:
        self.text = text
        self.end = end
        self.brace = _ESCAPED_BRACE if escaped else _BRACE
        self.parts: list[Part] = []
        self.oddities: list[Oddity] = []

    def odd(self, code: str, at: int, subject: str = "") -> None:
        self.oddities.append(Oddity(code, at, subject))

    def skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at, self.end)
        return match.end() if match else at

    def read(self, at: int) -> Outline:
        while True:
            at = self.skip(_GAP, at)
            if at >= self.end:
                return Outline(tuple(self.parts), tuple(self.oddities))
            name = _NAME.match(self.text, at, self.end)
            at = self.part(name) if name else self.junk(at)

    def part(self, name: re.Match[str]) -> int:
        """Read the value after ``name``; return the place after it."""
        text, end = self.text, self.end
        at = value = self.skip(_SPACE, name.end())
        last = at
        pieces: list[Piece] = []
        while at < end:
            if text[at] == "{":
                piece, at = self.braces(at)
            elif text[at] == '"':
                piece, at = self.quotes(at)
            elif text[at] == ",":
                break
            else:
                bare, at = self.bare(at)
                if bare is None:
                    break
                piece = bare
            pieces.append(piece)
            last = at
            at = self.skip(_SPACE, at)
            if not text.startswith("#", at) or at >= end:
                break
            at = self.skip(_SPACE, at + 1)
        label = name.group(1).lower()
        if not pieces:
            self.odd("value-missing", name.start(), label)
        self.parts.append(Part(label, name.start(), value, max(last, value), tuple(pieces)))
        at = self.skip(_SPACE, last)
        if at < end and text[at] != ",":
            if _NAME.match(text, at, end):
                self.odd("comma-missing", at, label)
            else:
                at = self.junk(at)
        return at

    def braces(self, at: int) -> tuple[Piece, int]:
        depth = 0
        for match in self.brace.finditer(self.text, at, self.end):
            brace = match.group()
            depth += (brace == "{") - (brace == "}")
            if not depth:
                return Piece(self.text[at + 1 : match.start()]), match.end()
        self.odd("entry-unreadable", at)
        return Piece(self.text[at + 1 : self.end]), self.end

    def quotes(self, at: int) -> tuple[Piece, int]:
        depth = 0
        for match in _QUOTE.finditer(self.text, at + 1, self.end):
            brace = match.group()
            if brace == '"' and depth <= 0:
                return Piece(self.text[at + 1 : match.start()]), match.end()
            depth += (brace == "{") - (brace == "}")
        self.odd("quote-open", at)
        line = _LINE.match(self.text, at + 1, self.end)
        end = line.end() if line else self.end
        inner = self.text[at + 1 : end].rstrip(", \t")
        return Piece(inner), at + 1 + len(inner)

    def bare(self, at: int) -> tuple[Piece | None, int]:
        """Read a number, a macro, or text that someone left without delimiters (up to a comma or the next field)."""
        start = last = at
        words = 0
        while at < self.end:
            match = _BARE.match(self.text, at, self.end)
            if match is None or (words and _NAME_THEN_VALUE.match(self.text, at, self.end)):
                break
            words += 1
            last = match.end()
            at = self.skip(_SPACE, last)
        if not words:
            return None, at
        text = self.text[start:last]
        word = _WORD.fullmatch(text) is not None
        if not word:
            self.odd("value-bare", start, text[:60])
        return Piece(text, word), last

    def junk(self, at: int) -> int:
        """Step over what is no field; return the place after it."""
        start = at
        while at < self.end and self.text[at] not in ",\r\n":
            if self.text[at] == "{":
                at = self.braces(at)[1]
                continue
            if at > start and self.text[at - 1] in ' \t}"' and _NAME_THEN_VALUE.match(self.text, at, self.end):
                break
            match = _BARE.match(self.text, at, self.end)
            at = match.end() if match else at + 1
        self.odd("field-unreadable", start, " ".join(self.text[start : min(at, start + 60)].split()))
        return at


def outline(text: str, start: int, end: int, *, escaped: bool = False) -> Outline:
    """Return the fields that stand in ``text[start:end]``, read without bibtexparser."""
    return _Reader(text, end, escaped).read(start)


@lru_cache(maxsize=4096)
def _split(chunk: str) -> tuple[tuple[str, str], ...] | None:
    """Return names and values of a prepared chunk as bibtexparser splits them; None if it sees no clean entry.

    With its texts replaced by numbers, one entry of a library looks like many others; each shape is split once.
    """
    try:
        blocks = Splitter(chunk).split().blocks
    except Exception:  # it fails hard, with exceptions of many kinds, on what it does not foresee
        return None
    if len(blocks) != 1 or not isinstance(blocks[0], Entry):
        return None
    return tuple((part.key, part.value) for part in blocks[0].fields)


def _plainly(text: str, start: int, end: int, strings: Mapping[str, str]) -> dict[str, str] | None:
    """Return the fields of an entry in which nothing is odd; None for any other."""
    pieces = _VALUE.split(text[start:end])
    values = pieces[1::2]
    if len(values) > len(_MARKS):
        return None
    outside = "".join(pieces[::2])
    if _ODD.search(outside):
        return None
    pieces[1::2] = _MARKS[: len(values)]
    found = _split("@x{k," + "".join(pieces).replace("\n", " ") + "}")
    if found is None:
        return None
    fields: dict[str, str] = {}
    for written, value in found:
        name = written.lower()
        number = _NUMBERS.get(value)
        raw = values[number][1:-1] if number is not None else _joined(value, values, strings)
        if raw is None or name in fields or not _FIELD_NAME.fullmatch(name):
            return None
        fields[name] = raw
    return fields


def _joined(value: str, values: list[str], strings: Mapping[str, str]) -> str | None:
    """Evaluate ``value``, in which texts are marks; None if a part of it is not known."""
    parts: list[str] = []
    for part in map(str.strip, value.split("#")):
        number = _NUMBERS.get(part)
        if number is not None:
            parts.append(values[number][1:-1])
        elif part.isascii() and part.isdigit():
            parts.append(part)
        else:
            word = part.lower()
            text = strings.get(word) or MONTHS.get(word)
            if text is None:
                return None
            parts.append(text)
    return "".join(parts) if len(parts) < _MANY else None


def _evaluate(part: Part, strings: Mapping[str, str], oddities: list[Oddity]) -> str:
    texts: list[str] = []
    for piece in part.pieces:
        if not piece.word or piece.text.isdigit():
            texts.append(piece.text)
            continue
        text = strings.get(piece.text.lower())
        if text is None:
            text = MONTHS.get(piece.text.lower())
        if text is None:
            oddities.append(Oddity("string-unknown", part.value, piece.text))
            text = piece.text
        texts.append(text)
    if len(texts) >= _MANY and sum(map(len, texts)) > LONGEST_STRING:
        oddities.append(Oddity("string-too-long", part.start, part.name))
        return part.raw
    return "".join(texts)


def fields(
    text: str, start: int, end: int, strings: Mapping[str, str], *, escaped: bool = False
) -> tuple[dict[str, str], tuple[Oddity, ...]]:
    """Return the fields between ``start`` and ``end`` of an entry (what follows its key), evaluated, and what is odd.

    Names are in lower case; of a field that stands twice the first counts.
    """
    if not escaped:
        plain = _plainly(text, start, end, strings)
        if plain is not None:
            return plain, ()
    seen = outline(text, start, end, escaped=escaped)
    oddities = list(seen.oddities)
    values = [_evaluate(part, strings, oddities) for part in seen.parts]
    prepared = "".join(f"\n{part.name}{_MARK}{at} = {_MARK}{at}," for at, part in enumerate(seen.parts))
    found = _split("@x{k," + prepared + "}")
    if found != tuple((f"{part.name}{_MARK}{at}", f"{_MARK}{at}") for at, part in enumerate(seen.parts)):
        oddities.append(Oddity("entry-unreadable", start))
    result: dict[str, str] = {}
    for part, value in zip(seen.parts, values, strict=True):
        if part.name in result:
            oddities.append(Oddity("field-repeated", part.start, part.name))
        elif part.pieces:
            result[part.name] = value
    return result, tuple(sorted(oddities, key=lambda oddity: oddity.at))
