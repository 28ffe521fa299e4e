"""What of a record is compared: each field brought to one form, and empty where the record says nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from sys import intern
from urllib.parse import unquote

from libreview.texts.folding import fold
from libreview.value import Value

__all__ = ["GENERIC", "Features", "Record", "features", "record_of", "same_journal"]


class Record(Value, frozen=True):
    """What is known of one publication, as the source has it; an empty text says nothing."""

    key: str
    title: str = ""
    author: str = ""
    year: str = ""
    journal: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    abstract: str = ""
    doi: str = ""
    isbn: str = ""
    type: str = ""
    edition: str = ""


class Features(Value, frozen=True):
    """A record in the form in which it is compared."""

    title: str = ""
    numbers: tuple[str, ...] = ()
    kind: str = ""
    first: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    year: int = 0
    journal: str = ""
    volume: str = ""
    number: str = ""
    start: str = ""
    end: str = ""
    doi: str = ""
    isbns: frozenset[str] = frozenset()
    abstract: str = ""
    type: str = ""
    edition: str = ""


# Title ----------------------------------------------------------------------------------------------------------------

_TAGS = re.compile(r"</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
_LANGUAGES = (
    "chinese|japanese|german|french|spanish|italian|portuguese|russian|polish|dutch|korean|turkish|english|czech|danish|swedish|"
    "norwegian|hungarian|hebrew|persian|croatian|serbian|slovak|slovenian|finnish|indonesian|ukrainian|arabic|greek|romanian"
)
_ADDED = re.compile(
    rf"\s*[\[(](?:(?:article |text |paper )?(?:in )?(?:{_LANGUAGES})(?:[;,/ ]+(?:and )?(?:{_LANGUAGES}))*(?: original)?"
    r"|(?:systematic )?review|article|conference paper|proceedings? paper|meeting abstracts?|abstract|conference abstract"
    r"|letter|comment|note|editorial|erratum|correction|retracted|book review|see comments?|\d{1,3} refs?)[\])]\s*\.?\s*$"
)
_LATER = re.compile(
    r"\s*[\[(]\s*(?:(?:published )?(?:erratum|correction|corrected)[^\])]{0,40}? in\b|see comments?\b|comment(?:ary)? in\b|retraction in\b"
    r"|republished (?:in|from)\b).*$"
)
_GREEK = re.compile("[αβγδεζηθικλμνξοπρστυφχψω]")
_GREEK_NAMES = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(),
        strict=True,
    )
)
_BROKEN = re.compile(r"#(?:NAME|VALUE|REF|N/A|NUM|DIV/0)[?!]?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+|\b(?:i{2,3}|iv|vi{1,3}|ix|xi{1,3}|xiv|xv|xvi{1,3}|xix|xx)\b")
_ROMAN = {
    name: str(at)
    for at, name in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), start=1
    )
}
_WORDED = re.compile(r"\b(part|phase|type|grade|stage|class|volume|chapter|study|bagian|teil|partie|parte) (one|two|three|four|five|satu|dua|tiga|eins|zwei|a|b|c|i|v|x)\b")
_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "satu": "1", "dua": "2", "tiga": "3", "eins": "1",
    "zwei": "2", "a": "1", "b": "2", "c": "3", "i": "1", "v": "5", "x": "10",
}  # fmt: skip
_KINDS = {
    "erratum": re.compile(
        r"^(?:published |author |publisher |publisher's )?(?:erratum|errata|corrigend\w+|addendum|corrections?(?=\s*(?:[:.–—-]|to\b)))"
        r"|[\[(]vol\.? ?\d+,? p\w{0,2}\.? ?\w+,? \d{4}[\])]\W*$|\([^()]{3,80}\(\d{4}\)[^()]{0,30}\([^()]{1,30}\)\)\W*$"
    ),
    "retraction": re.compile(r"^(?:retraction|retracted(?: article)?|withdrawn|notice of retraction|expression of concern)\b(?=\s*(?:[:.–—-]|of\b|to\b|$))"),
    "reply": re.compile(
        r"^(?:(?:the )?authors?'?s? |in )?(?:reply|rejoinder)\b|^(?:(?:the )?authors?'?s? )?response(?=\s*(?:[:.]|to\b))|\b(?:reply|rejoinder)\W*$|^re:"
    ),
    "comment": re.compile(
        r"^(?:invited |editorial )?comment(?:ary|s)?(?=\s*(?:[:.–—-]|on\b|to\b))|[-:.–—(\[]\s*(?:an? )?(?:invited |editorial )?comment(?:ary)?\W*$"
        r"|\b(?:editorial|invited) comment(?:ary)?\W*$|^letters?(?: to the editors?)?(?=\s*[:.–—-])|^discussion(?=\s*(?:[:.]|of \W))"
    ),
    "editorial": re.compile(r"^(?:guest )?editorial\b(?=\s*(?:[:.–—-]|notes?|introduction|comments?|$))|\beditor'?s? (?:comments?|notes?|page|introduction)\W*$|^(?:preface|foreword|introduction)\W*$"),
}  # fmt: skip
"""What stands beside a text and has its title: not the text itself."""
_SAYING_SO = re.compile(r"^\s*(?:to|on|of|for)?\b[\s:.\"'“”–—-]*")


def _repaired(text: str) -> str:
    """Return ``text`` as it was before UTF-8 was read as Latin-1, if that is what happened."""
    if not ("Ã" in text or "â" in text or "Â" in text or "Î" in text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _plain(text: str) -> str:
    """Return ``text`` without markup, folded: what a title or an abstract is before its signs go."""
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.lower()
    folded = fold(_repaired(text))
    return folded if folded.isascii() else _GREEK.sub(lambda found: f" {_GREEK_NAMES[found.group()]} ", folded)


def _title(text: str) -> tuple[str, str]:
    """Return the words of a title, and what the text says it is beside that: an erratum, a comment, a reply, ..."""
    plain = _plain(text)
    if "#" in plain:
        plain = _BROKEN.sub("", plain)
    if "[" in plain or "(" in plain:
        plain = _LATER.sub("", plain) or plain
    while plain.rstrip(" .")[-1:] in ("]", ")") and (bare := _ADDED.sub("", plain)) != plain and bare.strip(" .["):
        plain = bare
    kind = ""
    if found := _kind(plain):
        kind, bare = found
        plain = bare if len(bare) > _LITTLE else plain
    return _SIGNS.sub(" ", plain).strip()[:400], kind


_LITTLE = 15
"""Where so little is left without "Erratum:", the word belongs to the title."""
GENERIC = frozenset((
    "abstracts", "acknowledgements", "announcements", "book review", "book reviews", "books received", "comment", "commentary", "contents",
    "correction", "corrections", "correspondence", "discussion", "editor s comments", "editor s note", "editor s notes", "editorial",
    "editorial board", "editorial introduction", "editorial notes", "editorial note", "erratum", "foreword", "from the editor", "guest editorial",
    "in memoriam", "in this issue", "index", "introduction", "issue information", "letter to the editor", "letters", "letters to the editor",
    "list of contributors", "news", "notes", "obituary", "pendahuluan", "preface", "prefatory note", "reply", "review", "summary", "untitled",
    "vorwort", "kata pengantar", "table of contents", "title page", "tajuk rencana", "einleitung", "rezension", "resensi buku",
))  # fmt: skip
"""Titles that name a kind of text and no text."""
_HINTS = re.compile("erra|corrig|addend|correction|retract|withdrawn|concern|reply|rejoinder|response|^re:|comment|letter|discussion|editor|preface|foreword|introd|[\\])]\\W*$")


def _kind(plain: str) -> tuple[str, str] | None:
    """Return what the title says the text is, and the title without that; None if it says nothing."""
    if not _HINTS.search(plain):
        return None
    for name, pattern in _KINDS.items():
        if found := pattern.search(plain):
            rest = plain[: found.start()] if found.start() else _SAYING_SO.sub("", plain[found.end() :])
            again = pattern.search(rest)  # "Erratum: Title (Journal (2009) 360 (542))"
            return name, rest[: again.start()] if again and again.start() else rest
    return None


def _numbers(title: str) -> tuple[str, ...]:
    """Return the numbers of a title, Roman ones and those in words after ``part`` as figures."""
    found = [_ROMAN.get(one) or one.lstrip("0") or one for one in _NUMBER.findall(title)]
    return (*found, *(_WORDS[word] for _, word in _WORDED.findall(title)))


# People ---------------------------------------------------------------------------------------------------------------

_RUN_ON = re.compile(r"\.(?=[^\W\d_]{2})")
_NAME = re.compile(r"[^\W\d_]{3,}")
_SHORT_NAME = re.compile(r"[^\W\d_]{2,}")
_NOT_NAMES = frozenset(
    "and the van von der den del della dos das los las jun sen jnr phd prof others dkk etal anonymous anon unknown".split()
)


def _people(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the names of the first author and those of all, from whatever stands between one and the next."""
    if not text:
        return (), frozenset()
    folded = fold(_repaired(text[:600])).replace("'", "").replace("-", "")
    if " and " in folded:
        first = folded.partition(" and ")[0]
    elif ";" in folded:
        first = folded.partition(";")[0]
    elif folded.count(",") > 1:
        first = folded.partition(",")[0]
    else:
        first = _RUN_ON.split(folded, maxsplit=1)[0]
    own = [name for name in _NAME.findall(first) if name not in _NOT_NAMES]
    names = frozenset(map(intern, _NAME.findall(folded))) - _NOT_NAMES
    return tuple(own or _SHORT_NAME.findall(first)[:1]), names


