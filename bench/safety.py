"""The marks of safety, measured on this machine and printed: what is left when a call fails, a process dies, many write.

    python bench/safety.py            (every call of every command; --quick takes a sample)
    python bench/safety.py --all      (and then the programs that measure the other marks; hours)

`crashing/launch.py` says how calls are made to fail. Ends with status 1 if something is not as promised.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crashing import order
from crashing.crowd import many_writers
from crashing.rows import ROWS, Row
from crashing.trials import SOURCE, Starter, Tally, Trials, working_folder
from libreview.disk.journal import locking
from slices import outside

KILLS = ("kill", "torn")
FAULTS = ("enospc", "eio", "short")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is tried: calls of each command (0: all), kills of each recovery, writers, notes, edits."""

    calls: int
    recoveries: int
    writers: int
    adds: int
    notes: int
    edits: int


FULL = Sizes(0, 1000, 16, 50, 300, 100_000)
QUICK = Sizes(6, 3, 4, 10, 300, 5_000)


OTHERS = (
    (
        "undo, redo and the index over random histories",
        ("-m", "pytest", "-q", "-n0", "tests/test_history.py::test_histories"),
    ),
    ("hostile inputs", ("bench/attacks.py",)),
    ("mutants", ("bench/mutants.py",)),
)
"""What else is promised, and the program that tries it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one command came to."""

    row: Row
    tallies: tuple[Tally, ...]
    misordered: tuple[str, ...]


def judge(row: Row, sizes: Sizes, modes: Sequence[str]) -> Judged:
    """Interrupt one command in every mode."""
    with working_folder() as folder, Starter() as starter:
        trials = Trials(starter, folder, row)
        done = [trials.killed(mode, sizes.calls, sizes.recoveries) for mode in KILLS if mode in modes]
        done += [trials.failing(mode, sizes.calls) for mode in FAULTS if mode in modes]
        review = str(trials.review)
        print(f"{row.name}: {sum(tally.trials for tally in done)} points tried", file=sys.stderr, flush=True)
        wrong = order.violations(trials.calls, review, f"{review}/{locking.FOLDER}", locking.COMMITTED)
        return Judged(row, tuple(done), tuple(one.replace(f"{trials.place}/", "") for one in wrong))


def show(all_judged: Sequence[Judged], modes: Sequence[str]) -> Iterator[str]:
    """Give the lines of the report, and below each table what was wrong."""
    for mode in modes:
        tallies = [tally for one in all_judged for tally in one.tallies if tally.mode == mode]
        tried = [tally for tally in tallies if not tally.missing]
        trials, bad = sum(tally.trials for tally in tried), sum(len(tally.bad) for tally in tried)
        yield f"\n{mode}: {trials - bad} of {trials} points as promised ({_percent(trials - bad, trials)}), {len(tried)} commands"
        for tally in tallies:
            states = ", ".join(f"{state} {n}" for state, n in sorted(tally.states.items()))
            counts = f"{tally.trials:4} of {tally.points:4} calls   {states:<44} wrong {len(tally.bad)}"
            yield f"  {tally.name:<20} {f'left out: {tally.missing}' if tally.missing else counts}"
        yield from (f"    ! {tally.name}: {one}" for tally in tried for one in tally.bad[:5])
    wrong = [f"    ! {one.row.name}: {what}" for one in all_judged for what in one.misordered]
    yield f"\norder of fsync and rename: {len(wrong)} violations"
    yield from wrong


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "nothing tried"


