"""What the coding adds up to: thematic frequency, the matrices of themes by sources, and the coded summary.

Every count is given in excerpts and in sources, a theme's own and with its sub-themes, and no excerpt counts twice.
Tags are resolved through the codebook's aliases; tags that are not in it come last and are not lost. Sources are those
that are in the review. The concept matrix is that of Webster and Watson (2002), MIS Quarterly 26(2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.model import NONE, Codebook, Excerpt, Note, Source, Theme
from libreview.texts.codebook import theme_id
from libreview.value import Value

__all__ = [
    "CodedExcerpt",
    "ConceptMatrix",
    "ConceptRow",
    "Frequency",
    "Matrix",
    "N",
    "SourceRow",
    "SourcesTable",
    "Summary",
    "ThemeRow",
    "ThemeSection",
    "concept_matrix",
    "frequency",
    "matrix",
    "names",
    "sources_table",
    "theme_summary",
    "within",
]


class N(Value, frozen=True):
    """What was counted: excerpts, the sources they cite, the sources that are in the review, excerpts without a theme.

    ``collected`` counts all sources of the folder, in the review or not; 0 where nobody said.
    """

    excerpts: int
    sources: int
    sources_in_review: int
    uncoded: int = 0
    collected: int = 0


class ThemeRow(Value, frozen=True):
    """A theme with its counts. ``known`` is false for a tag that is not in the codebook."""

    theme: Theme
    depth: int = 0
    known: bool = True
    excerpts: int = 0
    excerpts_with_children: int = 0
    sources: int = 0
    sources_with_children: int = 0


class Frequency(Value, frozen=True):
    """Excerpts and sources per theme, in the order of the codebook's tree."""

    rows: tuple[ThemeRow, ...]
    n: N


class Matrix(Value, frozen=True):
    """Excerpts per theme and source: ``cells[theme][key]``, a theme's own, zeros left out; ``keys`` are the columns."""

    rows: tuple[ThemeRow, ...]
    keys: tuple[str, ...]
    cells: Mapping[str, Mapping[str, int]]
    n: N


class ConceptRow(Value, frozen=True):
    """A source and the themes that occur in it, own and with those above them."""

    source: Source
    themes: frozenset[str]
    with_parents: frozenset[str]


class ConceptMatrix(Value, frozen=True):
    """Which themes occur in which source; ``themes`` are the columns, in the order of the tree."""

    themes: tuple[ThemeRow, ...]
    rows: tuple[ConceptRow, ...]
    n: N


class SourceRow(Value, frozen=True):
    """A source, what its note cards say of it (``fields`` of the front matter, annotation) and what was taken."""

    source: Source
    fields: Mapping[str, str]
    annotation: str
    themes: tuple[str, ...]
    excerpts: int


class SourcesTable(Value, frozen=True):
    """The synthesis matrix (matriks penelitian terdahulu): a row per source in the review, a column per field."""

    fields: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    n: N


class CodedExcerpt(Value, frozen=True):
    """An excerpt with its themes as the codebook names them."""

    excerpt: Excerpt
    themes: tuple[str, ...]


class ThemeSection(Value, frozen=True):
    """A theme, its counts, and its own excerpts by source, the oldest source first."""

    row: ThemeRow
    excerpts: tuple[CodedExcerpt, ...]


class Summary(Value, frozen=True):
    """The coded summary. ``wanted`` are the themes asked for (none: all); ``gaps`` those in it without any excerpt."""

    sections: tuple[ThemeSection, ...]
    gaps: tuple[Theme, ...]
    wanted: tuple[str, ...]
    sources: Mapping[str, Source]
    n: N


class _Tally:
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
        seen: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
        found = []
        name, ignored = self.names.get, self.ignored
        for excerpt in self.excerpts:
            given = (excerpt.themes, *[one.themes for one in excerpt.codings])
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
            given = _keys(excerpt)
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
        return N(len(self.excerpts), len(set().union(*self.keys)), len(self.in_review), self.uncoded())

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


def _keys(excerpt: Excerpt) -> tuple[str, ...]:
    """Return the keys that an excerpt cites, each once; nearly every excerpt cites one."""
    citations = excerpt.citations
    return (citations[0].key,) if len(citations) == 1 else excerpt.keys


def _by_year(source: Source) -> tuple[str, str]:
    return (source.year or "9999", source.key)


def within(excerpts: Iterable[Excerpt], sources: Mapping[str, Source], in_review: Collection[str]) -> list[Excerpt]:
    """Return the excerpts that cite a source in the review, or no source that is known: those a table counts."""
    inside = frozenset(in_review)
    counted: dict[tuple[str, ...], bool] = {}
    found = []
    for excerpt in excerpts:
        keys = _keys(excerpt)
        counts = counted.get(keys)
        if counts is None:
            counts = counted[keys] = not inside.isdisjoint(keys) or not any(key in sources for key in keys)
        if counts:
            found.append(excerpt)
    return found


def frequency(
    excerpts: Sequence[Excerpt], codebook: Codebook, in_review: Collection[str], ignore: Collection[str] = ()
) -> Frequency:
    """Return how often each theme occurs."""
    tally = _Tally(excerpts, codebook, in_review, ignore)
    return Frequency(tally.rows(), tally.n())


