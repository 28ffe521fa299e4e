"""The last door before a screen: makes control characters, bidi overrides and escape sequences visible."""

from __future__ import annotations

import re

__all__ = ["safe", "safe_json", "safe_line", "safe_xml"]

# Patterns are compiled when they are first needed, which in most runs is never: printable text has none of these.
# C0 but TAB and LF, DEL, C1, LINE/PARAGRAPH SEPARATOR, bidi embeddings/overrides/isolates and marks,
# invisible format characters (not ZWNJ/ZWJ, which scripts need), tags, interlinear marks, lone surrogates.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def _show(match: re.Match[str]) -> str:
    sign = match.group()
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    return "\\x0d" if sign == "\r" else sign.encode("unicode_escape").decode()


def safe(text: str) -> str:
    """Return ``text`` with everything that could move a cursor, hide or reorder text written as a visible escape.

    Tabs and line feeds stay.
    """
    return text if text.isprintable() else re.sub(_UNSAFE, _show, text)


def safe_line(text: str) -> str:
    """Return ``text`` safe and on one line: each run of white space becomes one space."""
    return safe(" ".join(text.split()))


# What `safe` shows on a screen, JSON and XML can carry as an escape without losing it.
_HIDDEN = (
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def safe_json(text: str) -> str:
    """Return JSON with the same values in which nothing moves a cursor, hides or reorders text."""
    return text if text.replace("\n", "").isprintable() else re.sub(_HIDDEN, _escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def safe_xml(text: str) -> str:
    """Return XML with the same content in which nothing hides or reorders text; its names have none of these characters."""
    return text if text.replace("\n", "").isprintable() else re.sub(_HIDDEN, lambda match: f"&#{ord(match[0])};", text)
