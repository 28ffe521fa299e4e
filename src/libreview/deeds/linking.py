"""Libraries outside of the review that are read along: linking one, taking its name out, and finding its sources again.

A linked library is never written. Of its cited sources the review keeps the DOI in `REMEMBERED`, a line each, so that a source
whose key was changed there is found again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from libreview.disk import files, libraries, settings
from libreview.disk.settings import FILE, LIBRARY_NAME, Library
from libreview.findings import checks
from libreview.model import Change, Create, Edit, Source
from libreview.review import Review
from libreview.texts import differences, keys, toml
from libreview.texts.folding import fold
from libreview.texts.formats import bibtex
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_

__all__ = [
    "REMEMBERED",
    "Linking",
    "Row",
    "carry_out",
    "link",
    "own_difference",
    "rekeyed",
    "remembering",
    "rows",
    "unlink",
]

REMEMBERED = "sources/linked.toml"
"""Key and DOI of each cited source of a linked library, a line of TOML each. A line that cannot be read is left alone."""

_HEAD = """\
# DOIs of cited sources in linked libraries. They find a source again whose key was changed there.
"""
_LARGEST = 4 * 1024 * 1024
_PLAIN = frozenset(("library", "my library", "references", "export", "exported items", "bibliography", "refs"))
"""What so many libraries are called that the name of their folder says more."""


class Linking(Value, frozen=True):
    """What linking a library comes to: how many entries it has, and what another file has under equal keys.

    ``winners`` are the files that stand before it, ``same`` and ``differ`` count the entries under equal keys that they win.
    ``own``, ``before`` and ``after`` are the user's configuration: its place and content (None: there is no file).
    """

    library: Library
    entries: int
    winners: tuple[str, ...]
    same: int
    differ: int
    change: Change
    parsed: Mapping[bytes, Source]
    own: Path
    before: bytes | None
    after: bytes


class Row(Value, frozen=True):
    """A library that the review names: ``state`` is "linked", "missing", "not-linked" (for this folder) or "unknown"."""

    name: str
    path: str
    entries: int
    state: str


# Linking --------------------------------------------------------------------------------------------------------------


def link(review: Review, path: str = "", name: str = "") -> Linking:
    """Return what it takes to read the library at ``path`` along; without a path, the one the user knows as ``name``.

    Raises `Refused` if it is no file of BibTeX or lies in the review, `NotFound` or `Wrong` if the name means nothing or something else.
    """
    library = _library(review, path, name)
    place = Path(library.path).expanduser()
    data = _content(review, place, library.path)
    reading = bibtex.read(data, library.path)
    if not reading.sources:
        raise Refused(
            N_("There is no BibTeX entry in {path}"),
            N_("Export your library as BibTeX or BibLaTeX."),
            path=library.path,
        )
    own, before, after = libraries.with_library(library)
    winners, same = _overlap(review, library, reading.sources)
    change = Change((*_named(review, library.name), *_remembered(review, reading.sources)), f"link {library.name}")
    return Linking(
        library,
        len(reading.sources),
        tuple(sorted(winners)),
        same,
        winners.total() - same,
        change,
        {chunk.digest: one for chunk, one in zip(reading.chunks, reading.sources, strict=True)},
        own,
        before,
        after,
    )


def _library(review: Review, path: str, name: str) -> Library:
    """Return the library that is meant, linked to this review as well."""
    known = review.user.libraries
    if name and not LIBRARY_NAME.fullmatch(name):
        raise Wrong(N_('"{name}" cannot be the name of a library'), N_("Take letters, digits and hyphens."), name=name)
    if not path:
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise NotFound(
                N_('You know no library "{name}" on this machine'), N_("libreview link PATH --name {name}"), name=name
            )
        return libraries.extended(found, review.root)
    shown = libraries.shown(Path(path).expanduser())
    if not shown.endswith(".bib"):
        raise Refused(
            N_("{path} is not a .bib file"),
            N_("Let Zotero, JabRef, ... keep one up to date: BibTeX or BibLaTeX."),
            path=shown,
        )
    there = next((one for one in known if one.path == shown and name in ("", one.name)), None)
    if there is not None:
        return libraries.extended(there, review.root)
    name = name or _name_for(Path(path), {one.name for one in known})
    other = next((one for one in known if one.name == name), Library(name, shown))
    elsewhere = [
        one for one in other.reviews if not libraries.is_linked_to(replace(other, reviews=(one,)), review.root)
    ]
    if other.path != shown and elsewhere:
        raise Refused(
            N_('"{name}" is the name of another library: {path}'),
            N_("Give this one its own name: --name NAME"),
            name=name,
            path=other.path,
        )
    return libraries.extended(replace(other, path=shown), review.root)


def _name_for(path: Path, taken: Iterable[str]) -> str:
    """Return a free name for the library at ``path``, made of that of the file or, if it says little, of its folder."""
    stem = path.stem if path.stem.lower() not in _PLAIN else Path(os.path.abspath(path)).parent.name  # noqa: PTH100
    name = keys.file_name("-".join(fold(stem).split())) or "library"
    name = name if LIBRARY_NAME.fullmatch(name) else "library"
    number, free, used = 1, name, set(taken)
    while free in used:
        number += 1
        free = f"{name}-{number}"
    return free


def _content(review: Review, place: Path, shown: str) -> bytes:
    if place.resolve().is_relative_to(review.root.resolve()):
        raise Refused(
            N_("{path} lies in the review"),
            N_("What lies in sources/ is read anyway; libreview import takes a copy."),
            path=shown,
        )
    try:
        return files.content(place, shown=shown)
    except OSError as error:
        raise Refused(N_("{path} cannot be read: {reason}"), path=shown, reason=error.strerror or str(error)) from error


def _overlap(review: Review, library: Library, sources: Sequence[Source]) -> tuple[Counter[str], int]:
    """Return how many keys of a library each file that stands before it has as well, and how often both say the same."""
    before: dict[str, Source] = {}
    for one in review.sources():
        path = one.location.path
        if path not in review.linked or path < library.path:
            before.setdefault(one.key, one)
    both = [(before[one.key], one) for one in {one.key: one for one in sources}.values() if one.key in before]
    return Counter(first.location.path for first, _ in both), sum(checks.says_the_same(*pair) for pair in both)


def _named(review: Review, name: str) -> list[Edit]:
    """Return the edit that lets the review name a library; none if it does."""
    names = review.settings.libraries
    return [] if name in names else [settings.set_review(review.read(FILE), "libraries", ",".join((*names, name)))]


def own_difference(linking: Linking) -> str:
    """Return what linking changes in the user's configuration, as a unified diff."""
    same = linking.before == linking.after
    return "" if same else differences.unified({str(linking.own): (linking.before, linking.after)})


