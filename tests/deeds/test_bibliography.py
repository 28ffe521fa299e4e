"""The bibliography of a review: which sources, in which groups and order, with what below them."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import bibliography as deeds
from libreview.deeds.bibliography import Wish
from libreview.model import Source
from libreview.review import Review
from libreview.words.blocks import plain
from libreview.words.errors import NotFound, Refused, ReviewError


def _keys(folder: Path, **wish: object) -> list[list[str]]:
    with Review.open(folder) as review:
        found = deeds.bibliography(review, Wish(**wish))  # type: ignore[arg-type]
    return [[group.name, *(entry.source.key for entry in group.entries)] for group in found.groups]


@pytest.fixture
def library(review_folder: Path) -> Path:
    """The review of two sources with a law, a thesis and a page beside them, and a second note card."""
    (review_folder / "sources" / "more.bib").write_text(
        "@legislation{uu1999, author = {{Republik Indonesia}}, title = {Undang-Undang Nomor 37 Tahun 1999 tentang"
        " Hubungan Luar Negeri}, date = {1999}, langid = {indonesian}}\n"
        "@thesis{adi2015, author = {Adi}, title = {Pasar}, type = {skripsi}, institution = {Universitas}, year = {2015},"
        " note = {Tidak diterbitkan}}\n"
        "@online{kota, author = {{Kota}}, title = {Halaman}, url = {https://example.org}}\n",
        encoding="utf-8",
    )
    (review_folder / "notes" / "adi2015.md").write_text("---\nsource: adi2015\n---\n\nA *short* thesis.\n", "utf-8")
    return review_folder


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, [["", "adi2015", "hartono2019", "wijaya2001"]]),
        ({"everything": True}, [["", "adi2015", "hartono2019", "kota", "uu1999", "wijaya2001"]]),
        ({"query": "year:2010.."}, [["", "adi2015", "hartono2019"]]),
        ({"query": "year:1999", "everything": True}, [["", "uu1999"]]),
        (
            {"everything": True, "by": "type"},
            [
                ["books", "hartono2019"],
                ["journals", "wijaya2001"],
                ["theses", "adi2015"],
                ["laws", "uu1999"],
                ["internet", "kota"],
            ],
        ),
        (
            {"everything": True, "by": "year"},
            [["1999", "uu1999"], ["2001", "wijaya2001"], ["2015", "adi2015"], ["2019", "hartono2019"], ["", "kota"]],
        ),
        (
            {"by": "theme"},
            [["trade", "wijaya2001"], ["fair", "hartono2019", "wijaya2001"], ["", "adi2015"]],
        ),
    ],
)
def test_selection_and_groups(library: Path, wish: dict[str, object], expected: list[list[str]]) -> None:
    assert _keys(library, **wish) == expected


def test_numbers_rise_from_group_to_group(library: Path) -> None:
    with Review.open(library) as review:
        found = deeds.bibliography(review, Wish(everything=True, style="ieee", by="type"))
    printed = [plain(entry.reference)[:3] for group in found.groups for entry in group.entries]
    assert printed == ["[1]", "[2]", "[3]", "[4]", "[5]"]


def test_a_chapter_gives_its_order_to_numbers(library: Path, tmp_path: Path) -> None:
    chapter = tmp_path / "bab1.md"
    chapter.write_text("See [@wijaya2001, p. 3] and @hartono2018, [@adi2014] and @fig:map; `@kota`.\n", "utf-8")
    with Review.open(library) as review:
        found = deeds.bibliography(review, Wish(cited=(chapter,), style="ieee"))
        assert [entry.source.key for entry in found.groups[0].entries] == ["wijaya2001", "hartono2019"]
        assert found.unknown == ("adi2014",)
        assert (found.sources, found.total) == (2, 5)


def test_what_belongs_to_an_entry(library: Path) -> None:
    with Review.open(library) as review:
        found = deeds.bibliography(review, Wish(excerpts=True))
        bare = deeds.bibliography(review, Wish(annotations=False))
    entries = {entry.source.key: entry for entry in found.groups[0].entries}
    assert entries["adi2015"].annotation == "A *short* thesis."
    assert [theme.id for theme in entries["wijaya2001"].themes] == ["trade", "fair"]
    assert [excerpt.id for excerpt in entries["hartono2019"].excerpts] == ["a81b2c"]
    assert found.annotated
    assert found.themes
    assert found.unprinted == {"note": 1}
    assert not bare.annotated
    assert not bare.themes


def test_a_theme_has_its_own_excerpts_only(library: Path) -> None:
    with Review.open(library) as review:
        found = deeds.bibliography(review, Wish(excerpts=True, by="theme"))
    ids = {(g.name, e.source.key): [x.id for x in e.excerpts] for g in found.groups for e in g.entries}
    assert ids["trade", "wijaya2001"] == ["k3f9q2"]
    assert ids["fair", "wijaya2001"] == ["a81b2c"]


@pytest.mark.parametrize(
    ("wish", "kind", "said", "near"),
    [
        ({"style": "appa"}, NotFound, 'no citation style "appa"', "apa"),
        ({"by": "typ"}, NotFound, 'grouped by "typ"', "type"),
        ({"language": "12"}, NotFound, 'no language "12"', None),
        ({"language": "xx"}, NotFound, 'no language "xx"', None),
        ({"query": "zzz"}, Refused, "No source is selected by: zzz", None),
        ({"query": "year:1999"}, Refused, "No source in the review is selected by", None),
    ],
)
def test_what_cannot_be_listed(
    library: Path, wish: dict[str, str], kind: type[ReviewError], said: str, near: str | None
) -> None:
    with Review.open(library) as review, pytest.raises(kind, match=said) as caught:
        deeds.bibliography(review, Wish(**wish))  # type: ignore[arg-type]
    if near:
        assert near in getattr(caught.value, "near", ())


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"Nothing here.", Refused, "Nothing is cited"),
        (b"[@wijaya2002] [@nobody]", NotFound, "@wijaya2002, @nobody"),
        (b"PK\x03\x04\0\0", Refused, "not a text"),
    ],
)
def test_chapters_that_cite_nothing(
    library: Path, tmp_path: Path, content: bytes, kind: type[ReviewError], said: str
) -> None:
    chapter = tmp_path / "bab1.md"
    chapter.write_bytes(content)
    with Review.open(library) as review, pytest.raises(kind, match=said):
        deeds.bibliography(review, Wish(cited=(chapter,)))


def test_a_review_without_sources_in_it(tmp_path: Path) -> None:
    (tmp_path / "libreview.toml").write_text('title = "x"\n', "utf-8")
    with Review.open(tmp_path) as review, pytest.raises(Refused, match="no source yet"):
        deeds.bibliography(review, Wish())
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.bib").write_text("@book{adi2015, title = {Pasar}, year = 2015}\n", "utf-8")
    with Review.open(tmp_path) as review, pytest.raises(Refused, match="No source is in the review yet"):
        deeds.bibliography(review, Wish())


@pytest.mark.parametrize(
    ("language", "style", "printed"),
    [
        ("", "chicago", "Wijaya, Rina, and Jan Müller. 2001."),
        ("id", "chicago", "Wijaya, Rina, dan Jan Müller. 2001."),
        ("de", "chicago", "Wijaya, Rina, und Jan Müller. 2001."),
        ("id", "harvard", "Wijaya, R. dan Müller, J. (2001)"),
    ],
)
def test_language_of_references(library: Path, language: str, style: str, printed: str) -> None:
    with Review.open(library) as review:
        found = deeds.bibliography(review, Wish("author:wijaya", style=style, language=language))
    assert plain(found.groups[0].entries[0].reference).startswith(printed)


@pytest.mark.parametrize(
    ("locator", "language", "markdown", "text"),
    [
        ("12", "en", "[@wijaya2001, p. 12]", "(Wijaya and Müller, 2001, p. 12)"),
        ("12", "id", "[@wijaya2001, hlm. 12]", "(Wijaya dan Müller, 2001, hlm. 12)"),
        ("hal. 12-13", "id", "[@wijaya2001, hlm. 12–13]", "(Wijaya dan Müller, 2001, hlm. 12–13)"),
        ("", "id", "[@wijaya2001]", "(Wijaya dan Müller, 2001)"),
        ("Pasal 6 ayat (2)", "en", "[@wijaya2001, Pasal 6 ayat (2)]", "(Wijaya and Müller, 2001, Pasal 6 ayat (2))"),
    ],
)
def test_cite_a_source(library: Path, locator: str, language: str, markdown: str, text: str) -> None:
    with Review.open(library) as review:
        found = deeds.cite(review, review.source("wijaya2001"), locator, language=language)
    assert (found.markdown, found.text) == (markdown, text)
    assert plain(found.references["wijaya2001"]).startswith("Wijaya, R., & Müller, J. (2001).")


def test_cite_an_excerpt(library: Path) -> None:
    with Review.open(library) as review:
        found = deeds.cite(review, review.excerpt("a81b2c"))
    assert found.markdown == "[@hartono2019, p. 3; @wijaya2001, p. 14]"
    assert found.text == "(Hartono, 2019, p. 3; Wijaya and Müller, 2001, p. 14)"
    assert sorted(found.references) == ["hartono2019", "wijaya2001"]


def test_a_key_that_no_citation_can_hold(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        source = review.source("hartono2019")
        strange = Source("a b", source.type, source.fields, source.plain, source.people, source.location)
        with pytest.raises(Refused, match="cannot be cited"):
            deeds.cite(review, strange)
