"""Conflict marks in any text; a line of equals signs alone is a heading's underline."""

from __future__ import annotations

import pytest

from libreview.texts import conflicts

WHOLE = b"<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (WHOLE, [1]),
        (b"\xef\xbb\xbf\n" + WHOLE + b"text\n" + WHOLE, [2, 8]),
        (WHOLE.replace(b"\n", b"\r\n"), [1]),
        (b"<<<<<<< HEAD\none\n||||||| base\nold\n=======\ntwo\n>>>>>>> branch\n", [1]),
        (b"A heading\n=======\n", []),
        (b"<<<<<<< HEAD\nonly begun\n", []),
        (b"<<<<<<< HEAD\none\n>>>>>>> branch\n", []),
        (b"=======\n>>>>>>> branch\n<<<<<<< HEAD\n", []),
        (b"<<<<<<< a\n" + WHOLE, [2]),
        (b" <<<<<<< a\n=======\n>>>>>>> b\n", []),
        (b"<<<<<<< a\n======= b\n>>>>>>> b\n", []),
        (b"<<<<<<< a\n" * 100_000, []),
        (b"", []),
    ],
)
def test_conflicts(data: bytes, lines: list[int]) -> None:
    found = conflicts.problems(data, "x")
    assert [one.location.line for one in found] == lines
    for one in found:
        assert data[one.location.start : one.location.end] == b"<<<<<<<"
        assert one.code == "conflict-marker"
