"""Sources as a BibTeX file of its own: each entry as it stands in the review, with all it needs to read the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from libreview.model import Location, Source
from libreview.review import Review
from libreview.texts import latex, markdown
from libreview.texts.formats import bibtex
from libreview.texts.formats.bibtex.encoding import chunk_codec, wide_codec
from libreview.texts.formats.bibtex.scanner import scan
from libreview.value import replace
from libreview.words.blocks import Block, Heading, Listing, Paragraph, Quotation, Text
from libreview.words.errors import Refused
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["bib", "ris"]

_NAME = re.compile(r"\s*+([^\s=,{}\"#%]++)\s*+=")
_MARKS = {"emphasis": "emph", "strong": "textbf", "superscript": "textsuperscript", "subscript": "textsubscript"}


def bib(review: Review, sources: Sequence[Source], annotations: Mapping[str, str] | None = None) -> bytes:
    """Return ``sources`` as a file in UTF-8: exact entries, the ``@string`` they use, and the parents they inherit from.

    ``annotations`` (Markdown, by key) become the field ``annotation``. Reading the file gives the same fields; an entry
    for which its own words would not do that is written anew. Raises `Refused` if a file changed meanwhile.
    """
    whole = _parents_last([*sources, *_parents(review, sources)])
    fields = {source.key: dict(source.fields) for source in whole}
    for key, text in (annotations or {}).items():
        if key in fields and text.strip():
            fields[key]["annotation"] = _latex(text)
    kept = _Strings()
    pieces = _pieces(review, whole, fields, kept)
    made = _joined(kept, pieces.values())
    anew = _differing(made, whole, fields)
    if anew:
        pieces |= {source.key: _anew(source, fields[source.key]) for source in whole if source.key in anew}
        made = _joined(kept, pieces.values())
    return made


def ris(sources: Sequence[Source]) -> bytes:
    """Return ``sources`` as RIS in UTF-8, from which `libreview.texts.formats.ris` reads the same records again."""
    made: bytes = load(_RIS).write([load(_RECORDS).of_source(source) for source in sources])
    return made


_RIS, _RECORDS = "libreview.texts.formats.ris", "libreview.texts.formats.records"
"""Needed only for other programs."""


@dataclass(slots=True)
class _Strings:
    """The ``@string`` definitions taken over, by name: the first file that has one decides."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, text: str) -> set[str]:
        """Take the definitions in ``text``; return the names that mean something else already."""
        blocks: dict[str, list[str]] = {}
        data = text.encode("utf-8", "replace")
        for block in scan(data):
            body = data[block.body : block.end].decode("utf-8", "replace")
            name = _NAME.match(body)
            if name:
                words = data[block.start : block.end].decode("utf-8", "replace")
                blocks.setdefault(name[1].lower(), []).append(words)
        strange = {one for one, said in blocks.items() if _said(self.found.get(one, said)) != _said(said)}
        for one, said in blocks.items():
            self.found.setdefault(one, said)
        return strange


def _said(blocks: Iterable[str]) -> list[str]:
    return [" ".join(block.split()) for block in blocks]


def _pieces(
    review: Review, sources: Sequence[Source], fields: Mapping[str, dict[str, str]], strings: _Strings
) -> dict[str, str]:
    """Return the text of each entry by key, in the order of ``sources``."""
    files: dict[str, list[Source]] = {}
    for source in sources:
        files.setdefault(source.location.path, []).append(source)
    texts: dict[str, str] = {}
    for path, some in files.items():
        data = review.read(path)
        needed = bibtex.strings_used(data, *some)
        strange = strings.add(_decoded(needed)) if needed else set()
        for source in some:
            own = _slice(data, source)
            if strange and strange & _names(_decoded(bibtex.strings_used(data, source))):
                texts[source.key] = _anew(source, fields[source.key])
            else:
                texts[source.key] = _annotated(own, source, fields[source.key])
    return {source.key: texts[source.key] for source in sources}


def _decoded(data: bytes) -> str:
    return data.decode(chunk_codec(data), "replace")


