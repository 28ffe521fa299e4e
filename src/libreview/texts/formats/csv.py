"""Tables of records: CSV and TSV of Scopus, Web of Science, Embase, Lens, OpenAlex, PubMed, Zotero, and of anybody's spreadsheet.

What a column holds is told by its header (RFC 4180, with whatever separator), in English or Indonesian. A quoted cell counts
as one only if a separator or the end of the line follows its closing quote, so that one stray quote does not swallow the rest.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from libreview.model import Problem
from libreview.texts import names
from libreview.texts.folding import fold
from libreview.texts.formats import people as persons
from libreview.texts.formats import wos
from libreview.texts.formats.columns import FIELDS, column_of, type_of
from libreview.texts.formats.decoding import Opened, open_text
from libreview.texts.formats.filling import MARK, Form, marked
from libreview.texts.formats.records import PEOPLE, Reading, Record

__all__ = ["columns", "delimiter_of", "read", "write"]

_DELIMITERS = ",;\t|"
_HINT = re.compile(r"\A\s*\"?sep=([,;\t|])\"?[ \t]*\n")
_CELLS = {
    mark: re.compile(rf'[ ]*"((?:[^"]++|"")*+)"[ ]*(?=[{re.escape(mark)}\n]|\Z)|([^{re.escape(mark)}\n]*+)')
    for mark in _DELIMITERS
}
_NEUTRAL = re.compile(r"'++\s{0,8}[=+\-@\t\r\n＝＋－＠]")
_FORMULA = re.compile(r"(?!-[0-9]+\.[0-9]+\Z)'*\s{0,8}[=+\-@\t\r\n＝＋－＠]")
_TELLING = frozenset(("title", "author", "doi", "container", "pmid", "accession", "url", "abstract"))
_DATABASES = frozenset(
    (
        "scopus",
        "pubmed",
        "medline",
        "embase",
        "web of science",
        "google scholar",
        "crossref",
        "lens",
        "openalex",
        "garuda",
    )
)
_NUMBER = re.compile(r"\s{0,8}\(\d{6,}+\)\s{0,8}\Z")
"""Scopus writes its number of each author behind the full name."""
_WOS_TAGS = frozenset(("PT", "AU", "TI", "SO"))
_LONGEST_SOURCE = 1000  # the patterns below try many ways through a text that they do not fit
_EMBASE = re.compile(
    r"(?P<journal>.+?) \((?P<date>\d{4})\) (?P<volume>[^:()\s]*)(?: SUPPL\.? ?\S*)?:?(?P<number>[^()]*?)? ?"
    r"(?:\((?P<pages>[^()]*)\))?(?:\.|\Z)"
)
_CITATION = re.compile(
    r"(?P<journal>.+?)\. (?P<date>\d{4}[^;]*);(?P<volume>[^():]*)(?:\((?P<number>[^()]*)\))?(?::(?P<pages>[^.]*))?\."
)


def _row(text: str, at: int, cell: re.Pattern[str], mark: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins at ``at``, and the place behind it."""
    cells: list[str] = []
    match = cell.match
    size = len(text)
    while True:
        found = match(text, at)
        assert found is not None  # noqa: S101 (the pattern matches nothing, too)
        quoted = found[1]
        if quoted is None:
            cells.append(_bare(found[2].strip()))
        else:
            cells.append(quoted.replace('""', '"') if '""' in quoted else quoted)
        at = found.end()
        if at >= size:
            return cells, size
        if text[at] == mark:
            at += 1
            continue
        return cells, at + 1  # a line feed


def _bare(cell: str) -> str:
    """Return a cell that is not quoted as it should be."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1]
    return cell.replace('""', '"') if '""' in cell else cell


def delimiter_of(text: str) -> str:
    """Return what parts the columns in the first line of ``text``: what makes the most of its headers known, then the most headers."""
    best, most = ",", (0, 0)
    for mark in _DELIMITERS:
        cells, _ = _row(text[:65536], 0, _CELLS[mark], mark)
        known = sum(column_of(cell) != "" for cell in cells)
        if (known, len(cells)) > most:
            best, most = mark, (known, len(cells))
    return best


def _start(text: str) -> tuple[int, str]:
    """Return where the header stands and what parts its columns; Excel's own ``sep=;`` is believed."""
    hint = _HINT.match(text)
    at = hint.end() if hint else len(text) - len(text.lstrip("\ufeff \n"))
    return at, hint[1] if hint else delimiter_of(text[at:])


