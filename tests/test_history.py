"""Taking back and doing again: byte exact over any sequence of changes, and nothing is used that came from elsewhere."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from libreview.deeds import annotating, collecting, merging, screening, tagging, theming
from libreview.disk.journal import locking, records
from libreview.model import Change, Create, Delete, Edit, Verdict
from libreview.review import Review
from libreview.words.errors import Refused, ReviewError

Files = dict[str, bytes]


def everything(root: Path) -> Files:
    """Return all files of the review but the journal."""
    return {
        place.relative_to(root).as_posix(): place.read_bytes()
        for place in sorted(root.rglob("*"))
        if place.is_file() and locking.FOLDER not in place.parts
    }


def seen(review: Review) -> object:
    """Return what a user could see of the index."""
    return (
        review.sources(), review.lines(), review.records(), review.excerpts(), review.notes(), review.codebook,
        review.problems(), sorted(review.in_review()), review.totals(), review.search("a"), review.decisions(),
        *(review.keys(f"screening:{state}") for state in ("included", "excluded", "undecided")),
    )  # fmt: skip


def append(review: Review, path: str, text: bytes) -> Change:
    """Return a change that writes at the end of a file."""
    size = len(review.read(path))
    return Change((Edit(path, size, size, b"", text),), f"append to {path}")


def test_a_change_is_taken_back_and_done_again(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        before = everything(review_folder)
        change, _ = tagging.excerpt(
            review, "hartono2019", "Words.", kind="quotation", locator="p. 1", themes=("trade",)
        )
        review.apply(change)
        after = everything(review_folder)
        step = review.undo()
        assert step.paths == change.paths
        assert everything(review_folder) == before
        assert not [one for one in review.excerpts() if one.text == "Words."]
        assert review.redo().left == ()
        assert everything(review_folder) == after
        assert [(one.state, one.summary) for one in review.log()] == [("done", change.summary)]


def test_a_new_change_ends_what_could_be_done_again(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"one"))
        review.undo()
        review.apply(append(review, "sources/all.bib", b"two"))
        with pytest.raises(Refused, match="nothing to do again"):
            review.redo()


def test_fifty_changes_are_kept(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        for number in range(53):
            review.apply(append(review, "sources/all.bib", b"%d\n" % number))
        assert [one.number for one in review.log()] == list(range(53, 3, -1))


def test_a_file_that_changed_since_is_left_and_both_versions_are_kept(review_folder: Path) -> None:
    note, bib = review_folder / "notes" / "wijaya2001.md", review_folder / "sources" / "all.bib"
    with Review.open(review_folder) as review:
        old = bib.read_bytes()
        at = note.read_bytes().index(b"Never published.")
        review.apply(
            Change(
                (
                    Edit("notes/wijaya2001.md", at, at + 16, b"Never published.", b"Published in 2002."),
                    Edit("sources/all.bib", len(old), len(old), b"", b"more"),
                ),
                "two files",
            )
        )
        note.write_bytes(note.read_bytes() + b"\nby hand\n")
        mine = note.read_bytes()
        step = review.undo()
        assert step.left == ("notes/wijaya2001.md",)
        assert step.paths == ("sources/all.bib",)
        assert note.read_bytes() == mine
        assert bib.read_bytes() == old
        kept = list((review_folder / ".libreview" / "kept").iterdir())
        assert b"Never published." in kept[0].read_bytes()
        with pytest.raises(Refused, match="changed since"):
            review.undo()
        note.write_bytes(mine.removesuffix(b"\nby hand\n"))
        assert review.undo().paths == ("notes/wijaya2001.md",)
        assert b"Never published." in note.read_bytes()


@pytest.mark.parametrize("again", [False, True], ids=["put back, undo", "redo, put back, undo"])
def test_files_that_were_left_are_not_forgotten(review_folder: Path, again: bool) -> None:
    note = review_folder / "notes" / "wijaya2001.md"
    both = ("notes/wijaya2001.md", "sources/all.bib")
    with Review.open(review_folder) as review:
        before = everything(review_folder)
        review.apply(Change(tuple(one for path in both for one in append(review, path, b"one").edits), "two files"))
        after = everything(review_folder)
        note.write_bytes(note.read_bytes() + b"by hand")
        assert review.undo().left == both[:1]
        if again:
            assert review.redo().paths == both[1:]
        note.write_bytes(after[both[0]])
        assert review.undo().paths == (both if again else both[:1])[::-1]
        assert everything(review_folder) == before
        assert sorted(review.redo().paths) == list(both)
        assert everything(review_folder) == after
        review.undo()
        assert everything(review_folder) == before


def test_a_change_that_cannot_be_taken_back_may_stay(review_folder: Path) -> None:
    bib, note = review_folder / "sources" / "all.bib", review_folder / "notes" / "wijaya2001.md"
    before = bib.read_bytes()
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"one"))
        review.apply(append(review, "notes/wijaya2001.md", b"\nmore\n"))
        note.write_bytes(note.read_bytes() + b"by hand\n")
        with pytest.raises(Refused, match="changed since") as refused:
            review.undo()
        assert "--skip" in refused.value.hint
        assert review.skip().summary == "append to notes/wijaya2001.md"
        assert review.undo().paths == ("sources/all.bib",)
        assert bib.read_bytes() == before
        with pytest.raises(Refused, match="nothing to take back"):
            review.skip()


def test_a_pipe_in_the_history_is_not_waited_for(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"one"))
        os.mkfifo(review_folder / ".libreview" / "history" / "done" / "00000002")
        assert [(one.number, one.own) for one in review.log()] == [(2, False), (1, True)]
        with pytest.raises(Refused, match="cannot be read"):
            review.undo()
        assert review.skip().number == 2
        assert review.undo().number == 1


def test_what_is_kept_has_a_short_name_and_follows_no_link(review_folder: Path, tmp_path: Path) -> None:
    path = "/".join(["notes", *["n" * 60] * 5, "c.md"])
    with Review.open(review_folder) as review:
        review.apply(Change((Create(path, b"text"),), "make it"))
        (review_folder / path).write_bytes(b"by hand")
        (review_folder / ".libreview" / "kept").symlink_to(tmp_path)
        with pytest.raises(Refused, match="is a link"):
            review.undo()
        (review_folder / ".libreview" / "kept").unlink()
        with pytest.raises(Refused, match="changed since"):
            review.undo()
    assert len(list((review_folder / ".libreview" / "kept").iterdir())) == 1


def test_the_mode_and_a_link_are_kept(review_folder: Path) -> None:
    real = review_folder / "sources" / "real.bib"
    (review_folder / "sources" / "all.bib").rename(real)
    (review_folder / "sources" / "all.bib").symlink_to("real.bib")
    real.chmod(0o640)
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"x"))
        review.undo()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert (review_folder / "sources" / "all.bib").is_symlink()


def test_a_history_from_elsewhere_is_shown_and_refused_until_accepted(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Review.open(review_folder) as review:
        before = everything(review_folder)
        review.apply(append(review, "sources/all.bib", b"x"))
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "another user"))
    with Review.open(review_folder) as review:
        assert [one.own for one in review.log()] == [False]
        with pytest.raises(Refused, match="not made by you on this machine"):
            review.undo()
        assert review.accept() == 1
        review.undo()
        assert everything(review_folder) == before


@pytest.mark.parametrize("path", [b"../../../passwd", b".git/config", b"notes/.git/x"])
def test_a_history_that_leads_out_or_to_hidden_files_is_not_accepted(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: bytes
) -> None:
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"x"))
    record = next((review_folder / ".libreview" / "history" / "done").iterdir())
    record.write_bytes(record.read_bytes().replace(b"sources/all.bib", path))
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "another user"))
    with Review.open(review_folder) as review, pytest.raises(Refused, match=r"not a place inside the review|is hidden"):
        review.accept()


def unfinished(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a change that is committed and not applied."""
    with monkeypatch.context() as broken, Review.open(root) as review:
        broken.setattr("libreview.disk.journal.changing._apply_one", fail)
        with pytest.raises(ReviewError, match="could not be finished"):
            review.apply(append(review, "sources/all.bib", b"@misc{late, title = {Late}}\n"))


