"""The note card of a source: making it, its annotation and the fields of its front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.deeds import linking
from libreview.deeds.drafting import Draft
from libreview.deeds.tagging import card_path
from libreview.model import Change, Edit
from libreview.review import Review
from libreview.texts import notes
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_

__all__ = ["annotate", "annotation_at", "field_of"]

_NAME = re.compile(r"[^\W\d_][\w-]*")
_FIXED = ("source", "coder")
_FRONT = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def field_of(text: str) -> tuple[str, str]:
    """Return the name and value in ``name=value``; `Wrong` if it is not that."""
    name, equals, value = text.partition("=")
    name = name.strip().lower()
    if not equals or not _NAME.fullmatch(name) or name in _FIXED:
        raise Wrong(
            N_('"{text}" is not a field'), N_("Write it as method=interviews; source and coder stay."), text=text
        )
    return name, " ".join(value.split())


def annotate(
    review: Review, key: str, text: str | None = None, fields: Mapping[str, str] | None = None, *, coder: str = ""
) -> tuple[Change, str]:
    """Return the change that makes the note card of a source or sets its annotation and fields, and the card's path.

    Without ``text`` the annotation stays. The change is empty if there is nothing to do. Raises `Refused` if the note
    would not be read back as it should be.
    """
    source = review.source(key)
    draft = Draft(review)
    path = card_path(review, draft, source.key, coder or review.user.coder)
    for name, value in (fields or {}).items():
        _set_field(draft, path, name, value)
    if text is not None:
        data, note = draft.note(path)
        draft.put(notes.set_annotation(data, note, text.strip()))
        after = draft.note(path)[1]
        if notes.plain(after.annotation) != notes.plain(text.strip()) or len(after.excerpts) != len(note.excerpts):
            raise Refused(
                N_("The annotation would not be read back as it is"),
                N_("Leave out headings, rules and lines that look like excerpts, or write it in the note: {path}"),
                path=path,
            )
    return linking.remembering(review, draft.change(f"annotate {source.key}"), (source,)), path


def annotation_at(review: Review, path: str) -> str:
    """Return the annotation of the note card at ``path``; empty if there is no such file."""
    return review.read_note(path)[1].annotation if review.exists(path) else ""


def _set_field(draft: Draft, path: str, name: str, value: str) -> None:
    """Put one line into the front matter, or in the place of the line that is there."""
    data, note = draft.note(path)
    if note.fields.get(name) == value:
        return
    line = notes.write_front({name: value}).split("\n")[1].encode()
    begin = _FRONT.match(data)
    place = _field_line(data, begin.end(), name) if begin else None
    if begin is None or place is None:
        raise Refused(N_("{path} has no front matter to put {name} into"), path=path, name=name)
    start, end = place
    eol = b"\r\n" if begin.group().endswith(b"\r\n") else b"\n"
    draft.put(Edit(path, start, end, data[start:end], line + eol if start == end else line))
    after = draft.note(path)[1]
    expected = {**note.fields, name: value}
    if dict(after.fields) != expected or after.source != note.source:
        raise Refused(
            N_("{name} could not be set without touching other lines"), N_("Edit the file by hand."), name=name
        )


def _field_line(data: bytes, at: int, name: str) -> tuple[int, int] | None:
    """Return the slice of the line that holds the field ``name``, or the place before the closing line; None if none."""
    wanted = name.encode()
    while at < len(data):
        line = _LINE.match(data, at)
        if line is None or line.end() == at:
            return None
        text = line.group().rstrip(b"\r\n")
        if text.rstrip() in (b"---", b"..."):
            return at, at
        if text.partition(b":")[0].strip().lower() == wanted and not text[:1].isspace():
            return at, at + len(text)
        at = line.end()
    return None
