"""Whether two records are of one publication: points for what is the same, points off for what is different.

What a record does not say counts neither way. Some differences forbid that two records are put together without a person,
whatever else agrees: they are the contradictions.
"""

from __future__ import annotations

from libreview.findings.duplicates.comparing import near_pages, one_range, said
from libreview.findings.duplicates.features import Features
from libreview.findings.duplicates.places import is_meeting
from libreview.findings.duplicates.titles import is_generic
from libreview.value import Value

__all__ = ["AUTO", "HARD", "POINTS", "REVIEW", "Verdict", "judge"]

POINTS: dict[str, float] = {
    "title same": 5.0,
    "title close": 4.0,
    "title begins": 3.5,
    "title like": 2.5,
    "title short": 2.0,
    "title different": -5.0,
    "numbers different": -3.0,
    "part different": -1.0,
    "words different": -3.0,
    "kind different": -4.0,
    "doi same": 6.0,
    "doi shared": 1.0,
    "doi different": -3.0,
    "author same": 2.5,
    "author different": -3.0,
    "names same": 1.0,
    "names different": -2.0,
    "year same": 1.0,
    "year next": 0.0,
    "year near": -1.0,
    "year different": -3.0,
    "journal same": 2.0,
    "journal different": -2.5,
    "volume same": 1.5,
    "volume different": -2.5,
    "number same": 0.5,
    "number different": -1.0,
    "pages same": 3.0,
    "pages near": 1.0,
    "pages different": -3.0,
    "place same": 2.5,
    "range same": 3.0,
    "place different": -12.0,
    "abstract same": 3.0,
    "abstract different": -2.0,
    "isbn same": 0.5,
}
"""``title same`` is 0.97 and more, ``close`` 0.9, ``like`` 0.8; ``short``: under 25 letters; ``begins``: one goes on where
the other ends, and ``part different`` if it does so with a number. ``year next``: one apart, ``near``: two. ``place same``:
volume and first page together. ``range same``: titles that differ on the same pages by the same people, a translation.
``place different``: a title of many, elsewhere."""
AUTO = 9.0
"""Points from which two records are put together on request, if nothing contradicts."""
REVIEW = 6.0
"""Points from which a person is asked."""
_ELSEWHERE = 3.0
"""Points from which a person is asked about what has one title and one first author in two journals."""
HARD = frozenset(
    {"often", "numbers", "part", "kind", "volume", "year", "doi and pages", "journal", "title", "edition", "type"}
)
"""Contradictions that keep two records of a group apart even if others hold them together."""

_WHOLES = frozenset(
    ("book", "mvbook", "collection", "mvcollection", "proceedings", "thesis", "phdthesis", "mastersthesis")
)
"""What is not the same as something of another type with its title: a book and its chapter, a thesis and the article."""
_ELSEWHERE_SAID = frozenset(
    {"doi different", "number different", "volume different", "pages different", "year near", "year different"}
)
_WHOLE = frozenset({"title same", "author same", "names same", "year same", "journal same", "volume same"})
_LONG = 30
_FINE = frozenset(code for code in POINTS if not code.endswith((" different", " near", " next"))) | {"pages near"}
"""What contradicts nothing, whatever stands beside it."""
_NEARLY = 0.7
"""How alike titles are that are certainly not translations, nor of two texts in one place."""


class Verdict(Value, frozen=True, gc=False):
    """The points of a pair, what agrees or not, and what forbids to put the two together without a person."""

    points: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    likeness: float
    years: int = 0

    @property
    def alike(self) -> bool:
        """Whether a person should see the two although few points speak for it: they have a title and an author in common.

        Either the titles are the same, or they are alike and no field says that the two stand in different places, or
        one is the erratum or reply of the other.
        """
        said = set(self.reasons)
        if "often" in self.against or "author different" in said:
            return False
        if "kind" in self.against and not {"title same", "title begins", "title close"}.isdisjoint(said):
            return "journal same" in said and not {"author same", "names same"}.isdisjoint(said)
        if "author same" not in said:
            return False
        if "title same" in said:
            return "journal different" not in said or self.points >= _ELSEWHERE
        alike = not {"title close", "title like"}.isdisjoint(said)
        return alike and "year same" in said and _ELSEWHERE_SAID.isdisjoint(said) and "journal different" not in said


