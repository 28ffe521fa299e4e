"""Word, OpenDocument, LaTeX, reStructuredText and plain text: blocks as Pandoc's syntax tree (pandoc-types 1.23)."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from libreview.disk import pandoc
from libreview.pages.render import columns, reference_document
from libreview.pages.render.layout import walk
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
    text,
)
from libreview.words.safe import safe

__all__ = ["render", "tree"]

_Node = dict[str, Any]
_NOTHING: list[Any] = ["", [], []]
_MARKS = {
    "emphasis": "Emph",
    "strong": "Strong",
    "superscript": "Superscript",
    "subscript": "Subscript",
    "smallcaps": "SmallCaps",
}
_ALIGNED = {"left": "AlignLeft", "right": "AlignRight", "centre": "AlignCenter"}
_WIDE = 7
"""A table with more columns than this is set in landscape (docx and odt)."""
_LETTERS = {False: 66, True: 111}
"""How many letters of twelve points a line has, upright and turned."""
_LONG = 10_000
"""So many characters of a paragraph are too many to give pandoc word by word: seconds and half a gigabyte for one megabyte."""
_BLANKS = re.compile(r"[^\S\n\u00a0]+")
_TOKENS = re.compile(r"\n|[^\S\n]+|\S+")
_LINES = re.compile(r"\n|[^\S\n]+|\S(?:[^\n]{0,70}\S)?(?!\S)|\S+")
"""Words of about a line together, between them what is a token."""
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # XML 1.0 forbids the last two
_TURN: _Node = {"t": "HorizontalRule"}
_TURN_BACK: _Node = {"t": "HorizontalRule"}
"""Where the page turns before a wide table, and behind it; never written themselves."""
_HANGING = (r"\begin{list}{}{\leftmargin=1.27cm\itemindent=-1.27cm\listparindent=-1.27cm}\item\relax", r"\end{list}")
_INDENTED = (r"\begin{list}{}{\leftmargin=1.27cm}\item\relax", r"\end{list}")


def render(report: Report, *, to: str, reference_doc: Path | None = None) -> bytes:
    """Return the blocks as a document in the format ``to`` of pandoc; ``reference_doc`` gives docx and odt their styles."""
    made, turned = _document(report, to)
    reference: Path | bytes | None = reference_doc if to in ("docx", "odt") else None
    if reference is None and to == "docx":
        reference = reference_document.docx(turned=turned)
    elif reference is None and to == "odt":
        reference = reference_document.odt()
    standalone = to not in ("plain", "rst")
    return pandoc.convert(made, to, reference=reference, standalone=standalone, wrap=to == "plain")


def tree(report: Report, to: str) -> _Node:
    """Return the report as a document of pandoc's; ``to`` decides on the few things a format must be told in its own words."""
    return _document(report, to)[0]


def _document(report: Report, to: str) -> tuple[_Node, bool]:
    """Return what `tree` does, and whether the page is turned at its end."""
    top: list[_Node] = []
    stack: list[list[Any]] = [top]
    references = 0  # that the walk is inside of
    for step, block, _ in walk(report.blocks()):
        if step == "leaf":
            stack[-1].extend(_leaf(block, to, turning=len(stack) == 1))
        elif step == "item" or (step == "open" and not isinstance(block, Listing)):
            if isinstance(block, Reference):
                references += 1
                stack[-1].extend(_reference(block, to))
            stack.append([])
        elif step == "open":
            stack.append([])  # a list of items
        elif step == "end":
            inside = stack.pop()
            stack[-1].append(inside or [_plain((), to)])
        elif isinstance(block, Quotation):
            inside = stack.pop()
            stack[-1].extend(_quotation(inside, to, below=references > 0))
        elif isinstance(block, Reference):
            references -= 1
            inside = stack.pop()
            stack[-1].extend(_annotation(inside, to) if inside else ())
        elif isinstance(block, Listing):
            stack[-2].append(_list(block, stack.pop()))
    meta = {
        "lang": {"t": "MetaString", "c": report.language},
        "pagetitle": {"t": "MetaString", "c": _safe(report.title)},
    }
    blocks, turned = _paged(top, to)
    return {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}, turned


def _paged(blocks: list[_Node], to: str) -> tuple[list[_Node], bool]:
    """Return ``blocks`` with the turns of pages between them, and whether the page is turned at their end.

    Where nothing stands between two wide tables, or behind the last, the page stays as it is: no page is left empty.
    """
    made: list[_Node] = []
    turned = False
    for at, block in enumerate(blocks):
        if block is _TURN:
            if not turned and (made or to == "odt"):
                made.append(_raw(*reference_document.turn(to, over=True)))
            turned = True
        elif block is not _TURN_BACK:
            made.append(block)
        elif at + 1 < len(blocks) and blocks[at + 1] is not _TURN:
            made.append(_raw(*reference_document.turn(to, over=False)))
            turned = False
    return made, turned


def _safe(words: str) -> str:
    return _NO_CHARACTER.sub("�", safe(words))


