from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import annotating
from libreview.review import Review
from libreview.words.errors import Refused, Wrong


def test_a_card_is_made_with_annotation_and_fields(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        change, path = annotating.annotate(review, "hartono2019", "On markets.", {"method": "interviews: ten"})
        review.apply(change)
        assert (review_folder / path).read_text(encoding="utf-8") == (
            '---\nsource: hartono2019\nmethod: "interviews: ten"\n---\n\nOn markets.\n'
        )


def test_an_annotation_is_replaced_and_the_rest_stays(review_folder: Path) -> None:
    card = review_folder / "notes" / "wijaya2001.md"
    before = card.read_text(encoding="utf-8")
    with Review.open(review_folder) as review:
        change, path = annotating.annotate(review, "wijaya2001", "New.\n\nTwo parts.", {"coder-note": "x", "year": "1"})
        review.apply(change)
        assert card.read_text(encoding="utf-8") == before.replace("A careful account.", "New.\n\nTwo parts.").replace(
            "coder: rina\n", "coder: rina\ncoder-note: x\nyear: 1\n"
        )
        review.apply(annotating.annotate(review, "wijaya2001", None, {"year": "2"})[0])
        assert "year: 2\n" in card.read_text(encoding="utf-8")
        assert annotating.annotation_at(review, path) == "New.\n\nTwo parts."
        assert annotating.annotate(review, "wijaya2001", None, {"year": "2"})[0].edits == ()


@pytest.mark.parametrize("text", ["> Words. [@hartono2019, p. 1] #trade", "# Heading\n\nText"])
def test_what_is_no_annotation_is_refused(review_folder: Path, text: str) -> None:
    with Review.open(review_folder) as review, pytest.raises(Refused):
        annotating.annotate(review, "wijaya2001", text)


def test_a_field_over_several_lines_is_not_broken(review_folder: Path) -> None:
    card = review_folder / "notes" / "wijaya2001.md"
    card.write_text("---\nsource: wijaya2001\nmethods:\n  - a\n  - b\n---\n\nText.\n", encoding="utf-8")
    with Review.open(review_folder) as review, pytest.raises(Refused):
        annotating.annotate(review, "wijaya2001", None, {"methods": "c"})


@pytest.mark.parametrize("text", ["method", "=x", "source=y", "a b=c"])
def test_what_is_no_field(text: str) -> None:
    with pytest.raises(Wrong):
        annotating.field_of(text)


def test_fields_are_read() -> None:
    assert annotating.field_of("Method=a  = b ") == ("method", "a = b")
