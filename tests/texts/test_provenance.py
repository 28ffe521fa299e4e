"""The record of imports: read statement by statement, added to, and corrected in the slice of a value."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import Create, Edit
from libreview.texts import provenance
from libreview.texts.provenance import Import
from libreview.value import replace
from libreview.words.errors import Refused

ONE = b"""# exports of May
[[import]]
date = 2024-05-31   # without quotes it is a date
file = "scopus.ris"
raw = "sources/imported/scopus.ris"
database = 'Scopus'
search = '''
TITLE-ABS-KEY("sister cit*")
  AND [2000-2020]'''
records = 412
new = 398
already = 14
note = "what libreview does not know stays"

[[import]]
file = "wos.ciw"
new = 3
"""


def carried_out(data: bytes, edits: tuple[Edit, ...]) -> bytes:
    for edit in reversed(edits):
        assert data[edit.start : edit.end] == edit.old
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


def test_imports_are_read_as_people_write_them() -> None:
    (first, second), problems = provenance.read(ONE)
    assert problems == ()
    assert (first.date, first.database, first.records, first.new, first.number) == ("2024-05-31", "Scopus", 412, 398, 1)
    assert first.search == 'TITLE-ABS-KEY("sister cit*")\n  AND [2000-2020]'
    assert (second.file, second.new, second.number, second.location.line) == ("wos.ciw", 3, 2, 15)


@pytest.mark.parametrize(
    ("line", "code", "subject"),
    [
        ('database = "Scopus', "import-line", 'database = "Scopus'),
        ("database = Scopus and WoS", "import-line", "database = Scopus and WoS"),
        ("<<<<<<< HEAD", "import-line", "<<<<<<< HEAD"),
        ('search = """never closed', "import-line", 'search = """never closed'),
        ("new = many", "import-field", "new"),
        ("new = -1", "import-field", "new"),
        ("new = true", "import-field", "new"),
        ("new = 99999999999999999999999999999", "import-field", "new"),
        ('new = "3"', "import-field", "new"),
        ("database = 3", "import-field", "database"),
        ('database = "\\x"', "import-field", "database"),
        ('file = "again"', "import-field", "file"),
        ('raw = "/etc/passwd"', "import-field", "raw"),
        ('raw = "sources/imported/../../x"', "import-field", "raw"),
    ],
)
def test_a_broken_line_loses_itself_and_no_more(line: str, code: str, subject: str) -> None:
    data = f'[[import]]\nfile = "a.bib"\n{line}\nrecords = 5\n\n[[import]]\nfile = "b.bib"\n'.encode()
    (first, second), problems = provenance.read(data)
    assert [(one.code, one.subject, one.location.line) for one in problems] == [(code, subject, 3)]
    assert (first.file, first.records, second.file) == ("a.bib", 5, "b.bib")


def test_what_stands_before_all_imports_belongs_to_none() -> None:
    imports, problems = provenance.read(b'\xef\xbb\xbf# mine\n\nfile = "a"\nnew = 1\n[[import]]\nnew = 2\n')
    assert [one.new for one in imports] == [2]
    assert [(one.code, one.location.line) for one in problems] == [("import-outside", 3)]


@pytest.mark.parametrize(
    "data",
    [b"[[import]]\n" * 20_000, b"[[import]]\nx = " + b"[" * 100_000, b'[[import]]\ndatabase = """' + b'\\"' * 100_000,
     b"[[import]]\n" + b'database = """\n' * 20_001, b"\n" * 200_000, b"[" * 200_000, b"a." * 100_000 + b" = 1",
     b"[[import]]\nrecords = " + b"9" * 100_000],
    ids=range(8),
)  # fmt: skip
def test_hostile_files_take_no_time(data: bytes) -> None:
    provenance.read(data)


_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
_COUNT = st.integers(0, 999_999)
_RAW = st.sampled_from(["", "sources/imported/a b.ris"])
IMPORTS = st.builds(
    Import,
    date=st.sampled_from(["", "2024-05-31"]),
    **dict.fromkeys(("file", "into", "format", "columns", "database", "search"), _TEXT),
    **dict.fromkeys(("records", "new", "already", "changed", "unreadable"), _COUNT),
    **dict.fromkeys(("raw", "base"), _RAW),
    sha256=st.sampled_from(["", "ab" * 32]),
)
_BESIDE = st.sampled_from(
    [b"", b"# mine\n", b"\xef\xbb\xbf", ONE, ONE.replace(b"\n", b"\r\n"), ONE.rstrip(), b"broken\n", ONE + b"= 3"]
)


@settings(deadline=None)
@given(IMPORTS, IMPORTS, _BESIDE)
def test_what_is_added_is_read_again_and_is_toml(one: Import, other: Import, beside: bytes) -> None:
    added = provenance.append(beside or None, [one, other])
    assert isinstance(added, Edit if beside else Create)
    new = added.new if isinstance(added, Edit) else added.content
    before = provenance.read(beside)[0]
    found = provenance.read(beside + new)[0]
    assert [each.says for each in found] == [each.says for each in (*before, one, other)]
    tables: list[dict[str, Any]] = tomllib.loads(new.decode())["import"]
    assert [table.get("search", "") for table in tables] == [one.search, other.search]


@settings(deadline=None)
@given(IMPORTS, _TEXT, _TEXT, _BESIDE)
def test_a_correction_touches_only_the_slice_of_its_value(
    one: Import, database: str, search: str, beside: bytes
) -> None:
    added = provenance.append(beside or None, [one])
    data = beside + (added.new if isinstance(added, Edit) else added.content)
    number = len(provenance.read(data)[0])
    edits = provenance.change(data, number, {"database": database, "search": search})
    changed = carried_out(data, edits)
    last = provenance.read(changed)[0][-1]
    assert last.says == replace(one, database=database, search=search).says
    assert provenance.change(changed, number, {"database": database, "search": search}) == ()
    assert changed.startswith(beside)


def test_a_line_is_added_where_it_belongs() -> None:
    changed = carried_out(ONE, provenance.change(ONE, 2, {"database": "Web of Science", "search": "x"}))
    assert changed == ONE.replace(
        b'file = "wos.ciw"\n', b'file = "wos.ciw"\ndatabase = "Web of Science"\nsearch = "x"\n'
    )
    changed = carried_out(ONE, provenance.change(ONE, 1, {"search": 'a "b"'}))
    assert changed == ONE.replace(b"'''\nTITLE-ABS-KEY(\"sister cit*\")\n  AND [2000-2020]'''", b'"a \\"b\\""')


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Refused):
        provenance.append(None, [Import(search="\ud800")])
