"""The formats in which bibliographic records come and go: one table, one row and one module each."""

from __future__ import annotations

import re
from typing import NamedTuple

from libreview.texts.formats.decoding import wide_codec

__all__ = ["FORMATS", "HEAD", "Format", "by_name", "detect"]


class Format(NamedTuple):
    """A format: its ``name``, the suffixes of its files, and the module that reads and writes it (`words.rooms.load`).

    ``title`` is what people call it. ``begin`` finds, at the start of a line, how a file of it begins. ``writes`` tells whether
    the module has `write`; all have `read`.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    title: str
    begin: re.Pattern[str] | None = None
    writes: bool = False


FORMATS = (
    Format("bibtex", (".bib", ".bibtex", ".biblatex"), "libreview.texts.formats.bibtex", "BibTeX",
           re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE), writes=True),
    Format("ris", (".ris",), "libreview.texts.formats.ris", "RIS", re.compile(r"^[ \t]*TY[ \t]{1,4}-", re.MULTILINE), writes=True),
    Format("medline", (".nbib", ".medline"), "libreview.texts.formats.medline", "MEDLINE",
           re.compile(r"^(?:(?:PMID|OWN ?|STAT|DCOM) ?- |VN  - Ovid)", re.MULTILINE)),
    Format("wos", (".ciw", ".isi"), "libreview.texts.formats.wos", "Web of Science",
           re.compile(r"^(?:PT [A-Z][ \t]*$|FN .*\nVR 1|FN (?:Clarivate|Thomson|ISI))", re.MULTILINE)),
    Format("enw", (".enw",), "libreview.texts.formats.enw", "EndNote",
           re.compile(r"^%(?:0 \S.*\n%[!-~] |[ATD] \S.*\n%[A-Z0-9@] \S)", re.MULTILINE)),
    Format("endnote", (".xml",), "libreview.texts.formats.endnote", "EndNote XML",
           re.compile(r"^[ \t]*(?:<\?xml[^>]{0,200}\?>\s*)?"
                      r"(?:<xml>\s*|<records>\s*|<record>\s*<(?:database|source-app|rec-number|ref-type))", re.MULTILINE)),
    Format("csljson", (".json", ".csljson"), "libreview.texts.formats.csljson", "CSL-JSON",
           re.compile(r"\A\s*(?:\[\s*(?:\{\s*\"|\])|\{\s*\")"), writes=True),
    Format("csv", (".csv", ".tsv", ".tab"), "libreview.texts.formats.csv", "CSV", None, writes=True),
)  # fmt: skip
"""BibTeX, which is what sources are kept in, is the first."""

HEAD = 65536
"""How much of a file `detect` should be given."""

_HEADERS = frozenset(
    (
        "title", "author", "authors", "year", "doi", "journal", "abstract", "judul", "penulis", "pengarang", "tahun",
        "jurnal", "abstrak", "id", "issn", "isbn", "pmid", "volume", "publisher", "penerbit", "keywords", "url",
        "link", "source", "pages",
    )
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_SEP = re.compile(r"\A\ufeff?\s*\"?sep=[,;\t|]\"?[ \t]*\r?\n")


def by_name(name: str) -> Format | None:
    """Return the format called ``name``, or None."""
    return next((row for row in FORMATS if row.name == name), None)


def detect(head: bytes, name: str = "") -> Format | None:
    """Return the format of a file by how it begins (``head``: its first `HEAD` bytes), else by its ``name``'s suffix, else None."""
    text = _text(head[:HEAD])
    found: list[tuple[int, int, Format]] = []
    for at, row in enumerate(FORMATS):
        if row.begin is None:
            place = 0 if _is_table(text) else -1
        else:
            match = row.begin.search(text)
            place = match.start() if match else -1
        if place >= 0:
            found.append((place, at, row))
    if found:
        return min(found)[2]
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return next((row for row in FORMATS if suffix in row.suffixes), None)


def _text(head: bytes) -> str:
    codec, mark = wide_codec(head)
    text = head[mark:].decode(codec or "utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_table(text: str) -> bool:
    """Return whether the first line names columns: at least two of them as bibliographic tables do."""
    hint = _SEP.match(text)
    line = text[hint.end() if hint else 0 :].lstrip().split("\n", 1)[0][:20_000]
    if line[:1] in ("%", "@", "#", "{", "<"):
        return False
    for mark in ",;\t|":
        cells = [cell.strip(' "') for cell in line.split(mark)]
        if (
            len(cells) > 1
            and sum(len(cell) < 80 and not _HEADERS.isdisjoint(_WORD.findall(cell.lower())) for cell in cells) > 1
        ):
            return all(len(cell) < 200 for cell in cells)
        if len(cells) > 4 and {"PT", "AU", "TI", "SO"} <= set(cells):
            return True
    return False
