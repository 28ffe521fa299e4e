"""The record of imports, ``sources/imports.toml``: read, corrected, and compared with the files that it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from libreview.deeds import collecting
from libreview.model import Change, Problem
from libreview.review import Review
from libreview.texts import provenance
from libreview.texts.provenance import PATH, Import
from libreview.value import replace
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = ["correct", "digest", "find", "imports", "problems", "recorded", "search_text"]

_LONGEST = 64 * 1024
"""So many bytes a search may have."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file (FIPS 180-4), by which a copy of it can be known."""
    return hashlib.sha256(data).hexdigest()


def search_text(typed: str) -> str:
    """Return a search as it is recorded: ``typed``, or what is in the file after an ``@``. `Refused` if it cannot be read."""
    text = typed
    if typed.startswith("@") and len(typed) > 1:
        path = Path(typed[1:])
        text = collecting.bytes_of(path).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if len(text.encode("utf-8", "replace")) > _LONGEST:
        raise Refused(N_("A search of more than {n} kB is not recorded"), n=_LONGEST // 1024)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n").encode("utf-8", "replace").decode()


def recorded(review: Review) -> tuple[bytes | None, tuple[Import, ...]]:
    """Return the bytes of the record (None if there is none yet) and the imports in it."""
    if not review.exists(PATH):
        return None, ()
    data = review.read(PATH)
    return data, provenance.read(data)[0]


def imports(review: Review) -> tuple[Import, ...]:
    """Return what was imported, in the order in which it came."""
    return recorded(review)[1]


def find(known: tuple[Import, ...], ref: str) -> Import:
    """Return the import that ``ref`` names: by its number, or the last one of a file. `NotFound` if there is none."""
    if ref.isdecimal() and 1 <= int(ref[:9]) <= len(known):
        return known[int(ref) - 1]
    name = ref.replace("\\", "/").rsplit("/", 1)[-1]
    found = next((one for one in reversed(known) if name and name in (one.file, one.raw.rsplit("/", 1)[-1])), None)
    if found is None:
        near = () if ref.isdecimal() else tuple(dict.fromkeys(one.file for one in known if one.file))[-3:]
        raise NotFound(
            N_('There is no import "{name}"'),
            N_("libreview imports shows their numbers and files."),
            near=near,
            name=ref,
        )
    return found


def correct(review: Review, ref: str, database: str | None, search: str | None) -> tuple[Change, Import]:
    """Return the change that gives an import another database or search (None: stays), and the import as it then is."""
    data, known = recorded(review)
    one = find(known, ref)
    texts = {name: text for name, text in (("database", database), ("search", search)) if text is not None}
    if data is None:
        raise Refused(N_("Nothing was imported yet"), N_("libreview import FILE"))
    edits = provenance.change(data, one.number, texts)
    return Change(edits, f"describe import {one.number}, {one.file}"), replace(one, **texts)


def problems(review: Review) -> Iterator[Problem]:
    """Yield what is wrong in the record, and the raw files that are not any more what came."""
    if not review.exists(PATH):
        return
    try:
        data = review.read(PATH)
    except Refused as error:
        yield Problem("import-line", provenance.Import().location, str(error.facts.get("reason", PATH)))
        return
    found, wrong = provenance.read(data)
    yield from wrong
    looked: dict[str, str] = {}
    for one in found:
        if one.raw and one.raw not in looked:
            looked[one.raw] = _digest_of(review, one.raw)
        if one.raw and not looked[one.raw]:
            yield Problem("import-raw-missing", one.location, one.raw)
        elif one.raw and one.sha256 and looked[one.raw] != one.sha256.lower():
            yield Problem("import-raw-changed", one.location, one.raw)


def _digest_of(review: Review, path: str) -> str:
    """Return the digest of a file, empty if it cannot be read."""
    try:
        return digest(review.read(path)) if review.exists(path) else ""
    except Refused:
        return ""
