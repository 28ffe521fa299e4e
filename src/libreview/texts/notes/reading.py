"""A note read: its front matter, annotation, excerpts, codings, and what is wrong in it (grammar R5 to R8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from libreview.model import NONE, Citation, Coding, Excerpt, Kind, Location, Note, Problem, Slices, Span
from libreview.texts.notes.attribution import (
    CODED,
    DASH,
    TAGS,
    Closing,
    Mark,
    citations,
    closings,
    leading,
    marks,
    tags,
)
from libreview.texts.notes.blocks import Block, View, blocks
from libreview.texts.notes.front import front, source_key
from libreview.texts.notes.lines import Page, Trouble, page
from libreview.value import Value
from libreview.words.i18n import N_

__all__ = ["Survey", "read", "survey"]

_TASK = re.compile(r"[ \t]*+\[[ xX]\](?=[ \t\n]|\Z)")
_CALLOUT = re.compile(r"[ \t\n]*+\[!(?P<type>[\w-]+)\][+-]?")
_QUOTING = ("quote", "cite", "plain")
_PROPERTY = re.compile(r"[ \t]*+(?:[-*+][ \t]++)?[\w-]++::(?:[ \t]|\Z)")
_AFTER = re.compile(r"\](?:\([^()\n]*+\))?[.,;:!?)]*+(?=[ \t\n]*+#)")

REASONS = {
    "heading": N_("it stands in a heading"),
    "table": N_("it stands in a table"),
    "footnote": N_("it stands in a footnote"),
    "quote": N_("the quotation does not end in a citation before it"),
    "paragraph": N_("no citation stands before it at the end of a line"),
    "item": N_("no citation stands before it at the end of a line"),
    "before": N_("it stands before the citation"),
    "inside": N_("text follows it"),
    "alone": N_("no excerpt stands before it"),
}


class Survey(Value, frozen=True):
    """A note as read, with what a writer needs: the bytes of the body and of the annotation's blocks."""

    note: Note
    problems: tuple[Problem, ...]
    body: int  # the byte after the front matter
    annotation: tuple[Span, ...]  # the blocks of the annotation
    headings: tuple[Span, ...]  # the headings before the first excerpt
    coded: tuple[tuple[Span, ...], ...] = ()  # the themes of each coding, as `Slices.themes` has those of an excerpt


@dataclass(slots=True)
class _Draft:
    """An excerpt or a coding whose comment is still being read. Positions are characters of the file's text."""

    line: int
    block: Span
    kind: Kind = "quotation"
    citations: tuple[Citation, ...] = ()
    text: str = ""
    span: Span = (0, 0)
    citation: Span = (0, 0)
    themes: list[tuple[str, Span]] = field(default_factory=list)
    ids: list[tuple[str, Span]] = field(default_factory=list)
    insert: int = 0
    coding: str = ""  # the id of the excerpt that a coding codes
    chunks: list[tuple[str, bool]] = field(default_factory=list)  # texts of the comment, and whether a blank precedes
    comment: Span | None = None


def read(data: bytes, path: str) -> tuple[Note, tuple[Problem, ...]]:
    """Return the note in ``data`` and what is wrong in it.

    Themes are not held against a codebook: every tag that is not read as a theme is a problem ``themes-not-read``.
    """
    result = survey(data, path)
    return result.note, result.problems


def survey(data: bytes, path: str) -> Survey:
    """Return the note in ``data`` with the places that its writers need."""
    return _Reader(page(data), path, len(data)).survey()


