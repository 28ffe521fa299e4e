"""What the tables say, as statements to be worded: which numbers, from which row of which table, citing which sources.

Nothing is counted here: each number is taken from a table, and says from which, so that it can be looked up there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from libreview.findings import contradictions, crosstabs, gaps, occurrences, saturations, summaries, timelines
from libreview.findings.contradictions import Contradictions, RelationKind
from libreview.findings.crosstabs import Crosstab
from libreview.findings.gaps import Gaps
from libreview.findings.occurrences import CoOccurrence, Pair
from libreview.findings.saturations import Saturation
from libreview.findings.summaries import ConceptMatrix, Frequency, SourceRow, SourcesTable
from libreview.findings.syntheses import with_entries
from libreview.findings.tallies import N, ThemeRow, folded, share
from libreview.findings.timelines import Period, Timeline
from libreview.model import Citation, Codebook, Excerpt, Note, Source
from libreview.value import Value

__all__ = [
    "DECADES",
    "UNDATED",
    "Description",
    "Item",
    "Number",
    "Passage",
    "Statement",
    "Tables",
    "description",
    "tables",
]

DECADES = "timeline --period 10 --depth 1"
UNDATED = "undated"
_KINDS_OF_SOURCES = "sources --fields type,language"

_NAMED = 3
"""How many are named as the leading ones, with those that have as many as the last of them;"""
_LIMIT = 6
"""but not more than these."""
_LISTED = 8
"""How many themes are named of what is missing."""
_CITED = 5
"""How many sources, or pairs of excerpts, a statement cites."""

One = TypeVar("One")


class Number(Value, frozen=True):
    """A number and where it stands: ``table`` is what to write after ``libreview table``, ``row`` and ``column`` are there.

    A row is that of a theme, of a key, "ONE with OTHER" of two themes, "period YEAR" of a column of the timeline, a list
    of ``gaps``, or "n", which stands below the table. "NAME=VALUE" and "NAME>VALUE" are all rows of which that is true,
    "*" is all rows, "undated" those without a year, and the number is how many there are.
    """

    name: str
    value: int | float
    table: str
    row: str
    column: str = ""


class Item(Value, frozen=True):
    """What a statement lists: ``subject`` are ids of themes, a type, a language, a first and last year, or the query."""

    subject: tuple[str, ...]
    numbers: tuple[Number, ...] = ()
    cites: tuple[tuple[Citation, ...], ...] = ()

    def number(self, name: str) -> int | float:
        return _number(self.numbers, name)


class Statement(Value, frozen=True):
    """One sentence to be: its name, its numbers, what it lists, the sources that it cites.

    ``more`` is how many others have as many as the last item, or are left unnamed; ``whole`` says whether the sources
    cited are all of which it speaks.
    """

    name: str
    numbers: tuple[Number, ...] = ()
    items: tuple[Item, ...] = ()
    cites: tuple[Citation, ...] = ()
    more: int = 0
    whole: bool = True

    def number(self, name: str) -> int | float:
        return _number(self.numbers, name)

    def count(self, name: str) -> int:
        return int(self.number(name))

    @property
    def all_numbers(self) -> tuple[Number, ...]:
        return (*self.numbers, *(number for item in self.items for number in item.numbers))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys cited, each once, in order."""
        inside = (one.key for item in self.items for several in item.cites for one in several)
        return tuple(dict.fromkeys((*(one.key for one in self.cites), *inside)))


class Passage(Value, frozen=True):
    """The statements of one paragraph."""

    name: str
    statements: tuple[Statement, ...]


class Description(Value, frozen=True):
    """The paragraphs in order; ``themes`` has those of which they speak."""

    passages: tuple[Passage, ...]
    themes: Mapping[str, ThemeRow]
    n: N


class Tables(Value, frozen=True):
    """The findings behind the tables, all of the same excerpts and sources; ``top`` (by source) and ``decades`` at depth 1.

    ``sources`` has the fields ``type`` and ``language``; ``quotations`` and ``paraphrases`` are the frequency of the
    excerpts of one kind.
    """

    sources: SourcesTable
    frequency: Frequency
    quotations: Frequency
    paraphrases: Frequency
    top: Crosstab
    concepts: ConceptMatrix
    together: CoOccurrence
    decades: Timeline
    saturation: Saturation
    gaps: Gaps
    relations: Contradictions


