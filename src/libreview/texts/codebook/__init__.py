"""The codebook, ``notes/codebook.toml``: one TOML table a theme, read table by table and changed key by key."""

from __future__ import annotations

from libreview.texts.codebook.ids import labelled, theme_id, valid_id
from libreview.texts.codebook.reading import read
from libreview.texts.codebook.splices import mentioned, rewrite
from libreview.texts.codebook.writing import append, write_theme

__all__ = ["append", "labelled", "mentioned", "read", "rewrite", "theme_id", "valid_id", "write_theme"]
