"""Which of many texts are worth comparing, and how alike they are: a whole list of pairs at once, in C.

numpy has its one door here; nothing but the finding of duplicates loads this room.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

__all__ = ["Blocks", "alike", "keyed", "likeness"]

_CHUNK = 1 << 16
"""Pairs compared at once: their texts and scores are all that is held."""

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Blocks:
    """The pairs of things that have a key in common, found by one sorting of hashed keys.

    Things are numbered in an order of their own, which decides who are neighbours in a block too large to be
    compared whole: whoever numbers them by what they hold gets the same pairs for every order of the input.
    """

    def __init__(self, count: int, budget: int) -> None:
        """Nothing yet; all kinds of keys together will give at most ``budget`` pairs for each of ``count`` things."""
        self._count = max(count, 1)
        self._most = budget * count
        self._pairs: Numbers = np.empty(0, dtype=np.int64)
        self._telling: Numbers = np.empty(0, dtype=np.int64)

    def add(self, keys: array[int], most: int, window: int, telling: bool = False) -> None:
        """Add the pairs that share one of ``keys``: the hash of a key for each thing, 0 where it has none.

        A block of up to ``most`` things is paired whole; in a larger one each is paired with ``window`` neighbours. When the
        budget comes to its end, nearer neighbours are taken first. A ``telling`` key says so much
        that its pairs are looked at whatever their texts are.
        """
        hashes = np.frombuffer(keys, dtype=np.int64)
        which = np.flatnonzero(hashes)
        things = which[np.argsort(hashes[which], kind="stable")]
        hashed = hashes[things]
        ends = np.searchsorted(hashed, hashed, side="right") - np.searchsorted(hashed, hashed, side="left")
        fresh: list[Numbers] = []
        taken: list[Numbers] = []
        for step in range(1, most):
            near = hashed[step:] == hashed[:-step]
            if step > window:
                near &= ends[step:] <= most
            at = np.flatnonzero(near)
            if not len(at):
                break
            found = things[at] * self._count + things[at + step]  # stable: the smaller number first
            if len(self._pairs) + sum(map(len, fresh)) + len(found) > self._most:  # it may be too much: count them
                self._pairs = np.unique(np.concatenate([self._pairs, *fresh]))
                fresh = []
                if len(np.union1d(self._pairs, found)) > self._most:
                    break
            fresh.append(found)
            taken.append(found)
        self._pairs = np.unique(np.concatenate([self._pairs, *fresh]))
        if telling:
            self._telling = np.unique(np.concatenate([self._telling, *taken]))

    def pairs(self) -> tuple[Numbers, Numbers, Flags]:
        """Return the pairs, each once, the smaller number first, and whether a telling key brought them together."""
        return self._pairs // self._count, self._pairs % self._count, np.isin(self._pairs, self._telling)


def alike(
    left: Numbers, right: Numbers, kept: Flags, texts: Sequence[str], least: float
) -> tuple[list[int], list[int], list[float]]:
    """Return those pairs whose texts are alike to at least ``least`` (of 1), and how much.

    A pair that is to be ``kept`` stays in any case, with 0 where the texts are less alike: one may be missing, or translated.
    """
    ones: list[int] = []
    others: list[int] = []
    scores: list[float] = []
    for start in range(0, len(left), _CHUNK):
        one, other = left[start : start + _CHUNK], right[start : start + _CHUNK]
        points = process.cpdist(
            [texts[at] for at in one.tolist()],
            [texts[at] for at in other.tolist()],
            scorer=fuzz.ratio,
            score_cutoff=100 * least,
            dtype=np.float32,
            workers=1,
        )
        stay = (points > 0) | kept[start : start + _CHUNK]
        ones += one[stay].tolist()
        others += other[stay].tolist()
        scores += (points[stay] / 100).tolist()
    return ones, others, scores


def keyed(keys: Iterable[str]) -> array[int]:
    """Return the hashes of ``keys`` for `Blocks.add`; an empty key has none."""
    return array("q", map(hash, keys))  # hash("") is 0


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1."""
    return fuzz.ratio(one, other) / 100
