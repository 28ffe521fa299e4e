"""Changes to notes touch one slice, keep every other byte, and are read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import Citation, Edit, Excerpt, Note
from libreview.texts import locators
from libreview.texts.notes import (
    add_id,
    add_themes,
    append_excerpt,
    plain,
    read,
    remove_theme,
    set_annotation,
    set_comment,
    tidy,
    write_excerpt,
)
from libreview.words.errors import Refused

SAMPLES = sorted((Path(__file__).parent.parent / "grammar").glob("*.md"))
ONE = (Citation("wijaya2001", "", locators.parse("hlm. 12")),)
BLOCK = write_excerpt("quotation", "New words.", ONE, ["culture"], "n3w1d0")


def done(data: bytes, edit: Edit | None) -> bytes:
    assert edit is not None
    assert data[edit.start : edit.end] == edit.old
    return data[: edit.start] + edit.new + data[edit.end :]


def note(data: bytes) -> Note:
    return read(data, "n.md")[0]


def first(data: bytes) -> Excerpt:
    return note(data).excerpts[0]


def row(excerpt: Excerpt) -> tuple[object, ...]:
    return excerpt.id, excerpt.kind, excerpt.citations, excerpt.text, excerpt.themes, excerpt.comment


# On every excerpt of every sample -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_splices_on_samples(path: Path) -> None:
    """Each change of each excerpt does what it says to that one and leaves all others as they were."""
    data = path.read_bytes()
    before = note(data)
    for at, excerpt in enumerate(before.excerpts):
        others = [row(one) for number, one in enumerate(before.excerpts) if number != at]
        edits: list[tuple[Edit | None, dict[str, object]]] = [
            (add_themes(data, excerpt, ["new-one", "second"]), {"themes": (*excerpt.themes, "new-one", "second")}),
        ]
        if path.stem != "34-logseq":  # the properties in its comment would be lost
            edits.append((set_comment(data, excerpt, "One.\n\nTwo."), {"comment": "One.\n\nTwo."}))
        if excerpt.comment and path.stem != "34-logseq":
            edits.append((set_comment(data, excerpt, ""), {"comment": ""}))
        if excerpt.id is None:
            edits.append((add_id(data, excerpt, "n3w1d0"), {"id": "n3w1d0"}))
        for theme in excerpt.themes:
            left = tuple(one for one in excerpt.themes if one != theme)
            needy = excerpt.kind == "paraphrase" or path.stem == "34-logseq"
            named = {"id": "n3w1d0"} if needy and not left and not excerpt.id else {}
            edits.append((remove_theme(data, excerpt, theme, "n3w1d0"), {"themes": left, **named}))
        for edit, changed in edits:
            after = note(done(data, edit))
            names = ("id", "kind", "citations", "text", "themes", "comment")
            expected = tuple(changed.get(name, getattr(excerpt, name)) for name in names)
            assert row(after.excerpts[at]) == expected
            assert [row(one) for number, one in enumerate(after.excerpts) if number != at] == others
            assert after.annotation == before.annotation


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_append_to_samples(path: Path) -> None:
    data = path.read_bytes()
    before = note(data)
    after = note(done(data, append_excerpt(data, "n.md", before, BLOCK, "My view.")))
    assert [row(one) for one in after.excerpts[:-1]] == [row(one) for one in before.excerpts]
    assert (after.excerpts[-1].id, after.excerpts[-1].comment) == ("n3w1d0", "My view.")


# Bytes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"> A. [@k, p. 1] #t ^a1\n", b"> A. [@k, p. 1] #t #new ^a1\n"),
        (b"> A. [@k, p. 1]\n", b"> A. [@k, p. 1] #new\n"),
        (b"> A. ([@k, p. 1]).\r\n\r\nx", b"> A. ([@k, p. 1]). #new\r\n\r\nx"),
        (b"> A. [@k] ^a1\n", b"> A. [@k] #new ^a1\n"),
        (b"> A. [@k] ^a1 #t\n", b"> A. [@k] ^a1 #t #new\n"),
        (b"> A. [@k] #t,\n> #u.\n", b"> A. [@k] #t,\n> #u #new.\n"),
        (b"> A.\n\n\xe2\x80\x94 [@k]\n", b"> A.\n\n\xe2\x80\x94 [@k] #new\n"),
        (b"> A. [@k]\n\n#t #u\n", b"> A. [@k]\n\n#t #u #new\n"),
        (b"> \xff\xc3\xa9. [@k] #t", b"> \xff\xc3\xa9. [@k] #t #new"),
    ],
)
def test_add_theme(before: bytes, after: bytes) -> None:
    assert done(before, add_themes(before, first(before), ["new", "t"] if b"#t" in before else ["new"])) == after


def test_add_themes_that_are_there() -> None:
    data = b"> A. [@k] #t #u\n"
    assert add_themes(data, first(data), ["u", "t"]) is None
    with pytest.raises(Refused):
        add_themes(data, first(data), ["two words"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"> A. [@k] #t #u ^a1\n", b"> A. [@k] #u ^a1\n"),
        (b"> A. [@k] #u #t\n", b"> A. [@k] #u\n"),
        (b"> A. [@k]#t#u\n", b"> A. [@k]#u\n"),
        (b"> A. [@k] #t, #u.\n", b"> A. [@k] #u.\n"),
        (b"> A. [@k] #u\r\n> #t\r\n\r\nx\r\n", b"> A. [@k] #u\r\n\r\nx\r\n"),
        (b"> A. [@k]\n> #t #u\n", b"> A. [@k]\n> #u\n"),
        (b"> A. [@k] #T #u #t\n", b"> A. [@k] #u\n"),
        (b"> A. [@k] #t", b"> A. [@k]"),
        (b"- A. [@k] #t ^a1\n", b"- A. [@k] ^a1\n"),
        (b"- A. [@k] #t\n", b"- A. [@k] ^n1\n"),
        (b"- A. [@k]\n  #t\n- B\n", b"- A. [@k] ^n1\n- B\n"),
        (b"> A. [@k] #t\nglued\n", b"> A. [@k] ^n1\nglued\n"),
        (b"> A. [@k] #t\n> B. [@k] #u\n", b"> A. [@k] ^n1\n> B. [@k] #u\n"),
        (b"- A. [@k] #t.\r\n", b"- A. [@k] ^n1\r\n"),
        (b"- A. [@k] #t ^a1", b"- A. [@k] ^a1"),
        (b"- A. [@k] #t #1\n", b"- A. [@k] #1 ^n1\n"),
        (b"> A. [@k] #a\xffb #t\n", b"> A. [@k] #a\xffb\n"),
        (b"> A. [@k] #t; #u\n", b"> A. [@k] #u\n"),
        (b"> A. [@k] #t: #u\n", b"> A. [@k] #u\n"),
        (b"> A. [@k]\t#t #u\n", b"> A. [@k] #u\n"),
        (b"> A. [@k] \t #t #u\n", b"> A. [@k] #u\n"),
        (b"> A. [@k]\n> #t\t#u\n", b"> A. [@k]\n> #u\n"),
        (b"> A. [@k] #u\n>\t#t\n", b"> A. [@k] #u\n"),
        (b"> A. [@k] #u\n> #t \t\n", b"> A. [@k] #u\n"),
        (b"> A. [@k] #u\r> #t\r\rx\r", b"> A. [@k] #u\r\rx\r"),
        (b"> A. [@k] #u\n> #t\n> B. [@k]\n", b"> A. [@k] #u\n> B. [@k]\n"),
        (b"> A. [@k] #u\n>\n> #t\n", b"> A. [@k] #u\n>\n"),
    ],
)
def test_remove_theme(before: bytes, after: bytes) -> None:
    assert done(before, remove_theme(before, first(before), "t", "n1")) == after


def test_remove_theme_is_refused() -> None:
    data = b"- A. [@k] #t\n"
    with pytest.raises(Refused, match="needs an id"):
        remove_theme(data, first(data), "t")
    with pytest.raises(Refused, match="does not have"):
        remove_theme(data, first(data), "u")
    data = b"> A. [@k] #t\nglued\n"
    with pytest.raises(Refused, match=r"n\.md:1 would be read differently"):
        remove_theme(data, first(data), "t")


def test_themes_and_ids_are_found_however_they_are_written() -> None:
    data = b"- A. [@k] #t\n"
    assert done(data, remove_theme(data, first(data), "#T", "N1")) == b"- A. [@k] ^N1\n"
    assert done(data, add_id(data, first(data), "N1")) == b"- A. [@k] #t ^N1\n"
    assert done(data, add_themes(data, first(data), ["a\udcffb", "u", "u"])) == b"- A. [@k] #t #a\xffb #u\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"> A. [@k] #t\n", b"> A. [@k] #t ^n1\n"),
        (b"> A. [@k] #t, #u.\\\n> B. [@k] #t\n", b"> A. [@k] #t, #u. ^n1\\\n> B. [@k] #t\n"),
        (b"> A. [@k]\r\n", b"> A. [@k] ^n1\r\n"),
        (b"> A. [@k]\n\n#t\n", b"> A. [@k]\n\n#t ^n1\n"),
    ],
)
def test_add_id(before: bytes, after: bytes) -> None:
    assert done(before, add_id(before, first(before), "n1")) == after


def test_add_id_is_refused() -> None:
    data = b"> A. [@k] ^a1\n"
    with pytest.raises(Refused, match="has the id"):
        add_id(data, first(data), "n1")
    data = b"> A. [@k]\n"
    with pytest.raises(Refused):
        add_id(data, first(data), "not an id")


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"> A. [@k] #t\n", "Mine.", b"> A. [@k] #t\n\nMine.\n"),
        (b"> A. [@k] #t", "Mine.", b"> A. [@k] #t\n\nMine.\n"),
        (b"> A. [@k] #t\r\n- B\r\n", "", b"> A. [@k] #t\r\n"),
        (b"- A. [@k] #t\n- B. [@k] #t\n", "Mine.", b"- A. [@k] #t\n\nMine.\n\n- B. [@k] #t\n"),
        (b"> A. [@k] #t\n\nOld.\n\n- x\n\n# H\n", "New.\n\n- y", b"> A. [@k] #t\n\nNew.\n\n- y\n\n# H\n"),
        (b"> A. [@k] #t\nglued\n", "New.", b"> A. [@k] #t\n\nNew.\n"),
        (b"- A. [@k] #t\n\n  Old.\n- B\n", "1\n\n2", b"- A. [@k] #t\n\n  1\n\n  2\n"),
        (b"> A. [@k] #t\r\n\r\nOld.", "N\nM", b"> A. [@k] #t\r\n\r\nN\r\nM"),
        (b"> A. [@k] #t\n\nOld.\n", "", b"> A. [@k] #t\n"),
        (b"> A. [@k] #t\n\t\nOld.\n", "", b"> A. [@k] #t\n"),
        (b"> A. [@k] #t\r\rOld.\r", "", b"> A. [@k] #t\r"),
        (b"> A. [@k] #t\n>\n> Old.\n", "", b"> A. [@k] #t\n"),
        (b"> A. [@k] #t\n\n> Old.\n", "N\nM", b"> A. [@k] #t\n\nN\nM\n"),
        (b"> A. [@k] #t\n\nOld \xff.\n", "N \udcff", b"> A. [@k] #t\n\nN \xff\n"),
        (b"> A. [@k] #t\r\rOld.\r", "N", b"> A. [@k] #t\r\rN\r"),
        (b"> A. [@k] #t\rglued\r", "N", b"> A. [@k] #t\r\rN\r"),
        (b"> A. [@k] #t\r\nglued\r\n", "N", b"> A. [@k] #t\r\n\r\nN\r\n"),
        (b"> A. [@k] #t\n  glued\n", "N", b"> A. [@k] #t\n\n  N\n"),
        (b"> A. [@k] #t\n\tglued\n", "N\n\nM", b"> A. [@k] #t\n\n\tN\n\n\tM\n"),
        (b"> A. [@k] #t\r\n\r\n  Old.\r\n", "N\n\nM", b"> A. [@k] #t\r\n\r\n  N\r\n\r\n  M\r\n"),
        (b"> A. [@k] #t\n\n \t Old.\n", "N", b"> A. [@k] #t\n\n \t N\n"),
        (b"> A. [@k] #t\n\n# H\n", "N", b"> A. [@k] #t\n\nN\n\n# H\n"),
        (b"> A. [@k] #t\n \t\n# H\n", "N", b"> A. [@k] #t\n\nN\n \t\n# H\n"),
        (b"> A. [@k] #t\r\n# H", "N", b"> A. [@k] #t\r\n\r\nN\r\n\r\n# H"),
    ],
)
def test_set_comment(before: bytes, text: str, after: bytes) -> None:
    assert done(before, set_comment(before, first(before), text)) == after


@pytest.mark.parametrize("text", ["> B. [@k] #t", "# Head", "a\n\n---\n\nb", "- ^a1 #t", "id:: x", "<!-- open", "#t"])
def test_comments_that_would_be_something_else(text: str) -> None:
    data = b"> A. [@k] #t\n\nOld.\n\n# Head -->\n"
    with pytest.raises(Refused):
        set_comment(data, first(data), text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"---\nsource: k\n---\n", b"---\nsource: k\n---\n\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"text", b"text\n\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\n\r\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\r\n"),
        (b"a\n\n", b"a\n\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"\xef\xbb\xbfa\r\n\r\n", b"\xef\xbb\xbfa\r\n\r\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\r\n"),
        (b"\xef\xbb\xbf\n", b"\xef\xbb\xbf\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"\nx\ry", b"\nx\ry\n\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"x\ry", b"x\ry\r\r> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\r"),
        (b"a\r", b"a\r\r> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\r"),
        (b"a\r\r", b"a\r\r> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\r"),
        (b"a\n \t\n", b"a\n \t\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
        (b"a\n\r\nb\n", b"a\n\r\nb\n\n> New words. [@wijaya2001, hlm. 12] #culture ^n3w1d0\n"),
    ],
)
@pytest.mark.parametrize("block", [BLOCK, BLOCK.rstrip("\n")])
def test_append(before: bytes, after: bytes, block: str) -> None:
    assert done(before, append_excerpt(before, "n.md", note(before), block)) == after


def test_append_behind_another() -> None:
    data = b"> A. [@k] #t ^a1\n\nMine.\n\n> B. [@k] #t ^b1\n- C. [@k] #t ^c1\n"
    after = done(data, append_excerpt(data, "n.md", None, BLOCK, "Yours.", after=0))
    assert after == data.replace(b"Mine.\n", b"Mine.\n\n" + BLOCK.encode() + b"\nYours.\n")
    after = done(data, append_excerpt(data, "n.md", None, BLOCK, after=1))
    assert [one.id for one in note(after).excerpts] == ["a1", "b1", "n3w1d0", "c1"]
    assert b"^b1\n\n> New" in after
    assert b"^n3w1d0\n\n- C." in after
    data = b"> A. [@k] ^a1\r\n \t\r\n> B. [@k]\r\n"
    after = done(data, append_excerpt(data, "n.md", None, BLOCK, after=0))
    assert after == data.replace(b"^a1\r\n", b"^a1\r\n\r\n" + BLOCK.encode().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "block",
    [
        "words",
        BLOCK + BLOCK,
        BLOCK + "\n<!-- open\n",
        BLOCK + "\n```\n",
        BLOCK + "\n- ^a1 #t\n",
        f"---\naim: x\n---\n\n{BLOCK}",
    ],
)
def test_append_takes_one_excerpt_and_nothing_else(block: str) -> None:
    for data in (b"",) if "aim" in block else (b"", b"> A. [@k] ^a1\n"):  # front matter in the middle is prose
        with pytest.raises(Refused, match=r"would not be read back from n\.md"):
            append_excerpt(data, "n.md", None, block)


@pytest.mark.parametrize("text", ["\ud800", "a \udfff b"])
def test_broken_characters_are_refused(text: str) -> None:
    data = b"---\nsource: k\n---\n\n> A. [@k] #t\n"
    with pytest.raises(Refused, match="broken character"):
        set_comment(data, first(data), text)
    with pytest.raises(Refused, match="broken character"):
        set_annotation(data, note(data), text)
    with pytest.raises(Refused, match="broken character"):
        append_excerpt(data, "n.md", None, BLOCK, text)


@pytest.mark.parametrize("text", ["```", "a <!-- b", "~~~\nx"])
def test_what_is_not_closed_is_refused(text: str) -> None:
    data = b"---\nsource: k\n---\n\n> A. [@k] #t\n"
    with pytest.raises(Refused, match="does not close it"):
        set_comment(data, first(data), text)
    with pytest.raises(Refused, match="does not close it"):
        set_annotation(data, note(data), text)
    with pytest.raises(Refused, match="does not close it"):
        append_excerpt(data, "n.md", None, BLOCK, text)


def test_comments_with_lines_of_other_programs_are_not_replaced() -> None:
    data = b"> A. [@k] #t\n\nMine.\nid:: 1\n"
    with pytest.raises(Refused, match="would be lost"):
        set_comment(data, first(data), "New.")


@pytest.mark.parametrize("old", ["Old <!-- x", "```\nx"])
def test_what_stands_open_is_not_replaced(old: str) -> None:
    data = f"> A. [@k] #t\n\n{old}\n".encode()
    for text in ("New.", ""):
        with pytest.raises(Refused, match="would be"):
            set_comment(data, first(data), text)
    data = f"---\nsource: k\n---\n\n{old}\n".encode()
    with pytest.raises(Refused, match="would not be read back"):
        set_annotation(data, note(data), "New.")


def test_append_is_refused_where_something_stands_open() -> None:
    data = b"Before <!-- this is open\n"
    block = write_excerpt("quotation", "An arrow --> points.", ONE, ["culture"])
    with pytest.raises(Refused, match="not be read back"):
        append_excerpt(data, "n.md", note(data), block)
    with pytest.raises(Refused):
        append_excerpt(b"", "n.md", None, BLOCK, "> B. [@k] #t")
    with pytest.raises(Refused, match="changed on disk"):
        append_excerpt(b"> A. [@k] #t\n", "n.md", note(b""), BLOCK)


def test_changed_files_are_not_overwritten() -> None:
    data = b"> A. [@k] #t\n"
    excerpt = first(data)
    with pytest.raises(Refused, match="changed on disk"):
        add_themes(b"> B. [@k] #t\n", excerpt, ["u"])
    with pytest.raises(Refused, match="changed on disk"):
        add_themes(b"\n" + data, excerpt, ["u"])


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"---\nsource: k\n---\n", "New.", b"---\nsource: k\n---\n\nNew.\n"),
        (b"---\nsource: k\n---\n\n> A. [@k] #t\n", "N.", b"---\nsource: k\n---\n\nN.\n\n> A. [@k] #t\n"),
        (b"---\r\nsource: k\r\n---\r\nOld\r\n\r\n- x\r\n", "N\nM", b"---\r\nsource: k\r\n---\r\nN\r\nM\r\n"),
        (
            b"---\nsource: k\n---\n# T\n\n## U\n\n> A. [@k]\n",
            "N",
            b"---\nsource: k\n---\n# T\n\nN\n\n## U\n\n> A. [@k]\n",
        ),
        (b"---\nsource: k\n---\n\nA\n\n## U\n\nB\n", "N", b"---\nsource: k\n---\n\nN\n\n## U\n"),
        (b"---\nsource: k\n---\n\nA\n\n> B. [@k]\n", "", b"---\nsource: k\n---\n\n\n\n> B. [@k]\n"),
        (b"---\nsource: k\n---", "N", b"---\nsource: k\n---\n\nN\n"),
        (b"---\nsource: k\n---\n", "", b"---\nsource: k\n---\n"),
        (b"---\nsource: k\n---\nOld\n", "\udcff", b"---\nsource: k\n---\n\xff\n"),
        (b"---\rsource: k\r---\r", "N", b"---\rsource: k\r---\r\rN\r"),
        (b"---\nsource: k\n---\n \t\n> A. [@k]\n", "N", b"---\nsource: k\n---\n\nN\n \t\n> A. [@k]\n"),
        (b"---\nsource: k\n---\n# T", "N", b"---\nsource: k\n---\n# T\n\nN\n"),
        (b"---\nsource: k\n---\n# T\n> A. [@k]\n", "N", b"---\nsource: k\n---\n# T\n\nN\n\n> A. [@k]\n"),
        (b"---\nsource: k\n---\n\n > A. [@k]\n\n# T\n", "N", b"---\nsource: k\n---\n\nN\n\n > A. [@k]\n\n# T\n"),
        (b"---\nsource: k\n---\nA\n\nU\n===\n\nB\n", "N", b"---\nsource: k\n---\nN\n\nU\n===\n"),
        (b"---\nsource: k\n---\nA\n\n  ## U\n\nB\n", "", b"---\nsource: k\n---\n  ## U\n"),
        (
            b"---\nsource: k\n---\n# T\n\nA\n\n> B. [@k]\n\n## U\n",
            "N",
            b"---\nsource: k\n---\n# T\n\nN\n\n> B. [@k]\n\n## U\n",
        ),
    ],
)
def test_set_annotation(before: bytes, text: str, after: bytes) -> None:
    assert done(before, set_annotation(before, note(before), text)) == after


@pytest.mark.parametrize("text", ["a\n\n# Head", "a\n\n---\n\nb", "> A. [@k] #t", "- ^a1 #t"])
def test_annotations_that_would_be_something_else(text: str) -> None:
    data = b"---\nsource: k\n---\n\nOld.\n"
    with pytest.raises(Refused):
        set_annotation(data, note(data), text)


def test_only_a_card_has_an_annotation() -> None:
    with pytest.raises(Refused, match="not the card"):
        set_annotation(b"text\n", note(b"text\n"), "New.")


# Whatever is said -----------------------------------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(
        ["a", " ", "\n", "\n\n", "- ", "> ", "# ", "[@k] #t", "^x", "#t", "---", "```", "  ", "é", "::", "<!--"]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(WORDS, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans(), st.integers(0, 2))
def test_comments_and_annotations_are_read_back_or_refused(text: str, eol: bytes, ended: bool, at: int) -> None:
    data = b"---\nsource: k\n---\n\nOld.\n\n> A. [@k] #t\n\n- B. [@k] #t\n\n  mine\n- C. [@k] #t\n".replace(b"\n", eol)
    data = data if ended else data.removesuffix(eol)
    before = note(data)
    try:
        after = note(done(data, set_comment(data, before.excerpts[at], text)))
    except Refused:
        after = None
    if after is not None:
        assert after.excerpts[at].comment == tidy(text)
        assert [one.text for one in after.excerpts] == ["A.", "B.", "C."]
    try:
        after = note(done(data, set_annotation(data, before, text)))
    except Refused:
        return
    assert plain(after.annotation) == plain(text)
    assert [row(one) for one in after.excerpts] == [row(one) for one in before.excerpts]
