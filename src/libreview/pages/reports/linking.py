"""Linked libraries: what linking one came to, and a table of those that a review names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from libreview.pages.reports.wording import number
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Paragraph, Report, Table, text
from libreview.words.i18n import N_, Say

__all__ = ["Linking", "Row", "libraries", "overlap"]

_STATES = {
    "linked": N_("read-only"),
    "missing": N_("not there now"),
    "not-linked": N_("not linked to this folder: libreview link --name {name}"),
    "unknown": N_("not known on this machine: libreview link PATH --name {name}"),
}


class Row(Protocol):
    """A library that a review names (`libreview.deeds.linking.Row` is one)."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def entries(self) -> int: ...
    @property
    def state(self) -> str: ...


class Linking(Protocol):
    """What linking a library comes to (`libreview.deeds.linking.Linking` is one)."""

    @property
    def entries(self) -> int: ...
    @property
    def winners(self) -> tuple[str, ...]: ...
    @property
    def same(self) -> int: ...
    @property
    def differ(self) -> int: ...


def overlap(found: Linking, say: Say) -> str:
    """Return how many entries a library has, that they are read-only, and which of them another file has as well."""
    words = say.many("{count} entry, read-only.", "{count} entries, read-only.", found.entries,
                     count=number(found.entries, say))  # fmt: skip
    equal = found.same + found.differ
    if not equal:
        return f"{words} {say('No other file has one of its keys.')}"
    count = number(equal, say)
    if len(found.winners) == 1:
        won = say.many(
            "{path} wins over it for {count} equal key:", "{path} wins over it for {count} equal keys:", equal,
            path=found.winners[0], count=count,
        )  # fmt: skip
    else:
        won = say.many(
            "{files} other files win over it for {count} equal key:",
            "{files} other files win over it for {count} equal keys:", equal,
            files=number(len(found.winners), say), count=count,
        )  # fmt: skip
    same = say("{count} same", count=number(found.same, say))
    differ = say.many("{count} differs", "{count} differ", found.differ, count=number(found.differ, say))
    end = say(" (libreview check names them).") if found.differ else "."
    return f"{words} {won} {same}, {differ}{end}"


def libraries(finding: Sequence[Row], language: str) -> Report:
    """Return the libraries that a review names: where they are, how many entries each has, and whether they are read."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("No library is linked: libreview link PATH")))
            return
        columns = (Column(say("Library")), Column(say("Place")), Column(say("Entries"), "right"), Column(say("State")))
        yield Table(
            columns,
            tuple(
                (one.name, one.path, number(one.entries, say), say(_STATES[one.state], name=one.name))
                for one in finding
            ),
        )

    def data() -> object:
        return [{"name": one.name, "path": one.path, "entries": one.entries, "state": one.state} for one in finding]

    def rows() -> tuple[list[str], list[tuple[str, str, int, str]]]:
        return ["name", "path", "entries", "state"], [(one.name, one.path, one.entries, one.state) for one in finding]

    return Report(blocks, data, rows, say("Linked libraries"), language)
