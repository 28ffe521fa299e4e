"""The excerpts of a review with their themes and sources resolved, counted once for every finding.

Tags are resolved through the codebook's aliases; tags that are not in it come last and are not lost. Sources are those
that are in the review. What all coders gave an excerpt counts, each theme once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.model import NONE, Codebook, Excerpt, Source, Theme
from libreview.texts.codebook import theme_id
from libreview.value import Value, replace

__all__ = ["N", "Tally", "ThemeRow", "cited_keys", "folded", "names", "of_coders", "ratio", "share", "within"]


class N(Value, frozen=True):
    """What was counted: excerpts, the sources they cite, the sources that are in the review, excerpts without a theme.

    ``collected`` counts all sources of the folder, in the review or not; 0 where nobody said. ``coders`` are those
    whose codings count together, unless there is only one.
    """

    excerpts: int
    sources: int
    sources_in_review: int
    uncoded: int = 0
    collected: int = 0
    coders: int = 0


class ThemeRow(Value, frozen=True):
    """A theme with its counts. ``known`` is false for a tag that is not in the codebook."""

    theme: Theme
    depth: int = 0
    known: bool = True
    excerpts: int = 0
    excerpts_with_children: int = 0
    sources: int = 0
    sources_with_children: int = 0


class Tally:
    """The excerpts with their themes resolved, counted once for every finding."""

    def __init__(
        self, excerpts: Sequence[Excerpt], codebook: Codebook, in_review: Collection[str], ignore: Iterable[str]
    ) -> None:
        self.codebook = codebook
        self.in_review = frozenset(in_review)
        self.excerpts = excerpts
        self.names = names(codebook)
        self.ignored = frozenset(theme_id(tag.lstrip("#")) for tag in ignore) - self.names.keys()
        self.themes = self._resolved()
        self.keys = self._cited()
        self._above: dict[str, tuple[str, ...]] = {}

    def _resolved(self) -> list[tuple[str, ...]]:
        """Return the themes of each excerpt. What coders gave together once they often give again."""
        seen: dict[tuple[object, ...], tuple[str, ...]] = {}
        found = []
        name, ignored = self.names.get, self.ignored
        for excerpt in self.excerpts:
            codings = excerpt.codings
            given = (excerpt.themes, *[one.themes for one in codings]) if codings else excerpt.themes
            themes = seen.get(given)
            if themes is None:
                read = [name(tag, tag) for tag in excerpt.coded if tag not in ignored]
                themes = seen[given] = tuple(dict.fromkeys(read))
            found.append(themes)
        return found

    def _cited(self) -> list[tuple[str, ...]]:
        """Return the keys in the review that each excerpt cites."""
        seen: dict[tuple[str, ...], tuple[str, ...]] = {}
        found = []
        for excerpt in self.excerpts:
            given = cited_keys(excerpt)
            keys = seen.get(given)
            if keys is None:
                keys = seen[given] = tuple(key for key in given if key in self.in_review)
            found.append(keys)
        return found

    def above(self, theme: str) -> tuple[str, ...]:
        """Return ``theme`` and all themes above it; a circle of parents is walked once."""
        found = self._above.get(theme)
        if found is None:
            walked: dict[str, None] = {}
            themes = self.codebook.themes
            here = theme
            while here not in walked:
                walked[here] = None
                parent = themes[here].parent if here in themes else ""
                if parent not in themes:
                    break
                here = parent
            found = self._above[theme] = tuple(walked)
        return found

    def closed(self, themes: Iterable[str]) -> set[str]:
        """Return ``themes`` with all themes above them."""
        return {one for theme in themes for one in self.above(theme)}

    def n(self) -> N:
        coders = len({one.coder for excerpt in self.excerpts for one in excerpt.codings if one.themes})
        cited = len(set().union(*self.keys))
        return N(len(self.excerpts), cited, len(self.in_review), self.uncoded(), coders=coders if coders > 1 else 0)

    def uncoded(self) -> int:
        """Return how many excerpts have no theme; one of which a coder said that nothing applies is not among them."""
        return sum(
            1
            for excerpt, themes in zip(self.excerpts, self.themes, strict=True)
            if not themes and NONE not in excerpt.themes and all(NONE not in one.themes for one in excerpt.codings)
        )

    def rows(self) -> tuple[ThemeRow, ...]:
        """Return all themes of the codebook with their counts, and after them the tags that are not in it."""
        own: dict[str, list[int]] = {}  # the places of its excerpts
        for at, themes in enumerate(self.themes):
            for theme in themes:
                own.setdefault(theme, []).append(at)
        own_sources = {theme: set().union(*[self.keys[at] for at in places]) for theme, places in own.items()}
        whole: dict[str, set[int]] = {}
        whole_sources: dict[str, set[str]] = {}
        for theme, places in own.items():
            for one in self.above(theme):
                whole.setdefault(one, set()).update(places)
                whole_sources.setdefault(one, set()).update(own_sources[theme])
        tree = [(theme, depth, True) for theme, depth in self.codebook.tree()]
        tree += [(Theme(tag), 0, False) for tag in sorted(own.keys() - self.codebook.themes.keys())]
        return tuple(
            ThemeRow(
                theme,
                depth,
                known,
                len(own.get(theme.id, ())),
                len(whole.get(theme.id, ())),
                len(own_sources.get(theme.id, ())),
                len(whole_sources.get(theme.id, ())),
            )
            for theme, depth, known in tree
        )


def names(codebook: Codebook) -> dict[str, str]:
    """Return what each id and alias names; where both could be meant, the id, and of two aliases the first."""
    found = {one: one for one in codebook.themes}
    for theme in codebook.themes.values():
        for alias in theme.aliases:
            found.setdefault(alias, theme.id)
    return found


def cited_keys(excerpt: Excerpt) -> tuple[str, ...]:
    """Return the keys that an excerpt cites, each once; nearly every excerpt cites one."""
    citations = excerpt.citations
    return (citations[0].key,) if len(citations) == 1 else excerpt.keys


def within(excerpts: Iterable[Excerpt], sources: Mapping[str, Source], in_review: Collection[str]) -> list[Excerpt]:
    """Return the excerpts that cite a source in the review, or no source that is known: those a table counts."""
    inside = frozenset(in_review)
    counted: dict[tuple[str, ...], bool] = {}
    found = []
    for excerpt in excerpts:
        keys = cited_keys(excerpt)
        counts = counted.get(keys)
        if counts is None:
            counts = counted[keys] = not inside.isdisjoint(keys) or not any(key in sources for key in keys)
        if counts:
            found.append(excerpt)
    return found


def share(part: int, whole: int) -> float:
    """Return ``part`` as a percentage of ``whole`` to one decimal; 0 of nothing."""
    return ratio(100 * part, whole, 1) if whole else 0.0


def ratio(part: int, whole: int, decimals: int) -> float:
    """Return ``part / whole`` to so many decimals; what lies just between two goes up, as people round."""
    scale: int = 10**decimals
    return (2 * part * scale + whole) // (2 * whole) / scale


def of_coders(excerpts: Sequence[Excerpt], names: Collection[str]) -> list[Excerpt]:
    """Return ``excerpts`` with the codings of these coders alone."""
    wanted = {name.casefold() for name in names}
    found = []
    for excerpt in excerpts:
        kept = tuple(one for one in excerpt.codings if one.coder.casefold() in wanted)
        found.append(replace(excerpt, themes=(), codings=kept))
    return found


def folded(codebook: Codebook, depth: int) -> Codebook:
    """Return the codebook with ``depth`` levels of themes (0: all); deeper ones are other names of the theme above them."""
    if depth < 1:
        return codebook
    kept: list[Theme] = []
    below: dict[str, list[str]] = {}
    gone: set[str] = set()
    last = ""
    for theme, level in codebook.tree():
        if level < depth:
            kept.append(theme)
            last = theme.id
        else:
            gone.add(theme.id)
            below.setdefault(last, []).extend((theme.id, *theme.aliases))
    themes = {
        theme.id: replace(theme, aliases=(*(one for one in theme.aliases if one not in gone), *below.get(theme.id, ())))
        for theme in kept
    }
    return Codebook(themes, codebook.path)
