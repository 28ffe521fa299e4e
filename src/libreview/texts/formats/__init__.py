"""The formats in which bibliographic records come and go: one table, one row and one module each."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FORMATS", "Format"]


class Format(NamedTuple):
    """A format: its ``name``, the suffixes of its files, and the module that reads and writes it (`words.rooms.load`)."""

    name: str
    suffixes: tuple[str, ...]
    module: str


FORMATS = (Format("bibtex", (".bib", ".bibtex", ".biblatex"), "libreview.texts.formats.bibtex"),)
