"""The selection language against what it says: the same query asked of the index, and worked out over the values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.model import NONE, Excerpt, Note, Source
from libreview.review import Review
from libreview.texts import query as selection
from libreview.texts.folding import fold
from libreview.texts.notes import citations_in
from libreview.texts.query import All, Any, Leaf, Not, Noted, Part, Phrase, Range, Term, Word
from libreview.words.errors import Wrong

FILES = {
    "libreview.toml": 'title = "Towns"\n',
    "sources/all.bib": r"""
@article{wijaya2001, author = {Wijaya, Rina and M{\"u}ller, Jan}, title = {Two harbours}, journaltitle = {Journal of Towns},
  year = {2001}, langid = {english}, doi = {10.1/two}, keywords = {twinning, trade}, file = {files/w.pdf}}
@book{hartono2019, author = {Hartono}, title = {Pasar kota}, year = 2019, ids = {hartono2018}, publisher = {Gramedia {P}ustaka}}
@book{rahman2015, title = {Kota dan pelabuhan}, author = {Rahman, A.}, date = {2015-03}, publisher = {Gramedia}, langid = {indonesian}}
@inbook{lestari2015, author = {Lestari, Dewi}, title = {Pasar}, crossref = {rahman2015}, keywords = {}, date-added = {2020-01-02}}
@misc{undated, title = {M{\"u}digkeit}, journal = {Zeitschrift}, langid = {german}}
""",
    "sources/screening.toml": "".join(
        f'[[decision]]\nsource = "{key}"\nverdict = "{verdict}"\n'
        for key, verdict in (
            ("rahman2015", "include"),
            ("wijaya2001", "exclude"),
            ("hartono2018", "include"),
            ("rahman2015", "exclude"),
            ("undated", "include"),
            ("nowhere", "include"),
        )
    ),
    "notes/codebook.toml": '[trade]\n[fair]\nparent = "trade"\naliases = ["pameran"]\n[law]\n',
    "notes/wijaya2001.md": """---
source: wijaya2001
coder: rina
method: Survey of firms
data source: "interviews, 2001"
empty: ""
---

A careful account, unlike @rahman2015.

> Two harbours signed a paper. [@wijaya2001, p. 12] #trade ^k3f9q2

Never published, says [@lestari2015, p. 3].

- Firms met at the fair. [@hartono2018, p. 3; @wijaya2001, p. 14] #pameran ^a81b2c
""",
    "notes/hartono.md": """---
source: hartono2018
method: case study
---

> Pasar itu ramai. [@hartono2019, hlm. 2] #law

> Nothing applies. [@unheard, p. 1] #none ^c3d4e5

- A paper without theme, with @wijaya2001 in it. [@rahman2015] ^d4e5f6
""",
    "notes/memo.md": "---\ncoder: budi\nmethod: none\n---\n\nOn the towns of @undated.\n\n- ^d4e5f6 #fair\n- ^k3f9q2 #law\n",
    "notes/lestari.md": "---\nsource: lestari2015\ncoder: budi\n---\n",
}


def _laid(root: Path) -> Path:
    for path, text in FILES.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Review]:
    with Review.open(_laid(tmp_path / "towns")) as review:
        yield review


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("kept")
    for name in ("CACHE", "CONFIG", "STATE"):
        patch.setenv(f"LIBREVIEW_{name}", str(folder / name))
    with Review.open(_laid(folder / "towns")) as review:
        yield review
    patch.undo()


W, H, R, L, U = "wijaya2001", "hartono2019", "rahman2015", "lestari2015", "undated"
K, A, P, C, D = "k3f9q2", "a81b2c", "-", "c3d4e5", "d4e5f6"  # the excerpt P has no id


@pytest.mark.parametrize(
    ("query", "sources", "excerpts", "notes"),
    [
        ("publisher:gramedia", [H, R, L], [P, D, A], ["hartono", "lestari"]),
        ("publisher:=gramedia", [R, L], [D], ["lestari"]),
        ("publisher:'x,Gramedia", [H, R, L], [P, D, A], ["hartono", "lestari"]),
        ("keywords:twinning", [W], [K, A], ["wijaya2001"]),
        ("journal:towns", [W], [K, A], ["wijaya2001"]),
        ("journaltitle:zeitschrift", [U], [], []),
        ("date-added:2020", [L], [], ["lestari"]),
        ("has:doi", [W], [K, A], ["wijaya2001"]),
        ("has:keywords", [W], [K, A], ["wijaya2001"]),
        ("has:file", [W], [K, A], ["wijaya2001"]),
        ("has:note", [W, H, L], [P, K, A], ["hartono", "lestari", "wijaya2001"]),
        ("has:annotation", [W], [K, A], ["wijaya2001"]),
        ("has:excerpt", [W, H, R], [P, D, K, A], ["hartono", "wijaya2001"]),
        ("has:theme", [W, H, R], [P, D, K, A], []),
        ("not has:theme", [L, U], [C], ["hartono", "lestari", "memo", "wijaya2001"]),
        ("not has:excerpt", [L, U], [C], ["lestari", "memo"]),
        ("has:doi,publisher", [W, H, R, L], [P, D, K, A], ["hartono", "lestari", "wijaya2001"]),
        ("note:method", [W, H], [P, K, A], ["hartono", "memo", "wijaya2001"]),
        ("note:method=survey", [W], [K, A], ["wijaya2001"]),
        ("note:method==survey", [], [], []),
        ('note:method=="case study"', [H], [P, A], ["hartono"]),
        ('note:"data source"=2001', [W], [K, A], ["wijaya2001"]),
        ("note:empty", [], [], []),
        ("note:method=survey,case", [W, H], [P, K, A], ["hartono", "wijaya2001"]),
        ("cites:wijaya2001", [W, H, R], [D, K, A], ["hartono", "wijaya2001"]),
        ("cites:rahman2015", [W, H, R], [D], ["hartono", "wijaya2001"]),
        ("cites:lestari2015", [W], [K], ["wijaya2001"]),
        ("cites:hartono2018", [W, H], [P, A], ["hartono", "wijaya2001"]),
        ("cites:undated", [], [], ["memo"]),
        ("cites:unheard", [H], [C], ["hartono"]),
        ("key:hartono2018", [H], [P, A], ["hartono"]),
        ("(theme:law or year:2015..) not coder:budi", [H, L], [P, A], ["hartono", "lestari"]),
        ("not (theme:trade or theme:law)", [L, U], [C], ["hartono", "lestari", "memo", "wijaya2001"]),
        ("not id:k3f9q2", [H, R, L, U], [P, C, D, A], ["hartono", "lestari", "memo", "wijaya2001"]),
        ("theme:=trade or pasar", [W, H, L], [P, K], []),
        ("year:2001 or lang:de", [W, U], [K, A], ["wijaya2001"]),
        ("not coder:rina kind:quotation", [], [P, C], []),
        ("screening:included", [H, U], [P, A], ["hartono"]),
        ("screening:ex", [W, R], [D, K, A], ["wijaya2001"]),
        ("screening:undecided", [L], [], ["lestari"]),
        ("screening:included,undecided", [H, L, U], [P, A], ["hartono", "lestari"]),
        ("not screening:excluded", [H, L, U], [P, C], ["hartono", "lestari", "memo"]),
    ],
)
def test_what_a_query_selects(
    towns: Review, query: str, sources: list[str], excerpts: list[str], notes: list[str]
) -> None:
    assert [one.key for one in towns.sources(query)] == sources
    assert list(towns.keys(query)) == sources
    assert [one.id or "-" for one in towns.excerpts(query)] == excerpts
    assert [Path(one.path).stem for one in towns.notes(query)] == notes


# The same, worked out over the values ---------------------------------------------------------------------------------


class _Values:
    """What a query asks of the values of a review, as docs/formats.md says it, without SQL."""

    def __init__(self, review: Review) -> None:
        self.sources, self.excerpts, self.notes = review.sources(), review.excerpts(), review.notes()
        self.codebook = review.codebook
        self.former = {old.strip(): one.key for one in self.sources for old in one.get("ids").split(",") if old}
        self.root = review.root
        said = {"include": "included", "exclude": "excluded"}
        decided = {one.source: said[one.verdict] for one in review.decisions()}
        self.screened = {self.key(key): state for key, state in decided.items()} | decided
        self.coders = {one.path: one.coder for one in self.notes}

    def key(self, key: str) -> str:
        return self.former.get(key, key)

    def tags(self, part: Term) -> frozenset[str]:
        ids = [self.codebook.resolve(value) or value for value in part.values]
        family = ids if part.exact else [one for id in ids for one in self.codebook.family(id)]
        return frozenset(family)

    def of_excerpts(self, part: Leaf) -> bool:
        fields = ("theme", "coder", "kind", "id")
        return isinstance(part, Term) and (part.field in fields or (part.field, part.values) == ("has", ("theme",)))

    def cited(self, one: Excerpt) -> set[str]:
        return {self.key(key) for key in (*one.keys, *citations_in(f"{one.text}\n{one.comment}"))}

    def note_cites(self, note: Note) -> set[str]:
        own = note.annotation if note.source else (self.root / note.path).read_text(encoding="utf-8")
        found = {self.key(key) for key in citations_in(own)}
        return found.union(*(self.cited(one) for one in self.excerpts if one.location.path == note.path))

    def excerpt(self, one: Excerpt, part: Leaf) -> bool:
        if isinstance(part, (Word, Phrase)):
            return _holds(part, f"{one.text}\n{one.comment}")
        if isinstance(part, Term) and part.field == "theme":
            return not self.tags(part).isdisjoint({self.codebook.resolve(tag) for tag in one.coded})
        if isinstance(part, Term) and part.field == "coder":
            return not {self.coders[one.location.path], *(g.coder for g in one.codings)}.isdisjoint(part.values)
        if isinstance(part, Term) and part.field == "kind":
            return one.kind in part.values
        if isinstance(part, Term) and part.field == "id":
            return one.id in part.values
        if isinstance(part, Term) and part.field == "cites":
            return not self.cited(one).isdisjoint(map(self.key, part.values))
        if isinstance(part, Term) and (part.field, part.values) == ("has", ("theme",)):
            return any(tag != NONE for tag in one.coded)
        return any(self.source(source, part) for source in self.sources if source.key in one.keys)

    def source(self, one: Source, part: Leaf) -> bool:
        cards = [note for note in self.notes if note.source and self.key(note.source) == one.key]
        own = [excerpt for excerpt in self.excerpts if one.key in excerpt.keys]
        if isinstance(part, (Word, Phrase)):
            unsearched = ("file", "url", "ids", "crossref", "xdata", "langid", "verification")
            return _holds(part, "\n".join([one.key, *(v for n, v in one.plain.items() if n not in unsearched)]))
        if isinstance(part, Range):
            return bool(one.year) and int(part.low or 0) <= int(one.year) <= int(part.high or 9999)
        if isinstance(part, Noted):
            return any(_noted(part, note) for note in cards)
        if self.of_excerpts(part):
            return any(self.excerpt(excerpt, part) for excerpt in own)
        if part.field == "cites":
            wanted = {self.key(key) for key in part.values}
            cited = [*map(self.cited, own), *map(self.note_cites, cards)]
            return any(not keys.isdisjoint(wanted) for keys in cited)
        if part.field == "has":
            of_its_own = {"excerpt": bool(own), "note": bool(cards), "annotation": any(n.annotation for n in cards)}
            return of_its_own.get(part.values[0], bool(one.get(part.values[0])))
        return self.described(part, one)

    def described(self, part: Term, one: Source) -> bool:
        """Tell whether the entry of a source is what ``part`` asks for."""
        if part.field in ("key", "source"):
            return one.key in map(self.key, part.values)
        if part.field == "screening":
            return self.screened.get(one.key, "undecided") in part.values
        if part.field == "author":
            names = " ".join(n for p in one.authors for n in (p.family, p.given, p.particle, p.suffix, p.literal) if n)
            return any(fold(value) in fold(names) for value in part.values)
        if part.field == "lang":
            return {"english": "en", "german": "de", "indonesian": "id"}.get(one.get("langid")) in part.values
        if part.field in ("type", "year"):
            return (one.type if part.field == "type" else one.year) in part.values
        text = fold(one.get("journaltitle", "journal") if part.field == "journal" else one.get(part.field))
        return any(fold(value) == text if part.exact else text and fold(value) in text for value in part.values)

    def note(self, one: Note, part: Leaf) -> bool:
        if isinstance(part, (Word, Phrase)):
            return _holds(part, one.annotation)
        if isinstance(part, Noted):
            return _noted(part, one)
        if self.of_excerpts(part):
            return False
        if isinstance(part, Term) and part.field == "cites":
            return not self.note_cites(one).isdisjoint(map(self.key, part.values))
        if isinstance(part, Term) and (part.field, part.values) == ("has", ("annotation",)):
            return bool(one.annotation)
        return any(self.source(source, part) for source in self.sources if source.key == self.key(one.source))


def _holds(part: Word | Phrase, text: str) -> bool:
    words = re.findall(r"[^\W_]+", fold(text))
    wanted = re.findall(r"[^\W_]+", fold(part.text))
    if isinstance(part, Word):
        return any(word.startswith(wanted[0]) for word in words)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _noted(part: Noted, note: Note) -> bool:
    value = fold(note.fields.get(part.name, ""))
    if not part.values:
        return bool(value)
    return any(fold(one) == value if part.exact else fold(one) in value for one in part.values)


def _whole(part: Part, leaf: Callable[[Leaf], bool]) -> bool:
    if isinstance(part, Not):
        return not _whole(part.part, leaf)
    if isinstance(part, (All, Any)):
        return (all if isinstance(part, All) else any)(_whole(one, leaf) for one in part.parts)
    return leaf(part)


_LEAVES = (
    "theme:trade", "theme:=trade", "theme:fair", "theme:law,fair",
    "theme:=pameran", "coder:rina", "coder:budi", "kind:quotation",
    "id:k3f9q2,d4e5f6", "year:2015", "year:2001,2019", "year:2010..",
    "year:..2015", "type:book", "author:muller", "author:rahman,hartono",
    "lang:id", "lang:de,en", "title:pasar", "title:=pasar",
    "key:hartono2018", "source:wijaya2001,undated", "publisher:gramedia", "publisher:=gramedia",
    "keywords:trade", "journal:towns", "has:doi", "has:file",
    "has:keywords", "has:note", "has:excerpt", "has:annotation",
    "has:theme", "note:method", "note:method=survey", "note:empty",
    "note:method==none", "cites:wijaya2001", "cites:hartono2018", "cites:rahman2015",
    "cites:undated,lestari2015", "pasar", "paper", "kota",
    "screening:included", "screening:excluded", "screening:undecided,included",
    "mudig", '"two harbours"', "careful", 'note:"data source"=interviews',
)  # fmt: skip

_trees = st.recursive(
    st.sampled_from(_LEAVES),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' or '.join(some)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' '.join(some)})"),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(text=_trees)
def test_every_query_selects_what_it_says(kept: Review, text: str) -> None:
    asked, values = selection.parse(text), _Values(kept)
    sources = [one.key for one in values.sources if _whole(asked, partial(values.source, one))]
    excerpts = [one for one in values.excerpts if _whole(asked, partial(values.excerpt, one))]
    assert [one.key for one in kept.sources(text)] == sources
    assert list(kept.keys(text)) == sources
    assert list(kept.excerpts(text)) == excerpts
    assert [one.path for one in kept.notes(text)] == [
        one.path for one in values.notes if _whole(asked, partial(values.note, one))
    ]
    counted = kept.counted(text)
    assert counted >= set(sources)
    assert counted - set(sources) <= {key for one in excerpts for key in one.keys}


@pytest.mark.parametrize("leaf", _LEAVES)
def test_either_it_or_not(kept: Review, leaf: str) -> None:
    for ask in (kept.sources, kept.excerpts, kept.notes):
        assert len(ask(leaf)) + len(ask(f"not {leaf}")) == len(ask(""))
        assert ask(f"not not {leaf}") == ask(f"({leaf})") == ask(leaf)


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("", {W, H, R, L, U}),
        ("year:2001", {W}),  # that its excerpt cites another source as well is no reason to count that one
        ("not theme:law", {W, H, R, L, U}),
        ("not theme:fair kind:quotation", {W, H}),
        ('"nothing applies"', set()),
        ("ramai", {H}),
        ("ramai or year:2015", {H, R, L}),
    ],
)
def test_sources_are_counted_for_their_excerpts(towns: Review, query: str, counted: set[str]) -> None:
    assert towns.counted(query) == counted


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("author:wijyaa", ("author:wijaya",)),
        ("author:hartno type:bok", ("author:hartono", "type:book")),
        ("year:2031", ()),
        ("year:2018", ("year:2019",)),
        ("year:..1990", ()),
        ("cites:wijaya2010", ("cites:wijaya2001",)),
        ("publisher:gramdia", ("publisher:gramedia",)),
        ("title:pasr", ("title:pasar",)),
        ("title:='two harbour'", ()),
        ('title:="two harbour"', ('title:="two harbours"',)),
        ("note:methd", ("note:method",)),
        ("note:methd=survey", ("note:method",)),
        ("note:method=survei", ("note:method=survey",)),
        ('note:method=="case studi"', ('note:method=="case study"',)),
        ("coder:rin", ("coder:rina",)),
        ("key:hartono2016", ("key:hartono2018",)),
        ("harbuors", ("harbours",)),
        ("(harbuors or pasr)", ("harbours", "pasar")),
        ("not harbuors", ()),
        ("author:wijaya", ()),
        ("author:wijaya year:2019", ()),
        ("", ()),
        ('"two harbuors"', ()),
        ("has:isbn", ()),
    ],
)
def test_near_misses(towns: Review, query: str, near: tuple[str, ...]) -> None:
    assert towns.near(query).terms == near


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year:1800", ["The sources are from 2001 to 2019."]),
        ("year:1800..1820 lang:id", ["The sources are from 2001 to 2019."]),
        ("year:2018", ["The sources are from 2001 to 2019."]),
        ("year:2019 author:wijaya", []),
        ("note:nope=1", ['No note card has the field "nope". They have: data source, empty, method']),
        ("note:nope", ['No note card has the field "nope". They have: data source, empty, method']),
        ("note:method=nothing", []),
        ("not year:1800", []),
    ],
)
def test_what_the_review_has_instead(towns: Review, query: str, said: list[str]) -> None:
    assert [sentence.format(**facts) for sentence, facts in towns.near(query).sentences] == said


def test_a_review_without_years_and_note_cards(tmp_path: Path) -> None:
    (tmp_path / "libreview.toml").write_text("", encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.bib").write_text("@misc{a, title={Town}}", encoding="utf-8")
    with Review.open(tmp_path) as review:
        meant = review.near("year:1999 note:nope")
    assert [sentence.format(**facts) for sentence, facts in meant.sentences] == [
        "No source has a year.",
        'No note card has the field "nope", nor any other but source and coder.',
    ]


def test_a_field_of_the_bibliography_is_one_that_some_source_has(towns: Review) -> None:
    assert [one.key for one in towns.sources("isbn:978")] == []
    for query in ("pubisher:x", "has:wings", "colour:red"):
        with pytest.raises(Wrong):
            towns.sources(query)
    assert towns.sources("date-added:2020")


@pytest.mark.parametrize(
    "query",
    [
        "(" * 8 + "kota" + ")" * 8,
        "a or (b not (" * 4 + "c" + "))" * 4,
        "not (a or b not (c or d " * 4 + ")" * 8,
        "(theme:trade or (not (has:doi cites:wijaya2001) note:method=survey " * 3 + "))" * 3,
        "kota " * 200,
        "not kota " * 200,
        "kota or " * 199 + "kota",
        "(" + "not (cites:hartono2018 or publisher:x) or " * 90 + "kota)",
        "title:" + ",".join(map(str, range(1500))),
        "publisher:" + ",".join(map(str, range(1500))),
        "note:method=" + ",".join(map(str, range(1500))),
        "key:" + ",".join(map(str, range(1500))),
        "cites:" + ",".join(map(str, range(1500))),
        "theme:trade " * 200,
    ],
    ids=lambda query: query[:12],
)
def test_queries_as_large_as_they_may_be(towns: Review, query: str) -> None:
    asks: tuple[Callable[[str], object], ...] = (
        towns.sources,
        towns.keys,
        towns.excerpts,
        towns.notes,
        towns.search,
        towns.near,
        towns.counted,
    )
    for ask in asks:
        ask(query)
