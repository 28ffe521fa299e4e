"""What `check --fix` puts right: one excerpt keeps its id, and what meant that id means the same excerpt still."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.deeds import mending, reporting
from libreview.deeds.mending import Mended
from libreview.model import Change
from libreview.pages.reports import checking
from libreview.review import Review
from libreview.words.errors import PROBLEMS

EXCERPT = "> Words of {0}. [@wijaya2001, p. 1] #trade ^dupdup\n\nA comment on {0}.\n\n"
CODING = "- ^dupdup #fair\n"


def fixed(folder: Path, *paths: str) -> tuple[Mended, ...]:
    with Review.open(folder) as review:
        change, done = mending.mend(review, paths)
        assert mending.mend(review, paths) == (change, done)  # the same again: nothing of it is chance
        review.apply(change)
        again, nothing = mending.mend(review, paths)
        assert (again.edits, nothing) == ((), ())
        assert not any(one.code == "duplicate-id" for one in reporting.problems(review, paths))
    return done


def keeper(folder: Path) -> list[tuple[str, str]]:
    """Return where the id stands now, with the words of its excerpt."""
    with Review.open(folder) as review:
        return [(one.location.path, one.text) for one in review.excerpts() if one.id == "dupdup"]


def put(folder: Path, **notes: str) -> None:
    for name, text in notes.items():
        (folder / "notes" / f"{name}.md").write_text(text, encoding="utf-8")


def test_what_is_said_of_a_fix_is_of_a_known_problem() -> None:
    assert checking.MENDED.keys() <= PROBLEMS.keys()


MESSY = b"""% kept as it is
@article{a2020, title = "Contoh", journal = {Jurnal}, volume = "Vol 6, No 2 (2020)",
  author = "Siti Contoh FA; Budi Misal; Sumarno Sumarno", isbn = {2049-3630}, }\r
