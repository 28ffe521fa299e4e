"""What a theme may be called, and how a tag is written as its id."""

from __future__ import annotations

import unicodedata

from libreview.model import NONE, Codebook
from libreview.texts.folding import fold

__all__ = ["labelled", "theme_id", "valid_id"]

LONGEST_ID = 64


def theme_id(tag: str) -> str:
    """Return ``tag`` as a theme's id is written: no invisible characters, lower case, composed, no outer hyphens."""
    seen = "".join(
        char for char in tag if char.isascii() or unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    )
    return unicodedata.normalize("NFC", seen.lower()).strip("-_/")


def labelled(codebook: Codebook, name: str) -> tuple[str, ...]:
    """Return the ids of the themes that have this label in some language, accents and capitals aside."""
    wanted = fold(name.strip())
    return tuple(one.id for one in codebook.themes.values() if wanted in map(fold, one.label.values()))


def valid_id(id: str) -> bool:
    """Return whether ``id`` may name a theme: letters, digits and hyphens, at least one letter, not "none"."""
    if not id or len(id) > LONGEST_ID or id == NONE or theme_id(id) != id:
        return False
    kinds = [unicodedata.category(char) for char in id if char not in "-\u200c\u200d"]
    return all(kind[0] in "LM" or kind == "Nd" for kind in kinds) and any(kind[0] == "L" for kind in kinds)
