"""Findings about a review: each function asks the `Review` for values and hands them to `libreview.findings`."""

from __future__ import annotations

import shlex
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeVar

from libreview.deeds import inspecting, linking, naming
from libreview.findings import checks, summaries, tallies
from libreview.model import Codebook, Excerpt, Problem, Source
from libreview.review import Review, Totals
from libreview.texts import query as selection
from libreview.texts.codebook import theme_id
from libreview.value import Value, replace
from libreview.words.errors import REMARKS, ReviewError

__all__ = [
    "Counted",
    "Status",
    "concept_matrix",
    "counted",
    "frequency",
    "lines_of",
    "problems",
    "sources_table",
    "split_themes",
    "status",
    "summary",
]

# What is wrong ----------------------------------------------------------------------------------------------------------


def problems(review: Review, paths: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Return all that is wrong in the review (or in ``paths``: files and folders of it), by place, each thing once."""
    codebook = review.codebook
    sources = review.sources()
    alone = checks.relevant(review.problems(), codebook)
    between = checks.review_problems(
        sources, review.notes(), review.excerpts(), review.codings(), codebook, review.settings.ignore_tags,
        review.decisions(),
    )  # fmt: skip
    everything = (*alone, *between, *inspecting.file_problems(review))
    if review.linked:
        everything = tuple(_of_linked(review, everything, sources))
    found = [one for one in everything if not paths or any(_below(one.location.path, path) for path in paths)]
    return tuple(sorted(checks.each_once(found), key=lambda one: (one.location.path, one.location.line, one.code)))


def _of_linked(review: Review, found: Iterable[Problem], sources: Sequence[Source]) -> Iterator[Problem]:
    """Yield ``found`` as they concern a review with linked libraries, then the entries there that differ from its own.

    Of what is wrong in a linked library, only what lies in a source that notes use. A key that no source has any more may be
    another there now.
    """
    inside = review.in_review()
    used: dict[str, list[tuple[int, int]]] = {path: [(-1, -1)] for path in review.linked}
    for source in sources:  # in the order of the files
        if source.location.path in used and source.key in inside:
            used[source.location.path].append((source.location.start, source.location.end))
    rekeyed = linking.rekeyed(review, sources)
    for one in found:
        path, at = one.location.path, one.location.start
        if path in used and one.code != "library-unread":
            place = used[path][bisect_right(used[path], at, key=itemgetter(0)) - 1]
            if not place[0] <= at < place[1]:
                continue
        now = rekeyed.get(one.subject) if one.code == "unknown-source" else None
        facts = {"new": now.key, "path": now.location.path} if now else {}
        yield Problem("source-rekeyed", one.location, one.subject, facts) if now else one
    yield from checks.shadow_problems(review.shadowed())


def _below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def lines_of(review: Review, found: Iterable[Problem]) -> Mapping[tuple[str, int], str]:
    """Return the lines that problems speak of, as they stand in the files now, by path and number."""
    wanted: dict[str, set[int]] = {}
    for problem in found:
        if problem.code not in inspecting.WHOLE_FILES:
            wanted.setdefault(problem.location.path, set()).add(problem.location.line)
    lines = {}
    for path, numbers in wanted.items():
        try:
            content = review.read(path)
        except ReviewError:  # gone since it was read
            continue
        text = content.decode("utf-8", "backslashreplace")
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            if number in numbers:
                lines[path, number] = line
    return lines


# Where the review stands ------------------------------------------------------------------------------------------------


class Status(Value, frozen=True):
    """What is here and what comes next: ``next`` is a command, ``reason`` a code for why.

    ``unknown`` counts the tags that are not in the codebook.
    """

    title: str
    question: str
    totals: Totals
    problems: int
    unknown: int
    reason: str
    next: str


def status(review: Review) -> Status:
    """Return what is here, and the command that takes the review on."""
    totals = review.totals()
    found = problems(review)
    unknown = [problem for problem in found if problem.code == "unknown-theme"]
    if not totals.sources:
        step = ("no-sources", "libreview import FILE.bib")
    elif not totals.excerpts:
        key = review.last_source() or review.listing()[0].key
        step = ("no-excerpts", f"libreview tag {shlex.quote(key)} -p PAGE -t THEME")
    elif totals.uncoded:
        step = ("uncoded", "libreview code")
    elif unknown:
        often = max(unknown, key=lambda one: int(one.facts["times"]))
        step = ("unknown", "libreview check" if totals.themes else f"libreview themes add {shlex.quote(often.subject)}")
    else:
        step = ("coded", "libreview summary")
    wrong = sum(problem.code not in REMARKS for problem in found)
    return Status(review.settings.title, review.settings.question, totals, wrong, len(unknown), *step)


# What the coding adds up to ---------------------------------------------------------------------------------------------


class Counted(Value, frozen=True):
    """What a table counts: excerpts, sources by key, and the keys that are in the review."""

    excerpts: Sequence[Excerpt]
    sources: Mapping[str, Source]
    in_review: frozenset[str]
    codebook: Codebook


def counted(review: Review, query: str, everything: bool, depth: int = 0) -> Counted:
    """Return what ``query`` selects of the review; ``everything`` counts sources that are not in it, too.

    With ``depth`` the codebook has so many levels of themes, and deeper ones count for those above them.
    """
    inside = frozenset(review.source_keys()) if everything else review.in_review()
    if query.strip():
        inside &= review.counted(query)
    sources: dict[str, Source] = {}
    for source in review.sources():
        sources.setdefault(source.key, source)
    book = tallies.folded(review.codebook, depth)
    return Counted(summaries.within(of_those_asked(review, query), sources, inside), sources, inside, book)


def of_those_asked(review: Review, query: str) -> Sequence[Excerpt]:
    """Return the excerpts that ``query`` selects; if it asks for coders, with their codings alone."""
    found = review.excerpts(query)
    asked = selection.coders(selection.parse(query)) if "coder" in query.lower() else ()
    return tallies.of_coders(found, asked) if asked else found


Finding = TypeVar(
    "Finding",
    summaries.Frequency,
    summaries.ConceptMatrix,
    summaries.SourcesTable,
    summaries.Summary,
)


def _of_all(review: Review, finding: Finding) -> Finding:
    """Return ``finding`` with the number of all sources of the review beside those that it counts."""
    return replace(finding, n=replace(finding.n, collected=review.totals().sources))


def frequency(review: Review, query: str = "", *, everything: bool = False, depth: int = 0) -> summaries.Frequency:
    """Return how often each theme occurs."""
    n = counted(review, query, everything, depth)
    found = summaries.frequency(n.excerpts, n.codebook, n.in_review, review.settings.ignore_tags, n.sources)
    return _of_all(review, found)


def concept_matrix(
    review: Review, query: str = "", *, everything: bool = False, depth: int = 0
) -> summaries.ConceptMatrix:
    """Return which theme occurs in which source."""
    n = counted(review, query, everything, depth)
    return _of_all(
        review,
        summaries.concept_matrix(n.excerpts, n.codebook, n.sources, n.in_review, review.settings.ignore_tags),
    )


def sources_table(
    review: Review, query: str = "", *, everything: bool = False, fields: Sequence[str] = ()
) -> summaries.SourcesTable:
    """Return the synthesis matrix with ``fields`` of the note cards as columns (none: all that the cards have)."""
    n = counted(review, query, everything)
    found = summaries.sources_table(
        n.excerpts, review.codebook, n.sources, n.in_review, review.notes(), fields, review.settings.ignore_tags
    )
    return _of_all(review, found)


def split_themes(review: Review, words: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the themes that ``words`` begin with, and the query that the rest is. `NotFound` for an unknown theme."""
    themes: list[str] = []
    for at, word in enumerate(words):
        if ":" in word or '"' in word or word.startswith("(") or word.lower() == "not":
            return tuple(themes), " ".join(words[at:])
        tag = theme_id(word.removeprefix("#"))
        used = review.codebook.resolve(tag) is None and tag in review.used_tags()
        themes.append(tag if used else naming.theme(review, word).id)
    return tuple(themes), ""


def summary(
    review: Review, themes: Sequence[str] = (), query: str = "", *, everything: bool = False
) -> summaries.Summary:
    """Return the excerpts of ``themes`` (none: of all) and those below them, theme by theme."""
    n = counted(review, query, everything)
    found = summaries.theme_summary(
        n.excerpts, review.codebook, n.sources, n.in_review, themes, review.settings.ignore_tags
    )
    return _of_all(review, found)
