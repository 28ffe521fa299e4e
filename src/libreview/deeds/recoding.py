"""Themes called, arranged and divided otherwise: the codebook and every note change together, or nothing does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import SystemRandom

from libreview.deeds import naming, tagging, theming
from libreview.deeds.drafting import Draft
from libreview.model import NONE, Change, Codebook, Excerpt, Theme
from libreview.review import Review
from libreview.texts import codebook, keys, notes
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["Recoded", "carrying", "known", "merge", "move", "new_place", "remove", "rename"]

_LIKENESS = "libreview.texts.likeness"
"""Needed only when a name is wrong."""


class Recoded(Value, frozen=True):
    """What a change of themes comes to: the theme it is about, those that are gone, how many excerpts in how many notes.

    ``children`` are the themes that stand below another one now; ``lost`` those whose definition, or what is in and out
    of them, no theme holds any more; ``base`` is the theme whose table a new one was made from.
    """

    theme: str
    gone: tuple[str, ...] = ()
    excerpts: int = 0
    notes: int = 0
    children: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    base: str = ""


# Which theme ----------------------------------------------------------------------------------------------------------


def known(review: Review, name: str) -> Theme:
    """Return the theme that ``name`` means: one of the codebook, or a tag that excerpts carry (then its place has no path).

    Raises `NotFound` with the names that it may have meant.
    """
    book = review.codebook
    bare = codebook.theme_id(name.strip().removeprefix("#"))
    id = book.resolve(bare) if bare else None
    if id is not None:
        return book.themes[id]
    used = review.used_tags()
    if bare in used and bare != NONE:
        return Theme(bare)
    try:
        return naming.theme(review, name)
    except naming.Ambiguous:
        raise
    except NotFound as error:
        near = load(_LIKENESS).near(name, sorted({*book.themes, *used} - {NONE}))
        raise NotFound(error.sentence, N_("libreview themes list shows them."), near, **error.facts) from None


def _written(theme: Theme) -> bool:
    """Return whether a theme is in the codebook, and not only a tag."""
    return bool(theme.location.path)


def _tags(book: Codebook, theme: Theme) -> tuple[str, ...]:
    """Return the tags that mean ``theme``: its id and those of its aliases that mean no other theme."""
    return (theme.id, *(one for one in theme.aliases if one != theme.id and book.resolve(one) == theme.id))


def _means(book: Codebook) -> dict[str, str]:
    """Return which theme each alias means."""
    found: dict[str, str] = {}
    for theme in book.themes.values():
        for alias in theme.aliases:
            found.setdefault(alias, theme.id)
    return {alias: id for alias, id in found.items() if alias not in book.themes}


def carrying(review: Review, name: str) -> tuple[Excerpt, ...]:
    """Return the excerpts that carry the theme ``name`` itself, by its id or an alias."""
    return _tagged(review, _tags(review.codebook, known(review, name)))


def _tagged(review: Review, tags: Iterable[str]) -> tuple[Excerpt, ...]:
    """Return the excerpts to which some coder gave one of ``tags``, spelt so."""
    used = review.used_tags()
    names = [tag for tag in dict.fromkeys(tags) if tag in used]
    if not names:
        return ()
    wanted = frozenset(names)
    found = review.excerpts("theme:=" + ",".join(f'"{name}"' for name in names))
    return tuple(one for one in found if not wanted.isdisjoint(one.coded))


# Every note -----------------------------------------------------------------------------------------------------------


class _Ids:
    """Gives new ids of excerpts, none twice."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._taken: set[str] | None = None
        self._random = SystemRandom()

    def __call__(self) -> str:
        if self._taken is None:
            self._taken = set(self._review.excerpt_ids())
        id = keys.excerpt_id(self._taken, self._random)
        self._taken.add(id)
        return id


