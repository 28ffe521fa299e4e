"""``libreview tag``: taking an excerpt from a source, or giving themes to excerpts that are there."""

from __future__ import annotations

import click

from libreview.cli import dialogue, options, printing
from libreview.cli.options import REF, THEME, Session, Writing, option, pass_session, with_writing
from libreview.deeds import naming, tagging
from libreview.model import NONE, Excerpt, Kind, Source
from libreview.value import Value
from libreview.words.errors import Wrong
from libreview.words.i18n import N_

__all__ = ["Wish", "command", "terminal"]


class Wish(Value, frozen=True):
    """What the options of ``tag`` ask for."""

    themes: tuple[str, ...]
    new: bool
    place: str
    kind: Kind
    comment: str
    translation: str
    cited: str
    coder: str
    edit: bool
    clip: bool
    verbatim: bool

    @property
    def speaks_of_text(self) -> bool:
        """Whether an option was given that only a new excerpt has."""
        return bool(self.place or self.kind == "paraphrase" or self.translation or self.cited or self.edit or self.clip)


def terminal(session: Session) -> dialogue.Terminal:
    """Return the terminal that conversations are held at."""
    return dialogue.Terminal(session.say, interactive=session.interactive)


@options.command(
    "tag",
    help=N_(
        "Take an excerpt from a source, or give excerpts themes. Without TEXT the quotation is asked for; - reads "
        "standard input. With ^ID instead of a source, or with --query, excerpts that are there get themes."
    ),
    examples=(
        "libreview tag anggraini -p 12 -t sme-promotion",
        "libreview tag ^k3f9q2 -t festival",
        "libreview tag --query '\"harz und heide\"' -t festival --dry-run",
    ),
)
@click.argument("ref", type=REF, required=False)
@click.argument("text", nargs=-1)
@option("-t", "--theme", "themes", type=THEME, multiple=True, help=N_("A theme; may be given several times."))
@option("-p", "--place", default="", metavar="LOCATOR", help=N_('Where it stands: 12, 12-14, "Pasal 6 ayat (2)".'))
@option("--paraphrase", is_flag=True, help=N_("The words are yours, not the source's."))
@option("--comment", default="", help=N_("Your remark on it."))
@option("--translation", default="", help=N_("A translation, kept in the comment."))
@option("--cited", default="", metavar="WORK", help=N_('A work that the source quotes: "Nazir, 1988, hlm. 54".'))
@option("--coder", default="", help=N_("Who codes, instead of the coder in your settings."))
@option("--query", default="", help=N_("Give the themes to all excerpts that this selects."))
@option("--new", is_flag=True, help=N_("Make themes that do not exist, without asking."))
@option("--edit", is_flag=True, help=N_("Write the text in your editor."))
@option("--clip", is_flag=True, help=N_("Take the text from the clipboard."))
@option("--verbatim", is_flag=True, help=N_("Keep line breaks and hyphens of the text as they are."))
@with_writing
@pass_session
def command(
    session: Session,
    /,
    ref: str | None,
    text: tuple[str, ...],
    query: str,
    paraphrase: bool,
    writing: Writing,
    **more: object,
) -> None:
    wish = Wish(kind="paraphrase" if paraphrase else "quotation", **more)  # type: ignore[arg-type]
    if query.strip():
        if ref or text or wish.speaks_of_text or wish.comment:
            raise Wrong(N_("--query gives themes to excerpts; it takes no source and no text"), _HOW)
        _give_many(session, query, wish, writing)
        return
    if not ref:
        raise Wrong(N_("Say what to tag: a source, or ^ID"), _HOW)
    found = session.either(ref)
    if isinstance(found, Source):
        _take(session, found, text, wish, writing)
        return
    if text or wish.speaks_of_text:
        raise Wrong(N_("^{id} is there already; only themes and a comment can be given to it"), _HOW, id=found.id)
    _give_one(session, found, wish, writing)


_HOW = N_("libreview tag SOURCE -p PAGE -t THEME, or libreview tag ^ID -t THEME")


def _take(session: Session, source: Source, words: tuple[str, ...], wish: Wish, writing: Writing) -> None:
    """Take the text and save it; whatever goes wrong from then on, the text is kept."""
    at, review = terminal(session), session.review
    settled = None if at.interactive else dialogue.settle_themes(at, review, wish.themes, new=wish.new)
    text = dialogue.taken_text(
        at, words, edit=wish.edit, clip=wish.clip, editor=review.user.editor,
        paraphrase=wish.kind == "paraphrase", verbatim=wish.verbatim,
    )  # fmt: skip
    with dialogue.kept(text, at):
        themes, new = settled or dialogue.settle_themes(at, review, wish.themes, new=wish.new)
        with session.changing(writing):
            change, saved = tagging.excerpt(
                review, source.key, text, kind=wish.kind, locator=wish.place, themes=themes, new=new,
                comment=wish.comment, translation=wish.translation, cited=wish.cited, coder=wish.coder,
            )  # fmt: skip
            done = session.apply(change, writing)
    if done:
        _remember(session, themes)
        printing.answer(
            session.say(
                "saved {path}:{line} ^{id}. Next from this source: libreview tag . -p PAGE",
                path=saved.path,
                line=saved.line,
                id=saved.id,
            )
        )


def _remember(session: Session, themes: list[str]) -> None:
    known = tagging.known_themes(session.review, themes)[0]
    session.review.remember(themes=[id for id in known if id != NONE])


def _give_one(session: Session, excerpt: Excerpt, wish: Wish, writing: Writing) -> None:
    """Give one excerpt themes, or a comment, or both."""
    if not (wish.themes or wish.comment):
        raise Wrong(N_("Say which theme: -t THEME"), _HOW)
    at, review = terminal(session), session.review
    themes, new = dialogue.settle_themes(at, review, wish.themes, new=wish.new)
    place = str(excerpt.location)
    with session.changing(writing):
        if themes:
            change, given = tagging.give_themes(
                review, [excerpt], themes, new=new, coder=wish.coder, comment=wish.comment
            )
            place = given.place or place
        else:
            change = tagging.comment(review, excerpt, wish.comment)
        done = session.apply(change, writing) and bool(change.edits)
    if done:
        _remember(session, themes)
        printing.answer(session.say("saved {place} ^{id}", place=place, id=excerpt.id))
    elif not writing.dry_run:
        printing.answer(session.say("nothing to do: ^{id} has this already", id=excerpt.id))


def _give_many(session: Session, query: str, wish: Wish, writing: Writing) -> None:
    """Give themes to all excerpts that ``query`` selects, in one change."""
    if not wish.themes:
        raise Wrong(N_("Say which theme: -t THEME"), _HOW)
    at, review, say = terminal(session), session.review, session.say
    themes, new = dialogue.settle_themes(at, review, wish.themes, new=wish.new)
    if not themes:
        raise click.Abort
    with session.changing(writing):
        excerpts = review.excerpts(query)
        if not excerpts:
            raise naming.nothing_selected(review, query)
        change, given = tagging.give_themes(review, excerpts, themes, new=new, coder=wish.coder)
        done = session.apply(change, writing)
    tags = " ".join(f"#{theme}" for theme in themes)
    text = say.many("{tags} for {n} excerpt", "{tags} for {n} excerpts", given.excerpts, tags=tags)
    text += say.many(" in {n} note", " in {n} notes", given.notes)
    if given.already:
        text += say.many("; {n} had it already", "; {n} had it already", given.already)
    if done:
        _remember(session, themes)
        printing.answer(say("saved {what}. Next: libreview summary {theme}", what=text, theme=themes[0]))
    else:
        printing.remark(say("would save {what}", what=text))
