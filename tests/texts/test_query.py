"""The selection language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import query
from libreview.texts.query import All, Not, Phrase, Range, Term, Word
from libreview.words.errors import Wrong


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("   ", ()),
        ("theme:sme-promotion", (Term("theme", ("sme-promotion",)),)),
        ("theme:=sme", (Term("theme", ("sme",), exact=True),)),
        ("theme:a,b", (Term("theme", ("a", "b")),)),
        ("theme: promo", (Term("theme", ("promo",)),)),
        ("not theme:culture", (Not(Term("theme", ("culture",))),)),
        ("NOT theme:culture", (Not(Term("theme", ("culture",))),)),
        ("not not umkm", (Word("umkm"),)),
        ("year:2010..2020", (Range("year", "2010", "2020"),)),
        ("year:2010..", (Range("year", "2010", ""),)),
        ("year:..2020", (Range("year", "", "2020"),)),
        ("year:2019,2020", (Term("year", ("2019", "2020")),)),
        ("language:id", (Term("lang", ("id",)),)),
        ("kind:quot", (Term("kind", ("quotation",)),)),
        ('author:"de Bruin",keating', (Term("author", ("de Bruin", "keating")),)),
        ('"exact  words" kota', (Phrase("exact words"), Word("kota"))),
        ("“exact words”", (Phrase("exact words"),)),
        ("umkm and bandung", (Word("umkm"), Word("bandung"))),
        ('"not" "or"', (Phrase("not"), Phrase("or"))),
        ("https://example.org/x", (Word("https://example.org/x"),)),
        ("doi:10.1/x", (Word("doi:10.1/x"),)),
        ("12:30", (Word("12:30"),)),
        ("Bandung: kota", (Word("Bandung:"), Word("kota"))),
        ("C++ p<0.05 don't", (Word("C++"), Word("p<0.05"), Word("don't"))),
        ('""', ()),
    ],
)
def test_parts(text: str, parts: tuple[query.Part, ...]) -> None:
    assert query.parse(text) == All(parts)


@pytest.mark.parametrize(
    ("text", "caret"),
    [
        ('kota "tak tertutup', 5),
        ("thme:sme", 0),
        ("kota theme:", 5),
        ("theme:,", 0),
        ("year:2010..x", 0),
        ("year:..", 0),
        ("kota year:abc", 5),
        ("year:2019,abc", 0),
        ("year:2010-2020", 0),
        ("year:\u0662\u0660\u0661\u0669", 0),
        ("year:2020..2010", 0),
        ("kind:picture", 0),
        ("kota not", 5),
        ("a OR b", 2),
    ],
)
def test_wrong_queries_show_the_place(text: str, caret: int) -> None:
    with pytest.raises(Wrong) as caught:
        query.parse(text)
    lines = str(caught.value).split("\n")
    assert lines[1] == text[:80]
    assert lines[2] == " " * caret + "^"
    assert caught.value.status == 2


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "^",
        "NEAR(",
        "-",
        "--help",
        "a AND AND b",
        "(((((",
        "')",
        "'; DROP TABLE docs;--",
        "a*b*c*",
        "\x00",
        "café",
        "title : x",
    ],
)
def test_signs_of_other_languages_are_words(text: str) -> None:
    assert all(isinstance(part, Word) for part in query.parse(text).parts)


def test_a_query_without_end_is_refused() -> None:
    with pytest.raises(Wrong):
        query.parse("x" * 10_001)


@given(st.text(max_size=80))
def test_any_text_is_a_query_or_wrong(text: str) -> None:
    try:
        assert isinstance(query.parse(text), All)
    except Wrong as wrong:
        found = str(wrong)
    else:
        found = "^"
    assert "^" in found


_value = st.text(st.characters(whitelist_categories=["L", "Nd"]), min_size=1, max_size=8)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["theme", "author", "title"]), st.lists(_value, min_size=1, max_size=3), st.booleans()
        )
    )
)
def test_written_terms_are_read_again(terms: list[tuple[str, list[str], bool]]) -> None:
    written = " ".join(f"{'not ' if no else ''}{name}:{','.join(values)}" for name, values, no in terms)
    parts: list[query.Part] = []
    for name, values, no in terms:
        term = Term(name, tuple(dict.fromkeys(values)))
        parts.append(Not(term) if no else term)
    assert query.parse(written) == All(tuple(parts))
