"""What was handed on to another program for qualitative analysis, or taken over from it, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from libreview.texts.refiqda.project import Left
from libreview.words.i18n import N_, Say

__all__ = ["KINDS", "Handed", "handed_lines"]

KINDS = {
    "entry": N_("its entry cannot be written as BibTeX: {name}"),
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
    def left(self) -> Sequence[Left]: ...


def handed_lines(finding: Handed, file: str, say: Say) -> list[str]:
    """Return what was written to ``file``, and each thing that it cannot hold."""
    counts = [say.many("{n} theme", "{n} themes", finding.codes)]
    if finding.sources:
        counts = [
            say.many("{n} source", "{n} sources", finding.sources),
            say.many("{n} excerpt", "{n} excerpts", finding.excerpts),
            *counts,
        ]
    found = [say("wrote {path}: {counts}", path=file, counts=", ".join(counts))]
    return found + [f"  {say(KINDS[one.kind], name=one.name)}" for one in finding.left]
