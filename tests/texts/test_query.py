"""The selection language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.texts import query
from libreview.texts.query import All, Any, Not, Noted, Phrase, Range, Term, Word
from libreview.words.errors import NotFound, Wrong


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
        ("urn:nbn:de:1", (Word("urn:nbn:de:1"),)),
        ("doi:10.1/x", (Term("doi", ("10.1/x",)),)),
        ("publisher:=Gramedia", (Term("publisher", ("Gramedia",), exact=True),)),
        ("date-added:2020", (Term("date-added", ("2020",)),)),
        ("cites:cremer2001", (Term("cites", ("cremer2001",)),)),
        ("has:DOI", (Term("has", ("doi",)),)),
        ("has:doi,url", (Any((Term("has", ("doi",)), Term("has", ("url",)))),)),
        ("note:method", (Noted("method"),)),
        ("note:Method=survey", (Noted("method", ("survey",)),)),
        ('note:"data source"="case study",survey', (Noted("data source", ("case study", "survey")),)),
        ("note:method==survey", (Noted("method", ("survey",), exact=True),)),
        ("note:aim,method=a", (Any((Noted("aim"), Noted("method", ("a",)))),)),
        ("a or b", (Any((Word("a"), Word("b"))),)),
        ("a b or not c", (Any((All((Word("a"), Word("b"))), Not(Word("c")))),)),
        ("(a OR b) c", (Any((Word("a"), Word("b"))), Word("c"))),
        ("(a b)", (All((Word("a"), Word("b"))),)),
        ("((a))", (Word("a"),)),
        ("not(a or b)", (Not(Any((Word("a"), Word("b")))),)),
        ("not (a not (b or c))", (Not(All((Word("a"), Not(Any((Word("b"), Word("c"))))))),)),
        ("f(x) (1996)", (Word("f(x)"), Word("1996"))),
        ("(theme:a or note:method=x)", (Any((Term("theme", ("a",)), Noted("method", ("x",)))),)),
        ("12:30", (Word("12:30"),)),
        ("Bandung: kota", (Word("Bandung:"), Word("kota"))),
        ("C++ p<0.05 don't", (Word("C++"), Word("p<0.05"), Word("don't"))),
        ('""', ()),
    ],
)
def test_parts(text: str, parts: tuple[query.Part, ...]) -> None:
    assert query.parse(text) == All(parts)


def _known(theme: str, exact: bool) -> None:
    if theme not in ("law", "culture"):
        raise NotFound("There is none", near=("law", "Town and law"))


def test_marks_before_values_are_no_part_of_them() -> None:
    read = query.parse(
        'theme:#law,"#culture" theme:=#law cites:@wijaya2001 key:@a,a id:^k3f9q2 author:@b', themes=_known
    )
    assert read == query.All(
        (
            query.Term("theme", ("law", "culture")),
            query.Term("theme", ("law",), exact=True),
            query.Term("cites", ("wijaya2001",)),
            query.Term("key", ("a",)),
            query.Term("id", ("k3f9q2",)),
            query.Term("author", ("@b",)),
        )
    )


def test_an_unknown_theme_says_what_it_may_have_meant() -> None:
    with pytest.raises(Wrong, match='There is no theme "la"') as caught:
        query.parse("theme:#la", themes=_known)
    assert caught.value.near == ("theme:law", 'theme:"Town and law"')


@pytest.mark.parametrize(
    ("text", "caret"),
    [
        ('kota "tak tertutup', 5),
        ("thme:sme", 0),
        ("kota theme:", 5),
        ("theme:,", 0),
        ("year:2010..x", 0),
        ("year:..", 0),
        ("kota year:abc", 10),
        ("year:2019,abc", 10),
        ("year:2010-2020", 5),
        ("year:\u0662\u0660\u0661\u0669", 5),
        ("year:2020..2010", 0),
        ("kind:picture", 5),
        ("kota not", 5),
        ("a OR", 2),
        ("OR a", 0),
        ("(a or) b", 3),
        ("a or or b", 5),
        ("a or not", 5),
        ("(a not) b", 3),
        ("a (b", 2),
        ("a b) c", 3),
        ("a () b", 3),
        ("((((((((((((a))))))))))))", 8),
        ("')", 1),
        ("note:", 0),
        ("note:method= x", 0),
        ("note:=x", 0),
        ("has:", 0),
        ("kota has:wings", 9),
        ("has:doi,wings", 8),
        ('theme:law,"no such"', 10),
        ("not (theme:=#nope or x)", 12),
    ],
)
def test_wrong_queries_show_the_place(text: str, caret: int) -> None:
    with pytest.raises(Wrong) as caught:
        query.parse(text, lambda _: (), _known)
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
        "'; DROP TABLE docs;--",
        "a*b*c*",
        "\x00",
        "café",
        "title : x",
    ],
)
def test_signs_of_other_languages_are_words(text: str) -> None:
    assert all(isinstance(part, Word) for part in query.parse(text).parts)


@pytest.mark.parametrize(
    "text", ["x" * 10_001, "x " * 501, "(" * 9_999, "(" * 4_000 + "x" + ")" * 4_000, "(a or " * 1_600, "not(" * 2_000]
)
def test_a_query_without_end_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        query.parse(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("pubisher:x", "publisher"),
        ("thme:x", "theme"),
        ("has:anotation", "annotation"),
        ("kepemlikan:x", "kepemilikan"),
    ],
)
def test_a_field_that_no_source_has_brings_near_ones(text: str, near: str) -> None:
    with pytest.raises(Wrong) as caught:
        query.parse(text, lambda name: () if name else ("kepemilikan",))
    assert caught.value.near[0] == near
    query.parse(text, lambda name: (name,))


@given(st.text(max_size=80))
def test_any_text_is_a_query_or_wrong(text: str) -> None:
    try:
        assert isinstance(query.parse(text), All)
    except Wrong as wrong:
        found = str(wrong)
    else:
        found = "^"
    assert "^" in found


def test_leaves_say_whether_they_must_not_hold() -> None:
    found = query.leaves(query.parse("a not (b or not c) d"))
    assert list(found) == [(Word("a"), False), (Word("b"), True), (Word("c"), False), (Word("d"), False)]


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
