"""The conversation of ``themes split``: a theme's excerpts one by one, each of which keeps it or gets others in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from libreview.cli.dialogue import CodingLoop, Door, Tally, Terminal
from libreview.cli.options import Session, Writing
from libreview.deeds import recoding, tagging
from libreview.model import NONE, Excerpt
from libreview.words.i18n import N_

__all__ = ["SplitLoop", "split"]

_KEYS = N_(
    "numbers or letters: themes in its place · 0 none · k or Enter keep · n new · m all themes · c comment · s skip · "
    "u undo · q quit"
)


@dataclass(slots=True)
class SplitLoop(CodingLoop):
    """The coding loop over the excerpts of one theme, ``divided``; what is chosen takes its place."""

    divided: str = ""
    keys: str = _KEYS

    def themes_to_offer(self, excerpt: Excerpt) -> list[str]:
        return [theme for theme in CodingLoop.themes_to_offer(self, excerpt) if theme != self.divided]

    def themes_shown(self, excerpt: Excerpt) -> list[str]:
        """Return the themes of all coders: whoever divides a theme sees how it was used."""
        book = self.review.codebook
        return list(dict.fromkeys(book.resolve(tag) or tag for tag in excerpt.coded))

    def answered(self, answer: str, excerpt: Excerpt, offered: Sequence[str], at: int) -> int | None:
        if answer.strip().lower() in ("", "k"):
            return 1
        return CodingLoop.answered(self, answer, excerpt, offered, at)

    def save(self, excerpt: Excerpt, themes: Sequence[str], new: Sequence[str], at: int) -> None:
        """Put ``themes`` in the place of the divided one; "none" takes it off."""
        ids = [theme for theme in themes if theme != NONE]
        with self.door.changing():
            change, _ = recoding.new_place(self.review, excerpt, self.divided, ids, new=new)
            done = self.apply(change, at, coded=True)
        if not done:
            return
        known = tagging.known_themes(self.review, ids)[0]
        self.review.remember(themes=known)
        self.tally.coded += 1
        self.terminal.tell(
            self.terminal.say(
                "saved {themes} {place}",
                themes=" ".join(f"#{id}" for id in known) or f"-#{self.divided}",
                place=excerpt.location,
            ),
            dim=True,
        )


def split(session: Session, theme: str, queue: Sequence[Excerpt], writing: Writing) -> Tally:
    """Hold the conversation about the excerpts ``queue`` of ``theme``, and return what came of it."""
    terminal = Terminal(session.say, interactive=session.interactive)
    door = Door(lambda: session.changing(writing), lambda change: session.apply(change, writing))
    return SplitLoop(terminal, session.review, "", door, divided=theme).run(queue)
