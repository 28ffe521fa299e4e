"""Themes renamed, moved, merged, removed and divided: the codebook and all notes in one change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from libreview.deeds import drafting, recoding
from libreview.deeds.recoding import Recoded
from libreview.model import Change
from libreview.review import Review
from libreview.words.errors import NotFound, Refused

BOOK = """\
# Themes

[trade]
label = "Trade"
definition = "What firms gain; not trade-fairs."
aliases = ["dagang"]

[trade-fairs]   # growing
parent = "trade"
include = "Exhibitions."

[local]
parent = "trade-fairs"

[law]
exclude = "Permits: #trade."
"""
CARD = """\
---
source: wijaya2001
coder: rina
---

About #trade in prose.

> Two harbours. [@wijaya2001, p. 12] #trade #law ^k3f9q2

- Firms met. [@wijaya2001, p. 14] #trade-fairs
- Firms paid. [@wijaya2001, p. 15] #dagang #trade ^a81b2c
- Typed in a hurry. [@wijaya2001, p. 16] #tarde
"""
SHEET = "---\ncoder: budi\n---\n\n- ^k3f9q2 #dagang\n- ^a81b2c #none\n- ^gone11 #trade\n"


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    notes = review_folder / "notes"
    (notes / "codebook.toml").write_text(BOOK, encoding="utf-8")
    (notes / "wijaya2001.md").write_text(CARD, encoding="utf-8")
    (notes / "codings-budi.md").write_text(SHEET, encoding="utf-8")
    with Review.open(review_folder) as opened:
        yield opened


def _texts(review: Review) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((review.root / "notes").iterdir())}


def _made(review: Review, deed: tuple[Change, Recoded]) -> tuple[Recoded, dict[str, str]]:
    """Apply a change; return what it came to and the files, after taking it back gave the old ones."""
    change, recoded = deed
    before = _texts(review)
    review.apply(change)
    after = _texts(review)
    review.apply(drafting.reverse(change))
    assert _texts(review) == before
    review.apply(change)
    return recoded, after


def test_rename(review: Review) -> None:
    recoded, after = _made(review, recoding.rename(review, "Trade", "Commerce!"))
    assert recoded == Recoded("commerce", ("trade",), 2, 2, ("trade-fairs",))
    assert after["codebook.toml"] == (
        BOOK.replace("[trade]", "[commerce]")
        .replace('["dagang"]', '["dagang", "trade"]')
        .replace('parent = "trade"\n', 'parent = "commerce"\n')
        .replace("#trade.", "#commerce.")
    )
    assert after["wijaya2001.md"] == (
        CARD.replace("12] #trade", "12] #commerce").replace("#dagang #trade", "#commerce")
    )
    assert after["codings-budi.md"] == SHEET.replace("#dagang", "#commerce").replace("#trade", "#commerce")
    assert review.codebook.resolve("trade") == "commerce"
    assert list(review.codebook.themes) == ["commerce", "trade-fairs", "local", "law"]


def test_rename_to_an_own_alias_and_back(review: Review) -> None:
    before = _texts(review)
    review.apply(recoding.rename(review, "trade", "dagang")[0])
    assert review.codebook.themes["dagang"].aliases == ("trade",)
    assert "15] #dagang ^a81b2c" in _texts(review)["wijaya2001.md"]
    review.apply(recoding.rename(review, "dagang", "trade")[0])
    assert review.codebook.themes["trade"].aliases == ("dagang",)
    assert _texts(review)["codebook.toml"] == before["codebook.toml"]


def test_mentions_of_a_theme_with_a_hyphen_follow(review: Review) -> None:
    after = _made(review, recoding.rename(review, "trade-fairs", "shows"))[1]
    assert "[shows]   # growing" in after["codebook.toml"]
    assert 'not shows."' in after["codebook.toml"]
    assert '[local]\nparent = "shows"' in after["codebook.toml"]


def test_a_tag_that_is_no_theme_is_renamed_in_the_notes(review: Review) -> None:
    recoded, after = _made(review, recoding.rename(review, "#tarde", "haste"))
    assert recoded == Recoded("haste", ("tarde",), 1, 1)
    assert after["codebook.toml"] == BOOK
    assert after["wijaya2001.md"] == CARD.replace("#tarde", "#haste")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("trade", "law", "themes merge trade --into law"),
        ("trade", "tarde", "themes merge trade --into tarde"),
        ("tarde", "trade", "themes merge tarde --into trade"),
        ("law", "dagang", "themes merge law --into trade"),
        ("trade", "trade", "is called trade already"),
        ("trade", "12", "cannot be a theme"),
    ],
)
def test_renaming_is_refused(review: Review, old: str, new: str, said: str) -> None:
    with pytest.raises(Refused) as error:
        recoding.rename(review, old, new)
    text = f"{error.value.sentence} {error.value.hint}".format(**error.value.facts)
    assert said in text


@pytest.mark.parametrize(
    "deed",
    [
        lambda review: recoding.rename(review, "tarrde", "x"),
        lambda review: recoding.merge(review, ["law", "tarrde"], "x"),
        lambda review: recoding.move(review, "tarrde", ""),
        lambda review: recoding.move(review, "law", "tarrde"),
        lambda review: recoding.remove(review, "tarrde"),
    ],
)
def test_unknown_themes_have_near_ones(review: Review, deed: Callable[[Review], object]) -> None:
    with pytest.raises(NotFound) as error:
        deed(review)
    assert error.value.near[:1] == ("tarde",)


# Moving ---------------------------------------------------------------------------------------------------------------


def test_move(review: Review) -> None:
    after = _made(review, recoding.move(review, "trade-fairs", "law"))[1]
    assert after["codebook.toml"] == BOOK.replace('parent = "trade"\n', 'parent = "law"\n')
    after = _made(review, recoding.move(review, "trade-fairs", ""))[1]
    assert after["codebook.toml"] == BOOK.replace('parent = "trade"\n', "")
    assert recoding.move(review, "law", "")[0].edits == ()


@pytest.mark.parametrize(
    ("name", "parent"), [("trade", "trade"), ("trade", "local"), ("tarde", "law"), ("law", "tarde")]
)
def test_moving_is_refused(review: Review, name: str, parent: str) -> None:
    with pytest.raises(Refused):
        recoding.move(review, name, parent)


# Merging --------------------------------------------------------------------------------------------------------------


def test_merge_into_a_theme_that_is_there(review: Review) -> None:
    recoded, after = _made(review, recoding.merge(review, ["trade", "tarde", "law"], "law"))
    assert recoded == Recoded("law", ("trade", "tarde"), 3, 2, ("trade-fairs",))
    assert after["codebook.toml"] == (
        '# Themes\n\n[trade-fairs]   # growing\nparent = "law"\ninclude = "Exhibitions."\n\n'
        '[local]\nparent = "trade-fairs"\n\n'
        '[law]\nlabel = "Trade"\ndefinition = "What firms gain; not trade-fairs."\nexclude = "Permits: #law."\n'
        'aliases = ["trade", "dagang", "tarde"]\n'
    )
    assert after["wijaya2001.md"] == (
        CARD.replace("#trade #law", "#law").replace("#dagang #trade", "#law").replace("#tarde", "#law")
    )
    assert after["codings-budi.md"] == SHEET.replace("#dagang", "#law").replace("#trade", "#law")


def test_merge_into_a_new_theme_begins_with_the_first(review: Review) -> None:
    recoded, after = _made(review, recoding.merge(review, ["law", "trade"], "Rules"))
    assert recoded == Recoded("rules", ("law", "trade"), 2, 2, ("trade-fairs",), base="law")
    assert list(review.codebook.themes) == ["trade-fairs", "local", "rules"]
    rules = review.codebook.themes["rules"]
    assert rules.aliases == ("law", "trade", "dagang")
    assert rules.definition.startswith("What firms gain")
    assert rules.exclude == "Permits: #rules."
    assert "#rules ^k3f9q2" in after["wijaya2001.md"]
    assert "#rules #rules" not in after["wijaya2001.md"]


def test_words_that_no_theme_says_any_more_are_named(review: Review) -> None:
    path = review.root / "notes" / "codebook.toml"
    path.write_text(BOOK + 'definition = "Statutes."\n', encoding="utf-8")
    review.refresh()
    recoded, after = _made(review, recoding.merge(review, ["trade", "trade-fairs"], "law"))
    assert recoded.lost == ("trade",)  # what trade-fairs includes, law includes now
    assert 'include = "Exhibitions."' in after["codebook.toml"]
    assert recoded.children == ("local",)
    assert review.codebook.themes["local"].parent == "law"


def test_a_theme_takes_the_place_of_one_above_it(review: Review) -> None:
    _made(review, recoding.merge(review, ["trade"], "local"))
    book = review.codebook
    assert (book.themes["local"].parent, book.themes["trade-fairs"].parent) == ("", "local")
    assert [(theme.id, depth) for theme, depth in book.tree()] == [("local", 0), ("trade-fairs", 1), ("law", 0)]


def test_merging_tags_makes_a_theme(review: Review) -> None:
    recoded, after = _made(review, recoding.merge(review, ["tarde"], "haste"))
    assert recoded == Recoded("haste", ("tarde",), 1, 1)
    assert after["codebook.toml"] == BOOK + '\n[haste]\naliases = ["tarde"]\n'
    with pytest.raises(Refused, match="nothing to merge"):
        recoding.merge(review, ["haste", "tarde"], "haste")


# Removing -------------------------------------------------------------------------------------------------------------


def test_remove(review: Review) -> None:
    recoded, after = _made(review, recoding.remove(review, "trade-fairs"))
    assert recoded == Recoded("trade-fairs", ("trade-fairs",), 1, 1, ("local",))
    assert "trade-fairs]" not in after["codebook.toml"]
    assert '[local]\nparent = "trade"\n' in after["codebook.toml"]
    id = after["wijaya2001.md"].split("p. 14] ^")[1].split("\n")[0]
    assert after["wijaya2001.md"] == CARD.replace("#trade-fairs", f"^{id}")
    assert len(review.excerpts()) == 4


def test_remove_with_aliases_in_all_sheets(review: Review) -> None:
    after = _made(review, recoding.remove(review, "trade"))[1]
    assert after["codings-budi.md"] == SHEET.replace(" #dagang", "").replace(" #trade", "")
    assert "#dagang" not in after["wijaya2001.md"]
    assert "About #trade in prose." in after["wijaya2001.md"]
    assert '[trade-fairs]   # growing\ninclude = "Exhibitions."' in after["codebook.toml"]


# Dividing -------------------------------------------------------------------------------------------------------------


def test_one_excerpt_gets_other_themes_in_its_place(review: Review) -> None:
    excerpt = review.read_note("notes/wijaya2001.md")[1].excerpts[0]
    change, recoded = recoding.new_place(review, excerpt, "trade", ["ports", "law"], new=["ports"])
    recoded, after = _made(review, (change, recoded))
    assert recoded == Recoded("trade", (), 1, 2)
    assert after["wijaya2001.md"] == CARD.replace("12] #trade #law", "12] #ports #law")
    assert after["codings-budi.md"] == SHEET.replace("#dagang", "#ports #law")
    assert after["codebook.toml"] == BOOK + '\n[ports]\nparent = "trade"\n'
    (review.root / "notes" / "wijaya2001.md").write_text(CARD[1:], encoding="utf-8")
    with pytest.raises(Refused, match="changed on disk"):
        recoding.new_place(review, excerpt, "trade", ["law"])
    (review.root / "notes" / "wijaya2001.md").write_text(after["wijaya2001.md"], encoding="utf-8")
    review.refresh()
    assert [one.id for one in recoding.carrying(review, "trade")] == ["a81b2c"]


def test_a_broken_codebook_is_refused_before_anything_is_written(review: Review) -> None:
    path = review.root / "notes" / "codebook.toml"
    path.write_text(BOOK + "\n[trade]\n", encoding="utf-8")
    review.refresh()
    with pytest.raises(Refused, match="would be read differently"):
        recoding.rename(review, "trade", "commerce")
