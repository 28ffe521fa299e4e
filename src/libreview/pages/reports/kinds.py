"""What people call the types and languages of sources, of which tables and sentences have the codes."""

from __future__ import annotations

from libreview.words.i18n import N_, Say

__all__ = ["language_name", "type_name", "valued"]

_TYPES = {
    "article": N_("article"),
    "book": N_("book"),
    "inbook": N_("chapter of a book"),
    "incollection": N_("chapter in a collection"),
    "inproceedings": N_("conference paper"),
    "proceedings": N_("conference proceedings"),
    "collection": N_("edited collection"),
    "thesis": N_("thesis"),
    "mastersthesis": N_("master's thesis"),
    "phdthesis": N_("doctoral thesis"),
    "report": N_("report"),
    "techreport": N_("technical report"),
    "online": N_("web page"),
    "legislation": N_("legislation"),
    "unpublished": N_("unpublished work"),
    "dataset": N_("data set"),
    "misc": N_("other type"),
}
_LANGUAGES = {
    "ar": N_("Arabic"),
    "de": N_("German"),
    "en": N_("English"),
    "es": N_("Spanish"),
    "fr": N_("French"),
    "id": N_("Indonesian"),
    "it": N_("Italian"),
    "ja": N_("Japanese"),
    "jv": N_("Javanese"),
    "ko": N_("Korean"),
    "ms": N_("Malay"),
    "nl": N_("Dutch"),
    "pt": N_("Portuguese"),
    "ru": N_("Russian"),
    "su": N_("Sundanese"),
    "zh": N_("Chinese"),
}


def type_name(code: str, say: Say) -> str:
    """Return what people call a type of BibTeX; one that has no name stays as it is."""
    return say(_TYPES[code]) if code in _TYPES else code


def language_name(code: str, say: Say) -> str:
    """Return what people call a language; one that has no name here stays as it is."""
    return say(_LANGUAGES[code]) if code in _LANGUAGES else code


def valued(field: str, value: str, say: Say) -> str:
    """Return what people call the ``value`` that ``field`` of a source has."""
    if field == "type":
        return type_name(value, say)
    return language_name(value, say) if field == "language" else value
