"""What is thin or missing: themes with few sources, sources and excerpts of which nothing was made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from libreview.findings.tallies import N, Tally, ThemeRow, cited_keys
from libreview.model import NONE, Codebook, Excerpt, Source, Theme
from libreview.value import Value

__all__ = ["Gaps", "gaps"]


class Gaps(Value, frozen=True):
    """What is missing, kind by kind. The sources of a theme are counted with those of its sub-themes.

    ``few`` are the themes with fewer than ``fewer_than`` sources, ``single`` those with one. An excerpt is without a
    locator if a citation of it has none.
    """

    fewer_than: int
    few: tuple[ThemeRow, ...]
    single: tuple[ThemeRow, ...]
    undefined: tuple[Theme, ...]
    sources: tuple[Source, ...]
    uncoded: tuple[Excerpt, ...]
    unlocated: tuple[Excerpt, ...]
    n: N


def gaps(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
    fewer_than: int = 3,
) -> Gaps:
    """Return what is thin or missing; sources by year, excerpts in the order of the notes."""
    tally = Tally(excerpts, codebook, in_review, ignore)
    rows = tally.rows()
    cited = {key for excerpt in excerpts for key in cited_keys(excerpt)}
    silent = [sources[key] for key in tally.in_review if key in sources and key not in cited]
    uncoded = [
        excerpt
        for excerpt, themes in zip(excerpts, tally.themes, strict=True)
        if not themes and NONE not in excerpt.themes and all(NONE not in one.themes for one in excerpt.codings)
    ]
    unlocated = [one for one in excerpts if any(not cited.locator.text for cited in one.citations)]
    return Gaps(
        fewer_than,
        tuple(row for row in rows if row.sources_with_children < fewer_than),
        tuple(row for row in rows if row.sources_with_children == 1),
        tuple(row.theme for row in rows if row.known and not row.theme.definition.strip()),
        tuple(sorted(silent, key=lambda source: (source.year or "9999", source.key))),
        tuple(sorted(uncoded, key=_place)),
        tuple(sorted(unlocated, key=_place)),
        tally.n(),
    )


def _place(excerpt: Excerpt) -> tuple[str, int]:
    return excerpt.location.path, excerpt.location.start
