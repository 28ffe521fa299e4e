"""``libreview themes``: the codebook."""

from __future__ import annotations

from typing import Any

import click

from libreview.cli import asking, printing
from libreview.cli.options import (
    THEME,
    Output,
    Session,
    Writing,
    group,
    option,
    pass_session,
    query_argument,
    under,
    with_output,
    with_rows,
    with_writing,
)
from libreview.deeds import recoding, theming
from libreview.deeds.recoding import Recoded
from libreview.findings import cards, summaries
from libreview.pages import reports
from libreview.words.errors import Refused
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = ["command"]

_DIALOGUE = "libreview.cli.dialogue_splitting"
"""Needed by ``themes split`` only."""


@group(
    "themes",
    help=N_("The codebook: list, add, show, rename, merge, move, split and remove themes."),
    examples=(
        "libreview themes list",
        'libreview themes add sme-promotion --parent sme --label "Promosi UMKM"',
        "libreview themes rename promo sme-promotion",
    ),
)
def command() -> None:
    pass


@under(
    command,
    "list",
    help=N_("List the themes as a tree, with the excerpts and sources of each. A QUERY narrows what is counted."),
    examples=("libreview themes list", "libreview themes list lang:id --json"),
)
@query_argument
@with_rows
@pass_session
def listed(session: Session, query: str, output: Output) -> None:
    review = session.review
    finding = summaries.frequency(
        review.excerpts(query), review.codebook, review.in_review(), review.settings.ignore_tags
    )
    if not finding.rows and not output.form and not output.file and printing.to_terminal():
        printing.answer(session.say("There are no themes yet. Make one: libreview themes add NAME"))
        return
    printing.report(
        reports.codebook(finding, session.say.code),
        output.form,
        output.file,
        listing=True,
        review=review,
        say=session.say,
    )
    printing.near(review, query, session.say)


@under(
    command,
    "show",
    help=N_("Show what a theme means, when to use it, and how often it is used."),
    examples=("libreview themes show sme-promotion",),
)
@click.argument("name", metavar="THEME", type=THEME)
@with_output
@pass_session
def shown(session: Session, name: str, output: Output) -> None:
    review = session.review
    theme = session.theme(name)
    examples = [one for id in theme.examples if id in review.excerpt_ids() for one in [review.excerpt(id)]]
    sources = {key: review.source(key) for one in examples for key in one.keys if key in review.source_keys()}
    finding = cards.theme_card(theme, review.excerpts(), review.codebook, sources, review.in_review())
    printing.report(reports.theme(finding, session.say.code), output.form, output.file, review=review, say=session.say)


@under(
    command,
    "add",
    help=N_("Make a theme. A definition, and what is in and out, keep the coding steady."),
    examples=(
        'libreview themes add sme-promotion --parent sme --label "Promosi UMKM"',
        'libreview themes add sme --definition "What is done for small firms." --exclude "Large firms."',
    ),
)
@click.argument("name", metavar="NAME")
@option("--label", default="", help=N_("Its name in the language of the review."))
@option("--parent", default="", metavar="THEME", type=THEME, help=N_("The theme it stands below."))
@option("--definition", default="", help=N_("What it means."))
@option("--include", default="", help=N_("What belongs to it."))
@option("--exclude", default="", help=N_("What does not, and where that belongs."))
@option("--example", "examples", multiple=True, metavar="^ID", help=N_("An excerpt that shows it well."))
@option("--colour", "--color", "colour", default="", help=N_('A colour, such as "#2a9d8f" or teal.'))
@with_writing
@pass_session
def added(session: Session, /, name: str, writing: Writing, **fields: Any) -> None:  # noqa: ANN401 (the options, by name)
    with session.changing(writing):
        change = theming.add_theme(session.review, name, **fields)
        done = session.apply(change, writing)
    if done:
        id = theming.id_from(name)
        place = session.review.codebook.themes[id].location
        printing.answer(session.say("saved {id} {place}. Next: libreview tag REF -t {id}", id=id, place=place))


@under(
    command,
    "rename",
    help=N_("Give a theme another id, in the codebook and in every note. The old id stays as an alias of it."),
    examples=("libreview themes rename promo sme-promotion", "libreview themes rename promo sme-promotion --dry-run"),
)
@click.argument("old", metavar="OLD", type=THEME)
@click.argument("new", metavar="NEW")
@with_writing
@pass_session
def renamed(session: Session, old: str, new: str, writing: Writing) -> None:
    with session.changing(writing):
        change, done = recoding.rename(session.review, old, new)
        applied = session.apply(change, writing)
    facts = {"old": done.gone[0], "new": done.theme, "what": _counted(session, done)}
    _said(session, session.say("renamed {old} to {new}: {what}", **facts), done, applied=applied)


@under(
    command,
    "merge",
    help=N_(
        "Make several themes one, in the codebook and in every note. Their ids become its aliases, the themes below them "
        "stand below it. It may be new."
    ),
    examples=(
        "libreview themes merge promo promotion --into sme-promotion",
        "libreview themes merge fairs exhibitions --into trade-fairs --dry-run",
    ),
)
@click.argument("names", metavar="THEME...", type=THEME, nargs=-1, required=True)
@option("--into", required=True, metavar="THEME", type=THEME, help=N_("The theme that they become."))
@with_writing
@pass_session
def merged(session: Session, names: tuple[str, ...], into: str, writing: Writing) -> None:
    with session.changing(writing):
        change, done = recoding.merge(session.review, names, into)
        applied = session.apply(change, writing)
    facts = {"gone": ", ".join(done.gone), "into": done.theme, "what": _counted(session, done)}
    _said(session, session.say("merged {gone} into {into}: {what}", **facts), done, applied=applied)
    _say_words(session, done, applied=applied)


