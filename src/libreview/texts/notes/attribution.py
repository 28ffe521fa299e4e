"""Attributions: citations, themes and ids at the end of a line (grammar R4). All of it reads a block's veiled text."""

from __future__ import annotations

import re
from functools import lru_cache

from libreview.model import Citation, Locator
from libreview.texts import locators
from libreview.texts.codebook import theme_id

__all__ = [
    "CITE",
    "CODED",
    "DASH",
    "KEY",
    "TAGS",
    "Closing",
    "Mark",
    "citations",
    "closings",
    "excerpts_in",
    "leading",
    "marks",
    "tag",
    "tags",
]

KEY = r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*+"  # Pandoc: alphanumerics with single punctuation characters between them
CITE = r"(?<!\w)@(?:" + KEY + r"|\{[^\s{}]++\})"
_THEME = r"[^\s#^\[\](){}<>,;:.!?'\"*|\\@“”‘’„‚«»‹›]++"
_WS = r"[ \t\n\xa0]"
_INSIDE = re.compile(CITE)
_SCAN = re.compile(r"\\.|[\[\]]|" + CITE + r"|\n[ \t]*+\n")
_PARTS = re.compile(r"\\.|[\[\];]|" + CITE + r"|\{[^{}]*+\}", re.DOTALL)
_LINK = re.compile(r"\((?:[^()\n]|\([^()\n]*+\))*+\)")
_PUNCTUATION = re.compile(r"[.,;:!?)]*+")
_MARK = re.compile(_WS + r"*+#(?P<theme>" + _THEME + r")[.,;:]*+|" + _WS + r"++\^(?P<id>[A-Za-z0-9-]++)")
_END = re.compile(r"[ \t\xa0]*+\\?[ \t\xa0]*+(?=\n|\Z)")
TAGS = re.compile(r"(?:" + _WS + r"*+(?:#" + _THEME + r"[.,;:]*+|(?<!\S)\^[A-Za-z0-9-]++))++" + _WS + r"*+\Z")
CODED = re.compile(r"\^(?P<id>[A-Za-z0-9-]++)(?=[\s.,;:#]|\Z)[.,;:]*+")
DASH = re.compile(r"[ \t]*+(?:[-–—―]++[ \t\xa0]*+)?\(?[ \t]*+")
_LEADING = re.compile(_WS + r"*+#(" + _THEME + r")[.,;:]*+(?=[\s#]|\Z)")
_TAG = re.compile(r"(?:(?<![^\s\])(,;])|^)#(" + _THEME + ")")
_LONGEST = 4096  # characters of a citation; brackets that are further apart belong to the text


class Mark:
    """A theme or an id in an attribution; ``name`` is normalised, the span is that of the token alone."""

    __slots__ = ("end", "id", "name", "start")

    def __init__(self, id: bool, name: str, start: int, end: int) -> None:
        self.id = id
        self.name = name
        self.start = start
        self.end = end


class Closing:
    """An attribution at the end of a line: the citation from ``start`` to ``cited`` (its link included), its marks, its ``end``.

    ``bracket`` is the span inside the citation's bracket; ``key`` is set for ``@key [locator]``; ``insert`` is where a
    theme may be put; ``parenthesis`` says that a closing one follows the citation.
    """

    __slots__ = ("bracket", "cited", "end", "insert", "key", "marks", "parenthesis", "start")

    def __init__(self, start: int, cited: int, bracket: tuple[int, int], key: str) -> None:
        self.start = start
        self.cited = cited
        self.bracket = bracket
        self.key = key
        self.marks: list[Mark] = []
        self.parenthesis = False
        self.insert = cited
        self.end = cited

    @property
    def themed(self) -> bool:
        """Whether it makes a paraphrase: a theme with a letter in it, or an id."""
        return any(mark.id or any(char.isalpha() for char in mark.name) for mark in self.marks)


@lru_cache(maxsize=8192)
def tag(text: str) -> str:
    """Return the theme that the tag ``text`` (without ``#``) names."""
    return theme_id(text)


def marks(seen: str, at: int) -> tuple[list[Mark], int]:
    """Return the themes and ids that stand at ``at`` up to the last line end they reach, and that place (-1 if none)."""
    found: list[Mark] = []
    good = at if _END.match(seen, at) else -1
    count = 0
    while match := _MARK.match(seen, at):
        at = match.end()
        theme = match["theme"]
        if theme is None:
            found.append(Mark(True, match["id"].lower(), match.start("id") - 1, at))
        else:
            name = tag(theme)
            if not name:
                break
            found.append(Mark(False, name, match.start("theme") - 1, match.end("theme")))
        if _END.match(seen, at):
            good = at
            count = len(found)
    return found[:count], good


