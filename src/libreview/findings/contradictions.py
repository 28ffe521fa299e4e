"""Source criticism: which excerpts contradict or support one another, as the comments on them say.

A comment (or the memo of a coding) says it with the id of the other excerpt: "This contradicts ^ma927z.", "supports
^a81b2c and ^k3f9q2", "bertentangan dengan ^ma927z", "mendukung ^a81b2c". What it denies ("not", "tidak") is not said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from libreview.findings.tallies import N, Tally
from libreview.model import Codebook, Excerpt, Source
from libreview.value import Value

__all__ = ["Contradictions", "Relation", "RelationKind", "Stray", "contradictions", "said"]

RelationKind = Literal["contradicts", "supports"]

_WORDS: Mapping[str, RelationKind] = {
    "contradicts": "contradicts",
    "bertentangan dengan": "contradicts",
    "supports": "supports",
    "mendukung": "supports",
}
_TOKEN = re.compile(r"\^[A-Za-z0-9-]{1,99}|[^\W\d_]+|[.;:!?](?=\s|\Z)|\n\s*?\n")
_JOINTS = frozenset(("and", "dan", "or", "atau", "also", "juga", "serta"))
_DENIALS = frozenset(("not", "never", "nor", "neither", "tidak", "bukan", "tak", "belum"))


class Relation(Value, frozen=True):
    """Two excerpts, and that one contradicts or supports the other.

    ``said_by`` are the comments and memos that say so; where both say it of one another, the pair is one.
    """

    kind: RelationKind
    one: Excerpt
    other: Excerpt
    said_by: tuple[str, ...]


class Stray(Value, frozen=True):
    """An excerpt whose comment names another that is not counted here: ``id`` is unknown, or outside what was selected."""

    kind: RelationKind
    excerpt: Excerpt
    id: str


class Contradictions(Value, frozen=True):
    """The pairs, contradictions first, then in the order of the notes."""

    pairs: tuple[Relation, ...]
    strays: tuple[Stray, ...]
    sources: Mapping[str, Source]
    n: N


def said(comment: str) -> Iterator[tuple[RelationKind, str]]:
    """Yield what ``comment`` says of other excerpts: the kind and the id, in lower case."""
    if "^" not in comment:
        return
    kind: RelationKind | None = None
    before = ""
    denied = False
    for match in _TOKEN.finditer(comment):
        token = match[0]
        if token.startswith("^"):
            if kind is not None and not denied:
                yield kind, token[1:].rstrip("-").lower()
            before = ""
            continue
        word = token.lower()
        if not word[0].isalpha():  # a sentence ends
            kind, before, denied = None, "", False
        elif word in _DENIALS:
            kind, denied = None, True
        elif (found := _WORDS.get(word) or _WORDS.get(f"{before} {word}")) is not None:
            kind = found
        elif word in ("but", "tetapi", "namun", "melainkan"):
            kind, denied = None, False
        elif word not in _JOINTS:
            kind = None
        before = word


def contradictions(
    excerpts: Sequence[Excerpt],
    codebook: Codebook,
    in_review: Collection[str],
    ignore: Collection[str] = (),
    sources: Mapping[str, Source] = {},
    named: Iterable[Excerpt] = (),
) -> Contradictions:
    """Return the pairs that comments on ``excerpts`` speak of; ``named`` may be spoken of, too, but are not counted."""
    by_id = {one.id: one for one in named if one.id}
    by_id.update((one.id, one) for one in excerpts if one.id)
    pairs: dict[tuple[RelationKind, frozenset[tuple[str, int]]], Relation] = {}
    strays: dict[tuple[RelationKind, tuple[str, int], str], Stray] = {}
    for excerpt in sorted(excerpts, key=_place):
        for comment in dict.fromkeys((excerpt.comment, *[coding.memo for coding in excerpt.codings])):
            for kind, id in said(comment):
                other = by_id.get(id)
                if other is None:
                    strays[kind, _place(excerpt), id] = Stray(kind, excerpt, id)
                elif _place(other) != _place(excerpt):
                    both = (kind, frozenset((_place(excerpt), _place(other))))
                    known = pairs.get(both)
                    first, second, by = (known.one, known.other, known.said_by) if known else (excerpt, other, ())
                    pairs[both] = Relation(kind, first, second, tuple(dict.fromkeys((*by, comment))))
    ordered = sorted(pairs.values(), key=lambda pair: (pair.kind, _place(pair.one), _place(pair.other)))
    n = Tally(excerpts, codebook, in_review, ignore).n()
    return Contradictions(tuple(ordered), tuple(strays.values()), sources, n)


def _place(excerpt: Excerpt) -> tuple[str, int]:
    return excerpt.location.path, excerpt.location.start
