"""The nouns of a literature review, as immutable values.

Everything above relies on this room; it knows nothing but the standard library and what a value is.
Offsets are always bytes of the file as it lies on disk, lines count from 1, and
paths are relative to the review folder with forward slashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from libreview.value import Value

__all__ = [
    "NONE",
    "OTHERS",
    "Change",
    "Citation",
    "Codebook",
    "Coding",
    "Create",
    "Decision",
    "Delete",
    "Edit",
    "Excerpt",
    "Kind",
    "Location",
    "Locator",
    "Note",
    "Operation",
    "Person",
    "Problem",
    "Slices",
    "Source",
    "Span",
    "Step",
    "Theme",
    "Verdict",
]

NONE = "none"
"""The reserved theme of a coder who has seen an excerpt and found that nothing applies."""

Kind = Literal["quotation", "paraphrase"]
Verdict = Literal["include", "exclude"]
Span = tuple[int, int]
"""A half-open range of bytes, ``(start, end)``."""


class Location(Value, frozen=True):
    """A place in a file of the review."""

    path: str
    line: int = 1
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Person(Value, frozen=True):
    """An author or editor: parts of a name, or one ``literal`` for bodies and one-name authors in braces.

    A one-name author without braces has only ``family``.
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""


OTHERS = Person(literal="others")
"""What ``and others`` at the end of a list of names becomes."""


class Source(Value, frozen=True):
    """A bibliographic record.

    ``fields`` is the text between the delimiters as it stands in the file, with ``@string`` and ``#`` evaluated
    and names in lower case; ``plain`` is the same decoded to Unicode, inherited fields (``crossref``, ``xdata``)
    included; ``people`` holds the name lists (``author``, ``editor``, ...) that could be read.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    plain: Mapping[str, str]
    people: Mapping[str, tuple[Person, ...]]
    location: Location

    def get(self, *names: str) -> str:
        """Return the first non-empty decoded field of ``names``, or an empty string."""
        for name in names:
            value = self.plain.get(name)
            if value:
                return value
        return ""

    @property
    def title(self) -> str:
        return self.get("title", "booktitle")

    @property
    def year(self) -> str:
        """The four-digit year (or the text of ``year``), from ``date`` or ``year``; empty if undated."""
        text = self.get("date", "year")
        for at in range(len(text) - 3):
            if text[at : at + 4].isdecimal():
                return text[at : at + 4]
        return text

    @property
    def container(self) -> str:
        """The journal, book or series that holds the source."""
        return self.get("journaltitle", "journal", "booktitle", "maintitle", "eventtitle")

    @property
    def authors(self) -> tuple[Person, ...]:
        """The authors, or, for a work that has none, its editors."""
        return self.people.get("author") or self.people.get("editor") or ()


class Locator(Value, frozen=True):
    """A place in a source: CSL ``label`` ("page", "section", ...; empty if unknown), its ``value``, and the text as typed."""

    label: str = ""
    value: str = ""
    text: str = ""


class Citation(Value, frozen=True):
    """One source cited: ``prefix @key, locator``."""

    key: str
    prefix: str = ""
    locator: Locator = Locator()
    suffix: str = ""


class Coding(Value, frozen=True):
    """The themes that one coder gives an excerpt. ``themes == ("none",)`` says that nothing applies; ``()``: not coded yet."""

    excerpt: str
    themes: tuple[str, ...]
    coder: str = ""
    memo: str = ""
    location: Location = Location("")


class Slices(Value, frozen=True):
    """Where the parts of an excerpt lie in its note, in bytes.

    ``block`` is the excerpt's text and attribution; ``text`` the quoted or paraphrased words with their container
    prefixes; ``citation`` the bracket (and its link); ``themes`` one span per theme, ``#`` included; ``id`` the block id
    with its caret; ``insert`` the place where `` #theme`` may be put; ``comment`` the text that follows.
    """

    block: Span = (0, 0)
    text: Span = (0, 0)
    citation: Span = (0, 0)
    themes: tuple[Span, ...] = ()
    id: Span | None = None
    insert: int = 0
    comment: Span | None = None


class Excerpt(Value, frozen=True):
    """A quotation or paraphrase with the place it comes from.

    ``text`` is Markdown source without container prefixes. ``themes`` are those written in its own attribution;
    ``codings`` are all codings known of it: as read from one note only its own (if it has themes), as read from a
    `Review` those of other coders too.
    """

    id: str | None
    kind: Kind
    citations: tuple[Citation, ...]
    text: str
    themes: tuple[str, ...]
    comment: str
    location: Location
    codings: tuple[Coding, ...] = ()
    slices: Slices = Slices()

    @property
    def keys(self) -> tuple[str, ...]:
        """The cited keys, each once, in order."""
        return tuple(dict.fromkeys(citation.key for citation in self.citations))

    @property
    def locator(self) -> str:
        """The locators as typed, joined by ``"; "``."""
        return "; ".join(citation.locator.text for citation in self.citations if citation.locator.text)

    @property
    def coded(self) -> tuple[str, ...]:
        """All themes that any coder gave the excerpt, each once, without ``none``."""
        given = dict.fromkeys(self.themes)
        for coding in self.codings:
            given.update(dict.fromkeys(coding.themes))
        given.pop(NONE, None)
        return tuple(given)


class Note(Value, frozen=True):
    """A Markdown file of the review. With ``source`` it is that source's note card and may carry an annotation."""

    path: str
    source: str = ""
    coder: str = ""
    fields: Mapping[str, str] = {}
    annotation: str = ""
    excerpts: tuple[Excerpt, ...] = ()
    codings: tuple[Coding, ...] = ()
    location: Location = Location("")


