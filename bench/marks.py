"""The marks of libreview, measured in one run on this machine and printed as ratios.

    python bench/marks.py            (about five minutes; --quick uses a tenth of the corpus)

Each figure is the CPU time (user and system) of whole processes, the median of several runs; what it is compared with runs
in turn with it, so that the ratio holds when the machine's speed drifts. Nothing here passes or fails: it prints.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import make_bib, make_review

PYTHON = sys.executable
LIBREVIEW = (PYTHON, "-m", "libreview")
TABLES = ("frequency", "matrix", "matrix --by year --cells column%", "concept-matrix", "sources", "synthesis",
          "synthesis --by theme", "co-occurrence", "co-occurrence --unit source", "timeline --period 5", "saturation", "gaps",
          "contradictions")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost: CPU seconds, and the peak of its memory in MiB."""

    cpu: float
    memory: float


def run(command: Sequence[str], folder: Path, environment: dict[str, str], lines: list[int] | None = None) -> Cost:
    """Run ``command`` and return its cost; ``lines`` is given the number of lines it printed."""
    reader = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert reader.stdout is not None
    printed = sum(1 for _ in reader.stdout)
    _, status, usage = os.wait4(reader.pid, 0)
    reader.returncode = os.waitstatus_to_exitcode(status)
    reader.stdout.close()
    if reader.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {reader.returncode}")
    if lines is not None:
        lines.append(printed)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def compare(
    name: str,
    mark: str,
    one: Callable[[], Cost],
    other: Callable[[], Cost],
    runs: int = 5,
) -> None:
    """Print how many times the CPU of ``other`` the deed ``one`` costs."""
    pairs = [(one(), other()) for _ in range(runs)]
    ratio = middle([a.cpu / b.cpu for a, b in pairs])
    cpu, base = middle([a.cpu for a, _ in pairs]), middle([b.cpu for _, b in pairs])
    memory = max(a.memory for a, _ in pairs)
    print(
        f"{name:<46} {ratio:6.2f} x   mark {mark:<22} {cpu:7.3f} s against {base:7.3f} s, {memory:4.0f} MiB", flush=True
    )


