"""The languages of the interface and of reports: English in the source, catalogues beside this file.

`language(code)` gives a `Say`, the one way in which a sentence is translated. `N_` and `both` mark a sentence that
is translated later (problems, hints, help texts).
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

__all__ = ["CATALOGUES", "DOMAIN", "LANGUAGES", "N_", "Say", "both", "language", "preferred"]

LANGUAGES = ("en", "id")
CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "libreview"


def N_(sentence: str) -> str:
    """Mark ``sentence`` for the catalogue and return it unchanged."""
    return sentence


def both(one: str, more: str) -> tuple[str, str]:
    """Mark the two forms of a sentence that counts something, and return them unchanged."""
    return one, more


class Say:
    """Sentences in one language: ``say("saved {path}", path=p)``. Facts are put in after translation."""

    __slots__ = ("_translations", "code")

    def __init__(self, code: str, translations: gettext.NullTranslations) -> None:
        self.code = code
        self._translations = translations

    def __call__(self, sentence: str, /, **facts: object) -> str:
        text = self._translations.gettext(sentence) if sentence else ""
        return text.format(**facts) if facts else text

    def many(self, one: str, more: str, n: int, /, **facts: object) -> str:
        """Return ``one`` or ``more`` in the plural form that ``n`` needs; ``{n}`` stands for the number."""
        return self._translations.ngettext(one, more, n).format(n=n, **facts)


@cache
def language(code: str) -> Say:
    """Return the sentences of ``code`` ("id", "id_ID.UTF-8", ...); English where there is no catalogue."""
    short = code.replace("-", "_").split("_")[0].split(".")[0].lower()
    if short in LANGUAGES and short != "en":
        return Say(short, gettext.translation(DOMAIN, CATALOGUES, [short], fallback=True))
    return Say("en", gettext.NullTranslations())


def preferred(environment: dict[str, str]) -> str:
    """Return the language that the environment asks for, as POSIX reads it (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for wish in environment.get(name, "").split(":"):
            short = wish.split("_")[0].split(".")[0].lower()
            if short in LANGUAGES:
                return short
            if short in ("c", "posix") and name != "LANGUAGE":
                return "en"
        if environment.get(name) and name != "LANGUAGE":
            return "en"
    return "en"