def _names(text: str) -> set[str]:
    """Return the names that the ``@string`` definitions in ``text`` define."""
    one = _Strings()
    one.add(text)
    return set(one.found)


def _slice(data: bytes, source: Source) -> str:
    raw = data[source.location.start : source.location.end]
    text = raw.decode(wide_codec(data)[0] or chunk_codec(raw), "replace")
    if not text.startswith("@") or source.key not in text:
        raise Refused(N_("{path} changed on disk since it was read; nothing was written"), path=source.location.path)
    return text


def _annotated(text: str, source: Source, fields: Mapping[str, str]) -> str:
    """Return the entry with the annotation as its field; written anew if it is too broken for that."""
    annotation = fields.get("annotation", "")
    if annotation == source.fields.get("annotation", ""):
        return text
    data = text.encode("utf-8", "replace")
    alone = replace(source, location=Location(source.location.path, 1, 0, len(data)))
    try:
        edit = bibtex.set_field(data, alone, "annotation", annotation)
    except Refused:
        return _anew(source, fields)
    return (data[: edit.start] + edit.new + data[edit.end :]).decode("utf-8", "replace")


def _anew(source: Source, fields: Mapping[str, str]) -> str:
    return bibtex.write_entry(source.key, source.type or "misc", fields)


def _joined(strings: _Strings, pieces: Iterable[str]) -> bytes:
    named = "\n".join(block for blocks in strings.found.values() for block in blocks)
    parts = [named] if named else []
    parts += [piece.rstrip("\r\n") for piece in pieces]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _differing(made: bytes, sources: Iterable[Source], fields: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Return the keys of the sources that ``made`` does not give back."""
    read = {source.key: source for source in bibtex.read(made, "export.bib").sources}
    return {
        source.key
        for source in sources
        if source.key not in read
        or read[source.key].fields != fields[source.key]
        or read[source.key].type.lower() != source.type.lower()
    }


def _parents(review: Review, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that ``sources`` inherit from and that are not among them."""
    have = {source.key for source in sources}
    known: Collection[str] = frozenset(review.source_keys())
    found: list[Source] = []
    waiting = list(sources)
    while waiting:
        one = waiting.pop()
        for name in ("crossref", "xdata"):
            for key in one.fields.get(name, "").split(","):
                parent = key.strip()
                if parent and parent in known and parent not in have:
                    have.add(parent)
                    found.append(review.source(parent))
                    waiting.append(found[-1])
    return found


def _parents_last(sources: Sequence[Source]) -> list[Source]:
    """Return ``sources`` with those that others inherit from at the end, as BibTeX wants them."""
    named = {one.fields.get("crossref", "").strip().lower() for one in sources}
    return sorted(sources, key=lambda one: one.key.lower() in named)


# Markdown as LaTeX -----------------------------------------------------------------------------------------------------


def _latex(text: str) -> str:
    """Return Markdown as the text of a field: words and emphasis, an empty line between paragraphs."""
    return "\n\n".join(_paragraphs(markdown.blocks(text)))


def _paragraphs(blocks: Iterable[Block]) -> list[str]:
    found: list[str] = []
    waiting = list(reversed(list(blocks)))
    while waiting:
        block = waiting.pop()
        if isinstance(block, Paragraph | Heading):
            found.append(_inline(block.text))
        elif isinstance(block, Quotation):
            waiting.extend(reversed(block.blocks))
        elif isinstance(block, Listing):
            waiting.extend(inner for item in reversed(block.items) for inner in reversed(item))
    return [one for one in found if one]


def _inline(runs: Text) -> str:
    parts = []
    for run in runs:
        words = latex.encode(run.text.strip())
        for style in run.styles:
            if style in _MARKS and words:
                words = f"\\{_MARKS[style]}{{{words}}}"
        before, after = run.text[:1].isspace(), run.text[-1:].isspace()
        parts.append(f"{' ' * before}{words}{' ' * after}")
    return " ".join("".join(parts).split())
