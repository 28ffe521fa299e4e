"""The codebook read table by table: of a table that cannot be read, the lines that can be are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.model import Codebook, Location, Problem, Theme
from libreview.texts.codebook.ids import theme_id, valid_id
from libreview.texts.toml_tables import (
    BARE,
    HEADER,
    Line,
    Table,
    broken_line,
    line_of,
    lines_of,
    load,
    tables_of,
    values_of,
)
from libreview.value import replace

__all__ = ["FIELDS", "SPELLINGS", "TEXTS", "field_of", "read"]

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_COLOURS = (
    "aqua black blue brown cyan fuchsia gold gray green grey indigo khaki lime magenta maroon navy olive orange orchid "
    "pink plum purple red salmon sienna silver tan teal tomato turquoise violet white yellow"
)
TEXTS = ("parent", "definition", "include", "exclude")
FIELDS = (*TEXTS, "label", "examples", "colour", "aliases")
SPELLINGS = {"color": "colour", "example": "examples", "alias": "aliases", "labels": "label"}


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
        values, reason = values_of(table)
        if reason:
            place, words = broken_line(table, reason)
            self.problem("codebook-table", place, id, reason=words)
        return values

    def theme(self, id: str, values: Mapping[str, object], table: Table, place: Location) -> Theme:
        got: dict[str, object] = {}
        for typed, value in values.items():
            name = SPELLINGS.get(typed, typed)
            line = line_of(typed, table)
            if name not in FIELDS:
                self.problem("theme-field", line, typed, theme=id)
            elif name not in got:
                read = field_of(name, value)
                if read is None:
                    self.problem("theme-colour" if name == "colour" else "theme-value", line, typed, theme=id)
                else:
                    got[name] = read
        return replace(Theme(id, location=place), **got)

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
