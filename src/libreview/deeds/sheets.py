"""Coding sheets: handed to a coder who has no terminal, and taken in again when they are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from libreview.deeds import naming, tagging, theming
from libreview.deeds.comparing import waiting
from libreview.deeds.drafting import Draft
from libreview.model import NONE, Change, Codebook, Excerpt, Location
from libreview.review import Review
from libreview.texts import notes, sheets
from libreview.texts.folding import fold
from libreview.texts.grids import Grid
from libreview.texts.sheets import Fault, Line, Sheet, Taken
from libreview.words.errors import Refused
from libreview.words.i18n import N_
from libreview.words.safe import safe

__all__ = ["hand", "take"]

_Row = tuple[str, str, str, str]


def hand(review: Review, coder: str, query: str = "", *, sample: str = "", seed: int = 0) -> Sheet:
    """Return the sheet of the excerpts that ``coder`` has not coded; `Refused` if there are none, `Wrong` for a sample that is none."""
    found = waiting(review, coder, query, sample=sample, seed=seed)
    if not found.selected and query.strip():
        raise naming.nothing_selected(review, query)
    if not found.selected:
        raise Refused(N_("There is no excerpt yet"), N_("Take an excerpt with libreview tag."))
    if not found.excerpts:
        raise Refused(N_("No excerpt waits for {coder}"), N_("libreview agreement compares the coders."), coder=coder)
    return Sheet(coder, tuple(map(_row, found.excerpts)), review.codebook.tree())


def _row(one: Excerpt) -> _Row:
    return one.id or "", " ".join(one.keys), one.locator, notes.plain(one.text)


def take(review: Review, grid: Grid) -> tuple[Change, Taken]:
    """Return the change that puts what a sheet says into its coder's own file, and what it comes to.

    Rows without themes are left, and nothing that the coder has coded already is changed. If one row cannot be right, nothing is
    taken, and the faults say what is wrong in which row. Raises `Refused` for a table that is no sheet.
    """
    lines = sheets.read(grid)
    filled = [line for line in lines if line.themes]
    named = Counter(line.coder for line in lines if line.coder).most_common(1)
    coder = named[0][0] if named else ""
    excerpts = _Excerpts(review, lines)
    taking = _Taking(review, coder)
    for line in filled:
        taking.line(line, excerpts)
    blank = len(lines) - len(filled)
    if taking.faults:
        return Change((), ""), Taken(coder, blank=blank, faults=tuple(taking.faults))
    draft = Draft(review)
    place, coded = "", 0
    if taking.wanted:
        ids = tagging.identified(review, draft, [one for one, _ in taking.wanted])
        own = {id: themes for id, (_, themes) in zip(ids, taking.wanted, strict=True)}
        place, coded, _ = tagging.code_apart(review, draft, coder, own)
    change = draft.change(f"take in the sheet of {coder}: {coded} codings")
    left = (tuple(taking.gone), tuple(taking.unclear), tuple(taking.otherwise))
    return change, Taken(coder, place, coded, taking.already, blank, *left)


class _Taking:
    """What the filled rows of a sheet come to, row by row."""

    def __init__(self, review: Review, coder: str) -> None:
        self._review = review
        self._coder = coder
        self._themes = _Themes(review)
        self._seen: dict[Location, tuple[int, set[str]]] = {}
        self.wanted: list[tuple[Excerpt, list[str]]] = []
        self.already = 0
        self.gone: list[int] = []
        self.unclear: list[int] = []
        self.otherwise: list[int] = []
        self.faults: list[Fault] = []

    def line(self, line: Line, excerpts: _Excerpts) -> None:
        """Take a row: its faults, or what is to be coded, or why it is left out."""
        themes, faults = self._themes.read(line)
        faults += [Fault(line.number, "formula", name) for name in line.formulas]
        if line.coder != self._coder or not line.coder:
            faults.append(Fault(line.number, "coder" if line.coder else "no-coder", line.coder))
        one, doubt = excerpts.of(line)
        if isinstance(doubt, Fault):
            faults.append(doubt)
        self.faults += faults
        if one is None or faults:
            if not isinstance(doubt, Fault) and one is None:
                (self.unclear if doubt else self.gone).append(line.number)
            return
        before = self._seen.setdefault(one.location, (line.number, set(themes)))
        if before[0] != line.number:
            if before[1] != set(themes):
                self.faults.append(Fault(line.number, "twice", str(before[0])))
            return
        given = _given(self._review.codebook, one, self._coder)
        if not given:
            self.wanted.append((one, themes))
        elif given == set(themes):
            self.already += 1
        else:
            self.otherwise.append(line.number)


def _given(book: Codebook, excerpt: Excerpt, coder: str) -> set[str]:
    return {book.resolve(tag) or tag for one in excerpt.codings if one.coder == coder for tag in one.themes}


class _Themes:
    """What answers mean: whole names of themes, never their beginnings, since a wrong guess would be counted as a judgement."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._labels = {fold(name): one.id for one in review.codebook.themes.values() for name in one.label.values()}

    def read(self, line: Line) -> tuple[list[str], list[Fault]]:
        """Return the ids of the themes that a row names, each once, and what is wrong with them."""
        ids: dict[str, None] = {}
        faults = []
        for piece in line.themes:
            for name, id in self._named(piece):
                if id is None:
                    faults.append(Fault(line.number, "theme", name, self._review.no_theme(name).near))
                else:
                    ids[id] = None
        if NONE in ids and len(ids) > 1:
            faults.append(Fault(line.number, "none"))
        return list(ids), faults

    def _named(self, piece: str) -> list[tuple[str, str | None]]:
        """Return the themes in one piece: those of its words or, where these are none, the one that all of them name."""
        words = [(word, self._id(word)) for word in piece.split()]
        whole = self._id(piece) if any(id is None for _, id in words) else None
        return words if whole is None else [(piece, whole)]

    def _id(self, name: str) -> str | None:
        bare = name.removeprefix("#")
        if bare.lower() in ("0", NONE):
            return NONE
        return theming.exact(self._review.codebook, bare) or self._labels.get(fold(bare))


