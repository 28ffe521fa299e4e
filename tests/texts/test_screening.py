"""Screening decisions: what is read from a file, what is written into one, and that the rest of it stays."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.disk.index import watching
from libreview.model import Create, Decision, Delete, Edit, Location, Verdict
from libreview.texts import screening
from libreview.value import replace
from libreview.words.errors import Refused

PATH = screening.PATH


def read(text: str | bytes) -> tuple[list[tuple[str, ...]], list[tuple[str, int, str]]]:
    """Return the decisions as texts, and code, line and subject of the problems."""
    decisions, problems = screening.read(text.encode() if isinstance(text, str) else text, PATH)
    rows: list[tuple[str, ...]] = [
        (one.source, one.verdict, one.reason, one.coder, one.date, one.stage) for one in decisions
    ]
    return rows, [(one.code, one.location.line, one.subject) for one in problems]


def after(data: bytes, edits: list[Edit | Delete]) -> bytes | None:
    for edit in reversed(edits):
        if isinstance(edit, Delete):
            return None
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


A = '[[decision]]\nsource = "a"\nverdict = "include"\n'
B = '[[decision]]\nsource = "b"\nverdict = "exclude"\nreason = "old"\n'
ROW_A, ROW_B = ("a", "include", "", "", "", ""), ("b", "exclude", "old", "", "", "")

READ = [
    ("", [], []),
    ("\ufeff# a comment\n\n" + A, [ROW_A], []),
    (A + "\n" + B + A, [ROW_A, ROW_B, ROW_A], []),
    (A.replace("\n", "\r\n") + B.replace("\n", "\r\n"), [ROW_A, ROW_B], []),
    (A + "date = 2026-11-24\n", [("a", "include", "", "", "2026-11-24", "")], []),
    (A + 'date = "2026-11-24"\n', [("a", "include", "", "", "2026-11-24", "")], []),
    (A + "date = 2026-11-24T10:00:00Z # noon\n", [("a", "include", "", "", "2026-11-24T10:00:00+00:00", "")], []),
    (A + 'coder = "Nadia"\nstage = "full-text"\n', [("a", "include", "", "Nadia", "", "full-text")], []),
    (A + "reason = '''two\nlines'''\n" + B, [("a", "include", "two\nlines", "", "", ""), ROW_B], []),
    (
        '[[ "decision" ]] # first\nsource="@a" # a key\nverdict=\'Exclude\'\n',
        [("a", "exclude", "", "", "", "")],
        [],
    ),
    # one broken table loses only itself
    (
        '[[decision]]\nsource = "a"\nverdict = "include"\nreason = broken\n' + B,
        [ROW_A, ROW_B],
        [("screening-table", 4, "")],
    ),
    ("[[decision]]\nsource = a\n" + B, [ROW_B], [("screening-table", 2, "")]),
    ('[[decision]]\nsource = "a"\nverdict = "maybe"\n' + B, [ROW_B], [("screening-value", 3, "verdict")]),
    ('[[decision]]\nsource = "a"\n' + B, [ROW_B], [("screening-incomplete", 1, "verdict")]),
    ('[[decision]]\nsource = ""\nverdict = "include"\n', [], [("screening-incomplete", 1, "source")]),
    ("[[decision]]\n" + B, [ROW_B], [("screening-incomplete", 1, "source")]),
    ('[[decision]]\nsource = ["a"]\nverdict = "include"\n', [], [("screening-value", 2, "source")]),
    (A + "date = 2026-13-24\n" + B, [ROW_A, ROW_B], [("screening-table", 4, "")]),
    (A + 'date = "soon"\n', [ROW_A], [("screening-value", 4, "date")]),
    (A + "stars = 5\n", [ROW_A], [("screening-field", 4, "stars")]),
    ("x = 1\ny = 2\n" + A, [ROW_A], [("screening-outside", 1, "x")]),
    ("[decision]\nsource = 1\n" + A, [ROW_A], [("screening-outside", 1, "[decision]")]),
    ("[[include]]\n" + A, [ROW_A], [("screening-outside", 1, "[[include]]")]),
    (A + 'reason = """never closed\n' + B, [ROW_A, ROW_B], [("screening-table", 4, "")]),
    (
        "<<<<<<< HEAD\n" + A + "=======\n" + B + ">>>>>>> other\n",
        [ROW_A, ROW_B],
        [("screening-outside", 1, "<<<<<<< HEAD"), ("screening-table", 5, ""), ("screening-table", 10, "")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows", "problems"), READ)
def test_what_is_read(text: str, rows: list[tuple[str, ...]], problems: list[tuple[str, int, str]]) -> None:
    assert read(text) == (rows, problems)


def test_what_is_no_utf_8_is_read_as_far_as_it_goes() -> None:
    assert read(A.encode() + b'reason = "caf\xe9"\n' + B.encode()) == (
        [("a", "include", "caf\ufffd", "", "", ""), ROW_B], [("screening-encoding", 4, "")],
    )  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    [
        "[[decision]]\nsource = " + "[" * 100_000 + "\n",
        "[[decision]]\n" + ".".join("a" * 50_000) + " = 1\n",
        "[[decision]]\n" + 'reason = "' + "x" * 300_000 + '"\n',
        "[[decision]]\nreason = '''" + "x\n" * 100_000,
        "[[" + "decision" * 50_000 + "]]\n",
        "[[decision]]\n" * 30_000,
        '"""\n' * 50_000,
    ],
    ids=["deep", "dotted", "long", "open", "header", "empty", "quotes"],
)
def test_hostile_files_are_problems(hostile: str) -> None:
    decisions, problems = screening.read((A + B + hostile + "\n" + A).encode(), PATH)
    assert decisions[0].source == "a"
    assert problems


def test_the_index_watches_the_file_that_is_written() -> None:
    assert watching.SCREENING == PATH


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(str.strip)
KEYS = st.sampled_from(["a", "b", "c", 'a"b', "a\\b", "käse", "[[decision]]"])
VERDICT: st.SearchStrategy[Verdict] = st.sampled_from(screening.VERDICTS)
DECISIONS = st.builds(
    Decision,
    source=KEYS,
    verdict=VERDICT,
    reason=TEXTS,
    coder=TEXTS,
    date=st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat())),
    stage=st.sampled_from(["", "title", "full-text"]),
)
FILES = st.lists(
    st.one_of(
        DECISIONS.map(screening.write_decision),
        st.sampled_from(
            [A, B, "# a remark\n", "\n", "[[decision]]\nsource = broken\n", "[other]\nx = 1\n", "stray = 1\n"]
        ),
    ),
    max_size=6,
).map("".join)
BEGINNINGS = st.sampled_from(["", "\ufeff", "# Screening of 2026\n\n"])


