"""The report on a screen: as wide as the window, quotations with a bar, tables fitted. The only room that knows rich.

Rich measures and colours. It never sees user text as markup, and lays out nothing: a summary of 20,000 quotations
would take it half a minute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style

from libreview.pages.render import pictures
from libreview.pages.render.layout import Margin, walk
from libreview.pages.render.pictures import SIGNS, Signs
from libreview.value import Value, replace
from libreview.words.blocks import (
    Block,
    Cell,
    Heading,
    Listing,
    Paragraph,
    Quotation,
    Reference,
    Report,
    Run,
    Table,
    Text,
    plain,
    text,
)
from libreview.words.safe import safe

__all__ = ["fits", "render"]

_WIDTH = 80
_NARROWEST = 20
_WIDEST_TEXT = 100  # longer lines are hard to read
_WORD = (20, 16, 12, 9)
"""Words as long as this stay whole in a table; where there is less room for them, shorter ones; then it is no table."""
_TALLEST = 24  # lines of one cell; more of them would hide the other rows
_BETWEEN = "  "
_LONGEST_BAR, _SHORTEST_BAR, _SHADES = 20, 4, (2, 1)
_NAMES = 16
"""A picture leaves so much room to the names in the first column, or what they have without it."""
_TOKENS = re.compile(r"\n|[^\S\n]+|\S+")
_STYLES = {
    "emphasis": Style(italic=True),
    "strong": Style(bold=True),
    "code": Style(color="cyan"),
    "superscript": Style.null(),
    "subscript": Style.null(),
    "smallcaps": Style.null(),
    "dim": Style(dim=True),
    "citation": Style(dim=True),
}
_HEADING = {1: Style(bold=True, underline=True), 2: Style(bold=True)}
_HEAD = Style(bold=True)
_BAR = Style(color="green")
_NOTE = Style(dim=True)
_DRAWN = Style(color="cyan")

Narrow = Callable[[], str]
"""What says, once it is asked, what helps where a table finds no room; nothing if nothing does."""
_Piece = tuple[str, Style | None]


class _Pen:
    """How wide the screen is, whether it has colours, and which signs it draws pictures with, if any."""

    __slots__ = ("colour", "narrow", "signs", "width")

    def __init__(self, width: int, colour: bool, narrow: Narrow = str, signs: Signs | None = None) -> None:
        self.width = width
        self.colour = colour
        self.narrow = narrow
        self.signs = signs

    def paint(self, words: str, style: Style | None) -> str:
        if not self.colour or style is None or not words:
            return words
        return style.render(words, color_system=ColorSystem.STANDARD)


def render(
    report: Report, *, width: int | None = None, colour: bool = False, narrow: Narrow = str, signs: str = ""
) -> str:
    """Return the report for a screen of ``width`` columns, with ANSI styles if ``colour``.

    What ``narrow`` returns stands below each table whose columns find no room. ``signs`` names those that the pictures beside numbers are
    drawn with ("blocks", "ascii"); without it there are none.
    """
    pen = _Pen(max(width or _WIDTH, _NARROWEST), colour, narrow, SIGNS.get(signs))
    margin = Margin()
    left = [0]
    bar = pen.paint("│", _BAR) + " "
    for step, block, at in walk(report.blocks()):
        if step == "leaf":
            _leaf(pen, margin, block, pen.width - left[-1])
        elif step == "open" and isinstance(block, Quotation):
            margin.gap()
            margin.push(bar, bar)
            left.append(_deeper(pen, left[-1], 2))
        elif step == "open" and isinstance(block, Reference):
            margin.gap()
            margin.push("", "    ")
            margin.write(_wrap(pen, block.text, min(pen.width - left[-1] - 4, _WIDEST_TEXT)))
            margin.pop()
            margin.push("    ", "    ")
            left.append(_deeper(pen, left[-1], 4))
        elif step == "item" and isinstance(block, Listing):
            left.append(_deeper(pen, left[-1], margin.item(block, at)))
        elif step == "end":
            margin.end()
            left.pop()
        elif not isinstance(block, Listing):
            margin.pop()
            left.pop()
    return "".join(f"{line}\n" for line in margin.lines).encode("utf-8", "replace").decode()


def fits(report: Report, width: int) -> bool:
    """Return whether the columns of every table of the report find room on a screen of ``width`` columns."""
    return all(
        _widths(_sizes(block), max(width, _NARROWEST))
        for step, block, _ in walk(report.blocks())
        if step == "leaf" and isinstance(block, Table)
    )


def _deeper(pen: _Pen, left: int, by: int) -> int:
    return min(left + by, pen.width - 10)


def _leaf(pen: _Pen, margin: Margin, block: Block, room: int) -> None:
    if isinstance(block, Paragraph):
        margin.write(_wrap(pen, block.text, min(room, _WIDEST_TEXT)))
    elif isinstance(block, Heading):
        runs = text(plain(block.text))
        margin.write(_wrap(pen, runs, room, _HEADING.get(block.level, _STYLES["emphasis"])))
    elif isinstance(block, Table):
        if block.caption:
            margin.write(_wrap(pen, block.caption, room, _HEAD))
        lines, pictured = _table(pen, block, room)
        margin.write(lines)
        if pictured and block.picture is not None:
            margin.join()
            margin.write(_wrap(pen, block.picture.said, room, _NOTE))
        if block.note:
            margin.join()
            margin.write(_wrap(pen, block.note, room, _NOTE))


# --- text --------------------------------------------------------------------------------------------------------


def _measure(words: str) -> int:
    return len(words) if words.isascii() else cell_len(words)


def _style(run: Run, under: Style | None, colour: bool) -> Style | None:
    if not colour:
        return None
    style = under
    for one in run.styles:
        style = _STYLES[one] if style is None else style + _STYLES[one]
    if run.link.startswith(("https://", "http://", "mailto:")):
        link = Style(link=safe(run.link).replace("\n", ""))
        style = link if style is None else style + link
    return style


def _wrap(pen: _Pen, runs: Text, width: int, under: Style | None = None) -> list[str]:
    """Return the lines of ``runs``, none wider than ``width``; what has no space in it is cut."""
    width = max(width, 1)
    if len(runs) == 1 and not runs[0].styles and not runs[0].link and under is None:
        words = safe(runs[0].text)
        if len(words) <= width and "\n" not in words and "\t" not in words and _measure(words) <= width:
            return [words.strip()]  # most cells and many lines
    lines: list[list[_Piece]] = [[]]
    used, space = 0, ""
    for pieces in _words(pen, runs, under):
        first, style = pieces[0]
        if first == "\n":
            lines.append([])
            used, space = 0, ""
        elif first.isspace():
            space = " " if used else ""
        else:
            if space and used + 1 + sum(_measure(word) for word, _ in pieces) > width:
                lines.append([])
                used, space = 0, ""
            if space:
                lines[-1].append((space, style))
                used, space = used + 1, ""
            for word, style in pieces:
                used = _put(lines, word, style, used, width)
    return [_painted(pen, line) for line in lines]


def _words(pen: _Pen, runs: Text, under: Style | None) -> Iterator[list[_Piece]]:
    """Yield blanks and words; a word that runs of several styles make, without a blank between them, stays together."""
    word: list[_Piece] = []
    for run in runs:
        style = _style(run, under, pen.colour)
        for token in _TOKENS.findall(safe(run.text)):
            if not token.isspace():
                word.append((token, style))
                continue
            if word:
                yield word
                word = []
            yield [(token, style)]
    if word:
        yield word


def _put(lines: list[list[_Piece]], word: str, style: Style | None, used: int, width: int) -> int:
    """Put a word at the end of the last line, cut where it is too long for any; return how much of its line is used."""
    size = _measure(word)
    while used + size > width:
        part = _fit(word, width - used) if used < width else ""
        if part:
            lines[-1].append((part, style))
            word = word[len(part) :]
        lines.append([])
        used, size = 0, _measure(word)
    if word:
        lines[-1].append((word, style))
    return used + size


def _fit(word: str, room: int) -> str:
    """Return as much of the beginning of ``word`` as fits into ``room``; at least one character into an empty line."""
    used = 0
    for at, sign in enumerate(word):
        used += get_character_cell_size(sign)
        if used > room:
            return word[: max(at, 1)]
    return word


def _painted(pen: _Pen, line: Sequence[_Piece]) -> str:
    if not pen.colour:
        return "".join([words for words, _ in line])
    shown: list[str] = []
    together, style = "", None
    for words, one in line:
        if one is style or one == style:
            together += words
        else:
            shown.append(pen.paint(together, style))
            together, style = words, one
    shown.append(pen.paint(together, style))
    return "".join(shown)


# --- tables ------------------------------------------------------------------------------------------------------


def _runs(cell: Cell) -> Text:
    return cell if isinstance(cell, tuple) else text(str(cell))


def _table(pen: _Pen, table: Table, room: int) -> tuple[list[str], bool]:
    """Return the lines of a table, and whether there is a picture in it."""
    sizes = _sizes(table)
    heads, rows = sizes.heads, sizes.rows
    fit = _fitted(pen, table, sizes, room)
    widths = fit.widths
    beneath = [] if fit.signs else _beneath(pen, table, room)
    if not widths:
        return [*_records(pen, table, room), *beneath], bool(beneath)
    right = [column.align == "right" for column in table.columns]
    for row in table.rows[:1]:
        right = [flag or isinstance(cell, int) for flag, cell in zip(right, row, strict=False)]
    across = len(_BETWEEN) + fit.signs if fit.signs and not fit.numbers else 0
    rule = "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1) + across)
    lines = [*_row(pen, heads, widths, right, _HEAD), rule]
    insets = _insets(rows, widths[0])
    for at, cells in enumerate(rows):
        lines.extend(_row(pen, cells, widths, right, None, _beside(pen, table, at, fit), insets))
    return [*lines, *beneath], bool(fit.signs or beneath)


def _sizes(table: Table) -> _Sizes:
    return _Sizes(
        [text(column.head) for column in table.columns], [[_runs(cell) for cell in row] for row in table.rows]
    )


def _broad(cell: Text) -> int:
    return max((_measure(safe(line)) for line in plain(cell).split("\n")), default=0)


class _Sizes:
    """How wide the cells of each column are, with the head and ``below`` it, and the words in them."""

    __slots__ = ("_words", "below", "heads", "natural", "rows")

    def __init__(self, heads: Sequence[Text], rows: Sequence[Sequence[Text]]) -> None:
        self.heads = heads
        self.rows = rows
        self._words: list[int] = []
        self.below: list[int] = [0] * max(map(len, (heads, *rows)))
        for row in rows:
            for n, cell in enumerate(row):
                self.below[n] = max(self.below[n], _broad(cell))
        self.natural = [max(pair) for pair in zip_longest(map(_broad, heads), self.below, fillvalue=0)]

    def words(self) -> list[int]:
        """Return how long the longest word of each column is."""
        if not self._words:
            words = [0] * len(self.natural)
            for row in (self.heads, *self.rows):
                for n, cell in enumerate(row):
                    said = plain(cell)[: _WORD[0] * _TALLEST]
                    if len(said) <= words[n] and said.isascii():
                        continue
                    sizes = map(len, said.split()) if said.isascii() else map(_measure, safe(said).split())
                    words[n] = max(words[n], max(sizes, default=0))
            self._words = words
        return self._words


def _widths(sizes: _Sizes, room: int, wider: Mapping[int, int] | None = None) -> list[int]:
    """Return the width of each column so that all fit into ``room``; empty if that leaves too little for them.

    ``wider`` are columns that want more than their words, and have it or there is no room; all words stay whole then.
    """
    wanted = wider or {}
    natural = [max(size, wanted.get(n, 0)) for n, size in enumerate(sizes.natural)]
    free = room - len(_BETWEEN) * (len(natural) - 1)
    if sum(natural) <= free:
        return natural
    for longest in _WORD if wider is None else _WORD[:1]:
        least = [max(min(word, longest), wanted.get(n, 0)) for n, word in enumerate(sizes.words())]
        if sum(least) <= free:
            break
    else:
        return []
    # Every column has room for its words. The narrow ones get all they want of the rest; the wide ones share it.
    widths = least[:]
    free -= sum(least)
    order = sorted(range(len(natural)), key=lambda n: natural[n] - least[n])
    for done, n in enumerate(order):
        more = min(natural[n] - least[n], free // (len(order) - done))
        widths[n] += more
        free -= more
    return widths


_SET_IN = "\u00a0"


def _set_in(runs: Text) -> int:
    """Return how many no-break spaces a cell begins with."""
    return len(runs[0].text) - len(runs[0].text.lstrip(_SET_IN)) if runs else 0


def _insets(rows: Sequence[Sequence[Text]], width: int) -> Mapping[int, int]:
    """Return how far names in the first column are set in, by how far they want to be: less in a narrow one, but each as
    far as its depth says.
    """
    wanted = sorted({_set_in(row[0]) for row in rows if row} - {0})
    if not wanted or wanted[-1] <= width // 4:
        return {}
    most = min(max(width // 4, len(wanted)), width // 2)
    return {one: max(one * most // wanted[-1], 1) for one in wanted}


def _cell(pen: _Pen, runs: Text, width: int, under: Style | None = None, insets: Mapping[int, int] = {}) -> list[str]:
    """Return the lines of a cell, the last of too many being an ellipsis; no-break spaces before it set all lines in."""
    inset = _set_in(runs)
    if inset:
        runs = (replace(runs[0], text=runs[0].text[inset:]), *runs[1:])
        inset = insets.get(inset, min(inset, width // 4))
        width -= inset
    room = width * _TALLEST
    cut = sum(len(run.text) for run in runs) > room
    if cut:
        runs = _beginning(runs, room)
    lines = [" " * inset + line for line in _wrap(pen, runs, width, under)]
    return [*lines[: _TALLEST - 1], "…"] if cut or len(lines) > _TALLEST else lines


def _beginning(runs: Text, length: int) -> Text:
    """Return the first ``length`` characters of ``runs``."""
    found = []
    for run in runs:
        found.append(replace(run, text=run.text[:length]))
        length -= len(run.text)
        if length <= 0:
            break
    return tuple(found)


def _row(
    pen: _Pen,
    cells: Sequence[Text],
    widths: list[int],
    right: list[bool],
    under: Style | None,
    beside: Mapping[int, tuple[int, str]] = {},
    insets: Mapping[int, int] = {},
) -> list[str]:
    """Return the lines of a row. ``beside``: in which column and how far in there is a picture before the number.

    ``insets`` are those of the first column.
    """
    bare = _Pen(pen.width, False)
    inside = [insets, *[{}] * (len(cells) - 1)]
    shown = [_cell(pen, *one) for one in zip(cells, widths, [under] * len(cells), inside, strict=False)]
    sizes = shown
    if pen.colour:
        sizes = [_cell(bare, *one) for one in zip(cells, widths, [None] * len(cells), inside, strict=False)]
    lines = []
    for at in range(max(map(len, shown), default=0)):
        parts = []
        for n, column in enumerate(shown):
            words = column[at] if at < len(column) else ""
            blank = widths[n] - (_measure(sizes[n][at]) if words else 0)
            if at == 0 and n in beside:
                left, drawn = beside[n]
                words = " " * left + pen.paint(drawn, _DRAWN) + " " * (blank - left - len(drawn)) + words
                blank = 0
            parts.append(" " * blank + words if right[n] else words + " " * blank)
        if at == 0 and len(shown) in beside:  # the last picture has no number of its own
            parts.append(pen.paint(beside[len(shown)][1], _DRAWN))
        lines.append(_BETWEEN.join(parts).rstrip())
    return lines


# --- pictures ----------------------------------------------------------------------------------------------------


class _Fit(Value, frozen=True):
    """The widths of the columns; how many signs wide pictures are (0: none), and the numbers of each column they stand in."""

    widths: list[int]
    signs: int = 0
    numbers: Mapping[int, int] = {}


def _fitted(pen: _Pen, table: Table, sizes: _Sizes, room: int) -> _Fit:
    """Return widths with room for pictures if the numbers, and the words of names and heads, stay whole beside them."""
    usual = _widths(sizes, room)
    picture = table.picture
    if not usual or picture is None or pen.signs is None or picture.kind == "down" or not picture.columns:
        return _Fit(usual)
    whole = {n: sizes.below[n] for n, column in enumerate(table.columns) if column.align == "right"}
    if picture.kind == "across":
        size = len(picture.columns)
        widths = _widths(sizes, room - len(_BETWEEN) - size, whole)
        return _Fit(widths, size) if widths and widths[0] >= min(usual[0], _NAMES) else _Fit(usual)
    drawn = table.rows[: picture.rows]
    numbers = {n: max((_measure(plain(row[n])) for row in drawn), default=0) for n in picture.columns}
    bars = picture.kind == "bars"
    # a bar takes only room that is left; a shade is worth that names run over two lines
    least = usual[0] if bars else min(usual[0], _NAMES)
    for size in range(_LONGEST_BAR, _SHORTEST_BAR - 1, -1) if bars else _SHADES:
        widths = _widths(sizes, room, whole | {n: number + 1 + size for n, number in numbers.items()})
        if widths and widths[0] >= least:
            spare = min(widths[n] - number - 1 for n, number in numbers.items())
            return _Fit(widths, min(spare, _LONGEST_BAR) if bars else size, numbers)
    return _Fit(usual)


def _beside(pen: _Pen, table: Table, at: int, fit: _Fit) -> Mapping[int, tuple[int, str]]:
    """Return the pictures in a row: in which column, how far in, and what."""
    picture = table.picture
    if picture is None or pen.signs is None or not fit.signs or at >= picture.rows or picture.kind == "down":
        return {}
    row = table.rows[at]
    if picture.kind == "across":
        return {
            len(row): (0, pictures.course([pictures.amount(row[n]) for n in picture.columns], picture.full, pen.signs))
        }
    draw = pictures.bar if picture.kind == "bars" else pictures.shade
    return {
        n: (fit.widths[n] - number - 1 - fit.signs, draw(pictures.amount(row[n]), picture.full, fit.signs, pen.signs))
        for n, number in fit.numbers.items()
    }


def _beneath(pen: _Pen, table: Table, room: int) -> list[str]:
    """Return a line for each row or column that is one course: its name, and the course; nothing where they find no room."""
    picture = table.picture
    if picture is None or pen.signs is None or picture.kind not in ("across", "down"):
        return []
    rows = table.rows[: picture.rows]
    if picture.kind == "down":
        named = [(table.columns[n].head, [row[n] for row in rows]) for n in picture.columns]
    else:
        named = [(plain(row[0]).replace(_SET_IN, " ").rstrip(), [row[n] for n in picture.columns]) for row in rows]
    names = [safe(name).replace("\n", " ") for name, _ in named]
    widest = max(map(_measure, names), default=0)
    if widest + len(_BETWEEN) + max((len(cells) for _, cells in named), default=0) > room:
        return []
    lines = [""]
    for name, (_, cells) in zip(names, named, strict=True):
        drawn = pictures.course(map(pictures.amount, cells), picture.full, pen.signs).rstrip()
        lines.append((name + " " * (widest - _measure(name)) + _BETWEEN + pen.paint(drawn, _DRAWN)).rstrip())
    return lines


# --- where columns find no room ----------------------------------------------------------------------------------


def _records(pen: _Pen, table: Table, room: int) -> list[str]:
    """Return the table row by row, a line for each cell that says something, where its columns find no room."""
    lines: list[str] = []
    insets = _insets([[_runs(cell) for cell in row[:1]] for row in table.rows], room)
    for row in table.rows:
        if lines:
            lines.append("")
        for n, (column, cell) in enumerate(zip(table.columns, row, strict=False)):
            runs = _runs(cell)
            if n == 0:
                lines.extend(_cell(pen, runs, room, _HEAD, insets))
            elif plain(runs):
                named = _cell(pen, (*text(column.head, ": "), *runs), room - 2)
                lines.extend("  " + line for line in named)
    said = pen.narrow()
    return [*lines, "", *_wrap(pen, text(said), room, _NOTE)] if said else lines
