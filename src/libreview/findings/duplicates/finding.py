"""All records at once: which pairs are looked at, and which groups are proposed."""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Sequence

from libreview.findings.duplicates import grouping, judging
from libreview.findings.duplicates.features import Features, features
from libreview.findings.duplicates.judging import Verdict, judge
from libreview.findings.duplicates.titles import is_generic
from libreview.findings.nearness import Record, near
from libreview.texts import pairing
from libreview.value import Value

__all__ = ["BUDGET", "WIDE", "Found", "Group", "Reason", "find", "find_among"]

WIDE = 50_000
"""Up to so many records the keys are wide; above, letters of the author are added to those of the title."""
BUDGET = 8
"""Pairs looked at for each record, at most."""
_LEAST = 0.6
"""Titles less alike than this are no reason to look closer."""


class Reason(Value, frozen=True):
    """Something that two records have in common or not: a code of `judging.POINTS`, and how much, where that is said."""

    code: str
    amount: float = 0.0


class Group(Value, frozen=True):
    """Records proposed as one publication. ``band`` is ``auto``, or ``review`` where a person has to look.

    ``score`` (0 to 1) and the reasons are those of the weakest pair that holds the group together; ``against`` says what
    speaks against it.
    """

    keys: tuple[str, ...]
    band: str
    score: float
    reasons: tuple[Reason, ...]
    against: tuple[str, ...] = ()


class Found(Value, frozen=True):
    """What is proposed among ``records`` records, the surest first; ``pairs`` were looked at."""

    groups: tuple[Group, ...]
    records: int
    pairs: int


# Keys -----------------------------------------------------------------------------------------------------------------


def _order(all_of: Sequence[Features], keys: Sequence[str]) -> list[int]:
    """Return the order that the records have by what they hold, so that nothing hangs on the order of the input."""

    def place(at: int) -> tuple[object, ...]:
        one = all_of[at]
        return (one.title, one.year, one.volume, one.start, one.number, one.end, one.first, one.journal, one.doi,
                keys[at])  # fmt: skip

    return sorted(range(len(all_of)), key=place)


class _Keys:
    """The kinds of keys by which records are brought together: of each a hash for every record, 0 for none."""

    def __init__(self, tight: bool) -> None:
        self._tight = tight
        self._kinds = tuple(array("q") for _ in _KINDS)

    def take(self, one: Features) -> None:
        bare = one.title.replace(" ", "")
        who = one.first[0][:4] if one.first else ""
        extra = who[:2] if self._tight else ""
        words = sorted(sorted(set(one.title.split())), key=len, reverse=True)[:4]
        start, volume, year = one.start, one.volume, one.year
        keys = (
            one.doi,
            f"b{extra}{bare[:22]}" if len(bare) > 3 else "",
            f"v{who}{volume}:{start}" if who and volume and start else "",
            f"e{extra}{bare[-20:]}" if len(bare) > 20 else "",
            f"w{extra}{' '.join(words)}" if len(words) == 4 else "",
            f"x{one.abstract[:40]}" if one.abstract else "",
            f"a{who}{year}:{start}" if who and year and start else "",
            f"y{year}:{volume}:{start}" if year and volume and start else "",
        )
        for kind, key in zip(self._kinds, keys, strict=True):
            kind.append(hash(key))  # 0 for an empty text

    def pairs(self) -> pairing.Blocks:
        """Return the pairs, the kinds that say most first: the budget may end before the last."""
        blocks = pairing.Blocks(len(self._kinds[0]), BUDGET)
        for keys, (most, window, telling) in zip(self._kinds, _KINDS, strict=True):
            blocks.add(keys, most, window, telling)
        return blocks


_KINDS = (
    (12, 3, True),  # DOI
    (24, 5, False),  # how the title begins
    (12, 3, True),  # author, volume, first page
    (16, 4, False),  # how the title ends
    (12, 4, False),  # its four longest words
    (12, 3, True),  # how the abstract begins
    (12, 3, True),  # author, year, first page
    (12, 3, False),  # year, volume, first page
)
"""For each kind of key: the largest block that is paired whole, the neighbours in a larger one, whether it tells much."""


# What can only be seen in all records ---------------------------------------------------------------------------------


def _repeated(said: Iterable[tuple[str, str]], most: int) -> frozenset[str]:
    """Return what stands with more than ``most`` different things."""
    first: dict[str, str] = {}
    more: dict[str, set[str]] = {}  # few need a set of their own
    for what, beside in said:
        known = first.setdefault(what, beside)
        if known != beside:
            more.setdefault(what, {known}).add(beside)
    return frozenset(what for what, several in more.items() if len(several) > most)


def _place(one: Features) -> str:
    return f"{one.year}:{one.volume}:{one.start}"


def _places(placed: Sequence[Features], *, short: bool) -> frozenset[str]:
    """Return the titles that stand in many places: more than two, for one that is not ``short`` more than four."""
    of = (one for one in placed if (len(one.title) < _LONG) == short)
    return _repeated(((one.title, f"{one.volume}:{one.start or one.number}") for one in of), 2 if short else 4)


