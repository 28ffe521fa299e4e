"""The selection language: ``theme:sme year:2010..2020 (lang:id or lang:ms) not note:method=survey "exact words"``.

Parts stand side by side and must all hold; ``or`` stands between those of which one must, and binds less; parentheses
group. Fields take several values by commas, either of which may hold. A name before a colon that is not in `FIELDS` is a
field of the bibliography.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from libreview.value import Value
from libreview.words.errors import NotFound, Wrong
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = [
    "BIB_FIELDS",
    "DEEPEST",
    "FIELDS",
    "THINGS",
    "All",
    "Any",
    "Fields",
    "Leaf",
    "Not",
    "Noted",
    "Part",
    "Phrase",
    "Query",
    "Range",
    "Term",
    "Themes",
    "Word",
    "leaves",
    "parse",
]

FIELDS = (
    "theme", "year", "type", "author", "lang", "coder", "kind", "title", "key", "source", "id", "note", "has", "cites",
    "screening",
)  # fmt: skip
BIB_FIELDS = frozenset((
    "abstract", "address", "annotation", "annote", "booktitle", "chapter", "date", "doi", "edition", "editor",
    "eprint", "eventtitle", "file", "howpublished", "ids", "institution", "isbn", "issn", "issue", "journal",
    "journaltitle", "keywords", "langid", "location", "maintitle", "month", "number", "organization", "pages",
    "publisher", "school", "series", "shorttitle", "subtitle", "translator", "url", "urldate", "venue", "volume",
))  # fmt: skip
"""Fields that may be asked for even if no source of the review has them; others must be in use."""

THINGS = ("excerpt", "theme", "note", "annotation")
"""What ``has:`` knows besides the fields of the bibliography."""

DEEPEST = 8
"""So many parentheses may stand in each other; SQLite reads no statement that is nested much deeper."""

Fields = Callable[[str], Iterable[str]]
"""Gives a name if it is a field of the bibliography that some source has, and for an empty name all such names."""
Themes = Callable[[str, bool], object]
"""Raises `NotFound` for the name of a theme that there is not."""

_ALIASES = {"language": "lang", "themes": "theme", "tag": "theme", "authors": "author"}
_KINDS = ("quotation", "paraphrase")
_SCREENED = ("included", "excluded", "undecided")
_MARKS = {"key": "@", "source": "@", "cites": "@", "id": "^"}
"""What may stand before a value, as it does in a note."""
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_LONGEST = 10_000
_MOST = 200
_NO_FIELDS = ("http", "https", "ftp", "urn", "mailto")
_LIKENESS = "libreview.texts.likeness"
"""Needed only when a name is wrong."""


class Term(Value, frozen=True):
    """``field:value,value``: one of the values holds. ``exact`` (``theme:=x``) leaves sub-themes and longer texts out."""

    field: str
    values: tuple[str, ...]
    exact: bool = False


class Noted(Value, frozen=True):
    """``note:name=value,value``: the field ``name`` of the note card has one of the values; without values: has any."""

    name: str
    values: tuple[str, ...] = ()
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

    part: Part


class Any(Value, frozen=True):
    """Parts one of which must hold."""

    parts: tuple[Part, ...]


class All(Value, frozen=True):
    """Parts that must all hold; none: everything is selected."""

    parts: tuple[Part, ...]


Leaf = Term | Noted | Phrase | Word | Range
Part = Leaf | Not | Any | All
Query = All


_OPEN = N_("The quotation mark is never closed\n{line}\n{caret}")
_VALUE = N_("{field}: needs a value\n{line}\n{caret}")
_UNKNOWN = N_('"{field}:" is not a field\n{line}\n{caret}')
_THING = N_('"{value}" is nothing that a source can have\n{line}\n{caret}')
_THEME = N_('There is no theme "{name}"\n{line}\n{caret}')
_KIND = N_('kind: is quotation or paraphrase, not "{value}"\n{line}\n{caret}')
_STATE = N_('screening: is included, excluded or undecided, not "{value}"\n{line}\n{caret}')
_YEAR = N_("A range of years looks like year:2010..2020\n{line}\n{caret}")
_NO_YEAR = N_('"{value}" is not a year\n{line}\n{caret}')
_TURNED = N_("The range ends before it begins\n{line}\n{caret}")
_NOT = N_("not needs something after it\n{line}\n{caret}")
_OR = N_("or needs something on both sides\n{line}\n{caret}")
_UNCLOSED = N_("The parenthesis is never closed\n{line}\n{caret}")
_UNOPENED = N_("The parenthesis closes nothing\n{line}\n{caret}")
_EMPTY = N_("There is nothing in the parentheses\n{line}\n{caret}")
_DEEP = N_("More than {n} parentheses stand in each other\n{line}\n{caret}")
_LONG = N_("The query is longer than {n} characters")
_MANY = N_("The query has more than {n} parts")
_QUOTE_WORD = N_('Write "{word}" for the word itself.')
_QUOTE_SIGN = N_("Quote words that hold a parenthesis.")


_WORDS = {"kind": (_KINDS, _KIND), "screening": (_SCREENED, _STATE)}
"""Fields that have a few words as their values, which may be shortened, and what is said where it is none of them."""


def leaves(query: Part) -> Iterator[tuple[Leaf, bool]]:
    """Yield the parts of ``query`` that hold no others, in order, each with whether it must not hold."""
    waiting: list[tuple[Part, bool]] = [(query, False)]
    while waiting:
        part, turned = waiting.pop()
        if isinstance(part, Not):
            waiting.append((part.part, not turned))
        elif isinstance(part, (All, Any)):
            waiting.extend((one, turned) for one in reversed(part.parts))
        else:
            yield part, turned


def coders(query: Query) -> tuple[str, ...]:
    """Return the coders that ``query`` asks for and nobody else: whose codings are then meant."""
    asked = (part for part in query.parts if isinstance(part, Term) and part.field == "coder")
    return tuple(dict.fromkeys(name for part in asked for name in part.values))


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


class _Reader:
    """One pass over the text; ``at`` only grows."""

    def __init__(self, text: str, fields: Fields | None, themes: Themes | None) -> None:
        self.text = text
        self.at = 0
        self._fields = fields
        self._themes = themes
        self._places: dict[str, int] = {}
        """Where each value of the last term stands."""

    def wrong(self, at: int, sentence: str, hint: str = "", near: tuple[str, ...] = (), **facts: object) -> Wrong:
        """Return the error with the line it is in and a caret under the place."""
        begin = max(0, at - 60)
        line = "".join(char if char.isprintable() else " " for char in self.text[begin : at + 20])
        return Wrong(sentence, hint, near, line=line, caret=" " * (at - begin) + "^", **facts)

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
        """Return what stands here up to white space, one of ``stops``, or a parenthesis that closes what opened before."""
        begin = self.at
        inside = 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or char in stops or (char == ")" and not inside):
                break
            if char == "(" and self.text[begin : self.at].lower() in ("not", "and", "or"):
                break
            inside += (char == "(") - (char == ")")
            self.at += 1
        return self.text[begin : self.at]

    def field(self) -> str:
        """Return the name before a colon here and step over it; nothing (and no step) if there is none."""
        begin = end = self.at
        while (
            end < len(self.text) and self.text[end].isascii() and (self.text[end].isalnum() or self.text[end] in "-_")
        ):
            end += 1
        if end == begin or self.text[end : end + 1] != ":" or not self.text[begin].isalpha():
            return ""
        typed = self.text[begin:end]
        name = _ALIASES.get(typed.lower(), typed.lower())
        if name not in FIELDS:
            bare = end + 1 == len(self.text) or self.text[end + 1].isspace() or self.text[end + 1] in ":/)"
            if bare or name in _NO_FIELDS:
                return ""  # a word that ends in a colon, or an address
            self.known(name, begin, _UNKNOWN, FIELDS, field=typed)
        self.at = end + 1
        return name

    def known(self, name: str, begin: int, sentence: str, more: tuple[str, ...], **facts: object) -> None:
        """Raise `Wrong` unless ``name`` is a field of the bibliography or one of ``more``."""
        if name in more or name in BIB_FIELDS or self._fields is None:
            return
        if name in self._fields(name):
            return
        choices = dict.fromkeys([*more, *self._fields(""), *BIB_FIELDS])
        hint = N_("Known are {fields}, and the fields of the bibliography. Quote words that hold a colon.")
        near: tuple[str, ...] = load(_LIKENESS).near(name, choices)
        raise self.wrong(begin, sentence, hint, near, fields=" ".join(more), **facts)

    def values(self, name: str, begin: int, stops: str = ",") -> tuple[tuple[str, ...], bool]:
        """Return the values after a colon and whether they are exact; white space after the colon is forgiven."""
        if self.blank():
            raise self.wrong(begin, _VALUE, field=name)
        exact = self.text[self.at] == "="
        found: list[str] = []
        self._places = {}
        while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] != ")":
            if self.text[self.at] == "=":
                if stops != ",":
                    break
                self.at += 1
                continue
            mark, place = self.text[self.at], self.at
            value = self.quoted() if mark in _QUOTES else self.bare(stops)
            if value:
                found.append(value)
                self._places.setdefault(value, place)
            if self.text[self.at : self.at + 1] == ",":
                self.at += 1
        if not found:
            raise self.wrong(begin, _VALUE, field=name)
        return tuple(dict.fromkeys(found)), exact

    def term(self, name: str, begin: int) -> Part:
        if name == "note":
            return self.noted(begin)
        values, exact = self.values(name, begin)
        if name == "has":
            return self.having(values)
        if name == "theme":
            return Term(name, self.themes(values), exact)
        if name in _MARKS:
            values = tuple(dict.fromkeys(one.removeprefix(_MARKS[name]) or one for one in values))
        if name in _WORDS:
            known, sentence = _WORDS[name]
            whole = [next((word for word in known if word.startswith(one.lower())), "") for one in values]
            if "" in whole:
                value = values[whole.index("")]
                raise self.wrong(self._places[value], sentence, value=value)
            return Term(name, tuple(whole), exact)
        if name == "year" and len(values) == 1:
            low, dots, high = values[0].partition("..")
            if dots:
                return self.range(name, low, high.lstrip("."), begin)
        if name == "year" and not all(map(_is_year, values)):
            value = next(one for one in values if not _is_year(one))
            raise self.wrong(
                self._places[value],
                _NO_YEAR,
                N_("Years look like year:2015, year:2015,2017 or year:2010..2020"),
                value=value,
            )
        return Term(name, values, exact)

    def noted(self, begin: int) -> Part:
        """Return the part that asks for fields of the note card: ``note:name,name`` or ``note:name=value,value``."""
        names, _ = self.values("note", begin, ",=")
        names = tuple(dict.fromkeys(name.lower() for name in names))
        parts: list[Part] = [Noted(name) for name in names]
        if self.text[self.at : self.at + 1] == "=":
            self.at += 1
            if self.at < len(self.text) and self.text[self.at].isspace():
                raise self.wrong(begin, _VALUE, field=f"note:{names[-1]}=")
            values, exact = self.values(f"note:{names[-1]}=", begin)
            parts[-1] = Noted(names[-1], values, exact)
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def themes(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of themes as they are written without ``#``; `Wrong` for one that there is not."""
        names: dict[str, None] = {}
        for value in values:
            name = value.removeprefix("#") or value
            try:
                if self._themes is not None:
                    self._themes(name, True)
            except NotFound as error:
                near = tuple(f'theme:"{one}"' if " " in one else f"theme:{one}" for one in error.near)
                hint = N_("libreview themes list shows them.")
                raise self.wrong(self._places[value], _THEME, hint, near, name=name) from None
            names[name] = None
        return tuple(names)

    def having(self, values: tuple[str, ...]) -> Part:
        for value in values:
            self.known(value.lower(), self._places[value], _THING, THINGS, value=value.lower())
        parts = tuple(Term("has", (name,)) for name in dict.fromkeys(value.lower() for value in values))
        return parts[0] if len(parts) == 1 else Any(parts)

    def range(self, name: str, low: str, high: str, begin: int) -> Range:
        ends = [end for end in (low, high) if end]
        if not ends or not all(map(_is_year, ends)):
            raise self.wrong(begin, _YEAR)
        if len(ends) == 2 and int(low) > int(high):
            raise self.wrong(begin, _TURNED)
        return Range(name, low, high)

    def part(self) -> Part | str:
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


