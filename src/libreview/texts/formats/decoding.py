"""The characters of a file of records: UTF-8, UTF-16 or UTF-32, and Windows' Western European where a byte is no UTF-8.

Exports are put together from files of several programs, so that one file may hold two encodings: each byte that is no
UTF-8 is read by itself. The text has one character for each that was decoded, so that a place in it leads back to the bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from libreview.model import Location, Problem

__all__ = ["Opened", "chunk_codec", "open_text", "wide_codec"]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ORDINARY = bytes(sorted({*range(32, 127), *range(128, 256), 9, 10, 13}))
"""All bytes but control characters. What is left without them is quicker to find than the others are."""
_HALF = re.compile(r"[\ud800-\udfff]")


def wide_codec(data: bytes) -> tuple[str, int]:
    """Return the wide encoding of a file and the length of its mark; ``("", 0)`` if characters are bytes or UTF-8."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return codec, len(mark)
    if data[1:2] == data[3:4] == b"\0" and 0 not in (data[0], data[2]):
        return "utf-16-le", 0
    if len(data) > 3 and data[0] == data[2] == 0 and 0 not in (data[1], data[3]):
        return "utf-16-be", 0
    return "", 0


def chunk_codec(chunk: bytes) -> str:
    """Return the encoding in which ``chunk`` can be read: UTF-8, else Windows' Western European, else Latin-1."""
    for codec in ("utf-8", "cp1252"):
        try:
            chunk.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "latin-1"


def _western(half: re.Match[str]) -> str:
    """Return the letter of a byte that is no UTF-8 (it was decoded as half a character)."""
    byte = ord(half.group()) - 0xDC00
    return bytes((byte,)).decode("cp1252", "replace") if 0x80 <= byte <= 0xFF else "\ufffd"


@dataclass(slots=True)
class Opened:
    """A file as text. Lines end in LF (before it may be a blank, where CR stood), and other control characters are blanks.

    `place` and `line` lead from a place in ``text`` to the file; both are quick for places asked for in rising order.
    """

    text: str
    path: str
    encoding: str
    problems: list[Problem]
    _raw: str
    _codec: str
    _mark: int
    _narrow: bool
    _at: tuple[int, int] = (0, 0)
    _lines: tuple[int, int] = (0, 1)

    def place(self, at: int) -> int:
        """Return the offset in the file."""
        if self._narrow:
            return at + self._mark
        known, there = self._at
        if at < known:
            known, there = 0, 0
        there += len(self._raw[known:at].encode(self._codec, _errors(self._codec)))
        self._at = at, there
        return there + self._mark

    def line(self, at: int) -> int:
        """Return the number of the line."""
        known, line = self._lines
        if at < known:
            known, line = 0, 1
        line += self.text.count("\n", known, at)
        self._lines = at, line
        return line

    def location(self, start: int, end: int) -> Location:
        """Return the place of ``text[start:end]`` in the file."""
        first = self.place(start)
        return Location(self.path, self.line(start), first, self.place(end))


def _errors(codec: str) -> str:
    return "surrogateescape" if codec == "utf-8" else "surrogatepass"


def open_text(data: bytes, path: str) -> Opened:
    """Return ``data`` as text. What is no UTF-8 is reported once, with its line."""
    codec, mark = wide_codec(data)
    if codec:
        unit = 4 if codec.startswith("utf-32") else 2
        body = data[mark : len(data) - (len(data) - mark) % unit]
        # UTF-32 may hold numbers that are no characters.
        raw = body.decode(codec, "surrogatepass" if unit == 2 else "replace")
        opened = Opened(raw, path, codec, [], raw, codec, mark, False)
        opened.text = _tidy(_HALF.sub("\ufffd", raw), _CONTROL.search(raw) is not None)
        return opened
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    controls = bool(data.translate(None, _ORDINARY))
    try:
        raw = data[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        raw = data[mark:].decode("utf-8", "surrogateescape")
        line = data.count(b"\n", 0, mark + error.start) + 1
        problems = [Problem("not-utf-8", Location(path, line), "cp1252")]
        opened = Opened(raw, path, "cp1252", problems, raw, "utf-8", mark, len(raw) == len(data) - mark)
        opened.text = _tidy(_HALF.sub(_western, raw), controls)
        return opened
    opened = Opened(raw, path, "utf-8", [], raw, "utf-8", mark, len(raw) == len(data) - mark)
    opened.text = _tidy(raw, controls)
    return opened


def _tidy(text: str, controls: bool) -> str:
    """Return ``text`` with lines that end in LF and, if there are any, without ``controls``; it is as long as before."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return _CONTROL.sub(" ", text) if controls else text
