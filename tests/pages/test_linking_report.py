"""What linking a library comes to, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from libreview.pages.reports import linking
from libreview.words.i18n import language


@dataclass
class Found:
    entries: int
    winners: tuple[str, ...] = ()
    same: int = 0
    differ: int = 0


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Found(4_000), "4,000 entries, read-only. No other file has one of its keys."),
        (Found(1), "1 entry, read-only. No other file has one of its keys."),
        (
            Found(4_000, ("sources/refs.bib",), 309, 3),
            (
                "4,000 entries, read-only. sources/refs.bib wins over it for 312 equal keys: 309 same, 3 differ"
                " (libreview check names them)."
            ),
        ),
        (
            Found(2, ("sources/refs.bib",), 1, 0),
            "2 entries, read-only. sources/refs.bib wins over it for 1 equal key: 1 same, 0 differ.",
        ),
        (
            Found(20, ("sources/a.bib", "~/b.bib"), 1, 1),
            (
                "20 entries, read-only. 2 other files win over it for 2 equal keys: 1 same, 1 differs"
                " (libreview check names them)."
            ),
        ),
    ],
)
def test_overlap(found: Found, expected: str) -> None:
    assert linking.overlap(found, language("en")) == expected
