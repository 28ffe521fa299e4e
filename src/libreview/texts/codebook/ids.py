"""What a theme may be called, and how a tag is written as its id."""

from __future__ import annotations

import unicodedata

from libreview.model import NONE

__all__ = ["theme_id", "valid_id"]

LONGEST_ID = 64


def theme_id(tag: str) -> str:
    """Return ``tag`` as a theme's id is written: no invisible characters, lower case, composed, no outer hyphens."""
    seen = "".join(
        char for char in tag if char.isascii() or unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    )
    return unicodedata.normalize("NFC", seen.lower()).strip("-_/")


def valid_id(id: str) -> bool:
    """Return whether ``id`` may name a theme: letters, digits and hyphens, at least one letter, not "none"."""
    if not id or len(id) > LONGEST_ID or id == NONE or theme_id(id) != id:
        return False
    kinds = [unicodedata.category(char) for char in id if char not in "-\u200c\u200d"]
    return all(kind[0] in "LM" or kind == "Nd" for kind in kinds) and any(kind[0] == "L" for kind in kinds)
