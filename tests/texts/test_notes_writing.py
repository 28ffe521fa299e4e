"""Excerpts, citations and cards are written in one form and read back as they were meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from libreview.model import Citation, Kind, Locator
from libreview.texts import locators
from libreview.texts.notes import (
    citations_in,
    cited_lines,
    new_card,
    plain,
    read,
    tidy,
    write_citation,
    write_excerpt,
    write_front,
)
from libreview.words.errors import Refused

SAMPLES = Path(__file__).parent.parent / "grammar"
EXPECTED = json.loads((SAMPLES / "expectations.json").read_text(encoding="utf-8"))["samples"]
ONE = (Citation("wijaya2001", "", locators.parse("hlm. 12")),)

# Pieces that mean something to Markdown, Pandoc, Obsidian or YAML, thrown together.
NASTY = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "kota",
                " ",
                " ",
                "\n",
                "\n",
                "\n\n",
                "\t",
                "    ",
                "- ",
                "* ",
                "1. ",
                "2) ",
                "1991. ",
                "> ",
                ">",
                "# ",
            ),
            *("## x", "#tag", "#1", "---", "===", "***", "* * *", "~~~", "```", "`", "``", "<!--", "-->", "%%", ":::"),
            *(
                "[",
                "]",
                "[@k, p. 1]",
                "[@k] #t",
                "@k",
                "@k [p. 1]",
                "^id",
                " ^id",
                "[^1]",
                "[^1]: ",
                "![",
                "[[",
                "]]",
                "(",
                ")",
            ),
            *(
                "\\",
                "\\\\",
                "\\#",
                "|",
                "a | b",
                "|---|",
                "--",
                "—",
                "– ",
                "<<<<<<< HEAD",
                "=======",
                ">>>>>>> x",
                "[!quote] ",
            ),
            *(
                "[ ] ",
                "[x] ",
                "id:: x",
                "::",
                "\r",
                "\r\n",
                "\u2028",
                "\x0b",
                "\x0c",
                "\u200b",
                "\xa0",
                "é",
                "समझौता",
                "“",
                "”",
            ),
            *("<", "{", "}", ";", ".", ",", "!", "\x00", "\ufeff", "\U0001f600", "*", "_", "+ ", "$", "&amp;"),
        ]
    ),
    max_size=14,
).map("".join)
TEXTS = NASTY | st.text(max_size=60)


def test_canonical_form_of_every_sample() -> None:
    """Each excerpt of the samples, written from its values, has the form that is expected of it."""
    count = 0
    for name, sample in EXPECTED.items():
        for excerpt in sample["excerpts"]:
            citations = [Citation(key, "", locators.parse(place)) for key, place in excerpt["citations"]]
            written = write_excerpt(excerpt["kind"], excerpt["text"], citations, excerpt["themes"], excerpt["id"])
            assert written == excerpt["written"], name
            count += 1
    assert count == 113


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.sampled_from(["quotation", "paraphrase"]))
@example("# 7 was torn out.", "quotation")
@example("The end of the page\n—", "quotation")
@example("The end of the page\n—", "paraphrase")
@example("-", "paraphrase")
@example("[@a] #b\n[@c] #d", "quotation")
@example("<!-- open\n```", "paraphrase")
@example("1991. Then\n- and\n1) so", "paraphrase")
@example("C:\\dir\\[x]", "quotation")
@example("title:: x\nid:: y", "paraphrase")
@example("a\n    code\n\n\n\n    more", "paraphrase")
def test_what_is_written_is_read_back(text: str, kind: Kind) -> None:
    """plain(read(write(t)).text) == plain(t), whatever is typed; nothing else comes of it."""
    if not tidy(text):
        with pytest.raises(Refused):
            write_excerpt(kind, text, ONE, ["culture"], "k3f9q2")
        return
    block = write_excerpt(kind, text, ONE, ["culture"], "k3f9q2")
    note, _ = read(block.encode(), "n.md")
    assert len(note.excerpts) == 1
    excerpt = note.excerpts[0]
    assert plain(excerpt.text) == plain(text)
    assert (excerpt.kind, excerpt.citations, excerpt.themes, excerpt.id) == (kind, ONE, ("culture",), "k3f9q2")
    assert not excerpt.comment
    assert note.codings == ()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["quotation", "paraphrase"])), min_size=2, max_size=4))
def test_excerpts_do_not_reach_for_each_other(pairs: list[tuple[str, Kind]]) -> None:
    pairs = [(text, kind) for text, kind in pairs if tidy(text)]
    blocks = [write_excerpt(kind, text, ONE, ["culture"], f"id{at}x") for at, (text, kind) in enumerate(pairs)]
    note, _ = read("\n".join(blocks).encode(), "n.md")
    assert [plain(excerpt.text) for excerpt in note.excerpts] == [plain(text) for text, _ in pairs]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# a (b)", "- \\# a (b)"),
        ("- a (b)", "- \\- a (b)"),
        ("1. a (b)\n2. c", "- 1\\. a (b)\n  2\\. c"),
        ("  1) a (b)", "- 1\\) a (b)"),
        ("1.\na (b)", "- 1\\.\n  a (b)"),
        ("1990s. (b)", "- 1990s. (b)"),
        ("-\na (b)", "- \\-\n  a (b)"),
        ("> a (b)", "- \\> a (b)"),
        ("| a (b)", "- \\| a (b)"),
        ("* * *", "- \\* * *"),
        ("[x] a (b)", "- \\[x] a (b)"),
        ("^a1 (b)", "- \\^a1 (b)"),
        ("~~~ (a)\nb", "- \\~~~ (a)\n  b"),
        (". a\n# b (c)", "- . a\n  \\# b (c)"),
        (") a\n# b (c)", "- ) a\n  \\# b (c)"),
        ("a\n\n::: b\nc", "- a\n\n  \\::: b\n  c"),
        ("--\nid:: x (b)", "- \\--\n  id:\\: x (b)"),
        ("id:: x%% (b)", "- id:\\: x\\%\\% (b)"),
        ("a %% b (c)\n\nd -", "- a \\%\\% b (c)\n\n  d -"),
        ("a <!-- b (c)", "- a \\<!-- b (c)"),
        ("a ` b [@x] #y\nc (d)", "- a \\` b \\[\\@x] #y\n  c (d)"),
        ("\\(a\\) [@x] #y\nb", "- \\(a\\) \\[\\@x] #y\n  b"),
        ("\xa0^a1 (b)", "- \xa0\\^a1 \\(b\\)"),
        ("[@x] #y\n[@z] #w - (e)", "- \\[@x] #y\n  \\[@z] #w - (e)"),
    ],
)
def test_no_more_is_protected_than_need_be(text: str, written: str) -> None:
    assert write_excerpt("paraphrase", text, ONE, ["t"]) == f"{written} [@wijaya2001, hlm. 12] #t\n"


@pytest.mark.parametrize(
    ("citations", "written"),
    [
        (
            (Citation("rani2013", "Nazir, 1988, hlm. 54, dalam", locators.parse("hlm. 12")),),
            "[Nazir, 1988, hlm. 54, dalam @rani2013, hlm. 12]",
        ),
        ((Citation("a"), Citation("b", "see", locators.parse("p. 4"))), "[@a; see @b, p. 4]"),
        ((Citation("DBLP:conf/x/Li20"),), "[@DBLP:conf/x/Li20]"),
        ((Citation("smith--2004", "", locators.parse("§ 3")),), "[@{smith--2004}, § 3]"),
        ((Citation("10.1000/xyz(1)"),), "[@{10.1000/xyz(1)}]"),
        ((Citation("a", "", locators.parse("Pasal 6; Pasal 7")),), "[@a, Pasal 6; Pasal 7]"),
        ((Citation("a", "", locators.parse("hlm. 12 [sic]")),), "[@a, hlm. 12 [sic]]"),
        ((Citation("a", "", locators.parse("p. 2"), "emphasis added"),), "[@a, p. 2, emphasis added]"),
        ((Citation("a", "see also", locators.parse("p. 2"), "my\n emphasis"),), "[see also @a, p. 2, my emphasis]"),
    ],
)
def test_citations(citations: tuple[Citation, ...], written: str) -> None:
    assert write_citation(citations) == written
    block = write_excerpt("quotation", "Words.", citations)
    found = read(block.encode(), "n.md")[0].excerpts[0].citations
    assert [(one.key, one.prefix) for one in found] == [(one.key, one.prefix) for one in citations]
    if not citations[0].suffix:
        assert found == citations


@pytest.mark.parametrize(
    "citation",
    [
        Citation("two words"),
        Citation("a}b c"),
        Citation(""),
        Citation("a", "", Locator("", "", "p. 1]")),
        Citation("a", "", Locator("", "", "[p. 1")),
        Citation("a", "", Locator("", "", "see @b")),
        Citation("a", "see @b", Locator()),
        Citation("a", "one; two"),
    ],
)
def test_citations_that_no_note_can_hold(citation: Citation) -> None:
    with pytest.raises(Refused):
        write_excerpt("quotation", "Words.", (citation,), ["culture"])


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        (Citation("two words"), '"two words" cannot be cited'),
        (Citation("a}b"), '"a}b" cannot be cited'),
        (Citation(""), 'The key "" cannot be cited'),
        (Citation("a", "one; two"), "Pandoc separates sources at a semicolon"),
        (Citation("a", "", Locator("", "", "see @b")), '"see @b" would be read as a second source'),
        (Citation("a", "", Locator("", "", "p. 1"), "and @b"), '"p. 1, and @b" would be read as a second source'),
        (Citation("a", "see @b"), r"A note cannot hold \[see @b @a\] #t as it is"),
        (Citation("a", "", Locator("", "", "p. 1]")), r"A note cannot hold \[@a, p. 1\]\] #t as it is"),
    ],
)
def test_a_citation_is_refused_with_what_is_wrong_with_it(citation: Citation, said: str) -> None:
    with pytest.raises(Refused, match=said):
        write_excerpt("quotation", "Words.", [citation], ["t"])


@pytest.mark.parametrize("theme", ["", "two words", "Upper", "-x", "a,b", "a#b", "a@b"])
def test_themes_that_no_note_can_hold(theme: str) -> None:
    with pytest.raises(Refused):
        write_excerpt("quotation", "Words.", ONE, [theme])


@pytest.mark.parametrize("theme", ["", "Upper", "-x"])
def test_a_theme_that_would_be_read_as_another_is_named(theme: str) -> None:
    with pytest.raises(Refused, match=f'"{theme}" cannot be written as a theme'):
        write_excerpt("quotation", "Words.", ONE, ["good", theme])


def test_what_is_refused() -> None:
    with pytest.raises(Refused, match="needs a theme or an id"):
        write_excerpt("paraphrase", "Words.", ONE)
    with pytest.raises(Refused, match="no text"):
        write_excerpt("quotation", " \n ", ONE)
    with pytest.raises(Refused, match="needs a theme or an id"):
        write_excerpt("paraphrase", "Words.", ONE, ["1"])
    for kind in ("quotation", "paraphrase"):
        with pytest.raises(Refused, match="A note cannot hold this text as it is"):
            write_excerpt(kind, "half \ud800 of it", ONE, ["t"])


def test_bytes_that_are_no_text_and_ids_in_capitals() -> None:
    written = write_excerpt("paraphrase", "a \udcff b", ONE, (), "K3F9Q2")
    assert written == "- a \udcff b [@wijaya2001, hlm. 12] ^K3F9Q2\n"
    assert read(written.encode("utf-8", "surrogateescape"), "n.md")[0].excerpts[0].id == "k3f9q2"
    assert new_card("k", "", {}, "a \udcff b") == "---\nsource: k\n---\n\na \udcff b\n"
    assert citations_in("a \udcff @b") == ("b",)


def test_the_lines_where_a_chapter_cites() -> None:
    chapter = "x @a\n\n```\n@b\n```\n@{c--d} @a\n<!-- @g\n-->\n\n@e and \\@f and `@h`\n"
    assert cited_lines("\n@a\n") == (("a", 2),)
    assert cited_lines(chapter) == (("a", 1), ("c--d", 6), ("a", 6), ("e", 10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1991\\. was", "1991. was"),
        ("a\\\\b \\*c\\*", "a\\b *c*"),
        ("C:\\dir", "C:\\dir"),
        ("one\\\ntwo  \nthree", "one\ntwo\nthree"),
        ("\n a \r\nb\rc\t\n\n", "a\nb\nc"),
        ("\\\nwords", "words"),  # a hard break at the beginning breaks nothing
    ],
)
def test_plain(text: str, words: str) -> None:
    assert plain(text) == words


def test_citations_in_a_chapter() -> None:
    chapter = (
        "See @a and [-@b, p. 3; compare @{c--d}]. Mail me@home.org, not \\@e.\n\n`@f` <!-- @g -->\n\n```\n@h\n```\n\n"
        "@DBLP:conf/x/Li20: again @a. %% @i %%\n"
    )
    assert citations_in(chapter) == ("a", "b", "c--d", "DBLP:conf/x/Li20")


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85"), max_size=30).map(str.strip)


@settings(max_examples=300, deadline=None)
@given(VALUES)
@example("@k")
@example("a: b")
@example("x # y")
@example('"quoted" \\ and')
@example("'t is")
@example("[a, b]")
@example("| x")
@example("two\nlines\r")
@example("")
@example("- item")
@example("ends:")
def test_front_matter_is_read_back(value: str) -> None:
    text = write_front({"aim": value})
    assert read(text.encode(), "n.md")[0].fields == {"aim": value}


def test_new_card() -> None:
    card = new_card("wijaya2001", "rina", {"method": "case: study"}, "A careful account.\n\nIt has an appendix.")
    assert card == (
        '---\nsource: wijaya2001\ncoder: rina\nmethod: "case: study"\n---\n\nA careful account.\n\nIt has an appendix.\n'
    )
    note, problems = read(card.encode(), "n.md")
    assert (note.source, note.coder, note.annotation) == (
        "wijaya2001",
        "rina",
        "A careful account.\n\nIt has an appendix.",
    )
    assert problems == ()
    assert new_card("", "budi") == "---\ncoder: budi\n---\n"
    with pytest.raises(Refused):
        new_card("k", "", {}, "One.\n\n# Two\n\nThree.")
    with pytest.raises(Refused):
        new_card("k", "", {}, "> Words. [@k, p. 1] #t")