def _list(listing: Listing, items: list[Any]) -> _Node:
    if all(len(item) == 1 and item[0]["t"] == "Para" for item in items):
        items = [[{"t": "Plain", "c": item[0]["c"]}] for item in items]
    if listing.ordered:
        return {"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], items]}
    return {"t": "BulletList", "c": items}


def _leaf(block: Block, to: str, *, turning: bool) -> list[_Node]:
    if isinstance(block, Paragraph):
        return [{"t": "Para", "c": _inlines(block.text, to)}]
    if isinstance(block, Heading):
        return [{"t": "Header", "c": [max(1, min(block.level, 9)), _NOTHING, _inlines(block.text, to)]}]
    return _table(block, to, turning=turning) if isinstance(block, Table) else []


def _div(style: str, blocks: list[_Node], to: str) -> list[_Node]:
    """Return ``blocks`` in a style of the reference document, where there is one."""
    return [{"t": "Div", "c": [["", [], [["custom-style", style]]], blocks]}] if to in ("docx", "odt") else blocks


def _raw(form: str, words: str) -> _Node:
    return {"t": "RawBlock", "c": [form, words]}


def _plain(runs: Text, to: str) -> _Node:
    return {"t": "Plain", "c": _inlines(runs, to)}


def _reference(block: Reference, to: str) -> list[_Node]:
    """Return the reference itself with a hanging indent, as the format knows it."""
    paragraph = {"t": "Para", "c": _inlines(block.text, to)}
    if to == "latex":
        return [_raw("latex", _HANGING[0]), paragraph, _raw("latex", _HANGING[1])]
    return _div("Bibliography", [paragraph], to)


def _annotation(blocks: list[_Node], to: str) -> list[_Node]:
    """Return what belongs to a reference, set in so that no one takes it for the next one."""
    if to == "latex":
        return [_raw("latex", _INDENTED[0]), *blocks, _raw("latex", _INDENTED[1])]
    return [{"t": "BlockQuote", "c": blocks}] if to in ("plain", "rst") else _div("Annotation", blocks, to)


def _quotation(blocks: list[_Node], to: str, *, below: bool) -> list[_Node]:
    """Return a quotation; ``below`` a reference it is set in further than the annotation."""
    return (
        _div("Annotation Quotation", blocks, to)
        if below and to in ("docx", "odt")
        else [{"t": "BlockQuote", "c": blocks}]
    )


def _table(table: Table, to: str, *, turning: bool) -> list[_Node]:
    """Return a table with its caption and note; for a word processor a wide one is on a turned page, where that may turn."""
    processor = to in ("docx", "odt")
    turned = processor and turning and len(table.columns) > _WIDE
    caption = [None, [_plain(table.caption, to)] if table.caption else []]
    widths: list[_Node] = [{"t": "ColWidthDefault"} for _ in table.columns]
    style = ""
    if processor:
        size, shares = columns.fitted(table, _LETTERS[turned])
        widths = [{"t": "ColWidth", "c": share} for share in shares]
        style = reference_document.small(size)
    specs = [[{"t": _ALIGNED[column.align]}, width] for column, width in zip(table.columns, widths, strict=True)]
    heads = [_cell(text(column.head), to, style) for column in table.columns]
    rows = [[_NOTHING, [_cell(cell, to, style) for cell in row]] for row in table.rows]
    parts = [_NOTHING, caption, specs, [_NOTHING, [[_NOTHING, heads]]], [[_NOTHING, 0, [], rows]], [_NOTHING, []]]
    made: list[_Node] = [{"t": "Table", "c": parts}]
    if table.note:
        made.extend(_div("Table Note", [{"t": "Para", "c": _inlines(table.note, to)}], to))
    return [_TURN, *made, _TURN_BACK] if turned else made


def _cell(cell: Cell, to: str, style: str) -> list[Any]:
    """Return a cell, its words in a ``style`` of the reference document if they have one."""
    runs = cell if isinstance(cell, tuple) else text(str(cell))
    aligned = "AlignRight" if isinstance(cell, int) else "AlignDefault"
    words = _plain(runs, to)
    if style:
        words["c"] = [{"t": "Span", "c": [["", [], [["custom-style", style]]], words["c"]]}]
    return [_NOTHING, {"t": aligned}, 1, 1, [words] if runs else []]


def _ready(words: str) -> list[_Node]:
    """Return long text as it stands in OpenDocument, which pandoc would write letter by letter."""
    made: list[_Node] = []
    for line in words.split("\n"):
        written = escape(_BLANKS.sub(" ", line), quote=False)
        made += [{"t": "RawInline", "c": ["opendocument", written]}, {"t": "LineBreak"}]
    return made[:-1]


def _inlines(runs: Text, to: str) -> list[_Node]:
    made: list[_Node] = []
    for run in runs:
        made.extend(_run(run, to))
    return made


def _run(run: Run, to: str) -> list[_Node]:
    shown = _safe(run.text)
    if "code" in run.styles:
        inside: list[_Node] = [{"t": "Code", "c": [_NOTHING, shown]}]
    elif to == "odt" and len(shown) > _LONG:
        inside = _ready(shown)
    else:
        inside = []
        tokens = _TOKENS.findall(shown) if len(shown) <= _LONG else _LINES.findall(_BLANKS.sub(" ", shown))
        for piece in tokens:
            if piece == "\n":
                inside.append({"t": "LineBreak"})
            elif piece.isspace() and piece != "\u00a0":
                inside.append({"t": "Space"})
            else:
                inside.append({"t": "Str", "c": piece})
    for style in run.styles:
        if style in _MARKS:
            inside = [{"t": _MARKS[style], "c": inside}]
    if run.link.startswith(("https://", "http://", "mailto:")):
        inside = [{"t": "Link", "c": [_NOTHING, inside, [_safe(run.link), ""]]}]
    return inside
