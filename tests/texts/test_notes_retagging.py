"""Themes of a whole note put in the place of others: only tags change, and the note is read back."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import Note
from libreview.texts.notes import Retagged, read, retag
from libreview.words.errors import Refused

SAMPLES = sorted((Path(__file__).parent.parent / "grammar").glob("*.md"))


def note(data: bytes) -> Note:
    return read(data, "n.md")[0]


def themes(of: Note) -> list[tuple[str, ...]]:
    return [*(one.themes for one in of.excerpts), *(one.themes for one in of.codings)]


def done(data: bytes, made: Retagged) -> bytes:
    for edit in reversed(made.edits):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


def changed(data: bytes, tags: str, new: str = "", **more: object) -> bytes:
    ids = count(1)
    made = retag(data, "n.md", tags.split(), new.split(), fresh_id=lambda: f"id{next(ids)}", **more)  # type: ignore[arg-type]
    return done(data, made)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"> A. [@k] #t #u ^a1\n", b"> A. [@k] #new #u ^a1\n"),
        (b"> A. [@k] #T, #u.\r\n", b"> A. [@k] #new, #u.\r\n"),
        (b"> A. [@k]#t#u", b"> A. [@k]#new#u"),
        (b"> A. [@k] #t #new\n", b"> A. [@k] #new\n"),
        (b"> A. [@k] #new #t.\n", b"> A. [@k] #new\n"),
        (b"> A. [@k] #alias #t ^a1\n", b"> A. [@k] #alias ^a1\n"),
        (b"> A. [@k] #t #t2 #T\n", b"> A. [@k] #new\n"),
        (b"> A. [@k]\n\n#t #u\n\nA #t in prose.\n", b"> A. [@k]\n\n#new #u\n\nA #t in prose.\n"),
        (b"> A #t here. [@k] #u\n\n#t\n", b"> A #t here. [@k] #u\n\n#new\n"),
        (b"> A. [@k] #u\n> #t\n", b"> A. [@k] #u\n> #new\n"),
        (b"> A. [@k] #new\n> #t\n> #t2\n\nx\n", b"> A. [@k] #new\n\nx\n"),
        (b"> A. [@k] #new\n> #t #t2\n\nx\n", b"> A. [@k] #new\n\nx\n"),
        (b"- ^a1 #t #u mine #t\n- ^b1 #new #t\n", b"- ^a1 #new #u mine #t\n- ^b1 #new\n"),
        (b"^a1 #t\n", b"^a1 #new\n"),
        (b"> \xff\xc3\xa9 [@k] #t", b"> \xff\xc3\xa9 [@k] #new"),
        (b"Prose #t and `#t`.\n\n# H #t\n", b"Prose #t and `#t`.\n\n# H #t\n"),
        (b"```\n> A. [@k] #t\n```\n", b"```\n> A. [@k] #t\n```\n"),
    ],
)
def test_a_theme_takes_the_place_of_others(before: bytes, after: bytes) -> None:
    assert changed(before, "t t2", "new", means={"alias": "new"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"> A. [@k] #t #u ^a1\n", b"> A. [@k] #u ^a1\n"),
        (b"> A. [@k] #t\n", b"> A. [@k]\n"),
        (b"- A. [@k] #t\n- B. [@k] #t #u\n", b"- A. [@k] ^id1\n- B. [@k] #u\n"),
        (b"- A. [@k]\r\n  #t\r\n- B\r\n", b"- A. [@k] ^id1\r\n- B\r\n"),
        (b"- A. [@k] #t #t2. \r\n", b"- A. [@k] ^id1 \r\n"),
        (b"> A. [@k] #t\nglued\n", b"> A. [@k] ^id1\nglued\n"),
        (b"> A. [@k] #t\n\n#t2\n\nx\n", b"> A. [@k]\n\nx\n"),
        (b"- ^a1 #t\n- ^b1 #t memo\n", b"- ^a1\n- ^b1 memo\n"),
        (b"^a1 #t memo\n", b"- ^a1 memo\n"),
        (b"> A. [@k] ^x1\n\n^a1 #t\n", b"> A. [@k] ^x1\n\n- ^a1\n"),
        (b"> A. [@k] #none\n", b"> A. [@k] #none\n"),
    ],
)
def test_a_theme_goes(before: bytes, after: bytes) -> None:
    assert changed(before, "t t2") == after


def test_several_themes_come_to_some_excerpts() -> None:
    data = b"- A. [@k] #t #u\n- B. [@k] #t\n\nx\n\n- ^a1 #t\n- ^b1 #t\n"
    after = b"- A. [@k] #t #u\n- B. [@k] #x #y\n\nx\n\n- ^a1 #x #y\n- ^b1 #t\n"
    assert changed(data, "t", "x y", excerpts=[1], codings=[0]) == after


def test_what_would_be_read_otherwise_is_refused() -> None:
    with pytest.raises(Refused, match=r"n\.md:1 would be read differently"):
        retag(b"- A. [@k] #t\n", "n.md", ["t"])
    with pytest.raises(Refused):
        changed(b"> A. [@k] #t\n", "t", "a.b")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_theme_of_the_samples(path: Path) -> None:
    data = path.read_bytes()
    before = note(data)
    for theme in {theme for some in themes(before) for theme in some}:
        renamed = changed(data, theme, "new-one")
        found = note(renamed)
        put = [tuple("new-one" if one == theme else one for one in some) for some in themes(before)]
        assert themes(found) == put
        assert renamed.replace(b"new-one", b"") != data
        assert changed(renamed, "new-one", theme).lower() == data.lower() or data.count(b"#") > 1
        gone = note(changed(data, theme))
        assert [one.text for one in gone.excerpts] == [one.text for one in before.excerpts]
        assert themes(gone) == [tuple(one for one in some if one != theme) for some in themes(before)]


_PIECES = st.sampled_from(
    [
        b"> A \xff. [@k, p. 1] #t #u ^a1\n", b"- B. [@k] #t\n", b"- C.\n  [@k]\n  #t #new\n", b"\n", b"text #t\n",
        b"- ^a1 #t, #new\n", b"^b1 #t memo\n", b"#t\n", b"> D. [@k]\n", b"# H\n", b"<!-- #t -->\n", b"---\n", b"> #t\n",
        b"1. E [@k; @l] #new #t.\n", b"```\n", b"    #t\n", b"a | #t\n",
    ]
)  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(
    st.lists(_PIECES, max_size=8).map(b"".join), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.sampled_from(["", "new"])
)
def test_any_note_is_changed_as_asked_or_not_at_all(data: bytes, end: bytes, new: str) -> None:
    data = data.replace(b"\n", end)
    before = note(data)
    try:
        whole = changed(data, "t", new)
    except Refused:
        return
    after = note(whole)
    for old, now in zip(themes(before), themes(after), strict=True):
        assert set(now) == {new if one == "t" else one for one in old} - {""}

    def words(text: bytes) -> list[bytes]:
        return [
            word
            for word in text.replace(b"- ^", b"^").split()
            if word != b">" and word[:1] != b"#" and word[:3] != b"^id"
        ]

    assert words(whole) == words(data)


@pytest.mark.parametrize(
    ("note", "tags", "new", "wanted"),
    [
        (  # a quotation stays one without an id
            b"> Q. [@a, p. 1] #trade\n\n- P. [@a, p. 2] #trade\n",
            {"trade"},
            (),
            b"> Q. [@a, p. 1]\n\n- P. [@a, p. 2] ^id0\n",
        ),
        (  # unless text stands right under it
            b"> Q. [@a, p. 1] #trade\nText under.\n\n- P. [@a, p. 2] #trade\n",
            {"trade"},
            (),
            b"> Q. [@a, p. 1] ^id1\nText under.\n\n- P. [@a, p. 2] ^id0\n",
        ),
        (b"- ^k1 #trade\n\n> Q. [@a, p. 1] #trade ^k2\n", {"trade"}, ("fair",),
         b"- ^k1 #fair\n\n> Q. [@a, p. 1] #fair ^k2\n"),
        (b"> Q. [@a, p. 1] #pameran ^k2\n", {"pameran"}, ("fair",), b"> Q. [@a, p. 1] #fair ^k2\n"),
        (b"> Q.\r\n> [@a, p. 1]\r\n> #trade #sme\r\n\r\nText\r\n", {"trade", "sme"}, (),
         b"> Q.\r\n> [@a, p. 1]\r\n\r\nText\r\n"),
        (b"> Q.\n> [@a, p. 1]\n> #trade #sme \n\nText\n", {"trade", "sme"}, (), b"> Q.\n> [@a, p. 1]\n\nText\n"),
    ],
)  # fmt: skip
def test_what_a_note_looks_like_afterwards(note: bytes, tags: set[str], new: tuple[str, ...], wanted: bytes) -> None:
    numbers = iter(range(9))
    found = retag(note, "n.md", tags, new, means={"pameran": "fair"}, fresh_id=lambda: f"id{next(numbers)}")
    pieces, at = [], 0
    for edit in found.edits:
        pieces += [note[at : edit.start], edit.new]
        at = edit.end
    assert b"".join([*pieces, note[at:]]) == wanted
