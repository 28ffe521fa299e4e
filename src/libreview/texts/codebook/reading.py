"""The codebook read table by table.

One syntax error makes a TOML reader give up the whole file, so the file is cut at its ``[table]`` lines first and each
table is read by itself; of a table that cannot be read, the lines that can be are. TOML 1.0: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from libreview.model import Codebook, Location, Problem, Theme
from libreview.texts.codebook.ids import theme_id, valid_id
from libreview.value import Value, replace
from libreview.words.i18n import N_

__all__ = [
    "BARE",
    "FIELDS",
    "HEADER",
    "SPELLINGS",
    "TEXTS",
    "Line",
    "Table",
    "field_of",
    "lines_of",
    "load",
    "read",
    "tables_of",
]

# tomllib takes quadratic time for dotted keys and recurses into brackets; a theme is a paragraph or two, not data.
_LARGEST = 16 * 1024
_DEEPEST = 200
_LONGEST_HEADER = 400
_MOST_DOTS = 32

HEADER = re.compile(
    r"""[ \t]*(\[\[?)[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[^\]"'#=,]*?)[ \t]*(\]\]?)[ \t]*(?:\#.*)?""", re.DOTALL
)
_DOTTED = re.compile(r"""[ \t]*\[[^#,]*\.[^#,]*\][ \t]*(?:\#.*)?""", re.DOTALL)
BARE = re.compile(r"[A-Za-z0-9_-]+")
_ERROR_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_COLOURS = (
    "aqua black blue brown cyan fuchsia gold gray green grey indigo khaki lime magenta maroon navy olive orange orchid "
    "pink plum purple red salmon sienna silver tan teal tomato turquoise violet white yellow"
)
TEXTS = ("parent", "definition", "include", "exclude")
FIELDS = (*TEXTS, "label", "examples", "colour", "aliases")
SPELLINGS = {"color": "colour", "example": "examples", "alias": "aliases", "labels": "label"}


class Line(Value, frozen=True):
    """A line of the file with its end, and the byte where it begins."""

    text: str
    number: int
    start: int
    end: int


class Table(Value, frozen=True):
    header: Line | None
    body: tuple[Line, ...]

    def text(self) -> str:
        return "".join(line.text for line in self.body)


def lines_of(data: bytes) -> list[Line]:
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    lines = []
    for number, raw in enumerate(data[at:].splitlines(keepends=True) if data[at:] else (), 1):
        # bytes.splitlines knows LF, CRLF and CR only, and tomllib no CR
        text = raw.decode("utf-8", "replace")
        text = text.removesuffix("\n").removesuffix("\r") + "\n"
        lines.append(Line(text, number, at, at + len(raw)))
        at += len(raw)
    return lines


def _opens(text: str) -> str:
    """Return the three quotation marks of a text that begins in this line and does not end in it, or nothing."""
    if '"""' not in text and "'''" not in text:
        return ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "#":
            return ""
        if char not in "\"'":
            at += 1
            continue
        mark = text[at : at + 3] if text[at : at + 3] == char * 3 else char
        end = _closes(text, at + len(mark), mark)
        if end < 0:
            return mark if len(mark) == 3 else ""
        at = end
    return ""


def _closes(text: str, at: int, mark: str) -> int:
    """Return where ``text`` goes on after the ``mark`` that closes, from ``at`` on; -1 if none does."""
    while True:
        end = text.find(mark, at)
        if end < 0:
            return -1
        slash = text.find("\\", at, end) if mark[0] == '"' else -1
        if slash < 0:
            end += len(mark)
            while len(mark) == 3 and text[end : end + 1] == mark[0]:  # """"" ends with quotation marks of its own
                end += 1
            return end
        at = slash + 2


def _is_header(text: str) -> bool:
    line = text.strip()
    return line[:1] == "[" and len(line) <= _LONGEST_HEADER and bool(HEADER.fullmatch(line) or _DOTTED.fullmatch(line))


def _cut(lines: list[Line], texts: bool = True) -> Iterator[Table]:
    """Cut at lines that look like a table's header; with ``texts``, not inside of texts of several lines."""
    header: Line | None = None
    body: list[Line] = []
    inside = ""
    for line in lines:
        if inside:
            body.append(line)
            end = _closes(line.text, 0, inside)
            if end >= 0:
                inside = _opens(line.text[end:])
        elif _is_header(line.text):
            yield Table(header, tuple(body))
            header, body = line, []
        else:
            body.append(line)
            inside = _opens(line.text) if texts else ""
    yield Table(header, tuple(body))


def tables_of(lines: list[Line]) -> Iterator[Table]:
    """Yield the tables. One that cannot be read is cut again at every line that looks like a header."""
    for table in _cut(lines):
        again = any(_is_header(line.text) for line in table.body)
        if again and isinstance(load(table.text()), str):
            first, *rest = _cut(list(table.body), texts=False)
            yield Table(table.header, first.body)
            yield from rest
        else:
            yield table


def _too_much(text: str) -> bool:
    if len(text) > _LARGEST or text.count("[") + text.count("{") > _DEEPEST:
        return True
    run = 0
    for piece in text.split("."):
        word = piece.strip(" \t\"'")
        run = run + 1 if word and not any(char.isspace() for char in word) else 0
        if run > _MOST_DOTS:
            return True
    return False


def load(text: str) -> dict[str, object] | str:
    """Return the values of a table, or in English why it cannot be read."""
    if _too_much(text):
        return N_("it is too large or too deep")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return str(error)


class _Reader:
    """Collects the themes and problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.themes: dict[str, Theme] = {}
        self.problems: list[Problem] = []

    def problem(self, code: str, line: Line, subject: str = "", **facts: str) -> None:
        place = Location(self.path, line.number, line.start, line.end)
        self.problems.append(Problem(code, place, subject[:200], facts))

    def table(self, table: Table) -> None:
        if table.header is None:
            self.outside(table.body)
            return
        name = self.id(table.header)
        if not name:
            return
        values = self.values(table, name)
        last = table.header
        for line in table.body:
            if line.text.strip() and not line.text.lstrip().startswith("#"):
                last = line
        place = Location(self.path, table.header.number, table.header.start, last.end)
        self.themes[name] = self.theme(name, values, table, place)

    def outside(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            text = line.text.strip()
            if text and not text.startswith("#"):
                self.problem("codebook-outside", line, text.split("=")[0].strip()[:40])
                return

    def id(self, header: Line) -> str:
        """Return the id that a header names, or nothing where it names none."""
        match = HEADER.fullmatch(header.text.strip())
        if match is None or (match[2][:1] not in "\"'" and "." in match[2]) or match[1] != "[" or match[3] != "]":
            self.problem("theme-dotted", header, header.text.strip().split("#")[0].strip()[:80])
            return ""
        typed = match[2]
        quoted = typed[:1] in ('"', "'")
        if quoted:
            value = load(f"id = {typed}")
            typed = str(value["id"]) if isinstance(value, dict) else ""
        name = theme_id(typed)
        if not valid_id(name):
            self.problem("theme-id", header, typed)
            return ""
        if not quoted and not BARE.fullmatch(typed):
            self.problem("theme-unquoted", header, typed)
        if name in self.themes:
            self.problem("theme-twice", header, name, other=str(self.themes[name].location))
            return ""
        return name

    def values(self, table: Table, id: str) -> dict[str, object]:
        text = table.text()
        values = load(text)
        if isinstance(values, dict):
            return values
        match = _ERROR_LINE.search(values)
        at = int(match[1]) if match and match[1] else 0
        broken = (line for line in table.body if isinstance(load(line.text), str))  # for "at end of document"
        place = table.body[at - 1] if 0 < at <= len(table.body) else next(broken, table.header)
        if place is not None:
            self.problem("codebook-table", place, id, reason=_ERROR_LINE.sub("", values))
        if len(text) > _LARGEST:
            return {}
        found: dict[str, object] = {}
        for line in table.body:
            one = load(line.text)
            if isinstance(one, dict):
                found = one | found
        return found

    def theme(self, id: str, values: Mapping[str, object], table: Table, place: Location) -> Theme:
        got: dict[str, object] = {}
        for typed, value in values.items():
            name = SPELLINGS.get(typed, typed)
            line = self.line_of(typed, table)
            if name not in FIELDS:
                self.problem("theme-field", line, typed, theme=id)
            elif name not in got:
                read = field_of(name, value)
                if read is None:
                    self.problem("theme-colour" if name == "colour" else "theme-value", line, typed, theme=id)
                else:
                    got[name] = read
        return replace(Theme(id, location=place), **got)

    def line_of(self, name: str, table: Table) -> Line:
        for line in table.body:
            text = line.text.lstrip()
            if text.startswith((name, f'"{name}', f"'{name}")):
                return line
        return table.header or table.body[0]

    def aliases(self) -> None:
        """Report aliases that mean a theme of that id, or another theme's alias: the first one counts."""
        taken: dict[str, str] = dict.fromkeys(self.themes, "")
        for theme in self.themes.values():
            for alias in theme.aliases:
                if alias in taken and taken[alias] != theme.id:
                    facts = {"theme": theme.id, "other": taken[alias] or alias}
                    self.problems.append(Problem("alias-taken", theme.location, alias, facts))
                taken.setdefault(alias, theme.id)


def field_of(name: str, value: object) -> object | None:
    """Return ``value`` as the field ``name`` holds it, or None if it cannot be that."""
    if name == "label":
        if isinstance(value, str):
            return {"": value.strip()} if value.strip() else {}
        if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
            return {language: one for language, one in value.items() if one}
        return None
    if name in ("examples", "aliases"):
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
            return None
        bare = (one.lstrip("#") for one in several) if name == "aliases" else (one.lstrip("^") for one in several)
        return tuple(dict.fromkeys(theme_id(one) if name == "aliases" else one.lower() for one in bare if one))
    if not isinstance(value, str):
        return None
    if name == "parent":
        return theme_id(value.lstrip("#"))
    if name == "colour":
        known = not value or _COLOUR.fullmatch(value) or value.lower() in _COLOURS.split()
        return value.lower() if known else None
    return value.strip()


def read(data: bytes, path: str) -> tuple[Codebook, tuple[Problem, ...]]:
    """Return the codebook in ``data`` and what is wrong in it. A broken table loses its broken lines only."""
    reader = _Reader(path)
    lines = lines_of(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = next(one for one in lines if one.end > error.start)
        reader.problem("codebook-encoding", line)
    for table in tables_of(lines):
        reader.table(table)
    reader.aliases()
    return Codebook(reader.themes, path), tuple(sorted(reader.problems, key=lambda problem: problem.location.line))