def carry_out(review: Review, linking: Linking) -> None:
    """Write the user's configuration, then the review's files. Raises `ReviewError`."""
    libraries.write(linking.own, linking.before, linking.after)
    if linking.change.edits:
        review.apply(linking.change, linking.parsed)
    else:
        review.settle()
        review.refresh()


def unlink(review: Review, name: str) -> Change:
    """Return the change that takes the name of a library out of the review. `NotFound` if it does not name it.

    The user's own configuration keeps it: `undo` brings it back as it was, and other reviews read it.
    """
    names = review.settings.libraries
    if name not in names:
        raise NotFound(
            N_('The review names no library "{name}"'),
            N_("libreview link shows those it names."),
            tuple(names),
            name=name,
        )
    rest = ",".join(one for one in names if one != name)
    return Change((settings.set_review(review.read(FILE), "libraries", rest),), f"link --remove {name}")


def rows(review: Review) -> tuple[Row, ...]:
    """Return the libraries that the review names, in its order, with how many sources each gives."""
    known = {one.name: one for one in review.user.libraries}
    given = Counter(one.path for one in review.listing())
    given.update(one.location.path for _, one in review.shadowed())
    gone = {problem.subject for problem in libraries.missing(review.linked)}
    found = []
    for name in review.settings.libraries:
        library = known.get(name)
        path = library.path if library else ""
        state = "unknown" if library is None else "not-linked" if path not in review.linked else "linked"
        found.append(Row(name, path, given[path], "missing" if path in gone and state == "linked" else state))
    return tuple(found)


# Sources whose key was changed there ----------------------------------------------------------------------------------


def _doi(source: Source) -> str:
    return source.get("doi").strip().lower().removeprefix("https://doi.org/").removeprefix("http://dx.doi.org/")


def _known_dois(review: Review) -> dict[str, str]:
    """Return the DOI of each source that was remembered, by key."""
    try:
        data = review.read(REMEMBERED) if review.exists(REMEMBERED) else b""
    except Refused:
        return {}
    found: dict[str, str] = {}
    for line in data.splitlines() if len(data) <= _LARGEST else ():
        if line.lstrip().startswith(b"#") or b"=" not in line:
            continue
        try:
            table = toml.read(line)
        except ValueError:  # what a merge left, or a hand: the other lines still say what they say
            continue
        found.update((key, value) for key, value in table.items() if isinstance(value, str))
    return found


def _remembered(review: Review, sources: Iterable[Source]) -> list[Edit | Create]:
    """Return the edits that keep the DOIs of those of ``sources`` that are cited or screened, as far as they are not kept yet."""
    cited = {key for excerpt in review.excerpts() for key in excerpt.keys}
    cited |= {note.source for note in review.notes()} | {decision.source for decision in review.decisions()}
    own = {one.key for one in review.sources() if one.location.path not in review.linked}
    return _kept(review, [one for one in sources if one.key in cited and one.key not in own])


def _kept(review: Review, sources: Iterable[Source]) -> list[Edit | Create]:
    dois = {one.key: doi for one in sources if (doi := _doi(one))}
    known = _known_dois(review) if dois else {}
    new = {key: doi for key, doi in dois.items() if known.get(key) != doi and (key + doi).isprintable()}
    lines = "".join(f"{toml.string(key)} = {toml.string(doi)}\n" for key, doi in new.items()).encode()
    if not lines:
        return []
    if not review.exists(REMEMBERED):
        return [Create(REMEMBERED, _HEAD.encode() + lines)]
    data = review.read(REMEMBERED)
    gap = b"" if not data or data.endswith(b"\n") else b"\n"
    return [Edit(REMEMBERED, len(data), len(data), b"", gap + lines)]


def remembering(review: Review, change: Change, sources: Iterable[Source]) -> Change:
    """Return ``change``, which cites ``sources``, with the DOIs of those that lie in linked libraries kept."""
    there = [one for one in sources if one.location.path in review.linked]
    more = _kept(review, there) if there and change.edits else []
    return replace(change, edits=(*change.edits, *more)) if more else change


def rekeyed(review: Review, sources: Iterable[Source]) -> dict[str, Source]:
    """Return the remembered keys that no source has now, with the one source of a linked library that has their DOI."""
    known = _known_dois(review) if review.linked else {}
    if not known:
        return {}
    by_doi: dict[str, list[Source]] = {}
    for one in sources:
        known.pop(one.key, None)
        if one.location.path in review.linked and (doi := _doi(one)):
            by_doi.setdefault(doi, []).append(one)
    return {key: by_doi[doi][0] for key, doi in known.items() if len(by_doi.get(doi, ())) == 1}
