"""The grammar of notes: every sample with every field, exact places, and the traps that samples do not show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from libreview.model import Excerpt, Note, Problem
from libreview.texts.notes import read
from libreview.texts.notes.attribution import tag
from libreview.words.errors import PROBLEMS

SAMPLES = Path(__file__).parent.parent / "grammar"
EXPECTATIONS = json.loads((SAMPLES / "expectations.json").read_text(encoding="utf-8"))
BOOK = {*EXPECTATIONS["codebook"], *EXPECTATIONS["reserved"]}
NAMES = sorted(EXPECTATIONS["samples"])


def sample(name: str) -> tuple[Note, tuple[Problem, ...]]:
    return read((SAMPLES / name).read_bytes(), name)


def excerpt_row(excerpt: Excerpt) -> dict[str, object]:
    return {
        "kind": excerpt.kind,
        "sources": list(excerpt.keys),
        "citations": [[citation.key, citation.locator.text] for citation in excerpt.citations],
        "locator": excerpt.locator,
        "themes": list(excerpt.themes),
        "id": excerpt.id,
        "text": excerpt.text,
        "line": excerpt.location.line,
        "comment": excerpt.comment,
    }


def with_codebook(note: Note, problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    """Return the problems as `check` gives them: unread tags only of the codebook's themes, and the unknown themes."""
    rows = [
        (problem.code, problem.location.line, problem.subject)
        for problem in problems
        if problem.code != "themes-not-read" or problem.subject in BOOK
    ]
    coded = [(one.location.line, one.themes) for one in note.excerpts]
    coded += [(one.location.line, one.themes) for one in note.codings]
    for line, themes in coded:
        rows += [("unknown-theme", line, theme) for theme in themes if theme not in BOOK]
    return sorted(rows)


def test_all_samples_are_here() -> None:
    assert len(NAMES) == 85
    assert sorted(path.name for path in SAMPLES.glob("*.md")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_sample(name: str) -> None:
    expected = EXPECTATIONS["samples"][name]
    note, problems = sample(name)
    head = {key: expected[key] for key in ("source", "coder", "fields", "annotation")}
    assert {
        "source": note.source,
        "coder": note.coder,
        "fields": dict(note.fields),
        "annotation": note.annotation,
    } == head
    excerpts = [{key: value for key, value in row.items() if key != "written"} for row in expected["excerpts"]]
    assert [excerpt_row(excerpt) for excerpt in note.excerpts] == excerpts
    assert [
        {
            "excerpt": coding.excerpt,
            "coder": coding.coder,
            "themes": list(coding.themes),
            "line": coding.location.line,
            "memo": coding.memo,
        }
        for coding in note.codings
    ] == expected["codings"]
    wanted = sorted((row["code"], row["line"], row.get("subject", "")) for row in expected["problems"])
    assert with_codebook(note, problems) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_problems_have_their_sentence(name: str) -> None:
    for problem in sample(name)[1]:
        facts = {"subject": problem.subject, **problem.facts}
        assert PROBLEMS[problem.code].sentence.format(**facts)
        assert problem.location.path == name


# Places ---------------------------------------------------------------------------------------------------------------


def flat(data: bytes) -> str:
    """Return the words of a slice: container marks, the fences of divs and white space do not count."""
    text = re.sub(r"[ \t]*:::[^\r\n]*", "", data.decode("utf-8", "surrogateescape"))
    return "".join(char for char in text if not char.isspace() and char != ">")


def untagged(data: bytes) -> bytes:
    """Return ``data`` without lines of tags alone, which may lie between the paragraphs of a comment and are none of it."""
    return re.sub(rb"(?:(?<=[\r\n])|\A)[ \t>]*(?:#[^\s#]+[ \t]*)+(?=[\r\n]|\Z)", b"", data)


def check_places(data: bytes, note: Note) -> None:
    for excerpt in note.excerpts:
        slices = excerpt.slices
        assert (excerpt.location.start, excerpt.location.end) == slices.block
        start, end = slices.block
        assert 0 <= start <= slices.text[0] <= slices.text[1] <= end <= len(data)
        assert start == 0 or data[:start].endswith((b"\n", b"\r")) or data[:start] == b"\xef\xbb\xbf"
        lines = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        assert excerpt.location.line == lines
        assert flat(data[slice(*slices.text)]) == flat(excerpt.text.encode("utf-8", "surrogateescape"))
        citation = data[slice(*slices.citation)].decode("utf-8", "surrogateescape")
        assert all(f"@{key}" in citation or f"@{{{key}}}" in citation for key in excerpt.keys)
        tags = [data[slice(*span)].decode("utf-8", "surrogateescape") for span in slices.themes]
        assert all(one.startswith("#") for one in tags)
        assert tuple(dict.fromkeys(tag(one[1:]) for one in tags)) == excerpt.themes
        assert (slices.id is None) == (excerpt.id is None)
        if slices.id is not None:
            assert data[slice(*slices.id)].decode().lower() == f"^{excerpt.id}"
        assert slices.citation[1] <= slices.insert <= end
        if slices.comment is not None:
            comment = excerpt.comment.encode("utf-8", "surrogateescape")
            assert flat(untagged(data[slice(*slices.comment)])) == flat(untagged(comment))
        else:
            assert excerpt.comment == ""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("34-logseq.md", "52-html-comments.md")])
