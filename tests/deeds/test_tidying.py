from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.deeds.tidying import tidy

CASES = [
    ("one line", "one line"),
    ("two\nlines ", "two lines"),
    ("first\r\nparagraph\r\n\r\n\r\nsecond", "first paragraph\n\nsecond"),
    ("kebi-\njakan luar", "kebijakan luar"),
    ("kebi\u00ad\njakan", "kebijakan"),
    ("kebi\u2010\njakan", "kebijakan"),
    ("undang-\nundangan", "undang-undangan"),
    ("Bandung-\nBraunschweig", "Bandung-Braunschweig"),
    ("1960-\n1970", "1960-1970"),
    ("Vor-\nund Nachteile", "Vor- und Nachteile"),
    ("a sister-city is; the sister-\ncity was", "a sister-city is; the sister-city was"),
    ("dash -\nthen", "dash - then"),
    ("e\ufb03cient o\ufb00er", "efficient offer"),
    ("soft\u00adhyphen", "softhyphen"),
    ("nul\x00 and\x1b[31m escape", "nul and[31m escape"),
    ("page\fbreak", "page break"),
]


@pytest.mark.parametrize(("pasted", "expected"), CASES)
def test_pasted_text_becomes_paragraphs(pasted: str, expected: str) -> None:
    assert tidy(pasted).text == expected


def test_joints_are_counted() -> None:
    found = tidy("kebi-\njakan luar\nnegeri")
    assert (found.lines, found.hyphens) == (2, 1)


@given(st.text(alphabet="ab-\n \u00ad\r\x0c.1Z"))
def test_tidy_text_stays_as_it_is(text: str) -> None:
    once = tidy(text).text
    assert tidy(once).text == once


@given(st.text().filter(lambda text: not any("\ufb00" <= char <= "\ufb06" for char in text)))
def test_no_letter_goes(text: str) -> None:
    def letters(of: str) -> list[str]:
        return [char for char in of if char.isalnum()]

    assert letters(tidy(text).text) == letters(text)
