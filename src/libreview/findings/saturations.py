"""Saturation: how many themes each further source adds, in the order in which the sources were coded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from libreview.findings.tallies import N, Tally
from libreview.model import Codebook, Excerpt, Source
from libreview.value import Value

__all__ = ["Saturation", "SourceStep", "saturation"]


class SourceStep(Value, frozen=True):
    """A source, its excerpts and themes, the themes that no source before it had, and how many there are by then.

    ``source`` is None for a key of which the sources know nothing.
    """

    key: str
    source: Source | None
    excerpts: int
    themes: tuple[str, ...]
    new: tuple[str, ...]
    cumulative: int


class Saturation(Value, frozen=True):
    """The sources in the order of their first excerpts: by the path of the note, then by the place in it."""

    steps: tuple[SourceStep, ...]
    n: N


def saturation(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
) -> Saturation:
    """Return which themes each source brings that those before it did not have; a theme's own excerpts count."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    places = sorted(range(len(excerpts)), key=lambda at: (excerpts[at].location.path, excerpts[at].location.start))
    counts: dict[str, int] = {}
    found: dict[str, dict[str, None]] = {}
    for at in places:
        for key in tally.keys[at]:
            counts[key] = counts.get(key, 0) + 1
            found.setdefault(key, {}).update(dict.fromkeys(tally.themes[at]))
    seen: set[str] = set()
    steps = []
    for key, themes in found.items():
        new = tuple(theme for theme in themes if theme not in seen)
        seen.update(new)
        steps.append(SourceStep(key, sources.get(key), counts[key], tuple(themes), new, len(seen)))
    return Saturation(tuple(steps), tally.n())
