"""What exports put into a field, as biblatex wants it there: DOI, ISBN and ISSN, pages, keywords, languages, marked-up text."""

from __future__ import annotations

import html
import re
from functools import lru_cache

__all__ = [
    "doi",
    "doi_in",
    "keywords",
    "language",
    "language_code",
    "pages",
    "python_list",
    "serials",
    "split_keywords",
    "thesis",
    "unmarked",
]

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:/]?\s*", re.IGNORECASE)
_DOI_LINK = re.compile(r"(?:https?://)(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)


def doi(text: str) -> str:
    """Return the DOI in ``text`` without its address, or nothing."""
    text = _DOI_PREFIX.sub("", text.strip(), count=1) if text[:3] != "10." else text
    match = _DOI.match(text.strip())
    if match is None:
        return ""
    found = match.group().rstrip(".,;")
    if text.strip() != match.group() and " " in text.strip():
        rest = text.strip()[match.end() :].strip()
        if rest and not re.fullmatch(r"(?:\[doi\]|\(doi\)|;.*|,.*)", rest, re.IGNORECASE):
            return ""  # more than a DOI stands there
    return found


def doi_in(url: str) -> str:
    """Return the DOI that an address leads to, or nothing."""
    match = _DOI_LINK.match(url)
    return match[1].rstrip(".,;") if match else ""


_SERIAL = re.compile(
    r"(?<![\w-])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\w-])|(?<![\w-])\d{4}[-–]?\d{3}[\dXx](?![\w-])"
)
_NOTE = re.compile(
    r"\([^()]*\)|\b(?:e?-?ISSN|e?-?ISBN|print|online|electronic|linking|\d\dth|13|10):?(?=[\s;,]|$)", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def serials(text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the ISBN and the ISSN in ``text``, and what is neither."""
    isbn: list[str] = []
    issn: list[str] = []
    for match in _SERIAL.finditer(text):
        found = match.group().strip()
        digits = re.sub(r"[- –]", "", found).upper()
        if len(digits) == 8:
            issn.append(f"{digits[:4]}-{digits[4:]}")
        else:
            isbn.append(found.replace(" ", "-"))
    rest = _NOTE.sub(" ", _SERIAL.sub(" ", text)).strip(" ;,.\t\n")
    return tuple(isbn), tuple(issn), rest


_THESES = (
    (re.compile(r"ph\.?\s?d|doctor|disertasi|dissertation", re.IGNORECASE), "phdthesis"),
    (re.compile(r"master|\btesis\b|magister|m\.?sc\b", re.IGNORECASE), "mathesis"),
    (re.compile(r"skripsi|bachelor|undergraduate|sarjana", re.IGNORECASE), "bathesis"),
)


def thesis(text: str) -> str:
    """Return the kind of a thesis as biblatex names it, or ``text`` if it is none that we know."""
    return next((name for pattern, name in _THESES if pattern.search(text)), text)


_RANGE = re.compile(r"\s{0,8}(?:[–—]|--+)\s{0,8}")
_LABEL = re.compile(r"^(?:pp?\.|hlm\.|hal\.|S\.)\s*(?=\d)", re.IGNORECASE)


def pages(text: str) -> str:
    """Return a range of pages with one dash; what is otherwise written stays: ``139-54``."""
    text = _LABEL.sub("", text.strip())
    return _RANGE.sub("–", text) if text.strip("–—- ") else ""


_PYTHON = re.compile(r"""'((?:[^'\\]|\\.){0,400}+)'|"((?:[^"\\]|\\.){0,400}+)\"""")


def python_list(text: str) -> list[str]:
    """Return what a list holds that a program in Python wrote into a cell (``['a', 'b']``); empty if it is none."""
    if not (text.startswith("[") and text.endswith("]")):
        return []
    return [part for one, other in _PYTHON.findall(text) if (part := (one or other).strip())]


def split_keywords(text: str) -> list[str]:
    """Return the keywords in ``text``: at semicolons (or bars, or lines), without any at commas."""
    if text.startswith("[") and (listed := python_list(text)):
        return listed
    for mark in (";", "|", "\n", ","):
        if mark in text:
            return [word for one in text.split(mark) if (word := " ".join(one.split()))]
    word = " ".join(text.split())
    return [word] if word else []


def keywords(values: list[str]) -> str:
    """Return keywords, each once, in one text: between commas, as biblatex has them, unless one holds a comma.

    A single value is split into its keywords; of several, each is a keyword, or some between semicolons.
    """
    if len(values) == 1:
        found = split_keywords(values[0])
    else:
        found = [word for value in values for one in value.split(";") if (word := " ".join(one.split()))]
    words = list(dict.fromkeys(found))
    mark = "; " if any("," in word for word in words) else ", "
    return mark.join(words)


_LANGUAGES = {
    "english": "en eng english en-us en-gb inggris anglais englisch",
    "indonesian": "id ind in indonesian indonesia bahasa indonesisch",
    "german": "de ger deu german deutsch jerman",
    "french": "fr fre fra french français francais prancis perancis",
    "spanish": "es spa spanish español castellano spanyol",
    "italian": "it ita italian italiano",
    "portuguese": "pt por portuguese português pt-br portugis",
    "dutch": "nl dut nld dutch nederlands belanda",
    "malay": "ms may msa malay melayu",
    "chinese": "zh chi zho chinese mandarin zh-cn",
    "japanese": "ja jpn japanese jepang",
    "korean": "ko kor korean",
    "russian": "ru rus russian rusia",
    "arabic": "ar ara arabic arab",
    "turkish": "tr tur turkish",
    "polish": "pl pol polish",
    "swedish": "sv swe swedish",
    "danish": "da dan danish",
    "norwegian": "no nor nb nn norwegian",
    "finnish": "fi fin finnish",
    "czech": "cs cze ces czech",
    "hungarian": "hu hun hungarian",
    "greek": "el gre ell greek",
    "hebrew": "he heb hebrew",
    "persian": "fa per fas persian farsi",
    "thai": "th tha thai",
    "vietnamese": "vi vie vietnamese",
    "ukrainian": "uk ukr ukrainian",
    "romanian": "ro rum ron romanian",
    "croatian": "hr hrv croatian",
    "serbian": "sr srp serbian",
    "slovenian": "sl slv slovenian slovene",
    "slovak": "sk slo slk slovak",
    "bulgarian": "bg bul bulgarian",
    "catalan": "ca cat catalan",
    "latin": "la lat latin",
    "hindi": "hi hin hindi",
    "javanese": "jv jav javanese jawa",
    "sundanese": "su sun sundanese sunda",
}
_NAMED = {word: name for name, words in _LANGUAGES.items() for word in words.split()}
_NAMED["bahasa indonesia"] = "indonesian"


@lru_cache(maxsize=1024)
def language(text: str) -> str:
    """Return the language as babel and biblatex name it, or nothing for one (or several) that we do not know."""
    word = text.strip().strip(".").casefold().replace("_", "-")
    return _NAMED.get(word) or _NAMED.get(word.split("-")[0] if "-" in word else "", "")


def language_code(name: str) -> str:
    """Return the code of a language that `language` names, or nothing."""
    return _LANGUAGES.get(name, "").split(" ", 1)[0]


_BREAK = re.compile(r"</?(?:jats:)?(?:p|title|sec|br|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:jats:)?(?:i|b|em|strong|sup|sub|sc|span|p|title|sec|italic|bold|br|div|u|inf)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def unmarked(text: str) -> str:
    """Return ``text`` without the tags and entities of HTML and JATS."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    return html.unescape(text) if "&" in text else text
