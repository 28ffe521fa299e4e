"""Adding: what is written says what was given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.deeds import collecting
from libreview.disk.settings import ReviewSettings
from libreview.model import Create
from libreview.review import Review
from libreview.texts.formats import bibtex
from libreview.words.errors import ReviewError


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    with Review.create(tmp_path / "review", ReviewSettings()) as review:
        yield review


_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_TEXT, note=_TEXT)
def test_what_is_added_reads_as_it_was_given(review: Review, title: str, note: str) -> None:
    try:
        change, key = collecting.add(review, "book", {"title": f"T {title}", "note": note, "year": "2001"})
    except ReviewError:
        return  # refused in words; nothing is written
    (edit,) = change.edits
    assert isinstance(edit, Create)
    reading = bibtex.read(edit.content, edit.path)
    assert reading.problems == ()
    assert reading.sources[0].key == key
    assert reading.sources[0].title == " ".join(f"T {title}".split())


def test_people_and_bodies(review: Review) -> None:
    change, key = collecting.add(
        review, "Book", {"author": "Sukarno and {Kota & Desa} and van der Berg, A.", "title": "X", "Year": "1999"}
    )
    review.apply(change)
    people = review.source(key).authors
    assert [one.family or one.literal for one in people] == ["Sukarno", "Kota & Desa", "Berg"]
    assert key == "sukarno1999x"
