"""Did-you-means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import likeness

THEMES = ["sister-city-concept", "city-similarity", "sme-promotion", "sme-empowerment", "culture", "education"]


@pytest.mark.parametrize(
    ("word", "best"),
    [
        ("sme-promotoin", "sme-promotion"),
        ("SME_Promotion", "sme-promotion"),
        ("cultur", "culture"),
        ("kultur", "culture"),
        ("empower", "sme-empowerment"),
        ("edu", "education"),
        ("sister-city", "sister-city-concept"),
    ],
)
def test_the_name_that_was_meant_comes_first(word: str, best: str) -> None:
    assert likeness.near(word, THEMES)[0] == best


@pytest.mark.parametrize("word", ["", "zzzz", "xylophon", "-"])
def test_nothing_is_offered_for_what_is_like_nothing(word: str) -> None:
    assert likeness.near(word, THEMES) == ()


def test_accents_do_not_matter() -> None:
    assert likeness.near("mudigkeit", ["müdigkeit", "mut"]) == ("müdigkeit",)


@given(st.lists(st.text(max_size=12), max_size=20), st.text(max_size=12), st.integers(0, 4))
def test_only_names_are_offered_and_few(names: list[str], word: str, limit: int) -> None:
    found = likeness.near(word, names, limit)
    assert len(found) <= limit
    assert set(found) <= set(names)
    assert len(set(found)) == len(found)


def test_one_of_ten_thousand_keys_is_found() -> None:
    keys = [f"author{number}title{number * 7}" for number in range(10_000)]
    assert likeness.near("author777titel5439", keys)[0] == "author777title5439"
