"""Unified differences and what they come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts.differences import counts, unified


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({}, (0, 0, 0)),
        ({"a": (b"one\n", b"two\n")}, (1, 1, 1)),
        ({"a": (b"-- x\n", b"++ y\n"), "b": (None, b"1\n2")}, (2, 3, 1)),
        ({"a": (b"1\n" * 30, b"0\n" + b"1\n" * 30 + b"2\n")}, (1, 2, 0)),
        ({"a": (b"x", None)}, (1, 0, 1)),
        ({"a": (None, b""), "b": (b"", None)}, (2, 0, 0)),
    ],
)
def test_counts(pairs: dict[str, tuple[bytes | None, bytes | None]], expected: tuple[int, int, int]) -> None:
    assert counts(unified(pairs)) == expected


LINES = st.lists(
    st.sampled_from([b"a\n", b"--- a\n", b"+++ b\n", b"@@ -1,3 +1,3 @@\n", b"\\ x\n", b" \n", b"\n"]), max_size=12
)


@given(LINES.map(b"".join), LINES.map(b"".join))
def test_lines_of_a_file_are_never_taken_for_headers(old: bytes, new: bytes) -> None:
    files, added, removed = counts(unified({"x": (old, new)}))
    assert files == (old != new or not (old or new))
    assert added - removed == new.count(b"\n") - old.count(b"\n")


def test_a_new_empty_file_is_named() -> None:
    assert unified({"notes/codebook.toml": (None, b"")}) == "--- /dev/null\n+++ notes/codebook.toml\n"
