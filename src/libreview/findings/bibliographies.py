"""The annotated bibliography as a finding: entries with what belongs to them, and the groups they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from libreview.findings.citations import csl_item
from libreview.model import Codebook, Excerpt, Source, Theme
from libreview.texts import names
from libreview.value import Value, replace
from libreview.words.blocks import Text

__all__ = ["GROUPINGS", "KINDS", "Bibliography", "Cited", "Entry", "Group", "by_author", "grouped", "kind", "ordered"]

GROUPINGS = ("type", "theme", "year")

KINDS = ("books", "journals", "proceedings", "theses", "reports", "laws", "news", "internet", "other")
"""The groups of a bibliography by type, in their order."""

_KINDS = {
    "book": "books", "chapter": "books", "entry-encyclopedia": "books", "pamphlet": "books",
    "article-journal": "journals", "periodical": "journals", "review": "journals",
    "paper-conference": "proceedings", "speech": "proceedings",
    "thesis": "theses",
    "report": "reports", "standard": "reports",
    "legislation": "laws", "legal_case": "laws",
    "article-newspaper": "news", "article-magazine": "news",
    "webpage": "internet",
}  # fmt: skip
_LAWS = frozenset(("legislation", "legal", "statute", "law"))  # as items they may be books


class Entry(Value, frozen=True):
    """A source with its formatted reference, its annotation (Markdown), its themes and the excerpts to print below it."""

    source: Source
    reference: Text = ()
    annotation: str = ""
    themes: tuple[Theme, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()


class Group(Value, frozen=True):
    """Entries below one heading. ``name`` is a row of `KINDS`, a year, the id of a theme, or empty for those that have none."""

    name: str
    entries: tuple[Entry, ...]
    theme: Theme | None = None
    depth: int = 0


class Bibliography(Value, frozen=True):
    """Groups of entries, each group in the order of the style.

    ``sources`` counts what is listed (each source once), ``total`` all there are; ``unprinted`` says of each field that
    the style leaves out in how many references; ``unknown`` are keys that a chapter cites and no source has;
    ``twice`` are keys that more than one source has, of which the first is listed; ``themes`` says whether the themes of
    an entry are to be printed.
    """

    groups: tuple[Group, ...]
    by: str
    style: str
    sources: int
    total: int
    cited: Mapping[str, Source] = {}
    unprinted: Mapping[str, int] = {}
    unknown: tuple[str, ...] = ()
    themes: bool = True
    twice: tuple[str, ...] = ()

    @property
    def annotated(self) -> bool:
        """Whether any entry has an annotation."""
        return any(entry.annotation for group in self.groups for entry in group.entries)


class Cited(Value, frozen=True):
    """How a source or excerpt is cited: in a note (Pandoc), in running text, and in the list of references, by key."""

    keys: tuple[str, ...]
    locators: tuple[str, ...]
    markdown: str
    text: str
    references: Mapping[str, Text]


def kind(source: Source) -> str:
    """Return the row of `KINDS` that ``source`` stands in."""
    if source.type.lower() in _LAWS:
        return "laws"
    return _KINDS.get(str(csl_item(source)["type"]), "other")


def by_author(source: Source) -> tuple[str, str, str]:
    """Return a sort key: author, year, title; a source without author is sorted by its title."""
    people = " ".join(names.sort_key(person) for person in source.authors)
    return (people or source.title.casefold(), source.year, source.title.casefold())


def ordered(themes: Iterable[str], codebook: Codebook, ignore: Iterable[str] = ()) -> tuple[Theme, ...]:
    """Return the themes that tags name, each once, in the order of the codebook; what is not in it comes last."""
    resolved = {codebook.resolve(tag) or tag for tag in themes} - set(ignore)
    known = [theme for theme, _ in codebook.tree() if theme.id in resolved]
    return (*known, *(Theme(tag) for tag in sorted(resolved - codebook.themes.keys())))


def grouped(entries: Sequence[Entry], by: str, codebook: Codebook) -> tuple[Group, ...]:
    """Return ``entries`` in groups by "type", "theme" or "year"; by "" in one group. The order within each stays."""
    if not by:
        return (Group("", tuple(entries)),) if entries else ()
    if by == "theme":
        return _by_theme(entries, codebook)
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(kind(entry.source) if by == "type" else entry.source.year, []).append(entry)
    rank = {name: at for at, name in enumerate(KINDS)}
    order = sorted(found, key=lambda name: (name == "", rank.get(name, 0), name))
    return tuple(Group(name, tuple(found[name])) for name in order)


def _by_theme(entries: Sequence[Entry], codebook: Codebook) -> tuple[Group, ...]:
    """Return a group for each theme in use, at its depth in the tree: a source stands below each of its themes.

    There it has the excerpts of that theme only.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for id in [theme.id for theme in entry.themes] or [""]:
            own = tuple(one for one in entry.excerpts if id in {codebook.resolve(tag) or tag for tag in one.coded})
            found.setdefault(id, []).append(replace(entry, excerpts=own) if id else entry)
    tree = {theme.id: (theme, depth) for theme, depth in codebook.tree()}
    needed = set(found)
    for id in found:  # a theme without entries of its own still heads those below it
        above = codebook.themes[id].parent if id in codebook.themes else ""
        while above in codebook.themes and above not in needed:
            needed.add(above)
            above = codebook.themes[above].parent
    known = [Group(id, tuple(found.get(id, ())), theme, depth) for id, (theme, depth) in tree.items() if id in needed]
    rest = [Group(id, tuple(found[id]), Theme(id)) for id in sorted(found) if id and id not in tree]
    last = [Group("", tuple(found[""]))] if "" in found else []
    return (*known, *rest, *last)
