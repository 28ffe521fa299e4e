"""What goes along with a thesis: the codings one by one, the codebook with its examples, the excerpts as cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.findings import summaries
from libreview.findings.bibliographies import by_author
from libreview.findings.examples import examples as chosen
from libreview.findings.summaries import CodedExcerpt, N
from libreview.findings.tallies import Tally
from libreview.model import NONE, Codebook, Excerpt, Source, Theme
from libreview.texts.codebook import theme_id
from libreview.value import Value

__all__ = [
    "GROUPINGS",
    "Appendix",
    "CardFile",
    "CardGroup",
    "Codings",
    "Given",
    "ThemePage",
    "appendix",
    "card_file",
    "codings",
    "name_of",
]

GROUPINGS = ("source", "theme")
"""What cards can be grouped by."""


def name_of(excerpt: Excerpt) -> str:
    """Return the id of an excerpt, or where it stands if it has none."""
    return excerpt.id or str(excerpt.location)


class _Names:
    """What tags mean: the id of a theme for each id and alias, nothing for what is ignored."""

    def __init__(self, codebook: Codebook, ignore: Iterable[str]) -> None:
        self._names = summaries.names(codebook)
        self._ignored = frozenset(theme_id(tag.lstrip("#")) for tag in ignore) - self._names.keys() | {NONE}

    def themes(self, tags: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._names.get(tag, tag) for tag in tags if tag not in self._ignored))


# Codings ---------------------------------------------------------------------------------------------------------------


class Given(Value, frozen=True):
    """What one coder gave one excerpt; no themes: the coder has seen it, and nothing applies."""

    excerpt: str
    keys: tuple[str, ...]
    coder: str
    themes: frozenset[str]


class Codings(Value, frozen=True):
    """All codings, excerpt by excerpt. ``themes`` are those of the codebook in its order, then tags that are not in it.

    ``uncoded`` counts the excerpts that nobody coded: they are not among ``given``.
    """

    themes: tuple[str, ...]
    given: tuple[Given, ...]
    uncoded: int


def codings(excerpts: Iterable[Excerpt], codebook: Codebook, ignore: Collection[str] = ()) -> Codings:
    """Return who gave which themes to which excerpt. What a coder gave an excerpt in two places is one coding."""
    names = _Names(codebook, ignore)
    given: list[Given] = []
    uncoded = 0
    used: set[str] = set()
    for excerpt in excerpts:
        coders: dict[str, set[str]] = {}
        for coding in excerpt.codings:
            if coding.themes:
                coders.setdefault(coding.coder, set()).update(names.themes(coding.themes))
        name, keys = name_of(excerpt), excerpt.keys
        for coder, themes in coders.items():
            used |= themes
            given.append(Given(name, keys, coder, frozenset(themes)))
        uncoded += not coders
    known = [theme.id for theme, _ in codebook.tree()]
    return Codings((*known, *sorted(used.difference(known))), tuple(given), uncoded)


# The codebook ----------------------------------------------------------------------------------------------------------


class ThemePage(Value, frozen=True):
    """A theme as the appendix prints it: its place in the tree, and its examples."""

    theme: Theme
    depth: int
    examples: tuple[Excerpt, ...] = ()


class Appendix(Value, frozen=True):
    """The codebook with its examples. ``missing`` are ids that the codebook names as examples and no excerpt has.

    ``astray`` are those, each behind the theme that names it, that are not coded with it or one below it.
    """

    pages: tuple[ThemePage, ...]
    sources: Mapping[str, Source]
    missing: tuple[str, ...]
    astray: tuple[tuple[str, str], ...] = ()

    @property
    def undefined(self) -> tuple[str, ...]:
        """The ids of the themes that have no definition."""
        return tuple(page.theme.id for page in self.pages if not page.theme.definition)


def appendix(
    excerpts: Iterable[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    examples: int = 0,
    ignore: Collection[str] = (),
) -> Appendix:
    """Return the codebook with the examples it names; a theme that names none gets its first ``examples`` excerpts."""
    several = list(excerpts)
    shown = chosen(Tally(several, codebook, (), ignore), examples)
    there = {excerpt.id for excerpt in several if excerpt.id}
    pages = []
    missing: dict[str, None] = {}
    astray: list[tuple[str, str]] = []
    for theme, depth in codebook.tree():
        missing.update(dict.fromkeys(id for id in theme.examples if id not in there))
        page = ThemePage(theme, depth, shown.get(theme.id, ()))
        ids = {one.id for one in page.examples}
        astray += [(theme.id, id) for id in theme.examples if id in there and id not in ids]
        pages.append(page)
    return Appendix(tuple(pages), sources, tuple(missing), tuple(astray))


# Cards -----------------------------------------------------------------------------------------------------------------


class CardGroup(Value, frozen=True):
    """The cards of one source or theme. One of both is there, or neither: excerpts without a known source or theme."""

    cards: tuple[CodedExcerpt, ...]
    source: Source | None = None
    theme: Theme | None = None
    name: str = ""


class CardFile(Value, frozen=True):
    """Excerpts as cards. By source each stands once, by theme once for each of its themes."""

    by: str
    groups: tuple[CardGroup, ...]
    sources: Mapping[str, Source]
    codebook: Codebook
    n: N


def card_file(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    by: str = "source",
    ignore: Collection[str] = (),
) -> CardFile:
    """Return ``excerpts`` grouped ``by`` source (by author) or theme (in the order of the codebook)."""
    names = _Names(codebook, ignore)
    coded = [CodedExcerpt(excerpt, names.themes(excerpt.coded)) for excerpt in excerpts]
    groups = _by_theme(coded, codebook) if by == "theme" else _by_source(coded, sources)
    return CardFile(by, tuple(groups), sources, codebook, summaries.frequency(excerpts, codebook, in_review, ignore).n)


def _by_source(coded: Iterable[CodedExcerpt], sources: Mapping[str, Source]) -> list[CardGroup]:
    found: dict[str, list[CodedExcerpt]] = {}
    for one in coded:
        found.setdefault(next(iter(one.excerpt.keys), ""), []).append(one)
    known = sorted((sources[key] for key in found if key in sources), key=by_author)
    groups = [CardGroup(tuple(found[source.key]), source=source, name=source.key) for source in known]
    return [*groups, *(CardGroup(tuple(found[key]), name=key) for key in sorted(found) if key not in sources)]


def _by_theme(coded: Iterable[CodedExcerpt], codebook: Codebook) -> list[CardGroup]:
    found: dict[str, list[CodedExcerpt]] = {}
    for one in coded:
        for theme in one.themes or ("",):
            found.setdefault(theme, []).append(one)
    known = [theme for theme, _ in codebook.tree() if theme.id in found]
    groups = [CardGroup(tuple(found[theme.id]), theme=theme, name=theme.id) for theme in known]
    strange = sorted(found.keys() - codebook.themes.keys() - {""})
    groups += [CardGroup(tuple(found[tag]), theme=Theme(tag), name=tag) for tag in strange]
    return [*groups, *([CardGroup(tuple(found[""]))] if "" in found else [])]
