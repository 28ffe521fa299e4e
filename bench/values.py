"""What a value costs as a frozen, slotted dataclass and as libreview's `Value`: its class, one instance, its JSON.

python bench/values.py
"""

from __future__ import annotations

import dataclasses
import json
import timeit
from collections.abc import Callable

from libreview.value import Value, encode


def with_dataclass() -> type:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Citation:
        key: str
        prefix: str = ""
        locator: str = ""
        suffix: str = ""

    return Citation


def with_value() -> type:
    class Citation(Value, frozen=True):
        key: str
        prefix: str = ""
        locator: str = ""
        suffix: str = ""

    return Citation


def microseconds(deed: Callable[[], object], number: int) -> float:
    """Return the least time that one call took, of five series of ``number``."""
    return min(timeit.repeat(deed, number=number, repeat=5)) / number * 1e6


def main() -> None:
    """Print a line for each."""
    old, new = with_dataclass(), with_value()
    one, other = old("rina2013", "see", "12", ""), new("rina2013", "see", "12", "")
    for name, first, second, number in (
        ("a class", with_dataclass, with_value, 100),
        ("an instance", lambda: old("a", "b", "c", "d"), lambda: new("a", "b", "c", "d"), 100_000),
        ("its JSON", lambda: json.dumps(dataclasses.asdict(one)), lambda: encode(other), 10_000),
    ):
        was, now = microseconds(first, number), microseconds(second, number)
        print(f"{name:<12} {was:8.1f} us as a dataclass, {now:8.1f} us as a Value ({was / now:.0f} x)")


if __name__ == "__main__":
    main()
