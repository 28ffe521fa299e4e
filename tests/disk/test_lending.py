"""Documents that lend their looks: what is taken over, and what is refused."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from libreview.disk import lending
from libreview.pages.render import reference_document
from libreview.words.errors import NotFound, Refused


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


PARTS = {"word/document.xml": b"<document/>", "word/styles.xml": b"<styles/>", "word/media/image1.png": b"\x89PNG"}


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_our_own_documents_are_taken_part_by_part(form: str, tmp_path: Path) -> None:
    ours = reference_document.docx() if form == "docx" else reference_document.odt()
    place = tmp_path / f"ours.{form}"
    place.write_bytes(ours)
    with zipfile.ZipFile(io.BytesIO(lending.taken(place, form))) as made, zipfile.ZipFile(io.BytesIO(ours)) as given:
        assert made.namelist() == given.namelist()
        assert all(made.read(name) == given.read(name) for name in given.namelist())


@pytest.mark.parametrize(
    "parts",
    [
        {"../harm.xml": b"x"},
        {"/harm.xml": b"x"},
        {"a/../../harm": b"x"},
        {"C:harm": b"x"},
        {"word\\harm": b"x"},
        {"word/_rels/x.rels": b'<!ENTITY a "b">'},
        {"word/x.xml": '<!ENTITY a "b">'.encode("utf-16-be")},
        {"word/x.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'},
        {"word/x.xml": '<!ENTITY a "b">'.encode("utf-16-le")},
        {"word/x.xml": b"<a>" * 300},
        {"word/x.xml": b" " * (9 << 20)},
        {f"word/{n}.bin": b" " * (8 << 20) for n in range(9)},
        {f"word/{n}.bin": b"" for n in range(3_000)},
    ],
    ids=[
        "climbs",
        "absolute",
        "inner",
        "drive",
        "backslash",
        "rels",
        "utf-16-be",
        "entity",
        "entity-utf-16",
        "deep",
        "large-part",
        "large",
        "many",
    ],
)
def test_what_no_word_processor_writes_is_refused(parts: dict[str, bytes], tmp_path: Path) -> None:
    place = tmp_path / "x.docx"
    place.write_bytes(_archive({**PARTS, **parts}))
    with pytest.raises(Refused, match="not as a word processor writes"):
        lending.taken(place, "docx")


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    place = tmp_path / "x.docx"
    place.write_bytes(_archive({**PARTS, "word/document.xmk": b"other"}).replace(b"document.xmk", b"document.xml"))
    with pytest.raises(Refused):
        lending.taken(place, "docx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text", _archive({"a": b"b"}), _archive(PARTS)[:-30]])
def test_what_is_no_document_is_refused(content: bytes, tmp_path: Path) -> None:
    place = tmp_path / "x.docx"
    place.write_bytes(content)
    with pytest.raises(Refused):
        lending.taken(place, "docx")
    with pytest.raises(NotFound):
        lending.taken(tmp_path / "none.docx", "docx")


def _names(parts: dict[str, bytes], place: Path, form: str = "docx") -> list[str]:
    place.write_bytes(_archive(parts))
    with zipfile.ZipFile(io.BytesIO(lending.taken(place, form))) as made:
        return made.namelist()


def test_folders_are_left_out_and_the_type_is_not_packed(tmp_path: Path) -> None:
    parts = {"mimetype": b"application/vnd" * 9, "META-INF/": b"", "content.xml": b"<a>" + b" " * 99 + b"</a>"}
    assert _names(parts, tmp_path / "x.odt", "odt") == ["mimetype", "content.xml"]
    with zipfile.ZipFile(io.BytesIO(lending.taken(tmp_path / "x.odt", "odt"))) as made:
        kinds = {one.filename: one.compress_type for one in made.infolist()}
    assert kinds == {"mimetype": zipfile.ZIP_STORED, "content.xml": zipfile.ZIP_DEFLATED}


@pytest.mark.parametrize(
    ("most", "more"),
    [
        ({f"word/{n}.bin": b"" for n in range(1_997)}, {"word/more.bin": b""}),
        ({"word/x.xml": b"<a>" * 200}, {"word/x.xml": b"<a>" * 201}),
        ({"word/x.xml": b"<a>" * 199 + b"<b/>" * 9 + b"</a><a>" * 9}, {"word/x.xml": b"<a></a>" * 9 + b"<a>" * 201}),
        ({"word/x.xml": b" " * (8 << 20)}, {"word/x.xml": b" " * ((8 << 20) + 1)}),
        (
            {f"word/{n}.bin": b" " * (8 << 20) for n in range(7)}
            | {"word/7.bin": b" " * ((8 << 20) - sum(map(len, PARTS.values())))},
            {"word/more.bin": b" "},
        ),
    ],
    ids=["parts", "deep", "tags", "part", "whole"],
)
def test_what_is_just_within_measure_is_taken(most: dict[str, bytes], more: dict[str, bytes], tmp_path: Path) -> None:
    assert _names({**PARTS, **most}, tmp_path / "x.docx") == [*PARTS, *most]
    with pytest.raises(Refused, match="not as a word processor writes"):
        _names({**PARTS, **most, **more}, tmp_path / "x.docx")


def test_a_file_beyond_measure_is_not_read(tmp_path: Path) -> None:
    place = tmp_path / "x.docx"
    place.write_bytes(b"")
    os.truncate(place, 64 << 20)  # a file with a hole
    with pytest.raises(Refused, match="no docx document"):
        lending.taken(place, "docx")
    os.truncate(place, (64 << 20) + 1)
    with pytest.raises(Refused, match="larger than 64 MiB"):
        lending.taken(place, "docx")
