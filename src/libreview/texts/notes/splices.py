"""Changes to notes: each is one slice of bytes, and the note that it makes is read back before it is handed on."""

from __future__ import annotations

from collections.abc import Iterable

from libreview.model import Edit, Excerpt, Note
from libreview.texts.notes.attribution import tag
from libreview.texts.notes.lines import page
from libreview.texts.notes.reading import Survey, survey
from libreview.texts.notes.writing import plain, tidy
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = [
    "add_id", "add_themes", "append_excerpt", "changed_on_disk", "coding_rows", "excerpt_rows", "line_end", "line_start",
    "open_ends", "remove_theme", "set_annotation", "set_comment", "theme_slice",
]  # fmt: skip

_BLANK = b" \t\r\n"


def _eol(data: bytes) -> bytes:
    """Return the line end of the file: that of its first line."""
    at = data.find(b"\n")
    if at < 0:
        return b"\r" if b"\r" in data else b"\n"
    return b"\r\n" if data[at - 1 : at] == b"\r" else b"\n"


def _encoded(text: str, eol: bytes) -> bytes:
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Refused(N_("The text holds a broken character, which no file can keep")) from None
    return data.replace(b"\n", eol)


def line_end(data: bytes, at: int) -> int:
    """Return where the line that holds the byte ``at`` ends, before its line end."""
    ends = [end for end in (data.find(b"\n", at), data.find(b"\r", at)) if end >= 0]
    return min(ends, default=len(data))


def _next_line(data: bytes, at: int) -> int:
    """Return where the line after the byte ``at`` begins."""
    end = line_end(data, at)
    return end + 2 if data[end : end + 2] == b"\r\n" else min(end + 1, len(data))


def line_start(data: bytes, at: int) -> int:
    """Return where the line that holds the byte ``at`` begins."""
    return max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1


def _row(excerpt: Excerpt) -> tuple[object, ...]:
    return excerpt.id, excerpt.kind, excerpt.citations, excerpt.text, excerpt.themes, excerpt.comment


def changed_on_disk(path: str) -> Refused:
    """Return the error for a note that is not what a change was computed from."""
    return Refused(N_("{path} changed on disk since it was read; nothing was written"), N_("Try again."), path=path)


def excerpt_rows(note: Note) -> list[tuple[object, ...]]:
    """Return what is read of each excerpt, without its place."""
    return [_row(excerpt) for excerpt in note.excerpts]


def coding_rows(note: Note) -> list[tuple[object, ...]]:
    """Return what is read of each coding, without its place."""
    return [(coding.excerpt, coding.themes, coding.coder, coding.memo) for coding in note.codings]


def _put(data: bytes, path: str, start: int, end: int, new: bytes) -> Edit:
    return Edit(path, start, end, data[start:end], new)


def _after(data: bytes, edit: Edit) -> Survey:
    return survey(data[: edit.start] + edit.new + data[edit.end :], edit.path)


def open_ends(read: Survey) -> int:
    """Return how many fences and comments are never closed."""
    return sum(problem.code in ("code-open", "comment-open") for problem in read.problems)


def _closed(text: str) -> str:
    """Return ``text`` made `tidy`. Raises `Refused` if it opens a comment or code that what follows it would close."""
    wanted = tidy(text)
    if page(wanted.encode("utf-8", "replace")).troubles:
        raise Refused(
            N_("The text opens code or a comment and does not close it"), N_("Close it, or put a backslash before it.")
        )
    return wanted


def _place(before: Survey, excerpt: Excerpt) -> int:
    """Return which excerpt of the note ``excerpt`` is. Raises `Refused` if the file no longer holds it as it was read."""
    for at, one in enumerate(before.note.excerpts):
        if one.slices == excerpt.slices and _row(one) == _row(excerpt):
            return at
    raise changed_on_disk(excerpt.location.path)


def _kept(data: bytes, edit: Edit, excerpt: Excerpt, **changed: object) -> Edit:
    """Return ``edit`` if it changes ``excerpt`` as said and nothing else of the note. Raises `Refused` otherwise."""
    before = survey(data, edit.path)
    at = _place(before, excerpt)
    rows = excerpt_rows(before.note)
    names = ("id", "kind", "citations", "text", "themes", "comment")
    rows[at] = tuple(changed.get(name, value) for name, value in zip(names, rows[at], strict=True))
    result = _after(data, edit)
    after = result.note
    same = (after.source, after.coder, after.fields, after.annotation, coding_rows(after))
    note = before.note
    kept = same == (note.source, note.coder, note.fields, note.annotation, coding_rows(note))
    if excerpt_rows(after) != rows or not kept or open_ends(result) != open_ends(before):
        raise Refused(
            N_("{path}:{line} would be read differently after this change"),
            N_("Change it in the note by hand; libreview check says what stands open there."),
            path=edit.path,
            line=excerpt.location.line,
        )
    return edit


