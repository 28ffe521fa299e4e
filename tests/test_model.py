"""The nouns: what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import (
    NONE,
    Change,
    Citation,
    Codebook,
    Coding,
    Create,
    Delete,
    Edit,
    Excerpt,
    Location,
    Locator,
    Person,
    Source,
    Theme,
)

HERE = Location("notes/a.md", 3)


def source(plain: Mapping[str, str] | None = None, people: Mapping[str, tuple[Person, ...]] | None = None) -> Source:
    return Source("k", "article", {}, plain or {}, people or {}, HERE)


def codebook(**parents: str) -> Codebook:
    return Codebook({id: Theme(id, parent=parent) for id, parent in parents.items()})


def excerpt(themes: tuple[str, ...] = (), *codings: Coding, citations: tuple[Citation, ...] = ()) -> Excerpt:
    return Excerpt("a1", "quotation", citations, "x", themes, "", HERE, codings)


# Sources


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"date": "2001-05-31"}, "2001"),
        ({"year": "1999"}, "1999"),
        ({"date": "2001", "year": "1999"}, "2001"),
        ({"date": "", "year": "1999"}, "1999"),
        ({"date": "1998/2003"}, "1998"),
        ({"date": "-0044"}, "0044"),
        ({"year": "ca. 1950"}, "1950"),
        ({"year": "t.t."}, "t.t."),
        ({"year": "in press"}, "in press"),
        ({"year": "87"}, "87"),
        ({}, ""),
    ],
)
def test_year(fields: dict[str, str], year: str) -> None:
    assert source(fields).year == year


def test_title_and_container() -> None:
    one = source({"title": "", "booktitle": "Proceedings", "journal": "Short", "journaltitle": "Long"})
    assert (one.title, one.container) == ("Proceedings", "Long")
    assert (source().title, source().container) == ("", "")
    assert source({"series": "x"}).get("volume", "series") == "x"


def test_authors() -> None:
    rina, jan = Person("Wijaya", "Rina"), Person("Müller", "Jan")
    assert source(people={"author": (rina,), "editor": (jan,)}).authors == (rina,)
    assert source(people={"author": (), "editor": (jan,)}).authors == (jan,)
    assert source().authors == ()


def test_values_do_not_change() -> None:
    with pytest.raises(AttributeError):
        HERE.line = 4  # type: ignore[misc]
    assert str(HERE) == "notes/a.md:3"


# Excerpts


def test_what_an_excerpt_cites() -> None:
    one = excerpt(
        citations=(
            Citation("b", locator=Locator("page", "12", "hlm. 12")),
            Citation("a"),
            Citation("b", locator=Locator("", "", "Pasal 6")),
        )
    )
    assert one.keys == ("b", "a")
    assert one.locator == "hlm. 12; Pasal 6"
    assert (excerpt().keys, excerpt().locator) == ((), "")


@pytest.mark.parametrize(
    ("themes", "codings", "coded"),
    [
        ((), (), ()),
        (("b", "a"), (), ("b", "a")),
        (("a",), (Coding("a1", ("c", "a")), Coding("a1", (NONE,))), ("a", "c")),
        ((NONE,), (), ()),
        ((), (Coding("a1", ("c",)),), ("c",)),
    ],
)
def test_coded(themes: tuple[str, ...], codings: tuple[Coding, ...], coded: tuple[str, ...]) -> None:
    assert excerpt(themes, *codings).coded == coded


# Themes and the codebook


@pytest.mark.parametrize(
    ("label", "language", "name"),
    [
        ({}, "id", "umkm"),
        ({"en": "Small firms", "id": "UMKM"}, "id", "UMKM"),
        ({"en": "Small firms", "id": "UMKM"}, "de", "Small firms"),
        ({"": "Firms", "en": "Small firms"}, "id", "Firms"),
        ({"de": "Firmen"}, "id", "Firmen"),
        ({"id": ""}, "id", "umkm"),
    ],
)
def test_the_name_of_a_theme(label: dict[str, str], language: str, name: str) -> None:
    assert Theme("umkm", label).name(language) == name


def test_resolve() -> None:
    book = Codebook({"a": Theme("a", aliases=("alpha", "b")), "b": Theme("b", aliases=("alpha", "beta"))})
    assert book.resolve("a") == "a"
    assert book.resolve("beta") == "b"
    assert book.resolve("b") == "b", "an id goes before an alias"
    assert book.resolve("alpha") == "a", "the first of two"
    assert book.resolve("gamma") is None
    assert Codebook().resolve("a") is None


def test_children_and_family() -> None:
    book = codebook(c="a", a="", b="a", d="c", e="")
    assert book.children("a") == ("c", "b")
    assert book.family("a") == ("a", "c", "d", "b")
    assert book.family("e") == ("e",)
    assert book.family("unknown") == ("unknown",)


@pytest.mark.parametrize(
    ("parents", "id", "family"),
    [
        ({"a": "a"}, "a", ("a",)),
        ({"a": "b", "b": "a"}, "a", ("a", "b")),
        ({"a": "c", "b": "a", "c": "b", "d": "b"}, "b", ("b", "c", "a", "d")),
    ],
)
def test_a_family_in_a_circle_is_walked_once(parents: dict[str, str], id: str, family: tuple[str, ...]) -> None:
    assert codebook(**parents).family(id) == family


@pytest.mark.parametrize(
    ("parents", "tree"),
    [
        ({}, []),
        ({"c": "a", "a": "", "b": "a", "d": "c"}, [("a", 0), ("c", 1), ("d", 2), ("b", 1)]),
        ({"a": "nowhere", "b": "a"}, [("a", 0), ("b", 1)]),
        ({"a": "a"}, [("a", 0)]),
        ({"a": "b", "b": "a", "c": "b", "d": ""}, [("d", 0), ("a", 0), ("b", 1), ("c", 2)]),
    ],
)
def test_tree(parents: dict[str, str], tree: list[tuple[str, int]]) -> None:
    assert [(theme.id, depth) for theme, depth in codebook(**parents).tree()] == tree


def test_a_deep_tree_needs_no_deep_stack() -> None:
    book = codebook(**{f"t{n}": f"t{n - 1}" for n in range(300)})
    assert book.tree()[-1][1] == 299
    assert len(book.family("t0")) == 300


_IDS = "abcdef"


@given(st.dictionaries(st.sampled_from(_IDS), st.sampled_from((*_IDS, "", "x"))))
def test_every_theme_is_drawn_once_whatever_the_parents(parents: dict[str, str]) -> None:
    book = codebook(**parents)
    drawn = [theme.id for theme, _ in book.tree()]
    assert sorted(drawn) == sorted(parents)
    depths = {theme.id: depth for theme, depth in book.tree()}
    for id, parent in parents.items():
        assert depths[id] == 0 or depths[id] == depths[parent] + 1
        family = book.family(id)
        assert len(set(family)) == len(family)
        assert family[0] == id
        assert all(parents[one] in family for one in family[1:])


# Changes


def test_the_paths_of_a_change() -> None:
    change = Change((Edit("b", 0, 1, b"x", b"y"), Create("a", b""), Edit("b", 2, 3, b"x", b""), Delete("c", b"")))
    assert change.paths == ("b", "a", "c")
    assert Change().paths == ()
