"""What exports of catalogues and repositories get wrong in a source, and how it is certainly meant.

A repair is proposed for every such problem (`libreview.findings.checks` names them); one that leaves no choice gives the
raw fields that put it right. Everything else in a field stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from libreview.model import OTHERS, Person, Source
from libreview.texts import latex, names
from libreview.value import Value

__all__ = ["Repair", "fields_mended", "is_issn", "repairs"]

Fields = Mapping[str, str | None]

_PEOPLE = ("names-joined", "name-et-al", "name-with-title", "name-doubled")
"""In the order in which they are put right: without its titles a name may turn out to be doubled."""
_PASSES = 5

_TITLE = re.compile(r"(?:prof|drs?|dra|drg|apt)\.?|(?:ir|hj|kh|tgk|rkh)\.", re.IGNORECASE)
_BESIDE_TITLE = re.compile(r"(?:h|hj|kh)\.?", re.IGNORECASE)
"""Haji and the like: before a name alone it may be an initial, beside a title it is none."""
# Known ones only: "A.Rahman", "S. E." and "M.A." are initials.
_DEGREE = re.compile(
    r"[SMBA]\.(?:I\.)?(?:Ag|Ars|Ds|Ec|Eng|Farm|Fil|Han|Hum|IP|Ikom|Keb|Ked|Kes|Kn|Kom|KM|Mat|Md|PA|Par|Pd|Phil|Psi|Pt|Sc|Si|Sn"
    r"|Sos|ST|Stat|Th|Tr)(?:\.\w{0,3})?\.?|Ph\.?D\.?|LL\.?[BMD]\.?|MBA|M\.B\.A\.?"
)
_ET_AL = frozenset(("dkk", "et al", "et.al", "etal", "dan kawan-kawan", "dan lain-lain", "dll", "u.a", "others"))
_VOLUME = re.compile(
    r"vol(?:ume)?\.?\s*(?P<volume>\d{1,4})(?:\s*[,;:]?\s*(?:no|nomor|number|issue|iss)\.?\s*(?P<number>\d{1,4}(?:[-/]\d{1,4})?))?"
    r"(?:\s*[,:]?\s*\(?(?P<year>(?:19|20)\d\d)\)?)?",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"(?:universit(?:as|ät|y)|institut[e]?|sekolah tinggi|politeknik|akademi|fakultas|uin|iain)\b", re.IGNORECASE
)
_PERIODICAL = re.compile(
    r"jurnal|journal|zeitschrift|review|bulletin|buletin|majalah|warta|annals|proceeding|prosiding|transactions",
    re.IGNORECASE,
)


class Repair(Value, frozen=True):
    """What is wrong, in which ``field``, with what there is ``shown`` of it, and the raw ``fields`` that put it right (None: gone).

    ``fields`` is empty where only a person can say what is meant.
    """

    code: str
    field: str
    shown: str
    fields: Fields = {}  # noqa: RUF012 (a frozen struct copies it)
    single: str = ""


def repairs(source: Source) -> Iterator[Repair]:
    """Yield what is oddly written in ``source``, people first."""
    for field, people in source.people.items():
        for person in people:
            code = _odd(person)
            if code:
                yield Repair(
                    code, field, names.display(person), _people(source, field, code), person.family or person.literal
                )
    yield from _volume(source)
    yield from _isbn(source)
    yield from _journal(source)


def fields_mended(source: Source) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Return the raw fields that put right all of ``source`` that leaves no choice, and the code of each repair."""
    changed: dict[str, str | None] = {}
    done: list[str] = []
    for field in source.people:
        raw, codes = _settled(source.fields.get(field, ""))
        done += codes
        if codes:
            changed[field] = raw
    for repair in (*_volume(source), *_isbn(source)):
        if repair.fields:
            changed.update(repair.fields)
            done.append(repair.code)
    return changed, tuple(done)


# People -----------------------------------------------------------------------------------------------------------------


def _is_title(word: str) -> bool:
    return _TITLE.fullmatch(word) is not None


def _is_degree(word: str) -> bool:
    return _DEGREE.fullmatch(word) is not None


def _odd(person: Person) -> str:
    """Return the code of what is odd in a name, or nothing."""
    if person == OTHERS:
        return ""
    whole = _whole(person)
    bare = whole.casefold().strip(" .")
    if bare in _ET_AL or bare.endswith((" dkk", " et al", ", dkk")):
        return "name-et-al"
    if ";" in whole:
        return "names-joined"
    if person.literal:
        return ""
    if person.family and person.family.casefold() == person.given.casefold():
        return "name-doubled"
    words = f"{whole} {person.suffix}".replace(",", " ").split()
    if any(_is_title(word) or _is_degree(word) for word in words):
        return "name-with-title"
    return ""


def _whole(person: Person) -> str:
    return " ".join(filter(None, (person.given, person.particle, person.family))) or person.literal


def _people(source: Source, field: str, code: str) -> Fields:
    raw = source.fields.get(field, "")
    new = _mended_people(raw, code)
    return {field: new} if new != raw else {}


