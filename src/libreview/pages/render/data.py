"""The finding itself: JSON (RFC 8259) with stable English names, and CSV (RFC 4180) that is no formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from libreview.words.blocks import Report
from libreview.words.safe import safe

__all__ = ["render"]

# What `words.safe` shows on a screen, JSON can carry as an escape without losing it. Lone surrogates come after.
_HIDDEN = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FORMULA = re.compile(r"'*\s{0,8}[=+\-@\t\r\n＝＋－＠]")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def render(report: Report, *, form: Literal["json", "csv"], raw: bool = False, bom: bool = False) -> bytes:
    """Return the finding as JSON, or its rows as CSV; ``raw`` leaves formulas alone, ``bom`` marks UTF-8 for Excel."""
    if form == "json":
        return _json(report.data())
    return (b"\xef\xbb\xbf" if bom else b"") + _csv(report, raw)


def _json(data: object) -> bytes:
    """Return ``data`` with one record on a line: quick to write, and to compare line by line."""
    text = "".join(_lines(data)) + "\n"
    if not text.replace("\n", "").isprintable():
        text = _HIDDEN.sub(_escape, text)
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes its own JSON escape


def _lines(data: object) -> Iterator[str]:
    if isinstance(data, dict) and data:
        yield "{\n"
        for n, (name, value) in enumerate(data.items()):
            yield f"{',' + chr(10) if n else ''}  {_encode(str(name))}: "
            if isinstance(value, list | tuple) and value and isinstance(value[0], dict | list | tuple):
                yield "[\n    " + _records(value, ",\n    ") + "\n  ]"
            else:
                yield _encode(value)
        yield "\n}"
    elif isinstance(data, list | tuple) and data:
        yield "[\n  " + _records(data, ",\n  ") + "\n]"
    else:
        yield _encode(data)


_BREAK = f"\n{os.urandom(8).hex()}"  # no text of a review can be it


def _records(values: Sequence[object], joint: str) -> str:
    """Return the values with ``joint`` between them, encoded in one go: an encoder for each would take most of the time.

    What stands between two records while they are encoded is a mark that nobody can guess.
    """
    marked: list[object] = [_BREAK] * (2 * len(values) - 1)
    marked[::2] = values
    return _encode(marked)[1:-1].replace(f", {_encode(_BREAK)}, ", joint)


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1].replace("\x7f", "\\u007f")


def _csv(report: Report, raw: bool) -> bytes:
    names, rows = report.rows()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(cell, raw) for cell in row])
    return out.getvalue().encode("utf-8", "replace")


def _cell(cell: str | int, raw: bool) -> str | int:
    """Return a cell that a spreadsheet shows as text; what is put before it is one apostrophe."""
    if isinstance(cell, int):
        return cell
    text = cell if cell.isascii() and cell.isprintable() else safe(cell.replace("\r\n", "\n"))
    return text if raw or not _FORMULA.match(cell) else f"'{text}"
