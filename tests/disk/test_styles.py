"""Styles: the names people say, beside the style found."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.disk import styles
from libreview.words.errors import NotFound, Refused

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="id-ID">
<info><title>Gaya Kampus</title><id>x</id></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography subsequent-author-substitute="---"><layout><names variable="author"><label prefix=", "/></names></layout>
</bibliography></style>"""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("apa", "apa"),
        ("APA", "apa"),
        ("chicago", "chicago-author-date"),
        ("chicago-notes", "chicago-notes-bibliography"),
        ("Chicago notes", "chicago-notes-bibliography"),
        ("turabian", "turabian-author-date"),
        ("mla", "modern-language-association"),
        ("ieee", "ieee"),
        ("vancouver", "nlm-citation-sequence"),
        ("harvard", "harvard-cite-them-right"),
        ("nature", "nature"),
        ("Universitas Negeri Yogyakarta", "universitas-negeri-yogyakarta-program-pascasarjana"),
        ("APA Style 7th edition", "apa"),
    ],
)
def test_names(said: str, found: str) -> None:
    assert styles.find(said).name == found


def test_every_common_name_is_there() -> None:
    for name in styles.ALIASES:
        assert "<bibliography" in styles.find(name).xml
    assert {"apa", "ieee", "turabian-notes-bibliography"} <= set(styles.names())


def test_a_dependent_style_is_its_parent_with_its_own_title_and_locale() -> None:
    found = styles.find("ieee-transactions-on-robotics")
    assert found.title == "IEEE Transactions on Robotics"
    assert found.locale == "en-US"
    assert "independent-parent" not in found.xml
    assert found.numeric
    assert "<bibliography" in found.xml


def test_no_author_is_replaced_by_a_dash() -> None:
    assert "subsequent-author-substitute" not in styles.find("mla").xml


@pytest.mark.parametrize("said", ["appa", "", "nothing-like-this-at-all"])
def test_wrong_names(said: str) -> None:
    with pytest.raises(NotFound) as caught:
        styles.find(said)
    assert said != "appa" or caught.value.near[0] == "apa"


def test_a_style_without_bibliography_is_refused() -> None:
    with pytest.raises(Refused):
        styles.find("bluebook-law-review")


def test_own_file(tmp_path: Path) -> None:
    file = tmp_path / "kampus.csl"
    file.write_text(STYLE, encoding="utf-8")
    found = styles.find(str(file))
    assert (found.name, found.title, found.locale) == ("kampus", "Gaya Kampus", "id-ID")
    assert '<names variable="author"><name/><label' in found.xml
    with pytest.raises(NotFound):
        styles.find(str(tmp_path / "gone.csl"))


@pytest.mark.parametrize(
    "content",
    [
        b"not xml",
        b"<style/>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE style [<!ENTITY a "aaaa">]><style xmlns="http://purl.org/net/xbiblio/csl">&a;</style>',
        STYLE.encode() + b" " * (1 << 20),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.csl"
    file.write_bytes(content)
    with pytest.raises(Refused):
        styles.find(str(file))


def test_an_unknown_parent_is_not_fetched(tmp_path: Path) -> None:
    file = tmp_path / "child.csl"
    file.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>Child</title>'
        '<link href="http://www.zotero.org/styles/no-such-parent" rel="independent-parent"/></info></style>',
        encoding="utf-8",
    )
    with pytest.raises(NotFound):
        styles.find(str(file))


def test_search() -> None:
    assert ("universitas-gadjah-mada-departemen-sejarah") in [name for name, _ in styles.search("gadjah mada")]
    assert styles.search("mla")[0][0] == "modern-language-association"
    assert styles.search("qqqq") == []
    assert dict(styles.search("l-homme"))["l-homme"].startswith("L'homme – Revue")
