"""Excerpts, citations and note cards in canonical form; what is written is read back before it is handed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from libreview.model import Citation, Kind, Problem
from libreview.texts.notes.attribution import CITE, KEY, tag
from libreview.texts.notes.front import write_front
from libreview.texts.notes.lines import page
from libreview.texts.notes.reading import read
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["attribution", "citations_in", "cited_lines", "new_card", "plain", "tidy", "write_citation", "write_excerpt"]

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HARD_BREAK = re.compile(r"\\\n")
_KEY = re.compile(KEY)
_BRACED = re.compile(r"[^\s{}]+")
_INSIDE = re.compile(CITE)
_CITED = re.compile(r"\\.|`+[^`\n]*`+|" + CITE, re.DOTALL)
_OWN_LINE = re.compile(
    r"[ \t]*(?:[-*+][ \t]|[0-9]{1,9}[.)][ \t]|>|\||`{3}|~{3}|\t| {4}|[-–—―]+[ \t]*\Z)|.*\\\Z", re.DOTALL
)

# What is protected in a text that would be read as something else, step by step: `_LINE` at line starts, then signs.
_LINE = re.compile(
    r"(?P<space>[ \t]*)(?P<number>[0-9]{1,9}(?=[.)](?:[ \t]|\Z)))?"
    r"(?P<sign>[-*+](?=[ \t]|\Z)|[.)]|>|#|\||=|-(?=-)|\*|_|:::|[\w-]+::|<|`|~|\[|\^)"
)
_SIGNS = (
    re.compile(r"\\[!-/:-@\[-`{-~]|\[(?=[^\[\]]*@)|@|`|<(?=!--)|%"),
    re.compile(r"\\[!-/:-@\[-`{-~]|[#\[\]()@`<>%^~|:*_\\{}!=+-]"),
)


def tidy(text: str) -> str:
    """Return ``text`` as a note can hold it: line feeds, nothing blank at line ends, no blank lines around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join([line.rstrip(" \t") for line in lines]).strip(" \t\n")


def plain(text: str) -> str:
    """Return the words of Markdown ``text``: its protecting backslashes and hard breaks are off, it is `tidy`."""
    tidied = tidy(text)
    return tidy(_ESCAPED.sub(r"\1", _HARD_BREAK.sub("\n", tidied))) if "\\" in tidied else tidied


def citations_in(text: str) -> tuple[str, ...]:
    """Return the keys that a chapter cites, each once, in order; code, comments and escaped signs do not count."""
    return tuple(dict.fromkeys(key for key, _ in cited_lines(text)))


def cited_lines(text: str) -> tuple[tuple[str, int], ...]:
    """Return each key that a chapter cites with the line where it does, as often as it does."""
    paper = page(text.encode("utf-8", "surrogateescape"))
    numbers = [at for at in range(len(paper.lines)) if at not in paper.fences and at not in paper.absent]
    shown = "\n".join([paper.lines[at] for at in numbers])
    found = []
    line, seen = 0, 0
    for match in _CITED.finditer(shown):
        key = match[0]
        if key[0] == "@":
            line += shown.count("\n", seen, match.start())
            seen = match.start()
            found.append((key[2:-1] if key[1] == "{" else key[1:], numbers[line] + 1))
    return tuple(found)


def write_citation(citations: Sequence[Citation]) -> str:
    """Return ``citations`` as one Pandoc citation. Raises `Refused` for a key that it cannot hold."""
    return "[" + "; ".join(_cite(citation) for citation in citations) + "]"


def _cite(citation: Citation) -> str:
    key = citation.key
    if not _KEY.fullmatch(key):
        if not _BRACED.fullmatch(key):
            raise Refused(
                N_('The key "{key}" cannot be cited'), N_("Give the source a key without spaces and braces."), key=key
            )
        key = f"{{{key}}}"
    prefix, places = _around(citation)
    if ";" in prefix:
        raise Refused(
            N_('"{place}" cannot stand before a citation: Pandoc separates sources at a semicolon'), place=prefix
        )
    if any(_INSIDE.search(place) for place in places):
        raise Refused(N_('"{place}" would be read as a second source'), place=", ".join(places))
    return (f"{prefix} " if prefix else "") + ", ".join([f"@{key}", *places])


def _around(citation: Citation) -> tuple[str, list[str]]:
    """Return what stands before and behind the key of a citation, on one line, without what is empty behind it."""
    prefix, *places = (" ".join(part.split()) for part in (citation.prefix, citation.locator.text, citation.suffix))
    return prefix, [place for place in places if place]


def attribution(citations: Sequence[Citation], themes: Iterable[str], id: str | None) -> str:
    """Return the citation, the themes and the id of an excerpt as they end it."""
    parts = [write_citation(citations), *(f"#{theme}" for theme in themes)]
    return " ".join([*parts, f"^{id}"] if id else parts)


