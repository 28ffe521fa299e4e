"""Changes to the codebook touch what was asked, keep every other byte, and are read back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import Edit, Theme
from libreview.texts import codebook
from libreview.value import replace
from libreview.words.errors import Refused

PATH = "notes/codebook.toml"
WHOLE = b"""\
# The themes of the study

[sme]
label = "UMKM"

# below sme,
# since May
[sme-promotion]
label      = { en = "SME promotion" }   # both?
parent     = "sme"
definition = \"\"\"
Not sme-empowerment,
[of small firms] but #sme.\"\"\"
exclude    = 'Credit: sme-empowerment.'
aliases    = [
  "promosi-umkm",  # first
]

[broken]
label = "x
parent = "sme"

[sme-empowerment] # caf\xc3\xa9
parent="sme"
"""


def done(data: bytes, edits: Sequence[Edit]) -> bytes:
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


def themes(data: bytes) -> dict[str, Theme]:
    return dict(codebook.read(data, PATH)[0].themes)


def changed(data: bytes, theme: str, /, **fields: object) -> bytes:
    return done(data, codebook.rewrite(data, PATH, {theme: replace(themes(data)[theme], **fields)}))


@pytest.mark.parametrize(
    ("id", "fields", "before", "after"),
    [
        ("sme", {"id": "firms"}, b"[sme]\n", b"[firms]\n"),
        ("sme-empowerment", {"id": "müde"}, b"[sme-empowerment] # c", '["müde"] # c'.encode()),
        ("broken", {"id": "mended"}, b"[broken]", b"[mended]"),
        ("sme-promotion", {"parent": "broken"}, b'parent     = "sme"\ndef', b'parent     = "broken"\ndef'),
        ("sme-promotion", {"parent": ""}, b'parent     = "sme"\ndef', b"def"),
        ("sme-empowerment", {"parent": ""}, b'\nparent="sme"\n', b"\n"),
        ("sme", {"parent": "broken"}, b'"UMKM"\n', b'"UMKM"\nparent = "broken"\n'),
        (
            "sme",
            {"definition": "It.", "aliases": ("s",)},
            b'"UMKM"\n',
            b'"UMKM"\ndefinition = "It."\naliases = ["s"]\n',
        ),
        ("sme-promotion", {"include": "All."}, b'but #sme."""\n', b'but #sme."""\ninclude    = "All."\n'),
        (
            "sme-promotion",
            {"aliases": ("promosi-umkm", "promo")},
            b'"promosi-umkm",  # first',
            b'"promosi-umkm", "promo",  # first',
        ),
        (
            "sme-promotion",
            {"aliases": ("promo",)},
            b'[\n  "promosi-umkm",  # first\n]',
            b'["promo"]',
        ),
        ("sme-promotion", {"label": {"id": "P"}}, b'{ en = "SME promotion" }   # both', b'{ id = "P" }   # both'),
        ("broken", {"parent": "sme-promotion"}, b'\nparent = "sme"\n\n[sme-e', b'\nparent = "sme-promotion"\n\n[sme-e'),
        ("broken", {"aliases": ("b",)}, b"[broken]\n", b'[broken]\naliases = ["b"]\n'),
        ("sme-promotion", {"examples": ("k3f9q2",)}, b"erment.'\n", b'erment.\'\nexamples   = ["k3f9q2"]\n'),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_one_theme_is_changed(id: str, fields: dict[str, object], before: bytes, after: bytes, end: bytes) -> None:
    data = b"\xef\xbb\xbf" + WHOLE.replace(b"\n", end)
    assert WHOLE.count(before) == 1
    assert changed(data, id, **fields) == data.replace(before.replace(b"\n", end), after.replace(b"\n", end))


def test_a_table_without_a_last_line_end_grows() -> None:
    assert changed(b"[a]", "a", parent="b", colour="teal") == b'[a]\nparent = "b"\ncolour = "teal"'
    assert changed(b'[a]\r\n  label = "x"', "a", aliases=("b",)) == b'[a]\r\n  label = "x"\r\naliases = ["b"]'


