"""Single questions to the person before the terminal. They are asked on stderr, so that stdout holds only the answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from libreview.words.i18n import Say
from libreview.words.safe import safe_line

__all__ = ["ask", "choose", "confirm", "meant", "possible"]


def possible() -> bool:
    """Return whether a person sits before the program: questions are read from and shown on a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(label: str, default: str = "", *, hint: str = "", required: bool = False) -> str:
    """Return what the person types after ``label``; an empty line is ``default``."""
    shown = f"{label} [{hint or default}]" if hint or default else label
    while True:
        typed: str = click.prompt(safe_line(shown), default=default, show_default=False, err=True, prompt_suffix=": ")
        typed = " ".join(typed.split())
        if typed or not required:
            return typed


def meant(answer: str) -> bool | None:
    """Return what the answer to a yes-or-no question means, in any of our languages; None if nothing."""
    first = answer.strip()[:1].lower()
    if first and first in "yj":  # yes, ya, ja
        return True
    return False if first and first in "nt" else None  # no, nein, tidak


def confirm(say: Say, question: str, *, default: bool) -> bool:
    """Return the answer to a yes-or-no question; Enter takes the default."""
    shown = f"{safe_line(question)} {say('[Y/n]') if default else say('[y/N]')}"
    while True:
        answer: str = click.prompt(shown, default="", show_default=False, err=True, prompt_suffix=" ")
        told = meant(answer) if answer.strip() else default
        if told is not None:
            return told


def choose(say: Say, lines: Sequence[str], values: Sequence[str]) -> str:
    """Show numbered ``lines`` and return the one of ``values`` that the person takes."""
    for number, line in enumerate(lines, 1):
        click.echo(f"[{number}] {safe_line(line)}", err=True)
    number = click.prompt(say("Number"), type=click.IntRange(1, len(values)), err=True)
    return values[number - 1]