def _retag(
    review: Review, draft: Draft, tags: Sequence[str], new: Sequence[str] = (), means: Mapping[str, str] | None = None
) -> tuple[int, int]:
    """Put ``new`` in the place of ``tags`` in every note; return how many excerpts and notes that changes."""
    carriers = _tagged(review, tags)
    wanted = frozenset(tags)
    paths = dict.fromkeys(one.location.path for one in carriers if not wanted.isdisjoint(one.themes))
    paths |= dict.fromkeys(one.location.path for one in review.codings() if not wanted.isdisjoint(one.themes))
    ids = _Ids(review)
    touched = 0
    for path in paths:
        made = notes.retag(draft.read(path), path, wanted, new, means=means or {}, fresh_id=ids)
        draft.put(*made.edits)
        touched += bool(made.edits)
    return len(carriers), touched


def _extent(excerpts: int, touched: int) -> str:
    """Return "41 excerpts in 12 notes", for the log."""
    return f"{excerpts} excerpt{'s' * (excerpts != 1)} in {touched} note{'s' * (touched != 1)}"


def _rewrite(
    review: Review, draft: Draft, wanted: Mapping[str, Theme | None], names: Mapping[str, str] | None = None
) -> None:
    """Change themes of the codebook; where other themes mention one of ``names``, the mention follows."""
    path = review.codebook_path
    changed = dict(wanted)
    for id, theme in review.codebook.themes.items() if names else ():
        now = changed.get(id, theme)
        if now is not None and names:
            words = {field: codebook.mentioned(getattr(now, field), names) for field in theming.WORDS}
            if any(getattr(now, field) != text for field, text in words.items()):
                changed[id] = replace(now, **words)
    changed = {id: theme for id, theme in changed.items() if theme != review.codebook.themes[id]}
    if changed:
        draft.put(*codebook.rewrite(draft.read(path), path, changed, names))


def _below(book: Codebook, ids: Collection[str], parent: str) -> dict[str, Theme | None]:
    """Return the themes right below one of ``ids``, with ``parent`` instead."""
    return {one.id: replace(one, parent=parent) for one in book.themes.values() if one.parent in ids}


# Renaming -------------------------------------------------------------------------------------------------------------


def rename(review: Review, old: str, new: str) -> tuple[Change, Recoded]:
    """Return the change that calls the theme ``old`` by the id made from ``new``; the old id stays as an alias.

    A tag that is no theme of the codebook is renamed in the notes. Raises `NotFound` for an unknown theme, `Refused` if
    the new name is taken.
    """
    book = review.codebook
    theme = known(review, old)
    id = theming.id_from(new)
    if id == theme.id:
        raise Refused(N_("The theme is called {id} already"), id=id)
    tags = _tags(book, theme)
    if book.resolve(id) not in (None, theme.id) or (id in review.used_tags() and id not in tags):
        raise Refused(
            N_("There is a theme {id} already"),
            N_("To make the two one: libreview themes merge {old} --into {id}"),
            id=book.resolve(id) or id,
            old=theme.id,
        )
    draft = Draft(review)
    excerpts, touched = _retag(review, draft, tuple(tag for tag in tags if tag != id), (id,), {id: id})
    children: dict[str, Theme | None] = {}
    if _written(theme):
        children = _below(book, (theme.id,), id)
        aliases = tuple(one for one in dict.fromkeys((*theme.aliases, theme.id)) if one != id)
        itself = replace(theme, id=id, aliases=aliases, parent=id if theme.parent == theme.id else theme.parent)
        _rewrite(review, draft, {**children, theme.id: itself}, {theme.id: id})
    change = draft.change(f"rename the theme {theme.id} to {id}: {_extent(excerpts, touched)}")
    return change, Recoded(id, (theme.id,), excerpts, touched, tuple(children))


# Moving ---------------------------------------------------------------------------------------------------------------


