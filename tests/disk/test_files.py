"""Walking, reading and replacing files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from libreview.disk import files
from libreview.words.errors import Refused


def test_walk_finds_files_below_the_folders_and_leaves_out_what_is_hidden_or_skipped(tmp_path: Path) -> None:
    for path in ("a/x.md", "a/b/y.md", "a/.hidden/z.md", "a/.w.md", "a/skip/v.md", "a/t.txt", "c/q.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, encoding="utf-8")
    found = files.walk(tmp_path, ("a", "missing"), ".md", frozenset({"a/skip"}))
    assert list(found) == ["a/b/y.md", "a/x.md"]
    assert found["a/x.md"] == files.stamp(tmp_path / "a/x.md")


def test_walk_follows_no_link_out_of_the_review(tmp_path: Path) -> None:
    root = tmp_path / "review"
    (root / "notes").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (root / "notes" / "in.md").write_text("in", encoding="utf-8")
    (root / "notes" / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "drafts").mkdir()
    (root / "drafts" / "draft.md").write_text("draft", encoding="utf-8")
    (root / "notes" / "too.md").symlink_to(root / "drafts" / "draft.md")
    (root / "notes" / "folder").symlink_to(tmp_path)
    assert list(files.walk(root, ("notes",), ".md")) == ["notes/in.md", "notes/too.md"]


def test_walk_names_a_file_once_however_many_links_lead_to_it(tmp_path: Path) -> None:
    for folder in ("notes", "drafts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notes" / "in.md").write_text("in", encoding="utf-8")
    (tmp_path / "drafts" / "draft.md").write_text("draft", encoding="utf-8")
    (tmp_path / "notes" / "a.md").symlink_to("in.md")
    (tmp_path / "notes" / "b.md").symlink_to("../drafts/draft.md")
    (tmp_path / "notes" / "c.md").symlink_to("b.md")
    assert list(files.walk(tmp_path, ("notes",), ".md")) == ["notes/b.md", "notes/in.md"]


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "/a", "../x", "..", "a/../../x", "a/../b", "a//b", "a/", "a\\b", ".", "./a", "a/./b", "a/\0"],
)
def test_paths_that_are_not_inside_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Refused, match="not a place inside the review"):
        files.inside(tmp_path, path)


def test_a_path_through_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "out").symlink_to(tmp_path)
    with pytest.raises(Refused):
        files.inside(tmp_path / "review", "out/x.md")


def test_replace_keeps_mode_and_link_and_leaves_nothing_behind(tmp_path: Path) -> None:
    real = tmp_path / "real.md"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(real)
    files.replace(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["link.md", "real.md"]  # noqa: PTH208


def test_create_makes_folders_and_never_overwrites(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b.md"
    files.create(place, b"one")
    with pytest.raises(FileExistsError):
        files.create(place, b"two")
    assert place.read_bytes() == b"one"
    assert [one.name for one in place.parent.iterdir()] == ["b.md"]


def test_clear_removes_a_flat_folder_and_minds_no_missing_one(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "x").write_bytes(b"")
    files.clear(tmp_path / "f")
    files.clear(tmp_path / "f")
    assert not (tmp_path / "f").exists()


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 3)
    (tmp_path / "x.bib").write_bytes(b"1234")
    with pytest.raises(Refused):
        files.read(tmp_path, "x.bib")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bib")
    (tmp_path / "zero.bib").symlink_to("/dev/zero")
    with pytest.raises(Refused):
        files.content(tmp_path / "pipe.bib")
    with pytest.raises(Refused):
        files.content(tmp_path / "zero.bib")
    with pytest.raises(IsADirectoryError):
        files.content(tmp_path)
    with pytest.raises(FileNotFoundError):
        files.content(tmp_path / "none.bib")
    with pytest.raises(Refused):
        files.read(tmp_path, "pipe.bib")


def test_a_stamp_is_that_of_a_file_and_of_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"four")
    (tmp_path / "link").symlink_to("x")
    found = files.stamp(tmp_path / "x")
    assert found is not None
    assert found.size == 4
    assert files.stamp(tmp_path / "link") == found
    assert files.stamp(tmp_path) is None
    assert files.stamp(tmp_path / "none") is None
    assert files.stamp(tmp_path / "a\0b") is None


def test_names_of_a_file_are_counted(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    assert files.links(tmp_path, "x") == 1
    os.link(tmp_path / "x", tmp_path / "y")
    assert files.links(tmp_path, "x") == 2
    (tmp_path / "folder").mkdir()
    assert files.links(tmp_path, "folder") == 0
    assert files.links(tmp_path, "none") == 0
    assert files.links(tmp_path, "a\0b") == 0


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ((".",), ["a/b/y.md", "a/x.md", "c/z.md", "t.md"]),
        (("",), ["a/b/y.md", "a/x.md", "c/z.md", "t.md"]),
        (("/a/",), ["a/b/y.md", "a/x.md"]),
        (("none", "c", "a/b"), ["a/b/y.md", "c/z.md"]),
        (("../other", "a/../../other"), []),
        (("t.md",), []),
    ],
)
def test_walk_keeps_to_the_folders_it_is_given(tmp_path: Path, folders: tuple[str, ...], found: list[str]) -> None:
    root = tmp_path / "review"
    for path in ("t.md", "a/x.md", "a/b/y.md", "c/z.md", "../other/w.md"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")
    (root / "c" / "folder.md").mkdir()
    (root / "c" / "gone.md").symlink_to("nothing")
    (root / "c" / "again").symlink_to("../a")
    assert list(files.walk(root, folders, ".md")) == found
    assert list(files.walk(tmp_path, (f"{root.name}/c",), (".md", ".txt"))) == ["review/c/z.md"]


def test_a_folder_that_cannot_be_listed_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("a/x.md", "b/y.md"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_bytes(b"")
    listed: list[int] = []
    real = os.scandir

    def scandir(descriptor: int) -> os._ScandirIterator[str]:
        listed.append(descriptor)
        if len(listed) == 1:
            raise OSError(5, "Input/output error")
        return real(descriptor)

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(files.walk(tmp_path, ("a", "b"), ".md")) == ["a/x.md"]
    for descriptor in listed:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_a_place_inside_may_be_a_link_that_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    assert files.inside(tmp_path, "link/x.md") == tmp_path / "link" / "x.md"
    assert files.inside(tmp_path, "a/none/x.md") == tmp_path / "a" / "none" / "x.md"
    assert files.inside(Path("/"), "etc/none") == Path("/etc/none")
    beside = tmp_path.with_name(tmp_path.name + "-beside")
    beside.mkdir()
    (tmp_path / "out").symlink_to(beside)
    with pytest.raises(Refused, match="leads out"):
        files.inside(tmp_path, "out/x.md")
    (tmp_path / "self").symlink_to(tmp_path)
    assert files.leads_inside(os.path.realpath(tmp_path), "self")
    assert not files.leads_inside(os.path.realpath(tmp_path), "out")


def test_the_measure_of_a_file_is_exact(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1234")
    assert files.content(tmp_path / "x", 4) == b"1234"
    with pytest.raises(Refused, match="shown is larger"):
        files.content(tmp_path / "x", 3, "shown")
    with (tmp_path / "big").open("wb") as file:
        file.truncate(2 << 20)
    with pytest.raises(Refused, match="big is larger than 1 MiB"):
        files.content(tmp_path / "big", 1 << 20)
    grows = Path("/proc/self/status")  # the system says that it has no byte
    if grows.is_file():
        with pytest.raises(Refused):
            files.content(grows, 3)
        assert len(files.content(grows)) > 3


def test_what_cannot_be_read_is_named_as_the_user_named_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="notes/pipe is not a file"):
        files.content(tmp_path / "pipe", shown="notes/pipe")
    with pytest.raises(Refused, match=r"pipe is not a file"):
        files.content(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError) as failed:
        files.content(tmp_path)
    assert failed.value.filename == str(tmp_path)


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:2]))
    files.write_new(tmp_path / "x", b"seven..", 0o604)
    monkeypatch.undo()
    assert (tmp_path / "x").read_bytes() == b"seven.."
    assert files.mode_of(tmp_path / "x") == 0o604


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "link").symlink_to("y")
    for name in ("x", "link"):
        with pytest.raises(FileExistsError):
            files.write_new(tmp_path / name, b"new")
    assert (tmp_path / "x").read_bytes() == b"old"
    assert not (tmp_path / "y").exists()
    before = os.umask(0o022)
    try:
        files.write_new(tmp_path / "z", b"new")
    finally:
        os.umask(before)
    assert files.mode_of(tmp_path / "z") == 0o644


def test_missing_folders_are_named_outermost_first(tmp_path: Path) -> None:
    assert files.missing_folders(tmp_path / "a" / "b") == [tmp_path / "a", tmp_path / "a" / "b"]
    assert files.missing_folders(tmp_path) == []


def test_only_what_a_dead_process_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    end = "-" + "0a" * 8
    gone = [f"p{child}{end}", f"p{'9' * 19}{end}"]
    stay = [f"p{os.getpid()}{end}", f"p{child}{end}x", f"p{child}-0", "0a0b0c0d0e0f-1", "gitignore"]
    for name in (*gone, *stay):
        (tmp_path / (files.TEMPORARY + name)).write_bytes(b"")
    (tmp_path / f"p{child}{end}").write_bytes(b"")
    files.sweep(tmp_path)
    left = sorted(place.name.removeprefix(files.TEMPORARY) for place in tmp_path.iterdir())
    assert left == sorted([*stay, f"p{child}{end}"])
    files.sweep(tmp_path / "none")

    def denied(process: int, number: int) -> None:
        raise PermissionError(process, number)

    monkeypatch.setattr(os, "kill", denied)
    (tmp_path / (files.TEMPORARY + gone[0])).write_bytes(b"")
    files.sweep(tmp_path)  # it lives, and is somebody else's
    assert (tmp_path / (files.TEMPORARY + gone[0])).exists()


def test_a_replacement_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(b"old")

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        files.replace(tmp_path / "x", b"new")
    with pytest.raises(OSError, match="Input/output"):
        files.create(tmp_path / "y", b"new")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"x": b"old"}


def test_a_file_gets_its_name_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(one: Path, other: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    files.create(tmp_path / "x", b"one")
    with pytest.raises(FileExistsError):
        files.create(tmp_path / "x", b"two")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"x": b"one"}


def test_of_a_link_only_the_link_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_bytes(b"")
    (tmp_path / "link").symlink_to("real")
    files.clear(tmp_path / "link")
    assert [one.name for one in tmp_path.iterdir()] == ["real"]
    assert (tmp_path / "real" / "x").exists()


def test_a_folder_that_is_there_takes_further_files(tmp_path: Path) -> None:
    for name in ("one.md", "two.md", "deep/er/three.md"):
        files.create(tmp_path / "notes" / name, name.encode())
    assert sorted(place.name for place in (tmp_path / "notes").iterdir()) == ["deep", "one.md", "two.md"]
    assert (tmp_path / "notes/deep/er/three.md").read_bytes() == b"deep/er/three.md"


def test_only_a_folder_is_waited_for_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x")
    with pytest.raises(NotADirectoryError):
        files.sync_folder(tmp_path / "a.md")
    assert files.walk(tmp_path, ["a.md"], ".md") == {}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks the system for the names of descriptors")
def test_every_file_is_closed_and_the_folder_of_a_new_name_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    wait = os.fsync

    def fsync(descriptor: int) -> None:
        waited.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        wait(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208
    place = tmp_path / "notes" / "a.md"
    files.create(place, b"one")
    assert waited[-1] == "notes"
    waited.clear()
    files.replace(place, b"two")
    assert waited[-1] == "notes"
    assert files.content(place) == b"two"
    with pytest.raises(IsADirectoryError):
        files.content(tmp_path)
    files.walk(tmp_path, ["notes"], ".md")
    assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
