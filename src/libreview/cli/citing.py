"""What is said of the keys that chapters cite."""

from __future__ import annotations

from libreview.cli import printing
from libreview.cli.options import Session
from libreview.texts import likeness

__all__ = ["unknown"]


def unknown(session: Session, keys: tuple[str, ...]) -> None:
    """Name the cited keys that no source has, each with the key it may have meant."""
    known = session.review.source_keys() if keys else ()
    for key in keys:
        near = likeness.near(key, known, 1)
        meant = " " + session.say("Did you mean {names}?", names=near[0]) if near else ""
        printing.remark(session.say("no source has the key @{key}.", key=key) + meant)
