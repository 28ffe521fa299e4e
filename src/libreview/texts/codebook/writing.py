"""Themes written in one form, and put at the end of the codebook."""

from __future__ import annotations

from collections.abc import Mapping

from libreview.model import Create, Edit, Theme
from libreview.texts.codebook.reading import TEXTS, read
from libreview.texts.toml import string
from libreview.texts.toml_tables import BARE
from libreview.value import replace
from libreview.words.errors import Refused
from libreview.words.i18n import N_

__all__ = ["append", "label_of", "list_of", "name_of", "write_theme"]


def name_of(key: str) -> str:
    """Return a key or the id of a theme as it is written: bare if it can be."""
    return key if BARE.fullmatch(key) else string(key)


def label_of(label: Mapping[str, str]) -> str:
    """Return a label, in one language or several, as a value."""
    if set(label) == {""}:
        return string(label[""])
    return "{ " + ", ".join(f"{name_of(language)} = {string(name)}" for language, name in label.items()) + " }"


def list_of(values: tuple[str, ...]) -> str:
    """Return texts as an array on one line."""
    return "[" + ", ".join(string(value) for value in values) + "]"


def write_theme(theme: Theme) -> str:
    """Return ``theme`` as its canonical table, with a line end; what is empty is left out."""
    lines = [f"[{name_of(theme.id)}]"]
    if theme.label:
        lines.append(f"label = {label_of(theme.label)}")
    lines.extend(f"{name} = {string(value)}" for name in TEXTS if (value := getattr(theme, name)))
    if theme.examples:
        lines.append(f"examples = {list_of(theme.examples)}")
    if theme.colour:
        lines.append(f"colour = {string(theme.colour)}")
    if theme.aliases:
        lines.append(f"aliases = {list_of(theme.aliases)}")
    return "\n".join(lines) + "\n"


def append(data: bytes | None, path: str, theme: Theme) -> Edit | Create:
    """Return what puts ``theme`` at the end of the codebook; ``data`` is None if there is no file yet.

    Raises `Refused` if the theme would not be read back as it is: its id is taken or no id, or the file ends in a text.
    """
    written = write_theme(theme)
    if data is None:
        new = written.encode()
        whole = new
    else:
        end = b"\r\n" if b"\r\n" in data else b"\n"
        body = data.removeprefix(b"\xef\xbb\xbf")
        gap = b"" if not body.strip() else end if body.endswith((b"\n", b"\r")) else end + end
        new = gap + written.encode().replace(b"\n", end)
        whole = data + new
    before = read(data, path)[0].themes if data is not None else {}
    after = read(whole, path)[0].themes
    found = after.get(theme.id)
    if theme.id in before or found is None or replace(found, location=theme.location) != theme:
        raise Refused(
            N_('"{id}" cannot be put into {path}'),
            N_("An id is letters, digits and hyphens, and stands once; correct the last table of the file."),
            id=theme.id,
            path=path,
        )
    if data is None:
        return Create(path, new)
    return Edit(path, len(data), len(data), b"", new)