def move(review: Review, name: str, parent: str) -> tuple[Change, Recoded]:
    """Return the change that puts a theme below ``parent`` (empty: to the top). The themes below it go along.

    Raises `NotFound` for an unknown theme, `Refused` if the parent stands below the theme itself.
    """
    theme = _in_codebook(known(review, name))
    above = _in_codebook(known(review, parent)).id if parent.strip() else ""
    if above and above in review.codebook.family(theme.id):
        raise Refused(
            N_("{theme} cannot stand below {parent}, which stands below {theme}")
            if above != theme.id
            else N_("{theme} cannot stand below itself"),
            N_("Move {parent} elsewhere first: libreview themes move {parent} --parent THEME")
            if above != theme.id
            else "",
            theme=theme.id,
            parent=above,
        )
    draft = Draft(review)
    _rewrite(review, draft, {theme.id: replace(theme, parent=above)})
    where = f"below {above}" if above else "to the top"
    return draft.change(f"move the theme {theme.id} {where}"), Recoded(theme.id)


def _in_codebook(theme: Theme) -> Theme:
    if not _written(theme):
        raise Refused(
            N_("{id} is a tag of excerpts, but no theme of the codebook"), N_("libreview themes add {id}"), id=theme.id
        )
    return theme


# Merging --------------------------------------------------------------------------------------------------------------


def merge(review: Review, names: Sequence[str], into: str) -> tuple[Change, Recoded]:
    """Return the change that makes the themes ``names`` one with ``into``, which may be new.

    Their ids and aliases become its aliases, the themes below them stand below it, and what it does not say of itself
    (definition, label, ...) it takes over from the first of them that does. Raises `NotFound` for an unknown theme.
    """
    book = review.codebook
    target = _target(review, into)
    several = {theme.id: theme for theme in (known(review, name) for name in names)}
    sources = [theme for id, theme in several.items() if id != target.id]
    if not sources:
        raise Refused(N_("There is nothing to merge into {id}"), N_("Name another theme."), id=target.id)
    gone = tuple(theme.id for theme in sources)
    base = target if _written(target) else next(filter(_written, sources), target)
    tags = tuple(dict.fromkeys(tag for theme in sources for tag in _tags(book, theme) if tag != target.id))
    draft = Draft(review)
    excerpts, touched = _retag(review, draft, tags, (target.id,), {**_means(book), target.id: target.id})
    whole = _united(review, base, [one for one in sources if one.id != base.id], tags, target.id)
    merged = {*gone, base.id}
    children = {id: theme for id, theme in _below(book, merged - {target.id}, target.id).items() if id not in merged}
    names_now = dict.fromkeys(gone, target.id)
    if _written(base):
        removed: dict[str, Theme | None] = {one.id: None for one in sources if _written(one) and one.id != base.id}
        _rewrite(review, draft, {**children, **removed, base.id: whole}, names_now)
    else:
        draft.put(theming.written(review, (whole,)))
    lost = tuple(one.id for one in sources if any(_says(one, field) and getattr(whole, field) not in (
        getattr(one, field), codebook.mentioned(getattr(one, field), names_now)) for field in theming.WORDS))  # fmt: skip
    summary = f"merge the themes {', '.join(gone)} into {target.id}: {_extent(excerpts, touched)}"
    origin = base.id if _written(base) and base.id != target.id else ""
    return draft.change(summary), Recoded(target.id, gone, excerpts, touched, tuple(children), lost, origin)


def _says(theme: Theme, field: str) -> bool:
    return bool(getattr(theme, field))


def _target(review: Review, into: str) -> Theme:
    """Return the theme that others are merged into: one of the codebook, or a new one of that name."""
    id = theming.exact(review.codebook, into)
    return review.codebook.themes[id] if id is not None else Theme(theming.id_from(into))