class Theme(Value, frozen=True):
    """A code of the codebook. ``label`` maps a language ("en", "id", ...) to a name; key "" is a label without language."""

    id: str
    label: Mapping[str, str] = {}
    parent: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    colour: str = ""
    aliases: tuple[str, ...] = ()
    location: Location = Location("")

    def name(self, language: str) -> str:
        """Return the label in ``language``, else the one without language, in English, any; else the id."""
        label = self.label
        return label.get(language) or label.get("") or label.get("en") or next(iter(label.values()), "") or self.id


class Codebook(Value, frozen=True):
    """The themes in the order of the file, by id."""

    themes: Mapping[str, Theme] = {}
    path: str = ""

    def resolve(self, tag: str) -> str | None:
        """Return the id of the theme that ``tag`` names, by id or alias; None if it names none."""
        if tag in self.themes:
            return tag
        return next((theme.id for theme in self.themes.values() if tag in theme.aliases), None)

    def children(self, id: str) -> tuple[str, ...]:
        """Return the ids of the themes whose parent is ``id``, in order."""
        return tuple(theme.id for theme in self.themes.values() if theme.parent == id)

    def family(self, id: str) -> tuple[str, ...]:
        """Return ``id`` and all themes below it, parents before children. A circle of parents is walked once."""
        found: dict[str, None] = {}
        waiting = [id]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting.extend(reversed(self.children(one)))
        return tuple(found)

    def tree(self) -> tuple[tuple[Theme, int], ...]:
        """Return every theme once with its depth, parents before children, in the order of the file.

        A theme whose parent is unknown, or that sits in a circle of parents, stands at the top.
        """
        below: dict[str, list[Theme]] = {}
        for theme in self.themes.values():
            below.setdefault(theme.parent if theme.parent in self.themes else "", []).append(theme)
        drawn: dict[str, tuple[Theme, int]] = {}
        tops = [*below.get("", ()), *self.themes.values()]  # the second part reaches circles
        for top in tops:
            waiting = [(top, 0)]
            while waiting:
                theme, depth = waiting.pop()
                if theme.id in drawn:
                    continue
                drawn[theme.id] = (theme, depth)
                waiting.extend((child, depth + 1) for child in reversed(below.get(theme.id, ())))
        return tuple(drawn.values())


class Decision(Value, frozen=True):
    """That somebody took a source into the review or left it out, why and when (ISO 8601, as written).

    ``stage`` says what was looked at where screening has several stages ("title", "full-text"); empty: screening has one.
    """

    source: str
    verdict: Verdict
    reason: str = ""
    coder: str = ""
    date: str = ""
    stage: str = ""
    location: Location = Location("")


class Problem(Value, frozen=True):
    """Something wrong in a user's file. ``code`` is a row of `libreview.words.errors.PROBLEMS`; ``facts`` fill its sentence."""

    code: str
    location: Location
    subject: str = ""
    facts: Mapping[str, str] = {}


class Edit(Value, frozen=True):
    """Replace the bytes ``start:end`` of a file, which must still be ``old``, by ``new``."""

    path: str
    start: int
    end: int
    old: bytes
    new: bytes


class Create(Value, frozen=True):
    """Make a file that must not exist yet."""

    path: str
    content: bytes


class Delete(Value, frozen=True):
    """Remove a file that must still hold ``old``."""

    path: str
    old: bytes


class Change(Value, frozen=True):
    """What one deed does to the files: all of it or nothing. ``summary`` is one line in English for the log."""

    edits: tuple[Edit | Create | Delete, ...] = ()
    summary: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.path for edit in self.edits))


class Operation(Value, frozen=True):
    """A change in the history of a review: what it did in one line of English, when (ISO 8601, UTC), and to which files.

    ``state`` is "done", "undone" or "unfinished". ``own`` tells whether this user made it on this machine; a record that cannot
    be read is nobody's, and has no time.
    """

    number: int
    time: str
    summary: str
    paths: tuple[str, ...]
    state: str
    own: bool = True


class Step(Value, frozen=True):
    """A change taken back or done again: the files that were written, and those ``left`` as they are, since they changed meanwhile."""

    number: int
    summary: str
    paths: tuple[str, ...]
    left: tuple[str, ...] = ()
