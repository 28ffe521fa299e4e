"""Citations that follow a source to another key: those that are citations, and no other byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.texts.notes import citations_in, read, repoint
from libreview.words.errors import Refused

SAMPLES = sorted((Path(__file__).parent.parent / "grammar").glob("*.md"))


def after(data: bytes, keys: dict[str, str]) -> tuple[bytes, int, bool]:
    found = repoint(data, "n.md", keys)
    assert len(found.edits) == found.citations + found.card
    for edit in reversed(found.edits):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data, found.citations, found.card


CITED = [
    ("> Words. [@old, p. 12] #t ^k3f9q2\n\nSee @old and [-@old; cf. @other, 3].\n", 3),
    ("[@old, p. 1; @other; see @old, p. 2]", 2),
    ('@old: a colon. @old, @old. (@old) *@old* "@old"', 6),
    ("@{old} and [@{old}, p. 3]", 2),
    ("# About @old\n\n- @old said\n  1. @old again\n\n> [!note] @old\n", 4),
    ("| a | @old |\n|---|------|\n| b | @old |\n\n[^1]: So says @old.\n\nText.^[As in @old.]\n", 4),
    ("Setext @old\n===\n\nterm:: @old\n", 2),
    ("one @old\r\n> two @old\r\n> lazy\r\nlines @old\r\n", 3),
    ("[@old](zotero://select/items/@old) is @old", 2),
    ("![@old](a.png) [see @old's book]", 2),
    ("%% hidden @old %% seen @old <!-- @old --> <!-- open @old", 2),
    ("```\nopen fence @old\n", 1),
    ("[see [[@old]] and @old] and [[@old, p. 3] x]", 2),
    ("[[@old", 1),
    ("x[@old]] and [[@old|x] y", 2),
    ("http://a b @old, http://a;@old and ://@old", 3),
]  # fmt: skip
KEPT = [
    "@older @old2 @old-1 @old.x @old:a @Old @other\n",
    "mail me@old.org or me@old\n",
    "`@old` ``a ` @old`` and\n\n    @old in code\n\n~~~\n@old\n~~~\n\n> ```\n> @old\n> ```\n",
    "\\@old and \\\\\\@old\n",
    "<!-- @old --> %% @old %%\n",
    "[[@old]] [[@old|the paper]] [[@old#part]] ![[@old]]\n",
    "https://example.org/@old <https://a.b/c/@old> [x](http://a.b/@old)\n",
    "x://a/@old\n",
    "HTTPS://a.b/@old git+ssh://a.b/@old http://a//b://c/@old\n",
    "@ol<!-- -->d\n",
    "old {old} @{older} @{ old}\n",
]


@pytest.mark.parametrize(("text", "count"), CITED)
def test_what_is_a_citation_follows(text: str, count: int) -> None:
    data, citations, card = after(text.encode(), {"old": "n:ew"})
    assert (citations, card) == (count, False)
    assert data.count(b"n:ew") == count
    assert data.replace(b"n:ew", b"old") == text.encode()
    assert "old" not in citations_in(re.sub(r"\[\[@old[^\]]*\]\]|://\S*", "", data.decode()))


@pytest.mark.parametrize("text", KEPT)
def test_what_is_none_stays(text: str) -> None:
    assert repoint(text.encode(), "n.md", {"old": "new"}).edits == ()


@pytest.mark.parametrize(
    ("old", "new", "before", "expected"),
    [
        ("old", "a;b", "[@old, p. 1]", "[@{a;b}, p. 1]"),
        ("a;b", "new", "[@{a;b}, p. 1] @{a;b}", "[@{new}, p. 1] @{new}"),
        ("doi:10.1/x", "müller", "@doi:10.1/x.", "@müller."),
        ("müller", "x", "é @müller é", "é @x é"),
        ("old", "new.", "@old.", "@{new.}."),
    ],
)
def test_keys_that_need_braces(old: str, new: str, before: str, expected: str) -> None:
    assert after(before.encode(), {old: new})[0].decode() == expected


def test_a_key_that_cannot_be_cited_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be cited"):
        repoint(b"@old", "n.md", {"old": "a b"})


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("source: old\n", "source: new\n"),
        ("Source:   old   # the old one\n", "Source:   new   # the old one\n"),
        ('source: "old"\n', 'source: "new"\n'),
        ("source: '@old'\n", "source: '@new'\n"),
        ("source: @old\n", "source: @new\n"),
        ('source: "[[@old]]"\n', 'source: "[[@new]]"\n'),
        ("source: [[@old|old words]]\n", "source: [[@new|old words]]\n"),
        ("source:\n  old\ntitle: old\n", "source:\n  new\ntitle: old\n"),
        ("source:\n- old\n", "source:\n- new\n"),
        ("source: old\nsource: old\n", "source: new\nsource: old\n"),
        ("title: old\nSOURCE: old\n", "title: old\nSOURCE: new\n"),
        ("source:\n  # old\n  old\n", "source:\n  # old\n  new\n"),
        ("source:\n\n\told # old\n", "source:\n\n\tnew # old\n"),
        ("source:\n  # older and bold\n  old\n", "source:\n  # older and bold\n  new\n"),
        ("source: >\n  old\n", "source: >\n  new\n"),
        ("title: old\nsource: older\n", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_source_of_a_card_follows(before: str, expected: str | None, end: str, mark: bytes) -> None:
    def card(front: str) -> bytes:
        return mark + f"---\n{front}---\n\nAn old note \ud800.\n".replace("\n", end).encode("utf-8", "surrogatepass")

    data, citations, found = after(card(before), {"old": "new"})
    assert (citations, found) == (0, expected is not None)
    assert data == card(expected or before)


def test_a_key_that_yaml_would_misread_is_quoted() -> None:
    data = after(b"---\nsource: old\n---\n", {"old": "?x"})[0]
    assert data == b'---\nsource: "?x"\n---\n'
    assert read(data, "n.md")[0].source == "?x"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_says_the_same_of_another_key(path: Path) -> None:
    data = path.read_bytes()
    note = read(data, "n.md")[0]
    keys = {one.key for excerpt in note.excerpts for one in excerpt.citations} | ({note.source} - {""})
    for key in sorted(keys):
        new = read(after(data, {key: "zz-9"})[0], "n.md")[0]
        assert [
            tuple("zz-9" if one.key == key else one.key for one in excerpt.citations) for excerpt in note.excerpts
        ] == [tuple(one.key for one in excerpt.citations) for excerpt in new.excerpts]
        assert new.source == ("zz-9" if note.source == key else note.source)
        assert [one.themes for one in new.excerpts] == [one.themes for one in note.excerpts]


WORDS = st.lists(
    st.sampled_from(
        ["@old", "@{old}", "[@old, p. 1]", "@older", "a@old", "`", "```\n", "<!--", "-->", "%%", "> ", "- ", "\n", "\n\n",
         "\r\n", "    ", "#t ", "^k3f9q2", "[", "]", ";", "é", "\\", "[[@old]]", "---\n", "source: old\n", " ", "://", "|", "# "]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=500)
@given(st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff ", b"---\nsource: old\n---\n"]), WORDS)
def test_any_note_keeps_every_other_byte(head: bytes, text: str) -> None:
    data = head + text.encode()
    try:
        changed, _, _ = after(data, {"old": "n3w"})
    except Refused:
        return
    assert changed.replace(b"n3w", b"old") == data
    again = repoint(changed, "n.md", {"old": "n3w"})
    assert again.edits == ()
    assert said(changed, {}) == said(data, {"old": "n3w"})


def said(data: bytes, keys: dict[str, str]) -> tuple[object, ...]:
    """Return what a note says: its excerpts with their sources, its codings, what is wrong where."""
    note, problems = read(data, "n.md")
    cited = [
        (one.id, one.kind, one.themes, [keys.get(key.key, key.key) for key in one.citations]) for one in note.excerpts
    ]
    codings = [(one.excerpt, one.themes) for one in note.codings]
    wrong = [(one.code, one.location.line) for one in problems]
    return keys.get(note.source, note.source), cited, codings, wrong, note.annotation.count("\n"), sorted(note.fields)


def test_brackets_that_become_too_wide_are_refused() -> None:
    text = "> Words. [@old, " + "p " * 2035 + "] #t\n"
    assert len(read(text.encode(), "n.md")[0].excerpts) == 1
    with pytest.raises(Refused, match="read differently"):
        repoint(text.encode(), "n.md", {"old": "longer" * 5})


def test_a_front_matter_full_of_remarks_costs_little() -> None:
    remarks = "# old\n  " * 20_000
    with pytest.raises(Refused, match="could not be changed"):
        repoint(f"---\nsource:\n  {remarks}old\n---\n".encode(), "n.md", {"old": "new"})


@pytest.mark.parametrize(
    ("source", "new", "wanted"),
    [
        (b"source: <!-- old --> old", "new", b"source: <!-- old --> new"),
        (b"source: old", "&new", b'source: "&new"'),
        (b'source: "old"', "&new", b'source: "&new"'),
        (b"source: '@old'", "&new", b"source: '@&new'"),
        (b"source: {old}", "new", b"source: {new}"),
        (b"source: old # the old one", "new", b"source: new # the old one"),
    ],
)
def test_the_source_of_a_card_is_found_and_written_as_it_was(source: bytes, new: str, wanted: bytes) -> None:
    data = b"---\n" + source + b"\n---\n\nText.\n"
    (edit,) = repoint(data, "n.md", {"old": new}).edits
    assert data[: edit.start] + edit.new + data[edit.end :] == b"---\n" + wanted + b"\n---\n\nText.\n"


def test_a_key_may_hold_bytes_that_are_no_text() -> None:
    assert after(b"---\nsource: old\n---\n\n[@old]\n", {"old": "x\udcff"}) == (
        b"---\nsource: x\xff\n---\n\n[@{x\xff}]\n",
        1,
        True,
    )


def test_a_key_that_is_spelt_another_way_is_left_to_the_user() -> None:
    with pytest.raises(Refused, match=r"n\.md: the key old of its source could not be changed"):
        repoint(b'---\nsource: "o\\ld"\n---\n', "n.md", {"old": "new"})


@pytest.mark.parametrize("new", ["<!--x", "%%"])
def test_a_key_that_means_something_in_markdown_is_refused(new: str) -> None:
    with pytest.raises(Refused, match="would be read differently"):
        repoint(b"> A. [@old] #t\n\nMine. %%\n\n> B. [@k] #t\n", "n.md", {"old": new})


def test_a_key_that_is_called_source() -> None:
    assert after(b"---\nsource: source # source\n---\n", {"source": "s"}) == (
        b"---\nsource: s # source\n---\n",
        0,
        True,
    )


def test_an_escaped_sign_is_no_citation() -> None:
    (edit,) = repoint(b"Text \\a and \\@a here [@a, p. 1] #t\n", "n.md", {"a": "b"}).edits
    assert edit.start == 23
