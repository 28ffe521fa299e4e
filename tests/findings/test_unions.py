"""What is taken from which record, and what contradicts itself."""

from __future__ import annotations

import pytest

from libreview.findings.unions import Union, group_of, unite
from libreview.model import Source
from libreview.texts.formats import bibtex


def sources(*entries: str) -> list[Source]:
    text = "\n".join(f"@article{{{entry},\n}}" for entry in entries)
    return list(bibtex.read(text.encode(), "sources/a.bib").sources)


def united(keep: str, *others: str, take: dict[str, str] | None = None, prefer: str = "") -> Union:
    kept, *rest = sources(f"k,\n{keep}", *(f"o{at},\n{other}" for at, other in enumerate(others, 1)))
    return unite(kept, rest, take, prefer, {"k"})


@pytest.mark.parametrize(
    ("keep", "other"),
    [
        ("title = {Two {Harbours}}", "title = {two   harbours}"),
        ('author = {M{\\"u}ller, Jan}', "author = {Jan Müller}"),
        ("pages = {11--29}", "pages = {11-29}"),
        ("pages = {11 -- 29}", "pages = {11–29}"),
        ("journal = {Kota}", "journaltitle = {Kota.}"),
        ("doi = {10.1/X}", "doi = {https://doi.org/10.1/x}"),
        ("isbn = {978-1-2}", "isbn = {97812}"),
        ("date = {2001-05-31}", "year = {2001}"),
        ("year = 2001, month = may", "date = {2001-05}"),
        ("year = 2001, month = 5", "year = 2001, month = may"),
        ("title = {A \\& B}", "title = {A & B}"),
        ("timestamp = {1}, owner = {me}", "timestamp = {2}, owner = {you}"),
        ("keywords = {a, b}", "keywords = {B}"),
        ("note = {x}", "note = { }"),
        ("ids = {a}", "ids = {b}"),
        ("related = {a, b}", "related = {a,b}"),
    ],
)
def test_values_that_say_the_same(keep: str, other: str) -> None:
    assert united(keep, other) == Union({}, (), ())


@pytest.mark.parametrize(
    ("keep", "others", "fields"),
    [
        ("title = {A}", ["title = {A}, url = {u}"], {"url": "u"}),
        ("title = {A}", ["journal = {J}"], {"journal": "J"}),
        ("title = {A}", ["year = 2001, month = may"], {"year": "2001", "month": "May"}),
        ("keywords = {a}", ["keywords = {b, a}", "keywords = {c}"], {"keywords": "a, b, c"}),
        ("file = {a.pdf}", ["file = {a.pdf;b.pdf}"], {"file": "a.pdf;b.pdf"}),
        ("title = {A}", ["keywords = {x}", "keywords = {y}"], {"keywords": "x, y"}),
        ("title = {A}", ["note = {x}", "note = {X}"], {"note": "x"}),
    ],
)
def test_what_is_missing_is_taken(keep: str, others: list[str], fields: dict[str, str]) -> None:
    found = united(keep, *others)
    assert (found.fields, found.conflicts) == (fields, ())


@pytest.mark.parametrize(
    ("keep", "others", "field", "values"),
    [
        ("title = {A}", ["title = {A longer title}"], "title", ("A", "A longer title")),
        ("year = 2001", ["date = {2001-05-31}"], "year", ("2001", "2001-05-31")),
        ("year = 2001", ["year = 2002", "year = 2001", "year = 2002"], "year", ("2001", "2002")),
        ("title = {A}", ["note = {x}", "note = {y}"], "note", ("x", "y")),
        ("journal = {J}", ["journaltitle = {K}"], "journal", ("J", "K")),
        ("author = {Wijaya, Rina}", ["author = {Wijaya, R.}"], "author", ("Wijaya, Rina", "Wijaya, R.")),
        ("url = {http://a/%20}", ["url = {http://b}"], "url", ("http://a/%20", "http://b")),
    ],
)
def test_what_contradicts_itself_is_not_decided(
    keep: str, others: list[str], field: str, values: tuple[str, ...]
) -> None:
    found = united(f"title = {{A}}, {keep}" if "title" not in keep else keep, *others)
    assert [(one.field, one.values) for one in found.conflicts] == [(field, values)]
    assert len(found.conflicts[0].keys) == len(values)


@pytest.mark.parametrize(
    ("keep", "other", "take", "prefer", "fields"),
    [
        ("year = 2001, month = 5", "date = {2002-03}", {"date": "o1"}, "",
         {"year": None, "month": None, "date": "2002-03"}),
        ("journal = {J}", "journaltitle = {K}", {"journaltitle": "o1"}, "", {"journal": "K"}),
        ("journal = {J}", "journaltitle = {K}", {"journaltitle": "k"}, "", {}),
        ("title = {A}, note = {x}", "title = {B}, note = {y}, url = {u}", {}, "k", {"url": "u"}),
        ("title = {A}, note = {x}", "title = {B}, note = {y}, url = {u}", {"note": "k"}, "o1",
         {"title": "B", "url": "u"}),
        ("title = {a}", "title = {A}", {"title": "o1"}, "", {"title": "A"}),
        ("keywords = {a}", "keywords = {b}", {"keywords": "o1"}, "", {"keywords": "b"}),
    ],
)  # fmt: skip
def test_what_is_chosen_counts(
    keep: str, other: str, take: dict[str, str], prefer: str, fields: dict[str, str | None]
) -> None:
    found = united(keep, other, take=take, prefer=prefer)
    assert (found.fields, found.conflicts) == (fields, ())


def test_a_preferred_source_without_the_field_decides_nothing() -> None:
    assert [one.field for one in united("title = {A}", "note = {x}", "note = {y}", prefer="k").conflicts] == ["note"]


def test_groups() -> None:
    assert [group_of(name) for name in ("Year", "journal", " month ", "title")] == [
        "date", "journaltitle", "date", "title",
    ]  # fmt: skip


CHAPTERS = """@inbook{kept, title = {Harbours}, crossref = {book}}
@inbook{near, title = {Harbours}, crossref = {book}, pages = {1--2}}
@book{book, title = {Ports}, editor = {Müller, Jan}, publisher = {P & Q}, year = 2001}
"""


def test_what_is_inherited_is_taken_where_it_cannot_be_inherited_any_more() -> None:
    kept, near, _ = bibtex.read(CHAPTERS.encode(), "a.bib").sources
    alone = bibtex.read(b"@inbook{alone, title = {Harbours}}", "b.bib").sources[0]
    assert unite(kept, [near], near={"kept", "book"}) == Union({"pages": "1--2"}, (("pages", "near"),), ())
    assert unite(alone, [near], near={"alone"}).fields == {
        "pages": "1--2",
        "booktitle": "Ports",
        "editor": "Müller, Jan",
        "publisher": "P \\& Q",
        "year": "2001",
    }
    assert unite(alone, [near], near={"alone", "book"}).fields == {"crossref": "book", "pages": "1--2"}


def test_what_the_kept_one_inherits_is_compared() -> None:
    kept = bibtex.read(CHAPTERS.encode(), "a.bib").sources[0]
    same = bibtex.read(b"@inbook{o, booktitle = {PORTS}, year = 2001}", "b.bib").sources[0]
    other = bibtex.read(b"@inbook{o, booktitle = {Towns}}", "b.bib").sources[0]
    assert unite(kept, [same], near={"kept"}) == Union({}, (), ())
    assert [one.field for one in unite(kept, [other], near={"kept"}).conflicts] == ["booktitle"]
    assert unite(kept, [other], {"booktitle": "o"}, near={"kept"}).fields == {"booktitle": "Towns"}
