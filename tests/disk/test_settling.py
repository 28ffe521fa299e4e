"""What a reader does with a change that is committed and not finished."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from libreview.disk.journal import changing, locking, settling
from libreview.model import Change, Edit
from libreview.words.errors import Locked, ReviewError


def fail(*_: object) -> None:
    raise OSError(5, "Input/output error")


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.md").write_bytes(b"one")
    with monkeypatch.context() as broken:
        broken.setattr(changing, "_apply_one", fail)
        with locking.lock(tmp_path), pytest.raises(ReviewError):
            changing.commit(tmp_path, Change((Edit("a.md", 0, 3, b"one", b"1"),), "one"))
    assert locking.unfinished(tmp_path)
    return tmp_path


def test_nothing_is_done_where_nothing_waits(tmp_path: Path) -> None:
    told: list[str] = []
    assert settling.settled(tmp_path, 1, told.append) == {}
    assert told == []
    assert list(tmp_path.iterdir()) == []


def test_it_is_finished(unfinished: Path) -> None:
    told: list[str] = []
    assert settling.settled(unfinished, 1, told.append) == {}
    assert told == ["recovered"]
    assert (unfinished / "a.md").read_bytes() == b"1"


def test_it_is_given_up_where_a_file_changed_before_it_began(unfinished: Path) -> None:
    (unfinished / "a.md").write_bytes(b"by hand")
    told: list[str] = []
    assert settling.settled(unfinished, 1, told.append) == {}
    assert told == []
    assert not locking.unfinished(unfinished)


def test_its_contents_are_given_where_it_cannot_be_finished(unfinished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "_apply_one", fail)
    told: list[str] = []
    assert settling.settled(unfinished, 1, told.append) == {"a.md": b"1"}
    assert told == ["overlaid"]


def test_what_somebody_else_made_is_said_and_left(
    unfinished: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path_factory.mktemp("other")))
    told: list[str] = []
    assert settling.settled(unfinished, 1, told.append) == {}
    assert told == ["foreign"]
    monkeypatch.setattr(locking, "folder", lambda root: root / "a.md")  # nor can the lock be had
    told.clear()
    assert settling.settled(unfinished, 1, told.append) == {}
    assert told == ["foreign"]


def test_what_cannot_be_read_is_said(unfinished: Path) -> None:
    (unfinished / locking.FOLDER / locking.COMMITTED / locking.FORWARD).write_bytes(b"nonsense")
    told: list[str] = []
    assert settling.settled(unfinished, 1, told.append) == {}
    assert told == ["unfinished"]


def test_a_writer_is_waited_for_and_that_is_said_once(unfinished: Path) -> None:
    told: list[str] = []
    with locking.lock(unfinished):
        begin = time.monotonic()
        with pytest.raises(Locked):
            settling.settled(unfinished, 1.3, told.append)
        assert time.monotonic() - begin >= 1.3
        assert told == ["waiting"]
        told.clear()
        with pytest.raises(Locked):
            settling.settled(unfinished, 0, told.append)
        assert told == []


def test_what_its_writer_finishes_meanwhile_is_not_waited_for(unfinished: Path) -> None:
    """Other writers may hold the lock by then: that of this change no more."""
    told: list[str] = []
    with locking.lock(unfinished):
        timer = threading.Timer(0.3, changing.recover, (unfinished,))
        timer.start()
        assert settling.settled(unfinished, 30, told.append) == {}
        timer.join()
    assert told == []
    assert (unfinished / "a.md").read_bytes() == b"1"
