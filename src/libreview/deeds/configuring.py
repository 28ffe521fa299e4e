"""Settings of the review and of the user, and what has to be right before a review is made."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from libreview.disk import places, settings, styles
from libreview.disk.settings import ReviewSettings
from libreview.model import Change
from libreview.review import Review
from libreview.texts import differences, likeness
from libreview.value import Value
from libreview.words.errors import NoChoice, NotFound, Refused, Wrong
from libreview.words.i18n import LANGUAGES, N_

__all__ = [
    "Setting",
    "check_value",
    "checked",
    "everything",
    "first_step",
    "get",
    "is_own",
    "may_begin",
    "preview_own",
    "preview_review",
    "quoted",
    "set_here",
    "set_own",
]


class Setting(Value, frozen=True):
    """A setting: ``scope`` is "review" or "user", ``path`` the file that holds it."""

    scope: str
    key: str
    value: str | tuple[str, ...]
    path: str


def _own() -> list[Setting]:
    mine, path = settings.of_user(), str(places.user_file())
    return [Setting("user", key, getattr(mine, name), path) for key, name in settings.USER_KEYS.items()]


def everything(folder: Path, *, own: bool = False) -> tuple[Setting, ...]:
    """Return the settings of the review that ``folder`` lies in (if there is one) and the user's; ``own``: only these."""
    root = settings.find_root(folder)
    if own or root is None:
        return tuple(_own())
    here = settings.of_review(root)[0]
    found = [Setting("review", key, getattr(here, name), settings.FILE) for key, name in settings.REVIEW_KEYS.items()]
    return (*found, *_own())


def is_own(key: str, *, own: bool) -> bool:
    """Return whether ``key`` is a setting of the user: it was said so, or the review has none of that name."""
    return own or (key in settings.USER_KEYS and key not in settings.REVIEW_KEYS)


def _known(key: str, keys: Mapping[str, str]) -> str:
    if key in keys:
        return key
    raise NoChoice(
        N_('There is no setting "{key}"'),
        N_("Settings: {known}"),
        near=likeness.near(key, keys),
        key=key,
        known=", ".join(keys),
    )


def get(folder: Path, key: str, *, own: bool = False) -> str:
    """Return the value of a setting, lists with commas. Raises `NotFound`."""
    mine = is_own(key, own=own)
    _known(key, settings.USER_KEYS if mine else settings.REVIEW_KEYS)
    wanted = "user" if mine else "review"
    for one in everything(folder, own=mine):
        if one.key == key and one.scope == wanted:
            return one.value if isinstance(one.value, str) else ",".join(one.value)
    raise NotFound(N_("There is no review here"), N_("Make one with: libreview init"))


def check_value(key: str, value: str, root: Path) -> None:
    """Raise if ``value`` cannot be the value of ``key`` in the review at ``root``."""
    if key == "language" and value not in LANGUAGES:
        raise NoChoice(
            N_('There is no language "{language}"'),
            N_("Languages: {known}"),
            language=value,
            known=", ".join(LANGUAGES),
        )
    if key == "citation-style":
        styles.find(value, root)


def set_here(review: Review, key: str, value: str) -> Change:
    """Return the change that sets ``key`` in libreview.toml. Raises `NotFound` for a key, style or language that is none."""
    check_value(_known(key, settings.REVIEW_KEYS), value, review.root)
    return Change((settings.set_review(review.read(settings.FILE), key, value),), f"set {key}")


def set_own(key: str, value: str) -> Path:
    """Write a setting of the user and return the place of the file. Raises `NotFound` for a key or language that is none."""
    _check_own(key, value)
    return settings.set_user(key, value)


def preview_own(key: str, value: str) -> str:
    """Return what `set_own` would change, as a unified diff. Nothing is written."""
    _check_own(key, value)
    file, old, new = settings.user_change(key, value)
    return differences.unified({str(file): (old, new)})


def _check_own(key: str, value: str) -> None:
    _known(key, settings.USER_KEYS)
    if value:
        check_value(key, value, Path())
    if key == "network" and value not in ("", "on", "off"):
        raise Wrong(N_('network is on or off, not "{value}"'), N_("libreview config --user network off"), value=value)


# A new review ---------------------------------------------------------------------------------------------------------


def may_begin(place: Path, *, force: bool = False) -> None:
    """Raise `Refused` if there is a review in ``place`` or, unless ``force``, around it, or if it is a file."""
    if place.exists() and not place.is_dir():
        raise Refused(N_("{folder} is a file"), folder=place)
    root = settings.find_root(place)
    if root is None:
        return
    if root.resolve() == place.resolve():
        raise Refused(N_("{folder} is a review already"), N_("libreview config shows its settings."), folder=root)
    if not force:
        raise Refused(
            N_("This lies inside the review {folder}"), N_("--force makes a review in the review."), folder=root
        )


def checked(wanted: ReviewSettings, place: Path) -> None:
    """Raise if the settings of a new review cannot be: an unknown language or style, a folder of notes outside it."""
    check_value("language", wanted.language, place)
    check_value("citation-style", wanted.style, place)
    for folder in wanted.notes:
        if folder.startswith(("/", "~")) or "\\" in folder or ".." in folder.split("/") or not folder.strip("/."):
            raise Wrong(
                N_("{folder} is not a folder inside the review"),
                N_("Make the review around your notes."),
                folder=folder,
            )


def preview_review(place: Path, wanted: ReviewSettings) -> str:
    """Return the file of a new review in ``place`` as a unified diff. Nothing is written. `Refused` if there is one."""
    made = Review.created(place, wanted)
    return differences.unified({made.path: (None, made.content)})


def quoted(words: str) -> str:
    """Return ``words`` as one word for a shell."""
    return shlex.quote(words)


def first_step(place: Path) -> str:
    """Return the command that a new review in ``place`` begins with: import what lies there, else a file to be named."""
    found = sorted(one.name for one in place.glob("*.bib"))
    return f"libreview import {quoted(found[0])}" if found else "libreview import FILE.bib"
