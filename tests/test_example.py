"""The review at the root of the project, read back with the rooms that read reviews."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from libreview.model import Excerpt, Note, Source
from libreview.texts import codebook, notes
from libreview.texts.formats import bibtex

ROOT = Path(__file__).resolve().parent.parent


def _sources() -> Iterator[Source]:
    for path in sorted((ROOT / "sources").glob("*.bib")):
        reading = bibtex.read(path.read_bytes(), path.relative_to(ROOT).as_posix())
        assert reading.problems == ()
        yield from reading.sources


def _notes() -> Iterator[Note]:
    for path in sorted((ROOT / "notes").glob("*.md")):
        note, problems = notes.read(path.read_bytes(), path.relative_to(ROOT).as_posix())
        assert problems == ()
        yield note


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return {source.key: source for source in _sources()}


@pytest.fixture(scope="module")
def cards() -> tuple[Note, ...]:
    return tuple(_notes())


@pytest.fixture(scope="module")
def excerpts(cards: tuple[Note, ...]) -> tuple[Excerpt, ...]:
    return tuple(excerpt for card in cards for excerpt in card.excerpts)


def test_the_sources_say_how_far_they_were_checked(sources: dict[str, Source]) -> None:
    counted = Counter(source.plain["verification"] for source in sources.values())
    assert counted == {"confirmed": 44, "partial": 18, "unverified": 6}


def test_a_source_that_nobody_saw_has_no_pages_and_no_doi(sources: dict[str, Source]) -> None:
    for source in sources.values():
        if source.plain["verification"] == "unverified":
            assert not source.get("pages", "volume", "doi")


def test_every_card_belongs_to_a_source_and_has_an_annotation(
    sources: dict[str, Source], cards: tuple[Note, ...]
) -> None:
    assert len(cards) == 53
    for card in cards:
        assert card.path == f"notes/{card.source}.md"
        assert card.source in sources
        assert card.annotation


def test_quotations_and_paraphrases(sources: dict[str, Source], excerpts: tuple[Excerpt, ...]) -> None:
    assert Counter(excerpt.kind for excerpt in excerpts) == {"quotation": 79, "paraphrase": 51}
    assert {key for excerpt in excerpts for key in excerpt.keys} <= set(sources)
    assert len({excerpt.id for excerpt in excerpts}) == len(excerpts)


def test_excerpts_stand_in_canonical_form(excerpts: tuple[Excerpt, ...]) -> None:
    for excerpt in excerpts:
        start, end = excerpt.slices.block
        text = notes.plain(excerpt.text)
        assert excerpt.id is not None
        block = notes.write_excerpt(excerpt.kind, text, excerpt.citations, excerpt.themes, excerpt.id)
        assert block.strip() == (ROOT / excerpt.location.path).read_bytes()[start:end].decode().strip()


def test_themes_and_their_examples(excerpts: tuple[Excerpt, ...]) -> None:
    book, problems = codebook.read((ROOT / "notes/codebook.toml").read_bytes(), "notes/codebook.toml")
    assert problems == ()
    assert len(book.themes) == 18
    assert {theme for excerpt in excerpts for theme in excerpt.themes} <= set(book.themes)
    by_id = {excerpt.id: excerpt for excerpt in excerpts}
    for theme in book.themes.values():
        assert theme.parent == "" or theme.parent in book.themes
        for example in theme.examples:
            assert theme.id in by_id[example].themes


def test_comments_name_excerpts_that_exist(excerpts: tuple[Excerpt, ...]) -> None:
    ids = {excerpt.id for excerpt in excerpts}
    named = [name for excerpt in excerpts for name in re.findall(r"\^([0-9a-z]{6})", excerpt.comment)]
    assert len(named) == 9
    assert set(named) <= ids


def test_quotations_stand_in_the_attached_texts(sources: dict[str, Source], excerpts: tuple[Excerpt, ...]) -> None:
    texts = {
        key: " ".join((ROOT / "sources" / source.plain["file"]).read_text(encoding="utf-8").split())
        for key, source in sources.items()
        if "file" in source.plain
    }
    assert len(texts) == 3
    quoted = [excerpt for excerpt in excerpts if excerpt.kind == "quotation" and excerpt.keys[0] in texts]
    assert len(quoted) == 28
    for excerpt in quoted:
        assert " ".join(notes.plain(excerpt.text).split()) in texts[excerpt.keys[0]]
