"""What names a publication: DOI, arXiv number, ISBN, PubMed number, web address. Recognised as people type and paste them.

DOI: ISO 26324 and the DOI handbook, section 2; ISBN: ISO 2108, with its check digit; arXiv: "Understanding the arXiv identifier"
(both schemes, before and since April 2007).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from libreview.value import Value
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["Identifier", "Kind", "isbn", "of_record", "recognised"]

Kind = Literal["doi", "arxiv", "isbn", "pmid", "web"]
_LONGEST = 2_000
_NAMES = {"doi": "DOI", "arxiv": "arXiv", "isbn": "ISBN", "pmid": "PMID", "web": ""}

_DOI = re.compile(r"(?:doi\s*[:=]?\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv\s*[:=]?\s*)?(\d{4}\.\d{4,5}(?:v\d+)?|[a-z][a-z-]{1,15}(?:\.[A-Za-z]{2})?/\d{7}(?:v\d+)?)", re.IGNORECASE
)
_PMID = re.compile(r"(?:pmid|pubmed)\s*[:=]?\s*0*([1-9]\d{0,8})", re.IGNORECASE)
_ISBN = re.compile(r"(isbn(?:-1[03])?\s*[:=]?\s*)?([\d -]{3,20}[\dX])", re.IGNORECASE)
_ISBNS = re.compile(r"(?<!\d)(?:97[89][ -]?)?(?:\d[ -]?){9}[\dX](?![\dX])", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"\xa0": " "})
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_BARE_ADDRESS = re.compile(
    r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,18}(?::\d+)?/\S*|www\.\S+\.\S+", re.IGNORECASE
)
_DOI_HOSTS = frozenset(("doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net"))
_ARXIV_HOSTS = frozenset(("arxiv.org", "www.arxiv.org", "export.arxiv.org"))
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid", re.IGNORECASE)
_PARTS = frozenset(
    ("inbook", "incollection", "inproceedings", "suppbook", "suppcollection", "inreference", "conference", "bookinbook")
)
"""Types that carry the ISBN of the book which they stand in."""
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


class Identifier(Value, frozen=True):
    """A publication's name in the register ``kind``: a DOI, an arXiv number with its version, thirteen digits, a web address."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        return f"{_NAMES[self.kind]} {self.value}".strip()

    @property
    def same(self) -> tuple[str, str]:
        """What two identifiers of one publication have in common: no case, version, or part of an address that says nothing."""
        value = self.value
        if self.kind == "doi":
            value = value.lower()
            if value.startswith("10.48550/arxiv."):
                return "arxiv", re.sub(r"v\d+$", "", value.removeprefix("10.48550/arxiv."))
        elif self.kind == "arxiv":
            value = re.sub(r"v\d+$", "", value.lower())
            if "/" in value:  # math.GT/0309136 is math/0309136
                value = re.sub(r"\.[a-z]{2}(?=/)", "", value)
        elif self.kind == "web":
            value = _same_address(value)
        return self.kind, value


def recognised(text: str) -> Identifier | None:
    """Return what ``text`` names; None if it is no identifier. Raises `Refused` for an ISBN whose check digit is wrong."""
    text = text.strip().strip("<>\"'“”").strip()
    if not text or len(text) > _LONGEST or not text.isprintable():
        return None
    if _ADDRESS.match(text):
        return _of_address(text)
    if found := _DOI.fullmatch(text):
        return Identifier("doi", _trimmed(found[1]))
    if re.match(r"(?:dx\.)?doi\.org/|arxiv\.org/|pubmed\.ncbi\.", text, re.IGNORECASE):
        return _of_address(f"https://{text}")
    if found := _ARXIV.fullmatch(text):
        return Identifier("arxiv", _arxiv(found[1]))
    if found := _PMID.fullmatch(text):
        return Identifier("pmid", found[1])
    if found := _ISBN.fullmatch(text.translate(_DASHES)):
        return _book(found[2], named=bool(found[1]))
    if _BARE_ADDRESS.fullmatch(text):
        return _of_address(f"https://{text}")
    return None


