"""Pandoc: items beside the references that come back. These tests start the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.disk import pandoc, styles
from libreview.words.blocks import Run, plain
from libreview.words.errors import NotFound, Refused

ITEMS: list[dict[str, object]] = [
    {
        "id": "zed@2004 ü{}",
        "type": "book",
        "title": 'Metode <i>penelitian</i> <b>&lt;</b> H<sub>2</sub>O "kata"',
        "author": [{"family": "Zed", "given": "Mestika"}, {"literal": "others"}],
        "issued": {"date-parts": [[2004]]},
        "URL": "https://a.b/c",
    },
    {
        "id": "law",
        "type": "book",
        "title": "Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri",
        "author": [{"literal": "Republik Indonesia"}],
        "publisher": "Lembaran Negara Tahun 1999 Nomor 156",
        "issued": {"date-parts": [[1999]]},
        "language": "id",
    },
]


@pytest.mark.parametrize(
    ("style", "first", "law"),
    [
        (
            "apa",
            "law",
            (
                "Republik Indonesia. (1999). Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri. "
                "Lembaran Negara Tahun 1999 Nomor 156."
            ),
        ),
        (
            "chicago",
            "law",
            (
                "Republik Indonesia. 1999. Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri. "
                "Lembaran Negara Tahun 1999 Nomor 156."
            ),
        ),
        (
            "ieee",
            "zed@2004 ü{}",
            (
                "[2] Republik Indonesia, Undang-Undang Nomor 37 Tahun 1999 tentang Hubungan Luar Negeri. "
                "Lembaran Negara Tahun 1999 Nomor 156, 1999."
            ),
        ),
    ],
)
def test_laws_sort_and_print_in_each_style(style: str, first: str, law: str) -> None:
    found = pandoc.references(ITEMS, styles.find(style).xml, "id-ID")
    assert next(iter(found)) == first
    assert plain(found["law"]) == law


def test_styles_of_runs_and_links_are_kept() -> None:
    found = pandoc.references(ITEMS, styles.find("apa").xml, "id-ID")["zed@2004 ü{}"]
    assert plain(found).startswith("Zed, M., dkk. (2004)") or plain(found).startswith("Zed, M. dkk. (2004)")
    assert any(run.text == "2" and "subscript" in run.styles for run in found)
    assert any("strong" in run.styles for run in found)
    assert Run("penelitian", ()) in found  # emphasis within the emphasis of a title stands upright
    assert found[-1].link == "https://a.b/c"
    assert "“kata”" in plain(found)


def test_results_are_kept_and_a_spoiled_one_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xml = styles.find("ieee").xml
    cache = tmp_path / "references"
    first = pandoc.references(ITEMS, xml, "id-ID", cache)
    (file,) = cache.glob("*.json")
    assert list(cache.iterdir()) == [file]
    monkeypatch.setattr(pandoc, "_run", lambda *_: pytest.fail("pandoc was started"))
    assert pandoc.references(ITEMS, xml, "id-ID", cache) == first
    monkeypatch.undo()
    file.write_text("[[", encoding="utf-8")
    assert pandoc.references(ITEMS, xml, "id-ID", cache) == first
    pandoc.references(ITEMS, xml, "en-US", cache)
    assert len(list(cache.glob("*.json"))) == 2


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert pandoc.references(ITEMS, styles.find("ieee").xml, "en-US", tmp_path / "file" / "below")


def test_nothing_and_the_same_key_twice() -> None:
    assert pandoc.references([], "", "en-US") == {}
    assert len(pandoc.references([ITEMS[1], ITEMS[1]], styles.find("ieee").xml, "en-US")) == 1


def test_a_broken_style_is_refused() -> None:
    with pytest.raises(Refused):
        pandoc.references(ITEMS, "<style", "en-US")


def test_convert() -> None:
    document = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {},
        "blocks": [{"t": "Para", "c": [{"t": "Str", "c": "hai"}]}],
    }
    assert pandoc.convert(document, "plain", standalone=False) == b"hai\n"
    assert pandoc.convert(document, "docx").startswith(b"PK")
    with pytest.raises(ValueError, match="lua"):
        pandoc.convert(document, "lua")
    with pytest.raises(NotFound):
        pandoc.convert(document, "docx", reference=Path("/nowhere/at/all.docx"))


def test_a_pandoc_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "_TIMEOUT", 0.0)
    monkeypatch.setattr(pandoc, "_PER_ITEM", 0.0)
    with pytest.raises(Refused):
        pandoc.references(ITEMS, styles.find("ieee").xml, "fr-FR")


@pytest.mark.parametrize(
    "title",
    [
        "Half \ud800 a sign",
        "<b>" * 30 + "x",
        "<b><i>x</b></i> " * 30,
        "<b>x</i> " * 60,
        "<b>'" * 99,
        "\x00",
        "\uffff",
        "“" * 200,
        "‘“" * 1900,
        "«" * 200,
        "„" * 200,
        "'\"" * 1900,
        "“‘" * 4 + "x",
    ],
    ids=ascii,
)
def test_no_title_keeps_the_others_from_being_printed(title: str) -> None:
    items = [{"id": "odd", "type": "book", "title": title}, {"id": "even", "type": "book", "title": "Pasar"}]
    found = pandoc.references(items, styles.find("apa").xml, "id-ID")
    assert set(found) == {"odd", "even"}
    assert "Pasar" in plain(found["even"])
