"""The conversation of ``dedupe``: a group side by side, and whether it is one publication. Each answer is saved at once."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from libreview.cli import merging_dialogue, printing
from libreview.cli.dialogue import Terminal
from libreview.cli.options import Session, Writing
from libreview.deeds import deduplicating, merging
from libreview.findings.duplicates import Found, Group
from libreview.model import Source
from libreview.pages.reports.duplicates import against, reasons
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import N_
from libreview.words.safe import safe_line

__all__ = ["ask", "lines", "merge_sure", "row", "stack", "warn"]

_KEYS = N_(
    "m the same: merge (m 2 keeps the second, m 1 3 merges only these) · n not the same · s or Enter skip · q quit"
)
_FIELDS = (
    "author", "title", "date", "year", "journaltitle", "journal", "booktitle", "volume", "number", "pages", "edition",
    "doi", "isbn", "abstract",
)  # fmt: skip
_NARROWEST = 24
"""Columns that a source needs to stand beside another; with fewer they stand one below the other."""
_LONGEST = 400


def warn(session: Session) -> None:
    """Say on stderr which lines of the kept decisions cannot be read."""
    for number in deduplicating.said(session.review).broken:
        printing.remark(
            session.say("{path}:{line} cannot be read and is left out", path=deduplicating.PATH, line=number)
        )


def lines(session: Session, finding: Found) -> dict[str, str]:
    """Return for each key in ``finding`` the line that says which source it is."""
    language = session.review.settings.language
    keys = dict.fromkeys(key for group in finding.groups for key in group.keys)
    return {key: printing.source_line(session.review.source(key), language) for key in keys}


# Without asking -------------------------------------------------------------------------------------------------------


def merge_sure(session: Session, finding: Found, writing: Writing) -> None:
    """Merge each group that is surely one publication into its fullest source, whose fields count."""
    groups = [group for group in finding.groups if group.band == "auto"]
    left = 0
    for group in groups:
        keep, *rest = _sorted(session, group)
        try:
            with session.changing(writing):
                change, merged = merging.merge(session.review, keep, rest, prefer=keep)
                done = session.apply(change, writing)
        except Refused as error:
            left += 1
            Terminal(session.say).fail(error)
            continue
        merging_dialogue.tell_merged(session, merged, done)
    say = session.say
    if not groups:
        printing.answer(say("Nothing is surely the same."))
    if left:
        printing.remark(say.many("{n} group is left: libreview dedupe", "{n} groups are left: libreview dedupe", left))
        click.get_current_context().exit(1)


def _sorted(session: Session, group: Group) -> tuple[str, ...]:
    return deduplicating.fullest({key: session.review.source(key) for key in group.keys}, group)


# Asking ---------------------------------------------------------------------------------------------------------------


def ask(session: Session, finding: Found, writing: Writing) -> None:
    """Go through the groups, the surest first, and print what came of it."""
    loop = _Loop(session, writing, [group.keys for group in finding.groups if group.band == "auto"])
    total = len(finding.groups)
    if finding.groups:
        loop.terminal.tell(textwrap.fill(session.say(_KEYS), loop.terminal.width - 1), dim=True)
    done = 0
    for group in finding.groups:
        try:
            loop.settle(group, done + 1, total)
        except click.Abort:
            break
        done += 1
    say = session.say
    if not total:
        printing.answer(say("No duplicates among {n} records.", n=finding.records))
        return
    came = say("{merged} merged, {apart} not the same, {skipped} skipped, {left} left.",
               merged=loop.merged, apart=loop.apart, skipped=loop.skipped, left=total - done)  # fmt: skip
    more = loop.skipped or total - done
    printing.answer(f"{came} {say('Go on: libreview dedupe') if more else ''}".rstrip())


class _Loop:
    """What was answered so far. ``sure`` are the groups that are surely one: what is said of one holds for all in it."""

    def __init__(self, session: Session, writing: Writing, sure: Sequence[Sequence[str]]) -> None:
        self.session = session
        self.terminal = Terminal(session.say, interactive=session.interactive)
        self.merged = self.apart = self.skipped = 0
        self._writing = writing
        self._sure = {key: number for number, group in enumerate(sure) for key in group}
        self._now: dict[str, str] = {}

    def settle(self, group: Group, at: int, total: int) -> None:
        """Show a group and do what is answered. Raises `click.Abort` when the person stops."""
        keys = tuple(dict.fromkeys(self._now.get(key, key) for key in _sorted_now(self.session, group, self._now)))
        if len(keys) < 2:
            return
        self._show(keys, group, at, total)
        while True:
            answer = self.terminal.ask("> ").lower()
            try:
                if self._answered(answer, keys, group):
                    return
            except ReviewError as error:
                self.terminal.fail(error)

    def _answered(self, answer: str, keys: Sequence[str], group: Group) -> bool:
        """Do what ``answer`` says; return whether the group is done with."""
        letter, numbers = answer[:1], answer[1:].split()
        if letter == "q":
            raise click.Abort
        if letter in ("", "s"):
            self.skipped += 1
            return True
        if letter == "n" and not numbers:
            self._tell_apart(keys, group)
            return True
        if letter == "m" and all(number.isdecimal() and 1 <= int(number) <= len(keys) for number in numbers):
            chosen = list(dict.fromkeys(keys[int(number) - 1] for number in numbers or ["1"]))
            self._merge(chosen if len(chosen) > 1 else [chosen[0], *(key for key in keys if key != chosen[0])])
            return True
        self.terminal.tell(self.session.say(_KEYS), dim=True)
        return False

    def _tell_apart(self, keys: Sequence[str], group: Group) -> None:
        parts: dict[object, list[str]] = {}
        for key in keys:  # of a group to be looked at, what is surely one stays together
            parts.setdefault(self._sure.get(key, key) if group.band == "review" else key, []).append(key)
        several = list(parts.values()) if len(parts) > 1 else [[key] for key in keys]
        with self.session.changing(self._writing):
            change = deduplicating.not_the_same(self.session.review, several, self.session.review.user.coder)
            self.session.apply(change, self._writing)
        self.apart += 1

    def _merge(self, keys: Sequence[str]) -> None:
        session, keep, rest = self.session, keys[0], keys[1:]
        take = merging_dialogue.settled(self.terminal, session.review, keep, rest, {}, "")
        with session.changing(self._writing):
            change, merged = merging.merge(session.review, keep, rest, take)
            done = session.apply(change, self._writing)
        if done:
            self._now.update(dict.fromkeys(rest, keep))
        self.merged += 1
        merging_dialogue.tell_merged(session, merged, done)

    def _show(self, keys: Sequence[str], group: Group, at: int, total: int) -> None:
        say, terminal = self.session.say, self.terminal
        terminal.tell()
        band = say("surely the same") if group.band == "auto" else say("look at it")
        terminal.tell(f"{say('{n} of {total}', n=at, total=total)} · {band} · {group.score:.2f}", dim=True)
        sources = [self.session.review.source(key) for key in keys]
        width = terminal.width - 1
        wide = (width - _LABEL) // len(sources) - 1
        beside = wide >= _NARROWEST
        for name, values in _values(keys, sources):
            for line in row(name, values, wide) if beside else stack(name, values, width):
                terminal.tell(line)
        why = ", ".join(reasons(group, say))
        if group.against:
            why += f"; {say('but: {what}', what=', '.join(against(group, say)))}"
        terminal.tell(textwrap.fill(why, width), dim=True)


_LABEL = 13


def _sorted_now(session: Session, group: Group, now: dict[str, str]) -> tuple[str, ...]:
    """Return the keys of a group as they are now, the fullest source first."""
    known = {key: session.review.source(now.get(key, key)) for key in group.keys}
    return deduplicating.fullest(known, group)


def _values(keys: Sequence[str], sources: Sequence[Source]) -> list[tuple[str, list[str]]]:
    """Return the key and the fields that tell a publication, of each source one beside the other."""
    rows = [("", [f"[{number}] {key}" for number, key in enumerate(keys, 1)]), ("", [one.type for one in sources])]
    rows += [(name, [one.plain.get(name, "") for one in sources]) for name in _FIELDS]
    return [(name, [safe_line(value[:_LONGEST]) for value in values]) for name, values in rows if any(values)]


def row(name: str, values: Sequence[str], wide: int) -> list[str]:
    """Return the lines of one field, the sources in columns; a value that is the same as the one before is a ditto mark."""
    shown = [one if not (name and at and one and one == values[at - 1]) else "″" for at, one in enumerate(values)]
    cells = [textwrap.wrap(one, wide) or [""] for one in shown]
    found = []
    for line in range(max(map(len, cells))):
        label = name if line == 0 else ""
        columns = " ".join((cell[line] if line < len(cell) else "").ljust(wide) for cell in cells)
        found.append(f"{label[: _LABEL - 1]:{_LABEL}}{columns}".rstrip())
    return found


def stack(name: str, values: Sequence[str], width: int) -> list[str]:
    """Return the lines of one field, the sources one below the other."""
    found = [f"{name}:"] if name else []
    shown = [values[0]] if name and len(set(values)) == 1 else values
    for number, value in enumerate(shown, 1):
        lead = f"  {number} " if name and len(shown) > 1 else "  "
        found.append(textwrap.fill(value, width, initial_indent=lead, subsequent_indent=" " * len(lead)) or lead)
    return found
