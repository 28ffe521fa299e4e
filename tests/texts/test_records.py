"""What each format's reader makes of what exports really hold: input beside expectation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import OTHERS, Person
from libreview.texts import latex
from libreview.texts.formats import (
    bibtex,
    by_name,
    csljson,
    csv,
    detect,
    endnote,
    entries,
    enw,
    garuda,
    medline,
    ris,
    wos,
)
from libreview.texts.formats.dates import combine
from libreview.texts.formats.mending import doi, keywords, language, pages, serials, thesis, unmarked
from libreview.texts.formats.people import read as person
from libreview.texts.formats.people import read_list, write
from libreview.texts.formats.records import PEOPLE, Reading, Record

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def one(reading: Reading) -> Record:
    assert len(reading.records) == 1
    return reading.records[0]


def codes(reading: Reading) -> list[tuple[str, int]]:
    return [(problem.code, problem.location.line) for problem in reading.problems]


def names(record: Record, role: str = "author") -> list[str]:
    return [write(one) for one in record.people.get(role, ())]


# --- parts of a record -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "iso", "rest"),
    [
        (["2014"], "2014", ()),
        (["2014//"], "2014", ()),
        (["1948/07//"], "1948-07", ()),
        (["2020/05/07/"], "2020-05-07", ()),
        (["2011 Mar-Apr"], "2011-03/2011-04", ()),
        (["2010 Dec-2011 Jan"], "2010-12/2011-01", ()),
        (["2001 Jul 3"], "2001-07-03", ()),
        (["3 Juli 2001"], "2001-07-03", ()),
        (["July 3, 2001"], "2001-07-03", ()),
        (["Agustus 2019"], "2019-08", ()),
        (["2011-03/2011-04"], "2011-03/2011-04", ()),
        (["2011-03-01/2011-04-02"], "2011-03-01/2011-04-02", ()),
        (["2011-03-01/2012"], "2011/2012", (0,)),
        (["2011/"], "2011", ()),
        (["2001///Spring issue"], "2001", (0,)),
        (["2011.03.01"], "2011-03-01", ()),
        (["2011 Winter"], "2011-24", ()),
        (["2010-2011"], "2010/2011", ()),
        (["2012/07/27/17:47:05"], "2012-07-27", ()),
        (["2015/05/02 06:00"], "2015-05-02", ()),
        (["31/12/2011"], "2011-12-31", ()),
        (["12/31/2011"], "2011-12-31", ()),
        (["3/4/2011"], "2011", (0,)),
        (["cet. ke-3, 2005"], "2005", (0,)),
        (["c2005."], "2005", ()),
        (["2004", "JUN 8"], "2004-06-08", ()),
        (["2010", "MAY-JUN"], "2010-05/2010-06", ()),
        (["2018", "Mar 1"], "2018-03-01", ()),
        (["2018", "2018/03/01/"], "2018-03-01", ()),
        (["2018", "2019"], "2018", (1,)),
        (["2018", "SUM"], "2018-22", ()),
        (["2018-13-45"], "2018", (0,)),
        (["in press"], "", (0,)),
        (["t.t."], "", (0,)),
        ([""], "", (0,)),
    ],
)
def test_dates(texts: list[str], iso: str, rest: tuple[int, ...]) -> None:
    assert combine(tuple(texts)) == (iso, rest)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hartono, Bambang Setia", Person("Hartono", "Bambang Setia")),
        ("van der Meer, Anneke", Person("Meer", "Anneke", "van der")),
        ("King, Martin, Jr.", Person("King", "Martin", "", "Jr.")),
        ("King, Jr., Martin", Person("King", "Martin", "", "Jr.")),
        ("Sukarno", Person("Sukarno")),
        ("Liu R.", Person("Liu", "R.")),
        ("Adler D.G.", Person("Adler", "D.G.")),
        ("Siti Contoh", Person("Contoh", "Siti")),
        ("Ludwig van Beethoven", Person("Beethoven", "Ludwig", "van")),
        ("Siti Contoh FA", Person("Siti Contoh", "FA")),
        ("Martin King III", Person("King", "Martin", "", "III")),
        ("World Health Organization,", Person(literal="World Health Organization")),
        ("World Health Organization", Person(literal="World Health Organization")),
        ("Badan Pusat Statistik", Person(literal="Badan Pusat Statistik")),
        ("Kementerian Contoh, Republik Indonesia", Person("Kementerian Contoh", "Republik Indonesia")),
        ("{Barnes, Noble}", Person(literal="Barnes, Noble")),
        ("et al.", Person(literal="et al.")),
        ("dkk.", Person(literal="dkk.")),
        ("others", OTHERS),
        (" , ;", None),
    ],
)
def test_people(text: str, wanted: Person | None) -> None:
    assert person(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Smith JA", Person("Smith", "JA")),
        ("Müller F Jr", Person("Müller", "F", "", "Jr")),
        ("de Vries J", Person("Vries", "J", "de")),
        ("Invented Trial Group", Person(literal="Invented Trial Group")),
    ],
)
def test_people_with_initials(text: str, wanted: Person) -> None:
    assert person(text, True) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Marx, Karl; Lindgren, Astrid", ["Marx, Karl", "Lindgren, Astrid"]),
        ("['Marx, Karl', \"O'Brien, Ann\"]", ["Marx, Karl", "O'Brien, Ann"]),
        ("Liu R., Adler D.G.", ["Liu R.", "Adler D.G."]),
        ("Labanski, A., Langhorst, J.", ["Labanski, A.", "Langhorst, J."]),
        ("Marx, Karl", ["Marx, Karl"]),
        ("Siti Contoh dan Budi Misal", ["Siti Contoh", "Budi Misal"]),
        ("Smith JA, Doe J, Lee SC", ["Smith JA", "Doe J", "Lee SC"]),
        ("Ana B. Contoh|Budi Misal", ["Ana B. Contoh", "Budi Misal"]),
        ("Siti Contoh, Budi Misal, Sumarno", ["Siti Contoh", "Budi Misal", "Sumarno"]),
        ("Badan Penelitian dan Pengembangan", ["Badan Penelitian dan Pengembangan"]),
        ("King, Martin, Jr.", ["King, Martin, Jr."]),
        ("", []),
    ],
)
def test_lists_of_people_in_one_cell(text: str, wanted: list[str]) -> None:
    assert read_list(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10.5555/a.b", "10.5555/a.b"),
        ("https://doi.org/10.5555/A(1)", "10.5555/A(1)"),
        ("http://dx.doi.org/10.5555/a", "10.5555/a"),
        ("doi: 10.5555/a.", "10.5555/a"),
        ("10.5555/a [doi]", "10.5555/a"),
        ("10.1.1.99.9999", ""),
        ("see the web", ""),
    ],
)
def test_doi(text: str, wanted: str) -> None:
    assert doi(text) == wanted


@pytest.mark.parametrize(
    ("text", "isbn", "issn", "rest"),
    [
        ("03064530 (ISSN)", (), ("0306-4530",), ""),
        ("1473-5857 (Electronic)", (), ("1473-5857",), ""),
        ("0894-9867, 0894-986x", (), ("0894-9867", "0894-986X"), ""),
        ("978-602-1234-56-7", ("978-602-1234-56-7",), (), ""),
        ("9786021234567 1234-5678", ("9786021234567",), ("1234-5678",), ""),
        ("046502470X", ("046502470X",), (), ""),
        ("12345", (), (), "12345"),
    ],
)
def test_isbn_and_issn_are_told_apart(text: str, isbn: tuple[str, ...], issn: tuple[str, ...], rest: str) -> None:
    assert serials(text) == (isbn, issn, rest)


def test_small_things() -> None:
    assert pages("139-54") == "139-54"
    assert pages("hlm. 11--25") == "11–25"
    assert pages("11 – 25") == "11–25"
    assert keywords(["a; b", "c, d"]) == "a; b; c, d"
    assert keywords(["a, b"]) == keywords(["a", "b", "a"]) == "a, b"
    assert (language("Bahasa Indonesia"), language("en_GB"), language("eng; fre")) == ("indonesian", "english", "")
    assert (thesis("PhD dissertation"), thesis("Skripsi"), thesis("Tesis"), thesis("?")) == (
        "phdthesis",
        "bathesis",
        "mathesis",
        "?",
    )
    assert unmarked("<jats:p>A &amp; <i>B</i></jats:p>") == " A & B "
    assert unmarked("a < b & c > d") == "a < b & c > d"


# --- formats ---------------------------------------------------------------------------------------------------------


def test_ris() -> None:
    reading = ris.read(sample("ris/database.ris"), "database.ris")
    assert codes(reading) == [("record-without-end", 34)]
    assert reading.problems[0].facts == {"times": "3"}
    first, chapter, skripsi, unended, page = reading.records
    assert first.says == (
        "article",
        "",
        {
            "x-ris-id": "4711",
            "title": "Twin harbours: what cities lend each other",
            "journaltitle": "Journal of Invented Municipal Studies",
            "shortjournal": "J. Inv. Munic. Stud.",
            "volume": "9",
            "number": "3",
            "issn": "1234-5678",
            "doi": "10.5555/Invented.2014.9",
            "abstract": "Background: two cities sign. They meet again, and sign once more.",
            "langid": "english",
            "database": "Invented Abstracts",
            "accession": "IA-2014-9",
            "x-ris-c1": "Funded by nobody; and by no one else",
            "date": "2014",
            "pages": "139–54",
            "keywords": "sister cities; Diplomacy, municipal",
            "url": "https://example.org/twin-harbours?a=1&b=2%20c",
        },
        {
            "author": (
                Person("Hartono", "Bambang Setia"),
                Person("Meer", "Anneke", "van der"),
                Person("King", "Martin", "", "Jr."),
            )
        },
    )
    assert (chapter.type, chapter.get("booktitle"), chapter.get("isbn")) == (
        "incollection",
        "Bunga rampai kota kembar",
        "978-602-1234-56-7",
    )
    assert chapter.people["author"] == (Person(literal="Kementerian Contoh Republik Indonesia"), Person("Sukarno"))
    assert names(chapter, "editor") == ["Lestari, Dewi Ayu"]
    assert (skripsi.type, skripsi.get("type"), skripsi.get("institution"), skripsi.get("date")) == (
        "thesis", "bathesis", "Universitas Contoh", "2018-03-01",
    )  # fmt: skip
    assert skripsi.get("note") == "Tidak diterbitkan; Dilihat di perpustakaan"
    assert unended.people["author"] == (Person("Rahman", "Abdul"), Person(literal="et al."))
    assert (page.type, page.get("urldate"), page.location.line) == ("online", "2021-08-05", 63)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("TY  - JOUR\nTI  - a\nDO  - none\n", {"title": "a", "x-ris-do": "none"}),
        ("TY  - JOUR\nTI  - a\nT1  - b\nT1  - a\n", {"title": "a", "x-ris-t1": "b"}),
        (
            "TY  - JOUR\nTI  - a\nUR  - https://doi.org/10.5555/x\n",
            {"title": "a", "doi": "10.5555/x", "url": "https://doi.org/10.5555/x"},
        ),
        ("TY  - JOUR\nTI  - a\nPY  - in press\n", {"title": "a", "year": "in press"}),
        ("TY  - NEWS\nTI  - a\n", {"title": "a", "entrysubtype": "newspaper"}),
        ("TY  - QQQQ\nTI  - a\n", {"title": "a", "x-ris-ty": "QQQQ"}),
        (
            "TY  - JOUR\nTI  - a\nAN  - 123\nDP  - NLM\n",
            {"title": "a", "accession": "123", "database": "NLM", "pmid": "123"},
        ),
        ("TY  - JOUR\nTI  - a\nET  - 2018/02/21\n", {"title": "a", "x-ris-et": "2018/02/21"}),
        ("TY  - RPRT\nTI  - a\nSN  - WP 12\nPB  - b\n", {"title": "a", "number": "WP 12", "institution": "b"}),
        ("TY  - JOUR\nTI  - a\nM1  - 7\n", {"title": "a", "number": "7"}),
        ("TY  - JOUR\nTI  - a\nJF  - b\nJO  - c\n", {"title": "a", "journaltitle": "b", "shortjournal": "c"}),
        ("TY  - JOUR\nTI  - a\nJO  - c\n", {"title": "a", "journaltitle": "c"}),
        (
            "TY  - JOUR\nTI  - a\nN1  - PMID: 123\nN1  - DOI: 10.5555/x\n",
            {"title": "a", "pmid": "123", "doi": "10.5555/x"},
        ),
        ("TY  - BOOK\nBT  - a\nSP  - 320\n", {"title": "a", "pagetotal": "320"}),
        ("TY  - CHAP\nTI  - a\nBT  - b\nSP  - 320\n", {"title": "a", "booktitle": "b", "pages": "320"}),
        (" TY - JOUR\n TI - a\n", {"title": "a"}),
        ("TY  -JOUR\nTI  -a\nER  -", {"title": "a"}),
        ("TY  - JOUR\nAB  - Results:\nII-V compounds\nTI  - a", {"title": "a", "abstract": "Results: II-V compounds"}),
        ("TY  - JOUR\nTI  - Caf\xe9 \x93q\x94\n", {"title": "Café “q”"}),
    ],
)
def test_records_of_ris(text: str, wanted: dict[str, str]) -> None:
    assert one(ris.read(text.encode("latin-1"), "x.ris")).fields == wanted


def test_what_stands_outside_of_records_is_a_record() -> None:
    reading = ris.read(b"TI  - a\nER  - \nAU  - b\nTY  - JOUR\nER  - \n", "x.ris")
    assert [record.location.line for record in reading.records] == [1, 3]
    assert codes(reading) == [
        ("record-without-start", 1),
        ("record-without-start", 3),
        ("record-without-end", 3),
        ("record-empty", 4),
    ]
    assert [problem.code for problem in reading.lost] == ["record-empty"]
    assert codes(ris.read(b"nothing of the kind\n", "x.ris")) == [("file-without-records", 1)]


def test_medline() -> None:
    reading = medline.read(sample("medline/pubmed.nbib"), "pubmed.nbib")
    assert not reading.problems
    first, letter, book = reading.records
    assert first.get("title") == "Walking to school in two sister cities: an invented trial"
    assert (first.get("pages"), first.get("date"), first.get("doi")) == (
        "139-54",
        "2011-03/2011-04",
        "10.5555/inv.0000000000000078",
    )
    assert (first.get("pmid"), first.get("pmcid"), first.get("issn")) == (
        "90000001",
        "PMC9000001",
        "1234-5678, 2345-6789",
    )
    assert first.get("x-medline-mh") == "*Cities; Humans"
    assert names(first) == ["Bandelow, Börje", "de Vries, Jan", "Invented Trial Group"]
    assert (letter.get("title"), letter.get("langid"), names(letter)) == (
        "[A letter translated from German]", "german", ["Müller, F, Jr", "Smith, JA"],
    )  # fmt: skip
    assert (book.type, book.get("title"), names(book, "editor")) == (
        "book",
        "Handbook of invented things",
        ["Lestari, Dewi"],
    )


def test_web_of_science() -> None:
    reading = wos.read(sample("wos/savedrecs.ciw"), "savedrecs.ciw")
    assert codes(reading) == [("record-without-end", 49)]
    first, paper, unended, book = reading.records
    assert first.get("title") == "The determinants of twinning: Evidence from nowhere"
    assert names(first) == ["Hartono, Bambang Setia", "D'Angelo, Ciriaco"]
    assert (first.get("date"), first.get("pages"), first.get("pmid")) == ("2004-06-08", "7003–7016", "90000004")
    assert first.get("keywords") == "twinning, municipal diplomacy, networks"
    assert first.get("x-wos-cr").count("; ") == 1
    assert (first.get("accession"), first.get("database")) == ("WOS:000900000000001", "Web of Science")
    assert (paper.type, paper.get("booktitle"), paper.get("eid")) == (
        "inproceedings",
        "PROCEEDINGS OF THE INVENTED MEETING",
        "12",
    )
    assert paper.people["author"][1] == Person(literal="et al.")
    assert unended.get("date") == "2010-05/2010-06"
    assert (book.type, book.get("isbn")) == ("book", "978-602-1234-57-4")


def test_endnote_tagged() -> None:
    reading = enw.read(sample("enw/citations.enw"), "citations.enw")
    assert codes(reading) == [("record-empty", 37)]
    first, paper, skripsi = reading.records
    assert first.get("abstract") == "One paragraph of an invented abstract. Another paragraph."
    assert (first.get("doi"), first.get("x-enw-paren")) == ("10.5555/inv.2025.70.58", "something unknown")
    assert names(first) == ["Contoh, Sheng-Hsin", "Lestari, Dewi"]
    assert (paper.get("booktitle"), paper.get("date")) == ("Actes de la conférence inventée", "2023-03-05")
    assert (skripsi.people["author"], skripsi.get("type")) == ((Person("Sukarno"),), "bathesis")


def test_refer_without_types_parts_records_by_blank_lines() -> None:
    reading = enw.read(b"%A Sukarno\n%T a\n%J b\n\n%A Hatta\n%T c\n%I d\n", "x.enw")
    assert [(record.type, record.get("title")) for record in reading.records] == [("article", "a"), ("misc", "c")]
    assert [problem.code for problem in reading.problems] == ["record-without-start", "record-without-start"]


def test_endnote_xml() -> None:
    reading = endnote.read(sample("endnote/library.xml"), "library.xml")
    assert codes(reading) == [("record-broken", 18)]
    first, chapter, tesis = reading.records
    assert first.get("title") == "Growth of Bambusa vulgaris in twin cities & towns"
    assert first.get("abstract") == "An invented abstract, café included."
    assert (first.get("x-endnote-custom1"), first.get("keywords"), first.get("date")) == (
        "kept",
        "bamboo; Cities, twin",
        "2017-03-01",
    )
    assert first.people["author"] == (
        Person("Hartono", "Bambang Setia"),
        Person(literal="World Invention Organization"),
    )
    assert (chapter.get("note"), chapter.get("booktitle"), names(chapter, "editor")) == (
        "first line second line", "Bunga rampai", ["Lestari, Dewi Ayu"],
    )  # fmt: skip
    assert (tesis.type, tesis.get("type"), tesis.location.line) == ("thesis", "mathesis", 19)


@pytest.mark.parametrize(
    "record",
    [
        b"<record><!DOCTYPE a [<!ENTITY b 'c'>]><title>&b;</title></record>",
        b"<record><titles><title>a</titles></record>",
        b"<record>" + b"<a>" * 40 + b"b" + b"</a>" * 40 + b"</record>",
        b"<record><titles><title>a</title>",
    ],
)
def test_xml_that_is_broken_or_hostile_loses_one_record(record: bytes) -> None:
    good = b"<record><titles><title>good</title></titles></record>"
    reading = endnote.read(b"<xml><records>\n" + good + b"\n" + record + b"\n" + good + b"</records></xml>", "x.xml")
    assert [one.get("title") for one in reading.records] == ["good", "good"]
    assert codes(reading) == [("record-broken", 3)]


def test_csl_json() -> None:
    reading = csljson.read(sample("csljson/zotero.json"), "zotero.json")
    assert codes(reading) == [("record-broken", 33)]
    first, book, skripsi = reading.records
    assert (first.key, first.get("title")) == ("hartono2014", "Growth of Bambusa vulgaris in twin cities & towns")
    assert (first.get("pmid"), first.get("note")) == ("90000001", "")
    assert (first.get("date"), first.get("urldate"), first.get("abstract")) == (
        "2014-03-05",
        "2020-01-02",
        "An invented abstract.",
    )
    assert (first.get("issn"), first.get("x-csl-system-id")) == ("1234-5678, 2345-6789", "zotero|1")
    assert first.people["author"][1:] == (Person("Meer", "Anneke", "van der"), Person(literal="Badan Contoh"))
    assert (book.get("title"), book.get("date"), book.key) == (
        'A brace } and a quote " within',
        "1930-07",
        "sukarno-1930",
    )
    assert (skripsi.get("type"), skripsi.get("date")) == ("bathesis", "2018-22")


def test_csl_json_nested_too_deeply_or_cut_off() -> None:
    deep = b'[{"title":"a"},{"x":' + b"[" * 100 + b"]" * 100 + b'},{"title":"b"},{"title":"c'
    reading = csljson.read(deep, "x.json")
    assert [record.get("title") for record in reading.records] == ["a", "b"]
    assert [problem.facts["reason"] for problem in reading.lost] == ["nested too deeply", "it has no end"]
    wrapped = csljson.read(b'{"items": [{"title": "a"}, {"title": "b"}]}', "x.json")
    assert [record.get("title") for record in wrapped.records] == ["a", "b"]
    assert one(csljson.read(b'{"title": "alone", "volume": 3.5, "x": {"y": [1, {"z": "w"}]}}', "x.json")).fields == {
        "title": "alone",
        "volume": "3.5",
        "x-csl-x": "1 w",
    }


def test_a_table_of_scopus() -> None:
    reading = csv.read(sample("csv/scopus.csv"), "scopus.csv")
    assert not reading.problems
    first, chapter, stray = reading.records
    assert first.get("title") == 'Twin harbours, "again"'
    assert first.get("abstract") == "First line second line, with a comma"
    assert names(first) == ["Hartono, Bambang Setia", "van der Meer, Anneke"]
    assert (first.get("pages"), first.get("number"), first.get("accession")) == ("139–154", "3", "2-s2.0-900001")
    assert (chapter.type, chapter.get("title"), chapter.get("isbn")) == (
        "incollection",
        "=SUM of all cities",
        "978-602-1234-56-7",
    )
    assert (stray.get("title"), stray.get("date"), stray.location.line) == ('A title with a "stray quote', "2020", 5)


def test_a_table_with_indonesian_headers_and_tabs() -> None:
    reading = csv.read(sample("csv/perpustakaan.tsv"), "perpustakaan.tsv")
    first, report = reading.records
    assert (first.get("title"), first.get("date"), first.get("pages"), first.get("keywords")) == (
        "Kota kembar", "2020", "11-25", "kota, kembar",
    )  # fmt: skip
    assert first.people["author"] == (Person("Contoh", "Siti"), Person("Sumarno"))
    assert first.get("x-csv-catatan-petugas") == "rak 3"
    assert (report.get("date"), report.get("x-csv-tahun-terbit")) == ("2005", "cet. ke-3, 2005")


@pytest.mark.parametrize(
    ("text", "title", "author", "year"),
    [
        ("Title;Author;Year\nA, b;Marx, Karl;2001\n", "A, b", "Marx, Karl", "2001"),
        ("sep=;\r\nTitle;Author;Year\r\nA;Marx, Karl;2001\r\n", "A", "Marx, Karl", "2001"),
        ("Title|Author|Year\nA|Marx, Karl|2001\n", "A", "Marx, Karl", "2001"),
        ('"Title","Author","Year"\n"A\n\nb","Marx, Karl","2001"\n', "A b", "Marx, Karl", "2001"),
        ("Title,Author Names,Source\nA,Liu R.,Endoscopy (2014) 3:3 (152-160). Date of Publication: 2014\n", "A", "Liu, R.", "2014"),
        ("PMID,Title,Authors,Citation\n1,A,Smith JA,J Inv. 2011 Mar-Apr;30(4):139-54. doi: x\n", "A", "Smith, JA", "2011-03/2011-04"),
        ("display_name,authorships.author.display_name,publication_year\nA,Karl Marx|Ana Contoh,2001\n", "A", "Marx, Karl", "2001"),
        ("PT\tAU\tTI\tSO\tPY\nJ\tMarx, K; Doe, J\tA\tB\t2001\n", "A", "Marx, K", "2001"),
        ("No,Judul,Penulis,Tahun,Source\n3,A,Siti Contoh,2001,Scopus\n", "A", "Contoh, Siti", "2001"),
        ("Judul Artikel,Nama Penulis,Tahun\nA,Siti Contoh,2001\n", "A", "Contoh, Siti", "2001"),
        ('ID,author,title,year,journal,volume,number,pages,abstract,doi,isbn\n7,"Marx, K.",A,2001,B,1,2,3,c,10.5555/x,\n',
         "A", "Marx, K.", "2001"),
    ],
)  # fmt: skip
def test_tables(text: str, title: str, author: str, year: str) -> None:
    record = one(csv.read(text.encode(), "x.csv"))
    assert (record.get("title"), names(record)[0], record.get("date")) == (title, author, year)
    assert detect(text.encode()) == by_name("csv")


def test_the_lists_of_people_are_those_of_bibtex() -> None:
    assert set(PEOPLE) == bibtex.NAME_LISTS
    record = Record(
        "book", {"title": "a"}, {"editorb": (Person("Sukarno"),), "holder": (Person(literal="Badan Contoh"),)}
    )
    assert one(ris.read(ris.write(iter([record])), "x")).says == record.says
    assert one(csljson.read(csljson.write(iter([record])), "x")).says == record.says
    assert one(csv.read(csv.write(iter([record])), "x")).says == record.says


def test_where_an_article_of_embase_stands() -> None:
    text = b"Title,Source\nA,Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014\n"
    record = one(csv.read(text, "x.csv"))
    assert record.fields == {
        "title": "A", "journaltitle": "Endoscopic Ultrasound", "volume": "3", "number": "3", "pages": "152-160", "date": "2014",
    }  # fmt: skip


def test_columns_can_be_named() -> None:
    table = b"Nama karya,Oleh\nKota kembar,Siti Contoh\n,\nSatu,Dua,tiga\n"
    unnamed = csv.read(table, "x.csv")
    assert codes(unnamed) == [("columns-unknown", 1), ("row-too-long", 4)]
    assert unnamed.records[0].fields == {
        "x-csv-nama-karya": "Kota kembar",
        "x-csv-oleh": "Siti Contoh",
    }
    named = csv.read(table, "x.csv", {"title": "nama karya", "author": "Oleh", "date": "Tahun"})
    assert codes(named) == [("column-missing", 1), ("row-too-long", 4)]
    assert named.records[0].get("title") == "Kota kembar"
    assert names(named.records[0]) == ["Contoh, Siti"]
    assert named.records[1].get("x-csv-more") == "tiga"
    assert csv.columns(table) == (("Nama karya", ""), ("Oleh", ""))


def test_headers_in_other_scripts_and_keys_of_zotero() -> None:
    record = one(csv.read("Key,Title,标题,备注,Schlüssel\nABCD1234,a,b,c,d\n".encode(), "x.csv"))
    assert record.key == ""
    assert record.fields == {
        "title": "a",
        "x-csv-key": "ABCD1234",
        "x-csv-column-3": "b",
        "x-csv-column-4": "c",
        "x-csv-schlussel": "d",
    }


def test_cells_are_neutralised_and_restored() -> None:
    record = Record(
        "misc", {"title": "=1+1", "note": "'quoted'", "abstract": "+49 @home", "url": "https://example.org"}
    )
    made = csv.write([record])
    assert b"'=1+1" in made
    assert one(csv.read(made, "x.csv")).says == record.says
    assert csv.write([record], ";").startswith(b"type;author;title;")


@pytest.mark.parametrize(
    ("head", "name", "wanted"),
    [
        (b"% title, author\n@article{a,\n", "x", "bibtex"),
        (b"% a comment\n%T is no tag\n@book{a,", "x", "bibtex"),
        (b"\n\n1.\nTY  - JOUR\nAB  - @article{a,\n", "x.bib", "ris"),
        (b"TI  - a\nAU  - b\n", "x.ris", "ris"),
        (b"anything", "x.CIW", "wos"),
        (b"anything", "x.txt", None),
        (b"", "x", None),
        (b'<?xml version="1.0"?><xml><records><record>', "x", "endnote"),
        (b'<?xml version="1.0"?><html><title>a, author</title>', "x", None),
        (b'[{"id":"a","title":"b","author":[]}]', "x", "csljson"),
        (b"one, two, three\n", "x", None),
        (b"VN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 1\n", "x.txt", "medline"),
    ],
)
def test_formats_are_told_apart(head: bytes, name: str, wanted: str | None) -> None:
    found = detect(head, name)
    assert (found.name if found else None) == wanted


# --- towards BibTeX --------------------------------------------------------------------------------------------------

WORD = st.text(alphabet="abcXYZ äßéŁ ,;:.&<>{}\\\"'=-+@#%$_^~|/()[]–012\t", max_size=14).map(
    lambda text: " ".join(text.split())
)


@given(
    st.dictionaries(
        st.sampled_from(["title", "note", "x-ris-c1", "pages", "date", "journaltitle", "keywords"]), WORD.filter(bool)
    )
)
def test_a_record_is_read_from_its_entry_as_it_was(fields: dict[str, str]) -> None:
    record = Record("article", fields, {"author": (Person("Sukarno"), Person("Meer", "Anneke", "van der"))})
    (source,) = bibtex.read(entries.entry(record, "key").encode(), "x.bib").sources
    made = entries.source(record, "key")
    assert (made.key, made.type, made.fields, made.plain, made.people) == (
        source.key, source.type, source.fields, source.plain, source.people,
    )  # fmt: skip
    fields = {name: latex.decode(latex.encode(value)) for name, value in fields.items()}
    assert {name: source.plain[name] for name in fields} == fields
    assert source.people["author"] == record.people["author"]


def test_an_address_with_a_lone_brace_stays_an_address() -> None:
    record = Record("online", {"title": "a", "url": "https://example.org/{b", "date": "2001"})
    text = entries.entry(record, "key")
    assert "https://example.org/%7Bb" in text
    assert list(entries.raw_fields(record)) == ["title", "date", "url"]


def test_the_bibtex_of_garuda_is_read_and_what_was_repaired_is_said() -> None:
    data = sample("bibtex/messy-garuda.bib")
    assert detect(data, "x") == by_name("bibtex")
    reading = bibtex.read(data, "x.bib")
    first = reading.sources[0]
    assert first.plain["url"].startswith("https://")
    assert first.plain["url"].endswith("/1/2")
    assert "Sumarno Sumarno" in first.plain["author"]
    assert [(problem.code, problem.subject) for problem in reading.problems][:2] == [
        ("value-bare", first.plain["url"]),
        ("comma-missing", "url"),
    ]


def test_the_bibtex_of_garuda_is_repaired_before_it_is_read() -> None:
    data = sample("bibtex/messy-garuda.bib")
    made, problems = garuda.repaired(data, "x.bib")
    reading = bibtex.read(made, "x.bib")
    before = bibtex.read(data, "x.bib")
    assert [source.key for source in reading.sources] == [source.key for source in before.sources]
    assert not reading.problems
    assert [(one.code, one.location.line, one.subject) for one in problems] == [
        ("repaired-value", before.sources[0].location.line, "IPI0000001"),
        ("repaired-names", before.sources[0].location.line, "IPI0000001"),
    ]
    first = reading.sources[0]
    assert first.people["author"] == (
        Person("Siti Contoh", "FA"),
        Person("Misal", "Budi"),
        Person("Sumarno", "Sumarno"),
    )
    assert first.plain["abstract"] == "Teks contoh, baris kedua."
    for name in ("title", "journal", "volume", "year", "url"):
        assert first.plain[name] == before.sources[0].plain[name]
    rest = data[before.sources[1].location.start :]
    assert made.endswith(rest)


def test_quotes_and_braces_within_a_value_of_garuda() -> None:
    data = (
        b'@article{IPI1, title = "Judul "Dalam Kutip" lagi & 5%", journal = "X", url = https://a.b/c?d=e author = "Siti; Budi", '
        b'abstract = "a "b" c, d = 5 {", year = "2020", }\n'
        b'@article{IPI2, title = "Dua } kurung", pages = "", year = "2021", }\n\n% comment\n'
        b'@article{, title = "Tanpa kunci", year = "2022", }\n'
        b"@book{other, title = {Left alone}}\n"
    )
    made, problems = garuda.repaired(data, "x.bib")
    reading = bibtex.read(made, "x.bib")
    assert [dict(source.plain) for source in reading.sources] == [
        {
            "title": 'Judul "Dalam Kutip" lagi & 5%', "journal": "X", "url": "https://a.b/c?d=e", "author": "Siti and Budi",
            "abstract": 'a "b" c, d = 5 {', "year": "2020",
        },
        {"title": "Dua } kurung", "year": "2021"},
        {"title": "Tanpa kunci", "year": "2022"},
        {"title": "Left alone"},
    ]  # fmt: skip
    assert [source.key for source in reading.sources] == ["IPI1", "IPI2", "garuda-3", "other"]
    assert [(one.code, one.location.line, one.facts["field"]) for one in problems if one.facts] == [
        ("repaired-quotes", 1, "title"),
        ("repaired-value", 1, "url"),
        ("repaired-names", 1, "author"),
        ("repaired-quotes", 1, "abstract"),
        ("repaired-quotes", 2, "title"),
    ]
    assert b"% comment" in made
    assert garuda.repaired(b"@article{a, title = {b}}", "x") == (b"@article{a, title = {b}}", ())


@given(st.text(alphabet='ab "{}\\;,=&%@\n', max_size=60))
def test_whatever_stands_in_an_entry_of_garuda_it_becomes_one_entry(text: str) -> None:
    data = f'@article{{IPI1, title = "{text}", year = "2020", }}\n'.encode()
    made, _ = garuda.repaired(data, "x.bib")
    assert len(bibtex.read(made, "x.bib").sources) >= 1


def test_xml_parsed_together_is_parsed_as_alone() -> None:
    lines = [f"<record><titles><title>{at}</title></titles></record>" for at in range(120)]
    lines[7] = "<record><titles><title>7</titles></record>"
    lines[60] = "<record></record>"
    lines[61] = "<record><titles><title><![CDATA[a <b>]]></title></titles></record>"
    lines[119] = "<record><titles><title>cut off</title></titles>"
    reading = endnote.read(("<records>\n" + "\n".join(lines)).encode(), "x.xml")
    assert codes(reading) == [("record-broken", 9), ("record-empty", 62)]
    assert [one.get("title") for one in reading.records] == [
        {61: "a <b>", 119: "cut off"}.get(at, str(at)) for at in range(120) if at not in (7, 60)
    ]
    assert [one.location.line for one in reading.records] == [at + 2 for at in range(120) if at not in (7, 60)]