class _Reader:
    """Walks over the blocks of a page; ``draft`` is the excerpt or coding that following text belongs to."""

    def __init__(self, paper: Page, path: str, size: int) -> None:
        self.page = paper
        self.path = path
        self.size = size
        self.troubles: list[Trouble] = list(paper.troubles)
        self.drafts: list[_Draft] = []
        self.draft: _Draft | None = None
        self.annotating = True
        self.annotation: list[tuple[str, bool]] = []
        self.annotated: list[Span] = []
        self.headings: list[Span] = []
        self.coder = ""

    def survey(self) -> Survey:
        """Read everything."""
        paper = self.page
        fields, places, first, troubles = front(paper.lines)
        self.troubles += troubles
        source = source_key(fields.pop("source", ""))
        self.coder = fields.pop("coder", "")
        found = blocks(paper, first)
        at = 0
        while at < len(found):
            at += self._block(found, at)
        self._touching(found)
        excerpts = tuple(self._excerpt(draft) for draft in self.drafts if not draft.coding)
        codings = tuple(self._coding(draft) for draft in self.drafts if draft.coding)
        if codings and not self.coder:
            one = next(draft for draft in self.drafts if draft.coding)
            self._trouble("coding-without-coder", one.line, one.coding)
        annotation = _joined(self.annotation) if source else ""
        body = paper.starts[first] if first < len(paper.starts) else len(paper.text)
        location = Location(self.path, places.get("source", 0) + 1, 0, self.size)
        note = Note(self.path, source, self.coder, fields, annotation, excerpts, codings, location)
        spans = [tuple(self._span(span) for span in spans) for spans in (self.annotated, self.headings)]
        coded = tuple(tuple(self._span(place) for _, place in draft.themes) for draft in self.drafts if draft.coding)
        return Survey(note, self._problems(), paper.byte(body), spans[0], spans[1], coded)

    # Places

    def _span(self, span: Span) -> Span:
        return self.page.byte(span[0]), self.page.byte(span[1])

    def _trouble(self, code: str, line: int, subject: str = "", reason: str = "") -> None:
        self.troubles.append(Trouble(code, line, subject, reason))

    def _problems(self) -> tuple[Problem, ...]:
        paper = self.page
        result: list[Problem] = []
        for trouble in sorted(self.troubles, key=lambda one: one.line):
            line = trouble.line
            start, end = (paper.starts[line], paper.ends[line]) if line < len(paper.starts) else (0, 0)
            place = Location(self.path, line + 1, *self._span((start, end)))
            facts = {"reason": REASONS[trouble.reason]} if trouble.reason else {}
            result.append(Problem(trouble.code, place, trouble.subject, facts))
        return tuple(result)

    def _raw(self, block: Block, first: int = 0) -> tuple[str, Span]:
        """Return the lines of ``block`` from its line ``first`` on as they stand (without comments), and their place."""
        paper = self.page
        lines = block.lines
        one, last = lines[first], lines[-1]
        text = "\n".join([paper.lines[at] for at in lines[first:]])
        line = paper.lines[one]
        start = paper.starts[one]
        if one not in paper.pieces:
            start += len(line) - len(line.lstrip(" \t"))
        return text, (start, paper.ends[last])

    # Blocks

    def _block(self, found: list[Block], at: int) -> int:
        """Read the block at ``at``; return how many blocks that took."""
        block = found[at]
        kind = block.kind
        if kind in ("heading", "rule", "conflict"):
            self.draft = None
            if kind == "heading":
                self._unread(View(self.page, block).seen, block.lines[0], "heading")
                if self.annotating:
                    self.headings.append(self._raw(block)[1])
            else:
                if kind == "conflict":
                    self._trouble("conflict-marker", block.lines[0], self.page.lines[block.lines[0]][:7])
                self.annotating = False
            return 1
        if kind in ("table", "footnote", "code"):
            if kind != "code":
                self._unread(View(self.page, block).seen, block.lines[0], kind)
            self._belongs(block)
            return 1
        view = View(self.page, block)
        if kind == "quote":
            return self._quote(found, at, view)
        return self._prose(found, at, view)

    def _begin(self, draft: _Draft) -> None:
        self.annotating = False
        self.drafts.append(draft)
        self.draft = draft

    def _belongs(self, block: Block, first: int = 0) -> None:
        """Give the lines of ``block`` to the comment or the annotation that is being read."""
        text, span = self._raw(block, first)
        self._give(text, span, not block.touching)

    def _give(self, text: str, span: Span, apart: bool) -> None:
        if "::" in text:
            text = "\n".join(line for line in text.split("\n") if not _PROPERTY.match(line))
        if not text.strip(" \t\n"):
            return
        if self.annotating:
            self.annotation.append((text, apart))
            self.annotated.append(span)
        elif self.draft is not None:
            draft = self.draft
            draft.chunks.append((text, apart))
            draft.comment = (draft.comment[0] if draft.comment else span[0], span[1])

    def _unread(self, seen: str, line: int, reason: str) -> None:
        for name in tags(seen):
            self._trouble("themes-not-read", line, name, reason)

    # Quotations

    def _quote(self, found: list[Block], at: int, view: View) -> int:
        block = found[at]
        seen = view.seen
        start = 0
        callout = _CALLOUT.match(seen)
        ends = [one for one in closings(seen) if one.marks or not seen[one.end :].strip(" \t\n\\")]
        if callout:
            start = callout.end()
            title = seen.find("\n", start)
            if ends and title >= 0 and ends[0].start > title:
                start = title + 1
        first = True
        for closing in ends:
            self._close(block, view, start, closing, "quotation", first)
            first = False
            start = closing.end
        taken = 1
        rest = _rest(seen, start if ends else 0)
        if rest < len(seen):
            taken += self._remainder(found, at, view, rest, callout if not ends else None)
        if taken == 1 and self.draft is not None and block.excerpted and rest >= len(seen):
            taken += self._completed(found, at + 1)
        return taken

    def _remainder(self, found: list[Block], at: int, view: View, rest: int, callout: re.Match[str] | None) -> int:
        """Read what a quote says after its last attribution, or all of it. Return how many blocks more that took."""
        block = found[at]
        line = view.line(rest)
        row = block.lines.index(line)
        if block.excerpted and 0 <= block.lazy <= row:
            self._trouble("text-joins-excerpt", line)
            self._unread(view.seen[rest:], line, "inside")
            self._give(view.source[rest:], (view.at(rest), view.to(len(view.source))), True)
            return 0
        following = found[at + 1] if at + 1 < len(found) else None
        if following is not None and following.kind == "paragraph" and "@" in self.page.lines[following.lines[0]]:
            alone = View(self.page, following)
            ends = [one for one in closings(alone.seen) if not alone.seen[one.end :].strip(" \t\n\\")]
            dash = DASH.match(alone.seen)
            if ends and dash and ends[0].start == dash.end():
                self._apart(block, view, callout.end() if callout else rest, alone, ends[0])
                return 1 + self._completed(found, at + 2)
        if callout is None or callout["type"].lower() in _QUOTING:
            self._trouble("quotation-without-citation", line)
        self._unread(view.seen[rest:], line, "quote")
        if block.excerpted:
            text, span = self._raw(block, row)
            self._give(text, span, False)
        else:
            self._belongs(block)
        return 0

    def _apart(self, block: Block, view: View, start: int, alone: View, closing: Closing) -> None:
        """Begin the quotation whose attribution is the paragraph after it."""
        text, span = _text(view, start, len(view.source))
        first = block.lines[0] if not block.excerpted else view.line(span[0])
        self._open(alone, closing, first, text, (view.at(span[0]), view.to(span[1])), "quotation")
        block.excerpted = True

    # Excerpts

    def _close(self, block: Block, view: View, start: int, closing: Closing, kind: Kind, first: bool) -> None:
        """Begin the excerpt that ``closing`` ends; its text is what precedes from ``start`` on."""
        end = _before(view.seen, start, closing)
        text, span = _text(view, start, end)
        if not text:
            self.annotating = False
            self.draft = None
            block.excerpted = True
            self._trouble("attribution-without-text", view.line(closing.start))
            return
        line = block.lines[0] if first else view.line(span[0])
        seen = view.seen[span[0] : span[1]]
        if "#" in seen:
            self._misplaced(seen, line, bool(closing.marks))
        block.excerpted = True
        self._open(view, closing, line, text, (view.at(span[0]), view.to(span[1])), kind)

    def _open(self, view: View, closing: Closing, line: int, text: str, span: Span, kind: Kind) -> None:
        found, broken = citations(view.source, closing)
        if broken:
            self._trouble("broken-citation", line)
        draft = _Draft(line, (self.page.starts[line], view.to(closing.end)), kind, found, text, span)
        draft.citation = (view.at(closing.start), view.to(closing.cited))
        draft.insert = view.to(closing.insert)
        self._mark(draft, view, closing.marks)
        self._begin(draft)

    def _mark(self, draft: _Draft, view: View, found: list[Mark]) -> None:
        for mark in found:
            place = (view.at(mark.start), view.to(mark.end))
            (draft.ids if mark.id else draft.themes).append((mark.name, place))

    def _misplaced(self, seen: str, line: int, themed: bool) -> None:
        """Report tags in the text of an excerpt that were meant as themes: after a citation in it, or right before its own."""
        names: list[tuple[str, str]] = []
        if "@" in seen:
            for match in _AFTER.finditer(seen):
                if seen.find("@", 0, match.start()) >= 0:
                    run = seen[match.end() : match.end() + 200].split()
                    for word in run:
                        if not word.startswith("#"):
                            break
                        names += [(name, "inside") for name in tags(word)]
        if not themed:
            for word in reversed(seen[-200:].split()):
                if not word.startswith("#"):
                    break
                names += [(name, "before") for name in tags(word)]
        for name, reason in dict(names).items():
            self._trouble("themes-not-read", line, name, reason)

    def _completed(self, found: list[Block], at: int) -> int:
        """Read themes or an id that stand alone after an excerpt; return how many blocks that took (0 or 1)."""
        if at >= len(found) or found[at].kind != "paragraph" or self.draft is None:
            return 0
        if self.page.lines[found[at].lines[0]].lstrip(" \t")[:1] not in ("#", "^"):
            return 0
        view = View(self.page, found[at])
        if not TAGS.match(view.seen):
            return 0
        marked, end = marks("\n" + view.seen, 0)
        for mark in marked:
            mark.start -= 1
            mark.end -= 1
        if not marked or (marked[0].id and any(not mark.id for mark in marked)) or view.seen[end:].strip(" \t\n\\"):
            return 0
        draft = self.draft
        self._mark(draft, view, marked)
        draft.block = (draft.block[0], view.to(max(mark.end for mark in marked)))
        themes = [mark.end for mark in marked if not mark.id]
        if themes:
            draft.insert = view.to(themes[-1])
        return 1

    # Items and paragraphs

    def _prose(self, found: list[Block], at: int, view: View) -> int:
        block = found[at]
        seen = view.seen
        task = _TASK.match(seen) if block.kind == "item" else None
        start = task.end() if task else 0
        head = _rest(seen, start)
        if seen[head : head + 1] == "^" and self._codes(block, view, head):
            return 1
        if block.kind == "paragraph" and seen[head : head + 1] == "#" and TAGS.match(seen):
            self._unread(seen, block.lines[0], "alone")
            return 1
        ends = [one for one in closings(seen) if one.themed]
        first = True
        for closing in ends:
            self._close(block, view, start, closing, "paraphrase", first)
            first = False
            start = closing.end
        if not ends:
            self._unread(seen, block.lines[0], block.kind)
            self._belongs(block)
            return 1
        rest = _rest(seen, start)
        if rest < len(seen):
            self._unread(seen[rest:], view.line(rest), "inside")
            self._give(view.source[rest:], (view.at(rest), view.to(len(view.source))), True)
            return 1
        return 1 + self._completed(found, at + 1)

    def _codes(self, block: Block, view: View, head: int) -> bool:
        """Read a coding, which begins with the id of the excerpt that it codes; return whether it is one."""
        seen = view.seen
        match = CODED.match(seen, head)
        if match is None:
            return False
        found, at = leading(seen, match.end())
        if block.kind == "paragraph" and not found:
            return False
        draft = _Draft(block.lines[0], (self.page.starts[block.lines[0]], view.to(at)), coding=match["id"].lower())
        self._mark(draft, view, found)
        block.excerpted = True
        self._begin(draft)
        rest = _rest(seen, at)
        if rest < len(seen):
            self._give(view.source[rest:], (view.at(rest), view.to(len(view.source))), True)
        return True

    # Results

    def _excerpt(self, draft: _Draft) -> Excerpt:
        span = self._span
        themes = tuple(dict.fromkeys(name for name, _ in draft.themes))
        if len(themes) > 1 and NONE in themes:
            self._trouble("none-with-themes", draft.line)
        id: str | None = None
        id_span: Span | None = None
        if draft.ids:
            id, place = draft.ids[-1]
            id_span = span(place)
            if len(draft.ids) > 1:
                self._trouble("second-id", draft.line, id)
        block = span(draft.block)
        location = Location(self.path, draft.line + 1, *block)
        comment = _joined(draft.chunks) if draft.chunks else ""
        slices = Slices(
            block,
            span(draft.span),
            span(draft.citation),
            tuple([span(place) for _, place in draft.themes]),
            id_span,
            self.page.byte(draft.insert),
            span(draft.comment) if draft.comment else None,
        )
        codings = (Coding(id or "", themes, self.coder, "", location),) if themes else ()
        return Excerpt(id, draft.kind, draft.citations, draft.text, themes, comment, location, codings, slices)

    def _coding(self, draft: _Draft) -> Coding:
        themes = tuple(dict.fromkeys(name for name, _ in draft.themes))
        if len(themes) > 1 and NONE in themes:
            self._trouble("none-with-themes", draft.line)
        location = Location(self.path, draft.line + 1, *self._span(draft.block))
        return Coding(draft.coding, themes, self.coder, _joined(draft.chunks), location)

    def _touching(self, found: list[Block]) -> None:
        """Report blocks that touch an excerpt without a blank line, where Pandoc draws the two together."""
        for before, block in pairwise(found):
            if not block.touching or not (before.excerpted or block.excerpted) or block.kind in ("conflict", "code"):
                continue
            inside = block.kind == "item" and (before.kind == "item" or before.listed)
            if not inside and not (block.listed and block.kind == "quote" and before.kind == "quote"):
                self._trouble("blank-line-missing", block.lines[0])


