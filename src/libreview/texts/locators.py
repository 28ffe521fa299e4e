"""Places in a source as people type them ("hlm. 12", "S. 12 f.", "Pasal 6 ayat (2)"), as CSL labels and shown again.

The labels are those of CSL 1.0.2 (https://docs.citationstyles.org/en/stable/specification.html#locators). Pandoc
knows only the terms of the language it writes, so the terms of all three languages are read here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libreview.model import Locator

__all__ = ["parse", "show"]

ARTICLE = "article-locator"

# label: terms in Indonesian, English and German, without the full stop
_TERMS = {
    "page": "hlm hal halaman h hh p pp pg pgs page pages s ss seite seiten",
    ARTICLE: "pasal ps art arts article articles artikel",
    "chapter": "bab chapter chapters ch chs chap chaps kap kapitel",
    "paragraph": "par para paras paragraf paragraph paragraphs alinea abs absatz absätze ¶ ¶¶",
    "section": "§ §§ sec secs sect section sections bagian subbab abschnitt abschn",
    "volume": "vol vols volume volumes jilid jld band bd bde bände",
    "appendix": "lampiran lamp appendix appendices app apps anhang anh anlage",
    "figure": "gambar gbr figure figures fig figs abbildung abbildungen abb",
    "table": "tabel table tables tab tbl tabelle tabellen",
    "part": "part parts pt pts teil tl",
    "book": "book books bk bks buku buch",
    "line": "baris brs line lines l ll zeile zeilen z",
    "verse": "verse verses v vv vers",
    "column": "kolom column columns col cols spalte spalten sp",
    "folio": "folio folios fol fols",
    "issue": "nomor no nos issue nummer nr",
    "note": "catatan note notes n nn fn footnote anmerkung anm fußnote",
    "timestamp": "menit minute minutes min time",
    "opus": "opus op opp",
}
_LABELS = {term: label for label, terms in _TERMS.items() for term in terms.split()}

# language: label: the term for one and for several
_SHOWN: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "page": ("p.", "pp."),
        "chapter": ("ch.", "chs."),
        "paragraph": ("para.", "paras."),
        "section": ("sec.", "secs."),
        "volume": ("vol.", "vols."),
        "appendix": ("app.", "apps."),
        "figure": ("fig.", "figs."),
        "table": ("table", "tables"),
        "part": ("pt.", "pts."),
        "book": ("bk.", "bks."),
        "line": ("l.", "ll."),
        "verse": ("v.", "vv."),
        "column": ("col.", "cols."),
        "folio": ("fol.", "fols."),
        "issue": ("no.", "nos."),
        "note": ("n.", "nn."),
        "timestamp": ("min.", "min."),
        "opus": ("op.", "opp."),
    },
    "id": {
        "page": ("hlm.", "hlm."),
        "chapter": ("bab", "bab"),
        "paragraph": ("par.", "par."),
        "section": ("bagian", "bagian"),
        "volume": ("vol.", "vol."),
        "appendix": ("lampiran", "lampiran"),
        "figure": ("gambar", "gambar"),
        "table": ("tabel", "tabel"),
        "part": ("bagian", "bagian"),
        "book": ("buku", "buku"),
        "line": ("baris", "baris"),
        "verse": ("ayat", "ayat"),
        "column": ("kolom", "kolom"),
        "folio": ("folio", "folio"),
        "issue": ("no.", "no."),
        "note": ("catatan", "catatan"),
        "timestamp": ("menit", "menit"),
        "opus": ("op.", "op."),
    },
    "de": {
        "page": ("S.", "S."),
        "chapter": ("Kap.", "Kap."),
        "paragraph": ("Abs.", "Abs."),
        "section": ("Abschn.", "Abschn."),
        "volume": ("Bd.", "Bde."),
        "appendix": ("Anhang", "Anhang"),
        "figure": ("Abb.", "Abb."),
        "table": ("Tab.", "Tab."),
        "part": ("Teil", "Teile"),
        "book": ("Buch", "Bücher"),
        "line": ("Z.", "Z."),
        "verse": ("V.", "V."),
        "column": ("Sp.", "Sp."),
        "folio": ("fol.", "fol."),
        "issue": ("Nr.", "Nr."),
        "note": ("Anm.", "Anm."),
        "timestamp": ("Min.", "Min."),
        "opus": ("op.", "op."),
    },
}
_AND = {"en": "and", "id": "dan", "de": "und"}

_HEAD = re.compile(r"(§§?|¶¶?|[^\W\d_]+\.?(?=[\s\d(]))\s*(?=\S)")
_NUMBER = r"(?:[0-9]+|[ivxlcdm]+\b)"
_BARE = re.compile(
    rf"{_NUMBER}[a-z]?(?:\s*(?:[-–—,&+]|dan\b|and\b|und\b)\s*{_NUMBER}[a-z]?)*(?:\s*ff?\.?)?", re.IGNORECASE
)
_VALUE = re.compile(r"\(?(?:\d|[ivxlcdm]+\b|[a-z]\b|[a-z]+[-.]?\d)", re.IGNORECASE)
_TIME = re.compile(r"\d{1,3}(?::[0-5]\d){1,2}")
_RANGE = re.compile(r"(?<=\d)\s*[-–—]{1,2}\s*(?=\d)|(?<=[ivxlc])[-–—](?=[ivxlc]+\b)", re.IGNORECASE)
_MANY = re.compile(
    r"[\divxlc][a-z]?\)?\s*(?:[,&–]|\b(?:dan|and|und)\b)\s*(?:[ivxlcdm]+\b|\(?\d)|\d\s*ff?\b", re.IGNORECASE
)
_CONJUNCTION = re.compile(r"(?<=[\w)]) (?:dan|and|und|&) (?=[(\divxlc])", re.IGNORECASE)


def _labelled(text: str) -> tuple[str, str] | None:
    """Return the label and value of ``text`` if it begins with a term that a number or letter follows."""
    head = _HEAD.match(text)
    if head is None:
        return None
    label = _LABELS.get(head.group(1).rstrip(".").lower())
    value = text[head.end() :]
    return (label, value) if label and _VALUE.match(value) else None


@lru_cache(maxsize=4096)
def parse(text: str) -> Locator:
    """Return the locator in ``text``: CSL label and value, or no label and the text itself where no term is known.

    A bare number is a page; ``12:30`` is a time.
    """
    typed = " ".join(text.split())
    if not typed:
        return Locator("", "", text)
    found = _labelled(typed)
    if found is not None:
        return Locator(found[0], found[1], text)
    if _TIME.fullmatch(typed):
        return Locator("timestamp", typed, text)
    if len(typed) <= 200 and _BARE.fullmatch(typed):
        return Locator("page", typed, text)
    return Locator("", typed, text)


def _one(label: str, value: str, language: str) -> str:
    value = _CONJUNCTION.sub(f" {_AND[language]} ", _RANGE.sub("–", value))
    if label == "section" and language == "en" and value[:1] == "(":
        return value
    one, more = _SHOWN[language][label]
    return f"{more if _MANY.search(value) else one} {value}"


@lru_cache(maxsize=4096)
def show(locator: Locator, language: str) -> str:
    """Return ``locator`` as a citation in ``language`` (en, id, de; else English) prints it.

    Articles of laws keep their words ("Pasal 6 ayat (2)"), as does what is not understood.
    """
    tongue = language.replace("_", "-").split("-")[0].lower()
    tongue = tongue if tongue in _SHOWN else "en"
    if not locator.label or locator.label not in _SHOWN[tongue]:
        return " ".join(locator.text.split()) or locator.value
    if locator.text.lstrip()[:1] in ("§", "¶"):  # signs are the same in every language
        return _RANGE.sub("–", " ".join(locator.text.split()))
    label, parts, shown = locator.label, [], []
    for part in locator.value.split(", "):  # "12, paragraf 3": a further term begins a part of its own
        found = _labelled(part)
        if found is None:
            parts.append(part)
            continue
        shown.append((label, ", ".join(parts)))
        label, parts = found[0], [found[1] if found[0] in _SHOWN[tongue] else part]
    shown.append((label, ", ".join(parts)))
    return ", ".join(_one(name, value, tongue) if name in _SHOWN[tongue] else value for name, value in shown)
