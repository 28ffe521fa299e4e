"""Errors and the table of problems."""

from __future__ import annotations

import re
import string

import pytest

from libreview.words.errors import PROBLEMS, RECORDS, Locked, NotFound, Refused, ReviewError, Wrong, kind


@pytest.mark.parametrize(("error", "status"), [(ReviewError, 1), (NotFound, 1), (Refused, 1), (Wrong, 2), (Locked, 75)])
def test_status(error: type[ReviewError], status: int) -> None:
    one = error("Nothing here")
    assert isinstance(one, ReviewError)
    assert one.status == status


def test_an_error_in_words() -> None:
    error = NotFound('There is no source "{key}"', "libreview list", ("anna2019",), key="ana{2019")
    assert str(error) == 'There is no source "ana{2019"'
    assert (error.hint, error.near, error.facts) == ("libreview list", ("anna2019",), {"key": "ana{2019"})
    assert str(Refused("A {brace} stays")) == "A {brace} stays"


@pytest.mark.parametrize("code", sorted(PROBLEMS | RECORDS))
def test_a_problem_says_what_is_wrong_and_what_to_do(code: str) -> None:
    kind = (PROBLEMS | RECORDS)[code]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    assert kind.sentence
    assert kind.hint
    assert not kind.sentence.endswith(".")
    for sentence in kind:
        for _, name, form, conversion in string.Formatter().parse(sentence):
            assert name is None or name.isidentifier()
            assert not form
            assert conversion is None


def test_no_code_is_in_both_tables() -> None:
    assert not PROBLEMS.keys() & RECORDS.keys()
    assert kind("record-empty") == RECORDS["record-empty"]
    assert kind("entry-open") == PROBLEMS["entry-open"]
    assert kind("no-such-code") is None
