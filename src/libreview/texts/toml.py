"""TOML 1.0: a small file as tables, and a text as TOML writes it."""

from __future__ import annotations

import tomllib

from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["read", "string"]

# tomllib takes quadratic time for dotted keys and recurses into brackets.
_LARGEST = 64 * 1024
_MOST_SIGNS = 2_000


def read(data: bytes) -> dict[str, object]:
    """Return the tables of ``data``; ValueError says what is wrong, also where it is too large or too deep to be read."""
    if len(data) > _LARGEST or data.count(b".") > _MOST_SIGNS or data.count(b"[") > _MOST_SIGNS:
        raise ValueError(N_("it is too large or too deep"))
    try:
        return tomllib.loads(data.removeprefix(b"\xef\xbb\xbf").decode())
    except RecursionError:
        raise ValueError(N_("it is too large or too deep")) from None


def string(text: str) -> str:
    """Return ``text`` as a TOML basic string on one line. Raises `Refused` for half a surrogate pair."""
    made = ['"']
    for char in text:
        if char in '"\\':
            made.append("\\" + char)
        elif char in _ESCAPES:
            made.append(_ESCAPES[char])
        elif char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029":
            made.append(f"\\u{ord(char):04x}")
        elif "\ud800" <= char <= "\udfff":
            raise Refused(N_("The text holds a broken character, which no file can keep"))
        else:
            made.append(char)
    made.append('"')
    return "".join(made)


_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