def judge(
    one: Features,
    other: Features,
    likeness: float,
    *,
    often: bool = False,
    shared: bool = False,
    crowded: bool = False,
) -> Verdict:
    """Return what speaks for and against ``one`` and ``other`` being of one publication; ``likeness`` is that of the titles.

    ``often``: their title is that of many publications; ``shared``: their DOI was given to different titles; ``crowded``:
    many things stand on their first page.
    """
    found = said(one, other, likeness, shared)
    has = set(found)
    whole = _one_place(one, other, has)
    if "title different" in has and whole and not crowded and (likeness >= _NEARLY or "number same" in has):
        has.add("range same")
        found.append("range same")
    against = _against(one, other, has, whole)
    if often and not _where_it_was(one, has):
        against.append("often")
        if not _ELSEWHERE_SAID.isdisjoint(has):
            found.append("place different")
    years = abs(one.year - other.year) if one.year and other.year else 0
    return Verdict(sum([POINTS[name] for name in found]), tuple(found), tuple(against), likeness, years)


def _one_place(one: Features, other: Features, has: set[str]) -> bool:
    """Return whether the two cannot but be one text: the same people on the same pages from the first to the last."""
    return (
        {"author same", "pages same", "journal same", "year same"} <= has
        and {"number different", "volume different", "doi different", "names different"}.isdisjoint(has)
        and one_range(one, other)
    )


def _where_it_was(one: Features, has: set[str]) -> bool:
    """Return whether two texts with a title of many stand at one place, as far as both say where."""
    if not {"number different", "journal different", "volume different", "pages different"}.isdisjoint(has):
        return False
    if "year next" in has and "number same" not in has:
        return False
    if is_generic(one.title) and {"number same", "doi same"}.isdisjoint(has):  # each issue has one, on its first pages
        return False
    if len(one.title) < _LONG:
        return {"pages same", "volume same"} <= has
    return "pages same" in has or {"volume same", "number same"} <= has


def _year_alone(one: Features, other: Features, has: set[str]) -> bool:
    """Return whether the years differ and nothing says that the place is the same: an abstract, and the article a year later.

    Proceedings of a meeting have no place, and the year of the meeting or the one after.
    """
    placed = not {"pages same", "pages near", "volume same"}.isdisjoint(has)
    return "year next" in has and not placed and not (is_meeting(one.journal) and is_meeting(other.journal))


def _against(one: Features, other: Features, has: set[str], whole: bool) -> list[str]:
    """Return what forbids that the two are put together without a person. ``whole``: they are on the very same pages."""
    if one.kind == other.kind and one.type == other.type and one.edition == other.edition and has <= _FINE:
        return []
    doi, pages = "doi same" in has, "pages same" in has
    sure = doi or "place same" in has or whole
    kinds = {one.kind, other.kind}
    known = {
        "edition": bool(one.edition and other.edition) and one.edition != other.edition,
        "type": one.type != other.type and not _WHOLES.isdisjoint((one.type, other.type)) and not pages,
        "kind": len(kinds) > 1 and not (sure and kinds == {"", "editorial"}),
        "doi and pages": {"doi different", "pages different"} <= has,
        "numbers": "numbers different" in has and not (doi and pages) and not whole,
        "part": "part different" in has and not sure,
        "words": "words different" in has and not sure,
        "volume": "volume different" in has and not doi and not {"pages same", "year same"} <= has,
        "number": "number different" in has and not doi and not pages,
        "year": not sure and (not {"year near", "year different"}.isdisjoint(has) or _year_alone(one, other, has)),
        "pages": "pages different" in has and not doi and not (has >= _WHOLE and near_pages(one, other)),
        "journal": "journal different" in has
        and not (pages or {"volume same", "number same"} <= has or (doi and "volume different" not in has)),
        "abstract": "abstract different" in has and not sure and not pages,
        "title": "title different" in has and not ("author same" in has and (doi or "range same" in has)),
    }
    return [name for name, holds in known.items() if holds]
