"""Which source, excerpt or theme a person means: one rule everywhere.

Exact key (or id), then a unique beginning of one, then words of author, title and year; before a terminal also the number
in the last list and ``.`` for the last source.
"""

from __future__ import annotations

from collections.abc import Iterable

from libreview.disk.index import Listed
from libreview.model import Excerpt, Source, Theme
from libreview.review import Review
from libreview.texts.codebook import labelled, theme_id
from libreview.texts.folding import fold
from libreview.words.errors import NotFound, Refused
from libreview.words.i18n import N_

__all__ = ["Ambiguous", "either", "excerpt", "is_excerpt", "nothing_selected", "source", "theme"]

_SHOWN = 9


class Ambiguous(NotFound):
    """A name that several things answer to; ``near`` holds the first of them."""


_MORE_OF_KEY = N_("Type more of the key, or add the year or a word of the title.")
_MORE_OF_ID = N_("Type more of the id.")


def source(review: Review, ref: str, *, interactive: bool = False) -> Source:
    """Return the source that ``ref`` names; `NotFound`, or `Ambiguous` if it names several."""
    wanted = ref.strip().removeprefix("@")
    if interactive and wanted == ".":
        return _last(review)
    try:
        return review.source(wanted)
    except NotFound as error:
        missing = error
    keys = _beginning(wanted, review.source_keys())
    if interactive and not keys and wanted.isdecimal() and len(wanted) <= 6:
        listed = review.last_list()
        if 1 <= int(wanted) <= len(listed):
            return review.source(listed[int(wanted) - 1])
    keys = keys or _by_words(wanted, review.listing())
    if not keys:
        raise missing
    return review.source(_only(wanted, keys, _MORE_OF_KEY))


def _last(review: Review) -> Source:
    key = review.last_source()
    if not key:
        raise NotFound(N_("No source has been named yet"), N_("Name one by its key: libreview list"))
    return review.source(key)


def _beginning(wanted: str, names: Iterable[str]) -> list[str]:
    """Return the names that begin so; if several do only by capitals, those that do exactly."""
    if not wanted:
        return []
    low = wanted.lower()
    found = [name for name in names if name.lower().startswith(low)]
    exact = [name for name in found if name.lower() == low]
    return exact or [name for name in found if name.startswith(wanted)] or found


def _by_words(wanted: str, rows: Iterable[Listed]) -> list[str]:
    """Return the keys of the sources in whose authors, year and title every word begins a word."""
    words = fold(wanted).split()
    if not words:
        return []
    found = []
    for row in rows:
        text = fold(f" {row.names} {row.year} {row.title}")
        if all(word in text for word in words):
            said = " " + " ".join("".join(c if c.isalnum() else " " for c in text).split())
            if all(f" {word}" in said or f"-{word}" in text for word in words):
                found.append(row.key)
    return list(dict.fromkeys(found))


def _only(wanted: str, names: list[str], hint: str) -> str:
    if len(names) == 1:
        return names[0]
    raise Ambiguous(N_('"{ref}" fits {n} names'), hint, tuple(names[:_SHOWN]), ref=wanted, n=len(names))


def excerpt(review: Review, ref: str) -> Excerpt:
    """Return the excerpt with the id ``ref`` (``^`` or not) or the only one whose id begins so; `NotFound`, `Ambiguous`."""
    wanted = ref.strip().removeprefix("^").lower()
    ids = review.excerpt_ids()
    if wanted not in ids:
        found = _beginning(wanted, sorted(ids))
        if found:
            return review.excerpt(_only(wanted, found, _MORE_OF_ID))
    return review.excerpt(wanted)


def either(review: Review, ref: str, *, interactive: bool = False) -> Source | Excerpt:
    """Return the excerpt (``^id``, or an id that is no key) or the source that ``ref`` names."""
    return excerpt(review, ref) if is_excerpt(review, ref) else source(review, ref, interactive=interactive)


def is_excerpt(review: Review, ref: str) -> bool:
    """Return whether ``ref`` names an excerpt: ``^id``, or an id that is no key."""
    wanted = ref.strip()
    return wanted.startswith("^") or (wanted not in review.source_keys() and wanted.lower() in review.excerpt_ids())


def theme(review: Review, name: str) -> Theme:
    """Return the theme with this id or alias, the only one whose id begins so, or the one with this label."""
    book = review.codebook
    wanted = theme_id(name.strip().removeprefix("#"))
    id = book.resolve(wanted) if wanted else None
    if id is not None:
        return book.themes[id]
    found = list(labelled(book, name)) or _beginning(wanted, book.themes)
    if not found:
        raise review.no_theme(name)
    return book.themes[_only(name, found, _MORE_OF_ID)]


def nothing_selected(review: Review, query: str) -> Refused:
    """Return the error for a ``query`` that selects no excerpt, with what it may have meant or what the review has."""
    meant = review.near(query)
    hint, facts = next(iter(meant.sentences), (N_("libreview search tries a query."), {}))
    return Refused(N_("No excerpt is selected by: {query}"), hint, meant.terms, query=query, **facts)
