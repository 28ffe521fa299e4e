"""Coding sheets as tables, and what came of a filled one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from libreview.model import NONE
from libreview.texts.sheets import COLUMNS, Fault, Sheet, Taken
from libreview.words import i18n
from libreview.words.blocks import Block, Column, Report, Table, text
from libreview.words.i18n import N_, Say

__all__ = ["FAULTS", "sheet", "taken_lines"]

_FEW, _MOST = 12, 40
_INDENT = "\u00a0\u00a0\u00a0"
FAULTS = {
    "coder": N_("row {row}: another coder, {name}; a sheet is of one"),
    "formula": N_("row {row}: a formula stands in the column {name}; write what it comes to"),
    "id": N_("row {row}: there is no excerpt {name}, and the words are those of {near}"),
    "no-coder": N_("row {row}: nobody is named in the column coder"),
    "none": N_("row {row}: none (or 0) says that nothing applies, and cannot stand beside other themes"),
    "theme": N_('row {row}: there is no theme "{name}"'),
    "twice": N_("row {row}: the same excerpt as in row {name}, with other themes"),
    "words": N_("row {row}: the words are not those of the excerpt {name}"),
}
"""What can be wrong in a row of a sheet."""


def sheet(found: Sheet, language: str) -> Report:
    """Return the sheet as a table, a row for each excerpt, the themes empty; and the codebook, without its examples."""
    say = i18n.language(language)
    title = say("Coding sheet of {coder}", coder=found.coder)
    book = say("Codebook")
    lines = tuple(
        (found.coder, f"^{id}" if id else "", key, locator, words, "") for id, key, locator, words in found.rows
    )

    def blocks() -> Iterator[Block]:
        advice = say("Themes, with blanks between them. none: nothing applies. Empty: not coded yet.")
        columns = (*map(Column, COLUMNS[:-1]), Column(COLUMNS[-1], "left", book, advice))
        yield Table(columns, lines, text(title), sheet=say("Coding sheet"))
        yield Table(_heads(say), _themes(found, say), text(book), sheet=book)

    def data() -> object:
        return [dict(zip(COLUMNS, line, strict=True)) for line in lines]

    def rows() -> tuple[list[str], Iterable[Sequence[str | int]]]:
        return list(COLUMNS), lines

    return Report(blocks, data, rows, title, language)


def _heads(say: Say) -> tuple[Column, ...]:
    return (
        Column(say("Theme")),
        Column(say("Label")),
        Column(say("Definition")),
        Column(say("When to give it")),
        Column(say("When not")),
    )


def _themes(found: Sheet, say: Say) -> tuple[tuple[str, ...], ...]:
    """Return what may be answered. The examples of a theme say what somebody gave those excerpts, so they are not there."""
    nothing = say("You read the excerpt, and no theme fits it. An empty cell says that you have not coded it.")
    return (
        *(
            (one.id, _INDENT * depth + one.name(say.code), one.definition, one.include, one.exclude)
            for one, depth in found.themes
        ),
        (NONE, say("Nothing applies"), nothing, "", ""),
    )


def taken_lines(taken: Taken, say: Say, *, dry_run: bool = False) -> list[str]:
    """Return what is said of a filled sheet."""
    if taken.faults:
        return _fault_lines(taken.faults, say)
    coder, path, coded = taken.coder, taken.path, taken.coded
    lines = [] if dry_run else [say("nothing to do: the sheet says nothing new")]
    if coded and not dry_run:
        lines = [
            say.many("saved {n} coding of {coder} in {path}. Next: libreview agreement",
                     "saved {n} codings of {coder} in {path}. Next: libreview agreement", coded, coder=coder, path=path)
        ]  # fmt: skip
    if taken.already:
        lines.append(say.many("{n} row was taken in already", "{n} rows were taken in already", taken.already))
    if taken.blank:
        lines.append(say.many("{n} row is blank: not coded", "{n} rows are blank: not coded", taken.blank))
    if taken.gone:
        rows = _some(taken.gone)
        lines.append(say("left out, since the excerpt is not in the review any more: rows {rows}", rows=rows))
    if taken.unclear:
        rows = _some(taken.unclear)
        lines.append(
            say("left out, since several excerpts have these words and none of them an id: rows {rows}", rows=rows)
        )
    if taken.otherwise:
        rows = _some(taken.otherwise)
        lines.append(say("left out, since {coder} has coded it otherwise: rows {rows}", coder=coder, rows=rows))
    return lines


def _fault_lines(faults: Sequence[Fault], say: Say) -> list[str]:
    """Return a line for each fault, and that nothing was taken."""
    lines = []
    for one in faults[:_MOST]:
        line = say(FAULTS[one.kind], row=one.row, name=one.name, near=", ".join(one.near))
        if one.kind == "theme" and one.near:
            line += ". " + say("Did you mean {names}?", names=", ".join(one.near))
        lines.append(line)
    if len(faults) > _MOST:
        lines.append("...")
    rows = len({one.row for one in faults})
    lines.append(
        say.many("nothing was taken: {n} row cannot be right. Correct it in the sheet, and import it again",
                 "nothing was taken: {n} rows cannot be right. Correct them in the sheet, and import it again", rows)
    )  # fmt: skip
    if any(one.kind in ("words", "id") for one in faults):
        lines.append(say("Was one column sorted without the others? Where only the words changed, empty the cell text"))
    return lines


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_FEW])) + (", ..." if len(numbers) > _FEW else "")