def test_other_spellings_and_dotted_keys() -> None:
    assert changed(b'[a]\nalias = "x"\n', "a", aliases=("x", "y")) == b'[a]\nalias = ["x", "y"]\n'
    assert changed(b"[a]\naliases = []\n", "a", aliases=("x",)) == b'[a]\naliases = ["x"]\n'
    data = b'[a]\nlabel.en = "x"\nparent = "c"\nlabel.id = "y"\n'
    assert changed(data, "a", label={"de": "z"}) == b'[a]\nlabel = { de = "z" }\nparent = "c"\n'
    assert changed(data, "a", label={}) == b'[a]\nparent = "c"\n'
    assert changed(b'[a]\nparent = "b"\nparent = "c"\n', "a", parent="d") == b'[a]\nparent = "d"\nparent = "c"\n'


@pytest.mark.parametrize(
    ("ids", "after"),
    [
        (["sme"], WHOLE.replace(b'[sme]\nlabel = "UMKM"\n\n', b"")),
        (["broken"], WHOLE.replace(b'[broken]\nlabel = "x\nparent = "sme"\n\n', b"")),
        (["sme-empowerment"], WHOLE[: WHOLE.index(b"\n[sme-empowerment]")]),
        (["broken", "sme-empowerment"], WHOLE[: WHOLE.index(b"\n[broken]")]),
        (["sme-promotion"], WHOLE[: WHOLE.index(b"# below")] + WHOLE[WHOLE.index(b"[broken]") :]),
        (["sme", "sme-promotion", "broken", "sme-empowerment"], b"# The themes of the study\n"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_tables_are_taken_out_with_the_comment_above_them(ids: list[str], after: bytes, end: bytes) -> None:
    data = WHOLE.replace(b"\n", end)
    assert done(data, codebook.rewrite(data, PATH, dict.fromkeys(ids))) == after.replace(b"\n", end)


def test_the_comment_that_begins_the_file_stays() -> None:
    data = b"# Themes\n[a]\n[b]\n"
    assert done(data, codebook.rewrite(data, PATH, {"a": None})) == b"# Themes\n[b]\n"


def test_mentions_follow() -> None:
    names = {"sme-empowerment": "empowerment", "sme": "firms"}
    old = themes(WHOLE)["sme-promotion"]
    words = {field: codebook.mentioned(getattr(old, field), names) for field in ("definition", "exclude")}
    after = WHOLE.replace(b"Not sme-empowerment", b"Not empowerment").replace(b"#sme.", b"#firms.")
    after = after.replace(b"Credit: sme-empowerment", b"Credit: empowerment")
    assert done(WHOLE, codebook.rewrite(WHOLE, PATH, {old.id: replace(old, **words)}, names)) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("trade of goods", "trade of goods"),
        ("see #trade.", "see #commerce."),
        ("see #trade-fair, trade-fair", "see #fair, fair"),
        ("a#trade-fair big-trade-fair trade-fairs x/trade-fair", "a#fair big-trade-fair trade-fairs x/trade-fair"),
    ],
)
def test_what_mentions_a_theme(text: str, after: str) -> None:
    assert codebook.mentioned(text, {"trade": "commerce", "trade-fair": "fair"}) == after


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"[a]\n", {"b": None}),
        (b"[a]\n[b]\n[a]\n", {"a": None}),
        (b"[a]\n[b]\n", {"a": Theme("b")}),
        (b"[a]\n[b]\n", {"a": Theme("a", aliases=("b",))}),
        (b"[a]\n", {"a": Theme("none")}),
        (b"[a]\n", {"a": Theme("a", colour="no colour")}),
        (b'[a]\nlabel = """x\n', {"a": Theme("a", label={"": "x"})}),
    ],
)
def test_what_would_be_read_otherwise_is_refused(data: bytes, wanted: dict[str, Theme | None]) -> None:
    if wanted.get("a") == Theme("a", label={"": "x"}):
        assert themes(done(data, codebook.rewrite(data, PATH, wanted)))["a"].label == {"": "x"}
        return
    with pytest.raises(Refused):
        codebook.rewrite(data, PATH, wanted)