class _Group:
    """What stands between two parentheses (or in the whole query), as far as it was read."""

    def __init__(self, begin: int = 0) -> None:
        self.begin = begin
        self.choices: list[Part] = []
        self.parts: list[Part] = []
        self.turned = False
        self.open = -1
        """The place of a ``not`` or ``or`` that still needs something after it."""
        self.word = ""

    def take(self, part: Part) -> None:
        self.parts.append(Not(part) if self.turned else part)
        self.turned, self.open = False, -1

    def await_part(self, word: str, at: int) -> None:
        if word == "not":
            self.turned = not self.turned
        self.open, self.word = at, word

    def branch(self) -> None:
        """End the parts that must hold together."""
        self.choices.append(self.parts[0] if len(self.parts) == 1 else All(tuple(self.parts)))
        self.parts = []


def _check_ended(reader: _Reader, group: _Group) -> None:
    """Raise `Wrong` if a word of ``group`` still needs something after it."""
    if group.open >= 0:
        sentence = _NOT if group.word == "not" else _OR
        raise reader.wrong(group.open, sentence, _QUOTE_WORD, word=group.word)


def _closed(reader: _Reader, group: _Group, at: int) -> Part:
    """Return what ``group`` says, whose parenthesis closes ``at``."""
    _check_ended(reader, group)
    if not group.parts and not group.choices:
        raise reader.wrong(at, _EMPTY, _QUOTE_SIGN)
    if not group.choices:
        return group.parts[0] if len(group.parts) == 1 else All(tuple(group.parts))
    group.branch()
    return Any(tuple(group.choices))