def fail(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_a_reader_finishes_what_was_begun(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfinished(review_folder, monkeypatch)
    told: list[str] = []
    with Review.open(review_folder, warn=told.append) as review:
        assert "late" in review.source_keys()
    assert told == ["recovered"]


def test_a_reader_who_cannot_write_reads_it_as_if_it_were_finished(
    review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished(review_folder, monkeypatch)
    monkeypatch.setattr("libreview.disk.journal.changing._apply_one", fail)
    before = everything(review_folder)
    told: list[str] = []
    with Review.open(review_folder, warn=told.append) as review:
        assert "late" in review.source_keys()
        assert review.read("sources/all.bib").endswith(b"{Late}}\n")
    assert told == ["overlaid"]
    assert everything(review_folder) == before


def test_a_journal_from_elsewhere_is_left_alone_by_readers_and_refused_to_writers(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished(review_folder, monkeypatch)
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "another user"))
    told: list[str] = []
    with Review.open(review_folder, warn=told.append) as review:
        assert "late" not in review.source_keys()
        assert told == ["foreign"]
        pending = review.pending()
        assert pending is not None
        assert not pending.own
        with pytest.raises(Refused, match="not made by you on this machine"), review.writing():
            pass
        assert review.accept() == 2
        assert "late" in review.source_keys()


def test_a_change_is_given_up(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(review_folder)
    unfinished(review_folder, monkeypatch)
    monkeypatch.setattr("libreview.disk.journal.changing._apply_one", fail)
    with Review.open(review_folder) as review:
        assert review.discard() == ("sources/all.bib",)
        assert review.pending() is None
        assert "late" not in review.source_keys()
    assert everything(review_folder) == before


def test_the_token_is_the_users_alone_and_the_same_for_all_who_ask_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "state"))
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: records.token(), range(32)))
    assert len(found) == 1
    place = tmp_path / "state" / "token"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [one.name for one in place.parent.iterdir()] == ["token"]
    place.write_bytes(b"cut")
    assert records.token() != b"cut"
    assert records.token() == place.read_bytes()


