"""What is left of a review after one call of a command went wrong: all of the old, all of the new, or something else."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from crashing.launch import Request
from crashing.rows import Row, make_place

__all__ = ["Call", "Result", "Starter", "Tally", "Trials", "working_folder"]

SOURCE = Path(__file__).resolve().parents[2] / "src"
TEMPORARY = ".libreview-new-"
KILLED = -9
READER = ("list",)
NEXT = ("add", "--type", "book", "--author", "Next", "--title", "Writer", "--year", "2000", "--key", "next2000")
"""A reading command, which rolls an interrupted change forward, and the writing command that comes next."""

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """A file-changing call, as the log has it."""

    op: str
    path: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    status: int
    out: str
    err: str

    @property
    def clean(self) -> bool:
        """Whether a failure was told as a person expects it: one line, and below it indented what to do."""
        lines = self.err.splitlines()
        told = [line for line in lines if line.startswith("libreview: ")]
        return "Traceback" not in self.err and "internal error" not in self.err and len(told) == 1


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder for the trials, in memory where the system has such a place: a killed process loses nothing there."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(
        prefix="libreview-crash-", dir=memory if os.access(memory, os.W_OK) else None
    ) as made:
        yield Path(made).resolve()


class Starter:
    """A process that has libreview loaded and forks for each run. Use it in a ``with`` statement."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{SOURCE.parent / 'bench'}"}
        program = Path(__file__).with_name("launch.py")
        self._process = subprocess.Popen(
            [sys.executable, program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def run(self, request: Request) -> Result:
        """Return what the run came to."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for place in (request.out, request.err):
            Path(place).unlink(missing_ok=True)
        self._process.stdin.write(msgspec.json.encode(request) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the launcher ended"
        out, err = (Path(place).read_text("utf-8", "replace") if Path(place).exists() else "" for place in
                    (request.out, request.err))  # fmt: skip
        return Result(int(answer), out, err)


@dataclass(slots=True)
class Tally:
    """What the trials of one command in one mode came to. ``bad`` says of each that failed how."""

    name: str
    mode: str
    points: int = 0
    trials: int = 0
    states: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    missing: str = ""

    @property
    def survived(self) -> int:
        return self.trials - len(self.bad)


class Trials:
    """A command, the review it changes, and what that review holds before and after."""

    def __init__(self, starter: Starter, folder: Path, row: Row) -> None:
        self.starter, self.row = starter, row
        self.folder = folder
        self.place = folder / "place"
        self.review = self.place / "review"
        self._template = folder / "template"
        self.missing = ""
        for made in (self.place, self._template):
            shutil.rmtree(made, ignore_errors=True)
        make_place(self.place, row)
        for arguments in row.before:
            self._must(self.run(arguments))
        shutil.copytree(self.place, self._template, symlinks=True)
        self.old = self.files()
        self._between = None
        if row.step:
            self._must(self.run(row.step))
            self._between = self.files()
            self.fresh()
        log = folder / "log"
        log.unlink(missing_ok=True)
        result = self.command("count", -1, str(log))
        if not self.missing and result.status:
            self.missing = result.err.strip().split("\n")[0] or f"status {result.status}"
        self.new = self.files()
        self.calls = [Call(*json.loads(line)) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
        if not self.missing and self.old == self.new:
            self.missing = "the command changes nothing"
        if self.missing:
            return
        self._must(self.run(NEXT))
        self.undo = not self.run(("undo", "--help")).status
        self._usual = self._others()

    def _must(self, result: Result) -> None:
        if result.status:
            self.missing = result.err.strip().split("\n")[0] or f"status {result.status}"

    # Running

    def run(
        self,
        arguments: Sequence[str],
        mode: str = "count",
        at: int = -1,
        log: str = "",
        typed: str = "",
        terminal: bool = False,
    ) -> Result:
        """Run libreview in the review."""
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.place),
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            "TERM": "dumb",
            "LIBREVIEW_CACHE": str(self.place / "cache"),
            "LIBREVIEW_STATE": str(self.place / "state"),
            "LIBREVIEW_CONFIG": str(self.place / "config.toml"),
        }
        out, err = (str(self.folder / name) for name in ("out", "err"))
        return self.starter.run(
            Request(
                list(arguments),
                str(self.review),
                environment,
                out,
                err,
                mode,
                at,
                str(self.place),
                log,
                typed,
                terminal,
            )
        )

    def command(self, mode: str, at: int, log: str = "") -> Result:
        """Run the command of the row with call number ``at`` going wrong."""
        return self.run(self.row.arguments, mode, at, log, self.row.typed, self.row.terminal)

    def fresh(self) -> None:
        """Put the review back to what it was before the command."""
        shutil.rmtree(self.place)
        shutil.copytree(self._template, self.place, symlinks=True)

    # Looking

    def files(self) -> Files:
        """Return the files of the user: those of the review but for `.libreview` and temporary ones, and the settings."""
        found = {"config.toml": (self.place / "config.toml").read_bytes()}
        for place in sorted(self.review.rglob("*")):
            path = place.relative_to(self.review).as_posix()
            if place.is_file() and not path.startswith(".libreview/") and not place.name.startswith(TEMPORARY):
                found[path] = place.read_bytes()
        return found

    def _others(self) -> frozenset[str]:
        """Return what else lies in the place, digits and hexadecimal names taken out."""
        user = {f"review/{path}" for path in self.files()}
        paths = (place.relative_to(self.place).as_posix() for place in self.place.rglob("*"))
        return frozenset(
            re.sub(r"[0-9a-f]*\d[0-9a-f]*", "#", path)
            for path in paths
            if not path.startswith(("cache", "state/libreview/kept", "state/kept")) and path not in user
        )

    def _state(self, files: Files) -> str:
        if files == self.old:
            return "old"
        if files == self.new:
            return "new"
        return "a whole step" if files == self._between else "mixed"

    def _different(self, files: Files) -> str:
        said = []
        for path in sorted({*files, *self.old, *self.new}):
            now, old, new = files.get(path), self.old.get(path), self.new.get(path)
            if old != new or now != old:
                said.append(f"{path} {'old' if now == old else 'new' if now == new else 'neither'}")
        return ", ".join(said)

    def _index_differs(self) -> bool:
        """Tell whether the index, brought up to date, says other than one made from nothing."""
        if not (self.review / "libreview.toml").exists():
            return False
        kept = self.run(["--describe", str(self.review)])
        cache = self.place / "cache"
        moved = self.place / "cache-kept"
        cache.rename(moved)
        made = self.run(["--describe", str(self.review)])
        shutil.rmtree(cache, ignore_errors=True)
        moved.rename(cache)
        return bool(kept.status or made.status or kept.out != made.out)

    # Judging

    def points(self, cap: int, seed: int = 0) -> list[int]:
        """Return the numbers of the calls; at most ``cap`` of them (0: all), the same each time."""
        every = range(1, len(self.calls) + 1)
        return sorted(random.Random(seed).sample(every, cap)) if 0 < cap < len(every) else list(every)

    def _where(self, at: int) -> str:
        if not 0 < at <= len(self.calls):
            return f"call {at}"
        call = self.calls[at - 1]
        shown = " -> ".join(one.replace(f"{self.place}/", "") for one in (call.path, call.other) if one)
        return f"call {at}, {call.op} {shown}"

    def killed(self, mode: str, cap: int = 0, recoveries: int = 1000) -> Tally:
        """Kill the command at each call, kill the recovery at each call of its own, and judge what is left."""
        tally = Tally(self.row.name, mode, len(self.calls), missing=self.missing)
        if self.missing:
            return tally
        for at in self.points(cap):
            self.fresh()
            self.command(mode, at)
            for again in range(1, recoveries + 1):
                if self.run(READER, mode, again).status != KILLED:
                    break
            state, wrong = self._left()
            tally.trials += 1
            tally.states[state] += 1
            if wrong:
                tally.bad.append(" ".join(f"{self._where(at)}: {'; '.join(wrong)}".split()))
        return tally

    def _left(self) -> tuple[str, list[str]]:
        """Return the state of the review after a crash, and all that is wrong with it."""
        reader = self.run(READER)
        files = self.files()
        state = self._state(files)
        wrong = [f"mixed ({self._different(files)})"] if state == "mixed" else []
        unmade = self.row.bare and "libreview.toml" not in files
        if reader.status and not unmade:
            wrong.append(f"list: {reader.err.strip()[:200]}")
        if self._index_differs():
            wrong.append("the index differs from a fresh one")
        if unmade:
            again = self.command("count", -1)
            if again.status or self.files() != self.new:
                wrong.append(f"cannot be repeated: {again.err.strip()[:200]}")
        before = self.files()
        following = self.run(NEXT)
        if following.status:
            wrong.append(f"the next writer: {following.err.strip()[:200]}")
        if self.row.own:
            self.command("count", -1)
        if left := sorted(self._others() - self._usual):
            wrong.append(f"left over: {', '.join(left)}")
        if self.undo and not following.status and not self.row.own:
            wrong += self._undone(before, state)
        return state, wrong

    def _undone(self, before: Files, state: str) -> list[str]:
        """Take the next writer back and, if it was carried out, the command: the bytes of before must be there again."""
        if (one := self.run(("undo",))).status or self.files() != before:
            return [f"undo does not bring back what was: {one.err.strip()[:200]}"]
        if state != "new" or self.row.bare or self.row.arguments[0] in ("undo", "redo", "config"):
            return []
        expected = self._between or self.old  # of two changes undo takes back the second
        if (two := self.run(("undo",))).status or self.files() != expected:
            return [f"undo does not take the command back: {two.err.strip()[:200]}"]
        return []

    def failing(self, mode: str, cap: int = 0) -> Tally:
        """Let each call fail, and judge what is said and what is left."""
        tally = Tally(self.row.name, mode, len(self.calls), missing=self.missing)
        if self.missing:
            return tally
        points = self.points(cap, seed=1)
        if mode == "short":
            points = [at for at in points if self.calls[at - 1].op == "write"] + [0]
        for at in points:
            self.fresh()
            result = self.command(mode, at)
            at_once = self._state(self.files())
            reader = self.run(READER)
            files = self.files()
            state = self._state(files)
            wrong = self._told(result, at_once, state)
            if state == "mixed":
                wrong.append(f"mixed ({self._different(files)})")
            if reader.status and not self.row.bare:
                wrong.append(f"list: {reader.err.strip()[:200]}")
            tally.trials += 1
            tally.states["absorbed" if not result.status else f"refused, {state}"] += 1
            if wrong:
                tally.bad.append(" ".join(f"{self._where(at)}: {'; '.join(wrong)}".split()))
        return tally

    def _told(self, result: Result, at_once: str, state: str) -> list[str]:
        """Return what is wrong with what the command said and how it ended."""
        wrong = []
        if result.status < 0:
            wrong.append(f"ended by signal {-result.status}")
        if "Traceback" in result.err or "internal error" in result.err:
            wrong.append(f"traceback: {result.err.strip()[-300:]}")
        if self.row.terminal:  # a conversation goes on after it told an error
            return wrong
        if result.status == 0 and state != "new":
            wrong.append("exit status 0, but not done")
        if result.status and not result.clean:
            wrong.append(f"no clean message: {result.err.strip()[:200]!r}")
        if "Nothing was written" in result.err and at_once not in ("old", "a whole step"):
            wrong.append(f"says that nothing was written, but it is {at_once}")
        return wrong
