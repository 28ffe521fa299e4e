"""Taking over a project (.qdpx) or codebook (.qdc) of NVivo, ATLAS.ti, MAXQDA, QualCoder or Taguette.

Codes become themes, documents sources, passages excerpts, users coders, notes comments and annotations. What is here
already is known again and stays as it is; what a review cannot keep is named, each thing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from libreview.deeds import collecting, theming
from libreview.deeds.drafting import Draft
from libreview.deeds.receiving_notes import Taking, take_notes
from libreview.disk import archives
from libreview.disk.settings import FILE, set_review
from libreview.findings.projects import CITEKEY, ENTRYTYPE
from libreview.model import NONE, Change, Create, Edit, Source, Theme
from libreview.review import Review
from libreview.texts import codebook, keys, names
from libreview.texts.folding import fold
from libreview.texts.formats import bibtex
from libreview.texts.refiqda import reading
from libreview.texts.refiqda.labels import Line, read_lines
from libreview.texts.refiqda.project import Code, Left, Project, TextSource, clean
from libreview.value import Value, replace
from libreview.words.errors import Refused
from libreview.words.i18n import LANGUAGES, N_

__all__ = ["Received", "put_themes", "receive"]

_LARGEST = 32 << 20
_SUFFIX = re.compile(r"\.(?:txt|md|docx?|odt|rtf|pdf|html?)\Z", re.IGNORECASE)
_FIELD = re.compile(r"[a-z][a-z0-9-]*")
_EXAMPLE = re.compile(r"\^([a-z0-9]+)(?: .*)?\Z", re.DOTALL)


class Received(Value, frozen=True):
    """What was new in a file, what was here ``already``, and what was ``left`` out, each thing by itself."""

    sources: int
    excerpts: int
    themes: int
    codings: int
    already: int
    left: tuple[Left, ...]


def receive(review: Review, path: Path) -> tuple[Change, Received]:
    """Return the change that takes over what is new in a project or codebook, and what there is to say of it.

    Raises `Refused` for a file that cannot be read, is no REFI-QDA, or is hostile.
    """
    project = _project(collecting.bytes_of(path), path)
    draft = Draft(review)
    bare = not (review.source_keys() or review.codebook.themes or review.excerpt_ids())
    themes, new_themes, left = _themes(review, project.codes)
    put_themes(review, draft, new_themes, left)
    sources, new_sources, more = _sources(review, draft, project, path)
    if bare:
        _settings(review, draft, project)
    taking = Taking(review, draft, project, themes, sources)
    take_notes(taking)
    summary = f"import {new_sources} sources, {taking.excerpts} excerpts, {len(new_themes)} themes from {path.name}"
    return draft.change(summary), Received(
        new_sources,
        taking.excerpts,
        len(new_themes),
        taking.codings,
        taking.already,
        (*project.left, *left, *more, *taking.left),
    )


def _project(data: bytes, path: Path) -> Project:
    if not data.startswith(b"PK"):
        return reading.read(data, str(path))
    archive = archives.Archive(data, str(path))
    content = archive.read("project.qde", _LARGEST)
    if content is None:
        raise Refused(
            N_("{path} is no project or codebook of REFI-QDA"),
            N_("Export it as REFI-QDA project (.qdpx) or codebook (.qdc)."),
            path=path,
        )
    return reading.read(content, str(path), lambda name: archive.read(f"sources/{name}", _LARGEST))


def _settings(review: Review, draft: Draft, project: Project) -> None:
    """Give a review that is empty and has no title the title, question and language of the project."""
    said = {line.name: line.text for line in read_lines(project.description)[1]}
    title = " ".join(project.name.split())
    if review.settings.title or not title or "Language" not in said:
        return
    language = said["Language"] if said["Language"] in LANGUAGES else ""
    wanted = {"title": title, "question": said.get("Question", ""), "language": language}
    for key, value in wanted.items():
        if value and not (key == "question" and review.settings.question):
            draft.put(set_review(draft.read(FILE), key, value))


# Codes ----------------------------------------------------------------------------------------------------------------


def _themes(review: Review, codes: Sequence[Code]) -> tuple[dict[str, str], list[Theme], list[Left]]:
    """Return the id of the theme that each code is, by its identifier, the themes that are new, and what is left out."""
    ids: dict[str, str] = {}
    new: dict[str, Theme] = {}
    left: list[Left] = []
    taken: set[str] = set()
    above: list[str] = []
    book, used = review.codebook, review.used_tags()
    for code in codes:
        del above[code.depth :]
        parent = above[-1] if above else ""
        rest, lines = read_lines(code.description)
        id = _id(code, lines, parent, taken)
        known = book.resolve(id)
        taken.add(id)
        id = known or id
        ids.setdefault(code.guid, id)
        above.append("" if id == NONE else id)
        if id == NONE:
            continue
        theme = _theme(id, code, parent, rest, lines)
        if known:
            left += _differing(book.themes[known], theme)
        elif id not in used or theme != Theme(id):  # a tag that no theme has comes back as it went
            new.setdefault(id, theme)
    return ids, list(new.values()), left


def _id(code: Code, lines: Sequence[Line], parent: str, taken: set[str]) -> str:
    """Return the id that a code says it has, else one from its name that no other code of the project has."""
    said = next((line.text.strip() for line in lines if line.name == "Id"), "")
    if codebook.valid_id(said) or said == NONE:
        return said
    try:
        id = theming.id_from(" ".join(code.name.split())[:200])
    except Refused:
        id = codebook.theme_id(f"code-{code.guid[:8]}")
    if id in taken and parent and codebook.valid_id(f"{parent}-{id}"):
        id = f"{parent}-{id}"
    if id in taken:
        id = f"{id[:50].strip('-')}-{code.guid[:8]}"
    return id


def _theme(id: str, code: Code, parent: str, rest: str, lines: Sequence[Line]) -> Theme:
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(line.name, []).append(line.text)
    ours = "Id" in said
    examples = [found[1] if (found := _EXAMPLE.match(text)) else "" for text in said.get("Example", ())]
    typed = " ".join(code.name.split())
    label = {line.which: line.text for line in lines if line.name == "Label"}
    unread = [text for text, example in zip(said.get("Example", ()), examples, strict=True) if not example]
    words = [rest.strip(), *said.get("Definition", ()), *(f"Example: {text}" for text in unread)]
    return Theme(
        id,
        label if ours or label else {"": typed} if typed.lower() != id else {},
        said.get("Parent", [parent])[0],
        "\n".join(one for one in words if one),
        "\n".join(said.get("Include", ())),
        "\n".join(said.get("Exclude", ())),
        tuple(dict.fromkeys(one for one in examples if one)),
        code.colour.lower() or said.get("Colour", [""])[0],
        tuple(dict.fromkeys(said.get("Alias", ()))),
    )


def _differing(here: Theme, there: Theme) -> list[Left]:
    """Name a theme whose words are others in the file: those of the review stay."""
    for word in theming.WORDS:
        said = getattr(there, word)
        if said and said.split() != getattr(here, word).split():
            return [Left("theme-differs", here.id)]
    return []


def put_themes(review: Review, draft: Draft, themes: list[Theme], left: list[Left]) -> int:
    """Put ``themes`` into the codebook in the draft. One that would not be read back goes in with its id alone, and is ``left``.

    Return how many there are. Raises `Refused` if even that would not be read back.
    """
    if not themes:
        return 0
    path = review.codebook_path
    there = draft.exists(path)
    old = draft.read(path) if there else b""
    gap = b"" if not old.strip(b"\xef\xbb\xbf \t\r\n") else b"\n" if old.endswith((b"\n", b"\r")) else b"\n\n"
    eol = b"\r\n" if b"\r\n" in old else b"\n"
    for attempt in (1, 2):
        new = gap + "\n".join(codebook.write_theme(theme) for theme in themes).encode("utf-8", "replace")
        new = new.replace(b"\n", eol)
        read = codebook.read(old + new, path)[0].themes
        wrong = [
            at
            for at, one in enumerate(themes)
            if one.id not in read or replace(read[one.id], location=one.location) != one
        ]
        if not wrong:
            draft.put(Edit(path, len(old), len(old), b"", new) if there else Create(path, new))
            return len(themes)
        if attempt == 1:
            left += [Left("theme", themes[at].id) for at in wrong]
            bare = {at: Theme(themes[at].id, parent=themes[at].parent) for at in wrong}
            themes[:] = [bare.get(at, one) for at, one in enumerate(themes)]
    raise Refused(
        N_("{path} would be read differently after this change"),
        N_("Correct first what libreview check says of it, or change it by hand."),
        path=path,
    )


# Documents ------------------------------------------------------------------------------------------------------------


def _sources(review: Review, draft: Draft, project: Project, path: Path) -> tuple[dict[str, str], int, list[Left]]:
    """Return the key of each document's source, by identifier, how many are new, and what is left out; the new ones are drafted."""
    called = {one.guid: one.name for one in project.variables}
    known = _known(review)
    titles = {fold(source.title): source.key for source in known.values() if source.title}
    taken = set(known)
    tried: dict[str, int] = {}
    found: dict[str, str] = {}
    entries: list[str] = []
    left: list[Left] = []
    for one in project.sources:
        values: dict[str, str] = {}
        for value in one.values:
            values.setdefault(called.get(value.variable, ""), clean(value.value))
        key = values.get(CITEKEY, "").strip()
        entry, problems = "", list[Left]()
        if key:
            here = known.get(key.lower())
            if here is not None:
                key = here.key
                left += [Left("source-differs", key)] if _says_otherwise(here, one, values) else []
            elif key.lower() not in taken and values.get(ENTRYTYPE):
                entry, problems = _own_entry(key, one, values)
        else:
            title = " ".join((values.get("title") or _SUFFIX.sub("", one.name)).split())
            key = titles.get(fold(title), "")
            if not key:
                key, entry, problems = _other_entry(one, title, values, taken, tried)
                titles[fold(title)] = key
        found[one.guid] = key
        taken.add(key.lower())
        left += problems
        if entry:
            entries.append(entry)
    if entries:
        target = collecting.free_path(review, f"sources/{collecting.slug_of(path.stem)}", ".bib")
        draft.put(Create(target, "\n".join(entries).encode("utf-8", "replace")))
    return found, len(entries), left


