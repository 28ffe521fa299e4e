"""``libreview init``."""

from __future__ import annotations

from pathlib import Path

import click

from libreview.cli import asking, options, printing
from libreview.cli.dialogue import Terminal
from libreview.cli.options import Session, option, pass_session
from libreview.deeds import configuring
from libreview.disk.settings import ReviewSettings
from libreview.review import Review
from libreview.words.errors import ReviewError
from libreview.words.i18n import LANGUAGES, N_, Say


@options.command(
    "init",
    help=N_(
        "Make a review in FOLDER (without it, here): libreview.toml, sources/ and notes/. What is not said by options is asked. "
        "Files that are there already stay; a folder of Obsidian notes is named with --notes."
    ),
    examples=[
        "libreview init skripsi",
        'libreview init . --title "Sister cities" --language id --notes Vault/Literature',
    ],
)
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[FOLDER]")
@option("--title", help=N_("The title of the review."))
@option("--question", default="", help=N_("The research question."))
@option("--language", help=N_("The language of reports: en or id."))
@option("--style", help=N_("The citation style: apa, chicago, ieee, ... or a .csl file."))
@option("--notes", multiple=True, metavar="FOLDER", help=N_("A folder of notes inside the review; may be given again."))
@option("--force", is_flag=True, help=N_("Also inside another review."))
@option("--dry-run", is_flag=True, help=N_("Show what would change and write nothing."))
@pass_session
def command(
    session: Session, folder: Path, title: str | None, question: str, language: str | None, style: str | None,
    notes: tuple[str, ...], force: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Make a review."""
    place = Path.cwd() / folder.expanduser()
    configuring.may_begin(place, force=force)
    say = session.say
    default = say.code if say.code in LANGUAGES else "en"
    if session.interactive:
        title = asking.ask(say("Title")) if title is None else title
        hint = f"{'/'.join(LANGUAGES)}: {default}"
        language = language or _asked(say, "language", place, say("Language"), default, hint)
        style = style or _asked(say, "citation-style", place, say("Citation style"), "apa")
    wanted = ReviewSettings(title or "", question, language or default, style or "apa", notes or ("notes",))
    configuring.checked(wanted, place)
    if dry_run:
        printing.difference(configuring.preview_review(place, wanted), say)
        return
    with Review.create(place, wanted):
        printing.answer(say("Made {folder}: {files}", folder=folder, files=", ".join(
            ("libreview.toml", "sources/", *(f"{one.strip('/')}/" for one in wanted.notes)))))  # fmt: skip
    step = configuring.first_step(place)
    move = "" if place.resolve() == Path.cwd().resolve() else f"cd {configuring.quoted(str(folder))} && "
    printing.answer(say("Next: {command}", command=f"{move}{step}"))


def _asked(say: Say, key: str, place: Path, label: str, default: str, hint: str = "") -> str:
    """Return the answer to a question for a setting, asked again until it can be one."""
    while True:
        value = asking.ask(label, default, hint=hint)
        try:
            configuring.check_value(key, value, place)
        except ReviewError as error:
            Terminal(say).fail(error)
        else:
            return value
