"""The review's one lock: writers alone, readers together."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from libreview.disk.journal import locking
from libreview.words.errors import Locked, Refused


def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / locking.FOLDER).symlink_to("elsewhere")
    with pytest.raises(Refused, match="is a link"), locking.lock(tmp_path):
        pass
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_journal_ignores_itself_and_leaves_what_the_user_wrote(tmp_path: Path) -> None:
    ignore = tmp_path / locking.FOLDER / ".gitignore"
    with locking.lock(tmp_path):
        assert ignore.read_bytes() == b"*\n"
    ignore.write_bytes(b"lock\n")
    with locking.lock(tmp_path):
        assert ignore.read_bytes() == b"lock\n"
    ignore.unlink()
    ignore.symlink_to("nowhere")
    with locking.lock(tmp_path):
        assert ignore.is_symlink()
    ignore.unlink()
    (tmp_path / locking.FOLDER / ".libreview-new-gitignore").write_bytes(b"left by one who was killed")
    with locking.lock(tmp_path):
        assert ignore.read_bytes() == b"*\n"
    assert sorted(one.name for one in (tmp_path / locking.FOLDER).iterdir()) == [".gitignore", "lock"]


def test_an_ignore_file_that_cannot_be_written_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Refused, match="cannot be written: No space left") as failed, locking.lock(tmp_path):
        pass
    assert failed.value.facts["folder"] == tmp_path


def test_the_lock_file_is_kept_and_not_emptied(tmp_path: Path) -> None:
    with locking.lock(tmp_path):
        pass
    place = tmp_path / locking.FOLDER / "lock"
    place.write_bytes(b"kept")
    with locking.lock(tmp_path):
        pass
    assert place.read_bytes() == b"kept"


def test_reading_makes_no_file_and_holds_nothing_where_there_is_no_lock(tmp_path: Path) -> None:
    with locking.reading(tmp_path) as held:
        assert held is False
    assert list(tmp_path.iterdir()) == []
    (tmp_path / locking.FOLDER).mkdir()
    os.mkfifo(tmp_path / locking.FOLDER / "pipe")
    (tmp_path / locking.FOLDER / "lock").symlink_to("pipe")  # nothing is waited for
    with locking.reading(tmp_path) as held:
        assert held is False


def test_readers_read_together_and_keep_writers_out(tmp_path: Path) -> None:
    with locking.lock(tmp_path), pytest.raises(Locked), locking.reading(tmp_path, 0):
        pass
    with locking.reading(tmp_path) as one, locking.reading(tmp_path, 0) as other:
        assert (one, other) == (True, True)
        with pytest.raises(Locked), locking.lock(tmp_path, 0):
            pass
    with locking.lock(tmp_path, 0):
        pass


@pytest.mark.parametrize(("timeout", "least", "most"), [(0.0, 0.0, 0.8), (float("nan"), 0.0, 0.8), (0.3, 0.3, 0.9)])
def test_no_longer_is_waited_than_asked_and_nothing_told_within_a_second(
    tmp_path: Path, timeout: float, least: float, most: float
) -> None:
    told: list[str] = []
    with locking.lock(tmp_path):
        begin = time.monotonic()
        with pytest.raises(Locked), locking.lock(tmp_path, timeout, lambda: told.append("waiting")):
            pass
        assert least <= time.monotonic() - begin < most + 5  # a busy machine
    assert told == []


def test_a_change_waits_only_in_a_folder_that_is_ours(tmp_path: Path) -> None:
    assert not locking.unfinished(tmp_path)
    committed = tmp_path / locking.FOLDER / locking.COMMITTED
    committed.mkdir(parents=True)
    assert not locking.unfinished(tmp_path)
    (committed / locking.FORWARD).write_bytes(b"")
    assert locking.unfinished(tmp_path)
    committed.rename(tmp_path / "elsewhere")
    committed.symlink_to(tmp_path / "elsewhere")
    assert not locking.unfinished(tmp_path)


@pytest.mark.parametrize("link", ["", "history", "history/done"])
def test_no_part_of_the_journal_may_be_a_link(tmp_path: Path, link: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / locking.FOLDER / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="is a link"):
        locking.own(tmp_path, "history/done")
    if link:
        assert locking.own(tmp_path) == tmp_path / locking.FOLDER
    if link == "history/done":
        assert locking.own(tmp_path, "history") == place.parent


@pytest.mark.parametrize("again", ["removed", "replaced"])
def test_a_lock_that_is_removed_while_it_is_waited_for_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    place = tmp_path / locking.FOLDER / "lock"
    flocks: list[int] = []
    real = fcntl.flock

    def flock(descriptor: int, kind: int) -> None:
        real(descriptor, kind)
        flocks.append(kind)
        if len(flocks) == 1:
            place.unlink()
            if again == "replaced":
                place.write_bytes(b"")

    monkeypatch.setattr(fcntl, "flock", flock)
    with locking.lock(tmp_path, 0.1):
        assert len(flocks) == 2
        with pytest.raises(Locked), locking.lock(tmp_path, 0):
            pass
    with locking.lock(tmp_path, 0):
        pass
