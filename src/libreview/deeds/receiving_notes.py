"""The passages, codings and notes of another program's project as excerpts, codings, comments and annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from libreview.deeds import tagging
from libreview.deeds.drafting import Draft
from libreview.model import NONE, Citation, Edit, Excerpt, Kind
from libreview.review import Review
from libreview.texts import locators, notes
from libreview.texts.refiqda.labels import Line, read_lines
from libreview.texts.refiqda.project import Left, Memo, Project, Selection, TextSource, clean
from libreview.value import Value
from libreview.words.errors import Refused

__all__ = ["Taking", "take_notes"]

_ID = re.compile(r"\^([a-z0-9][a-z0-9-]{0,63})")
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~\n])")
_SHOWN = 60


class _New(Value, frozen=True):
    """An excerpt that is to be written: its block, its comment, and how it is called in messages."""

    block: str
    comment: str
    shown: str


class Taking:
    """A project on its way into a review: what is known of both, and what came of it so far."""

    def __init__(
        self, review: Review, draft: Draft, project: Project, themes: Mapping[str, str], keys: Mapping[str, str]
    ) -> None:
        """``themes`` are the ids of themes by the identifiers of codes, ``keys`` the keys of sources by those of documents."""
        self.review = review
        self.draft = draft
        self.project = project
        self.themes = themes
        self.keys = keys
        self.users = {user.guid: " ".join(user.name.split()) for user in project.users}
        self.memos = {memo.guid: memo for memo in project.memos}
        self.used: set[str] = set()
        self.left: list[Left] = []
        self.excerpts = self.codings = self.already = 0
        self.coders = {note.path: note.coder for note in review.notes()}
        self.by_id: dict[str, Excerpt] = {}
        self.by_text: dict[tuple[str, str], list[Excerpt]] = {}
        for one in review.excerpts():
            if one.id:
                self.by_id.setdefault(one.id, one)
            self.by_text.setdefault((one.kind, clean(notes.plain(one.text))), []).append(one)
        self.taken = set(self.by_id)
        self.apart: dict[str, dict[str, tuple[str, ...]]] = {}
        """Themes by coder and excerpt, that go into the coder's own file."""
        self.remarks: dict[str, dict[str, str]] = {}
        self.cards: dict[tuple[str, str], str] = {}
        self.waiting: dict[tuple[str, str], list[_New]] = {}

    def leave(self, kind: str, name: str) -> None:
        self.left.append(Left(kind, name))

    def memo(self, guid: str) -> Memo | None:
        self.used.add(guid)
        return self.memos.get(guid)

    def said(self, guids: Iterable[str]) -> str:
        """Return the texts of memos, an empty line between them."""
        found = (self.memo(guid) for guid in guids)
        return "\n\n".join(clean(memo.text).strip() for memo in found if memo is not None and memo.text.strip())


def take_notes(taking: Taking) -> None:
    """Draft the excerpts, codings, comments and annotations that are new, and tell ``taking`` what came of it."""
    for source in taking.project.sources:
        key = taking.keys.get(source.guid, "")
        for selection in source.selections:
            _passage(taking, key, selection)
    for source in taking.project.sources:
        _annotations(taking, taking.keys.get(source.guid, ""), source)
    for (key, coder), new in taking.waiting.items():
        _append(taking, _card(taking, key, coder), new)
    for coder, codings in taking.apart.items():
        if not coder:
            for id in codings:
                taking.leave("coding", f"^{id}")
            continue
        tagging.code_apart(taking.review, taking.draft, coder, codings, taking.remarks.get(coder))
    for memo in taking.project.memos:
        if memo.guid not in taking.used:
            taking.leave("memo", memo.name or " ".join(memo.text.split())[:_SHOWN] or memo.guid)


# Passages -------------------------------------------------------------------------------------------------------------