def _say_words(session: Session, done: Recoded, *, applied: bool) -> None:
    """Say which words about themes went, and where those are that a new theme began with."""
    say, tell = session.say, printing.answer if applied else printing.remark
    if done.lost:
        lost = ", ".join(done.lost)
        tell(
            say("{into} says in its own words what it means; dropped: the words of {lost}", into=done.theme, lost=lost)
        )
    if done.base and applied:
        place = session.review.codebook.themes[done.theme].location
        tell(say("It is described as {base} was: {place}", base=done.base, place=place))


@under(
    command,
    "move",
    help=N_("Put a theme below another one, or at the top. The themes below it go along; no note changes."),
    examples=("libreview themes move festival --parent culture", "libreview themes move festival --parent ''"),
)
@click.argument("name", metavar="THEME", type=THEME)
@option("--parent", required=True, metavar="THEME", type=THEME, help=N_("The theme it is to stand below; '': none."))
@with_writing
@pass_session
def moved(session: Session, name: str, parent: str, writing: Writing) -> None:
    say = session.say
    with session.changing(writing):
        change, done = recoding.move(session.review, name, parent)
        applied = session.apply(change, writing)
    if applied and not change.edits:
        printing.answer(say("nothing to do: {id} stands there already", id=done.theme))
    elif applied:
        above = session.review.codebook.themes[done.theme].parent
        text = (
            say("moved {id} below {parent}", id=done.theme, parent=above)
            if above
            else say("moved {id} to the top", id=done.theme)
        )
        printing.answer(say("{done}. Next: libreview themes list", done=text))


@under(
    command,
    "remove",
    help=N_(
        "Take a theme out of the codebook and off every excerpt. The excerpts stay; the themes below it go up. Where "
        "excerpts carry it, you are asked first."
    ),
    examples=("libreview themes remove festival", "libreview themes remove festival --force"),
)
@click.argument("name", metavar="THEME", type=THEME)
@option("--force", "--yes", "force", is_flag=True, help=N_("Take it off its excerpts without asking."))
@with_writing
@pass_session
def removed(session: Session, name: str, force: bool, writing: Writing) -> None:
    if not force and not writing.dry_run:
        _may_remove(session, name)
    with session.changing(writing):
        change, done = recoding.remove(session.review, name)
        applied = session.apply(change, writing)
    facts = {"id": done.theme, "what": _counted(session, done)}
    _said(session, session.say("removed {id} from {what}", **facts), done, applied=applied)


def _may_remove(session: Session, name: str) -> None:
    """Ask whether the theme may be taken off its excerpts, if there are any. `Refused` if nobody is there, or says no."""
    say = session.say
    change, done = recoding.remove(session.review, name)
    if not done.excerpts and not done.notes:
        return
    if not session.interactive:
        raise Refused(
            N_("{id} is given to excerpts ({n} of them); nothing was removed"),
            N_(
                "libreview themes remove {id} --force takes it off them; "
                "libreview themes merge {id} --into THEME keeps them coded."
            ),
            id=done.theme,
            n=done.excerpts,
        )
    question = say("Take {id} off {what}?", id=done.theme, what=_counted(session, done))
    if not change.edits or not asking.confirm(say, question, default=False):
        raise click.Abort


@under(
    command,
    "split",
    help=N_(
        "Go through the excerpts of a theme, one a screen, and give each another theme in its place, or keep it. New "
        "themes stand below it. Each answer is saved at once."
    ),
    examples=("libreview themes split sme",),
)
@click.argument("name", metavar="THEME", type=THEME)
@with_writing
@pass_session
def divided(session: Session, name: str, writing: Writing) -> None:
    say, review = session.say, session.review
    theme = recoding.known(review, name)
    queue = recoding.carrying(review, theme.id)
    if not queue:
        printing.answer(say("No excerpt has the theme {id}.", id=theme.id))
        return
    if not session.interactive:
        raise Refused(
            N_("Dividing {id} (excerpts: {n}) needs a terminal"),
            N_("In a script: libreview untag ^ID -t {id} and libreview tag ^ID -t THEME"),
            n=len(queue),
            id=theme.id,
        )
    tally = load(_DIALOGUE).split(session, theme.id, queue, writing)
    moved_ones = say.many("{n} excerpt moved", "{n} excerpts moved", tally.coded)
    left = say("{left} stay with {id}", left=len(recoding.carrying(review, theme.id)), id=theme.id)
    printing.answer(say("{moved}, {left}. Next: libreview themes list", moved=moved_ones, left=left))


def _counted(session: Session, done: Recoded) -> str:
    """Return "41 excerpts in 12 notes"."""
    say = session.say
    return say.many("{n} excerpt", "{n} excerpts", done.excerpts) + say.many(
        " in {n} note", " in {n} notes", done.notes
    )


def _said(session: Session, text: str, done: Recoded, *, applied: bool) -> None:
    """Say what was (or would be) done with a theme, what went with it, and how it is taken back."""
    say = session.say
    n = len(done.children)
    if n and done.theme in done.gone:
        text += say.many("; {n} theme below it goes up", "; {n} themes below it go up", n)
    elif n:
        text += say.many("; {n} theme below it follows", "; {n} themes below it follow", n)
    if applied:
        printing.answer(say("{done}. libreview undo takes it back", done=text))
    else:
        printing.remark(say("then: {what}", what=text))
