"""How far coders agree about the same excerpts, theme by theme and over all themes.

Each theme is a question that a coder answers for each unit: does it apply? A coder who gave a unit other themes, or said
that none applies (``#none``), answered no; a coder who gave it nothing did not code it, which is no answer at all. What is
compared are the units that at least two of the coders coded. Tags count as the theme that they are an alias of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from libreview.findings import agreement
from libreview.findings.summaries import names
from libreview.model import NONE, Codebook, Excerpt, Location, Theme
from libreview.texts.codebook import theme_id
from libreview.value import Value

__all__ = ["Agreement", "Disagreement", "Meetings", "ThemeAgreement", "Unit", "between", "coders_of", "meetings"]

Unit = Literal["excerpt", "source"]
_Given = Mapping[str, frozenset[str]]
"""The themes that each coder gave a unit; who did not code it is not in it."""
_Masks = Counter[tuple[int, int]]
"""How many units were coded by which coders, and given the theme by which: each a number with one bit per coder."""


class ThemeAgreement(Value, frozen=True):
    """How far coders agree whether a theme applies. ``theme`` is None for all themes together; None where undefined.

    ``units`` were coded by at least two coders; of all themes together each unit counts once per theme. ``given`` counts in how
    many of them each coder gave the theme. ``cohen`` is there for two coders only, ``fleiss`` is of the units that all coded.
    """

    theme: Theme | None
    known: bool
    units: int
    percent: float | None
    cohen: float | None
    fleiss: float | None
    alpha: float | None
    prevalence: float | None
    given: tuple[int, ...]


class Disagreement(Value, frozen=True):
    """A unit to which coders gave different themes: where it stands (a source: its first excerpt), and what each coder gave.

    ``themes`` are those in dispute; ``codings`` stand in the order of the coders, None for one who did not code it.
    """

    key: str
    id: str | None
    location: Location
    themes: tuple[str, ...]
    codings: tuple[tuple[str, ...] | None, ...]


class Agreement(Value, frozen=True):
    """Agreement between ``coders`` over the units that at least two of them coded.

    ``complete`` counts those that all of them coded, ``identical`` those to which all who coded them gave the same themes,
    ``once`` the units that only one coder coded, which are not counted otherwise.
    """

    unit: Unit
    coders: tuple[str, ...]
    units: int
    complete: int
    identical: int
    once: int
    pooled: ThemeAgreement
    rows: tuple[ThemeAgreement, ...]
    disagreements: tuple[Disagreement, ...]


class Meetings(Value, frozen=True):
    """Which coders coded the same excerpts: how many ``shared`` by two, and by ``all``; a pair that did, and one that did not."""

    shared: int
    all: int
    together: tuple[str, str] | None
    apart: tuple[str, str] | None


class _Coded(Value, frozen=True):
    """A unit and what was given to it."""

    key: str
    id: str | None
    location: Location
    given: _Given


def coders_of(excerpts: Iterable[Excerpt], codebook: Codebook, ignore: Collection[str] = ()) -> tuple[str, ...]:
    """Return who coded any of the excerpts, sorted; a coder without a name is an empty text."""
    ignored = _ignored(codebook, ignore)
    codings = (one for excerpt in excerpts for one in excerpt.codings)
    return tuple(sorted({one.coder for one in codings if not ignored.issuperset(one.themes)}))


def _ignored(codebook: Codebook, tags: Iterable[str]) -> frozenset[str]:
    """Return the tags of other programs that are no themes here."""
    return frozenset(theme_id(tag.lstrip("#")) for tag in tags) - names(codebook).keys()


def between(
    coders: Sequence[str],
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    unit: Unit = "excerpt",
    sources: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Agreement:
    """Return how far ``coders`` agree about ``excerpts``, or about ``sources`` (keys) by their excerpts.

    A source has the themes that a coder gave to any of its excerpts; of these only the ones count that all coders coded, so
    that nobody is blamed for excerpts not seen. Themes that none of them gave are left out.
    """
    coded = _coded(coders, excerpts, names(codebook), _ignored(codebook, ignore))
    if unit == "source":
        coded = _by_source([one for one in coded if len(one.given) == len(coders)], excerpts, sources)
    paired = [one for one in coded if len(one.given) > 1]
    masks = _masks(coders, paired)
    pooled: _Masks = Counter()
    for one_theme in masks.values():
        pooled.update(one_theme)
    rows = [_row(theme, known, masks[theme.id], len(coders)) for theme, known in _themes(masks, codebook)]
    disputes = [dispute for one in paired if (dispute := _dispute(coders, one))]
    return Agreement(
        unit,
        tuple(coders),
        len(paired),
        sum(len(one.given) == len(coders) for one in paired),
        len(paired) - len(disputes),
        len(coded) - len(paired),
        _row(None, True, pooled, len(coders)),
        tuple(rows),
        tuple(disputes),
    )


def meetings(
    coders: Sequence[str], excerpts: Iterable[Excerpt], codebook: Codebook, ignore: Collection[str] = ()
) -> Meetings:
    """Return which of ``coders`` coded excerpts in common."""
    bits = {coder: 1 << at for at, coder in enumerate(coders)}
    met = dict(bits)
    shared = whole = 0
    for one in _coded(coders, excerpts, names(codebook), _ignored(codebook, ignore)):
        mask = _mask(bits, one.given)
        shared += len(one.given) > 1
        whole += len(one.given) == len(coders)
        for coder in one.given:
            met[coder] |= mask
    everyone = (1 << len(coders)) - 1
    return Meetings(
        shared,
        whole,
        next((_pair(coders, coder, mask & ~bits[coder]) for coder, mask in met.items() if mask & ~bits[coder]), None),
        next((_pair(coders, coder, everyone & ~mask) for coder, mask in met.items() if mask != everyone), None),
    )


def _pair(coders: Sequence[str], coder: str, others: int) -> tuple[str, str]:
    """Return ``coder`` and the first of ``others``, a number with one bit per coder."""
    return coder, coders[(others & -others).bit_length() - 1]


def _coded(
    coders: Sequence[str], excerpts: Iterable[Excerpt], names: Mapping[str, str], ignored: Collection[str]
) -> list[_Coded]:
    """Return the excerpts that any of the coders coded. Of two with the same id the first counts: codings cannot tell them apart."""
    wanted = frozenset(coders)
    found: list[_Coded] = []
    ids: set[str] = set()
    for excerpt in excerpts:
        given: dict[str, frozenset[str]] = {}
        for coding in excerpt.codings:
            tags = [tag for tag in coding.themes if tag not in ignored]
            if tags and coding.coder in wanted:
                themes = frozenset([names.get(tag, tag) for tag in tags if tag != NONE])
                given[coding.coder] = given.get(coding.coder, frozenset()) | themes
        if given and excerpt.id not in ids:
            ids |= {excerpt.id} if excerpt.id else set()
            found.append(_Coded(excerpt.keys[0] if excerpt.citations else "", excerpt.id, excerpt.location, given))
    return found


def _by_source(coded: Sequence[_Coded], excerpts: Iterable[Excerpt], sources: Collection[str]) -> list[_Coded]:
    """Return the sources that the excerpts cite, each with all themes that a coder gave to an excerpt of it."""
    keys = {one.location: one.keys for one in excerpts}
    found: dict[str, tuple[Location, dict[str, frozenset[str]]]] = {}
    for one in coded:
        for key in keys[one.location]:
            if key in sources:
                given = found.setdefault(key, (one.location, {}))[1]
                for coder, themes in one.given.items():
                    given[coder] = given.get(coder, frozenset()) | themes
    return [_Coded(key, None, place, given) for key, (place, given) in sorted(found.items())]


def _themes(given: Collection[str], codebook: Codebook) -> list[tuple[Theme, bool]]:
    """Return the themes that were given, in the order of the codebook's tree, then the tags that are not in it."""
    known = [(theme, True) for theme, _ in codebook.tree() if theme.id in given]
    return known + [(Theme(tag), False) for tag in sorted(set(given) - codebook.themes.keys())]


