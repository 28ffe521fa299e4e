"""Numbers and people as reports write them. Lists of ten thousand need this and nothing more of the reports."""

from __future__ import annotations

from collections.abc import Iterable

from libreview.model import OTHERS, Person
from libreview.words.i18n import Say

__all__ = ["author_data", "decimal", "number"]


def number(n: int, say: Say) -> str:
    """Return ``n`` with the thousands of the language: "2,140", "2.140"."""
    return f"{n:,}" if say.code == "en" else f"{n:,}".replace(",", ".")


def decimal(value: float | str, say: Say) -> str:
    """Return a number that is not whole with the decimal sign of the language: "12.5", "12,5"."""
    return str(value) if say.code == "en" else str(value).replace(".", ",")


def author_data(people: Iterable[Person]) -> list[dict[str, str]]:
    """Return the authors for scripts; a body has only a family, the mark "and others" is left out."""
    return [
        {"family": one.literal or f"{one.particle} {one.family}".strip(), "given": one.given}
        for one in people
        if one != OTHERS
    ]
