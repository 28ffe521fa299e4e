"""Lists of people in bibliographic fields, and people on the page.

Reads what BibTeX reads (von and Jr parts, braces) and what biblatex adds (``family=..., given=...``), forgivingly:
every name gives a person. See Patashnik, *BibTeXing*, section 4, and the biblatex manual, section "Name lists".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from libreview.model import OTHERS, Person
from libreview.texts import latex
from libreview.texts.folding import fold

__all__ = ["display", "parse", "short", "sort_key", "spans", "write"]

_AND = re.compile(r"(?:^| )and(?= |$)", re.IGNORECASE)
_SPLITS = re.compile(r"[{},]|(?:(?<=\s)|^)and(?=\s|$)|[\s~]+", re.IGNORECASE)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_PARTS = {
    "family": "family",
    "given": "given",
    "prefix": "particle",
    "suffix": "suffix",
    "literal": "literal",
}
_EXTENDED = re.compile(r"\s*([A-Za-z-]+)\s*=\s*")

_Words = list[str]
_Name = list[_Words]
"""A name: the words of each part between commas."""


def parse(text: str) -> tuple[Person, ...]:
    """Return the people of a raw field, decoded; `OTHERS` last where the list ends in ``and others``."""
    text = latex.special(text)
    if "{" not in text and "}" not in text:
        names = _AND.split(" ".join(text.split()))
        return tuple(person for name in names if (person := _simple(name)) is not None)
    return tuple(person for name in _split(text) if (person := _person(name)) is not None)


@lru_cache(maxsize=8192)
def _simple(name: str) -> Person | None:
    """Read a name that holds no braces."""
    return _person([part.replace("~", " ").split() for part in name.split(",")])


def _split(text: str) -> list[_Name]:
    """Return the names of a list: split at ``and``, then at commas, then at spaces, outside braces only."""
    names: list[_Name] = [[[]]]
    word: list[str] = []
    depth = at = 0

    def end_word() -> None:
        if word:
            names[-1][-1].append("".join(word))
            word.clear()

    for match in _SPLITS.finditer(text):
        mark = match.group()
        if match.start() > at:
            word.append(text[at : match.start()])
        at = match.end()
        if mark == "{":
            depth += 1
            word.append(mark)
        elif mark == "}":
            depth -= 1 if depth else 0
            word.append(mark)
        elif depth:
            word.append(mark)
        elif mark == ",":
            end_word()
            names[-1].append([])
        elif mark[0].isspace() or mark[0] == "~":
            end_word()
        elif word:  # "and" that touches a brace: {A}and
            word.append(mark)
        else:
            names.append([[]])
    if at < len(text):
        word.append(text[at:])
    end_word()
    return names


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each name of a raw field stands, without the blanks around it."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for match in _SPLITS.finditer(text):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1 if depth else 0
        elif not depth and mark.lower() == "and" and not text[match.start() - 1 : match.start()].strip():
            found.append((start, match.start()))
            start = match.end()
    found.append((start, len(text)))
    trimmed = ((begin + len(text[begin:end]) - len(text[begin:end].lstrip()), end) for begin, end in found)
    return tuple((begin, begin + len(text[begin:end].rstrip())) for begin, end in trimmed if text[begin:end].strip())


def _whole(word: str) -> bool:
    """Return whether one pair of braces holds the whole of ``word``."""
    if not (word.startswith("{") and word.endswith("}")):
        return False
    depth = 0
    for at, letter in enumerate(word):
        if letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if not depth and at < len(word) - 1:
                return False
    return not depth


def _person(name: _Name) -> Person | None:
    """Return the person of ``name``; None if nothing stands there."""
    parts = [part for part in name if part]
    if not parts:
        return None
    if len(parts) == 1 and len(name) == 1:
        words = parts[0]
        if len(words) == 1 and "=" not in words[0]:
            return _one_word(words[0])
        if "=" not in words[0] and words[1] != "=":
            return _first_last(words)
    if "=" in parts[0][0] or (len(parts[0]) > 1 and parts[0][1].startswith("=")):
        extended = _extended(parts)
        if extended is not None:
            return extended
    if len(name) == 1:
        return _first_last(parts[0]) if len(parts[0]) > 1 else _one_word(parts[0][0])
    particle, family = _particle(name[0])
    if not name[0]:  # ", Given": a slip of the pen
        return Person(family=_text([word for part in parts for word in part]))
    if len(name) == 2:
        return Person(family=_text(family), given=_text(name[1]), particle=_text(particle))
    given = [word for part in name[2:] for word in part]
    return Person(family=_text(family), given=_text(given), particle=_text(particle), suffix=_text(name[1]))


def _one_word(word: str) -> Person | None:
    if word.lower() == "others":
        return OTHERS
    if _whole(word):
        text = latex.decode(word[1:-1])
        return Person(literal=text) if text else None
    text = latex.decode(word)
    return Person(family=text) if text else None


def _lower(word: str) -> bool:
    """Return whether ``word`` begins in lower case and outside braces, as a von part does."""
    for letter in word:
        if letter == "{":
            return False
        if letter.isalpha():
            return letter.islower()
    return False


def _particle(words: _Words) -> tuple[_Words, _Words]:
    """Split "von Last" into both: the particle ends at the last word in lower case that is not the last word."""
    for at in range(len(words) - 2, -1, -1):
        if _lower(words[at]):
            return words[: at + 1], words[at + 1 :]
    return [], words


def _first_last(words: _Words) -> Person:
    """Read "First von Last", and a Jr that someone put after it without commas."""
    suffix = ""
    if len(words) > 2 and words[-1].lower() in _SUFFIXES:
        suffix, words = words[-1], words[:-1]
    start = next((at for at, word in enumerate(words[:-1]) if _lower(word)), len(words) - 1)
    particle, family = _particle(words[start:])
    return Person(family=_text(family), given=_text(words[:start]), particle=_text(particle), suffix=suffix)


def _extended(parts: _Name) -> Person | None:
    """Read biblatex' ``family=..., given=..., prefix=..., suffix=...``; None if it is something else."""
    found: dict[str, str] = {}
    for part in parts:
        text = " ".join(part)
        match = _EXTENDED.match(text)
        if match is None:
            return None
        value = text[match.end() :]
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        name = _PARTS.get(match.group(1).lower())
        if name:  # given-i, useprefix and the like have no place in a person
            found[name] = latex.decode(value)
    return Person(**found) if any(found.values()) else None


