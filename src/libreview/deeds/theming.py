"""Themes: making one, and the excerpts that wait for theirs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from libreview.deeds import naming
from libreview.model import Change, Codebook, Create, Edit, Excerpt, Theme
from libreview.review import Review
from libreview.texts import codebook
from libreview.value import replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["WORDS", "add_theme", "coding_queue", "exact", "id_from", "is_coded", "new_theme", "written"]

WORDS = ("definition", "include", "exclude")
"""The fields of a theme that say in words what it means."""


def id_from(name: str) -> str:
    """Return the id that a theme called ``name`` gets: "Promosi UMKM" is promosi-umkm. `Refused` if none can be made."""
    bare = codebook.theme_id(name.strip().removeprefix("#"))
    kept = (char if char == "-" or unicodedata.category(char)[0] in "LMN" else " " for char in bare)
    id = "-".join("".join(kept).split())
    while "--" in id:
        id = id.replace("--", "-")
    id = codebook.theme_id(id)
    if not codebook.valid_id(id):
        raise Refused(
            N_('"{name}" cannot be a theme'),
            N_("A theme is letters, digits and hyphens, with at least one letter, and at most 64 of them."),
            name=name.strip(),
        )
    return id


def exact(book: Codebook, name: str) -> str | None:
    """Return the id of the theme that is called ``name``, by id or alias, or as `id_from` writes it."""
    bare = name.strip().removeprefix("#")
    known = book.resolve(codebook.theme_id(bare))
    if known is not None:
        return known
    try:
        return book.resolve(id_from(bare))
    except Refused:
        return None


def new_theme(name: str, taken: Codebook) -> Theme:
    """Return a theme called ``name``; what the id cannot hold of the name goes into the label. `Refused` if it is there."""
    id = id_from(name)
    known = taken.resolve(id)
    if known is not None:
        raise Refused(N_("There is a theme {id} already"), N_("libreview themes show {id}"), id=known)
    typed = " ".join(name.split()).removeprefix("#")
    return Theme(id, label={"": typed} if typed.lower() != id else {})


def written(review: Review, themes: Sequence[Theme]) -> Edit | Create | None:
    """Return what puts ``themes`` into the codebook, None if there are none."""
    if not themes:
        return None
    path = review.codebook_path
    old = review.read(path) if review.exists(path) else None
    new = old
    for theme in themes:
        made = codebook.append(new, path, theme)
        new = made.content if isinstance(made, Create) else (new or b"") + made.new
    if new is None:
        return None
    return Create(path, new) if old is None else Edit(path, len(old), len(old), b"", new[len(old) :])


def add_theme(
    review: Review,
    name: str,
    *,
    label: str = "",
    parent: str = "",
    definition: str = "",
    include: str = "",
    exclude: str = "",
    examples: Sequence[str] = (),
    colour: str = "",
) -> Change:
    """Return the change that makes the theme ``name``. ``label`` is a name in the language of the review.

    Raises `Refused` if it is there already or cannot be written, `NotFound` for an unknown parent or example.
    """
    theme = new_theme(name, review.codebook)
    labels = {review.settings.language: label} if label else theme.label
    shown = tuple(dict.fromkeys(review.excerpt(id).id or "" for id in examples))
    theme = replace(
        theme,
        label=labels,
        parent=naming.theme(review, parent).id if parent else "",
        definition=definition.strip(),
        include=include.strip(),
        exclude=exclude.strip(),
        examples=shown,
        colour=colour.strip().lower(),
    )
    edit = written(review, (theme,))
    return Change((edit,) if edit else (), f"make the theme {theme.id}")


def coding_queue(review: Review, query: str = "") -> tuple[Excerpt, ...]:
    """Return the excerpts to be coded: those that ``query`` selects or, without one, those that nobody coded yet."""
    return tuple(one for one in review.excerpts(query) if query.strip() or not is_coded(one))


def is_coded(excerpt: Excerpt) -> bool:
    """Tell whether somebody gave the excerpt a theme, or said that none applies."""
    return bool(excerpt.themes) or any(coding.themes for coding in excerpt.codings)
