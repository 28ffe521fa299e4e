"""The codebook: read table by table, written in one form."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import Create, Edit, Theme
from libreview.texts import codebook, toml
from libreview.words.errors import PROBLEMS, Refused

PATH = "notes/codebook.toml"
WHOLE = """\
# The themes of the study
[sme]
label = "UMKM"

# below sme
[sme-promotion]
label      = { en = "SME promotion", id = "Promosi UMKM" }
parent     = "sme"
definition = \"\"\"
Measures that bring products
[of small firms]
before buyers.\"\"\"
include    = "Fairs, exhibitions."   # and missions
exclude    = 'Credit.'
examples   = ["^k3f9q2"]
colour     = "#2A9D8F"
aliases    = ["promosi-umkm", "UMKM/promosi"]
"""


def themes(text: str) -> dict[str, Theme]:
    return dict(codebook.read(text.encode(), PATH)[0].themes)


def problems(text: str) -> list[tuple[str, int, str]]:
    found = codebook.read(text.encode(), PATH)[1]
    for problem in found:
        row = PROBLEMS[problem.code]
        (row.sentence + row.hint).format(subject=problem.subject, **problem.facts)
    return [(problem.code, problem.location.line, problem.subject) for problem in found]


def test_a_theme_with_all_its_fields() -> None:
    theme = themes(WHOLE)["sme-promotion"]
    assert theme.label == {"en": "SME promotion", "id": "Promosi UMKM"}
    assert theme.parent == "sme"
    assert theme.definition == "Measures that bring products\n[of small firms]\nbefore buyers."
    assert (theme.include, theme.exclude, theme.examples) == ("Fairs, exhibitions.", "Credit.", ("k3f9q2",))
    assert (theme.colour, theme.aliases) == ("#2a9d8f", ("promosi-umkm", "umkm/promosi"))
    assert problems(WHOLE) == []


def test_the_place_is_the_table_without_what_follows() -> None:
    data = b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()
    book, _ = codebook.read(data, PATH)
    assert book.path == PATH
    place = book.themes["sme"].location
    assert (place.path, place.line) == (PATH, 2)
    assert data[place.start : place.end] == b'[sme]\r\nlabel = "UMKM"\r\n'
    place = book.themes["sme-promotion"].location
    assert place.line == 6
    assert place.end == len(data)


@pytest.mark.parametrize(
    ("text", "ids", "wrong"),
    [
        ("", [], []),
        ("# nothing\n", [], []),
        ('[a]\nlabel = "x\n[b]\nlabel = "y"\n', ["a", "b"], [("codebook-table", 2, "a")]),
        ('[a]\nlabel = """x\n[b]\nlabel = "y"\n', ["a", "b"], [("codebook-table", 2, "a")]),
        ('[a]\nlabel = """x\n[b]\nlabel = """y"""\n', ["a", "b"], [("codebook-table", 2, "a")]),
        ('[a]\nx\nparent = "b"\n', ["a"], [("codebook-table", 2, "a")]),
        ('[a]\nparent = "b"\nparent = "c"\n', ["a"], [("codebook-table", 3, "a")]),
        ('[a]\n[b]\n[a]\nlabel = "late"\n', ["a", "b"], [("theme-twice", 3, "a")]),
        ("[müdigkeit]\n", ["müdigkeit"], [("theme-unquoted", 1, "müdigkeit")]),
        ('["müdigkeit"]\n', ["müdigkeit"], []),
        ("['bad id']\n[b]\n", ["b"], [("theme-id", 1, "bad id")]),
        ("[a.b]\n[c]\n", ["c"], [("theme-dotted", 1, "[a.b]")]),
        ("[[a]]\n[c]\n", ["c"], [("theme-dotted", 1, "[[a]]")]),
        ("[Trust]\n[trust]\n", ["trust"], [("theme-twice", 2, "trust")]),
        ("[none]\n[]\n[2020]\n", [], [("theme-id", 1, "none"), ("theme-id", 2, ""), ("theme-id", 3, "2020")]),
        ("x = 1\n[a]\n", ["a"], [("codebook-outside", 1, "x")]),
        ("[a]\nlable = 'x'\n", ["a"], [("theme-field", 2, "lable")]),
        ("[a]\nlabel = 3\nexamples = [1]\n", ["a"], [("theme-value", 2, "label"), ("theme-value", 3, "examples")]),
        ('[a]\ncolour = "red;background:url(x)"\n', ["a"], [("theme-colour", 2, "colour")]),
        ('[a]\ncolor = "Red"\n', ["a"], []),
        ('[a]\n[b]\naliases = ["a"]\n', ["a", "b"], [("alias-taken", 2, "a")]),
        ('[a]\naliases = ["c"]\n[b]\naliases = ["c"]\n', ["a", "b"], [("alias-taken", 3, "c")]),
        ('[a]\naliases = [\n  "x",\n  "y",\n]\nparent = "b"\n', ["a"], []),
        ('[a]\nlabel.en = "x"\n', ["a"], []),
        ("[a] # note\n", ["a"], []),
        ('[themes."<img src=x>"]\nlabel = "x"\n', [], [("theme-dotted", 1, '[themes."<img src=x>"]')]),
    ],
)
def test_one_broken_table_does_not_lose_the_others(
    text: str, ids: list[str], wrong: list[tuple[str, int, str]]
) -> None:
    assert list(themes(text)) == ids
    assert problems(text) == wrong