def of_record(type: str, fields: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the identifiers (as `Identifier.same` gives them) in the decoded ``fields`` of a record of ``type``."""
    found: list[Identifier | None] = []
    doi = fields.get("doi", "").strip()
    if named := _DOI.fullmatch(doi):
        found.append(Identifier("doi", _trimmed(named[1])))
    found.extend(
        _of_address(one) for one in (doi, fields.get("url", "").strip()) if _ADDRESS.match(one) and len(one) <= _LONGEST
    )
    if type.lower() not in _PARTS:
        found.extend(Identifier("isbn", digits) for digits in _isbns(fields.get("isbn", "")))
    eprint = fields.get("eprint", "").strip()
    system = (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip().lower()
    if eprint and system in ("", "arxiv") and (match := _ARXIV.fullmatch(eprint)):
        found.append(Identifier("arxiv", _arxiv(match[1])))
    for number in (fields.get("pmid", ""), eprint if system in ("pubmed", "pmid") else ""):
        if number.strip().isascii() and number.strip().isdigit():
            found.append(Identifier("pmid", number.strip().lstrip("0")))
    return frozenset(one.same for one in found if one is not None)


# Books ----------------------------------------------------------------------------------------------------------------


def isbn(text: str) -> str:
    """Return the thirteen digits of an ISBN of ten or thirteen; empty if ``text`` is none, or its check digit is wrong."""
    signs = re.sub(r"[ -]", "", text.translate(_DASHES)).upper()
    if re.fullmatch(r"\d{9}[\dX]", signs):
        digits = [10 if sign == "X" else int(sign) for sign in signs]
        if sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11:
            return ""
        signs = "978" + signs[:9]
        return signs + str(-_weighted(signs) % 10)
    if re.fullmatch(r"97[89]\d{10}", signs):
        return "" if _weighted(signs) % 10 else signs
    return ""


def _weighted(digits: str) -> int:
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))


def _isbns(text: str) -> list[str]:
    text = text.translate(_DASHES)[:_LONGEST]
    return [digits for found in _ISBNS.findall(text) if (digits := isbn(found))]


def _book(text: str, *, named: bool) -> Identifier | None:
    signs = re.sub(r"[ -]", "", text)
    digits = isbn(signs)
    if digits:
        return Identifier("isbn", digits)
    if len(signs) == 10 or (len(signs) == 13 and (named or signs.startswith(("978", "979")))) or named:
        raise Refused(
            N_("{isbn} is no ISBN: the digits do not agree with the last one"),
            N_("Look at the book again; one of them was mistyped."),
            isbn=text.strip(),
        )
    return None


# Numbers of registers -------------------------------------------------------------------------------------------------


def _arxiv(text: str) -> str:
    """Return an arXiv number with archive and version in lower case: ``math.GT/0309136v1``."""
    archive, slash, number = text.rpartition("/")
    if not slash:
        return text.lower()
    name, dot, topic = archive.partition(".")
    return f"{name.lower()}{dot}{topic.upper()}/{number.lower()}"


def _trimmed(doi: str) -> str:
    """Return a DOI without the signs of the sentence it stood in."""
    while doi:
        last = doi[-1]
        if last in ".,;:\"'”’" or (last in _PAIRS and doi.count(last) > doi.count(_PAIRS[last])):
            doi = doi[:-1]
        else:
            break
    return doi


def _of_address(text: str) -> Identifier | None:
    """Return what a web address leads to: a record of a register, else a page."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        _ = parts.port  # ValueError for one that is none
    except ValueError:
        return None
    if not host or " " in text or parts.username is not None or not re.fullmatch(r"[\w.:-]+", host):
        return None
    path = unquote(parts.path)
    if host in _DOI_HOSTS and (found := _DOI.fullmatch(path.strip("/"))) and path.isprintable():
        return Identifier("doi", _trimmed(found[1]))
    if host in _ARXIV_HOSTS:
        number = re.sub(r"^/(?:abs|pdf|html|format)/|(?:\.pdf)?/?$", "", path, flags=re.IGNORECASE)
        if found := _ARXIV.fullmatch(number):
            return Identifier("arxiv", _arxiv(found[1]))
    if (host == "pubmed.ncbi.nlm.nih.gov" and (found := re.fullmatch(r"/0*([1-9]\d{0,8})/?", path))) or (
        host.endswith("ncbi.nlm.nih.gov") and (found := re.fullmatch(r"/pubmed/0*([1-9]\d{0,8})/?", path))
    ):
        return Identifier("pmid", found[1])
    return Identifier("web", _address(parts))


def _address(parts: SplitResult) -> str:
    """Return an address in ASCII, with nothing in it that a program could take for something else."""
    host = parts.netloc
    if not host.isascii():
        name, colon, port = host.partition(":")
        try:
            host = name.encode("idna").decode() + colon + port
        except UnicodeError:
            host = quote(name) + colon + port
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    fragment = quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme.lower(), host.lower(), path, query, fragment))


def _same_address(address: str) -> str:
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.")
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    return f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}".rstrip("?")
