from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.deeds.drafting import Draft, _File, reverse
from libreview.disk.journal import changing
from libreview.model import Change, Create, Delete, Edit
from libreview.review import Review
from libreview.words.errors import Refused


def _apply(data: bytes, edits: list[Edit]) -> bytes:
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.binary(max_size=6)), max_size=8),
)
def test_steps_become_edits_of_the_old_bytes(old: bytes, steps: list[tuple[int, int, bytes]]) -> None:
    file = _File(old, old)
    for one, two, new in steps:
        start, end = sorted((one % (len(file.new) + 1), two % (len(file.new) + 1)))
        file.put(Edit("f", start, end, file.new[start:end], new))
    edits = [edit for edit in file.edits("f") if isinstance(edit, Edit)]
    assert _apply(old, edits) == file.new
    assert all(first.end <= second.start for first, second in pairwise(edits))


@given(
    st.binary(min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.binary(max_size=6)), max_size=5),
)
def test_reverse_takes_edits_back(old: bytes, steps: list[tuple[int, int, bytes]]) -> None:
    file = _File(old, old)
    for one, two, new in steps:
        start, end = sorted((one % (len(file.new) + 1), two % (len(file.new) + 1)))
        file.put(Edit("f", start, end, file.new[start:end], new))
    back = reverse(Change(tuple(file.edits("f"))))
    assert _apply(file.new, [edit for edit in back.edits if isinstance(edit, Edit)]) == old


def test_reverse_of_making_and_removing() -> None:
    assert reverse(Change((Create("a", b"x"),), "make")).edits == (Delete("a", b"x"),)
    assert reverse(Change((Delete("a", b"x"),), "remove")).edits == (Create("a", b"x"),)


def test_a_draft_makes_and_edits_a_file_in_one_change(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        draft = Draft(review)
        draft.put(Create("notes/new.md", b"one\n"))
        draft.put(Edit("notes/new.md", 4, 4, b"", b"two\n"))
        change = draft.change("test")
        assert change.edits == (Create("notes/new.md", b"one\ntwo\n"),)
        assert changing.contents(review.root, change)["notes/new.md"] == (None, b"one\ntwo\n")
        with pytest.raises(Refused):
            draft.put(Create("notes/new.md", b""))
        with pytest.raises(Refused):
            draft.put(Edit("notes/new.md", 0, 3, b"two", b""))
