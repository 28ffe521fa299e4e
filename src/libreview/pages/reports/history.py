"""The history of changes: the log, and in a line or two what was taken back, accepted, given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from libreview.model import Operation, Step
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Paragraph, Report, Table, text
from libreview.words.i18n import N_, Say

__all__ = ["accepted", "discarded", "log", "open_journal", "skipped", "taken"]

Rows = tuple[list[str], Iterable[Sequence[str | int]]]

_STATES = {"done": "", "undone": N_("taken back"), "unfinished": N_("not finished")}
_SHOWN = 3


def _when(time: str) -> str:
    """Return the time (ISO 8601, UTC) on the reader's clock."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return ""


def _files(paths: Sequence[str], say: Say) -> str:
    """Return the first paths, and how many more there are."""
    shown = ", ".join(paths[:_SHOWN])
    more = len(paths) - _SHOWN
    return shown if more <= 0 else say.many("{paths} and {n} more", "{paths} and {n} more", more, paths=shown)


def _remark(one: Operation, say: Say) -> str:
    if not one.time:
        return say("cannot be read")
    parts = [say(_STATES[one.state]), "" if one.own else say("not made by you here")]
    return ", ".join(part for part in parts if part)


def log(finding: Sequence[Operation], language: str) -> Report:
    """Return the log of changes, newest first."""
    say = i18n.language(language)

    def blocks() -> Iterator[Block]:
        if not finding:
            yield Paragraph(text(say("Nothing was changed here yet.")))
            return
        columns = (
            Column(say("No."), "right"), Column(say("When")), Column(say("Change")), Column(say("Files")), Column(""),
        )  # fmt: skip
        rows = tuple(
            (one.number, _when(one.time), one.summary, _files(one.paths, say), _remark(one, say)) for one in finding
        )
        yield Table(columns, rows, (), text(say("Take the last one back: libreview undo")))

    def data() -> object:
        return [
            {
                "number": one.number,
                "time": one.time,
                "summary": one.summary,
                "paths": list(one.paths),
                "state": one.state,
                "own": one.own,
            }
            for one in finding
        ]

    def rows() -> Rows:
        head = ["number", "time", "summary", "paths", "state", "own"]
        return head, (
            (one.number, one.time, one.summary, " ".join(one.paths), one.state, "yes" if one.own else "no")
            for one in finding
        )

    return Report(blocks, data, rows, say("Changes"), language)


def taken(step: Step, kind: str, say: Say) -> list[str]:
    """Return the lines that say what was taken back or done again, and which files were left."""
    files = say.many("{n} file", "{n} files", len(step.paths))
    if kind == "undo":
        lines = [say("took back: {summary} ({files}). Do it again: libreview redo", summary=step.summary, files=files)]
    else:
        lines = [say("did again: {summary} ({files}). Take it back: libreview undo", summary=step.summary, files=files)]
    if step.left:
        lines.append(
            say("{paths}: changed since and left as it is; what would have been put back is in .libreview/kept",
                paths=", ".join(step.left))
        )  # fmt: skip
    return lines


def skipped(one: Operation, say: Say) -> str:
    """Return the line that says which change is not taken back any more."""
    return say("stays: {summary}. libreview undo takes back what was done before it", summary=one.summary or one.number)


def accepted(n: int, say: Say) -> str:
    """Return the line that says what was taken over."""
    if not n:
        return say("Nothing here came from elsewhere.")
    return say.many(
        "took over {n} change. libreview log shows it", "took over {n} changes. libreview log shows them", n
    )


def discarded(paths: Sequence[str], begun: bool, say: Say) -> str:
    """Return the line that says what was given up, and if it was ``begun``, how that is taken back."""
    if not paths:
        return say("Nothing was left unfinished.")
    text = say("gave the change up; left as they are: {paths}", paths=_files(paths, say))
    return f"{text}. {say('libreview undo takes back what it had done')}" if begun else text


def open_journal(pending: Operation | None, history: Sequence[Operation], say: Say) -> str:
    """Return the lines that say what is not finished and what came from elsewhere."""
    lines = []
    if pending is not None:
        lines.append(
            say("not finished: {summary} ({files})", summary=pending.summary, files=_files(pending.paths, say))
        )
        lines.append("  " + (
            say("Give it up: libreview recover --discard") if pending.own
            else say("You did not make it on this machine. Take it over: libreview recover --accept; or give it up: "
                     "libreview recover --discard")
        ))  # fmt: skip
    foreign = [one for one in history if not one.own]
    unread = [one for one in foreign if not one.time]
    for one in foreign:
        if one.time:
            lines.append(say("not made by you on this machine: {n}. {summary} ({files})",
                             n=one.number, summary=one.summary, files=_files(one.paths, say)))  # fmt: skip
        else:
            lines.append(say("cannot be read: {n} in .libreview/history", n=one.number))
    if len(unread) < len(foreign):
        lines.append("  " + say("They are taken back only after libreview recover --accept"))
    return "\n".join(lines) or say("Nothing is unfinished, and nothing came from elsewhere.")
