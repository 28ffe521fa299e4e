"""One HTML page that stands alone: no scripts, nothing loaded, a policy that forbids both; user text only as text."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from libreview.pages.render.layout import walk
from libreview.pages.render.pictures import amount, level
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
)
from libreview.words.safe import safe

__all__ = ["render"]

_CSS = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 .6rem; }
blockquote { margin: 1rem 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid #8886; }
table { border-collapse: collapse; margin: 1.2rem 0 .4rem; font-size: .93rem; }
.wide { overflow-x: auto; }
caption { caption-side: top; text-align: left; padding-bottom: .4rem; font-weight: bold; }
thead tr { border-top: 2px solid; border-bottom: 1px solid; }
tbody { border-bottom: 2px solid; }
th, td { padding: .25rem .7rem; text-align: left; vertical-align: top; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.centre { text-align: center; }
.shade-1 { background: #8882; }
.shade-2 { background: #8884; }
.shade-3 { background: #8887; }
.shade-4 { background: #888b; }
.note { font-size: .88rem; margin-top: 0; }
.reference > p:first-child { padding-left: 2rem; text-indent: -2rem; margin-bottom: .4rem; }
.body { margin-left: 2rem; }
.dim { opacity: .65; }
.smallcaps { font-variant: small-caps; }
p, td, li { overflow-wrap: anywhere; }
@media print { body { max-width: none; margin: 0; } thead { display: table-header-group; } }
"""
_HASH = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_SHADES = 4
_TAGS = {
    "emphasis": ("<em>", "</em>"),
    "strong": ("<strong>", "</strong>"),
    "code": ("<code>", "</code>"),
    "superscript": ("<sup>", "</sup>"),
    "subscript": ("<sub>", "</sub>"),
    "smallcaps": ('<span class="smallcaps">', "</span>"),
    "dim": ('<span class="dim">', "</span>"),
    "citation": ("", ""),
}


def render(report: Report) -> bytes:
    """Return the blocks as a page in UTF-8, in the language of the report."""
    language = report.language if report.language.replace("-", "").isalnum() else "en"
    parts = [
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{_words(report.title or 'libreview')}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n",
    ]
    for step, block, _ in walk(report.blocks()):
        if step == "leaf":
            parts.extend(_leaf(block))
        elif isinstance(block, Quotation):
            parts.append("<blockquote>\n" if step == "open" else "</blockquote>\n")
        elif isinstance(block, Listing):
            tag = "ol" if block.ordered else "ul"
            parts.append({"open": f"<{tag}>\n", "close": f"</{tag}>\n", "item": "<li>", "end": "</li>\n"}[step])
        elif isinstance(block, Reference):
            if step == "open":
                identity = escape(safe("".join(block.key.split())))
                parts.append(f'<div class="reference" id="ref-{identity}">\n<p>{_inline(block.text)}</p>\n')
                parts.append('<div class="body">\n' if block.body else "")
            else:
                parts.append("</div>\n</div>\n" if block.body else "</div>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts).encode("utf-8", "replace")


def _words(words: str) -> str:
    return escape(safe(words)).replace("\n", " ")


def _leaf(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [f"<p>{_inline(block.text)}</p>\n"]
    if isinstance(block, Heading):
        level = max(1, min(block.level, 6))
        return [f"<h{level}>{_inline(block.text)}</h{level}>\n"]
    return _table(block) if isinstance(block, Table) else []


def _table(table: Table) -> list[str]:
    classes = [f' class="{column.align}"' if column.align != "left" else "" for column in table.columns]
    parts = ['<div class="wide">\n<table>\n']
    if table.caption:
        parts.append(f"<caption>{_inline(table.caption)}</caption>\n")
    parts.append("<thead><tr>")
    parts.extend(
        f'<th scope="col"{kind}>{_words(column.head)}</th>' for kind, column in zip(classes, table.columns, strict=True)
    )
    parts.append("</tr></thead>\n<tbody>\n")
    shaded = table.picture if table.picture is not None and table.picture.kind == "shades" else None
    within = frozenset(shaded.columns) if shaded is not None else frozenset()
    for at, row in enumerate(table.rows):
        parts.append("<tr>")
        for n, cell in enumerate(row):
            kind = ' class="right"' if isinstance(cell, int) else classes[n] if n < len(classes) else ""
            if shaded is not None and at < shaded.rows and n in within:
                step = level(amount(cell), shaded.full, _SHADES)
                kind = f' class="right shade-{step}"' if step else kind
            parts.append(f"<td{kind}>{_cell(cell)}</td>")
        parts.append("</tr>\n")
    parts.append("</tbody>\n</table>\n</div>\n")
    if table.note:
        parts.append(f'<p class="note">{_inline(table.note)}</p>\n')
    return parts


def _cell(cell: Cell) -> str:
    return _inline(cell) if isinstance(cell, tuple) else _words(plain(cell))


def _inline(runs: Text) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    shown = escape(safe(run.text)).replace("\n", "<br>\n")
    for style in run.styles:
        opening, closing = _TAGS[style]
        shown = f"{opening}{shown}{closing}"
    if run.link.startswith(("https://", "http://", "mailto:")):
        shown = f'<a href="{escape(safe(run.link))}" rel="noopener noreferrer">{shown}</a>'
    return shown