def add_themes(data: bytes, excerpt: Excerpt, themes: Iterable[str]) -> Edit | None:
    """Return the edit that gives ``excerpt`` those of ``themes`` that it does not have; None if it has them all."""
    new = [theme for theme in dict.fromkeys(themes) if theme not in excerpt.themes]
    if not new:
        return None
    words = "".join(f" #{theme}" for theme in new).encode("utf-8", "surrogateescape")
    at = excerpt.slices.insert
    edit = _put(data, excerpt.location.path, at, at, words)
    return _kept(data, edit, excerpt, themes=(*excerpt.themes, *new))


def add_id(data: bytes, excerpt: Excerpt, id: str) -> Edit:
    """Return the edit that gives ``excerpt`` the block id ``id``. Raises `Refused` if it has one."""
    if excerpt.id:
        raise Refused(N_("The excerpt has the id ^{id} already"), id=excerpt.id)
    at = excerpt.slices.block[1]
    return _kept(data, _put(data, excerpt.location.path, at, at, f" ^{id}".encode()), excerpt, id=id.lower())


def remove_theme(data: bytes, excerpt: Excerpt, theme: str, id: str = "") -> Edit:
    """Return the edit that takes ``theme`` off ``excerpt``.

    A paraphrase needs a theme or an id, and so does a quotation with text right under it: when the last theme goes,
    it is given ``id``. Raises `Refused` if it does not have the theme, or would need an id and none is given.
    """
    wanted = tag(theme.removeprefix("#"))
    if wanted not in excerpt.themes:
        raise Refused(N_("The excerpt does not have the theme {theme}"), theme=theme)
    left = tuple(one for one in excerpt.themes if one != wanted)
    cuts = [
        theme_slice(data, start, end)
        for start, end in excerpt.slices.themes
        if tag(data[start + 1 : end].decode("utf-8", "surrogateescape")) == wanted
    ]
    bare = not excerpt.id and not any(char.isalpha() for one in left for char in one)
    if not bare or excerpt.kind == "quotation":
        try:
            return _kept(data, _without(data, excerpt, cuts, ""), excerpt, themes=left)
        except Refused:
            if not bare or not id:
                raise
    elif not id:
        raise Refused(N_("A paraphrase without a theme needs an id"), N_("Give it one before its last theme goes."))
    return _kept(data, _without(data, excerpt, cuts, id), excerpt, themes=left, id=id.lower())


def _without(data: bytes, excerpt: Excerpt, cuts: list[tuple[int, int]], id: str) -> Edit:
    """Return the edit that takes the slices ``cuts`` out of ``excerpt`` and puts ``id``, if any, at its end."""
    start, end = min(cut[0] for cut in cuts), max(cut[1] for cut in cuts)
    if id:
        end = max(end, excerpt.slices.block[1])
    new = b""
    at = start
    for cut in sorted(cuts):
        new += data[at : cut[0]]
        at = max(at, cut[1])
    new += data[at:end]
    if id:
        new += f" ^{id}".encode()
    return _put(data, excerpt.location.path, start, end, new)


