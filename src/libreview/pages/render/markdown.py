"""Markdown that Pandoc, GitHub and Obsidian read alike: CommonMark 0.31 with pipe tables; no user text is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from libreview.pages.render.layout import Margin, walk
from libreview.texts.notes.attribution import KEY
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

__all__ = ["render"]

# "@" would be a citation of Pandoc's, "$" mathematics, ":" an emoji, "&" an entity, "!" before "[" an image.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~^$]|@(?=\w)|&(?=[#\w])|:(?=[\w+-]{1,40}:)|#(?=[\w-])")
_SIGNS = "\\`*_{}[]<>|~^$@&:#"  # no markup without one of them
_START = re.compile(r"[-+#=:%(>]|\d{1,9}[.)](?=\s|$)|(?:[a-z]|[ivxlcdm]{2,6}|[IVXLCDM]{2,6})[.)](?=\s)")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"(?:https?://|mailto:)[^\s<>\x00-\x20]+$")
_CITATION = re.compile(r"(?:\[|; )@(?:" + KEY + r"|\{[^\s{}\[\]<>`\\*]+\})|\]")
_ALIGNED = {"left": "---", "right": "---:", "centre": ":---:"}


def render(report: Report) -> bytes:
    """Return the blocks as Markdown in UTF-8."""
    margin = Margin()
    for step, block, at in walk(report.blocks()):
        if step == "leaf":
            _leaf(margin, block)
        elif step == "open":
            if isinstance(block, Quotation):
                margin.gap()
                margin.push("> ", "> ")
            elif isinstance(block, Reference):
                margin.write(_paragraph(block.text))
        elif step == "item" and isinstance(block, Listing):
            margin.item(block, at)
        elif step == "end":
            margin.end()
        elif isinstance(block, Quotation):
            margin.pop()
    return "".join(f"{line}\n" for line in _apart(margin.lines)).encode("utf-8", "replace")


def _apart(lines: Iterable[str]) -> Iterable[str]:
    """Yield the lines without two empty ones in a row."""
    before = "x"
    for line in lines:
        if line or before:
            yield line
        before = line


def _leaf(margin: Margin, block: Block) -> None:
    if isinstance(block, Paragraph):
        margin.write(_paragraph(block.text))
    elif isinstance(block, Heading):
        margin.write([f"{'#' * max(1, min(block.level, 6))} {_inline(block.text).replace(chr(10), ' ')}"])
    elif isinstance(block, Table):
        if block.caption:
            margin.write([_inline(block.caption).replace("\n", " ")])
        heads = [_cell(column.head) for column in block.columns]
        rule = [_ALIGNED[column.align] for column in block.columns]
        rows = [heads, rule, *([_cell(cell) for cell in row] for row in block.rows)]
        margin.write("| " + " | ".join(row) + " |" for row in rows)
        if block.note:
            margin.write([_inline(block.note).replace("\n", " ")])


def _paragraph(runs: Text) -> list[str]:
    lines = [_begin(line.strip()) for line in _inline(runs).split("\n")]
    lines = [line for line in lines if line]
    return [f"{line}\\" for line in lines[:-1]] + lines[-1:] if lines else ["&nbsp;"]


def _begin(line: str) -> str:
    """Return a line that does not start a list, a heading, a rule or a quotation."""
    match = _START.match(line)
    if not match:
        return line
    end = match.end() - 1
    return f"{line[:end]}\\{line[end:]}"


def _cell(cell: Cell) -> str:
    runs = cell if isinstance(cell, tuple) else text(str(cell))
    return " ".join(_inline(runs).split()) or " "


def _escape(words: str) -> str:
    words = safe(words).replace("\t", " ")
    return _MARKUP.sub(_escaped, words) if any(map(words.__contains__, _SIGNS)) else words


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match.group()


def _inline(runs: Text) -> str:
    parts: list[str] = []
    for n, run in enumerate(runs):
        before = runs[n - 1].text[-1:] if n else ""
        after = runs[n + 1].text[:1] if n + 1 < len(runs) else ""
        piece = _run(run, before, after)
        if parts and piece.startswith("*") and parts[-1].endswith("*"):
            parts.append("<!-- -->")  # or the stars of both would run together
        parts.append(piece)
    return "".join(parts)


def _run(run: Run, before: str, after: str) -> str:
    words = run.text
    if "citation" in run.styles and _CITATION.fullmatch(words) and safe(words) == words:
        return words
    bare = words.strip()
    if not bare:
        return " " if words else ""
    left = right = ""
    if bare != words:
        left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if "code" in run.styles:
        shown = _code(bare)
    elif run.link and run.link == bare and _AUTOLINK.match(bare) and safe(bare) == bare:
        return f"{left}<{bare}>{right}"
    else:
        shown = _escape(bare).replace("\n", "\\\n") if run.styles or run.link else _escape(bare)
        shown = _styled(shown, bare, run, left or before, right or after)
    if run.link and _AUTOLINK.match(run.link):
        shown = f"[{shown}](<{safe(run.link)}>)"
    return f"{left}{shown}{right}"


def _styled(shown: str, bare: str, run: Run, before: str, after: str) -> str:
    """Return the words within the marks of their styles; tags where stars would not be read as emphasis."""
    shown = shown.replace("\\\n", " ")
    tight = (before.isalnum() and not bare[0].isalnum()) or (after.isalnum() and not bare[-1].isalnum())
    for style in run.styles:
        if style == "emphasis":
            shown = f"<em>{shown}</em>" if tight else f"*{shown}*"
        elif style == "strong":
            shown = f"<strong>{shown}</strong>" if tight else f"**{shown}**"
        elif style == "superscript":
            shown = f"<sup>{shown}</sup>"
        elif style == "subscript":
            shown = f"<sub>{shown}</sub>"
    return shown


def _code(words: str) -> str:
    words = " ".join(safe(words).split()).replace("|", "¦") if "|" in words else " ".join(safe(words).split())
    longest = max((len(ticks) for ticks in _TICKS.findall(words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"
