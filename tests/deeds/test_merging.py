"""Sources under another key, sources taken out, several made one: files before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.deeds import merging
from libreview.deeds.merging import Conflicting, Followed
from libreview.model import Change, Delete
from libreview.review import Review
from libreview.words.errors import NotFound, Refused, Wrong

BIB = """% my library
@string{jt = "Journal of Towns"}

@article{wijaya2001,
  author = {Wijaya, Rina},
  title = {Two harbours},
  journal = jt,
  year = 2001,
}

@inbook{chapter, title = {Ch.}, crossref = {hartono2019}, related = {x, hartono2019}}

@book{hartono2019,
  author = {Hartono},
  title = {Pasar kota},
  year = 2019,
  ids = {hartono2018},
}

@xdata{shared, xdata = {hartono2019}}
"""
MORE = """@article{other,
  author = {Rina Wijaya},
  title = {{Two} Harbours},
  journaltitle = jt # { of the World},
  volume = jt,
  date = {2001},
  file = {other.pdf},
  ids = {older, wijaya2001},
}
"""
CARD = "---\nsource: wijaya2001\n---\n\n> A paper. [@wijaya2001, p. 12; @other, 3] #trade ^k3f9q2\n\nSo says @wijaya2001.\n"
PROSE = "See @hartono2019 and @hartono2018, not hartono2019@x.org. `@hartono2019`\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "libreview.toml": "", "sources/all.bib": BIB, "sources/other.bib": '@string{jt = "Acta"}\n\n' + MORE,
        "notes/card.md": CARD, "notes/prose.md": PROSE, "notes/none.md": "Nothing cited.\n",
    }.items():  # fmt: skip
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(text.encode())
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".libreview" not in path.parts
    }


def applied(folder: Path, review: Review, change: Change) -> dict[str, str]:
    """Apply ``change`` and return the files that are another now; one that is gone is empty."""
    before = texts(folder)
    review.apply(change)
    after = texts(folder)
    assert set(change.paths) == {path for path in before if after.get(path) != before[path]}
    return {path: after.get(path, "") for path in before if after.get(path) != before[path]}


# rekey ----------------------------------------------------------------------------------------------------------------


def test_a_new_key_is_followed_by_notes_and_entries(folder: Path) -> None:
    with Review.open(folder) as review:
        change, rekeyed = merging.rekey(review, "hartono2019", "pasar")
        after = applied(folder, review, change)
        assert after == {
            "sources/all.bib": BIB.replace("{hartono2019,", "{pasar,")
            .replace("{hartono2018}", "{hartono2018, hartono2019}")
            .replace("crossref = {hartono2019}, related = {x, hartono2019}", "crossref = {pasar}, related = {x, pasar}")
            .replace("xdata = {hartono2019}", "xdata = {pasar}"),
            "notes/prose.md": "See @pasar and @hartono2018, not hartono2019@x.org. `@hartono2019`\r\n",
        }
        assert rekeyed == merging.Rekeyed("hartono2019", "pasar", "sources/all.bib", Followed(1, 1, 0, 2))
        assert review.source("hartono2019").key == "pasar"
        assert review.source("chapter").get("booktitle") == "Pasar kota"
        back, _ = merging.rekey(review, "pasar", "hartono2019")
        assert applied(folder, review, back)["sources/all.bib"] == BIB.replace("{hartono2018}", "{hartono2018, pasar}")


def test_the_old_key_belongs_to_nobody_else(folder: Path) -> None:
    with Review.open(folder) as review:
        change, rekeyed = merging.rekey(review, "wijaya2001", "Wijaya2001")
        after = applied(folder, review, change)
        assert "  year = 2001,\n  ids = {wijaya2001},\n}" in after["sources/all.bib"]
        assert "ids = {older},\n" in after["sources/other.bib"]
        assert after["notes/card.md"] == CARD.replace("wijaya2001", "Wijaya2001")
        assert rekeyed.followed == Followed(2, 1, 1, 0)
        assert [one.keys for one in review.excerpts_of("Wijaya2001")] == [("Wijaya2001", "other")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hartono2019", "other", "is taken"),
        ("hartono2019", "OTHER", "belongs to other"),
        ("hartono2019", "older", "belongs to other"),
        ("hartono2019", "shared", "is taken"),
        ("hartono2019", "hartono2019", "has this key already"),
        ("hartono2019", "a b", "cannot be"),
        ("hartono2019", "", "cannot be"),
        ("hartono2019", "a{b", "cannot be"),
        ("nobody", "new", "no source"),
    ],
)
def test_keys_that_cannot_be_given(folder: Path, old: str, new: str, said: str) -> None:
    with Review.open(folder) as review, pytest.raises((Refused, NotFound), match=said):
        merging.rekey(review, old, new)


def test_only_notes_follow_a_source_that_was_rekeyed_elsewhere(folder: Path) -> None:
    place = folder / "sources" / "all.bib"
    place.write_text(BIB.replace("@article{wijaya2001", "@article{harbours"), encoding="utf-8")
    (folder / "sources" / "other.bib").unlink()
    with Review.open(folder) as review:
        change, rekeyed = merging.rekey(review, "wijaya2001", "harbours", notes_only=True)
        assert applied(folder, review, change) == {"notes/card.md": CARD.replace("wijaya2001", "harbours")}
        assert (rekeyed.path, rekeyed.followed) == ("", Followed(2, 1, 1, 0))
        with pytest.raises(NotFound, match="No note cites"):
            merging.rekey(review, "wijaya2001", "harbours", notes_only=True)
        with pytest.raises(Refused, match="has this key already"):
            merging.rekey(review, "harbours", "harbours", notes_only=True)
        for old in ("hartono2019", "hartono2018"):
            with pytest.raises(Refused, match="still another source"):
                merging.rekey(review, old, "harbours", notes_only=True)


# remove ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["wijaya2001"], "An excerpt cites wijaya2001: notes/card.md:5"),
        (["other"], "An excerpt cites other: notes/card.md:5"),
        (["hartono2019"], "2 entries inherit from hartono2019: chapter"),
        (["hartono2019", "chapter"], "An entry inherits from hartono2019: shared"),
    ],
)
def test_what_is_used_is_not_removed(folder: Path, keys: list[str], said: str) -> None:
    with Review.open(folder) as review, pytest.raises(Refused, match=said):
        merging.remove(review, keys)


def test_a_note_card_keeps_its_source(folder: Path) -> None:
    (folder / "notes" / "card.md").write_text("---\nsource: chapter\n---\n\nFine.\n", encoding="utf-8")
    with Review.open(folder) as review, pytest.raises(Refused, match=r"chapter has a note card: notes/card\.md"):
        merging.remove(review, ["chapter"])


def test_an_entry_goes_and_a_file_of_nothing_goes_with_it(folder: Path) -> None:
    (folder / "sources" / "other.bib").write_text(MORE, encoding="utf-8")
    with Review.open(folder) as review:
        change, removed = merging.remove(review, ["chapter", "older"], force=True)
        assert applied(folder, review, change) == {
            "sources/all.bib": BIB.replace(BIB[BIB.index("@inbook") : BIB.index("@book")], ""),
            "sources/other.bib": "",
        }
        assert Delete("sources/other.bib", MORE.encode()) in change.edits
        assert removed == merging.Removed(
            ("chapter", "other"), ("sources/all.bib", "sources/other.bib"), ("sources/other.bib",), ("other.pdf",), 1
        )
        assert set(review.source_keys()) == {"wijaya2001", "hartono2019"}


def test_a_key_that_stands_twice_is_nobody_alone(folder: Path) -> None:
    (folder / "sources" / "third.bib").write_text("@misc{other, title = {X}}\n", encoding="utf-8")
    with Review.open(folder) as review:
        for deed in (
            lambda: merging.remove(review, ["other"], force=True),
            lambda: merging.rekey(review, "other", "new"),
            lambda: merging.merge(review, "wijaya2001", ["other"], prefer="other"),
        ):
            with pytest.raises(Refused, match=r"several sources: sources/other\.bib:3, sources/third\.bib:1"):
                deed()


# merge ----------------------------------------------------------------------------------------------------------------


def test_sources_are_united_and_notes_follow(folder: Path) -> None:
    with Review.open(folder) as review:
        change, merged = merging.merge(review, "wijaya2001", ["other"], {"journal": "other"})
        after = applied(folder, review, change)
        assert after == {
            "sources/all.bib": BIB.replace(
                "  journal = jt,\n  year = 2001,\n",
                "  journal = {Acta of the World},\n  year = 2001,\n  volume = {Acta},\n  file = {other.pdf},\n"
                "  ids = {other, older},\n",
            ),
            "sources/other.bib": '@string{jt = "Acta"}\n',
            "notes/card.md": CARD.replace("@other", "@wijaya2001"),
        }
        assert merged == merging.Merged(
            "wijaya2001", ("other",), "sources/all.bib",
            (("journaltitle", "other"), ("volume", "other"), ("file", "other")), Followed(1, 1, 0, 0),
            ("notes/card.md",), ("article",),
        )  # fmt: skip
        assert review.source("older").key == "wijaya2001"


def test_what_contradicts_itself_is_refused_with_its_values(folder: Path) -> None:
    with Review.open(folder) as review:
        assert [one.field for one in merging.compared(review, "wijaya2001", ["other"])] == ["journal"]
        assert merging.compared(review, "wijaya2001", ["other"], prefer="wijaya2001") == ()
        with pytest.raises(Conflicting, match="journal") as refused:
            merging.merge(review, "wijaya2001", ["other"])
        assert refused.value.conflicts[0].values == ("Journal of Towns", "Acta of the World")
        assert refused.value.conflicts[0].keys == ("wijaya2001", "other")


def test_several_of_one_file_and_their_heirs(folder: Path) -> None:
    (folder / "sources" / "all.bib").write_text(
        "@book{a, title = {T}}\n\n@book{b, title = {T}, related = {a, c}}\n\n@book{c, title = {T}}\n\n"
        "@inbook{in, crossref = {c}, related = {b, c, a}}\n",
        encoding="utf-8",
    )
    with Review.open(folder) as review:
        change, merged = merging.merge(review, "a", ["b", "c"])
        assert applied(folder, review, change)["sources/all.bib"] == (
            "@book{a, title = {T}, ids = {b, c}}\n\n@inbook{in, crossref = {a}, related = {a}}\n"
        )
        assert merged.followed.entries == 1
        assert review.source("in").get("booktitle") == "T"


@pytest.mark.parametrize(
    ("keep", "others", "take", "prefer", "error", "said"),
    [
        ("wijaya2001", ["wijaya2001"], {}, "", Refused, "different sources"),
        ("wijaya2001", [], {}, "", Refused, "different sources"),
        ("chapter", ["hartono2019"], {}, "", Refused, "not the same work"),
        ("hartono2019", ["chapter"], {}, "", Refused, "not the same work"),
        ("other", ["hartono2019"], {}, "", Refused, "in another file"),
        ("wijaya2001", ["other"], {"year": "hartono2019"}, "", Wrong, "none of the sources"),
        ("wijaya2001", ["other"], {}, "hartono2019", Wrong, "none of the sources"),
        ("wijaya2001", ["other"], {"abstract": "other"}, "", Wrong, "has no field abstract"),
        ("wijaya2001", ["nobody"], {}, "", NotFound, "no source"),
    ],
)
def test_what_cannot_be_one(
    folder: Path, keep: str, others: list[str], take: dict[str, str], prefer: str, error: type[Exception], said: str
) -> None:
    before = texts(folder)
    with Review.open(folder) as review, pytest.raises(error, match=said):
        merging.merge(review, keep, others, take, prefer)
    assert texts(folder) == before


def test_attachments_are_named_from_the_folder_of_the_source_that_is_kept(folder: Path) -> None:
    deep = folder / "sources" / "deep"
    (deep / "pdf").mkdir(parents=True)
    (deep / "pdf" / "a.pdf").write_bytes(b"%PDF")
    (deep / "one.bib").write_text(
        "@book{one, title = {Pasar Kota}, file = {pdf/a.pdf;pdf/gone.pdf; ../../../x.pdf;PDF:pdf/a.pdf:pdf;"
        + "n" * 300
        + ";a\0b}}\n",
        encoding="utf-8",
    )
    with Review.open(folder) as review:
        review.apply(merging.merge(review, "hartono2019", ["one"])[0])
        assert (
            review.source("one").fields["file"]
            == "deep/pdf/a.pdf;pdf/gone.pdf; ../../../x.pdf;PDF:pdf/a.pdf:pdf;" + "n" * 300 + ";a\0b"
        )


def test_two_note_cards_stay(folder: Path) -> None:
    (folder / "notes" / "second.md").write_text("---\nsource: other\n---\n\nAlso good.\n", encoding="utf-8")
    with Review.open(folder) as review:
        change, merged = merging.merge(review, "wijaya2001", ["other"], prefer="wijaya2001")
        review.apply(change)
        assert merged.cards == ("notes/card.md", "notes/second.md")
        assert [one.path for one in review.cards("wijaya2001")] == ["notes/card.md", "notes/second.md"]


def test_files_in_a_wide_encoding(folder: Path) -> None:
    (folder / "sources" / "other.bib").write_bytes(("% Straße\n" + MORE.replace("jt", "{Üb}")).encode("utf-16"))
    with Review.open(folder) as review:
        change, _ = merging.merge(review, "other", ["wijaya2001"], {"journal": "wijaya2001"})
        review.apply(change)
        text = (folder / "sources" / "other.bib").read_bytes().decode("utf-16")
        assert text == "% Straße\n" + MORE.replace("jt # { of the World}", "{Journal of Towns}").replace("jt", "{Üb}")
        assert review.source("wijaya2001").key == "other"
        change, _ = merging.rekey(review, "other", "übrig")
        review.apply(change)
        assert review.source("übrig").fields["ids"] == "older, wijaya2001, other"


# What was decided in screening ----------------------------------------------------------------------------------------

DECIDED = '[[decision]]\nsource = "{}"\nverdict = "{}"\nreason = "{}"\n'


def decided(*rows: tuple[str, str, str]) -> str:
    return "\n".join(DECIDED.format(*row) for row in rows)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # what was decided about the other one follows if nothing was about the one that is kept
        ([("other", "exclude", "double")], [("wijaya2001", "exclude", "double")]),
        (
            [("hartono2019", "include", ""), ("other", "include", "a"), ("other", "exclude", "b")],
            [("hartono2019", "include", ""), ("wijaya2001", "include", "a"), ("wijaya2001", "exclude", "b")],
        ),
        # otherwise its own counts, and the other record stays what it was
        ([("wijaya2001", "include", ""), ("other", "exclude", "double")], None),
        ([("hartono2019", "exclude", "")], None),
    ],
)
def test_decisions_follow_a_merge(
    folder: Path, before: list[tuple[str, str, str]], after: list[tuple[str, str, str]] | None
) -> None:
    place = folder / "sources" / "screening.toml"
    place.write_text(decided(*before), encoding="utf-8")
    with Review.open(folder) as review:
        review.apply(merging.merge(review, "wijaya2001", ["other"], prefer="wijaya2001")[0])
        assert place.read_text(encoding="utf-8") == decided(*(before if after is None else after))
        last = review.decisions("wijaya2001")[-1:]
        wanted = [one for one in (before if after is None else after) if one[0] == "wijaya2001"]
        assert [(one.source, one.verdict, one.reason) for one in last] == wanted[-1:]
        review.undo()
        assert place.read_text(encoding="utf-8") == decided(*before)


def test_decisions_follow_a_new_key_and_go_with_their_source(folder: Path) -> None:
    place = folder / "sources" / "screening.toml"
    rows = [("hartono2018", "exclude", "old"), ("hartono2019", "include", ""), ("wijaya2001", "include", "")]
    place.write_text("# Mine\n\n" + decided(*rows), encoding="utf-8")
    with Review.open(folder) as review:
        review.apply(merging.rekey(review, "hartono2019", "pasar")[0])
        assert [one.source for one in review.decisions()] == ["hartono2018", "pasar", "wijaya2001"]
        assert [(one.source, one.verdict) for one in review.decisions("pasar")] == [
            ("hartono2018", "exclude"),
            ("pasar", "include"),
        ]
        change, removed = merging.remove(review, ["pasar"], force=True)
        assert removed.paths == ("sources/all.bib", "sources/screening.toml")
        review.apply(change)
        assert place.read_text(encoding="utf-8") == "# Mine\n\n" + decided(rows[2])
        review.undo()
        review.undo()
        assert place.read_text(encoding="utf-8") == "# Mine\n\n" + decided(*rows)


def test_a_file_without_a_decision_is_deleted(folder: Path) -> None:
    (folder / "sources" / "screening.toml").write_text(decided(("other", "exclude", "double")), encoding="utf-8")
    with Review.open(folder) as review:
        change, removed = merging.remove(review, ["other"], force=True)
        assert removed.deleted == ("sources/screening.toml",)
        review.apply(change)
        assert review.problems() == ()
        assert not (folder / "sources" / "screening.toml").exists()