# Where it stands ------------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)")
_MONTHS = {
    name: str(at)
    for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}  # fmt: skip
_EXCEL = re.compile(r"^(?:(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,2}))$")
_PAGE = re.compile(r"([a-z]{0,3})\s*(\d+)([a-z]?)")
_ROMAN_PAGES = re.compile(r"^(?=[ivxlc])c{0,3}(?:x[lc]|l?x{0,3})(?:i[xv]|v?i{0,3})(?<=\w)\b")
_LOST = re.compile(r"^(?:suppl?|[a-z])-(\d+)$")
_DIGITS = re.compile(r"\d+")


def _pages(text: str) -> tuple[str, str]:
    """Return the first page and the last: ``139-54`` ends at 154, ``06-Oct`` (a spreadsheet's) is 6 to 10.

    Only the last is known of ``Suppl-29``, the end of it, and only the first of Roman pages.
    """
    lowered = text.lower().strip()
    if not lowered:
        return "", ""
    if found := _EXCEL.match(lowered):
        day, month, name, figure = found.groups()
        if (month or name) in _MONTHS:
            pair = (day, _MONTHS[month]) if month else (_MONTHS[name], figure)
            return pair[0].lstrip("0"), pair[1].lstrip("0")
    if found := _LOST.match(lowered):  # "S417-S429" cut short on both sides
        return "", found.group(1)
    if found := _ROMAN_PAGES.match(lowered):
        return f"r{found.group()}", ""
    parts = _PAGE.findall(lowered)
    if not parts:
        return "", ""
    letters, figures, _ = parts[0]
    start = figures.lstrip("0") or "0"
    if len(parts) == 1 or not re.search(r"\d[a-z]?\s*[-–—‐‑−]+", lowered):
        return letters[-1:] + start, ""
    end = parts[1][1].lstrip("0") or "0"
    if len(end) < len(start):
        end = start[: len(start) - len(end)] + end
    return letters[-1:] + start, end


