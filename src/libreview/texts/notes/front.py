"""The front matter of a note, as YAML sees the few forms that people use; every value is a string (grammar R1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from libreview.texts.notes.lines import Trouble

__all__ = ["extent", "front", "quoted", "source_key", "write_front"]

_ENTRY = re.compile(r"(?P<key>[^\s:#\-][^:]*):(?:[ \t]+(?P<value>.*))?", re.DOTALL)
_SPECIAL = "@[]{}>|*&!%'\"`#?,-: \t"
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


class Front(NamedTuple):
    """The front matter: its entries, the line of each, the number of lines it takes (0 if there is none), what is wrong."""

    fields: dict[str, str]
    places: dict[str, int]
    size: int
    troubles: list[Trouble]


def front(lines: list[str]) -> Front:
    """Return the front matter that ``lines`` begin with. Names are in lower case; the first of two entries counts."""
    if not lines or lines[0].rstrip(" \t") != "---":
        return Front({}, {}, 0, [])
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip(" \t") in ("---", "...")), 0)
    if not end:
        return Front({}, {}, 0, [Trouble("front-matter-open", 0, "---")])
    fields: dict[str, str] = {}
    places: dict[str, int] = {}
    troubles: list[Trouble] = []
    at = 1
    while at < end:
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        match = _ENTRY.fullmatch(line)
        if match is None:
            troubles.append(Trouble("front-matter-line", at, line.strip()))
            at += 1
            continue
        key = match["key"].strip().strip("\"'").lower()
        more = extent(lines, at, end)
        if key in fields:
            troubles.append(Trouble("field-twice", at, key))
        else:
            fields[key] = _value((match["value"] or "").strip(), lines[at + 1 : more])
            places[key] = at
        at = more
    return Front(fields, places, end + 1, troubles)


def extent(lines: list[str], at: int, end: int) -> int:
    """Return the line after the entry that begins at the line ``at`` and the lines that continue it."""
    more = at + 1
    while more < end and (not lines[more].strip() or lines[more][0] in " \t" or lines[more].startswith("- ")):
        more += 1
    return more


def _value(value: str, more: list[str]) -> str:
    """Return the text of one entry: ``value`` on its line, and the lines that continue it."""
    style = _uncommented(value)
    if style[:1] in ("|", ">") and not style[1:].strip("+-0123456789"):
        texts = [line.strip() for line in more]
        while texts and not texts[-1]:
            texts.pop()
        return "\n".join(texts) if style[0] == "|" else " ".join(text for text in texts if text)
    texts = [text for line in more if (text := line.strip()) and not text.startswith("#")]
    if not value and texts and all(text.startswith("- ") or text == "-" for text in texts):
        return ", ".join(item for text in texts if (item := _scalar(text[1:].strip())))
    whole = " ".join([value, *texts]) if texts else value
    if whole[:1] in ("'", '"'):
        return _scalar(whole)
    whole = _uncommented(whole)
    if whole.startswith("[") and whole.endswith("]") and not whole.startswith("[["):
        return ", ".join(item for part in _parts(whole[1:-1]) if (item := _scalar(part.strip())))
    return whole


def _uncommented(text: str) -> str:
    if text.startswith("#"):
        return ""
    at = text.find(" #")
    tab = text.find("\t#")
    ends = [end for end in (at, tab) if end >= 0]
    return text[: min(ends)].rstrip() if ends else text


def _scalar(text: str) -> str:
    """Return ``text`` without its quotes, or without the comment that follows it."""
    quote = text[:1]
    if quote not in ("'", '"'):
        return _uncommented(text)
    at = 1
    while at < len(text):
        if quote == '"' and text[at] == "\\":
            at += 2
        elif text[at] == quote:
            if quote == "'" and text[at + 1 : at + 2] == "'":
                at += 2
                continue
            break
        else:
            at += 1
    else:
        return _uncommented(text)
    rest = text[at + 1 :].strip()
    if rest and not rest.startswith("#"):
        return _uncommented(text)
    inner = text[1:at]
    if quote == "'":
        return inner.replace("''", "'")
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), inner) if "\\" in inner else inner


def _parts(text: str) -> list[str]:
    """Return the members of a flow list; a comma inside quotes does not part them."""
    parts: list[str] = []
    start = 0
    quote = ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and not text[start:at].strip():
            quote = char
        elif char == ",":
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts


def source_key(value: str) -> str:
    """Return the key in ``k``, ``@k`` or ``[[@k]]``."""
    key = value.strip()
    if key.startswith("[[") and key.endswith("]]"):
        key = key[2:-2].partition("|")[0].strip()
    key = key.removeprefix("@")
    return key[1:-1] if key.startswith("{") and key.endswith("}") else key


def write_front(fields: Mapping[str, str]) -> str:
    """Return ``fields`` as front matter; values that YAML would read as something else are quoted."""
    return "---\n" + "".join(f"{key}: {quoted(value)}\n" for key, value in fields.items()) + "---\n"


def quoted(value: str) -> str:
    """Return ``value`` as it stands in front matter, in quotes if YAML would read it as something else."""
    if not value:
        return '""'
    if any(char in value for char in "\n\r\t\0"):
        table = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
        return '"' + "".join(table.get(char, char) for char in value) + '"'
    plain = value[0] not in _SPECIAL and value == value.strip() and ": " not in value and " #" not in value
    if plain and not value.endswith(":"):
        return value
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"