def tables(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    sources: Mapping[str, Source],
    in_review: Collection[str],
    notes: Iterable[Note] = (),
    ignore: Collection[str] = (),
    named: Iterable[Excerpt] = (),
) -> Tables:
    """Return the findings that `description` reads; ``named`` are excerpts of which comments may speak."""
    top = folded(codebook, 1)
    kinds = {
        kind: summaries.frequency([one for one in excerpts if one.kind == kind], codebook, in_review, ignore)
        for kind in ("quotation", "paraphrase")
    }
    table = summaries.sources_table(excerpts, codebook, sources, in_review, notes, ("type", "language"), ignore)
    return Tables(
        sources=with_entries(table),
        frequency=summaries.frequency(excerpts, codebook, in_review, ignore),
        quotations=kinds["quotation"],
        paraphrases=kinds["paraphrase"],
        top=crosstabs.crosstab(excerpts, top, sources, in_review, ignore, "source"),
        concepts=summaries.concept_matrix(excerpts, codebook, sources, in_review, ignore),
        together=occurrences.co_occurrence(excerpts, codebook, in_review, ignore),
        decades=timelines.timeline(excerpts, top, sources, in_review, ignore, 10),
        saturation=saturations.saturation(excerpts, codebook, sources, in_review, ignore),
        gaps=gaps.gaps(excerpts, codebook, sources, in_review, ignore),
        relations=contradictions.contradictions(excerpts, codebook, in_review, ignore, sources, named),
    )


def description(tables: Tables, query: str = "") -> Description:
    """Return what is to be said of what ``query`` selected; where nothing was collected, taken or coded, that and no more."""
    n = tables.frequency.n
    themes = {row.theme.id: row for row in tables.frequency.rows}
    if not n.sources_in_review and not n.excerpts:
        name = "none-in-review" if n.collected else "no-sources"
        said = Statement(name, (Number("collected", n.collected, "frequency", "n", "collected"),))
        return Description((Passage("nothing", (said,)),), themes, n)
    leaders = _leaders(tables)
    passages = [
        Passage("material", tuple(_material(tables, query))),
        Passage("themes", tuple(_themes(tables, leaders))),
        Passage("together", tuple(_together(tables))),
        Passage("time", tuple(_time(tables.decades, leaders))),
        Passage("relations", tuple(_relations(tables.relations))),
        Passage("gaps", tuple(_missing(tables, query))),
        Passage("counted", tuple(_counted(tables))),
    ]
    return Description(tuple(one for one in passages if one.statements), themes, n)


def _number(numbers: Iterable[Number], name: str) -> int | float:
    return next(one.value for one in numbers if one.name == name)


def _n(n: N, name: str, table: str = "frequency", column: str = "") -> Number:
    """Return a number that stands below a table."""
    return Number(name, getattr(n, column or name), table, "n", column or name)


def _leading(
    items: Iterable[One], value: Callable[[One], float], at_most: int = _NAMED, limit: int = _LIMIT
) -> tuple[list[One], int]:
    """Return those with the highest values, and how many more have as many as the last of them.

    Whoever has as many as the last is named too; where that would be too many, only those that have more are.
    """
    ordered = sorted(items, key=lambda one: -value(one))
    if len(ordered) <= at_most:
        return ordered, 0
    last = value(ordered[at_most - 1])
    above = [one for one in ordered if value(one) > last]
    equal = [one for one in ordered if value(one) == last]
    if len(above) + len(equal) <= limit:
        return above + equal, 0
    return (above, 0) if above else (equal[:limit], len(equal) - limit)


def _key_citations(keys: Iterable[str]) -> tuple[Citation, ...]:
    return tuple(Citation(key) for key in keys)


def _place(excerpt: Excerpt) -> tuple[Citation, ...]:
    """Return what an excerpt cites, with the places there and without words of the note around them."""
    return tuple(Citation(one.key, "", one.locator) for one in excerpt.citations)


# What was collected -----------------------------------------------------------------------------------------------------


def _material(tables: Tables, query: str) -> Iterable[Statement]:
    n = tables.sources.n
    rows = tables.sources.rows
    if rows:
        types = _values(rows, "type")
        languages = _values(rows, "language")
        unstated = languages.pop("", 0)
        numbers = [
            _n(n, "sources_in_review", "sources"),
            Number("types", len(types), _KINDS_OF_SOURCES, "*", "type"),
        ]
        if languages:
            numbers.append(Number("languages", len(languages), _KINDS_OF_SOURCES, "*", "language"))
        yield Statement("sources", tuple(numbers), (Item((query,)),) if query.strip() else ())
        yield _distributed("types", "type", types, len(rows))
        if languages:
            yield _distributed("languages", "language", languages, len(rows))
        if unstated:
            number = Number("sources", unstated, _KINDS_OF_SOURCES, "language=")
            yield Statement("languages-unstated", (number,))
        yield from _years(rows)
        yield from _fullest_decades(tables.decades)
    yield from _taken(tables)


