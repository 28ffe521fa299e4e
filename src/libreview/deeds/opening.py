"""What of a source can be opened: its attachment, its web address, its note card. Nothing is started here.

Attachments are read in the forms of biblatex, JabRef, Mendeley and Zotero: a path, or ``description:path:type``, several
of them separated by semicolons, with backslashes before signs that mean something.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from libreview.disk.launching import mounted
from libreview.model import Source
from libreview.review import Review
from libreview.words.errors import NotFound
from libreview.words.i18n import N_

__all__ = ["attachment", "attachments", "card", "is_outside", "library", "url"]

_BACKSLASH = re.compile(r"\{?\\?\$\}?\\backslash\{?\\?\$\}?|\\textbackslash(?:\{\}|\s)?")
_ESCAPED = re.compile(r"\\([:;\\{}_&#%$])")
_MARK = "\0"
_ADDRESS = re.compile(r"(?i)(?:https?|ftp)://")
_DRIVE = re.compile(r"[A-Za-z]")
_ZOTERO = re.compile(r"[A-Z0-9]{8}")
_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\S+)")


def attachments(source: Source) -> tuple[str, ...]:
    """Return the paths in the field ``file`` (or ``pdf``, ``localfile``) as they are meant, addresses left out."""
    text = source.get("file", "localfile", "pdf").strip()
    if not text:
        return ()
    text = _BACKSLASH.sub("\\\\", text)
    protected = _ESCAPED.sub(lambda match: f"{_MARK}{ord(match[1]):03d}", text)
    found = (_path(entry) for entry in protected.split(";"))
    return tuple(dict.fromkeys(path for path in found if path))


def _bare(text: str) -> str:
    return re.sub(f"{_MARK}(\\d{{3}})", lambda match: chr(int(match[1])), text).strip()


def _path(entry: str) -> str:
    """Return the path of one ``description:path:type``, ``:path:type``, ``path:type`` or ``path``."""
    whole = _bare(entry)
    if _ADDRESS.match(whole):
        return ""
    parts = entry.strip().split(":")
    if whole.lower().startswith("file:"):
        return unquote(urlsplit(whole).path)
    if len(parts) == 1:
        return whole
    if (
        len(parts[0]) == 1 and _DRIVE.fullmatch(parts[0]) and parts[1][:1] in ("\\", "/", _MARK)
    ):  # C:\a.pdf, C:\a.pdf:PDF
        return _bare(":".join(parts[:2]))
    if len(parts) == 2:
        first, second = map(_bare, parts)
        return second if "/" in second or "\\" in second or not Path(first).suffix else first
    inner = _bare(":".join(parts[1:-1]))
    return unquote(urlsplit(inner).path) if inner.lower().startswith("file://") else inner


def _places(review: Review, source: Source, path: str) -> list[Path]:
    """Return where ``path`` may lie: beside the .bib file, in the review, or, if it is absolute, there."""
    if path.startswith(("\\\\", "//")):
        return []  # a share on some server; naming it would already send the user's name there
    path = mounted(path).replace("\\", "/")
    there = source.location.path
    beside = (review.linked.get(there) or review.root / there).parent
    if Path(path).is_absolute() or path.startswith("~/"):
        return [Path(path).expanduser()]
    places = [
        beside / path,
        review.root / path,
        review.root / "sources" / path,
        review.root / "sources" / "files" / path,
    ]
    if path.lower().startswith(("home/", "users/", "mnt/")):  # Mendeley takes the first slash away
        places.append(Path("/") / path)
    return places


def attachment(review: Review, source: Source) -> Path:
    """Return the first attachment of ``source`` that is there; `NotFound` if it has none or none is where it says."""
    named = (source.get("file").strip(), *attachments(source))
    for path in dict.fromkeys(path for path in named if path and "\0" not in path):
        for place in _places(review, source, path):
            try:
                if place.is_file():
                    return place.absolute()
            except OSError:  # a path that no system can have
                continue
    if len(named) > 1:
        raise NotFound(
            N_("The attachment of {key} is not there: {path}"),
            N_("Put it there, or correct the field file: libreview edit {key}"),
            key=source.key,
            path=named[1],
        )
    raise NotFound(
        N_("{key} has no attachment"),
        N_("libreview open {key} --url opens its address.")
        if source.get("url", "doi")
        else N_("Name it in the field file: libreview edit {key}"),
        key=source.key,
    )


def is_outside(review: Review, place: Path) -> bool:
    """Return whether ``place`` lies, or leads, out of the review."""
    return not place.resolve().is_relative_to(review.root.resolve())


def library(place: Path) -> Path:
    """Return the folder that a person means by "such files": that of the file, or the storage that Zotero keeps it in."""
    folder = place.resolve().parent
    return folder.parent if _ZOTERO.fullmatch(folder.name) and folder.parent.name == "storage" else folder


def url(source: Source) -> str:
    """Return the web address of ``source``: ``url``, else the DOI's, else that of its eprint; `NotFound` if it has none."""
    address = source.get("url").replace("\\_", "_").replace("\\%", "%").replace("\\&", "&").replace("\\#", "#")
    if address.startswith("\\url{"):
        address = address[5:].removesuffix("}")
    if _ADDRESS.match(address):
        return address
    doi = _DOI.fullmatch(source.get("doi").replace("\\_", "_").strip())
    if doi:
        return f"https://doi.org/{doi[1]}"
    if source.get("eprint") and source.get("eprinttype", "archiveprefix").lower() == "arxiv":
        return f"https://arxiv.org/abs/{source.get('eprint')}"
    if address:
        return address if "://" in address else f"https://{address}"
    raise NotFound(N_("{key} has no web address"), N_("Name it in the field url: libreview edit {key}"), key=source.key)


def card(review: Review, source: Source) -> Path:
    """Return the note card of ``source``; `NotFound` if it has none."""
    found = review.cards(source.key)
    if not found:
        raise NotFound(N_("{key} has no note card yet"), N_("libreview note {key} makes one."), key=source.key)
    return review.root / found[0].path
