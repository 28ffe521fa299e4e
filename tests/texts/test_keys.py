from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import OTHERS, Person
from libreview.texts.keys import citation_key, excerpt_id, file_name, suffix


@pytest.mark.parametrize(
    ("people", "year", "title", "key"),
    [
        ([Person("Cremer", "Rolf")], "2001", "International Sister-Cities", "cremer2001international"),
        ([Person("Müller")], "2001-05", "Die Städte", "muller2001stadte"),
        ([Person("Berg", particle="van der")], "", "The Role", "bergrole"),
        ([], "2014", "Undang-Undang tentang Desa", "undang2014"),
        ([Person(literal="Badan Pusat Statistik")], "2019", "Kota dalam Angka", "badan2019kota"),
        ([Person("毛")], "1999", "论", "source1999"),
        ([OTHERS], "", "", "source"),
    ],
)
def test_keys(people: list[Person], year: str, title: str, key: str) -> None:
    assert citation_key(people, year, title, ()) == key


def test_a_key_that_is_taken_gets_a_letter() -> None:
    taken = {"A2001B", "a2001ba"}
    assert citation_key([Person("A")], "2001", "B", taken) == "a2001bb"
    many = {"a2001b"} | {f"a2001b{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert citation_key([Person("A")], "2001", "B", many) == "a2001ba1"


@pytest.mark.parametrize("key", ["smith2001", "Smith_2001-a", "cremer2001international"])
def test_a_harmless_key_is_its_file_name(key: str) -> None:
    assert file_name(key) == key


@given(st.text(min_size=1, max_size=200))
def test_file_names_are_safe_everywhere(key: str) -> None:
    name = file_name(key)
    assert name.isascii()
    assert 0 < len(name) <= 120
    assert not set(name) & set('<>:"/\\|?*. ')
    assert name.lower() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}
    assert not name.startswith("-")


def test_hostile_keys_do_not_meet() -> None:
    keys = ["../a", "..\\a", "a/", "con", "CON", "mu\u0308ller", "müller", "a:b", "a?b"]
    assert len({file_name(key) for key in keys}) == len(keys)


def test_ids_of_excerpts() -> None:
    random = Random(1)  # noqa: S311
    seen: set[str] = set()
    for _ in range(2000):
        new = excerpt_id(seen, random)
        assert len(new) == 6
        assert not new.isdigit()
        assert not set(new) & set("ilou")
        seen.add(new)
    assert len(seen) == 2000


def test_suffixes_go_on_after_z() -> None:
    assert [suffix(n) for n in (0, 1, 2, 26, 27, 52, 53)] == ["", "a", "b", "z", "a1", "z1", "a2"]
    assert len({suffix(n) for n in range(2_000)}) == 2_000
