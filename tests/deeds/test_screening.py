"""Screening: what is written, what is in the review then, and which keys a file names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from libreview.deeds import merging, reporting, screening
from libreview.model import Create, Edit, Verdict
from libreview.review import Review
from libreview.words.errors import NotFound, Refused, Wrong

TODAY = datetime.now().astimezone().date().isoformat()
W, H, S, U = "wijaya2001", "hartono2019", "sukarno1959", "unused"
"""Cited and with a card; cited under a former key; with a card; neither."""


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    (review_folder / "sources" / "more.bib").write_text(
        "@book{sukarno1959, author = {Sukarno}, title = {Bendera}, year = 1959}\n@misc{unused, title = {Unused}}\n",
        encoding="utf-8",
    )
    (review_folder / "notes" / "sukarno.md").write_text("---\nsource: sukarno1959\n---\n", encoding="utf-8")
    with Review.open(review_folder) as opened:
        yield opened


def decide(review: Review, verdict: Verdict, *keys: str, reason: str = "", coder: str = "") -> screening.Screened:
    change, screened = screening.screen(review, keys, verdict, reason=reason, coder=coder)
    review.apply(change)
    return screened


def written(review: Review) -> str:
    return review.read("sources/screening.toml").decode()


def test_a_decision_is_written_with_reason_coder_and_date(review: Review) -> None:
    change, screened = screening.screen(review, [W, H, W], "exclude", reason=" no\tcity ", coder="nadia")
    table = 'verdict = "exclude"\nreason = "no city"\ncoder = "nadia"\ndate = ' + TODAY + "\n"
    text = f'[[decision]]\nsource = "{W}"\n{table}\n[[decision]]\nsource = "{H}"\n{table}'
    assert change.edits == (Create("sources/screening.toml", text.encode()),)
    assert change.summary == f"exclude {W} {H}: no city"
    assert screened == screening.Screened("exclude", "no city", (W, H), 0, 0, (W, H))
    review.apply(change)
    more, _ = screening.screen(review, [S], "include")
    assert more.edits == (
        Edit("sources/screening.toml", len(text), len(text), b"",
             f'\n[[decision]]\nsource = "{S}"\nverdict = "include"\ndate = {TODAY}\n'.encode()),
    )  # fmt: skip


def test_what_is_decided_so_already_is_not_written_again(review: Review) -> None:
    decide(review, "exclude", W, reason="no city", coder="nadia")
    before = written(review)
    assert decide(review, "exclude", W, reason="no city", coder="nadia") == screening.Screened(
        "exclude", "no city", (), 1, 0, ()
    )
    assert written(review) == before
    assert decide(review, "exclude", W, reason="another", coder="nadia").keys == (W,)
    assert decide(review, "exclude", W, reason="another", coder="budi").keys == (W,)
    assert decide(review, "include", W, H, coder="budi").turned == 1
    assert decide(review, "include", W, coder="budi").already == 1
    assert [(one.verdict, one.coder) for one in review.decisions(W)] == [
        ("exclude", "nadia"), ("exclude", "nadia"), ("exclude", "budi"), ("include", "budi"),
    ]  # fmt: skip


def test_who_leaves_out_says_why(review: Review) -> None:
    with pytest.raises(Wrong, match="Say why") as wrong:
        screening.screen(review, [W], "exclude")
    assert "For example" in wrong.value.hint
    decide(review, "exclude", W, H, reason="no city")
    decide(review, "exclude", S, reason="too old")
    with pytest.raises(Wrong) as wrong:
        screening.screen(review, [U], "exclude", reason="  ")
    assert wrong.value.facts["reasons"] == "no city (2); too old (1)"


STEPS: list[tuple[list[tuple[Verdict, str]], set[str]]] = [
    ([], {W, H, S}),  # while nothing is screened, what is in use
    ([("exclude", U)], {W, H, S}),
    ([("exclude", W)], {H, S}),
    ([("exclude", W), ("exclude", H), ("exclude", S)], set()),
    ([("include", U)], {U}),  # from the first include on, what is included
    ([("exclude", W), ("include", U), ("include", H)], {U, H}),
    ([("include", U), ("include", W), ("exclude", U)], {W}),
    ([("include", U), ("exclude", U)], {W, H, S}),
]


@pytest.mark.parametrize(("steps", "inside"), STEPS)
def test_what_is_in_the_review(review: Review, steps: list[tuple[Verdict, str]], inside: set[str]) -> None:
    for verdict, key in steps:
        decide(review, verdict, key, reason="r")
    assert review.in_review() == inside
    totals = review.totals()
    assert (totals.in_review, totals.included, totals.excluded) == (
        len(inside), len(review.keys("screening:included")), len(review.keys("screening:excluded")),
    )  # fmt: skip
    assert len(review.keys("screening:undecided")) == 4 - totals.included - totals.excluded
    table = reporting.frequency(review)
    assert (table.n.sources_in_review, table.n.collected) == (len(inside), 4)
    assert reporting.frequency(review, everything=True).n.sources_in_review == 4
    for _ in steps:
        review.undo()
    assert review.in_review() == {W, H, S}


def test_a_decision_under_a_former_key_counts_until_there_is_one_under_the_present_one(review: Review) -> None:
    (review.root / "sources" / "screening.toml").write_text(
        f'[[decision]]\nsource = "{U}"\nverdict = "include"\n[[decision]]\nsource = "hartono2018"\nverdict = "include"\n',
        encoding="utf-8",
    )
    review.refresh()
    assert review.in_review() == {U, H}
    assert decide(review, "include", H).already == 1
    assert decide(review, "exclude", H, reason="no city").turned == 1
    assert review.in_review() == {U}
    assert [one.source for one in review.decisions(H)] == ["hartono2018", H]
    assert not [one for one in reporting.problems(review) if "screening" in one.location.path]


def test_only_a_decision_on_a_source_that_is_there_counts(review: Review) -> None:
    (review.root / "sources" / "screening.toml").write_text(
        '[[decision]]\nsource = "gone"\nverdict = "include"\n', encoding="utf-8"
    )
    review.refresh()
    assert review.in_review() == {W, H, S}
    assert ("unknown-source", "sources/screening.toml", 1, "gone") in [
        (one.code, one.location.path, one.location.line, one.subject) for one in reporting.problems(review)
    ]


def test_coders_may_decide_otherwise_and_change_their_minds(review: Review) -> None:
    def remarks() -> list[tuple[str, str]]:
        found = [one for one in reporting.problems(review) if one.code in ("screening-contradicted", "excluded-cited")]
        return [(one.code, one.facts.get("coder", "")) for one in found]

    decide(review, "include", U, coder="nadia")
    decide(review, "exclude", U, reason="r", coder="budi")
    assert remarks() == [("screening-contradicted", "budi")]
    decide(review, "exclude", U, reason="r", coder="nadia")
    assert remarks() == []
    decide(review, "exclude", H, reason="r")
    assert remarks() == [("excluded-cited", "")]


def test_a_removed_source_takes_its_decisions_along_and_undo_brings_them_back(review: Review) -> None:
    decide(review, "include", U, H)
    review.apply(merging.remove(review, [U])[0])
    assert review.in_review() == {H}
    review.undo()
    assert review.in_review() == {U, H}


# Which sources --------------------------------------------------------------------------------------------------------

FILES = {
    "one a line": (b"wijaya2001\n\n  sukarno1959 \nwijaya2001\n", (W, S)),
    "marks": (b"\xef\xbb\xbf@wijaya2001\r\n@hartono2018\r\n", (W, H)),
    "first column": (b"wijaya2001,Two harbours\nunused,\n", (W, U)),
    "column key": (b'title,Key,year\n"Two, three",wijaya2001,2001\nx,,\n,unused,\n', (W, U)),
    "semicolons": (b"sep=;\nyear;citation key\n2001;wijaya2001\n", (W,)),
    "tabs": (b"key\tauthor\nunused\tx\n", (U,)),
    "utf-16": ("wijaya2001\nunused\n".encode("utf-16"), (W, U)),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_keys_in_a_file(review: Review, tmp_path: Path, name: str) -> None:
    data, keys = FILES[name]
    place = tmp_path / "keys.csv"
    place.write_bytes(data)
    assert screening.keys_in(review, place) == keys
    assert screening.keys_in(review, Path("-"), data) == keys


def test_unknown_keys_are_all_named_with_their_lines(review: Review) -> None:
    with pytest.raises(NotFound, match=r"2 of 3 keys in keys\.csv") as missing:
        screening.keys_in(review, Path("keys.csv"), b"key\nwijaya201\nunused\nzzzz\n")
    assert str(missing.value.facts["lines"]).splitlines() == ["keys.csv:2  wijaya201 (wijaya2001?)", "keys.csv:4  zzzz"]
    with pytest.raises(NotFound) as missing:
        screening.keys_in(review, Path("-"), b"".join(b"no%d\n" % n for n in range(500)))
    assert len(str(missing.value.facts["lines"]).splitlines()) == 11


@pytest.mark.parametrize("data", [b"", b"\n\n", b"key\n", b",,\n"])
def test_a_file_without_keys_is_refused(review: Review, data: bytes) -> None:
    with pytest.raises(Refused, match=re.escape("There is no key in -")):
        screening.keys_in(review, Path("-"), data)


def test_a_list_in_a_workbook(review: Review, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("second").append(["title", "key"])
    book["second"].append(["Two harbours", "wijaya2001"])
    book.save(tmp_path / "keys.xlsx")
    assert screening.keys_in(review, tmp_path / "keys.xlsx") == (W,)
    (tmp_path / "keys.ods").write_bytes((tmp_path / "keys.xlsx").read_bytes())
    with pytest.raises(Refused, match=r"of spreadsheets, \.xlsx and \.csv can"):
        screening.keys_in(review, tmp_path / "keys.ods")


def test_a_query_selects_sources(review: Review) -> None:
    assert screening.selected(review, "year:..2001") == (W, S)
    with pytest.raises(NotFound, match="No source is selected") as missing:
        screening.selected(review, "author:hartno")
    assert missing.value.near == ("author:hartono",)