@pytest.mark.parametrize("eol", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"])
def test_slices_of_samples(name: str, eol: bytes, head: bytes) -> None:
    data = head + (SAMPLES / name).read_bytes().replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").replace(
        b"\n", eol
    )
    note, _ = read(data, name)
    assert len(note.excerpts) == len(EXPECTATIONS["samples"][name]["excerpts"])
    check_places(data, note)


LINES = st.lists(
    st.sampled_from(
        [
            *(b"> Kota. [@k, p. 1] #t ^i1", b"- Kota \xc3\xa9. [@k] #\xc3\xa9t", b"Kota \xff. [@k; @l, p. 2] #a #b"),
            *(b"> words", b"", b"[@k, p. 3] #t", b"- ^i1 #t memo", b"^x1", b"#t #u", b"", b"  more [@k] ^b2", b"plain"),
            *(b"---", b"# Head", b"> ", b"> - x", b"\xf0\x9f\x98\x80 \xed\xa0\x80 [@k] #t,", b"| a | b |", b"1. a"),
            *(b"> `[@k] #t`", b"\t- [ ] deep ([@k]). #t", b"@k [p. 2] #t", b"> (a [@k", b"> p. 3]) #t", b"***"),
            *(b"- > q [@k] #t\\", b"\xc2\xa0", b"[@k](http://x.org) #t", b"::: box", b"\xe2\x80\x94 [@k]"),
        ]
    ),
    max_size=12,
)


@settings(max_examples=1500, deadline=None)
@given(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.sampled_from([b"", b"\xef\xbb\xbf"]), st.booleans())
def test_slices_give_the_parts_back(lines: list[bytes], eol: bytes, head: bytes, ended: bool) -> None:
    data = head + eol.join(lines) + (eol if ended else b"")
    check_places(data, read(data, "n.md")[0])


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"---\n---")
@example(b"> [@k")
def test_any_bytes_are_read(data: bytes) -> None:
    check_places(data, read(data, "n.md")[0])


# Traps ----------------------------------------------------------------------------------------------------------------


def one(text: str) -> Excerpt:
    note, _ = read(text.encode(), "n.md")
    assert len(note.excerpts) == 1
    return note.excerpts[0]


def codes(text: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.location.line) for problem in read(text.encode(), "n.md")[1]]


