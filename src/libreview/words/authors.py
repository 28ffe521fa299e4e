"""How a list names the authors of a source: "Cremer", "Jayne and Bell", "Cremer et al.".

In two steps, so that the index can keep it before the language is known: `together` puts marks for the words of a
language, `worded` puts the words. The marks are control characters, which no safe text has.
"""

from __future__ import annotations

from collections.abc import Sequence

from libreview.words.i18n import Say

__all__ = ["together", "worded"]

_AND = "\x01"
_OTHERS = "\x02"


def together(names: Sequence[str]) -> str:
    """Return one or two names, or the first and a mark if there are more. An empty last name says "and others"."""
    if len(names) > 2 or (len(names) == 2 and not names[1]):
        return f"{names[0]}{_OTHERS}"
    return _AND.join(names)


def worded(text: str, say: Say) -> str:
    """Return ``text`` with the words of a language in place of the marks."""
    return text.replace(_AND, say("{first} and {second}", first="", second="")).replace(
        _OTHERS, say("{first} et al.", first="")
    )
