"""Linking: what it comes to, what it refuses, and finding sources again whose key was changed there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from libreview.deeds import annotating, deduplicating, linking, mending, merging, reporting, screening, tagging
from libreview.disk.settings import Library
from libreview.review import Review
from libreview.words.errors import NotFound, Refused, ReviewError, Wrong

SMITH = "@article{smith2020,\n  author = {Smith, Ann},\n  title = {Twin towns},\n  year = {2020},\n  doi = {10.1000/TWIN},\n}\n"
SAME = (
    '@article{wijaya2001,\n  title = {Two  harbours},\n  author = {Wijaya, Rina and M{\\"u}ller, Jan},\n'
    "  journal = {Journal of Towns},\n  year = {2001},\n  langid = {english},\n  file = {/home/me/x.pdf},\n}\n"
)
OTHER = "@book{hartono2019,\n  author = {Hartono},\n  title = {Pasar kota},\n  year = 2020,\n}\n"
UNUSED = "@misc{unused}\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library of a user, ~/Zotero/library.bib."""
    place = tmp_path / "home" / "Zotero" / "library.bib"
    place.parent.mkdir(parents=True)
    place.write_text(SMITH + SAME + OTHER + UNUSED, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return place


@pytest.fixture
def linked(review_folder: Path, library: Path) -> Path:
    """The review, the library linked to it."""
    with Review.open(review_folder) as review:
        linking.carry_out(review, linking.link(review, str(library)))
    return review_folder


def test_linking(review_folder: Path, library: Path) -> None:
    with Review.open(review_folder) as review:
        found = linking.link(review, str(library))
        assert found.library == Library("zotero", "~/Zotero/library.bib", (str(review_folder),))
        assert (found.entries, found.winners, found.same, found.differ) == (4, ("sources/all.bib",), 1, 1)
        assert found.change.paths == ("libreview.toml",)
        assert "+[libraries.zotero]" in linking.own_difference(found)
        linking.carry_out(review, found)
        assert review.keys() == ("wijaya2001", "hartono2019", "smith2020", "unused")
        assert review.settings.libraries == ("zotero",)
        again = linking.link(review, str(library))
        assert (again.entries, again.same, again.differ, again.change.edits) == (4, 1, 1, ())
        assert linking.own_difference(again) == ""
        linking.carry_out(review, again)
        assert linking.rows(review) == (linking.Row("zotero", "~/Zotero/library.bib", 4, "linked"),)
        review.undo()
        assert review.keys() == ("wijaya2001", "hartono2019")
        review.redo()
        assert "smith2020" in review.source_keys()
        review.apply(linking.unlink(review, "zotero"))
        assert review.keys() == ("wijaya2001", "hartono2019")
        with pytest.raises(NotFound, match='names no library "zotero"'):
            linking.unlink(review, "zotero")
        linking.carry_out(review, linking.link(review, name="zotero"))
        assert "smith2020" in review.source_keys()
    assert library.read_text("utf-8") == SMITH + SAME + OTHER + UNUSED


def test_a_folder_that_was_moved_is_linked_again_by_name(linked: Path) -> None:
    moved = linked.rename(linked.with_name("moved"))
    with Review.open(moved) as review:
        assert linking.rows(review) == (linking.Row("zotero", "~/Zotero/library.bib", 0, "not-linked"),)
        found = linking.link(review, name="zotero")
        assert found.library.reviews == (str(moved),)  # where it was there is no review any more
        linking.carry_out(review, found)
        assert "smith2020" in review.source_keys()
        assert [one.code for one in reporting.problems(review)] == ["library-differs"]


def test_names(review_folder: Path, library: Path, tmp_path: Path) -> None:
    second = library.with_name("Kota Lama.bib")
    second.write_text(SMITH, "utf-8")
    twin = tmp_path / "home" / "zotero" / "library.bib"
    twin.parent.mkdir()
    twin.write_text(SMITH, "utf-8")
    with Review.open(review_folder) as review:
        assert linking.link(review, str(second)).library.name == "kota-lama"
        linking.carry_out(review, linking.link(review, str(library)))
        assert linking.link(review, str(twin)).library.name == "zotero-2"
        assert linking.link(review, str(library), "zotero").library.name == "zotero"
        moved = linking.link(review, str(twin), "zotero")  # only this review reads it: it may lie elsewhere now
        assert moved.library.path == "~/zotero/library.bib"
        own = Path(os.environ["LIBREVIEW_CONFIG"])
        (tmp_path / "third").mkdir()
        (tmp_path / "third" / "libreview.toml").write_text("", "utf-8")
        own.write_text(own.read_text("utf-8").replace('reviews = ["', f'reviews = ["{tmp_path}/third", "'), "utf-8")
        review.settle()
        with pytest.raises(Refused, match='"zotero" is the name of another library'):
            linking.link(review, str(twin), "zotero")


def test_what_cannot_be_linked(review_folder: Path, library: Path) -> None:
    empty = library.with_name("empty.bib")
    empty.write_text("nothing\n", "utf-8")
    os.mkfifo(library.with_name("pipe.bib"))
    library.with_name("folder.bib").mkdir()
    with library.with_name("huge.bib").open("wb") as huge:
        huge.truncate(300 * 1024 * 1024)
    cases: list[tuple[str, str, type[ReviewError], str]] = [
        (str(review_folder / "sources" / "all.bib"), "", Refused, "lies in the review"),
        (str(library.with_suffix(".json")), "", Refused, "is not a .bib file"),
        (str(library.with_name("none.bib")), "", Refused, "none.bib cannot be read: No such file"),
        (str(empty), "", Refused, "no BibTeX entry in ~/Zotero/empty.bib"),
        (str(library.with_name("pipe.bib")), "", Refused, "pipe.bib is not a file"),
        (str(library.with_name("folder.bib")), "", Refused, "folder.bib cannot be read: Is a directory"),
        (str(library.with_name("huge.bib")), "", Refused, "larger than 256 MiB"),
        (str(library), "../x", Wrong, "cannot be the name"),
        (str(library), "a b", Wrong, "cannot be the name"),
        ("", "zotero", NotFound, 'no library "zotero" on this machine'),
    ]
    with Review.open(review_folder) as review:
        for path, name, kind, words in cases:
            with pytest.raises(kind) as refused:
                linking.link(review, path, name)
            assert words in str(refused.value)
    assert not Path(os.environ["LIBREVIEW_CONFIG"]).exists()


def test_what_would_change_an_entry_is_refused(linked: Path, library: Path) -> None:
    data = library.read_bytes()
    with Review.open(linked) as review:
        for deed in (
            lambda: merging.rekey(review, "smith2020", "new"),
            lambda: merging.remove(review, ["smith2020"], force=True),
            lambda: merging.merge(review, "smith2020", ["hartono2019"]),
            lambda: merging.merge(review, "hartono2019", ["smith2020"]),
        ):
            with pytest.raises(Refused, match=r"^smith2020 lives in ~/Zotero/library\.bib: change it there$"):
                deed()
        with pytest.raises(Refused, match='The key "smith2020" is taken'):
            merging.rekey(review, "hartono2019", "smith2020")
        with pytest.raises(Refused, match="hartono2019 is still another source"):
            merging.rekey(review, "hartono2019", "smith2020", notes_only=True)
    assert library.read_bytes() == data


def test_problems_of_a_library_are_those_of_what_is_used(linked: Path) -> None:
    with Review.open(linked) as review:
        (found,) = reporting.problems(review)
        assert (found.code, str(found.location)) == ("library-differs", "~/Zotero/library.bib:15")
        assert found.facts["other"] == "sources/all.bib:9"
        review.apply(annotating.annotate(review, "unused", "A note.")[0])
        codes = [one.code for one in reporting.problems(review) if one.subject == "unused"]
        assert codes == ["entry-without-fields", "source-without-author", "source-without-title", "source-without-year"]


def test_a_key_that_was_changed_there_is_found_by_its_doi(linked: Path, library: Path) -> None:
    kept = linked / linking.REMEMBERED
    with Review.open(linked) as review:
        assert not kept.exists()
        review.apply(tagging.excerpt(review, "smith2020", "Towns are twins.", locator="3", themes=["trade"])[0])
        assert kept.read_text("utf-8").splitlines()[1:] == ['"smith2020" = "10.1000/twin"']
        review.apply(tagging.excerpt(review, "smith2020", "Twins are towns.", locator="4")[0])
        assert kept.read_text("utf-8").count("smith2020") == 1
        review.apply(tagging.excerpt(review, "hartono2019", "A market.")[0])
        assert "hartono2019" not in kept.read_text("utf-8")
    library.write_text(library.read_text("utf-8").replace("smith2020", "smith2020a"), "utf-8")
    with Review.open(linked) as review:
        found = [one for one in reporting.problems(review) if one.code != "library-differs"]
        assert {one.code for one in found} == {"source-rekeyed"}
        assert found[0].subject == "smith2020"
        assert found[0].facts == {"new": "smith2020a", "path": "~/Zotero/library.bib"}
        change, rekeyed = merging.rekey(review, "smith2020", "smith2020a", notes_only=True)
        review.apply(change)
        assert (rekeyed.path, rekeyed.followed.citations, rekeyed.followed.cards) == ("", 2, 1)
        assert [one.code for one in reporting.problems(review)] == ["library-differs"]
        assert '"smith2020a" = "10.1000/twin"' in kept.read_text("utf-8")


def test_it_is_not_offered_where_it_is_not_certain(linked: Path, library: Path) -> None:
    with Review.open(linked) as review:
        review.apply(annotating.annotate(review, "smith2020", "Read.")[0])
    text = library.read_text("utf-8")
    library.write_text(text.replace("smith2020", "a1") + SMITH.replace("smith2020", "a2"), "utf-8")
    with Review.open(linked) as review:
        assert "unknown-source" in [one.code for one in reporting.problems(review)]


def test_what_is_remembered_outlives_a_merge_and_a_hand(linked: Path, library: Path) -> None:
    (linked / linking.REMEMBERED).write_bytes(
        b'<<<<<<< mine\nsmith2020 = "10.1000/twin"\n=======\n"other" = 5\n>>>>>>> theirs\n= \xff\n'
        + b"[" * 5_000
        + b"=\n"
    )
    (linked / "notes" / "smith.md").write_text("---\nsource: smith2020\n---\n\nRead.\n", "utf-8")
    library.write_text(library.read_text("utf-8").replace("smith2020", "smith2020a"), "utf-8")
    with Review.open(linked) as review:
        assert "source-rekeyed" in [one.code for one in reporting.problems(review)]
        review.apply(tagging.excerpt(review, "smith2020a", "Twins.")[0])
    assert (linked / linking.REMEMBERED).read_bytes().endswith(b'[=\n"smith2020a" = "10.1000/twin"\n')


def test_linking_remembers_what_is_cited_already(review_folder: Path, library: Path) -> None:
    (review_folder / "notes" / "smith.md").write_text("> Twins. [@smith2020, p. 2] #trade ^z1z1z1\n", "utf-8")
    with Review.open(review_folder) as review:
        found = linking.link(review, str(library))
        assert found.change.paths == ("libreview.toml", linking.REMEMBERED)


def test_what_mends_and_merges_leaves_it_out(linked: Path, library: Path) -> None:
    text = library.read_text("utf-8") + SMITH.replace("smith2020", "twin").replace("Smith, Ann", "Smith Smith and dkk")
    library.write_text(text, "utf-8")
    (linked / "notes" / "twin.md").write_text("---\nsource: twin\n---\n\nRead.\n", "utf-8")
    with Review.open(linked) as review:
        change, _ = mending.mend(review)
        review.apply(change)
        assert not deduplicating.in_review(review).groups
    assert library.read_text("utf-8") == text


def test_a_decision_follows_a_key_that_was_changed_there(linked: Path, library: Path) -> None:
    with Review.open(linked) as review:
        review.apply(screening.screen(review, ["smith2020"], "include")[0])
        assert (linked / linking.REMEMBERED).read_text("utf-8").count("smith2020") == 1
    library.write_text(library.read_text("utf-8").replace("smith2020", "smith2020a"), "utf-8")
    with Review.open(linked) as review:
        assert "source-rekeyed" in [one.code for one in reporting.problems(review)]
        review.apply(merging.rekey(review, "smith2020", "smith2020a", notes_only=True)[0])
        assert review.in_review() == {"smith2020a"}
        assert "source-rekeyed" not in [one.code for one in reporting.problems(review)]