def rename_many(notes: int) -> tuple[str, bool]:
    """Rename a theme over many notes on a real disk and undo it. Return what to print, and whether it is as promised."""
    with tempfile.TemporaryDirectory(prefix="libreview-rename-") as made:
        place = Path(made)
        review = place / "review"
        (review / "sources").mkdir(parents=True)
        (review / "notes").mkdir()
        (review / "libreview.toml").write_text('title = "Many"\nlanguage = "en"\n', "utf-8")
        (review / "notes" / "codebook.toml").write_text('[trade]\nlabel = { en = "Trade" }\n', "utf-8")
        for number in range(notes):
            key, end = f"source{number}", "\r\n" if number % 7 == 0 else "\n"
            entry = (
                f"@book{{{key},\n  author = {{Writer, {number}}},\n  title = {{Book {number}}},\n  year = 2001,\n}}\n"
            )
            (review / "sources" / f"{key}.bib").write_text(entry, "utf-8")
            blocks = [f"> Excerpt {n} of it. [@{key}, p. {n}] #trade ^n{number:04}{n}\n" for n in range(1, 4)]
            text = f"---\nsource: {key}\n---\n\n" + "\n".join(blocks)
            (review / "notes" / f"{key}.md").write_bytes(text.replace("\n", end).encode())
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "LANG": "C.UTF-8"}
        environment |= {f"LIBREVIEW_{name.upper()}": str(place / name) for name in ("cache", "state", "config")}

        def run(*words: str) -> tuple[int, float]:
            begin = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "libreview", *words],
                cwd=review, env=environment, capture_output=True, timeout=300, check=False,
            )  # fmt: skip
            return done.returncode, time.monotonic() - begin

        def files() -> dict[str, bytes]:
            places = (one for one in sorted(review.rglob("*")) if one.is_file() and ".libreview" not in one.parts)
            return {str(one.relative_to(review)): one.read_bytes() for one in places}

        run("list")
        before = files()
        status, seconds = run("themes", "rename", "trade", "commerce")
        if status == 2:
            return "themes rename: left out, there is no such command", True
        after = files()
        changed = sum(before.get(path) != after.get(path) for path in {*before, *after})
        undone, undoing = run("undo")
        same = files() == before
        text = f"themes rename over {notes} notes: {seconds:.2f} s (mark 3 s), {changed} files; "
        text += f"undo: {undoing:.2f} s, {'byte-identical' if same else 'NOT what was before'}"
        text += f"; {notes} files written and fsynced one by one, and nothing else: {_fsyncs(place, notes):.2f} s"
        return text, not status and not undone and same and changed >= notes and seconds <= 3


def _fsyncs(place: Path, count: int) -> float:
    """Return the seconds that ``count`` fsyncs take here and now: the floor below which no such command gets."""
    begin = time.monotonic()
    for number in range(count):
        with (place / f"file{number}").open("wb") as file:
            file.write(b"x" * 500)
            file.flush()
            os.fsync(file.fileno())
    return time.monotonic() - begin


def _crowd(sizes: Sizes) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory(prefix="libreview-crowd-") as made:
        done = many_writers(Path(made).resolve(), sizes.writers, sizes.adds)
    text = f"{sizes.writers} writers x {sizes.adds} adds beside 4 x 25 tags of one note: {done.lost} lost, {done.doubled} doubled, "
    text += f"{done.left_over} files left over, {done.failed} failed, index {'differs' if done.unlike else 'as a fresh one'}, "
    return f"{text}{done.seconds:.1f} s", done.well


def _others() -> Iterator[bool]:
    """Run the programs of `OTHERS` one after the other, each with what it prints, and say whether it was content."""
    for name, command in OTHERS:
        print(f"\n{name}", flush=True)
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        done = subprocess.run([sys.executable, *command], cwd=SOURCE.parent, env=environment, check=False)
        yield done.returncode == 0


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print all; return 1 if something is not as promised."""
    parser = argparse.ArgumentParser(description="Print the marks of safety.")
    parser.add_argument("--quick", action="store_true", help="a sample of the calls, and fewer writers")
    parser.add_argument("--all", action="store_true", help="then try the rest: histories, hostile inputs, mutants")
    parser.add_argument("--only", metavar="WORD", help="only commands whose name begins so, and nothing else")
    parser.add_argument("--modes", default=",".join(KILLS + FAULTS), help="which of kill, torn, enospc, eio, short")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    given = parser.parse_args(words)
    sizes, modes = QUICK if given.quick else FULL, given.modes.split(",")
    rows = [row for row in ROWS if row.name.startswith(given.only or "")]
    with ThreadPoolExecutor(given.jobs) as pool:
        judged = list(pool.map(lambda row: judge(row, sizes, modes), rows))
    for line in show(judged, modes):
        print(line, flush=True)
    well = not any(one.misordered or any(tally.bad for tally in one.tallies) for one in judged)
    if not given.only:
        measures: tuple[Callable[[], tuple[str, bool]], ...] = (
            lambda: _crowd(sizes), lambda: rename_many(sizes.notes), lambda: outside(sizes.edits),
        )  # fmt: skip
        for measure in measures:
            text, fine = measure()
            print(f"\n{text}", flush=True)
            well = well and fine
    if given.all:
        well = all([*_others(), well])
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
