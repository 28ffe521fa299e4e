"""A title as it is compared: its words and numbers, without what a database added to it, and what kind of text it names."""

from __future__ import annotations

import html
import re

from libreview.texts.folding import fold

__all__ = ["is_generic", "is_number", "numbers_of", "plain", "repaired", "title_of"]

_TAGS = re.compile(r"</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
_LANGUAGES = (
    "chinese|japanese|german|french|spanish|italian|portuguese|russian|polish|dutch|korean|turkish|english|czech|danish|swedish|"
    "norwegian|hungarian|hebrew|persian|croatian|serbian|slovak|slovenian|finnish|indonesian|ukrainian|arabic|greek|romanian"
)
_ADDED = re.compile(
    rf"\s{{0,8}}[\[(](?:(?:article |text |paper )?(?:in )?(?:{_LANGUAGES})(?:[;,/ ]+(?:and )?(?:{_LANGUAGES}))*(?: original)?"
    r"|(?:systematic )?review|article|conference paper|proceedings? paper|meeting abstracts?|abstract|conference abstract"
    r"|letter|comment|note|editorial|erratum|correction|retracted|book review|see comments?|\d{1,3} refs?|\d)[\])]\s{0,8}\.?\s{0,8}$"
)
_LATER = re.compile(
    r"\s{0,8}[\[(]\s{0,8}(?:(?:published )?(?:erratum|correction|corrected)[^\])]{0,40}? in\b"
    r"|see comments?\b|comment(?:ary)? in\b|retraction in\b"
    r"|republished (?:in|from)\b).*$"
)
_GREEK = re.compile("[αβγδεζηθικλμνξοπρστυφχψω]")
_GREEK_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_BROKEN = re.compile(r"#(?:NAME|VALUE|REF|N/A|NUM|DIV/0)[?!]?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+|\b(?:i{2,3}|iv|vi{1,3}|ix|xi{1,3}|xiv|xv|xvi{1,3}|xix|xx)\b")
_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14",
    "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20",
}  # fmt: skip
_WORDED = re.compile(
    r"\b(?:part|phase|type|grade|stage|class|volume|chapter|study|bagian|teil|partie|parte)"
    r" (one|two|three|four|five|satu|dua|tiga|eins|zwei|a|b|c|i|v|x)\b"
)
_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "satu": "1", "dua": "2", "tiga": "3", "eins": "1",
    "zwei": "2", "a": "1", "b": "2", "c": "3", "i": "1", "v": "5", "x": "10",
}  # fmt: skip
_KINDS = {
    "erratum": re.compile(
        r"^(?:published |author |publisher |publisher's )?(?:erratum|errata|corrigend\w+|addendum|corrections?(?=\s*(?:[:.–—-]|to\b)))"
        r"|[\[(]vol\.? ?\d+,? p\w{0,2}\.? ?\w+,? \d{4}[\])]\W*$|\([^()]{3,80}\(\d{4}\)[^()]{0,30}\([^()]{1,30}\)\)\W*$"
    ),
    "retraction": re.compile(
        r"^(?:retraction|retracted(?: article)?|withdrawn|notice of retraction|expression of concern)\b(?=\s*(?:[:.–—-]|of\b|to\b|$))"
    ),
    "reply": re.compile(
        r"^(?:(?:the )?authors?'?s? |in )?(?:reply|rejoinder)\b|^(?:(?:the )?authors?'?s? )?response(?=\s*(?:[:.]|to\b))"
        r"|\b(?:reply|rejoinder)\W*$|^re:"
    ),
    "comment": re.compile(
        r"^(?:invited |editorial )?comment(?:ary|s)?(?=\s*(?:[:.–—-]|on\b|to\b))"
        r"|[-:.–—(\[]\s*(?:an? )?(?:invited |editorial )?comment(?:ary)?\W*$"
        r"|\b(?:editorial|invited) comment(?:ary)?\W*$|^letters?(?: to the editors?)?(?=\s*[:.–—-])|^discussion(?=\s*(?:[:.]|of \W))"
    ),
    "editorial": re.compile(
        r"^(?:guest )?editorial\b(?=\s*(?:[:.–—-]|notes?|introduction|comments?|$))"
        r"|\beditor'?s? (?:comments?|notes?|page|introduction)\W*$|^(?:preface|foreword|introduction)\W*$"
    ),
}  # fmt: skip
"""What stands beside a text and has its title: not the text itself."""
_SAYING_SO = re.compile(r"^\s*(?:to|on|of|for)?\b[\s:.\"'“”–—-]*")


