"""Records of changes: read back as written, refused when damaged, signed by the user who made them."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.disk import files, places
from libreview.disk.journal import records
from libreview.disk.journal.records import FileRecord, Record, Slice

SECRET = b"s" * 32
OLD, NEW = b"one two three", b"1 two 3!"
FILE = FileRecord("a.md", records.digest(OLD), records.digest(NEW), (Slice(0, 3, 1), Slice(8, 5, 2)), ".spare")
MADE = FileRecord("b.md", "", records.digest(b"new"), (Slice(0, 0, 3),))
GONE = FileRecord("c.md", records.digest(b"gone"), "")
RECORD = Record(7, "2024-01-01T00:00:00+00:00", "three files", "do", (FILE, MADE, GONE), ("n", "n/m"), True)
DATA = records.written(RECORD, [b"1", b"3!", b"new"], SECRET)


def signed(body: bytes) -> bytes:
    return b"0" * 64 + b"\n" + body


def test_a_record_is_read_as_it_was_written() -> None:
    found = records.read(DATA, SECRET)
    assert found.record == RECORD
    assert found.bytes_of == {"a.md": b"13!", "b.md": b"new", "c.md": b""}
    assert found.own
    assert not records.read(DATA, b"other").own
    assert not records.read(b"0" + DATA[1:] if DATA[:1] != b"0" else b"1" + DATA[1:], SECRET).own


def test_a_record_takes_back_a_whole_change_unless_it_says_otherwise() -> None:
    assert not Record(1, "", "", "do", ()).partial


def test_the_signature_is_that_of_the_standard() -> None:
    body = DATA.split(b"\n", 1)[1]
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in SECRET.ljust(64, b"\0")) + body).digest()
    outer = hashlib.sha256(bytes(one ^ 0x5C for one in SECRET.ljust(64, b"\0")) + inner).hexdigest()
    assert DATA.split(b"\n", 1)[0].decode() == outer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        DATA[:-1],
        DATA + b"x",
        DATA.split(b"\n")[0] + b"\n" + DATA.split(b"\n")[1],
        DATA.replace(b"[0,3,1]", b"[-1,3,1]"),
        DATA.replace(b"[0,3,1]", b"[0,-3,1]"),
        DATA.replace(b"[0,3,1],[8,5,2]", b"[0,3,4],[8,5,-1]"),
        DATA.replace(b"b.md", b"a.md"),
        signed(b"[" * 100_000 + b"\n"),
        signed(b'{"number": "x"}\n'),
    ],
)
def test_a_damaged_record_is_none(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (which sentence it says is not promised)
        records.read(data, SECRET)


def test_a_slice_may_be_empty_at_the_beginning() -> None:
    assert records.read(DATA.replace(b"[0,3,1],[8,5,2]", b"[0,0,0],[0,0,3]"), SECRET).bytes_of["a.md"] == b"13!"


def test_a_record_is_a_file_of_sensible_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "record"
    place.write_bytes(DATA)
    (tmp_path / "link").symlink_to("record")
    assert records.read_file(place, SECRET).own
    with pytest.raises(ValueError, match="no record"):
        records.read_file(tmp_path / "link", SECRET)
    monkeypatch.setattr(files, "LARGEST", len(DATA))
    assert records.read_file(place, SECRET).own
    monkeypatch.setattr(files, "LARGEST", len(DATA) - 1)
    with pytest.raises(ValueError, match="no record"):
        records.read_file(place, SECRET)


def test_the_secret_is_made_once_and_for_the_user_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    place = places.state_folder() / "token"
    before = os.umask(0)
    try:
        made = records.token()
    finally:
        os.umask(before)
    assert len(made) == 32
    assert records.token() == made == place.read_bytes()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    place.write_bytes(made[:-1])  # it was cut while it was written
    again = records.token()
    assert len(again) == 32
    assert again[:-1] != made[:-1]
    assert place.read_bytes() == again
    place.write_bytes(again + b"more")
    assert records.token() == again + b"more"


def test_a_secret_that_cannot_be_kept_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "file" / "state"))
    assert len(records.token()) == 32
    assert records.token() == records.token()  # as long as the process lasts
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "token").symlink_to(tmp_path / "victim")
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "state"))
    assert len(records.token()) == 32
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize(
    ("content", "file", "put_in", "wanted"),
    [
        (OLD, FILE, b"13!", NEW),
        (None, MADE, b"new", b"new"),
        (b"gone", GONE, b"", None),
        (OLD, FILE, b"14!", ValueError),  # not what the digest says
        (OLD[:-1], FILE, b"13!", ValueError),  # too short
        (OLD, FileRecord("a.md", "", records.digest(b"xy"), (Slice(0, 2, 1), Slice(1, 12, 1))), b"xy", ValueError),
        (b"ab", FileRecord("a.md", "", records.digest(b"xy"), (Slice(0, 1, 1), Slice(1, 1, 1))), b"xy", b"xy"),
    ],
)
def test_what_a_record_makes_of_a_file(
    content: bytes | None, file: FileRecord, put_in: bytes, wanted: bytes | type[ValueError] | None
) -> None:
    if wanted is ValueError:
        with pytest.raises(ValueError, match=r"does not fit a\.md"):
            records.replaced(content, file, put_in)
    else:
        assert records.replaced(content, file, put_in) == wanted


@given(st.binary(max_size=40), st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.binary(max_size=6))))
def test_what_is_done_is_taken_back(old: bytes, parts: list[tuple[int, int, bytes]]) -> None:
    slices, put_in, new, done = [], b"", b"", 0
    for gap, length, piece in parts:
        start, end = min(done + gap, len(old)), min(done + gap + length, len(old))
        slices.append(Slice(start, end - start, len(piece)))
        put_in += piece
        new += old[done:start] + piece
        done = end
    new += old[done:]
    file = FileRecord("a", records.digest(old), records.digest(new), tuple(slices), ".spare")
    assert records.replaced(old, file, put_in) == new
    back, pieces = records.backwards(old, file)
    assert (back.path, back.before, back.after, back.spare) == ("a", file.after, file.before, "")
    assert records.replaced(new, back, b"".join(pieces)) == old


def test_a_made_file_is_taken_back_by_removing_it_and_a_removed_one_by_making_it() -> None:
    assert records.backwards(None, MADE) == (FileRecord("b.md", MADE.after, ""), [])
    back, pieces = records.backwards(b"gone", GONE)
    assert back == FileRecord("c.md", "", GONE.before, (Slice(0, 0, 4),))
    assert records.replaced(None, back, b"".join(pieces)) == b"gone"
