"""Citations pointed at another source: one edit for each place in a note where a key is cited, nothing else touched.

A citation is what Pandoc takes for one, wherever it stands: in attributions, comments, annotations and prose, but not in
code, in comments that no one sees, in addresses, and in ``[[@key]]``, the link to another note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from libreview.model import Edit, Span
from libreview.texts.notes.attribution import CITE, KEY
from libreview.texts.notes.blocks import View, blocks
from libreview.texts.notes.front import Front, extent, front, quoted, source_key
from libreview.texts.notes.lines import Page, page
from libreview.texts.notes.reading import Survey, survey
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Repointed", "repoint"]

_CITED = re.compile(r"\\.|" + CITE, re.DOTALL)
_KEY = re.compile(KEY)
_BRACED = re.compile(r"[^\s{}]+")
_LINKED = re.compile(r"(?:[|#][^\[\]\n]*+)?\]\]")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*+://[^\s;\[\]<>\"']*+\Z", re.IGNORECASE)
_LONGEST = 500  # characters of an address before its "@"
_TRIES = 20  # places of the key in its entry of the front matter that are tried: remarks may name it, too
_TAME = re.compile(r"\w(?:\w|[:.-](?=\w))*")
_WIDE = re.compile(r"\[[^\[\]]{3000}")


class Repointed(Value, frozen=True):
    """The edits of one note: how many citations they change, and whether the note is the card of the source."""

    edits: tuple[Edit, ...]
    citations: int
    card: bool


def repoint(data: bytes, path: str, keys: Mapping[str, str]) -> Repointed:
    """Return the edits that make a note cite, for each key in ``keys``, what stands there instead.

    ``source:`` in its front matter follows. Raises `Refused` if a new key cannot be cited, or if the note would
    then say anything else than before: one word in place of another cannot do that, but keys may hold signs that mean
    something in Markdown, and brackets that are very wide are not read, so in these cases the note is read again.
    """
    paper = page(data)
    first = front(paper.lines)
    places = list(_citations(paper, first.size, keys))
    card = _card(paper, path, first, keys)
    if card:
        places.insert(0, card)
    edits = [_edit(data, paper, path, span, new) for span, new in places]
    if edits and (_WIDE.search(paper.text) or not all(map(_TAME.fullmatch, (*keys, *keys.values())))):
        _read_back(data, path, edits, keys)
    return Repointed(tuple(edits), len(places) - (card is not None), card is not None)


def _edit(data: bytes, paper: Page, path: str, span: Span, new: str) -> Edit:
    start, end = paper.byte(span[0]), paper.byte(span[1])
    return Edit(path, start, end, data[start:end], new.encode("utf-8", "surrogateescape"))


def _citations(paper: Page, first: int, keys: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    """Yield the place of each cited key (without ``@``), in characters, and what is to stand there."""
    for block in blocks(paper, first):
        if block.kind == "code" or not any("@" in paper.lines[at] for at in block.lines):
            continue
        view = View(paper, block)
        seen = view.seen
        for match in _CITED.finditer(seen):
            cited = match[0]
            if cited[0] == "\\":
                continue
            braced = cited[1] == "{"
            key = cited[2:-1] if braced else cited[1:]
            if key not in keys or _elsewhere(seen, match.start(), match.end()):
                continue
            span = view.at(match.start() + 1), view.to(match.end())
            if paper.text[slice(*span)] == cited[1:]:  # else a comment stands in the middle of it
                yield span, _cited(keys[key], braced=braced)


def _cited(key: str, *, braced: bool) -> str:
    """Return ``key`` as it stands after ``@``."""
    if not braced and _KEY.fullmatch(key):
        return key
    if not _BRACED.fullmatch(key):
        raise Refused(
            N_('The key "{key}" cannot be cited'), N_("Give the source a key without spaces and braces."), key=key
        )
    return f"{{{key}}}"


def _elsewhere(seen: str, start: int, end: int) -> bool:
    """Return whether ``@key`` is no citation: the link ``[[@key]]``, or a part of an address."""
    if seen[start - 2 : start] == "[[" and start >= 2 and _LINKED.match(seen, end):
        return True
    word = seen[max(0, start - _LONGEST) : start]
    return "://" in word and _ADDRESS.search(word, word.rfind("://") - 32) is not None


def _card(paper: Page, path: str, first: Front, keys: Mapping[str, str]) -> tuple[Span, str] | None:
    """Return the place of the key in the line ``source:`` and the new key as it is to stand there."""
    if "source" not in first.fields:
        return None
    old, line = source_key(first.fields["source"]), first.places["source"]
    if old not in keys:
        return None
    new = keys[old]
    last = extent(paper.lines, line, first.size) - 1
    begin, end = paper.text.index(":", paper.starts[line]), paper.ends[last]
    # In a remark or a longer word the key changes nothing of what is read, so that the next place is tried.
    for found in islice(re.finditer(re.escape(old), paper.text[begin:end]), _TRIES):
        at, stop = begin + found.start(), begin + found.end()
        text = new if paper.text[at - 1] in "\"'@{" else quoted(new)
        changed = page((paper.text[:at] + text + paper.text[stop:]).encode("utf-8", "surrogateescape"))
        result = front(changed.lines)
        if result.size == first.size and source_key(result.fields.get("source", "")) == new:
            return (at, stop), text
    raise Refused(
        N_("{path}: the key {key} of its source could not be changed"),
        N_("Change source: in its front matter by hand, then run the command again."),
        path=path,
        key=old,
    )


def _read_back(data: bytes, path: str, edits: list[Edit], keys: Mapping[str, str]) -> None:
    """Raise `Refused` unless the note says afterwards what it said, with other keys."""
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        pieces += (data[at : edit.start], edit.new)
        at = edit.end
    before, after = survey(data, path), survey(b"".join((*pieces, data[at:])), path)
    if _said(before, keys) != _said(after, keys):
        raise Refused(
            N_("{path} would be read differently after this change"),
            N_("Change it by hand; libreview check says what stands open there."),
            path=path,
        )


def _said(read: Survey, keys: Mapping[str, str]) -> tuple[object, ...]:
    note = read.note
    excerpts = [
        (one.id, one.kind, one.themes, tuple(keys.get(key.key, key.key) for key in one.citations), len(one.codings))
        for one in note.excerpts
    ]
    codings = [(one.excerpt, one.themes, one.coder) for one in note.codings]
    troubles = Counter((one.code, one.location.line) for one in read.problems)
    return keys.get(note.source, note.source), note.coder, dict(note.fields), excerpts, codings, troubles
