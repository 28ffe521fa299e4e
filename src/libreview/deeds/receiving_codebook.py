"""Taking over a codebook that comes as a table: new themes are made, and what is said otherwise of those that are here is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from libreview.deeds import theming
from libreview.deeds.drafting import Draft
from libreview.deeds.receiving import put_themes
from libreview.findings import checks
from libreview.model import NONE, Change, Codebook, Problem, Theme
from libreview.review import Review
from libreview.texts import codebook
from libreview.texts.codebook.tables import Row, read
from libreview.texts.folding import fold
from libreview.texts.grids import Grid
from libreview.texts.refiqda.project import Left
from libreview.value import Value, replace
from libreview.words.errors import Refused

__all__ = ["Doubt", "ReceivedThemes", "receive_codebook"]

_COMPARED = ("label", "parent", *theming.WORDS, "examples", "colour", "aliases")


class Doubt(Value, frozen=True):
    """What was taken over although it cannot be right, and in which rows it stands: a problem of the codebook, or an example."""

    rows: tuple[int, ...]
    problem: Problem | None = None
    example: str = ""


class ReceivedThemes(Value, frozen=True):
    """How many themes were new in a table, ``changed`` to what it says, or here ``already``; and what was ``left`` out.

    ``doubts`` is what `check` says of the codebook since.
    """

    themes: int
    changed: int
    already: int
    left: tuple[Left, ...]
    doubts: tuple[Doubt, ...] = ()


def receive_codebook(review: Review, grid: Grid, path: Path, *, update: bool = False) -> tuple[Change, ReceivedThemes]:
    """Return the change that takes over the themes of a table, and what there is to say of it.

    A theme that is here stays as it is, and what the table says otherwise of it is named; with ``update`` it is changed so. An empty
    cell says nothing. What stands wrong between themes (a circle of parents) is taken as it is, and named with its rows.
    Raises `Refused` if the codebook could not be read back afterwards.
    """
    table = read(grid)
    left = [Left("column", name) for name in table.strange]
    draft = Draft(review)
    book = review.codebook
    themes, rows = _themes(table.rows, book, left)
    new: list[Theme] = []
    changed: dict[str, Theme | None] = {}
    already = 0
    for theme in themes:
        id = theme.id
        if id not in book.themes:
            new.append(theme)
            continue
        here = book.themes[id]
        theme = replace(theme, label=_tongued(theme.label, here.label, review.settings.language))  # noqa: PLW2901
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
    doubts = _doubts(review, draft, [*new, *filter(None, changed.values())], rows)
    return draft.change(summary), ReceivedThemes(made, len(changed), already, tuple(left), doubts)


def _tongued(said: Mapping[str, str], here: Mapping[str, str], language: str) -> Mapping[str, str]:
    """Return the label of a table for a theme that has labels in languages: one without is in that of the review.

    Beside the others nobody would see it.
    """
    if "" not in said or "" in here or not here:
        return said
    tongued = {name: words for name, words in said.items() if name}
    if said[""] not in here.values():
        tongued.setdefault(language, said[""])
    return tongued


def _doubts(review: Review, draft: Draft, taken: Sequence[Theme], rows: Mapping[str, int]) -> tuple[Doubt, ...]:
    """Return what is wrong in the codebook since ``taken`` are in it, and their examples that no excerpt has for an id."""
    path = review.codebook_path
    if not taken:
        return ()
    before = {_said(one) for one in _problems(review.read(path), path)} if review.exists(path) else set()
    found = [Doubt(_rows_of(one, rows), one) for one in _problems(draft.read(path), path) if _said(one) not in before]
    ids = review.excerpt_ids()  # a codebook may come before the first excerpt
    found += [
        Doubt((rows[theme.id],), example=id)
        for theme in taken
        for id in theme.examples
        if ids and id not in ids and id not in _shown(review, theme.id)
    ]
    return tuple(sorted(found, key=lambda one: one.rows))


def _problems(data: bytes, path: str) -> Iterator[Problem]:
    book, found = codebook.read(data, path)
    yield from (one for one in found if one.code == "alias-taken")
    yield from checks.codebook_problems(book)


def _said(problem: Problem) -> tuple[str, str, tuple[str, ...]]:
    return problem.code, problem.subject, tuple(problem.facts.values())


def _rows_of(problem: Problem, rows: Mapping[str, int]) -> tuple[int, ...]:
    """Return the rows of the themes that a problem speaks of."""
    facts = problem.facts
    named = facts["circle"].split(" > ") if "circle" in facts else [facts.get("theme", ""), facts.get("other", "")]
    return tuple(sorted({rows[id] for id in named if id in rows}))


def _shown(review: Review, id: str) -> tuple[str, ...]:
    """Return the examples that a theme has already."""
    here = review.codebook.themes.get(id)
    return here.examples if here else ()


def _united(here: object, there: object) -> object:
    """Return a field as a table says it; labels in other languages, and further tags and examples, stay."""
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        return {**here, **there}
    if isinstance(here, tuple) and isinstance(there, tuple):
        return tuple(dict.fromkeys((*here, *there)))
    return there


def _themes(rows: tuple[Row, ...], book: Codebook, left: list[Left]) -> tuple[list[Theme], dict[str, int]]:
    """Return the themes of a table under ids, each once, and their rows; what cannot be one is named."""
    found: dict[str, Theme] = {}
    numbers: dict[str, int] = {}
    tags = {alias: one.id for one in reversed(tuple(book.themes.values())) for alias in one.aliases}
    tags.update((id, id) for id in book.themes)
    for row in rows:
        left += [Left("cell", f"{field} ({row.number})") for field in row.unread]
        try:
            id = row.theme.id if codebook.valid_id(row.theme.id) else theming.id_from(row.name)
        except Refused:
            id = NONE
        id = tags.get(id, id)
        if id == NONE or id in found:
            left.append(Left("theme-row" if id == NONE else "theme-twice", f"{row.name[:80]} ({row.number})"))
            continue
        typed = " ".join(row.name.split()).removeprefix("#")
        label = row.theme.label or ({"": typed} if id not in tags and typed.lower() != id else {})
        found[id] = replace(row.theme, id=id, label=label)
        numbers[id] = row.number
    known = {**book.themes, **found}
    named = {fold(name): one.id for one in reversed(known.values()) for name in one.label.values()}
    return [replace(one, parent=_parent(one.parent, known, named, tags)) for one in found.values()], numbers


def _parent(said: str, known: Mapping[str, Theme], named: Mapping[str, str], tags: Mapping[str, str]) -> str:
    """Return the id of the theme that stands above, in the table or the codebook; people write its label."""
    if not said or said in known:
        return said
    return named.get(fold(said)) or tags.get(said) or _made(said, known, tags) or said


def _made(said: str, known: Mapping[str, Theme], tags: Mapping[str, str]) -> str:
    """Return the theme whose id is made of a name; nothing if there is none."""
    try:
        id = theming.id_from(said)
    except Refused:
        return ""
    return id if id in known else tags.get(id, "")


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
