"""A project of REFI-QDA 1.5 as values: what NVivo, ATLAS.ti, MAXQDA, QualCoder and Taguette exchange."""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, UUID, uuid5

from libreview.value import Value

__all__ = [
    "Case",
    "Code",
    "CodeUse",
    "Left",
    "Memo",
    "Project",
    "Selection",
    "TextSource",
    "User",
    "Variable",
    "VariableValue",
    "clean",
    "guid",
    "namespace",
]

_HOUSE = uuid5(NAMESPACE_URL, "urn:libreview:refi-qda")
_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def namespace(review: str) -> UUID:
    """Return what the identifiers of one review, known by its title, are made with."""
    return uuid5(_HOUSE, clean(review))


def guid(within: UUID, *key: str) -> str:
    """Return the identifier of what ``key`` names: the same each time."""
    return str(uuid5(within, "\0".join(map(clean, key))))


def clean(text: str) -> str:
    """Return ``text`` as XML can hold it: line feeds, and a replacement character for each character that it cannot."""
    return _IMPOSSIBLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


class User(Value, frozen=True):
    """A coder."""

    guid: str
    name: str


class Code(Value, frozen=True):
    """A code. A project has them in one row, each behind the one it stands below; ``depth`` 0 is the top."""

    guid: str
    name: str
    description: str = ""
    colour: str = ""
    depth: int = 0
    codable: bool = True


class Variable(Value, frozen=True):
    """A property of sources; ``kind`` is Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    kind: str = "Text"


class VariableValue(Value, frozen=True):
    """The value of the variable with the identifier ``variable``."""

    variable: str
    kind: str
    value: str


class CodeUse(Value, frozen=True):
    """A code given by a user; ``notes`` are the identifiers of the memos on it."""

    guid: str
    code: str
    user: str = ""
    notes: tuple[str, ...] = ()


class Selection(Value, frozen=True):
    """A passage of a source's text: the code points ``start:end``. ``text`` is what they hold, ``page`` its page (from 1), if known."""

    guid: str
    name: str
    start: int
    end: int
    text: str = ""
    page: int = 0
    description: str = ""
    user: str = ""
    codings: tuple[CodeUse, ...] = ()
    notes: tuple[str, ...] = ()


class TextSource(Value, frozen=True):
    """A document of the project with its text."""

    guid: str
    name: str
    text: str = ""
    description: str = ""
    selections: tuple[Selection, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[VariableValue, ...] = ()


class Case(Value, frozen=True):
    """A unit of analysis: here, one for each source. ``sources`` and ``selections`` are identifiers."""

    guid: str
    name: str
    values: tuple[VariableValue, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


class Memo(Value, frozen=True):
    """A note of the project."""

    guid: str
    name: str
    text: str
    description: str = ""
    user: str = ""


class Left(Value, frozen=True):
    """Something of a project that a review cannot keep: ``kind`` says in one word what it is, ``name`` which one."""

    kind: str
    name: str


class Project(Value, frozen=True):
    """A project, or (without sources) a codebook. ``left`` is what was not read."""

    name: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[TextSource, ...] = ()
    memos: tuple[Memo, ...] = ()
    left: tuple[Left, ...] = ()
