"""A review as a project for programs of qualitative analysis (REFI-QDA 1.5).

One text for each source holds its excerpts, one passage each. Identifiers are made from keys, ids and names, so that the
same review gives the same project, and one that comes back is known again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from uuid import UUID

from libreview.findings.examples import examples
from libreview.findings.tallies import Tally
from libreview.model import Citation, Codebook, Excerpt, Note, Source, Theme
from libreview.texts import latex, names, notes
from libreview.texts.formats import bibtex
from libreview.texts.refiqda.labels import Line, write_lines
from libreview.texts.refiqda.project import (
    Case,
    Code,
    CodeUse,
    Left,
    Memo,
    Project,
    Selection,
    TextSource,
    User,
    Variable,
    VariableValue,
    clean,
    guid,
    namespace,
)  # fmt: skip
from libreview.value import Value
from libreview.words.errors import Refused

__all__ = ["CITEKEY", "ENTRYTYPE", "Material", "codes", "project"]

CITEKEY = "citekey"
ENTRYTYPE = "entrytype"
"""The variables that hold the key and the type of a source; no field of BibTeX has such a name."""

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_YEAR = re.compile(r"[1-9][0-9]{0,3}")
_SHOWN = 60


class Material(Value, frozen=True):
    """What of a review goes into a project. ``cards`` are note cards, ``coders`` says by path who wrote a note."""

    title: str
    question: str
    language: str
    codebook: Codebook
    sources: tuple[Source, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    cards: tuple[Note, ...] = ()
    coders: Mapping[str, str] = {}


# Themes ---------------------------------------------------------------------------------------------------------------


def codes(material: Material, *, tags: bool = True) -> tuple[Code, ...]:
    """Return the themes as codes, parents before those below them; with ``tags`` also those used that no theme has."""
    within = namespace(material.title)
    shown = examples(Tally(material.excerpts, material.codebook, (), ()), 0)
    found: list[Code] = []
    above: list[str] = []
    themes = dict(material.codebook.themes)
    if tags:
        given = (_given(one, "", material.codebook).values() for one in material.excerpts)
        used = {tag for several in given for some in several for tag in some}
        themes |= {tag: Theme(tag) for tag in sorted(used - set(themes))}
    for theme, depth in Codebook(themes).tree():
        del above[depth:]
        nested = above[-1] if above else ""
        colour = theme.colour if _COLOUR.fullmatch(theme.colour) else ""
        lines = _lines(theme, nested, "" if colour else theme.colour, shown.get(theme.id, ()))
        name = theme.name(material.language)
        found.append(Code(guid(within, "theme", theme.id), name, write_lines(lines), colour, depth))
        above.append(theme.id)
    return tuple(found)


def _lines(theme: Theme, nested: str, colour: str, shown: Iterable[Excerpt]) -> list[Line]:
    """Return what is said of a theme; examples that the codebook names wrongly stay there, without words."""
    words = {one.id or "": " ".join(notes.plain(one.text).split()) for one in shown}
    return [
        Line("Definition", theme.definition),
        Line("Include", theme.include),
        Line("Exclude", theme.exclude),
        *(Line("Example", f"^{id} {words[id]}" if id in words else f"^{id}") for id in theme.examples),
        *(Line("Label", name, language) for language, name in theme.label.items()),
        *(Line("Alias", alias) for alias in theme.aliases),
        Line("Parent", theme.parent if theme.parent != nested else ""),
        Line("Colour", colour),
        Line("Id", theme.id),
    ]


# Sources --------------------------------------------------------------------------------------------------------------


def _entry(source: Source) -> tuple[str, Source | None]:
    """Return the entry of a source with all that it inherits, and what it reads as; nothing if it cannot be written."""
    raw = {name: value for name, value in source.fields.items() if name not in ("crossref", "xdata")}
    for name, value in source.plain.items():
        if name not in raw and name not in ("crossref", "xdata"):
            people = source.people.get(name)
            raw[name] = names.write(people) if people else value if name in bibtex.VERBATIM else latex.encode(value)
    try:
        written = clean(bibtex.write_entry(source.key, source.type or "misc", raw))
    except Refused:
        return "", None
    read = bibtex.read(written.encode(), "project.bib").sources
    if len(read) != 1 or read[0].key != source.key:
        return "", None
    again = clean(bibtex.write_entry(source.key, read[0].type, read[0].fields))
    return again, read[0]


def _worth(source: Source) -> dict[str, str]:
    """Return the properties of a source by name, sorted."""
    found = {name: clean(value) for name, value in source.plain.items() if value.strip()}
    return dict(sorted((found | {CITEKEY: source.key, ENTRYTYPE: source.type}).items()))


def _kinds(properties: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the kind of each variable: years that are numbers are integers, all else is text."""
    kinds: dict[str, str] = {}
    for one in properties:
        for name, value in one.items():
            if name != "year" or not _YEAR.fullmatch(value):
                kinds[name] = "Text"
            else:
                kinds.setdefault(name, "Integer")
    return dict(sorted(kinds.items()))