def _values(rows: Sequence[SourceRow], by: str) -> dict[str, int]:
    """Return the values that the rows of the table of sources have, with their number."""
    found: dict[str, int] = {}
    for row in rows:
        value = row.fields.get(by, "")
        found[value] = found.get(value, 0) + 1
    return found


def _distributed(name: str, by: str, values: Mapping[str, int], of: int) -> Statement:
    named, more = _leading(sorted(values), lambda value: values[value], 5)
    items = [Item((value,), (Number("sources", values[value], _KINDS_OF_SOURCES, f"{by}={value}"),)) for value in named]
    if len(values) == 1 and values[named[0]] == of:
        return Statement(f"{name}-one", items[0].numbers, (Item((named[0],)),))
    return Statement(name, (), tuple(items), more=more, whole=len(named) == len(values))


def year_of(source: Source) -> int:
    """Return the year of a source as the timeline takes it; 0 if it has none."""
    year = source.year
    return int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else 0


def _years(rows: Sequence[SourceRow]) -> Iterable[Statement]:
    dated = [(year, row.source.key) for row in rows if (year := year_of(row.source))]
    if dated:
        first, last = min(year for year, _ in dated), max(year for year, _ in dated)
        items = []
        for name, end in (("first", first), ("last", last)):
            keys = sorted(key for year, key in dated if year == end)
            cited = _key_citations(keys) if len(keys) <= _CITED else ()
            items.append(Item((str(end),), (Number(name, end, "sources", keys[0], "year"),), (cited,)))
        single = "year" if len(rows) == 1 else "years-one"
        yield Statement("years", (), tuple(items)) if first < last else Statement(single, items[0].numbers)
    if len(dated) < len(rows):
        yield Statement("undated", (Number("sources", len(rows) - len(dated), "sources", UNDATED),))


def _fullest_decades(decades: Timeline) -> Iterable[Statement]:
    dated = [one for one in decades.periods if one.first]
    if len(dated) > 1:
        named, more = _leading(dated, lambda one: one.sources, 1)
        items = [
            Item(_span(one), (Number("sources", one.sources, DECADES, f"period {one.first}", "sources"),))
            for one in named
        ]
        yield Statement("decade", (_n(decades.n, "sources", DECADES),), tuple(items), more=more)


def _span(period: Period) -> tuple[str, str]:
    return str(period.first), str(period.last)


def _taken(tables: Tables) -> Iterable[Statement]:
    n = tables.frequency.n
    if not n.excerpts:
        yield Statement("no-excerpts")
        return
    kinds = (
        Number("quotations", tables.quotations.n.excerpts, "frequency kind:quotation", "n", "excerpts"),
        Number("paraphrases", tables.paraphrases.n.excerpts, "frequency kind:paraphrase", "n", "excerpts"),
    )
    yield Statement("excerpts", (_n(n, "excerpts"), _n(n, "sources"), _n(n, "sources_in_review"), *kinds))
    missing = Number("unlocated", len(tables.gaps.unlocated), "gaps", "excerpts_without_locator")
    yield Statement("located", (_n(n, "excerpts"), missing))


# Which themes carry most ------------------------------------------------------------------------------------------------


def _by_excerpts(row: ThemeRow) -> int:
    return row.excerpts_with_children


def _by_sources(row: ThemeRow) -> int:
    return row.sources_with_children


def _leaders(tables: Tables) -> list[ThemeRow]:
    """Return the themes at the top of the tree with most excerpts: those that are followed to their sources and over time."""
    rows = [row for row in tables.frequency.rows if row.known and row.depth == 0 and row.excerpts_with_children]
    named, more = _leading(rows, _by_excerpts, _NAMED, _NAMED)
    return [] if more else named  # where too many have as many, none of them leads


def _themes(tables: Tables, leaders: Sequence[ThemeRow]) -> Iterable[Statement]:
    frequency = tables.frequency
    n = frequency.n
    if not n.excerpts:
        return
    used = [row for row in frequency.rows if row.excerpts_with_children]
    if not used:
        yield Statement("no-themes")
        return
    known = [row for row in used if row.known]
    below = [row for row in known if row.depth]
    yield from _ranks("main-themes" if below else "themes", [row for row in known if not row.depth], n)
    yield from _ranks("sub-themes", below, n)
    if len(known) < len(used):
        yield _ranked("tags", [row for row in used if not row.known], _by_excerpts, "excerpts", n)
    for row in leaders:
        yield from _carried(row, tables.top)
    yield from _saturated(tables.saturation)


