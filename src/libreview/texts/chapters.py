"""A chapter of a thesis as Pandoc reads it: its syntax tree (pandoc-types 1.23), prepared for the citation processor.

A chapter may come from anybody, so only harmless metadata stays, and text that would go into a document as code is left out.
The tree nests as deep as its writer likes: nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from libreview.model import Locator
from libreview.texts import locators
from libreview.value import Value
from libreview.words.safe import safe

__all__ = ["ALL", "Tree", "Wants", "images", "prepare", "wants"]

Tree = dict[str, Any]
ALL = "*"
"""The key in ``nocite: "@*"``: all sources."""

_KEPT = frozenset((
    "abstract", "author", "date", "institute", "keywords", "link-citations", "nocite", "reference-section-title", "subtitle",
    "suppress-bibliography", "title",
))  # fmt: skip
"""Metadata that a chapter may bring along: none of it names files, styles or code."""
_SUFFIX = re.compile(r"(\s*,?\s*)(.*)", re.DOTALL)
_TOKENS = re.compile(r"[^\S\u00a0]+|(?:\S|\u00a0)+")
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)


_NO_LOCATOR: Tree = {"t": "Str", "c": "{}"}
"""In front of what follows a key: it is no locator to the citation processor, which leaves out those of keys that it does not know."""


class Wants(Value, frozen=True):
    """What a chapter cites: keys in order, each once; and whether it says itself where its bibliography stands."""

    keys: tuple[str, ...]
    placed: bool


def _nodes(tree: Tree) -> Iterator[Tree]:
    """Yield every element of the text and the metadata, in order."""
    stack: list[Any] = [tree.get("blocks", []), tree.get("meta", {})]
    stack.reverse()
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(reversed(one))
        elif isinstance(one, dict):
            if "t" in one:
                yield one
            stack.extend(reversed(list(one.values())))


def wants(tree: Tree) -> Wants:
    """Return what a chapter cites. ``placed``: it has a place for references, or ends in a heading for them."""
    keys: dict[str, None] = {}
    blocks = tree.get("blocks", [])
    placed = bool(blocks) and blocks[-1].get("t") == "Header"
    for node in _nodes(tree):
        if node["t"] == "Cite":
            keys.update(dict.fromkeys(one["citationId"] for one in node["c"][0]))
        elif node["t"] == "Div" and node["c"][0][0] == "refs":
            placed = True
    return Wants(tuple(keys), placed)


def images(tree: Tree) -> Iterator[list[str]]:
    """Yield the target of each image, a list of address and title that may be changed in its place."""
    for node in _nodes(tree):
        if node["t"] == "Image":
            yield node["c"][2]


def prepare(tree: Tree, keys: Mapping[str, str], others: frozenset[str], language: str) -> int:
    """Change ``tree`` in its place for the citation processor and return how many pieces of raw code were left out.

    ``keys`` gives the present key for each that a source has or had; ``others`` are keys of figures and tables, which stay
    as they were typed. Text becomes safe, as on a screen. Locators get the terms of ``language``, since Pandoc knows no others;
    what follows a key that no source has stays as it is.
    """
    tree["meta"] = {name: value for name, value in tree.get("meta", {}).items() if name in _KEPT}
    raw = 0
    for node in _nodes(tree):
        kind = node["t"]
        if kind in ("RawBlock", "RawInline"):
            raw += not (node["c"][0] == "html" and _COMMENT.fullmatch(node["c"][1]))
            node.update({"t": "Div", "c": [["", [], []], []]} if kind == "RawBlock" else {"t": "Str", "c": ""})
        elif kind == "Str":
            node["c"] = safe(node["c"])
        elif kind in ("Code", "CodeBlock", "Math"):
            node["c"][1] = safe(node["c"][1])
        elif kind == "Cite":
            citations, typed = node["c"]
            if all(one["citationId"] in others for one in citations):
                node.update({"t": "Span", "c": [["", [], []], typed]})
                continue
            for one in citations:
                key = keys.get(one["citationId"])
                if key is None:
                    one["citationSuffix"] = [_NO_LOCATOR, *one["citationSuffix"]] if one["citationSuffix"] else []
                else:
                    one["citationId"] = key
                    one["citationSuffix"] = _located(one["citationSuffix"], language)
    return raw


def _located(suffix: list[Tree], language: str) -> list[Tree]:
    """Return what follows a key with the term of its locator in ``language``; what is not understood stays."""
    end = 0
    words = ""
    for node in suffix:
        if node["t"] not in ("Str", "Space", "SoftBreak"):
            break
        words += node["c"] if node["t"] == "Str" else " "
        end += 1
    found = _SUFFIX.match(words)
    if found is None or not found[2].strip():
        return suffix
    locator: Locator = locators.parse(found[2].strip())
    shown = locators.show(locator, language) if locator.label else ""
    if not shown or shown == " ".join(found[2].split()):
        return suffix
    after = " " if end < len(suffix) and words[-1:].isspace() else ""
    pieces = _TOKENS.findall(found[1] + shown + after)
    return [{"t": "Space"} if not piece.strip() else {"t": "Str", "c": piece} for piece in pieces] + suffix[end:]
