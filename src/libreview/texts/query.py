"""The selection language, safe in every shell: ``theme:sme year:2010..2020 not lang:de "exact words"``.

Parts stand side by side and must all hold. Fields take several values by commas, either of which may hold.
"""

from __future__ import annotations

from libreview.value import Value
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["FIELDS", "All", "Not", "Phrase", "Query", "Range", "Term", "Word", "parse"]

FIELDS = ("theme", "year", "type", "author", "lang", "coder", "kind", "title", "key", "source", "id")
_ALIASES = {"language": "lang", "themes": "theme", "tag": "theme", "authors": "author"}
_KINDS = ("quotation", "paraphrase")
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_LONGEST = 10_000


class Term(Value, frozen=True):
    """``field:value,value``: one of the values holds. ``exact`` (``theme:=x``) leaves sub-themes out."""

    field: str
    values: tuple[str, ...]
    exact: bool = False


class Phrase(Value, frozen=True):
    """``"words in this order"``."""

    text: str


class Word(Value, frozen=True):
    """A word anywhere in the text."""

    text: str


class Range(Value, frozen=True):
    """``field:low..high``, both included; an empty end is open."""

    field: str
    low: str
    high: str


class Not(Value, frozen=True):
    """What must not hold."""

    part: Term | Phrase | Word | Range


class All(Value, frozen=True):
    """Parts that must all hold; none: everything is selected."""

    parts: tuple[Part, ...]


Part = Term | Phrase | Word | Range | Not
Query = All


_OPEN = N_("The quotation mark is never closed\n{line}\n{caret}")
_VALUE = N_("{field}: needs a value\n{line}\n{caret}")
_UNKNOWN = N_('"{field}:" is not a field\n{line}\n{caret}')
_KIND = N_('kind: is quotation or paraphrase, not "{value}"\n{line}\n{caret}')
_YEAR = N_("A range of years looks like year:2010..2020\n{line}\n{caret}")
_NO_YEAR = N_('"{value}" is not a year\n{line}\n{caret}')
_TURNED = N_("The range ends before it begins\n{line}\n{caret}")
_NOT = N_("not needs something after it\n{line}\n{caret}")
_OR = N_('"or" is not part of the query language\n{line}\n{caret}')
_LONG = N_("The query is longer than {n} characters")


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