def _step(reader: _Reader, groups: list[_Group]) -> int:
    """Read what comes next into the last of ``groups``; return how many parts that were."""
    begin = reader.at
    group = groups[-1]
    if reader.text[begin] == "(":
        if len(groups) > DEEPEST:
            raise reader.wrong(begin, _DEEP, n=DEEPEST)
        groups.append(_Group(begin))
        reader.at += 1
        return 0
    if reader.text[begin] == ")":
        if len(groups) == 1:
            raise reader.wrong(begin, _UNOPENED, _QUOTE_SIGN)
        groups.pop()
        groups[-1].take(_closed(reader, group, begin))
        reader.at += 1
        return 0
    part = reader.part()
    if part == "or":
        if not group.parts or group.open >= 0:
            raise reader.wrong(begin, _OR, _QUOTE_WORD, word="or")
        group.branch()
        group.await_part("or", begin)
    elif part == "not":
        group.await_part("not", begin)
    elif not isinstance(part, str) and not (isinstance(part, Phrase) and not part.text):
        group.take(part)
        return len(part.parts) if isinstance(part, Any) else 1
    return 0


def parse(text: str, fields: Fields | None = None, themes: Themes | None = None) -> Query:
    """Return the query that ``text`` says; an empty one selects everything.

    ``fields`` knows the fields of the bibliography and ``themes`` the themes; without them every name is taken for one. Raises
    `Wrong`, with the line and a caret under the place, for a field or theme that is none, a value, a closing quotation mark or a
    parenthesis that is missing, or a range of years that is none. ``and`` between parts is allowed and says nothing new.
    """
    if len(text) > _LONGEST:
        raise Wrong(_LONG, n=_LONGEST)
    # what was typed in another encoding reaches us as half characters, which match nothing
    reader = _Reader(text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8"), fields, themes)
    groups = [_Group()]
    count = 0
    while not reader.blank():
        count += _step(reader, groups)
        if count > _MOST:
            raise Wrong(_MANY, n=_MOST)
    _check_ended(reader, groups[-1])
    if len(groups) > 1:
        raise reader.wrong(groups[-1].begin, _UNCLOSED, _QUOTE_SIGN)
    whole = groups[0]
    if not whole.choices:
        return All(tuple(whole.parts))
    whole.branch()
    return All((Any(tuple(whole.choices)),))