class _Excerpts:
    """The excerpts of a review as the rows of a sheet name them: by id or, where there was none, by source and words."""

    def __init__(self, review: Review, lines: Iterable[Line]) -> None:
        self._by_id: dict[str, Excerpt] = {}
        self._by_words: dict[tuple[str, str], list[Excerpt]] = {}
        self._words: dict[str, Excerpt] = {}
        for one in review.excerpts():
            id, source, _, text = _row(one)
            if id:
                self._by_id.setdefault(id, one)
            words = sheets.same_words(safe(text))
            self._by_words.setdefault((_first(source), words), []).append(one)
            self._words.setdefault(words, one)
        self._rows: dict[tuple[str, str], dict[int, int]] = {}
        for line in lines:
            if not line.id:
                rows = self._rows.setdefault(_said(line), {})
                rows[line.number] = len(rows)
        self._meant = {said: self._group(said, len(rows)) for said, rows in self._rows.items()}

    def of(self, line: Line) -> tuple[Excerpt | None, Fault | bool]:
        """Return the excerpt of a row. Without one: what is wrong, or whether several may be meant."""
        return self._by_name(line) if line.id else self._without(line)

    def _by_name(self, line: Line) -> tuple[Excerpt | None, Fault | bool]:
        named = self._by_id.get(line.id)
        other = self._words.get(sheets.same_words(line.text)) if line.text else None
        if named is None:
            called = f"^{other.id}" if other is not None and other.id else str(other.location) if other else ""
            return None, Fault(line.number, "id", f"^{line.id}", (called,)) if called else False
        if line.text and not sheets.alike(line.text, safe(notes.plain(named.text))):
            return None, Fault(line.number, "words", f"^{line.id}")
        return named, False

    def _without(self, line: Line) -> tuple[Excerpt | None, bool]:
        """Return the excerpt with the words of a row; of several, each row stands for one if there are as many rows."""
        said = _said(line)
        meant = self._meant[said]
        if not meant:
            return None, said in self._by_words
        return meant[0 if len(meant) == 1 else self._rows[said][line.number]], False

    def _group(self, said: tuple[str, str], rows: int) -> list[Excerpt]:
        """Return the excerpts that ``rows`` rows with the same words mean, none if that cannot be told."""
        several = self._by_words.get(said, [])
        fresh = [one for one in several if not one.id]
        if len(several) == 1:
            return several
        return next((group for group in (several, fresh) if len(group) == rows), [])


def _said(line: Line) -> tuple[str, str]:
    return _first(line.source), sheets.same_words(line.text)


def _first(source: str) -> str:
    """Return the first of the sources that a cell names; in older sheets it names no other."""
    return source.split(maxsplit=1)[0] if source.strip() else ""
