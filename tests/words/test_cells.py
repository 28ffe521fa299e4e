"""Text that never becomes a formula, and is the same text again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.words.cells import is_formula, restored


@pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@sum", "\t=1", " =1", "'=1", "＝1", "- item", "\r"])
def test_a_formula_is_seen(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", ["", "a=1", "-0.5", "it's", "'quoted'", "1-2"])
def test_other_text_is_none(text: str) -> None:
    assert not is_formula(text)
    assert restored(text) == text


@given(st.text("'=+-@ \t\n1a.", max_size=8))
def test_text_comes_back(text: str) -> None:
    assert restored(f"'{text}" if is_formula(text) else text) == text
