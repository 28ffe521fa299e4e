"""Problems of the whole review. The cross-file cases are those of the grammar's samples 01, 80, 82, 84 and 85."""

from __future__ import annotations

import pytest

from libreview.findings import checks
from libreview.model import Citation, Codebook, Coding, Excerpt, Location, Note, Person, Problem, Source, Theme
from libreview.words.errors import PROBLEMS


def book(*themes: Theme) -> Codebook:
    return Codebook({theme.id: theme for theme in themes}, "notes/codebook.toml")


def source(
    key: str, type: str = "book", line: int = 1, people: tuple[Person, ...] | None = None, **fields: str
) -> Source:
    whole = {"title": "Title", "year": "2001"} | fields
    whole = {name: value for name, value in whole.items() if value}
    authors = (Person("Keating", "Michael"),) if people is None else people
    return Source(key, type, whole, whole, {"author": authors}, Location("sources/x.bib", line))


def excerpt(path: str, line: int, id: str | None, *themes: str, key: str = "k") -> Excerpt:
    return Excerpt(id, "quotation", (Citation(key),), "Text", themes, "", Location(path, line, line * 10))


def sheet(path: str, coder: str, *codings: tuple[int, str, tuple[str, ...]]) -> Note:
    items = tuple(Coding(id, themes, coder, "", Location(path, line, line * 10)) for line, id, themes in codings)
    return Note(path, "", coder, codings=items, location=Location(path))


def short(problems: tuple[Problem, ...]) -> list[tuple[str, str, int, str]]:
    for problem in problems:
        row = PROBLEMS[problem.code]
        assert (row.sentence + row.hint).format(subject=problem.subject, **problem.facts)
    return [(one.code, one.location.path, one.location.line, one.subject) for one in problems]


def check(
    sources: list[Source], notes: list[Note], codebook: Codebook, ignore: tuple[str, ...] = ()
) -> tuple[Problem, ...]:
    excerpts = [one for note in notes for one in note.excerpts]
    codings = [one for note in notes for one in note.codings]
    return checks.review_problems(sources, notes, excerpts, codings, codebook, ignore)


def test_codings_of_several_coders() -> None:
    card = Note(
        "01.md", "k", "rina", excerpts=(excerpt("01.md", 13, "k3f9q2", "a"), excerpt("01.md", 18, "a81b2c", "a"))
    )
    budi = sheet(
        "80.md",
        "budi",
        (7, "k3f9q2", ("a",)),
        (8, "a81b2c", ("none",)),
        (9, "d2d2d2", ()),
        (13, "d4d4d4", ("unheard-of",)),
    )
    sari = sheet("82.md", "sari", (4, "k3f9q2", ("a",)), (5, "k3f9q2", ("a",)), (6, "nosuch", ("a",)))
    found = check([source("k")], [sari, card, budi], book(Theme("a")))
    assert short(found) == [
        ("unknown-excerpt", "80.md", 9, "d2d2d2"),
        ("unknown-theme", "80.md", 13, "unheard-of"),
        ("unknown-excerpt", "80.md", 13, "d4d4d4"),
        ("coded-twice", "82.md", 5, "k3f9q2"),
        ("unknown-excerpt", "82.md", 6, "nosuch"),
    ]
    assert found[3].facts == {"coder": "sari"}


def test_an_id_that_stands_twice() -> None:
    notes = [
        Note("84.md", excerpts=(excerpt("84.md", 1, "dupdup", "a"),)),
        Note("85.md", excerpts=(excerpt("85.md", 1, "dupdup", "a"), excerpt("85.md", 3, None, "a"))),
        sheet("90.md", "budi", (4, "dupdup", ("a",))),
    ]
    found = check([source("k")], notes, book(Theme("a")))
    assert short(found) == [("duplicate-id", "85.md", 1, "dupdup"), ("ambiguous-coding", "90.md", 4, "dupdup")]
    assert found[0].facts == {"other": "84.md:1"}


def test_a_sync_tool_s_copy_repeats_no_ids() -> None:
    notes = [
        Note("a (conflicted copy).md", excerpts=(excerpt("a (conflicted copy).md", 1, "dupdup", "a"),)),
        Note("a.md", excerpts=(excerpt("a.md", 1, "dupdup", "a"),)),
        sheet("90.md", "budi", (4, "dupdup", ("a",))),
    ]
    assert short(check([source("k")], notes, book(Theme("a")))) == []


def test_who_wrote_an_excerpt_and_codes_it_again_codes_twice() -> None:
    card = Note("a.md", "k", "rina", excerpts=(excerpt("a.md", 3, "k3f9q2", "a"),))
    again = sheet("b.md", "rina", (1, "k3f9q2", ("a",)))
    assert short(check([source("k")], [card, again], book(Theme("a")))) == [("coded-twice", "b.md", 1, "k3f9q2")]


def test_an_unknown_theme_is_one_problem_however_often_it_stands() -> None:
    notes = [
        Note(f"{at:03}.md", excerpts=(excerpt(f"{at:03}.md", 1, None, "todo", "stray", "UMKM/x"),)) for at in range(300)
    ]
    found = check([source("k")], notes, book(Theme("a", aliases=("UMKM/x",))), ("#todo",))
    assert short(found) == [("unknown-theme", "000.md", 1, "stray")]
    assert found[0].facts == {"times": "300"}


