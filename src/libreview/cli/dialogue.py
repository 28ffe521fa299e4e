"""Conversations at the terminal: taking a text, settling an unknown theme, and the coding loop.

Everything is asked and shown on stderr, so that stdout carries only the answer. A text that was pasted or written is
never lost: whatever goes wrong afterwards, it is kept in a file and its place is said.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import termios
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from libreview.cli import asking, pasting
from libreview.deeds import drafting, naming, tagging, theming, tidying
from libreview.disk import clipboard, keeping, launching
from libreview.model import NONE, Change, Excerpt
from libreview.review import Review
from libreview.texts import codebook, notes
from libreview.texts.folding import fold
from libreview.value import Value, replace
from libreview.words.errors import NotFound, Refused, ReviewError
from libreview.words.i18n import N_, Say
from libreview.words.safe import safe, safe_line

__all__ = ["CodingLoop", "Door", "Tally", "Terminal", "kept", "settle_themes", "taken_text", "written_text"]


class Terminal:
    """Where a conversation is held. ``answers`` gives a line for each question; tests put their own in."""

    def __init__(
        self,
        say: Say,
        *,
        interactive: bool = False,
        answers: Callable[[], str] | None = None,
        show: Callable[[str], None] | None = None,
        width: int = 0,
    ) -> None:
        self.say = say
        self.interactive = interactive
        self._answers = answers or sys.stdin.readline
        self._show = show or _to_stderr
        self._width = width

    @property
    def width(self) -> int:
        return max(20, self._width or shutil.get_terminal_size().columns)

    @property
    def colour(self) -> bool:
        return self.interactive and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"

    def tell(self, text: str = "", *, dim: bool = False) -> None:
        """Show lines of text, made safe."""
        shown = safe(text)
        self._show((f"\x1b[2m{shown}\x1b[22m" if dim and self.colour and shown else shown) + "\n")

    def ask(self, question: str) -> str:
        """Return what is answered, without space around it. Raises `click.Abort` at the end of input."""
        self._show(safe(question))
        answer = self._answers()
        if not answer:
            self._show("\n")
            raise click.Abort
        return answer.strip()

    def confirm(self, question: str, *, default: bool) -> bool:
        """Return the answer to a yes-or-no question; Enter takes the default."""
        choices = self.say("[Y/n]") if default else self.say("[y/N]")
        while True:
            answer = self.ask(f"{question} {choices} ").lower()
            if not answer:
                return default
            told = asking.meant(answer)
            if told is not None:
                return told

    def fail(self, error: ReviewError) -> None:
        """Say what could not be done, and what to do; the conversation goes on."""
        self.tell(safe_line(self.say(error.sentence, **error.facts)))
        if isinstance(error, NotFound) and error.near:
            self.tell("  " + safe_line(self.say("Did you mean {names}?", names=", ".join(error.near))))
        if error.hint:
            self.tell("  " + safe_line(self.say(error.hint, **error.facts)))


def _to_stderr(text: str) -> None:
    click.echo(text, nl=False, err=True)


# Taking a text --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def kept(text: str, terminal: Terminal) -> Iterator[None]:
    """Keep ``text`` in a file, and say where, if anything goes wrong in the ``with`` block."""
    try:
        yield
    except BaseException:
        if text.strip():
            _keep(text, terminal)
        raise


def _keep(text: str, terminal: Terminal) -> None:
    try:
        place = keeping.keep(text)
    except OSError:
        terminal.tell(terminal.say("Nothing was saved. Your text:") + f"\n\n{text}\n")
        return
    terminal.tell("\n" + terminal.say("Nothing was saved. Your text is kept in {path}", path=place))


def taken_text(
    terminal: Terminal, words: Sequence[str], *, edit: bool = False, clip: bool = False, editor: str = "",
    paraphrase: bool = False, verbatim: bool = False,
) -> str:  # fmt: skip
    """Return the text of an excerpt: the words given, standard input (``-``), the editor, the clipboard, or a paste.

    Raises `Refused` if there is none, and in a pipe where nothing says where it comes from.
    """
    given = " ".join(words)
    if edit:
        text = written_text(terminal, given, editor)
    elif clip:
        text = _tidied(terminal, clipboard.read(), verbatim)
    elif given == "-":
        text = _tidied(terminal, _standard_input(), verbatim)
    elif given.strip():
        text = _tidied(terminal, given, verbatim) if "\n" in given else given.strip()
    elif terminal.interactive:
        text = _tidied(terminal, _pasted(terminal, paraphrase), verbatim)
    else:
        raise Refused(
            N_("There is no text to save"),
            N_("Give it after the options, or pipe it in and write - in its place, or use --edit or --clip."),
        )
    if not text.strip():
        raise Refused(N_("There is no text to save"))
    return text


def _standard_input() -> str:
    data = sys.stdin.buffer.read()
    return data.decode("utf-8-sig", "replace")


def _pasted(terminal: Terminal, paraphrase: bool) -> str:
    say = terminal.say
    question = (
        say("Write the paraphrase, then an empty line:")
        if paraphrase
        else say("Paste the quotation, then an empty line:")
    )
    try:
        return pasting.read(sys.stdin.fileno(), _raw, lambda text: _raw(_echoed(text)), lambda: terminal.tell(question))
    except pasting.Pasted as broken:
        terminal.tell()
        if broken.text.strip():
            _keep(broken.text, terminal)
        raise click.Abort from KeyboardInterrupt()
    except termios.error:  # no terminal after all
        terminal.tell(question)
        return sys.stdin.read()


def _raw(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _echoed(text: str) -> str:
    return "\n".join(safe(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _tidied(terminal: Terminal, text: str, verbatim: bool) -> str:
    """Return ``text`` with its lines joined, and show it if that changed more than the line ends around it."""
    if verbatim:
        return text.strip("\r\n")
    tidy = tidying.tidy(text)
    if tidy.lines or tidy.hyphens:
        say = terminal.say
        joined = [say.many("{n} line break", "{n} line breaks", tidy.lines)] if tidy.lines else []
        joined += [say.many("{n} hyphen", "{n} hyphens", tidy.hyphens)] if tidy.hyphens else []
        terminal.tell(say("Taken ({joined} joined):", joined=", ".join(joined)))
        terminal.tell(_wrapped(tidy.text, terminal.width, "  "), dim=True)
    return tidy.text


def _wrapped(text: str, width: int, indent: str = "") -> str:
    wrap = textwrap.TextWrapper(
        max(20, min(width, 100)) - 1, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return "\n".join(wrap.fill(line) if line.strip() else "" for line in text.split("\n"))


def written_text(terminal: Terminal, begin: str, editor: str) -> str:
    """Return what the person writes in the editor, beginning with ``begin``. `Refused` if the editor fails."""
    with tempfile.TemporaryDirectory(prefix="libreview-") as folder:
        place = Path(folder) / "text.md"
        place.write_text(begin, encoding="utf-8")
        status = launching.edit(launching.editor(editor, os.environ), place)
        text = place.read_bytes().decode("utf-8-sig", "replace").strip()
    if status:
        if text != begin.strip():
            _keep(text, terminal)
        raise Refused(N_("The editor ended with status {status}; nothing was saved"), status=status)
    return text


# Unknown themes -------------------------------------------------------------------------------------------------------


def settle_themes(
    terminal: Terminal, review: Review, names: Sequence[str], *, new: bool = False
) -> tuple[list[str], list[str]]:
    """Return the themes to give and those of them to be made.

    An unknown one is asked about at a terminal; elsewhere it raises `NotFound`, unless ``new`` says to make it.
    """
    given: list[str] = []
    made: list[str] = []
    for name in (part.strip() for text in names for part in text.split(",") if part.strip()):
        if new and name != NONE and theming.exact(review.codebook, name) is None:
            theming.id_from(name)  # refuses what cannot be one
            made.append(name)
            given.append(name)
            continue
        found, fresh = _settled(terminal, review, name)
        if found:
            given.append(found)
            made += [found] if fresh else []
    return given, made


def _settled(terminal: Terminal, review: Review, name: str) -> tuple[str, bool]:
    """Return the theme that ``name`` stands for (empty: none) and whether it is to be made."""
    while True:
        if name.removeprefix("#") == NONE:
            return NONE, False
        try:
            id = naming.theme(review, name).id
        except NotFound as error:
            if not terminal.interactive:
                hint = N_("--new makes it; libreview themes list shows those there are.")
                raise NotFound(error.sentence, hint, error.near, **error.facts) from None
            near = error.near
        else:
            if id != codebook.theme_id(name.removeprefix("#")):
                terminal.tell(f"#{id}", dim=True)
            return id, False
        answer = _offer_near(terminal, name, near) if near else _offer_new(terminal, name)
        if answer != name:
            if not answer or answer in near:
                return answer, False
            name = answer
            continue
        try:
            theming.new_theme(name, review.codebook)
        except Refused as error:
            terminal.fail(error)
            name = terminal.ask(terminal.say("Theme (Enter: save without): "))
            if not name:
                return "", False
            continue
        return name, True


def _offer_new(terminal: Terminal, name: str) -> str:
    """Return ``name`` if it is to be made, another name, or nothing to save without."""
    if terminal.confirm(terminal.say('New theme "{name}"?', name=name), default=True):
        return name
    return terminal.ask(terminal.say("Theme (Enter: save without): "))


def _offer_near(terminal: Terminal, name: str, near: Sequence[str]) -> str:
    """Return one of ``near``, ``name`` if it is to be made, another name, or nothing to save without."""
    say = terminal.say
    numbered = " ".join(f"[{number}] {one}" for number, one in enumerate(near, 1))
    question = say('There is no theme "{name}": {near} [n]ew [s]ave without: ', name=name, near=numbered)
    while True:
        answer = terminal.ask(question)
        if answer.isdecimal() and 1 <= int(answer) <= len(near):
            return near[int(answer) - 1]
        if answer.lower() in ("n", "new", say("new")):
            return name
        if answer.lower() in ("s", "save", say("save")):
            return ""
        if len(answer) > 1:
            return answer


# The coding loop ------------------------------------------------------------------------------------------------------

_OFFERED = 18
_KEYS = N_(
    "numbers or letters: themes · 0 none applies · n new · m all themes · c comment · s or Enter skip · u undo · q quit"
)


@dataclass(slots=True)
class Tally:
    """What a round of coding came to."""

    coded: int = 0
    skipped: int = 0
    left: int = 0


class _Place(Value, frozen=True):
    """An excerpt of the queue by its place in its note, which stays when words are put into the note."""

    excerpt: Excerpt
    number: int


class Door(Value, frozen=True):
    """How answers reach the files: the lock to be held meanwhile, and what carries a change out (False: it was only shown)."""

    changing: Callable[[], contextlib.AbstractContextManager[object]]
    apply: Callable[[Change], bool]

    @classmethod
    def of(cls, review: Review) -> Door:
        """Return the plain way: the review's own lock, and everything carried out."""

        def apply(change: Change) -> bool:
            review.apply(change)
            return True

        return cls(review.writing, apply)


