"""Screening decisions, ``sources/screening.toml``: one table a decision, in the order in which they were made.

The file only grows: who decides again writes a further table, and the last one on a source counts. It is read table by
table, so that a broken one loses only itself, and changed in slices: what stands there stays byte for byte.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import cast

from libreview.model import Create, Decision, Delete, Edit, Location, Problem, Verdict
from libreview.texts.toml import string
from libreview.texts.toml_tables import (
    HEADER,
    Line,
    Table,
    broken_line,
    line_of,
    lines_of,
    merged,
    sections,
    statements,
    tables_of,
    values_of,
)
from libreview.value import replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["PATH", "VERDICTS", "append", "read", "repoint", "take_out", "write_decision"]

PATH = "sources/screening.toml"
VERDICTS: tuple[Verdict, ...] = ("include", "exclude")

_TABLE = "decision"
_TEXTS = ("source", "reason", "coder", "stage")
_FIELDS = ("source", "verdict", "reason", "coder", "date", "stage")
_LONGEST = 200
_LONGEST_LINE = 4000


# Reading --------------------------------------------------------------------------------------------------------------


class _Reader:
    """Collects the decisions and problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.decisions: list[Decision] = []
        self.problems: list[Problem] = []

    def problem(self, code: str, line: Line, subject: str = "", **facts: str) -> None:
        place = Location(self.path, line.number, line.start, line.end)
        self.problems.append(Problem(code, place, subject[:_LONGEST], facts))

    def table(self, table: Table) -> None:
        if table.header is None:
            self.outside(table)
        elif _is_decision(table.header):
            plain = _plain(table)
            values, reason = (plain, "") if plain else values_of(table)
            if reason:
                place, words = broken_line(table, reason)
                self.problem("screening-table", place, reason=words)
            self.decision(table, table.header, values, whole=not reason)
        else:
            self.problem("screening-outside", table.header, table.header.text.strip()[:40])

    def outside(self, table: Table) -> None:
        for line in table.body:
            text = line.text.strip()
            if text and not text.startswith("#"):
                self.problem("screening-outside", line, text.split("=")[0].strip()[:40])
                return

    def decision(self, table: Table, header: Line, values: Mapping[str, object], *, whole: bool) -> None:
        got: dict[str, str] = {}
        known = len(self.problems)
        for name, value in values.items():
            read = _read(name, value)
            if name not in _FIELDS:
                self.problem("screening-field", line_of(name, table), name)
            elif read is None:
                self.problem("screening-value", line_of(name, table), name)
            else:
                got[name] = read
        if got.get("source") and "verdict" in got:
            end = next((line.end for line in reversed(table.body) if _says(line)), header.end)
            place = Location(self.path, header.number, header.start, end)
            verdict = cast("Verdict", got.pop("verdict"))
            self.decisions.append(Decision(**got, verdict=verdict, location=place))
        elif whole and len(self.problems) == known:
            self.problem("screening-incomplete", header, "verdict" if got.get("source") else "source")


_PLAIN = re.compile(r'([a-z]+) = (?:"([^"\\\x00-\x1f\x7f]*)"|(\d{4}-\d\d-\d\d))\n|\n')


def _plain(table: Table) -> dict[str, object]:
    """Return the values of a table that is written as `write_decision` writes most; nothing if it is not.

    It is what a TOML reader returns, in a third of the time.
    """
    found: dict[str, object] = {}
    for line in table.body:
        match = _PLAIN.fullmatch(line.text)
        name = match[1] if match else ""
        if match is None or name in found or len(line.text) > _LONGEST_LINE:
            return {}
        if match[2] is not None:
            found[name] = match[2]
        elif match[3] is not None:
            if not _is_bare_date(match[3]):
                return {}
            found[name] = dt.date.fromisoformat(match[3])
    return found


def _says(line: Line) -> bool:
    text = line.text.strip()
    return bool(text) and not text.startswith("#")


def _is_decision(header: Line) -> bool:
    match = HEADER.fullmatch(header.text.strip())
    return match is not None and (match[1], match[2].strip("\"'"), match[3]) == ("[[", _TABLE, "]]")


def _read(name: str, value: object) -> str | None:
    """Return ``value`` as a decision holds it; None if it cannot be that."""
    if name == "date" and isinstance(value, dt.date):  # a datetime is one, too
        return value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()
    if name == "source":
        return text.removeprefix("@")
    if name == "verdict":
        return text.lower() if text.lower() in VERDICTS else None
    return text if name != "date" or _is_date(text) else None


