"""Blocks: runs of text, and a report that is made only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from libreview.words.blocks import Block, Cell, Paragraph, Report, Run, plain, text


def test_text_takes_words_and_runs_and_drops_what_is_empty() -> None:
    strong = Run("b", ("strong",))
    assert text("a", "", strong, "") == (Run("a"), strong)
    assert text() == ()


@pytest.mark.parametrize(
    ("cell", "words"),
    [("a", "a"), (3, "3"), (0, "0"), ((), ""), ((Run("a "), Run("b", ("emphasis",), "https://x.example")), "a b")],
)
def test_plain(cell: Cell, words: str) -> None:
    assert plain(cell) == words


def test_a_report_makes_nothing_that_nobody_asks_for() -> None:
    asked: list[str] = []

    def blocks() -> Iterator[Block]:
        asked.append("blocks")
        yield Paragraph(text("a"))

    def data() -> object:
        asked.append("data")
        return {}

    report = Report(blocks, data)
    assert asked == []
    assert report.rows() == ([], ())
    assert report.data() == {}
    assert asked == ["data"]
    assert list(report.blocks()) == [Paragraph((Run("a"),))]
