"""What every noun is made of: immutable, slotted values, compared by what is in them.

msgspec has its one door here. Its classes behave like frozen dataclasses and are declared like them, but a module full of
them is loaded in no time, and they are made, written and read by C code (see `docs/decisions.md`).
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import DecodeError, Struct
from msgspec.json import Encoder
from msgspec.json import decode as _decode
from msgspec.structs import replace

__all__ = ["DecodeError", "Value", "decode", "encode", "encode_lines", "replace"]

Kind = TypeVar("Kind")
_encoder = Encoder()
encode = _encoder.encode
"""Return a value as JSON (RFC 8259), UTF-8 without blanks. UnicodeEncodeError where a text holds half a character."""
encode_lines = _encoder.encode_lines
"""Return the members of a sequence as JSON, a line each."""


def decode(text: str | bytes, type: type[Kind]) -> Kind:
    """Return the value of ``type`` that the JSON ``text`` holds. `DecodeError` (a ValueError) if it holds none."""
    return _decode(text, type=type)


class Value(Struct, frozen=True):
    """The base of all values. Each subclass says ``frozen=True`` again, so that type checkers see it.

    Two values are equal if they are of one class and their fields are equal; assigning to a field raises AttributeError.
    An empty mapping given as a default is made anew for each value.
    """
