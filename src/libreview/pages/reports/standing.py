"""Where a review stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from libreview.pages.reports.wording import number
from libreview.words import i18n
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Report, Run, text
from libreview.words.i18n import N_, Say

__all__ = ["State", "Totals", "state"]


class Totals(Protocol):
    """How much there is (`libreview.review.Totals` is one)."""

    @property
    def sources(self) -> int: ...
    @property
    def in_review(self) -> int: ...
    @property
    def excerpts(self) -> int: ...
    @property
    def uncoded(self) -> int: ...
    @property
    def notes(self) -> int: ...
    @property
    def themes(self) -> int: ...
    @property
    def included(self) -> int: ...
    @property
    def excluded(self) -> int: ...


class State(Protocol):
    """What is here and what comes next (`libreview.deeds.reporting.Status` is one)."""

    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def totals(self) -> Totals: ...
    @property
    def problems(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def next(self) -> str: ...


_REASONS = {
    "no-sources": N_("No sources yet. Import a BibTeX file, or add one source with libreview add:"),
    "no-excerpts": N_("No excerpts yet. Take the first:"),
    "uncoded": N_("Some excerpts have no theme yet. Give them themes:"),
    "coded": N_("All excerpts have themes. Read what they say:"),
}


def _counts(finding: State, say: Say) -> list[str]:
    n = finding.totals

    def many(one: str, more: str, count: int) -> str:
        return say.many(one, more, count, count=number(count, say))

    screened = _screened(n, say)
    lines = [
        many("{count} source", "{count} sources", n.sources)
        + (say(", {count} in the review", count=number(n.in_review, say)) if n.in_review or screened else ""),
        *screened,
        many("{count} excerpt", "{count} excerpts", n.excerpts)
        + (say(", {count} without a theme", count=number(n.uncoded, say)) if n.uncoded else ""),
        many("{count} note", "{count} notes", n.notes),
        many("{count} theme", "{count} themes", n.themes),
    ]
    if finding.problems:
        lines.append(many("{count} problem: libreview check", "{count} problems: libreview check", finding.problems))
    return lines


def _screened(n: Totals, say: Say) -> list[str]:
    """Return how far screening is, once it has begun."""
    if not n.included and not n.excluded:
        return []
    return [
        say(
            "screening: {included} included, {excluded} excluded, {undecided} undecided",
            included=number(n.included, say),
            excluded=number(n.excluded, say),
            undecided=number(n.sources - n.included - n.excluded, say),
        )
    ]


def _reason(finding: State, say: Say) -> str:
    if finding.reason == "unknown":
        return say.many(
            "All excerpts have themes, but {n} of them is not in the codebook:",
            "All excerpts have themes, but {n} of them are not in the codebook:",
            finding.unknown,
        )
    return say(_REASONS[finding.reason])


def state(finding: State, language: str) -> Report:
    """Return what is here, what is left to do, and the next command."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        yield Heading(text(finding.title or say("Untitled review")), 1)
        if finding.question:
            yield Paragraph((Run(finding.question, ("emphasis",)),))
        yield Listing(tuple((Paragraph(text(line)),) for line in _counts(finding, say)))
        yield Paragraph(text(_reason(finding, say), "\n    ", Run(finding.next, ("code",))))

    def data() -> object:
        n = finding.totals
        counts = {
            "sources": n.sources,
            "in_review": n.in_review,
            "included": n.included,
            "excluded": n.excluded,
            "excerpts": n.excerpts,
            "uncoded": n.uncoded,
            "notes": n.notes,
            "themes": n.themes,
            "problems": finding.problems,
        }
        return {"title": finding.title, "question": finding.question, "counts": counts, "next": finding.next}

    return Report(blocks, data, title=finding.title, language=language)
