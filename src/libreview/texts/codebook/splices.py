"""Changes to the codebook: slices of bytes, and the codebook that they make is read back before they are handed on.

A theme is renamed at its header's name, and a line of its table is changed at its value, so that comments, alignment, line
ends and the tables beside it (broken ones, too) stay byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from libreview.model import Edit, Problem, Theme
from libreview.texts.codebook.reading import SPELLINGS, read
from libreview.texts.codebook.writing import label_of, list_of, name_of
from libreview.texts.toml import string
from libreview.texts.toml_tables import HEADER, Line, Section, Statement, load, merged, sections, statements
from libreview.value import replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["mentioned", "rewrite"]

_ORDER = ("label", "parent", "definition", "include", "exclude", "examples", "colour", "aliases")


# Mentions of a theme in the words of others ---------------------------------------------------------------------------


def _mention(names: Iterable[str]) -> re.Pattern[str]:
    """Return what a theme is mentioned by: its id after ``#``, or alone if a hyphen shows that it is no word of prose."""
    found: list[str] = []
    for name in sorted(names, key=len, reverse=True):
        found.append(("(?:#|(?<![\\w#/-]))" if "-" in name else "#") + f"(?P<_{len(found)}>{re.escape(name)})")
    return re.compile(f"(?:{'|'.join(found)})(?![\\w/-])")


def mentioned(text: str, names: Mapping[str, str]) -> str:
    """Return ``text`` with the themes that it mentions, ``#old`` or with a hyphen in it, called by their new ``names``."""
    if not any(name in text for name in names):
        return text
    return _mention(names).sub(lambda match: _called(match, names), text)


def _called(match: re.Match[str], names: Mapping[str, str]) -> str:
    old = match[match.lastindex or 0]
    return match[0].removesuffix(old) + names[old]


# Rewriting ------------------------------------------------------------------------------------------------------------


def rewrite(
    data: bytes, path: str, wanted: Mapping[str, Theme | None], names: Mapping[str, str] | None = None
) -> tuple[Edit, ...]:
    """Return the edits that make each theme, by its id, what is ``wanted``; None takes its table out.

    Another id is put into the header, other fields are changed line by line. Where ``names`` says how themes are called
    now, words are changed where they mention them. Raises `Refused` if the codebook would not be read back so.
    """
    before, problems = read(data, path)
    tables = sections(data)
    edits: list[Edit] = []
    cuts: list[tuple[int, int]] = []
    for id, theme in wanted.items():
        old = before.themes.get(id)
        if old is None:
            raise _changed(path)
        section = tables[old.location.start]
        if theme is None:
            cuts.append((section.start, section.stop))
        else:
            edits += _rewritten(data, path, section, old, theme, names or {})
    edits += [Edit(path, start, end, data[start:end], b"") for start, end in merged(data, cuts)]
    edits.sort(key=lambda edit: (edit.start, edit.end))
    _kept(data, path, edits, problems, _expected(before.themes, wanted))
    return tuple(edits)


def _expected(before: Mapping[str, Theme], wanted: Mapping[str, Theme | None]) -> list[Theme]:
    changed = (wanted.get(id, theme) for id, theme in before.items())
    return [theme for theme in changed if theme is not None]


def _changed(path: str) -> Refused:
    return Refused(N_("{path} changed on disk since it was read; nothing was written"), N_("Try again."), path=path)


