"""What a change leaves behind at each step: names in the journal, spare files, what waits for the disk, what is said."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from libreview.disk import files
from libreview.disk.journal import changing, history, locking, records
from libreview.model import Change, Create, Delete, Edit
from libreview.words.errors import Refused, ReviewError

FOLDER = locking.FOLDER
OLD = {"a.md": b"one", "b.md": b"two"}
CHANGE = Change((Edit("a.md", 0, 3, b"one", b"1"), Edit("b.md", 0, 3, b"two", b"2"), Create("c.md", b"3")), "all")
NEW = {"a.md": b"1", "b.md": b"2", "c.md": b"3"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in OLD.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {place.name: place.read_bytes() for place in sorted(root.iterdir()) if place.is_file()}


def commit(root: Path, change: Change = CHANGE) -> None:
    with locking.lock(root):
        changing.commit(root, change)


class Dead(BaseException):
    """The process ends here."""


_STOP: list[Callable[[str, str], bool]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "os.rename" and _STOP and _STOP[0](str(arguments[0]), str(arguments[1])):
        _STOP.clear()
        raise Dead


sys.addaudithook(_watch)


def stopped(root: Path, before: Callable[[str, str], bool], change: Change = CHANGE) -> Path:
    """Return ``root`` after a change that died before the first rename for which ``before`` is true."""
    _STOP[:] = [before]
    try:
        with pytest.raises(Dead), locking.lock(root):
            changing.commit(root, change)
    finally:
        _STOP.clear()
    return root


def committing(_: str, to: str) -> bool:
    return to.endswith(locking.COMMITTED)


def second_file(_: str, to: str) -> bool:
    return to.endswith("b.md")


def first_file(_: str, to: str) -> bool:
    return to.endswith("a.md")


def spares(root: Path) -> list[Path]:
    return sorted(root.glob(f"{files.TEMPORARY}*"))


# What lies where --------------------------------------------------------------------------------------------------------


def test_the_journal_has_the_names_that_its_description_gives(root: Path) -> None:
    written: list[str] = []

    def remember(source: str, to: str) -> bool:
        if to.endswith(locking.COMMITTED):
            written.extend([Path(source).name, *sorted(os.listdir(source))])  # noqa: PTH208
        return to.endswith("spent")

    stopped(root, remember)
    assert written == ["staging", "backward", "forward"]
    assert sorted(one.name for one in (root / FOLDER / locking.COMMITTED).iterdir()) == ["forward"]
    with locking.lock(root):
        assert changing.recover(root)
    assert contents(root) == NEW
    assert changing.numbers(root, changing.DONE) == [1]


def test_the_record_of_what_was_left_is_called_rest(root: Path) -> None:
    commit(root)
    (root / "b.md").write_bytes(b"by hand")
    seen: list[str] = []

    def remember(source: str, to: str) -> bool:
        if to.endswith(locking.COMMITTED):
            seen.extend(sorted(os.listdir(source)))  # noqa: PTH208
        return False

    _STOP[:] = [remember]
    with locking.lock(root):
        history.take(root, "undo")
    assert seen == ["backward", "forward", "rest"]


def test_after_a_change_nothing_but_the_history_is_left(root: Path) -> None:
    commit(root)
    assert sorted(one.name for one in (root / FOLDER).iterdir()) == [".gitignore", "history", "lock"]
    assert not spares(root)


@pytest.mark.parametrize("name", ["spent", "staging"])
def test_what_an_earlier_process_left_is_in_nobodys_way(root: Path, name: str) -> None:
    (root / FOLDER / name).mkdir(parents=True)
    (root / FOLDER / name / "forward").write_bytes(b"left")
    commit(root)
    assert contents(root) == NEW
    assert not (root / FOLDER / name).exists()


def test_fifty_changes_are_kept(root: Path) -> None:
    for at in range(52):
        commit(root, Change((Create(f"n{at}.md", b"x"),), "n"))
    assert changing.numbers(root, changing.DONE) == list(range(3, 53))


def test_a_name_for_a_spare_file_is_one_that_the_journal_gives() -> None:
    good = f"{files.TEMPORARY}0a-1"
    assert changing.spare_name(good) == good
    assert changing.spare_name("") == files.TEMPORARY
    for wrong in ("thesis.md", f"{files.TEMPORARY}/../thesis.md", f"{files.TEMPORARY}\0"):
        with pytest.raises(Refused, match="not a place inside the review"):
            changing.spare_name(wrong)


# What is refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ((Create("a.md", b"again"),), "a.md is already there"),
        ((Create("c.md", b"1"), Create("c.md", b"2")), "c.md is already there"),
        ((Delete("a.md", b"one"), Create("a.md", b"2")), "a.md is already there"),
        ((Delete("a.md", b"one"), Edit("a.md", 0, 3, b"one", b"1")), "cannot be edited and made or removed"),
        ((Delete("a.md", b"other"),), "a.md changed on disk"),
        ((Delete("gone.md", b"x"),), "gone.md changed on disk"),
    ],
)
def test_what_contradicts_itself_or_the_files_is_refused(
    root: Path, edits: tuple[Edit | Create | Delete, ...], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        commit(root, Change(edits, "x"))
    assert sentence in str(refused.value)
    assert contents(root) == OLD
    assert not changing.numbers(root, changing.DONE)


def test_what_stands_in_the_way_of_the_journal_is_named(root: Path) -> None:
    (root / FOLDER).mkdir()
    (root / FOLDER / "history").write_bytes(b"a file")
    with pytest.raises(ReviewError, match="Nothing was written") as failed:
        commit(root)
    assert str(failed.value).endswith(f"{FOLDER}/history: File exists")
    assert contents(root) == OLD
    assert not (root / FOLDER / "staging").exists()


def test_a_full_disk_is_named_by_its_own_words(root: Path) -> None:
    commit(root, Change((Create("z.md", b"x"),), "z"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(ReviewError, match="Nothing was written: File too large"):
            commit(root, Change((Create("c.md", b"x" * 100_000),), "large"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(root) == {**OLD, "z.md": b"x"}
    assert not spares(root)


def test_a_change_that_meets_a_folder_in_place_of_its_file_says_so(root: Path) -> None:
    stopped(root, first_file)
    (root / "b.md").unlink()
    (root / "b.md").mkdir()
    with locking.lock(root), pytest.raises(ReviewError, match=r"could not be finished: b\.md: Is a directory"):
        changing.recover(root)
    assert (root / "a.md").read_bytes() == b"one"


# Finishing what was begun -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["none", "gone", "other", "link"])
def test_a_spare_file_that_is_not_as_it_was_is_made_anew(root: Path, damage: str, tmp_path: Path) -> None:
    (root / "b.md").chmod(0o640)
    stopped(root, second_file)
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"safe")
    for spare in spares(root):
        if damage != "none":
            spare.unlink()
        if damage == "other":
            spare.write_bytes(b"torn")
        if damage == "link":
            spare.symlink_to(outside)
    with locking.lock(root):
        assert changing.recover(root)
    assert contents(root) == NEW | {"outside.txt": b"safe"}
    assert (root / "b.md").stat().st_mode & 0o777 == 0o640
    assert not spares(root)


def test_a_new_file_whose_spare_is_gone_has_the_usual_mode(root: Path) -> None:
    stopped(root, lambda _, to: to.endswith("c.md"))
    for spare in spares(root):
        spare.unlink()
    with locking.lock(root):
        assert changing.recover(root)
    (root / "usual").write_bytes(b"")
    assert (root / "c.md").stat().st_mode == (root / "usual").stat().st_mode


def test_the_spare_of_a_file_that_is_new_already_goes(root: Path) -> None:
    stopped(root, second_file)
    (root / "b.md").write_bytes(b"2")
    with locking.lock(root):
        assert changing.recover(root)
    assert contents(root) == NEW
    assert not spares(root)


def test_nothing_to_finish_is_said(root: Path) -> None:
    commit(root)
    with locking.lock(root):
        assert changing.recover(root) is False
        assert changing.discard(root) is None


def test_a_commit_without_a_record_is_cleared_away(root: Path) -> None:
    (root / FOLDER / locking.COMMITTED).mkdir(parents=True)
    with locking.lock(root):
        assert changing.recover(root) is False
    assert not (root / FOLDER / locking.COMMITTED).exists()


def test_a_commit_that_is_a_link_is_taken_away_and_not_followed(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "forward").write_bytes(b"safe")
    (root / FOLDER).mkdir()
    (root / FOLDER / locking.COMMITTED).symlink_to(outside)
    with locking.lock(root):
        assert changing.recover(root) is False
    assert not (root / FOLDER / locking.COMMITTED).is_symlink()
    assert (outside / "forward").read_bytes() == b"safe"


# Giving it up -----------------------------------------------------------------------------------------------------------


def test_a_change_given_up_before_it_began_leaves_no_history(root: Path) -> None:
    stopped(root, first_file)
    (root / FOLDER / "staging").mkdir()
    (root / FOLDER / "staging" / "left").write_bytes(b"x")
    with locking.lock(root):
        given_up = changing.discard(root)
    assert given_up is not None
    assert contents(root) == OLD
    assert not changing.numbers(root, changing.DONE)
    assert not spares(root)
    assert not (root / FOLDER / "staging").exists()


def test_a_change_given_up_half_way_can_be_taken_back(root: Path) -> None:
    stopped(root, second_file)
    with locking.lock(root):
        changing.discard(root)
        assert changing.numbers(root, changing.DONE) == [1]
        history.take(root, "undo")
    assert contents(root) == OLD


def test_a_change_of_another_machine_is_not_shown_as_ours(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(root, second_file)
    assert changing.overlay(root) == {"b.md": b"2", "c.md": b"3"}
    monkeypatch.setenv("LIBREVIEW_STATE", str(root / "elsewhere"))
    with pytest.raises(changing.Foreign):
        changing.overlay(root)
    with locking.lock(root), pytest.raises(changing.Foreign):
        changing.recover(root)
    assert contents(root)["b.md"] == b"two"


# What waits for the disk ------------------------------------------------------------------------------------------------


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The folders waited for, and the renames, in their order: as the system is asked."""
    found: list[str] = []
    wait = os.fsync

    def fsync(descriptor: int) -> None:
        found.append(f"wait {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        wait(descriptor)

    def renamed(_: str, to: str) -> bool:
        found.append(f"name {Path(to).name}")
        return False

    monkeypatch.setattr(os, "fsync", fsync)
    _STOP[:] = [renamed]
    yield found
    _STOP.clear()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks the system for the names of descriptors")
def test_each_name_is_on_the_disk_before_what_builds_on_it(root: Path, steps: list[str]) -> None:
    records.token()
    (root / "notes").mkdir()
    steps.clear()
    commit(root, Change((Create("notes/new/c.md", b"3"), Edit("a.md", 0, 3, b"one", b"1")), "x"))
    order = [one for one in steps if not one.startswith(f"wait {files.TEMPORARY}")]
    committed, spent = order.index("name committed"), order.index("name spent")
    new, old = order.index("name c.md"), order.index("name a.md")
    assert "wait notes" in order[:committed]  # where the new folder was made
    assert "wait staging" in order[:committed]
    assert "wait .libreview" in order[committed : min(new, old)]
    assert "wait new" in order[new:spent]
    assert f"wait {root.name}" in order[old:spent]
    kept = order.index("name 00000001")
    assert {"wait done", "wait undone", "wait history"} <= set(order[kept:spent])
    assert "wait .libreview" in order[spent:]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks the system for the names of descriptors")
def test_what_was_given_up_half_way_is_on_the_disk_before_it_is_let_go(root: Path, steps: list[str]) -> None:
    remember = _STOP[0]
    stopped(root, second_file)
    _STOP[:] = [remember]
    steps.clear()
    with locking.lock(root):
        changing.discard(root)
    assert "wait done" in steps[steps.index("name 00000001") : steps.index("name staging")]