def test_of_a_broken_table_the_other_lines_are_read() -> None:
    theme = themes('[a]\nparent = "b"\nlabel = "x\ndefinition = "what it is"\n')["a"]
    assert (theme.parent, theme.label, theme.definition) == ("b", {}, "what it is")


def test_bytes_that_are_no_text_are_reported() -> None:
    book, found = codebook.read(b'[a]\nlabel = "x"\ndefinition = "caf\xe9"\n[b]\n', PATH)
    assert list(book.themes) == ["a", "b"]
    assert [(problem.code, problem.location.line) for problem in found] == [("codebook-encoding", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000,
        "[a]\nx = " + "[" * 5000,
        "[a]\n" + ".".join("a" * 40_000) + " = 1\n",
        "[a]\n" + '"a b".' * 2000 + "c = 1\n",
        "[" + " " * 100_000,
        "[a]\n" + "[" + " " * 300 + "\n" * 2000,
        ("[a" + "." * 300 + "\n") * 300,
        "[a]\nlabel = " + '"""' * 20_000,
        ('[a]\nlabel = """x\n' * 4000),
        "[a]\ndefinition = '" + "x" * 300_000 + "'\n",
    ],
)
def test_hostile_files_come_to_an_end(text: str) -> None:
    found, problems = codebook.read(text.encode(), PATH)
    assert problems or found.themes


@pytest.mark.parametrize(
    ("tag", "id"),
    [
        ("SME_Promotion", "sme_promotion"),
        ("-a-", "a"),
        ("Mu\u0308digkeit", "müdigkeit"),
        ("a\u200bb", "ab"),
        ("x/", "x"),
    ],
)
def test_tags_are_normalised(tag: str, id: str) -> None:
    assert codebook.theme_id(tag) == id


@pytest.mark.parametrize(
    ("id", "valid"),
    [
        ("sme-promotion", True),
        ("müdigkeit", True),
        ("कार्य", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("2020", False),
        ("none", False),
        ("", False),
        ("a_b", False),
        ("a/b", False),
        ("A", False),
        ("../x", False),
        ("%2e", False),
        ("a\x00b", False),
    ],
)
def test_ids(id: str, valid: bool) -> None:
    assert codebook.valid_id(id) is valid


_ids = st.from_regex(r"[a-zäß][a-z0-9ü]{0,8}", fullmatch=True).filter(codebook.valid_id)
_line = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20).map(str.strip)
_themes = st.builds(
    Theme,
    id=_ids,
    label=st.one_of(
        _line.map(lambda name: {"": name} if name else {}),
        st.dictionaries(st.sampled_from(["en", "id", "de"]), _line.filter(bool), min_size=1),
    ),
    parent=st.one_of(st.just(""), _ids),
    definition=_line,
    include=_line,
    exclude=_line,
    examples=st.lists(st.from_regex(r"[a-z0-9]{6}", fullmatch=True), max_size=3, unique=True).map(tuple),
    colour=st.sampled_from(["", "#2a9d8f", "teal"]),
    aliases=st.lists(_ids.map("{}/x".format), max_size=2, unique=True).map(tuple),
)


@given(st.lists(_themes, max_size=4, unique_by=lambda theme: theme.id), st.sampled_from([b"\n", b"\r\n"]))
def test_written_themes_are_read_again(several: list[Theme], end: bytes) -> None:
    data = "\n".join(codebook.write_theme(theme) for theme in several).encode().replace(b"\n", end)
    book, _ = codebook.read(data, PATH)
    assert [theme.id for theme in several] == list(book.themes)
    for theme in several:
        found = book.themes[theme.id]
        for name in ("label", "parent", "definition", "include", "exclude", "examples", "colour", "aliases"):
            assert getattr(found, name) == getattr(theme, name)


@given(_themes)
def test_a_theme_is_appended_to_any_end(theme: Theme) -> None:
    created = codebook.append(None, PATH, theme)
    assert isinstance(created, Create)
    for data in (
        b"",
        b"\xef\xbb\xbf",
        b"[zzzzzzzzzzzzz]",
        b'[zzzzzzzzzzzzz]\r\nlabel = "x"\r\n',
        b"# only a comment\n\n",
    ):
        edit = codebook.append(data, PATH, theme)
        assert isinstance(edit, Edit)
        assert (edit.start, edit.end, edit.old) == (len(data), len(data), b"")
        whole = data + edit.new
        assert list(codebook.read(whole, PATH)[0].themes)[-1] == theme.id
        assert b"\r\n" not in data or whole.count(b"\n") == whole.count(b"\r\n")


@pytest.mark.parametrize(("data", "id"), [(b"[a]\n", "a"), (b"", "none"), (b"", "a b"), (b"", "A")])
def test_a_theme_that_would_not_be_read_again_is_refused(data: bytes, id: str) -> None:
    with pytest.raises(Refused):
        codebook.append(data, PATH, Theme(id))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Refused):
        toml.string("\ud800")


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_any_text_becomes_a_toml_string(text: str) -> None:
    assert tomllib.loads(f"x = {toml.string(text)}")["x"] == text


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(['"""', "'", "[a]", "[", "]", "\n", "x = ", "#", ".", "{"])).map("".join).map(str.encode)
)
def test_any_bytes_are_read(data: bytes) -> None:
    book, found = codebook.read(data, PATH)
    assert all(map(codebook.valid_id, book.themes))
    assert all(problem.code in PROBLEMS and problem.location.line >= 1 for problem in found)
