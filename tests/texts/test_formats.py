"""What holds for every row of FORMATS: a new format needs its row and a sample in ``tests/samples/<name>/``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from libreview.model import Source
from libreview.texts.formats import FORMATS, Format
from libreview.words.rooms import load

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CASES = [
    pytest.param(row, place, id=f"{row.name}/{place.name}")
    for row in FORMATS
    for place in sorted((SAMPLES / row.name).glob("*"))
]


def what_it_says(source: Source) -> tuple[object, ...]:
    """Return all of a source but its place in a file."""
    return source.key, source.type, dict(source.fields), dict(source.plain), dict(source.people)


def written(room: Any, sources: tuple[Source, ...]) -> bytes:  # noqa: ANN401 (a module)
    return "\n".join(room.write_entry(one.key, one.type, one.fields) for one in sources).encode()


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_format_has_a_sample_and_its_own_suffixes(row: Format) -> None:
    assert list((SAMPLES / row.name).glob("*"))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in row.suffixes)
    others = {suffix for other in FORMATS if other is not row for suffix in other.suffixes}
    assert not others & set(row.suffixes)


@pytest.mark.parametrize(("row", "place"), CASES)
class TestFormat:
    def test_a_sample_is_named_as_its_format_is(self, row: Format, place: Path) -> None:
        assert place.suffix in row.suffixes

    def test_what_is_written_reads_the_same_and_no_entry_is_lost(self, row: Format, place: Path) -> None:
        room = load(row.module)
        first = room.read(place.read_bytes(), place.name).sources
        assert first
        again = room.read(written(room, first), place.name)
        assert [what_it_says(one) for one in again.sources] == [what_it_says(one) for one in first]
        assert written(room, again.sources) == written(room, first)

    def test_sources_lie_where_they_say(self, row: Format, place: Path) -> None:
        data = place.read_bytes()
        at = 0
        for one in load(row.module).read(data, place.name).sources:
            assert at <= one.location.start < one.location.end <= len(data)
            assert one.location.line == data.count(b"\n", 0, one.location.start) + 1
            at = one.location.end

    def test_an_entry_reads_the_same_beside_others_and_alone(self, row: Format, place: Path) -> None:
        room = load(row.module)
        for one in room.read(place.read_bytes(), place.name).sources:
            alone = room.read(written(room, (one,)), place.name).sources
            assert [(two.key, two.type, dict(two.fields)) for two in alone] == [(one.key, one.type, dict(one.fields))]

    def test_a_file_cut_anywhere_gives_what_is_whole(self, row: Format, place: Path) -> None:
        room = load(row.module)
        data = place.read_bytes()
        whole = room.read(data, place.name).sources
        for end in range(0, len(data), 61):
            found = {one.location.start for one in room.read(data[:end], place.name).sources}
            assert {one.location.start for one in whole if one.location.end <= end} <= found
