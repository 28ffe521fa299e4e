"""What ``rekey``, ``remove`` and ``merge`` ask and tell: questions on stderr, one answer on stdout."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import click

from libreview.cli import printing
from libreview.cli.dialogue import Terminal
from libreview.cli.options import Session
from libreview.deeds import merging
from libreview.deeds.merging import Followed, Merged, Rekeyed, Removed
from libreview.findings.unions import Conflict
from libreview.review import Review
from libreview.words.errors import Wrong
from libreview.words.i18n import N_, Say

__all__ = ["agree", "choices", "settled", "tell_merged", "tell_rekeyed", "tell_removed"]

_LONGEST = 2000
"""So many characters of a value are shown: an abstract, not a book."""
_UNDO = N_("libreview undo takes it back.")


# Asking ---------------------------------------------------------------------------------------------------------------


def agree(terminal: Terminal, review: Review, keys: Sequence[str], *, force: bool) -> None:
    """Ask whether the sources ``keys`` are to be taken out. Raises `Refused` if something uses them, `click.Abort` for no.

    Where nobody can be asked, that they are named is enough.
    """
    why = None if force else merging.used(review, keys)
    if why is not None:
        raise why
    if terminal.interactive:
        names = ", ".join(keys)
        question = terminal.say.many("Remove {n} source: {keys}?", "Remove {n} sources: {keys}?", len(keys), keys=names)
        if not terminal.confirm(question, default=False):
            raise click.Abort


def choices(keys: Sequence[str], takes: Sequence[str], prefer: str) -> tuple[dict[str, str], str]:
    """Return what ``--take FIELD=KEY`` and ``--prefer KEY`` say; a key may be shortened. `Wrong` if one says nothing."""
    found: dict[str, str] = {}
    for take in takes:
        field, equals, key = take.partition("=")
        if not (field.strip() and equals and key.strip()):
            raise Wrong(N_('"{text}" does not say whose field counts'), N_("Write it as year=KEY."), text=take)
        found[field.strip().lower()] = _whole(key, keys)
    return found, _whole(prefer, keys)


def _whole(key: str, keys: Sequence[str]) -> str:
    """Return the one of ``keys`` that begins as ``key`` does; else ``key`` itself."""
    wanted = key.strip().removeprefix("@")
    found = [one for one in keys if wanted and one.startswith(wanted)]
    return wanted if wanted in keys or len(found) != 1 else found[0]


def settled(
    terminal: Terminal, review: Review, keep: str, others: Sequence[str], take: Mapping[str, str], prefer: str
) -> dict[str, str]:
    """Return ``take`` with a choice for each field about which the sources contradict each other.

    They are shown and asked about; where nobody can be asked they are shown and `Conflicting` is raised.
    """
    conflicts = merging.compared(review, keep, others, take, prefer)
    chosen = dict(take)
    for conflict in conflicts:
        _show(terminal, conflict)
        if terminal.interactive:
            chosen[conflict.field] = _chosen(terminal, conflict)
    if conflicts and not terminal.interactive:
        raise merging.Conflicting(keep, conflicts)
    return chosen


def _show(terminal: Terminal, conflict: Conflict) -> None:
    terminal.tell(f"{conflict.field}:")
    wide = max(map(len, conflict.keys))
    for number, (key, value) in enumerate(zip(conflict.keys, conflict.values, strict=True), 1):
        lead = f"  [{number}] {key:{wide}}  "
        text = value if len(value) <= _LONGEST else f"{value[:_LONGEST]} ..."
        width = max(len(lead) + 20, min(terminal.width, 100) - 1)
        terminal.tell(textwrap.fill(text, width, initial_indent=lead, subsequent_indent=" " * len(lead)) or lead)


def _chosen(terminal: Terminal, conflict: Conflict) -> str:
    """Return the key of the source whose value the person takes."""
    n = len(conflict.keys)
    while True:
        answer = terminal.ask(terminal.say("Which {field} counts? [1-{n}] ", field=conflict.field, n=n))
        if answer.isdecimal() and 1 <= int(answer) <= n:
            return conflict.keys[int(answer) - 1]
        if answer in conflict.keys:
            return answer


# Telling --------------------------------------------------------------------------------------------------------------


def _followed(say: Say, followed: Followed) -> list[str]:
    """Return in words what followed a source."""
    parts: list[str] = []
    if followed.citations:
        where = say.many(" in {n} note", " in {n} notes", followed.notes)
        parts.append(say.many("{n} citation", "{n} citations", followed.citations) + where)
    if followed.cards:
        parts.append(say.many("{n} note card", "{n} note cards", followed.cards))
    if followed.entries:
        parts.append(say.many("{n} other entry", "{n} other entries", followed.entries))
    return parts or [say("nothing cites it")]


def _tell(session: Session, done: bool, what: str) -> None:
    """Print what was done, or on stderr what would be."""
    say = session.say
    if done:
        printing.answer(f"{what}. {say(_UNDO)}")
    else:
        printing.remark(say("then: {what}", what=what))


def tell_rekeyed(session: Session, rekeyed: Rekeyed, done: bool) -> None:
    """Say where a key was changed and what followed."""
    say = session.say
    what = ", ".join(_followed(say, rekeyed.followed))
    if rekeyed.path:
        text = say(
            "{old} is now {new} in {path}: {what}", old=rekeyed.old, new=rekeyed.new, path=rekeyed.path, what=what
        )
    else:
        text = say("{old} is now {new}: {what}", old=rekeyed.old, new=rekeyed.new, what=what)
    _tell(session, done, text)


def tell_removed(session: Session, removed: Removed, done: bool) -> None:
    """Say what was taken out, and what stays: attachments, excerpts that still cite it."""
    say = session.say
    names = ", ".join(removed.keys)
    text = say("removed {keys} from {paths}", keys=names, paths=", ".join(removed.paths))
    if removed.deleted:
        text += "; " + say("deleted {paths}, now empty", paths=", ".join(removed.deleted))
    _tell(session, done, text)
    for path in removed.attachments:
        printing.remark(say("The attachment stays: {path}", path=path))
    if removed.excerpts:
        n = removed.excerpts
        printing.remark(say.many("{n} excerpt still cites it.", "{n} excerpts still cite it.", n))


def tell_merged(session: Session, merged: Merged, done: bool) -> None:
    """Say what was made one, what was taken from where, and what is left to look at."""
    say = session.say
    parts = [say.many("{n} field taken", "{n} fields taken", len(merged.taken))]
    parts += _followed(say, merged.followed) if merged.followed != Followed() else []
    text = say.many(
        "merged {n} source into {key}: {what}", "merged {n} sources into {key}: {what}", len(merged.others),
        key=merged.key, what=", ".join(parts),
    )  # fmt: skip
    _tell(session, done, text)
    for field, key in merged.taken:
        printing.remark(say("{field} is from {key}", field=field, key=key))
    if len(merged.types) > 1:
        other = ", ".join(merged.types[1:])
        printing.remark(say("The type stays {type} (not: {other}).", type=merged.types[0], other=other))
    if len(merged.cards) > 1:
        printing.remark(say("All note cards stay, now of one source: {paths}", paths=", ".join(merged.cards)))