def _united(review: Review, base: Theme, others: Sequence[Theme], tags: Iterable[str], id: str) -> Theme:
    """Return ``base`` called ``id``, with what only the ``others`` say, and ``tags`` as aliases."""
    said = {
        field: next((getattr(one, field) for one in (base, *others) if _says(one, field)), getattr(base, field))
        for field in ("label", "colour", *theming.WORDS)
    }
    examples = dict.fromkeys(one for theme in (base, *others) for one in theme.examples)
    aliases = dict.fromkeys((*base.aliases, *tags))
    return replace(
        base,
        id=id,
        parent=_place(review.codebook, base, {base.id, *(one.id for one in others)}),
        examples=tuple(examples),
        aliases=tuple(one for one in aliases if one != id),
        **said,
    )


def _place(book: Codebook, base: Theme, merged: Collection[str]) -> str:
    """Return the parent of the united theme: its own, or that of the highest one above it that becomes one with it.

    So a theme between the two does not stand below and above it.
    """
    place, at, seen = base.parent, base, {base.id}
    while at.parent and at.parent not in seen and at.parent in book.themes:
        at = book.themes[at.parent]
        seen.add(at.id)
        if at.id in merged:
            place = at.parent
    return "" if place in merged else place


# Removing -------------------------------------------------------------------------------------------------------------


def remove(review: Review, name: str) -> tuple[Change, Recoded]:
    """Return the change that takes a theme off every excerpt and out of the codebook; those below it go up.

    An excerpt that would not be one without the theme gets an id. Raises `NotFound` for an unknown theme.
    """
    book = review.codebook
    theme = known(review, name)
    draft = Draft(review)
    excerpts, touched = _retag(review, draft, _tags(book, theme))
    children: dict[str, Theme | None] = {}
    if _written(theme):
        children = _below(book, (theme.id,), theme.parent if theme.parent != theme.id else "")
        children.pop(theme.id, None)
        _rewrite(review, draft, {**children, theme.id: None})
    change = draft.change(f"remove the theme {theme.id} from {_extent(excerpts, touched)}")
    return change, Recoded(theme.id, (theme.id,), excerpts, touched, tuple(children))


# Dividing -------------------------------------------------------------------------------------------------------------


def new_place(
    review: Review, excerpt: Excerpt, name: str, themes: Sequence[str], *, new: Collection[str] = ()
) -> tuple[Change, Recoded]:
    """Return the change that gives one excerpt, as its note holds it now, ``themes`` in the place of the theme ``name``.

    Further coders' codings of it follow. ``new`` holds those of ``themes`` that may be made; they stand below the theme
    that is divided. Raises `NotFound` for an unknown theme, `Refused` if the excerpt changed.
    """
    theme = known(review, name)
    wanted, made = tagging.known_themes(review, themes, new)
    tags = frozenset(_tags(review.codebook, theme))
    draft, ids, means = Draft(review), _Ids(review), _means(review.codebook)
    own = excerpt.location.path
    elsewhere = [one.location.path for one in review.codings() if excerpt.id and one.excerpt == excerpt.id]
    touched = 0
    for path in dict.fromkeys((own, *elsewhere)):
        data, note = draft.note(path)
        here = [number for number, one in enumerate(note.excerpts)
                if path == own and one.location == excerpt.location and one.text == excerpt.text]  # fmt: skip
        if path == own and not here:
            raise Refused(N_("{path} changed on disk since it was read; nothing was written"), path=path)
        codings = [number for number, one in enumerate(note.codings) if excerpt.id and one.excerpt == excerpt.id]
        retagged = notes.retag(data, path, tags, wanted, means=means, excerpts=here, codings=codings, fresh_id=ids)
        draft.put(*retagged.edits)
        touched += bool(retagged.edits)
    if touched:
        parent = theme.id if _written(theme) else ""
        draft.put(theming.written(review, [replace(one, parent=parent) for one in made]))
    given = " ".join(f"#{id}" for id in wanted)
    change = draft.change(f"give {given} to {excerpt.location} in the place of #{theme.id}")
    return change, Recoded(theme.id, (), bool(touched), touched)
