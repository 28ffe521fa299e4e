"""What is wrong with the files themselves, whatever is written in them: second versions, lost content, second names, and
exports that are not what was imported."""

from __future__ import annotations

from collections.abc import Iterator

from libreview.deeds import recording
from libreview.findings import copies
from libreview.model import Location, Problem
from libreview.review import Review
from libreview.words.errors import Refused

__all__ = ["WHOLE_FILES", "file_problems"]

WHOLE_FILES = frozenset(("conflict-copy", "file-emptied", "file-linked", "file-unread", "library-unread"))
"""Problems of a file as a whole: no line of it shows them."""


def file_problems(review: Review) -> tuple[Problem, ...]:
    """Return the files that a sync tool left beside another, that lost all they held, or that have a second name; and what is
    wrong in the record of imports.
    """
    links = review.links()
    return (*_copies(review, tuple(links)), *_emptied(review), *_linked(links), *recording.problems(review))


def _copies(review: Review, paths: tuple[str, ...]) -> Iterator[Problem]:
    for one in copies.copies(paths):
        if one.certain or _differ(review, one.path, one.original):
            yield Problem("conflict-copy", Location(one.path), one.path, {"other": one.original})


def _differ(review: Review, one: str, other: str) -> bool:
    try:
        return review.read(one) != review.read(other)
    except Refused:  # gone, or cannot be read, which is a problem of its own
        return False


def _emptied(review: Review) -> Iterator[Problem]:
    return (Problem("file-emptied", Location(path), path) for path in review.emptied())


def _linked(links: dict[str, int]) -> Iterator[Problem]:
    return (Problem("file-linked", Location(path), path) for path, names in links.items() if names > 1)
