"""The codebook as a table, a row for each theme: what is written is read again, and so are tables that people make.

Names of columns are understood in English and Indonesian, in any order. A label has a column for each language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from libreview.model import Theme
from libreview.texts.codebook.ids import theme_id
from libreview.texts.codebook.reading import field_of
from libreview.texts.grids import Grid, names_of
from libreview.value import Value

__all__ = ["Read", "Row", "columns", "is_codebook", "read", "row"]

_LABEL = re.compile(r"(?:label|nama)[ _-]*[(\[]?([^()\[\]]*)[)\]]?", re.IGNORECASE)
_HEADS = {
    "theme": "theme tema id code kode theme_id",
    "parent": "parent induk parent_theme tema_induk",
    "label": "label name nama",
    "definition": "definition definisi description deskripsi",
    "include": "include includes inclusion inclusion_criteria termasuk sertakan inklusi kriteria_inklusi",
    "exclude": "exclude excludes exclusion exclusion_criteria tidak_termasuk kecualikan eksklusi kriteria_eksklusi",
    "examples": "examples example contoh",
    "colour": "colour color warna",
    "aliases": "aliases alias nama_lain sinonim synonyms",
    "": "example_text",
}
_FIELDS = {head: field for field, heads in _HEADS.items() for head in heads.split()}
_SAYING = frozenset(("parent", "label", "definition", "include", "exclude"))
_FOREIGN = frozenset(
    ["excerpt", "excerpts", "excerpts_own", "source", "sources", "coder", "author", "title", "year", "n"]
)
_EXAMPLE = re.compile(r"\^?([A-Za-z0-9][A-Za-z0-9-]*)")
_BETWEEN = re.compile(r"[\s,;]+")


class Row(Value, frozen=True):
    """A theme of a table: its row, what stands in the column of themes, its fields, and the fields whose cells cannot be that."""

    number: int
    name: str
    theme: Theme
    unread: tuple[str, ...] = ()


class Read(Value, frozen=True):
    """The rows of a table, and the names of the columns that a codebook does not have."""

    rows: tuple[Row, ...]
    strange: tuple[str, ...] = ()


# Written ----------------------------------------------------------------------------------------------------------------


def columns(themes: Iterable[Theme]) -> list[str]:
    """Return the names of the columns for ``themes``: those of the labels are the languages that some theme has."""
    languages = sorted({language for theme in themes for language in theme.label if language})
    labels = ["label", *(f"label_{language}" for language in languages)]
    return ["theme", "parent", *labels, "definition", "include", "exclude", "examples", "colour", "aliases"]


def row(theme: Theme, columns: Sequence[str]) -> list[str]:
    """Return the cells of a theme for ``columns``."""
    cells = {
        "theme": theme.id,
        "parent": theme.parent,
        "definition": theme.definition,
        "include": theme.include,
        "exclude": theme.exclude,
        "examples": " ".join(f"^{id}" for id in theme.examples),  # 123e12 alone would be a number to a spreadsheet
        "colour": theme.colour,
        "aliases": " ".join(theme.aliases),
        **{"_".join(filter(None, ("label", language))): name for language, name in theme.label.items()},
    }
    return [cells.get(name, "") for name in columns]


# Read -------------------------------------------------------------------------------------------------------------------


def _field(head: str) -> tuple[str, str] | None:
    """Return the field, and for a label the language, that a column is called by; None if it is none of a codebook."""
    bare = " ".join(head.split())
    known = _FIELDS.get(bare.lower().replace(" ", "_").replace("-", "_"))
    if known is not None:
        return known, ""
    label = _LABEL.fullmatch(bare)
    return ("label", label[1].strip()) if label else None


def is_codebook(grid: Grid) -> bool:
    """Tell whether a table has the head of a codebook: themes, and something said of them; not excerpts, sources or counts."""
    names = names_of(grid)
    fields = {found[0] for name in names if (found := _field(name)) is not None}
    return "theme" in fields and not fields.isdisjoint(_SAYING) and _FOREIGN.isdisjoint(names)


def read(grid: Grid) -> Read:
    """Return the themes of a table. Rows without a theme and without a label are left out."""
    heads = grid.rows[grid.head] if grid.rows else ()
    places: dict[tuple[str, str], int] = {}
    strange = []
    for at, head in enumerate(heads):
        found = _field(head)
        if found is not None:
            places.setdefault(found, at)
        elif head:
            strange.append(head)
    return Read(tuple(_rows(grid, places)), tuple(strange))


def _rows(grid: Grid, places: dict[tuple[str, str], int]) -> Iterator[Row]:
    for at, cells in enumerate(grid.rows[grid.head + 1 :], grid.head + 1):
        said = {field: cells[n] for field, n in places.items() if n < len(cells) and cells[n]}
        wrong = [field for (field, _), n in places.items() if (at, n) in grid.formulas]
        label = {language: words for (field, language), words in said.items() if field == "label"}
        name = said.get(("theme", ""), "") or next(iter(label.values()), "")
        if not name:
            continue
        values: dict[str, object] = {"label": label}
        for (field, _), cell in said.items():
            if field not in ("", "theme", "label"):
                read = _value(field, cell)
                if read is None:
                    wrong.append(field)
                else:
                    values[field] = read
        for field in wrong:
            values.pop(field, None)
        yield Row(at + 1, name, Theme(theme_id(name.removeprefix("#")), **values), tuple(dict.fromkeys(wrong)))  # type: ignore[arg-type]


def _value(field: str, cell: str) -> object | None:
    """Return what a cell says as the codebook holds it, None if it cannot be that."""
    if field == "aliases":
        return field_of(field, [one for one in _BETWEEN.split(cell) if one])
    if field == "examples":
        pieces = [one for one in _BETWEEN.split(cell) if one]
        return field_of(field, pieces) if all(map(_EXAMPLE.fullmatch, pieces)) else None
    return field_of(field, cell)
