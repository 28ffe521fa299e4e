"""Taking entries out of a BibTeX file: the entry and one blank line, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from libreview.model import Edit, Source
from libreview.texts.formats.bibtex.edits import checked
from libreview.texts.formats.bibtex.encoding import open_file, wide_codec
from libreview.texts.formats.bibtex.scanner import scan
from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["blank", "remove_entries", "remove_entry"]

_BETWEEN = re.compile(r"[\s,]*+")
_BESIDE = re.compile(r"[ \t]*+(?:,[ \t]*+)?")
_REST = re.compile(r"[ \t]*+(?:,[ \t]*+)?(?:\r\n|\r|\n|\Z)")
_EMPTY = re.compile(r"[ \t]*+(?:\r\n|\r|\n)")


class _File(Value, frozen=True):
    """A file of which each character takes ``unit`` bytes; a file that is not wide is read byte by byte."""

    text: str
    unit: int
    first: int  # the byte after the mark of a wide file


def _opened(data: bytes) -> _File:
    codec, mark = wide_codec(data)
    if not codec:
        return _File(data.decode("latin-1"), 1, 3 if data.startswith(b"\xef\xbb\xbf") else 0)
    unit = 4 if "32" in codec else 2
    return _File(_units(data, unit, big=codec.endswith("be")), unit, mark)


def _units(data: bytes, unit: int, *, big: bool) -> str:
    """Return a character for each unit of a wide file: only white space and commas are looked at, which are ASCII."""
    columns = [data[at::unit] for at in range(unit)]
    if not big:
        columns.reverse()
    *high, low = columns
    return "".join(
        [chr(byte) if byte < 128 and not any(more) else "x" for byte, *more in zip(low, *high, strict=False)]
    )


def blank(data: bytes) -> bool:
    """Return whether a file holds nothing but white space."""
    opened = open_file(data)
    return not opened.work[opened.first :].strip()


def remove_entry(data: bytes, source: Source) -> Edit:
    """Return the edit that takes the entry of ``source`` out of its file, and with it one blank line.

    Raises `Refused` if the entry has changed, or if anything else of the file would be read differently.
    """
    return remove_entries(data, [source])[0]


def remove_entries(data: bytes, sources: Iterable[Source]) -> list[Edit]:
    """Return the edits that take the entries of ``sources`` out of one file, as `remove_entry` does; they do not overlap."""
    wanted = sorted(sources, key=lambda source: source.location.start)
    for source in wanted:
        checked(data, source)
    file = _opened(data)
    runs: list[list[int]] = []
    for source in wanted:
        start, end = source.location.start // file.unit, source.location.end // file.unit
        if runs and _only_space(file.text, runs[-1][1], start):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    path = wanted[0].location.path if wanted else ""
    edits = [_edit(data, file.unit, path, *_lines(file, *run)) for run in runs]
    if _others(data, wanted) == _others(_without(data, edits), ()):
        return edits
    raise Refused(
        N_("{key} cannot be taken out of {path} without changing how its neighbours are read"),
        N_("Take it out by hand: libreview edit {key}"),
        key=wanted[0].key,
        path=path,
    )


def _only_space(text: str, start: int, end: int) -> bool:
    match = _BETWEEN.match(text, start, end)
    return match is not None and match.end() == end


def _edit(data: bytes, unit: int, path: str, start: int, end: int) -> Edit:
    return Edit(path, start * unit, end * unit, data[start * unit : end * unit], b"")


def _lines(file: _File, start: int, end: int) -> tuple[int, int]:
    """Return what goes with the entries ``start:end``: their lines and one blank line, or the space beside them."""
    text, first = file.text, file.first // file.unit
    begin = _space_before(text, start, first)
    opens = begin == first or text[begin - 1] in "\r\n"
    rest = _REST.match(text, end)
    if rest is None:
        beside = _BESIDE.match(text, end)
        return start, beside.end() if beside else end
    if not opens:
        return begin, end
    stop = rest.end()
    above = _line_before(text, begin, first)
    after = _EMPTY.match(text, stop)
    if after is not None and (begin == first or above is not None):
        return begin, after.end()
    if above is not None and not text[stop:].strip():
        return above, stop
    return begin, stop


def _space_before(text: str, at: int, first: int) -> int:
    while at > first and text[at - 1] in " \t":
        at -= 1
    return at


def _line_before(text: str, at: int, first: int) -> int | None:
    """Return where the line before the line start ``at`` begins if it is blank; None if it is not, or is none."""
    if at == first:
        return None
    end = at - (2 if text[at - 2 : at] == "\r\n" and at - 2 >= first else 1)
    begin = _space_before(text, end, first)
    return begin if begin == first or text[begin - 1] in "\r\n" else None


def _without(data: bytes, edits: Sequence[Edit]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        pieces.append(data[at : edit.start])
        at = edit.end
    return b"".join((*pieces, data[at:]))


def _others(data: bytes, without: Sequence[Source]) -> list[tuple[str, str, bool, bytes]]:
    """Return every block of a file but those of ``without``; of one that has no end, only that it is there."""
    opened = open_file(data)
    gone = {source.location.start for source in without}
    return [
        (block.type, block.state, block.trailing,
         opened.work[block.start : block.end] if block.state in ("whole", "escaped") else b"")
        for block in scan(opened.work, opened.first)
        if not gone or opened.original(block.start) not in gone
    ]  # fmt: skip