class _Context:
    """Titles of many publications, DOIs given to different titles, pages on which many things stand."""

    def __init__(self, all_of: Sequence[Features]) -> None:
        placed = [one for one in all_of if one.title and one.volume and (one.start or one.number)]
        self.often = _places(placed, short=True) | _places(placed, short=False)
        self.shared = _repeated(((one.doi, one.title[:12]) for one in all_of if one.doi and one.title), 2)
        self.crowded = _repeated(((_place(one), one.title[:12]) for one in all_of if one.volume and one.start), 2)

    def judge(self, one: Features, other: Features, likeness: float) -> Verdict:
        often = one.title in self.often or other.title in self.often or is_generic(one.title)
        crowded = _place(one) in self.crowded
        return judge(one, other, likeness, often=often, shared=one.doi in self.shared, crowded=crowded)


_LONG = 30


# Groups ---------------------------------------------------------------------------------------------------------------


class _Judged:
    """The verdicts on all pairs that were looked at; others are judged when they are asked for."""

    def __init__(self, all_of: Sequence[Features], keys: Sequence[str], different: Collection[frozenset[str]]) -> None:
        self._all = all_of
        self._keys = keys
        self._different = different
        self._context = _Context(all_of)
        self.verdicts: dict[tuple[int, int], Verdict] = {}

    def look(self, one: int, other: int, likeness: float) -> None:
        verdict = self._context.judge(self._all[one], self._all[other], likeness)
        if (verdict.points >= judging.REVIEW or verdict.alike) and not self._told(one, other):
            self.verdicts[one, other] = verdict

    def of(self, one: int, other: int) -> Verdict:
        pair = (one, other) if one < other else (other, one)
        found = self.verdicts.get(pair)
        if found is None:
            a, b = self._all[pair[0]], self._all[pair[1]]
            found = self._context.judge(a, b, pairing.likeness(a.title, b.title))
        return found

    def ranked(self) -> list[tuple[int, int]]:
        """Return the pairs, those for which most speaks first."""
        return sorted(self.verdicts, key=lambda pair: (-self.verdicts[pair].points, pair))

    def is_sure(self, pair: tuple[int, int]) -> bool:
        verdict = self.verdicts[pair]
        return verdict.points >= judging.AUTO and not verdict.against

    def apart(self, one: int, other: int) -> bool:
        """Return whether two records may not be in one group that is sure."""
        verdict = self.of(one, other)
        return verdict.points < judging.REVIEW or not judging.HARD.isdisjoint(verdict.against) or self._told(one, other)

    def far(self, one: int, other: int) -> bool:
        """Return whether two records need not be in one group that a person looks at."""
        return self.of(one, other).points < 0 or self._told(one, other)

    def _told(self, one: int, other: int) -> bool:
        """Return whether a person said that the two are different."""
        return bool(self._different) and frozenset((self._keys[one], self._keys[other])) in self._different


def _score(points: float) -> float:
    """Return the points as a number between 0 and 1; half where a person begins to be asked."""
    return round(1 / (1 + math.exp(-0.75 * (points - judging.REVIEW))), 3)


def _reasons(verdict: Verdict) -> tuple[Reason, ...]:
    amounts = {"title": round(verdict.likeness, 2), "year": float(verdict.years)}
    return tuple(Reason(code, amounts.get(code.partition(" ")[0], 0.0)) for code in verdict.reasons)


def find_among(new: Sequence[Record], known: Sequence[Record], asked: Collection[frozenset[str]] = ()) -> Found:
    """Return which of ``new`` may be one publication with one of ``known`` or with each other; as `find` otherwise."""
    some, few = near(new, known)
    return find([*some, *few], asked, frozenset(record.key for record in some))


def find(records: Iterable[Record], asked: Collection[frozenset[str]] = (), of: Collection[str] | None = None) -> Found:
    """Return which of ``records`` may be one publication.

    ``asked`` has pairs of keys of which a person said that they are not; ``of``, if given, the keys of which at least one
    is in every group. Of the records no more is kept than what is compared, so that they may come one by one.
    """
    all_of, keys = _ordered(records)
    kinds = _Keys(tight=len(keys) > WIDE)
    for one in all_of:
        kinds.take(one)
    left, right, telling = kinds.pairs().pairs()
    del kinds
    judged = _Judged(all_of, keys, asked)
    for pair in zip(*pairing.alike(left, right, telling, [one.title for one in all_of], _LEAST), strict=True):
        judged.look(*pair)
    ranked = judged.ranked()
    auto = grouping.joined((pair for pair in ranked if judged.is_sure(pair)), judged.apart)
    review = grouping.joined(ranked, judged.far, [members for members, _ in auto])
    groups = []
    for band, made in (("auto", auto), ("review", review)):
        for members, weakest in made:
            verdict = judged.of(*weakest)
            names = tuple(sorted(keys[at] for at in members))
            if of is None or not set(names).isdisjoint(of):
                groups.append(Group(names, band, _score(verdict.points), _reasons(verdict), verdict.against))
    groups.sort(key=lambda group: (group.band, -group.score, group.keys))
    return Found(tuple(groups), len(keys), len(left))


def _ordered(records: Iterable[Record]) -> tuple[list[Features], list[str]]:
    """Return what of the records is compared, and their keys, in the order of what they hold."""
    keys: list[str] = []
    all_of: list[Features] = []
    for record in records:
        keys.append(record.key)
        all_of.append(features(record))
    order = _order(all_of, keys)
    return [all_of[at] for at in order], [keys[at] for at in order]
