"""Compare our references with those of another processor: ``python bench/citations.py --reference DIR``.

DIR holds ``items.json`` (CSL-JSON) and, for each style and locale, ``<name>.<style>.<locale>.json`` with the expected
lines as ``{"bib": {id: text}}``. Prints each difference and one line of counts per file; says nothing of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path

from libreview.disk import pandoc, styles
from libreview.words.blocks import plain

_NUMBER = re.compile(r"^\s*(?:\[\d+\]|\(\d+\)|\d+\.)\s*")


def _bare(text: str) -> str:
    """Return ``text`` with one kind of space and without its number in the list."""
    return _NUMBER.sub("", " ".join(text.split()))


def compare(folder: Path, quiet: bool) -> int:
    """Print the differences of all files in ``folder``; return their number."""
    items = json.loads((folder / "items.json").read_text(encoding="utf-8"))
    differences = 0
    for path in sorted(folder.glob("*.*.*.json")):
        _, style, locale, _ = path.name.rsplit(".", 3)
        expected: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["bib"]
        begun = time.perf_counter()
        found = pandoc.references(items, styles.find(style).xml, locale)
        seconds = time.perf_counter() - begun
        lines = {key: _bare(plain(text)) for key, text in found.items()}
        wrong = [key for key, text in expected.items() if _bare(text) != lines.get(key)]
        order = [key for key in found if key in expected] == list(expected)
        differences += len(wrong)
        same = len(expected) - len(wrong)
        sorted_as = "alike" if order else "differs"
        print(f"{style} {locale}: {same} of {len(expected)} alike, order {sorted_as}, {seconds:.2f} s")
        for key in () if quiet else wrong:
            print(f"  {key}\n    expected {_bare(expected[key])}\n    found    {lines.get(key, '(nothing)')}")
    return differences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True, metavar="DIR")
    parser.add_argument("--quiet", action="store_true", help="only the counts")
    chosen = parser.parse_args()
    compare(chosen.reference, chosen.quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
