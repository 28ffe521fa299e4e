"""Changes to a BibTeX file: new entries as text, and edits that touch the slice of one field or key, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libreview.model import Edit, Source
from libreview.texts.formats.bibtex import entry
from libreview.texts.formats.bibtex.encoding import chunk_codec, open_file, wide_codec
from libreview.texts.formats.bibtex.scanner import Block, scan
from libreview.texts.latex import balanced
from libreview.value import Value, replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["change_entry", "checked", "set_field", "set_key", "set_type", "strings_used", "write_entry"]

_NAME = re.compile(r"[^\W\d_][\w.:+/'-]*")
_KEY = re.compile(r"[^\s,={}()\"#%~\\@]+")
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_COMMA = re.compile(r"\s*+,")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MACRO = re.compile(rb"[=#]\s*+([A-Za-z][^\s,#{}\"=%]*+)")
_STRING_NAME = re.compile(rb"\s*+([^\s=,{}\"#%]++)\s*+=")

_CHANGED = N_("{path} has changed since it was read; nothing was written")
_READ_AGAIN = N_("Run the command again.")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Refused(N_('"{name}" cannot be the name of a field'), N_("Use letters, digits and hyphens."), name=name)
    return name.lower()


def _checked_key(key: str) -> str:
    if not _KEY.fullmatch(key) or not key.isprintable():
        raise Refused(
            N_('"{key}" cannot be a citation key'), N_("Use letters, digits, hyphens, colons and dots."), key=key
        )
    return key


def _held(raw: str) -> str:
    """Return ``raw`` so that braces can hold it: a brace without partner is written as a command."""
    raw = _SURROGATE.sub("\ufffd", raw)
    if balanced(raw):
        return raw
    alone: set[int] = set()
    waiting: list[int] = []
    for match in re.finditer(r"[{}]", raw):
        if match.group() == "{":
            waiting.append(match.start())
        elif waiting:
            waiting.pop()
        else:
            alone.add(match.start())
    alone.update(waiting)
    names = {"{": "\\textbraceleft ", "}": "\\textbraceright "}
    return "".join(names[letter] if at in alone else letter for at, letter in enumerate(raw))


def write_entry(key: str, type: str, fields: Mapping[str, str]) -> str:
    """Return a new entry, one field a line. Values are raw, as in `Source.fields`; reading gives them back unchanged.

    Raises `Refused` for a key, type or name of a field that BibTeX cannot hold.
    """
    if not _TYPE.fullmatch(type):
        raise Refused(N_('"{type}" cannot be the type of a source'), N_("Use a word like article or book."), type=type)
    lines = [f"@{type.lower()}{{{_checked_key(key)},\n"]
    lines += [f"  {_checked_name(name)} = {{{_held(raw)}}},\n" for name, raw in fields.items()]
    return "".join(lines) + "}\n"


class _Chunk(Value, frozen=True):
    """The entry of a source as it lies in the file, decoded."""

    text: str
    codec: str
    body: int
    end: int
    fields: int
    key: tuple[int, int]
    escaped: bool

    def bytes_to(self, at: int) -> int:
        return len(self.text[:at].encode(self.codec))


def _chunk(data: bytes, source: Source) -> _Chunk:
    """Return the entry at the place of ``source``. Raises `Refused` if another thing stands there."""
    place = source.location
    raw = data[place.start : place.end]
    codec = wide_codec(data)[0] or chunk_codec(raw)
    text = raw.decode(codec, "replace")
    encoded = text.encode("utf-8", "replace")
    block = next(scan(encoded), None) if text.startswith("@") else None
    if block is None or block.end != len(encoded) or block.state not in ("whole", "escaped"):
        raise Refused(_CHANGED, _READ_AGAIN, path=place.path)
    body, end = block.body, len(text) - 1  # what stands before the body is ASCII
    span = entry.key_span(text, body, end)
    if span is None or text[span[0] : span[1]] != source.key:
        raise Refused(_CHANGED, _READ_AGAIN, path=place.path)
    return _Chunk(text, codec, body, end, span[2], (span[0], span[1]), block.state == "escaped")


def checked(data: bytes, source: Source) -> None:
    """Raise `Refused` unless ``source`` stands in the file ``data`` where it was read."""
    _chunk(data, source)


def _file_codec(data: bytes, new: str) -> str:
    """Return the encoding for ``new`` in an entry without accents: the file's, if it can hold it and tell it apart."""
    codec = chunk_codec(data)
    if codec != "utf-8":
        encoded = new.encode("cp1252", "ignore")
        if chunk_codec(encoded) == "cp1252" and encoded.decode("cp1252") == new:
            return "cp1252"
    return "utf-8"