# Excerpts -------------------------------------------------------------------------------------------------------------


def _given(excerpt: Excerpt, coder: str, codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Return the themes that each coder gave, coders sorted; ``coder`` wrote the note of the excerpt."""
    found: dict[str, dict[str, None]] = {}
    for who, tags in ((coder, excerpt.themes), *((one.coder, one.themes) for one in excerpt.codings)):
        if tags:
            found.setdefault(who, {}).update(dict.fromkeys(codebook.resolve(tag) or tag for tag in tags))
    return {who: tuple(found[who]) for who in sorted(found)}


def _cited(citations: Sequence[Citation]) -> str:
    try:
        return notes.write_citation(citations)
    except Refused:
        return "[" + "; ".join(f"@{{{one.key}}}" for one in citations) + "]"


class _Maker:
    """Makes a project: knows the identifiers given so far and gathers the memos."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.within: UUID = namespace(material.title)
        self.memos: list[Memo] = []
        self._twice: Counter[tuple[str, ...]] = Counter()

    def guid(self, *key: str) -> str:
        return guid(self.within, *key)

    def user(self, coder: str) -> str:
        return self.guid("coder", coder) if coder else ""

    def text_source(self, key: str, excerpts: Sequence[Excerpt], description: str, values: tuple[VariableValue, ...],
                    cards: Sequence[Note]) -> TextSource:  # fmt: skip
        """Return the text of a source with its passages; the excerpts of one coder stand together."""
        coders = self.material.coders
        ordered = sorted(excerpts, key=lambda one: coders.get(one.location.path, ""))
        texts = [clean(notes.plain(one.text)) for one in ordered]
        starts = accumulate((len(text) + 2 for text in texts), initial=0)
        selections = tuple(
            self.selection(key, one, text, start) for one, text, start in zip(ordered, texts, starts, strict=False)
        )
        writers = {coders.get(one.location.path, "") for one in ordered}
        memos = self.annotations(key, cards, writers)
        whole = "\n\n".join(texts) + "\n" if texts else ""
        return TextSource(self.guid("source", key), key, whole, description, selections, memos, values)

    def selection(self, key: str, excerpt: Excerpt, text: str, start: int) -> Selection:
        coder = self.material.coders.get(excerpt.location.path, "")
        citation = _cited(excerpt.citations)
        name = ("^", excerpt.id) if excerpt.id else (key, excerpt.kind, text, citation)
        self._twice[name] += 1
        own = self.guid("excerpt", *name, *([str(self._twice[name])] if self._twice[name] > 1 else []))
        memos: tuple[str, ...] = ()
        if excerpt.comment:
            memos = (self.guid("comment", own),)
            title = f"^{excerpt.id}" if excerpt.id else key
            self.memos.append(Memo(memos[0], title, clean(excerpt.comment), user=self.user(coder)))
        lines = [
            Line("Citation", citation), Line("Kind", excerpt.kind), Line("Excerpt", f"^{excerpt.id}" if excerpt.id else ""),
        ]  # fmt: skip
        shown = " ".join(text[: 4 * _SHOWN].split())
        shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN].rstrip() + "\u2026"
        codings = tuple(self.codings(own, excerpt, coder))
        return Selection(
            own, shown, start, start + len(text), text, 0, write_lines(lines), self.user(coder), codings, memos
        )

    def codings(self, excerpt_guid: str, excerpt: Excerpt, coder: str) -> Iterable[CodeUse]:
        memos: dict[str, list[str]] = {}
        for one in excerpt.codings:
            if one.memo.strip():
                memos.setdefault(one.coder, []).append(clean(one.memo))
        for who, tags in _given(excerpt, coder, self.material.codebook).items():
            attached: tuple[str, ...] = ()
            if who in memos:
                attached = (self.guid("memo", excerpt_guid, who),)
                name = f"^{excerpt.id} {who}".strip()
                self.memos.append(Memo(attached[0], name, "\n".join(memos[who]), user=self.user(who)))
            for tag in tags:
                own = self.guid("coding", excerpt_guid, tag, who)
                yield CodeUse(own, self.guid("theme", tag), self.user(who), attached)
                attached = ()

    def annotations(self, key: str, cards: Sequence[Note], writers: set[str]) -> tuple[str, ...]:
        """Make a memo for each coder's note card; one that has only excerpts shows in them."""
        by_coder: dict[str, list[Note]] = {}
        for card in cards:
            by_coder.setdefault(card.coder, []).append(card)
        made = []
        for coder, several in sorted(by_coder.items()):
            text = "\n\n".join(clean(one.annotation) for one in several if one.annotation)
            fields: dict[str, str] = {}
            for one in several:
                fields = {**one.fields, **fields}
            if text or fields or coder not in writers:
                own = self.guid("annotation", key, coder)
                lines = [Line("Field", value, name) for name, value in sorted(fields.items())]
                self.memos.append(Memo(own, key, text, write_lines(lines), self.user(coder)))
                made.append(own)
        return tuple(made)