def write_excerpt(
    kind: Kind, text: str, citations: Sequence[Citation], themes: Iterable[str] = (), id: str | None = None
) -> str:
    """Return an excerpt in canonical form, with line feeds and one at its end.

    Text that would be read as something else is protected with backslashes. Raises `Refused` if even that does not
    help: then the text, the citation or a theme cannot be held by a note.
    """
    wanted = tidy(text)
    themes = tuple(dict.fromkeys(themes))
    if not wanted:
        raise Refused(N_("There is no text to save"))
    if kind == "paraphrase" and not id and not any(any(char.isalpha() for char in theme) for theme in themes):
        raise Refused(N_("A paraphrase needs a theme or an id"))
    wrong = next((theme for theme in themes if tag(theme) != theme or not theme), None)
    if wrong is not None:
        raise Refused(N_('"{theme}" cannot be written as a theme'), N_("Use letters, digits and hyphens."), theme=wrong)
    end = attribution(citations, themes, id)
    goal = (kind, plain(wanted), _places(citations), themes, id.lower() if id else None)
    for candidate in _protections(wanted):
        last = candidate.rpartition("\n\n")[2].split("\n")
        own = any(_OWN_LINE.match(line) for line in last)
        for apart in (True, False) if own and kind == "quotation" else (False, True):
            block = _block(kind, candidate, end, apart)
            if _reads(block, goal):
                return block
    if _reads(_block(kind, "x", end, False), (kind, "x", *goal[2:])):
        raise Refused(
            N_("A note cannot hold this text as it is"),
            N_("Shorten it to a sentence that does not begin or end with a lone sign."),
        )
    raise Refused(
        N_("A note cannot hold {citation} as it is"),
        N_("Brackets, semicolons and @ cannot stand in a page, a prefix or a key."),
        citation=end,
    )


def _places(citations: Iterable[Citation]) -> tuple[tuple[str, str, str], ...]:
    result: list[tuple[str, str, str]] = []
    for citation in citations:
        prefix, places = _around(citation)
        result.append((citation.key, prefix, ", ".join(places)))
    return tuple(result)


def _block(kind: Kind, text: str, end: str, apart: bool) -> str:
    """Return the lines of an excerpt; ``apart`` gives its attribution a paragraph of its own."""
    lines = f"{text}\n\n{end}".split("\n") if apart else f"{text} {end}".split("\n")
    if kind == "quotation":
        return "".join(f"> {line}\n" if line else ">\n" for line in lines)
    return "".join(f"{'  ' if at else '- '}{line}\n" if line else "\n" for at, line in enumerate(lines))


def _reads(block: str, goal: tuple[object, ...]) -> bool:
    try:
        data = block.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    note, problems = read(data, "")
    if len(note.excerpts) != 1 or note.codings or note.fields or any(map(_open, problems)):
        return False
    one = note.excerpts[0]
    made = (one.kind, plain(one.text), _places(one.citations), one.themes, one.id)
    return made == goal and not one.comment


def _open(problem: Problem) -> bool:
    """Whether a problem shows that the text would reach for what stands beside it in a note."""
    return problem.code not in ("themes-not-read", "broken-citation", "none-with-themes")


def _protections(text: str) -> Iterator[str]:
    """Yield ``text`` as it is, then with more and more of its signs protected."""
    yield text
    lines = "\n".join(map(_protected_line, text.split("\n")))
    yield lines
    for signs in _SIGNS:
        yield signs.sub(_protected, lines)
        yield "\n".join(map(_protected_line, signs.sub(_protected, text).split("\n")))


def _protected(match: re.Match[str]) -> str:
    sign = match[0]
    return sign if len(sign) == 2 else "\\" + sign


def _protected_line(line: str) -> str:
    match = _LINE.match(line)
    if match is None:
        return line
    sign = match["sign"]
    if sign in (".", ")") and match["number"] is None:
        return line
    at = match.end() - 1 if sign.endswith("::") and sign != ":::" else match.start("sign")
    return f"{line[:at]}\\{line[at:]}"


def new_card(source: str, coder: str = "", fields: Mapping[str, str] | None = None, annotation: str = "") -> str:
    """Return a new note. Raises `Refused` if it would not be read back as it is."""
    entries = {"source": source, "coder": coder}
    head = write_front({**{name: value for name, value in entries.items() if value}, **(fields or {})})
    wanted = tidy(annotation)
    card = f"{head}\n{wanted}\n" if wanted else head
    note, problems = read(card.encode("utf-8", "surrogateescape"), "")
    same = (note.source, note.coder, dict(note.fields)) == (source, coder, dict(fields or {}))
    if not same or (source and note.annotation != wanted) or note.excerpts or any(map(_open, problems)):
        raise Refused(
            N_("The note card would not be read back as it is"),
            N_("An annotation has no headings, rules or excerpts in it; names of fields are lower case."),
        )
    return card
