"""BibTeX and biblatex: files to sources, sources to entries, and edits that leave every other byte alone."""

from __future__ import annotations

from libreview.texts.formats.bibtex.edits import set_field, set_key, strings_used, write_entry
from libreview.texts.formats.bibtex.reader import NAME_LISTS, VERBATIM, Chunk, Reading, read

__all__ = [
    "NAME_LISTS",
    "VERBATIM",
    "Chunk",
    "Reading",
    "read",
    "set_field",
    "set_key",
    "strings_used",
    "write_entry",
]
