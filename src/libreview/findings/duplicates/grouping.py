"""Pairs become groups, and a group holds together only if no two of its records contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["joined"]

Pair = tuple[int, int]
_ASKED = 40
"""Of two groups with more pairs between them, so many are asked about."""


class _Grown:
    """A group while it grows, and the weakest of the pairs that made it."""

    __slots__ = ("members", "weakest")

    def __init__(self, members: list[int]) -> None:
        self.members = members
        self.weakest: Pair | None = None


def joined(
    pairs: Iterable[Pair], apart: Callable[[int, int], bool], groups: Iterable[tuple[int, ...]] = ()
) -> list[tuple[tuple[int, ...], Pair]]:
    """Return the groups that ``pairs`` make, the best pair given first, each with the weakest pair that holds it.

    Two groups become one if no record of the one is ``apart`` from a record of the other. ``groups`` are there already;
    those to which nothing comes are left out.
    """
    group_of: dict[int, _Grown] = {}
    for members in groups:
        group_of.update(dict.fromkeys(members, _Grown(list(members))))
    for one, other in pairs:
        mine = group_of.get(one) or group_of.setdefault(one, _Grown([one]))
        theirs = group_of.get(other) or group_of.setdefault(other, _Grown([other]))
        if mine is theirs:
            continue
        between = ((a, b) for a in mine.members for b in theirs.members if {a, b} != {one, other})
        if any(apart(a, b) for (a, b), _ in zip(between, range(_ASKED), strict=False)):
            continue
        small, large = sorted((mine, theirs), key=lambda group: len(group.members))
        large.members += small.members
        large.weakest = (one, other)
        group_of.update(dict.fromkeys(small.members, large))
    made = {id(group): group for group in group_of.values() if group.weakest is not None}
    return [(tuple(sorted(group.members)), group.weakest) for group in made.values() if group.weakest is not None]
