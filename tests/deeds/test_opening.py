"""The forms in which reference managers name attachments, and where they are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from libreview.deeds import opening
from libreview.model import Location, Source
from libreview.review import Review
from libreview.words.errors import NotFound


def source(**fields: str) -> Source:
    return Source("k", "misc", fields, fields, {}, Location("sources/all.bib"))


@pytest.mark.parametrize(
    ("field", "paths"),
    [
        ("files/a.pdf", ("files/a.pdf",)),
        (":files/a.pdf:PDF", ("files/a.pdf",)),
        ("Full Text:files/a b.pdf:application/pdf", ("files/a b.pdf",)),
        ("files/a.pdf:PDF", ("files/a.pdf",)),
        ("Full Text:files/a.pdf", ("files/a.pdf",)),
        (":a.pdf:PDF;:b.pdf:PDF", ("a.pdf", "b.pdf")),
        (r":a\;b\:c.pdf:PDF", ("a;b:c.pdf",)),
        (r"C\:\\Users\\me\\Zotero\\storage\\AB\\x.pdf", (r"C:\Users\me\Zotero\storage\AB\x.pdf",)),
        (r"PDF:C\:\\Users\\me\\x.pdf:application/pdf", (r"C:\Users\me\x.pdf",)),
        (r"C:\Users\me\x.pdf", (r"C:\Users\me\x.pdf",)),
        (r":C$\backslash$:/Users/me/x.pdf:pdf", ("C:/Users/me/x.pdf",)),
        (r":C{\$}\backslash{\$}:/Users/me/x.pdf:pdf", ("C:/Users/me/x.pdf",)),
        (":home/me/x.pdf:pdf", ("home/me/x.pdf",)),
        (r"z:file\:///srv/x%20y.pdf:PDF", ("/srv/x y.pdf",)),
        ("file:///srv/x.pdf", ("/srv/x.pdf",)),
        ("https://example.org/a.pdf", ()),
        ("", ()),
        (";;", ()),
    ],
)
def test_the_forms_of_reference_managers(field: str, paths: tuple[str, ...]) -> None:
    assert opening.attachments(source(file=field)) == paths


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    with Review.open(review_folder) as review:
        yield review


@pytest.mark.parametrize("place", ["sources/files/a;b.pdf", "files/a;b.pdf", "sources/a;b.pdf", "a;b.pdf"])
def test_where_an_attachment_may_lie(review: Review, place: str) -> None:
    (review.root / place).parent.mkdir(exist_ok=True)
    (review.root / place).touch()
    field = "files/a;b.pdf" if "files" in place else "a;b.pdf"
    assert opening.attachment(review, source(file=field)) == review.root / place


@pytest.mark.parametrize(
    "field", ["", "files/nosuch.pdf", r"\\\\server\\share\\a.pdf", "//server/a.pdf", "a\0b", "x" * 5000]
)
def test_what_is_not_there(review: Review, field: str) -> None:
    with pytest.raises(NotFound):
        opening.attachment(review, source(file=field))


def test_outside(review: Review, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").touch()
    (review.root / "sources" / "link.pdf").symlink_to(tmp_path / "x.pdf")
    found = opening.attachment(review, source(file="link.pdf"))
    assert opening.is_outside(review, found)
    assert not opening.is_outside(review, review.root / "sources" / "all.bib")
    assert opening.library(Path("/home/me/Zotero/storage/AB12CD34/x.pdf")) == Path("/home/me/Zotero/storage")
    assert opening.library(Path("/home/me/papers/x.pdf")) == Path("/home/me/papers")


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://e.org/a"}, "https://e.org/a"),
        ({"url": r"\url{https://e.org/a\_b}"}, "https://e.org/a_b"),
        ({"url": "e.org/a"}, "https://e.org/a"),
        ({"doi": "10.1000/x"}, "https://doi.org/10.1000/x"),
        ({"doi": "https://dx.doi.org/10.1000/x"}, "https://doi.org/10.1000/x"),
        ({"url": "javascript:alert(1)", "doi": "10.1/a"}, "https://doi.org/10.1/a"),
        ({"eprint": "1234.5678", "archiveprefix": "arXiv"}, "https://arxiv.org/abs/1234.5678"),
    ],
)
def test_addresses(fields: dict[str, str], address: str) -> None:
    assert opening.url(source(**fields)) == address


def test_no_address_and_no_card(review: Review) -> None:
    with pytest.raises(NotFound):
        opening.url(source(doi="none"))
    with pytest.raises(NotFound):
        opening.card(review, source())
