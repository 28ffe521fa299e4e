"""People as exports write them, one by one: ``Family, Given, Suffix``, ``Smith JA``, ``Liu R.``, bodies, and people with one name.

What is no person ("et al.", "dkk.") stays as it is; `findings.checks` has something to say about it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libreview.model import OTHERS, Person
from libreview.texts.formats import mending

__all__ = ["read", "read_list", "write"]

_BODY = re.compile(
    r"\b(?:universit\w*|univ\.?|institut\w*|kementerian|badan|dinas|lembaga|pemerintah|departemen|direktorat|majelis"
    r"|mahkamah|dewan|komisi|yayasan|perpustakaan|pusat|kantor|republik|asosiasi|perhimpunan|perkumpulan|kota|kabupaten"
    r"|provinsi|biro|bappenas|bank|sekolah tinggi|politeknik|ministry|ministries|department|organi[sz]ation|association|society|council"
    r"|committee|commission|agency|office|government|center|centre|group|foundation|network|consortium|collaboration"
    r"|laboratory|board|bureau|institute|college|academy|hospital|press|company|corporation|corp|inc|ltd|gmbh|union"
    r"|federation|parliament|congress|authority|service|services|team|program(?:me)?|project|initiative|trial"
    r"|investigators|nations|bundes\w*|ministerium|gesellschaft|verein|verband|stiftung|ministerio|consejo|sociedad|società)\b",
    re.IGNORECASE,
)
_SMALL = re.compile(r" (?:of|for|and|the|und|für|et|&|dan|untuk|tentang) ", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+|[^\W\d_a-z]{1,3}(?:-[^\W\d_a-z])?")
_DOTTED = re.compile(r"(?:[^\W\d_]\.[ -]?)+")
_OTHERS = re.compile(r"(?:(?:et|dan|and) (?:al|kawan-kawan|others)|dkk|et\.? ?al|others|u\.a)\.?", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv|2nd|3rd|(?:ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)


@lru_cache(maxsize=16384)
def read(text: str, initials: bool = False) -> Person | None:
    """Return the person whom ``text`` names; None if nothing stands there.

    With ``initials`` the last word, if it may be initials, is what is given (``Smith JA``), as in MEDLINE.
    """
    text = " ".join(text.split()).strip(";").strip()
    if len(text) > 1 and text[0] == "{" and text[-1] == "}":
        return Person(literal=text[1:-1].strip()) if text[1:-1].strip() else None
    if not text.strip(" ,.;"):
        return None
    if text.casefold() == "others":
        return OTHERS
    if _OTHERS.fullmatch(text):
        return Person(literal=text)
    if text.endswith(",") and "," not in text[:-1]:
        return Person(literal=text[:-1].strip())  # EndNote's mark of a body, or of a person with one name
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1:
        return _parts([part for part in parts if part], text)
    return _words(text, initials)


def _parts(parts: list[str], text: str) -> Person:
    """Read a name with commas."""
    if len(parts) == 1:
        return _family(parts[0], "")
    if len(parts) == 2:
        return _family(parts[0], parts[1])
    if len(parts) == 3:
        if _SUFFIX.fullmatch(parts[1]) and not _SUFFIX.fullmatch(parts[2]):
            return _family(parts[0], parts[2], parts[1])
        if _SUFFIX.fullmatch(parts[2]):
            return _family(parts[0], parts[1], parts[2])
    if _BODY.search(text):
        return Person(literal=", ".join(parts))
    return _family(parts[0], ", ".join(parts[1:]))


def _family(family: str, given: str, suffix: str = "") -> Person:
    words = family.split(" ")
    at = next((at for at in range(len(words) - 2, -1, -1) if words[at][:1].islower()), -1)
    if at < 0:
        return Person(family, given, "", suffix)
    return Person(" ".join(words[at + 1 :]), given, " ".join(words[: at + 1]), suffix)


def _words(text: str, initials: bool) -> Person:
    """Read a name without a comma."""
    words = text.split(" ")
    if len(words) == 1:
        return Person(text)
    for count in (1, 2):  # "Liu R.", "Silva A. B."
        last = " ".join(words[-count:])
        if len(words) <= count:
            break
        pattern = _INITIALS if initials and count == 1 else _DOTTED
        if (
            pattern.fullmatch(last)
            and not _DOTTED.fullmatch(words[0])
            and not (count == 1 and _DOTTED.fullmatch(words[-2]))
        ):
            return _family(" ".join(words[:-count]), last)
    if initials and len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and _INITIALS.fullmatch(words[-2]):
        return _family(" ".join(words[:-2]), words[-2], words[-1])  # "Smith JA Jr"
    if initials or _BODY.search(text) or _SMALL.search(text):
        return Person(literal=text)
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        return _family(words[-2], " ".join(words[:-2]), words[-1])
    if _INITIALS.fullmatch(words[-1]) and not _DOTTED.match(words[0]) and not words[0].isupper():
        return _family(" ".join(words[:-1]), words[-1])
    first = next((at for at, word in enumerate(words[:-1]) if at and word[:1].islower()), len(words) - 1)
    given = " ".join(words[:first])
    rest = _family(" ".join(words[first:]), given)
    return rest if rest.family else Person(literal=text)


def write(person: Person) -> str:
    """Return the name as `read` takes it, as far as that can be: ``particle Family, Given, Suffix``.

    Of a body or of one name a comma behind it says so where its words do not, as EndNote has it; braces where it holds a comma.
    """
    if person == OTHERS:
        return "others"
    if person.literal:
        shown = (person.literal, f"{person.literal},", f"{{{person.literal}}}")
        return next((one for one in shown if read(one) == person), shown[-1])
    family = f"{person.particle} {person.family}".strip()
    if person.given or person.suffix:
        return ", ".join(part for part in (family, person.given, person.suffix) if part)
    return family if " " not in family else f"{family}, "


# A list in one text ---------------------------------------------------------------------------------------------------

_AND = re.compile(r"\s{1,8}(?:and|dan|&|und)\s{1,8}")


def read_list(text: str) -> list[str]:
    """Return the names in a text that holds a list of them, however they are parted."""
    text = text.strip()
    if listed := mending.python_list(text):
        return listed
    for mark in (";", "|", "\n"):
        if mark in text:
            return [name.strip() for name in text.split(mark) if name.strip(" ,")]
    if _AND.search(text) and not (_BODY.search(text) and "," not in text):
        return [name for part in _AND.split(text) for name in _commas(part.strip(" ,"))]
    return _commas(text)


def _commas(text: str) -> list[str]:
    """Return the names of a list parted by commas, in which a comma may also stand within a name."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or _BODY.search(text):
        return [text] if text else []
    if len(parts) == 2 and (" " not in parts[0] or _INITIALS.fullmatch(parts[1])):
        return [text]
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return [text]
    return parts
