"""``libreview themes``: the codebook."""

from __future__ import annotations

from typing import Any

import click

from libreview.cli import printing
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
    with_writing,
)
from libreview.deeds import theming
from libreview.findings import cards, summaries
from libreview.pages import reports
from libreview.words.i18n import N_

__all__ = ["command"]


@group(
    "themes",
    help=N_("The codebook: list, add and show themes."),
    examples=("libreview themes list", 'libreview themes add sme-promotion --parent sme --label "Promosi UMKM"'),
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
@with_output
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
