"""The codebook, ``notes/codebook.toml``: one TOML table a theme, read table by table.

One syntax error makes a TOML reader give up the whole file, so the file is cut at its ``[table]`` lines first and each
table is read by itself; of a table that cannot be read, the lines that can be are. TOML 1.0: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping

from libreview.model import NONE, Codebook, Create, Edit, Location, Problem, Theme
from libreview.texts.toml import string
from libreview.value import Value, replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["append", "read", "theme_id", "valid_id", "write_theme"]

LONGEST_ID = 64
# tomllib takes quadratic time for dotted keys and recurses into brackets; a theme is a paragraph or two, not data.
_LARGEST = 16 * 1024
_DEEPEST = 200
_LONGEST_HEADER = 400
_MOST_DOTS = 32

_HEADER = re.compile(
    r"""[ \t]*(\[\[?)[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[^\]"'#=,]*?)[ \t]*(\]\]?)[ \t]*(?:\#.*)?""", re.DOTALL
)
_DOTTED = re.compile(r"""[ \t]*\[[^#,]*\.[^#,]*\][ \t]*(?:\#.*)?""", re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ERROR_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_COLOURS = (
    "aqua black blue brown cyan fuchsia gold gray green grey indigo khaki lime magenta maroon navy olive orange orchid "
    "pink plum purple red salmon sienna silver tan teal tomato turquoise violet white yellow"
)
_TEXTS = ("parent", "definition", "include", "exclude")
_FIELDS = (*_TEXTS, "label", "examples", "colour", "aliases")
_SPELLINGS = {"color": "colour", "example": "examples", "alias": "aliases", "labels": "label"}


def theme_id(tag: str) -> str:
    """Return ``tag`` as a theme's id is written: no invisible characters, lower case, composed, no outer hyphens."""
    seen = "".join(
        char for char in tag if char.isascii() or unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    )
    return unicodedata.normalize("NFC", seen.lower()).strip("-_/")


def valid_id(id: str) -> bool:
    """Return whether ``id`` may name a theme: letters, digits and hyphens, at least one letter, not "none"."""
    if not id or len(id) > LONGEST_ID or id == NONE or theme_id(id) != id:
        return False
    kinds = [unicodedata.category(char) for char in id if char not in "-\u200c\u200d"]
    return all(kind[0] in "LM" or kind == "Nd" for kind in kinds) and any(kind[0] == "L" for kind in kinds)


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else string(key)


def _label(label: Mapping[str, str]) -> str:
    if set(label) == {""}:
        return string(label[""])
    return "{ " + ", ".join(f"{_name(language)} = {string(name)}" for language, name in label.items()) + " }"


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(string(value) for value in values) + "]"


def write_theme(theme: Theme) -> str:
    """Return ``theme`` as its canonical table, with a line end; what is empty is left out."""
    lines = [f"[{_name(theme.id)}]"]
    if theme.label:
        lines.append(f"label = {_label(theme.label)}")
    lines.extend(f"{name} = {string(value)}" for name in _TEXTS if (value := getattr(theme, name)))
    if theme.examples:
        lines.append(f"examples = {_list(theme.examples)}")
    if theme.colour:
        lines.append(f"colour = {string(theme.colour)}")
    if theme.aliases:
        lines.append(f"aliases = {_list(theme.aliases)}")
    return "\n".join(lines) + "\n"


def append(data: bytes | None, path: str, theme: Theme) -> Edit | Create:
    """Return what puts ``theme`` at the end of the codebook; ``data`` is None if there is no file yet.

    Raises `Refused` if the theme would not be read back as it is: its id is taken or no id, or the file ends in a text.
    """
    written = write_theme(theme)
    if data is None:
        new = written.encode()
        whole = new
    else:
        end = b"\r\n" if b"\r\n" in data else b"\n"
        body = data.removeprefix(b"\xef\xbb\xbf")
        gap = b"" if not body.strip() else end if body.endswith((b"\n", b"\r")) else end + end
        new = gap + written.encode().replace(b"\n", end)
        whole = data + new
    before = read(data, path)[0].themes if data is not None else {}
    after = read(whole, path)[0].themes
    found = after.get(theme.id)
    if theme.id in before or found is None or replace(found, location=theme.location) != theme:
        raise Refused(
            N_('"{id}" cannot be put into {path}'),
            N_("An id is letters, digits and hyphens, and stands once; correct the last table of the file."),
            id=theme.id,
            path=path,
        )
    if data is None:
        return Create(path, new)
    return Edit(path, len(data), len(data), b"", new)


class _Line(Value, frozen=True):
    """A line of the file with its end, and the byte where it begins."""

    text: str
    number: int
    start: int
    end: int


class _Table(Value, frozen=True):
    header: _Line | None
    body: tuple[_Line, ...]

    def text(self) -> str:
        return "".join(line.text for line in self.body)


def _lines(data: bytes) -> list[_Line]:
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    lines = []
    for number, raw in enumerate(data[at:].splitlines(keepends=True) if data[at:] else (), 1):
        # bytes.splitlines knows LF, CRLF and CR only, and tomllib no CR
        text = raw.decode("utf-8", "replace")
        text = text.removesuffix("\n").removesuffix("\r") + "\n"
        lines.append(_Line(text, number, at, at + len(raw)))
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
    return line[:1] == "[" and len(line) <= _LONGEST_HEADER and bool(_HEADER.fullmatch(line) or _DOTTED.fullmatch(line))


def _cut(lines: list[_Line], texts: bool = True) -> Iterator[_Table]:
    """Cut at lines that look like a table's header; with ``texts``, not inside of texts of several lines."""
    header: _Line | None = None
    body: list[_Line] = []
    inside = ""
    for line in lines:
        if inside:
            body.append(line)
            end = _closes(line.text, 0, inside)
            if end >= 0:
                inside = _opens(line.text[end:])
        elif _is_header(line.text):
            yield _Table(header, tuple(body))
            header, body = line, []
        else:
            body.append(line)
            inside = _opens(line.text) if texts else ""
    yield _Table(header, tuple(body))


def _tables(lines: list[_Line]) -> Iterator[_Table]:
    """Yield the tables. One that cannot be read is cut again at every line that looks like a header."""
    for table in _cut(lines):
        again = any(_is_header(line.text) for line in table.body)
        if again and isinstance(_load(table.text()), str):
            first, *rest = _cut(list(table.body), texts=False)
            yield _Table(table.header, first.body)
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


def _load(text: str) -> dict[str, object] | str:
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

    def problem(self, code: str, line: _Line, subject: str = "", **facts: str) -> None:
        place = Location(self.path, line.number, line.start, line.end)
        self.problems.append(Problem(code, place, subject[:200], facts))

    def table(self, table: _Table) -> None:
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

    def outside(self, lines: tuple[_Line, ...]) -> None:
        for line in lines:
            text = line.text.strip()
            if text and not text.startswith("#"):
                self.problem("codebook-outside", line, text.split("=")[0].strip()[:40])
                return

    def id(self, header: _Line) -> str:
        """Return the id that a header names, or nothing where it names none."""
        match = _HEADER.fullmatch(header.text.strip())
        if match is None or (match[2][:1] not in "\"'" and "." in match[2]) or match[1] != "[" or match[3] != "]":
            self.problem("theme-dotted", header, header.text.strip().split("#")[0].strip()[:80])
            return ""
        typed = match[2]
        quoted = typed[:1] in ('"', "'")
        if quoted:
            value = _load(f"id = {typed}")
            typed = str(value["id"]) if isinstance(value, dict) else ""
        name = theme_id(typed)
        if not valid_id(name):
            self.problem("theme-id", header, typed)
            return ""
        if not quoted and not _BARE.fullmatch(typed):
            self.problem("theme-unquoted", header, typed)
        if name in self.themes:
            self.problem("theme-twice", header, name, other=str(self.themes[name].location))
            return ""
        return name

    def values(self, table: _Table, id: str) -> dict[str, object]:
        text = table.text()
        values = _load(text)
        if isinstance(values, dict):
            return values
        match = _ERROR_LINE.search(values)
        at = int(match[1]) if match and match[1] else 0
        broken = (line for line in table.body if isinstance(_load(line.text), str))  # for "at end of document"
        place = table.body[at - 1] if 0 < at <= len(table.body) else next(broken, table.header)
        if place is not None:
            self.problem("codebook-table", place, id, reason=_ERROR_LINE.sub("", values))
        if len(text) > _LARGEST:
            return {}
        found: dict[str, object] = {}
        for line in table.body:
            one = _load(line.text)
            if isinstance(one, dict):
                found = one | found
        return found

    def theme(self, id: str, values: Mapping[str, object], table: _Table, place: Location) -> Theme:
        got: dict[str, object] = {}
        for typed, value in values.items():
            name = _SPELLINGS.get(typed, typed)
            line = self.line_of(typed, table)
            if name not in _FIELDS:
                self.problem("theme-field", line, typed, theme=id)
            elif name not in got:
                read = _field(name, value)
                if read is None:
                    self.problem("theme-colour" if name == "colour" else "theme-value", line, typed, theme=id)
                else:
                    got[name] = read
        return replace(Theme(id, location=place), **got)

    def line_of(self, name: str, table: _Table) -> _Line:
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


def _field(name: str, value: object) -> object | None:
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
    lines = _lines(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = next(one for one in lines if one.end > error.start)
        reader.problem("codebook-encoding", line)
    for table in _tables(lines):
        reader.table(table)
    reader.aliases()
    return Codebook(reader.themes, path), tuple(sorted(reader.problems, key=lambda problem: problem.location.line))
