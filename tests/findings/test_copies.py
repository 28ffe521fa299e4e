"""What sync tools call the second version of a file, and what they do not."""

from __future__ import annotations

import pytest

from libreview.findings.copies import Copy, copies, is_marked

PLAIN = "notes/x.md"

CERTAIN = [
    "notes/x (Nadia's conflicted copy 2024-05-01).md",
    "notes/x (nadia (work)'s conflicted copy 2024-05-01 (1)).md",
    "notes/x (conflicted copy 2024-05-01 101010).md",
    "notes/x (Salinan konflik Nadia 2024-05-01).md",
    "notes/x (In Konflikt stehende Kopie von Nadia 2024-05-01).md",
    "notes/x (Case Conflict).md",
    "notes/x (SFConflict nadia@example.org 2024-05-01-10-10-10).md",
    "notes/x.sync-conflict-20240501-101010-ABCDEFG.md",
    "notes/x.sync-conflict-20240501-101010.md",
    "notes/x_conflict-20240501-101010.md",
    "notes/x.Conflict.md",
    "notes/x [conflicted].md",
]
BESIDE = ["notes/x-DESKTOP-4F2K9QX.md", "notes/x-LAPTOP-ABC123-2.md"]
COUNTED = ["notes/x (1).md", "notes/x (12).md", "notes/x 2.md", "notes/x 10.md"]
OTHERS = [
    "notes/x.md",
    "notes/x-nadia.md",
    "notes/x-2.md",
    "notes/x 1.md",
    "notes/x 2019.md",
    "notes/x (2019).md",
    "notes/a conflict of towns.md",
    "notes/x (a conflict).md",
    "notes/(1).md",
    "notes/conflict.md",
    "notes/copy.md",
    "notes/x (1)",
    "",
]


@pytest.mark.parametrize("path", CERTAIN)
def test_a_name_that_only_a_sync_tool_gives(path: str) -> None:
    assert copies([path]) == (Copy(path, PLAIN, certain=True),)
    assert is_marked(path)


@pytest.mark.parametrize("path", BESIDE)
def test_a_computer_s_name_counts_beside_the_plain_file(path: str) -> None:
    assert copies([path]) == ()
    assert copies([path, PLAIN]) == (Copy(path, PLAIN, certain=True),)


@pytest.mark.parametrize("path", COUNTED)
def test_a_number_may_be_a_person_s(path: str) -> None:
    assert copies([path]) == ()
    assert copies([PLAIN, path]) == (Copy(path, PLAIN, certain=False),)
    assert not is_marked(path)


@pytest.mark.parametrize("path", OTHERS)
def test_names_that_mean_nothing(path: str) -> None:
    assert copies([path, PLAIN]) == ()


def test_long_names_take_no_time() -> None:
    assert (
        copies([f"notes/{'x (' * 80}.md", f"notes/{'(conflicted copy ' * 14}.md", f"notes/{' conflict' * 27}x.md"])
        == ()
    )