def _volume(text: str) -> str:
    """Return the number of the volume out of ``18 (Supplement 3)``; nothing out of what is left of a bracket, ``1)``."""
    if not text or (")" in text and "(" not in text):
        return ""
    found = _DIGITS.search(text)
    return (found.group().lstrip("0") or "0") if found else ""


def _issue(text: str) -> str:
    """Return an issue as figures, with ``s`` for a supplement to no issue: ``SUPPL. 2`` is ``s2``, ``1 SUPPL. 2`` is ``1``."""
    found = _DIGITS.search(text) if text else None
    if not found or _ARTICLE.match(text):
        return ""
    figures = found.group().lstrip("0") or "0"
    return f"s{figures}" if "sup" in text[: found.start()].lower() else figures


_ARTICLE = re.compile(r"\s*[eE]\d{3,}\s*$")


_STOPS = frozenset("the of and in for on to a an de la le les der die das und et e y del di do da des du dan".split())
_CUT = re.compile(r"\s*[:;(\[].*")
_NAMES = re.compile(r"[/=]|\. ?conference:? ")
_PLACING = re.compile(
    r"\d+(?:st|nd|rd|th)?|proceedings?|proc|annual|vols?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|(?:\w+teenth|tenth|eleventh|twelfth|\w+tieth)"
)