def _settled(raw: str) -> tuple[str, list[str]]:
    """Return the raw list with all put right that leaves no choice, and the codes of what was.

    One repair may take out what kept another from being certain, so they are tried again until none finds anything.
    """
    done: dict[str, None] = {}
    before = ""
    for _ in range(_PASSES):
        if raw == before:
            break
        before = raw
        for code in _PEOPLE:
            new = _mended_people(raw, code)
            if new != raw:
                done[code] = None
                raw = new
    return raw, list(done)


def _mended_people(raw: str, code: str) -> str:
    """Return the raw list with what ``code`` names put right; every other person stays as written."""
    if code == "names-joined":
        return _parted(raw)
    pieces: list[str] = []
    at, others = 0, False
    for start, end in names.spans(raw):
        new = _mended_person(raw[start:end], code)
        pieces += (raw[at:start], raw[start:end] if new is None else new)
        others = others or new == "others"
        at = end
    whole = "".join((*pieces, raw[at:]))
    return _others_last(whole) if others else whole


def _parted(raw: str) -> str:
    """Return a list of people between whom ``;`` stands with ``and`` in its place; as it is if braces hold one."""
    if ";" not in raw or any(";" in one for one in re.findall(r"\{[^{}]*\}", raw)) or "\\" in raw:
        return raw
    parts = [" ".join(part.split()) for part in re.split(r";|(?<=\s)and(?=\s)", raw) if part.strip()]
    return " and ".join(parts)


def _mended_person(raw: str, code: str) -> str | None:
    """Return one person put right, raw; None if it is not as ``code`` says, or not certain."""
    people = names.parse(raw)
    if len(people) != 1 or _odd(people[0]) != code:
        return None
    person = people[0]
    if code == "name-et-al":
        return "others" if _whole(person).casefold().strip(" .") in _ET_AL else None
    if code == "name-doubled":
        return names.write([Person(literal=person.family)])
    return _untitled(raw)


def _untitled(raw: str) -> str | None:
    """Return a name without titles and degrees; None if nothing is left of it."""
    plain = latex.decode(raw)
    parts = [part.split() for part in plain.split(",")]
    parts = [part for part in parts if part and not all(map(_is_degree, part))]
    kept: list[list[str]] = []
    for part in parts:
        titled = any(map(_is_title, part))
        words = [word for word in part if not (_is_title(word) or _is_degree(word))]
        if titled and len(words) > 1 and _BESIDE_TITLE.fullmatch(words[0]):
            words = words[1:]
        if words:
            kept.append(words)
    if not kept or len(kept) > 2:
        return None
    if len(kept) == 1:
        words = kept[0]
        if len(words) == 1:
            return names.write([Person(literal=words[0])])
        return names.write(names.parse(latex.encode(" ".join(words))))
    return names.write([Person(family=" ".join(kept[0]), given=" ".join(kept[1]))])


def _others_last(raw: str) -> str:
    """Return the list with one ``others``, at its end."""
    pieces = [raw[start:end].strip() for start, end in names.spans(raw)]
    named = [piece for piece in pieces if piece.lower() != "others"]
    return " and ".join((*named, "others")) if named else raw


# Where and when it was published ----------------------------------------------------------------------------------------


def _volume(source: Source) -> Iterator[Repair]:
    said = " ".join(source.plain.get("volume", "").split())
    found = _VOLUME.fullmatch(said)
    if found is None:
        if re.match(r"vol(?:ume)?\b", said, re.IGNORECASE):
            yield Repair("volume-joined", "volume", said)
        return
    fields: dict[str, str | None] = {"volume": found["volume"]}
    number, year = found["number"], found["year"]
    known = source.plain.get("number", "") or source.plain.get("issue", "")
    agrees = (not number or known in ("", number)) and (not year or source.year in ("", year))
    if number and not known:
        fields["number"] = number
    if year and not source.year:
        fields["year"] = year
    yield Repair("volume-joined", "volume", said, fields if agrees else {})


def is_issn(text: str) -> bool:
    """Return whether ``text`` is an ISSN: eight signs, the last the check digit (ISO 3297)."""
    signs = text.replace("-", "").replace("\u2013", "").strip().upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", signs):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(signs[:7], range(8, 1, -1), strict=True))
    return "0123456789X"[-total % 11] == signs[7]


def _isbn(source: Source) -> Iterator[Repair]:
    said = source.plain.get("isbn", "").strip()
    if not re.fullmatch(r"[0-9]{4}[-\u2013]?[0-9]{3}[0-9Xx]", said):
        return
    if not is_issn(said):
        yield Repair("isbn-too-short", "isbn", said)
        return
    known = source.plain.get("issn", "")
    fields: dict[str, str | None] = {"isbn": None}
    if not known:
        fields["issn"] = source.fields["isbn"]
    same = not known or known.replace("-", "").upper() == said.replace("-", "").upper()
    yield Repair("isbn-is-issn", "isbn", said, fields if same else {})


def _journal(source: Source) -> Iterator[Repair]:
    name = "journaltitle" if source.plain.get("journaltitle") else "journal"
    said = source.plain.get(name, "").strip()
    if source.type.lower() == "article" and _INSTITUTION.match(said) and not _PERIODICAL.search(said):
        yield Repair("journal-is-institution", name, said)
    elif said and said.casefold() == source.title.casefold():
        yield Repair("journal-is-title", name, said)