def _text(words: _Words) -> str:
    text = " ".join(words)
    return latex.decode(text) if words else text


def write(people: Iterable[Person]) -> str:
    """Return the raw field from which `parse` reads ``people`` again."""
    return " and ".join(_write(person) for person in people)


def _write(person: Person) -> str:
    if person == OTHERS:
        return "others"
    if person.literal:
        return "{" + latex.encode(person.literal) + "}"
    family = " ".join(part for part in (latex.encode(person.particle), latex.encode(person.family)) if part)
    if not (person.given or person.suffix):
        plain = family
    else:
        plain = ", ".join(filter(None, (family, latex.encode(person.suffix), latex.encode(person.given))))
    if parse(plain) == (person,):
        return plain
    parts = (("family", person.family), ("given", person.given), ("prefix", person.particle), ("suffix", person.suffix))
    return ", ".join(f"{name}={{{latex.encode(part)}}}" for name, part in parts if part)


def display(person: Person) -> str:
    """Return the name as lists show it: ``de Bruin, Anne``; ``King, Martin Luther, Jr.``"""
    if person.literal:
        return person.literal
    return ", ".join(filter(None, (short(person), person.given, person.suffix)))


def sort_key(person: Person) -> str:
    """Return what the person is sorted by, without accents and case."""
    return fold(" ".join(filter(None, (short(person), person.given, person.suffix))))


def short(person: Person) -> str:
    """Return the name of a short citation: particle and family name, or the literal name."""
    if person.literal:
        return person.literal
    family = person.family or person.given
    if not person.particle:
        return family
    # d'Alembert and l'Hospital are written without a space
    return person.particle + ("" if person.particle.endswith(("'", "’")) else " ") + family