def _is_date(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return not text
    return True


def read(data: bytes, path: str) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Return the decisions in ``data``, in order, and what is wrong in it."""
    reader = _Reader(path)
    lines = lines_of(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        reader.problem("screening-encoding", next(one for one in lines if one.end > error.start))
    for table in tables_of(lines):
        reader.table(table)
    return tuple(reader.decisions), tuple(reader.problems)


# Writing --------------------------------------------------------------------------------------------------------------


def write_decision(decision: Decision) -> str:
    """Return ``decision`` as its table, with a line end; what is empty is left out. Raises `Refused` for half characters."""
    lines = [f"[[{_TABLE}]]", f"source = {string(decision.source)}", f"verdict = {string(decision.verdict)}"]
    lines.extend(f"{name} = {string(value)}" for name in ("reason", "coder") if (value := getattr(decision, name)))
    if decision.date:
        lines.append(f"date = {decision.date if _is_bare_date(decision.date) else string(decision.date)}")
    if decision.stage:
        lines.append(f"stage = {string(decision.stage)}")
    return "\n".join(lines) + "\n"


def _is_bare_date(text: str) -> bool:
    """Return whether ``text`` is a date as TOML has them."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def append(data: bytes | None, decisions: Sequence[Decision], path: str = PATH) -> Edit | Create:
    """Return what puts ``decisions`` at the end of the file; ``data`` is None if there is none yet.

    Raises `Refused` if they would not be read back as they are, or what stands there not as before.
    """
    written = "\n".join(map(write_decision, decisions)).encode()
    if data is None:
        _kept(None, written, (), decisions, path)
        return Create(path, written)
    end = b"\r\n" if b"\r\n" in data else b"\n"
    body = data.removeprefix(b"\xef\xbb\xbf")
    gap = b"" if not body.strip() else end if body.endswith((b"\n", b"\r")) else end + end
    new = gap + written.replace(b"\n", end)
    before, problems = read(data, path)
    _kept(problems, data + new, before, decisions, path)
    return Edit(path, len(data), len(data), b"", new)


def _kept(
    problems: Iterable[Problem] | None,
    data: bytes,
    before: Sequence[Decision],
    more: Sequence[Decision],
    path: str,
) -> None:
    """Raise `Refused` unless ``data`` holds the decisions ``before`` and ``more`` and no new problems."""
    after, found = read(data, path)
    worse = Counter(one.code for one in found) - Counter(one.code for one in problems or ())
    if worse or list(_bare(after)) != [*_bare(before), *_bare(more)]:
        raise Refused(
            N_("{path} would be read differently after this change"),
            N_("Correct first what libreview check says of it, or change it by hand."),
            path=path,
        )


def _bare(decisions: Iterable[Decision]) -> Iterator[Decision]:
    return (replace(one, location=Location("")) for one in decisions)


# What follows a source ------------------------------------------------------------------------------------------------


def repoint(data: bytes, keys: Mapping[str, str], path: str = PATH) -> list[Edit]:
    """Return the edits that make decisions on the old ``keys`` decisions on the new ones. Raises `Refused` as `append` does."""
    before, problems = read(data, path)
    wanted = {one.location.start: keys[one.source] for one in before if one.source in keys}
    if not wanted:
        return []
    edits: list[Edit] = []
    for start, section in sections(data).items():
        for one in statements(data, section.table) if start in wanted else ():
            if one.field == "source":
                new = string(wanted[start]).encode()
                edits.append(Edit(path, one.value, one.value_end, data[one.value : one.value_end], new))
    expected = [replace(one, source=keys.get(one.source, one.source)) for one in before]
    _kept(problems, _after(data, edits), (), expected, path)
    return edits


def take_out(data: bytes, keys: Collection[str], path: str = PATH) -> list[Edit | Delete]:
    """Return the edits that take out the decisions on ``keys``; a file that says nothing any more is deleted.

    Raises `Refused` as `append` does.
    """
    before, problems = read(data, path)
    wanted = {one.location.start for one in before if one.source in keys}
    if not wanted:
        return []
    cuts = [(one.start, one.stop) for start, one in sections(data).items() if start in wanted]
    edits = [Edit(path, start, end, data[start:end], b"") for start, end in merged(data, cuts)]
    after = _after(data, edits)
    _kept(problems, after, (), [one for one in before if one.source not in keys], path)
    if not after.removeprefix(b"\xef\xbb\xbf").strip():
        return [Delete(path, data)]
    return list(edits)


def _after(data: bytes, edits: Sequence[Edit]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    return b"".join((*pieces, data[at:]))
