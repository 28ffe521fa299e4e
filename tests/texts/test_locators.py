"""Locators: terms of three languages in, one language out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.model import Locator
from libreview.texts import locators


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("hlm. 12", "page", "12"),
        ("hal 12", "page", "12"),
        ("hlm.12", "page", "12"),
        ("Halaman 12-13", "page", "12-13"),
        ("p. 12", "page", "12"),
        ("pp. iv and 3", "page", "iv and 3"),
        ("S. 12 f.", "page", "12 f."),
        ("Seite 7", "page", "7"),
        ("12", "page", "12"),
        ("12-13", "page", "12-13"),
        ("12, 15", "page", "12, 15"),
        ("xii", "page", "xii"),
        ("hlm. xii dan 14", "page", "xii dan 14"),
        ("hlm. 12 [sic]", "page", "12 [sic]"),
        ("p12", "page", "12"),
        ("Pasal 6 ayat (2)", "article-locator", "6 ayat (2)"),
        ("Art. 5", "article-locator", "5"),
        ("bab 3", "chapter", "3"),
        ("Bab III", "chapter", "III"),
        ("ch. 4", "chapter", "4"),
        ("Kap. 2", "chapter", "2"),
        ("paragraf 6", "paragraph", "6"),
        ("Absatz 1-3", "paragraph", "1-3"),
        ("Abs. 2", "paragraph", "2"),
        ("¶ 3", "paragraph", "3"),
        ("§ 12", "section", "12"),
        ("§§12-13", "section", "12-13"),
        ("vol. 2", "volume", "2"),
        ("jilid 2", "volume", "2"),
        ("Lampiran I, II", "appendix", "I, II"),
        ("Anhang A", "appendix", "A"),
        ("gambar 3.1", "figure", "3.1"),
        ("tabel 4", "table", "4"),
        ("12:30", "timestamp", "12:30"),
        ("Abstrak, paragraf 1", "", "Abstrak, paragraf 1"),
        ("abstract", "", "abstract"),
        ("page proofs", "", "page proofs"),
        ("no page given", "", "no page given"),
        ("Penjelasan Pasal 30 ayat (3) huruf a", "", "Penjelasan Pasal 30 ayat (3) huruf a"),
        ("", "", ""),
    ],
)
def test_terms_become_labels(text: str, label: str, value: str) -> None:
    assert locators.parse(text) == Locator(label, value, text)


@pytest.mark.parametrize(
    ("text", "en", "id", "de"),
    [
        ("hlm. 12", "p. 12", "hlm. 12", "S. 12"),
        ("12-13", "pp. 12–13", "hlm. 12–13", "S. 12–13"),
        ("pp. 12--13", "pp. 12–13", "hlm. 12–13", "S. 12–13"),
        ("hlm. xii dan 14", "pp. xii and 14", "hlm. xii dan 14", "S. xii und 14"),
        ("p. I-5", "p. I-5", "hlm. I-5", "S. I-5"),
        ("S. 12 f.", "pp. 12 f.", "hlm. 12 f.", "S. 12 f."),
        ("Pasal 6 ayat (2)", "Pasal 6 ayat (2)", "Pasal 6 ayat (2)", "Pasal 6 ayat (2)"),
        ("bab 3", "ch. 3", "bab 3", "Kap. 3"),
        ("hlm. 12, paragraf 3", "p. 12, para. 3", "hlm. 12, par. 3", "S. 12, Abs. 3"),
        ("Kap. 2, S. 5, 7", "ch. 2, pp. 5, 7", "bab 2, hlm. 5, 7", "Kap. 2, S. 5, 7"),
        ("Lampiran I, II", "apps. I, II", "lampiran I, II", "Anhang I, II"),
        ("hlm. 63 (1988), dikutip", "p. 63 (1988), dikutip", "hlm. 63 (1988), dikutip", "S. 63 (1988), dikutip"),
        ("§ 12", "§ 12", "§ 12", "§ 12"),
        ("Abstrak, paragraf 1", "Abstrak, paragraf 1", "Abstrak, paragraf 1", "Abstrak, paragraf 1"),
    ],
)
def test_labels_are_shown_in_a_language(text: str, en: str, id: str, de: str) -> None:
    locator = locators.parse(text)
    assert locators.show(locator, "en-GB") == en
    assert locators.show(locator, "id_ID") == id
    assert locators.show(locator, "de") == de


def test_other_languages_are_shown_as_english() -> None:
    assert locators.show(locators.parse("hlm. 12"), "fr") == "p. 12"


@given(st.text(max_size=60))
def test_text_as_typed_is_kept(text: str) -> None:
    locator = locators.parse(text)
    assert locator.text == text
    assert isinstance(locators.show(locator, "id"), str)


@given(
    st.sampled_from(["page", "chapter", "paragraph", "figure", "table", "appendix"]),
    st.integers(1, 9999),
    st.integers(1, 99),
    st.sampled_from(["en", "id", "de"]),
)
def test_what_is_shown_is_read_again(label: str, number: int, more: int, language: str) -> None:
    for value in (str(number), f"{number}–{number + more}"):
        shown = locators.show(Locator(label, value, "x"), language)
        assert locators.parse(shown) == Locator(label, value, shown)


@pytest.mark.parametrize(
    "text", ["p" * 100_000, "1" * 100_000 + "x", "1, " * 50_000, "§" * 50_000, "hlm. " + "1 " * 50_000]
)
def test_hostile_lengths_are_linear(text: str) -> None:
    assert locators.show(locators.parse(text), "en")
