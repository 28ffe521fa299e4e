"""The smallest example of every rule, both ways; a small set with known duplicates; order and repetition change nothing."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.findings.duplicates import Found, Record, find, find_among, judging, record_of
from libreview.findings.duplicates.comparing import different_parts
from libreview.findings.duplicates.features import features
from libreview.findings.duplicates.grouping import joined
from libreview.findings.duplicates.places import issue_of, journal_of, pages_of, same_journal, volume_of
from libreview.findings.duplicates.titles import is_generic, numbers_of, title_of
from libreview.value import replace

PAPER = Record(
    "a",
    title="Sister cities and the promotion of small firms in coastal towns",
    author="Hartono, Budi and Wijaya, Siti",
    year="2018",
    journal="Journal of Urban Studies",
    volume="12",
    number="3",
    pages="139-154",
    doi="10.1000/jus.2018.12",
    abstract="We ask how partnerships between towns help small firms to sell what they make, and what it costs the towns.",
)
OTHER = replace(PAPER, key="b")


def band(one: Record, *others: Record) -> str:
    """Return in which band all the records stand together, or an empty string."""
    wanted = tuple(sorted(record.key for record in (one, *others)))
    return next((group.band for group in find([one, *others]).groups if group.keys == wanted), "")


def made(**fields: str) -> Record:
    return replace(OTHER, **fields)


# What is put together -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        made(doi="", number="", abstract=""),
        made(doi="https://doi.org/10.1000/JUS.2018.12"),
        made(title=PAPER.title.upper() + ".", doi=""),
        made(title=PAPER.title + " [Review]", doi=""),
        made(title=PAPER.title + " [Indonesian]", doi=""),
        made(title="<i>Sister cities</i> &amp; the promotion of small firms in coastal towns", doi=""),
        made(title="Sister cites and the promotion of small firms in coastal towns", doi=""),
        made(title="Sister cities and the promotion of small firms in coastal towns: a study of Semarang", doi=""),
        made(author="Hartono B, Wijaya S", doi=""),
        made(author="Hartono B.Wijaya S.", doi=""),
        made(author="", doi=""),
        made(journal="J. Urban Stud.", doi=""),
        made(journal="JUS", doi=""),
        made(pages="139-54", doi=""),
        made(pages="139", doi=""),
        made(year="2017", doi=""),
        made(volume="", number="12", pages="", doi=""),
        made(volume="", number="", pages="", doi="", abstract=""),
        made(title="#NAME?", doi=""),
        made(title="Kota kembar dan promosi usaha kecil", doi="", abstract=""),
        made(title="Kota kembar dan promosi usaha kecil", abstract=""),
        made(title="Editorial: " + PAPER.title),
    ],
)
def test_the_same_paper_as_others_have_it(other: Record) -> None:
    assert band(PAPER, other) == "auto"


# What a person has to look at, or nobody ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        made(doi="10.1000/jus.2019.4", pages="301-312"),
        made(title="Erratum: " + PAPER.title, doi="", pages="400", abstract=""),
        made(title=PAPER.title + " (vol 12, pg 139, 2018)", doi="", pages="400", abstract=""),
        made(title="Reply to: " + PAPER.title, doi="", abstract="", pages="155-156"),
        made(volume="13", number="1", pages="", doi="", year="2019"),
        made(journal="Regional Science Letters", doi="", pages="", volume="", number=""),
        made(journal="Regional Science Letters", doi="", pages="12-14", volume="4", number="1"),
        made(doi="", number="4", pages="220-231"),
        made(year="2015", volume="", pages="", doi="", number=""),
        made(title=PAPER.title.replace("small", "large"), doi="", pages=""),
    ],
)
def test_what_contradicts_is_left_to_a_person(other: Record) -> None:
    assert band(PAPER, other) == "review"


@pytest.mark.parametrize(
    "other",
    [
        made(title="Harbours and the decline of large fleets", doi="10.1000/jus.2018.13", pages="155-170", abstract=""),
        made(
            title="Harbours of the north", author="Sukarno", doi="", pages="1-2", volume="1", abstract="", year="1959"
        ),
        made(title="", doi="", pages="", volume="", number="", abstract=""),
    ],
)
def test_what_is_another_work_is_not_proposed(other: Record) -> None:
    assert band(PAPER, other) == ""


def parts(one: str, other: str, **fields: str) -> str:
    bare = replace(PAPER, doi="", abstract="", pages="", number="", **fields)
    return band(replace(bare, title=one), replace(bare, key="b", title=other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Local government in the coastal towns: part I", "Local government in the coastal towns: part II", "review"),
        ("Local government in the coastal towns: part 2", "Local government in the coastal towns: part II", "auto"),
        ("Local government in the coastal towns", "Local government in the coastal towns: part II", "review"),
        ("Incomes of male workers in the coastal towns", "Incomes of female workers in the coastal towns", "review"),
        ("Effects of hypertension on workers of towns", "Effects of hypotension on workers of towns", "review"),
        ("The D2 receptor and its place in the brain", "The D(2) receptor and its place in the brain", "auto"),
        ("Ten thousand and 10 000 women of the towns", "Ten thousand and 10000 women of the towns", "auto"),
        ("Haemodialysis in the hospitals of the towns", "Hemodialysis in the hospitals of the towns", "auto"),
    ],
)
def test_numbers_and_words_of_a_title_are_evidence(one: str, other: str, expected: str) -> None:
    assert parts(one, other) == expected


def test_a_title_of_many_is_the_same_only_in_one_place() -> None:
    one = Record("a", "Editorial", "Hartono, B.", "2018", "Journal of Urban Studies", "12", "3", "139-140")
    assert band(one, replace(one, key="b")) == "auto"
    assert band(one, replace(one, key="b", number="4")) == ""
    assert band(one, replace(one, key="b", pages="")) != "auto"
    assert band(one, replace(one, key="b", volume="13", year="2019")) == ""


def test_a_title_of_many_needs_the_issue_too() -> None:
    one = Record("a", "Editorial", "Hartono, B.", "2018", "Journal of Urban Studies", "12", "", "3-4")
    assert band(one, replace(one, key="b")) == "review"
    assert band(replace(one, number="2"), replace(one, number="2", key="b")) == "auto"
    assert band(replace(one, doi="10.1000/e"), replace(one, doi="10.1000/e", key="b")) == "auto"


def test_other_pages_of_one_volume_are_the_same_paper_only_close_by() -> None:
    bare = replace(PAPER, doi="", number="", abstract="", pages="S51")
    assert band(bare, replace(bare, key="b", pages="S52")) == "auto"
    assert band(bare, replace(bare, key="b", pages="S613")) == "review"
    assert band(bare, replace(bare, key="b", pages="e1024")) == "auto"  # the number of the article


def test_a_year_later_without_a_place_it_may_be_the_article_to_the_abstract() -> None:
    bare = replace(PAPER, doi="", number="", volume="", pages="", abstract="")
    assert band(bare, replace(bare, key="b", year="2019")) == "review"
    meeting = replace(bare, journal="International Conference on Information Systems")
    assert band(meeting, replace(meeting, key="b", year="2019", journal="ICIS")) == "auto"


def test_two_titles_in_one_place_are_a_translation_only_in_one_issue() -> None:
    other = made(title="Kota kembar dan promosi usaha kecil", doi="", abstract="")
    assert band(PAPER, other) == "auto"
    assert band(PAPER, replace(other, number="")) == "review"
    assert band(replace(PAPER, pages="139"), replace(other, pages="139")) == "review"
    assert band(PAPER, replace(other, author="Sukarno")) != "auto"


def test_a_title_that_stands_in_many_places_is_one_of_many() -> None:
    title = "Remarks of the chair on the state of the society"
    many = [
        Record(f"r{n}", title, "Hartono, B.", "2018", "Journal of Urban Studies", "12", "", f"{n}1-{n}4")
        for n in range(1, 8)
    ]
    assert find(many).groups == ()
    assert [group.keys for group in find([*many, replace(many[0], key="x")]).groups] == [("r1", "x")]


def test_a_doi_that_many_titles_share_says_little() -> None:
    titles = ("Harbours of the north", "Small firms and large", "What towns may decide", "Ships and their crews")
    many = [
        Record(f"r{n}", title, "Hartono, B.", "2018", "Journal of Urban Studies", "12", "S1", f"S{n}", doi="10.1000/s1")
        for n, title in enumerate(titles)
    ]
    assert [group for group in find(many).groups if group.band == "auto"] == []


def test_a_book_is_not_its_chapter_nor_another_edition() -> None:
    book = Record("a", "The government of towns in the archipelago", "Hartono, Budi", "2018", type="book", edition="2")
    assert band(book, replace(book, key="b")) == "auto"
    assert band(book, replace(book, key="b", type="incollection")) == "review"
    assert band(book, replace(book, key="b", edition="3rd")) == "review"


def test_a_group_holds_only_if_all_its_records_agree() -> None:
    first = replace(PAPER, doi="")
    middle = replace(first, key="m", volume="", number="", pages="", abstract="")
    second = replace(first, key="z", volume="44", number="1", pages="9-20", abstract="")
    found = find([first, middle, second])
    assert all(not {"a", "z"} <= set(group.keys) for group in found.groups if group.band == "auto")


def test_what_a_person_said_is_different_is_not_asked_again() -> None:
    assert find([PAPER, OTHER], asked=[frozenset("ab")]).groups == ()
    three = find([PAPER, OTHER, replace(PAPER, key="c")], asked=[frozenset("ab")])
    assert all(not {"a", "b"} <= set(group.keys) for group in three.groups)


def test_new_records_are_compared_with_those_that_are_known() -> None:
    apart = replace(PAPER, key="k", title="Harbours and the decline of large fleets", doi="10.1000/x", pages="1-9")
    apart = replace(apart, abstract="", doi="")
    found = find_among([replace(OTHER, doi="", title=PAPER.title.upper())], [PAPER, apart, replace(apart, key="l")])
    assert [group.keys for group in found.groups] == [("a", "b")]


def test_the_reasons_are_those_that_a_person_can_check() -> None:
    (group,) = find([PAPER, made(doi="", year="2019", title="Sister cites" + PAPER.title[13:])]).groups
    assert group.score > 0.9
    said = {reason.code: reason.amount for reason in group.reasons}
    assert said["title same"] == pytest.approx(0.99)
    assert said["year next"] == 1
    assert "author same" in said
    assert said.keys() <= judging.POINTS.keys()


def test_nothing_and_one_are_no_duplicates() -> None:
    assert find([]) == Found((), 0, 0)
    assert find([PAPER]).groups == ()
    assert find([Record("a"), Record("b"), Record("c")]).groups == ()


# Fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("139-154", ("139", "154")), ("139-54", ("139", "154")), ("139--154", ("139", "154")),
        ("06-Oct", ("6", "10")), ("Oct-12", ("10", "12")),
        ("S300-S301", ("s300", "301")), ("C219-C235", ("c219", "235")), ("e0191240", ("e191240", "")), ("v-vii", ("rv", "")),
        ("Suppl-29", ("", "29")), ("139", ("139", "")), ("", ("", "")), ("n. pag.", ("", "")), ("9" * 9_999, ("9" * 60, "")),
    ],
)  # fmt: skip
def test_pages(text: str, expected: tuple[str, str]) -> None:
    assert pages_of(text) == expected


@pytest.mark.parametrize(
    ("volume", "issue", "expected"),
    [
        ("12", "3", ("12", "3")), ("18 (Supplement 3)", "SUPPL. 1", ("18", "s1")), ("1)", "1 SUPPL. 2", ("", "1")),
        ("012", "e0191240", ("12", "")), ("UNKNOWN", "May", ("", "")),
    ],
)  # fmt: skip
def test_volume_and_issue(volume: str, issue: str, expected: tuple[str, str]) -> None:
    assert (volume_of(volume), issue_of(issue)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Journal of Urban Studies", "J Urban Stud", True),
        ("The Journal of Urban Studies", "Journal of urban studies (Jakarta)", True),
        ("Revista de Salud/Journal of Health", "Journal of Health", True),
        ("International Conference on Information Systems", "ICIS", True),
        ("Americas Conference on Information Systems", "AMCIS 2017 Proceedings", True),
        ("Cancer", "Cancer Research", None),
        ("Diabetes", "Diabetologia", False),
        ("Journal of Urban Studies", "Regional Science Letters", False),
    ],
)
def test_journals(one: str, other: str, expected: bool | None) -> None:
    assert same_journal(journal_of(one), journal_of(other)) is expected
    assert same_journal(journal_of(other), journal_of(one)) is expected


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("Müdigkeit der Städte. [German]", "mudigkeit der stadte", ""),
        ("Screening of towns [Review] [53 refs]", "screening of towns", ""),
        ("Corrigendum to: The harbours of the north", "the harbours of the north", "erratum"),
        ("The harbours of the north - Reply", "the harbours of the north", "reply"),
        ("Comment on “The harbours of the north”", "the harbours of the north", "comment"),
        ("Correction of scoliosis in children", "correction of scoliosis in children", ""),
        ("Response of towns to floods", "response of towns to floods", ""),
        ("Editorial", "editorial", "editorial"),
        ("TNF-α in the harbours", "tnf alpha in the harbours", ""),
        ("The KÃ¶nig of harbours", "the konig of harbours", ""),
    ],
)
def test_titles(text: str, title: str, kind: str) -> None:
    assert title_of(text) == (title, kind)
    assert title_of(title)[0] == title


def test_numbers_of_titles() -> None:
    assert numbers_of("part ii of type i and 007") == ("2", "7", "1")
    assert is_generic("editorial")
    assert not is_generic("editorial work in towns")
    assert not different_parts(features(Record("a", "D2")), features(Record("b", "D")))


def test_a_row_has_fields_by_any_of_their_names() -> None:
    row = {"title": "T", "booktitle": "B", "issue": "3", "issn": "0042-0980", "ENTRYTYPE": "inproceedings"}
    assert record_of("k", row) == Record("k", "T", journal="B", number="3", isbn="0042-0980", type="inproceedings")


def test_groups_join_the_best_pair_first() -> None:
    assert joined([(0, 1), (1, 2)], lambda one, other: {one, other} == {0, 2}) == [((0, 1), (0, 1))]
    assert joined([(0, 1), (1, 2)], lambda one, other: False) == [((0, 1, 2), (1, 2))]
    assert joined([(0, 1), (1, 2)], lambda one, other: False, [(0, 1)]) == [((0, 1, 2), (1, 2))]


# A small set with known duplicates ------------------------------------------------------------------------------------

_PLACES = ("harbour", "market", "river", "temple", "school", "garden", "bridge", "station", "prison", "theatre")
_DOINGS = ("Governing", "Painting", "Measuring", "Financing", "Remembering", "Rebuilding", "Cleaning", "Closing")


def _some(seed: int, count: int) -> tuple[list[Record], set[frozenset[str]]]:
    """Return records, and the pairs that are one paper."""
    chance = random.Random(seed)  # noqa: S311
    records: list[Record] = []
    same: set[frozenset[str]] = set()
    for number in range(count):
        start = chance.randint(2, 900)
        one = Record(
            f"p{number}",
            f"{chance.choice(_DOINGS)} the {chance.choice(_PLACES)} and the {chance.choice(_PLACES)} of town {number}",
            f"{chance.choice(_PLACES).title()}, {chance.choice('ABC')}. and Wijaya, S.",
            str(chance.randint(1990, 2020)),
            f"Journal of {chance.choice(_PLACES).title()} Studies",
            str(chance.randint(1, 40)),
            str(chance.randint(1, 4)),
            f"{start}-{start + 9}",
            doi=f"10.1000/{number}" if chance.random() < 0.6 else "",
        )
        records.append(one)
        for copy in range(chance.choice((0, 0, 0, 1, 2))):
            changes = chance.choice(
                (
                    {"doi": ""},
                    {"title": one.title.upper()},
                    {"number": ""},
                    {"journal": one.journal[:1] + one.journal[7:]},
                )
            )
            records.append(replace(one, key=f"p{number}c{copy}", **changes))
        keys = [record.key for record in records if record.key.split("c")[0] == f"p{number}"]
        same.update(frozenset(pair) for pair in combinations(keys, 2))
    chance.shuffle(records)
    return records, same


def _pairs(found: Found) -> set[frozenset[str]]:
    return {frozenset(pair) for group in found.groups if group.band == "auto" for pair in combinations(group.keys, 2)}


def test_a_small_set_is_told_apart() -> None:
    records, same = _some(1, 150)
    assert _pairs(find(records)) == same


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(seed: int, chance: random.Random) -> None:
    records, _ = _some(seed, 40)
    found = find(records)
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert find(shuffled) == found
    assert find(records) == found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_when_all_is_merged_nothing_is_left(seed: int) -> None:
    records, _ = _some(seed, 40)
    gone = {key for group in find(records).groups if group.band == "auto" for key in group.keys[1:]}
    rest = find([record for record in records if record.key not in gone])
    assert [group for group in rest.groups if group.band == "auto"] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Record, key=st.text(max_size=3), **{
    name: st.text(max_size=30) for name in ("title", "author", "year", "journal", "volume", "number", "pages", "abstract", "doi", "isbn")
}), max_size=8))  # fmt: skip
def test_any_text_at_all_is_taken(records: list[Record]) -> None:
    found = find(records)
    assert found.records == len(records)
    assert found.pairs <= 8 * len(records)


def test_pairs_are_few_however_many_share_a_key() -> None:
    many = [
        Record(f"r{n}", "The same title for each and every one", f"Name{n}, A.", str(1900 + n % 100))
        for n in range(900)
    ]
    assert find(many).pairs <= 8 * 900
