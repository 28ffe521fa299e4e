"""What screening says: the lines after a decision, a decision in words, and the table of the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from libreview.findings.screenings import Screening
from libreview.findings.tallies import share
from libreview.model import Decision
from libreview.pages.reports.standing import Totals
from libreview.pages.reports.wording import decimal, number
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Report, Table, text
from libreview.words.i18n import Say

__all__ = ["Screened", "decided", "in_words", "standing", "table"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]


class Screened(Protocol):
    """What was decided (`libreview.deeds.screening.Screened` is one)."""

    @property
    def verdict(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def already(self) -> int: ...
    @property
    def turned(self) -> int: ...
    @property
    def cited(self) -> tuple[str, ...]: ...


def decided(finding: Screened, path: str, say: Say) -> str:
    """Return what was decided, on how many sources, and how many were decided before."""
    n = len(finding.keys)
    count = number(n, say)
    if not n:
        return say.many(
            "nothing to do: that is decided already for {n} source",
            "nothing to do: that is decided already for {n} sources",
            finding.already,
        )
    if finding.verdict == "include":
        line = say.many(
            "included {count} source in {path}", "included {count} sources in {path}", n, count=count, path=path
        )
    else:
        line = say.many(
            "excluded {count} source in {path}", "excluded {count} sources in {path}", n, count=count, path=path
        )
    line += f": {finding.reason}" if finding.reason else ""
    if finding.turned:
        line += say.many("; {n} was decided otherwise before", "; {n} were decided otherwise before", finding.turned)
    if finding.already:
        line += say.many("; {n} was decided so already", "; {n} were decided so already", finding.already)
    return line


def standing(finding: Screened, totals: Totals, dropped: int, say: Say) -> Iterator[str]:
    """Yield what follows for the review. ``dropped`` sources were in it only while none was included."""
    undecided = totals.sources - totals.included - totals.excluded
    line = say(
        "In the review: {count} of {total} sources",
        count=number(totals.in_review, say),
        total=number(totals.sources, say),
    )
    if undecided:
        line += say("; {count} undecided: libreview list screening:undecided", count=number(undecided, say))
    yield line
    if finding.cited:
        yield say.many(
            "{n} excluded source is cited by excerpts, which tables no longer count: libreview check",
            "{n} excluded sources are cited by excerpts, which tables no longer count: libreview check",
            len(finding.cited),
        )
    if dropped:
        yield say.many(
            "From the first include on, only included sources are in the review. {n} source in use is undecided:"
            " libreview include --query 'screening:undecided (has:excerpt or has:note)'",
            "From the first include on, only included sources are in the review. {n} sources in use are undecided:"
            " libreview include --query 'screening:undecided (has:excerpt or has:note)'",
            dropped,
        )


def in_words(decisions: Sequence[Decision], say: Say) -> Iterator[str]:
    """Yield each decision on a source in words, the one that counts first."""
    for one in reversed(decisions):
        words = say("Included") if one.verdict == "include" else say("Excluded")
        about = ", ".join(part for part in (one.coder, one.date, one.stage) if part)
        yield f"{words}{f': {one.reason}' if one.reason else ''}{f' ({about})' if about else ''}"


def table(finding: Screening, language: str) -> Report:
    """Return how many sources were included, and excluded for which reason."""
    say = i18n.language(language)
    title = say("Screening")
    names = {"included": say("Included"), "excluded": say("Excluded"), "undecided": say("Undecided")}
    totals = {"included": finding.included, "excluded": finding.excluded, "undecided": finding.undecided}

    def lines() -> Iterator[tuple[str, str, int]]:
        for state, n in totals.items():
            yield names[state], "", n
            for one in finding.reasons if state == "excluded" else ():
                yield "", one.reason or say("no reason given"), one.sources

    def blocks() -> Iterator[Block]:
        columns = (
            Column(say("Decision")),
            Column(say("Reason")),
            Column(say("Sources"), "right"),
            Column("%", "right"),
        )
        drawn = tuple((*line, decimal(share(line[2], finding.sources), say)) for line in lines())
        counted = say(
            "N = {sources} of {all} sources",
            sources=number(finding.sources, say),
            all=number(finding.collected, say),
        )
        yield Table(columns, drawn, text(title), text(f"{counted}; {say('unit: {unit}', unit=say('source'))}"))

    def data() -> object:
        return {
            "table": "screening",
            "unit": "source",
            "n": {"sources": finding.sources, "collected": finding.collected},
            "included": finding.included,
            "excluded": finding.excluded,
            "undecided": finding.undecided,
            "reasons": [{"reason": one.reason, "sources": one.sources} for one in finding.reasons],
        }

    def rows() -> Rows:
        excluded = [("excluded", one.reason, one.sources) for one in finding.reasons]
        found = [("included", "", finding.included), *excluded, ("undecided", "", finding.undecided)]
        return ["decision", "reason", "sources"], found

    return Report(blocks, data, rows, title, language)
