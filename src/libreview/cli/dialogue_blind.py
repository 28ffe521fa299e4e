"""The conversation of ``code --coder``: a coder codes what others coded, and sees nothing of theirs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from libreview.cli import printing
from libreview.cli.dialogue import CodingLoop, Door, Terminal
from libreview.cli.options import Session, Writing
from libreview.deeds import comparing, tagging
from libreview.model import NONE, Change, Excerpt
from libreview.value import Value
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_

__all__ = ["BlindLoop", "Wish", "code"]

_KEYS = N_("numbers or letters: themes · 0 none applies · n new · m all themes · s or Enter skip · u undo · q quit")


class Wish(Value, frozen=True):
    """What ``code`` is asked for: the excerpts, the coder, and the sample that is drawn of them."""

    query: str = ""
    coder: str = ""
    sample: str = ""
    seed: int = 0

    @property
    def command(self) -> str:
        """The command that goes on with this."""
        drawn = ["--sample", self.sample, "--seed", str(self.seed)] if self.sample else []
        return shlex.join(["libreview", "code", "--coder", self.coder, *drawn, *([self.query] if self.query else [])])


@dataclass(slots=True)
class BlindLoop(CodingLoop):
    """The coding loop for one of several coders: themes and comments of others, and what they gave last, are not shown."""

    keys: str = _KEYS
    _given: list[str] = field(default_factory=list)

    def themes_shown(self, excerpt: Excerpt) -> list[str]:
        own = dict.fromkeys(tag for one in excerpt.codings if one.coder == self.coder for tag in one.themes)
        return list(dict.fromkeys(self.review.codebook.resolve(tag) or tag for tag in own))

    def themes_to_offer(self, excerpt: Excerpt) -> list[str]:
        """Return the themes in the order of the codebook, after those that were given in this conversation."""
        own = self.themes_shown(excerpt)
        known = self.review.codebook.themes
        order = dict.fromkeys([*(id for id in reversed(self._given) if id in known), *known])
        return [theme for theme in order if theme not in own]

    def remark_shown(self, excerpt: Excerpt) -> str:  # noqa: ARG002 (whose comment it is, nobody can tell)
        return ""

    def answered(self, answer: str, excerpt: Excerpt, offered: Sequence[str], at: int) -> int | None:
        if answer.partition(" ")[0].lower() == "c":  # it would stand beside the excerpt, for the others to read
            return CodingLoop.answered(self, "?", excerpt, offered, at)
        return CodingLoop.answered(self, answer, excerpt, offered, at)

    def given(self, excerpt: Excerpt, themes: Sequence[str], new: Sequence[str]) -> tuple[Change, tagging.Given]:
        """Return the change that writes the coding into the coder's own file."""
        made = tagging.give_themes(self.review, [excerpt], themes, new=new, coder=self.coder, apart=True)
        self._given += [theme for theme in themes if theme != NONE]
        return made


def code(session: Session, wish: Wish, writing: Writing) -> str:
    """Lead a coder through the excerpts not yet coded, and return what came of it. `Refused` without a terminal."""
    say = session.say
    if not wish.coder:
        raise Wrong(
            N_("A sample is drawn for a coder"),
            N_("Say who codes: --coder NAME, or once for all: libreview config --user coder NAME"),
        )
    found = comparing.waiting(session.review, wish.coder, wish.query, sample=wish.sample, seed=wish.seed)
    if wish.sample:
        printing.remark(
            say("sample: {drawn} of {all} excerpts, seed {seed}", drawn=found.drawn, all=found.selected, seed=wish.seed)
        )
    if not found.excerpts:
        done = say("{coder} has coded every excerpt here. Next: libreview agreement", coder=wish.coder)
        if not found.drawn:
            printing.near(session.review, wish.query, say)
        return done if found.drawn else say("No excerpt is selected.")
    if not session.interactive:
        raise Refused(
            N_("{n} excerpts wait for {coder}; coding needs a terminal"),
            N_("In a script: libreview tag --query QUERY -t THEME --coder {coder}"),
            n=len(found.excerpts),
            coder=wish.coder,
        )
    terminal = Terminal(say, interactive=session.interactive)
    door = Door(lambda: session.changing(writing), lambda change: session.apply(change, writing))
    tally = BlindLoop(terminal, session.review, wish.coder, door).run(found.excerpts)
    coded = say.many("{n} excerpt coded", "{n} excerpts coded", tally.coded)
    rest = say("{skipped} skipped, {left} left", skipped=tally.skipped, left=tally.left)
    following = wish.command if tally.left or tally.skipped else "libreview agreement"
    return say("{coded}, {rest}. Next: {command}", coded=coded, rest=rest, command=following)