def _edit(data: bytes, source: Source, chunk: _Chunk, start: int, end: int, new: str) -> Edit:
    """Return the edit that puts ``new`` in place of the characters ``start:end`` of the entry."""
    codec = chunk.codec
    if codec == "utf-8" and chunk.text.isascii() and not new.isascii():
        codec = _file_codec(data, new)
    try:
        encoded = new.encode(codec)
    except UnicodeEncodeError as error:
        raise Refused(
            N_("{path} is in the encoding {codec}, which has no {letter}"),
            N_("Save the file as UTF-8 first."),
            path=source.location.path, codec=codec, letter=new[error.start],
        ) from error  # fmt: skip
    first = source.location.start + chunk.bytes_to(start)
    last = first + len(chunk.text[start:end].encode(chunk.codec))
    return Edit(source.location.path, first, last, data[first:last], encoded)


def set_field(data: bytes, source: Source, name: str, raw: str | None) -> Edit:
    """Return the edit that gives the field ``name`` of ``source`` the value ``raw``, or takes the field out (None).

    Only the slice of that field is touched. Raises `Refused` if the entry has changed, if the braces of ``raw`` do not
    balance, if the file's encoding cannot hold it, or if there is no such field to take out.
    """
    name = _checked_name(name)
    if raw is not None and not balanced(raw):
        raise Refused(N_("The braces of the new {name} do not balance"), N_("Give each brace its partner."), name=name)
    chunk = _chunk(data, source)
    outline = entry.outline(chunk.text, chunk.fields, chunk.end, escaped=chunk.escaped)
    parts = outline.parts
    part = next((part for part in parts if part.name == name and part.pieces), None)
    part = part or next((part for part in parts if part.name == name), None)
    if part is not None and raw is not None:
        edit = _edit(data, source, chunk, part.value, part.end, f"{{{raw}}}" if part.pieces else f" {{{raw}}}")
    elif part is not None:
        edit = _edit(data, source, chunk, *_field_slice(chunk.text, part, chunk.end), "")
    elif raw is not None:
        edit = _edit(data, source, chunk, *_new_field(chunk, parts, name, raw))
    else:
        raise Refused(N_("{key} has no field {name}"), N_("libreview show {key}"), key=source.key, name=name)
    _read_back(data, source, chunk, edit, name, raw)
    return edit


def _field_slice(text: str, part: entry.Part, end: int) -> tuple[int, int]:
    """Return the slice of a field with its comma, and with its line if it has one of its own."""
    start, stop = part.start, part.end
    comma = _COMMA.match(text, stop, end)
    if comma:
        stop = comma.end()
    line_start = start
    while line_start and text[line_start - 1] in " \t":
        line_start -= 1
    line_end = stop
    while line_end < end and text[line_end] in " \t":
        line_end += 1
    if line_start and text[line_start - 1] in "\r\n" and line_end < end and text[line_end] in "\r\n":
        return line_start, line_end + (2 if text.startswith("\r\n", line_end) else 1)
    return start, stop


def _new_field(chunk: _Chunk, parts: tuple[entry.Part, ...], name: str, raw: str) -> tuple[int, int, str]:
    """Return where a new field goes and how it is written: after the last one, and like it."""
    text = chunk.text
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text or "\r" not in text else "\r"
    if not parts:
        comma = "" if "," in text[chunk.key[1] : chunk.fields] else ","
        place = chunk.key[1] if comma else chunk.fields
        return place, place, f"{comma}{newline}  {name} = {{{raw}}}{newline}"
    last = parts[-1]
    indent = last.start
    while indent and text[indent - 1] in " \t":
        indent -= 1
    own_line = indent > 0 and text[indent - 1] in "\r\n"
    lead = newline + text[indent : last.start] if own_line else " "
    column = last.value - last.start
    between = text[last.start + len(last.name) : last.value]
    equals = between if between.strip() == "=" and "\n" not in between and "\r" not in between else " = "
    label = f"{name}{equals}"
    if column > len(last.name) + 3 and equals.startswith("  "):
        label = f"{name.ljust(column - len(equals.lstrip(' ')))}{equals.lstrip(' ')}"
        label = label if label.startswith(f"{name} ") else f"{name} = "
    after = _COMMA.match(text, last.end, chunk.end)
    if after:
        return after.end(), after.end(), f"{lead}{label}{{{raw}}},"
    return last.end, last.end, f",{lead}{label}{{{raw}}}"


def _read_back(data: bytes, source: Source, chunk: _Chunk, edit: Edit, name: str, raw: str | None) -> None:
    """Raise `Refused` unless the changed entry says what it said, but for ``name``."""
    place = source.location
    changed = data[place.start : edit.start] + edit.new + data[edit.end : place.end]
    codec = wide_codec(data)[0] or chunk_codec(changed)
    text = changed.decode(codec, "replace")
    shift = len(text) - len(chunk.text)
    before, _ = entry.fields(chunk.text, chunk.fields, chunk.end, {}, escaped=chunk.escaped)
    span = entry.key_span(text, chunk.body, chunk.end + shift)
    after = {} if span is None else entry.fields(text, span[2], chunk.end + shift, {}, escaped=chunk.escaped)[0]
    repeated = name in after and raw is None
    before.pop(name, None)
    got = after.pop(name, None)
    if before != after or (raw is not None and got != raw) or (raw is None and repeated and got is None):
        raise Refused(
            N_("The entry {key} is too broken to change its {name} safely"),
            N_("Correct it by hand: libreview edit {key}"),
            key=source.key, name=name,
        )  # fmt: skip