def theme_slice(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return what goes with the theme at ``start``: the space before it, or its line if nothing else stands there."""
    while data[end : end + 1] and data[end : end + 1] in b",;:.":
        end += 1
    line = line_start(data, start)
    if data[line:start].strip(b" \t>"):
        while data[start - 1 : start] in (b" ", b"\t"):
            start -= 1
        return start, end
    stop = line_end(data, end)
    if data[end:stop].strip(b" \t"):
        while data[end : end + 1] in (b" ", b"\t"):
            end += 1
        return start, end
    if line and data[line - 2 : line] == b"\r\n":
        return line - 2, stop
    return (line - 1, stop) if line else (start, stop)


def set_comment(data: bytes, excerpt: Excerpt, text: str) -> Edit:
    """Return the edit that makes ``text`` the comment on ``excerpt``; an empty text takes the comment off.

    Raises `Refused` if the text would be read as something else: an excerpt, a heading, a rule.
    """
    wanted = _closed(text)
    eol = _eol(data)
    old = excerpt.slices.comment
    path = excerpt.location.path
    if old is not None and _words(data[slice(*old)].decode("utf-8", "surrogateescape")) != _words(excerpt.comment):
        raise Refused(
            N_("{path}:{line}: the comment holds lines that are no text and would be lost"),
            N_("Change it in the note by hand."),
            path=path,
            line=excerpt.location.line,
        )
    if old is None:
        start = end = line_end(data, excerpt.slices.block[1])
        new = (eol + eol + _encoded(wanted, eol) if wanted else b"") + _gap(data, end, eol)
    elif wanted:
        start, end = old
        line = line_start(data, start)
        lead = data[line:start]
        if line <= excerpt.slices.block[1] or lead.strip(b" \t"):
            lead = b""
        parted = data[max(0, excerpt.slices.block[1]) : start]
        glued = parted.count(b"\n") + (0 if b"\n" in parted else parted.count(b"\r")) < 2
        new = (eol if glued else b"") + _encoded(wanted, eol).replace(eol, eol + lead).replace(lead + eol, eol)
        if glued and lead:
            start = line
            new = eol + lead + new[len(eol) :]
    else:
        block, end = excerpt.slices.block[1], old[1]
        start = block + len(data[block : old[0]].rstrip(_BLANK + b">"))
        new = b""
    return _kept(data, _put(data, path, start, end, new), excerpt, comment=wanted)


def _words(text: str) -> str:
    return "".join(text.split())


def _gap(data: bytes, end: int, eol: bytes) -> bytes:
    """Return what must follow new text that ends where the line at ``end`` ends, so that a blank line parts it."""
    following = _next_line(data, end)
    if end == len(data) or data[following : line_end(data, following)].strip(b" \t"):
        return eol
    return b""


def append_excerpt(
    data: bytes, path: str, note: Note | None, block: str, comment: str = "", after: int | None = None
) -> Edit:
    """Return the edit that puts the excerpt ``block`` (from `write_excerpt`) into a note, with blank lines around it.

    It goes behind the excerpt of ``note`` that is number ``after`` and its comment, else to the end of the file. The
    file's line ends are kept. Raises `Refused` if anything of the note would be read differently.
    """
    before = survey(data, path)
    if note is not None and excerpt_rows(note) != excerpt_rows(before.note):
        raise changed_on_disk(path)
    eol = _eol(data)
    remark = _closed(comment)
    new = _encoded(block if block.endswith("\n") else block + "\n", eol)
    if remark:
        new += eol + _encoded(remark, eol) + eol
    rows = excerpt_rows(before.note)
    if after is None:
        at, number = len(data), len(rows)
    else:
        number = after + 1
        slices = before.note.excerpts[after].slices
        at = _next_line(data, slices.comment[1] if slices.comment else slices.block[1])
    if at and data[at - 1 : at] not in (b"\n", b"\r"):
        new = eol + eol + new
    elif data[:at].strip(_BLANK + b"\xef\xbb\xbf") and not _parted(data, at):
        new = eol + new
    if data[at : line_end(data, at)].strip(b" \t"):
        new += eol
    edit = _put(data, path, at, at, new)
    result = _after(data, edit)
    alone = survey(_encoded(block, b"\n"), path).note.excerpts
    made = excerpt_rows(result.note)
    expected = [*rows[:number], *((*_row(one)[:5], remark) for one in alone[:1]), *rows[number:]]
    same = result.note.annotation == before.note.annotation and coding_rows(result.note) == coding_rows(before.note)
    same = same and result.note.fields == before.note.fields and open_ends(result) == open_ends(before)
    if len(alone) != 1 or made != expected or not same:
        raise Refused(
            N_("The excerpt would not be read back from {path}"),
            N_("libreview check says what stands open in that note."),
            path=path,
        )
    return edit


def _parted(data: bytes, at: int) -> bool:
    """Whether the line before ``at`` is blank."""
    end = at - (2 if data[at - 2 : at] == b"\r\n" else 1)
    return not data[line_start(data, end) : end].strip(b" \t")


def set_annotation(data: bytes, note: Note, text: str) -> Edit:
    """Return the edit that makes ``text`` the annotation of a note card. Headings that stand in it stay, below the text.

    Raises `Refused` if the file is no card, or if the text would not be read back: headings, rules and excerpts end an
    annotation.
    """
    before = survey(data, note.path)
    if not before.note.source:
        raise Refused(
            N_("{path} is not the card of one source"), N_("Write source: KEY in its front matter."), path=note.path
        )
    wanted = _closed(text)
    eol = _eol(data)
    new = _encoded(wanted, eol)
    if before.annotation:
        start, end = before.annotation[0][0], before.annotation[-1][1]
        start = line_start(data, start)
        between = [data[line_start(data, one[0]) : one[1]] for one in before.headings if start <= one[0] < end]
        new = (eol + eol).join(part for part in [new, *between] if part)
    else:
        leading = before.headings[:1]
        start = end = before.body
        if leading and not data[before.body : leading[0][0]].strip(_BLANK + b"#"):
            start = end = _next_line(data, leading[0][1])
        new = _around(data, start, new, eol) if wanted else b""
    edit = _put(data, note.path, start, end, new)
    result = _after(data, edit)
    after = result.note
    same = excerpt_rows(after) == excerpt_rows(before.note) and coding_rows(after) == coding_rows(before.note)
    same = same and open_ends(result) == open_ends(before)
    if plain(after.annotation) != plain(wanted) or not same or after.fields != before.note.fields:
        raise Refused(
            N_("The annotation would not be read back as it is"),
            N_("Leave out headings, rules and lines that look like excerpts, or write it in the note: {path}"),
            path=note.path,
        )
    return edit


def _around(data: bytes, at: int, new: bytes, eol: bytes) -> bytes:
    """Return ``new`` with the blank lines that part it from what stands around ``at``, behind front matter or a heading."""
    head = eol if data[:at].endswith((b"\n", b"\r")) else eol + eol
    rest = data[at : line_end(data, at)]
    return head + new + eol + (eol if rest.strip(b" \t") else b"")
