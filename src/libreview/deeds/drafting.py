"""Several edits of the same files, made one after the other and handed on as one change.

Each step reads the file as the step before left it; the change at the end speaks of the files as they lie on disk and
touches only the bytes that some step replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from libreview.model import Change, Create, Delete, Edit, Note, Span
from libreview.review import Review
from libreview.texts import notes
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Draft", "reverse"]


class _File:
    """A file as it will be: pieces that are spans of the old bytes, or new bytes."""

    __slots__ = ("new", "old", "pieces")

    def __init__(self, old: bytes | None, new: bytes) -> None:
        self.old = old
        self.new = new
        self.pieces: list[Span | bytes] = [(0, len(new))] if old is not None else [new]

    def put(self, edit: Edit) -> None:
        if self.new[edit.start : edit.end] != edit.old:
            raise Refused(
                N_("{path} changed on disk since it was read; nothing was written"),
                N_("Save and close it in your editor, then run the command again."),
                path=edit.path,
            )
        self.new = self.new[: edit.start] + edit.new + self.new[edit.end :]
        before, rest = _cut(self.pieces, edit.start)
        _, after = _cut(rest, edit.end - edit.start)
        self.pieces = [*before, edit.new, *after]

    def edits(self, path: str) -> Iterable[Edit | Create]:
        """Yield what turns the old bytes into the new ones."""
        if self.old is None:
            yield Create(path, self.new)
            return
        at, fresh = 0, b""
        for piece in (*self.pieces, (len(self.old), len(self.old))):
            if isinstance(piece, bytes):
                fresh += piece
                continue
            start, end = piece
            if self.old[at:start] != fresh:
                yield Edit(path, at, start, self.old[at:start], fresh)
            at, fresh = end, b""


def _cut(pieces: list[Span | bytes], at: int) -> tuple[list[Span | bytes], list[Span | bytes]]:
    """Return the pieces before and after the byte ``at`` of what they make."""
    before: list[Span | bytes] = []
    for number, piece in enumerate(pieces):
        size = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        if at >= size:
            before.append(piece)
            at -= size
            continue
        if at == 0:
            return before, pieces[number:]
        left: Span | bytes
        right: Span | bytes
        if isinstance(piece, bytes):
            left, right = piece[:at], piece[at:]
        else:
            left, right = (piece[0], piece[0] + at), (piece[0] + at, piece[1])
        return [*before, left], [right, *pieces[number + 1 :]]
    return before, []


class Draft:
    """The files that a deed is changing. Nothing is written: `change` says what would be."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._files: dict[str, _File] = {}

    def _file(self, path: str) -> _File:
        if path not in self._files:
            data = self._review.read(path)
            self._files[path] = _File(data, data)
        return self._files[path]

    def exists(self, path: str) -> bool:
        return path in self._files or self._review.exists(path)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file as they will be."""
        return self._file(path).new

    def note(self, path: str) -> tuple[bytes, Note]:
        """Return the bytes of a note as they will be, and the note."""
        data = self.read(path)
        return data, notes.read(data, path)[0]

    def put(self, *edits: Edit | Create | None) -> None:
        """Take ``edits`` in; several edits of one file speak of the same state of it."""
        for edit in sorted((one for one in edits if one is not None), key=_place, reverse=True):
            if isinstance(edit, Create):
                if self.exists(edit.path):
                    raise Refused(N_("{path} is already there"), path=edit.path)
                self._files[edit.path] = _File(None, edit.content)
            else:
                self._file(edit.path).put(edit)

    def change(self, summary: str) -> Change:
        """Return everything taken in as one change."""
        return Change(tuple(edit for path, file in self._files.items() for edit in file.edits(path)), summary)


def _place(edit: Edit | Create) -> tuple[int, int]:
    return (edit.start, edit.end) if isinstance(edit, Edit) else (0, 0)


def reverse(change: Change) -> Change:
    """Return the change that takes ``change`` back once it has been applied."""
    back: list[Edit | Create | Delete] = []
    by_path: dict[str, list[Edit]] = {}
    for edit in change.edits:
        if isinstance(edit, Create):
            back.append(Delete(edit.path, edit.content))
        elif isinstance(edit, Delete):
            back.append(Create(edit.path, edit.old))
        else:
            by_path.setdefault(edit.path, []).append(edit)
    for edits in by_path.values():
        edits.sort(key=lambda edit: (edit.start, edit.end))
        moved = accumulate((len(edit.new) - len(edit.old) for edit in edits), initial=0)
        for edit, by in zip(edits, moved, strict=False):
            start = edit.start + by
            back.append(Edit(edit.path, start, start + len(edit.new), edit.new, edit.old))
    return Change(tuple(back), f"undo: {change.summary}")