def _passage(taking: Taking, key: str, selection: Selection) -> None:
    rest, lines = read_lines(selection.description)
    said = {line.name: line.text.strip() for line in lines}
    kind: Kind = "paraphrase" if said.get("Kind") == "paraphrase" else "quotation"
    text = notes.tidy(clean(selection.text))
    citations = _citations(taking, key, selection, said.get("Citation", ""))
    own = taking.users.get(selection.user, "")
    given = _given(taking, selection, own, ours="Citation" in said)
    comment = "\n\n".join(one for one in (clean(rest).strip(), taking.said(selection.notes)) if one)
    named = _ID.fullmatch(said.get("Excerpt", ""))
    id = named[1] if named else None
    if id is None and "Citation" not in said:
        id = _id_from(selection.guid)
    here = _here(taking, key, kind, text, citations, id)
    if here is not None:
        _merge(taking, here, given, comment, text)
        return
    if id in taking.taken:
        id = _id_from(selection.guid)
        id = None if id in taking.taken else id
    others = {coder: themes for coder, themes in given.items() if coder != own}
    if id is None and (others or (kind == "paraphrase" and not given.get(own))):
        id = _id_from(selection.guid)
    shown = " ".join(text.split())[:_SHOWN]
    try:
        block = notes.write_excerpt(kind, _ESCAPE.sub(r"\\\\", text), citations, given.get(own, ()), id)
    except Refused:
        taking.leave("excerpt", f"{key}: {shown}")
        return
    if id:
        taking.taken.add(id)
        for coder, themes in others.items():
            taking.apart.setdefault(coder, {})[id] = themes
    taking.waiting.setdefault((key, own), []).append(_New(block, comment, f"{key}: {shown}"))
    taking.excerpts += 1
    taking.codings += sum(map(len, given.values()))


def _id_from(guid: str) -> str:
    """Return the id of a passage that has none: the same each time, with a letter at its end."""
    try:
        number = UUID(guid).int
    except ValueError:
        number = int.from_bytes(guid.encode()[:16], "big")
    signs = []
    for _ in range(7):
        number, at = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[at])
    return "".join(signs) + _SIGNS[10 + number % 22]


def _citations(taking: Taking, key: str, selection: Selection, said: str) -> tuple[Citation, ...]:
    if said:
        read = notes.read(f"> x {' '.join(said.split())}\n".encode("utf-8", "replace"), "")[0].excerpts
        if len(read) == 1 and read[0].citations and not read[0].themes and not read[0].id:
            return read[0].citations
    place = locators.parse(str(selection.page)) if selection.page else None
    if place is None:
        return (Citation(key),)
    return (Citation(key, "", locators.parse(locators.show(place, taking.review.settings.language))),)


def _given(taking: Taking, selection: Selection, own: str, *, ours: bool) -> dict[str, tuple[str, ...]]:
    """Return the themes that each coder gave a passage, and keep what they remarked on them.

    In a file of another program a coding without a coder is by whom the passage is.
    """
    found: dict[str, dict[str, None]] = {}
    remarks: dict[str, list[str]] = {}
    for coding in selection.codings:
        theme = taking.themes.get(coding.code)
        coder = taking.users.get(coding.user, "" if ours or coding.user else own)
        if theme is None:
            taking.leave("coding", f"{selection.name[:_SHOWN]}: {coding.code}")
            continue
        found.setdefault(coder, {})[theme] = None
        if remark := taking.said(coding.notes):
            remarks.setdefault(coder, []).append(remark)
    for coder, several in remarks.items():
        if coder == own:
            taking.leave("remark", " ".join(" ".join(several).split())[:_SHOWN])
    for themes in found.values():
        if len(themes) > 1:
            themes.pop(NONE, None)
    if remarks:
        _remember(taking, selection, own, remarks)
    return {coder: tuple(themes) for coder, themes in found.items()}


def _remember(taking: Taking, selection: Selection, own: str, remarks: Mapping[str, Sequence[str]]) -> None:
    """Keep the remarks of other coders by the id that the excerpt will have."""
    said = {line.name: line.text.strip() for line in read_lines(selection.description)[1]}
    named = _ID.fullmatch(said.get("Excerpt", ""))
    id = named[1] if named else _id_from(selection.guid)
    for coder, several in remarks.items():
        if coder != own:
            taking.remarks.setdefault(coder, {})[id] = " ".join(several)


