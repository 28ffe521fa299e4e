"""The formats in which bibliographic records come and go: one table, one row and one module each."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

from libreview.words import rooms

__all__ = ["FORMATS", "Format", "load"]


class Format(NamedTuple):
    """A format: its ``name``, the suffixes of its files, and the module that reads and writes it."""

    name: str
    suffixes: tuple[str, ...]
    module: str


FORMATS = (Format("bibtex", (".bib", ".bibtex", ".biblatex"), "libreview.texts.formats.bibtex"),)


def load(row: Format) -> ModuleType:
    """Return the module of ``row``. Only here a format is loaded, so that commands that read no file stay quick."""
    room: ModuleType = rooms.load(row.module)
    return room
