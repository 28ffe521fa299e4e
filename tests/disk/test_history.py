"""The records of done and undone changes, on a folder of two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.disk.journal import changing, history, locking
from libreview.model import Change, Create, Delete, Edit
from libreview.words.errors import Refused, ReviewError


def do(root: Path, *edits: Edit | Create | Delete, summary: str = "") -> None:
    with locking.lock(root):
        changing.commit(root, Change(edits, summary))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder in which three changes were done: ``a.md`` became "1", then "12", and ``n/b.md`` was made."""
    (tmp_path / "a.md").write_bytes(b"one")
    do(tmp_path, Edit("a.md", 0, 3, b"one", b"1"), summary="first")
    do(tmp_path, Edit("a.md", 1, 1, b"", b"2"), summary="second")
    do(tmp_path, Create("n/b.md", b"new"), summary="third")
    return tmp_path


@pytest.fixture
def other_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path_factory.mktemp("other")))


def journal(root: Path) -> Path:
    return root / locking.FOLDER


def test_the_log_has_what_can_be_done_again_then_what_can_be_taken_back(root: Path) -> None:
    history.take(root, "undo")
    history.take(root, "undo")
    found = [(one.number, one.summary, one.paths, one.state, one.own) for one in history.log(root)]
    assert found == [
        (3, "third", ("n/b.md",), "undone", True),
        (2, "second", ("a.md",), "undone", True),
        (1, "first", ("a.md",), "done", True),
    ]
    assert all(one.time.endswith("+00:00") for one in history.log(root))


def test_a_record_that_cannot_be_read_is_listed_as_not_ours_and_refused(root: Path) -> None:
    (journal(root) / "history" / "done" / "00000003").write_bytes(b"nonsense")
    one = history.log(root)[0]
    assert (one.number, one.time, one.summary, one.paths, one.state, one.own) == (3, "", "", (), "done", False)
    with pytest.raises(Refused, match="history/done/00000003 cannot be read"):
        history.take(root, "undo")
    with pytest.raises(Refused, match="history/done/00000003 cannot be read"):
        history.accept(root)


def test_what_is_no_number_is_no_change(root: Path) -> None:
    for name in ("x", "1234567890", "²", "-1"):
        (journal(root) / "history" / "done" / name).write_bytes(b"")
    assert changing.numbers(root, changing.DONE) == [1, 2, 3]
    assert changing.numbers(root, "none") == []
    assert changing.next_number(root) == 4
    history.take(root, "undo")
    assert changing.numbers(root, changing.UNDONE) == [3]
    assert changing.next_number(root) == 4


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (1, {"n/b.md": (b"new", None)}),
        (2, {"n/b.md": (b"new", None), "a.md": (b"12", b"1")}),
        (3, {"n/b.md": (b"new", None), "a.md": (b"12", b"one")}),
    ],
)
def test_what_several_steps_would_do(
    root: Path, steps: int, wanted: dict[str, tuple[bytes | None, bytes | None]]
) -> None:
    assert history.reversal(root, "undo", steps) == wanted
    for _ in range(3):
        history.take(root, "undo")
    again = history.reversal(root, "redo", steps)
    assert (
        again
        == [
            {"a.md": (b"one", b"1")},
            {"a.md": (b"one", b"12")},
            {"a.md": (b"one", b"12"), "n/b.md": (None, b"new")},
        ][steps - 1]
    )
    assert (root / "a.md").read_bytes() == b"one"


def test_steps_that_come_back_to_what_is_there_touch_no_file(root: Path) -> None:
    do(root, Delete("n/b.md", b"new"))
    assert history.reversal(root, "undo", 1) == {"n/b.md": (None, b"new")}
    assert history.reversal(root, "undo", 2) == {}


def test_there_is_something_to_take_back_or_it_is_said(tmp_path: Path) -> None:
    for kind, said in (("undo", "nothing to take back"), ("redo", "nothing to do again")):
        with pytest.raises(Refused, match=said):
            history.take(tmp_path, kind)  # type: ignore[arg-type]
        with pytest.raises(Refused, match=said):
            history.reversal(tmp_path, kind, 1)  # type: ignore[arg-type]
    assert history.log(tmp_path) == ()
    assert history.pending(tmp_path) is None


def test_changes_are_done_again_in_the_order_in_which_they_were_done(root: Path) -> None:
    for _ in range(3):
        history.take(root, "undo")
    step = history.take(root, "redo")
    assert (step.number, step.summary, step.paths, step.left) == (1, "first", ("a.md",), ())
    assert (root / "a.md").read_bytes() == b"1"
    assert [one.state for one in history.log(root)] == ["undone", "undone", "done"]