# Whatever stands there ------------------------------------------------------------------------------------------------

_TABLES = st.sampled_from(
    [
        b"# remark\n",
        b"\n",
        b'[one]\nlabel = "One"\n',
        b'["zw\xc3\xb6lf"]\nlabel   = { en = "Twelve", id = "Dua belas" }\nparent  = "one" # here\naliases = ["x", \'y\']\n',
        b'[two]\nparent = "one"\ndefinition = """\nLong [words]\n# no remark "" in\n#one"""\n\n',
        b"[bad]\nlabel = \"x\nparent = 'one'\n",
        b"[worse]\nlabel = '''x\n",
        b"[a.b]\n[c\n",
        b"[latin]\nlabel = 'caf\xe9'\ninclude = 'two-three'\n",
        b'[three]\nalias = "drei"\nlabel.en = "Three"\n',
    ]
)
_NEW = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["new-id", "neü"]),
        "label": st.sampled_from([{}, {"": "L"}, {"en": 'q"', "id": "\\"}]),
        "parent": st.sampled_from(["", "one", "elsewhere"]),
        "definition": st.sampled_from(["", "It.", "two\nlines", '\'"""\'']),
        "exclude": st.sampled_from(["", "#one"]),
        "examples": st.sampled_from([(), ("k3f9q2",)]),
        "colour": st.sampled_from(["", "teal"]),
        "aliases": st.sampled_from([(), ("x",), ("x", "y", "z/z"), ("drei", "vier")]),
    },
)


@settings(max_examples=600, deadline=None)
@given(st.lists(_TABLES, max_size=7).map(b"".join), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.data())
def test_any_codebook_is_changed_as_asked_or_not_at_all(data: bytes, end: bytes, asked: st.DataObject) -> None:
    data = asked.draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + data.replace(b"\n", end)
    before = themes(data)
    chosen = asked.draw(st.lists(st.sampled_from(sorted(before)), max_size=2, unique=True)) if before else []
    wanted: dict[str, Theme | None] = {}
    for id in chosen:
        fields = asked.draw(st.none() | _NEW)
        wanted[id] = None if fields is None else replace(before[id], **fields)
    try:
        edits = codebook.rewrite(data, PATH, wanted)
    except Refused:
        return
    whole = done(data, edits)
    expected = [theme for theme in (wanted.get(id, old) for id, old in before.items()) if theme is not None]
    found = list(themes(whole).values())
    assert [replace(theme, location=other.location) for theme, other in zip(found, expected, strict=True)] == expected
    touched = [before[id].location for id in wanted]
    for id, theme in before.items():  # the bytes of a theme that was not named are there as they were
        if id not in wanted:
            raw = data[theme.location.start : theme.location.end]
            assert raw in whole or any(place.start < theme.location.end <= place.end for place in touched)
    if not any(theme is None for theme in wanted.values()):
        for line in data.splitlines():
            if line.strip().startswith(b"# remark"):
                assert line in whole.splitlines()


def without(data: bytes, *ids: str) -> bytes:
    return done(data, codebook.rewrite(data, PATH, dict.fromkeys(ids)))


