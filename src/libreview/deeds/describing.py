"""The description of a review in words: what its tables say, and the paragraphs as a document with its references."""

from __future__ import annotations

from libreview.deeds import chapters
from libreview.deeds.reporting import counted
from libreview.findings import descriptions
from libreview.findings.descriptions import Description, Tables
from libreview.review import Review
from libreview.value import replace
from libreview.words.errors import NotFound

__all__ = ["FORMS", "describe", "document", "tables"]

FORMS = tuple(form for form in chapters.FORMATS if form != "md")
"""The forms in which citations are formatted; the others keep them as ``[@key]``."""


def tables(review: Review, query: str = "", *, everything: bool = False) -> Tables:
    """Return the findings of the tables that a description speaks of, each of what ``query`` selects."""
    n = counted(review, query, everything)
    ignore = review.settings.ignore_tags
    totals = review.totals()
    others = () if len(n.excerpts) == totals.excerpts else review.excerpts()
    found = descriptions.tables(n.excerpts, n.codebook, n.sources, n.in_review, review.notes(), ignore, others)
    frequency = replace(found.frequency, n=replace(found.frequency.n, collected=totals.sources))
    return replace(found, frequency=frequency)


def describe(review: Review, query: str = "", *, everything: bool = False) -> Description:
    """Return what the tables of the review, or of what ``query`` selects, say."""
    return descriptions.description(tables(review, query, everything=everything), query)


def document(
    review: Review, text: str, form: str, title: str, language: str, reference: bytes | None = None
) -> bytes | None:
    """Return the Markdown ``text`` in one of `FORMS` with citations and references in the style of the review.

    None if that style is not at hand. Raises `Refused` if pandoc cannot do it.
    """
    try:
        return chapters.rendered(review, text, form, title, language=language, reference=reference).content
    except NotFound:
        return None
