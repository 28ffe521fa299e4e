from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import theming
from libreview.model import Codebook, Theme
from libreview.review import Review
from libreview.words.errors import NotFound, Refused

NAMES = [
    ("promosi-umkm", "promosi-umkm"),
    ("#Promosi UMKM", "promosi-umkm"),
    ("city/finance", "city-finance"),
    ("a_b", "a-b"),
    ("Müdigkeit!", "müdigkeit"),
    ("--x--", "x"),
]


@pytest.mark.parametrize(("name", "id"), NAMES)
def test_an_id_is_made_from_a_name(name: str, id: str) -> None:
    assert theming.id_from(name) == id


@pytest.mark.parametrize("name", ["", "#", "12", "none", "x" * 65, "!?"])
def test_what_cannot_be_a_theme_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        theming.id_from(name)


def test_exact_names() -> None:
    book = Codebook({"a-b": Theme("a-b", aliases=("ab/c",))})
    assert theming.exact(book, "A B") == "a-b"
    assert theming.exact(book, "ab/c") == "a-b"
    assert theming.exact(book, "a") is None
    assert theming.exact(book, "!") is None


def test_a_theme_is_added_with_everything(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        review.apply(
            theming.add_theme(
                review,
                "Export",
                label="Ausfuhr",
                parent="trad",
                definition="What leaves.",
                include="Goods.",
                exclude="Services.",
                examples=["^k3f9q2"],
                colour="Teal",
            )
        )
        assert (
            (review_folder / "notes" / "codebook.toml")
            .read_text(encoding="utf-8")
            .endswith(
                '\n[export]\nlabel = { en = "Ausfuhr" }\nparent = "trade"\ndefinition = "What leaves."\n'
                'include = "Goods."\nexclude = "Services."\nexamples = ["k3f9q2"]\ncolour = "teal"\n'
            )
        )
        for bad in ("export", "pameran", "12"):
            with pytest.raises(Refused):
                theming.add_theme(review, bad)
        with pytest.raises(NotFound):
            theming.add_theme(review, "x", parent="zzz")
        with pytest.raises(NotFound):
            theming.add_theme(review, "x", examples=["zzz999"])


def test_a_codebook_is_made_if_there_is_none(review_folder: Path) -> None:
    (review_folder / "notes" / "codebook.toml").unlink()
    with Review.open(review_folder) as review:
        review.apply(theming.add_theme(review, "New idea"))
        assert review.codebook.themes["new-idea"].label == {"": "New idea"}