@dataclass(slots=True)
class CodingLoop:
    """One excerpt a screen, until the queue is done or the person stops. Each answer is saved at once."""

    terminal: Terminal
    review: Review
    coder: str
    door: Door
    keys: str = _KEYS
    tally: Tally = field(default_factory=Tally)
    _undo: list[tuple[Change, int, bool]] = field(default_factory=list)
    _all: bool = False

    def run(self, queue: Sequence[Excerpt]) -> Tally:
        """Go through ``queue`` and return what came of it."""
        places = self._places(queue)
        at = 0
        self.terminal.tell(_wrapped(self.terminal.say(self.keys), self.terminal.width), dim=True)
        while at < len(places):
            excerpt = self._now(places[at])
            if excerpt is None:
                self.terminal.tell(
                    self.terminal.say("{place} changed and is left out", place=places[at].excerpt.location)
                )
                at += 1
                continue
            offered = self._screen(excerpt, at, len(places))
            try:
                answer = self.terminal.ask("> ")
                step = self.answered(answer, excerpt, offered, at)
            except click.Abort:
                step = None
            except ReviewError as error:
                self.terminal.fail(error)
                continue
            if step is None:
                break
            at += step
        self.tally.left = len(places) - at
        return self.tally

    def _places(self, queue: Sequence[Excerpt]) -> list[_Place]:
        numbers: dict[tuple[str, int], int] = {}
        counts: dict[str, int] = {}
        for one in self.review.excerpts():
            path = one.location.path
            numbers[path, one.location.start] = counts.get(path, 0)
            counts[path] = counts.get(path, 0) + 1
        return [_Place(one, numbers.get((one.location.path, one.location.start), -1)) for one in queue]

    def _now(self, place: _Place) -> Excerpt | None:
        """Return the excerpt as it stands in its note now, with the codings of others; None if it is gone."""
        old = place.excerpt
        try:
            excerpts = self.review.read_note(old.location.path)[1].excerpts
        except Refused:
            return None
        here = excerpts[place.number] if 0 <= place.number < len(excerpts) else None
        if here is None or here.text != old.text:
            here = next((one for one in excerpts if one.text == old.text and (one.id == old.id or not old.id)), None)
        if here is not None and here.id and here.id in self.review.excerpt_ids():
            return replace(here, codings=self.review.excerpt(here.id).codings)
        return here

    # What is shown

    def _screen(self, excerpt: Excerpt, at: int, total: int) -> list[str]:
        """Show the excerpt and the numbered themes; return the themes in the order of their numbers."""
        terminal, say, width = self.terminal, self.terminal.say, self.terminal.width
        terminal.tell()
        where = "; ".join(f"{one.key}{', ' if one.locator.text else ''}{one.locator.text}" for one in excerpt.citations)
        head = say("{n} of {total}", n=at + 1, total=total) + f" · {where} · {excerpt.location}"
        terminal.tell(_wrapped(safe_line(head), width), dim=True)
        terminal.tell(_wrapped(notes.plain(excerpt.text), width, "  "))
        if remark := self.remark_shown(excerpt):
            terminal.tell(_wrapped(remark, width, "    "), dim=True)
        own = self.themes_shown(excerpt)
        if own:
            terminal.tell(_wrapped(" ".join(f"#{theme}" for theme in own), width))
        offered = self.themes_to_offer(excerpt)
        shown = offered if self._all else offered[:_OFFERED]
        if shown:
            terminal.tell(_columns([f"{number} {theme}" for number, theme in enumerate(shown, 1)], width))
        if len(shown) < len(offered):
            terminal.tell(say("m: {n} more", n=len(offered) - len(shown)), dim=True)
        return offered

    def themes_to_offer(self, excerpt: Excerpt) -> list[str]:
        """Return the themes that the excerpt can still be given, those given last first."""
        own = self.themes_shown(excerpt)
        return [theme for theme in self.review.last_themes() if theme not in own]

    def themes_shown(self, excerpt: Excerpt) -> list[str]:
        """Return the themes that this coder gave; without a coder, those that anyone did. Others' are not shown: coding is blind."""
        codings = [one for one in excerpt.codings if not self.coder or one.coder in ("", self.coder)]
        tags = dict.fromkeys(tag for one in codings for tag in one.themes)
        return list(dict.fromkeys(self.review.codebook.resolve(tag) or tag for tag in tags))

    def remark_shown(self, excerpt: Excerpt) -> str:
        """Return the comment that is shown below the excerpt."""
        return excerpt.comment

    # What is answered

    def answered(self, answer: str, excerpt: Excerpt, offered: Sequence[str], at: int) -> int | None:
        """Do what was answered; return by how many places to move on, None to stop."""
        word, _, rest = answer.partition(" ")
        command = word.lower()
        if command in ("", "s"):
            self.tally.skipped += 1
            return 1
        if command == "q":
            return None
        if command == "u":
            return self._take_back(at)
        if command == "m":
            self._all = True
            return 0
        if command == "?":
            self.terminal.tell(_wrapped(self.terminal.say(self.keys), self.terminal.width))
            return 0
        if command == "c":
            self._comment(excerpt, rest.strip(), at)
            return 0
        themes, new = self._new(rest) if command == "n" else self._chosen(answer, offered)
        if not themes:
            return 0
        self.save(excerpt, themes, new, at)
        return 1

    def _new(self, name: str) -> tuple[list[str], list[str]]:
        name = name.strip() or self.terminal.ask(self.terminal.say("New theme: "))
        if not name:
            return [], []
        known = theming.exact(self.review.codebook, name)
        if known is None:
            theming.id_from(name)  # refuses what cannot be one
        return [known or name], [] if known else [name]

    def _chosen(self, answer: str, offered: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the themes that numbers and letters name; nothing, and why, if one of them names none."""
        themes: list[str] = []
        new: list[str] = []
        for word in answer.replace(",", " ").split():
            if word == "0":
                themes.append(NONE)
            elif word.isdecimal():
                if int(word) > len(offered):
                    self.terminal.tell(self.terminal.say("There is no number {n}", n=word))
                    return [], []
                themes.append(offered[int(word) - 1])
            else:
                one = self._lettered(word)
                if one is None:
                    return [], []
                found, fresh = (one, False) if one else _settled(self.terminal, self.review, word)
                if not found:
                    return [], []
                themes.append(found)
                new += [found] if fresh else []
        return themes, new

    def _lettered(self, word: str) -> str | None:
        """Return the theme that a few letters name, by id, alias or label: their beginning, or anything in them.

        Empty if they name none, None if they name several and none of those is taken.
        """
        book = self.review.codebook
        known = book.resolve(codebook.theme_id(word.removeprefix("#")))
        if known is not None:
            return known
        letters = fold(word.removeprefix("#"))
        names = {
            one.id: [fold(name) for name in (one.id, *one.aliases, *one.label.values())] for one in book.themes.values()
        }
        begin = [id for id, several in names.items() if any(name.startswith(letters) for name in several)]
        found = begin or [id for id, several in names.items() if any(letters in name for name in several)]
        if len(found) < 2:
            return "".join(found)
        found = [id for id in self.review.last_themes() if id in found][:9]
        numbered = " ".join(f"[{number}] {id}" for number, id in enumerate(found, 1))
        answer = self.terminal.ask(f"{word}: {numbered}: ")
        return found[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(found) else None

    # What is saved

    def apply(self, change: Change, at: int, *, coded: bool) -> bool:
        """Carry ``change`` out and keep how to take it back; return False if it was only shown."""
        back = drafting.reverse(change)
        done = self.door.apply(change)
        if done and change.edits:
            self._undo.append((back, at, coded))
        return done

    def save(self, excerpt: Excerpt, themes: Sequence[str], new: Sequence[str], at: int) -> None:
        """Give the excerpt what was answered, and say where."""
        with self.door.changing():
            change, given = self.given(excerpt, themes, new)
            done = self.apply(change, at, coded=True)
        if not done:
            return
        ids = tagging.known_themes(self.review, themes)[0]
        self.review.remember(themes=[id for id in ids if id != NONE])
        self.tally.coded += 1
        tags = " ".join(f"#{id}" for id in ids)
        place = given.place or excerpt.location
        self.terminal.tell(self.terminal.say("saved {themes} {place}", themes=tags, place=place), dim=True)

    def given(self, excerpt: Excerpt, themes: Sequence[str], new: Sequence[str]) -> tuple[Change, tagging.Given]:
        """Return the change that gives the excerpt what was answered."""
        return tagging.give_themes(self.review, [excerpt], themes, new=new, coder=self.coder)

    def _comment(self, excerpt: Excerpt, text: str, at: int) -> None:
        text = text or self.terminal.ask(self.terminal.say("Comment: "))
        if text:
            with self.door.changing():
                self.apply(tagging.comment(self.review, excerpt, text), at, coded=False)

    def _take_back(self, at: int) -> int:
        """Undo what was saved last and return to its excerpt."""
        if not self._undo:
            self.terminal.tell(self.terminal.say("There is nothing to undo"))
            return 0
        back, then, coded = self._undo.pop()
        with self.door.changing():
            self.door.apply(back)
        self.tally.coded -= coded
        self.terminal.tell(self.terminal.say("undone"), dim=True)
        return then - at


def _columns(cells: Sequence[str], width: int) -> str:
    """Return ``cells`` in as many columns as fit, read line by line."""
    each = max(map(len, cells)) + 2
    count = max(1, (min(width, 100) - 1) // each)
    lines = (cells[at : at + count] for at in range(0, len(cells), count))
    return "\n".join("".join(f"{cell:<{each}}" for cell in line).rstrip() for line in lines)
