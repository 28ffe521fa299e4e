"""Answers on their way out: stdout carries the answer and nothing else, remarks go to stderr, files are written whole."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from libreview.disk import files
from libreview.model import Source
from libreview.pages import render
from libreview.review import Review
from libreview.words.blocks import Report
from libreview.words.errors import Refused, Wrong
from libreview.words.i18n import N_, Say
from libreview.words.rooms import load
from libreview.words.safe import safe, safe_line

__all__ = [
    "Heard",
    "answer",
    "answer_lines",
    "difference",
    "near",
    "progress",
    "remark",
    "remark_lines",
    "report",
    "source_line",
    "to_terminal",
    "width",
    "write_file",
    "write_out",
]

_CITATIONS = "libreview.findings.citations"
"""Needed only where a source is named."""
_DIFFERENCES = "libreview.texts.differences"
"""Needed only by --dry-run."""


Answer = TypeVar("Answer")


class Heard:
    """Hears answers and hands them on; ``empty`` says afterwards whether one of them was."""

    def __init__(self) -> None:
        self.empty = False

    def __call__(self, answer: Answer) -> Answer:
        self.empty = self.empty or not answer
        return answer


def answer(text: str) -> None:
    """Print lines of text as (part of) the answer."""
    click.echo(safe(text))


def answer_lines(lines: Iterable[str]) -> None:
    """Print lines, each of which is one line whatever is in it, all at once."""
    text = "".join(safe(line).replace("\n", " ") + "\n" for line in lines)
    if text:
        write_out(text.encode("utf-8", "replace"))


def difference(diff: str, say: Say) -> None:
    """Print a unified diff as the answer, and on stderr what it comes to and that nothing was written; once, if it is nothing."""
    if diff:
        answer(diff.rstrip("\n"))
    files, added, removed = load(_DIFFERENCES).counts(diff)
    if not files:
        remark(say("nothing would change"))
        return
    remark(say.many("would change {n} file (+{added} -{removed} lines); nothing was written",
                    "would change {n} files (+{added} -{removed} lines); nothing was written", files,
                    added=added, removed=removed))  # fmt: skip


def remark(text: str) -> None:
    """Tell the person something that is not the answer, on stderr."""
    click.echo(safe_line(text), err=True)


def remark_lines(lines: Iterable[str]) -> None:
    """Tell the person several such things, a line each."""
    for line in lines:
        remark(line)


def progress(label: str) -> Callable[[Sequence[object]], Iterable[object]]:
    """Return what hands things on one by one and shows on stderr how far it is, if they are many and a person looks on."""

    def watch(things: Sequence[object]) -> Iterable[object]:
        if len(things) < _MANY or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return iter(things)
        return _shown(things, label)

    return watch


_MANY = 1_000
"""So many records take a moment to read."""


def _shown(things: Sequence[object], label: str) -> Iterator[object]:
    with click.progressbar(things, label=label, file=sys.stderr, update_min_steps=len(things) // 100) as bar:
        yield from bar


def near(review: Review, query: str, say: Say) -> None:
    """Say on stderr what ``query`` may have meant, and what the review has, if it selects nothing because of what is in it."""
    if not query.strip():
        return
    meant = review.near(query)
    for sentence, facts in meant.sentences:
        remark(say(sentence, **facts))
    if meant.terms:
        remark(say("Did you mean {names}?", names=", ".join(meant.terms)))


def source_line(source: Source, language: str) -> str:
    """Return the line that says which source was taken: key · Author (year) Title."""
    who: str = load(_CITATIONS).author_year(source, language)
    title = source.title if source.title and source.title not in who else ""
    return safe_line(f"{source.key} · {who} {title}".rstrip())


def to_terminal() -> bool:
    """Return whether a person reads stdout."""
    return sys.stdout.isatty()


def width() -> int:
    """Return how many columns the terminal has."""
    columns: int = load("shutil").get_terminal_size().columns
    return columns


def report(made: Report, form: str = "", file: str = "", *, listing: bool = False, review: Review | None = None,
           say: Say | None = None, narrow: Callable[[], str] = str, **options: object) -> None:  # fmt: skip
    """Render ``made`` in ``form`` (or that of the suffix of ``file``, or what suits stdout) and print or write it.

    A ``listing`` goes into a pipe as bare tab-separated rows. With ``say``, a file that was written is named on stderr.
    What ``narrow`` returns a terminal says below a table for which it is too narrow; ``options`` are for the renderer.
    """
    to_file = bool(file) and file != "-"
    if form:
        row = render.find(form)
    elif to_file:
        row = render.by_suffix(file)
    elif to_terminal():
        row = render.find("terminal")
    else:
        row = render.find("plain")
        if listing:
            options["rows"] = True
    if row.binary and not to_file and to_terminal():
        raise Wrong(N_("{form} cannot be shown in a terminal"), N_("Write it to a file: -o FILE"), form=row.name)
    if row.name == "terminal":
        options.setdefault("width", width())
        options.setdefault("narrow", narrow)
        plainly = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        options.setdefault("colour", not to_file and to_terminal() and not plainly)
        options.setdefault("signs", _signs("utf-8" if to_file or not to_terminal() else sys.stdout.encoding))
    made_of = render.load(row)(made, **options)
    content: bytes = made_of.encode("utf-8") if isinstance(made_of, str) else made_of
    if to_file:
        write_file(Path(file), content, review)
        if say is not None:
            remark(say("wrote {path}", path=file))
    else:
        write_out(content, drawn=row.name == "terminal")


def _signs(encoding: str | None) -> str:
    """Return the signs that pictures are drawn with in ``encoding``; none where a screen reader may read them aloud."""
    if os.environ.get("TERM") == "dumb":
        return ""
    try:
        "▏░▁█".encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return "ascii"
    return "blocks"


def write_out(content: bytes, *, drawn: bool = False) -> None:
    """Write bytes to stdout; on a terminal in its own encoding, and safe unless they were ``drawn`` for one."""
    if to_terminal():
        text = content.decode("utf-8", "replace")
        click.echo(text if drawn else safe(text), nl=False)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def write_file(place: Path, content: bytes, review: Review | None = None) -> None:
    """Write a file whole or not at all. `Refused` if it is one of the review's own files or cannot be written."""
    if review is not None and _belongs(place, review):
        raise Refused(
            N_("{path} belongs to the review and is not overwritten"), N_("Choose another place for -o."), path=place
        )
    try:
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        if place.exists():
            files.replace(place, content)
        else:
            files.create(place, content)
    except OSError as error:
        raise Refused(
            N_("{path} cannot be written: {reason}"),
            N_("If it is open in another program, close it there."),
            path=place,
            reason=error.strerror or str(error),
        ) from error


def _belongs(place: Path, review: Review) -> bool:
    """Return whether ``place`` is one of the files that a person keeps in the review: sources, attachments, notes, settings."""
    root = review.root.resolve()
    real = place.resolve()
    if real == root / "libreview.toml":
        return True
    own = {(root / folder).resolve() for folder in ("sources", *review.settings.notes)}
    if root in own and real.suffix.lower() in (".md", ".toml") and real.is_relative_to(root) and real.exists():
        return True  # notes lie anywhere; a new file may still be put beside them
    return any(real.is_relative_to(folder) for folder in own if folder != root)
