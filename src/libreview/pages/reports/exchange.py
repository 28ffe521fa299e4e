"""What was handed on to another program for qualitative analysis, or taken over from it, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Protocol

from libreview.model import Problem
from libreview.pages.reports.checking import message
from libreview.texts.refiqda.project import Left
from libreview.words.i18n import N_, Say

__all__ = ["KINDS", "Handed", "Received", "ReceivedThemes", "handed_lines", "received_lines", "theme_lines"]

KINDS = {
    "annotation": N_("an annotation cannot stand in a note card: {name}"),
    "annotation-differs": N_("the annotation of {name} says something else here; it stays as it is"),
    "case": N_("a case that is no single source: {name}"),
    "cell": N_("a cell that cannot be what its column says: {name}"),
    "coding": N_("a coding: {name}"),
    "column": N_("a column that a codebook does not have: {name}"),
    "comment": N_("a comment cannot stand in a note; its excerpt was taken: {name}"),
    "comment-differs": N_("the comment on {name} says something else here; it stays as it is"),
    "entry": N_("its entry cannot be written as BibTeX: {name}"),
    "excerpt": N_("a passage cannot stand in a note: {name}"),
    "excerpt-differs": N_("{name} has other words here; they stay as they are"),
    "field": N_("a field of a note card: {name}"),
    "graph": N_("a diagram: {name}"),
    "link": N_("a link: {name}"),
    "media": N_("a picture, a recording or a film: {name}"),
    "memo": N_("a memo that belongs to no source and no passage: {name}"),
    "passage": N_("a passage without its text: {name}"),
    "remark": N_("a remark on a coder's own coding: {name}"),
    "set": N_("a set: {name}"),
    "source-coding": N_("a theme given to a source as a whole: {name}"),
    "source-differs": N_("{name} has other fields here; they stay as they are"),
    "text": N_("there is no text of {name} in the file"),
    "theme": N_("the words of a theme cannot stand in the codebook: {name}"),
    "theme-differs": N_("the theme {name} is described differently here; it stays as it is"),
    "theme-row": N_("a row that cannot be a theme: {name}"),
    "theme-twice": N_("a theme that stands in a row above: {name}"),
    "variable": N_("a variable whose name cannot be that of a field: {name}"),
}
"""What a file cannot hold, or a review cannot keep."""


class Handed(Protocol):
    """What was handed on (`libreview.deeds.exchanging.Handed` is one)."""

    @property
    def sources(self) -> int: ...
    @property
    def excerpts(self) -> int: ...
    @property
    def codes(self) -> int: ...
    @property
    def tags(self) -> int: ...
    @property
    def left(self) -> Sequence[Left]: ...


def handed_lines(finding: Handed, file: str, say: Say) -> list[str]:
    """Return what was written to ``file``, and each thing that it cannot hold."""
    counts = [say.many("{n} theme", "{n} themes", finding.codes)]
    if finding.tags:
        counts.append(
            say.many("{n} tag that is not in the codebook", "{n} tags that are not in the codebook", finding.tags)
        )
    if finding.sources:
        counts = [
            say.many("{n} source", "{n} sources", finding.sources),
            say.many("{n} excerpt", "{n} excerpts", finding.excerpts),
            *counts,
        ]
    found = [say("wrote {path}: {counts}", path=file, counts=", ".join(counts))]
    return found + [f"  {say(KINDS[one.kind], name=one.name)}" for one in finding.left]


class Received(Protocol):
    """What was taken over (`libreview.deeds.receiving.Received` is one)."""

    @property
    def sources(self) -> int: ...
    @property
    def excerpts(self) -> int: ...
    @property
    def themes(self) -> int: ...
    @property
    def codings(self) -> int: ...
    @property
    def already(self) -> int: ...
    @property
    def left(self) -> Sequence[Left]: ...


def received_lines(finding: Received, file: str, say: Say) -> list[str]:
    """Return what was new in ``file``, and each thing that was not taken over."""
    counts = [
        say.many("{n} source", "{n} sources", finding.sources),
        say.many("{n} excerpt", "{n} excerpts", finding.excerpts),
        say.many("{n} theme", "{n} themes", finding.themes),
        say.many("{n} coding", "{n} codings", finding.codings),
    ]
    found = [say("new from {path}: {counts}", path=file, counts=", ".join(counts))]
    if finding.already:
        found.append("  " + say.many("{n} excerpt was here already", "{n} excerpts were here already", finding.already))
    return found + _left_lines(finding.left, say)


def _left_lines(left: Sequence[Left], say: Say) -> list[str]:
    if not left:
        return []
    head = say.many("not taken over ({n} thing):", "not taken over ({n} things):", len(left))
    return [head, *(f"  {say(KINDS[one.kind], name=one.name)}" for one in left)]


class ReceivedThemes(Protocol):
    """What was taken over of a codebook in a table (`libreview.deeds.receiving_codebook.ReceivedThemes` is one)."""

    @property
    def themes(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def already(self) -> int: ...
    @property
    def left(self) -> Sequence[Left]: ...
    @property
    def doubts(self) -> Sequence[Doubt]: ...


class Doubt(Protocol):
    """What was taken over of a table although it cannot be right (`libreview.deeds.receiving_codebook.Doubt` is one)."""

    @property
    def rows(self) -> tuple[int, ...]: ...
    @property
    def problem(self) -> Problem | None: ...
    @property
    def example(self) -> str: ...


def theme_lines(finding: ReceivedThemes, file: str, say: Say) -> list[str]:
    """Return what was new in the codebook ``file``, and each thing that was not taken over."""
    counts = say.many("{n} theme", "{n} themes", finding.themes)
    found = [say("new from {path}: {counts}", path=file, counts=counts)]
    if finding.changed:
        changed = say.many("{n} theme was changed to what the file says",
                           "{n} themes were changed to what the file says", finding.changed)  # fmt: skip
        found.append(f"  {changed}")
    if finding.already:
        found.append("  " + say.many("{n} theme is here already", "{n} themes are here already", finding.already))
    found += _left_lines(finding.left, say)
    if any(one.kind == "theme-differs" for one in finding.left):
        found.append(say("To take what the file says of them: libreview import --update {path}", path=quote(file)))
    if finding.doubts:
        found.append(
            say.many("taken over, but it cannot be right ({n} thing):", "taken over, but it cannot be right ({n} things):",
                     len(finding.doubts))
        )  # fmt: skip
        found += [f"  {_doubtful(one, say)}" for one in finding.doubts]
    return found


def _doubtful(one: Doubt, say: Say) -> str:
    what = message(one.problem, say) if one.problem else say("There is no excerpt ^{id}", id=one.example)
    return say("row {row}: {what}", row=", ".join(map(str, one.rows)), what=what)
