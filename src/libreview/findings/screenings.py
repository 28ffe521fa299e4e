"""How far screening is, and for which reasons sources were left out: the numbers that a flow diagram needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from libreview.model import Decision
from libreview.value import Value

__all__ = ["Reason", "Screening", "screening"]


class Reason(Value, frozen=True):
    """A reason, and how many sources were left out for it."""

    reason: str
    sources: int


class Screening(Value, frozen=True):
    """How many sources were included, excluded and neither, and the reasons, the most frequent first.

    ``collected`` counts all sources of the review.
    """

    included: int
    excluded: int
    undecided: int
    reasons: tuple[Reason, ...]
    collected: int

    @property
    def sources(self) -> int:
        return self.included + self.excluded + self.undecided


def screening(keys: Collection[str], decisions: Mapping[str, Decision], collected: int) -> Screening:
    """Return how the sources ``keys`` were screened; ``decisions`` are those that count, by the key of their source."""
    verdicts = Counter(decisions[key].verdict for key in keys if key in decisions)
    reasons = Counter(decisions[key].reason for key in keys if key in decisions and decisions[key].verdict == "exclude")
    return Screening(
        verdicts["include"],
        verdicts["exclude"],
        len(keys) - verdicts.total(),
        tuple(Reason(*one) for one in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        collected,
    )
