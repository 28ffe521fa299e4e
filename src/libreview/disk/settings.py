"""Settings: those of a review (`libreview.toml`, inert keys only) and those of the user.

A review folder is untrusted: nothing in `libreview.toml` names a command, a template or a place outside. What belongs
to the user (coder's name, interface language, editor) is read from the user's own configuration.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from libreview.disk import files
from libreview.disk.places import user_file
from libreview.model import Create, Edit, Location, Problem
from libreview.value import Value
from libreview.words.errors import Refused, ReviewError, Wrong
from libreview.words.i18n import N_
from libreview.words.rooms import load

__all__ = [
    "FILE",
    "LIBRARY_NAME",
    "REVIEW_KEYS",
    "USER_KEYS",
    "Library",
    "ReviewSettings",
    "Understood",
    "UserSettings",
    "begin",
    "find_root",
    "line_with",
    "new_review",
    "of_review",
    "of_user",
    "set_review",
    "set_user",
    "toml_value",
    "understood",
    "user_change",
]

FILE = "libreview.toml"
_TOML = "libreview.texts.toml"
"""Needed only for settings that are not known yet."""


class ReviewSettings(Value, frozen=True):
    """What `libreview.toml` says. ``language`` is the language of reports, ``style`` a CSL style by name.

    ``libraries`` are names of linked libraries; where they lie, only the user's own configuration says.
    """

    title: str = ""
    question: str = ""
    language: str = "en"
    style: str = "apa"
    notes: tuple[str, ...] = ("notes",)
    ignore_tags: tuple[str, ...] = ("todo",)
    libraries: tuple[str, ...] = ()


class Library(Value, frozen=True):
    """A library outside of any review: its name, its place (it begins with ``~/`` or ``/``), and the reviews linked to it."""

    name: str
    path: str
    reviews: tuple[str, ...] = ()


class UserSettings(Value, frozen=True):
    """What the user's own configuration says; empty where it says nothing.

    ``network`` is "off" if no command may ask the network for anything.
    """

    coder: str = ""
    language: str = ""
    editor: str = ""
    network: str = ""
    libraries: tuple[Library, ...] = ()


REVIEW_KEYS = {
    "title": "title",
    "question": "question",
    "language": "language",
    "citation-style": "style",
    "notes": "notes",
    "ignore-tags": "ignore_tags",
    "libraries": "libraries",
}
"""Key in `libreview.toml` -> field of `ReviewSettings`."""

USER_KEYS = {"coder": "coder", "language": "language", "editor": "editor", "network": "network"}
"""Key in the user's configuration -> field of `UserSettings`."""

_LISTS = ("notes", "ignore_tags", "libraries")

