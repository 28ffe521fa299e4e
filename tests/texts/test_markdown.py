"""Markdown becomes the blocks of a report; nothing in it can do harm or take long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.texts.markdown import blocks, runs
from libreview.words.blocks import (
    Block,
    Column,
    Heading,
    Listing,
    Paragraph,
    Quotation,
    Run,
    Table,
    plain,
    text,
)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ()),
        ("plain words", (Run("plain words"),)),
        ("two\nlines", (Run("two lines"),)),
        (
            "a *b* **c *d***",
            text("a ", Run("b", ("emphasis",)), " ", Run("c ", ("strong",)), Run("d", ("strong", "emphasis"))),
        ),
        ("`x*y*` ~~z~~", text(Run("x*y*", ("code",)), " ", Run("z", ("dim",)))),
        (
            "[e](http://x.org) <mailto:a@b.c>",
            text(Run("e", (), "http://x.org"), " ", Run("mailto:a@b.c", (), "mailto:a@b.c")),
        ),
        ("[*e*](HTTPS://x.org 'title')", (Run("e", ("emphasis",), "HTTPS://x.org"),)),
        ("[e](javascript:alert(1)) [f](data:text/html,x)", (Run("e f"),)),
        ("[e](file:///etc/passwd) [f](other.md)", (Run("e f"),)),
        ("a <b>c</b> <script>d</script> <!-- e -->", (Run("a <b>c</b> <script>d</script> <!-- e -->"),)),
        ("![a *picture*](p.png)", (Run("a *picture*"),)),
        ("1991\\. \\*x\\* a\\\nb", (Run("1991. *x* a b"),)),
        ("see [@k, p. 3] and [[@k]] #t ^id", (Run("see [@k, p. 3] and [[@k]] #t ^id"),)),
        ("&amp; &lt;", (Run("& <"),)),
        ("a_b_c x^2^ H~2~O", (Run("a_b_c x^2^ H~2~O"),)),
    ],
)
def test_runs(markdown: str, expected: tuple[Run, ...]) -> None:
    assert runs(markdown) == expected


def paragraph(words: str) -> Paragraph:
    return Paragraph((Run(words),))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ()),
        (" \n\n", ()),
        ("one\ntwo", (paragraph("one two"),)),
        ("one\n\n*two*", (paragraph("one"), Paragraph((Run("two", ("emphasis",)),)))),
        ("# One\n\nTwo\n===\n", (Heading((Run("One"),), 1), Heading((Run("Two"),), 1))),
        ("> a\n>\n> > b", (Quotation((paragraph("a"), Quotation((paragraph("b"),)))),)),
        ("- a\n- b\n  - c", (Listing(((paragraph("a"),), (paragraph("b"), Listing(((paragraph("c"),),))))),)),
        ("1. a\n2. b", (Listing(((paragraph("a"),), (paragraph("b"),)), ordered=True),)),
        ("```py\nx = 1\n\ny\n```", (Paragraph((Run("x = 1\n\ny", ("code",)),)),)),
        ("a\n\n    code\n", (paragraph("a"), Paragraph((Run("code", ("code",)),)))),
        ("a\n\n---\n\nb", (paragraph("a"), paragraph("b"))),
        ("<div>\nraw\n</div>\n\nb", (paragraph("<div> raw </div>"), paragraph("b"))),
        (
            "| a | b | c |\n|---|--:|:-:|\n| 1 | *2* | |\n",
            (
                Table(
                    (Column("a"), Column("b", "right"), Column("c", "centre")),
                    (((Run("1"),), (Run("2", ("emphasis",)),), ()),),
                ),
            ),
        ),
    ],
)
def test_blocks(markdown: str, expected: tuple[Block, ...]) -> None:
    assert blocks(markdown) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \n*_`[]()<>!\\#-|>1.&~", max_size=40))
def test_any_text_becomes_blocks(markdown: str) -> None:
    assert all(isinstance(block, Heading | Paragraph | Quotation | Listing | Table) for block in blocks(markdown))
    assert all(run.text for run in runs(markdown))


@given(st.text(alphabet="abé .,\n", max_size=40))
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert (
        "\n".join(plain(block.text) for block in blocks(words) if isinstance(block, Paragraph)).split() == words.split()
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        ">" * 100_000,
        "- " * 50_000,
        "*a" * 50_000,
        "`a" * 50_000,
        "![" * 50_000,
        "a\n" * 300_000,
        "[a](" * 399,
    ],
    ids=lambda text: text[:4],
)
def test_hostile_text_comes_to_an_end(hostile: str) -> None:
    assert isinstance(blocks(hostile), tuple)
    assert "".join(run.text for run in runs(hostile)).strip()
