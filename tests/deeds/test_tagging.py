from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import tagging, theming
from libreview.model import Create, Edit
from libreview.review import Review
from libreview.words.errors import NotFound, Refused, Wrong


def _note(folder: Path, name: str) -> str:
    return (folder / "notes" / name).read_bytes().decode()


def test_a_first_excerpt_makes_the_card_and_the_theme(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        change, saved = tagging.excerpt(
            review,
            "hartono2019",
            "Pasar pertama.",
            locator="12",
            themes=["Promosi UMKM", "trade"],
            new=["Promosi UMKM"],
        )
        review.apply(change)
        assert _note(review_folder, "hartono2019.md") == (
            "---\nsource: hartono2019\n---\n\n"
            f"> Pasar pertama. [@hartono2019, p. 12] #promosi-umkm #trade ^{saved.id}\n"
        )
        assert (saved.path, saved.line) == ("notes/hartono2019.md", 5)
        assert review.codebook.themes["promosi-umkm"].label == {"": "Promosi UMKM"}
        assert review.excerpt(saved.id).coded == ("promosi-umkm", "trade")


def test_excerpts_are_appended_and_touch_no_other_byte(review_folder: Path) -> None:
    card = review_folder / "notes" / "wijaya2001.md"
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n") + b"no end \xff")
    before = card.read_bytes()
    with Review.open(review_folder) as review:
        change, saved = tagging.excerpt(review, "wijaya2001", "More.", kind="paraphrase", locator="Pasal 6; Pasal 7")
        assert [type(edit) for edit in change.edits] == [Edit]
        review.apply(change)
        after = card.read_bytes()
        assert after.startswith(before)
        assert after[len(before) :].decode() == (
            f"\r\n\r\n- More. [@wijaya2001, Pasal 6; @wijaya2001, Pasal 7] ^{saved.id}\r\n"
        )
        assert review.excerpt(saved.id).location.line == saved.line


@pytest.mark.parametrize(("language", "word"), [("en", "cited in"), ("id", "dalam"), ("de", "zitiert nach")])
def test_a_work_cited_by_the_source_is_a_prefix(review_folder: Path, language: str, word: str) -> None:
    (review_folder / "libreview.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    with Review.open(review_folder) as review:
        change, saved = tagging.excerpt(
            review, "hartono2019", "Metode.", locator="hlm. 12", cited="Nazir, 1988, hlm. 54"
        )
        review.apply(change)
        assert f"[Nazir, 1988, hlm. 54, {word} @hartono2019, hlm. 12]" in _note(review_folder, "hartono2019.md")
        (citation,) = review.excerpt(saved.id).citations
        assert (citation.prefix, citation.key) == (f"Nazir, 1988, hlm. 54, {word}", "hartono2019")


def test_translation_and_comment_follow_the_excerpt(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        change, saved = tagging.excerpt(
            review, "hartono2019", "Pasar.", translation="A  market.", comment="See page 3."
        )
        review.apply(change)
        assert review.excerpt(saved.id).comment == "Translation: A market.\n\nSee page 3."


@pytest.mark.parametrize(
    ("text", "comment"), [(" \n", ""), ("Text.", "> Another. [@wijaya2001, p. 3] #trade"), ("Text.", "# A heading")]
)
def test_what_would_not_be_read_back_is_refused(review_folder: Path, text: str, comment: str) -> None:
    with Review.open(review_folder) as review, pytest.raises(Refused):
        tagging.excerpt(review, "hartono2019", text, comment=comment)


def test_unknown_names_write_nothing(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        with pytest.raises(NotFound) as no_theme:
            tagging.excerpt(review, "hartono2019", "Text.", themes=["trada"])
        assert no_theme.value.near == ("trade",)
        with pytest.raises(NotFound):
            tagging.excerpt(review, "nobody", "Text.")
        with pytest.raises(NotFound):
            tagging.add_themes(review, ["zzzzzz"], ["trade"])
        with pytest.raises(Wrong):
            tagging.add_themes(review, ["k3f9q2"], ["none", "trade"])


def test_themes_are_added_where_they_are_missing(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        change, given = tagging.give_themes(review, review.excerpts(), ["fair"])
        assert (given.excerpts, given.notes, given.already) == (1, 1, 1)  # "pameran" is fair
        review.apply(change)
        assert "[@wijaya2001, p. 12] #trade #fair ^k3f9q2" in _note(review_folder, "wijaya2001.md")
        again, given = tagging.give_themes(review, review.excerpts(), ["fair"], new=["fair"])
        assert (again.edits, given.excerpts) == ((), 0)


def test_one_change_over_many_excerpts_of_a_note(review_folder: Path) -> None:
    rows = "".join(
        f"> Same words. [@wijaya2001, p. {n}] ^id{n}x\n\n- Two {n}. [@hartono2019] ^p{n}x\n\n" for n in range(300)
    )
    (review_folder / "notes" / "many.md").write_text(rows, encoding="utf-8")
    with Review.open(review_folder) as review:
        change, given = tagging.give_themes(review, review.excerpts("not theme:trade"), ["trade"])
        assert (given.excerpts, given.notes) == (600, 1)
        review.apply(change)
        assert _note(review_folder, "many.md").replace(" #trade", "") == rows
        assert not theming.coding_queue(review)


def test_none_says_that_nothing_applies_until_a_theme_does(review_folder: Path) -> None:
    (review_folder / "notes" / "x.md").write_text("> Words. [@wijaya2001] ^aaa111\n", encoding="utf-8")
    with Review.open(review_folder) as review:
        assert [one.id for one in theming.coding_queue(review)] == ["aaa111"]
        review.apply(tagging.add_themes(review, ["aaa111"], ["none"]))
        assert not theming.coding_queue(review)
        review.apply(tagging.add_themes(review, ["aaa111"], ["trade", "fair"]))
        assert _note(review_folder, "x.md") == "> Words. [@wijaya2001] #trade #fair ^aaa111\n"
        with pytest.raises(Refused):
            tagging.add_themes(review, ["aaa111"], ["none"])


def test_another_coder_codes_in_a_file_of_their_own(review_folder: Path) -> None:
    (review_folder / "notes" / "rina.md").write_text(
        "---\ncoder: rina\n---\n\n> No id. [@wijaya2001, p. 1]\n", encoding="utf-8"
    )
    card = _note(review_folder, "wijaya2001.md")
    with Review.open(review_folder) as review:
        review.apply(tagging.add_themes(review, ["k3f9q2", "a81b2c"], ["fair"], coder="Budi S."))
        review.apply(tagging.add_themes(review, ["^k3f9q2"], ["trade", "fair"], coder="Budi S."))
        (path,) = (review_folder / "notes").glob("codings-budi*.md")
        assert path.read_text(encoding="utf-8") == (
            "---\ncoder: Budi S.\n---\n\n- ^k3f9q2 #fair #trade\n- ^a81b2c #fair\n"
        )
        assert _note(review_folder, "wijaya2001.md") == card
        coding = [one for one in review.excerpt("k3f9q2").codings if one.coder == "Budi S."]
        assert [one.themes for one in coding] == [("fair", "trade")]
        (bare,) = [one for one in review.excerpts() if not one.id]
        change, given = tagging.give_themes(review, [bare], ["trade"], coder="Budi S.")
        review.apply(change)
        assert given.excerpts == 1
        (line,) = [line for line in _note(review_folder, "rina.md").splitlines() if line.startswith(">")]
        assert path.read_text(encoding="utf-8").endswith(f"- ^{line[-6:]} #trade\n")
        review.apply(tagging.untag(review, "k3f9q2", ["trade"], coder="Budi S."))
        assert "- ^k3f9q2 #fair\n" in path.read_text(encoding="utf-8")
        with pytest.raises(NotFound):
            tagging.untag(review, "a81b2c", ["trade"], coder="Budi S.")


def test_a_coder_takes_excerpts_into_a_card_of_their_own(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        change, saved = tagging.excerpt(review, "wijaya2001", "Mine.", coder="budi")
        assert saved.path == "notes/wijaya2001-budi.md"
        (made,) = change.edits
        assert isinstance(made, Create)
        assert made.content.startswith(b"---\nsource: wijaya2001\ncoder: budi\n---\n")
        assert tagging.excerpt(review, "wijaya2001", "Mine.", coder="rina")[1].path == "notes/wijaya2001.md"
        assert tagging.excerpt(review, "wijaya2001", "Mine.")[1].path == "notes/wijaya2001.md"


def test_a_foreign_file_in_the_place_of_the_card_is_left_alone(review_folder: Path) -> None:
    (review_folder / "notes" / "hartono2019.md").write_text("Loose thoughts.\n", encoding="utf-8")
    with Review.open(review_folder) as review:
        assert tagging.excerpt(review, "hartono2019", "Words.")[1].path == "notes/hartono2019-2.md"


@pytest.mark.parametrize(
    "written",
    [
        "> Ships came. [@wijaya2001, p. 2] #trade #fair ^z0z0z0\nA word right under it.\n",
        "> Ships came.\n> [@wijaya2001, p. 2]\n> #trade #fair ^z0z0z0\n> And inside.\n",
        "- Ships came. [@wijaya2001, p. 2] #trade #fair ^z0z0z0\n",
        "Ships came. [@wijaya2001, p. 2] #trade #fair ^z0z0z0\n",
        "> Ships came. [@wijaya2001, p. 2]\n\n#trade #fair ^z0z0z0\n",
    ],
)
def test_an_excerpt_stays_one_when_its_last_theme_goes(review_folder: Path, written: str) -> None:
    (review_folder / "notes" / "more.md").write_text(written, encoding="utf-8")
    with Review.open(review_folder) as review:
        before = review.excerpt("z0z0z0")
        assert before.themes == ("trade", "fair")
        review.apply(tagging.untag(review, "z0z0z0", ["trade", "fair"]))
        after = review.excerpt("z0z0z0")
        assert (after.kind, after.citations, after.text, after.comment) == (
            before.kind,
            before.citations,
            before.text,
            before.comment,
        )
        assert after.themes == ()


def test_untagging(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        review.apply(tagging.untag(review, "a81b2c", ["fair"]))
        assert "p. 14] ^a81b2c" in _note(review_folder, "wijaya2001.md")
        with pytest.raises(NotFound):
            tagging.untag(review, "a81b2c", ["fair"])


def test_comments_are_added_to_what_stands_there(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        review.apply(tagging.comment(review, review.excerpt("k3f9q2"), "Doubtful."))
        review.apply(tagging.comment(review, review.excerpt("a81b2c"), "First."))
        assert review.excerpt("k3f9q2").comment == "Never published.\n\nDoubtful."
        assert review.excerpt("a81b2c").comment == "First."
        with pytest.raises(Refused):
            tagging.comment(review, review.excerpt("a81b2c"), "- x [@wijaya2001] #trade")


def test_many_codings_of_another_coder(review_folder: Path) -> None:
    rows = "".join(f"> Words {n}. [@wijaya2001, p. {n}] ^id{n}x\n\n" for n in range(400))
    (review_folder / "notes" / "many.md").write_text(f"---\ncoder: rina\n---\n\n{rows}", encoding="utf-8")
    (review_folder / "notes" / "codings-budi.md").write_text(
        "---\ncoder: budi\n---\n\n- ^id7x #none\n- ^id8x a memo", encoding="utf-8"
    )
    with Review.open(review_folder) as review:
        change, given = tagging.give_themes(review, review.excerpts("kind:quotation"), ["trade"], coder="budi")
        assert (given.excerpts, given.notes, change.paths) == (401, 1, ("notes/codings-budi.md",))
        review.apply(change)
        text = _note(review_folder, "codings-budi.md")
        assert text.startswith("---\ncoder: budi\n---\n\n- ^id7x #trade\n- ^id8x #trade a memo\n- ^id0x #trade\n")
        assert text.count("#trade\n") == 400


def test_codings_keep_the_line_ends_of_their_file(review_folder: Path) -> None:
    (review_folder / "notes" / "codings-budi.md").write_bytes(b"---\r\ncoder: budi\r\n---\r\n\r\nMine.")
    with Review.open(review_folder) as review:
        review.apply(tagging.add_themes(review, ["k3f9q2"], ["fair"], coder="budi"))
        assert _note(review_folder, "codings-budi.md").endswith("\r\n\r\nMine.\r\n\r\n- ^k3f9q2 #fair\r\n")