def _rest(seen: str, at: int) -> int:
    """Return where text goes on after ``at``: behind white space and one backslash at the end of the line."""
    while at < len(seen) and (seen[at] in " \t\n\xa0" or (seen[at] == "\\" and seen[at + 1 : at + 2] in ("\n", ""))):
        at += 1
    return at


def _before(seen: str, start: int, closing: Closing) -> int:
    """Return where the text before ``closing`` ends: a parenthesis that it answers and a dash of its line are not text."""
    end = closing.start
    while end > start and seen[end - 1] in " \t\n":
        end -= 1
    if closing.parenthesis and end > start and seen[end - 1] == "(":
        end -= 1
    line = max(start, seen.rfind("\n", start, closing.start) + 1)
    if line <= end and not seen[line:end].strip(" \t-–—―"):
        end = line
    return end


def _text(view: View, start: int, end: int) -> tuple[str, Span]:
    """Return the text of ``view`` between two places, without outer blank and blank at line ends, and where it lies."""
    source = view.source
    while start < end and source[start] in " \t\n":
        start += 1
    while end > start and source[end - 1] in " \t\n":
        end -= 1
    text = source[start:end]
    if "\n" in text:
        text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return text, (start, end)


def _joined(chunks: list[tuple[str, bool]]) -> str:
    """Return the texts of ``chunks`` with a blank line where one parts them; common indentation comes off."""
    lines: list[str] = []
    for text, apart in chunks:
        if lines and apart:
            lines.append("")
        lines += [line.rstrip(" \t") for line in text.split("\n")]
    heads = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line]
    common = min(heads, key=len, default="")
    if common and all(head.startswith(common) for head in heads):
        lines = [line[len(common) :] for line in lines]
    return "\n".join(lines).strip(" \t\n")