def _ranks(name: str, rows: Sequence[ThemeRow], n: N) -> Iterable[Statement]:
    """Say which of the themes that are used have most excerpts and most sources."""
    if rows:
        yield _ranked(f"{name}-by-excerpts", rows, _by_excerpts, "excerpts", n)
    known = [row for row in rows if row.sources_with_children]
    if known:
        yield _ranked(f"{name}-by-sources", known, _by_sources, "sources", n)


def _ranked(name: str, rows: Sequence[ThemeRow], by: Callable[[ThemeRow], int], unit: str, n: N) -> Statement:
    named, more = _leading(rows, by)
    whole = n.excerpts if unit == "excerpts" else n.sources
    items = [
        Item(
            (row.theme.id,),
            (
                Number(unit, by(row), "frequency", row.theme.id, f"{unit}_with_children"),
                Number("percent", share(by(row), whole), "frequency", row.theme.id, f"{unit}_percent"),
            ),
        )
        for row in named
    ]
    return Statement(name, (_n(n, unit),), tuple(items), more=more, whole=len(rows) == len(named))


def _carried(row: ThemeRow, top: Crosstab) -> Iterable[Statement]:
    """Say on which sources a theme rests, those with most excerpts first."""
    cells = {key: n for key, n in top.counts.get(row.theme.id, {}).items() if key}
    if cells:
        keys = sorted(cells, key=lambda key: (-cells[key], key))
        number = Number("sources", row.sources_with_children, "frequency", row.theme.id, "sources_with_children")
        cited = _key_citations(keys[:_CITED])
        yield Statement("carried", (number,), (Item((row.theme.id,)),), cited, whole=len(keys) <= _CITED)


def _saturated(finding: Saturation) -> Iterable[Statement]:
    last = max((at for at, step in enumerate(finding.steps, 1) if step.new), default=0)
    if last and len(finding.steps) > 1:
        key = finding.steps[last - 1].key
        numbers = (Number("last", last, "saturation", key, "number"), _n(finding.n, "sources", "saturation"))
        yield Statement("saturation", numbers, cites=_key_citations((key,)))


# What stands together ---------------------------------------------------------------------------------------------------


def _together(tables: Tables) -> Iterable[Statement]:
    finding = tables.together
    if not finding.rows:
        return
    pairs = finding.pairs()
    if not pairs:
        yield Statement("no-pairs")
    else:
        often, more = _leading(pairs, lambda pair: pair.n)
        yield Statement("pairs", (), tuple(map(_paired, often)), more=more)
        closest, more = _leading(pairs, lambda pair: pair.jaccard, 1, _NAMED)
        if not set(_named(closest)) <= set(_named(often)):
            yield Statement("closest", (), tuple(map(_paired, closest)), more=more)
    yield from _several(tables.concepts)


