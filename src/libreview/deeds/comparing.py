"""Coders compared: how far they agree, and which excerpts wait for one of them."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence

from libreview.deeds import naming
from libreview.findings import coders, summaries
from libreview.model import Excerpt
from libreview.review import Review
from libreview.texts import likeness
from libreview.value import Value
from libreview.words.errors import NotFound, Refused, Wrong
from libreview.words.i18n import N_

__all__ = ["UNNAMED", "Waiting", "agreement", "sampled", "waiting"]

UNNAMED = "-"
"""How a coder without a name is called where coders are named."""
_SIZE = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*(%?)\s*", re.ASCII)


def agreement(
    review: Review,
    query: str = "",
    *,
    unit: coders.Unit = "excerpt",
    names: Sequence[str] = (),
    everything: bool = False,
) -> coders.Agreement:
    """Return how far coders (``names``; none: all) agree about what ``query`` selects.

    ``everything`` counts sources that are not in the review, too. Raises `Refused` if ``query`` selects nothing, if there
    are not two coders, or if no unit was coded by two of them, `NotFound` for a coder who coded nothing here, `Wrong` if only one is named.
    """
    inside = frozenset(review.source_keys()) if everything else review.in_review()
    if query.strip():
        inside &= review.counted(query)
    sources = {source.key: source for source in review.sources()}
    selected = review.excerpts(query)
    if query.strip() and not selected:
        raise naming.nothing_selected(review, query)
    excerpts = summaries.within(selected, sources, inside)
    chosen = _chosen(coders.coders_of(excerpts, review.codebook, review.settings.ignore_tags), names)
    found = coders.between(chosen, excerpts, review.codebook, unit, inside, review.settings.ignore_tags)
    if not found.units:
        raise _apart(chosen, unit, coders.meetings(chosen, excerpts, review.codebook, review.settings.ignore_tags))
    return found


def _apart(chosen: Sequence[str], unit: coders.Unit, met: coders.Meetings) -> Refused:
    """Return why there is nothing to compare: no two coded the same excerpt, not all did, or no source is behind it."""
    facts = {"coders": ", ".join(map(_called, chosen)), "coder": chosen[-1] or "budi", "unit": unit}
    code = N_("To code what others coded: libreview code --coder {coder}")
    if not met.shared and len(chosen) == 2:
        return Refused(N_("{coders}: no excerpt here is coded by both of them"), code, (), **facts)
    if not met.shared:
        return Refused(N_("{coders}: no excerpt here is coded by two of them"), code, (), **facts)
    if met.all:
        return Refused(
            N_("{coders}: the excerpts that all of them coded cite no source that is counted here"),
            N_("--all counts sources that are not in the review, too; libreview check lists keys that no source has."),
            (),
            **facts,
        )
    facts["two"] = ",".join(map(_called, met.together or ()))
    compare = N_("Compare those who have some in common: libreview agreement --unit {unit} --coders {two}")
    if met.apart is None:
        return Refused(
            N_("{coders}: no excerpt here is coded by all of them, which --unit source needs"), compare, (), **facts
        )
    facts |= {"first": _called(met.apart[0]), "second": _called(met.apart[1])}
    sentence = N_(
        "{coders}: no excerpt here is coded by all of them, which --unit source needs; none by both {first} and {second}"
    )
    return Refused(sentence, compare, (), **facts)


_TO_CODE = N_("To code them: libreview code --coder budi")


def _called(coder: str) -> str:
    return coder or UNNAMED


def _chosen(found: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the coders that ``names`` name (none: all that were ``found``), each once."""
    asked = tuple(dict.fromkeys("" if name == UNNAMED else name for name in names))
    for name in asked:
        if name not in found:
            raise NotFound(
                N_('No excerpt here is coded by "{name}"'),
                N_("Coders: {names}") if found else _TO_CODE,
                likeness.near(name, [one for one in found if one]),
                name=name or UNNAMED,
                names=", ".join(_called(one) for one in found),
            )
    if len(asked) == 1:
        raise Wrong(N_("Agreement needs two coders"), N_("Name two or more: --coders rina,budi"))
    if not found:
        raise Refused(
            N_("Nobody has coded these excerpts; agreement needs two coders"),
            _TO_CODE,
        )
    if len(found) == 1:
        raise Refused(
            N_("Only {coder} has coded these excerpts; agreement needs two coders")
            if found[0]
            else N_("Only one coder, who is not named, has coded these excerpts; agreement needs two coders"),
            N_("For another coder to code the same excerpts: libreview code --coder budi"),
            coder=found[0],
        )
    return asked or tuple(found)


# What waits for a coder -------------------------------------------------------------------------------------------------


class Waiting(Value, frozen=True):
    """The excerpts that a coder has not coded yet, of the ``drawn`` ones in a sample of the ``selected``."""

    excerpts: tuple[Excerpt, ...]
    drawn: int
    selected: int


def waiting(review: Review, coder: str, query: str = "", *, sample: str = "", seed: int = 0) -> Waiting:
    """Return the excerpts that ``query`` selects and ``coder`` has not coded; with ``sample``, of those drawn.

    Raises `Wrong` for a sample that is neither a number nor a percentage.
    """
    selected = review.excerpts(query)
    drawn = sampled(selected, sample, seed) if sample else selected
    return Waiting(tuple(one for one in drawn if not _coded_by(one, coder)), len(drawn), len(selected))


def _coded_by(excerpt: Excerpt, coder: str) -> bool:
    return any(one.coder == coder and one.themes for one in excerpt.codings)


def sampled(excerpts: Sequence[Excerpt], size: str, seed: int = 0) -> tuple[Excerpt, ...]:
    """Return ``size`` ("20%", "50") of the excerpts, in their order: the same ones for every coder who gives the same seed.

    What is drawn depends on the words and sources of an excerpt alone: not on its place or id, nor on what was coded meanwhile.
    """
    read = _SIZE.fullmatch(size)
    number = float(read[1].replace(",", ".")) if read else 0.0
    if not read or not number or (number > 100 if read[2] else number != int(number)):
        raise Wrong(
            N_('"{size}" is no size of a sample'),
            N_("Write a share or a number: --sample 20% or --sample 50"),
            size=size,
        )
    count = math.ceil(round(len(excerpts) * number / 100, 6)) if read[2] else int(number)
    order = sorted(range(len(excerpts)), key=lambda at: (_drawn(excerpts[at], seed), at))
    return tuple(excerpts[at] for at in sorted(order[:count]))


def _drawn(excerpt: Excerpt, seed: int) -> bytes:
    said = "\x1f".join((str(seed), *excerpt.keys, excerpt.locator, excerpt.text))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
