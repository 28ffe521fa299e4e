"""``libreview untag``: taking themes off an excerpt."""

from __future__ import annotations

import click

from libreview.cli import options, printing
from libreview.cli.options import REF, THEME, Session, Writing, option, pass_session, with_writing
from libreview.deeds import tagging
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["command"]


@options.command(
    "untag",
    help=N_("Take themes off an excerpt. The excerpt stays."),
    examples=("libreview untag ^k3f9q2 -t sme-promotion",),
)
@click.argument("ref", type=REF)
@option("-t", "--theme", "themes", type=THEME, multiple=True, help=N_("A theme; may be given several times."))
@option("--coder", default="", help=N_("Whose coding, instead of the coder in your settings."))
@with_writing
@pass_session
def command(session: Session, ref: str, themes: tuple[str, ...], coder: str, writing: Writing) -> None:
    names = [name.strip() for theme in themes for name in theme.split(",") if name.strip()]
    if not names:
        raise Wrong(N_("Say which theme: -t THEME"), N_("libreview show ^ID lists the themes of an excerpt."))
    excerpt = session.excerpt(ref)
    with session.changing(writing):
        change = tagging.untag(session.review, excerpt.id or "", names, coder=coder)
        done = session.apply(change, writing)
    if done:
        tags = " ".join(f"#{name.removeprefix('#')}" for name in names)
        place = change.paths[0] if change.paths else excerpt.location.path
        printing.answer(
            session.say(
                "took {tags} off ^{id} in {path}. Take it back: libreview tag ^{id} -t {theme}",
                tags=tags,
                id=excerpt.id,
                path=place,
                theme=names[0].removeprefix("#"),
            )
        )
