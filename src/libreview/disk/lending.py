"""Documents of a word processor that lend their looks to ours: read part by part, with bounds, and packed anew.

A docx or odt is a zip archive that somebody may have made to harm: parts that swell to gigabytes, two parts of one name,
names that climb. Nothing is unpacked to the disk, sizes are those of the bytes that really come out, and pandoc is
given an archive of ours.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from libreview.disk import files
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = ["taken"]

_LARGEST = 64 << 20
_LARGEST_PART = 8 << 20  # pandoc takes a hundred times the room of an XML part
_LARGEST_WHOLE = 64 << 20
_MOST_PARTS = 2_000
_DEEPEST = 200
_PARTS = {"docx": "word/document.xml", "odt": "content.xml"}
_ENTITY = re.compile(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y\0|\0<\0!\0E\0N\0T\0I\0T\0Y")
_TAG = re.compile(rb"<(/?)[A-Za-z][^<>]*?(/?)>")


def taken(place: Path, form: str) -> bytes:
    """Return the document at ``place``, a docx or odt as ``form`` says, packed anew.

    Raises `NotFound` for no file, `Refused` for what is no such document or is beyond all measure.
    """
    path = place.expanduser()
    try:
        data = files.content(path, _LARGEST, str(place))
    except OSError as error:
        raise NotFound(N_("There is no reference document {path}"), path=place) from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive, place)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _none(place, form) from error
    if _PARTS[form] not in parts:
        raise _none(place, form)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name), content, kind, 1)
    return out.getvalue()


def _none(place: Path, form: str) -> Refused:
    hint = N_("Save a document of your word processor as {form}.")
    return Refused(N_("{path} is no {form} document"), hint, path=place, form=form)


def _strange(place: Path) -> Refused:
    return Refused(
        N_("{path} is not as a word processor writes documents; it was not used"),
        N_("Take one that you made yourself."),
        path=place,
    )


def _parts(archive: zipfile.ZipFile, place: Path) -> dict[str, bytes]:
    """Return the parts by name. Raises `Refused` where there are too many, too large, or oddly named ones."""
    listed = [one for one in archive.infolist() if not one.is_dir()]
    if len(listed) > _MOST_PARTS:
        raise _strange(place)
    parts: dict[str, bytes] = {}
    room = _LARGEST_WHOLE
    for one in listed:
        name = one.filename
        if name in parts or name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise _strange(place)
        with archive.open(one) as part:
            content = part.read(min(room, _LARGEST_PART) + 1)
        room -= len(content)
        if len(content) > _LARGEST_PART or room < 0 or (name.endswith((".xml", ".rels")) and _is_hostile(content)):
            raise _strange(place)
        parts[name] = content
    return parts


def _is_hostile(content: bytes) -> bool:
    """Return whether XML defines entities, or nests deeper than any document."""
    if _ENTITY.search(content):
        return True
    depth = 0
    for closing, single in _TAG.findall(content):
        if not single:
            depth += -1 if closing else 1
        if depth > _DEEPEST:
            return True
    return False
