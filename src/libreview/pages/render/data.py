"""The finding itself: JSON (RFC 8259) with stable English names, and CSV (RFC 4180) that is no formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Literal

from libreview.value import encode, encode_lines
from libreview.words.blocks import Report
from libreview.words.cells import Figure, is_formula
from libreview.words.safe import safe, safe_json

__all__ = ["render"]


def render(
    report: Report,
    *,
    form: Literal["json", "csv"],
    raw: bool = False,
    bom: bool = False,
    separator: str = ",",
    point: str = ".",
) -> bytes:
    """Return the finding as JSON, or its rows as CSV.

    ``raw`` leaves formulas alone; ``bom`` marks UTF-8 for Excel, which outside of English splits at the ``separator`` ";" and
    takes a number for one if a comma is its decimal ``point``: 0.5 is the first of May to it.
    """
    if form == "json":
        return _ready(report.records()) if report.records else _json(report.data())
    return (b"\xef\xbb\xbf" if bom else b"") + _csv(report, raw, separator, point)


def _ready(records: str) -> bytes:
    """Return the list of ``records``, which are JSON already, one on a line."""
    joined = records.replace("\n", ",\n  ")
    return f"[\n  {joined}\n]\n".encode() if records else b"[]\n"


def _json(data: object) -> bytes:
    """Return ``data`` with one record on a line: quick to write, and to compare line by line."""
    made = b"".join(_lines(data)) + b"\n"
    if made.isascii() and b"\x7f" not in made:
        return made
    return safe_json(made.decode()).encode()


def _lines(data: object) -> Iterator[bytes]:
    if isinstance(data, dict) and data:
        yield b"{\n"
        for n, (name, value) in enumerate(data.items()):
            yield (b",\n  " if n else b"  ") + encode(str(name)) + b": "
            if isinstance(value, list | tuple) and value and isinstance(value[0], dict | list | tuple):
                yield b"[\n    " + _records(value, b",\n    ") + b"\n  ]"
            else:
                yield _encoded(value)
        yield b"\n}"
    elif isinstance(data, list | tuple) and data:
        yield b"[\n  " + _records(data, b",\n  ") + b"\n]"
    else:
        yield _encoded(data)


def _records(values: Sequence[object], joint: bytes) -> bytes:
    """Return the values with ``joint`` between them; in JSON no line feed stands but between them."""
    try:
        return encode_lines(values)[:-1].replace(b"\n", joint)
    except UnicodeEncodeError:
        return joint.join(map(_encoded, values))


def _encoded(value: object) -> bytes:
    """Return ``value`` as JSON; half characters in its texts become their own escapes."""
    try:
        return encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _csv(report: Report, raw: bool, separator: str, point: str) -> bytes:
    names, rows = report.rows()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(cell, raw, point) for cell in row])
    return out.getvalue().encode("utf-8", "replace")


def _cell(cell: str | int, raw: bool, point: str) -> str | int:
    """Return a cell that a spreadsheet shows as text; what is put before it is one apostrophe."""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, Figure):
        return cell.replace(".", point)
    text = cell if cell.isascii() and cell.isprintable() else safe(cell.replace("\r\n", "\n"))
    return text if raw or not is_formula(cell) else f"'{text}"