# The whole ------------------------------------------------------------------------------------------------------------


def _grouped(material: Material) -> tuple[dict[str, list[Excerpt]], dict[str, str]]:
    """Return the excerpts by the key of their source, sources in order and unknown ones last, and keys by old key."""
    now: dict[str, str] = {}
    for source in material.sources:
        for old in source.get("ids").split(","):
            now.setdefault(old.strip(), source.key)
    now |= {source.key: source.key for source in material.sources}
    grouped: dict[str, list[Excerpt]] = {source.key: [] for source in material.sources}
    unknown: dict[str, list[Excerpt]] = {}
    for one in material.excerpts:
        key = next((now[key] for key in one.keys if key in now), "")
        if key:
            grouped[key].append(one)
        elif one.keys:
            unknown.setdefault(one.keys[0], []).append(one)
    return grouped | {key: unknown[key] for key in sorted(unknown)}, now


def project(material: Material) -> Project:
    """Return the review as a project. ``left`` names the sources whose entries cannot be written as BibTeX."""
    maker = _Maker(material)
    grouped, now = _grouped(material)
    entries = {source.key: _entry(source) for source in material.sources}
    worth = {key: _worth(read) for key, (_, read) in entries.items() if read is not None}
    worth |= {key: {CITEKEY: key} for key in grouped if key not in worth}
    kinds = _kinds(worth.values())
    cards: dict[str, list[Note]] = {}
    for card in material.cards:
        cards.setdefault(now.get(card.source, card.source), []).append(card)
    values = {
        key: tuple(VariableValue(maker.guid("variable", name), kinds[name], value) for name, value in one.items())
        for key, one in worth.items()
    }
    sources = tuple(
        maker.text_source(key, some, entries.get(key, ("", None))[0], values[key], cards.get(key, ()))
        for key, some in grouped.items()
    )
    cases = _cases(maker, sources, values, grouped, now)
    coders = {who for one in material.excerpts for who in _given(one, _writer(material, one), material.codebook)}
    coders |= {_writer(material, one) for one in material.excerpts} | {
        card.coder for some in cards.values() for card in some
    }
    return Project(
        material.title,
        write_lines([Line("Question", material.question), Line("Language", material.language)]),
        tuple(User(maker.user(who), who) for who in sorted(coders) if who),
        (*codes(material),),
        tuple(Variable(maker.guid("variable", name), name, kind) for name, kind in kinds.items()),
        cases,
        sources,
        tuple(maker.memos),
        tuple(Left("entry", key) for key, (written, _) in entries.items() if not written),
    )


def _writer(material: Material, excerpt: Excerpt) -> str:
    return material.coders.get(excerpt.location.path, "")


def _cases(
    maker: _Maker,
    sources: Sequence[TextSource],
    values: Mapping[str, tuple[VariableValue, ...]],
    grouped: Mapping[str, Sequence[Excerpt]],
    now: Mapping[str, str],
) -> tuple[Case, ...]:
    """Return one case for each source, with the passages of other sources' texts that cite it too."""
    also: dict[str, list[str]] = {}
    for source in sources:
        for excerpt, selection in zip(_ordered(maker, grouped[source.name]), source.selections, strict=True):
            for key in dict.fromkeys(now.get(key, key) for key in excerpt.keys):
                if key != source.name:
                    also.setdefault(key, []).append(selection.guid)
    return tuple(
        Case(maker.guid("case", one.name), one.name, values[one.name], (one.guid,), tuple(also.get(one.name, ())))
        for one in sources
    )


def _ordered(maker: _Maker, excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    return sorted(excerpts, key=lambda one: _writer(maker.material, one))
