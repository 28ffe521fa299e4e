"""Short citations and CSL-JSON: entries as people have them, beside what they become."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import citations
from libreview.model import Citation, Location, Locator, Source
from libreview.texts import locators
from libreview.texts.formats import bibtex
from libreview.words.blocks import text


def read(entry: str) -> Source:
    (source,) = bibtex.read(entry.encode(), "a.bib").sources
    return source


def item(entry: str) -> dict[str, Any]:
    return citations.csl_item(read(entry))


CREMER = (
    "@article{c, author={Cremer, Rolf D. and de Bruin, Anne and Dupuis, Ann}, title={Cities: a divide}, date={2001}}"
)
LAW = """@legislation{uu37, author={{Republik Indonesia}}, type={undang-undang}, date={1999}, langid={indonesian},
  title={Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri}, note={Lembaran Negara Tahun 1999 Nomor 156}}"""
REGULATION = """@legislation{p, author={{Kementerian Dalam Negeri}}, date={2020}, langid={indonesian},
  title={Peraturan Menteri Dalam Negeri Nomor 25 Tahun 2020 tentang Tata Cara Kerja Sama}}"""


@pytest.mark.parametrize(
    ("entry", "place", "language", "expected"),
    [
        (CREMER, "hlm. 12", "id", "(Cremer dkk., 2001, hlm. 12)"),
        (CREMER, "hlm. 12", "en", "(Cremer et al., 2001, p. 12)"),
        (CREMER, "", "en", "(Cremer et al., 2001)"),
        ("@book{k, author={Aldecoa, F. and Keating, M.}, year=1999}", "", "id", "(Aldecoa dan Keating, 1999)"),
        ("@book{k, author={Aldecoa, F. and Keating, M.}, year=1999}", "", "en", "(Aldecoa and Keating, 1999)"),
        ("@book{k, author={Aldecoa, F. and others}, year=1999}", "", "id", "(Aldecoa dkk., 1999)"),
        ("@book{k, author={de Villiers, J.}, year=2005}", "", "en", "(de Villiers, 2005)"),
        ("@book{k, author={Sukarno}, title={Api}}", "", "id", "(Sukarno, t.t.)"),
        ("@book{k, author={Sukarno}, title={Api}}", "", "en", "(Sukarno, n.d.)"),
        ("@book{k, editor={Keating, M.}, year=1999}", "", "en", "(Keating, 1999)"),
        ("@online{k, title={Sister City: Bandung}, date={2016-08-13}}", "", "id", "(“Sister City”, 2016)"),
        ("@online{k, title={[60 tahun]}, date={2016}}", "", "id", "([60 tahun], 2016)"),
        ("@online{k, title={a b c d e f g h}, date={2016}}", "", "en", "(“a b c d e f…”, 2016)"),
        ("@online{k, date={2016}}", "", "en", "(k, 2016)"),
        (LAW, "Pasal 6", "id", "(UU No. 37 Tahun 1999, Pasal 6)"),
        (REGULATION, "", "id", "(Permendagri No. 25 Tahun 2020)"),
        ("@legislation{k, title={Qanun Aceh Nomor 5 Tahun 2010 tentang X}}", "", "id", "(Qanun Aceh No. 5 Tahun 2010)"),
        ("@legislation{k, title={Undang-Undang Dasar Negara Republik Indonesia Tahun 1945}}", "", "id", "(UUD 1945)"),
        ("@legislation{k, title={Clean Air Act}, date={1970}}", "", "en", "(“Clean Air Act”, 1970)"),
    ],
)
def test_short(entry: str, place: str, language: str, expected: str) -> None:
    assert citations.short(read(entry), locators.parse(place) if place else Locator(), language) == expected


def test_author_year() -> None:
    assert citations.author_year(read(CREMER), "id") == "Cremer dkk. (2001)"
    assert citations.author_year(read("@book{k, author={Zed, Mestika}}"), "id") == "Zed (t.t.)"
    assert citations.author_year(read(LAW), "id") == "UU No. 37 Tahun 1999"


def test_cite_joins_prefixes_and_unknown_keys() -> None:
    cited = (
        Citation("c", prefix="Nazir, 1988, hlm. 54, dalam", locator=locators.parse("hlm. 12")),
        Citation("gone", locator=locators.parse("hlm. 3"), suffix="dst."),
    )
    found = citations.cite(cited, {"c": read(CREMER)}, "id")
    assert found == "(Nazir, 1988, hlm. 54, dalam Cremer dkk., 2001, hlm. 12; @gone, hlm. 3 dst.)"
    assert citations.cite((), {}, "id") == ""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@article{k, title={x}, journal={J}}", "article-journal"),
        ("@article{k, title={x}, journal={Kompas}, entrysubtype={newspaper}}", "article-newspaper"),
        ("@article{k, title={x}, eprint={2005.1}, archiveprefix={arXiv}}", "article"),
        ("@book{k, title={x}}", "book"),
        ("@collection{k, title={x}}", "book"),
        ("@incollection{k, title={x}}", "chapter"),
        ("@inproceedings{k, title={x}}", "paper-conference"),
        ("@conference{k, title={x}}", "paper-conference"),
        ("@thesis{k, title={x}}", "thesis"),
        ("@mastersthesis{k, title={x}}", "thesis"),
        ("@techreport{k, title={x}}", "report"),
        ("@online{k, title={x}}", "webpage"),
        ("@misc{k, title={x}, url={https://a.b}}", "webpage"),
        ("@misc{k, title={x}}", "document"),
        ("@unpublished{k, title={x}}", "manuscript"),
        ("@unpublished{k, title={x}, eventtitle={y}}", "speech"),
        ("@legislation{k, title={Clean Air Act}}", "legislation"),
        ("@whatever{k, title={x}}", "document"),
    ],
)
def test_types(entry: str, expected: str) -> None:
    assert item(entry)["type"] == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@thesis{k, type={skripsi}}", "Skripsi"),
        ("@thesis{k, type={tesis}}", "Tesis"),
        ("@thesis{k, type={disertasi}}", "Disertasi"),
        ("@phdthesis{k, title={x}}", "PhD thesis"),
        ("@phdthesis{k, title={x}, langid={indonesian}}", "Disertasi"),
        ("@thesis{k, type={mathesis}, langid={german}}", "Masterarbeit"),
        ("@mastersthesis{k, title={x}}", "Master’s thesis"),
        ("@techreport{k, title={x}}", "Technical report"),
        ("@report{k, type={Research paper}}", "Research paper"),
    ],
)
def test_genres(entry: str, expected: str) -> None:
    assert item(entry)["genre"] == expected


def test_fields() -> None:
    found = item(
        """@article{k, author={de Villiers, J. C. and Nash, Jr., John and {OECD} and Sukarno and others},
        title={The {NASA} story}, subtitle={A tale}, journaltitle={Moderat}, volume={6}, number={2}, pages={377--401},
        doi={https://doi.org/10.1000/a\\_b}, url={https://a.b/c\\_d}, urldate={2024-02-01}, date={2001-05}, issn={1-2},
        langid={indonesian}}"""
    )
    assert found["author"] == [
        {"family": "Villiers", "given": "J. C.", "non-dropping-particle": "de"},
        {"family": "Nash", "given": "John", "suffix": "Jr."},
        {"literal": "OECD"},
        {"family": "Sukarno"},
        {"literal": "others"},
    ]
    assert found["title"] == 'The <span class="nocase">NASA</span> story: A tale'
    assert (found["container-title"], found["volume"], found["issue"], found["page"]) == (
        "Moderat",
        "6",
        "2",
        "377–401",
    )
    assert (found["DOI"], found["URL"], found["ISSN"]) == ("10.1000/a_b", "https://a.b/c_d", "1-2")
    assert found["issued"] == {"date-parts": [[2001, 5]]}
    assert found["accessed"] == {"date-parts": [[2024, 2, 1]]}
    assert found["language"] == "id"


@pytest.mark.parametrize(
    ("entry", "name", "expected"),
    [
        ("@book{k, edition={2nd}}", "edition", "2"),
        ("@book{k, edition={Cetakan ke-2}}", "edition", "Cetakan ke-2"),
        ("@article{k, pages={11--}}", "page", "11"),
        ("@article{k, pages={12-15, 20}}", "page", "12–15, 20"),
        ("@article{k, eid={e105}}", "page", "e105"),
        ("@misc{k, howpublished={\\url{https://a.b/c}}}", "URL", "https://a.b/c"),
        ("@misc{k, howpublished={Tidak diterbitkan}}", "publisher", "Tidak diterbitkan"),
        ("@misc{k, eprint={2005.1}, archiveprefix={arXiv}}", "URL", "https://arxiv.org/abs/2005.1"),
        ("@phdthesis{k, school={UGM}}", "publisher", "UGM"),
        ("@report{k, institution={OECD}, number={12}}", "number", "12"),
        ("@book{k, series={Cass}, number={4}}", "collection-number", "4"),
        ("@online{k, title={x}, organization={digo.id}}", "container-title", "digo.id"),
        ("@incollection{k, title={x}, booktitle={B}, maintitle={M}}", "container-title", "M: B"),
        ("@book{k, title={T}, maintitle={M}}", "title", "M: T"),
        ("@book{k, title={T}, titleaddon={Terjemahan}}", "title", "T [Terjemahan]"),
        ("@book{k, title={A `Worldly' City}}", "title", "A ‘Worldly' City"),
        ("@book{k, title={Why?}, subtitle={So}}", "title", "Why? So"),
        ("@article{k, year={in press}}", "status", "in press"),
        ("@article{k, pubstate={inpress}}", "status", "in press"),
        ("@book{k, langid={german}}", "language", "de-DE"),
        ("@book{k, language={en_GB}}", "language", "en-GB"),
    ],
)
def test_one_field(entry: str, name: str, expected: str) -> None:
    assert item(entry)[name] == expected


def test_a_law_of_an_authority_is_printed_whole_by_every_style() -> None:
    found = item(LAW)
    assert found["type"] == "book"
    assert found["author"] == [{"literal": "Republik Indonesia"}]
    assert found["title"] == "Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri"
    assert found["publisher"] == "Lembaran Negara Tahun 1999 Nomor 156"
    assert "genre" not in found
    assert "note" not in found


def test_a_law_in_pieces_gets_its_full_name() -> None:
    found = item(
        "@legislation{k, title={Hubungan Luar Negeri}, type={undang-undang}, number={37}, date={1999}, langid={indonesian}}"
    )
    assert found["title"] == "Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri"


def test_unprinted() -> None:
    source = read("@unpublished{k, note={Tidak diterbitkan}, library={Perpustakaan UGM}}")
    assert citations.unprinted(source, text("Rani. Judul. (Perpustakaan UGM).")) == ("note",)
    assert citations.unprinted(source, text("Rani. Tidak Diterbitkan, perpustakaan  UGM")) == ()


@given(
    st.sampled_from(["article", "book", "misc", "legislation", "thesis", "online", "x"]),
    st.dictionaries(
        st.sampled_from(["title", "date", "pages", "number", "type", "langid", "edition", "doi", "note", "url"]),
        st.text(max_size=40),
    ),
)
def test_no_field_breaks_an_item(kind: str, fields: dict[str, str]) -> None:
    source = Source("k", kind, fields, fields, {}, Location("a.bib"))
    assert json.loads(json.dumps(citations.csl_item(source)))["id"] == "k"
    short = citations.short(source, Locator(), "id")
    assert (short[0], short[-1]) == ("(", ")")
