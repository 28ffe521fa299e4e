"""Chapters of a thesis: Markdown files anywhere that cite the sources of the review."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from libreview.deeds import bibliography
from libreview.disk import files, pandoc
from libreview.findings import citations
from libreview.model import Location, Problem
from libreview.review import Review
from libreview.texts import chapters, notes
from libreview.value import Value
from libreview.words import i18n
from libreview.words.errors import NotFound, Wrong
from libreview.words.i18n import N_

__all__ = ["FORMATS", "Rendered", "is_chapter", "lines_of", "problems", "render", "rendered"]

FORMATS: Mapping[str, str] = {
    "docx": "docx",
    "odt": "odt",
    "html": "html5",
    "md": pandoc.MARKDOWN,
    "tex": "latex",
    "rst": "rst",
    "txt": "plain",
}
"""What a chapter can become, and how pandoc calls it."""

_PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif"}
_LARGEST = 20 * 1024 * 1024
_SUFFIXES = frozenset((".md", ".markdown", ".mkd", ".qmd", ".rmd", ".txt", ".text"))


class Rendered(Value, frozen=True):
    """A chapter in another form. ``unknown`` are cited keys that no source has: they stand in the text with a question mark.

    ``raw`` counts pieces of HTML or LaTeX that were left out, ``images`` are pictures that could not be put in.
    """

    content: bytes
    sources: int
    unknown: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    raw: int = 0


def render(
    review: Review,
    chapter: Path,
    form: str,
    *,
    style: str = "",
    language: str = "",
    reference: Path | bytes | None = None,
    listed: bool = True,
) -> Rendered:
    """Return ``chapter`` in the format ``form`` with its citations in ``style`` and (``listed``) its bibliography.

    Raises `NotFound` for a style or language that does not exist, `Wrong` for a format, `Refused` if pandoc cannot do it.
    """
    if form not in FORMATS:
        raise Wrong(
            N_("A chapter cannot become {form}"), N_("It can become: {forms}"), form=form, forms=", ".join(FORMATS)
        )
    text = bibliography.chapter_text(chapter)
    pictures = chapter.parent if form in ("docx", "odt") else None
    return rendered(
        review, text, form, chapter.stem, pictures, style=style, language=language, reference=reference, listed=listed
    )


def rendered(
    review: Review,
    text: str,
    form: str,
    title: str,
    pictures: Path | None = None,
    *,
    style: str = "",
    language: str = "",
    reference: Path | bytes | None = None,
    listed: bool = True,
) -> Rendered:
    """Return the Markdown ``text`` as `render` does a chapter; ``pictures`` is the folder of those that are put in."""
    chosen = bibliography.style_of(review, style)
    locale = bibliography.locale_of(chosen, language, review.settings.language)
    tree = pandoc.read(text.encode())
    wanted = chapters.wants(tree)
    keys, unknown, others = _named(review, wanted.keys)
    raw = chapters.prepare(tree, keys, others, locale)
    named = sorted(review.in_review()) if chapters.ALL in wanted.keys else []
    items = [citations.csl_item(review.source(key)) for key in dict.fromkeys([*keys.values(), *named])]
    meta = tree["meta"]
    meta.setdefault("pagetitle", {"t": "MetaString", "c": title})
    if not listed:
        meta["suppress-bibliography"] = {"t": "MetaBool", "c": True}
    elif items and not wanted.placed and "reference-section-title" not in meta:
        heading = i18n.language(locale)("Bibliography")
        meta["reference-section-title"] = {"t": "MetaString", "c": heading}
    missing = _pictured(tree, pictures) if pictures else ()
    content = pandoc.convert(
        tree,
        FORMATS[form],
        reference=reference,
        standalone=form not in ("md", "txt", "rst"),
        wrap=form == "txt",
        citing=pandoc.Citing(tuple(items), chosen.xml, locale),
    )
    return Rendered(content, len(items), unknown, missing, raw)


def _named(review: Review, cited: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...], frozenset[str]]:
    """Return the present key for each cited one, the keys that no source has, and those of figures and tables."""
    known = frozenset(review.source_keys())
    keys: dict[str, str] = {}
    unknown: list[str] = []
    others: list[str] = []
    for key in cited:
        if key in known:
            keys[key] = key
            continue
        try:
            keys[key] = review.source(key).key  # a former key
        except NotFound:
            if key.startswith(bibliography.NO_SOURCE):
                others.append(key)
            elif key != chapters.ALL:
                unknown.append(key)
    return keys, tuple(unknown), frozenset(others)


def _pictured(tree: chapters.Tree, folder: Path) -> tuple[str, ...]:
    """Put the pictures of ``folder`` into ``tree`` itself, since pandoc opens no files; return those that are not there.

    A path that leads out of the folder of the chapter is not followed.
    """
    missing: dict[str, None] = {}
    for target in chapters.images(tree):
        address = target[0]
        kind = _PICTURES.get(Path(address).suffix.lower(), "")
        try:
            place = (folder / address).resolve()
            if not kind or not place.is_relative_to(folder.resolve()):
                raise OSError
            data = files.content(place, _LARGEST)
        except (OSError, ValueError):
            missing[address] = None
            continue
        target[0] = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return tuple(missing)


# What is wrong ----------------------------------------------------------------------------------------------------------


def is_chapter(review: Review, path: str) -> bool:
    """Return whether ``path`` (from where the program was started) is a text of its own: none of the review's notes."""
    place = Path(path)
    if place.suffix.lower() not in _SUFFIXES or not place.is_file():
        return False
    root, real = review.root.resolve(), place.resolve()
    return not real.is_relative_to(root) or real.relative_to(root).as_posix() not in review.paths("note")


def problems(review: Review, paths: Sequence[str]) -> tuple[Problem, ...]:
    """Return the citations in chapters whose keys no source has, by place."""
    found = []
    for path in paths:
        cited = notes.cited_lines(bibliography.chapter_text(Path(path)))
        unknown = frozenset(_named(review, dict.fromkeys(key for key, _ in cited))[1])
        found += [Problem("unknown-source", Location(path, line), key) for key, line in cited if key in unknown]
    return tuple(found)


def lines_of(found: Iterable[Problem]) -> dict[tuple[str, int], str]:
    """Return the lines of chapters that problems speak of, by path and number."""
    wanted: dict[str, set[int]] = {}
    for problem in found:
        wanted.setdefault(problem.location.path, set()).add(problem.location.line)
    lines = {}
    for path, numbers in wanted.items():
        text = bibliography.chapter_text(Path(path)).replace("\r\n", "\n").replace("\r", "\n")
        lines.update({(path, at): line for at, line in enumerate(text.split("\n"), 1) if at in numbers})
    return lines