@book{b2001,
  author = {Prof. Dr. Budi Misal, M.Si. and dkk.},
  title  = {Metode},
  year   = 2001
}
"""


def test_sources_are_put_right_in_their_fields_alone_and_taken_back(review_folder: Path) -> None:
    place = review_folder / "sources" / "messy.bib"
    place.write_bytes(MESSY)
    with Review.open(review_folder) as review:
        change, done = mending.mend(review, ["sources/messy.bib"])
        review.apply(change)
        assert {one.code: one.times for one in done} == {
            "names-joined": 1, "name-doubled": 1, "volume-joined": 1, "isbn-is-issn": 1, "name-et-al": 1, "name-with-title": 1,
        }  # fmt: skip
        assert mending.mend(review, ["sources/messy.bib"]) == (Change((), "check --fix"), ())
        sources = {one.key: one.plain for one in review.sources()}
        assert sources["a2020"]["author"] == "Siti Contoh FA and Budi Misal and Sumarno"
        assert [sources["a2020"].get(name) for name in ("volume", "number", "year", "isbn", "issn")] == [
            "6", "2", "2020", None, "2049-3630",
        ]  # fmt: skip
        now = place.read_bytes()
        assert now.startswith(b'% kept as it is\n@article{a2020, title = "Contoh", journal = {Jurnal}, volume = {6},')
        assert now.endswith(b"  author = {Misal, Budi and others},\n  title  = {Metode},\n  year   = 2001\n}\n")
        review.undo()
    assert place.read_bytes() == MESSY


@pytest.mark.parametrize(
    ("notes", "kept", "times"),
    [
        ({"b": EXCERPT, "c": EXCERPT}, "b", 1),
        ({"b": EXCERPT, "c": EXCERPT, "d": EXCERPT, "z": "---\ncoder: budi\n---\n\n" + CODING}, "b", 2),
        ({"b": EXCERPT, "c": f"---\ncoder: budi\n---\n\n{EXCERPT}{CODING}"}, "c", 1),
        ({"b (conflicted copy 2024-05-01)": EXCERPT, "b": EXCERPT, "c": EXCERPT}, "b", 1),
        (
            {
                "b.sync-conflict-20240501-101010-ABC": f"---\ncoder: x\n---\n\n{EXCERPT}{CODING}",
                "c": EXCERPT,
                "d": EXCERPT,
            },
            "c",
            1,
        ),
    ],
)
def test_who_keeps_the_id(review_folder: Path, notes: dict[str, str], kept: str, times: int) -> None:
    put(review_folder, **{name: text.replace("{0}", name) for name, text in notes.items()})
    assert fixed(review_folder) == (Mended("duplicate-id", times),)
    assert [one for one in keeper(review_folder) if "conflict" not in one[0]] == [
        (f"notes/{kept}.md", f"Words of {kept}.")
    ]
    with Review.open(review_folder) as review:
        ids = [one.id for one in review.excerpts() if "conflict" not in one.location.path]
        assert len(set(ids)) == len(ids)
        if "z" in notes:
            assert [one.themes for one in review.excerpt("dupdup").codings] == [("trade",), ("fair",)]


def test_only_the_ids_change(review_folder: Path) -> None:
    text = b"\xef\xbb\xbfFree text \xff.\r\n\r\n> One. [@wijaya2001, p. 1]\r\n> #trade ^DUPDUP\r\n\r\n- Two. [@wijaya2001] ^dupdup\r\n"
    (review_folder / "notes" / "m.md").write_bytes(text)
    assert fixed(review_folder) == (Mended("duplicate-id", 1),)
    after = (review_folder / "notes" / "m.md").read_bytes()
    assert after[: text.rindex(b"^dupdup")] == text[: text.rindex(b"^dupdup")]
    assert after.endswith(b"\r\n")
    assert len(after) == len(text)
    assert not after.endswith(b"^dupdup\r\n")


def test_only_in_the_files_that_were_named(review_folder: Path) -> None:
    (review_folder / "notes" / "deep").mkdir()
    put(review_folder, **{"b": EXCERPT, "c": EXCERPT, "deep/d": EXCERPT, "deep.d": EXCERPT})
    with Review.open(review_folder) as review:
        for paths, count in (
            ((), 3),
            ((".",), 3),
            (("notes/deep",), 1),
            (("notes/c.md", "notes/b.md"), 1),
            (("sources",), 0),
        ):
            change, done = mending.mend(review, paths)
            assert (sum(one.times for one in done), len(change.paths)) == (count, count)


def test_a_new_id_is_none_that_something_else_means(review_folder: Path) -> None:
    put(review_folder, b=EXCERPT, c=EXCERPT)
    with Review.open(review_folder) as review:
        (edit,) = mending.mend(review)[0].edits
        new = getattr(edit, "new", b"").decode().removeprefix("^")
    put(review_folder, z=f"---\ncoder: budi\n---\n\n- ^{new} #trade\n")
    fixed(review_folder)
    with Review.open(review_folder) as review:
        assert new not in review.excerpt_ids()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["> Q. [@a]", "- P. [@a, p. 2]", "P. [@a] #t"]),
            st.sampled_from("xyz"),
        ),
        max_size=12,
    )
)
def test_afterwards_every_id_stands_once(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[tuple[str, str, str]]
) -> None:
    root = tmp_path_factory.mktemp("review")
    (root / "notes").mkdir()
    (root / "libreview.toml").write_text("", encoding="utf-8")
    for name in "abc":
        lines = [f"{block} ^{id}id001\n" for note, block, id in blocks if note == name]
        (root / "notes" / f"{name}.md").write_text("\n".join(lines), encoding="utf-8")
    expected = len(blocks) - len({id for *_, id in blocks})
    assert sum(one.times for one in fixed(root)) == expected
    with Review.open(root) as review:
        assert {f"{id}id001" for *_, id in blocks} <= review.excerpt_ids()
        assert len(review.excerpt_ids()) == len(review.excerpts()) == len(blocks)