def matrix(
    excerpts: Sequence[Excerpt], codebook: Codebook, in_review: Collection[str], ignore: Collection[str] = ()
) -> Matrix:
    """Return how often each theme occurs in each source. An excerpt that cites two sources counts for both."""
    tally = _Tally(excerpts, codebook, in_review, ignore)
    cells: dict[str, dict[str, int]] = {}
    for themes, keys in zip(tally.themes, tally.keys, strict=True):
        for theme in themes:
            row = cells.setdefault(theme, {})
            for key in keys:
                row[key] = row.get(key, 0) + 1
    cited = {key for keys in tally.keys for key in keys}
    ordered = {theme: dict(sorted(row.items())) for theme, row in cells.items()}
    return Matrix(tally.rows(), tuple(sorted(cited)), ordered, tally.n())


def concept_matrix(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    ignore: Collection[str] = (),
) -> ConceptMatrix:
    """Return which themes occur in which source, the oldest source first; only themes and sources that have any."""
    tally = _Tally(excerpts, codebook, [key for key in in_review if key in sources], ignore)
    found: dict[str, set[str]] = {}
    for themes, keys in zip(tally.themes, tally.keys, strict=True):
        for key in keys:
            if themes:
                found.setdefault(key, set()).update(themes)
    rows = [
        ConceptRow(source, frozenset(found[source.key]), frozenset(tally.closed(found[source.key])))
        for source in sorted((sources[key] for key in found), key=_by_year)
    ]
    used = {theme for row in rows for theme in row.themes}
    return ConceptMatrix(tuple(row for row in tally.rows() if row.theme.id in used), tuple(rows), tally.n())


def sources_table(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    notes: Iterable[Note] = (),
    fields: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> SourcesTable:
    """Return a row per source in the review, the oldest first.

    ``fields`` are the columns from the front matter of note cards; none: every one that a card of these sources has.
    """
    tally = _Tally(excerpts, codebook, [key for key in in_review if key in sources], ignore)
    cards: dict[str, list[Note]] = {}
    for note in notes:
        if note.source in tally.in_review:
            cards.setdefault(note.source, []).append(note)
    counts: dict[str, int] = {}
    themes: dict[str, dict[str, None]] = {}
    for given, keys in zip(tally.themes, tally.keys, strict=True):
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
            themes.setdefault(key, {}).update(dict.fromkeys(given))
    rows = []
    columns = dict.fromkeys(fields)
    for source in sorted((sources[key] for key in tally.in_review), key=_by_year):
        said: dict[str, str] = {}
        for card in cards.get(source.key, ()):
            for name, value in card.fields.items():
                if name not in _NOT_COLUMNS and value:
                    said.setdefault(name, value)
        if not fields:
            columns.update(dict.fromkeys(said))
        annotation = next((card.annotation for card in cards.get(source.key, ()) if card.annotation), "")
        rows.append(SourceRow(source, said, annotation, tuple(themes.get(source.key, ())), counts.get(source.key, 0)))
    return SourcesTable(tuple(columns), tuple(rows), tally.n())


_NOT_COLUMNS = frozenset(("source", "coder", "tags", "aliases", "cssclasses", "cssclass", "publish"))


def theme_summary(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    wanted: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> Summary:
    """Return the excerpts of ``wanted`` (ids, aliases or tags; none: all themes) and their sub-themes, theme by theme.

    An excerpt with two themes stands under both; in every count it is one.
    """
    tally = _Tally(excerpts, codebook, in_review, ignore)
    asked = tuple(dict.fromkeys(tally.names.get(one, one) for one in wanted))
    shown = {theme for one in asked for theme in codebook.family(one)}
    own: dict[str, list[CodedExcerpt]] = {}
    for at in _in_order(excerpts, sources):
        themes = tally.themes[at]
        if asked:
            themes = tuple(theme for theme in themes if theme in shown)
        if themes:
            coded = CodedExcerpt(excerpts[at], tally.themes[at])
            for theme in themes:
                own.setdefault(theme, []).append(coded)
    sections = []
    gaps = []
    for row in tally.rows():
        if asked and row.theme.id not in shown:
            continue
        if row.excerpts_with_children:
            sections.append(ThemeSection(row, tuple(own.get(row.theme.id, ()))))
        else:
            gaps.append(row.theme)
    return Summary(tuple(sections), tuple(gaps), asked, sources, tally.n())


def _in_order(excerpts: Sequence[Excerpt], sources: Mapping[str, Source]) -> list[int]:
    """Return the places of the excerpts in ``excerpts``, sorted.

    What counts is the year of the first source that is cited and its key, then the place in the notes.
    """
    years: dict[tuple[str, ...], tuple[str, str]] = {}
    found = []
    for at, excerpt in enumerate(excerpts):
        keys = _keys(excerpt)
        year = years.get(keys)
        if year is None:
            known = next((key for key in keys if key in sources), None)
            year = years[keys] = ("9999", "") if known is None else _by_year(sources[known])
        place = excerpt.location
        found.append((year, place.path, place.start, at))
    found.sort()
    return [at for *_, at in found]
