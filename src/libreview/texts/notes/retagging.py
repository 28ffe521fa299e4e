"""Themes of a whole note put in the place of others: in excerpts and in codings, each slice by itself.

Tags in prose are no codings and stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from libreview.model import Coding, Edit, Excerpt, Note, Span
from libreview.texts.notes.attribution import tag
from libreview.texts.notes.reading import Survey, survey
from libreview.texts.notes.splices import (
    changed_on_disk,
    coding_rows,
    excerpt_rows,
    line_end,
    line_start,
    open_ends,
    theme_slice,
)
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Retagged", "retag"]

_SAME: Mapping[str, str] = {}


class Retagged(Value, frozen=True):
    """The edits of a note, and the numbers of the excerpts and of the codings that they change."""

    edits: tuple[Edit, ...] = ()
    excerpts: tuple[int, ...] = ()
    codings: tuple[int, ...] = ()


class _Marks(Value, frozen=True):
    """The edits of one attribution, the themes it has then, and where the last tag that goes ends."""

    edits: tuple[Edit, ...]
    themes: tuple[str, ...]
    end: int


def retag(
    data: bytes,
    path: str,
    tags: Collection[str],
    new: Sequence[str] = (),
    *,
    means: Mapping[str, str] = _SAME,
    excerpts: Collection[int] | None = None,
    codings: Collection[int] | None = None,
    fresh_id: Callable[[], str] | None = None,
) -> Retagged:
    """Return the edits that put the themes ``new`` (none: nothing) in the place of ``tags`` wherever they are given.

    A theme is not given twice; ``means`` says which aliases mean which theme. ``excerpts`` and ``codings`` narrow it to
    those of these numbers. An excerpt that would not be one without its theme gets an id from ``fresh_id``.
    Raises `Refused` if the note would not be read back so.
    """
    before = survey(data, path)
    note = before.note
    wanted = {number: _marks(data, path, one.slices.themes, tags, new, means)
              for number, one in enumerate(note.excerpts)
              if not tags_apart(one.themes, tags) and (excerpts is None or number in excerpts)}  # fmt: skip
    coded = {number: _marks(data, path, spans, tags, new, means)
             for number, (one, spans) in enumerate(zip(note.codings, before.coded, strict=True))
             if not tags_apart(one.themes, tags) and (codings is None or number in codings)}  # fmt: skip
    if not wanted and not coded:
        return Retagged()
    listed = [edit for number, marks in coded.items() for edit in _coded(data, note.codings[number], marks)]
    bare = [number for number, marks in wanted.items() if _is_bare(note.excerpts[number], marks.themes)]
    needy = [number for number in bare if note.excerpts[number].kind == "paraphrase"]
    ids: dict[int, str] = {}
    for some in (needy, bare) if len(needy) < len(bare) else (bare,):
        if fresh_id is not None:
            ids.update((number, fresh_id().lower()) for number in some if number not in ids)
        edits = [
            edit for number, marks in wanted.items() for edit in _named(note.excerpts[number], marks, ids.get(number))
        ]
        edits += listed
        edits.sort(key=lambda edit: (edit.start, edit.end))
        themes = {number: marks.themes for number, marks in wanted.items()}
        codes = {number: marks.themes for number, marks in coded.items()}
        if _reads(data, before, edits, _rows(note, themes, ids), _codes(note, codes)):
            return Retagged(tuple(edits), tuple(wanted), tuple(coded))
    places: list[Excerpt | Coding] = [*(note.excerpts[one] for one in wanted), *(note.codings[one] for one in coded)]
    raise Refused(
        N_("{path}:{line} would be read differently after this change"),
        N_("Change it in the note by hand; libreview check says what stands open there."),
        path=path,
        line=min(one.location.line for one in places),
    )


def tags_apart(themes: Collection[str], tags: Collection[str]) -> bool:
    """Return whether none of ``themes`` is one of ``tags``."""
    return not any(theme in tags for theme in themes)


def _marks(
    data: bytes, path: str, spans: Sequence[Span], tags: Collection[str], new: Sequence[str], means: Mapping[str, str]
) -> _Marks:
    """Return the edits of the themes at ``spans``: the first one that goes gives its place to those that come."""
    names = [tag(data[start + 1 : end].decode("utf-8", "surrogateescape")) for start, end in spans]
    if not all(names):
        raise changed_on_disk(path)
    there = {means.get(name, name) for name in names if name not in tags}
    coming = [theme for theme in dict.fromkeys(new) if theme not in there]
    edits: list[Edit] = []
    cuts: list[Span] = []
    after: list[str] = []
    for name, (start, end) in zip(names, spans, strict=True):
        if name not in tags:
            after.append(name)
        elif coming:
            words = " ".join(f"#{theme}" for theme in coming).encode("utf-8", "surrogateescape")
            edits.append(Edit(path, start, end, data[start:end], words))
            after += coming
            coming = []
        else:
            cuts.append(theme_slice(data, start, end))
    edits += [Edit(path, start, end, data[start:end], b"") for start, end in _joined(data, cuts)]
    return _Marks(tuple(edits), tuple(dict.fromkeys(after)), max((edit.end for edit in edits), default=0))


def _joined(data: bytes, cuts: list[Span]) -> list[Span]:
    """Return ``cuts`` with those that touch made one, and whole lines where nothing else is left of them."""
    joined: list[Span] = []
    for start, end in sorted(cuts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [_whole(data, start, end) for start, end in joined]


def _whole(data: bytes, start: int, end: int) -> Span:
    line, stop = line_start(data, start), line_end(data, end)
    if not line or data[line:start].strip(b" \t>") or data[end:stop].strip(b" \t") or start < line:
        return start, end
    return line - (2 if data[line - 2 : line] == b"\r\n" else 1), stop


def _is_bare(excerpt: Excerpt, themes: Sequence[str]) -> bool:
    """Return whether nothing of ``themes`` and no id marks the excerpt."""
    return not excerpt.id and not any(char.isalpha() for theme in themes for char in theme)


def _named(excerpt: Excerpt, marks: _Marks, id: str | None) -> list[Edit]:
    """Return the edits of an excerpt, with one for its new ``id``."""
    if id is None:
        return list(marks.edits)
    at = max(excerpt.slices.block[1], marks.end)
    return [*marks.edits, Edit(excerpt.location.path, at, at, b"", f" ^{id}".encode())]


def _coded(data: bytes, coding: Coding, marks: _Marks) -> list[Edit]:
    """Return the edits of a coding; one without a theme must be an item of a list to be read as one."""
    start = coding.location.start
    if not marks.themes:
        caret = data.find(b"^", start, coding.location.end)
        if not data[start:caret].strip(b" \t>\xef\xbb\xbf"):
            return [Edit(coding.location.path, caret, caret, b"", b"- "), *marks.edits]
    return list(marks.edits)


def _rows(note: Note, themes: Mapping[int, tuple[str, ...]], ids: Mapping[int, str]) -> list[tuple[object, ...]]:
    rows = excerpt_rows(note)
    for number, some in themes.items():
        id, kind, cited, text, _, comment = rows[number]
        rows[number] = (ids.get(number, id), kind, cited, text, some, comment)
    return rows


def _codes(note: Note, themes: Mapping[int, tuple[str, ...]]) -> list[tuple[object, ...]]:
    rows = coding_rows(note)
    for number, some in themes.items():
        id, _, coder, memo = rows[number]
        rows[number] = (id, some, coder, memo)
    return rows


def _reads(
    data: bytes, before: Survey, edits: Sequence[Edit], rows: list[tuple[object, ...]], codes: list[tuple[object, ...]]
) -> bool:
    """Return whether ``edits`` make a note with these excerpts and codings, and all else as it was."""
    pieces, at = [], 0
    for edit in edits:
        if edit.start < at:
            return False
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    after = survey(b"".join([*pieces, data[at:]]), before.note.path)
    note, old = after.note, before.note
    same = (note.source, note.coder, note.fields, note.annotation) == (
        old.source,
        old.coder,
        old.fields,
        old.annotation,
    )
    return same and excerpt_rows(note) == rows and coding_rows(note) == codes and open_ends(after) == open_ends(before)
