"""A bibliographic record as it comes out of any format and goes into any: biblatex' words, plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from libreview.model import Location, Person, Problem, Source
from libreview.value import Value

__all__ = ["ARTICLES", "LOST", "PARTS", "PEOPLE", "Reading", "Record", "joined", "of_source", "one_line"]

PEOPLE = (
    "author", "editor", "editora", "editorb", "editorc", "translator", "bookauthor", "director", "interviewer",
    "recipient", "holder", "annotator", "commentator", "introduction", "foreword", "afterword", "shortauthor",
    "shorteditor", "namea", "nameb", "namec",
)  # fmt: skip
"""The lists of people that biblatex has; the first are those that other formats know."""

ARTICLES = frozenset(("article", "suppperiodical", "periodical", "review"))
"""Types whose container is a journal."""

PARTS = frozenset(
    ("inbook", "incollection", "inproceedings", "inreference", "bookinbook", "suppbook", "suppcollection", "conference")
)
"""Types whose container is a book."""

LOST = frozenset(
    ("record-empty", "record-broken", "entry-open", "entry-in-text", "entry-without-type", "entry-without-key")
)
"""Problems that say: here a record begins, and it is not read; those of BibTeX included."""


class Record(Value, frozen=True):
    """A record of any format.

    ``type`` and the names of ``fields`` are biblatex'; a field without a place there is kept as ``x-<format>-<its name>``.
    The values are plain text in one line, not LaTeX. Lists of people stand in ``people`` and nowhere else. ``key`` is the
    citation key that the file proposes, or empty. ``location`` is the slice of the file, in its bytes.
    """

    type: str
    fields: Mapping[str, str] = {}
    people: Mapping[str, tuple[Person, ...]] = {}
    location: Location = Location("")
    key: str = ""

    def get(self, *names: str) -> str:
        """Return the first field of ``names`` that is not empty, or an empty string."""
        return next((value for name in names if (value := self.fields.get(name))), "")

    @property
    def says(self) -> tuple[str, str, dict[str, str], dict[str, tuple[Person, ...]]]:
        """All of the record but its place."""
        return self.type, self.key, dict(self.fields), dict(self.people)


class Reading(Value, frozen=True):
    """What a file holds: every record that begins in it is in ``records`` or among the problems that `lost` returns."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    encoding: str = "utf-8"

    @property
    def lost(self) -> tuple[Problem, ...]:
        """The records that could not be read, each with its line and the reason."""
        return tuple(problem for problem in self.problems if problem.code in LOST)


def of_source(source: Source) -> Record:
    """Return a source of a review as a record: what it inherits is its own, and its text is plain."""
    people = {name: persons for name, persons in source.people.items() if persons}
    fields = {
        name: one_line(value)
        for name, value in source.plain.items()
        if name not in people and name not in _INHERITING and value.strip()
    }
    return Record(source.type, fields, people, source.location, source.key)


_INHERITING = frozenset(("crossref", "xdata", "xref"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def joined(values: Iterable[str]) -> str:
    """Return ``values``, each once, as one text."""
    return "; ".join(dict.fromkeys(values))
