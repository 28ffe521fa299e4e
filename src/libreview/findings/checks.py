"""What is wrong in the review as a whole: what no single file can know, and what a bibliography will miss.

All functions are pure: values in, `Problem`s out, in the order of the files. What needs the disk (attachments that are
missing) is not looked for here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from libreview.findings.copies import is_marked
from libreview.findings.repairs import repairs
from libreview.model import NONE, Codebook, Coding, Decision, Excerpt, Location, Note, Problem, Source
from libreview.texts.codebook import theme_id

__all__ = [
    "codebook_problems",
    "each_once",
    "known_keys",
    "note_problems",
    "relevant",
    "review_problems",
    "says_the_same",
    "screening_problems",
    "shadow_problems",
    "source_problems",
]

_WEB = frozenset(("online", "electronic", "www", "webpage"))
_WITHOUT_AUTHOR = frozenset(("legislation", "legal", "jurisdiction", "standard", "statute", "law", "dataset"))
_AUTHOR_FIELDS = ("organization", "institution", "publisher", "school", "howpublished", "journaltitle", "journal")
_OPEN = ("unverified", "partial")
_NO_KEY = re.compile(r"[\s,;={}\[\]()\"'%#~\\@]|\A\W+\Z")
"""What no key has, in BibTeX or in a citation."""


def known_keys(sources: Iterable[Source]) -> dict[str, str]:
    """Return what each key names, keys merged away (biblatex' ``ids``) included; a living key wins."""
    sources = tuple(sources)
    found = {source.key: source.key for source in sources}
    for source in sources:
        for old in source.plain.get("ids", "").split(","):
            if old.strip():
                found.setdefault(old.strip(), source.key)
    return found


def relevant(problems: Iterable[Problem], codebook: Codebook) -> Iterator[Problem]:
    """Yield the problems of notes that concern this review: tags that were not read only if the codebook has them."""
    tags = _tags(codebook)
    for problem in problems:
        if problem.code != "themes-not-read" or theme_id(problem.subject) in tags:
            yield problem


def each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return ``problems`` without those that say the same of the same line again."""
    found: dict[tuple[str, str, int, str, tuple[tuple[str, str], ...]], Problem] = {}
    for one in problems:
        found.setdefault((one.code, one.location.path, one.location.line, one.subject, tuple(one.facts.items())), one)
    return tuple(found.values())


def review_problems(
    sources: Sequence[Source],
    notes: Iterable[Note],
    excerpts: Iterable[Excerpt],
    codings: Iterable[Coding],
    codebook: Codebook,
    ignore: Collection[str] = (),
    decisions: Sequence[Decision] = (),
) -> tuple[Problem, ...]:
    """Return the problems of the whole review by place.

    ``sources`` are all entries, those with one key included; ``codings`` those written apart from their excerpt; ``decisions``
    all of screening.
    """
    excerpts = tuple(excerpts)
    found = [
        *source_problems(sources),
        *codebook_problems(codebook),
        *note_problems(notes, excerpts, codings, known_keys(sources), codebook, ignore),
        *(screening_problems(decisions, excerpts, known_keys(sources)) if decisions else ()),
    ]
    return tuple(sorted(found, key=lambda one: (one.location.path, one.location.line)))


# --- the codebook --------------------------------------------------------------------------------------------------


def _tags(codebook: Codebook) -> set[str]:
    return {tag for theme in codebook.themes.values() for tag in (theme.id, *theme.aliases)}


def codebook_problems(codebook: Codebook) -> Iterator[Problem]:
    """Yield themes whose parent is no theme, and each circle of parents once."""
    themes = codebook.themes
    cleared: set[str] = set()
    for theme in themes.values():
        if theme.parent and theme.parent not in themes:
            yield Problem("theme-parent-unknown", theme.location, theme.parent, {"theme": theme.id})
        walk: dict[str, None] = {}
        here = theme.id
        while here in themes and here not in cleared and here not in walk:
            walk[here] = None
            here = themes[here].parent
        if here in walk:
            circle = list(walk)[list(walk).index(here) :]
            facts = {"circle": " > ".join([*reversed(circle), circle[-1]])}
            yield Problem("theme-circle", themes[here].location, here, facts)
        cleared.update(walk)


# --- notes ---------------------------------------------------------------------------------------------------------


def note_problems(
    notes: Iterable[Note],
    excerpts: Iterable[Excerpt],
    codings: Iterable[Coding],
    keys: Collection[str],
    codebook: Codebook,
    ignore: Collection[str] = (),
) -> Iterator[Problem]:
    """Yield what is wrong between notes, sources and codebook. ``keys`` are all keys that name a source."""
    notes = tuple(notes)
    excerpts = sorted(excerpts, key=_order)
    codings = sorted(codings, key=_order)
    yield from _unknown_sources(notes, excerpts, keys)
    yield from _unknown_themes(excerpts, codings, codebook, ignore)
    yield from _codings(excerpts, codings, {note.path: note.coder for note in notes})


def _order(one: Excerpt | Coding) -> tuple[str, int, int]:
    return (one.location.path, one.location.line, one.location.start)


def _unknown_sources(notes: Iterable[Note], excerpts: Iterable[Excerpt], keys: Collection[str]) -> Iterator[Problem]:
    for note in notes:
        if note.source and note.source not in keys:
            code = "impossible-source" if _NO_KEY.search(note.source) else "unknown-source"
            yield Problem(code, note.location if note.location.path else Location(note.path), note.source)
    for excerpt in excerpts:
        for key in excerpt.keys:
            if key not in keys:
                yield Problem("unknown-source", excerpt.location, key)


def _unknown_themes(
    excerpts: Sequence[Excerpt], codings: Sequence[Coding], codebook: Codebook, ignore: Collection[str]
) -> Iterator[Problem]:
    """Yield one problem per tag, at its first place; a tag in 300 notes is one thing to decide."""
    quiet = _tags(codebook) | {NONE} | {theme_id(tag.lstrip("#")) for tag in ignore}
    first: dict[str, Location] = {}
    times: dict[str, int] = {}
    carriers: list[Excerpt | Coding] = sorted([*excerpts, *codings], key=_order)
    for carrier in carriers:
        for tag in carrier.themes:
            if tag not in quiet:
                first.setdefault(tag, carrier.location)
                times[tag] = times.get(tag, 0) + 1
    for tag, place in first.items():
        yield Problem("unknown-theme", place, tag, {"times": str(times[tag])})


def _codings(excerpts: Sequence[Excerpt], codings: Sequence[Coding], coders: Mapping[str, str]) -> Iterator[Problem]:
    """Yield ids that stand twice, and codings of no excerpt, of more than one, or by one coder twice.

    A file that a sync tool made repeats all ids of another. That file is the problem then, not each of its ids.
    """
    first: dict[str, Excerpt] = {}
    twice: set[str] = set()
    coded: set[tuple[str, str]] = set()
    for excerpt in sorted(excerpts, key=lambda one: is_marked(one.location.path)):
        if excerpt.id is None:
            continue
        if excerpt.id in first:
            if is_marked(excerpt.location.path):
                continue
            twice.add(excerpt.id)
            yield Problem("duplicate-id", excerpt.location, excerpt.id, {"other": str(first[excerpt.id].location)})
            continue
        first[excerpt.id] = excerpt
        coder = coders.get(excerpt.location.path, "")
        if excerpt.themes and coder:
            coded.add((coder, excerpt.id))
    for coding in codings:
        if coding.excerpt not in first:
            yield Problem("unknown-excerpt", coding.location, coding.excerpt)
        elif coding.excerpt in twice:
            yield Problem("ambiguous-coding", coding.location, coding.excerpt)
        elif coding.coder and (coding.coder, coding.excerpt) in coded:
            yield Problem("coded-twice", coding.location, coding.excerpt, {"coder": coding.coder})
        elif coding.themes:
            coded.add((coding.coder, coding.excerpt))


# --- screening -----------------------------------------------------------------------------------------------------


def screening_problems(
    decisions: Sequence[Decision], excerpts: Iterable[Excerpt], keys: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield decisions on what is no source, coders who contradict each other, and excluded sources that excerpts cite.

    ``keys`` are all keys that name a source, former ones included, with the present ones. Each thing is named once for a source.
    """
    unknown: set[str] = set()
    counting: dict[str, Decision] = {}
    by_coder: dict[tuple[str, str], dict[str, Decision]] = {}
    for one in sorted(decisions, key=lambda one: keys.get(one.source) == one.source):  # under present keys last
        key = keys.get(one.source)
        if key is not None:
            counting[key] = one
            if one.coder:
                by_coder.setdefault((key, one.stage), {})[one.coder] = one
        elif one.source not in unknown:
            unknown.add(one.source)
            yield Problem("unknown-source", one.location, one.source)
    for (key, _), several in by_coder.items():
        last = counting[key]
        other = next((one for one in several.values() if one.verdict != last.verdict), None)
        if other is not None and several.get(last.coder) is last:
            yield Problem("screening-contradicted", last.location, key, {"coder": last.coder, "other": other.coder})
    cited: set[str] = set()
    for excerpt in sorted(excerpts, key=_order):
        for key in excerpt.keys:
            last_word = counting.get(keys.get(key, key))
            if last_word is not None and last_word.verdict == "exclude" and key not in cited:
                cited.add(key)
                yield Problem("excluded-cited", excerpt.location, key, {"why": last_word.reason or "-"})


# --- sources -------------------------------------------------------------------------------------------------------


def source_problems(sources: Iterable[Source]) -> Iterator[Problem]:
    """Yield keys that stand twice or look alike, and what a bibliography will miss in each source."""
    first: dict[str, Source] = {}
    alike: dict[str, Source] = {}
    for source in sources:
        if source.key in first:
            yield Problem("duplicate-key", source.location, source.key, {"other": str(first[source.key].location)})
        else:
            first[source.key] = source
            yield from _key(source, alike)
        yield from _fields(source)
        yield from _oddities(source)


_OWN = frozenset((
    "file", "ids", "keywords", "groups", "timestamp", "owner", "creationdate", "modificationdate", "date-added",
    "date-modified", "bdsk-file-1", "bdsk-url-1",
))  # fmt: skip
"""Fields that programs keep for themselves: they say nothing of the source."""


def says_the_same(one: Source, other: Source) -> bool:
    """Return whether two entries say the same of a source, whatever their keys, blanks and what programs note in them."""
    return one.type == other.type and _said(one) == _said(other)


def _said(source: Source) -> dict[str, str]:
    return {name: words for name, raw in source.fields.items() if name not in _OWN and (words := " ".join(raw.split()))}


def shadow_problems(pairs: Iterable[tuple[Source, Source]]) -> Iterator[Problem]:
    """Yield a problem for each of ``pairs`` that differs: a source, and the entry of a linked library that it stands before."""
    for first, other in pairs:
        if not says_the_same(first, other):
            yield Problem("library-differs", other.location, other.key, {"other": str(first.location)})


def _key(source: Source, alike: dict[str, Source]) -> Iterator[Problem]:
    key = source.key
    form = key.lower()
    if not key.isascii():
        seen = "".join(char for char in key if unicodedata.category(char) != "Cf")
        if seen != key:
            yield Problem("key-invisible", source.location, key)
        scripts = {_script(char) for char in seen if char.isalpha()} & {"LATIN", "CYRILLIC", "GREEK"}
        if len(scripts) > 1:
            yield Problem("key-scripts", source.location, key)
        form = unicodedata.normalize("NFKC", seen).casefold()
    other = alike.setdefault(form, source)
    if other is source:
        return
    if key.lower() == other.key.lower():
        yield Problem("key-case", source.location, key, {"other": other.key})
    else:
        yield Problem("key-alike", source.location, key, {"other": str(other.location)})


def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ", 1)[0]


def _fields(source: Source) -> Iterator[Problem]:
    place, key, kind = source.location, source.key, source.type.lower()
    if kind in ("set", "xdata"):
        return
    state = source.get("verification").lower()
    if state in _OPEN:  # named once: what is missing is known, and stands in "unverified"
        yield Problem("source-unverified", place, key, {"state": state, "fields": source.get("unverified") or "-"})
        return
    if not source.title:
        yield Problem("source-without-title", place, key)
    if not source.authors and kind not in _WITHOUT_AUTHOR and not source.get(*_AUTHOR_FIELDS):
        yield Problem("source-without-author", place, key)
    web = kind in _WEB or (kind == "misc" and source.get("url") and not source.get("doi", "eprint"))
    if not web and not source.year and not source.get("pubstate"):
        yield Problem("source-without-year", place, key)
    if web and not source.get("urldate", "lastchecked", "accessed"):
        yield Problem("source-without-urldate", place, key)


def _oddities(source: Source) -> Iterator[Problem]:
    for repair in repairs(source):
        facts = {"name": repair.shown, "single": repair.single}
        yield Problem(repair.code, source.location, source.key, facts)
