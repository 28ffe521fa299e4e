"""What registers and web pages answer, read as records. The samples have the shape of real answers."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import Person
from libreview.texts.answers import Answer, arxiv, csl, openlibrary, plain, pubmed, webpage

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "answers"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


READ: list[tuple[ModuleType, str, Answer]] = [
    (
        csl,
        "doi.json",
        Answer(
            "article",
            {
                "title": "Two harbours & a market: twinning in practice", "journaltitle": "City", "volume": "15", "number": "3",
                "pages": "345–362", "publisher": "Informa UK Limited", "date": "2011-06", "issn": "1360-4813",
                "doi": "10.1080/13604813.2011.568715", "langid": "english", "abstract": "Towns sign papers.",
            },
            {"author": (Person("Wijaya", "Rina Ayu"), Person("Berg", "Jan", "van den"), Person(literal="Harbour Study Group"))},
        ),
    ),
    (
        arxiv,
        "arxiv.xml",
        Answer(
            "misc",
            {
                "title": "On networks of towns", "date": "2021-01-01", "eprint": "2101.00001v2", "eprinttype": "arxiv",
                "eprintclass": "physics.soc-ph", "doi": "10.1234/towns.2021", "note": "J. Towns 4 (2021) 1-9",
                "abstract": "We count the ties between towns.",
            },
            {"author": (Person("Müller", "Ana"), Person("Sukarno"), Person("Berg", "Jan", "van der"))},
        ),
    ),
    (
        pubmed,
        "pubmed.xml",
        Answer(
            "article",
            {
                "title": "Twin towns and H2O: a trial", "journaltitle": "Journal of town health", "shortjournal": "J Town Health",
                "volume": "12", "number": "3", "pages": "139–154", "date": "2003-03-05", "issn": "1234-5678",
                "doi": "10.1234/jth.2003.12", "pmid": "12345678", "langid": "english",
                "abstract": "BACKGROUND: Towns drink. RESULTS: They drink more.",
            },
            {"author": (Person("Hartono", "Budi S"), Person("King", "Martin", "", "Jr"), Person(literal="Town Health Group"))},
        ),
    ),
    (
        openlibrary,
        "openlibrary.json",
        Answer(
            "book",
            {
                "title": "Twin towns", "subtitle": "a history", "publisher": "Springer", "location": "New York",
                "date": "1980-03-01", "pagetotal": "312", "isbn": "9780306406157",
            },
            {"author": (Person("Müller", "Ana M."), Person(literal="World Town Organization"))},
        ),
    ),
    (
        webpage,
        "article.html",
        Answer(
            "article",
            {
                "title": 'Kerja sama "sister city" Bandung & Braunschweig', "journaltitle": "Jurnal Kota", "shortjournal": "j. kota",
                "number": "2", "volume": "6", "pages": "101–118", "date": "2020-06-30", "issn": "2580-1234",
                "doi": "10.1234/jk.v6i2.99", "langid": "indonesian", "abstract": "Artikel ini membahas kerja sama.",
            },
            {"author": (Person("Wijaya", "Rina"), Person("Sukarno"))},
        ),
    ),
    (
        webpage,
        "news.html",
        Answer(
            "online",
            {
                "title": "Bandung Perkuat Sister City dengan Jerman", "organization": "Kabar.com", "date": "2020-08-08",
                "langid": "indonesian",
            },
            {"author": (Person("Wirawan", "Miranti Kencana"),)},
        ),
    ),
    (webpage, "town.html", Answer("online", {"title": "Bandung/Indonesien", "langid": "german"})),
]  # fmt: skip


@pytest.mark.parametrize(("room", "name", "expected"), READ, ids=[name for _, name, _ in READ])
def test_read(room: ModuleType, name: str, expected: Answer) -> None:
    assert room.read(sample(name)) == expected


@pytest.mark.parametrize(
    ("room", "data"),
    [
        (arxiv, sample("arxiv-none.xml")),
        (arxiv, b'<feed xmlns="http://www.w3.org/2005/Atom"/>'),
        (pubmed, b"<PubmedArticleSet></PubmedArticleSet>"),
        (openlibrary, b"{}"),
    ],
)
def test_a_register_that_knows_nothing_of_it(room: ModuleType, data: bytes) -> None:
    assert room.read(data) is None


DEEP = b"[" * 100_000 + b"]" * 100_000
BOMB = b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;">]><feed>&c;</feed>'


@pytest.mark.parametrize("room", [csl, arxiv, pubmed, openlibrary])
@pytest.mark.parametrize(
    "data", [b"", b"<html><body>Sign in to the network</body></html>", b"null", b"[]x", b'"x"', b"{", DEEP, b'{"a":1}', BOMB,
             b"\xff\xfe", b"<a>" * 50_000, b'{"ISBN:1":{"title":7e999}}'],
)  # fmt: skip
def test_what_is_no_record(room: ModuleType, data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of any kind)
        room.read(data)


@pytest.mark.parametrize(
    ("more", "type", "fields"),
    [
        ({"type": "book-chapter", "container-title": ["Towns"], "ISBN": ["9780306406157"]}, "incollection",
         {"booktitle": "Towns", "isbn": "9780306406157"}),
        ({"type": "proceedings-article", "event": {"name": "Town Days"}}, "inproceedings", {"eventtitle": "Town Days"}),
        ({"type": "dissertation", "publisher": "Universitas X", "genre": "Tesis"}, "thesis",
         {"institution": "Universitas X", "type": "Tesis"}),
        ({"type": "report", "publisher": "Bank", "number": "7"}, "report", {"institution": "Bank", "number": "7"}),
        ({"type": "posted-content"}, "misc", {}),
        ({"type": "no such type"}, "misc", {}),
        ({"type": 7, "volume": 12, "issue": None, "page": ["x"], "publisher": {"a": 1}}, "misc", {"volume": "12"}),
        ({"issued": {"date-parts": [["2011", "6", 31], [2012]]}}, "misc", {"date": "2011-06-31/2012"}),
        ({"issued": {"date-parts": [[None]], "raw": "5 Mar 2003"}}, "misc", {"date": "2003-03-05"}),
        ({"issued": {"date-parts": [[2011, 13, 40]]}}, "misc", {"date": "2011"}),
    ],
)  # fmt: skip
def test_csl(more: dict[str, Any], type: str, fields: dict[str, str]) -> None:
    assert csl.read(json.dumps({"title": "T", **more}).encode()) == Answer(type, {"title": "T", **fields})


def test_a_person_with_one_name_that_was_doubled() -> None:
    found = csl.read(
        b'{"title":["T"],"author":[{"family":"Riswanda","given":"Riswanda"},{"given":"Sukarno"},{"literal":"dkk."},7,{}]}'
    )
    assert found is not None
    assert found.people["author"] == (Person("Riswanda"), Person("Sukarno"), Person(literal="dkk."))


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Sukarno", Person("Sukarno")),
        ("Ana Müller", Person("Müller", "Ana")),
        ("Müller, Ana", Person("Müller", "Ana")),
        ("Jan van der Berg", Person("Berg", "Jan", "van der")),
        ("Kementerian Dalam Negeri", Person(literal="Kementerian Dalam Negeri")),
        ("Braun {and} Söhne", Person("Söhne", "Braun {and}")),
        ("Smith and Sons", Person(literal="Smith and Sons")),
        (", Ana", Person("Ana")),
        (" , ", None),
        ("A\x1b[31mB", Person("A[31mB")),
    ],
)
def test_people(name: str, person: Person | None) -> None:
    assert plain.person(name) == person


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2001-03-05", "2001-03-05"), ("2020/06/30", "2020-06-30"), ("2020-08-08T10:15:00+07:00", "2020-08-08"), ("2001", "2001"),
        ("2001 Mar 5", "2001-03-05"), ("March 1, 1980", "1980-03-01"), ("5 Agustus 2019", "2019-08-05"), ("2001 Mar-Apr", "2001-03"),
        ("Winter 2001", "2001"), ("2001-13-45", "2001"), ("no date", ""), ("", ""), ("0000", ""),
    ],
)  # fmt: skip
def test_dates(text: str, date: str) -> None:
    assert plain.date(text) == date


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n\tb \x00c\x1b]0;x\x07", "a b c]0;x"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("e\u0301", "é"),
        ("x" * 3000, "x" * 1999 + "…"),
        (12, "12"), (True, ""), (None, ""), ({"a": 1}, ""), ("\ud800", ""),
    ],
)  # fmt: skip
def test_lines(text: object, line: str) -> None:
    assert plain.line(text) == line


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (b"<title>One</title>", "One"),
        (b'<META PROPERTY="og:title" CONTENT="Tw&eacute; &amp; &lt;three&gt;">', "Twé &"),
        (b"<meta content='It''s' property=og:title><title>x</title>", "It"),
        ("<meta charset=latin-1><title>Städte</title>".encode("latin-1"), "Städte"),
        (b"<meta charset=no-such-charset><title>A</title>", "A"),
        (b"<title>A<title>B</title>", "A B"),
        (b"<!-- <title>old</title> --><title>new</title>", "new"),
        (b"<!-- <title>never closed</title>", "never closed"),
        (b'<script type="application/ld+json">{"@type":"Article","headline":"L"}</script>', "L"),
        (b'<script type="application/ld+json">{"@type":["Thing","Report"],"name":"L"}</script>', "L"),
        (b'<script type="application/ld+json">[[[[{"@type":"Book","name":"Deep"}]]]]</script>', "Deep"),
        (b'<script type="application/ld+json">{"@type":"Article","headline":</script><title>T</title>', "T"),
        (b'<script>var x = "<title>"</script>', '"'),
        (b"", ""),
        (b"\x00\xff" * 1000, ""),
    ],
)  # fmt: skip
def test_titles_of_pages(html: bytes, title: str) -> None:
    found = webpage.read(html)
    assert found is not None
    assert found.fields.get("title", "") == title


@pytest.mark.parametrize(
    "piece",
    [b"<meta ", b"<meta name='", b'<meta name="a" content="', b"<title>", b"<script type=ld+json>", b"<!--", b"<h1>", b"<html lang",
     b"<meta name=a content=b>", b"<", b"&", b"<script type='application/ld+json'>[", b"<link rel="],
)  # fmt: skip
def test_hostile_pages_end(piece: bytes) -> None:
    assert webpage.read(piece * ((1 << 20) // len(piece))) is not None


TEXTS = st.text(max_size=30)
INNER = st.sampled_from(["name", "family", "given", "date-parts", "raw"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(INNER, one, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = st.sampled_from(
    ["author", "issued", "container-title", "page", "ISBN", "type", "DOI", "event", "authors", "publishers", "publish_date",
     "identifiers", "@type", "headline", "publisher", "datePublished", "@graph", "inLanguage"]
)  # fmt: skip


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_whatever_stands_where_gives_texts(found: dict[str, object]) -> None:
    item = json.dumps({"title": "T", "@type": "Article", "headline": "T", **found}).encode()
    for answer in (
        csl.read(item),
        openlibrary.read(b'{"ISBN:1":' + item + b"}"),
        webpage.read(b'<script type="application/ld+json">' + item.replace(b"</", b"") + b"</script>"),
    ):
        assert answer is not None
        assert all(
            isinstance(value, str) and value and value == plain.line(value, 30_000) for value in answer.fields.values()
        )
        assert all(isinstance(one, Person) for people in answer.people.values() for one in people)
