"""`Review`: opening, reading the nouns, selecting, changing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from libreview import Review
from libreview.disk.settings import ReviewSettings
from libreview.model import Change, Create, Delete, Edit
from libreview.words.errors import Locked, NotFound, Refused, Wrong


def test_a_review_is_found_from_a_folder_inside_it(review_folder: Path) -> None:
    with Review.open(review_folder / "notes") as review:
        assert review.root == review_folder
        assert review.settings.title == "Two towns"


def test_no_review_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        Review.open(tmp_path)
    assert "libreview init" in caught.value.hint


def test_a_new_review_is_empty_and_not_made_twice(tmp_path: Path) -> None:
    with Review.create(tmp_path / "new", ReviewSettings(title="New")) as review:
        assert review.totals().sources == 0
        assert review.codebook_path == "notes/codebook.toml"
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["libreview.toml", "notes", "sources"]
    with pytest.raises(Refused):
        Review.create(tmp_path / "new", ReviewSettings())


def test_totals_count_each_noun(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        totals = review.totals()
    assert (totals.sources, totals.in_review, totals.excerpts, totals.uncoded, totals.notes) == (2, 2, 2, 0, 1)
    assert (totals.themes, totals.problems) == (2, 0)


def test_a_source_is_found_by_its_key_of_old_and_its_excerpts_with_it(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        assert review.source("hartono2018").key == "hartono2019"
        assert [one.id for one in review.excerpts_of("hartono2019")] == ["a81b2c"]
        assert review.excerpt("^A81B2C").keys == ("hartono2019", "wijaya2001")
        assert review.in_review() == {"hartono2019", "wijaya2001"}
        assert {one.key: one.excerpts for one in review.listing()} == {"wijaya2001": 2, "hartono2019": 1}


@pytest.mark.parametrize(
    ("query", "sources", "excerpts"),
    [
        ("", ["wijaya2001", "hartono2019"], ["k3f9q2", "a81b2c"]),
        ("theme:trade", ["wijaya2001", "hartono2019"], ["k3f9q2", "a81b2c"]),
        ("theme:=trade", ["wijaya2001"], ["k3f9q2"]),
        ("theme:fair", ["wijaya2001", "hartono2019"], ["a81b2c"]),
        ("theme:pameran", ["wijaya2001", "hartono2019"], ["a81b2c"]),
        ("not theme:fair", [], ["k3f9q2"]),
        ("year:2001", ["wijaya2001"], ["k3f9q2", "a81b2c"]),
        ("year:2010..", ["hartono2019"], ["a81b2c"]),
        ("year:..2010", ["wijaya2001"], ["k3f9q2", "a81b2c"]),
        ("type:book,thesis", ["hartono2019"], ["a81b2c"]),
        ("author:muller", ["wijaya2001"], ["k3f9q2", "a81b2c"]),
        ("mudigkeit", [], []),
        ("MÜLLER", ["wijaya2001"], []),
        ("lang:en", ["wijaya2001"], ["k3f9q2", "a81b2c"]),
        ("coder:rina", ["wijaya2001", "hartono2019"], ["k3f9q2", "a81b2c"]),
        ("kind:paraphrase", ["wijaya2001", "hartono2019"], ["a81b2c"]),
        ("id:^k3f9q2", ["wijaya2001"], ["k3f9q2"]),
        ("key:hartono2018", ["hartono2019"], ["a81b2c"]),
        ("title:pasar", ["hartono2019"], ["a81b2c"]),
        ('"two harbours"', ["wijaya2001"], ["k3f9q2"]),
        ('"harbours two"', [], []),
        ("harb", ["wijaya2001"], ["k3f9q2"]),
        ("title:pasar not kind:paraphrase", [], []),
        ("';--", [], []),
        ("100%_", [], []),
    ],
)
def test_the_selection_language(review_folder: Path, query: str, sources: list[str], excerpts: list[str]) -> None:
    with Review.open(review_folder) as review:
        assert [one.key for one in review.sources(query)] == sources
        assert [one.key for one in review.listing(query)] == sources
        assert [one.id for one in review.excerpts(query)] == excerpts


def test_wrong_names_bring_near_ones(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        wrong: list[tuple[Callable[[], object], tuple[str, ...]]] = [
            (lambda: review.source("wijaja2001"), ("wijaya2001",)),
            (lambda: review.excerpt("k3f9q3"), ("k3f9q2",)),
        ]
        for ask, near in wrong:
            with pytest.raises(NotFound) as caught:
                ask()
            assert caught.value.near[:1] == near
        with pytest.raises(Wrong, match="theme:trad\n      \\^") as no_theme:
            review.excerpts("theme:trad")
        assert no_theme.value.near[:1] == ("theme:trade",)
        with pytest.raises(Wrong):
            review.sources("colour:red")


def test_search_finds_sources_excerpts_and_annotations(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        hits = review.search("harbours")
        assert [(hit.kind, hit.key, hit.id, hit.locator, hit.path, hit.line) for hit in hits] == [
            ("source", "wijaya2001", "", "", "sources/all.bib", 1),
            ("excerpt", "wijaya2001", "k3f9q2", "p. 12", "notes/wijaya2001.md", 8),
        ]
        assert [hit.kind for hit in review.search("careful")] == ["note"]
        assert [hit.id for hit in review.search("theme:trade coder:rina")] == ["k3f9q2", "a81b2c"]
        assert len(review.search("a", limit=2)) == 2


def test_codings_of_further_coders_are_joined(review_folder: Path) -> None:
    (review_folder / "notes" / "budi.md").write_text(
        "---\ncoder: budi\n---\n\n- ^k3f9q2 #fair because of it\n", encoding="utf-8"
    )
    with Review.open(review_folder) as review:
        excerpt = review.excerpt("k3f9q2")
        assert [(one.coder, one.themes) for one in excerpt.codings] == [("rina", ("trade",)), ("budi", ("fair",))]
        assert excerpt.coded == ("trade", "fair")
        assert [one.id for one in review.excerpts("theme:fair")] == ["k3f9q2", "a81b2c"]
        assert [one.id for one in review.excerpts("coder:budi")] == ["k3f9q2"]
        assert [one.themes for one in review.codings()] == [("fair",)]


def test_a_change_is_applied_and_seen_at_once(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        data, note = review.read_note("notes/wijaya2001.md")
        at = note.excerpts[0].slices.insert
        change = Change((Edit("notes/wijaya2001.md", at, at, b"", b" #fair"),), "tag ^k3f9q2")
        assert "+> Two harbours signed a paper. [@wijaya2001, p. 12] #trade #fair ^k3f9q2\n" in review.diff(change)
        assert review.read("notes/wijaya2001.md") == data
        review.apply(change)
        assert review.excerpt("k3f9q2").themes == ("trade", "fair")
        review.apply(Change((Create("notes/new.md", b"---\nsource: hartono2019\n---\n"),)))
        assert [card.path for card in review.cards("hartono2019")] == ["notes/new.md"]
        review.apply(Change((Delete("notes/new.md", b"---\nsource: hartono2019\n---\n"),)))
        assert review.cards("hartono2019") == ()


def test_a_file_that_changed_meanwhile_is_not_overwritten(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        path = "notes/wijaya2001.md"
        change = Change((Edit(path, 0, 3, b"---", b"+++"),))
        (review_folder / path).write_bytes(b"mine now")
        with pytest.raises(Refused, match="changed on disk"):
            review.apply(change)
        assert (review_folder / path).read_bytes() == b"mine now"


def test_one_writer_at_a_time(review_folder: Path) -> None:
    with Review.open(review_folder) as one, Review.open(review_folder) as two, one.writing():
        with one.writing():
            pass
        with pytest.raises(Locked), two.writing(timeout=0.05):
            pass


def test_what_was_named_last_is_remembered(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        assert (review.last_list(), review.last_source()) == ((), "")
        review.remember(keys=["b", "a"], source="a", themes=["fair", "gone"])
        review.remember(source="b")
    with Review.open(review_folder) as review:
        assert (review.last_list(), review.last_source()) == (("b", "a"), "b")
        assert review.last_themes() == ("fair", "trade")


def test_a_source_is_read_as_its_file_is_now(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        place = review_folder / "sources" / "all.bib"
        place.write_bytes(b"% moved\n" + place.read_bytes())
        data, source = review.read_source("hartono2018")
        assert data[source.location.start : source.location.end].startswith(b"@book{hartono2019,")


def test_notes_are_selected_too(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        assert [note.source for note in review.notes()] == ["wijaya2001"]
        assert len(review.notes("careful")) == 1
        assert review.notes("year:2019") == ()
        assert review.notes("theme:trade") == ()
        assert len(review.notes("not year:2019")) == 1
