"""What a report is made of: six kinds of block, and runs of text inside them.

`libreview.pages.reports` turns findings into blocks; each renderer draws these six kinds and no others.
Text in a block is the user's text as it is: renderers escape and make it safe, nobody before them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from libreview.value import Value

__all__ = [
    "Align",
    "Block",
    "Cell",
    "Column",
    "Heading",
    "Listing",
    "Paragraph",
    "Picture",
    "Quotation",
    "Reference",
    "Report",
    "Run",
    "Style",
    "Table",
    "Text",
    "plain",
    "text",
]

Style = Literal["emphasis", "strong", "code", "superscript", "subscript", "smallcaps", "dim", "citation"]
"""``citation`` is the mark-up of a citation of Pandoc's without its locator: Markdown leaves it as it is."""
Align = Literal["left", "right", "centre"]


class Run(Value, frozen=True):
    """A piece of text in one style; ``link`` is an address that the renderer may offer (http, https, mailto only)."""

    text: str
    styles: tuple[Style, ...] = ()
    link: str = ""


Text = tuple[Run, ...]
Cell = str | int | Text
"""What stands in one cell of a table. An ``int`` is a count and is aligned right."""


class Heading(Value, frozen=True):
    text: Text
    level: int = 1


class Paragraph(Value, frozen=True):
    text: Text


class Quotation(Value, frozen=True):
    """Words of another, set off from the text, with ``attribution`` at their end."""

    blocks: tuple[Block, ...]
    attribution: Text = ()


class Column(Value, frozen=True):
    """``offers`` names the sheet whose first column a spreadsheet offers for the cells of this one; ``advice`` is said beside it."""

    head: str
    align: Align = "left"
    offers: str = ""
    advice: str = ""


class Picture(Value, frozen=True):
    """How the numbers of a table can be drawn besides being written: those of ``columns`` in the first ``rows`` rows.

    "bars" and "shades" draw each number as a part of ``full``, the largest of them; "across" draws those of a row, "down"
    those of a column, as the course of one line. ``said`` is the sentence that explains it. A renderer may leave it out.
    """

    kind: Literal["bars", "shades", "across", "down"]
    columns: tuple[int, ...]
    rows: int
    full: float
    said: Text = ()


class Table(Value, frozen=True):
    """``caption`` stands above; ``note`` (unit counted, N) below. ``sheet`` names a table that is worked on in a spreadsheet."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: Text = ()
    note: Text = ()
    picture: Picture | None = None
    sheet: str = ""


class Listing(Value, frozen=True):
    """A list; each item is a sequence of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


class Reference(Value, frozen=True):
    """An entry of a bibliography: the formatted reference, and below it what belongs to it (annotation, themes, excerpts)."""

    key: str
    text: Text
    body: tuple[Block, ...] = ()


Block = Heading | Paragraph | Quotation | Table | Listing | Reference


def text(*pieces: str | Run) -> Text:
    """Return ``pieces`` as runs; empty strings vanish."""
    return tuple(Run(piece) if isinstance(piece, str) else piece for piece in pieces if piece)


def plain(runs: Cell) -> str:
    """Return the text of ``runs`` (or of a cell) without styles."""
    if isinstance(runs, tuple):
        return "".join(run.text for run in runs)
    return str(runs)


def _nothing() -> tuple[list[str], Iterable[Sequence[str | int]]]:
    return [], ()


class Report(Value, frozen=True):
    """A finding ready to be rendered. Each part is made only when a renderer asks for it.

    ``blocks`` are drawn by every renderer but JSON and CSV; ``data`` is the finding as a JSON tree with stable English
    names; ``rows`` is the finding as a head and rows of cells, for CSV and for lists in a pipe; ``lines``, where there is
    one, gives the same rows as text that is ready for a pipe: safe, tabs between the cells, no line feed at the end;
    ``records`` gives the members of a list of data as JSON that is ready and safe, a line each.
    """

    blocks: Callable[[], Iterable[Block]]
    data: Callable[[], object]
    rows: Callable[[], tuple[list[str], Iterable[Sequence[str | int]]]] = _nothing
    title: str = ""
    language: str = "en"
    lines: Callable[[], str] | None = None
    records: Callable[[], str] | None = None
