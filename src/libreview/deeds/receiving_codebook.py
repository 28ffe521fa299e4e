"""Taking over a codebook that comes as a table: new themes are made, and what is said otherwise of those that are here is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from libreview.deeds import theming
from libreview.deeds.drafting import Draft
from libreview.deeds.receiving import put_themes
from libreview.model import NONE, Change, Codebook, Theme
from libreview.review import Review
from libreview.texts import codebook
from libreview.texts.codebook.tables import Row, read
from libreview.texts.folding import fold
from libreview.texts.grids import Grid
from libreview.texts.refiqda.project import Left
from libreview.value import Value, replace
from libreview.words.errors import Refused

__all__ = ["ReceivedThemes", "receive_codebook"]

_COMPARED = ("label", "parent", *theming.WORDS, "examples", "colour", "aliases")


class ReceivedThemes(Value, frozen=True):
    """How many themes were new in a table, ``changed`` to what it says, or here ``already``; and what was ``left`` out."""

    themes: int
    changed: int
    already: int
    left: tuple[Left, ...]


def receive_codebook(review: Review, grid: Grid, path: Path, *, update: bool = False) -> tuple[Change, ReceivedThemes]:
    """Return the change that takes over the themes of a table, and what there is to say of it.

    A theme that is here stays as it is, and what the table says otherwise of it is named; with ``update`` it is changed so. An empty
    cell says nothing. Raises `Refused` if the codebook could not be read back afterwards.
    """
    table = read(grid)
    left = [Left("column", name) for name in table.strange]
    draft = Draft(review)
    book = review.codebook
    themes = _themes(table.rows, book, left)
    new: list[Theme] = []
    changed: dict[str, Theme | None] = {}
    already = 0
    for theme in themes:
        id = book.resolve(theme.id)
        if id is None:
            new.append(theme)
            continue
        here = book.themes[id]
        says = {name: getattr(theme, name) for name in _differing(here, theme)}
        already += not says
        if says and update:
            changed[id] = replace(here, **{name: _united(getattr(here, name), value) for name, value in says.items()})
        elif says:
            left.append(Left("theme-differs", f"{id} ({', '.join(says)})"))
    if changed:
        draft.put(*codebook.rewrite(draft.read(review.codebook_path), review.codebook_path, changed))
    made = put_themes(review, draft, new, left)
    summary = f"import {made} themes from {path.name}" + (f", change {len(changed)}" if changed else "")
    return draft.change(summary), ReceivedThemes(made, len(changed), already, tuple(left))


def _united(here: object, there: object) -> object:
    """Return a field as a table says it; labels in other languages, and further tags and examples, stay."""
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        return {**here, **there}
    if isinstance(here, tuple) and isinstance(there, tuple):
        return tuple(dict.fromkeys((*here, *there)))
    return there


def _themes(rows: tuple[Row, ...], book: Codebook, left: list[Left]) -> list[Theme]:
    """Return the themes of a table under ids, each once; what cannot be one is named."""
    found: dict[str, Theme] = {}
    for row in rows:
        left += [Left("cell", f"{field} ({row.number})") for field in row.unread]
        try:
            id = row.theme.id if codebook.valid_id(row.theme.id) else theming.id_from(row.name)
        except Refused:
            id = NONE
        if id == NONE or id in found:
            left.append(Left("theme-row" if id == NONE else "theme-twice", f"{row.name[:80]} ({row.number})"))
            continue
        typed = " ".join(row.name.split()).removeprefix("#")
        label = row.theme.label or ({"": typed} if typed.lower() != id else {})
        found[id] = replace(row.theme, id=id, label=label)
    known = {**book.themes, **found}
    named = {fold(name): one.id for one in reversed(known.values()) for name in one.label.values()}
    return [replace(one, parent=_parent(one.parent, known, named, book)) for one in found.values()]


def _parent(said: str, known: Mapping[str, Theme], named: Mapping[str, str], book: Codebook) -> str:
    """Return the id of the theme that stands above, in the table or the codebook; people write its label."""
    if not said or said in known:
        return book.resolve(said) or said
    return named.get(fold(said)) or theming.exact(book, said) or said


def _differing(here: Theme, there: Theme) -> list[str]:
    """Return the fields of which a table says something else."""
    found = []
    for name in _COMPARED:
        said, has = getattr(there, name), getattr(here, name)
        if isinstance(said, str):
            other = bool(said) and said.split() != has.split()
        elif isinstance(said, tuple):
            other = bool(set(said) - set(has))
        else:
            other = any(has.get(language) != words for language, words in said.items())
        if other:
            found.append(name)
    return found
