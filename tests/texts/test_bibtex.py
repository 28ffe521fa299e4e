from __future__ import annotations

import logging
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import OTHERS, Person, Source
from libreview.texts.formats.bibtex import Reading, read, set_field, set_key, strings_used, write_entry
from libreview.words.errors import PROBLEMS, Refused

OK = "@article{ok,\n  title = {fine}\n}\n"


def reading(text: str) -> Reading:
    return read(text.encode(), "sources/a.bib")


def codes(found: Reading) -> list[tuple[str, int]]:
    return [(problem.code, problem.location.line) for problem in found.problems]


def keys(found: Reading) -> list[str]:
    return [source.key for source in found.sources]


def apply(data: bytes, source: Source, name: str, raw: str | None) -> bytes:
    edit = set_field(data, source, name, raw)
    assert data[edit.start : edit.end] == edit.old
    return data[: edit.start] + edit.new + data[edit.end :]


def test_an_entry() -> None:
    text = '% head\n@Article{Cremer2001,\n  Author = {Cremer, Rolf D. and others},\n  TITLE = "A {B} \\& c",\n  year = 2001\n}\n'
    source = reading(text).sources[0]
    assert (source.key, source.type) == ("Cremer2001", "article")
    assert source.fields == {"author": "Cremer, Rolf D. and others", "title": "A {B} \\& c", "year": "2001"}
    assert source.plain["title"] == "A B & c"
    assert source.people["author"] == (Person("Cremer", "Rolf D."), OTHERS)
    assert (source.location.line, text[source.location.start : source.location.end]) == (2, text[7:-1])


