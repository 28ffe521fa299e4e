"""Where sources came from: ``sources/imports.toml``, one table ``[[import]]`` an import, in the order in which they came.

The file is only ever added to, or changed in the slice of one value, so that what people write beside it stays. It is read
statement by statement: a broken line loses itself and nothing else. TOML 1.0: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from libreview.model import Create, Edit, Location, Problem
from libreview.texts.toml import string
from libreview.value import Value, replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["PATH", "RAW", "Import", "append", "change", "read"]

PATH = "sources/imports.toml"
RAW = "sources/imported/"
"""The folder in which files are kept as they came."""

_TEXTS = ("file", "raw", "base", "into", "format", "columns", "sha256", "database", "search")
_COUNTS = ("records", "new", "already", "changed", "unreadable")
_ORDER = ("date", *_TEXTS, *_COUNTS)
_LONGEST = 256 * 1024
"""So many bytes a value may have: a search strategy has a few thousand."""
_MOST = 1_000_000_000

_HEADER = re.compile(
    rb"(?:^|\A\xef\xbb\xbf)[ \t]*+\[\[[ \t]*+import[ \t]*+\]\][ \t]*+(?:#[^\r\n]*+)?\r?$", re.MULTILINE
)
_NAME = re.compile(rb"[ \t]*+([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")
_LONG = {
    b'"""': re.compile(rb'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}', re.DOTALL),
    b"'''": re.compile(rb"'''(?:[^']|'(?!''))*+'{3,5}", re.DOTALL),
}
_SHORT = re.compile(rb"""\"(?:[^\"\\\r\n]|\\.)*+\"|'[^'\r\n]*+'|[0-9A-Za-z+_.:-]++""")
_REST = re.compile(rb"[ \t]*+(?:#[^\r\n]*+)?(?=\r?\n|\r?\Z)")
_LINE = re.compile(rb"[^\n]*+\n?")


class Import(Value, frozen=True):
    """One import: ``file`` is its name as it was given, ``raw`` where it is kept, ``base`` where the version is kept
    with which it was compared if it came before, ``into`` where its new sources went.

    ``columns`` says which columns of a table were taken for which fields: ``title=Judul``, a line each.
    ``records`` = ``new`` + ``already`` + ``changed`` + ``unreadable``. ``number`` counts from 1 in the order of the file.
    """

    date: str = ""
    file: str = ""
    raw: str = ""
    base: str = ""
    into: str = ""
    format: str = ""
    columns: str = ""
    sha256: str = ""
    database: str = ""
    search: str = ""
    records: int = 0
    new: int = 0
    already: int = 0
    changed: int = 0
    unreadable: int = 0
    number: int = 0
    location: Location = Location(PATH)

    @property
    def says(self) -> tuple[str | int, ...]:
        """All that is written of it."""
        return tuple(getattr(self, name) for name in _ORDER)


# Reading --------------------------------------------------------------------------------------------------------------


class _Statement(Value, frozen=True):
    """A line ``name = value``, or several for a long text, by the bytes where its parts are."""

    name: str
    value: tuple[int, int]
    end: int


def read(data: bytes, path: str = PATH) -> tuple[tuple[Import, ...], tuple[Problem, ...]]:
    """Return the imports in ``data`` in their order, and what is wrong in it."""
    imports: list[Import] = []
    problems: list[Problem] = []
    lines = _Lines(data, path)
    headers = list(_HEADER.finditer(data))
    first = headers[0].start() if headers else len(data)
    for place in _outside(lines, first):
        problems.append(Problem("import-outside", place, data[place.start : place.end].decode("utf-8", "replace")[:60]))
    for number, header in enumerate(headers, 1):
        end = headers[number].start() if number < len(headers) else len(data)
        found, wrong = _table(lines, header, end)
        imports.append(replace(found, number=number))
        problems += wrong
    return tuple(imports), tuple(problems)


class _Lines:
    """Counts the lines of a file from place to place, each once."""

    def __init__(self, data: bytes, path: str) -> None:
        self.data, self.path = data, path
        self._line, self._at = 1, 0

    def place(self, start: int, end: int) -> Location:
        """Return the place of a slice that does not begin before the one asked for last."""
        self._line += self.data.count(b"\n", self._at, start)
        self._at = max(start, self._at)
        return Location(self.path, self._line, start, end)


def _outside(lines: _Lines, end: int) -> Iterator[Location]:
    """Yield the first line before all tables that holds something."""
    at = 3 if lines.data.startswith(b"\xef\xbb\xbf") else 0
    while at < end:
        match = _LINE.match(lines.data, at, end)
        text = match.group().strip() if match else b""
        if text and not text.startswith(b"#"):
            yield lines.place(at, at + len(text))
            return
        at = match.end() if match else end


def _table(lines: _Lines, header: re.Match[bytes], end: int) -> tuple[Import, list[Problem]]:
    got: dict[str, str | int] = {}
    problems: list[Problem] = []
    place = lines.place(header.start(), header.end())
    last = header.end()
    for start, stop, one in _statements(lines.data, header.end(), end):
        if one is None:
            text = lines.data[start:stop].decode("utf-8", "replace").strip()
            problems.append(Problem("import-line", lines.place(start, stop), text[:60]))
            continue
        last = one.end
        if one.name not in _ORDER:
            continue
        value = _understood(one.name, lines.data[slice(*one.value)])
        if value is None or one.name in got:
            problems.append(Problem("import-field", lines.place(start, one.end), one.name))
        else:
            got[one.name] = value
    return replace(Import(), location=replace(place, end=last), **got), problems


