"""REF: exact key, then a beginning, then words; and what is said if nothing or too much is meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from libreview.deeds import naming
from libreview.model import Excerpt, Source
from libreview.review import Review
from libreview.words.errors import NotFound

_MORE = """@misc{wijaya2001b, author = {Wijaya, Tono}, title = {Städte am Fluss}, year = {2003}}
@misc{a81, author = {O'Neill-Katz, A.}, title = {Straße}, year = {1999}}
@misc{12, author = {Numeri}, title = {A number for a key}}
"""


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    (review_folder / "sources" / "more.bib").write_text(_MORE, encoding="utf-8")
    with Review.open(review_folder) as review:
        yield review


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        ("wijaya2001", "wijaya2001"),  # exact, though it begins another
        ("@wijaya2001", "wijaya2001"),
        ("hartono2018", "hartono2019"),  # a former key
        ("HARTONO", "hartono2019"),
        ("hart", "hartono2019"),
        ("wijaya2001B", "wijaya2001b"),
        ("stadte fluss", "wijaya2001b"),  # accents fold
        ("tono", "hartono2019"),  # not a beginning of a key; family names only, at the beginning of a word
        ("muller harb", "wijaya2001"),
        ("katz 1999", "a81"),
        ("strasse", "a81"),
        ("12", "12"),
    ],
)
def test_a_source(review: Review, ref: str, key: str) -> None:
    if ref == "tono":
        with pytest.raises(NotFound):
            naming.source(review, ref)
    else:
        assert naming.source(review, ref).key == key


@pytest.mark.parametrize(
    ("ref", "near"), [("wijaya", ("wijaya2001", "wijaya2001b")), ("2001 2003", ()), ("", ()), ("  ", ())]
)
def test_several_or_none(review: Review, ref: str, near: tuple[str, ...]) -> None:
    with pytest.raises(NotFound) as caught:
        naming.source(review, ref)
    assert isinstance(caught.value, naming.Ambiguous) == bool(near)
    if near:
        assert caught.value.near == near


def test_numbers_and_the_dot_are_for_terminals(review: Review) -> None:
    review.remember(keys=["hartono2019", "a81"], source="a81")
    assert naming.source(review, "2", interactive=True).key == "a81"
    assert naming.source(review, "12", interactive=True).key == "12"
    assert naming.source(review, ".", interactive=True).key == "a81"
    for ref in ("2", "."):
        with pytest.raises(NotFound):
            naming.source(review, ref)


def test_the_dot_before_anything_was_named(review: Review) -> None:
    with pytest.raises(NotFound, match="No source has been named"):
        naming.source(review, ".", interactive=True)


def test_excerpts(review: Review) -> None:
    for ref in ("k3f9q2", "^k3f9q2", "^K3F", "k3"):
        assert naming.excerpt(review, ref).id == "k3f9q2"
    with pytest.raises(NotFound):
        naming.excerpt(review, "^zzz")


def test_either(review: Review) -> None:
    assert isinstance(naming.either(review, "^a81"), Excerpt)
    assert isinstance(naming.either(review, "a81"), Source)
    assert isinstance(naming.either(review, "A81B2C"), Excerpt)
    assert isinstance(naming.either(review, "hartono"), Source)


@pytest.mark.parametrize("name", ["trade", "#Trade", "tra", "Perdagangan", "perdagangan "])
def test_a_theme(review: Review, name: str) -> None:
    assert naming.theme(review, name).id == "trade"


def test_an_alias_and_no_theme(review: Review) -> None:
    assert naming.theme(review, "pameran").id == "fair"
    with pytest.raises(NotFound) as caught:
        naming.theme(review, "tarde")
    assert "trade" in caught.value.near
