"""Notes: Markdown files with excerpts, codings and annotations, read and written. The grammar is in docs/formats.md."""

from __future__ import annotations

from libreview.texts.notes.citing import Repointed, repoint
from libreview.texts.notes.front import write_front
from libreview.texts.notes.reading import read
from libreview.texts.notes.retagging import Retagged, retag
from libreview.texts.notes.splices import (
    add_id,
    add_themes,
    append_excerpt,
    remove_theme,
    set_annotation,
    set_comment,
)
from libreview.texts.notes.writing import (
    citations_in,
    cited_lines,
    new_card,
    plain,
    tidy,
    write_citation,
    write_excerpt,
)

__all__ = [
    "Repointed",
    "Retagged",
    "add_id",
    "add_themes",
    "append_excerpt",
    "citations_in",
    "cited_lines",
    "new_card",
    "plain",
    "read",
    "remove_theme",
    "repoint",
    "retag",
    "set_annotation",
    "set_comment",
    "tidy",
    "write_citation",
    "write_excerpt",
    "write_front",
]