def test_a_file_that_is_already_as_it_would_become_is_left_without_a_word(root: Path) -> None:
    (root / "n" / "b.md").unlink()
    step = history.take(root, "undo")
    assert (step.paths, step.left) == ((), ())
    assert [one.state for one in history.log(root)] == ["undone", "done", "done"]


def test_what_would_have_been_put_back_is_kept_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "a.md").write_bytes(b"one two three")
    (tmp_path / "b.md").write_bytes(b"b")
    do(
        tmp_path,
        Edit("n/a.md", 0, 3, b"one", b"1"),
        Edit("n/a.md", 8, 13, b"three", b""),
        Edit("b.md", 0, 1, b"b", b"B"),
    )
    (tmp_path / "n" / "a.md").write_bytes(b"by hand")
    folder = journal(tmp_path) / "kept"
    step = history.take(tmp_path, "undo")
    (kept,) = folder.iterdir()
    assert kept.name.startswith("1-")
    assert kept.name.endswith("-a.md")
    assert (step.paths, step.left) == (("b.md",), ("n/a.md",))
    assert kept.read_bytes() == b"@@ byte 0, 1 bytes there now @@\none\n@@ byte 6, 0 bytes there now @@\nthree\n"
    assert [(one.state, one.paths) for one in history.log(tmp_path)] == [("undone", ("b.md",)), ("done", ("n/a.md",))]
    kept.write_bytes(b"of an earlier try")
    with pytest.raises(Refused, match=r"n/a\.md changed since"):
        history.take(tmp_path, "undo")
    assert list(folder.iterdir()) == [kept]
    assert kept.read_bytes().startswith(b"@@ byte 0")
    (tmp_path / "n" / "a.md").write_bytes(b"1 two ")
    assert history.take(tmp_path, "undo").paths == ("n/a.md",)
    assert (tmp_path / "n" / "a.md").read_bytes() == b"one two three"


def test_nothing_is_taken_back_where_it_cannot_be_kept(root: Path) -> None:
    (root / "n" / "b.md").write_bytes(b"by hand")
    (journal(root) / "kept").write_bytes(b"in the way")
    with pytest.raises(ReviewError, match="Nothing was written"):
        history.take(root, "undo")
    assert (root / "n" / "b.md").read_bytes() == b"by hand"


@pytest.mark.usefixtures("other_user")
class TestFromElsewhere:
    def test_a_history_is_refused(self, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "third"))
        assert [one.own for one in history.log(root)] == [False] * 3
        with pytest.raises(changing.Foreign):
            history.take(root, "undo")
        with pytest.raises(changing.Foreign):
            history.reversal(root, "undo", 1)
        assert history.accept(root) == 3
        assert history.accept(root) == 0
        assert [one.own for one in history.log(root)] == [True] * 3
        assert history.take(root, "undo").paths == ("n/b.md",)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b'"a.md"', b'"../a"'),
            (b'"folders":["n"]', b'"folders":["../n"]'),
            (b'"spare":".libreview-new-', b'"spare":"../ibreview-new-'),
        ],
    )
    def test_what_leads_out_is_not_accepted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes
    ) -> None:
        (tmp_path / "a.md").write_bytes(b"one")

        def fail(*_: object) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as broken:
            broken.setattr(changing, "_apply_one", fail)
            with pytest.raises(ReviewError, match="could not be finished"):
                do(tmp_path, Edit("a.md", 0, 3, b"one", b"1"), Create("n/b.md", b"new"))
        place = journal(tmp_path) / locking.COMMITTED / locking.FORWARD
        pending = history.pending(tmp_path)
        assert pending is not None
        assert (pending.state, pending.paths, pending.own) == ("unfinished", ("a.md", "n/b.md"), True)
        before = place.read_bytes()
        assert old in before
        place.write_bytes(before.replace(old, new, 1))
        with pytest.raises(Refused, match="not a place inside"):
            history.accept(tmp_path)
        place.write_bytes(before)
        for name in ("backward", "rest"):
            (place.parent / name).write_bytes(before.replace(old, new, 1))
            with pytest.raises(Refused, match="not a place inside"):
                history.accept(tmp_path)
            (place.parent / name).unlink()
        place.write_bytes(b"0" + before[1:] if before[:1] != b"0" else b"1" + before[1:])
        assert history.accept(tmp_path) == 1
        with locking.lock(tmp_path):
            assert changing.recover(tmp_path)
        assert (tmp_path / "n" / "b.md").read_bytes() == b"new"
