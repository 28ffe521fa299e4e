"""Pairs of things that have a key in common, and how alike their texts are."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import pairing

Keys = list[str]


def paired(keys: list[Keys], budget: int = 8, most: int = 12, window: int = 3) -> set[tuple[int, int]]:
    blocks = pairing.Blocks(len(keys[0]), budget)
    for kind in keys:
        blocks.add(pairing.keyed(kind), most, window)
    left, right, _ = blocks.pairs()
    found = list(zip(left.tolist(), right.tolist(), strict=True))
    assert len(found) == len(set(found))
    return set(found)


def test_blocks_give_each_pair_once() -> None:
    from_keys = pairing.Blocks(4, 8)
    from_keys.add(pairing.keyed(["x", "x", "", "y"]), 12, 3)
    from_keys.add(pairing.keyed(["z", "z", "z", ""]), 12, 3, telling=True)
    left, right, telling = from_keys.pairs()
    assert list(zip(left.tolist(), right.tolist(), telling.tolist(), strict=True)) == [
        (0, 1, True), (0, 2, True), (1, 2, True),
    ]  # fmt: skip
    assert pairing.alike(left, right, telling, ["abc", "abc", "xyz"], 0.6) == ([0, 0, 1], [1, 2, 2], [1.0, 0.0, 0.0])
    assert pairing.likeness("abc", "abc") == 1.0


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=11))
def test_a_small_block_is_paired_whole(keys: Keys) -> None:
    same = {(a, b) for a, b in combinations(range(len(keys)), 2) if keys[a] and keys[a] == keys[b]}
    assert paired([keys]) == same
    assert paired([keys, keys]) == same


def test_in_a_large_block_each_has_its_neighbours() -> None:
    found = paired([["x"] * 40])
    assert all(0 < b - a <= 3 for a, b in found)
    assert {a for a, _ in found} | {b for _, b in found} == set(range(40))


def test_there_are_never_more_pairs_than_the_budget() -> None:
    assert len(paired([["x"] * 10], budget=2)) <= 20
    assert paired([["x"] * 10], budget=0) == set()
    assert paired([[]]) == set()