def _known(review: Review) -> dict[str, Source]:
    """Return the sources of the review by key and former key, in lower case."""
    sources = review.sources() if review.source_keys() else ()
    known = {old.strip().lower(): source for source in sources for old in source.get("ids").split(",") if old.strip()}
    return known | {source.key.lower(): source for source in reversed(sources)}


def _entry_in(description: str, key: str) -> Source | None:
    """Return the source in the description of a document, if it is one entry and has that key."""
    if not description.lstrip().startswith("@"):
        return None
    read = bibtex.read(description.encode("utf-8", "replace"), "project.bib").sources
    return read[0] if len(read) == 1 and read[0].key == key else None


def _fields(source: Source | None, values: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields of an entry as they are written, and the names of variables that cannot be fields.

    What the variables say counts, where that is not what the entry says.
    """
    fields = dict(source.fields) if source is not None else {}
    lost = []
    for name, value in values.items():
        if name in (CITEKEY, ENTRYTYPE, ""):
            continue
        field = "-".join(name.lower().split())
        if source is not None and clean(source.plain.get(field, "")) == value:
            continue
        if _FIELD.fullmatch(field):
            fields[field] = collecting.raw_value(field, value)
        else:
            lost.append(name)
    return fields, lost


def _own_entry(key: str, one: TextSource, values: Mapping[str, str]) -> tuple[str, list[Left]]:
    """Return the entry of a document that was a source of a review before."""
    source = _entry_in(one.description, key)
    fields, lost = _fields(source, values)
    left = [Left("variable", f"{one.name}: {name}") for name in lost]
    return _checked(key, values[ENTRYTYPE], fields, left)


def _other_entry(
    one: TextSource, title: str, values: Mapping[str, str], taken: Collection[str], tried: dict[str, int]
) -> tuple[str, str, list[Left]]:
    """Return key and entry of a document that another program made."""
    fields, lost = _fields(None, {"title": title, **values})
    if one.description.strip() and "comment" not in fields:
        fields["comment"] = collecting.raw_value("comment", clean(one.description.strip()))
    people = names.parse(fields.get("author", ""))
    key = keys.citation_key(people, values.get("year") or values.get("date") or "", title, ())
    stem = key
    while key.lower() in taken:  # numbers go on from the last one tried, so that a thousand of one name take no time
        tried[stem] = tried.get(stem, 1) + 1
        key = f"{stem}-{tried[stem]}"
    entry, left = _checked(key, "misc", fields, [Left("variable", f"{one.name}: {name}") for name in lost])
    return key, entry, left


def _checked(key: str, type: str, fields: Mapping[str, str], left: list[Left]) -> tuple[str, list[Left]]:
    """Return the entry if it is read back under its key; else none, and what is left out says so."""
    try:
        entry = bibtex.write_entry(key, type, fields)
    except Refused:
        return "", [*left, Left("entry", key)]
    read = bibtex.read(entry.encode("utf-8", "replace"), "project.bib").sources
    if len(read) != 1 or read[0].key != key:
        return "", [*left, Left("entry", key)]
    return entry, left


def _says_otherwise(here: Source, one: TextSource, values: Mapping[str, str]) -> bool:
    """Tell whether a source that is here has other values in the file. Inherited ones and old keys do not count."""
    there = _entry_in(one.description, values.get(CITEKEY, ""))
    said = there.plain if there is not None else {}
    return any(
        clean(here.plain.get(name, "")) != value
        for name, value in values.items()
        if name not in (CITEKEY, ENTRYTYPE, "") and clean(said.get(name, "")) != clean(here.plain.get(name, ""))
    )
