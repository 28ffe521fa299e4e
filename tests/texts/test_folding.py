from __future__ import annotations

import pytest

from libreview.texts.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bandung", "bandung"),
        ("Müller", "muller"),
        ("Łukasiewicz", "lukasiewicz"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("ﬁn de siècle", "fin de siecle"),
        ("ISTANBUL ı", "istanbul i"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
        ("“Städte” – heute", '"stadte" - heute'),
        ("Nguye\u0302\u0303n", "nguyen"),
    ],
)
def test_spellings_of_a_word_meet(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == folded
