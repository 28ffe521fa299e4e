"""Taking excerpts, and giving them themes, comments and ids.

A coder's coding of an excerpt in another coder's note goes into a file of that coder's own, as ``- ^id #theme``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from random import SystemRandom

from libreview.deeds import linking, naming, theming, tidying
from libreview.deeds.drafting import Draft
from libreview.model import NONE, Change, Citation, Coding, Create, Edit, Excerpt, Kind, Note, Theme
from libreview.review import Review
from libreview.texts import codebook, keys, locators, notes
from libreview.value import Value
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_

__all__ = [
    "Given",
    "Saved",
    "add_themes",
    "card_path",
    "code_apart",
    "comment",
    "excerpt",
    "give_themes",
    "identified",
    "known_themes",
    "tidy",
    "untag",
]

_CITED = {"en": "cited in", "id": "dalam", "de": "zitiert nach"}
"""What stands between a work that was not seen itself and the one that quotes it."""
_TRANSLATION = {"en": "Translation", "id": "Terjemahan", "de": "Übersetzung"}
_BARE_PLACE = re.compile(r"[\divxlcdm]", re.IGNORECASE)
_TAG = re.compile(r"[ \t]+#[^\s#^\[\](){}<>,;:.!?'\"*|\\@]+[.,;:]*")


class Saved(Value, frozen=True):
    """Where an excerpt was put."""

    path: str
    line: int
    id: str


class Given(Value, frozen=True):
    """How many excerpts got a theme, in how many notes, and how many had all of them already."""

    excerpts: int
    notes: int
    already: int
    place: str = ""


def known_themes(review: Review, names: Iterable[str], new: Collection[str] = ()) -> tuple[list[str], list[Theme]]:
    """Return the ids of the themes called ``names``, each once, and those of them that are to be made.

    ``new`` holds the names that may be made. Raises `NotFound` for another name that no theme has.
    """
    ids: dict[str, None] = {}
    made: dict[str, Theme] = {}
    for name in names:
        bare = name.strip().removeprefix("#")
        if bare == NONE:
            ids[NONE] = None
            continue
        known = theming.exact(review.codebook, bare)
        if known is not None:
            ids[known] = None
        elif name in new:
            theme = theming.new_theme(name, review.codebook)
            made.setdefault(theme.id, theme)
            ids[theme.id] = None
        else:
            ids[naming.theme(review, bare).id] = None
    if NONE in ids and len(ids) > 1:
        raise Wrong(N_("none says that nothing applies; it cannot stand beside other themes"))
    return list(ids), list(made.values())


def tidy(text: str) -> str:
    """Return pasted text with the lines and divided words of its paragraphs joined."""
    return tidying.tidy(text).text


# A new excerpt --------------------------------------------------------------------------------------------------------


def excerpt(
    review: Review,
    source_key: str,
    text: str,
    *,
    kind: Kind = "quotation",
    locator: str = "",
    themes: Sequence[str] = (),
    new: Collection[str] = (),
    comment: str = "",
    translation: str = "",
    cited: str = "",
    coder: str = "",
) -> tuple[Change, Saved]:
    """Return the change that puts an excerpt into the note card of a source, and where it will be.

    ``new`` holds those of ``themes`` that may be made; ``cited`` names a work that the source itself quotes.
    Raises `NotFound` for an unknown source or theme, `Refused` if the text cannot be written so that it is read back.
    """
    if not text.strip():
        raise Refused(N_("There is no text to save"))
    source = review.source(source_key)
    ids, made = known_themes(review, themes, new)
    coder = coder or review.user.coder
    language = review.settings.language
    draft = Draft(review)
    path = card_path(review, draft, source.key, coder)
    id = keys.excerpt_id(review.excerpt_ids(), SystemRandom())
    block = notes.write_excerpt(kind, text, _citations(source.key, locator, cited, language), ids, id)
    remark = "\n\n".join(part for part in (_translated(translation, language), comment.strip()) if part)
    data, note = draft.note(path)
    draft.put(notes.append_excerpt(data, path, note, block, remark))
    saved = _found(draft, path, id)
    if len(draft.note(path)[1].excerpts) != len(note.excerpts) + 1:
        raise Refused(
            N_("The comment would be read as an excerpt of its own"),
            N_("Write it in the note by hand: {path}"),
            path=path,
        )
    draft.put(theming.written(review, made))
    change = linking.remembering(review, draft.change(f"tag {source.key} ^{id}"), (source,))
    return change, Saved(path, saved.location.line, id)


def _found(draft: Draft, path: str, id: str) -> Excerpt:
    found = next((one for one in draft.note(path)[1].excerpts if one.id == id), None)
    if found is None:
        raise Refused(
            N_("The excerpt would not be read back from {path}"),
            N_("libreview check says what stands open in that note."),
            path=path,
        )
    return found


def _translated(translation: str, language: str) -> str:
    word = _TRANSLATION.get(language, _TRANSLATION["en"])
    return f"{word}: {' '.join(translation.split())}" if translation.strip() else ""


def _citations(key: str, locator: str, cited: str, language: str) -> tuple[Citation, ...]:
    """Return one citation for each place in ``locator`` ("Pasal 6; Pasal 7"). A bare number gets the word for page."""
    prefix = f"{' '.join(cited.split())}, {_CITED.get(language, _CITED['en'])}" if cited.strip() else ""
    places = [" ".join(place.split()) for place in locator.split(";")] or [""]
    shown = []
    for place in places:
        read = locators.parse(place)
        bare = read.label == "page" and bool(_BARE_PLACE.match(place)) and read.value == place
        shown.append(locators.parse(locators.show(read, language)) if bare else read)
    return tuple(Citation(key, "" if number else prefix, place) for number, place in enumerate(shown))


def card_path(review: Review, draft: Draft, key: str, coder: str) -> str:
    """Return the path of the note card of a source that ``coder`` writes into; it is drafted if there is none.

    A coder writes into the own card or one that names no coder; who has no name, into any card of the source.
    """
    cards = review.cards(key)
    own = [card for card in cards if card.coder == coder] or [card for card in cards if not card.coder or not coder]
    if own:
        return own[0].path
    name = keys.file_name(key) + (f"-{keys.file_name(coder)}" if cards else "")
    path = _free(draft, f"{_notes_folder(review)}{name}")
    draft.put(Create(path, notes.new_card(key, coder).encode()))
    return path


def _notes_folder(review: Review) -> str:
    return review.codebook_path.rpartition("/")[0] + "/"


def _free(draft: Draft, stem: str) -> str:
    """Return ``stem.md``, with a number where that is taken."""
    path, number = f"{stem}.md", 1
    while draft.exists(path):
        number += 1
        path = f"{stem}-{number}.md"
    return path


# Themes of excerpts that are there ------------------------------------------------------------------------------------


def add_themes(
    review: Review, ids: Sequence[str], themes: Sequence[str], *, new: Collection[str] = (), coder: str = ""
) -> Change:
    """Return the change that gives ``themes`` to the excerpts with ``ids``. `NotFound` for an unknown id or theme."""
    return give_themes(review, [review.excerpt(id) for id in ids], themes, new=new, coder=coder)[0]


def give_themes(
    review: Review,
    excerpts: Sequence[Excerpt],
    themes: Sequence[str],
    *,
    new: Collection[str] = (),
    coder: str = "",
    comment: str = "",
    apart: bool = False,
) -> tuple[Change, Given]:
    """Return the change that gives ``themes`` to ``excerpts`` (as `Review` returned them), and what it comes to.

    A coder's themes for an excerpt in another coder's note are written into a file of the coder's own; with ``apart`` those
    for an excerpt in a note that names no coder as well. A ``comment`` is added to that on each of them.
    """
    wanted, made = known_themes(review, themes, new)
    coder = coder or review.user.coder
    draft = Draft(review)
    by_path: dict[str, list[Excerpt]] = {}
    for one in excerpts:
        by_path.setdefault(one.location.path, []).append(one)
    given, touched, place = 0, set(), ""
    own: dict[str, list[str]] = {}
    for path, several in by_path.items():
        data, note = draft.note(path)
        elsewhere = bool(coder and note.coder != coder and (note.coder or apart))
        edits: list[Edit] = []
        expected: dict[int, Sequence[str]] = {}
        numbers = {one.location.start: number for number, one in enumerate(note.excerpts)}
        for here in (_same(note, one, numbers) for one in several):
            if elsewhere:
                id, edit = _identified(review, data, here, own)
                edits += [edit] if edit else []
                own[id] = wanted
            elif missing := _missing(review, here.themes, wanted):
                edits.append(_with_themes(here, missing, data))
                expected[numbers[here.location.start]] = missing
                given, place = given + 1, str(here.location)
                touched.add(path)
        if expected:
            _put_themes(draft, path, edits, expected)
        else:
            draft.put(*edits)
    if own:
        path, count, line = code_apart(review, draft, coder, own)
        if count:
            given, place = given + count, f"{path}:{line}"
            touched.add(path)
    draft.put(theming.written(review, made) if given else None)
    for one in excerpts if comment.strip() else ():
        _commented(draft, one, comment)
    change = draft.change(f"give {' '.join(f'#{id}' for id in wanted)} to {given} excerpts")
    return change, Given(given, len(touched), len(excerpts) - given, place)


def _same(note: Note, excerpt: Excerpt, numbers: Mapping[int, int]) -> Excerpt:
    """Return ``excerpt`` as it stands in ``note`` now; `Refused` if it is not there any more.

    ``numbers`` says which excerpt of the note begins at a byte.
    """
    number = numbers.get(excerpt.location.start, -1)
    if number >= 0:
        here = note.excerpts[number]
        if here.id == excerpt.id and here.text == excerpt.text:
            return here
    found = [one for one in note.excerpts if one.id == excerpt.id and one.text == excerpt.text]
    if len(found) != 1:
        raise Refused(
            N_("{path} changed on disk since it was read; nothing was written"),
            N_("Save and close it in your editor, then run the command again."),
            path=note.path,
        )
    return found[0]


def _resolved(review: Review, tags: Iterable[str]) -> set[str]:
    return {review.codebook.resolve(tag) or tag for tag in tags}


def _missing(review: Review, has: Sequence[str], wanted: Sequence[str]) -> list[str]:
    there = _resolved(review, has)
    return [theme for theme in wanted if theme not in there]


def _with_themes(excerpt: Excerpt, themes: Sequence[str], data: bytes) -> Edit:
    """Return the edit that writes ``themes`` behind those of ``excerpt``; `_put_themes` reads all of them back at once."""
    path = excerpt.location.path
    if list(themes) == [NONE] and excerpt.themes:
        raise Refused(
            N_("The excerpt at {place} has themes: #none cannot stand beside them"),
            N_("Take them off first: libreview untag"),
            place=excerpt.location,
        )
    tags = " ".join(f"#{theme}" for theme in themes).encode()
    if excerpt.themes == (NONE,):
        (start, end), *_ = excerpt.slices.themes
        return Edit(path, start, end, data[start:end], tags)
    at = excerpt.slices.insert
    return Edit(path, at, at, b"", b" " + tags)


def _put_themes(draft: Draft, path: str, edits: Sequence[Edit], expected: Mapping[int, Sequence[str]]) -> None:
    """Make ``edits`` of one note; `Refused` if it then reads otherwise than that the excerpts ``expected`` got themes."""

    def rows(note: Note, more: Mapping[int, Sequence[str]]) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for number, one in enumerate(note.excerpts):
            themes = tuple(theme for theme in one.themes if theme != NONE) if number in more else one.themes
            found.append((one.id, one.kind, one.citations, one.text, (*themes, *more.get(number, ())), one.comment))
        return found

    before = draft.note(path)[1]
    draft.put(*edits)
    after = draft.note(path)[1]
    if rows(after, {}) != rows(before, expected) or len(after.codings) != len(before.codings):
        raise Refused(
            N_("The themes would not be read back from {path}"),
            N_("libreview check says what stands open in that note."),
            path=path,
        )


def _identified(review: Review, data: bytes, excerpt: Excerpt, taken: Collection[str]) -> tuple[str, Edit | None]:
    """Return the id of an excerpt, a new one with the edit that writes it if it has none."""
    if excerpt.id:
        return excerpt.id, None
    id = keys.excerpt_id({*review.excerpt_ids(), *taken}, SystemRandom())
    return id, notes.add_id(data, excerpt, id)


def identified(review: Review, draft: Draft, excerpts: Sequence[Excerpt]) -> list[str]:
    """Return the id of each of ``excerpts`` (as `Review` returned them); one that has none gets a new one in the draft."""
    by_path: dict[str, list[int]] = {}
    ids = [one.id or "" for one in excerpts]
    for at, one in enumerate(excerpts):
        if not one.id:
            by_path.setdefault(one.location.path, []).append(at)
    for path, several in by_path.items():
        data, note = draft.note(path)
        numbers = {one.location.start: number for number, one in enumerate(note.excerpts)}
        edits = []
        for at in several:
            ids[at], edit = _identified(review, data, _same(note, excerpts[at], numbers), ids)
            edits.append(edit)
        draft.put(*edits)
    return ids


def code_apart(
    review: Review, draft: Draft, coder: str, own: Mapping[str, Sequence[str]], memos: Mapping[str, str] | None = None
) -> tuple[str, int, int]:
    """Put codings, themes by the id of an excerpt, into the coder's own file.

    Return its path, how many excerpts got a theme, and the last line. ``memos`` are one line each, and stand behind new codings.
    """
    path = _codings_path(review, draft, coder)
    data, note = draft.note(path)
    known = {coding.excerpt: coding for coding in reversed(note.codings)}
    missing = {id: _missing(review, known[id].themes if id in known else (), themes) for id, themes in own.items()}
    missing = {id: themes for id, themes in missing.items() if themes}
    if not missing:
        return path, 0, 0
    remarks = {id: f" {' '.join(memo.split())}" for id, memo in (memos or {}).items() if memo.strip()}
    fresh = "".join(
        f"- ^{id} {' '.join(f'#{theme}' for theme in themes)}{remarks.get(id, '')}\n"
        for id, themes in missing.items()
        if id not in known
    )
    eol = "\r\n" if b"\r\n" in data else "\n"
    gap = "\n" if data and not data.endswith(b"\n") else ""
    listed = data.rstrip().rpartition(b"\n")[2].startswith(b"- ^")
    if data and not listed and not data.endswith((b"\n\n", b"\n\r\n")):
        gap += "\n"
    edits = [_longer(data, known[id], themes) for id, themes in missing.items() if id in known]
    if fresh:  # first: at the same place, what comes later in this list is put before it
        edits.insert(0, Edit(path, len(data), len(data), b"", (gap + fresh).replace("\n", eol).encode()))
    draft.put(*edits)
    after = draft.note(path)[1].codings
    found = {coding.excerpt: coding for coding in after}
    if len(after) != len(note.codings) + sum(id not in known for id in missing) or any(
        id not in found or _missing(review, found[id].themes, themes) for id, themes in missing.items()
    ):
        raise Refused(
            N_("The coding would not be read back from {path}"),
            N_("libreview check says what is wrong there."),
            path=path,
        )
    return path, len(missing), found[list(missing)[-1]].location.line


def _codings_path(review: Review, draft: Draft, coder: str) -> str:
    """Return the path of the file with the codings of ``coder``; it is drafted if there is none."""
    stem = f"{_notes_folder(review)}codings-{keys.file_name(coder)}"
    own = [note.path for note in review.notes() if note.coder == coder and not note.source]
    mine = [path for path in own if path.startswith(stem)]
    if mine:
        return mine[0]
    path = _free(draft, stem)
    draft.put(Create(path, notes.new_card("", coder).encode()))
    return path


def _longer(data: bytes, coding: Coding, themes: Sequence[str]) -> Edit:
    """Return the edit that adds ``themes`` to a coding on its line."""
    at, tags = _tags_of(data, coding)
    new = "".join(f" #{theme}" for theme in themes).encode()
    if coding.themes == (NONE,) and tags:
        return Edit(coding.location.path, tags[0][0], tags[-1][1], data[tags[0][0] : tags[-1][1]], new)
    place = tags[-1][1] if tags else at
    return Edit(coding.location.path, place, place, b"", new)


def _tags_of(data: bytes, coding: Coding) -> tuple[int, list[tuple[int, int]]]:
    """Return where the id of a coding ends, and the slices of its themes with the space before them."""
    start, end = coding.location.start, coding.location.end
    text = data[start:end].decode("utf-8", "surrogateescape")
    caret = text.lower().find(f"^{coding.excerpt}")
    if caret < 0:
        raise Refused(
            N_("{path} changed on disk since it was read; nothing was written"),
            N_("Save and close it in your editor, then run the command again."),
            path=coding.location.path,
        )
    at = caret + 1 + len(coding.excerpt)

    def place(chars: int) -> int:
        return start + len(text[:chars].encode("utf-8", "surrogateescape"))

    tags, now = [], at
    while match := _TAG.match(text, now):
        tags.append((place(match.start()), place(match.end())))
        now = match.end()
    return place(at), tags


# Taking off -----------------------------------------------------------------------------------------------------------


def untag(review: Review, id: str, themes: Sequence[str], *, coder: str = "") -> Change:
    """Return the change that takes ``themes`` off the excerpt ``id``, or off the coder's own coding of it.

    Raises `NotFound` for a theme that it does not have there. A paraphrase that would stop being one gets an id.
    """
    known = review.excerpt(id)
    coder = coder or review.user.coder
    draft = Draft(review)
    path = known.location.path
    for theme in dict.fromkeys(name.strip().removeprefix("#") for name in themes):
        data, note = draft.note(path)
        here = next(one for one in note.excerpts if one.id == known.id)
        apart = not note.coder or not coder or note.coder == coder
        tag = _tag_named(review, here.themes, theme) if apart else ""
        if tag:
            new_id = keys.excerpt_id(review.excerpt_ids(), SystemRandom())
            draft.put(notes.remove_theme(data, here, tag, new_id))
        else:
            _uncode(review, draft, known, theme, coder)
    return draft.change(f"take {' '.join(f'#{name}' for name in themes)} off ^{known.id}")


def _tag_named(review: Review, tags: Sequence[str], name: str) -> str:
    """Return the one of ``tags`` that means the theme ``name``: as written, by alias, or by its beginning."""
    if name in tags:
        return name
    wanted = review.codebook.resolve(codebook.theme_id(name)) or codebook.theme_id(name)
    same = [tag for tag in tags if (review.codebook.resolve(tag) or tag) == wanted]
    begin = [tag for tag in tags if tag.startswith(wanted)] if wanted else []
    return same[0] if same else begin[0] if len(begin) == 1 else ""


def _uncode(review: Review, draft: Draft, excerpt: Excerpt, theme: str, coder: str) -> None:
    """Take a theme off the coding of ``excerpt`` in the coder's own file."""
    for coding in excerpt.codings:
        path = coding.location.path
        tag = _tag_named(review, coding.themes, theme)
        if not tag or coding.coder != coder or path == excerpt.location.path:
            continue
        data, note = draft.note(path)
        now = next((one for one in note.codings if one.excerpt == excerpt.id and tag in one.themes), None)
        if now is None:
            continue
        for start, end in _tags_of(data, now)[1]:
            written = data[start:end].decode("utf-8", "surrogateescape").strip(" \t#.,;:")
            if codebook.theme_id(written) == tag:
                draft.put(Edit(path, start, end, data[start:end], b""))
                return
    raise NotFound(
        N_("^{id} does not have the theme {theme}"),
        N_("It has: {themes}"),
        id=excerpt.id,
        theme=theme,
        themes=" ".join(f"#{one}" for one in excerpt.coded) or "-",
    )


# Comments -------------------------------------------------------------------------------------------------------------


def comment(review: Review, excerpt: Excerpt, text: str) -> Change:
    """Return the change that adds ``text`` to the comment on ``excerpt``; what stands there stays."""
    draft = Draft(review)
    _commented(draft, excerpt, text)
    return draft.change(f"comment on {excerpt.location}")


def _commented(draft: Draft, excerpt: Excerpt, text: str) -> None:
    """Add ``text`` to the comment on ``excerpt`` in the draft; `Refused` if it would be read as something else."""
    path = excerpt.location.path
    data, note = draft.note(path)
    here = _same(note, excerpt, {})
    whole = f"{here.comment}\n\n{text.strip()}" if here.comment else text.strip()
    draft.put(notes.set_comment(data, here, whole))
    after = draft.note(path)[1]
    if [one.text for one in after.excerpts] != [one.text for one in note.excerpts]:
        raise Refused(
            N_("The comment would be read as an excerpt of its own"),
            N_("Write it in the note by hand: {path}"),
            path=path,
        )
