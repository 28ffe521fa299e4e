"""What an entry takes over from the entries that its ``crossref`` and ``xdata`` name.

The rules are biblatex' (manual, appendix B): a book gives its title to a chapter as ``booktitle``, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["inherit", "parents"]

_NEVER = frozenset(
    {
        "crossref", "xref", "xdata", "entryset", "entrysubtype", "execute", "file", "ids", "keywords", "label",
        "options", "presort", "related", "relatedoptions", "relatedstring", "relatedtype", "shorthand",
        "shorthandintro", "sortkey", "sortname", "sorttitle", "verification", "unverified",
    }
)  # fmt: skip
_TITLES = frozenset({"title", "subtitle", "titleaddon", "shorttitle"})
_IN_BOOK = frozenset({"inbook", "incollection", "inproceedings", "conference", "inreference", "bookinbook", "suppbook"})
_MULTIVOLUME = frozenset({"mvbook", "mvcollection", "mvproceedings", "mvreference"})


def parents(fields: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    """Return the keys that ``fields`` inherit from, and for each whether it is data only (``xdata``)."""
    found = [(key.strip(), True) for key in fields.get("xdata", "").split(",")]
    found.append((fields.get("crossref", "").strip(), False))
    return tuple((key, data) for key, data in found if key)


def _title(name: str, child: str, parent: str) -> str:
    """Return the name under which a title of ``parent`` stands in ``child``; empty if it is not handed on."""
    if parent in _MULTIVOLUME:
        prefix = "main"
    elif child in _IN_BOOK or parent in ("book", "collection", "proceedings", "reference"):
        prefix = "book"
    elif parent == "periodical":
        prefix = "journal" if name in ("title", "subtitle") else ""
    else:
        prefix = ""
    return prefix + name if prefix and name != "shorttitle" else ""


def inherit(
    child: str, own: Mapping[str, str], parent: str, fields: Mapping[str, str], *, data: bool
) -> dict[str, str]:
    """Return what an entry of type ``child`` with the fields ``own`` takes over: name there -> name in ``fields``."""
    taken: dict[str, str] = {}
    for name in fields:
        if name in _NEVER or (name in ("date", "year") and ("date" in own or "year" in own)):
            continue
        target = name
        if not data and name in _TITLES:
            target = _title(name, child, parent)
        elif not data and name == "author" and child in ("inbook", "bookinbook", "suppbook") and "author" in own:
            target = "bookauthor"
        elif not data and name == "author" and child in ("inproceedings", "incollection", "conference"):
            target = ""
        if target and target not in own:
            taken[target] = name
    if "booktitle" in fields and "booktitle" in taken:
        taken["booktitle"] = "booktitle"  # BibTeX' own way: the parent says how it is to be named
    return taken
