"""What holds for every row of FORMATS: a new format needs its row and a sample in ``tests/samples/<name>/``."""

from __future__ import annotations

import codecs
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import OTHERS, Location, Person, Problem, Source
from libreview.texts.formats import FORMATS, Format, by_name, detect
from libreview.texts.formats.records import LOST, Record, of_source, one_line
from libreview.words.errors import kind
from libreview.words.rooms import load

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CASES = [
    pytest.param(row, place, id=f"{row.name}/{place.name}")
    for row in FORMATS
    for place in sorted((SAMPLES / row.name).glob("*"))
]
TAGGED = [row for row in FORMATS if row.name in ("ris", "medline", "wos", "enw")]
WRITERS = [row for row in FORMATS if row.writes and row.name != "bibtex"]
STARTS = {
    "bibtex": rb"(?m)^@\w+\{",
    "ris": rb"(?m)^TY  -",
    "medline": rb"(?m)^PMID-",
    "wos": rb"(?m)^PT \w",
    "enw": rb"(?m)^%0 ",
    "endnote": rb"<record>",
    "csljson": rb'(?m)^  \{(?=\n|"id")',
}
"""How a record of each format begins, in the samples."""


def read(row: Format, data: bytes, path: str = "x") -> tuple[Sequence[Source | Record], tuple[Problem, ...]]:
    """Return what a module reads, whether it is sources or records."""
    reading = load(row.module).read(data, path)
    return (reading.sources if row.name == "bibtex" else reading.records), reading.problems


def what_it_says(one: Source | Record) -> tuple[object, ...]:
    """Return all of a source or record but its place in a file."""
    if isinstance(one, Source):
        return one.key, one.type, dict(one.fields), dict(one.plain), dict(one.people)
    return one.says


def neutral(one: Source | Record) -> tuple[object, ...]:
    """Return all that one says in the words of every format."""
    return (of_source(one) if isinstance(one, Source) else one).says


def written(row: Format, records: Sequence[Source | Record]) -> bytes:
    room = load(row.module)
    if row.name == "bibtex":
        return "\n".join(room.write_entry(one.key, one.type, one.fields) for one in records).encode()
    made = room.write(records)
    assert isinstance(made, bytes)
    return made


def unread(problems: Sequence[Problem]) -> int:
    return sum(problem.code in LOST for problem in problems)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_format_has_a_sample_and_its_own_suffixes(row: Format) -> None:
    assert list((SAMPLES / row.name).glob("*"))
    assert by_name(row.name) is row
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in row.suffixes)
    others = {suffix for other in FORMATS if other is not row for suffix in other.suffixes}
    assert not others & set(row.suffixes)
    assert hasattr(load(row.module), "read")
    assert hasattr(load(row.module), "write") == (row.writes and row.name != "bibtex")


