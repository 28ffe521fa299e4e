"""What goes along with a thesis, from the review: codings for R and Excel, the codebook, cards."""

from __future__ import annotations

from libreview.deeds import naming, reporting
from libreview.findings import appendices, summaries
from libreview.findings.appendices import Appendix, CardFile, Codings
from libreview.model import Excerpt, Source
from libreview.review import Review
from libreview.texts import likeness
from libreview.value import replace
from libreview.words.errors import NoChoice, Refused
from libreview.words.i18n import N_

__all__ = ["cards", "codebook", "codings"]


def _sources(review: Review) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for source in review.sources():
        found.setdefault(source.key, source)
    return found


def _excerpts(review: Review, query: str, everything: bool, sources: dict[str, Source]) -> list[Excerpt]:
    """Return the excerpts that ``query`` selects, of sources in the review or of all. `Refused` if there are none."""
    inside = frozenset(sources) if everything else review.in_review()
    found = summaries.within(reporting.of_those_asked(review, query), sources, inside)
    if not found and query.strip():
        raise naming.nothing_selected(review, query)
    if not found:
        raise Refused(N_("There is no excerpt yet"), N_("Take an excerpt with libreview tag."))
    return found


def codings(review: Review, query: str = "", *, everything: bool = False) -> Codings:
    """Return who gave which themes to the excerpts that ``query`` selects. `Refused` if there are none."""
    taken = _excerpts(review, query, everything, _sources(review))
    return appendices.codings(taken, review.codebook, review.settings.ignore_tags)


def codebook(review: Review, examples: int = 0) -> Appendix:
    """Return the codebook with its examples, or where it names none the first ``examples`` excerpts. `Refused` if it is empty."""
    book = review.codebook
    if not book.themes:
        raise Refused(N_("The codebook has no theme yet"), "libreview themes add THEME")
    return appendices.appendix(review.excerpts(), book, _sources(review), examples, review.settings.ignore_tags)


def cards(review: Review, query: str = "", *, everything: bool = False, by: str = "source") -> CardFile:
    """Return the excerpts that ``query`` selects as cards. `NoChoice` for another grouping, `Refused` if there are none."""
    if by not in appendices.GROUPINGS:
        raise NoChoice(
            N_('Cards cannot be grouped by "{name}"'),
            N_("They can by {names}."),
            likeness.near(by, appendices.GROUPINGS),
            name=by,
            names=", ".join(appendices.GROUPINGS),
        )
    sources = _sources(review)
    taken = _excerpts(review, query, everything, sources)
    inside = frozenset(sources) if everything else review.in_review()
    found = appendices.card_file(taken, review.codebook, sources, inside, by, review.settings.ignore_tags)
    return replace(found, n=replace(found.n, collected=review.totals().sources))
