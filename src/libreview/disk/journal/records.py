"""What the journal writes down: which slices of which files are replaced, signed by the user on whose machine it happened.

A record is three parts in one file: the signature on a line, the description as JSON on a line, and the bytes that are put
in, one after the other. The signature is HMAC-SHA256 (RFC 2104) under a random token that only this user has, so that a folder
from elsewhere cannot bring changes with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hmac
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from libreview.disk import digests, files, places
from libreview.value import Value, decode, encode
from libreview.words.errors import Refused

__all__ = [
    "FileRecord",
    "Kind",
    "Record",
    "Slice",
    "Written",
    "backwards",
    "digest",
    "read",
    "read_file",
    "replaced",
    "token",
    "written",
]

Kind = Literal["do", "undo", "redo"]


class Slice(Value, frozen=True, array_like=True):
    """``length`` bytes from ``start`` become the next ``size`` bytes of the record."""

    start: int
    length: int
    size: int


class FileRecord(Value, frozen=True):
    """What happens to one file. ``before`` and ``after`` are digests, empty where there is no file.

    ``spare`` is the name of the file beside it that holds the new content until it is put in place.
    """

    path: str
    before: str
    after: str
    slices: tuple[Slice, ...] = ()
    spare: str = ""


class Record(Value, frozen=True):
    """A change of several files: its ``number`` in the history, when it was made (ISO 8601), what it did in one line.

    ``folders`` are those that have to be made for it. ``partial``: some files of the change that it takes back stay as they are.
    """

    number: int
    time: str
    summary: str
    kind: Kind
    files: tuple[FileRecord, ...]
    folders: tuple[str, ...] = ()
    partial: bool = False


class Written(Value, frozen=True):
    """A record as it was read: its bytes for each file, and whether this user made it on this machine."""

    record: Record
    bytes_of: dict[str, bytes]
    own: bool


def digest(content: bytes | None) -> str:
    """Return the digest of a content, an empty text for no file."""
    return "" if content is None else digests.hexadecimal(content)


def token() -> bytes:
    """Return this user's secret on this machine, made when it is first needed.

    Where it cannot be kept it lasts as long as the process: what that signs is accepted by nobody later.
    """
    place = places.state_folder() / "token"
    found = _kept(place)
    if not found:
        with contextlib.suppress(OSError):
            _make(place)
            found = _kept(place)
    return found or _passing(place)


_TOKEN = 32


def _kept(place: Path) -> bytes:
    with contextlib.suppress(OSError):
        found = place.read_bytes()
        return found if len(found) >= _TOKEN else b""
    return b""


def _make(place: Path) -> None:
    """Make a token, unless another process is quicker: then its token counts for both. OSError.

    There is no second file that could be left behind: one that was not written to its end is written again.
    """
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_size < _TOKEN:
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            files.write_all(descriptor, os.urandom(_TOKEN))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@functools.lru_cache(4)
def _passing(_place: Path) -> bytes:
    """Return the token of this process, where none can be kept."""
    return os.urandom(_TOKEN)


def written(record: Record, pieces: Sequence[bytes], secret: bytes) -> bytes:
    """Return the record as the bytes of its file; ``pieces`` are what its slices put in, in order."""
    body = b"".join((encode(record), b"\n", *pieces))
    return hmac.new(secret, body, "sha256").hexdigest().encode() + b"\n" + body


def read(data: bytes, secret: bytes) -> Written:
    """Return what `written` made. ValueError if it is none, or if its parts do not fit each other."""
    signature, _, body = data.partition(b"\n")
    description, found, rest = body.partition(b"\n")
    try:
        record = decode(description, Record)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if not found or any(
        one.start < 0 or one.length < 0 or one.size < 0 for file in record.files for one in file.slices
    ):
        raise ValueError("the record is damaged")
    at = 0
    bytes_of: dict[str, bytes] = {}
    for file in record.files:
        size = sum(one.size for one in file.slices)
        bytes_of[file.path] = rest[at : at + size]
        at += size
    if at != len(rest) or len(bytes_of) != len(record.files):
        raise ValueError("the record is damaged")
    own = hmac.compare_digest(signature, hmac.new(secret, body, "sha256").hexdigest().encode())
    return Written(record, bytes_of, own)


def read_file(place: Path, secret: bytes) -> Written:
    """Return the record in the file ``place``. OSError, ValueError."""
    if place.is_symlink():
        raise ValueError("it is no record")
    try:
        data = files.content(place)
    except Refused as error:  # a pipe, or too large
        raise ValueError("it is no record") from error
    return read(data, secret)


def _parts(file: FileRecord, put_in: bytes) -> Iterator[tuple[Slice, bytes]]:
    at = 0
    for one in file.slices:
        yield one, put_in[at : at + one.size]
        at += one.size


def replaced(content: bytes | None, file: FileRecord, put_in: bytes) -> bytes | None:
    """Return the content of ``file`` after it (None: no file). ValueError if the record does not fit ``content``."""
    if not file.after:
        return None
    old = content or b""
    pieces: list[bytes] = []
    done = 0
    for one, new in _parts(file, put_in):
        if one.start < done or one.start + one.length > len(old):
            raise ValueError(f"the record does not fit {file.path}")
        pieces += (old[done : one.start], new)
        done = one.start + one.length
    made = b"".join((*pieces, old[done:]))
    if digest(made) != file.after:
        raise ValueError(f"the record does not fit {file.path}")
    return made


def backwards(content: bytes | None, file: FileRecord) -> tuple[FileRecord, list[bytes]]:
    """Return what takes ``file`` back to ``content``, and the bytes that puts in. A file that was made is only removed."""
    if content is None:
        return FileRecord(file.path, file.after, ""), []
    if not file.after:
        return FileRecord(file.path, "", file.before, (Slice(0, 0, len(content)),)), [content]
    slices: list[Slice] = []
    pieces: list[bytes] = []
    shift = 0
    for one in file.slices:
        slices.append(Slice(one.start + shift, one.size, one.length))
        pieces.append(content[one.start : one.start + one.length])
        shift += one.size - one.length
    return FileRecord(file.path, file.after, file.before, tuple(slices)), pieces