class _Reader:
    """One pass over the text; ``at`` only grows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def wrong(self, at: int, sentence: str, hint: str = "", **facts: object) -> Wrong:
        """Return the error with the line it is in and a caret under the place."""
        begin = max(0, at - 60)
        line = "".join(char if char.isprintable() else " " for char in self.text[begin : at + 20])
        return Wrong(sentence, hint, line=line, caret=" " * (at - begin) + "^", **facts)

    def blank(self) -> bool:
        """Skip white space; return whether the text ends there."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at >= len(self.text)

    def quoted(self) -> str:
        """Return the words between the quotation mark here and the next one that closes it."""
        begin = self.at
        closing = _QUOTES[self.text[begin]]
        ends = [end for mark in closing if (end := self.text.find(mark, begin + 1)) >= 0]
        if not ends:
            raise self.wrong(begin, _OPEN, N_("Write the second one, too; the shell may want the whole query in '...'"))
        self.at = min(ends) + 1
        return " ".join(self.text[begin + 1 : min(ends)].split())

    def bare(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] not in stops:
            self.at += 1
        return self.text[begin : self.at]

    def field(self) -> str:
        """Return the name before a colon here and step over it; nothing (and no step) if there is none."""
        begin = self.at
        end = begin
        while end < len(self.text) and self.text[end].isascii() and self.text[end].isalpha():
            end += 1
        if end == begin or self.text[end : end + 1] != ":" or self.text[end : end + 3] == "://":
            return ""
        typed = self.text[begin:end]
        name = _ALIASES.get(typed.lower(), typed.lower())
        if name not in FIELDS:
            if end + 1 == len(self.text) or self.text[end + 1].isspace() or name in ("doi", "urn", "isbn", "http"):
                return ""  # a word that ends in a colon, or a pasted identifier
            hint = N_("Fields are {fields}. Quote words that hold a colon.")
            raise self.wrong(begin, _UNKNOWN, hint, field=typed, fields=" ".join(FIELDS))
        self.at = end + 1
        return name

    def values(self, name: str, begin: int) -> tuple[tuple[str, ...], bool]:
        """Return the values after a colon and whether they are exact; white space after the colon is forgiven."""
        if self.blank():
            raise self.wrong(begin, _VALUE, field=name)
        exact = self.text[self.at] == "="
        found: list[str] = []
        while self.at < len(self.text) and not self.text[self.at].isspace():
            if self.text[self.at] == "=":
                self.at += 1
                continue
            mark = self.text[self.at]
            value = self.quoted() if mark in _QUOTES else self.bare(",")
            if value:
                found.append(value)
            if self.text[self.at : self.at + 1] == ",":
                self.at += 1
        if not found:
            raise self.wrong(begin, _VALUE, field=name)
        return tuple(dict.fromkeys(found)), exact

    def term(self, name: str, begin: int) -> Term | Range:
        values, exact = self.values(name, begin)
        if name == "kind":
            whole = [next((kind for kind in _KINDS if kind.startswith(one.lower())), "") for one in values]
            if "" in whole:
                raise self.wrong(begin, _KIND, value=values[whole.index("")])
            return Term(name, tuple(whole), exact)
        if name == "year" and len(values) == 1:
            low, dots, high = values[0].partition("..")
            if dots:
                return self.range(name, low, high.lstrip("."), begin)
        if name == "year" and not all(map(_is_year, values)):
            value = next(one for one in values if not _is_year(one))
            raise self.wrong(
                begin, _NO_YEAR, N_("Years look like year:2015, year:2015,2017 or year:2010..2020"), value=value
            )
        return Term(name, values, exact)

    def range(self, name: str, low: str, high: str, begin: int) -> Range:
        ends = [end for end in (low, high) if end]
        if not ends or not all(map(_is_year, ends)):
            raise self.wrong(begin, _YEAR)
        if len(ends) == 2 and int(low) > int(high):
            raise self.wrong(begin, _TURNED)
        return Range(name, low, high)

    def part(self) -> Term | Phrase | Word | Range | str:
        """Return the part that begins here; a bare ``not``, ``and`` or ``or`` as a string in lower case."""
        begin = self.at
        if self.text[begin] in _QUOTES:
            return Phrase(self.quoted())
        name = self.field()
        if name:
            return self.term(name, begin)
        word = self.bare("")
        if word.lower() in ("not", "and", "or"):
            return word.lower()
        return Word(word)


def parse(text: str) -> Query:
    """Return the query that ``text`` says; an empty one selects everything.

    Raises `Wrong`, with the line and a caret under the place, for a field that is none, a value or a closing quotation
    mark that is missing, or a range of years that is none. ``and`` between parts is allowed and says nothing new.
    """
    if len(text) > _LONGEST:
        raise Wrong(_LONG, n=_LONGEST)
    # what was typed in another encoding reaches us as half characters, which match nothing
    reader = _Reader(text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8"))
    parts: list[Part] = []
    turned = False
    last = 0
    while not reader.blank():
        begin = reader.at
        part = reader.part()
        if part == "not":
            turned, last = not turned, begin
            continue
        if part == "and":
            continue
        if part == "or":
            raise reader.wrong(begin, _OR, N_('Write theme:a,b for either of two, or "or" for the word itself.'))
        if isinstance(part, str) or (isinstance(part, Phrase) and not part.text):
            continue
        parts.append(Not(part) if turned else part)
        turned, last = False, 0
    if turned:
        raise reader.wrong(last, _NOT, N_('Write "not" for the word itself.'))
    return All(tuple(parts))