def _named(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    return [(pair.one, pair.other) for pair in pairs]


def _paired(pair: Pair) -> Item:
    row = f"{pair.one} with {pair.other}"
    numbers = (
        Number("n", pair.n, "co-occurrence", row, "n"),
        Number("jaccard", pair.jaccard, "co-occurrence", row, "jaccard"),
    )
    return Item((pair.one, pair.other), numbers)


def _several(concepts: ConceptMatrix) -> Iterable[Statement]:
    """Say which sources have several themes."""
    rows = concepts.rows
    several = [row for row in rows if len(row.themes) > 1]
    if len(rows) < 2:
        return
    numbers = [
        Number("several", len(several), "concept-matrix", "themes>1"),
        Number("sources", len(rows), "concept-matrix", "*"),
    ]
    if not several:
        yield Statement("one-theme-each", tuple(numbers))
        return
    most = max(len(row.themes) for row in several)
    keys = [row.source.key for row in several if len(row.themes) == most]
    numbers.append(Number("most", most, "concept-matrix", keys[0], "themes"))
    yield Statement("several-themes", tuple(numbers), cites=_key_citations(keys[:_CITED]), whole=len(keys) <= _CITED)


# Over time --------------------------------------------------------------------------------------------------------------


def _time(finding: Timeline, leaders: Sequence[ThemeRow]) -> Iterable[Statement]:
    """Say how the leading themes are spread, if there is more than one decade."""
    dated = [one for one in finding.periods if one.first]
    if len(dated) < 2:
        return
    for row in leaders:
        cells = finding.cells.get(row.theme.id, {})
        items = [_in_period(row.theme.id, one, cells[one.first]) for one in finding.periods if one.first in cells]
        if items:
            more = 0
            name = "spread"
            if len(items) > _LIMIT:
                items, more = _leading(items, lambda item: item.number("sources"))
                name = "spread-most"
            yield Statement(name, (), (Item((row.theme.id,)), *items), more=more)


def _in_period(theme: str, period: Period, cell: tuple[int, int]) -> Item:
    numbers = [
        Number(unit, value, DECADES, theme, f"{period.first or ''}.{unit}")
        for unit, value in zip(("sources", "excerpts"), cell, strict=True)
    ]
    return Item(_span(period) if period.first else ("", ""), tuple(numbers))


# What contradicts what --------------------------------------------------------------------------------------------------

_KINDS: tuple[RelationKind, ...] = ("contradicts", "supports")


def _relations(finding: Contradictions) -> Iterable[Statement]:
    for kind in _KINDS:
        pairs = [pair for pair in finding.pairs if pair.kind == kind]
        if pairs:
            number = Number("pairs", len(pairs), "contradictions", f"kind={kind}")
            items = [Item((), (), (_place(pair.one), _place(pair.other))) for pair in pairs[:_CITED]]
            yield Statement(kind, (number,), tuple(items), more=len(pairs) - len(items), whole=len(pairs) <= _CITED)


# What is missing --------------------------------------------------------------------------------------------------------


def _missing(tables: Tables, query: str) -> Iterable[Statement]:
    """Say what is thin or missing; of a selection only what it misses itself, for themes are thin in it because others were left out."""
    thin = tables.gaps
    empty = [row.theme.id for row in tables.frequency.rows if not row.excerpts_with_children]
    of_frequency = Number("themes", len(empty), "frequency", "excerpts_with_children=0")
    said = [
        *_themes_of("themes-without-excerpts", of_frequency, empty),
        *_themes_of("single-source-themes", _gap("single_source_themes", len(thin.single)), [row.theme.id for row in thin.single]),
        *_themes_of("themes-without-definition", _gap("themes_without_definition", len(thin.undefined)),
                    [theme.id for theme in thin.undefined]),
        *_sources_of("sources-without-excerpts", _gap("sources_without_excerpts", len(thin.sources)),
                     [source.key for source in thin.sources]),
        *_sources_of("excerpts-without-theme", _gap("excerpts_without_theme", len(thin.uncoded)), _known(thin.uncoded, tables)),
        *_sources_of("excerpts-without-locator", _gap("excerpts_without_locator", len(thin.unlocated)),
                     _known(thin.unlocated, tables)),
    ]  # fmt: skip
    if query.strip():
        return [one for one in said if one.name.startswith("excerpts-without-")]
    rows = tables.frequency.rows
    if not said and rows and thin.n.excerpts and all(row.known and row.sources_with_children > 1 for row in rows):
        return [Statement("no-gaps")]
    return said


def _gap(name: str, n: int) -> Number:
    return Number("n", n, "gaps", name)


def _themes_of(name: str, number: Number, themes: Sequence[str]) -> Iterable[Statement]:
    if themes:
        items = tuple(Item((theme,)) for theme in themes[:_LISTED])
        yield Statement(name, (number,), items, more=len(themes) - len(items), whole=len(themes) <= _LISTED)


def _sources_of(name: str, number: Number, keys: Sequence[str]) -> Iterable[Statement]:
    if number.value:
        yield Statement(name, (number,), cites=_key_citations(keys[:_CITED]), whole=len(keys) <= _CITED)


def _known(excerpts: Iterable[Excerpt], tables: Tables) -> list[str]:
    """Return the keys that the excerpts cite and that are sources of the review."""
    known = {row.source.key for row in tables.sources.rows}
    return [key for key in dict.fromkeys(key for one in excerpts for key in one.keys) if key in known]


# What was counted -------------------------------------------------------------------------------------------------------


def _counted(tables: Tables) -> Iterable[Statement]:
    n = tables.frequency.n
    if not n.excerpts:
        return
    numbers = [_n(n, "sources"), _n(n, "excerpts")]
    collected = Number("collected", n.collected or n.sources_in_review, "frequency", "n", "collected")
    yield Statement("counted", (*numbers, collected))
    rows = tables.frequency.rows
    if any(row.excerpts_with_children != row.excerpts for row in rows):
        yield Statement("with-sub-themes")
    if sum(row.excerpts_with_children for row in rows) > n.excerpts:
        yield Statement("above-100")
