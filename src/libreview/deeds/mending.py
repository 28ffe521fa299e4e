"""What `check` can put right by itself: only what leaves no choice to make and loses nothing.

A fix is a member of `FIXES`: it drafts the edits that take some kinds of problem away.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from libreview.deeds.drafting import Draft
from libreview.findings import copies, repairs
from libreview.model import Change, Edit, Excerpt, Note
from libreview.review import Review
from libreview.texts import keys
from libreview.texts.formats import bibtex
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["FIXES", "Mended", "mend"]


class Mended(Value, frozen=True):
    """How often a problem was put right."""

    code: str
    times: int


def mend(review: Review, paths: Sequence[str] = ()) -> tuple[Change, tuple[Mended, ...]]:
    """Return the change that puts right what can be, in ``paths`` (files and folders; none: everywhere), and what it does."""
    draft = Draft(review)
    done = [Mended(code, times) for fix in FIXES for code, times in fix(review, draft, paths).items() if times]
    return draft.change("check --fix"), tuple(done)


def _within(path: str, paths: Sequence[str]) -> bool:
    return not paths or any(one in (".", path) or path.startswith(f"{one}/") for one in paths)


# Ids that stand twice -------------------------------------------------------------------------------------------------


def _new_ids(review: Review, draft: Draft, paths: Sequence[str]) -> Mapping[str, int]:
    """Give all excerpts but one of each id another one, and return how many got one.

    Codings of the id stay with the excerpt that keeps it. A file that a sync tool made is left as it is: somebody has to
    compare it with the other version, and other ids would only be in the way. New ids come of the excerpt itself, so that coders who each
    mend their own copy of the review after a merge get the same ones.
    """
    several: dict[str, list[Excerpt]] = {}
    for excerpt in review.excerpts():
        if excerpt.id is not None:
            several.setdefault(excerpt.id, []).append(excerpt)
    codings = Counter((one.excerpt, one.location.path) for one in review.codings())
    taken = {*several, *(id for id, _ in codings)}
    taken.update(id.removeprefix("^").lower() for theme in review.codebook.themes.values() for id in theme.examples)
    wanted: dict[str, dict[int, tuple[str, str]]] = {}
    for id, excerpts in several.items():
        if len(excerpts) == 1:
            continue
        kept = _kept(excerpts, codings)
        for place, excerpt in enumerate(excerpts):
            path = excerpt.location.path
            if excerpt is not kept and _within(path, paths) and not copies.is_marked(path):
                new = keys.excerpt_id(taken, Random(f"{id} {place} {excerpt.text}"))  # noqa: S311 (no secret)
                taken.add(new)
                wanted.setdefault(path, {})[excerpt.location.start] = (id, new)
    for path, ids in wanted.items():
        _put_ids(draft, path, ids)
    return {"duplicate-id": sum(map(len, wanted.values()))}


def _kept(excerpts: Sequence[Excerpt], codings: Mapping[tuple[str, str], int]) -> Excerpt:
    """Return the excerpt that an id most plausibly means: one whose own file codes it, else the first.

    What lies in a file that a sync tool made comes last.
    """

    def rank(at: int) -> tuple[bool, int, int]:
        path = excerpts[at].location.path
        return copies.is_marked(path), -codings.get((excerpts[at].id or "", path), 0), at

    return excerpts[min(range(len(excerpts)), key=rank)]


def _put_ids(draft: Draft, path: str, ids: Mapping[int, tuple[str, str]]) -> None:
    """Write new ids into a note: start of an excerpt -> its old and its new id. `Refused` if it reads otherwise then."""
    data, before = draft.note(path)
    edits: list[Edit] = []
    for excerpt in before.excerpts:
        old, new = ids.get(excerpt.location.start, ("", ""))
        if new and excerpt.id == old and excerpt.slices.id is not None:
            start, end = excerpt.slices.id
            edits.append(Edit(path, start, end, data[start:end], f"^{new}".encode()))
    draft.put(*edits)
    after = draft.note(path)[1]
    expected = [ids.get(one.location.start, ("", one.id))[1] for one in before.excerpts]
    if len(edits) != len(ids) or _rows(after, (one.id for one in after.excerpts)) != _rows(before, expected):
        raise Refused(
            N_("The new ids would not be read back from {path}"),
            N_("libreview check says what stands open in that note."),
            path=path,
        )


def _rows(note: Note, ids: Iterable[str | None]) -> list[tuple[object, ...]]:
    return [
        (id, one.kind, one.citations, one.text, one.themes, one.comment)
        for one, id in zip(note.excerpts, ids, strict=True)
    ]


# What exports get wrong in sources --------------------------------------------------------------------------------------


def _sources(review: Review, draft: Draft, paths: Sequence[str]) -> Mapping[str, int]:
    """Put right in sources what leaves no choice, and return how often each kind.

    An entry too broken to be changed safely stays as it is, and so does a file that a sync tool made,
    or a linked library.
    """
    edits: dict[str, list[Edit]] = {}
    times: Counter[str] = Counter()
    for source in review.sources():
        path = source.location.path
        if not _within(path, paths) or copies.is_marked(path) or path in review.linked:
            continue
        fields, done = repairs.fields_mended(source)
        if not done:
            continue
        with contextlib.suppress(Refused):
            edit = bibtex.change_entry(draft.read(path), source, fields)
            if edit is not None:
                edits.setdefault(path, []).append(edit)
                times.update(done)
    for several in edits.values():
        draft.put(*several)
    return times


FIXES: tuple[Callable[[Review, Draft, Sequence[str]], Mapping[str, int]], ...] = (_new_ids, _sources)
"""What drafts edits for the given paths, and returns how often each kind of problem is put right."""