# What is here already -------------------------------------------------------------------------------------------------


def _here(
    taking: Taking, key: str, kind: Kind, text: str, citations: Sequence[Citation], id: str | None
) -> Excerpt | None:
    """Return the excerpt of the review that a passage is: the one with its id, else one with its words and citation."""
    cited = {key, *(one.key for one in citations)}
    if id is not None:
        found = taking.by_id.get(id)
        return found if found is not None and not cited.isdisjoint(found.keys) else None
    several = taking.by_text.get((kind, text), [])
    for at, one in enumerate(several):
        if one.id is None and not cited.isdisjoint(one.keys):
            return several.pop(at)
    return None


def _merge(taking: Taking, here: Excerpt, given: Mapping[str, tuple[str, ...]], comment: str, text: str) -> None:
    """Give an excerpt that is here the themes it does not have yet; name what the file says otherwise."""
    name = f"^{here.id}" if here.id else str(here.location)
    if clean(notes.plain(here.text)) != notes.plain(text) and clean(notes.plain(here.text)) != text:
        taking.leave("excerpt-differs", name)
    new_words = bool(comment) and comment.split() != clean(here.comment).split()
    if new_words and (here.comment or not _commented(taking, here, comment)):
        taking.leave("comment-differs", name)
    coder = taking.coders.get(here.location.path, "")
    resolve = taking.review.codebook.resolve
    have: dict[str, set[str]] = {}
    for who, tags in ((coder, here.themes), *((one.coder, one.themes) for one in here.codings)):
        have.setdefault(who, set()).update(resolve(tag) or tag for tag in tags)
    fresh = 0
    for who, themes in given.items():
        missing = tuple(theme for theme in themes if theme not in have.get(who, ()))
        if not missing:
            continue
        if have.get(who) and (NONE in missing or NONE in have[who]):
            taking.leave("coding", f"{name}: {' '.join(f'#{theme}' for theme in missing)}")
            continue
        if who and who != coder and here.id:
            taking.apart.setdefault(who, {})[here.id] = missing
        elif not _themed(taking, here, missing):
            taking.leave("coding", f"{name}: {' '.join(f'#{theme}' for theme in missing)}")
            continue
        fresh += len(missing)
    taking.codings += fresh
    taking.already += not fresh


def _as_drafted(taking: Taking, here: Excerpt) -> tuple[bytes, Excerpt | None]:
    data, note = taking.draft.note(here.location.path)
    same = (one for one in note.excerpts if one.id == here.id and one.text == here.text)
    return data, next(same, None)


def _themed(taking: Taking, here: Excerpt, themes: Sequence[str]) -> bool:
    return _edited(taking, here, lambda data, one: notes.add_themes(data, one, themes))


def _commented(taking: Taking, here: Excerpt, comment: str) -> bool:
    return _edited(taking, here, lambda data, one: notes.set_comment(data, one, comment))


def _edited(taking: Taking, here: Excerpt, make: Callable[[bytes, Excerpt], Edit | None]) -> bool:
    """Put an edit of the excerpt into the draft; return whether that could be done."""
    data, one = _as_drafted(taking, here)
    try:
        edit = make(data, one) if one is not None else None
    except Refused:
        return False
    taking.draft.put(edit)
    return edit is not None


# Note cards -----------------------------------------------------------------------------------------------------------


def _card(taking: Taking, key: str, coder: str) -> str:
    path = taking.cards.get((key, coder))
    if path is None:
        path = taking.cards[key, coder] = tagging.card_path(taking.review, taking.draft, key, coder)
    return path


