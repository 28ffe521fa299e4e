"""What an import came to, in a few lines; and all imports of a review, as a table."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from libreview.model import Problem
from libreview.pages.reports.checking import message
from libreview.texts.provenance import Import
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Paragraph, Report, Table, text
from libreview.words.i18n import Say

__all__ = ["Imported", "Renamed", "Twin", "described", "lines", "listed"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]

_MOST = 8
"""How many unreadable entries and new keys are named one by one."""
_MOST_CLASHES = 20
_FEW = 2
"""How many works that are the same as others are named, and how many of those others."""
_WIDEST = 40


class Renamed(Protocol):
    """A key that was taken, and the one that the entry got."""

    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...


class Clash(Protocol):
    """A field of a source that changed here and in the file."""

    @property
    def key(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def ours(self) -> str: ...
    @property
    def theirs(self) -> str: ...


class Changed(Protocol):
    """A source that was brought up to date, and the fields that were."""

    @property
    def key(self) -> str: ...
    @property
    def fields(self) -> Sequence[str]: ...


class Updated(Protocol):
    """What became of the records that came before (`libreview.deeds.updating.Updated` is one)."""

    @property
    def same(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def clashing(self) -> int: ...
    @property
    def taken(self) -> Sequence[Changed]: ...
    @property
    def clashes(self) -> Sequence[Clash]: ...
    @property
    def gone(self) -> Sequence[int]: ...
    @property
    def vanished(self) -> Sequence[str]: ...
    @property
    def rekeyed(self) -> Sequence[tuple[str, str]]: ...


class Twin(Protocol):
    """A new record that is the same work as others, surely or perhaps."""

    @property
    def key(self) -> str: ...
    @property
    def others(self) -> Sequence[str]: ...
    @property
    def sure(self) -> bool: ...


class Imported(Protocol):
    """What an import came to (`libreview.deeds.importing.Imported` is one)."""

    @property
    def file(self) -> Path: ...
    @property
    def records(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def carriers(self) -> int: ...
    @property
    def already(self) -> int: ...
    @property
    def here(self) -> int: ...
    @property
    def unreadable(self) -> tuple[Problem, ...]: ...
    @property
    def remarks(self) -> tuple[Problem, ...]: ...
    @property
    def defects(self) -> int: ...
    @property
    def sources_with_defects(self) -> int: ...
    @property
    def renamed(self) -> Sequence[Renamed]: ...
    @property
    def path(self) -> str: ...
    @property
    def came(self) -> str | None: ...
    @property
    def updated(self) -> Updated: ...
    @property
    def number(self) -> int: ...
    @property
    def twins(self) -> Sequence[Twin]: ...
    @property
    def left_out(self) -> Sequence[Twin]: ...


# One import -----------------------------------------------------------------------------------------------------------


def lines(findings: Sequence[Imported], say: Say, *, dry_run: bool = False, again: str = "") -> list[str]:
    """Return how many records came, what could not be read, which keys are new, what changed, and what comes next.

    Several files have a line each, with their counts below each other. ``again`` is the call to be repeated in a hint. Of what is
    named one by one, a trial names all.
    """
    most = sys.maxsize if dry_run else _MOST
    if len(findings) == 1:
        (one,) = findings
        found = [_counts(one, say), *_details(one, say, again, most)]
    else:
        found = []
        for one, line in zip(findings, _columns(findings, say), strict=True):
            found += [line, *("  " + detail for detail in _details(one, say, again, most))]
        found += _defects(findings, say)
    return [*found, *_next(findings, say, dry_run=dry_run)]


def _counts(finding: Imported, say: Say) -> str:
    parts = [say("{n} new", n=finding.new), *_again(finding.updated, say)]
    if finding.already:
        parts.append(say("{n} already here", n=finding.already))
    if finding.came is None or finding.unreadable:
        parts.append(say("{n} unreadable", n=len(finding.unreadable)))
    line = say.many("{n} record: {counts}.", "{n} records: {counts}.", finding.records, counts=", ".join(parts))
    return " ".join((line, *_defects([finding], say)))


def _again(updated: Updated, say: Say) -> Iterator[str]:
    """Yield the counts of the records that came before."""
    if updated.changed:
        changed = say("{n} changed upstream", n=updated.changed)
        if updated.clashing:
            changed += " " + say.many(
                "({n} conflicts with your edit)", "({n} conflict with your edits)", updated.clashing
            )
        yield changed
    if updated.same:
        yield say("{n} same", n=updated.same)
    if updated.gone:
        yield say("{n} taken out here", n=len(updated.gone))


def _columns(findings: Sequence[Imported], say: Say) -> list[str]:
    """Return the counts of several files, a line each."""
    names = [one.file.name for one in findings]
    wide = min(_WIDEST, max(map(len, names)))
    columns = [
        [say.many("{n} record", "{n} records", one.records) for one in findings],
        [say("{n} new", n=one.new) for one in findings],
        [say("{n} already here", n=one.here) for one in findings],
    ]
    if any(one.updated.changed for one in findings):
        columns.append([say("{n} changed upstream", n=one.updated.changed) for one in findings])
    columns.append([say("{n} unreadable", n=len(one.unreadable)) for one in findings])
    cells = [_numbers_below(column) for column in columns]
    return [f"  {name:<{wide}}  {'   '.join(column[at] for column in cells)}".rstrip() for at, name in enumerate(names)]


def _numbers_below(column: Sequence[str]) -> list[str]:
    """Return texts that begin with a number as cells: the numbers end below each other, the texts are of one length."""
    split = [text.partition(" ") for text in column]
    digits = max(len(number) for number, _, _ in split)
    cells = [f"{number:>{digits}} {words}" for number, _, words in split]
    return [cell.ljust(max(map(len, cells))) for cell in cells]


def _defects(findings: Sequence[Imported], say: Say) -> list[str]:
    n = sum(one.defects for one in findings)
    if not n:
        return []
    defects = say.many("{n} defect", "{n} defects", n)
    sources = say.many("{n} source", "{n} sources", sum(one.sources_with_defects for one in findings))
    return [say("{defects} in {sources}: libreview check", defects=defects, sources=sources)]


def _details(finding: Imported, say: Say, again: str, most: int) -> Iterator[str]:
    """Yield what there is to say of single records, at most so many of a kind."""
    if finding.carriers:
        yield "  " + say.many(
            "{n} of them only holds data of others (@xdata, @set) and is not listed",
            "{n} of them only hold data of others (@xdata, @set) and are not listed",
            finding.carriers,
        )
    for found in (finding.unreadable, finding.remarks):
        yield from _some([f"{one.location}  {message(one, say)}" for one in found], say, most)
    renamed = finding.renamed
    yield from _some(
        [say("{old} is another source here; this one is now {new}", old=one.old, new=one.new) for one in renamed],
        say, most,
    )  # fmt: skip
    updated = finding.updated
    yield from _some(
        [say("{key}: taken over {fields}", key=one.key, fields=_fields(one.fields, say)) for one in updated.taken],
        say, most,
    )  # fmt: skip
    yield from _clashes(updated.clashes, say, again, max(most, _MOST_CLASHES))
    yield from _elsewhere(updated, say, again, most)
    yield from _same_works(finding, say, most)


def _same_works(finding: Imported, say: Say, most: int) -> Iterator[str]:
    """Yield which of the new records are the same work as another source, or may be."""
    sure = [one for one in finding.twins if one.sure]
    unsure = [one for one in finding.twins if not one.sure]
    if finding.left_out:
        yield "  " + say.many(
            "{n} is surely the same work as another source and was left out ({names})",
            "{n} are surely the same work as another source and were left out ({names})",
            len(finding.left_out), names=_equal(finding.left_out, most),
        )  # fmt: skip
    if sure:
        yield "  " + say.many(
            "{n} of the new ones is surely the same work as another source ({names}): {command}",
            "{n} of the new ones are surely the same work as another source ({names}): {command}",
            len(sure), names=_equal(sure, most), command="libreview dedupe --merge",
        )  # fmt: skip
    if unsure:
        yield "  " + say.many(
            "{n} may be the same work as another source ({names}): {command}",
            "{n} may be the same work as another source ({names}): {command}",
            len(unsure), names=_equal(unsure, most), command="libreview dedupe",
        )  # fmt: skip


def _equal(twins: Sequence[Twin], most: int) -> str:
    """Return the keys of records beside those of the same work; only a trial names all of them."""
    some = twins[: most if most > _MOST else _FEW]
    names = ", ".join(" = ".join((one.key, *one.others[:_FEW])) for one in some)
    return names + (", ..." if len(some) < len(twins) else "")


def _some(found: Sequence[str], say: Say, most: int) -> Iterator[str]:
    """Yield lines, indented, and how many more there are."""
    yield from ("  " + line for line in found[:most])
    if len(found) > most:
        yield "  " + say("and {n} more; --dry-run names all", n=len(found) - most)


def _clashes(clashes: Sequence[Clash], say: Say, again: str, most: int) -> Iterator[str]:
    lines = [
        say("{key} {field}: yours {ours}, theirs {theirs}", key=one.key, field=_field(one.field, say),
            ours=_value(one.ours, say), theirs=_value(one.theirs, say))
        for one in clashes
    ]  # fmt: skip
    yield from _some(lines, say, most)
    if lines:
        yield "  " + say("Yours stayed. To take theirs: {command}", command=f"{again} --theirs")


def _elsewhere(updated: Updated, say: Say, again: str, most: int) -> Iterator[str]:
    """Yield what is here and not there, there under another key, and there and not here."""
    if updated.vanished:
        names = ", ".join(updated.vanished[:most]) + (", ..." if len(updated.vanished) > most else "")
        yield "  " + say.many(
            "{n} is not in the file any more and stays here: {names}. libreview remove KEY takes one out",
            "{n} are not in the file any more and stay here: {names}. libreview remove KEY takes one out",
            len(updated.vanished), names=names,
        )  # fmt: skip
    rekeyed = [
        say("{old} is called {new} there: {command}", old=old, new=new,
            command=f"libreview rekey {shlex.quote(old)} {shlex.quote(new)}")
        for old, new in updated.rekeyed
    ]  # fmt: skip
    yield from _some(rekeyed, say, most)
    if updated.gone:
        yield "  " + say.many(
            "{n} was taken out of the review and stays out. To bring it back: {command}",
            "{n} were taken out of the review and stay out. To bring them back: {command}",
            len(updated.gone), command=f"{again} --restore",
        )  # fmt: skip


def _field(name: str, say: Say) -> str:
    return say("type") if name == "@" else name


def _fields(names: Sequence[str], say: Say) -> str:
    return ", ".join(_field(name, say) for name in names)


def _value(raw: str, say: Say) -> str:
    """Return the value of a field so that it fits into a line."""
    return f'"{textwrap.shorten(raw[:400], 60, placeholder=" ...")}"' if raw else say("nothing")


def _next(findings: Sequence[Imported], say: Say, *, dry_run: bool) -> Iterator[str]:
    paths = [one.path for one in findings if one.path]
    if dry_run:
        if paths:
            yield say("Nothing was written. New entries would go into {path}.", path=", ".join(paths))
        else:
            yield say("Nothing was written.")
    elif paths:
        yield say("saved {path}. Next: libreview list", path=", ".join(paths))
    elif any(one.updated.taken for one in findings):
        yield say("saved. To see what changed: libreview undo --dry-run")
    elif all(not one.number and one.came is None for one in findings):
        yield say("Nothing was recorded. With --database NAME an import is, even if it brings nothing new.")


# The record of imports -----------------------------------------------------------------------------------------------


def listed(finding: Sequence[Import], language: str) -> Report:
    """Return what was imported when, from which database, with which search, and how many records it brought."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("Nothing was imported yet. Begin with: libreview import FILE")))
            return
        columns = (
            Column(say("No."), "right"), Column(say("When")), Column(say("File")), Column(say("Database")),
            Column(say("Search")), Column(say("Records"), "right"), Column(say("New"), "right"),
            Column(say("Already here"), "right"), Column(say("Changed"), "right"), Column(say("Unreadable"), "right"),
        )  # fmt: skip
        body: tuple[tuple[str | int, ...], ...] = tuple(
            (one.number, one.date, one.file, one.database or say("unknown"), " ".join(one.search.split()), *_of(one))
            for one in finding
        )
        if len(body) > 1:
            totals = [sum(counts) for counts in zip(*map(_adds, finding), strict=True)]
            body += (("", "", say("Together"), "", "", *totals),)
        yield Table(columns, body, text(say("Imports")), text(_note(finding, say)))

    def data() -> object:
        return [
            {"number": one.number, "date": one.date, "file": one.file, "raw": one.raw, "base": one.base,
             "into": one.into, "format": one.format, "columns": one.columns, "sha256": one.sha256,
             "database": one.database, "search": one.search, "records": one.records, "new": one.new,
             "already": one.already, "changed": one.changed, "unreadable": one.unreadable}
            for one in finding
        ]  # fmt: skip

    def rows() -> Rows:
        head = ["number", "date", "file", "database", "search", "records", "new", "already", "changed", "unreadable"]
        head += ["format", "raw", "base", "into", "sha256"]
        return head, (
            (one.number, one.date, one.file, one.database, " ".join(one.search.split()), *_of(one), one.format, one.raw,
             one.base, one.into, one.sha256)
            for one in finding
        )  # fmt: skip

    return Report(blocks, data, rows, say("Imports"), language)


def _of(one: Import) -> tuple[int, ...]:
    return one.records, one.new, one.already, one.changed, one.unreadable


def _adds(one: Import) -> tuple[int, ...]:
    """Return what an import adds to those before it: of a file that came again, only what is new in it."""
    return _of(one) if not one.base else (one.new, one.new, 0, one.changed, 0)


def _note(finding: Sequence[Import], say: Say) -> str:
    note = say("Counted in records of the files.")
    if any(one.base for one in finding) and len(finding) > 1:
        note += " " + say("Of a file that came again, only what was new in it counts together.")
    unknown = next((one for one in finding if not one.database), None)
    if unknown is not None:
        note += " " + say("To say where one came from: libreview imports edit {n} --database NAME", n=unknown.number)
    return note


def described(one: Import, say: Say, *, done: bool) -> str:
    """Return what the record says of an import after it was corrected."""
    facts = {
        "n": one.number,
        "file": one.file,
        "database": one.database or say("unknown"),
        "search": textwrap.shorten(one.search[:400], 60, placeholder=" ...") or say("unknown"),
    }
    if not done:
        return say("nothing to do: import {n} ({file}) says this already", **facts)
    return say("saved: import {n} ({file}), database {database}, search {search}. Next: libreview imports", **facts)