@lru_cache(maxsize=1 << 16)
def _journal(text: str) -> str:
    """Return the words of a journal's name: without article, year, place in brackets and what follows a colon.

    A name in two languages, or with that of a conference, gives two, with a stroke between them.
    """
    names = (_journal_words(_CUT.sub("", part) or part) for part in _NAMES.split(_plain(text)))
    return "|".join(dict.fromkeys(name for name in names if name))


def _journal_words(plain: str) -> str:
    words = [word for word in _SIGNS.sub(" ", plain.replace("'", "")).split() if word not in _STOPS]
    return " ".join([word for word in words if not _PLACING.fullmatch(word)] or words)


@lru_cache(maxsize=1 << 16)
def same_journal(one: str, other: str) -> bool | None:
    """Return whether two journals are the same: equal, abbreviated word by word, or by first letters.

    None if one name may be part of the other, as Cancer is of Cancer Research.
    """
    pairs = ((mine.split(), theirs.split()) for mine in one.split("|") for theirs in other.split("|"))
    answers = {_same_name(mine, theirs) for mine, theirs in pairs}
    return True if True in answers else None if None in answers else False


def _same_name(one: list[str], other: list[str]) -> bool | None:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if _first_letters(short, long) or _first_letters(long, short):
        return True
    at = 0
    for word in short:
        while at < len(long) and not _abbreviates(word, long[at]):
            at += 1
        if at == len(long):
            return False
        at += 1
    return True if len(short) == len(long) or (len(short) > 1 and len(long) - len(short) <= _MORE) else None


_MORE = 2
"""Words that a name of several words may have more than the other."""


def _first_letters(names: list[str], words: list[str]) -> bool:
    """Return whether one of ``names`` is made of the first letters of ``words``: PNAS, ICIS."""
    initials = "".join(word[0] for word in words)
    return len(initials) > 2 and any(len(name) > 2 and initials.startswith(name) for name in names)


def _abbreviates(one: str, other: str) -> bool:
    """Return whether one word is short for the other: its beginning, or its letters in their order (``natl``)."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if long.startswith(short) or short[:-1] and long.startswith(short[:-1]) and len(short) > 4:
        return True
    if short[0] != long[0]:
        return False
    rest = iter(long)
    return len(short) <= 5 and all(letter in rest for letter in short)


# Numbers that name a publication --------------------------------------------------------------------------------------

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ISBN = re.compile(r"[\dxX][\dxX-]{7,16}")


def _doi(text: str) -> str:
    if not text:
        return ""
    found = _DOI.search(unquote(text) if "%" in text else text)
    return found.group().rstrip(".,;)").lower() if found else ""


def _isbns(text: str) -> frozenset[str]:
    """Return the ISBN or ISSN of a record: whatever the field holds that has the length of one."""
    if not text:
        return frozenset()
    bare = (one.replace("-", "").upper() for one in _ISBN.findall(text))
    return frozenset(one for one in bare if len(one) in (8, 10, 13))


def _abstract(text: str) -> str:
    if len(text) < 40:
        return ""
    return _SIGNS.sub("", _plain(text[:300]))[:200]


def features(record: Record) -> Features:
    """Return what of ``record`` is compared."""
    title, kind = _title(record.title)
    first, names = _people(record.author)
    pages = record.pages or (record.number if _ARTICLE.match(record.number) else "")
    start, end = _pages(pages)
    year = _YEAR.search(record.year)
    year_text = year.group() if year else "-"
    return Features(
        title,
        _numbers(title),
        kind,
        first,
        names,
        int(year.group()) if year else 0,
        _journal(record.journal),
        volume if (volume := _volume(record.volume)) != year_text else "",
        _issue(record.number),
        start,
        end,
        _doi(record.doi),
        _isbns(record.isbn),
        _abstract(record.abstract),
        record.type.lower(),
        _volume(record.edition),
    )


def record_of(key: str, fields: Mapping[str, str]) -> Record:
    """Return the record of a row or entry with these fields, whichever of their usual names they have."""
    get = fields.get
    return Record(
        key,
        get("title") or "",
        get("author") or get("authors") or get("editor") or "",
        get("year") or get("date") or "",
        get("journal") or get("journaltitle") or get("booktitle") or "",
        get("volume") or "",
        get("number") or get("issue") or "",
        get("pages") or "",
        get("abstract") or "",
        get("doi") or "",
        get("isbn") or get("issn") or "",
        get("ENTRYTYPE") or get("type") or "",
        get("edition") or "",
    )
