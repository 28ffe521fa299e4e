"""Other programs: the user's editor, and whatever the system opens documents and web addresses with.

No shell is involved, a program is started by its absolute path, and only web addresses and documents are opened:
the names come from files that other people wrote.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = [
    "DOCUMENTS",
    "approve",
    "edit",
    "editor",
    "is_approved",
    "is_wsl",
    "mounted",
    "open_address",
    "open_document",
]

_SUFFIXES = """.pdf .epub .djvu .djv .ps .txt .md .markdown .rtf .odt .ods .odp .doc .docx .xls .xlsx .ppt .pptx .csv .tsv .bib .ris
    .html .htm .xhtml .mhtml .jpg .jpeg .png .gif .tif .tiff .webp .bmp .mp3 .m4a .ogg .oga .opus .wav .flac .mp4 .m4v .webm
    .mkv .mov .avi .srt .vtt"""
DOCUMENTS = frozenset(_SUFFIXES.split())
"""Suffixes of files that are read, seen or heard. Programs, scripts, macros and shortcuts are not among them."""

_DRIVE = re.compile(r"([A-Za-z]):[\\/]*(.*)", re.DOTALL)
_OPENERS = ("xdg-open", "gio")
_EDITORS = ("sensible-editor", "nano", "vim", "vi")


def is_wsl() -> bool:
    """Return whether this is Linux inside Windows."""
    return sys.platform == "linux" and ("WSL_DISTRO_NAME" in os.environ or "WSL_INTEROP" in os.environ)


def mounted(path: str) -> str:
    r"""Return how the Windows path ``C:\a\b`` is called inside Linux, ``/mnt/c/a/b``; other paths as they are."""
    found = _DRIVE.fullmatch(path)
    if found is None:
        return path
    rest = found[2].replace("\\", "/")
    return f"/mnt/{found[1].lower()}/{rest}"


def _program(words: Sequence[str]) -> list[str]:
    """Return the command with its program as an absolute path; `Refused` if there is no such program."""
    found = shutil.which(words[0]) if words else None
    if found is None:
        raise Refused(
            N_('There is no program "{name}"'),
            N_('Name an editor: libreview config --user editor "nano"'),
            name=words[0] if words else "",
        )
    return [str(Path(found).absolute()), *words[1:]]


def editor(configured: str, environment: Mapping[str, str]) -> list[str]:
    """Return the user's editor as words: their own setting, $VISUAL, $EDITOR, else what is there. Raises `Refused`."""
    several = (configured, environment.get("VISUAL", ""), environment.get("EDITOR", ""))
    named = next((one for one in several if one.strip()), "")
    if named:
        try:
            words = shlex.split(named)
        except ValueError as error:  # a quote without its partner: guessing would start something else
            raise Refused(
                N_("The editor cannot be read: {name}"),
                N_('Give each quote its partner: libreview config --user editor "nano"'),
                name=named,
            ) from error
        return _program(words)
    return _program([next((one for one in _EDITORS if shutil.which(one)), "nano")])


_LINES = {  # how editors are told the line: before the file, or after its name
    "nano": "+{line}",
    "vi": "+{line}",
    "vim": "+{line}",
    "nvim": "+{line}",
    "emacs": "+{line}",
    "emacsclient": "+{line}",
    "micro": "+{line}",
    "kate": "--line={line}",
    "gedit": "+{line}",
}


def edit(words: Sequence[str], place: Path, line: int = 1) -> int:
    """Open ``place`` in the editor, at ``line`` if the editor is known to take one; wait, and return its status.

    Raises `Refused` if the editor cannot be started.
    """
    command = list(words)
    mark = _LINES.get(Path(command[0]).stem.lower())
    if mark and line > 1:
        command.append(mark.format(line=line))
    if Path(command[0]).stem.lower() in ("code", "codium"):
        command += ["--wait", "--goto", f"{place.absolute()}:{line}"]
    else:
        command.append(str(place.absolute()))
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603 (the user's own editor, words, no shell)
    except OSError as error:  # a script without its first line, a program for another machine
        raise Refused(
            N_("{program} cannot be started: {reason}"),
            N_('Name an editor: libreview config --user editor "nano"'),
            program=command[0],
            reason=error.strerror or str(error),
        ) from error


def open_address(address: str) -> None:
    """Open a web address in the user's browser. `Refused` unless it is http or https."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or not address.isprintable() or " " in address:
        raise Refused(N_("{address} is not a web address"), N_("Only http and https are opened."), address=address)
    _open(address)


def open_document(place: Path) -> None:
    """Open a document in the program that the system has for it. `Refused` if it is missing or no document."""
    if not place.is_file():
        raise Refused(N_("There is no file {path}"), path=place)
    if place.suffix.lower() not in DOCUMENTS or place.resolve().suffix.lower() not in DOCUMENTS:
        raise Refused(
            N_("{path} is not a document, so it is not opened"),
            N_("Open it yourself if you know what it is."),
            path=place,
        )
    _open(str(place.absolute()))


def is_approved(known: Path, folder: Path) -> bool:
    """Return whether the user said that documents in ``folder`` may be opened; ``known`` is the file that remembers it."""
    try:
        folders = known.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return any(folder.is_relative_to(one) for one in folders if one)


def approve(known: Path, folder: Path) -> None:
    """Remember that documents in ``folder`` may be opened. That it cannot be remembered is no harm."""
    if "\n" in str(folder):
        return
    with contextlib.suppress(OSError, UnicodeEncodeError):
        known.parent.mkdir(parents=True, exist_ok=True)
        with known.open("a", encoding="utf-8") as file:
            file.write(f"{folder}\n")


def _open(target: str) -> None:
    if sys.platform == "darwin":
        words = ["open", target]
    elif is_wsl() and shutil.which("wslview"):
        words = ["wslview", target]
    else:
        opener = next((one for one in _OPENERS if shutil.which(one)), "")
        if not opener:
            raise Refused(
                N_("No program to open documents with was found (xdg-open)"),
                N_("Open it yourself: {target}"),
                target=target,
            )
        words = [opener, "open", target] if opener == "gio" else [opener, target]
    finished = subprocess.run(  # noqa: S603 (words, no shell; the target was checked above and never begins with a dash)
        _program(words), check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if finished.returncode:
        raise Refused(
            N_("{program} could not open {target}"),
            N_("Open it yourself: {target}"),
            program=words[0],
            target=target,
        )