OTHER = b'[b]\nlabel = "B"\n'


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (OTHER + b'#\n# of sme\n[sme]\nlabel = "x"\n', OTHER),
        ((OTHER + b'#\n# of sme\n[sme]\nlabel = "x"\n').replace(b"\n", b"\r\n"), OTHER.replace(b"\n", b"\r\n")),
        (b'\n# of sme\n[sme]\nlabel = "x"\n' + OTHER, b"\n" + OTHER),
        (b'# of all\n[sme]\nlabel = "x"\n' + OTHER, b"# of all\n" + OTHER),
        (b'\xef\xbb\xbf# of all\n[sme]\nlabel = "x"\n' + OTHER, b"\xef\xbb\xbf# of all\n" + OTHER),
        (b"\xef\xbb\xbf# of all\n# and more\n[sme]\n" + OTHER, b"\xef\xbb\xbf# of all\n# and more\n" + OTHER),
        (b'\n\n[sme]\nlabel = "x"\n', b""),
        (b'\xef\xbb\xbf\r\n\r\n[sme]\r\nlabel = "x"\r\n', b"\xef\xbb\xbf\r\n"),
        (b'# a  \r\r[sme]\rlabel = "x"\r', b"# a  \r"),
        (b'[b]\ndefinition = """\n# no remark"""\n[sme]\n', b'[b]\ndefinition = """\n# no remark"""\n'),
        (b'[sme]\n[b]\ndefinition = """\n# no remark"""\n', b'[b]\ndefinition = """\n# no remark"""\n'),
        (b"[sme]\n# of b\n[b]\n", b"# of b\n[b]\n"),
        (b'# a\n \t\n[sme]\nlabel = "x"\n', b"# a\n"),
        (OTHER + b'\n\t\n[sme]\nlabel = "x"', OTHER),
    ],
)
def test_a_table_goes_with_its_own_comment_and_the_blank_lines_at_the_end(data: bytes, after: bytes) -> None:
    assert without(data, "sme") == after


@pytest.mark.parametrize(
    ("data", "fields", "after"),
    [
        (b'[sme]\n"label" = "x"\n\'parent\'="b"\n', {"label": {"": "y"}, "parent": ""}, b'[sme]\n"label" = "y"\n'),
        (b"[sme]\n", {"definition": "D"}, b'[sme]\ndefinition = "D"\n'),
        (b"[sme]", {"definition": "D"}, b'[sme]\ndefinition = "D"'),
        (b"[sme]\r", {"definition": "D"}, b'[sme]\rdefinition = "D"\r'),
        (
            b'[sme]\nlabel.en = "A"\nparent     = "b"\nexclude    = "E"\n',
            {"definition": "D"},
            b'[sme]\nlabel.en = "A"\nparent     = "b"\ndefinition = "D"\nexclude    = "E"\n',
        ),
        (
            b'[sme]\nlabel.en = "A"\nparent     = "b"\nexclude    = "E"\n',
            {"include": "I"},
            b'[sme]\nlabel.en = "A"\nparent     = "b"\ninclude    = "I"\nexclude    = "E"\n',
        ),
        (
            b'[sme]\nlabel  = "A"\nparent = "b"\n',
            {"exclude": "E"},
            b'[sme]\nlabel  = "A"\nparent = "b"\nexclude = "E"\n',
        ),
        (
            b'[sme]\nlabel\t.en = "A"\n label .id = "C"\n',
            {"label": {"en": "Z"}},
            b'[sme]\nlabel = { en = "Z" }\n',
        ),
        (b'[sme]\naliases = [\n  "a",\n]\n', {"aliases": ("a", "c")}, b'[sme]\naliases = [\n  "a", "c",\n]\n'),
        (b'[sme]\naliases = ["a"]\n', {"aliases": ("a", "c", "d")}, b'[sme]\naliases = ["a", "c", "d"]\n'),
        (b'[sme]\naliases = ["a", "b"]\n', {"aliases": ("a",)}, b'[sme]\naliases = ["a"]\n'),
        (
            b'[sme]\nlabel   = "A"\nparent = "b"\n',
            {"colour": "teal"},
            b'[sme]\nlabel   = "A"\nparent = "b"\ncolour = "teal"\n',
        ),
        (
            b'[sme]\nlabel          = "A"\n',
            {"colour": "teal"},
            b'[sme]\nlabel          = "A"\ncolour         = "teal"\n',
        ),
        (
            b'[sme]\ndefinition = "A"\n',
            {"colour": "teal"},
            b'[sme]\ndefinition = "A"\ncolour = "teal"\n',
        ),
        (b'[sme]\naliases = ["a"]\n', {"aliases": ("c",)}, b'[sme]\naliases = ["c"]\n'),
        (b'[sme]\naliases = ["a"]\n', {"aliases": ()}, b"[sme]\n"),
        (b'[sme] # caf\xe9\nlabel = "x"\n', {"id": "umkm"}, b'[umkm] # caf\xe9\nlabel = "x"\n'),
    ],
)
def test_fields_are_written_as_the_table_is(data: bytes, fields: dict[str, object], after: bytes) -> None:
    data += b"" if data.endswith((b"[sme]", b"\r")) else OTHER
    after += b"" if not data.endswith(OTHER) else OTHER
    assert changed(data, "sme", **fields) == after


