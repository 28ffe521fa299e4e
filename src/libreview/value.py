"""What every noun is made of: immutable, slotted values, compared by what is in them.

msgspec has its one door here. Its classes behave like frozen dataclasses and are declared like them, but a module full of
them is loaded in no time, and they are made, written and read by C code (see `docs/decisions.md`).
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Value", "replace"]


class Value(Struct, frozen=True):
    """The base of all values. Each subclass says ``frozen=True`` again, so that type checkers see it.

    Two values are equal if they are of one class and their fields are equal; assigning to a field raises AttributeError.
    An empty mapping given as a default is made anew for each value.
    """