def _mask(bits: Mapping[str, int], some: Iterable[str]) -> int:
    return sum(map(bits.__getitem__, some))


def _masks(coders: Sequence[str], coded: Iterable[_Coded]) -> dict[str, _Masks]:
    """Return of each theme who coded and who gave it; the units to which nobody gave it are what is left of all."""
    bits = {coder: 1 << at for at, coder in enumerate(coders)}
    seen: Counter[int] = Counter()
    found: dict[str, _Masks] = {}
    for one in coded:
        there = _mask(bits, one.given)
        seen[there] += 1
        gave: dict[str, int] = {}
        for coder, themes in one.given.items():
            for theme in themes:
                gave[theme] = gave.get(theme, 0) | bits[coder]
        for theme, mask in gave.items():
            found.setdefault(theme, Counter())[there, mask] += 1
    for masks in found.values():
        rest = Counter(seen)
        for (there, _), times in masks.items():
            rest[there] -= times
        masks.update({(there, 0): times for there, times in rest.items() if times})
    return found


def _row(theme: Theme | None, known: bool, masks: _Masks, coders: int) -> ThemeAgreement:
    tally: Counter[tuple[int, ...]] = Counter()
    for (there, gave), times in masks.items():
        tally[gave.bit_count(), there.bit_count() - gave.bit_count()] += times
    cohen = None
    if coders == 2:
        table = [[masks[0b11, 0b11], masks[0b11, 0b01]], [masks[0b11, 0b10], masks[0b11, 0b00]]]
        cohen = agreement.cohen_kappa(table)
    complete = {counts: times for counts, times in tally.items() if sum(counts) == coders}
    return ThemeAgreement(
        theme,
        known,
        sum(masks.values()),
        agreement.percent_agreement(tally),
        cohen,
        agreement.fleiss_kappa(complete),
        agreement.krippendorff_alpha(tally),
        agreement.prevalence(tally, 0),
        tuple(sum(times for (_, gave), times in masks.items() if gave >> at & 1) for at in range(coders)),
    )


def _dispute(coders: Sequence[str], one: _Coded) -> Disagreement | None:
    """Return what coders disagree about in a unit; None if all gave the same."""
    several = list(one.given.values())
    apart = frozenset().union(*several) - several[0].intersection(*several)
    if not apart:
        return None
    codings = tuple(tuple(sorted(one.given[coder])) if coder in one.given else None for coder in coders)
    return Disagreement(one.key, one.id, one.location, tuple(sorted(apart)), codings)
