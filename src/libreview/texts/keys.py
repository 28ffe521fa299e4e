"""Citation keys, file names made from keys, and ids of excerpts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import count
from random import Random

from libreview.model import OTHERS, Person
from libreview.texts.folding import fold

__all__ = ["citation_key", "excerpt_id", "file_name", "key_stem", "suffix"]

_ENGLISH = """a an the of on in at to for from by with and or as is are what how why when where do does can toward
    towards into"""
_INDONESIAN = """dan di ke dari pada untuk dengan yang dalam oleh atau sebagai bagi antara suatu sebuah para tentang
    terhadap adalah"""
_GERMAN = """der die das den dem des ein eine einer eines einem einen und oder im am zu zur zum von vom mit fur uber auf
    aus bei nach wie was ist"""
_STOP = frozenset(f"{_ENGLISH} {_INDONESIAN} {_GERMAN}".split())
"""Words that say nothing of a title."""
_WORD = re.compile(r"[a-z0-9]+")
_FOUR = re.compile(r"\d{4}")

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
_LONGEST = 100

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def _ascii(text: str) -> str:
    """Return the letters and digits of ``text`` in lower ASCII; letters of other scripts vanish."""
    return "".join(_WORD.findall(fold(text).replace("'", "")))


def _first_word(title: str) -> str:
    words = _WORD.findall(fold(title).replace("'", ""))
    return next((word for word in words if word not in _STOP and not word.isdigit()), words[0] if words else "")


def _name(people: Sequence[Person]) -> str:
    for person in people:
        if person == OTHERS:
            continue
        name = _ascii(person.family or person.given) or _first_word(person.literal)
        if name:
            return name
    return ""


def suffix(n: int) -> str:
    """Return what is put after the ``n``th key that would be the same: "", a, b, ..., z, a1, b1, ..."""
    if not n:
        return ""
    turn, letter = divmod(n - 1, 26)
    return "abcdefghijklmnopqrstuvwxyz"[letter] + (str(turn) if turn else "")


def key_stem(people: Iterable[Person], year: str, title: str) -> str:
    """Return family name, year, first word of the title that says something: lower ASCII, at most 58 characters."""
    found = _FOUR.search(year)
    number = found.group() if found else ""
    name, word = _name(tuple(people))[:30], _first_word(title)[:24]
    return f"{name}{number}{word}" if name else f"{word or 'source'}{number}"


def citation_key(people: Iterable[Person], year: str, title: str, taken: Collection[str]) -> str:
    """Return a key that is not in ``taken``: a `key_stem`, if need be with a letter after it.

    BibTeX and some file systems do not tell cases apart, so neither does "taken".
    """
    key = key_stem(people, year, title)
    used = {one.lower() for one in taken}
    return next(key + suffix(n) for n in count() if key + suffix(n) not in used)


def file_name(key: str) -> str:
    """Return a file name without suffix for ``key``: valid on Windows, macOS and Linux, at most 120 bytes.

    A key that had to be changed carries a short hash, so that two keys do not meet in one name.
    """
    if len(key) <= _LONGEST and _PLAIN.fullmatch(key) and key.lower() not in _RESERVED:
        return key
    slug = "-".join(_WORD.findall(fold(key)))[:_LONGEST].strip("-")
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{slug or 'source'}-{digest}"


def excerpt_id(taken: Collection[str], random: Random) -> str:
    """Return a new id: six characters of Crockford's base 32 in lower case, one of them a letter."""
    while True:
        new = "".join(random.choice(_CROCKFORD) for _ in range(6))
        if new not in taken and not new.isdigit():
            return new
