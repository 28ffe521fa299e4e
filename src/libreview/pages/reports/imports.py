"""What an import came to, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from libreview.model import Problem
from libreview.pages.reports.checking import message
from libreview.words.i18n import Say

__all__ = ["Imported", "Renamed", "lines"]

_MOST = 8
"""How many unreadable entries and new keys are named one by one."""


class Renamed(Protocol):
    """A key that was taken, and the one that the entry got."""

    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...


class Imported(Protocol):
    """What an import came to (`libreview.deeds.collecting.Imported` is one)."""

    @property
    def records(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def carriers(self) -> int: ...
    @property
    def already(self) -> int: ...
    @property
    def unreadable(self) -> tuple[Problem, ...]: ...
    @property
    def defects(self) -> int: ...
    @property
    def sources_with_defects(self) -> int: ...
    @property
    def renamed(self) -> Sequence[Renamed]: ...
    @property
    def path(self) -> str: ...


def _counts(finding: Imported, say: Say) -> str:
    parts = [say("{n} new", n=finding.new)]
    if finding.already:
        parts.append(say("{n} already here", n=finding.already))
    parts.append(say("{n} unreadable", n=len(finding.unreadable)))
    line = say.many("{n} record: {counts}.", "{n} records: {counts}.", finding.records, counts=", ".join(parts))
    if finding.defects:
        defects = say.many("{n} defect", "{n} defects", finding.defects)
        sources = say.many("{n} source", "{n} sources", finding.sources_with_defects)
        line += " " + say("{defects} in {sources}: libreview check", defects=defects, sources=sources)
    return line


def lines(finding: Imported, say: Say, *, dry_run: bool = False) -> list[str]:
    """Return how many entries came, what could not be read, which keys are new, and what comes next."""
    found = [_counts(finding, say)]
    if finding.carriers:
        found.append("  " + say.many(
            "{n} of them only holds data of others (@xdata, @set) and is not listed",
            "{n} of them only hold data of others (@xdata, @set) and are not listed",
            finding.carriers,
        ))  # fmt: skip
    found += [f"  {one.location}  {message(one, say)}" for one in finding.unreadable[:_MOST]]
    if len(finding.unreadable) > _MOST:
        found.append("  " + say("and {n} more", n=len(finding.unreadable) - _MOST))
    found += [
        "  " + say("{old} is another source here; this one is now {new}", old=one.old, new=one.new)
        for one in finding.renamed[:_MOST]
    ]
    if len(finding.renamed) > _MOST:
        found.append("  " + say("and {n} more", n=len(finding.renamed) - _MOST))
    if dry_run:
        found.append(say("Nothing was written. New entries would go into {path}.", path=finding.path or "-"))
    elif finding.new:
        found.append(say("saved {path}. Next: libreview list", path=finding.path))
    return found
