"""``libreview include``: taking sources into the review."""

from __future__ import annotations

from typing import Any

from libreview.cli import options
from libreview.cli.options import Session, Writing, option, pass_session, with_writing
from libreview.cli.screened import carry_out, with_sources
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "include",
    help=N_(
        "Take sources into the review. From the first one on, tables, summaries and bibliographies count the included "
        "sources; before, those that excerpts cite or that have a note card. Each decision is kept with coder and date "
        "in sources/screening.toml; the last one on a source counts."
    ),
    examples=(
        "libreview include keating anggraini2020",
        "libreview include --query 'screening:undecided has:excerpt'",
        "libreview include --from keys.csv --coder nadia",
    ),
)
@with_sources
@option("--reason", default="", metavar="TEXT", help=N_("Why, if that needs saying."))
@with_writing
@pass_session
def command(session: Session, /, reason: str, coder: str, writing: Writing, **sources: Any) -> None:  # noqa: ANN401
    """Take sources into the review."""
    carry_out(session, "include", sources, reason, coder, writing)