def bare(decisions: tuple[Decision, ...] | list[Decision]) -> list[Decision]:
    return [replace(one, location=Location("")) for one in decisions]


@given(decisions=st.lists(DECISIONS, min_size=1, max_size=5))
def test_what_is_written_is_read_back_and_is_toml(decisions: list[Decision]) -> None:
    made = screening.append(None, decisions)
    assert isinstance(made, Create)
    assert bare(screening.read(made.content, PATH)[0]) == decisions
    tables = tomllib.loads(made.content.decode())["decision"]
    assert [one["source"] for one in tables] == [one.source for one in decisions]


@given(begin=BEGINNINGS, text=FILES, decisions=st.lists(DECISIONS, min_size=1, max_size=3), crlf=st.booleans())
def test_decisions_are_put_at_the_end(begin: str, text: str, decisions: list[Decision], crlf: bool) -> None:
    data = (begin + text).encode()
    data = data.replace(b"\n", b"\r\n") if crlf else data
    edit = screening.append(data, decisions)
    assert isinstance(edit, Edit)
    assert (edit.start, edit.end, edit.old) == (len(data), len(data), b"")
    before, problems = screening.read(data, PATH)
    now, more = screening.read(data + edit.new, PATH)
    assert bare(now) == [*bare(before), *decisions]
    assert [one.code for one in more] == [one.code for one in problems]


@given(begin=BEGINNINGS, text=FILES)
def test_decisions_follow_a_key(begin: str, text: str) -> None:
    data = (begin + text).encode()
    before, _ = screening.read(data, PATH)
    keys = {"a": 'new "key"', "b": "c"}
    edits = screening.repoint(data, keys)
    now = after(data, list(edits))
    assert now is not None
    assert bare(screening.read(now, PATH)[0]) == [
        replace(one, source=keys.get(one.source, one.source)) for one in bare(before)
    ]
    assert all(edit.new in (b'"new \\"key\\""', b'"c"') for edit in edits)
    assert screening.repoint(data, {"nobody": "x"}) == []


@given(begin=BEGINNINGS, text=FILES)
def test_decisions_are_taken_out(begin: str, text: str) -> None:
    data = (begin + text).encode()
    before, _ = screening.read(data, PATH)
    now = after(data, screening.take_out(data, {"a", "c"}))
    left = [one for one in bare(before) if one.source not in ("a", "c")]
    assert bare(screening.read(now or b"", PATH)[0]) == left
    if now is None:
        assert not left


CHANGES = [
    ("# mine\n" + A + "\n# about b\n" + B, {"b": "new"}, "# mine\n" + A + "\n# about b\n" + B.replace('"b"', '"new"')),
    (
        "[[decision]]\nsource='b' # it\nverdict='include'\n",
        {"b": "c"},
        "[[decision]]\nsource=\"c\" # it\nverdict='include'\n",
    ),
    (B.replace("\n", "\r\n"), {"b": "c"}, B.replace('"b"', '"c"').replace("\n", "\r\n")),
]


@pytest.mark.parametrize(("text", "keys", "expected"), CHANGES)
def test_only_the_key_is_written(text: str, keys: dict[str, str], expected: str) -> None:
    assert after(text.encode(), list(screening.repoint(text.encode(), keys))) == expected.encode()


REMOVALS = [
    (A, {"a"}, None),
    (A + "\n" + B, {"a"}, B),
    (A + "\n" + B, {"b"}, A),
    ("# mine\n\n" + A + "\n# about b\n" + B + "\n" + A, {"b"}, "# mine\n\n" + A + "\n" + A),
    ("# mine\n\n" + A, {"a"}, "# mine\n"),
    ("[[decision]]\nsource = broken\n\n" + A, {"a"}, "[[decision]]\nsource = broken\n"),
]


@pytest.mark.parametrize(("text", "keys", "expected"), REMOVALS)
def test_a_table_goes_with_its_comment(text: str, keys: set[str], expected: str | None) -> None:
    found = after(text.encode(), screening.take_out(text.encode(), keys))
    assert found == (None if expected is None else expected.encode())


@pytest.mark.parametrize("before", [None, A.encode()])
def test_what_would_not_be_read_back_is_refused(before: bytes | None) -> None:
    with pytest.raises(Refused, match="would be read differently"):
        screening.append(before, [Decision("c", "exclude", "x" * 20_000)])


def test_half_characters_are_refused() -> None:
    with pytest.raises(Refused, match="broken character"):
        screening.append(None, [Decision("a", "exclude", "\udce9")])
