"""Nothing that comes from a file moves the cursor, hides text or turns it round."""

from __future__ import annotations

import json
import unicodedata

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from libreview.words.safe import safe, safe_json, safe_line, safe_xml


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kota Bandung", "Kota Bandung"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\rb", "a\\x0db"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\x00b\x7f", "a\\x00b\\x7f"),
        ("a\x9bb", "a\\x9bb"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"),
        ("\ufeffstart", "\\ufeffstart"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\udc80\udcff", "\\x80\\xff"),
        ("\ud800", "\\ud800"),
        ("Müller, 中文, हिन्दी", "Müller, 中文, हिन्दी"),
        ("क्\u200dष می\u200cخواهم 👩\u200d🏫", "क्\u200dष می\u200cخواهم 👩\u200d🏫"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("\\x1b stays", "\\x1b stays"),
        ("", ""),
    ],
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("  a \n b\t c  ", "a b c"), ("a\r\nb", "a b"), ("a\u2028b", "a b"), ("a\x1bb", "a\\x1bb"), (" \n ", "")],
)
def test_safe_line(text: str, shown: str) -> None:
    assert safe_line(text) == shown


@given(st.text(st.characters()))
def test_what_is_safe_can_be_shown_anywhere(text: str) -> None:
    shown = safe(text)
    shown.encode("utf-8")
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in shown if one not in "\t\n")
    assert not any(unicodedata.bidirectional(one) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "PDI") for one in shown)
    assert safe(shown) == shown
    assert "\n" not in safe_line(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\udc80", "\\x80"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("\udd00", "\\udd00"),
        ("\udc7f", "\\udc7f"),
        ("\x9f", "\\x9f"),
        ("\x00", "\\x00"),
        ("\u061c", "\\u061c"),
        ("\ufeff", "\\ufeff"),
        ("\U000e0000", "\\U000e0000"),
        ("\U000e007f", "\\U000e007f"),
    ],
)
def test_each_kind_of_sign_has_its_escape(text: str, shown: str) -> None:
    assert safe(f"a{text}b") == f"a{shown}b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('["a\x7fb"]', '["a\\u007fb"]'),
        ('["\u202eabc"]\n', '["\\u202eabc"]\n'),
        ('["\U000e0041"]', '["\\udb40\\udc41"]'),
        ('["\u00e9 \u4e2d"]\n[1]\n', '["\u00e9 \u4e2d"]\n[1]\n'),
        ('["\u200d"]', '["\u200d"]'),
    ],
)
def test_json_keeps_its_values(text: str, shown: str) -> None:
    assert safe_json(text) == shown
    assert [json.loads(line) for line in shown.splitlines()] == [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<a b="\u202e">\x85</a>\n', '<a b="&#8238;">&#133;</a>\n'),
        ("<a>\U000e0041\ufeff\u200d</a>", "<a>&#917569;&#65279;\u200d</a>"),
        ("<a>\u00e9</a>\n", "<a>\u00e9</a>\n"),
    ],
)
def test_xml_keeps_its_content(text: str, shown: str) -> None:
    assert safe_xml(text) == shown
    one, other = ElementTree.fromstring(text), ElementTree.fromstring(shown)
    assert (one.text, one.attrib) == (other.text, other.attrib)
