"""Questions: what an answer means, in the languages that people answer in."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from libreview.cli import asking
from libreview.words.i18n import language


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        ("y", True),
        ("Yes", True),
        ("ya", True),
        ("Ja", True),
        ("n", False),
        ("No", False),
        ("tidak", False),
        ("T", False),
        ("", None),
        ("  ", None),
        ("maybe", None),
        ("1", None),
    ],
)
def test_meant(answer: str, means: bool | None) -> None:
    assert asking.meant(answer) is means


@pytest.mark.parametrize(
    ("code", "default", "typed", "answer", "asked"),
    [
        ("en", False, "\n", False, ["Open it? [y/N] "]),
        ("en", True, "\n", True, ["Open it? [Y/n] "]),
        ("id", False, "apa\ntidak\n", False, ["Open it? [y/T] ", "Open it? [y/T] "]),
        ("id", True, "ya\n", True, ["Open it? [Y/t] "]),
    ],
)
def test_confirm(code: str, default: bool, typed: str, answer: bool, asked: list[str]) -> None:
    given: list[bool] = []

    @click.command()
    def command() -> None:
        given.append(asking.confirm(language(code), "Open it?", default=default))

    result = CliRunner().invoke(command, input=typed)
    assert given == [answer]
    assert [result.stderr.count(question) for question in asked] == [len(asked)] * len(asked)
