"""The characters of a BibTeX file: UTF-8, UTF-16 or UTF-32 by their marks, Western European where it is none of these.

Offsets always count bytes of the file as it lies on disk. A file in a wide encoding is scanned as UTF-8;
`Opened.original` leads back.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from libreview.texts.formats.decoding import chunk_codec, wide_codec

__all__ = ["Opened", "chunk_codec", "open_file", "wide_codec"]


@dataclass(slots=True)
class Opened:
    """A file ready to be scanned: ``work`` is ASCII-compatible, its text begins at ``first``."""

    work: bytes
    first: int
    codec: str = ""
    _at: tuple[int, int] = field(default=(0, 0))  # a place in ``work`` and the same place in the file

    def original(self, place: int) -> int:
        """Return the offset in the file of a ``place`` in `work`. Fast for places asked for in rising order."""
        if not self.codec:
            return place
        work, file = self._at
        if place < work:
            work, file = self.first, self.first
        piece = self.work[work:place].decode("utf-8", "replace")
        self._at = place, file + len(piece.encode(self.codec))
        return self._at[1]


def open_file(data: bytes) -> Opened:
    """Return ``data`` ready to be scanned."""
    codec, mark = wide_codec(data)
    if codec:
        text = data[mark:].decode(codec, "replace")
        padding = b" " * mark  # so that the first place is the same in both
        return Opened(padding + text.encode("utf-8"), mark, codec, (mark, mark))
    return Opened(data, len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
