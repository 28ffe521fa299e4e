"""How alike two names are: the did-you-means. rapidfuzz comes in by this door only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

__all__ = ["near"]

_ALIKE = 60.0  # of 100; "promosi" and "promo" are 83, words with no more than a letter in common are below 50


def _bare(text: str) -> str:
    """Return ``text`` without case, accents and the signs that join the words of a key."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(" " if char in "-_/:." else char for char in apart if not unicodedata.combining(char)).strip()


def near(word: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return at most ``limit`` of ``names`` that ``word`` may have meant, best first; none if none is like it."""
    wanted = _bare(word)
    choices = {name: _bare(name) for name in names}
    if not wanted or limit < 1:
        return ()

    def score(name: str, rough: float) -> float:
        bare = choices[name]
        points = max(rough, 100 * OSA.normalized_similarity(wanted, bare))  # letters that changed places
        if len(wanted) >= 3 and bare.startswith(wanted):
            return max(points, 90.0)
        if len(wanted) >= 4 and wanted in bare:
            return max(points, 80.0)
        return points

    # Letters in common decide roughly, so that 10,000 keys cost one pass in C.
    rough = process.extract(wanted, choices, scorer=fuzz.ratio, limit=max(50, limit), score_cutoff=40)
    found = {name: points for _, points, name in rough}
    if len(wanted) >= 3:  # a long name that holds the word has too few letters in common
        found.update((name, 0.0) for name, bare in choices.items() if name not in found and wanted in bare)
    scored = sorted(((-score(name, points), name) for name, points in found.items()))
    return tuple(name for points, name in scored if -points >= _ALIKE)[:limit]
