"""Problems in words: where, the line as it stands, what is wrong, what to do."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from libreview.model import Problem
from libreview.words import i18n
from libreview.words.blocks import Block, Listing, Paragraph, Report, Run, text
from libreview.words.errors import REMARKS, kind
from libreview.words.i18n import Say, both

__all__ = ["MENDED", "Mended", "hint", "mended", "message", "problems"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]
_LONGEST_LINE = 160
_OF_A_FILE = frozenset(("conflict-marker",))
"""Problems that are solved file by file, though their subject is the same everywhere."""


def message(problem: Problem, say: Say) -> str:
    """Return what is wrong, as a sentence; the code itself if the table does not know it."""
    row = kind(problem.code)
    return _filled(row.sentence, problem, say) if row else f"{problem.code} {problem.subject}".strip()


def hint(problem: Problem, say: Say) -> str:
    """Return what to do about it; empty if nobody knows."""
    row = kind(problem.code)
    return _filled(row.hint, problem, say) if row and row.hint else ""


class _Facts(dict[str, str]):
    """Facts that a problem from an older index may lack are shown as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


def _filled(sentence: str, problem: Problem, say: Say) -> str:
    """Return ``sentence`` in the language of ``say``; a ``reason`` may be a sentence of ours itself."""
    facts = _Facts(problem.facts)
    facts.setdefault("subject", problem.subject)
    if "reason" in facts:
        facts["reason"] = say(facts["reason"])
    return string.Formatter().vformat(say(sentence), (), facts)


def _speaks_of(sentence: str) -> bool:
    """Return whether ``sentence`` holds facts, so that it differs from problem to problem."""
    return any(name is not None for _, name, _, _ in string.Formatter().parse(sentence))


def _grouped(found: Sequence[Problem]) -> dict[str, dict[tuple[str, str], list[Problem]]]:
    """Return the problems by code, and in it those that are the same thing at several places."""
    groups: dict[str, dict[tuple[str, str], list[Problem]]] = {}
    for problem in found:
        # without a subject, the same thing said of one file
        alone = problem.subject and problem.code not in _OF_A_FILE
        about = (problem.subject, "") if alone else ("", problem.location.path)
        groups.setdefault(problem.code, {}).setdefault(about, []).append(problem)
    return groups


def _item(group: list[Problem], lines: Mapping[tuple[str, int], str], say: Say) -> tuple[Block, ...]:
    first = group[0]
    words = message(first, say)
    if len(group) > 1:
        words += say.many(" (and at {n} more place)", " (and at {n} more places)", len(group) - 1)
    found: list[Block] = [Paragraph(text(Run(str(first.location), ("strong",)), "  ", words))]
    line = " ".join(lines.get((first.location.path, first.location.line), "").split())
    if line:
        shown = line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + " …"
        found.append(Paragraph((Run(shown, ("code",)),)))
    row = kind(first.code)
    if row and row.hint and _speaks_of(row.hint):
        found.append(Paragraph((Run(hint(first, say), ("dim",)),)))
    return tuple(found)


def problems(finding: Sequence[Problem], language: str, lines: Mapping[tuple[str, int], str] | None = None) -> Report:
    """Return the problems, those of one kind and subject in one entry with a count.

    ``lines`` holds the lines of the files as they stand, by path and number. As data, every problem is by itself.
    """
    say = i18n.language(language)
    english = i18n.language("en")

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("No problems found.")))
            return
        groups = _grouped(finding)
        for code, several in groups.items():
            yield Listing(tuple(_item(group, lines or {}, say) for group in several.values()))
            row = kind(code)
            if row and row.hint and not _speaks_of(row.hint):
                yield Paragraph((Run(hint(next(iter(several.values()))[0], say), ("dim",)),))
        remarks = sum(len(several) for code, several in groups.items() if code in REMARKS)
        entries = sum(len(several) for several in groups.values()) - remarks
        places = sum(one.code not in REMARKS for one in finding)
        total = say.many("{n} problem", "{n} problems", entries) if entries else ""
        if places > entries:
            total += say(" at {places} places", places=places)
        if remarks:
            total += (", " if total else "") + say.many("{n} remark", "{n} remarks", remarks)
        yield Paragraph((Run(total, ("strong",)),))

    def data() -> object:
        return [
            {
                "code": one.code,
                "path": one.location.path,
                "line": one.location.line,
                "subject": one.subject,
                "message": message(one, english),
            }
            for one in finding
        ]

    def rows() -> Rows:
        head = ["path", "line", "code", "subject", "message"]
        return head, (
            (one.location.path, one.location.line, one.code, one.subject, message(one, say)) for one in finding
        )

    return Report(blocks, data, rows, say("Problems"), language)


class Mended(Protocol):
    """How often a problem was put right (`libreview.deeds.mending.Mended` is one)."""

    @property
    def code(self) -> str: ...
    @property
    def times(self) -> int: ...


MENDED = {
    "duplicate-id": (
        both("{n} excerpt got a new id", "{n} excerpts got new ids"),
        both("{n} excerpt would get a new id", "{n} excerpts would get new ids"),
    ),
    "names-joined": (
        both("{n} list of people was parted", "{n} lists of people were parted"),
        both("{n} list of people would be parted", "{n} lists of people would be parted"),
    ),
    "name-et-al": (
        both("{n} list of people ends in others now", "{n} lists of people end in others now"),
        both("{n} list of people would end in others", "{n} lists of people would end in others"),
    ),
    "name-doubled": (
        both("{n} list lost a doubled name", "{n} lists lost doubled names"),
        both("{n} list would lose a doubled name", "{n} lists would lose doubled names"),
    ),
    "name-with-title": (
        both("{n} list lost titles and degrees", "{n} lists lost titles and degrees"),
        both("{n} list would lose titles and degrees", "{n} lists would lose titles and degrees"),
    ),
    "volume-joined": (
        both("{n} volume was parted", "{n} volumes were parted"),
        both("{n} volume would be parted", "{n} volumes would be parted"),
    ),
    "isbn-is-issn": (
        both("{n} ISBN became the ISSN that it is", "{n} ISBNs became the ISSNs that they are"),
        both("{n} ISBN would become an ISSN", "{n} ISBNs would become ISSNs"),
    ),
}
"""Code of a problem -> what was put right, and what would be."""


def mended(done: Sequence[Mended], say: Say, *, dry_run: bool = False) -> list[str]:
    """Return what was put right, or would be, a line for each kind."""
    return [say.many(*MENDED[one.code][dry_run], one.times) for one in done] or [say("There is nothing to fix.")]
