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


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a\\b", ".", "a/\0"])
def test_paths_that_are_not_inside_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Refused):
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
