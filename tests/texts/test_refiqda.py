"""REFI-QDA as text: labelled lines and identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts.refiqda.labels import Line, read_lines, write_lines
from libreview.texts.refiqda.project import Project, Selection, TextSource, clean, guid, namespace
from libreview.texts.refiqda.writing import write_codebook, write_text

NAMES = ("Definition", "Include", "Exclude", "Example", "Id")
WORDS = st.text(alphabet="ab: \n\\()#", min_size=1) | st.lists(
    st.sampled_from(["Include: x", "\\Include: x", "\\\\Id:", "Label (en): y", "", "Id:", "word"]), min_size=1
).map("\n".join)


def test_labelled_lines_are_plain_to_read() -> None:
    lines = [
        Line("Definition", "What firms gain.\nInclude: is a word here."),
        Line("Label", "Trade", "en"),
        Line("Alias", ""),
    ]
    text = "Definition: What firms gain.\n\\Include: is a word here.\nLabel (en): Trade"
    assert write_lines(lines) == text
    assert read_lines("Seen first.\n" + text) == ("Seen first.", tuple(lines[:2]))


@given(st.lists(st.builds(Line, st.sampled_from(NAMES), WORDS, st.sampled_from(["", "en"]))))
def test_labelled_lines_are_read_back(lines: list[Line]) -> None:
    kept = tuple(line for line in lines if line.text)
    assert read_lines(write_lines(lines)) == ("", kept)


@given(st.text())
def test_cleaning_keeps_every_place(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once) == len(text.replace("\r\n", "\n"))
    once.encode()


def test_identifiers_hang_on_the_key_and_the_review() -> None:
    one = guid(namespace("Two towns"), "theme", "trade")
    assert one == guid(namespace("Two towns"), "theme", "trade") == "48bf0dc8-28aa-5aa4-85d5-a6913aa05713"
    assert one not in (guid(namespace("Other"), "theme", "trade"), guid(namespace("Two towns"), "coder", "trade"))


def test_a_passage_that_is_not_what_its_place_holds_is_never_written() -> None:
    source = TextSource("g", "x", "\U0001f600 e\u0301!", selections=(Selection("s", "", 2, 4, "e\u0301"),))
    assert write_text(source).decode() == source.text
    with pytest.raises(ValueError, match="another"):
        write_text(TextSource("g", "x", "abc", selections=(Selection("s", "", 0, 1, "b"),)))


def test_a_codebook_needs_a_code() -> None:
    with pytest.raises(ValueError, match="without codes"):
        write_codebook(Project())
