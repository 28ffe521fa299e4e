"""A sample of the crash trials of ``bench/safety.py``: a command is killed, or a call fails, and the review is old or new."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashing import order
from crashing.launch import Watch
from crashing.rows import ROWS
from crashing.trials import SOURCE, Call, Starter, Trials
from libreview.disk.journal import locking

BENCH = Path(__file__).parents[2] / "bench"
SAMPLED = ("init", "add", "tag --query --new", "themes rename", "rekey", "merge", "undo 2", "config --user")
ROW = {row.name: row for row in ROWS}


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    with Starter() as one:
        yield one


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, where there is one: fsync costs nothing there."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made).resolve()


def trials(starter: Starter, folder: Path, name: str) -> Trials:
    made = Trials(starter, folder, ROW[name])
    assert not made.missing
    return made


@pytest.mark.parametrize("name", SAMPLED)
def test_a_killed_command_leaves_all_of_the_old_or_all_of_the_new(starter: Starter, folder: Path, name: str) -> None:
    made = trials(starter, folder, name)
    review = str(made.review)
    assert order.violations(made.calls, review, f"{review}/{locking.FOLDER}", locking.COMMITTED) == []
    tally = made.killed("torn", cap=5, recoveries=2)
    assert tally.bad == []
    assert set(tally.states) <= {"old", "new", "a whole step"}


@pytest.mark.parametrize("mode", ["enospc", "eio", "short"])
@pytest.mark.parametrize("name", ["tag --query --new", "undo 2"])
def test_a_failing_call_is_told_in_a_line_and_changes_all_or_nothing(
    starter: Starter, folder: Path, name: str, mode: str
) -> None:
    assert trials(starter, folder, name).failing(mode, cap=6).bad == []


# What judges must be able to find something ----------------------------------------------------------------------------

GOOD = [
    Call("create", "/r/.libreview/staging/0"),
    Call("write", "/r/.libreview/staging/0"),
    Call("fsync", "/r/.libreview/staging/0"),
    Call("fsync", "/r/.libreview/staging"),
    Call("create", "/r/.new"),
    Call("write", "/r/.new"),
    Call("fsync", "/r/.new"),
    Call("rename", "/r/.libreview/staging", "/r/.libreview/committed"),
    Call("fsync", "/r/.libreview"),
    Call("rename", "/r/.new", "/r/a.md"),
    Call("fsync", "/r"),
    Call("remove", "/r/.libreview/committed/0"),
]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (None, ""),
        (2, "/r/.libreview/staging/0 is not on disk when it becomes /r/.libreview/committed"),
        (3, "/r/.libreview/staging/0 may be missing in the commit"),
        (6, "/r/.new is not on disk when it becomes /r/a.md"),
        (7, "/r/a.md is replaced outside of a commit"),
        (8, "/r/a.md is changed before the commit is on disk"),
        (10, "the journal is given up before the folder of /r/a.md (renamed) is on disk"),
    ],
)
def test_what_is_out_of_order_is_found(left_out: int | None, said: str) -> None:
    calls = [call for at, call in enumerate(GOOD) if at != left_out]
    found = order.violations(calls, "/r", "/r/.libreview", "committed")
    assert (said in found) if said else found == []


PROGRAM = """
import os, sys
from pathlib import Path
from crashing.launch import Watch
Watch(sys.argv[1], int(sys.argv[2]), os.getcwd()).install()
descriptor = os.open("one", os.O_WRONLY | os.O_CREAT)
left = b"abcdefgh"
while left:
    left = left[os.write(descriptor, left):]
os.fsync(descriptor)
os.mkdir("folder")
os.link("one", "folder/two")
Path("one").replace("three")
Path("folder/two").unlink()
os.rmdir("folder")
"""


@pytest.mark.parametrize(
    ("mode", "at", "status", "left"),
    [
        ("count", -1, 0, {"three": "abcdefgh"}),
        ("kill", 1, -9, {}),
        ("kill", 2, -9, {"one": ""}),
        ("torn", 2, -9, {"one": "abcd"}),
        ("short", 2, 0, {"three": "abcdefgh"}),
        ("short", 0, 0, {"three": "abcdefgh"}),
        ("eio", 3, 1, {"one": "abcdefgh"}),
        ("enospc", 4, 1, {"one": "abcdefgh"}),
        ("kill", 6, -9, {"one": "abcdefgh", "folder/two": "abcdefgh"}),
        ("kill", 7, -9, {"three": "abcdefgh", "folder/two": "abcdefgh"}),
        ("kill", 8, -9, {"three": "abcdefgh"}),
    ],
)
def test_the_call_that_is_named_goes_wrong(
    tmp_path: Path, mode: str, at: int, status: int, left: dict[str, str]
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(BENCH)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, mode, str(at)],
        cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    files = (place for place in tmp_path.rglob("*") if place.is_file())
    assert {place.relative_to(tmp_path).as_posix(): place.read_text("ascii") for place in files} == left


def test_a_process_of_its_own_is_interrupted_in_the_same_way(tmp_path: Path, review_folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{BENCH}"}
    log = tmp_path / "log"
    words = ["config", "question", "Why?"]
    begun = [sys.executable, str(BENCH / "crashing" / "launch.py")]

    def run(*mode: str) -> int:
        line = [*begun, *mode, "--", *words]
        done = subprocess.run(line, cwd=review_folder, env=environment, capture_output=True, timeout=60, check=False)
        return done.returncode

    before = (review_folder / "libreview.toml").read_bytes()
    assert run("kill", "3", str(review_folder)) == -9
    assert (review_folder / "libreview.toml").read_bytes() == before
    assert run("count", "-1", str(review_folder), "--log", str(log)) == 0
    assert b"Why?" in (review_folder / "libreview.toml").read_bytes()
    assert '"rename"' in log.read_text("utf-8")


def test_a_mode_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AssertionError):
        Watch("slow", 1, "/")
