"""Renderers: blocks become bytes. One row per format, one module per kind of output, loaded when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from libreview.value import Value
from libreview.words import rooms
from libreview.words.errors import NoChoice
from libreview.words.i18n import N_

__all__ = ["RENDERERS", "Row", "by_suffix", "find", "load"]


class Row(Value, frozen=True):
    """A format: the module whose ``render`` makes it, with which options; its suffixes; whether it is no text."""

    name: str
    module: str
    suffixes: tuple[str, ...] = ()
    options: Mapping[str, object] = {}
    binary: bool = False


_HERE = "libreview.pages.render"
RENDERERS: dict[str, Row] = {
    row.name: row
    for row in (
        Row("terminal", f"{_HERE}.terminal"),
        Row("plain", f"{_HERE}.plain"),
        Row("tsv", f"{_HERE}.plain", (".tsv",), {"rows": True, "head": True}),
        Row("md", f"{_HERE}.markdown", (".md", ".markdown")),
        Row("html", f"{_HERE}.html", (".html", ".htm")),
        Row("json", f"{_HERE}.data", (".json",), {"form": "json"}),
        Row("csv", f"{_HERE}.data", (".csv",), {"form": "csv"}),
        Row("csv-excel", f"{_HERE}.data", (), {"form": "csv", "bom": True, "separator": ";", "point": ","}),
        Row("csv-raw", f"{_HERE}.data", (), {"form": "csv", "raw": True}),
        Row("xlsx", f"{_HERE}.workbook", (".xlsx",), binary=True),
        Row("docx", f"{_HERE}.document", (".docx",), {"to": "docx"}, binary=True),
        Row("odt", f"{_HERE}.document", (".odt",), {"to": "odt"}, binary=True),
        Row("tex", f"{_HERE}.document", (".tex", ".latex"), {"to": "latex"}),
        Row("rst", f"{_HERE}.document", (".rst",), {"to": "rst"}),
        Row("txt", f"{_HERE}.document", (".txt", ".text"), {"to": "plain"}),
    )
}
_OTHER_NAMES = {"markdown": "md", "latex": "tex", "text": "txt", "word": "docx", "htm": "html", "excel": "xlsx"}


def find(name: str) -> Row:
    """Return the row of the format ``name``. Raises `NoChoice`."""
    wanted = name.strip().lower().lstrip(".")
    row = RENDERERS.get(_OTHER_NAMES.get(wanted, wanted))
    if row is None:
        raise NoChoice(
            N_('There is no format "{name}"'),
            N_("Formats: {formats}"),
            tuple(one for one in RENDERERS if wanted[:1] and one.startswith(wanted[0])),
            name=name,
            formats=", ".join(RENDERERS),
        )
    return row


def by_suffix(path: str) -> Row:
    """Return the row of the format that the suffix of a file's name stands for. Raises `NoChoice`."""
    suffix = PurePath(path).suffix.lower()
    for row in RENDERERS.values():
        if suffix in row.suffixes:
            return row
    return find(suffix or PurePath(path).name)


def load(row: Row) -> Callable[..., Any]:
    """Return the ``render`` of a row with its options bound: ``render(report, ...) -> bytes`` (terminal: str)."""
    return partial(rooms.load(row.module).render, **row.options)