def columns(data: bytes, path: str = "") -> tuple[tuple[str, str], ...]:
    """Return the headers of a table, each with the field it is taken for (empty if for none)."""
    opened = open_text(data, path)
    at, mark = _start(opened.text)
    headers, _ = _row(opened.text, at, _CELLS[mark], mark)
    return tuple(zip(headers, _targets(headers, {}), strict=True))


def _targets(headers: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """Return the field of each header, the first of two for one field before the other."""
    if _WOS_TAGS.issubset(headers):
        known = {**wos.TAGS, "PT": "kind", "DT": "document"}
        found = [known.get(header, "") for header in headers]
    else:
        found = [column_of(header) for header in headers]
    if "number" in found and "volume" not in found:  # "Nomor" then numbers the rows
        found = [
            "mark" if header.strip().casefold() in ("nomor", "no", "no.") else field
            for header, field in zip(headers, found, strict=True)
        ]
    wanted = {header.strip().casefold(): field.strip() for field, header in given.items()}
    return [wanted.get(header.strip().casefold()) or field for header, field in zip(headers, found, strict=True)]


def read(data: bytes, path: str, mapping: Mapping[str, str] = MappingProxyType({})) -> Reading:
    """Return the records of a table. Nothing is raised: what cannot be read is a problem with its line.

    ``mapping`` says in which column a field stands: ``{"title": "Judul artikel"}``. Columns that are taken for no field are kept.
    """
    opened = open_text(data, path)
    text = opened.text
    if not text.strip():
        return Reading((), tuple(opened.problems), opened.encoding)
    at, mark = _start(text)
    headers, at = _row(text, at, _CELLS[mark], mark)
    targets = _targets(headers, mapping)
    problems = list(opened.problems)
    if not _TELLING & set(targets):
        facts = {"columns": ", ".join(header for header in headers if header)[:200] or "-"}
        problems.append(Problem("columns-unknown", opened.location(0, at), "", facts))
    problems.extend(
        Problem("column-missing", opened.location(0, at), header, {"field": field})
        for field, header in mapping.items()
        if header.strip().casefold() not in {one.strip().casefold() for one in headers}
    )
    plan = _plan(headers, targets)
    records = list(_records(opened, at, mark, headers, plan, problems))
    return Reading(tuple(records), tuple(problems), opened.encoding)


_Plan = list[tuple[int, str, str]]
_FIRST = {name: at for at, name in enumerate(("kind", "document", "title"))}


def _plan(headers: Sequence[str], targets: Sequence[str]) -> _Plan:
    """Return number, name and field of each column; full names of authors before short ones, better columns before worse."""
    order = sorted(range(len(headers)), key=lambda at: (_FIRST.get(targets[at], 9), not _better(headers[at]), at))
    return [(at, _named(headers[at], at), targets[at]) for at in order]


def _named(header: str, at: int) -> str:
    """Return what a column is kept as: its header, or its number if that has no letter we could write."""
    return header if _LETTER.search(fold(header)) else f"column {at + 1}"


_LETTER = re.compile(r"[a-z0-9]")
_ZOTERO = re.compile(r"[A-Z0-9]{8}")
"""Zotero's own key of an item, which nobody cites by."""
_BETTER = re.compile(r"full name|^AF$|^PY$|year|tahun", re.IGNORECASE)


def _better(header: str) -> bool:
    return _BETTER.search(header) is not None


def _records(
    opened: Opened, at: int, mark: str, headers: Sequence[str], plan: _Plan, problems: list[Problem]
) -> Iterator[Record]:
    text, cell = opened.text, _CELLS[mark]
    size, width = len(text), len(headers)
    while at < size:
        start = at
        cells, at = _row(text, at, cell, mark)
        if not any(cells):
            continue
        end = at - (text[at - 1] == "\n")
        location = opened.location(start, start + len(text[start:end].rstrip(" ")))
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        form = _form(cells, plan)
        if len(cells) > width:
            form.keep("more", *cells[width:])
            problems.append(Problem("row-too-long", location, "", {"cells": str(len(cells)), "columns": str(width)}))
        if form.empty:
            problems.append(Problem("record-empty", location))
        else:
            yield form.record(location)


def _form(cells: Sequence[str], plan: _Plan) -> Form:
    size = len(cells)
    given: list[tuple[str, str, str]] = []
    kind = document = ""
    for at, header, target in plan:
        value = cells[at] if at < size else ""
        if not value or value.isspace():
            continue
        if _NEUTRAL.match(value):
            value = value[1:]
        if target == "kind":
            kind = value.strip()
        if target == "document":
            document = value.strip()
        given.append((header, target, value))
    type = type_of(kind or document, document) if kind or document else _guess({target for _, target, _ in given})
    form = Form("csv", type)
    for header, target, value in given:
        if not target or (target in ("kind", "document") and type_of(value, "") == ""):
            form.keep(header, value)
        elif target in PEOPLE:
            _people(form, header, target, value)
        elif target not in ("kind", "document"):
            _put(form, header, target, value)
    return form if form.empty or type else _typed(form)


def _typed(form: Form) -> Form:
    form.type = "misc"
    return form


def _guess(targets: set[str]) -> str:
    if "journaltitle" in targets or "container" in targets or "issn" in targets or "source" in targets:
        return "article"
    if "booktitle" in targets:
        return "incollection"
    if "institution" in targets:
        return "thesis"
    return "book" if "isbn" in targets or "house" in targets else "misc"


def _people(form: Form, header: str, role: str, value: str) -> None:
    """Put a cell of names; a second one with the same people, shorter, is left to the first."""
    if role in form.people:
        if len(persons.read_list(value)) != len(form.people[role]):
            form.keep(header, value)
        return
    if value.startswith(MARK):
        if found := names.parse(value[len(MARK) :]):
            form.people[role] = list(found)
        return
    for name in persons.read_list(value):
        form.person(role, _NUMBER.sub("", name))


def _put(form: Form, header: str, target: str, value: str) -> None:
    if target == "biblatex":
        for line in value.split("\n"):
            form.mark(line)
    elif target == "source":
        _source(form, header, value)
    elif target in ("key", "mark"):
        if header == "Key" and _ZOTERO.fullmatch(value):
            form.keep(header, value)
        else:
            form.put(header, "mark", value)
    else:
        form.put(header, target, value)


def _source(form: Form, header: str, value: str) -> None:
    """Put where an article stands as Embase and PubMed write it, in one cell."""
    text = " ".join(value.split())
    if text.casefold() in _DATABASES:
        form.put(header, "database", text)
        return
    match = (_EMBASE.match(text) or _CITATION.match(text)) if len(text) < _LONGEST_SOURCE else None
    if match is None:
        form.put(header, "container", text)
        return
    parts = {name: part.strip() for name, part in match.groupdict().items() if part and part.strip()}
    for name, target in (("journal", "container"), ("date", "date"), ("volume", "volume"),
                         ("number", "number"), ("pages", "pages")):  # fmt: skip
        if name in parts and not (target == "container" and "journaltitle" in form.fields):
            form.put(header, target, parts[name])


# Writing --------------------------------------------------------------------------------------------------------------


def write(records: Iterable[Record], separator: str = ",") -> bytes:
    """Return ``records`` as a table, which `read` reads as the same records. Its headers are the fields of biblatex.

    What a spreadsheet would take for a formula gets an apostrophe before it, which `read` takes off.
    """
    records = tuple(records)
    rows = [_cells(record) for record in records]
    order = {name: at for at, name in enumerate(FIELDS)}
    found = dict.fromkeys(("author", "title", "date", *(name for row in rows for name in row)))
    headers = sorted(found, key=lambda name: order.get(name, len(order) + name.startswith("x-")))
    if "type" not in found:
        headers.insert(0, "type")
    plan = _plan(headers, _targets(headers, {}))
    extra: list[str] = []
    for record, row in zip(records, rows, strict=True):
        form = _form([_neutral(row.get(name, "")) for name in headers], plan)
        there = None if form.empty else form.record(record.location)
        more = marked(record, there)
        if there is None and not more:
            more = (("type", record.type),)
        extra.append("\n".join(f"{MARK}{name}={value}" for name, value in more))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    more_header = ["biblatex"] if any(extra) else []
    writer.writerow([*headers, *more_header])
    for row, one in zip(rows, extra, strict=True):
        writer.writerow([*(_neutral(row.get(name, "")) for name in headers), *([one] if more_header else [])])
    return out.getvalue().encode("utf-8", "replace")


def _neutral(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(record: Record) -> dict[str, str]:
    cells = {"type": record.type, "key": record.key}
    for role, listed in record.people.items():
        text = "; ".join(map(persons.write, listed))
        form = Form("csv", record.type)
        for name in persons.read_list(text):
            form.person(role, name)
        cells[role] = text if tuple(form.people.get(role, ())) == listed else f"{MARK}{names.write(listed)}"
    for name, value in record.fields.items():
        cells.setdefault("kind of work" if name == "type" else name, value)
    return {name: value for name, value in cells.items() if value}
