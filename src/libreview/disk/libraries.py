"""Linked libraries: files of sources outside of a review, read along with it and never written.

A review only says the name of one. Where it lies, and which reviews may read it, the user's own configuration says::

    [libraries.zotero]
    path = "~/Zotero/library.bib"
    reviews = ["~/skripsi"]

So a folder that comes from somebody else reads nothing of this user's before the user has linked it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from libreview.disk import files, places, settings
from libreview.disk.settings import FILE, Library, ReviewSettings, UserSettings, toml_value
from libreview.model import Change, Edit, Location, Problem, Source
from libreview.value import Value, replace
from libreview.words.errors import Refused, ReviewError
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = [
    "Linked",
    "elsewhere",
    "extended",
    "is_linked_to",
    "linked",
    "missing",
    "shown",
    "untouched",
    "with_library",
    "write",
]

_TOML = "libreview.texts.toml"
"""Needed only where the user's configuration is changed."""


class Linked(Value, frozen=True):
    """What a review reads along: the place of each library by the path it is shown with, and what is wrong with the names."""

    places: Mapping[str, Path] = {}
    problems: tuple[Problem, ...] = ()


def linked(root: Path, wanted: ReviewSettings, user: UserSettings) -> Linked:
    """Return the libraries that the review at ``root`` names, that the user knows, and that the user linked to this very folder."""
    if not wanted.libraries:
        return Linked()
    known = {one.name: one for one in user.libraries}
    found: dict[str, Path] = {}
    amiss: list[tuple[str, str, Mapping[str, str]]] = []
    for name in dict.fromkeys(wanted.libraries):
        library = known.get(name)
        if library is None:
            amiss.append(("library-unknown", name, {}))
        elif not is_linked_to(library, root):
            amiss.append(("library-not-linked", name, {"path": library.path}))
        else:
            found[library.path] = Path(library.path).expanduser()
    here = _place(root) if amiss else Location(FILE)
    return Linked(found, tuple(Problem(code, here, name, facts) for code, name, facts in amiss))


def is_linked_to(library: Library, root: Path) -> bool:
    """Return whether the user linked ``library`` to the review that lies at ``root``."""
    real = os.path.realpath(root)
    return any(os.path.realpath(Path(one).expanduser()) == real for one in library.reviews)


def _place(root: Path) -> Location:
    """Return where the review names its libraries."""
    try:
        return Location(FILE, settings.line_with(files.read(root, FILE), "libraries"))
    except (OSError, Refused):
        return Location(FILE, 1)


def missing(found: Mapping[str, Path]) -> Iterator[Problem]:
    """Yield a problem for each linked library that is not there, or is no file: its sources are gone until it is back."""
    for path, place in found.items():
        try:
            regular = stat.S_ISREG(place.stat().st_mode)
        except OSError as error:
            yield Problem("library-unread", Location(path), path, {"reason": error.strerror or str(error)})
            continue
        if not regular:
            yield Problem("library-unread", Location(path), path, {"reason": N_("it is not a file")})


def elsewhere(key: str, path: str) -> Refused:
    """Return the refusal to change the source ``key``, which stands in the linked library ``path``."""
    return Refused(N_("{key} lives in {path}: change it there"), key=key, path=path)


def untouched(change: Change, found: Collection[str], sources: Callable[[], Iterable[Source]]) -> None:
    """Raise `Refused` if ``change`` touches one of the linked libraries ``found``; ``sources`` says what stands in them."""
    for edit in change.edits:
        if edit.path in found:
            at = edit.start if isinstance(edit, Edit) else 0
            there = (one for one in sources() if one.location.path == edit.path)
            key = next((one.key for one in there if one.location.start <= at < one.location.end), edit.path)
            raise elsewhere(key, edit.path)


# The user's configuration ---------------------------------------------------------------------------------------------


def shown(place: Path) -> str:
    """Return ``place`` as it is written and shown: below the home folder with ``~/``."""
    path, home = os.path.abspath(place), os.path.abspath(Path.home())  # noqa: PTH100 (links stay as they are named)
    return f"~{path[len(home) :]}" if path.startswith(home.rstrip("/") + "/") else path


def with_library(library: Library) -> tuple[Path, bytes | None, bytes]:
    """Return the place of the user's configuration, what it holds (None: there is no file), and what it will with ``library`` in it.

    Raises `ReviewError` if the file cannot be read, `Refused` if the rest of it would read otherwise.
    """
    file = places.user_file()
    settings.of_user()  # says what is wrong with the file before it is touched
    try:
        data = file.read_bytes() if file.exists() else None
    except OSError as error:
        raise ReviewError(N_("{path}: {reason}"), path=file, reason=error.strerror or str(error)) from error
    lines = f"[libraries.{library.name}]\npath = {toml_value(library.path)}\nreviews = {toml_value(library.reviews)}\n"
    old = data or b""
    head = re.compile(
        rb"(?m)^[ \t]*\[[ \t]*libraries[ \t]*\.[ \t]*[\"']?" + library.name.encode() + rb"[\"']?[ \t]*\][^\r\n]*"
    )
    start = head.search(old)
    if start is None:
        gap = b"" if not old else b"\n" if old.endswith(b"\n") else b"\n\n"
        new = old + gap + lines.encode()
    else:
        end = re.compile(rb"(?m)^[ \t]*\[[^\r\n\"']*\][ \t]*(?:#[^\r\n]*)?$").search(old, start.end())
        stop = end.start() if end else len(old)
        new = old[: start.start()] + lines.encode() + (b"\n" if end else b"") + old[stop:]
    _read_back(file, old, new, library)
    return file, data, new


def _read_back(file: Path, old: bytes, new: bytes, library: Library) -> None:
    """Raise `Refused` unless ``new`` says what ``old`` does, and besides where ``library`` is."""
    before: dict[str, object] = load(_TOML).read(old)
    known = before.get("libraries", {})
    table = {"path": library.path, "reviews": list(library.reviews)}
    try:
        same = load(_TOML).read(new) == {
            **before,
            "libraries": {**(known if isinstance(known, dict) else {}), library.name: table},
        }
    except ValueError:
        same = False
    if not same:
        raise Refused(
            N_("{name} cannot be written into {path} without touching other lines"),
            N_("Write it there by hand: {example}"),
            name=library.name,
            path=file,
            example=f'[libraries.{library.name}] path = "{library.path}"',
        )


def write(file: Path, old: bytes | None, new: bytes) -> None:
    """Write the user's configuration, whole or not at all, unless it holds ``new`` already. Raises `ReviewError`.

    `Refused` if it does not hold ``old`` any more.
    """
    try:
        if (file.read_bytes() if file.exists() else None) != old:
            raise Refused(N_("{path} changed on disk since it was read; nothing was written"), path=file)
        if old is None:
            files.create(file, new)
        elif old != new:
            files.replace(file, new)
    except OSError as error:
        raise ReviewError(N_("{path}: {reason}"), path=file, reason=error.strerror or str(error)) from error


def extended(library: Library, root: Path) -> Library:
    """Return ``library`` linked to the review at ``root`` as well, and no more to those that were moved away or deleted."""
    here = shown(Path(os.path.realpath(root)))
    kept = [one for one in library.reviews if one != here and not _is_gone(Path(one).expanduser())]
    return replace(library, reviews=(*kept, here))


def _is_gone(review: Path) -> bool:
    """Return whether a folder is no review any more. One on a disk that is not plugged in may come back."""
    return review.parent.exists() and not (review / FILE).exists()
