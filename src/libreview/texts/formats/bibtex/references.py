"""Fields of an entry that name other entries of a library (biblatex manual, 2.2.3, 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from libreview.model import Source
from libreview.texts.formats.bibtex.encoding import open_file

__all__ = ["INHERITING", "REFERRING", "members", "mentions", "referring", "repointed"]

INHERITING = ("crossref", "xdata")
"""Fields that name entries whose fields are taken over."""

REFERRING = (*INHERITING, "xref", "related", "entryset")
"""Fields that name other entries, several of them with commas between."""


def members(raw: str) -> tuple[str, ...]:
    """Return the keys in a list of keys."""
    return tuple(key for part in raw.split(",") if (key := part.strip()))


def referring(source: Source, keys: Iterable[str], fields: Iterable[str] = REFERRING) -> tuple[str, ...]:
    """Return those of ``fields`` in which ``source`` names one of ``keys``."""
    wanted = frozenset(keys)
    return tuple(
        name for name in fields if name in source.fields and not wanted.isdisjoint(members(source.fields[name]))
    )


def repointed(raw: str, keys: Mapping[str, str]) -> str:
    """Return a list of keys with each key in ``keys`` replaced by what stands there (nothing: it is taken out).

    Spaces stay. A new key that would stand twice stands once.
    """
    parts: list[str] = []
    seen: set[str] = set()
    targets = frozenset(keys.values())
    for part in raw.split(","):
        key = part.strip()
        new = keys.get(key, key)
        if key and (not new or (new in seen and new in targets)):
            continue
        seen.add(new)
        parts.append(part.replace(key, new, 1) if new != key else part)
    return ",".join(parts)


def mentions(data: bytes, keys: Iterable[str]) -> bool:
    """Return whether one of ``keys`` stands anywhere in a file, whatever its encoding."""
    work = open_file(data).work
    return any(
        key.encode(codec, "replace") in work
        for key in keys
        for codec in (("utf-8",) if key.isascii() else ("utf-8", "cp1252", "latin-1"))
    )
