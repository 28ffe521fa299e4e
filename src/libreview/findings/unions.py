"""Several records of one work made one: which fields are taken from which, and which contradict each other.

Two values that differ only in case, braces, white space or the way LaTeX writes a letter say the same, and so do names
whose parts are the same. What one record has and the one that is kept has not is taken over. Where they contradict
each other nothing is guessed, not even that the longer value is the better one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from libreview.model import Source
from libreview.texts import latex, names
from libreview.texts.folding import fold
from libreview.texts.formats.bibtex import INHERITING, MONTHS, NAME_LISTS, REFERRING, VERBATIM, members
from libreview.value import Value

__all__ = ["Conflict", "Union", "group_of", "unite"]

_SAME = {
    "journal": "journaltitle", "address": "location", "school": "institution", "annote": "annotation",
    "archiveprefix": "eprinttype", "primaryclass": "eprintclass", "year": "date", "month": "date", "pdf": "file",
    "localfile": "file",
}  # fmt: skip
"""Names that BibTeX and biblatex give the same thing (biblatex manual, 2.2.5)."""

_DATE = ("date", "year", "month")
_LISTS = {"keywords": ",", "file": ";", "related": ",", "entryset": ","}
"""Fields that hold several things, and what stands between them: they are put together."""
_BOOKS = frozenset(
    {"timestamp", "creationdate", "modificationdate", "date-added", "date-modified", "owner", "groups", "added-at"}
)
"""What programs note for themselves: those of the record that is kept stay."""
_OUTSIDE = frozenset({"ids"})
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)")
_MONTHS = {name: f"{at:02d}" for at, name in enumerate(MONTHS, 1)}


class Conflict(Value, frozen=True):
    """A field about which records contradict each other: the keys of the records, and what each says of it."""

    field: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


class Union(Value, frozen=True):
    """What the kept record gets: ``fields`` (None: goes), what was ``taken`` (field, key), and what contradicts itself."""

    fields: Mapping[str, str | None]
    taken: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...]


class _Said(Value, frozen=True):
    """What a record says in one field: its raw values by name, a text to show, a text to compare."""

    names: Mapping[str, str]
    shown: str
    folded: str


def group_of(name: str) -> str:
    """Return the one name under which a field is compared."""
    low = name.strip().lower()
    return _SAME.get(low, low)


def unite(
    keep: Source,
    others: Sequence[Source],
    take: Mapping[str, str] | None = None,
    prefer: str = "",
    near: Collection[str] = (),
) -> Union:
    """Return how ``others`` are united into ``keep``.

    ``take`` says for a field (as `group_of` names it) whose value counts, ``prefer`` for all others that contradict
    themselves. ``near`` holds the keys of the file of ``keep``: only from there can it inherit.
    """
    records = [(keep.key, _said(keep, None)), *((other.key, _said(other, near)) for other in others)]
    fields: dict[str, str | None] = {}
    taken: list[tuple[str, str]] = []
    conflicts: list[Conflict] = []
    for group in dict.fromkeys(group for _, said in records for group in said):
        values = [(key, said[group]) for key, said in records if group in said]
        mine = records[0][1].get(group)
        chosen = _chosen(group, values, mine, (take or {}).get(group, ""), prefer)
        if chosen is None:
            shown = _each_once(values)
            of = tuple(key for key, _ in shown), tuple(said.shown for _, said in shown)
            conflicts.append(Conflict(_name(group, shown[0][1]), *of))
            continue
        key, said = chosen
        if said is mine:
            continue
        changes = _changes(group, keep, mine, said)
        if changes:
            fields.update(changes)
            taken.append((_name(group, said), key))
    return Union(fields, tuple(taken), tuple(conflicts))


def _name(group: str, said: _Said) -> str:
    """Return how the record calls what it says: ``year``, not ``date``."""
    return next(iter(said.names)) if len(said.names) == 1 else group


def _chosen(
    group: str, values: Sequence[tuple[str, _Said]], mine: _Said | None, take: str, prefer: str
) -> tuple[str, _Said] | None:
    """Return whose value counts, and the value; None if the values contradict each other and nothing decides."""
    by_key = dict(values)
    if take in by_key:
        return take, by_key[take]
    first = values[0]
    if all(said.folded == first[1].folded for _, said in values):
        return first
    if group in _LISTS:
        return _together(group, values)
    if mine is not None and (
        group in _BOOKS or (group == "date" and all(mine.folded.startswith(said.folded) for _, said in values))
    ):
        return first
    return (prefer, by_key[prefer]) if prefer in by_key else None


def _together(group: str, values: Sequence[tuple[str, _Said]]) -> tuple[str, _Said]:
    """Return the members of all lists, those of the first before the others."""
    key, first = values[0]
    mark = _LISTS[group]
    name, raw = next(iter(first.names)), mark.join(first.names.values())
    seen = {fold(part.strip()) for part in raw.split(mark)}
    giver = key
    for other, said in values[1:]:
        for part in (one for text in said.names.values() for one in text.split(mark)):
            if part.strip() and fold(part.strip()) not in seen:
                seen.add(fold(part.strip()))
                raw = f"{raw}{mark}{' ' if mark == ',' else ''}{part.strip()}" if raw.strip() else part.strip()
                giver = other if giver == key else giver
    return (giver, _Said({name: raw}, raw, "")) if giver != key else values[0]


def _changes(group: str, keep: Source, mine: _Said | None, said: _Said) -> dict[str, str | None]:
    """Return what becomes of the fields of ``keep`` when ``said`` counts."""
    own = [name for name in mine.names if name in keep.fields] if mine else []
    if group == "date":
        changes: dict[str, str | None] = {name: None for name in own if name not in said.names}
        return changes | dict(said.names)
    name, raw = next(iter(said.names.items()))
    target = own[0] if own else name
    changes = {target: raw}
    return changes | dict.fromkeys(own[1:])


def _each_once(values: Sequence[tuple[str, _Said]]) -> list[tuple[str, _Said]]:
    """Return ``values`` without those that say the same as one before."""
    found: dict[str, tuple[str, _Said]] = {}
    for key, said in values:
        found.setdefault(said.folded, (key, said))
    return list(found.values())


# What a record says ---------------------------------------------------------------------------------------------------


def _said(source: Source, near: Collection[str] | None) -> dict[str, _Said]:
    """Return what ``source`` says, by group.

    What it inherits counts as its own where it cannot be inherited any more, because its parents are not among ``near``;
    so does that of the record that is kept (None), to be compared.
    """
    raws = {name: raw for name, raw in source.fields.items() if raw.strip() and name not in _OUTSIDE}
    parents = [key for name in INHERITING for key in members(raws.get(name, ""))]
    lost = near is not None and not all(key in near for key in parents)
    if lost:
        raws = {name: raw for name, raw in raws.items() if name not in INHERITING}
    if lost or near is None:
        inherited = [name for name, text in source.plain.items() if text and name not in source.fields]
        raws |= {name: _raw(source, name) for name in inherited}
    found: dict[str, _Said] = {}
    dates = {name: raws[name] for name in _DATE if name in raws}
    for name, raw in raws.items():
        group = group_of(name)
        if group == "date":
            shown = " ".join(source.plain.get(one, "") for one in dates)
            found.setdefault(group, _Said(dates, shown, _date(source)))
            continue
        if group in found:
            found[group] = _Said({**found[group].names, name: raw}, found[group].shown, found[group].folded)
            continue
        found[group] = _Said({name: raw}, _shown(source, name, raw), _folded(source, name, raw))
    return found


def _raw(source: Source, name: str) -> str:
    """Return an inherited value as it would be written."""
    if name in source.people:
        return names.write(source.people[name])
    return source.plain[name] if name in VERBATIM else latex.encode(source.plain[name])


def _shown(source: Source, name: str, raw: str) -> str:
    return " ".join(source.plain.get(name, raw).split())


def _folded(source: Source, name: str, raw: str) -> str:
    """Return a text that is equal for values that say the same."""
    if name in NAME_LISTS and name in source.people:
        return "\n".join(
            "\t".join(_words((one.family, one.given, one.particle, one.suffix, one.literal)))
            for one in source.people[name]
        )
    text = fold(_shown(source, name, raw))
    if name == "doi":
        return _DOI.sub("", text, count=1)
    if name in ("isbn", "issn"):
        return re.sub(r"[\s-]", "", text)
    if name == "pages":
        return "-".join(part.strip() for part in text.split("-") if part.strip())
    if name in REFERRING:
        return ",".join(members(raw))
    return text.strip(" .") or text


def _words(parts: Iterable[str]) -> list[str]:
    return [" ".join(fold(part).split()) for part in parts]


def _date(source: Source) -> str:
    """Return the date as numbers, year first, as far as it goes."""
    if source.fields.get("date", "").strip() or not source.plain.get("year"):
        return fold(source.plain.get("date", "")).strip()
    year = fold(source.plain["year"]).strip()
    month = fold(source.plain.get("month", "")).strip()
    number = _MONTHS.get(month[:3]) or (month.zfill(2) if month.isdecimal() else "")
    return f"{year}-{number}" if number else year
