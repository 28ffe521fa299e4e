"""Which excerpts stand as examples of a theme: one rule for the table of frequency, the codebook and exchange."""

from __future__ import annotations

from libreview.findings.tallies import Tally
from libreview.model import Excerpt

__all__ = ["examples"]


def examples(tally: Tally, others: int = 1) -> dict[str, tuple[Excerpt, ...]]:
    """Return the examples of each theme that has any: those that the codebook names, in its order, or else the first ones.

    An example that is named counts if there is such an excerpt and it is coded with the theme or one below it. Where none
    does, the first ``others`` of the theme's own excerpts stand for them, in the order of the notes.
    """
    themes = tally.codebook.themes.values()
    wanted = {id for theme in themes for id in theme.examples}
    places: dict[str, int] = {}
    first: dict[str, list[Excerpt]] = {}
    for at in sorted(range(len(tally.excerpts)), key=lambda at: _place(tally.excerpts[at])):
        excerpt = tally.excerpts[at]
        if excerpt.id in wanted:
            places.setdefault(excerpt.id, at)
        for theme in tally.themes[at] if others else ():
            some = first.setdefault(theme, [])
            if len(some) < others:
                some.append(excerpt)
    found = {theme: tuple(some) for theme, some in first.items()}
    for one in themes:
        named = [places[id] for id in one.examples if id in places]
        coded = tuple(tally.excerpts[at] for at in named if one.id in tally.closed(tally.themes[at]))
        if coded:
            found[one.id] = coded
    return found


def _place(excerpt: Excerpt) -> tuple[str, int]:
    return excerpt.location.path, excerpt.location.start
