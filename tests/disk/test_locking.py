"""The review's one lock: writers alone, readers together."""

from __future__ import annotations

import fcntl
import os
import stat
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


class Clock:
    """A clock that goes on by a quarter of a second with each nap."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, _: float) -> None:
        self.now += 0.25


@pytest.mark.parametrize(
    ("timeout", "waited", "told"),
    [(0.0, 0.0, []), (float("nan"), 0.0, []), (0.75, 0.75, []), (1.25, 1.25, [1.0]), (3.0, 3.0, [1.0])],
)
def test_no_longer_is_waited_than_asked_and_it_is_told_once_after_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timeout: float, waited: float, told: list[float]
) -> None:
    clock = Clock()
    monkeypatch.setattr(locking, "time", clock)
    found: list[float] = []
    with locking.lock(tmp_path):
        for waiting in (locking.lock, locking.reading):
            clock.now = 100.0
            found.clear()
            with pytest.raises(Locked), waiting(tmp_path, timeout, lambda: found.append(clock.now - 100)):
                pass
            assert (clock.now - 100, found) == (waited, told)


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
        flocks.append(descriptor)
        if len(flocks) == 1:
            place.unlink()
            if again == "replaced":
                place.write_bytes(b"")

    monkeypatch.setattr(fcntl, "flock", flock)
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 (names alone)
    with locking.lock(tmp_path, 0.1):
        assert len(flocks) == 2
        assert len(os.listdir("/dev/fd")) == before + 1  # noqa: PTH208
        with pytest.raises(Locked), locking.lock(tmp_path, 0):
            pass
    with locking.lock(tmp_path, 0):
        pass


def test_for_a_second_lock_only_what_is_left_of_the_time_is_waited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, tries = Clock(), 0

    def flock(descriptor: int, kind: int) -> None:
        nonlocal tries
        tries += 1
        if tries != 3:  # after half a second it is free, but gone
            raise BlockingIOError
        (tmp_path / locking.FOLDER / "lock").unlink()

    monkeypatch.setattr(locking, "time", clock)
    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(Locked), locking.lock(tmp_path, 1.0):
        pass
    assert clock.now == 101.0


def test_who_may_write_in_the_folder_may_lock_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with locking.lock(tmp_path):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / locking.FOLDER / "lock").stat().st_mode) == 0o666