def leading(seen: str, at: int) -> tuple[list[Mark], int]:
    """Return the themes that stand one after the other at ``at``, and where they end."""
    found: list[Mark] = []
    while (match := _LEADING.match(seen, at)) and (name := tag(match[1])):
        found.append(Mark(False, name, match.start(1) - 1, match.end(1)))
        at = match.end()
    return found, at


def closings(seen: str) -> list[Closing]:
    """Return every attribution that ends a line of ``seen``, bare ones included, in order."""
    if "@" not in seen:
        return []
    found: list[Closing] = []
    opened: list[list[int]] = []  # where, whether a key stands directly in it, where an in-text citation begins
    key_at, key_end = -1, -1
    for match in _SCAN.finditer(seen):
        char = match[0][0]
        at = match.start()
        if char == "[":
            inline = key_end >= 0 and at > key_end and seen[key_end:at].isspace()
            opened.append([at, 0, key_at if inline else -1, key_end])
            key_end = -1
        elif char == "@":
            if opened:
                opened[-1][1] = 1
            key_at, key_end = at, match.end()
        elif char == "\n":
            opened.clear()
            key_end = -1
        elif char == "]" and opened:
            start, direct, inline_at, inline_end = opened.pop()
            if at - start > _LONGEST:
                continue
            if direct and (not start or seen[start - 1] not in "!^["):
                closing = Closing(start, at + 1, (start + 1, at), "")
            elif not direct and inline_at >= 0:
                closing = Closing(inline_at, at + 1, (start + 1, at), seen[inline_at + 1 : inline_end])
            else:
                continue
            if _finish(seen, closing):
                found.append(closing)
    return found


def _finish(seen: str, closing: Closing) -> bool:
    """Read what follows the citation; return whether it reaches the end of its line."""
    at = closing.cited
    if seen[at : at + 1] == "(" and (link := _LINK.match(seen, at)):
        at = closing.cited = link.end()
    punctuation = _PUNCTUATION.match(seen, at)
    after = punctuation.end() if punctuation else at
    found, good = marks(seen, after)
    if good < 0:
        return False
    closing.marks = found
    closing.parenthesis = ")" in seen[at:after]
    closing.end = good
    closing.insert = next((mark.end for mark in reversed(found) if not mark.id), after)
    return True


def excerpts_in(seen: str) -> bool:
    """Return whether a paragraph of this text is an excerpt."""
    return any(closing.themed for closing in closings(seen))


def citations(source: str, closing: Closing) -> tuple[tuple[Citation, ...], bool]:
    """Return the citations of ``closing``, and whether Pandoc will fail to read them."""
    start, end = closing.bracket
    text = source[start:end]
    if closing.key:
        return (Citation(_bare(closing.key), "", _place(text)),), False
    found: list[Citation] = []
    broken = False
    before = ""
    for part, key in _cites(text):
        if key is None:
            broken = True
            if found:
                last = found[-1]
                words = f"{last.locator.text}; {' '.join(part.split())}"
                found[-1] = Citation(last.key, last.prefix, locators.parse(words))
            else:
                before += part + ";"
            continue
        prefix = before + part[: key[0]]
        before = ""
        squeezed = " ".join(prefix.split())
        if squeezed == "-" or squeezed.endswith(" -"):
            squeezed = squeezed[:-1].rstrip()
        place = _place(part[key[1] :])
        broken = broken or bool(_INSIDE.search(place.text))  # a second key without a semicolon before it
        found.append(Citation(_bare(part[key[0] + 1 : key[1]]), squeezed, place))
    return tuple(found), broken


def _cites(text: str) -> list[tuple[str, tuple[int, int] | None]]:
    """Return the parts of a citation between semicolons, each with the span of its key."""
    parts: list[tuple[str, tuple[int, int] | None]] = []
    depth = start = 0
    key: tuple[int, int] | None = None
    for match in _PARTS.finditer(text):
        char = match[0][0]
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif depth == 0 and char == "@" and key is None:
            key = (match.start() - start, match.end() - start)
        elif depth == 0 and char == ";":
            parts.append((text[start : match.start()], key))
            start = match.end()
            key = None
    parts.append((text[start:], key))
    return parts


def _bare(key: str) -> str:
    return key[1:-1] if key.startswith("{") else key


def _place(text: str) -> Locator:
    """Return the locator in what follows a key: one comma and a pair of braces come off."""
    words = " ".join(text.split()).removeprefix(",").strip()
    if words.startswith("{") and words.endswith("}"):
        words = words[1:-1].strip()
    return locators.parse(words) if words else Locator()


def tags(seen: str) -> list[str]:
    """Return the themes that tags in ``seen`` look like, each once: those with a letter in them."""
    if "#" not in seen:
        return []
    names = (tag(match[1]) for match in _TAG.finditer(seen))
    return list(dict.fromkeys(name for name in names if any(char.isalpha() for char in name)))
