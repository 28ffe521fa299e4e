"""The commands that are interrupted, a row each, and the small review that they change."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ROWS", "Row", "make_place"]


@dataclass(frozen=True, slots=True)
class Row:
    """A writing command: how it is called, what is typed, and what has to be done before.

    ``before`` are commands, ``extra`` files by their path in the review; ``bare`` begins without a review. ``step`` is a command
    that does the first of several steps: what it leaves is allowed as well, since each step is a change of its own. ``own``
    changes a file of the user, not of the review: what is left beside it is tidied by the next command that does so.
    """

    name: str
    arguments: tuple[str, ...]
    typed: str = ""
    terminal: bool = False
    before: tuple[tuple[str, ...], ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    bare: bool = False
    step: tuple[str, ...] = ()
    own: bool = False


_RENAME = ("themes", "rename", "trade", "commerce")
_MANY = ("tag", "--query", "kind:quotation", "-t", "brand-new", "--new")
_DECIDED = '[[decision]]\nsource = "hartono2019"\nverdict = "include"\ncoder = "nadia"\n'
_LINK = ("link", "../library.bib", "--name", "elsewhere")
_DOUBLED = "> Ships came in the spring. [@hartono2019, p. 3] #trade ^k3f9q2\n\n- And in autumn. [@hartono2019, p. 4] #fair ^a81b2c\n"

ROWS = (
    Row("init", ("init", "--title", "New", "--language", "en"), bare=True),
    Row("add", ("add", "--type", "book", "--author", "Sukarno", "--title", "Sarinah", "--year", "1947")),
    Row("import", ("import", "../library.bib")),
    Row("import, two files", ("import", "../library.bib", "../other.bib")),
    Row("imports edit", ("imports", "edit", "1", "--database", "Scopus"), before=(("import", "../library.bib"),)),
    Row("note", ("note", "hartono2019", "--annotation", "On markets.", "--field", "method=survey")),
    Row("note, again", ("note", "wijaya2001", "--annotation", "Another view of it.")),
    Row("tag", ("tag", "wijaya2001", "-p", "13", "-t", "law", "-"), "Ports may sign papers of their own."),
    Row("tag, new card", ("tag", "hartono2019", "-p", "1", "-t", "fair", "-"), "Pasar itu ramai."),
    Row("tag --query", ("tag", "--query", "theme:trade", "-t", "law")),
    Row("tag --query --new", _MANY),
    Row("tag ^id", ("tag", "^k3f9q2", "-t", "fair", "--comment", "Seen twice.")),
    Row("untag", ("untag", "^k3f9q2", "-t", "trade")),
    Row("code", ("code",), "law\nq\n", terminal=True),
    Row("themes add", ("themes", "add", "harbour", "--parent", "trade", "--definition", "Where ships lie.")),
    Row("themes rename", _RENAME),
    Row("themes merge", ("themes", "merge", "fair", "law", "--into", "trade")),
    Row("themes move", ("themes", "move", "law", "--parent", "trade")),
    Row("themes remove", ("themes", "remove", "law", "--force")),
    Row("include", ("include", "--query", "has:excerpt")),
    Row("exclude", ("exclude", "hartono2019", "--reason", "no harbour"), extra={"sources/screening.toml": _DECIDED}),
    Row("rekey, screened", ("rekey", "hartono2019", "hartono"), extra={"sources/screening.toml": _DECIDED}),
    Row("rekey", ("rekey", "wijaya2001", "wijaya-mueller2001")),
    Row("link --name", ("link", "--name", "elsewhere"), before=(_LINK, ("link", "--remove", "elsewhere"))),
    Row("link --remove", ("link", "--remove", "elsewhere"), before=(_LINK,)),
    Row("remove", ("remove", "hartono2019", "--force")),
    Row("merge", ("merge", "wijaya2001", "wijaya2001a", "--prefer", "wijaya2001")),
    Row("check --fix", ("check", "--fix"), extra={"notes/copied.md": _DOUBLED}),
    Row("config", ("config", "question", "What do ports do?")),
    Row("config --user", ("config", "--user", "coder", "rina"), own=True),
    Row("undo", ("undo",), before=(_MANY,)),
    Row("undo 2", ("undo", "2"), before=(_MANY, ("untag", "^k3f9q2", "-t", "trade")), step=("undo",)),
    Row("undo of a rename", ("undo",), before=(_RENAME,)),
    Row("redo", ("redo",), before=(_MANY, ("undo",))),
)

_SETTINGS = 'title = "Two towns"\nlanguage = "en"\ncitation-style = "apa"\nnotes = ["notes"]\n'
_LIBRARY = """% kept by hand
@article{wijaya2001,
  author = {Wijaya, Rina and M{\\"u}ller, Jan},
  title = {Two harbours},
  journal = {Journal of Towns},
  year = {2001},
}

@book{hartono2019,
  author = {Hartono},
  title = {Pasar kota},
  year = 2019,
}
"""
_TWIN = "@article{wijaya2001a,\n  author = {Wijaya, Rina},\n  title = {Two harbours},\n  year = {2001},\n  volume = {4},\n}\n"
_CODEBOOK = """[trade]
label = { en = "Trade", id = "Perdagangan" }

[fair]
parent = "trade"
aliases = ["pameran"]

[law]
label = { en = "Law" }
"""
_CARD = """---
source: wijaya2001
---

A careful account.

> Two harbours signed a paper. [@wijaya2001, p. 12] #trade ^k3f9q2

Never published.

- Firms met at the fair. [@hartono2019, p. 3; @wijaya2001, p. 14] #pameran ^a81b2c

> Nobody counted them. [@wijaya2001, p. 15] ^c0d3d1
"""
_OLD_NOTE = "Reading\r\n\r\n> Trade came by sea. [@wijaya2001a, p. 2] #trade #law ^m4n5p6\r\n"
_LATER_NOTE = "Later.\n\n- The law came later. [@wijaya2001, p. 20] #law #trade\n"
_IMPORTED = "@book{nasution1998,\n  author = {Nasution, Amir},\n  title = {Kota pelabuhan},\n  year = {1998},\n}\n"
_OTHER = "@book{lubis2003,\n  author = {Lubis, Sari},\n  title = {Pasar malam},\n  year = {2003},\n}\n"


def make_place(place: Path, row: Row) -> Path:
    """Make a folder that holds a review and all that belongs to its user; return the review's folder."""
    review = place / "review"
    review.mkdir(parents=True)
    (place / "state").mkdir()
    (place / "cache").mkdir()
    (place / "config.toml").write_text('coder = "nadia"\n', "utf-8")
    (place / "library.bib").write_text(_IMPORTED, "utf-8")
    (place / "other.bib").write_text(_OTHER, "utf-8")
    if not row.bare:
        files = {
            "libreview.toml": _SETTINGS,
            "sources/library.bib": _LIBRARY,
            "sources/twin.bib": _TWIN,
            "notes/codebook.toml": _CODEBOOK,
            "notes/wijaya2001.md": _CARD,
            "notes/reading/old.md": _OLD_NOTE,
            "notes/reading/later.md": _LATER_NOTE,
            **row.extra,
        }
        for path, text in files.items():
            target = review / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
    return review
