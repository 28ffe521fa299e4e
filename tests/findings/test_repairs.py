"""What exports get wrong in sources: what is named, and what is put right without asking."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from libreview.findings import repairs
from libreview.findings.repairs import fields_mended
from libreview.model import Source
from libreview.texts import names
from libreview.texts.formats import bibtex


def source(fields: str, kind: str = "article") -> Source:
    return bibtex.read(f"@{kind}{{k, title = {{T}}, {fields}}}".encode(), "sources/a.bib").sources[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Riswanda Riswanda", "{Riswanda}"),
        ("Sumarno, Sumarno", "{Sumarno}"),
        ("Ayu Contoh and Riswanda  Riswanda and {\\'E}mile Zola", "Ayu Contoh and {Riswanda} and {\\'E}mile Zola"),
        ("Siti Contoh FA; Budi Misal; Sumarno Sumarno", "Siti Contoh FA and Budi Misal and {Sumarno}"),
        ("Misal, Budi and dkk.", "Misal, Budi and others"),
        ("et al. and Misal, Budi", "Misal, Budi and others"),
        ("Prof. Dr. H. Budi Misal, S.IP., M.Si.", "Misal, Budi"),
        ("Prof. Dr. H. Budi Misal, S.IP., M.Si. and dkk.", "Misal, Budi and others"),
        ("Dr. Sumarno", "{Sumarno}"),
        ("Misal, Drs. Budi", "Misal, Budi"),
        ("Budi Misal, Ph.D.", "Misal, Budi"),
    ],
)
def test_people_are_put_right(written: str, meant: str) -> None:
    fields, done = fields_mended(source(f"author = {{{written}}}"))
    assert fields == {"author": meant}
    assert done
    again = source(f"author = {{{meant}}}")
    assert fields_mended(again) == ({}, ())
    assert not list(repairs.repairs(again))


@pytest.mark.parametrize(
    "written",
    [
        "H. Budi Misal",
        "S. E. Misal",
        "{Riswanda Riswanda}",
        "{Contoh; Misal}",
        "Sumarno",
        "Anderson, A. and others",
        "Dr.",
    ],
)
def test_what_leaves_a_choice_is_left(written: str) -> None:
    assert fields_mended(source(f"author = {{{written}}}")) == ({}, ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("volume = {Vol 6, No 2 (2020)}", {"volume": "6", "number": "2", "year": "2020"}),
        ("volume = {Vol. 12}, year = {2001}", {"volume": "12"}),
        ("volume = {vol 6 no. 2}, number = {2}", {"volume": "6"}),
        ("isbn = {2049-3630}", {"isbn": None, "issn": "2049-3630"}),
        ("isbn = {20493630}, issn = {2049-3630}", {"isbn": None}),
    ],
)
def test_fields_are_put_right(written: str, meant: dict[str, str | None]) -> None:
    assert fields_mended(source(written))[0] == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("volume = {Vol 6, No 2 (2020)}, year = {2021}", "volume-joined"),
        ("volume = {Vol 6, No 2}, number = {3}", "volume-joined"),
        ("volume = {Vol. enam}", "volume-joined"),
        ("isbn = {2049-3630}, issn = {1234-5679}", "isbn-is-issn"),
        ("isbn = {12345678}", "isbn-too-short"),
        ("journal = {Universitas Contoh}", "journal-is-institution"),
        ("journal = {T}", "journal-is-title"),
    ],
)
def test_what_only_a_person_can_say_is_named(written: str, code: str) -> None:
    found = source(written)
    assert [one.code for one in repairs.repairs(found)] == [code]
    assert fields_mended(found) == ({}, ())


@pytest.mark.parametrize(
    "written",
    ["journal = {Jurnal Universitas Contoh}", "volume = {6}", "isbn = {978-3-16-148410-0}", "volume = {XXVI}"],
)
def test_what_is_right_is_not_named(written: str) -> None:
    assert not list(repairs.repairs(source(written)))


def test_the_check_digit_of_an_issn() -> None:
    assert repairs.is_issn("0378-5955")
    assert repairs.is_issn("2434561x".upper())
    assert not repairs.is_issn("0378-5954")


WORDS = st.sampled_from(
    ["Ayu", "Dr.", "S.IP.", "Misal", "and", "dkk.", ";", ",", "{A and B}", "{\\'E}", "H.", "  ", "{", "~"]
)


@given(st.lists(WORDS, max_size=9))
def test_names_stand_where_they_are_said_to_stand(words: list[str]) -> None:
    raw = " ".join(words)
    spans = names.spans(raw)
    assert all(raw[start:end].strip() == raw[start:end] != "" for start, end in spans)
    assert list(spans) == sorted(spans)
    if raw.count("{") == raw.count("}"):
        assert names.parse(" and ".join(raw[start:end] for start, end in spans)) == names.parse(raw)


@example(["Dr.", "{\\'E}", "and", ";"])
@given(st.lists(WORDS, max_size=9))
def test_putting_right_twice_is_putting_right_once(words: list[str]) -> None:
    read = bibtex.read(f"@book{{k, title = {{T}}, author = {{{' '.join(words)}}}}}".encode(), "a.bib").sources
    if not read:
        return
    fields, _ = fields_mended(read[0])
    raw = fields.get("author")
    if raw is not None:
        assert fields_mended(source(f"author = {{{raw}}}"))[0] == {}