def test_keys_that_name_no_source() -> None:
    notes = [Note("a.md", "gone", excerpts=(excerpt("a.md", 3, None, key="old"), excerpt("a.md", 5, None, key="lost")))]
    assert short(check([source("k", ids="older, old")], notes, book())) == [
        ("unknown-source", "a.md", 1, "gone"),
        ("unknown-source", "a.md", 5, "lost"),
    ]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("[", "impossible-source"),
        ("a, b", "impossible-source"),
        ("-", "impossible-source"),
        ("{a}", "impossible-source"),
        ("müller:2001", "unknown-source"),
        ("https://e.org/a?b", "unknown-source"),
    ],
)
def test_only_keys_that_can_be_are_asked_for(key: str, code: str) -> None:
    note = Note("a.md", key, location=Location("a.md", 3))
    assert short(check([source("k")], [note], book())) == [(code, "a.md", 3, key)]


def test_parents_that_are_none_or_lead_back() -> None:
    at = [Location("c.toml", line) for line in range(9)]
    themes = [
        Theme("a", parent="b", location=at[1]),
        Theme("b", parent="c", location=at[2]),
        Theme("c", parent="b", location=at[3]),
        Theme("d", parent="d", location=at[4]),
        Theme("e", parent="gone", location=at[5]),
        Theme("f", parent="e", location=at[6]),
    ]
    found = check([], [], book(*themes))
    assert short(found) == [
        ("theme-circle", "c.toml", 2, "b"),
        ("theme-circle", "c.toml", 4, "d"),
        ("theme-parent-unknown", "c.toml", 5, "gone"),
    ]
    assert [one.facts for one in found[:2]] == [{"circle": "c > b > c"}, {"circle": "d > d"}]


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (source("k"), []),
        (source("k", year=""), ["source-without-year"]),
        (source("k", year="", pubstate="forthcoming"), []),
        (source("k", "online", year="", url="https://x.example", urldate="2024-05-31"), []),
        (source("k", title=""), ["source-without-title"]),
        (source("k", people=()), ["source-without-author"]),
        (source("k", people=(), organization="BPS"), []),
        (source("k", "legislation", people=()), []),
        (source("k", "online", url="https://x.example"), ["source-without-urldate"]),
        (source("k", "misc", url="https://x.example"), ["source-without-urldate"]),
        (source("k", "online", url="https://x.example", urldate="2024-05-31"), []),
        (source("k", "article", url="https://x.example"), []),
        (source("k", verification="confirmed"), []),
        (source("k", verification="partial", unverified="year, title"), ["source-unverified"]),
        (source("k", verification="Unverified"), ["source-unverified"]),
        (source("k", year="", verification="partial", unverified="year"), ["source-unverified"]),
    ],
)
def test_fields_that_a_bibliography_misses(one: Source, codes: list[str]) -> None:
    assert [code for code, *_ in short(check([one], [], book()))] == codes


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person("Sukarno"), ""),
        (Person("Sumarno", "Sumarno"), "name-doubled"),
        (Person("Suryadi", "Prof. Dr. Budi"), "name-with-title"),
        (Person("Suryadi", "Budi S.IP"), "name-with-title"),
        (Person("Suryadi", "S.IP."), "name-with-title"),
        (Person("Suryadi", "Budi", suffix="M.Si"), "name-with-title"),
        (Person("Suryadi", "Ph.D."), "name-with-title"),
        (Person("Keating", "M. A."), ""),
        (Person("Jaspan", "M.A."), ""),
        (Person("Rahman", "A.Karim"), ""),
        (Person("Sutrisno", "H."), ""),
        (Person("de Villiers", "J. C."), ""),
        (Person(literal="Kementerian Dalam Negeri"), ""),
        (Person("dkk."), "name-et-al"),
        (Person("al.", "et"), "name-et-al"),
        (Person(literal="Rani dkk."), "name-et-al"),
        (Person("Rani; Fitri", ""), "names-joined"),
        (Person(literal="others"), ""),
    ],
)
def test_names_as_they_should_not_be(person: Person, code: str) -> None:
    found = short(check([source("k", people=(Person("Keating"), person))], [], book()))
    assert [one for one, *_ in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        (["a1", "b1"], []),
        (["a1", "a1"], ["duplicate-key"]),
        (["a1", "A1"], ["key-case"]),
        (["a1", "a\u200b1"], ["key-invisible", "key-alike"]),
        (["sukarno", "suk\u0430rno"], ["key-scripts"]),
        (["müller", "müller2"], []),
    ],
)
def test_keys_that_are_mixed_up(keys: list[str], codes: list[str]) -> None:
    found = check([source(key, line=at) for at, key in enumerate(keys)], [], book())
    assert [code for code, *_ in short(found)] == codes


def test_tags_that_were_not_read_matter_if_the_codebook_has_them() -> None:
    place = Location("a.md", 1)
    problems = [Problem("themes-not-read", place, tag, {"reason": ""}) for tag in ("reading-list", "Culture", "budaya")]
    problems.append(Problem("code-open", place))
    found = checks.relevant(problems, book(Theme("culture", aliases=("budaya",))))
    assert [one.subject for one in found] == ["Culture", "budaya", ""]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"title": "Two  harbours\n"}, True),
        ({"file": "/home/me/x.pdf", "keywords": "core", "abstract": ""}, True),
        ({"title": "Two Harbours"}, False),
        ({"doi": "10.1/x"}, False),
    ],
)
def test_entries_say_the_same_whatever_programs_note_in_them(changed: dict[str, str], same: bool) -> None:
    fields = {"title": "Two harbours", "year": "2001"}
    one = Source("a", "article", fields, fields, {}, Location("sources/a.bib", 3))
    more = {**fields, **changed}
    other = Source("a", "article", more, more, {}, Location("~/b.bib", 7))
    assert checks.says_the_same(one, other) is same
    found = tuple(checks.shadow_problems([(one, other)]))
    assert [(p.code, str(p.location), p.facts) for p in found] == (
        [] if same else [("library-differs", "~/b.bib:7", {"other": "sources/a.bib:3"})]
    )