LIBRARY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""What a linked library may be called: nothing that could be a path."""


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from ``start`` upwards that holds a `libreview.toml`."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if (folder / FILE).is_file()), None)


def _parse(data: bytes) -> dict[str, object]:
    tables: dict[str, object] = load(_TOML).read(data)
    return tables


def _line_of(error: ValueError) -> int:
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else 1


def line_with(data: bytes, key: str) -> int:
    """Return the line where ``key`` or a table of that name stands; 1 if it is written in some other way."""
    found = re.search(rb"(?m)^[ \t]*\[*[ \t]*[\"']?" + re.escape(key.encode()) + rb"(?![\w-])", data)
    return data.count(b"\n", 0, found.start()) + 1 if found else 1


Understood = tuple[ReviewSettings, tuple[Problem, ...]]
"""Settings, and what was wrong in their file."""


def understood(data: bytes) -> Understood:
    """Return what the bytes of a `libreview.toml` say. What cannot be read is a problem, and its default holds."""
    problems: list[Problem] = list(load(_CONFLICTS).problems(data, FILE)) if b"<<<<<<< " in data else []
    try:
        table = _parse(data)
    except ValueError as error:
        return ReviewSettings(), (*problems, _broken(_line_of(error), "", str(error)))
    known: dict[str, object] = {}
    for key, value in table.items():
        name = REVIEW_KEYS.get(key)
        if name is None:
            problems.append(_unknown(Location(FILE, line_with(data, key)), key))
        elif name in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
            known[name] = tuple(value)
        elif name not in _LISTS and isinstance(value, str):
            known[name] = value
        else:
            problems.append(
                _broken(
                    line_with(data, key),
                    key,
                    N_("a list of texts in quotes is expected")
                    if name in _LISTS
                    else N_("a text in quotes is expected"),
                )
            )
    outside = [folder for folder in known.get("notes", ()) if not _inside(folder)]  # type: ignore[attr-defined]
    if outside:
        problems.append(_broken(line_with(data, "notes"), "notes", N_("a folder leads out of the review")))
        del known["notes"]
    if not all(LIBRARY_NAME.fullmatch(name) for name in known.get("libraries", ())):  # type: ignore[attr-defined]
        problems.append(_broken(line_with(data, "libraries"), "libraries", N_("a library has a name, not a place")))
        del known["libraries"]
    return ReviewSettings(**known), tuple(problems)  # type: ignore[arg-type]


def of_review(root: Path, understand: Callable[[bytes], Understood] = understood) -> Understood:
    """Return the settings of the review at ``root``; ``understand`` may know already what `understood` would say."""
    try:
        settings, problems = understand(files.read(root, FILE))
    except OSError as error:
        return ReviewSettings(), (_broken(1, "", error.strerror or str(error)),)
    except Refused as error:
        return ReviewSettings(), (_broken(1, "", str(error)),)
    base = os.path.realpath(root)
    outside = [folder for folder in ("sources", *settings.notes) if not files.leads_inside(base, folder.strip("/"))]
    reason = {"reason": N_("it leads out of the review")}
    return settings, (*problems, *(Problem("file-unread", Location(folder), folder, reason) for folder in outside))


def _inside(folder: str) -> bool:
    return not folder.startswith(("/", "~")) and ".." not in folder.split("/") and "\\" not in folder


_LIKENESS = "libreview.texts.likeness"
"""Needed only when a key is wrong."""

_CONFLICTS = "libreview.texts.conflicts"
"""Needed only when the file may hold two versions of itself."""


def _unknown(place: Location, key: str) -> Problem:
    """Return the problem of a key that is no setting, with the one it may have meant."""
    near: tuple[str, ...] = load(_LIKENESS).near(key, REVIEW_KEYS, 1)
    return (
        Problem("setting-misspelt", place, key, {"near": near[0]}) if near else Problem("setting-unknown", place, key)
    )


def _broken(line: int, key: str, reason: str) -> Problem:
    return Problem("setting-broken", Location(FILE, line), key, {"reason": reason})


def of_user() -> UserSettings:
    """Return the user's own settings; raises `ReviewError` if their file cannot be read."""
    file = user_file()
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return UserSettings()
    except OSError as error:
        raise ReviewError(N_("{path}: {reason}"), path=file, reason=error.strerror or str(error)) from error
    try:
        table = _parse(data)
    except ValueError as error:
        raise ReviewError(
            N_("Your configuration {path} cannot be read: {reason}"),
            N_("Correct it, or move it away."),
            path=file,
            reason=error,
        ) from error
    said = {name: str(table[name]) for name in USER_KEYS if isinstance(table.get(name), str)}
    libraries = table.get("libraries")
    return UserSettings(
        **said | _network(table.get("network", "")),
        libraries=tuple(_libraries(libraries)) if isinstance(libraries, dict) else (),
    )


def _network(value: object) -> dict[str, str]:
    """Return the switch as it is meant: only what plainly says "on" (or nothing) leaves the network on."""
    if value == "":
        return {}
    return {"network": "on" if value is True or (isinstance(value, str) and value.strip().lower() == "on") else "off"}


def _libraries(tables: Mapping[str, object]) -> Iterator[Library]:
    """Yield the libraries that the user's configuration names; what is no library is left out."""
    for name, table in tables.items():
        path, reviews = (table.get("path"), table.get("reviews")) if isinstance(table, dict) else (table, [])
        if not isinstance(path, str) or not path.startswith(("~/", "/")) or not path.endswith(".bib"):
            continue
        yield Library(
            name, path, tuple(one for one in reviews if isinstance(one, str)) if isinstance(reviews, list) else ()
        )