@pytest.mark.parametrize(("row", "place"), CASES)
class TestFormat:
    def test_a_sample_is_named_as_its_format_is(self, row: Format, place: Path) -> None:
        assert place.suffix in row.suffixes

    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
    def test_it_is_known_by_what_it_holds_whatever_its_name(self, row: Format, place: Path, codec: str) -> None:
        data = place.read_bytes().decode("utf-8").encode(codec)
        assert detect(data[:65536], "savedrecs.txt") is row
        assert detect(data[:65536], "wrong" + FORMATS[FORMATS.index(row) - 1].suffixes[0]) is row

    def test_every_record_is_read_or_reported(self, row: Format, place: Path) -> None:
        data = place.read_bytes()
        records, problems = read(row, data, place.name)
        begun = len(re.findall(STARTS[row.name], data)) if row.name in STARTS else len(records)
        assert len(records) + unread(problems) == begun
        assert all(kind(problem.code) is not None for problem in problems)
        assert all(problem.location.path == place.name for problem in problems)

    def test_what_is_written_reads_the_same_and_none_is_lost(self, row: Format, place: Path) -> None:
        if not row.writes:
            pytest.skip("no writer")
        first, _ = read(row, place.read_bytes(), place.name)
        assert first
        again, problems = read(row, written(row, first), place.name)
        assert [what_it_says(one) for one in again] == [what_it_says(one) for one in first]
        assert not unread(problems)
        assert written(row, again) == written(row, first)

    def test_records_lie_where_they_say(self, row: Format, place: Path) -> None:
        data = place.read_bytes()
        at = 0
        for one in read(row, data, place.name)[0]:
            assert at <= one.location.start < one.location.end <= len(data)
            assert one.location.line == data.count(b"\n", 0, one.location.start) + 1
            at = one.location.end

    def test_a_record_reads_the_same_beside_others_and_alone(self, row: Format, place: Path) -> None:
        data = place.read_bytes()
        head = data[: data.index(b"\n") + 1] if row.name == "csv" else b""
        for one in read(row, data, place.name)[0]:
            alone, _ = read(row, head + data[one.location.start : one.location.end], place.name)
            assert [what_it_says(two) for two in alone] == [what_it_says(one)]

    def test_a_file_cut_anywhere_gives_what_is_whole(self, row: Format, place: Path) -> None:
        data = place.read_bytes()
        whole, _ = read(row, data, place.name)
        for end in range(0, len(data), 61):
            found = {one.location.start for one in read(row, data[:end], place.name)[0]}
            assert {one.location.start for one in whole if one.location.end <= end} <= found

    def test_ends_of_lines_and_encodings_change_nothing(self, row: Format, place: Path) -> None:
        text = place.read_bytes().decode("utf-8").replace("\r\n", "\n")
        wanted = [neutral(one) for one in read(row, text.encode())[0]]
        for made in (
            text.replace("\n", "\r\n").encode(),
            codecs.BOM_UTF8 + text.encode(),
            text.encode("utf-16"),
            text.encode("utf-16-be"),
            text.replace("\n", "\r").encode(),
            text.encode("cp1252"),
        ):
            records, _ = read(row, made)
            assert [neutral(one) for one in records] == wanted
            assert all(0 <= one.location.start < one.location.end <= len(made) for one in records)

    def test_whatever_happens_to_a_file_it_is_read(self, row: Format, place: Path) -> None:
        chance = random.Random(4711)  # noqa: S311
        data = place.read_bytes()
        for _ in range(150):
            read(row, mutated(data, chance))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with a few bytes changed, parts left out, doubled or moved."""
    for _ in range(chance.randint(1, 6)):
        one, other = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        deed = chance.randrange(5)
        if deed == 0:
            data = data[:one] + bytes((chance.randrange(256),)) + data[one + 1 :]
        elif deed == 1:
            data = data[:one] + data[min(other, one + 300) :]
        elif deed == 2:
            data = data[:other] + data[max(one, other - 300) :]
        elif deed == 3:
            data = (
                data[:one]
                + chance.choice((b'"', b"{", b"}", b"\n", b"\r", b"\0", b"<", b"&", b"%", b"\n\n"))
                + data[one:]
            )
        else:
            data = data[one:] + data[:one]
    return data or b"\n"


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
class TestAnything:
    @given(st.binary(max_size=300))
    @settings(max_examples=60)
    def test_bytes(self, row: Format, data: bytes) -> None:
        records, _ = read(row, data)
        for one in records:
            assert 0 <= one.location.start <= one.location.end <= len(data)

    @pytest.mark.parametrize(
        "data", [b"", b"\n", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE]
    )
    def test_nothing(self, row: Format, data: bytes) -> None:
        assert read(row, data) == ((), ())

    @pytest.mark.parametrize(
        "data",
        [
            b"\0" * 10_000,
            b"x" * 2_000_000,
            b"x, " * 200_000,
            b'"' * 200_001,
            b'"a\n' * 50_000,
            b'x,"a""' * 50_000,
            b"{" * 200_000,
            b"[" * 200_000,
            b'[{"a":' * 50_000,
            b"<record><a>" + b"<b>" * 100_000,
            b"<record>" * 20_000,
            b"<?xml\n" * 12_000,
            b"title;source\nx;a (2014) " + b"a" * 200_000 + b"(",
            b"title;source\nx;" + b"a. 2014 " * 50_000,
            b"@a{" * 20_000,
            b"TY  - " * 50_000,
            b"TY  -\n" * 50_000,
            b"PMID- 1\n" * 20_000,
            b"PT J\nER\n" * 20_000,
            b"%0 Book\n%A a\n" * 20_000,
            b"TY  - JOUR\nAU  - " + b"a, " * 100_000,
            b"TY  - JOUR\nKW  - " + b"a; " * 100_000,
            b"TY  - JOUR\nPY  - " + b"1 " * 100_000,
            b"TY  - JOUR\nSN  - " + b"1" * 200_000,
            b"TY  - JOUR\nSN  - " + b"1234-" * 40_000,
            b"TY  - JOUR\nUR  - https://doi.org/10.5555/" + b"a." * 100_000,
            b"TY  - JOUR\nAB  - " + b"<p " * 100_000,
            b"TY  - JOUR\n\n" + b" \n" * 100_000,
            b"title,author\n" + b"a,b\n" * 50_000,
            b"title,author\nx," + b"a, and " * 50_000,
            b"title;source\nx;" + b"a (2" * 50_000,
            b"<xml><!DOCTYPE a [<!ENTITY b '&b;&b;'>]><records><record><title>&b;</title></record></records></xml>",
        ],
        ids=lambda data: repr(data[:24]),
    )  # fmt: skip
    def test_a_hostile_file_comes_to_an_end(self, row: Format, data: bytes) -> None:
        begin = time.process_time()
        read(row, data)
        detect(data)
        assert time.process_time() - begin < 5


@pytest.mark.parametrize("row", TAGGED, ids=lambda row: row.name)
@given(data=st.data())
@settings(max_examples=80)
def test_no_tagged_record_is_lost(row: Format, data: st.DataObject) -> None:
    """Whatever lines stand in whatever order, each tag that begins a record begins one that is read or reported."""
    begins = {"ris": "TY  - JOUR", "medline": "PMID- 1", "wos": "PT J", "enw": "%0 Book"}[row.name]
    lines = {
        "ris": ["ER  - ", "ER  -", "TI  - a", "AU  - b", "ZZ  - c", "  d", "", "e", "1."],
        "medline": ["TI  - a", "OWN - NLM", "FAU - b", "ZZZ - c", "      d", "", "e"],
        "wos": ["ER", "EF", "TI a", "AU b", "ZZ c", "   d", "", "e.", "FN x", "VR 1.0"],
        "enw": ["%T a", "%A b", "%( c", "   d", "", "e"],
    }[row.name]
    chosen = data.draw(st.lists(st.sampled_from([begins, *lines]), max_size=12))
    text = data.draw(st.sampled_from(["\n", "\r\n"])).join(chosen).encode()
    records, problems = read(row, text)
    begun = list(re.finditer(rb"(?m)^" + begins.encode(), text))
    places = {one.location.start for one in records} | {one.location.start for one in problems if one.code in LOST}
    assert {match.start() for match in begun} <= places
    said = " ".join(value for one in records for value in one.fields.values())
    people = [person for one in records for listed in one.people.values() for person in listed]
    assert said.replace(";", " ").split().count("c") == sum(line.endswith(" c") for line in chosen)
    assert sum("b" in (one.family, one.given, *one.literal.split()) for one in people) == sum(
        line.endswith(" b") for line in chosen
    )


# --- writers ---------------------------------------------------------------------------------------------------------

WORD = st.text(alphabet="abcXYZ äßéŁ ,;:.&<>{}\\\"'=-+@#%$_^~|/()[]–0129\t", max_size=14).map(one_line)
PERSON = st.one_of(
    st.builds(Person, family=WORD.filter(bool), given=WORD, particle=WORD, suffix=WORD),
    st.builds(Person, literal=WORD.filter(bool)),
    st.sampled_from([OTHERS, Person("Sukarno"), Person("Meer", "Anneke", "van der"), Person(literal="et al.")]),
)
FIELD = st.sampled_from(
    [
        "title", "subtitle", "journaltitle", "booktitle", "series", "volume", "number", "issue", "pages", "eid",
        "publisher", "institution", "organization", "location", "date", "year", "doi", "isbn", "issn", "url",
        "urldate", "langid", "language", "keywords", "abstract", "note", "type", "annotation", "pmid", "database",
        "accession", "entrysubtype", "edition", "eventdate", "origdate", "pubstate", "affiliation", "x-ris-c1",
        "x-ris-ty", "x-wos-cr", "x-csv-some-column", "x-medline-mh", "shorttitle", "shortjournal", "howpublished",
        "key", "author",
    ]
)  # fmt: skip
VALUE = st.one_of(
    WORD,
    st.sampled_from(
        ["2001", "2001-02", "2001-02-03", "2001/2003", "2011-22", "in press", "10.5555/a(b)", "1234-5678", "english", "139–54",
         "12", "others", "https://example.org/?a=1&b={c}", "=1+1", "'x", "ER - ER", "TY - JOUR", "a, b; c", "magazine", "phdthesis"]
    ),
)  # fmt: skip
TYPE = st.sampled_from(
    [
        "article", "book", "incollection", "inproceedings", "thesis", "report", "online", "misc", "mvbook", "legislation", "xdata",
        "movie", "review", "periodical", "dataset", "unpublished", "letter",
    ]
)  # fmt: skip
RECORD = st.builds(
    Record,
    type=TYPE,
    fields=st.dictionaries(FIELD, VALUE.filter(bool), max_size=6),
    people=st.dictionaries(
        st.sampled_from(["author", "editor", "translator", "bookauthor"]),
        st.lists(PERSON, min_size=1, max_size=3).map(tuple),
        max_size=2,
    ),
    location=st.just(Location("x")),
    key=st.one_of(st.just(""), st.sampled_from(["hartono2014", "a:b", "1999", "ä b"])),
).map(
    lambda one: Record(
        one.type, {k: v for k, v in one.fields.items() if k not in one.people}, one.people, one.location, one.key
    )
)


@pytest.mark.parametrize("row", WRITERS, ids=lambda row: row.name)
@given(records=st.lists(RECORD, max_size=3))
@settings(max_examples=250)
def test_what_is_written_is_read_again(row: Format, records: list[Record]) -> None:
    made = load(row.module).write(records)
    reading = load(row.module).read(made, "x")
    assert [one.says for one in reading.records] == [one.says for one in records]
    assert not reading.lost
    assert not records or detect(made, "x") is row


@pytest.mark.parametrize("row", WRITERS, ids=lambda row: row.name)
def test_the_sources_of_a_bibtex_file_go_through_every_writer(row: Format) -> None:
    sample = next((SAMPLES / "bibtex").glob("*"))
    records = [of_source(source) for source in load(FORMATS[0].module).read(sample.read_bytes(), "x").sources]
    reading = load(row.module).read(load(row.module).write(records), "x")
    assert [one.says for one in reading.records] == [one.says for one in records]
