"""What ``include`` and ``exclude`` share: which sources they mean, and what is told afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from libreview.cli import printing
from libreview.cli.options import INPUT_FILE, REF, Session, Writing, option
from libreview.deeds import screening
from libreview.model import Verdict
from libreview.pages.reports import screening as words
from libreview.texts.screening import PATH
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["carry_out", "with_sources"]

_STDIN = Path("-")


class _Keys(click.ParamType[Path]):
    """A file of keys, ``-`` for standard input."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401
        return _STDIN if str(value) == "-" else INPUT_FILE.convert(value, param, ctx)


_FILE = _Keys()


def with_sources(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``REF...``, ``--query`` and ``--from``, of which one says the sources, and ``--coder``."""
    for one in (
        option("--coder", default="", metavar="NAME", help=N_("Who decides, instead of the coder in your settings.")),
        option("--from", "file", type=_FILE, metavar="FILE",
               help=N_("The sources whose keys FILE has, one a line or in a column key; - is standard input.")),
        option("--query", default="", help=N_("All sources that this selects.")),
        click.argument("refs", type=REF, nargs=-1, metavar="[REF]..."),
    ):  # fmt: skip
        function = one(function)
    return function


def _keys(session: Session, refs: tuple[str, ...], query: str, file: Path | None) -> tuple[str, ...]:
    """Return the keys that a command names in one of three ways; `Wrong` if it is none or several."""
    if bool(refs) + bool(query.strip()) + (file is not None) != 1:
        raise Wrong(
            N_("Say which sources: by their keys, or with --query, or with --from"),
            N_("One of the three at a time: libreview list tries a query."),
        )
    if file is not None:
        return screening.keys_in(session.review, file, sys.stdin.buffer.read() if file is _STDIN else None)
    if query.strip():
        return screening.selected(session.review, query)
    return tuple(session.source(ref).key for ref in refs)


def carry_out(
    session: Session, verdict: Verdict, sources: dict[str, Any], reason: str, coder: str, writing: Writing
) -> None:
    """Decide on the ``sources`` that the options name, and say what was done and where screening stands."""
    with session.changing(writing) as review:
        before = review.totals(), review.in_review()
        keys = _keys(session, **sources)
        change, screened = screening.screen(review, keys, verdict, reason=reason, coder=coder)
        done = session.apply(change, writing)
    said = words.decided(screened, PATH, session.say)
    if not done:
        printing.remark(session.say("then: {what}", what=said))
        return
    printing.answer(said + (f". {session.say('libreview undo takes it back.')}" if screened.keys else ""))
    totals = review.totals()
    gone = before[1] - review.in_review() if totals.included and not before[0].included else frozenset()
    undecided = gone.intersection(review.keys("screening:undecided")) if gone else ()
    for line in words.standing(screened, totals, len(undecided), session.say):
        printing.remark(line)
