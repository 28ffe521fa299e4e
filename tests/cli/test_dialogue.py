"""Conversations, held through a pseudo-terminal as a user would, and with answers put in."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import libreview
from libreview.cli import asking, dialogue, face, pasting
from libreview.deeds import theming
from libreview.review import Review
from libreview.words.errors import NotFound
from libreview.words.i18n import language

_SOURCE = str(Path(libreview.__file__).parents[1])
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Typist:
    """A person at a terminal: waits for words on the screen, then types."""

    def __init__(self, folder: Path, words: Sequence[str], **environment: str) -> None:
        self._master, slave = pty.openpty()
        program = (  # whoever runs the tests in the background may have turned ^C off
            "import fcntl, signal, termios; signal.signal(signal.SIGINT, signal.default_int_handler);"
            "fcntl.ioctl(0, termios.TIOCSCTTY, 0); from libreview.cli import main; main()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *words], cwd=folder, stdin=slave, stdout=slave, stderr=slave,
            close_fds=True, start_new_session=True, env={**os.environ, "PYTHONPATH": _SOURCE, "TERM": "xterm", **environment},
        )  # fmt: skip
        os.close(slave)
        self.raw = ""

    @property
    def screen(self) -> str:
        return _SEQUENCE.sub("", self.raw).replace("\r\n", "\n")

    def _more(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    def wait(self, words: str, times: int = 1) -> None:
        end = time.monotonic() + 20
        while self.screen.count(words) < times:
            assert time.monotonic() < end, f"no {words!r} on:\n{self.screen}"
            if not self._more(0.1):
                break
        assert self.screen.count(words) >= times, f"no {words!r} on:\n{self.screen}"

    def type(self, text: str) -> None:
        data = text.encode()
        while data:
            _, ready, _ = select.select([], [self._master], [], 5)
            assert ready
            data = data[os.write(self._master, data[:1024]) :]
            self._more(0)

    def leave(self) -> int:
        end = time.monotonic() + 20
        while self._more(0.1) and time.monotonic() < end:
            pass
        status = self.process.wait(10)
        os.close(self._master)
        return status


Start = Callable[..., Typist]


@pytest.fixture
def start(review_folder: Path) -> Iterator[Start]:
    started: list[Typist] = []

    def begin(*words: str, **environment: str) -> Typist:
        started.append(Typist(review_folder, words, **environment))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.kill()


def _card(folder: Path, name: str = "hartono2019.md") -> str:
    return (folder / "notes" / name).read_text(encoding="utf-8")


def test_paste_answer_saved(start: Start, review_folder: Path) -> None:
    typist = start("tag", "hartono", "-p", "12", "-t", "promosi-umkm")
    typist.wait("then an empty line:")
    typist.type("Upaya peme-\nrintah Kota Bandung.\n\n")
    typist.wait('New theme "promosi-umkm"? [Y/n]')
    typist.type("\n")
    assert typist.leave() == 0
    assert "hartono2019 · Hartono (2019) Pasar kota" in typist.screen
    assert "1 line break, 1 hyphen" in typist.screen
    found = re.search(
        r"saved notes/hartono2019.md:5 (\^\w{6})\. Next from this source: libreview tag \. -p PAGE", typist.screen
    )
    assert found
    assert f"> Upaya pemerintah Kota Bandung. [@hartono2019, p. 12] #promosi-umkm {found[1]}\n" in _card(review_folder)
    assert "[promosi-umkm]" in _card(review_folder, "codebook.toml")


def test_a_line_longer_than_the_terminal_takes(start: Start, review_folder: Path) -> None:
    words = "kata " * 4000
    typist = start("tag", "hartono", "-t", "trade")
    typist.wait("then an empty line:")
    typist.type(words + "\n\n")
    assert typist.leave() == 0
    assert f"> {words.strip()} [@hartono2019]" in _card(review_folder)


def test_a_bracketed_paste_with_empty_lines_is_one_text(start: Start, review_folder: Path) -> None:
    typist = start("tag", "hartono", "-t", "trade")
    typist.wait("then an empty line:")
    typist.type("\x1b[200~One.\r\r\rTwo.\x1b[201~")
    time.sleep(0.3)
    typist.type("\n\n")
    assert typist.leave() == 0
    assert "> One.\n>\n> Two. [@hartono2019] #trade" in _card(review_folder)


def test_paragraphs_pasted_into_a_plain_terminal_are_one_text(start: Start, review_folder: Path) -> None:
    typist = start("tag", "hartono", "-t", "trade", TERM="dumb")
    typist.wait("then an empty line:")
    typist.type("One.\n\nTwo.\n\n")
    assert typist.leave() == 0
    assert "> One.\n>\n> Two. [@hartono2019] #trade" in _card(review_folder)
    assert "\x1b" not in typist.raw


def test_near_themes_are_offered(start: Start, review_folder: Path) -> None:
    typist = start("tag", "hartono", "-t", "trda")
    typist.wait("then an empty line:")
    typist.type("Words.\n\n")
    typist.wait("[1] trade [n]ew [s]ave without")
    typist.type("1\n")
    assert typist.leave() == 0
    assert "> Words. [@hartono2019] #trade" in _card(review_folder)


def test_interrupted_questions_keep_the_text(
    start: Start, review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for keys in ("\x03", "\x04"):
        typist = start("tag", "hartono", "-t", "newtheme")
        typist.wait("then an empty line:")
        typist.type("Precious words.\n\n")
        typist.wait("[Y/n]")
        typist.type(keys)
        assert typist.leave() in (1, 130)
        assert "Your text is kept in" in typist.screen
        assert "Traceback" not in typist.screen
    kept = list((Path(os.environ["LIBREVIEW_STATE"]) / "kept").iterdir())
    assert [place.read_text(encoding="utf-8") for place in kept] == ["Precious words."] * 2
    assert not (review_folder / "notes" / "hartono2019.md").exists()


def test_interrupted_pasting_keeps_the_text_and_the_terminal(start: Start, review_folder: Path) -> None:
    typist = start("tag", "hartono", "-t", "trade")
    typist.wait("then an empty line:")
    typist.type("Half a text\n")
    typist.wait("Half a text\n")
    typist.type("\x03")
    assert typist.leave() == 130
    (place,) = (Path(os.environ["LIBREVIEW_STATE"]) / "kept").iterdir()
    assert place.read_text(encoding="utf-8").strip() == "Half a text"
    assert not (review_folder / "notes" / "hartono2019.md").exists()


def test_the_coding_loop(start: Start, review_folder: Path) -> None:
    (review_folder / "notes" / "x.md").write_text(
        "> First words. [@wijaya2001, p. 1]\n\n> Second words. [@wijaya2001, p. 2]\n\n"
        "> Third words. [@hartono2019, p. 3]\n\n> Fourth words. [@hartono2019, p. 4]\n",
        encoding="utf-8",
    )
    typist = start("code", NO_COLOR="1", COLUMNS="30")
    typist.wait("1 of 4")
    typist.wait("First words.")
    typist.type("1 fai\n")
    typist.wait("2 of 4")
    typist.type("n city/finance\n")
    typist.wait("3 of 4")
    typist.type("u\n")
    typist.wait("2 of 4", 2)
    typist.type("c Strange.\n")
    typist.wait("2 of 4", 3)
    typist.type("0\n")
    typist.wait("3 of 4", 2)
    typist.type("99\n")
    typist.wait("There is no number 99")
    typist.type("s\n")
    typist.wait("4 of 4")
    typist.type("q\n")
    assert typist.leave() == 0
    assert _card(review_folder, "x.md") == (
        "> First words. [@wijaya2001, p. 1] #trade #fair\n\n> Second words. [@wijaya2001, p. 2] #none\n\nStrange.\n\n"
        "> Third words. [@hartono2019, p. 3]\n\n> Fourth words. [@hartono2019, p. 4]\n"
    )
    assert "2 excerpts coded, 1 skipped, 1 left. Next: libreview code" in typist.screen
    assert "city-finance" not in _card(review_folder, "codebook.toml")
    assert "\x1b" not in typist.raw


def test_the_loop_codes_for_another_coder(review_folder: Path) -> None:
    answers = iter(["trade\n"])
    shown: list[str] = []
    with Review.open(review_folder) as review:
        terminal = dialogue.Terminal(
            language("en"), interactive=True, answers=lambda: next(answers), show=shown.append, width=40
        )
        tally = dialogue.CodingLoop(terminal, review, "budi", dialogue.Door.of(review)).run(
            theming.coding_queue(review, "kind:quotation")
        )
    assert (tally.coded, tally.skipped, tally.left) == (1, 0, 0)
    assert "- ^k3f9q2 #trade\n" in _card(review_folder, "codings-budi.md")
    assert "#trade" not in "".join(shown).split("> ")[0]  # rina's coding is not shown to budi


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["n\n", "other\n", "y\n"], (["other"], ["other"])),
        (["n\n", "trade\n"], (["trade"], [])),
        (["n\n", "\n"], ([], [])),
        (["maybe\n", "y\n"], (["zq"], ["zq"])),
        (["n\n", "12\n", "y\n", "fair\n"], (["fair"], [])),
    ],
)
def test_unknown_themes_are_settled(
    review_folder: Path, answers: list[str], expected: tuple[list[str], list[str]]
) -> None:
    given = iter(answers)
    with Review.open(review_folder) as review:
        terminal = dialogue.Terminal(language("en"), interactive=True, answers=lambda: next(given), show=lambda _: None)
        assert dialogue.settle_themes(terminal, review, ["zq"]) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("1\n", (["trade"], [])), ("n\n", (["trad3"], ["trad3"])), ("s\n", ([], [])), ("fair\n", (["fair"], []))],
)
def test_near_themes_are_settled(review_folder: Path, answer: str, expected: tuple[list[str], list[str]]) -> None:
    given = iter(["9\n", answer])
    with Review.open(review_folder) as review:
        terminal = dialogue.Terminal(language("en"), interactive=True, answers=lambda: next(given), show=lambda _: None)
        assert dialogue.settle_themes(terminal, review, ["trad3"]) == expected


def test_without_a_terminal_unknown_themes_are_errors_unless_new(review_folder: Path) -> None:
    with Review.open(review_folder) as review:
        terminal = dialogue.Terminal(language("en"), show=lambda _: None)
        with pytest.raises(NotFound) as error:
            dialogue.settle_themes(terminal, review, ["trade, trad3"])
        assert error.value.near == ("trade",)
        assert dialogue.settle_themes(terminal, review, ["trade,zq"], new=True) == (["trade", "zq"], ["zq"])


# Keys as they come ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chunks", "text", "ended"),
    [
        (["one\n", "\n"], "one\n\n", True),
        (["\n"], "\n", True),
        (["one\n"], "one\n", False),
        (["on\x7f\x7fab\n"], "ab\n", False),
        (["one two\x17x\x15y"], "y", False),
        (["a\x1b[Ab\x1b", "[Dc\x1bOA"], "abc", False),
        (["\x1b[20", "0~a\n\n\x7f"], "a\n\n\x7f", False),
        (["\x1b[200~a\n\n\x1b[201~"], "a\n\n", True),
        (["a\x04"], "a", True),
        (["\x1b[" + "1;" * 40], "[" + "1;" * 40, False),
    ],
)
def test_keys(chunks: list[str], text: str, ended: bool) -> None:
    paste = pasting.Paste(lambda _: None)
    for chunk in chunks:
        paste.feed(chunk)
    assert (paste.text, paste.ended()) == (text, ended)


def _at_terminal(monkeypatch: pytest.MonkeyPatch) -> int:
    """Put a terminal in the place of standard input; return its other end."""
    master, slave = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(slave, encoding="utf-8"))
    return master


def test_reading_from_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("xterm", "dumb"):
        monkeypatch.setenv("TERM", name)
        master = _at_terminal(monkeypatch)
        before = termios.tcgetattr(sys.stdin.fileno())
        os.write(master, "peme-\nrintah é\n\n".encode())
        shown: list[str] = []
        terminal = dialogue.Terminal(language("en"), interactive=True, show=shown.append)
        assert dialogue.taken_text(terminal, []) == "pemerintah é"
        assert "1 line break, 1 hyphen" in "".join(shown)
        assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_reading_stops_at_the_end_of_input(monkeypatch: pytest.MonkeyPatch) -> None:
    master = _at_terminal(monkeypatch)
    os.write(master, b"words\x04")
    monkeypatch.setattr(os, "read", lambda *_: b"")
    assert pasting.read(sys.stdin.fileno(), lambda _: None, lambda _: None) == ""


def test_an_interrupted_paste_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = iter([b"half a text\n"])

    def read(*_: object) -> bytes:
        for chunk in chunks:
            return chunk
        raise KeyboardInterrupt

    _at_terminal(monkeypatch)
    monkeypatch.setattr(os, "read", read)
    shown: list[str] = []
    with pytest.raises(click.Abort):
        dialogue.taken_text(dialogue.Terminal(language("en"), interactive=True, show=shown.append), [])
    assert "Your text is kept in" in "".join(shown)


def test_text_that_cannot_be_kept_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LIBREVIEW_STATE", str(tmp_path / "file"))
    shown: list[str] = []
    with (
        pytest.raises(ValueError, match="stop"),
        dialogue.kept("Precious.", dialogue.Terminal(language("en"), show=shown.append)),
    ):
        raise ValueError("stop")
    assert "Precious." in "".join(shown)


class Loop:
    """The coding loop with answers put in."""

    def __init__(self, review: Review, answers: Iterable[str], *, coder: str = "", width: int = 40) -> None:
        self.shown: list[str] = []
        given = chain((f"{answer}\n" for answer in answers), [""])
        terminal = dialogue.Terminal(
            language("en"), interactive=True, answers=lambda: next(given), show=self.shown.append, width=width
        )
        self.loop = dialogue.CodingLoop(terminal, review, coder, dialogue.Door.of(review))

    @property
    def screen(self) -> str:
        return "".join(self.shown)


def _four(folder: Path) -> None:
    (folder / "notes" / "x.md").write_text(
        "".join(f"> Words {n}. [@wijaya2001, p. {n}]\n\n" for n in range(4)), encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("answers", "themes"),
    [
        (["1"], "#trade"),
        (["2 1"], "#fair #trade"),
        (["pam"], "#fair"),
        (["dagang"], "#trade"),
        (["0"], "#none"),
        (["m", "1"], "#trade"),
        (["?", "1"], "#trade"),
        (["u", "1"], "#trade"),
        (["n", "Fresh idea"], "#fresh-idea"),
        (["n", "", "1"], "#trade"),
        (["n trade"], "#trade"),
        (["n 12", "1"], "#trade"),
        (["0 1", "1"], "#trade"),
        (["zq", "y"], "#zq"),
        (["zq", "n", "", "1"], "#trade"),
        (["a", "1"], "#trade"),
        (["a", "9", "fair"], "#fair"),
        (["c", "", "1"], "#trade"),
        (["c # no", "1"], "#trade"),
        (["1", "u", "2"], "#fair"),
    ],
)
def test_answers_in_the_loop(review_folder: Path, answers: list[str], themes: str) -> None:
    _four(review_folder)
    with Review.open(review_folder) as review:
        held = Loop(review, [*answers, "q"])
        held.loop.run(theming.coding_queue(review))
    assert _card(review_folder, "x.md").splitlines()[0] == f"> Words 0. [@wijaya2001, p. 0] {themes}"


def test_the_loop_goes_on_when_the_file_changes(review_folder: Path) -> None:
    _four(review_folder)
    place = review_folder / "notes" / "x.md"
    with Review.open(review_folder) as review:
        queue = theming.coding_queue(review)
        place.write_text(
            "New.\n\n> Other. [@wijaya2001]\n\n" + place.read_text(encoding="utf-8").replace("> Words 1", "> Gone 1"),
            encoding="utf-8",
        )
        held = Loop(review, ["1", "2", "s"])
        tally = held.loop.run(queue)
    assert (tally.coded, tally.skipped, tally.left) == (2, 1, 0)
    assert "notes/x.md:3 changed and is left out" in held.screen
    assert "Words 0. [@wijaya2001, p. 0] #trade" in place.read_text(encoding="utf-8")
    assert "Words 2. [@wijaya2001, p. 2] #fair" in place.read_text(encoding="utf-8")


def test_undo_that_the_file_does_not_allow_is_said(review_folder: Path) -> None:
    _four(review_folder)
    place = review_folder / "notes" / "x.md"

    def answers() -> Iterator[str]:
        yield "1"
        place.write_text(place.read_text(encoding="utf-8").replace("#trade", "#fair"), encoding="utf-8")
        yield "u"

    with Review.open(review_folder) as review:
        held = Loop(review, answers())
        held.loop.run(theming.coding_queue(review))
    assert "changed on disk" in held.screen
    assert "#fair" in place.read_text(encoding="utf-8")


def test_the_loop_with_a_missing_file_and_no_themes(review_folder: Path) -> None:
    _four(review_folder)
    (review_folder / "notes" / "codebook.toml").write_text("", encoding="utf-8")
    with Review.open(review_folder) as review:
        queue = theming.coding_queue(review)
        (review_folder / "notes" / "x.md").unlink()
        held = Loop(review, [])
        assert held.loop.run(queue).left == 0


def test_the_code_command(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _four(review_folder)
    monkeypatch.setattr(asking, "possible", lambda: True)
    done = CliRunner().invoke(face, ["-C", str(review_folder), "code"], input="1\ns\nq\n")
    assert done.stdout == "1 excerpt coded, 1 skipped, 2 left. Next: libreview code\n"
    done = CliRunner().invoke(face, ["-C", str(review_folder), "note", "hartono"], env={"EDITOR": "true"})
    assert done.stdout.startswith("saved notes/hartono2019.md")
