"""Texts, people and dates of an answer: cleaned, in one line, no longer than they may be."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping

from libreview.model import Person
from libreview.texts import latex, names
from libreview.texts.answers.answer import Answer
from libreview.value import decode

__all__ = [
    "LONGEST",
    "LONGEST_ABSTRACT",
    "MOST_PEOPLE",
    "date",
    "filled",
    "iso",
    "json_of",
    "language",
    "line",
    "marked",
    "pages",
    "person",
]

LONGEST = 2_000
LONGEST_ABSTRACT = 20_000
MOST_PEOPLE = 3_000
_MOST_BYTES = 8 << 20
_MOST_VALUES = 200_000

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:_.-]{0,40}(?:\s[^<>]{0,2000})?/?>")
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|title|sec|br|li|div|list|list-item)/?>", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/. ]+(\d{1,2})(?!\d)(?:[-/. ]+(\d{1,2})(?!\d))?)?")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_MONTHS = {
    name: number
    for number, several in enumerate(
        ("jan januari januar", "feb februari pebruari", "mar maret märz", "apr", "may mei mai", "jun juni", "jul juli",
         "aug agustus agu agt", "sep", "oct oktober okt", "nov nopember", "dec desember des dezember"), 1
    )
    for name in several.split()
}  # fmt: skip
_LANGUAGES = {
    "en": "english", "eng": "english", "id": "indonesian", "ind": "indonesian", "in": "indonesian", "de": "german",
    "ger": "german", "deu": "german", "fr": "french", "fre": "french", "fra": "french", "es": "spanish", "spa": "spanish",
    "nl": "dutch", "dut": "dutch", "nld": "dutch", "it": "italian", "ita": "italian", "pt": "portuguese", "por": "portuguese",
    "ms": "malay", "may": "malay", "msa": "malay", "ja": "japanese", "jpn": "japanese", "zh": "chinese", "chi": "chinese",
    "ru": "russian", "rus": "russian", "pl": "polish", "pol": "polish", "tr": "turkish", "tur": "turkish", "ar": "arabic",
}  # fmt: skip
_BODY = re.compile(
    r"\b(?:universit\w+|institut\w*|kementerian|badan|dinas|pemerintah|direktorat|ministry|department|organi[sz]ation|association"
    r"|society|council|committee|commission|agency|office|government|center|centre|group|foundation|network|consortium"
    r"|collaboration|republik|republic|nations|redaksi|kabupaten|provinsi|bundes\w+)\b",
    re.IGNORECASE,
)


def json_of(data: bytes) -> object:
    """Return what JSON says. ValueError for what is none, or is nested or large beyond all measure."""
    if len(data) > _MOST_BYTES:
        raise ValueError("too large")
    try:
        return decode(data, object)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def line(value: object, longest: int = LONGEST) -> str:
    """Return a text or number in one line, without what cannot be seen; anything else, and what is too long, is empty or cut."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    text = value[: longest * 4]
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        text = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _is_seen(sign))
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _is_seen(sign: str) -> bool:
    """Tell whether a character may stand in a text: no control, no half character, nothing that reorders or hides."""
    return unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") and not (
        unicodedata.category(sign) == "Cf" and sign not in "\u200c\u200d"
    )


def marked(value: object, longest: int = LONGEST) -> str:
    """Return a text that may hold tags and entities (JATS, HTML) without them."""
    if not isinstance(value, str):
        return line(value, longest)
    text = value[: longest * 8]
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
        if "<" in text:  # &lt;i&gt; was a tag, too
            text = _TAG.sub("", text)
    return line(text, longest)


def person(name: str) -> Person | None:
    """Return the person or body whom ``name`` names; None if nothing stands there."""
    name = line(name, 300).strip(" ,;")
    if not name:
        return None
    if _BODY.search(name) and "," not in name:
        return Person(literal=name)
    family, comma, given = name.partition(",")
    if comma:
        family, given = family.strip(), given.strip()
        return Person(family=family, given=given) if family else Person(family=given)
    words = name.split(" ")
    if len(words) == 1:
        return Person(family=name)
    if any(word.lower() in ("and", "dan", "&", "of", "und") for word in words):
        return Person(literal=name)
    read = names.parse(" ".join(latex.encode(word) for word in words))
    return read[0] if len(read) == 1 else Person(literal=name)


def date(value: str) -> str:
    """Return a date as ISO 8601, as far as it is known: ``2001-03-05``, ``2001-03``, ``2001``; empty if no year stands in it."""
    text = line(value, 100)
    if found := _YEAR_FIRST.match(text):
        year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if month or not re.search(r"[^\W\d_]", text):
            return iso(year, month, day)
    numbers: list[int] = []
    month = year = 0
    for word in _WORDS.findall(text):
        if word.isascii() and word.isdigit():
            if len(word) == 4 and not year:
                year = int(word)
            elif len(word) < 3:
                numbers.append(int(word))
        elif not month:
            month = _MONTHS.get(word.casefold(), 0) or _MONTHS.get(word.casefold()[:3], 0)
    if not year:
        return ""
    return iso(year, month, numbers[0] if month and numbers else 0)


def iso(year: int, month: int = 0, day: int = 0) -> str:
    """Return a date in ISO 8601; months and days that there are not are left out."""
    if not 1 <= year <= 9999:
        return ""
    text = f"{year:04d}"
    if 1 <= month <= 12:
        text += f"-{month:02d}"
        if 1 <= day <= 31:
            text += f"-{day:02d}"
    return text


def pages(value: object) -> str:
    """Return a range of pages with an en dash, shortened ends (``139-54``) in full."""
    text = line(value, 100)
    found = re.fullmatch(r"(\d+)\s*(?:-{1,3}|–|—)\s*(\d+)", text)
    if not found:
        return text
    first, last = found[1], found[2]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first if first == last else f"{first}–{last}"


def language(value: object) -> str:
    """Return the language as biblatex names it; empty if it is not known."""
    code = line(value, 40).lower().replace("_", "-")
    return _LANGUAGES.get(code.split("-")[0], "") if code else ""


def filled(
    type: str, fields: Mapping[str, str], people: Mapping[str, Iterable[Person | None]] | None = None, key: str = ""
) -> Answer:
    """Return an answer of what is not empty."""
    lists = {
        name: tuple(one for one in several if one is not None)[:MOST_PEOPLE] for name, several in (people or {}).items()
    }
    return Answer(
        type,
        {name: value for name, value in fields.items() if value},
        {name: some for name, some in lists.items() if some},
        key,
    )
