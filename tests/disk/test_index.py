"""The index: equal to one made anew after any step, rebuilt where damaged, never in the way."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.review import Review


def state(review: Review) -> object:
    """Return everything a user could see of the index, without its row numbers."""
    return (
        review.sources(),
        review.listing(),
        review.lines(),
        review.records(),
        review.excerpts(),
        review.notes(),
        review.codebook,
        review.problems(),
        sorted(review.in_review()),
        review.decisions(),
        review.decisions("b2"),
        review.keys("screening:included"),
        review.keys("screening:excluded"),
        review.keys("screening:undecided"),
        review.totals(),
        review.search("a"),
        review.search("harbour not fair"),
        review.search("theme:trade") if review.codebook.resolve("trade") or "trade" in review.used_tags() else (),
    )


PIECES = {
    "sources/all.bib": (
        "@book{a1,\n  title = {A harbour},\n  year = 2001,\n}\n",
        "@article{b2,\n  author = {Bae, A.},\n  title = {A fair},\n  ids = {old},\n}\n",
        "@book{a1, title = {A second harbour}}\n",
        "@string{x = {A}}\n@misc{c3, title = x}\n",
        "@broken{\n",
        "free text\n",
    ),
    "notes/one.md": (
        "---\nsource: a1\n---\n\nAn annotation.\n\n",
        "> A harbour. [@a1, p. 3] #trade ^aaa111\n\nA comment.\n\n",
        "- At a fair. [@old, p. 1; @a1] #fair #unheard\n\n",
        "- ^bbb222 #trade\n\n",
        "```\nnever closed\n",
    ),
    "notes/two.md": ("---\ncoder: budi\n---\n\n", "- ^aaa111 #fair because\n\n", "> Words. [@b2] ^bbb222\n\n"),
    "sources/screening.toml": (
        '[[decision]]\nsource = "a1"\nverdict = "include"\n',
        '[[decision]]\nsource = "b2"\nverdict = "exclude"\nreason = "no harbour"\n',
        '[[decision]]\nsource = "old"\nverdict = "include"\ncoder = "budi"\n',
        '[[decision]]\nsource = "nowhere"\nverdict = "exclude"\n',
        "[[decision]]\nverdict = maybe\n",
    ),
    "notes/codebook.toml": (
        '[trade]\ndefinition = "A"\n',
        '[fair]\nparent = "trade"\n',
        "[broken\n",
        '[trade]\nlabel = "B"\n',
    ),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_index_brought_up_to_date_equals_one_made_anew(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("review")
    (root / "sources").mkdir()
    (root / "notes").mkdir()
    (root / "libreview.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("LIBREVIEW_CACHE", str(tmp_path_factory.mktemp("kept")))
    for _ in range(data.draw(st.integers(1, 5))):
        path = data.draw(st.sampled_from(sorted(PIECES)))
        content = data.draw(st.lists(st.sampled_from(PIECES[path]), max_size=5).map("".join))
        if content:
            (root / path).write_text(content, encoding="utf-8")
        else:
            (root / path).unlink(missing_ok=True)
        with Review.open(root) as review:
            kept = state(review)
        with monkeypatch.context() as fresh:
            fresh.setenv("LIBREVIEW_CACHE", str(tmp_path_factory.mktemp("fresh")))
            with Review.open(root) as review:
                assert kept == state(review)


def place_of_index(cache: Path) -> Path:
    return next((cache / "index").glob("*.sqlite"))


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look like one" * 40, None])
def test_a_damaged_or_foreign_index_is_rebuilt(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("LIBREVIEW_CACHE", str(cache))
    with Review.open(review_folder) as review:
        expected = state(review)
    place = place_of_index(cache)
    if content is None:  # another program's database under our name
        place.unlink()
        with sqlite3.connect(place) as other:
            other.execute("CREATE TABLE source (x)")
            other.execute("CREATE TRIGGER evil AFTER INSERT ON source BEGIN DELETE FROM source; END")
    else:
        place.write_bytes(content)
    with Review.open(review_folder) as review:
        assert state(review) == expected


def test_an_index_damaged_in_the_middle_is_rebuilt_with_a_word(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("LIBREVIEW_CACHE", str(cache))
    with Review.open(review_folder) as review:
        expected = state(review)
    place = place_of_index(cache)
    data = bytearray(place.read_bytes())
    for at in range(4096, len(data), 97):
        data[at] ^= 0xFF
    place.write_bytes(data)
    told: list[str] = []
    with Review.open(review_folder, warn=told.append) as review:
        assert state(review) == expected
    assert told == ["rebuilt"]


def test_without_a_writable_cache_the_index_is_in_memory(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LIBREVIEW_CACHE", str(tmp_path / "file"))
    told: list[str] = []
    with Review.open(review_folder, warn=told.append) as review:
        assert len(review.sources()) == 2
    assert told == ["memory"]


def test_a_change_of_the_same_size_within_a_moment_is_seen(review_folder: Path) -> None:
    note = review_folder / "notes" / "wijaya2001.md"
    text = note.read_bytes()
    with Review.open(review_folder) as review:
        assert review.excerpt("k3f9q2").text == "Two harbours signed a paper."
    status = note.stat()
    note.write_bytes(text.replace(b"Two harbours signed", b"Two airports signed"))
    os.utime(note, ns=(status.st_atime_ns, status.st_mtime_ns))
    with Review.open(review_folder) as review:
        assert review.excerpt("k3f9q2").text == "Two airports signed a paper."


def test_the_cache_is_not_in_the_review(review_folder: Path) -> None:
    before = sorted(review_folder.rglob("*"))
    with Review.open(review_folder) as review:
        assert review.totals().sources == 2
    assert sorted(review_folder.rglob("*")) == before
