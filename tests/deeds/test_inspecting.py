"""Files that a sync tool, an editor or a crash left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from libreview.deeds import configuring, inspecting, reporting, theming
from libreview.model import Change, Edit
from libreview.review import Review


def found(folder: Path, *codes: str) -> list[tuple[str, str, int]]:
    with Review.open(folder) as review:
        problems = reporting.problems(review)
        shown = {path for path, _ in reporting.lines_of(review, problems)}
        assert shown == {one.location.path for one in problems if one.code not in inspecting.WHOLE_FILES}
    return [(one.code, one.location.path, one.location.line) for one in problems if one.code in codes]


def test_second_versions_of_notes_sources_codebook_and_settings(review_folder: Path) -> None:
    names = [
        "libreview (conflicted copy 2024-05-01).toml",
        "notes/codebook.sync-conflict-20240501-101010-ABCDEFG.toml",
        "notes/deep/wijaya2001 (Nadia's conflicted copy 2024-05-01).md",
        "notes/wijaya2001 (1).md",
        "notes/wijaya2001 2.md",
        "notes/wijaya2001-DESKTOP-4F2K9QX.md",
        "sources/all (1).bib",
    ]
    (review_folder / "notes" / "deep").mkdir()
    for name in names:
        (review_folder / name).write_text("x\n", encoding="utf-8")
    same = (review_folder / "notes" / "wijaya2001.md").read_bytes()
    (review_folder / "notes" / "wijaya2001 2.md").write_bytes(same)
    (review_folder / "sources" / "imported").mkdir()
    (review_folder / "sources" / "imported" / "all (conflicted copy).bib").write_bytes(b"")
    expected = [("conflict-copy", name, 1) for name in sorted(names) if name != "notes/wijaya2001 2.md"]
    assert sorted(found(review_folder, "conflict-copy")) == expected


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("libreview.toml", b'title = "x"\n'),
        ("notes/codebook.toml", b""),
        ("notes/wijaya2001.md", b"Text.\n"),
        ("notes/wijaya2001.md", b"---\n"),
        ("notes/wijaya2001.md", b"---\nsource: wijaya2001\n---\n\n```\n"),
        ("sources/all.bib", b"@misc{m, title = {T}}\n"),
        ("sources/all.bib", b"free text\n"),
    ],
)
def test_conflict_markers_in_any_file(review_folder: Path, path: str, before: bytes) -> None:
    conflict = b"<<<<<<< HEAD\nabc = 1\n=======\nabc = 2\n>>>>>>> theirs\n"
    (review_folder / path).write_bytes(before + conflict)
    line = before.count(b"\n") + 1
    assert ("conflict-marker", path, line) in found(review_folder, "conflict-marker")


@pytest.mark.parametrize("path", ["libreview.toml", "notes/codebook.toml", "notes/wijaya2001.md", "sources/all.bib"])
@pytest.mark.parametrize("left", [b"", b" \r\n\t\n", b"\0" * 300, b"\xef\xbb\xbf\n"])
def test_a_file_that_lost_its_content(review_folder: Path, path: str, left: bytes) -> None:
    place = review_folder / path
    content = place.read_bytes()
    assert found(review_folder, "file-emptied") == []
    place.write_bytes(left)
    for _ in range(2):  # said until it has content again
        assert found(review_folder, "file-emptied") == [("file-emptied", path, 1)]
    place.write_bytes(b"\n")
    assert found(review_folder, "file-emptied") == [("file-emptied", path, 1)]
    place.write_bytes(content)
    assert found(review_folder, "file-emptied") == []
    if path != "libreview.toml":
        place.write_bytes(left)
        assert found(review_folder, "file-emptied") == [("file-emptied", path, 1)]
        place.unlink()
        assert found(review_folder, "file-emptied") == []
        place.write_bytes(left)
        assert found(review_folder, "file-emptied") == []


def test_a_file_that_never_had_content_is_no_problem(review_folder: Path) -> None:
    (review_folder / "notes" / "codebook.toml").write_bytes(b"")
    (review_folder / "notes" / "empty.md").write_bytes(b"\n")
    assert found(review_folder, "file-emptied") == []
    (review_folder / "notes" / "empty.md").write_bytes(b"")
    assert found(review_folder, "file-emptied") == []


def test_what_a_change_of_one_s_own_empties_is_no_problem(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        data = review.read("notes/codebook.toml")
        review.apply(Change((Edit("notes/codebook.toml", 0, len(data), data, b""),)))
        assert review.emptied() == ()
        review.apply(theming.add_theme(review, "trade"))
        review.apply(configuring.set_here(review, "title", ""))
        assert review.emptied() == ()
    assert found(review_folder, "file-emptied") == []


def test_the_index_made_anew_differs_in_nothing_else(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (review_folder / "notes" / "codebook.toml").write_bytes(b"")
    Review.open(review_folder).close()
    (review_folder / "notes" / "wijaya2001.md").write_bytes(b"")
    with Review.open(review_folder) as review:
        assert review.emptied() == ("notes/wijaya2001.md",)
        kept = (review.problems(), review.totals())
    with monkeypatch.context() as fresh:
        fresh.setenv("LIBREVIEW_CACHE", str(review_folder.parent / "fresh"))
        with Review.open(review_folder) as review:
            assert review.emptied() == ()
            assert (review.problems(), review.totals()) == kept


def test_hard_links_are_named_once_a_file(review_folder: Path) -> None:
    assert found(review_folder, "file-linked") == []
    for path in ("libreview.toml", "notes/wijaya2001.md", "sources/all.bib", "notes/codebook.toml"):
        os.link(review_folder / path, review_folder.parent / path.replace("/", "-"))
    (review_folder / "notes" / "other.md").symlink_to("wijaya2001.md")
    expected = ["libreview.toml", "notes/codebook.toml", "notes/wijaya2001.md", "sources/all.bib"]
    assert [path for _, path, _ in found(review_folder, "file-linked")] == expected
