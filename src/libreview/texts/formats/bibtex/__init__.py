"""BibTeX and biblatex: files to sources, sources to entries, and edits that leave every other byte alone."""

from __future__ import annotations

from libreview.texts.formats.bibtex.edits import change_entry, set_field, set_key, strings_used, write_entry
from libreview.texts.formats.bibtex.entry import MONTHS
from libreview.texts.formats.bibtex.reader import NAME_LISTS, VERBATIM, Chunk, Reading, read
from libreview.texts.formats.bibtex.references import INHERITING, REFERRING, members, mentions, referring, repointed
from libreview.texts.formats.bibtex.removals import blank, remove_entries, remove_entry

__all__ = [
    "INHERITING",
    "MONTHS",
    "NAME_LISTS",
    "REFERRING",
    "VERBATIM",
    "Chunk",
    "Reading",
    "blank",
    "change_entry",
    "members",
    "mentions",
    "read",
    "referring",
    "remove_entries",
    "remove_entry",
    "repointed",
    "set_field",
    "set_key",
    "strings_used",
    "write_entry",
]
