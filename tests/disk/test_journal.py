"""Changes: all or nothing, over several files, also when the process dies half-way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.disk import files
from libreview.disk.journal import changing, locking
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
        (moved,) = changing.moved("a", [edit], seen, now)
    except Refused:
        return
    result = changing.spliced("a", now, [moved])
    left, right = result.split(b"NEW")
    assert left + seen[start:end] + right == now  # what another program wrote is there, and nothing else was replaced
    if seen != now:  # whole lines lie between the two, so that both are there
        assert left == seen[:start] or right == seen[end:]


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_bytes(b"one")

    def full(place: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with locking.lock(tmp_path):
        monkeypatch.setattr(files, "create", full)
        with pytest.raises(ReviewError, match="No space left"):
            changing.commit(tmp_path, Change((edit("a.md", 0, b"one", b"1"),)))
    assert everything(tmp_path) == {"a.md": b"one"}


def test_a_change_interrupted_after_its_commit_is_rolled_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    (tmp_path / "b.md").write_bytes(b"two")
    change = Change((edit("a.md", 0, b"one", b"1"), edit("b.md", 0, b"two", b"2"), Create("c.md", b"3")))
    real, calls = files.replace, []

    def dies(place: Path, content: bytes) -> None:
        calls.append(place)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(place, content)

    monkeypatch.setattr(files, "replace", dies)
    with locking.lock(tmp_path), pytest.raises(ReviewError, match="could not be finished"):
        changing.commit(tmp_path, change)
    assert locking.unfinished(tmp_path)
    monkeypatch.setattr(files, "replace", real)
    with locking.lock(tmp_path):
        assert changing.recover(tmp_path)
        assert not changing.recover(tmp_path)
    assert everything(tmp_path) == {"a.md": b"1", "b.md": b"2", "c.md": b"3"}


def test_recovery_leaves_a_file_alone_that_somebody_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one")
    with locking.lock(tmp_path):
        changing.commit(tmp_path, Change((edit("a.md", 0, b"one", b"1"),)))
    staged = tmp_path / ".libreview" / "committed"
    staged.mkdir()
    manifest = b'{"summary": "", "files": [{"path": "a.md", "old": "00", "new": "11"}]}'
    (staged / "manifest.json").write_bytes(manifest)
    with locking.lock(tmp_path), pytest.raises(ReviewError):
        changing.recover(tmp_path)
    assert (tmp_path / "a.md").read_bytes() == b"1"


def test_a_manifest_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "review"
    staged = root / ".libreview" / "committed"
    staged.mkdir(parents=True)
    (tmp_path / "victim").write_bytes(b"safe")
    manifest = b'{"summary": "", "files": [{"path": "../victim", "old": "", "new": ""}]}'
    (staged / "manifest.json").write_bytes(manifest)
    with locking.lock(root), pytest.raises(ReviewError):
        changing.recover(root)
    assert (tmp_path / "victim").read_bytes() == b"safe"


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
    assert changing.spliced("x", old, edits) == expected + old[done:]
