"""Archives that a stranger made are read by name, within bounds; ours are the same bytes each time."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest

from libreview.disk.archives import Archive, pack
from libreview.words.errors import Refused


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_what_is_packed_is_read_and_is_the_same_each_time() -> None:
    members = {"project.qde": b"<x/>", "sources/a.txt": "é".encode()}
    data = pack(members)
    assert data == pack(members)
    archive = Archive(data, "a.qdpx")
    assert archive.names == tuple(members)
    assert archive.read("Sources/A.TXT", 100) == "é".encode()
    assert archive.read("b.txt", 100) is None


@pytest.mark.parametrize(
    "members",
    [
        [("../a", b"")],
        [("/a", b"")],
        [("a\\b", b"")],
        [("C:/a", b"")],
        [("sources/../../a", b"")],
        [("a", b"1"), ("a", b"2")],
        [("Project.qde", b"1"), ("project.qde", b"2")],
    ],
)
def test_names_that_climb_or_stand_twice_are_refused(members: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Refused):
        Archive(zipped(*members), "a.qdpx")


def test_a_bomb_is_read_no_further_than_its_bound() -> None:
    archive = Archive(zipped(("film.mp4", b"\0" * (40 << 20))), "a.qdpx")
    with pytest.raises(Refused):
        archive.read("film.mp4", 1 << 20)


def test_a_text_that_swells_or_lies_about_its_size_is_not_even_opened() -> None:
    bomb = zipped(("project.qde", b"<x/>"), ("sources/a.txt", b"\0" * (40 << 20)))
    with pytest.raises(Refused):
        Archive(bomb, "a.qdpx")
    size = (40 << 20).to_bytes(4, "little")
    with pytest.raises(Refused):
        Archive(bomb.replace(size, (100).to_bytes(4, "little")), "a.qdpx")


def test_what_all_files_hold_together_is_bounded() -> None:
    archive = Archive(zipped(*((f"{n}.bin", b"\0" * (30 << 20)) for n in range(5))), "a.qdpx")
    *most, last = archive.names
    assert all(archive.read(name, 32 << 20) for name in most)
    with pytest.raises(Refused):
        archive.read(last, 32 << 20)


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", pack({"a": b"x" * 999})[:-30]])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        Archive(data, "a.qdpx")


def test_a_damaged_member_is_refused() -> None:
    data = bytearray(pack({"a": b"some words that are not repeated"}))
    data[40] ^= 255
    with pytest.raises(Refused):
        Archive(bytes(data), "a.qdpx").read("a", 100)