def _annotations(taking: Taking, key: str, source: TextSource) -> None:
    """Make the notes on a document the annotation of its card, one card for each coder."""
    texts: dict[str, list[str]] = {}
    fields: dict[str, list[Line]] = {}
    for guid in source.notes:
        memo = taking.memo(guid)
        if memo is None:
            continue
        coder = taking.users.get(memo.user, "")
        texts.setdefault(coder, []).append(clean(memo.text).strip())
        fields.setdefault(coder, []).extend(line for line in read_lines(memo.description)[1] if line.name == "Field")
    for coder, several in texts.items():
        text = "\n\n".join(one for one in several if one)
        path = _card(taking, key, coder)
        _annotated(taking, key, path, text)
        _fielded(taking, key, path, {line.which: line.text for line in fields.get(coder, ())})


def _annotated(taking: Taking, key: str, path: str, text: str) -> None:
    data, note = taking.draft.note(path)
    if not text or clean(note.annotation).split() == text.split():
        return
    try:
        if note.annotation:
            taking.leave("annotation-differs", key)
            return
        taking.draft.put(notes.set_annotation(data, note, text))
    except Refused:
        taking.leave("annotation", key)


def _fielded(taking: Taking, key: str, path: str, fields: Mapping[str, str]) -> None:
    """Put fields into the front matter of a card that does not have them."""
    data, note = taking.draft.note(path)
    wanted = {name: value for name, value in fields.items() if note.fields.get(name) != value}
    lost = [name for name in wanted if name in note.fields]
    lines = "".join(f"{name}: {value}\n" for name, value in wanted.items() if name not in note.fields)
    at = data.find(b"\n---", 3) + 1
    if lines and at:
        new = lines.replace("\n", "\r\n" if b"\r\n" in data else "\n").encode("utf-8", "replace")
        after = notes.read(data[:at] + new + data[at:], path)[0]
        expected = {**note.fields, **{name: value for name, value in wanted.items() if name not in note.fields}}
        if dict(after.fields) == expected and after.annotation == note.annotation and after.source == note.source:
            taking.draft.put(Edit(path, at, at, b"", new))
            lines = ""
    if lines:
        lost = list(wanted)
    for name in lost:
        taking.leave("field", f"{key}: {name}")


def _append(taking: Taking, path: str, new: Sequence[_New]) -> None:
    """Put new excerpts to the end of a note, all at once if they are then read as they should be, else one by one."""
    data, note = taking.draft.note(path)
    pieces = [one.block + (f"\n{one.comment}\n" if one.comment else "") for one in new]
    body = "\n".join(pieces)
    gap = "" if not data.strip() else "\n" if data.endswith(b"\n") else "\n\n"
    eol = "\r\n" if b"\r\n" in data else "\n"
    added = (gap + body).replace("\n", eol).encode("utf-8", "replace")
    after = notes.read(data + added, path)[0]
    count = len(note.excerpts)
    made = after.excerpts[count:]
    same = len(made) == len(new) and after.annotation == note.annotation and len(after.codings) == len(note.codings)
    same = same and [one.comment for one in after.excerpts[:count]] == [one.comment for one in note.excerpts]
    if same and all(_is(one, wanted) for one, wanted in zip(made, new, strict=True)):
        taking.draft.put(Edit(path, len(data), len(data), b"", added))
        return
    for one in new:
        _append_one(taking, path, one)


def _is(excerpt: Excerpt, wanted: _New) -> bool:
    alone = notes.read(wanted.block.encode("utf-8", "replace"), "")[0].excerpts
    if len(alone) != 1 or excerpt.comment != notes.tidy(wanted.comment):
        return False
    one = alone[0]
    return (one.id, one.kind, one.text, one.themes) == (excerpt.id, excerpt.kind, excerpt.text, excerpt.themes)


def _append_one(taking: Taking, path: str, new: _New) -> None:
    for comment in (new.comment, ""):
        data, note = taking.draft.note(path)
        try:
            taking.draft.put(notes.append_excerpt(data, path, note, new.block, comment))
        except Refused:
            taking.leave("comment" if comment else "excerpt", new.shown)
            continue
        return
