"""Reading a pasted text from the terminal, whole.

In its canonical mode a terminal cuts a line at 4,096 characters, so that mode is off while a text is pasted. A
terminal that knows bracketed paste says where a paste begins and ends: empty lines in it do not end the text.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import termios
from collections.abc import Callable, Iterator

__all__ = ["Paste", "Pasted", "read"]

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[@-~]|O.|[^\[O])", re.DOTALL)
_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_PAUSE = 0.08
"""Seconds in which more text must follow an empty line for it to be part of the paste; nobody types so fast."""


class Pasted(Exception):
    """Reading was interrupted; ``text`` is what had come."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Paste:
    """What was typed or pasted so far. ``echo`` is shown what the terminal, its own echo being off, would have shown."""

    def __init__(self, echo: Callable[[str], None]) -> None:
        self._echo = echo
        self._held = ""
        self._pasting = False
        self._lines = [""]
        self.closed = False

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def feed(self, chunk: str) -> None:
        """Take what came from the terminal; an escape sequence may come in two parts."""
        text, self._held = self._held + chunk, ""
        at = 0
        while at < len(text):
            escape = text.find("\x1b", at)
            end = len(text) if escape < 0 else escape
            self._type(text[at:end])
            if escape < 0:
                return
            found = _ESCAPE.match(text, escape)
            if found is None:
                if len(text) - escape < 32:
                    self._held = text[escape:]
                    return
                at = escape + 1  # nothing that begins like this is an escape sequence
                continue
            if found.group() in (_BEGIN, _END):
                self._pasting = found.group() == _BEGIN
            at = found.end()

    def _type(self, text: str) -> None:
        if self._pasting or not any(char in text for char in "\x04\x08\x15\x17\x7f"):
            self._add(text)
            return
        for char in text:
            if char in "\x08\x7f":
                if self._lines[-1]:
                    self._lines[-1] = self._lines[-1][:-1]
                    self._echo("\b \b")
            elif char in "\x15\x17":
                kept = "" if char == "\x15" else self._lines[-1].rstrip().rpartition(" ")[0]
                self._echo("\b \b" * (len(self._lines[-1]) - len(kept)))
                self._lines[-1] = kept
            elif char == "\x04":
                self.closed = True
            else:
                self._add(char)

    def _add(self, text: str) -> None:
        first, *more = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._lines[-1] += first
        self._lines.extend(more)
        self._echo(text)

    def ended(self) -> bool:
        """Tell whether the text ends here, if nothing follows at once: at an empty line outside of a paste."""
        if self.closed:
            return True
        if self._pasting or self._lines[-1] or len(self._lines) < 2:
            return False
        return not self._lines[-2].strip()


@contextlib.contextmanager
def _raw(descriptor: int, echo: Callable[[str], None]) -> Iterator[None]:
    """Switch line editing and echo off for a while, and bracketed paste on."""
    before = termios.tcgetattr(descriptor)
    mode = termios.tcgetattr(descriptor)
    mode[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    termios.tcsetattr(descriptor, termios.TCSADRAIN, mode)
    brackets = os.environ.get("TERM", "dumb") not in ("", "dumb")
    try:
        if brackets:
            echo("\x1b[?2004h")
        yield
    finally:
        if brackets:
            echo("\x1b[?2004l")
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def read(
    descriptor: int, echo: Callable[[str], None], show: Callable[[str], None], ask: Callable[[], None] = lambda: None
) -> str:
    """Return the text that is pasted or typed, up to an empty line or Ctrl-D.

    ``ask`` is called when the terminal is ready for it: what is typed before would be cut. ``show`` is given text of
    the user, ``echo`` control sequences of ours. Raises `Pasted` with what had come if it is interrupted (Ctrl-C).
    """

    def shown(text: str) -> None:
        (echo if text.startswith("\b") else show)(text)

    paste = Paste(shown)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    try:
        with _raw(descriptor, echo):
            ask()
            while not paste.ended() or (not paste.closed and select.select([descriptor], [], [], _PAUSE)[0]):
                chunk = os.read(descriptor, 65536)
                if not chunk:
                    break
                paste.feed(decoder.decode(chunk))
    except KeyboardInterrupt:
        raise Pasted(paste.text) from None
    return paste.text
