"""The bibliography of a review, and how one source is cited."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from libreview.disk import files, pandoc, places, styles
from libreview.disk.index import Listed, Meant
from libreview.findings import bibliographies, citations
from libreview.findings.bibliographies import Bibliography, Cited, Entry
from libreview.model import Citation, Excerpt, Source
from libreview.review import Review
from libreview.texts import likeness, locators, notes
from libreview.value import Value, replace
from libreview.words.blocks import Text
from libreview.words.errors import NoChoice, NotFound, Refused, ReviewError
from libreview.words.i18n import N_

__all__ = [
    "NO_SOURCE",
    "Selected",
    "Wish",
    "annotated",
    "bibliography",
    "chapter_text",
    "cite",
    "locale_of",
    "references",
    "selected",
    "style_of",
]

_LOCALES = {"id": "id-ID", "en": "en-US", "de": "de-DE"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LARGEST = 64 * 1024 * 1024
NO_SOURCE = ("fig:", "tbl:", "eq:", "sec:", "lst:", "fig-", "tbl-", "eq-", "sec-", "lst-")
"""How the keys of pandoc-crossref and Quarto begin: figures and tables, not sources."""


class Wish(Value, frozen=True):
    """Which sources a list is to have, and what it says of each.

    ``query`` selects; ``everything`` takes sources that are not in the review, too; ``cited`` are the files of chapters:
    only what they cite. ``style`` and ``language`` are the review's if empty; ``by`` is one of `GROUPINGS` or empty;
    without ``annotations`` an entry is its reference (and with ``excerpts`` its excerpts).
    """

    query: str = ""
    everything: bool = False
    cited: tuple[Path, ...] = ()
    style: str = ""
    language: str = ""
    by: str = ""
    annotations: bool = True
    excerpts: bool = False


class Selected(Value, frozen=True):
    """The sources of a list, each key once; ``tags`` are the themes of each.

    ``unknown`` are cited keys that no source has, ``twice`` keys that more than one has: the first is listed.
    """

    sources: tuple[Source, ...]
    tags: Mapping[str, tuple[str, ...]]
    total: int
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def selected(review: Review, wish: Wish) -> Selected:
    """Return the sources that ``wish`` means: in the order of the chapters, else in that of the files.

    Raises `Refused` if there are none, `NotFound` if chapters cite only keys that no source has.
    """
    cited = _cited(review, wish.cited) if wish.cited else None
    rows: dict[str, Listed] = {}
    twice: dict[str, None] = {}
    for row in review.listing(wish.query):
        if rows.setdefault(row.key, row) is not row:
            twice[row.key] = None
    known = frozenset(review.source_keys())
    unknown: tuple[str, ...] = ()
    if cited is not None:
        found, unknown = cited
        keys = [key for key in found if key in rows]
    elif wish.everything:
        keys = list(rows)
    else:
        inside = review.in_review()
        keys = [key for key in rows if key in inside]
    if not keys:
        raise _nothing(wish, unknown, known, bool(rows), Meant() if rows else review.near(wish.query))
    sources = _sources(review, keys, len(rows), wish.query)
    tags = {key: rows[key].themes for key in keys}
    return Selected(sources, tags, len(known), unknown, tuple(key for key in twice if key in tags))


def _sources(review: Review, keys: Sequence[str], among: int, query: str) -> tuple[Source, ...]:
    if len(keys) * 8 < among:  # reading a few one by one is quicker
        return tuple(review.source(key) for key in keys)
    found: dict[str, Source] = {}
    for source in review.sources(query):
        found.setdefault(source.key, source)
    return tuple(found[key] for key in keys if key in found)


def _nothing(wish: Wish, unknown: Sequence[str], known: Collection[str], others: bool, meant: Meant) -> ReviewError:
    if wish.cited and unknown:
        near = tuple(dict.fromkeys(one for key in unknown for one in likeness.near(key, known, 1)))
        return NotFound(
            N_("No source has the keys that are cited: {keys}"),
            N_("libreview list shows the keys."),
            near[:5],
            keys=", ".join(f"@{key}" for key in unknown[:9]) + (", ..." if len(unknown) > 9 else ""),
        )
    if wish.cited and not wish.query:
        return Refused(
            N_("Nothing is cited in {files}"),
            N_("A citation is written [@key, p. 12]: libreview cite REF"),
            files=", ".join(str(path) for path in wish.cited),
        )
    if wish.query and (wish.cited or not others):
        hint, facts = next(iter(meant.sentences), ("", {}))
        return Refused(N_("No source is selected by: {query}"), hint, meant.terms, query=wish.query, **facts)
    if not others:
        return Refused(N_("There is no source yet"), N_("libreview import FILE.bib, or libreview add"))
    if wish.query:
        return Refused(
            N_("No source in the review is selected by: {query}"),
            N_("--all takes sources without excerpts and note card, too."),
            query=wish.query,
        )
    return Refused(
        N_("No source is in the review yet: none has an excerpt or a note card"),
        N_("Take an excerpt with libreview tag, or list every source with --all."),
    )


def _cited(review: Review, chapters: Iterable[Path]) -> tuple[list[str], tuple[str, ...]]:
    """Return the present keys of the sources that ``chapters`` cite, in order, and the cited keys that no source has."""
    keys: dict[str, None] = {}
    for path in chapters:
        keys.update(dict.fromkeys(notes.citations_in(chapter_text(path))))
    known = frozenset(review.source_keys())
    found: dict[str, None] = {}
    unknown = []
    for key in keys:
        if key in known:
            found[key] = None
            continue
        try:
            found[review.source(key).key] = None  # a former key
        except NotFound:
            if not key.startswith(NO_SOURCE):
                unknown.append(key)
    return list(found), tuple(unknown)


def chapter_text(path: Path) -> str:
    """Return the text of a chapter. `Refused` if it cannot be read or is no text."""
    try:
        data = files.content(path, _LARGEST)
    except OSError as error:
        raise Refused(N_("{path} cannot be read: {reason}"), path=path, reason=error.strerror or str(error)) from error
    if b"\0" in data[:4096]:
        raise Refused(
            N_("{path} is not a text"), N_("A chapter is Markdown, with citations like [@key, p. 12]."), path=path
        )
    return data.decode("utf-8-sig", "replace")


# References ------------------------------------------------------------------------------------------------------------


def references(
    review: Review, sources: Sequence[Source], style: styles.Style | None = None, language: str = ""
) -> dict[str, Text]:
    """Return the references of ``sources`` by key, in the order of the style; without one or the other, in the review's.

    Raises `NotFound` for a language or style that does not exist, `Refused` if pandoc cannot do it.
    """
    style = style or style_of(review)
    items = [citations.csl_item(source) for source in sources]
    locale = locale_of(style, language, review.settings.language)
    return pandoc.references(items, style.xml, locale, places.cache_folder() / "references")


def style_of(review: Review, wanted: str = "") -> styles.Style:
    """Return the style that the user ``wanted``, else the review's, which names no file outside of its folder.

    Raises as `styles.find` does.
    """
    return styles.find(wanted) if wanted else styles.find(review.settings.style, review.root)


def locale_of(style: styles.Style, wanted: str, usual: str) -> str:
    """Return the locale of references: the language asked for, else that which the style is made for, else the review's.

    That a style was made in English says nothing: most were, and they are used in every language.
    """
    if not wanted and style.locale and not style.locale.startswith("en"):
        return style.locale
    code = (wanted or usual).replace("_", "-")
    known = not wanted or code.split("-")[0].lower() in pandoc.LANGUAGES
    if not known or not _LANGUAGE.fullmatch(code):
        raise NoChoice(
            N_('There is no language "{name}"'),
            N_("A language is a code: id, en, de, ..."),
            likeness.near(code.lower()[:2], _LOCALES),
            name=code,
        )
    return _LOCALES.get(code, code)


def bibliography(review: Review, wish: Wish) -> Bibliography:
    """Return the bibliography that ``wish`` describes. Raises as `selected`, `references` and `styles.find` do."""
    if wish.by not in ("", *bibliographies.GROUPINGS):
        raise NoChoice(
            N_('Entries cannot be grouped by "{name}"'),
            N_("They can by {names}."),
            likeness.near(wish.by, bibliographies.GROUPINGS),
            name=wish.by,
            names=", ".join(bibliographies.GROUPINGS),
        )
    style = style_of(review, wish.style)
    locale_of(style, wish.language, review.settings.language)
    chosen = selected(review, wish)
    bare = _entries(review, wish, chosen)
    if not (style.numeric and wish.cited):
        bare.sort(key=lambda entry: bibliographies.by_author(entry.source))
    groups = bibliographies.grouped(bare, wish.by, review.codebook)
    # Numbers rise from group to group, so the references are given in the order of the groups.
    inside = {entry.source.key: entry.source for group in groups for entry in group.entries}
    printed = references(review, tuple(inside.values()), style, wish.language)
    rank = {key: at for at, key in enumerate(printed)}
    bare = [replace(entry, reference=printed.get(entry.source.key, ())) for entry in bare]
    bare.sort(key=lambda entry: rank.get(entry.source.key, len(rank)))
    return Bibliography(
        bibliographies.grouped(bare, wish.by, review.codebook),
        wish.by,
        style.title,
        len(bare),
        chosen.total,
        _citable(review, bare),
        _unprinted(bare),
        chosen.unknown,
        wish.annotations,
        chosen.twice,
    )


def _entries(review: Review, wish: Wish, chosen: Selected) -> list[Entry]:
    """Return the entries without their references."""
    book, ignore = review.codebook, review.settings.ignore_tags
    written = annotated(review, chosen.sources) if wish.annotations else {}
    below: dict[str, list[Excerpt]] = {}
    if wish.excerpts:
        for excerpt in review.excerpts(wish.query):
            for key in excerpt.keys:
                below.setdefault(key, []).append(excerpt)
    return [
        Entry(
            source,
            (),
            written.get(source.key, ""),
            bibliographies.ordered(chosen.tags[source.key], book, ignore),
            tuple(below.get(source.key, ())),
        )
        for source in chosen.sources
    ]


def annotated(review: Review, sources: Iterable[Source]) -> dict[str, str]:
    """Return the annotation of each source that has one, by key: that of its note card, in Markdown."""
    present: dict[str, str] = {}
    for source in sources:
        present[source.key] = source.key
        for former in source.get("ids").split(","):
            present.setdefault(former.strip(), source.key)
    found: dict[str, str] = {}
    for note in review.notes():
        key = present.get(note.source, "")
        if key and note.annotation.strip():
            found.setdefault(key, note.annotation)
    return found


def _citable(review: Review, entries: Iterable[Entry]) -> dict[str, Source]:
    """Return the sources that the excerpts of ``entries`` cite, by key."""
    found = {entry.source.key: entry.source for entry in entries}
    known = frozenset(review.source_keys())
    for key in {key for entry in entries for excerpt in entry.excerpts for key in excerpt.keys}:
        if key in known and key not in found:
            found[key] = review.source(key)
    return found


def _unprinted(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the fields with words for the reader that references leave out, and in how many each, most first."""
    counts: dict[str, int] = {}
    for entry in entries:
        for name in citations.unprinted(entry.source, entry.reference):
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


# One source ------------------------------------------------------------------------------------------------------------


def cite(review: Review, what: Source | Excerpt, locator: str = "", style: str = "", language: str = "") -> Cited:
    """Return how a source (at ``locator``) or an excerpt (where it stands) is cited.

    Raises `NotFound` for a style that does not exist, `Refused` for a locator or key that no citation can hold.
    """
    tongue = language or review.settings.language
    found = (Citation(what.key, locator=locators.parse(locator)),) if isinstance(what, Source) else what.citations
    written = tuple(
        replace(one, locator=replace(one.locator, text=locators.show(one.locator, tongue)))
        if one.locator.value or one.locator.text
        else one
        for one in found
    )
    keys = tuple(dict.fromkeys(one.key for one in found))
    known = frozenset(review.source_keys())
    sources = {key: review.source(key) for key in keys if key in known}
    chosen = style_of(review, style)
    return Cited(
        tuple(one.key for one in found),
        tuple(one.locator.text for one in written),
        notes.write_citation(written),
        citations.cite(found, sources, tongue),
        references(review, tuple(sources.values()), chosen, language),
    )