TRAPS: list[tuple[str, str, dict[str, str], list[tuple[str, int]]]] = [
    ("repeated field", "@a{k,\n t = {1},\n T = {2},\n n = {3}\n}", {"t": "1", "n": "3"}, [("field-repeated", 3)]),
    ("backslash before a brace", "@a{k,\n file = {C:\\dir\\},\n n = {3}\n}", {"file": "C:\\dir\\", "n": "3"}, []),
    ("parts joined", '@a{k, t = "a" # { b} # 3 # jan}', {"t": "a b3January"}, []),
    ("a string", '@string{x = "X" # y}\n@string(y = {Y})\n@a{k, t = X # { } # y}', {"t": "Xy Y"}, [("string-unknown", 1)]),
    ("percent line", "@a{k,\n % old = {1},\n t = {50% of},\n %\n n = 3 % why\n}", {"t": "50% of", "n": "3"}, []),
    ("comma missing", "@a{k,\n t = {a}\n y = {2020}\n}", {"t": "a", "y": "2020"}, [("comma-missing", 3)]),
    ("at sign in a text", "@a{k,\n t = {b\n@foo{x}\n @article{z, y = {}}\n}}", {"t": "b\n@foo{x}\n @article{z, y = {}}\n"}, []),
    ("at sign in quotes", '@a{k,\n t = "b\n@foo{x} c"}', {"t": "b\n@foo{x} c"}, []),
    ("parentheses", '@a(k, t = {p (q) ok}, n = "a ) b")', {"t": "p (q) ok", "n": "a ) b"}, []),
    ("braces in quotes", '@a{k, t = "{"}{"}"}', {"t": '{"}{"}'}, []),
    ("bare address", "@a{k, url = https://x.y/a?b=1#c author = {A}}", {"url": "https://x.y/a?b=1#c", "author": "A"},
     [("comma-missing", 1), ("value-bare", 1)]),
    ("bare pages", "@a{k, pages = 1--2, n = {3}}", {"pages": "1--2", "n": "3"}, [("value-bare", 1)]),
    ("unknown macro", "@a{k,\n j = foo}", {"j": "foo"}, [("string-unknown", 2)]),
    ("no field", "@a{k,\n what is this,\n n = {3}}", {"n": "3"}, [("field-unreadable", 2)]),
    ("no value", "@a{k, t = , n = {3}}", {"n": "3"}, [("value-missing", 1)]),
    ("quote open", '@a{k,\n t = "abc,\n n = {3}\n}', {"t": "abc", "n": "3"}, [("quote-open", 2)]),
    ("lone escaped brace", "@a{k, t = {a \\{ b}, n = {3}}", {"t": "a \\{ b", "n": "3"}, [("brace-escaped", 1)]),
    ("lone escaped closing brace", "@a{k, t = {a \\} b},\n n = {3}}", {"t": "a \\} b", "n": "3"}, [("brace-escaped", 1)]),
    ("key on its own line", "@a{k\n, t = {x}}", {"t": "x"}, []),
    ("trailing comma", "@a{k, t = {x},,}", {"t": "x"}, []),
    ("key alone", "@a{k}", {}, [("entry-without-fields", 1)]),
    ("carriage returns", "@a{k,\r t = {x},\r t = {y}\r}", {"t": "x"}, [("field-repeated", 3)]),
    ("many values", "@a{k," + ",".join(f"f{n} = {{{n}}}" for n in range(300)) + "}", {f"f{n}": str(n) for n in range(300)}, []),
    ("deep braces", "@a{k, t = " + "{" * 3000 + "}" * 3000 + "}", {"t": "{" * 2999 + "}" * 2999}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields", "problems"), [row[1:] for row in TRAPS], ids=[row[0] for row in TRAPS])
def test_traps(text: str, fields: dict[str, str], problems: list[tuple[str, int]]) -> None:
    found = reading(text + "\n" + OK)
    assert keys(found) == ["k", "ok"]
    assert found.sources[0].fields == fields
    assert sorted(codes(found)) == problems


BLOCKS: list[tuple[str, list[str], list[tuple[str, int]]]] = [
    ("me@home (work) and\n@home (work) we go\n", ["ok"], []),
    ("@article{a,\n title = {open,\n year = {2020}\n}\n", ["ok"], [("entry-open", 1)]),
    ("@article{a,\n title = {open\n\n@book{b, t = {x}}\n", ["b", "ok"], [("entry-open", 1)]),
    ("@article{a,\n title = {x}\n\n", ["ok"], [("entry-open", 1)]),
    ('@article{a,\n title = "x\n\n', ["ok"], [("entry-open", 1)]),
    ("@article(a, title = {x},\n\n", ["ok"], [("entry-open", 1)]),
    ("@article{a,\n title = {x}},\n year = {2020}\n}\n", ["a", "ok"], [("entry-closed-early", 1)]),
    ("@article{, t = {x}}\n@article{t = {x}}\n@a{}\n", ["ok"], [("entry-without-key", n) for n in (1, 2, 3)]),
    ("@{x, t = {y}}\n", ["ok"], [("entry-without-type", 1)]),
    ("@a{b c, t = {y}}\n", ["b c", "ok"], [("key-unusual", 1)]),
    ("text @article{x, t = {y}}\n", ["ok"], [("entry-in-text", 1)]),
    ("@a{x, t = {y}} @a{y, t = {y}}@a(z, t = {y})\n", ["x", "y", "z", "ok"], []),
    ('@comment{a {b} \n@article{c, t = {d}}\n}\n@preamble{"x {y}"}\nfree {text}\n', ["ok"], []),
    ("@comment{open {\n", ["ok"], [("entry-open", 1)]),
    ("@a{x, t = {1}}\n@a{x, t = {2}}\n@a{X, t = {3}}\n", ["x", "x", "X", "ok"], [("duplicate-key", 2), ("key-case", 3)]),
    ("@string{x}\n", ["ok"], [("field-unreadable", 1)]),
    ("@" * 1000 + "\n" + " @" * 1000 + "\n", ["ok"], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found", "problems"), BLOCKS)
def test_every_block_is_an_entry_or_a_problem(text: str, found: list[str], problems: list[tuple[str, int]]) -> None:
    read = reading(text + OK)
    assert keys(read) == found
    assert codes(read) == problems


def test_every_problem_has_its_sentence() -> None:
    for text in (*(row[1] for row in TRAPS), *(row[0] for row in BLOCKS)):
        for problem in reading(text).problems:
            kind = PROBLEMS[problem.code]
            facts = {"subject": problem.subject, **problem.facts}
            assert kind.sentence.format(**facts)
            assert kind.hint.format(**facts)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        for row in TRAPS:
            reading(row[1])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_encodings(codec: str) -> None:
    text = "@a{k, t = {café 𝄞}}\r\n\r\n@a{größe, t = {ü}, n = {1}}\n"
    data = text.encode(codec)
    found = read(data, "a.bib")
    assert [source.fields["t"] for source in found.sources] == ["café 𝄞", "ü"]
    assert (keys(found), [source.location.line for source in found.sources]) == (["k", "größe"], [1, 3])
    place = found.sources[1].location
    inner = codec if codec == "utf-8" else codec.removesuffix("-sig")
    inner = inner + "-le" if inner in ("utf-16", "utf-32") else inner
    assert data[place.start : place.end].decode(inner) == "@a{größe, t = {ü}, n = {1}}"
    assert apply(data, found.sources[1], "t", "ł") == text.replace("{ü}", "{ł}").encode(codec)


def test_western_european_bytes_are_read_and_reported() -> None:
    data = b"@a{k, t = {caf\xe9}}\n@a{l, t = {\xc3\xa9}}\n@a{m, t = {x\x81\xe9}}\n"
    found = read(data, "a.bib")
    assert [source.plain["t"] for source in found.sources] == ["café", "é", "x\x81é"]
    assert codes(found) == [("not-utf-8", 1), ("not-utf-8", 3)]
    assert apply(data, found.sources[0], "n", "ü") == data.replace(b"\xe9}}\n@a{l", b"\xe9}, n = {\xfc}}\n@a{l")
    with pytest.raises(Refused, match="cp1252"):
        set_field(data, found.sources[0], "n", "毛")


def test_a_bomb_of_strings_stays_small() -> None:
    bomb = '@string{a0 = "xxxxxxxxxx"}\n' + "".join(
        f"@string{{a{n} = {' # '.join([f'a{n - 1}'] * 10)}}}\n" for n in range(1, 15)
    )
    found = reading(bomb + "@a{k, t = a14, n = " + " # ".join(["a3"] * 2000) + "}\n")
    assert sum(map(len, found.sources[0].fields.values())) < 50_000
    assert {code for code, _ in codes(found)} == {"string-too-long"}


def test_strings_that_an_entry_uses() -> None:
    data = b'@string{a = "A"}\n@STRING(b = a # "B")\n@string{c = "C"}\n@x{k, t = "z" # B}\n@x{l, t = {b}}\n'
    first, second = read(data, "a.bib").sources
    assert first.fields["t"] == "zAB"
    assert strings_used(data, first) == b'@string{a = "A"}\n@STRING(b = a # "B")\n'
    assert strings_used(data, second) == b""
    assert strings_used(data, second, first) == strings_used(data, first)


def test_fields_are_inherited() -> None:
    found = reading(
        "@inbook{c, title = {Chapter}, crossref = {b}, xdata = {x, none}}\n"
        "@book{b, title = {Book}, author = {Doe, Jane}, editor = {Roe, R.}, date = {2001}, crossref = {mv}}\n"
        "@mvbook{mv, title = {Main}, publisher = {P}}\n@xdata{x, location = {Bandung}, title = {Other}}\n"
        "@a{d, t = {x}, crossref = {e}}\n@a{e, t = {x}, crossref = {d}}\n"
    )
    chapter = found.sources[0]
    assert chapter.fields == {"title": "Chapter", "crossref": "b", "xdata": "x, none"}
    assert {name: chapter.plain[name] for name in ("title", "booktitle", "maintitle", "publisher", "location")} == {
        "title": "Chapter", "booktitle": "Book", "maintitle": "Main", "publisher": "P", "location": "Bandung",
    }  # fmt: skip
    assert chapter.year == "2001"
    assert chapter.people["editor"] == (Person("Roe", "R."),)
    assert codes(found) == [("parent-unknown", 1), ("parent-circle", 6)]


def test_known_entries_are_taken_over() -> None:
    text = '@string{s = "S"}\n@a{one, t = {1}}\n@a{two, t = s}\n@a{three, t = {3}, crossref = {one}}\n@a{odd, t = {1}, t = {2}}\n'
    first = reading(text)
    known = {chunk.digest: source for chunk, source in zip(first.chunks, first.sources, strict=True)}
    again = read(("\n\n" + text).encode(), "sources/a.bib", known)
    assert [new.fields is old.fields for new, old in zip(again.sources, first.sources, strict=True)] == [True] * 3 + [
        False
    ]
    assert [new.location.line - old.location.line for new, old in zip(again.sources, first.sources, strict=True)] == [
        2
    ] * 4
    assert [code for code, _ in codes(again)] == ["field-repeated"]

    changed = read(text.replace('"S"', '"T"').replace("{one, t = {1}}", "{one, t = {1}, n = {9}}").encode(), "x", known)
    assert [source.plain.get("t") for source in changed.sources] == ["1", "T", "3", "1"]
    assert changed.sources[2].plain["n"] == "9"


RAW = st.lists(
    st.sampled_from([*'a \n{}"\\,=#%é\x02()~', "\r\n", "{x}", "\\{", "@b{", "\n@article{z,\n y = {"])
    | st.characters(codec="utf-8"), max_size=12,
).map("".join)  # fmt: skip
NAMES = st.sampled_from(["title", "author", "note", "abstract", "date-added", "url", "x_y", "year"])


def whole(raw: str) -> str:
    """Return ``raw`` with its braces balanced, as `write_entry` may expect it."""
    depth = 0
    for letter in raw:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return raw.replace("{", "").replace("}", "")
    return raw + "}" * depth


@given(st.dictionaries(NAMES, RAW.map(whole), max_size=5))
def test_what_is_written_is_read_back(fields: dict[str, str]) -> None:
    found = reading(write_entry("key:1", "Article", fields) + "\n" + OK)
    assert keys(found) == ["key:1", "ok"]
    assert found.sources[0].fields == fields
    assert not found.problems or not fields


@given(RAW)
def test_braces_without_partner_are_written_as_commands(raw: str) -> None:
    found = reading(write_entry("k", "misc", {"note": raw}) + OK)
    assert keys(found) == ["k", "ok"]


HEADS = st.sampled_from([b"", b"\xef\xbb\xbf", b"caf\xe9 text\r\n", b"@comment{x}\n", b"@article{broken,\n t = {\n\n"])
ENTRIES = st.lists(
    st.tuples(st.dictionaries(NAMES, RAW.map(whole), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"])),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=300)
@given(HEADS, ENTRIES, NAMES, st.none() | RAW.map(whole), st.integers(0, 2))
def test_an_edit_touches_its_field_only(
    head: bytes, entries: list[tuple[dict[str, str], str]], name: str, raw: str | None, which: int
) -> None:
    texts = [
        write_entry(f"k{at}", "misc", fields).replace("\n  ", f"{end}  ") for at, (fields, end) in enumerate(entries)
    ]
    data = head + "\n".join(texts).encode()
    found = read(data, "a.bib")
    source = found.sources[which % len(found.sources)]
    if raw is None and name not in source.fields:
        with pytest.raises(Refused):
            set_field(data, source, name, raw)
        return
    edit = set_field(data, source, name, raw)
    assert source.location.start < edit.start <= edit.end < source.location.end
    after = read(data[: edit.start] + edit.new + data[edit.end :], "a.bib")
    expected = dict(source.fields)
    expected.pop(name, None)
    if raw is not None:
        expected[name] = raw
    for old, new in zip(found.sources, after.sources, strict=True):
        assert new.key == old.key
        assert new.fields == (expected if old is source else old.fields)


EDITS = [
    ("@a{k,\n  t = {1},\n  n = {2}\n}", "t", "X", "@a{k,\n  t = {X},\n  n = {2}\n}"),
    ("@a{k,\n  t = {1},\n  n = {2}\n}", "new", "X", "@a{k,\n  t = {1},\n  n = {2},\n  new = {X}\n}"),
    ("@a{k,\n  t = {1},\n  n = {2},\n}", "new", "X", "@a{k,\n  t = {1},\n  n = {2},\n  new = {X},\n}"),
    ("@a{k,\r\n\tt={1}\r\n}", "new", "X", "@a{k,\r\n\tt={1},\r\n\tnew={X}\r\n}"),
    ("@a{k,\n  title      = {1},\n}", "new", "X", "@a{k,\n  title      = {1},\n  new        = {X},\n}"),
    ("@a{k, t = {1}}", "new", "X", "@a{k, t = {1}, new = {X}}"),
    ("@a{k}", "new", "X", "@a{k,\n  new = {X}\n}"),
    ("@a{k,\n  t = {1},\n  n = {2}\n}", "t", None, "@a{k,\n  n = {2}\n}"),
    ("@a{k,\n  t = {1},\n  n = {2}\n}", "n", None, "@a{k,\n  t = {1},\n}"),
    ("@a{k, t = {1}, n = {2}}", "t", None, "@a{k,  n = {2}}"),
    ('@a{k, t = "a" # b # {c}, n = {2}}', "t", "X", "@a{k, t = {X}, n = {2}}"),
    ("@a(k, t = {1})", "n", "X", "@a(k, t = {1}, n = {X})"),
    ("@a{k,\n % t = {0},\n t = {1} % why\n}", "t", "X", "@a{k,\n % t = {0},\n t = {X} % why\n}"),
    ("@a{k, t = , n = {2}}", "t", "X", "@a{k, t =  {X}, n = {2}}"),
]


@pytest.mark.parametrize(("text", "name", "raw", "expected"), EDITS)
def test_edits(text: str, name: str, raw: str | None, expected: str) -> None:
    data = ("é\n" + text + "\n" + OK).encode()
    source = read(data, "a.bib").sources[0]
    assert apply(data, source, name, raw).decode() == "é\n" + expected + "\n" + OK


def test_refused_edits() -> None:
    data = b"@a{k, t = {1}}\n"
    source = read(data, "a.bib").sources[0]
    with pytest.raises(Refused, match="no field"):
        set_field(data, source, "n", None)
    with pytest.raises(Refused, match="balance"):
        set_field(data, source, "n", "}{")
    with pytest.raises(Refused, match="name of a field"):
        set_field(data, source, "a b", "x")
    with pytest.raises(Refused, match="changed"):
        set_field(b" " + data, source, "t", "x")
    with pytest.raises(Refused, match="changed"):
        set_field(data.replace(b"k", b"l"), source, "t", "x")
    for key in ("a b", "a,b", "", "{"):
        with pytest.raises(Refused):
            set_key(data, source, key)
        with pytest.raises(Refused):
            write_entry(key, "misc", {})
    with pytest.raises(Refused):
        write_entry("k", "a b", {})
    edit = set_key(data, source, "new")
    assert data[: edit.start] + edit.new + data[edit.end :] == b"@a{new, t = {1}}\n"


@given(st.binary(max_size=300) | RAW.map(str.encode))
def test_any_bytes_can_be_read(data: bytes) -> None:
    found = read(data, "a.bib")
    assert len(found.sources) == len(found.chunks)
    places = [(chunk.start, chunk.end) for chunk in found.chunks]
    assert places == sorted(places)


@given(
    st.lists(
        st.sampled_from(["@a{k", ",", "t = ", "{", "}", "x", "\n", '"', "@a(k,", ")", "#", "%", "\\", "@string{x = "])
    )
)
def test_any_blocks_can_be_read(pieces: list[str]) -> None:
    found = reading("".join(pieces) + "\n\n" + OK)
    text = "".join(pieces)
    assert "ok" in keys(found) or text.count("{") != text.count("}") or "@" in text


EVIL = [
    "@a{\n" * 20000, "@a{{\n" * 20000, "@a{k,x={\n" * 10000, "@a(k,x={\n" * 10000, "@" * 50000, "@a" + " " * 50000,
    "@a{k, t = {" + " " * 200000 + "}}", "@a{k, t = " + '"{"}' * 20000 + "}", "@a{k" + ", x" * 20000 + "}",
    "@a{k, t = " + "a # " * 20000 + "b}", "@a{k,\n" + "%\n" * 20000 + "}", "x @a{k, t = {" * 5000,
    "@comment{\n" * 10000, "@a{k," + "".join(f"t{n} = {{x}} " for n in range(5000)) + "}",
    "@a{k0, crossref = {k1}}\n" + "".join(f"@a{{k{n}, crossref = {{k{n + 1}}}}}\n" for n in range(1, 3000)),
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL, ids=[str(at) for at in range(len(EVIL))])
def test_hostile_files_come_to_an_end(evil: str) -> None:
    found = reading(evil + "\n" + OK)
    assert "ok" in keys(found)


def test_a_thousand_generated_entries_in_and_out() -> None:
    corpus = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "corpus.py"))
    found = read(corpus["make_bib"](1000, 7).encode(), "a.bib")
    assert (len(found.sources), found.problems) == (1000, ())
    written = "".join(write_entry(source.key, source.type, source.fields) for source in found.sources)
    again = read(written.encode(), "b.bib")
    assert [source.fields for source in again.sources] == [source.fields for source in found.sources]
    assert [source.people for source in again.sources] == [source.people for source in found.sources]


def test_only_the_fields_door_knows_bibtexparser() -> None:
    room = Path(read.__code__.co_filename).parent
    assert [path.name for path in sorted(room.glob("*.py")) if "import Splitter" in path.read_text("utf-8")] == [
        "entry.py"
    ]
