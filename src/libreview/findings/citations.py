"""Citing: the short citation in a summary, and a source as an item for the citation processor (CSL-JSON).

CSL-JSON is that of the CSL specification 1.0.2 (appendices III to VI); biblatex' and BibTeX' types and fields are read
as their manuals define them. Short citations are ours, because they stand in lists of a thousand excerpts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from libreview.findings.dates import date, issued, year_text
from libreview.model import OTHERS, Citation, Locator, Person, Source
from libreview.texts import latex, locators, names
from libreview.words import blocks

__all__ = ["author_year", "cite", "citing", "csl_item", "language_code", "law_name", "short", "unprinted"]

# --- short citations ---------------------------------------------------------------------------------------------

_AND = {"en": "and", "id": "dan", "de": "und"}
_ET_AL = {"en": "et al.", "id": "dkk.", "de": "et al."}
_LAW_TYPES = frozenset(("legislation", "legal", "statute", "law"))
_SHORT_TITLE_WORDS = 6
_RULINGS = {
    "undang-undang": "UU",
    "peraturan pemerintah pengganti undang-undang": "Perppu",
    "peraturan pemerintah": "PP",
    "peraturan presiden": "Perpres",
    "keputusan presiden": "Keppres",
    "instruksi presiden": "Inpres",
    "peraturan daerah": "Perda",
    "peraturan gubernur": "Pergub",
    "peraturan bupati": "Perbup",
    "peraturan wali kota": "Perwal",
    "peraturan walikota": "Perwal",
    "peraturan desa": "Perdes",
    "peraturan mahkamah agung": "Perma",
    "peraturan menteri dalam negeri": "Permendagri",
    "peraturan menteri luar negeri": "Permenlu",
    "peraturan menteri keuangan": "PMK",
    "peraturan menteri perdagangan": "Permendag",
    "peraturan menteri pendidikan dan kebudayaan": "Permendikbud",
    "peraturan menteri koperasi dan usaha kecil dan menengah": "Permenkop UKM",
    "peraturan menteri": "Permen",
    "keputusan menteri": "Kepmen",
    "ketetapan majelis permusyawaratan rakyat": "Tap MPR",
}
_RULINGS_BY_LENGTH = sorted(_RULINGS, key=len, reverse=True)
_NUMBER = re.compile(r"\bNomor\b:?", re.IGNORECASE)
_CONSTITUTION = "undang-undang dasar"


def law_name(source: Source) -> str:
    """Return how an Indonesian law or regulation is called, "UU No. 37 Tahun 1999"; empty for any other source."""
    if source.type.lower() not in _LAW_TYPES:
        return ""
    title = " ".join(_law_title(source).split())
    folded = title.casefold()
    if folded.startswith(_CONSTITUTION):
        return "UUD 1945" if "1945" in title else "UUD"
    about = folded.find(" tentang ")
    name = title[:about] if about > 0 else title
    match = _NUMBER.search(name)
    if not match and not re.search(r"\bNo\.", name):
        return ""
    for ruling in _RULINGS_BY_LENGTH:
        if folded.startswith(ruling):
            name = _RULINGS[ruling] + name[len(ruling) :]
            break
    return _NUMBER.sub("No.", name, count=1).replace(" Republik Indonesia No.", " No.")


def _short_title(source: Source) -> str:
    title = " ".join(source.get("shorttitle").split()) or " ".join(source.title.split())
    if not title:
        return source.key
    bracketed = title[0] == "[" and title[-1] == "]"
    if bracketed:
        title = title[1:-1]
    for mark in (": ", " – ", " — "):
        title = title.split(mark, 1)[0]
    title = title.strip("“”„«»\"'‘’ ")
    words = title.split(" ")
    if len(words) > _SHORT_TITLE_WORDS:
        title = " ".join(words[:_SHORT_TITLE_WORDS]).rstrip(",.;:") + "…"
    return f"[{title}]" if bracketed else f"“{title}”"


def _who(source: Source, language: str) -> str:
    people = source.authors
    named = [person for person in people if person != OTHERS]
    if not named:
        return _short_title(source)
    first = names.short(named[0])
    if len(named) > 2 or len(people) > len(named):
        return f"{first} {_ET_AL.get(language, _ET_AL['en'])}"
    if len(named) == 2:
        return f"{first} {_AND.get(language, _AND['en'])} {names.short(named[1])}"
    return first


def _named(source: Source, language: str) -> str:
    """Return what a citation in brackets says of the source itself: "Cremer dkk., 2001"."""
    return law_name(source) or f"{_who(source, language)}, {year_text(source, language)}"


def _place(locator: Locator, language: str) -> str:
    return locators.show(locator, language) if locator.value or locator.text else ""


def _inside(source: Source, locator: Locator, language: str) -> str:
    named, place = _named(source, language), _place(locator, language)
    return f"{named}, {place}" if place else named


def short(source: Source, locator: Locator, language: str) -> str:
    """Return the citation in brackets: "(Cremer dkk., 2001, hlm. 12)", "(UU No. 37 Tahun 1999, Pasal 6)"."""
    return f"({_inside(source, locator, language)})"


def author_year(source: Source, language: str) -> str:
    """Return who and when, as a sentence names a source: "Cremer dkk. (2001)", "UU No. 37 Tahun 1999"."""
    return law_name(source) or f"{_who(source, language)} ({year_text(source, language)})"


def cite(citations: Sequence[Citation], sources: Mapping[str, Source], language: str) -> str:
    """Return several citations in one bracket, with prefixes and suffixes; a key without source prints as "@key"."""
    return citing(sources, language)(citations)


def citing(sources: Mapping[str, Source], language: str) -> Callable[[Sequence[Citation]], str]:
    """Return a function that cites as `cite` does, for thousands of citations: it works each source and locator out once."""
    names: dict[str, str] = {}
    places: dict[tuple[str, str, str], str] = {}

    def inside(key: str, locator: Locator) -> str:
        named = names.get(key)
        if named is None:
            source = sources.get(key)
            if source is None:
                return f"@{key}, {locator.text}" if locator.text else f"@{key}"
            named = names[key] = _named(source, language)
        parts = (locator.label, locator.value, locator.text)
        place = places.get(parts)
        if place is None:
            place = places[parts] = _place(locator, language)
        return f"{named}, {place}" if place else named

    def cited(citations: Sequence[Citation]) -> str:
        found = []
        for citation in citations:
            text = inside(citation.key, citation.locator)
            suffix = citation.suffix.strip()
            if suffix:
                text += suffix if suffix[0] in ",;:." else f" {suffix}"
            prefix = citation.prefix.strip()
            found.append(f"{prefix} {text}" if prefix else text)
        return f"({'; '.join(found)})" if found else ""

    return cited


# --- CSL-JSON ----------------------------------------------------------------------------------------------------

_TYPES = {
    "article": "article-journal", "periodical": "periodical", "suppperiodical": "article-journal", "review": "review",
    "newspaper": "article-newspaper", "magazine": "article-magazine",
    "book": "book", "mvbook": "book", "booklet": "pamphlet", "collection": "book", "mvcollection": "book",
    "proceedings": "book", "mvproceedings": "book", "reference": "book", "mvreference": "book", "manual": "book",
    "inbook": "chapter", "incollection": "chapter", "suppbook": "chapter", "suppcollection": "chapter",
    "bookinbook": "chapter", "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference", "conference": "paper-conference",
    "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis", "bachelorsthesis": "thesis",
    "report": "report", "techreport": "report",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "webpage": "webpage",
    "legislation": "legislation", "legal": "legislation", "statute": "legislation", "law": "legislation",
    "jurisdiction": "legal_case", "patent": "patent", "standard": "standard", "unpublished": "manuscript",
    "letter": "personal_communication", "interview": "interview", "software": "software", "dataset": "dataset",
    "artwork": "graphic", "image": "figure", "movie": "motion_picture", "video": "motion_picture", "audio": "song",
    "music": "song", "performance": "performance", "map": "map", "misc": "document",
}  # fmt: skip
_SUBTYPES = {
    "newspaper": "article-newspaper",
    "news": "article-newspaper",
    "magazine": "article-magazine",
    "popular": "article-magazine",
}
_GENRES = {
    "phdthesis": {"en": "PhD thesis", "id": "Disertasi", "de": "Dissertation"},
    "mathesis": {"en": "Master’s thesis", "id": "Tesis", "de": "Masterarbeit"},
    "bathesis": {"en": "Bachelor’s thesis", "id": "Skripsi", "de": "Bachelorarbeit"},
    "candthesis": {"en": "Candidate thesis", "id": "Tesis kandidat"},
    "techreport": {"en": "Technical report", "id": "Laporan teknis", "de": "Technischer Bericht"},
    "resreport": {"en": "Research report", "id": "Laporan penelitian", "de": "Forschungsbericht"},
    "patent": {"en": "Patent", "id": "Paten"},
    "software": {"en": "Computer software", "id": "Perangkat lunak"},
    "datacd": {"en": "CD-ROM"},
    "audiocd": {"en": "Audio CD", "id": "CD audio"},
}
_GENRES["mastersthesis"] = _GENRES["mathesis"]
_GENRES["bachelorsthesis"] = _GENRES["bathesis"]
_LANGUAGES = {
    "indonesian": "id", "indonesia": "id", "bahasa": "id", "bahasai": "id", "ind": "id", "bahasa indonesia": "id",
    "english": "en-US", "american": "en-US", "usenglish": "en-US", "eng": "en-US", "inggris": "en-US",
    "british": "en-GB", "ukenglish": "en-GB", "canadian": "en-CA", "australian": "en-AU", "newzealand": "en-NZ",
    "german": "de-DE", "ngerman": "de-DE", "deutsch": "de-DE", "ger": "de-DE", "deu": "de-DE", "jerman": "de-DE",
    "austrian": "de-AT", "naustrian": "de-AT", "swissgerman": "de-CH", "nswissgerman": "de-CH",
    "dutch": "nl-NL", "belanda": "nl-NL", "french": "fr-FR", "francais": "fr-FR", "spanish": "es-ES",
    "italian": "it-IT", "portuguese": "pt-PT", "brazilian": "pt-BR", "brazil": "pt-BR", "polish": "pl-PL",
    "russian": "ru-RU", "turkish": "tr-TR", "arabic": "ar", "chinese": "zh-CN", "japanese": "ja-JP",
    "korean": "ko-KR", "latin": "la", "greek": "el-GR", "swedish": "sv-SE", "danish": "da-DK", "norsk": "nb-NO",
    "norwegian": "nb-NO", "finnish": "fi-FI", "czech": "cs-CZ", "hungarian": "hu-HU", "vietnamese": "vi-VN",
    "malay": "ms", "melayu": "ms", "bahasam": "ms", "thai": "th-TH", "javanese": "jv", "sundanese": "su",
}  # fmt: skip
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$")
_ROLES = {
    "author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author",
    "director": "director", "origauthor": "original-author",
}  # fmt: skip
# CSL variable -> the fields it may stand in, first found wins; for all types alike.
_COMMON: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("volume", ("volume",)),
    ("number-of-volumes", ("volumes",)),
    ("number-of-pages", ("pagetotal", "numpages")),
    ("chapter-number", ("chapter",)),
    ("part-number", ("part",)),
    ("version", ("version",)),
    ("collection-title", ("series",)),
    ("publisher-place", ("location", "address")),
    ("event-title", ("eventtitle",)),
    ("event", ("eventtitle",)),
    ("event-place", ("venue",)),
    ("title-short", ("shorttitle",)),
    ("container-title-short", ("shortjournal",)),
    ("archive", ("archive", "library")),
    ("archive_location", ("archive_location", "shelfmark", "archivelocation")),
    ("original-title", ("origtitle",)),
    ("original-publisher", ("origpublisher",)),
    ("note", ("note", "addendum")),
    ("ISBN", ("isbn",)),
    ("ISSN", ("issn",)),
)
_NUMBERED = frozenset(("report", "patent", "standard", "legal_case", "manuscript", "dataset", "software", "webpage"))
_PUBSTATES = {
    "inpress": "in press", "forthcoming": "forthcoming", "inpreparation": "in preparation", "submitted": "submitted",
    "prepublished": "prepublished",
}  # fmt: skip
_EPRINTS = {
    "arxiv": "https://arxiv.org/abs/",
    "jstor": "https://www.jstor.org/stable/",
    "hdl": "https://hdl.handle.net/",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/",
}
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s{}]+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|\.)?(?:\s+(?:ed\.?|edn\.?|edition|edisi|Aufl\.?|Auflage))?$", re.IGNORECASE)
_DASHES = re.compile(r"(?<=[\w.])\s*(?:-{1,3}|[–—])\s*(?=\w)")


def _raw(source: Source, *fields: str) -> str:
    """Return the first of ``fields`` as CSL-JSON rich text."""
    for field in fields:
        raw = source.fields.get(field)
        text = latex.csl(raw) if raw else source.plain.get(field, "")
        text = " ".join(text.split()).replace("`", "‘")  # TeX' opening quote; pandoc turns the closing one
        if text:
            return text
    return ""


def _joined(title: str, subtitle: str) -> str:
    if title and subtitle:
        return f"{title}{' ' if title[-1] in '?!:.' else ': '}{subtitle}"
    return title or subtitle


def _address(text: str) -> str:
    """Return a URL or DOI without the backslashes that BibTeX users put before specials."""
    for mark in "_&%#~":
        text = text.replace("\\" + mark, mark)
    return text.strip()


def language_code(source: Source) -> str:
    """Return the language of the source as a code ("id", "en-US"), from ``langid``, ``hyphenation`` or ``language``."""
    for field in ("langid", "hyphenation", "language"):
        text = source.get(field).strip()
        known = _LANGUAGES.get(text.casefold())
        if known:
            return known
        if _CODE.match(text):
            return text.replace("_", "-")
    return ""


def _person(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    parts = {
        "family": person.family,
        "given": person.given,
        "non-dropping-particle": person.particle,
        "suffix": person.suffix,
    }
    return {name: value for name, value in parts.items() if value}


def _people(source: Source) -> dict[str, object]:
    roles: dict[str, object] = {}
    for field, role in _ROLES.items():
        listed = [_person(person) for person in source.people.get(field, ())]
        if listed:
            # A closing literal "others" is how citeproc is told "et al.".
            roles[role] = listed
    return roles


def _type(source: Source) -> str:
    kind = source.type.lower()
    mapped = _TYPES.get(kind, "document")
    if kind == "article":
        subtype = source.get("entrysubtype").strip().casefold()
        if subtype in _SUBTYPES:
            return _SUBTYPES[subtype]
        if not source.container and source.get("eprint"):
            return "article"
    if kind == "unpublished" and source.get("eventtitle"):
        return "speech"
    if kind == "misc":
        if source.get("eprint"):
            return "article"
        if source.get("url") or _URL.search(source.get("howpublished")):
            return "webpage"
    return mapped


def _genre(source: Source, code: str) -> str:
    kind = source.type.lower()
    given = _raw(source, "type") or (kind if kind in _GENRES else "")
    wordings = _GENRES.get(given.casefold())
    if wordings:
        return wordings.get(code[:2]) or wordings["en"]
    return given[:1].upper() + given[1:]


def _law_title(source: Source) -> str:
    """Return the title of a law; if its kind and number stand in fields of their own, the full name made of them."""
    title = source.title
    kind, number = source.get("type"), source.get("number")
    if not kind or not number or number in title or language_code(source) not in ("", "id"):
        return title
    when = "" if "ahun" in number else f" Tahun {source.year}" if source.year else ""
    about = f" tentang {title}" if title else ""
    # Small words stay small, as the laws themselves print their names.
    words = "-".join(part.capitalize() for part in kind.split("-"))
    return f"{' '.join(w[:1].upper() + w[1:] for w in words.split(' '))} Nomor {number}{when}{about}"


def _law(source: Source, item: dict[str, object], code: str) -> None:
    """Make a law that an authority issues an item that every style prints whole.

    Styles know Anglo-American statutes only: they drop the issuing body and print "Legis." or nothing. As a book, the
    body sorts, the full name is the title, and the gazette (LN, TLN, BN) stands where a publisher would.
    """
    if not source.authors and code != "id":
        return
    item["type"] = "book"
    item["title"] = _raw(source, "title") if _law_title(source) == source.title else _law_title(source)
    gazette = _raw(source, "note", "addendum", "howpublished", "journaltitle", "journal")
    item.pop("note", None)
    item.pop("container-title", None)
    if gazette:
        item["publisher"] = gazette
        item.pop("publisher-place", None)
    for name in ("genre", "number", "collection-number"):
        item.pop(name, None)


def _titles(source: Source, mapped: str) -> dict[str, object]:
    title = _joined(_raw(source, "title"), _raw(source, "subtitle"))
    addon = _raw(source, "titleaddon")
    main = _joined(_raw(source, "maintitle"), _raw(source, "mainsubtitle"))
    book = _joined(_raw(source, "booktitle"), _raw(source, "booksubtitle"))
    if addon:
        title = f"{title} [{addon}]" if title else addon
    if main and mapped == "book":
        title = _joined(main, title)
    container = _joined(_raw(source, "journaltitle", "journal"), _raw(source, "journalsubtitle"))
    if not container:
        container = _joined(main, book) if mapped != "book" else book
    if not container and mapped in ("webpage", "article-newspaper", "article-magazine"):
        container = _raw(source, "organization", "publisher")
    found: dict[str, object] = {}
    if title:
        found["title"] = title
    if container and container != title:
        found["container-title"] = container
    return found


def _publisher(source: Source, mapped: str) -> str:
    if mapped == "thesis":
        return _raw(source, "institution", "school", "organization", "publisher")
    if mapped == "report":
        return _raw(source, "institution", "publisher", "organization")
    if mapped == "webpage" and not _raw(source, "journaltitle", "journal", "booktitle"):
        return _raw(source, "publisher", "institution") if source.get("organization") else _raw(source, "institution")
    found = _raw(source, "publisher", "institution", "organization", "school")
    if not found and mapped in ("document", "pamphlet", "book"):
        made = source.get("howpublished")
        return "" if _URL.search(made) else _raw(source, "howpublished")
    return found


def _numbers(source: Source, mapped: str) -> dict[str, object]:
    found: dict[str, object] = {}
    number, issue = _raw(source, "number"), _raw(source, "issue")
    if mapped.startswith("article-") or mapped in ("periodical", "review"):
        if number or issue:
            found["issue"] = number or issue
    elif number:
        found["number" if mapped in _NUMBERED or mapped == "article" else "collection-number"] = number
    edition = _raw(source, "edition")
    if edition:
        ordinal = _ORDINAL.match(edition)
        found["edition"] = ordinal[1] if ordinal else edition
    pages = _raw(source, "pages", "eid")
    if pages:
        found["page"] = _DASHES.sub("–", pages).rstrip("-–— ")
    return found


def _addresses(source: Source) -> dict[str, object]:
    found: dict[str, object] = {}
    doi = _DOI.sub("", _address(source.get("doi")), count=1)
    if doi:
        found["DOI"] = doi
    url = _address(source.get("url"))
    if not url:
        made = _URL.search(source.get("howpublished") or source.fields.get("howpublished", ""))
        url = _address(made.group()) if made else ""
    eprint = _address(source.get("eprint"))
    system = (source.get("eprinttype") or source.get("archiveprefix")).casefold()
    if eprint and not url and not doi and system in _EPRINTS:
        url = _EPRINTS[system] + eprint.removeprefix("arXiv:")
    if url:
        found["URL"] = url
    return found


def csl_item(source: Source) -> dict[str, object]:
    """Return ``source`` as CSL-JSON, its key as ``id``. Titles keep their case as typed; braces become no-case."""
    mapped, code = _type(source), language_code(source)
    item: dict[str, object] = {"id": source.key, "type": mapped}
    item |= _titles(source, mapped)
    item |= _people(source)
    item |= _numbers(source, mapped)
    for variable, fields in _COMMON:
        value = _raw(source, *fields)
        if value:
            item[variable] = value
    publisher = _publisher(source, mapped)
    if publisher:
        item["publisher"] = publisher
    genre = _genre(source, code)
    if genre:
        item["genre"] = genre
    if mapped == "article" and source.get("eprint"):
        item.setdefault("publisher", source.get("eprinttype") or source.get("archiveprefix") or "arXiv")
        item.setdefault("number", _address(source.get("eprint")))
    if mapped == "manuscript" and not genre and source.get("howpublished"):
        item["genre"] = _raw(source, "howpublished")
    status = source.get("pubstate")
    if status:
        item["status"] = _PUBSTATES.get(status.casefold(), status)
    item |= _addresses(source)
    published = issued(source)
    if "literal" in published:  # "in press": pandoc prints no literal dates, but every style prints the status
        item.setdefault("status", published["literal"])
    for variable, when in (
        ("issued", published),
        ("accessed", date(source.get("urldate"))),
        ("event-date", date(source.get("eventdate"))),
        ("original-date", date(source.get("origdate", "origyear"))),
    ):
        if when:
            item[variable] = when
    if code:
        item["language"] = code
    if item["type"] == "legislation":
        _law(source, item, code)
    return item


# --- what a style leaves out -------------------------------------------------------------------------------------

_SAID = ("note", "addendum", "howpublished", "pubstate", "library", "archive", "shelfmark", "archive_location")


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def unprinted(source: Source, printed: blocks.Text | Iterable[blocks.Run]) -> tuple[str, ...]:
    """Return the fields with words for the reader ("Tidak diterbitkan", an archive) that a reference does not print."""
    shown = _letters("".join(run.text for run in printed))
    missing = []
    for field in _SAID:
        value = source.get(field)
        if value and not _URL.search(value) and _letters(value) not in shown:
            missing.append(field)
    return tuple(missing)
