"""Zip archives as bytes: written the same each time, and read member by member without unpacking."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Archive", "pack"]

_WHEN = (1980, 1, 1, 0, 0, 0)
_MOST_MEMBERS = 100_000
_LARGEST_WHOLE = 128 << 20
_MOST_SWOLLEN = 200
_SMALL = 1 << 20
_ANEW = N_("Export the project anew from the program it comes from.")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return ``members`` as an archive, in their order, without dates: the same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def _swells(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member says that it unpacks to far more than text does, or to less than it takes packed.

    Only its header says so: `Archive.read` counts what really comes.
    """
    if member.compress_size > member.file_size * 1.01 + 1024:
        return True
    text = member.filename.lower().endswith((".txt", ".qde", ".xml"))
    return text and member.file_size > max(_SMALL, member.compress_size * _MOST_SWOLLEN)


class Archive:
    """An archive that a stranger made. Names are looked up in any case; nothing is unpacked to the disk."""

    def __init__(self, data: bytes, shown: str, hint: str = _ANEW) -> None:
        """Read the table of contents; `Refused`, with ``hint``, for what is no archive, and for names that climb or stand twice."""
        self._shown = shown
        self._hint = hint
        self._room = _LARGEST_WHOLE
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise self._refused(N_("{path} is no zip archive, or a damaged one")) from error
        listed = [one for one in self._zip.infolist() if not one.is_dir()]
        if len(listed) > _MOST_MEMBERS:
            raise self._refused(N_("{path} holds too many files"))
        self._members: dict[str, zipfile.ZipInfo] = {}
        for one in listed:
            name = one.filename.lower()
            if name.startswith("/") or "\\" in name or ":" in name.split("/")[0] or ".." in name.split("/"):
                raise self._refused(N_("{path} holds a file whose name leads out of it"))
            if name in self._members:
                raise self._refused(N_("{path} holds two files of one name"))
            if _swells(one):
                raise self._refused(N_("{path} unpacks to more than can be read"))
            self._members[name] = one

    def _refused(self, sentence: str) -> Refused:
        return Refused(sentence, self._hint, path=self._shown)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it, in lower case."""
        return tuple(self._members)

    def read(self, name: str, largest: int) -> bytes | None:
        """Return the bytes of a member, None if there is none of that name. `Refused` beyond ``largest`` bytes, and if damaged."""
        member = self._members.get(name.lower())
        if member is None:
            return None
        try:
            with self._zip.open(member) as part:
                content = part.read(min(largest, self._room) + 1)
        except _BROKEN as error:
            raise self._refused(N_("{path} is no zip archive, or a damaged one")) from error
        self._room -= len(content)
        if len(content) > largest or self._room < 0:
            raise self._refused(N_("{path} unpacks to more than can be read"))
        return content
