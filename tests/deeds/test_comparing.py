"""Coders compared in a review, and the excerpts that wait for one of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.deeds import comparing
from libreview.findings import coders
from libreview.model import Citation, Excerpt, Location
from libreview.review import Review
from libreview.value import replace
from libreview.words.errors import NotFound, Refused, Wrong

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"


@pytest.fixture
def coded(tmp_path: Path) -> Iterator[Review]:
    folder = tmp_path / "coders"
    shutil.copytree(REVIEWS / "coders", folder)
    with Review.open(folder) as review:
        yield review


def test_agreement_about_excerpts_and_sources(coded: Review) -> None:
    found = comparing.agreement(coded)
    assert (found.coders, found.units, found.identical) == (("budi", "rina"), 7, 4)
    assert [row.theme.id for row in found.rows if row.theme] == ["trade", "fair", "law", "culture"]
    assert [(str(one.location), one.id) for one in found.disagreements] == [
        ("notes/hartono2019.md:6", "d6e7f8"),
        ("notes/hartono2019.md:8", "e8f9g0"),
        ("notes/wijaya2001.md:8", "a81b2c"),
    ]
    assert comparing.agreement(coded, unit="source").units == 2
    assert comparing.agreement(coded, "author:hartono").units == 3
    assert comparing.agreement(coded, names=["rina", "budi"]).coders == ("rina", "budi")


def test_coders_are_named_rightly_or_told(coded: Review) -> None:
    with pytest.raises(NotFound) as unknown:
        comparing.agreement(coded, names=["rina", "bud"])
    assert unknown.value.near == ("budi",)
    assert unknown.value.hint == "Coders: {names}"
    with pytest.raises(NotFound) as nobody:
        comparing.agreement(coded, "id:g2h3j4", names=["rina"])
    assert nobody.value.hint == "To code them: libreview code --coder budi"
    with pytest.raises(Wrong):
        comparing.agreement(coded, names=["rina", "rina"])
    with pytest.raises(NotFound):
        comparing.agreement(coded, names=["-", "rina"])
    with pytest.raises(Refused, match="No excerpt is selected by: year:1800") as nothing:
        comparing.agreement(coded, "year:1800", names=["rina"])
    assert nothing.value.hint == "The sources are from {first} to {last}."
    with pytest.raises(Refused, match="Nobody has coded"):
        comparing.agreement(coded, "id:g2h3j4")


def test_one_coder_is_told_how_another_codes(review_folder: Path) -> None:
    with Review.open(review_folder) as review, pytest.raises(Refused, match="Only rina has coded") as one:
        comparing.agreement(review)
    assert "libreview code --coder budi" in one.value.hint


@pytest.mark.parametrize(
    ("codings", "unit", "names", "said"),
    [
        ("- ^g2h3j4 #law\n", "excerpt", ("budi", "siti"), "budi, siti: no excerpt here is coded by both of them"),
        ("- ^g2h3j4 #law\n", "source", (), "by all of them, which --unit source needs; none by both budi and siti"),
        ("- ^g2h3j4 #law\n", "excerpt", (), 7),
        ("- ^x1y2z3 #law\n", "source", ("rina", "siti"), "that all of them coded cite no source that is counted here"),
        ("- ^x1y2z3 #law\n", "excerpt", ("rina", "siti"), 1),
    ],
)
def test_what_coders_lack_is_said(
    coded: Review, codings: str, unit: coders.Unit, names: tuple[str, ...], said: str | int
) -> None:
    notes = coded.root / "notes"
    (notes / "x.md").write_text("---\ncoder: rina\n---\n\n> Words. [@nobody, p. 1] #law ^x1y2z3\n", "utf-8")
    (notes / "codings-siti.md").write_text(f"---\ncoder: siti\n---\n\n{codings}", "utf-8")
    coded.refresh()
    if isinstance(said, int):
        assert comparing.agreement(coded, unit=unit, names=names).units == said
        return
    with pytest.raises(Refused) as why:
        comparing.agreement(coded, unit=unit, names=names)
    assert said in str(why.value)


def test_those_who_can_be_compared_are_named(coded: Review) -> None:
    notes = coded.root / "notes"
    (notes / "codings-siti.md").write_text("---\ncoder: siti\n---\n\n- ^k3f9q2 #law\n", "utf-8")
    (notes / "codings-tono.md").write_text("---\ncoder: tono\n---\n\n- ^g2h3j4 #law\n", "utf-8")
    coded.refresh()
    with pytest.raises(Refused, match="none by both budi and tono") as why:
        comparing.agreement(coded, unit="source")
    assert (why.value.facts["two"], "--coders {two}" in why.value.hint) == ("budi,rina", True)
    assert comparing.agreement(coded, unit="source", names=["budi", "rina"]).units == 2


def test_a_coder_without_a_name_counts_as_one(review_folder: Path) -> None:
    (review_folder / "notes" / "x.md").write_text("> Words. [@hartono2019, p. 1] #law ^x1y2z3\n", encoding="utf-8")
    with Review.open(review_folder) as review:
        with pytest.raises(Refused, match="-, rina: no excerpt here is coded by both"):
            comparing.agreement(review)
        (review_folder / "notes" / "b.md").write_text("---\ncoder: rina\n---\n\n- ^x1y2z3 #trade\n", encoding="utf-8")
        review.refresh()
        assert comparing.agreement(review, names=["-", "rina"]).coders == ("", "rina")


def test_what_waits_for_a_coder(coded: Review) -> None:
    assert [one.id for one in comparing.waiting(coded, "budi").excerpts] == ["g2h3j4"]
    assert len(comparing.waiting(coded, "siti").excerpts) == 8
    assert len(comparing.waiting(coded, "siti", "author:wijaya").excerpts) == 4
    half = comparing.waiting(coded, "budi", sample="50%", seed=7)
    assert (half.drawn, half.selected) == (4, 8)
    assert {one.id for one in half.excerpts} <= {"g2h3j4"}


@pytest.mark.parametrize("size", ["", "0", "0%", "101%", "a", "2.5", "-3", "20 %%", "%", "٢%"])
def test_what_is_no_size_is_wrong(size: str) -> None:
    with pytest.raises(Wrong):
        comparing.sampled((), size)


def _excerpts(n: int) -> list[Excerpt]:
    return [
        Excerpt(None, "quotation", (Citation(f"k{at % 3}"),), f"Words {at}", (), "", Location("n.md", at, at))
        for at in range(n)
    ]


@pytest.mark.parametrize(
    ("size", "count"), [("20%", 20), ("12.5%", 13), ("0,5%", 1), ("100 %", 100), ("7", 7), ("500", 100)]
)
def test_the_size_of_a_sample(size: str, count: int) -> None:
    assert len(comparing.sampled(_excerpts(100), size, 7)) == count


@given(st.integers(0, 30), st.integers(1, 40), st.integers(), st.randoms())
def test_a_sample_depends_on_words_and_seed_alone(n: int, size: int, seed: int, random: object) -> None:
    excerpts = _excerpts(n)
    drawn = comparing.sampled(excerpts, str(size), seed)
    assert list(drawn) == [one for one in excerpts if one in drawn]
    moved = [replace(one, id=f"id{at}", location=Location("other.md", at)) for at, one in enumerate(excerpts)]
    random.shuffle(moved)  # type: ignore[attr-defined]
    assert {one.text for one in comparing.sampled(moved, str(size), seed)} == {one.text for one in drawn}
    assert len(comparing.sampled(excerpts, str(size + 1), seed)) == min(n, size + 1)
    assert set(drawn_ids(drawn)) <= set(drawn_ids(comparing.sampled(excerpts, str(size + 1), seed)))


def drawn_ids(excerpts: tuple[Excerpt, ...]) -> list[str]:
    return [one.text for one in excerpts]


def test_another_seed_draws_others() -> None:
    samples = {tuple(drawn_ids(comparing.sampled(_excerpts(100), "10%", seed))) for seed in range(5)}
    assert len(samples) == 5