def test_a_change_is_made_where_no_token_can_be_kept(
    review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "file" / "state"))
    before = everything(review_folder)
    with Review.open(review_folder) as review:
        review.apply(append(review, "sources/all.bib", b"x"))
        review.undo()
    assert everything(review_folder) == before


BYTES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"@broken{\n", b"> q [@wijaya2001, p. 1] #trade\n\n", b""]),
)


class Histories(RuleBasedStateMachine):
    """Changes of all kinds, taken back and done again, against a list of copies of the folder."""

    agreed = 0
    """How often files and index were as they had to be."""

    def __init__(self) -> None:
        super().__init__()
        self.past: list[Files] = []
        self.future: list[Files] = []

    @initialize()
    def begin(self) -> None:
        self.folder = TEMPLATE["scratch"] / f"run{len(list(TEMPLATE['scratch'].iterdir()))}"
        shutil.copytree(TEMPLATE["review"], self.folder)
        self.review = Review.open(self.folder)
        self.past = [everything(self.folder)]

    def teardown(self) -> None:
        if self.past:
            self.review.close()
            shutil.rmtree(self.folder)

    def apply(self, change: Change) -> None:
        self.review.apply(change)
        now = everything(self.folder)
        if now != self.past[-1]:
            self.past.append(now)
            self.future = []
        self.agree()

    def agree(self) -> None:
        assert everything(self.folder) == self.past[-1]
        assert seen(self.review) == seen_anew(self.folder)
        Histories.agreed += 1

    @rule(data=st.data())
    def splice(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.past[-1])).filter(lambda path: path != "libreview.toml"))
        old = self.review.read(path)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(old)), min_size=2, max_size=2)))
        self.apply(Change((Edit(path, cuts[0], cuts[1], old[cuts[0] : cuts[1]], data.draw(BYTES)),), "splice"))

    @rule(name=st.sampled_from(["notes/x.md", "notes/deep/y.md", "sources/z.bib"]), content=BYTES)
    def make_or_remove(self, name: str, content: bytes) -> None:
        old = self.past[-1].get(name)
        self.apply(Change((Create(name, content) if old is None else Delete(name, old),), "make or remove"))

    @rule(theme=st.sampled_from(["trade", "fair", "new-one"]))
    def tag(self, theme: str) -> None:
        if "wijaya2001" in self.review.source_keys():
            self.deed(
                lambda: tagging.excerpt(
                    self.review, "wijaya2001", "Words.", kind="quotation", locator="p. 9", themes=(theme,)
                )[0]
            )

    @rule(name=st.sampled_from(["alpha", "beta", "gamma"]))
    def theme(self, name: str) -> None:
        self.deed(lambda: theming.add_theme(self.review, name, definition="What it is."))

    @rule(title=st.sampled_from(["First", "Second {x}"]))
    def add(self, title: str) -> None:
        self.deed(lambda: collecting.add(self.review, "book", {"author": "Sukarno", "title": title, "year": "1950"})[0])

    @rule()
    def annotate(self) -> None:
        if "hartono2019" in self.review.source_keys():
            self.deed(lambda: annotating.annotate(self.review, "hartono2019", "An annotation.", {})[0])

    @rule(
        key=st.sampled_from(["wijaya2001", "hartono2019", "moved"]),
        verdict=st.sampled_from(["include", "exclude"]),
        reason=st.sampled_from(["not scholarly", 'a "quoted" reason']),
    )
    def screen(self, key: str, verdict: Verdict, reason: str) -> None:
        if key in self.review.source_keys():
            self.deed(lambda: screening.screen(self.review, [key], verdict, reason=reason)[0])

    @rule(old=st.sampled_from(["wijaya2001", "hartono2019", "moved"]), new=st.sampled_from(["wijaya2001", "moved"]))
    def rekey(self, old: str, new: str) -> None:
        self.deed(lambda: merging.rekey(self.review, old, new)[0])

    @rule(key=st.sampled_from(["wijaya2001", "hartono2019", "moved"]))
    def remove(self, key: str) -> None:
        self.deed(lambda: merging.remove(self.review, [key], force=True)[0])

    def deed(self, make: Callable[[], Change]) -> None:
        try:
            change = make()
        except ReviewError:  # the splices before may have left nothing that it could be done to
            return
        self.apply(change)

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        self.review.undo()
        self.future.append(self.past.pop())
        self.agree()

    @precondition(lambda self: bool(self.future))
    @rule()
    def redo(self) -> None:
        self.review.redo()
        self.past.append(self.future.pop())
        self.agree()


TEMPLATE: dict[str, Path] = {}


def seen_anew(folder: Path) -> object:
    """Return what an index made from nothing shows."""
    with pytest.MonkeyPatch.context() as fresh:
        fresh.setenv("LIBREVIEW_CACHE", str(TEMPLATE["scratch"].parent / "fresh"))
        shutil.rmtree(TEMPLATE["scratch"].parent / "fresh", ignore_errors=True)
        with Review.open(folder) as review:
            return seen(review)


def test_histories(review_folder: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    TEMPLATE.update(review=review_folder, scratch=scratch)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=5, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert Histories.agreed >= 50
