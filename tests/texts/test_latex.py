from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from libreview.texts.latex import balanced, csl, decode, encode, special

PAIRS: list[tuple[str, str]] = json.loads(Path(__file__).with_name("latex_pairs.json").read_text("utf-8"))
HOSTILE = st.text(alphabet=st.sampled_from("ab -{}\\$%&~^_#'`\"\n\r\téi0\u00a0") | st.characters(codec="utf-8"))


@pytest.mark.parametrize(("latex", "text"), PAIRS)
def test_pairs(latex: str, text: str) -> None:
    assert unicodedata.normalize("NFC", decode(latex)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("CO$_2$ and x$^{14}$", "CO2 and x14"),
        (r"\foo{bar} \baz", r"\foo{bar} \baz"),
        (r"\enquote{a} {\"{}} \'", "“a” ¨ ´"),
        ("costs $5", "costs $5"),
        (r"\url{a\_b", r"\url{a_b}"),
        (r"a\\b", "a b"),
        ("}", "}"),
        (r"\'{\ae} \c c", "ǽ ç"),
        (r"\textcolor{red}{x}", "x"),
    ],
)
def test_what_is_not_known_stays(latex: str, text: str) -> None:
    assert decode(latex) == text


@pytest.mark.parametrize(
    ("latex", "markup"),
    [
        ("The {DNA} of {{RNA}}", '<span class="nocase">DNA</span> of <span class="nocase">RNA</span>'),
        (r"\emph{in vivo} {\"u}ber", "<i>in vivo</i> über"),
        (r"{\it it} H\textsubscript{2}O", "<i>it</i> H<sub>2</sub>O"),
        ("a & b < c", "a & b < c"),
        ("CO$_2$", "CO<sub>2</sub>"),
    ],
)
def test_markup_of_csl(latex: str, markup: str) -> None:
    assert csl(latex).removeprefix("The ") == markup


@given(HOSTILE)
def test_what_is_encoded_is_read_back(text: str) -> None:
    written = encode(text)
    assert balanced(written)
    assert not written.endswith("\\")
    assert decode(written) == re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


@given(HOSTILE)
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(decode(text) + csl(text) + special(text), str)


@pytest.mark.parametrize(
    "command", ["ss", "ae", "OE", "o", "L", "aa", "dh", "TH", "textendash", "ldots", "quotedblbase"]
)
def test_symbols_agree_with_pylatexenc(command: str) -> None:
    assert decode(f"{{\\{command}}}") == LatexNodes2Text().latex_to_text(f"{{\\{command}}}")


@pytest.mark.parametrize("accent", [*"`'^~=.\"", "u ", "v ", "H ", "c ", "k ", "d ", "b ", "r "])
@pytest.mark.parametrize("letter", list("aceEsuzo"))
def test_accents_agree_with_pylatexenc(accent: str, letter: str) -> None:
    expected = LatexNodes2Text().latex_to_text(f"\\{accent}{letter}")
    assert unicodedata.normalize("NFC", decode(f"\\{accent}{letter}")) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(
    "evil",
    ["{" * 50000, "\\url{" * 20000, "$" * 50000, "\\'" * 50000, "$a{" * 20000, "{\\it\\bf " + "\\it\\bf" * 20000,
     "\\" * 50001, "\\href{" * 20000, " " * 200000 + "x"],
)  # fmt: skip
def test_hostile_texts_come_to_an_end(evil: str) -> None:
    assert len(decode(evil)) <= 2 * len(evil)  # braces left open may be closed, nothing more grows
    assert isinstance(csl(evil), str)
    assert balanced(encode(evil))