def set_key(data: bytes, source: Source, key: str) -> Edit:
    """Return the edit that gives ``source`` a new key. Raises `Refused` if the entry has changed or the key is none."""
    chunk = _chunk(data, source)
    return _edit(data, source, chunk, *chunk.key, _checked_key(key))


def set_type(data: bytes, source: Source, type: str) -> Edit:
    """Return the edit that makes ``source`` an entry of another type. Raises `Refused` if the entry has changed."""
    if not _TYPE.fullmatch(type) or type.lower() in ("string", "comment", "preamble"):
        raise Refused(N_('"{type}" cannot be the type of a source'), N_("Use a word like article or book."), type=type)
    chunk = _chunk(data, source)
    word = _TYPE.search(chunk.text, 1, chunk.body)
    if word is None or word.group().lower() != source.type:
        raise Refused(_CHANGED, _READ_AGAIN, path=source.location.path)
    return _edit(data, source, chunk, *word.span(), type)


def change_entry(
    data: bytes, source: Source, fields: Mapping[str, str | None], key: str = "", type: str = ""
) -> Edit | None:
    """Return one edit that gives ``source`` all of ``fields`` (None: takes the field out), the key and the type, if any.

    None if that changes nothing. Raises `Refused` as `set_field` and `set_key` do.
    """
    place = source.location
    now = data
    for name, raw in fields.items():
        if raw is None and name not in source.fields:
            continue
        now, source = _done(now, source, set_field(now, source, name, raw))
    if key:
        now, source = _done(now, source, set_key(now, source, key))
    if type:
        now, source = _done(now, source, set_type(now, source, type))
    left = {name for name in source.fields if fields.get(name, "") is not None} | {
        n for n, raw in fields.items() if raw
    }
    if not left and _count(now) != _count(data):  # within a line, an entry is known by its first field
        raise Refused(
            N_("The entry {key} would not be read any more without its last field"),
            N_("Correct it by hand: libreview edit {key}"),
            key=source.key,
        )
    old, new = data[place.start : place.end], now[place.start : source.location.end]
    if old == new:
        return None
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - start
    end = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    cut = place.start + start
    return Edit(place.path, cut, place.end - end, old[start : len(old) - end], new[start : len(new) - end])


def _count(data: bytes) -> int:
    """Return how many blocks of a file are read as such."""
    opened = open_file(data)
    return sum(block.state != "text" for block in scan(opened.work, opened.first))


def _done(data: bytes, source: Source, edit: Edit) -> tuple[bytes, Source]:
    """Return the file and the source as they are after an edit inside the source's entry."""
    place = source.location
    moved = replace(place, end=place.end + len(edit.new) - len(edit.old))
    changed = data[: edit.start] + edit.new + data[edit.end :]
    codec = wide_codec(data)[0] or chunk_codec(changed[moved.start : moved.end])
    text = changed[moved.start : moved.end].decode(codec, "replace")
    chunk = next(scan(text.encode("utf-8", "replace")), None)
    span = entry.key_span(text, chunk.body, len(text) - 1) if chunk else None
    return changed, replace(source, location=moved, key=text[span[0] : span[1]] if span else source.key)


def _string_blocks(work: bytes, first: int) -> dict[str, list[Block]]:
    """Return the ``@string`` blocks by name, each with those that redefine it."""
    found: dict[str, list[Block]] = {}
    for block in scan(work, first):
        name = _STRING_NAME.match(work, block.body, block.end) if block.type == "string" else None
        if name and block.state == "whole":
            found.setdefault(name.group(1).decode("utf-8", "replace").lower(), []).append(block)
    return found


def strings_used(data: bytes, *sources: Source) -> bytes:
    """Return the ``@string`` blocks that the entries of ``sources`` need, byte for byte, in their order, a line each.

    They are in UTF-8 if the file is in a wide encoding.
    """
    opened = open_file(data)
    blocks = _string_blocks(opened.work, opened.first)
    if not blocks:
        return b""
    waiting = [data[source.location.start : source.location.end] for source in sources]
    if opened.codec:
        waiting = [chunk.decode(opened.codec, "replace").encode("utf-8") for chunk in waiting]
    needed: dict[int, Block] = {}
    while waiting:
        for name in _MACRO.findall(waiting.pop()):
            for block in blocks.get(name.decode("utf-8", "replace").lower(), ()):
                if block.start not in needed:
                    needed[block.start] = block
                    waiting.append(opened.work[block.start : block.end])
    return b"".join(opened.work[block.start : block.end] + b"\n" for _, block in sorted(needed.items()))
