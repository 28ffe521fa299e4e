"""How wide columns are on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.pages.render.columns import SIZES, fitted, shares
from libreview.words.blocks import Cell, Column, Table, text

LONG = "a definition of a theme, " * 20


@pytest.mark.parametrize(
    ("heads", "rows", "expected"),
    [
        ((), (), []),
        (("n",), ((1,),), [0.032]),  # a letter, bold, and the room around it
        (("a" * 10, "b" * 10), ((1, 2),), [0.14, 0.14]),
        (("Theme", "n"), ((LONG, 3),), [0.968, 0.032]),
        (("a" * 100, "b" * 100), (), [0.308, 0.308]),
    ],
)
def test_shares(heads: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], expected: list[float]) -> None:
    assert shares(Table(tuple(map(Column, heads)), rows), 100) == expected


def test_each_column_has_room_for_its_longest_word() -> None:
    rows = ((text(LONG), "internationalisation", LONG),)
    theme, word, other = shares(Table((Column("t"), Column("w"), Column("o")), rows), 66)
    assert word * 66 >= len("internationalisation")
    assert theme == other


@given(
    st.lists(st.lists(st.text(max_size=60) | st.integers(), min_size=3, max_size=3), max_size=4), st.integers(20, 120)
)
def test_columns_never_go_beyond_the_page(rows: list[list[str | int]], room: int) -> None:
    table = Table((Column("a"), Column("b"), Column("c")), tuple(map(tuple, rows)))
    found = shares(table, room)
    assert all(one > 0 for one in found)
    assert sum(found) <= 1.001


@pytest.mark.parametrize(("columns", "size"), [(3, 12), (5, 12), (6, 10), (7, 8), (30, 7)])
def test_letters_are_smaller_where_words_would_break(columns: int, size: int) -> None:
    table = Table(tuple(Column("a word") for _ in range(columns)), (("governance",) * columns,))
    found, widths = fitted(table, 66)
    assert found == size
    assert found in SIZES
    assert sum(widths) <= 1.001
    if found > SIZES[-1]:
        assert all(width * 66 >= len("governance") * size / SIZES[0] for width in widths)