class Bench:
    """A folder of corpora and the commands that are run in them."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.environment = {
            **os.environ,
            "LIBREVIEW_CACHE": str(folder / "cache"),
            "LIBREVIEW_CONFIG": str(folder / "config.toml"),
            "LANG": "C.UTF-8",
        }
        self.bib = folder / "library.bib"
        self.bib.write_text(make_bib(size, 1), encoding="utf-8")
        self.review = self._empty("one")
        (self.review / "sources" / "library.bib").write_bytes(self.bib.read_bytes())

    def _empty(self, name: str) -> Path:
        review = self.folder / name
        (review / "sources").mkdir(parents=True)
        (review / "notes").mkdir()
        (review / "libreview.toml").write_text('title = "Bench"\n', encoding="utf-8")
        return review

    def tool(self, *words: str, folder: Path | None = None) -> Callable[[], Cost]:
        return lambda: run((*LIBREVIEW, *words), folder or self.review, self.environment)

    def python(self, code: str) -> Callable[[], Cost]:
        return lambda: run((PYTHON, "-c", code), self.review, self.environment)

    def settle(self, folder: Path) -> None:
        """Let every stamp grow older than the two seconds in which a file is read again, and index it."""
        time.sleep(2.1)
        self.tool("list", "--keys", folder=folder)()
        self.tool("list", "--keys", folder=folder)()

    def start(self) -> None:
        click = self.python("import click")
        compare("--version", "<= 1.5 x import click", self.tool("--version"), click, 11)
        compare("--help", "<= 1.5 x import click", self.tool("--help"), click, 11)

    def importing(self) -> None:
        numbers = iter(range(1000))
        lines: list[int] = []

        def whole() -> Cost:
            review = self._empty(f"import{next(numbers)}")
            return run((*LIBREVIEW, "import", str(self.bib)), review, self.environment, lines)

        split = self.python(
            "from bibtexparser.splitter import Splitter; from pathlib import Path;"
            f" Splitter(Path({str(self.bib)!r}).read_text(encoding='utf-8')).split()"
        )
        compare(f"import {self.size} entries, index cold", "<= 3 x split, 250 MiB", whole, split, 3)
        print(f"{'':<46} {max(lines):>6} lines of output, mark <= 30")

    def reading(self) -> None:
        self.settle(self.review)
        place = next((self.folder / "cache" / "index").glob("*.sqlite"), None)
        for found in (self.folder / "cache" / "index").glob("*.sqlite"):
            if place is None or found.stat().st_mtime > place.stat().st_mtime:
                place = found
        floor = self.python(
            "import click, sqlite3;"
            f" sqlite3.connect({str(place)!r}).execute("
            "\"SELECT rowid FROM source_text WHERE source_text MATCH 'twinning'\").fetchall()"
        )
        compare("search, warm", "<= 2 x click + FTS", self.tool("search", "twinning"), floor, 9)
        compare("list, plain, warm", "<= 2 x click + FTS", self.tool("list"), floor, 9)
        compare("list --json, warm", "<= 3 x click + FTS", self.tool("list", "--json"), floor, 9)
        many = self._empty("many")
        for number, entry in enumerate(self.bib.read_text(encoding="utf-8").split("\n\n@")):
            text = entry if entry.startswith("@") else f"@{entry}"
            (many / "sources" / f"s{number}.bib").write_text(f"{text}\n", encoding="utf-8")
        self.settle(many)
        pairs = [
            (self.tool("search", "twinning", folder=many)().cpu, self.tool("search", "twinning")().cpu)
            for _ in range(9)
        ]
        more = middle([a - b for a, b in pairs]) * 1000
        print(f"{'search in ' + str(self.size) + ' files instead of one':<46} {more:+6.0f} ms  mark <= +60 ms")

    def editing(self) -> None:
        place = self.review / "sources" / "library.bib"
        words = iter(f"Retouched{number}" for number in range(1000))

        def cold() -> Cost:
            for found in (self.folder / "cache" / "index").glob("*"):
                found.unlink()
            return self.tool("search", "twinning")()

        def edited() -> Cost:
            text = place.read_bytes()
            at = text.index(b"title = {", len(text) // 2) + len(b"title = {")
            place.write_bytes(text[:at] + next(words).encode() + b" " + text[at:])
            return self.tool("search", "twinning")()

        compare("search after one entry was edited", "<= 0.25 x cold index", edited, cold, 3)

    def analysing(self) -> None:
        review = self.folder / "analysis"
        make_review(review, self.size // 10, self.size * 2, 70, 1)
        self.settle(review)
        for words in (("summary",), *[("table", *table.split()) for table in TABLES]):
            costs = [self.tool(*words, folder=review)() for _ in range(5)]
            name = f"{' '.join(words)}: {self.size // 10} sources, {self.size * 2} excerpts"
            cpu, memory = middle([one.cpu for one in costs]), max(one.memory for one in costs)
            print(f"{name:<46} {cpu:6.2f} s   mark <= 1.5 s, 250 MiB       {memory:4.0f} MiB", flush=True)

    def texts(self) -> None:
        code = (
            "import time; from libreview.texts.latex import decode; n = 20000;"
            "\nfor text in (r\"Universit{\\'e} de M{\\\"u}nchen \\& {\\O}rsted\", 'A plain title of a usual length'):"
            "\n    begin = time.process_time()\n    for _ in range(n): decode(text)"
            "\n    print(round((time.process_time() - begin) / n * 1e6, 1), 'us a string:', text)"
        )
        print(f"{'LaTeX to Unicode':<46} marks <= 30 us with LaTeX, <= 2 us without", flush=True)
        subprocess.run((PYTHON, "-c", code), env=self.environment, check=True)


def main() -> None:
    """Print every mark."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="a tenth of the corpus")
    size = 1_000 if reader.parse_args().quick else 10_000
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), size)
        for part in (bench.start, bench.texts, bench.importing, bench.reading, bench.editing, bench.analysing):
            part()
    print(f"peak memory of this script itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
