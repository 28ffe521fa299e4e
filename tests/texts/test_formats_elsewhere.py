"""Exports of real databases, which are nobody's to pass on: read where a folder of them is at hand, and said to be missing where not.

Set LIBREVIEW_SAMPLES to a folder of files in any format; they stay where they are.
"""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path

import pytest

from libreview.texts.formats import FORMATS, bibtex, by_name, detect, entries
from libreview.texts.formats.records import Record
from libreview.words.rooms import load

FOLDER = os.environ.get("LIBREVIEW_SAMPLES", "")
STARTS = {
    "ris": rb"(?m)^(?:\xef\xbb\xbf)?TY  -",
    "medline": rb"(?m)^PMID-",
    "wos": rb"(?m)^PT [A-Z]\r?$",
    "enw": rb"(?m)^%0 ",
    "endnote": rb"<record[ >]",
}
FIRST = {
    "ris": (
        rb"(?:AU|A1)  - *([^\r\n]*)",
        rb"(?:TI|T1)  - *([^\r\n]*)",
        rb"(?:PY|Y1)  - *(\d{4})",
        rb"DO  - *([^\r\n]*)",
    ),
    "medline": (
        rb"(?:FAU|AU ) ?- *([^\r\n]*)",
        rb"TI  - *([^\r\n]*)",
        rb"DP  - *(\d{4})",
        rb"(?:LID|AID) ?- *(10\.[^\r\n]*) \[doi\]",
    ),
    "wos": (rb"AU +([^\r\n]*)", rb"TI +([^\r\n]*)", rb"PY +(\d{4})", rb"DI +([^\r\n]*)"),
    "enw": (rb"%A +([^\r\n]*)", rb"%T +([^\r\n]*)", rb"%D +(\d{4})", rb"%R +([^\r\n]*)"),
}
"""Where author, title, year and DOI stand in a record, looked for in another way than the readers do."""


def files() -> list[Path]:
    if not FOLDER:
        return []
    return sorted(path for path in Path(FOLDER).rglob("*") if path.is_file() and path.suffix != ".md")


def test_exports_of_real_databases_are_at_hand() -> None:
    if not files():
        warnings.warn("no folder of real exports: set LIBREVIEW_SAMPLES to one", stacklevel=1)
        pytest.skip("no folder of real exports (LIBREVIEW_SAMPLES)")


def letters(text: str | bytes) -> str:
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return re.sub(r"[\W_]+", "", text).casefold()


def compare(record: Record, piece: bytes, patterns: tuple[bytes, bytes, bytes, bytes]) -> None:
    """Assert that a record says what stands in its slice of the file."""
    author, title, year, doi = (re.search(rb"(?m)^\s{0,4}" + pattern, piece) for pattern in patterns)
    if author and author[1].strip():
        person = record.people["author"][0]
        said = letters(person.literal or person.particle + person.family)
        first = letters(author[1])
        if patterns is FIRST["medline"]:
            assert first.startswith(said)
        else:
            assert said in first
    if title and title[1].strip():
        assert letters(record.get("title", "booktitle")).startswith(letters(title[1]))
    if year:
        assert record.get("date")[:4] == year[1].decode()
    if doi and b"10." in doi[1]:
        assert doi[1].strip().endswith(record.get("doi").encode())
        assert record.get("doi")


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_an_export_is_read_whole(path: Path) -> None:
    data = path.read_bytes()
    row = detect(data, path.name)
    assert row is not None
    if row is FORMATS[0]:
        assert bibtex.read(data, path.name).encoding
        return
    reading = load(row.module).read(data, path.name)
    if row.name in STARTS:
        assert len(reading.records) + len(reading.lost) == len(re.findall(STARTS[row.name], data))
    assert all(problem.code == "record-empty" for problem in reading.lost)
    for record in reading.records:
        if row.name in FIRST:
            compare(record, data[record.location.start : record.location.end], FIRST[row.name])
    text = "\n".join(entries.entry(record, f"key{at}") for at, record in enumerate(reading.records))
    again = bibtex.read(text.encode(), "x.bib")
    assert not again.problems
    assert [dict(source.people) for source in again.sources] == [dict(record.people) for record in reading.records]
    for source, record in zip(again.sources, reading.records, strict=True):
        assert {name: source.plain[name] for name in record.fields} == dict(record.fields)
    for name in ("ris", "csljson", "csv"):
        other = by_name(name)
        assert other is not None
        module = load(other.module)
        assert [one.says for one in module.read(module.write(reading.records), "x").records] == [
            one.says for one in reading.records
        ]