@pytest.mark.parametrize(
    "text",
    [
        "- Wow![@k, p. 1] #t\n",
        "- A note ^[@k, p. 1] #t\n",
        "- In [[@k]] #t\n",
        "- In a [[x [@k] y]] #t\n",
        "- Mail a@k.org [p. 1] #t\n",
        "[^1]: A note. [@k] #t\n",
        "a | b\n---|---\nx [@k] #t | y\n",
        "    code. [@k] #t\n",
        "# Head. [@k] #t\n",
        "- # Head. [@k] #t\n",
        "<!-- x\n\n> A. [@k] #t\n-->\n",
    ],
)
def test_not_an_excerpt(text: str) -> None:
    assert read(text.encode(), "n.md")[0].excerpts == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- A. [@k]\n  #t\n", "A."),
        ("- A [he said]. [@k, p. 1 [sic]] #t\n", "A [he said]."),
        ("> a [unclosed [@k] #t\n", "a [unclosed"),
        ("> He said (so [@k, p. 1]) #t\n", "He said (so"),
        ("- A.\n  — [@k] #t\n", "A."),
        ("> A -- b. [@k] #t\n", "A -- b."),
        ("- ```\n  [@l] #t\n  ```\n  after [@k] #t\n", "```\n[@l] #t\n```\nafter"),
        ("- a <!-- x --> b. [@k] #t\n", "a  b."),
        ("- A `[@l] #t\n  x` b. [@k] #t\n", "A `[@l] #t\nx` b."),
        ("> a\n> [!not] callout [@k] #t\n", "a\n[!not] callout"),
        ("> [!quote] Title\n> text\n>\n> [@k] #t\n", "text"),
        ("* a\n  b\n\n  c [@k] #t\n", "a\nb\n\nc"),
        ("- a [@k]. #t. ^ID-9\n", "a"),
        ("- a [@k](zotero://x?(y)) #t\n", "a"),
    ],
)
def test_text(text: str, words: str) -> None:
    assert one(text).text == words
    if "<!--" not in text:
        check_places(text.encode(), read(text.encode(), "n.md")[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> A. [@k] #t\nmine\n", [("text-joins-excerpt", 2)]),
        ("Intro\n- A. [@k] #t\n", [("blank-line-missing", 2)]),
        ("- A. [@k] #t\n> B. [@k] #t\n", [("blank-line-missing", 2)]),
        ("- A. [@k] #t\n- B. [@k] #t\n", []),
        ("> A. [@k] #t\n> B.\n", [("quotation-without-citation", 2)]),
        ("> A.\n\n[@k] #t\n", []),
        ("> A. [@k] #t\n> B.\n\n— [@l] #u\n", []),
        ("> [!cite] A.\n", [("quotation-without-citation", 1)]),
        ("- A. [@k @l] #t\n", [("broken-citation", 1)]),
        ("- A. [see; @k] #t\n", [("broken-citation", 1)]),
        (
            "<<<<<<< x\n> A. [@k] #t\n|||||||\n=======\n",
            [("conflict-marker", 1), ("conflict-marker", 3), ("conflict-marker", 4)],
        ),
        ("=======\n>>>>>>> x\n", [("quotation-without-citation", 2)]),
        ("---\ncoder: a\n---\n- ^x1 #none #t\n", [("none-with-themes", 4)]),
        ("> A. [@k] ^a1\n\n^a2\n", [("second-id", 1)]),
        ("a <!-- b\n<!-- c\n%% d\n", [("comment-open", 1), ("comment-open", 3)]),
        ("`<!--` and `%%`\n", []),
        ("> ```\n\n```\n", [("code-open", 1), ("code-open", 3), ("quotation-without-citation", 1)]),
    ],
)
def test_problems(text: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(codes(text)) == sorted(expected)


def test_unread_themes_carry_the_reason() -> None:
    text = "# H #heading\n\ncall #alone then\n\n#tagged\n\n> A. #before [@k]\n\n| #table |\n\n[^1]: #footnote\n\n> #quote\n"
    found = {
        one.subject: one.facts["reason"] for one in read(text.encode(), "n.md")[1] if one.code == "themes-not-read"
    }
    assert set(found) == {"heading", "alone", "tagged", "before", "table", "footnote", "quote"}
    assert len(set(found.values())) == 7


def test_comments_and_memos() -> None:
    text = "- A. [@k] #t\n  - one\n    - two\n\n  three\n\n- ^x1 #t,\n  #u because\n\n  more\n# Head\nfree\n"
    note, _ = read(text.encode(), "n.md")
    assert note.excerpts[0].comment == "- one\n  - two\n\nthree"
    assert [(coding.themes, coding.memo) for coding in note.codings] == [(("t", "u"), "because\n\nmore")]


def test_excerpt_carries_the_coding_of_its_coder() -> None:
    note, _ = read(b"---\ncoder: nadia\n---\n\n> A. [@k] #t ^a1\n\n> B. [@k]\n", "n.md")
    first, second = note.excerpts
    assert [(one.excerpt, one.themes, one.coder) for one in first.codings] == [("a1", ("t",), "nadia")]
    assert second.codings == ()


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("a: 'it''s'\nb: \"x \\\"y\\\" \\\\\"", {"a": "it's", "b": 'x "y" \\'}),
        ("a: |\n  one\n  two\nb: >-\n  one\n  two", {"a": "one\ntwo", "b": "one two"}),
        ("a: [x, 'y, z', w] # note", {"a": "x, y, z, w"}),
        ("a:\n- x\n- 'y' # note\n- ", {"a": "x, y"}),
        ("a: one\n  two\n# note\n\nB: 2 # note", {"a": "one two", "b": "2"}),
        ('a: \'open\nb: "also\\" open', {"a": "'open", "b": '"also\\" open'}),
        ("a: # only a note\nb: 'x' y", {"a": "", "b": "'x' y"}),
        ('"quoted": x', {"quoted": "x"}),
    ],
)
def test_front_matter(lines: str, fields: dict[str, str]) -> None:
    assert read(f"---\n{lines}\n---\n".encode(), "n.md")[0].fields == fields


