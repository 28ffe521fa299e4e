"""``libreview config``."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import options, printing
from libreview.cli.options import Output, Session, Writing, option, pass_session, with_output, with_writing
from libreview.deeds import configuring
from libreview.pages.reports import settings
from libreview.words.i18n import N_


@options.command(
    "config",
    help=N_(
        "Show all settings, the one called KEY, or set it to VALUE. Lists are written with commas. --user means your own "
        "settings (coder, language, editor, network), which hold in every review; the others are kept in libreview.toml."
    ),
    examples=["libreview config", "libreview config citation-style chicago", "libreview config --user coder nadia"],
)
@click.argument("key", required=False, metavar="[KEY]")
@click.argument("value", required=False, metavar="[VALUE]")
@option("--user", "own", is_flag=True, help=N_("Your own settings."))
@with_writing
@with_output
@pass_session
def command(session: Session, key: str | None, value: str | None, own: bool, writing: Writing, output: Output) -> None:
    """Show and change settings."""
    if key is None:
        report = settings.settings(configuring.everything(Path.cwd(), own=own), session.say.code)
        printing.report(report, output.form, output.file, listing=True, say=session.say)
    elif value is None:
        printing.answer(configuring.get(Path.cwd(), key, own=own))
    elif configuring.is_own(key, own=own):
        if writing.dry_run:
            printing.difference(configuring.preview_own(key, value), session.say)
            return
        place = configuring.set_own(key, value)
        printing.answer(session.say("{key} = {value} in {path}", key=key, value=value, path=place))
    else:
        with session.changing(writing) as review:
            if session.apply(configuring.set_here(review, key, value), writing):
                printing.answer(session.say("{key} = {value} in {path}", key=key, value=value, path="libreview.toml"))
