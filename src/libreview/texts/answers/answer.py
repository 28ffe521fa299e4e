"""The value that every answer becomes."""

from __future__ import annotations

from collections.abc import Mapping

from libreview.model import Person
from libreview.value import Value

__all__ = ["Answer"]


class Answer(Value, frozen=True):
    """A record in biblatex' words: ``fields`` are plain text in one line, lists of people stand in ``people`` and nowhere else.

    ``key`` is the citation key that is proposed for it, or empty.
    """

    type: str
    fields: Mapping[str, str] = {}
    people: Mapping[str, tuple[Person, ...]] = {}
    key: str = ""