def _kept(data: bytes, path: str, edits: Sequence[Edit], problems: Sequence[Problem], expected: list[Theme]) -> None:
    """Raise `Refused` unless ``edits`` make a codebook of the themes ``expected`` without new problems."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    after, found = read(b"".join([*pieces, data[at:]]), path)
    made = [
        replace(theme, location=other.location) for theme, other in zip(after.themes.values(), expected, strict=False)
    ]
    more = Counter(one.code for one in found) - Counter(one.code for one in problems)
    if made != expected or len(after.themes) != len(expected) or more:
        raise Refused(
            N_("{path} would be read differently after this change"),
            N_("Correct first what libreview check says of it, or change it by hand."),
            path=path,
        )


def _rewritten(
    data: bytes, path: str, section: Section, old: Theme, new: Theme, names: Mapping[str, str]
) -> list[Edit]:
    """Return the edits of one table."""
    edits = [] if old.id == new.id else [_renamed(data, path, section.header, new.id)]
    own = [replace(one, field=SPELLINGS.get(one.field, one.field)) for one in statements(data, section.table)]
    fresh: dict[int, list[bytes]] = {}
    for field in _ORDER:
        before, value = getattr(old, field), getattr(new, field)
        if value == before:
            continue
        lines = [one for one in own if one.field == field]
        if not value:
            edits += [Edit(path, one.start, one.end, data[one.start : one.end], b"") for one in lines]
        elif lines:
            edits += _set(data, path, lines, before, value, names)
        else:
            after = _neighbour(own, field) if not isinstance(load(section.table.text()), str) else None
            place, width = (after.end, _column(data, own)) if after else (section.header.end, 0)
            fresh.setdefault(place, []).append(f"{field.ljust(width - 1)} = ".encode() + _written(value))
    eol = _eol(data, section.header)
    for place, rows in fresh.items():
        glued = data[place - 1 : place] not in (b"\n", b"\r")
        new_lines = eol + eol.join(rows) if glued else b"".join(row + eol for row in rows)
        edits.append(Edit(path, place, place, b"", new_lines))
    return edits


def _eol(data: bytes, header: Line) -> bytes:
    raw = data[header.start : header.end]
    if raw.endswith((b"\n", b"\r")):
        return raw[len(raw.rstrip(b"\r\n")) :]
    return b"\r\n" if b"\r\n" in data else b"\n"


def _renamed(data: bytes, path: str, header: Line, id: str) -> Edit:
    """Return the edit of the name in a header."""
    match = HEADER.match(data[header.start : header.end].decode("latin-1"))  # a character is a byte
    if match is None:
        raise _changed(path)
    start, end = header.start + match.start(2), header.start + match.end(2)
    return Edit(path, start, end, data[start:end], name_of(id).encode())


def _neighbour(own: Sequence[Statement], field: str) -> Statement | None:
    """Return the statement behind which one of ``field`` is put: the last one that comes before it in the usual order."""
    before = _ORDER[: _ORDER.index(field)]
    return next((one for one in reversed(own) if one.field in before), None)


def _column(data: bytes, own: Sequence[Statement]) -> int:
    """Return the column in which all ``=`` of a table stand, 0 if blanks before them do not put them below each other."""
    columns = {one.equals - one.start for one in own if not one.dotted}
    padded = any(data[one.equals - 2 : one.equals] == b"  " for one in own)
    return columns.pop() if padded and len(columns) == 1 else 0


def _set(
    data: bytes, path: str, lines: Sequence[Statement], old: object, value: object, names: Mapping[str, str]
) -> list[Edit]:
    """Return the edits that give a field, written at ``lines``, another value."""
    first = lines[0]
    if first.dotted:
        new = data[first.start : first.value].split(b".")[0].rstrip(b" \t") + b" = " + _written(value)
        gone = [Edit(path, one.start, one.end, data[one.start : one.end], b"") for one in lines[1:] if one.dotted]
        return [Edit(path, first.start, first.value_end, data[first.start : first.value_end], new), *gone]
    start, end = first.value, first.value_end
    raw = data[start:end]
    if isinstance(old, tuple) and isinstance(value, tuple) and old and value[: len(old)] == old and raw[:1] == b"[":
        more = "".join(f", {string(str(one))}" for one in value[len(old) :]).encode()
        return [Edit(path, first.last, first.last, b"", more)]
    written = mentioned(raw.decode("utf-8", "surrogateescape"), names).encode("utf-8", "surrogateescape")
    follows = mentioned(str(old), names) == value and mentioned(_text(raw), names) == _text(written)
    if follows and written != raw:  # all else of the text stays as it is written
        return [Edit(path, start, end, raw, written)]
    return [Edit(path, start, end, raw, _written(value))]


def _text(written: bytes) -> str:
    """Return the text that a value is, whatever ends its lines; "" if it is none."""
    loaded = load("x = " + written.decode("utf-8", "replace").replace("\r", "\n"))
    return str(loaded["x"]) if isinstance(loaded, dict) else ""


def _written(value: object) -> bytes:
    """Return a value as TOML."""
    if isinstance(value, Mapping):
        return label_of(value).encode()
    return (list_of(value) if isinstance(value, tuple) else string(str(value))).encode()
