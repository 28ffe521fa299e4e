"""How well and how fast duplicates are found: ``python bench/dedupe.py FOLDER`` runs over sets with known duplicates.

Each folder in FOLDER that has a ``records.csv`` (columns ID, author, title, year, journal, volume, number, pages, abstract, doi,
isbn) and a ``gold.csv`` (``merged_ids``: the IDs of one group, ``;`` between) is a set. ``--speed N`` makes up N records instead and
measures them (a million takes minutes), ``--against N`` compares 1,000 new records with N known ones, ``--shuffle`` says whether
another order gives the same groups. CPU seconds (user and system), not the clock. Nothing passes or fails, but for ``--shuffle``.

*false* and *missed* count as the removal metric of bib-dedupe's benchmark does: of each group the first ID stays, the others go;
a record that goes and is no duplicate is false, one that stays beside its double is missed.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import duplicated
from libreview.findings import duplicates
from libreview.findings.duplicates import Found, Record

__all__ = ["Row", "measured", "removal"]

csv.field_size_limit(1 << 24)
_NEW = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one set."""

    name: str
    records: int
    false: int
    missed: int
    f1: float
    pair_false: int
    pair_f1: float
    recall: float
    queue: int
    pairs: float
    seconds: float

    def line(self) -> str:
        per = self.records / self.seconds if self.seconds else 0.0
        return (
            f"{self.name:<22}{self.records:>9,}{self.f1:>8.4f}{self.false:>7}{self.missed:>8}{self.pair_f1:>9.4f}"
            f"{self.pair_false:>12}{self.recall:>11.4f}{self.queue:>7} ({self.queue / max(self.records, 1):6.2%})"
            f"{self.pairs:>7.2f}{self.seconds:>8.2f}{per:>9,.0f}"
        )


HEAD = (
    f"{'set':<22}{'records':>9}{'F1':>8}{'false':>7}{'missed':>8}{'pair F1':>9}{'false pairs':>12}{'with review':>11}"
    f"{'queue':>16}{'pairs':>7}{'CPU s':>8}{'per s':>9}"
)


def _f1(right: int, false: int, missed: int) -> float:
    return 2 * right / (2 * right + false + missed) if right else 1.0 - min(1, false + missed)


def removal(ids: Iterable[str], gold: Sequence[Sequence[str]], found: Iterable[Sequence[str]]) -> tuple[int, int, int]:
    """Return how many records go rightly, wrongly, and stay although they are duplicates."""
    gone = {key for group in found for key in sorted(group)[1:]}
    known = {key for group in gold for key in group}
    right = missed = 0
    false = sum(key in gone for key in ids if key not in known)
    for group in gold:
        kept = sum(key not in gone for key in group)
        false += kept == 0
        right += len(group) - max(kept, 1)
        missed += max(kept - 1, 0)
    return right, false, missed


def _pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, ...]]:
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}


def _together(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the groups with those that have a key in common made one."""
    head: dict[str, str] = {}

    def top(key: str) -> str:
        while head.setdefault(key, key) != key:
            key = head[key]
        return key

    for group in groups:
        for key in group[1:]:
            head[top(key)] = top(group[0])
    made: dict[str, list[str]] = {}
    for key in list(head):
        made.setdefault(top(key), []).append(key)
    return list(made.values())


def measured(name: str, records: Sequence[Record], gold: Sequence[Sequence[str]]) -> tuple[Row, Found]:
    """Return the figures of one set, and what was found."""
    start = time.process_time()
    found = duplicates.find(records)
    seconds = time.process_time() - start
    auto = [group.keys for group in found.groups if group.band == "auto"]
    wanted, got = _pairs(gold), _pairs(auto)
    every = _pairs(_together([group.keys for group in found.groups]))
    right, false, missed = removal([record.key for record in records], gold, auto)
    row = Row(
        name,
        len(records),
        false,
        missed,
        _f1(right, false, missed),
        len(got - wanted),
        _f1(len(got & wanted), len(got - wanted), len(wanted - got)),
        len(wanted & every) / len(wanted) if wanted else 1.0,
        sum(group.band == "review" for group in found.groups),
        found.pairs / max(len(records), 1),
        seconds,
    )
    return row, found


def _read(folder: Path) -> tuple[list[Record], list[list[str]]]:
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        records = [duplicates.record_of(row["ID"], row) for row in csv.DictReader(file)]
    with (folder / "gold.csv").open(encoding="utf-8", newline="") as file:
        return records, [row["merged_ids"].split(";") for row in csv.DictReader(file)]


def _made(count: int) -> tuple[list[Record], list[list[str]]]:
    rows, gold = duplicated.records(count)
    return [duplicates.record_of(row["ID"], row) for row in rows], gold


def _same_shuffled(records: Sequence[Record], found: Found) -> bool:
    for seed in (1, 2):
        shuffled = list(records)
        random.Random(seed).shuffle(shuffled)
        if duplicates.find(shuffled) != found:
            return False
    return True


def _against(count: int) -> str:
    records, _ = _made(count + _NEW)
    start = time.process_time()
    found = duplicates.find_among(records[:_NEW], records[_NEW:])
    seconds = time.process_time() - start
    return f"{_NEW:,} new against {count:,} known: {seconds:.2f} CPU s, {len(found.groups):,} groups"


def main() -> int:
    """Print the tables that were asked for; 1 if another order gave other groups."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of sets")
    parser.add_argument("--speed", type=int, action="append", default=[], metavar="N", help="measure N made-up records")
    parser.add_argument("--against", type=int, default=0, metavar="N", help="1,000 new records against N known ones")
    parser.add_argument("--shuffle", action="store_true", help="whether another order gives the same groups")
    wanted = parser.parse_args()
    folders = sorted(wanted.folder.glob("*/gold.csv")) if wanted.folder else []
    status = 0
    print(HEAD)
    for source in (*(path.parent for path in folders), *wanted.speed):
        records, gold = _read(source) if isinstance(source, Path) else _made(source)
        name = source.name if isinstance(source, Path) else "made up"
        row, found = measured(name, records, gold)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(row.line() + ("" if isinstance(source, Path) else f"  peak {peak:,} MiB"), flush=True)
        if wanted.shuffle and not _same_shuffled(records, found):
            print(f"{name}: another order gives other groups")
            status = 1
    if wanted.against:
        print(_against(wanted.against))
    return status


if __name__ == "__main__":
    sys.exit(main())