@pytest.mark.parametrize("value", ["k1", "@k1", "[[@k1]]", "'@{k1}'", '"[[@k1|Shown]]"', "k1 # note"])
def test_source(value: str) -> None:
    assert read(f"---\nSource: {value}\n...\n".encode(), "n.md")[0].source == "k1"


# Time -----------------------------------------------------------------------------------------------------------------

N = 300_000
HOSTILE = {
    "brackets": "[" * N,
    "nested brackets": "[" * (N // 2) + "]" * (N // 2),
    "nested citations": "[@a " * (N // 8) + "] " * (N // 8),
    "citations that end lines inside each other": "[@a " * (N // 16) + "] #t\n" * (N // 16),
    "quotes": ">" * N,
    "spaced quotes": "> " * (N // 2),
    "at": "@" * N,
    "keys": "@a " * (N // 3),
    "items": "- " * (N // 2),
    "ticks": "`" * N,
    "runs of ticks": "".join("`" * (at % 50 + 1) + "a" for at in range(N // 26)),
    "open fences": "```a\n" * (N // 5),
    "open quoted fences": "> ```a\n" * (N // 7) + "\n> ```\n",
    "open comments": "<!-- " * (N // 5),
    "percents": "%% " * (N // 3),
    "tags": "#t " * (N // 3),
    "backslashes": "\\" * N,
    "parentheses": "x [@a]" + "(" * N,
    "open links": "[@a](" * (N // 5),
    "blank": " " * N,
    "line ends": "\n" * N,
    "braces": "@{" * (N // 2),
    "lazy lines": "> a\n" + "b\n" * (N // 2),
    "long citation": "x [@k" + "; a" * (N // 3) + "] #t",
    "front matter quotes": "---\na: [b," + '"' * N + "\n---\n",
    "bytes": "\udcff\udcfe" * (N // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_come_to_an_end(name: str) -> None:
    data = HOSTILE[name].encode("utf-8", "surrogateescape")
    assert read(data, "n.md")[0].path == "n.md"


@pytest.mark.parametrize(
    ("text", "line"),
    [("---\ncoder: a\n\nSource: k\n---\nx\n", 4), ("---\r\naim:\r\n- a\r\nsource: k\r\n---\r\n", 4), ("x\n", 1)],
)
def test_a_note_lies_where_it_names_its_source(text: str, line: int) -> None:
    note = read(text.encode(), "n.md")[0]
    assert (note.location.line, note.location.start, note.location.end) == (line, 0, len(text))