def repaired(text: str) -> str:
    """Return ``text`` as it was before UTF-8 was read as Latin-1, if that is what happened."""
    if not ("Ã" in text or "â" in text or "Â" in text or "Î" in text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def plain(text: str) -> str:
    """Return ``text`` without markup, folded: what a title or an abstract is before its signs go."""
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.lower()
    folded = fold(repaired(text))
    return folded if folded.isascii() else _GREEK.sub(lambda found: f" {_GREEK_NAMES[found.group()]} ", folded)


def title_of(text: str) -> tuple[str, str]:
    """Return the words of a title, and what the text says it is beside that: an erratum, a comment, a reply, ..."""
    words = plain(text[:_LONGEST])
    if "#" in words:
        words = _BROKEN.sub("", words)
    if "[" in words or "(" in words:
        words = _LATER.sub("", words) or words
    while words.rstrip(" .")[-1:] in ("]", ")") and (bare := _ADDED.sub("", words)) != words and bare.strip(" .["):
        words = bare
    kind = ""
    if found := _kind(words):
        kind, bare = found
        words = bare if len(bare) > _LITTLE else words
    return _SIGNS.sub(" ", words).strip()[:400], kind


_LONGEST = 1_000
"""Letters of a title that are looked at."""


def is_generic(title: str) -> bool:
    """Return whether a title names a kind of text and no text."""
    return title in _GENERIC or title.startswith(_GENERIC_STARTS)


_LITTLE = 15
"""Where so little is left without "Erratum:", the word belongs to the title."""
_GENERIC = frozenset((
    "abstracts", "acknowledgements", "announcements", "book review", "book reviews", "books received", "comment",
    "commentary", "contents",
    "correction", "corrections", "correspondence", "discussion", "editor s comments", "editor s note",
    "editor s notes", "editorial",
    "editorial board", "editorial introduction", "editorial notes", "editorial note", "erratum", "foreword",
    "from the editor", "guest editorial",
    "in memoriam", "in this issue", "index", "introduction", "issue information", "letter to the editor", "letters",
    "letters to the editor",
    "list of contributors", "news", "notes", "obituary", "pendahuluan", "preface", "prefatory note", "reply",
    "review", "summary", "untitled",
    "vorwort", "kata pengantar", "table of contents", "title page", "tajuk rencana", "einleitung", "rezension",
    "resensi buku",
))  # fmt: skip
"""Titles that name a kind of text and no text."""
_HINTS = re.compile(
    "erra|corrig|addend|correction|retract|withdrawn|concern|reply|rejoinder|response|^re:|comment|letter|discussion|editor"
    "|preface|foreword|introd|[\\])]\\W*$"
)
"""One look before the many."""
_GENERIC_STARTS = (
    "abstracts from ", "abstracts of ", "annual report", "gateways to clinical trials", "introduction to the minitrack",
    "introduction to the special issue", "introduction to this issue", "minutes of ", "proceedings of ",
    "program and abstracts",
    "pengantar redaksi", "reviewers for ", "thanks to reviewers", "remarks from ",
)  # fmt: skip


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


def is_number(word: str) -> bool:
    """Return whether a word of a title is a number, in figures, Roman or English."""
    return word.isdecimal() or word in _ROMAN or (len(word) > 1 and word in _WORDS)


def numbers_of(title: str) -> tuple[str, ...]:
    """Return the numbers of a title, Roman ones and those in words after ``part`` as figures."""
    found = [_ROMAN.get(one) or one.lstrip("0") or one for one in _NUMBER.findall(title)]
    return (*found, *(_WORDS[word] for word in _WORDED.findall(title)))