def _statements(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, _Statement | None]]:
    """Yield start and end of each statement of a table and what it is; None for a line that is no statement."""
    while at < end:
        line = _LINE.match(data, at, end)
        stop = line.end() if line else end
        text = data[at:stop].strip()
        if not text or text.startswith(b"#"):
            at = stop
            continue
        one = _statement(data, at, end)
        yield at, stop, one
        at = one.end if one else stop


def _statement(data: bytes, at: int, end: int) -> _Statement | None:
    name = _NAME.match(data, at, end)
    if name is None:
        return None
    long = _LONG.get(data[name.end() : name.end() + 3])
    value = (long or _SHORT).match(data, name.end(), end)
    rest = _REST.match(data, value.end(), end) if value else None
    if value is None or rest is None:
        return None
    return _Statement(name[1].decode(), value.span(), rest.end())


def _understood(name: str, raw: bytes) -> str | int | None:
    """Return a value as the field ``name`` holds it; None if it cannot be that."""
    if len(raw) > _LONGEST:
        return None
    try:
        value: object = tomllib.loads(f"x = {raw.decode()}").get("x")
    except (ValueError, RecursionError):
        return None
    if name in _COUNTS:
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST else None
    if name == "date" and isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str):
        return None
    if name in ("raw", "base") and value and not _within(value):
        return None
    return value


def _within(path: str) -> bool:
    """Return whether a path leads into the folder of raw files and nowhere else."""
    parts = path.removeprefix(RAW).split("/")
    return path.startswith(RAW) and not any(part in ("", ".", "..") for part in parts) and "\\" not in path


# Writing --------------------------------------------------------------------------------------------------------------


def append(data: bytes | None, imports: Sequence[Import], path: str = PATH) -> Create | Edit:
    """Return what puts ``imports`` at the end of the file; ``data`` is None if there is none yet.

    Raises `Refused` if they would not be read back as they are.
    """
    text = "\n".join(map(_written, imports))
    if data is None:
        new = text.encode()
        whole = new
    else:
        end = b"\r\n" if b"\r\n" in data else b"\n"
        body = data.removeprefix(b"\xef\xbb\xbf")
        gap = b"" if not body.strip() else end if body.endswith(b"\n") else end + end
        new = gap + text.encode().replace(b"\n", end)
        whole = data + new
    before = [one.says for one in read(data, path)[0]] if data is not None else []
    if [one.says for one in read(whole, path)[0]] != [*before, *(one.says for one in imports)]:
        raise _unsafe(path)
    return Create(path, new) if data is None else Edit(path, len(data), len(data), b"", new)


def _unsafe(path: str) -> Refused:
    return Refused(
        N_("{path} would be read differently after this change"),
        N_("Correct first what libreview check says of it, or change it by hand."),
        path=path,
    )


def _written(one: Import) -> str:
    """Return an import as its table. What is empty is left out, counts never are."""
    lines = ["[[import]]"]
    for name in _ORDER:
        value = getattr(one, name)
        if name in _COUNTS or value:
            lines.append(f"{name} = {value if isinstance(value, int) else string(value)}")
    return "\n".join(lines) + "\n"


def change(data: bytes, number: int, fields: Mapping[str, str], path: str = PATH) -> tuple[Edit, ...]:
    """Return the edits that give the import ``number`` other texts: each replaces one value, or adds one line.

    Raises `Refused` if the file would be read differently but for these.
    """
    imports = read(data, path)[0]
    one = imports[number - 1]
    wanted = {name: text for name, text in fields.items() if getattr(one, name) != text}
    if not wanted:
        return ()
    end = imports[number].location.start if number < len(imports) else len(data)
    start = data.index(b"]]", one.location.start) + 2
    head = _LINE.match(data, start, end)
    first = head.end() if head else end
    statements = {found.name: found for _, _, found in reversed([*_statements(data, first, end)]) if found}
    edits = [_edit(data, path, statements, first, name, text) for name, text in wanted.items()]
    edits.sort(key=lambda edit: edit.start)
    pieces, at = [], 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    after = read(b"".join([*pieces, data[at:]]), path)[0]
    expected = [replace(found, **wanted) if found.number == number else found for found in imports]
    if [found.says for found in after] != [found.says for found in expected]:
        raise _unsafe(path)
    return tuple(edits)


def _edit(data: bytes, path: str, statements: Mapping[str, _Statement], first: int, name: str, text: str) -> Edit:
    """Return the edit of one value; a new line goes behind the one that comes before it in the usual order."""
    if name in statements:
        start, end = statements[name].value
        return Edit(path, start, end, data[start:end], string(text).encode())
    before = [statements[one].end for one in _ORDER[: _ORDER.index(name)] if one in statements]
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    line = f"{name} = {string(text)}".encode()
    if before:
        return Edit(path, max(before), max(before), b"", newline + line)
    glued = data[first - 1 : first] != b"\n"
    return Edit(path, first, first, b"", newline + line if glued else line + newline)
