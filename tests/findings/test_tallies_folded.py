"""A codebook cut at a depth: what lies deeper is another name of the theme above it."""

from __future__ import annotations

import pytest

from libreview.findings.tallies import folded, names
from libreview.model import Codebook, Theme

THEMES = (
    Theme("a", aliases=("b1", "first")),
    Theme("a1", parent="a", aliases=("old",)),
    Theme("a1x", parent="a1"),
    Theme("b"),
    Theme("b1", parent="b"),
    Theme("lost", parent="nowhere"),
    Theme("round", parent="about"),
    Theme("about", parent="round"),
)
BOOK = Codebook({theme.id: theme for theme in THEMES}, "notes/codebook.toml")


@pytest.mark.parametrize(
    ("depth", "kept", "means"),
    [
        (
            1,
            ["a", "b", "lost", "round"],
            {"a1x": "a", "a1": "a", "old": "a", "b1": "b", "first": "a", "about": "round"},
        ),
        (2, ["a", "a1", "b", "b1", "lost", "round", "about"], {"a1x": "a1", "old": "a1", "b1": "b1"}),
    ],
)
def test_folded(depth: int, kept: list[str], means: dict[str, str]) -> None:
    made = folded(BOOK, depth)
    assert list(made.themes) == kept
    assert {tag: names(made)[tag] for tag in means} == means
    assert made.path == BOOK.path


def test_no_depth_and_more_than_there_is() -> None:
    assert folded(BOOK, 0) is BOOK
    assert names(folded(BOOK, 9)) == names(BOOK)
