"""Unified differences and what they come to."""

from __future__ import annotations

import re

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
    assert files == (old != new)
    assert added - removed == new.count(b"\n") - old.count(b"\n")


def test_a_new_empty_file_is_named() -> None:
    assert unified({"notes/codebook.toml": (None, b"")}) == "--- /dev/null\n+++ notes/codebook.toml\n"


def patched(old: bytes, diff: str) -> bytes:
    """Return what ``diff``, which has one file, makes of ``old``: `patch` in small."""
    lines = old.decode().split("\n")
    whole = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    made: list[str] = []
    at, sign = 0, " "
    for line in diff.split("\n")[2:-1]:
        found = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@", line)
        if found:
            start = int(found[1]) - (0 if found[2] == "0" else 1)
            made += whole[at:start]
            at = start
        elif line.startswith("\\"):
            if sign != "-":
                made[-1] = made[-1].removesuffix("\n")
        else:
            sign, text = line[:1], f"{line[1:]}\n"
            if sign in " -":
                assert whole[at].rstrip("\n") == line[1:]
                at += 1
            if sign in " +":
                made.append(text)
    made += whole[at:]
    return "".join(made).encode()


TEXT = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d"]), max_size=14).map("".join)


@given(TEXT, TEXT, st.booleans())
def test_a_difference_makes_the_new_text_of_the_old(old: str, new: str, long: bool) -> None:
    filling = "".join(f"line {number}\n" for number in range(700)) if long else ""  # cut at lines that are there once
    before, after = (old + filling + new).encode(), (new + filling + old).encode()
    if before != after:
        assert patched(before, unified({"x": (before, after)})) == after


def test_many_changes_in_a_long_text_take_no_time_that_grows_with_its_square() -> None:
    lines = [f"> The same words. [@key{number % 7}, p. {number}]\n\n" for number in range(20_000)]
    old = "".join(lines).encode()
    new = old.replace(b"@key3", b"@other")
    files, added, removed = counts(unified({"x": (old, new)}))
    assert (files, added, removed) == (1, old.count(b"@key3"), old.count(b"@key3"))