def test_a_new_line_ends_as_its_header_does_else_as_the_file_does() -> None:
    crlf = OTHER.replace(b"\n", b"\r\n")
    assert changed(crlf + b"[sme]\n", "sme", definition="D") == crlf + b'[sme]\ndefinition = "D"\n'
    assert changed(crlf + b"[sme]", "sme", definition="D") == crlf + b'[sme]\r\ndefinition = "D"'


def test_a_mention_is_changed_in_bytes_that_are_no_text() -> None:
    data = b'[sme]\ndefinition = "caf\xe9 sme, #sme"\n'
    theme = themes(data)["sme"]
    new = replace(theme, definition=codebook.mentioned(theme.definition, {"sme": "umkm"}))
    after = done(data, codebook.rewrite(data, PATH, {"sme": new}, {"sme": "umkm"}))
    assert after == b'[sme]\ndefinition = "caf\xe9 sme, #umkm"\n'


@pytest.mark.parametrize(
    ("written", "after"),
    [
        (b"'of #sme \"x\"'", b"'of #umkm \"x\"'"),
        (b'"""\n  two\n#sme"""', b'"""\n  two\n#umkm"""'),
        (b'"\\u0023sme"', b'"#umkm"'),  # no mention stands in the bytes
        (b'"\\t#sme caf\\u00e9"', b'"\\t#umkm caf\\u00e9"'),
        (b'"of\\n#sme and \\u0023sme"', b'"of\\n#umkm and #umkm"'),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_mention_is_changed_where_it_is_written_else_the_whole_text(written: bytes, after: bytes, end: bytes) -> None:
    data = (b"[sme]\ndefinition = " + written + b" # a remark, #sme\n").replace(b"\n", end)
    theme = themes(data)["sme"]
    new = replace(theme, definition=codebook.mentioned(theme.definition, {"sme": "umkm"}))
    found = done(data, codebook.rewrite(data, PATH, {"sme": new}, {"sme": "umkm"}))
    assert found == (b"[sme]\ndefinition = " + after + b" # a remark, #sme\n").replace(b"\n", end)


def test_a_text_that_is_changed_otherwise_is_written_anew() -> None:
    data = b"[sme]\ndefinition = '#sme'\nparent = 'sme-fair'\n"
    new = replace(themes(data)["sme"], definition="About #umkm", parent="fair")
    names = {"sme": "umkm", "sme-fair": "fair"}
    after = b"[sme]\ndefinition = \"About #umkm\"\nparent = 'fair'\n"
    assert done(data, codebook.rewrite(data, PATH, {"sme": new}, names)) == after


def test_a_theme_that_is_not_there_any_more_is_refused() -> None:
    with pytest.raises(Refused, match="changed on disk"):
        codebook.rewrite(OTHER, PATH, {"sme": None})
