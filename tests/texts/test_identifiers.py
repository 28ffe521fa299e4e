"""What names a publication, in the forms in which people type and paste it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts.identifiers import Identifier, isbn, of_record, recognised
from libreview.words.errors import Refused


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("10.1080/13604813.2011.568715", "doi", "10.1080/13604813.2011.568715"),
        ("  doi:10.1080/13604813.2011.568715. ", "doi", "10.1080/13604813.2011.568715"),
        ("DOI: 10.1234/ABC(1)", "doi", "10.1234/ABC(1)"),
        ("10.1234/abc)", "doi", "10.1234/abc"),
        ("https://doi.org/10.1234/abc", "doi", "10.1234/abc"),
        ("http://dx.doi.org/10.1234/a%2Fb?x=1", "doi", "10.1234/a/b"),
        ("doi.org/10.1234/abc", "doi", "10.1234/abc"),
        (
            "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O",
            "doi",
            "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
        ),
        ("arXiv:2101.00001v2", "arxiv", "2101.00001v2"),
        ("2101.00001", "arxiv", "2101.00001"),
        ("0704.0001", "arxiv", "0704.0001"),
        ("hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("arxiv: math.gt/0309136v1", "arxiv", "math.GT/0309136v1"),
        ("https://arxiv.org/abs/2101.00001v1", "arxiv", "2101.00001v1"),
        ("https://arxiv.org/pdf/2101.00001v1.pdf", "arxiv", "2101.00001v1"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("0-306-40615-2", "isbn", "9780306406157"),
        ("ISBN 0-8044-2957-X", "isbn", "9780804429573"),
        ("9780306406157", "isbn", "9780306406157"),
        ("ISBN-13: 978–0–306–40615–7", "isbn", "9780306406157"),
        ("979-10-90636-07-1", "isbn", "9791090636071"),
        ("PMID:123", "pmid", "123"),
        ("pmid 00123", "pmid", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "pmid", "123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/123", "pmid", "123"),
        ("https://Kompas.com/Read/1?x=1#top", "web", "https://kompas.com/Read/1?x=1#top"),
        ("http://bandung.go.id", "web", "http://bandung.go.id/"),
        ("www.kompas.com", "web", "https://www.kompas.com/"),
        ("kompas.com/read/1", "web", "https://kompas.com/read/1"),
        ("https://bücher.example/ä?q={x}", "web", "https://xn--bcher-kva.example/%C3%A4?q=%7Bx%7D"),
        ("https://www.tandfonline.com/doi/full/10.1080/1", "web", "https://www.tandfonline.com/doi/full/10.1080/1"),
    ],
)
def test_recognised(text: str, kind: str, value: str) -> None:
    found = recognised(text)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    ["", "Two harbours", "123", "12345678", "10.1080", "file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)",
     "https://user:secret@example.org/", "https://example.org:99999/", "https:///x", "https://a b/", "http://[::1", "x" * 5000,
     "https://example.org/\x1b[31m", "PMID:0", "UU 23 Tahun 2014"],
)  # fmt: skip
def test_what_names_nothing(text: str) -> None:
    assert recognised(text) is None


@pytest.mark.parametrize("text", ["0306406153", "978-0-306-40615-8", "ISBN 12345", "ISBN 123456789"])
def test_an_isbn_that_was_mistyped(text: str) -> None:
    with pytest.raises(Refused, match="is no ISBN"):
        recognised(text)


@given(st.integers(0, 10**9 - 1))
def test_both_isbns_of_a_book_are_one(number: int) -> None:
    nine = f"{number:09d}"
    rest = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True)) % 11
    ten = nine + ("X" if rest == 10 else str(rest))
    thirteen = isbn(ten)
    assert len(thirteen) == 13
    assert isbn(thirteen) == thirteen
    for at in range(13):  # one digit that is wrong is found
        other = thirteen[:at] + str((int(thirteen[at]) + 1) % 10) + thirteen[at + 1 :]
        assert isbn(other) == ""


@given(st.text(max_size=60) | st.text(alphabet=string.digits + "Xx-. /:vdoiarxvpms", max_size=40))
def test_recognising_ends_and_what_is_recognised_stays(text: str) -> None:
    try:
        found = recognised(text)
    except Refused:
        return
    if found is None:
        return
    assert found.value.isprintable()
    again = recognised(f"{'pmid:' if found.kind == 'pmid' else ''}{found.value}")
    assert again is not None
    assert again.same == found.same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.1234/ABC", "https://doi.org/10.1234/abc"),
        ("arXiv:2101.00001v1", "2101.00001"),
        ("10.48550/arXiv.2101.00001", "2101.00001v3"),
        ("math.GT/0309136", "math/0309136"),
        ("0306406152", "978-0-306-40615-7"),
        ("http://www.kompas.com/a/", "https://kompas.com/a?utm_source=x#top"),
    ],
)
def test_names_of_one_publication(one: str, other: str) -> None:
    first, second = recognised(one), recognised(other)
    assert first is not None
    assert second is not None
    assert first.same == second.same


@pytest.mark.parametrize(
    ("type", "fields", "same"),
    [
        ("article", {"doi": "https://doi.org/10.1234/ABC"}, {("doi", "10.1234/abc")}),
        ("article", {"url": "http://dx.doi.org/10.1234/abc"}, {("doi", "10.1234/abc")}),
        ("misc", {"eprint": "2101.00001v2", "archiveprefix": "arXiv"}, {("arxiv", "2101.00001")}),
        ("book", {"isbn": "0-306-40615-2 and 979-10-90636-07-1"}, {("isbn", "9780306406157"), ("isbn", "9791090636071")}),
        ("incollection", {"isbn": "0-306-40615-2"}, set()),
        ("article", {"eprint": "0123", "eprinttype": "pubmed"}, {("pmid", "123")}),
        ("article", {"doi": "nonsense", "isbn": "1234-5678", "url": "see library", "pmid": "x"}, set()),
        ("article", {"doi": "0306406153", "isbn": "0306406153", "url": "0306406153", "eprint": "0306406153"}, set()),
        ("article", {"url": "http://[x", "doi": "https://user:x@y/"}, set()),
    ],
)  # fmt: skip
def test_identifiers_of_a_record(type: str, fields: dict[str, str], same: set[tuple[str, str]]) -> None:
    assert of_record(type, fields) == same


def test_an_identifier_is_shown_with_its_register() -> None:
    assert str(Identifier("doi", "10.1/x")) == "DOI 10.1/x"
    assert str(Identifier("web", "https://e.org/")) == "https://e.org/"
