"""``libreview exclude``: leaving sources out of the review."""

from __future__ import annotations

from typing import Any

from libreview.cli import options
from libreview.cli.options import Session, Writing, option, pass_session, with_writing
from libreview.cli.screened import carry_out, with_sources
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "exclude",
    help=N_(
        "Leave sources out of the review, and say why. They stay in their files and in lists, and are not counted in tables, "
        "summaries and bibliographies. Each decision is kept with reason, coder and date in sources/screening.toml; the last "
        "one on a source counts."
    ),
    examples=(
        'libreview exclude keating --reason "not scholarly"',
        "libreview exclude --query 'type:online year:..1990' --reason \"not scholarly\"",
        'libreview list --keys lang:nl | libreview exclude --from - --reason "language"',
    ),
)
@with_sources
@option("--reason", default="", metavar="TEXT",
        help=N_("Why: the same words for the same reason, so that they can be counted."))  # fmt: skip
@with_writing
@pass_session
def command(session: Session, /, reason: str, coder: str, writing: Writing, **sources: Any) -> None:  # noqa: ANN401
    """Leave sources out of the review."""
    carry_out(session, "exclude", sources, reason, coder, writing)
