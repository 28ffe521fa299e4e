"""The clipboard, read through the program that the system has for it."""

from __future__ import annotations

import shutil
import subprocess

from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["read"]

_PROGRAMS: tuple[tuple[str, ...], ...] = (
    ("wl-paste", "--no-newline"),
    ("xclip", "-o", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--output"),
    ("pbpaste",),
    ("termux-clipboard-get",),
    ("powershell.exe", "-NoProfile", "-Command", "[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-Clipboard -Raw"),
)
"""Wayland, X11 (two), macOS, Termux, and Windows from WSL. The first that is there and answers counts."""


def read() -> str:
    """Return the text on the clipboard. Raises `Refused` if no program gives it."""
    tried = []
    for program, *arguments in _PROGRAMS:
        place = shutil.which(program)
        if place is None:
            continue
        tried.append(program)
        try:
            done = subprocess.run([place, *arguments], capture_output=True, timeout=10, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.decode("utf-8", "replace")
    if tried:
        raise Refused(N_("The clipboard holds no text ({program})"), program=", ".join(tried))
    raise Refused(
        N_("No program for the clipboard was found"),
        N_("Install wl-clipboard, xclip or xsel, or paste the text when asked for it."),
    )
