"""Edits of bytes that changed meanwhile move with what they belong to."""

from __future__ import annotations

import pytest

from libreview.disk.journal import splicing
from libreview.model import Edit
from libreview.words.errors import Refused


@pytest.mark.parametrize("length", range(40))
def test_an_edit_in_a_line_that_is_the_same_is_found_however_long_that_is(length: int) -> None:
    line = b"a" * length + b"\n"
    first, last = Edit("x", 0, 0, b"", b"!"), Edit("x", length + 2, length + 2, b"", b"!")
    for rest in (b"", b"b" * 7, b"b" * 30):
        assert splicing.moved("x", [first], line + b"Z" + rest, line + b"Q" + rest) == [first]
    moved = Edit("x", length + 3, length + 3, b"", b"!")
    assert splicing.moved("x", [last], b"Z\n" + line[:-1], b"QQ\n" + line[:-1]) == [moved]


def test_edits_of_the_same_bytes_stay() -> None:
    edits = [Edit("x", 1, 2, b"b", b"")]
    assert splicing.moved("x", edits, b"abc", b"abc") is edits


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("x", 2, 1, b"", b"!")],
        [Edit("x", 4, 4, b"", b"!")],
        [Edit("x", 0, 2, b"ab", b""), Edit("x", 1, 1, b"", b"!")],
        [Edit("x", 0, 1, b"x", b"!")],
    ],
)
def test_what_does_not_fit_is_refused(edits: list[Edit]) -> None:
    with pytest.raises(Refused, match="x changed on disk"):
        splicing.spliced("x", b"abc", edits)


def test_edits_that_touch_are_done_in_the_order_of_the_file() -> None:
    edits = [Edit("x", 3, 3, b"", b"!"), Edit("x", 1, 3, b"bc", b"BC"), Edit("x", 1, 1, b"", b"-")]
    assert splicing.spliced("x", b"abc", edits) == b"a-BC!"
