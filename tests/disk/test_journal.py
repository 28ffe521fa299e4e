"""Changes: all or nothing, over several files, also when the process dies half-way."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.disk import files
from libreview.disk.journal import changing, history, locking, records, splicing
from libreview.model import Change, Create, Delete, Edit
from libreview.words.errors import Locked, Refused, ReviewError


def edit(path: str, start: int, old: bytes, new: bytes) -> Edit:
    return Edit(path, start, start + len(old), old, new)


def everything(root: Path) -> dict[str, bytes]:
    return {
        str(place.relative_to(root)): place.read_bytes()
        for place in sorted(root.rglob("*"))
        if place.is_file() and locking.FOLDER not in place.parts
    }


def test_a_folder_that_cannot_be_written_names_itself(tmp_path: Path) -> None:
    (tmp_path / locking.FOLDER).write_bytes(b"in the way")
    with pytest.raises(Refused, match="cannot be written") as failed, locking.lock(tmp_path):
        pass
    assert str(tmp_path) in failed.value.hint.format(**failed.value.facts)


def test_edits_creations_and_deletions_arrive_together(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one two\r\nthree")
    (tmp_path / "b.md").write_bytes(b"gone")
    change = Change(
        (
            edit("a.md", 4, b"two", b"2"),
            edit("a.md", 0, b"one", b"1"),
            Create("n/c.md", b"new"),
            Delete("b.md", b"gone"),
        )
    )
    with locking.lock(tmp_path):
        changing.commit(tmp_path, change)
    assert everything(tmp_path) == {"a.md": b"1 2\r\nthree", "n/c.md": b"new"}
    assert (tmp_path / ".libreview" / ".gitignore").read_text(encoding="ascii") == "*\n"
    assert not locking.unfinished(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        edit("a.md", 0, b"xxx", b"1"),  # not what was read
        edit("a.md", 5, b"one", b"1"),  # beyond the end
        edit("missing.md", 0, b"a", b"b"),
        Create("a.md", b"again"),
        Delete("a.md", b"other"),
        Create("../out.md", b"x"),
    ],
    ids=lambda one: f"{type(one).__name__} {one.path}",
)
def test_a_change_that_does_not_fit_is_refused_whole(tmp_path: Path, wrong: Edit | Create | Delete) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "b.md").write_bytes(b"two")
    with locking.lock(tmp_path), pytest.raises(Refused):
        changing.commit(tmp_path, Change((edit("b.md", 0, b"two", b"2"), wrong)))
    assert everything(tmp_path) == {"a.md": b"one", "b.md": b"two"}


def test_overlapping_edits_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"abcdef")
    with pytest.raises(Refused):
        changing.contents(tmp_path, Change((edit("a.md", 0, b"abc", b"x"), edit("a.md", 2, b"cd", b"y"))))


SEEN = b"one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (SEEN, b"one\ntwo!\nthree\n"),
        (b"zero\n" + SEEN, b"zero\none\ntwo!\nthree\n"),
        (SEEN + b"four\n", b"one\ntwo!\nthree\nfour\n"),
        (b"two\nthree\n", None),  # the line before it went
        (b"one\ntwo\n3\n", b"one\ntwo!\n3\n"),
        (b"one\ntwo three\n", None),
        (b"one\n2\nthree\n", None),
        (b"one\ntwo\n", b"one\ntwo!\n"),
        (b"one\ntwo", None),
        (b"0\ntwo\n3\n", None),  # changed on both sides: where this line came from cannot be told
        (b"", None),
    ],
)
def test_an_insertion_moves_with_its_line_or_is_refused(tmp_path: Path, now: bytes, wanted: bytes | None) -> None:
    (tmp_path / "a.md").write_bytes(now)
    change = Change((Edit("a.md", 7, 7, b"", b"!"),))
    with locking.lock(tmp_path):
        if wanted is None:
            with pytest.raises(Refused, match="changed on disk"):
                changing.commit(tmp_path, change, {"a.md": SEEN})
        else:
            changing.commit(tmp_path, change, {"a.md": SEEN})
    assert everything(tmp_path) == {"a.md": now if wanted is None else wanted}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"a"]), max_size=8).map(b"".join), st.data())
def test_an_edit_never_lands_in_a_line_that_changed(seen: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seen)))
    end = data.draw(st.integers(start, len(seen)))
    at = data.draw(st.integers(0, len(seen)))
    to = data.draw(st.integers(at, len(seen)))
    put = data.draw(st.sampled_from([b"", b"x", b"x\n", b"a\n"]))
    now = seen[:at] + put + seen[to:]
    edit = Edit("a", start, end, seen[start:end], b"NEW")
    try:
        (moved,) = splicing.moved("a", [edit], seen, now)
    except Refused:
        return
    result = splicing.spliced("a", now, [moved])
    left, right = result.split(b"NEW")
    assert left + seen[start:end] + right == now  # what another program wrote is there, and nothing else was replaced
    if seen != now:  # whole lines lie between the two, so that both are there
        assert left == seen[:start] or right == seen[end:]


class Killed(BaseException):
    """The process is dead: nothing after it happens, no cleaning up either."""


CALLS = ("open", "write", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "fchmod")


@contextlib.contextmanager
def fault(at: int, kind: str) -> Iterator[list[str]]:
    """Let the ``at``-th call that changes files fail: "kill" (and all after it), "full" (and all writes after it), "error" once."""
    met: list[str] = []
    real = {name: getattr(os, name) for name in CALLS}

    def wrap(name: str) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            changes = name != "open" or bool(int(str(arguments[1])) & os.O_CREAT)
            if changes:
                met.append(name)
            here = len(met) - 1
            if changes and here >= at >= 0:
                if kind == "kill":
                    raise Killed
                if kind == "error" and here == at:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                if kind == "full" and name in ("open", "write", "mkdir", "link"):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real[name](*arguments, **more)

        return call

    try:
        for name in CALLS:
            setattr(os, name, wrap(name))
        yield met
    finally:
        for name, function in real.items():
            setattr(os, name, function)


CHANGE = Change(
    (
        edit("a.md", 0, b"one", b"1"),
        edit("b.md", 0, b"two", b"2"),
        Create("new/folder/c.md", b"3"),
        Delete("d.md", b"four"),
    ),
    "change all",
)
OLD = {"a.md": b"one", "b.md": b"two", "d.md": b"four"}
NEW = {"a.md": b"1", "b.md": b"2", "new/folder/c.md": b"3"}


def made(root: Path) -> Path:
    """Return a folder with the files of `OLD`."""
    root.mkdir()
    for name, content in OLD.items():
        (root / name).write_bytes(content)
    return root


def calls(folder: Path) -> int:
    """Return how many calls the change takes."""
    records.token()  # made once for all
    root = made(folder)
    with fault(-1, "kill") as met, locking.lock(root):
        changing.commit(root, CHANGE)
    assert everything(root) == NEW
    return len(met)


def test_killed_before_any_call_the_files_are_old_or_new(tmp_path: Path) -> None:
    seen = set()
    for at in range(calls(tmp_path / "whole")):
        root = made(tmp_path / str(at))
        with pytest.raises(Killed), fault(at, "kill"), locking.lock(root):
            changing.commit(root, CHANGE)
        for again in range(0, 45, 9):  # whoever recovers is killed as well
            with contextlib.suppress(Killed), fault(again, "kill"), locking.lock(root):
                changing.recover(root)
        with locking.lock(root):
            changing.recover(root)
        found = everything(root)
        assert found in (OLD, NEW), f"killed before call {at}"
        seen.add(len(found.get("a.md", b"")))
        assert not locking.unfinished(root)
        assert not list((root / ".libreview").glob("s*"))
        assert (root / "new").exists() == (found == NEW)
    assert seen == {1, 3}


@pytest.mark.parametrize("kind", ["full", "error"])
def test_a_failing_disk_changes_all_or_nothing_and_says_so(tmp_path: Path, kind: str) -> None:
    for at in range(calls(tmp_path / "whole")):
        root = made(tmp_path / str(at))
        failed = ""
        with fault(at, kind):
            try:
                with locking.lock(root):
                    changing.commit(root, CHANGE)
            except ReviewError as error:
                failed = str(error)
        found = everything(root)
        assert found == (OLD if failed else NEW), (at, failed)
        with locking.lock(root):
            changing.recover(root)
        assert everything(root) == found


def test_recovery_gives_a_change_up_that_had_not_begun_when_a_file_changed(tmp_path: Path) -> None:
    for at in range(calls(tmp_path / "whole")):
        root = made(tmp_path / str(at))
        with pytest.raises(Killed), fault(at, "kill"), locking.lock(root):
            changing.commit(root, CHANGE)
        if locking.unfinished(root):
            break
    (root / "b.md").write_bytes(b"by hand")
    with locking.lock(root):
        assert not changing.recover(root)
    assert everything(root) == {**OLD, "b.md": b"by hand"}


def half_done(folder: Path) -> Path:
    """Return a review with a change in which ``a.md`` is new already and ``b.md`` is not."""
    for at in range(calls(folder / "whole")):
        root = made(folder / str(at))
        with contextlib.suppress(Killed), fault(at, "kill"), locking.lock(root):
            changing.commit(root, CHANGE)
        if ((root / "a.md").read_bytes(), (root / "b.md").read_bytes()) == (b"1", b"two"):
            return root
    raise AssertionError


def test_a_half_done_change_stops_at_a_file_that_somebody_changed(tmp_path: Path) -> None:
    root = half_done(tmp_path)
    (root / "b.md").write_bytes(b"by hand")
    with locking.lock(root), pytest.raises(ReviewError, match="could not be finished"):
        changing.recover(root)
    assert (root / "b.md").read_bytes() == b"by hand"
    with locking.lock(root):
        given_up = changing.discard(root)
    assert given_up is not None
    assert not locking.unfinished(root)
    assert everything(root)["b.md"] == b"by hand"
    assert not [name for name in everything(root) if files.TEMPORARY in name]
    with locking.lock(root):
        step = history.take(root, "undo")  # what had been done already is taken back
    assert (step.paths, step.left) == (("a.md",), ("b.md",))
    assert everything(root) == OLD | {"b.md": b"by hand"}


def test_what_a_reader_sees_of_a_change_that_cannot_be_written(tmp_path: Path) -> None:
    root = half_done(tmp_path)
    assert changing.overlay(root) == {"b.md": b"2", "new/folder/c.md": b"3", "d.md": None}
    (root / "b.md").write_bytes(b"by hand")
    with pytest.raises(Refused, match="changed"):  # it cannot be finished, and not only not here
        changing.overlay(root)


@pytest.mark.parametrize("name", ["history", "history/done", "history/undone"])
def test_a_folder_of_the_journal_that_is_a_link_is_not_followed(tmp_path: Path, name: str) -> None:
    root, outside = made(tmp_path / "review"), tmp_path / "outside"
    for folder in ("done", "undone"):
        (outside / folder).mkdir(parents=True)
        (outside / folder / "thesis").write_bytes(b"safe")
        (outside / folder / "00000001").write_bytes(b"safe")
    link = root / ".libreview" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside / link.name if "/" in name else outside)
    before, there = everything(root), everything(outside)
    with locking.lock(root), pytest.raises(Refused, match="is a link"):
        changing.commit(root, CHANGE)
    assert everything(root) == before
    assert everything(outside) == there
    link.unlink()
    with locking.lock(root):
        changing.commit(root, CHANGE)


def test_a_change_that_was_begun_waits_while_its_history_is_a_link(tmp_path: Path) -> None:
    root, outside = half_done(tmp_path), tmp_path / "outside"
    (outside / "undone").mkdir(parents=True)
    (outside / "undone" / "00000001").write_bytes(b"safe")
    shutil.rmtree(root / ".libreview" / "history")
    (root / ".libreview" / "history").symlink_to(outside)
    with locking.lock(root), pytest.raises(ReviewError, match="could not be finished"):
        changing.recover(root)
    assert everything(outside) == {"undone/00000001": b"safe"}
    (root / ".libreview" / "history").unlink()
    with locking.lock(root):
        assert changing.recover(root)
    assert changing.numbers(root, changing.DONE) == [1]


def test_what_is_no_record_in_the_history_is_left_there(tmp_path: Path) -> None:
    root = made(tmp_path / "review")
    for name in ("00000007", "x", "8"):
        (root / ".libreview" / changing.UNDONE / name).mkdir(parents=True)
    with locking.lock(root):
        changing.commit(root, CHANGE)
    assert not locking.unfinished(root)
    assert changing.numbers(root, changing.UNDONE) == [7]
    assert changing.numbers(root, changing.DONE) == [8]


def test_two_names_of_one_file_are_not_changed_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "b.md").symlink_to("a.md")
    with locking.lock(tmp_path), pytest.raises(Refused, match="same file"):
        changing.commit(tmp_path, Change((edit("a.md", 0, b"one", b"1"), edit("b.md", 0, b"one", b"2"))))
    assert (tmp_path / "a.md").read_bytes() == b"one"


def test_a_change_whose_record_would_not_be_read_again_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = made(tmp_path / "review")
    before = everything(root)
    monkeypatch.setattr(files, "LARGEST", 2000)
    with locking.lock(root), pytest.raises(Refused, match="larger than"):
        changing.commit(root, Change((Create("x.md", b"x" * 2000),)))
    assert everything(root) == before
    assert not locking.unfinished(root)


def test_a_lock_whose_folder_was_removed_meanwhile_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait: Callable[..., None] = locking.__dict__["_wait"]

    def removed(descriptor: int, kind: int, timeout: float, waiting: Callable[[], None]) -> None:
        wait(descriptor, kind, timeout, waiting)
        monkeypatch.setattr(locking, "_wait", wait)
        shutil.rmtree(tmp_path / ".libreview")

    monkeypatch.setattr(locking, "_wait", removed)
    with locking.lock(tmp_path), pytest.raises(Locked), locking.lock(tmp_path, 0):
        pass


@pytest.mark.parametrize("there", [None, b"", b"cut off"])
def test_a_token_is_made_once_and_only_for_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bytes | None
) -> None:
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path))
    place = tmp_path / "token"
    if there is not None:
        place.write_bytes(there)
    made_first = records.token()
    assert len(made_first) == 32
    assert (records.token(), place.read_bytes()) == (made_first, made_first)
    assert place.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("damage", ["signature", "path", "spare", "cut", "nonsense"])
def test_a_journal_that_is_not_ours_is_not_followed(tmp_path: Path, damage: str) -> None:
    root = half_done(tmp_path)
    place = root / ".libreview" / "committed" / "forward"
    signature, rest = place.read_bytes().split(b"\n", 1)
    place.write_bytes(
        {
            "signature": b"0" * 64 + b"\n" + rest,
            "path": signature + b"\n" + rest.replace(b"b.md", b"../v"),
            "spare": signature + b"\n" + rest.replace(files.TEMPORARY.encode(), b"../../../../xxx"),
            "cut": place.read_bytes()[:-1],
            "nonsense": b"[" * 5000,
        }[damage]
    )
    (tmp_path / "v").write_bytes(b"safe")
    before = everything(root)
    with locking.lock(root), pytest.raises(ReviewError):
        changing.recover(root)
    assert everything(root) == before
    assert (tmp_path / "v").read_bytes() == b"safe"


def test_the_lock_keeps_a_second_writer_out_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        locking.lock(tmp_path),
        pytest.raises(Locked) as caught,
        locking.lock(tmp_path, 1.1, lambda: told.append("waiting")),
    ):
        pass
    assert caught.value.status == 75
    assert told == ["waiting"]


def test_a_lock_that_is_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / ".libreview").mkdir()
    (tmp_path / "victim").write_bytes(b"safe")
    (tmp_path / ".libreview" / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(Refused), locking.lock(tmp_path):
        pass
    assert (tmp_path / "victim").read_bytes() == b"safe"


def test_a_read_only_file_stays_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.md"
    place.write_bytes(b"one")
    place.chmod(0o444)
    if os.access(place, os.W_OK):  # root may write everywhere, so the answer of the system is given for it
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    with locking.lock(tmp_path), pytest.raises(Refused, match="read-only"):
        changing.commit(tmp_path, Change((edit("a.md", 0, b"one", b"1"),)))
    assert place.read_bytes() == b"one"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.data())
def test_bytes_outside_the_slices_stay(old: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(old)), min_size=2, max_size=6)))
    if len(cuts) % 2:
        cuts.pop()
    pieces = [(cuts[at], cuts[at + 1], data.draw(st.binary(max_size=5))) for at in range(0, len(cuts), 2)]
    edits = [Edit("x", start, end, old[start:end], new) for start, end, new in pieces]
    expected, done = b"", 0
    for start, end, new in pieces:
        expected += old[done:start] + new
        done = end
    assert splicing.spliced("x", old, edits) == expected + old[done:]
