"""One source or excerpt with all that belongs to it."""

from __future__ import annotations

from libreview.deeds import bibliography
from libreview.findings import cards, checks
from libreview.model import Excerpt, Source
from libreview.review import Review
from libreview.words.blocks import Text
from libreview.words.errors import ReviewError

__all__ = ["excerpt_card", "reference", "source_card"]


def source_card(review: Review, source: Source) -> cards.SourceCard:
    """Return the source with its reference, problems, annotation, excerpts by page, and other notes that cite it."""
    problems = (*checks.relevant(review.problems(), review.codebook), *checks.source_problems([source]))
    return cards.source_card(
        source,
        review.cards(source.key),
        review.excerpts_of(source.key),
        review.codebook,
        problems,
        reference(review, source),
        review.decisions(source.key),
    )


def reference(review: Review, source: Source) -> Text:
    """Return the reference in the style and language of the review; nothing if the style or pandoc cannot give one."""
    try:
        return bibliography.references(review, [source]).get(source.key, ())
    except ReviewError:
        return ()


def excerpt_card(review: Review, excerpt: Excerpt) -> cards.ExcerptCard:
    """Return the excerpt with the sources that it cites and its themes."""
    known = set(review.source_keys())
    sources = {key: review.source(key) for key in excerpt.keys if key in known}
    return cards.excerpt_card(excerpt, sources, review.codebook)
