"""Entries taken out, given several fields at once, and fields that name other entries."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import Edit, Source
from libreview.texts.formats.bibtex import (
    blank,
    change_entry,
    members,
    mentions,
    read,
    referring,
    remove_entries,
    remove_entry,
    repointed,
    set_field,
    strings_used,
    write_entry,
)
from libreview.words.errors import Refused

CODECS = [
    ("utf-8", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-32-le", codecs.BOM_UTF32_LE),
]


def done(data: bytes, *edits: Edit) -> bytes:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


def find(data: bytes, key: str) -> Source:
    return next(one for one in read(data, "a.bib").sources if one.key == key)


A, X, B = "@a{a, t = {1}}", "@book{x,\n  title = {Xé},\n}", "@a{b, t = {2}}"

REMOVALS = [
    ("{A}\n\n{X}\n\n{B}\n", "{A}\n\n{B}\n"),
    ("{A}\n{X}\n{B}\n", "{A}\n{B}\n"),
    ("{X}\n\n{B}\n", "{B}\n"),
    ("{A}\n\n{X}\n", "{A}\n"),
    ("{A}\n\n{X}", "{A}\n"),
    ("{A}\n\n{X}\n\n\n", "{A}\n\n\n"),
    ("{X}", ""),
    ("{X}\n", ""),
    ("% about x\n{X}\n\n{B}\n", "% about x\n\n{B}\n"),
    ("{A}\n\n% about x\n{X}\n% about b\n{B}\n", "{A}\n\n% about x\n% about b\n{B}\n"),
    ("{A} {X} {B}\n", "{A} {B}\n"),
    ("{X} {B}\n", "{B}\n"),
    ("{A} {X}\n", "{A}\n"),
    ("{X},{B}\n", "{B}\n"),
    ("{A},\n{X},\n{B}\n", "{A},\n{B}\n"),
    ("{A}{X}{B}", "{A}{B}"),
    ('@string{{s = "1"}}\n{X}\n@preamble{{"p"}}\n@comment{{c}}\n', '@string{{s = "1"}}\n@preamble{{"p"}}\n@comment{{c}}\n'),
    ("@a{{open, t = {{1\n\n{X}\n\n{B}\n", "@a{{open, t = {{1\n\n{B}\n"),
    ("  {X}  \n\n  {B}\n", "  {B}\n"),
    ("words\n\n{X}\n\nwords\n", "words\n\nwords\n"),
]  # fmt: skip


@pytest.mark.parametrize(("codec", "mark"), CODECS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("before", "after"), REMOVALS)
def test_an_entry_goes_with_one_blank_line(before: str, after: str, end: str, codec: str, mark: bytes) -> None:
    old, new = (mark + text.format(A=A, X=X, B=B).replace("\n", end).encode(codec) for text in (before, after))
    assert done(old, remove_entry(old, find(old, "x"))) == new


def test_several_entries_go_at_once() -> None:
    text = f"{A}\n\n{X}\n\n{B}\n\n@a{{c, t = {{3}}}}\n"
    data = text.encode()
    found = read(data, "a.bib").sources
    assert done(data, *remove_entries(data, found[1:])) == f"{A}\n".encode()
    assert done(data, *remove_entries(data, [found[3], found[0]])) == f"{X}\n\n{B}\n".encode()
    assert blank(done(data, *remove_entries(data, found)))


@pytest.mark.parametrize(
    ("data", "nothing"),
    [(b"", True), (b" \r\n\t", True), (b"\xef\xbb\xbf\n", True), (codecs.BOM_UTF16_LE + "\n ".encode("utf-16-le"), True),
     (b"% why", False), (codecs.BOM_UTF16_LE + "x".encode("utf-16-le"), False)],
)  # fmt: skip
def test_what_is_nothing(data: bytes, nothing: bool) -> None:
    assert blank(data) == nothing


def test_what_would_change_a_neighbour_is_refused() -> None:
    data = b"@a{a, t = {1}}\n\n@b{x, t = {2}}, u = {3}}\n\n@a{c, t = {1}}\n"
    with pytest.raises(Refused, match="neighbours"):
        remove_entry(data, find(data, "x"))
    with pytest.raises(Refused, match="changed"):
        remove_entry(b"\n" + data, find(data, "a"))


JUNK = st.sampled_from(
    ["", "\n", "\n\n", "\r\n", " ", "% note\n", "words\n", '@string{s = "x"}\n', "@comment{c}\n", '@preamble{"p"}', ", ",
     "@a{open, t = {1\n", "@a{, t = {1}}\n", "}\n", "{\n", "\xe9\n", "@", "@a{esc, t = {\\{}}\n", "a@b.org {x}\n"]
)  # fmt: skip
RAW = st.text(st.sampled_from('ab 1é"\\#,=@%\n-'), max_size=8)
FIELDS = st.dictionaries(st.sampled_from(["title", "year", "note", "ids", "crossref"]), RAW, max_size=3)
PIECES = st.lists(st.tuples(JUNK, FIELDS), min_size=1, max_size=5)


def file_of(pieces: list[tuple[str, dict[str, str]]], codec: str, mark: bytes) -> bytes:
    text = "".join(f"{junk}{write_entry(f'k{at}', 'misc', fields)}" for at, (junk, fields) in enumerate(pieces))
    return mark + text.encode(codec, "replace")


@settings(max_examples=400)
@given(PIECES, st.sampled_from([*CODECS, ("latin-1", b"")]), st.integers(0, 9), st.integers(1, 3))
def test_all_other_entries_read_the_same(
    pieces: list[tuple[str, dict[str, str]]], kind: tuple[str, bytes], which: int, count: int
) -> None:
    data = file_of(pieces, *kind)
    found = read(data, "a.bib")
    if not found.sources:
        return
    gone = {(which + at) % len(found.sources) for at in range(count)}
    try:
        edits = remove_entries(data, [found.sources[at] for at in gone])
    except Refused:
        return
    assert all(not edit.new for edit in edits)
    after = read(done(data, *edits), "a.bib")
    stay = [one for at, one in enumerate(found.sources) if at not in gone]
    assert [(one.key, one.type, one.fields) for one in after.sources] == [
        (one.key, one.type, one.fields) for one in stay
    ]
    entries = [data[one.location.start : one.location.end] for one in stay]
    new = done(data, *edits)
    assert [new[one.location.start : one.location.end] for one in after.sources] == entries


@settings(max_examples=300)
@given(
    PIECES,
    st.sampled_from([*CODECS, ("latin-1", b"")]),
    st.integers(0, 9),
    st.dictionaries(
        st.sampled_from(["title", "ids", "url"]), st.none() | st.sampled_from(["x", "a, b", "é"]), max_size=3
    ),
    st.sampled_from(["", "new", "n:1", "müller"]),
    st.sampled_from(["", "book", "inproceedings", "a b", "string", "comment"]),
)
def test_an_entry_changed_in_several_fields(
    pieces: list[tuple[str, dict[str, str]]],
    kind: tuple[str, bytes],
    which: int,
    fields: dict[str, str | None],
    key: str,
    type: str,
) -> None:
    data = file_of(pieces, *kind)
    found = read(data, "a.bib")
    if not found.sources:
        return
    source = found.sources[which % len(found.sources)]
    try:
        edit = change_entry(data, source, fields, key, type)
    except Refused:
        return
    after = read(data if edit is None else done(data, edit), "a.bib").sources
    if edit is not None:
        assert source.location.start <= edit.start <= edit.end <= source.location.end
    wanted = {name: raw for name, raw in {**source.fields, **fields}.items() if raw is not None}
    for old, new in zip(found.sources, after, strict=True):
        assert new.key == ((key or old.key) if old is source else old.key)
        assert new.fields == (wanted if old is source else old.fields)
        assert new.type == ((type or old.type) if old is source else old.type)


def test_an_entry_within_a_line_keeps_the_field_it_is_known_by() -> None:
    data = b'@preamble{"p"}@misc{x, ids = {y}}\n'
    with pytest.raises(Refused, match="not be read any more"):
        change_entry(data, find(data, "x"), {"ids": None})
    assert done(data, *[one for one in [change_entry(data, find(data, "x"), {"ids": "z"})] if one]) == data.replace(
        b"y", b"z"
    )


def test_nothing_to_change_is_no_edit() -> None:
    data = b"@a{a, t = {1}}\n"
    assert change_entry(data, find(data, "a"), {"t": "1", "u": None}, "a") is None


@pytest.mark.parametrize(
    ("raw", "keys", "expected"),
    [
        ("a", {"a": "z"}, "z"),
        ("ab", {"a": "z"}, "ab"),
        (" a , b", {"a": "z"}, " z , b"),
        ("a, b, c", {"a": "z", "c": "z"}, "z, b"),
        ("a,b", {"a": ""}, "b"),
        ("a, z", {"a": "z"}, "z"),
        ("z, a", {"a": "z"}, "z"),
        ("", {"a": "z"}, ""),
    ],
)
def test_lists_of_keys(raw: str, keys: dict[str, str], expected: str) -> None:
    assert repointed(raw, keys) == expected


def test_which_fields_name_a_key() -> None:
    data = "@a{a, crossref = {k}, related = {x, k}, ids = {k}, note = {k}, xdata = {kk}}".encode("utf-16")
    source = find(data, "a")
    assert referring(source, ["k"]) == ("crossref", "related")
    assert referring(source, ["k"], ("ids",)) == ("ids",)
    assert members(" a, b,,c ") == ("a", "b", "c")
    assert mentions(data, ["kk"])
    assert not mentions(data, ["kkk"])
    assert mentions("@a{müller, t = {1}}".encode("cp1252"), ["müller"])


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("a\udc80b", "a\ufffdb"),
        ("a{b", "a\\textbraceleft b"),
        ("a{b {c} d}} e", "a{b {c} d}\\textbraceright  e"),
    ],
)
def test_what_braces_cannot_hold_is_written_otherwise(raw: str, written: str) -> None:
    assert write_entry("k", "book", {"title": raw}) == f"@book{{k,\n  title = {{{written}}},\n}}\n"


CRLF = b"@book{k,\r\n  title = {A},\r\n  note = {B},\r\n  year = {2001}\r\n}\r\n"
ESCAPED = b"@book{k,\n  title = {A \\} b},\n  year = {2001},\n}\n"
WESTERN = b"@book{k,\n  title = {A},\n  note = {caf\xe9 \x81},\n}\n"
WITHIN = b"@book{k, title = {A}, year = 2001}"
ALIGNED = b"@book{k,\n  title   = {A},\n  year    = {B},\n}\n"
TABS = b"@book{k,\n\ttitle = {A},\t\n\tyear = {B} ,\n}\n"


@pytest.mark.parametrize(
    ("data", "name", "raw", "after"),
    [
        (CRLF, "note", None, CRLF.replace(b"  note = {B},\r\n", b"")),
        (CRLF, "year", None, CRLF.replace(b"  year = {2001}\r\n", b"")),
        (CRLF, "doi", "1", CRLF.replace(b"{2001}\r\n", b"{2001},\r\n  doi = {1}\r\n")),
        (b"@book{k,\r title = {A}\r}\r", "doi", "1", b"@book{k,\r title = {A},\r doi = {1}\r}\r"),
        (ESCAPED, "year", "2002", ESCAPED.replace(b"2001", b"2002")),
        (WESTERN, "title", "B", WESTERN.replace(b"{A}", b"{B}")),
        (WESTERN, "title", "\u00fc", WESTERN.replace(b"{A}", b"{\xfc}")),
        (WITHIN, "note", "n", b"@book{k, title = {A}, year = 2001, note = {n}}"),
        (WITHIN, "title", None, b"@book{k,  year = 2001}"),
        (ALIGNED, "doi", "1", ALIGNED.replace(b"{B},\n", b"{B},\n  doi     = {1},\n")),
        (ALIGNED, "publisher", "1", ALIGNED.replace(b"{B},\n", b"{B},\n  publisher = {1},\n")),
        (TABS, "title", None, b"@book{k,\n\tyear = {B} ,\n}\n"),
        (TABS, "doi", "1", TABS.replace(b"{B} ,\n", b"{B} ,\n\tdoi = {1},\n")),
    ],
)
def test_a_field_is_set_or_taken_out_as_the_entry_is_written(
    data: bytes, name: str, raw: str | None, after: bytes
) -> None:
    assert done(data, set_field(data, read(data, "a.bib").sources[0], name, raw)) == after


def test_an_entry_without_accents_is_written_as_the_file_is() -> None:
    data = b"@book{a,\n  title = {M\xfcller},\n}\n@book{b,\n  title = {X},\n}\n"
    second = read(data, "a.bib").sources[1]
    assert done(data, set_field(data, second, "title", "M\u00fcnchen")) == data.replace(b"{X}", b"{M\xfcnchen}")
    assert done(data, set_field(data, second, "title", "\u0142")) == data.replace(b"{X}", b"{\xc5\x82}")


@pytest.mark.parametrize(
    ("title", "start", "old", "new"), [("abXd", 22, b"c", b"X"), ("abcdd", 24, b"", b"d"), ("Xbcd", 20, b"a", b"X")]
)
def test_a_change_is_no_wider_than_what_differs(title: str, start: int, old: bytes, new: bytes) -> None:
    data = b"@book{k,\n  title = {abcd},\n  year = {2001},\n}\n"
    edit = change_entry(data, read(data, "a.bib").sources[0], {"title": title})
    assert edit == Edit("a.bib", start, start + len(old), old, new)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32"])
def test_the_strings_of_an_entry_come_along_in_utf_8(codec: str) -> None:
    text = (
        '@string{pub = "P" # place}\n@string{place = "\u00dc"}\n@string{other = "x"}\n@book{k,\n  publisher = pub,\n}\n'
    )
    data = text.encode(codec)
    found = strings_used(data, read(data, "a.bib").sources[0]).decode()
    assert found == '@string{pub = "P" # place}\n@string{place = "\u00dc"}\n'


def test_a_string_whose_name_is_no_text_is_in_nobodys_way() -> None:
    data = b'@string{caf\xe9 = "x"}\n@string{pub = "P"}\n@book{k,\n  publisher = pub,\n  title = {T}}\n'
    assert strings_used(data, read(data, "a.bib").sources[0]) == b'@string{pub = "P"}\n'
