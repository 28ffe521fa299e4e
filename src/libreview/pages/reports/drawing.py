"""What the reports share: numbers, excerpts, trees and the line that says what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from libreview.findings import citations
from libreview.findings.summaries import N, ThemeRow
from libreview.model import Citation, Excerpt, Source
from libreview.pages.reports.wording import decimal, number
from libreview.texts import markdown
from libreview.words.blocks import Block, Paragraph, Picture, Quotation, Run, Text, text
from libreview.words.i18n import N_, Say

__all__ = [
    "Parts",
    "bars",
    "counted",
    "drawn",
    "excerpt_blocks",
    "excerpt_cells",
    "excerpt_data",
    "excerpt_parts",
    "indented",
    "n_data",
    "shades",
    "tags",
    "theme_data",
    "theme_name",
]

_INDENT = "\u00a0\u00a0\u00a0"  # ordinary spaces at the beginning of a cell are lost in HTML and Word


def counted(n: N, unit: str, say: Say) -> Text:
    """Return what a table says below itself: N and the unit counted."""
    all = n.collected or n.sources_in_review
    of = N_("N = {sources} of {all} sources") if all != 1 else N_("N = {sources} of {all} source")
    parts = [
        say(of, sources=number(n.sources, say), all=number(all, say)),
        say.many("{count} excerpt", "{count} excerpts", n.excerpts, count=number(n.excerpts, say)),
        say("unit: {unit}", unit=unit),
    ]
    if n.uncoded:
        without = say("{count} without a theme", count=number(n.uncoded, say))
        parts[1] += f" ({without})"
    if n.coders:
        parts.append(say("themes of {count} coders together", count=number(n.coders, say)))
    return text("; ".join(parts))


def bars(column: int, numbers: Sequence[int], said: str, say: Say) -> Picture | None:
    """Return how a column of ``numbers`` can be drawn as bars, ``said`` being what they are of; None if all are zero."""
    full = max(numbers, default=0)
    if not full:
        return None
    sentence = say("Bar: {what}, full = {full}", what=said, full=number(full, say))
    return Picture("bars", (column,), len(numbers), full, text(sentence))


def shades(rows: int, columns: int, full: float, say: Say) -> Picture | None:
    """Return how the cells after the first column can be shaded, ``full`` being the largest number; None if all are zero."""
    if not full:
        return None
    shown = number(full, say) if isinstance(full, int) else decimal(full, say)
    return Picture(
        "shades",
        tuple(range(1, columns + 1)),
        rows,
        full,
        text(say("Shades: the denser, the more, in four steps up to {full}", full=shown)),
    )


def n_data(n: N) -> dict[str, int]:
    return {"excerpts": n.excerpts, "sources": n.sources, "sources_in_review": n.sources_in_review}


def theme_name(row: ThemeRow, say: Say) -> str:
    """Return the theme's name; a tag that is not in the codebook says so."""
    return row.theme.name(say.code) if row.known else f"#{row.theme.id} {say('(not in the codebook)')}"


def indented(row: ThemeRow, say: Say) -> Text:
    """Return the theme's name at its depth in the tree; a tag that is not in the codebook says so."""
    if not row.known:
        return text(f"#{row.theme.id} ", Run(say("(not in the codebook)"), ("dim",)))
    return text(_INDENT * row.depth + row.theme.name(say.code))


def theme_data(row: ThemeRow) -> dict[str, object]:
    """Return a theme with its four counts, as ``table frequency --json`` gives it."""
    return {
        "theme": row.theme.id,
        "label": row.theme.name("en"),
        "parent": row.theme.parent,
        "excerpts": row.excerpts,
        "excerpts_with_children": row.excerpts_with_children,
        "sources": row.sources,
        "sources_with_children": row.sources_with_children,
    }


def excerpt_data(excerpt: Excerpt, themes: Iterable[str]) -> dict[str, object]:
    return {
        "id": excerpt.id,
        "kind": excerpt.kind,
        "citations": [{"key": one.key, "locator": one.locator.text} for one in excerpt.citations],
        "text": excerpt.text,
        "themes": list(themes),
        "comment": excerpt.comment,
        "path": excerpt.location.path,
        "line": excerpt.location.line,
    }


def excerpt_cells(excerpt: Excerpt, themes: Iterable[str]) -> list[str | int]:
    """Return the excerpt as a row: id, kind, keys, locator, text, themes, comment, path, line."""
    return [
        excerpt.id or "",
        excerpt.kind,
        " ".join(excerpt.keys),
        excerpt.locator,
        excerpt.text,
        " ".join(themes),
        excerpt.comment,
        excerpt.location.path,
        excerpt.location.line,
    ]


def tags(themes: Iterable[str]) -> Text:
    return text(Run(" ".join(f"#{theme}" for theme in themes), ("dim",)))


def _labelled(label: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return ``blocks`` with ``label`` at the beginning of the first paragraph, or above what is no paragraph."""
    mark = Run(label + " ", ("emphasis",))
    if blocks and isinstance(blocks[0], Paragraph):
        return (Paragraph((mark, *blocks[0].text)), *blocks[1:])
    return (Paragraph((mark,)), *blocks)


Parts = tuple[tuple[Block, ...], Text, tuple[Block, ...]]
"""What an excerpt shows under whatever theme: its words, its citation, and the comments on it."""

_SPACE = Run(" ")


def excerpt_parts(excerpt: Excerpt, cite: Callable[[Sequence[Citation]], str], say: Say) -> Parts:
    """Return the words of an excerpt, its citation (as ``cite`` writes it) and its comments.

    A paraphrase says that it is one, so that nobody takes it for the words of the source.
    """
    body = markdown.blocks(excerpt.text)
    if excerpt.kind == "paraphrase":
        body = _labelled(say("Paraphrase:"), body)
    remarks: list[Block] = []
    if excerpt.comment:
        remarks.extend(_labelled(say("Comment:"), markdown.blocks(excerpt.comment)))
    for coding in excerpt.codings:
        if coding.memo:
            remarks.extend(_labelled(f"{coding.coder or say('Memo')}:", markdown.blocks(coding.memo)))
    return body, text(cite(excerpt.citations)), tuple(remarks)


def drawn(excerpt: Excerpt, parts: Parts, themes: Iterable[str] = ()) -> tuple[Block, ...]:
    """Return the excerpt as a quotation with its citation, id and ``themes``, and the comments on it below."""
    body, cited, remarks = parts
    marks = [f"#{theme}" for theme in themes]
    if excerpt.id:
        marks.append(f"^{excerpt.id}")
    if marks:
        mark = Run(" ".join(marks), ("dim",))
        cited = (*cited, _SPACE, mark) if cited else (mark,)
    quotation = Quotation(body, cited)
    return (quotation, *remarks) if remarks else (quotation,)


def excerpt_blocks(
    excerpt: Excerpt, sources: Mapping[str, Source], say: Say, themes: Iterable[str] = ()
) -> tuple[Block, ...]:
    """Return one excerpt as `drawn` does."""
    return drawn(excerpt, excerpt_parts(excerpt, citations.citing(sources, say.code), say), themes)