def new_review(settings: ReviewSettings) -> Create:
    """Return the `libreview.toml` of a new review."""
    lines = [
        f"{key} = {toml_value(getattr(settings, name))}\n"
        for key, name in REVIEW_KEYS.items()
        if name != "libraries" or settings.libraries
    ]
    return Create(FILE, "".join(lines).encode())


def begin(folder: Path, wanted: ReviewSettings) -> None:
    """Make a review in ``folder``: all of it or none of it, for it is one file. Raises OSError."""
    made = new_review(wanted)
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / wanted.notes[0]).mkdir(parents=True, exist_ok=True)
    files.create(folder / made.path, made.content)


def toml_value(value: str | tuple[str, ...]) -> str:
    string: Callable[[str], str] = load(_TOML).string
    return f"[{', '.join(string(one) for one in value)}]" if isinstance(value, tuple) else string(value)


def _with(data: bytes, key: str, value: str | tuple[str, ...]) -> tuple[int, int, bytes]:
    """Return the slice of ``data`` and the bytes that set ``key``; `Refused` if the file would read otherwise afterwards."""
    line = f"{key} = {toml_value(value)}".encode()
    found = re.search(rb"(?m)^[ \t]*" + re.escape(key.encode()) + rb"[ \t]*=[^\r\n]*", data)
    if found:
        start, end, new = found.start(), found.end(), line
    else:
        first_table = re.search(rb"(?m)^[ \t]*\[", data)
        start = end = first_table.start() if first_table else len(data)
        gap = b"\n" if start and data[start - 1 : start] != b"\n" else b""
        new = gap + line + b"\n"
    expected: Mapping[str, object] = {**_parse(data), key: list(value) if isinstance(value, tuple) else value}
    try:
        same = _parse(data[:start] + new + data[end:]) == expected
    except ValueError:
        same = False
    if not same:
        raise Refused(N_("{key} could not be set without touching other lines"), N_("Edit the file by hand."), key=key)
    return start, end, new


def _wanted(key: str, value: str, known: Mapping[str, str]) -> str | tuple[str, ...]:
    if key not in known:
        raise Wrong(N_('There is no setting "{key}"'), N_("Settings: {known}"), key=key, known=", ".join(known))
    if known[key] in _LISTS:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def set_review(data: bytes, key: str, value: str) -> Edit:
    """Return the edit of a `libreview.toml` that holds ``data`` and gets ``key`` set; lists are given with commas."""
    wanted = _wanted(key, value, REVIEW_KEYS)
    try:
        start, end, new = _with(data, key, wanted)
    except ValueError as error:
        raise Refused(N_("{path} cannot be read: {reason}"), path=FILE, reason=error) from error
    return Edit(FILE, start, end, data[start:end], new)


def user_change(key: str, value: str) -> tuple[Path, bytes | None, bytes]:
    """Return the place of the user's configuration, what it holds (None: there is no file), and what it will with ``key`` set.

    Raises `ReviewError` if the file cannot be read.
    """
    wanted = _wanted(key, value, USER_KEYS)
    file = user_file()
    of_user()  # says what is wrong with the file before it is touched
    try:
        if not file.exists():
            return file, None, f"{key} = {toml_value(wanted)}\n".encode()
        data = file.read_bytes()
    except OSError as error:
        raise ReviewError(N_("{path}: {reason}"), path=file, reason=error.strerror or str(error)) from error
    start, end, new = _with(data, key, wanted)
    return file, data, data[:start] + new + data[end:]


def set_user(key: str, value: str) -> Path:
    """Write ``key`` into the user's configuration and return the file's place. Raises `ReviewError`."""
    file, old, new = user_change(key, value)
    try:
        if old is None:
            files.create(file, new)
        else:
            files.replace(file, new)
    except OSError as error:
        raise ReviewError(N_("{path}: {reason}"), path=file, reason=error.strerror or str(error)) from error
    return file
