"""Three versions of a record: the laws of the merge, and which records are the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libreview.findings import upstream
from libreview.findings.upstream import Conflict, Update
from libreview.model import Source
from libreview.texts.formats import bibtex

FIELDS = st.dictionaries(
    st.sampled_from(["title", "year", "note", "url", "@"]), st.sampled_from(["a", "b", "c", "a  b", "a\nb"]), max_size=5
)


def merged(ours: Mapping[str, str], update: Update) -> dict[str, str]:
    fields: dict[str, str | None] = {**ours, **update.fields}
    return {name: raw for name, raw in fields.items() if raw is not None}


def plainly(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: " ".join(raw.split()) for name, raw in fields.items()}


@given(FIELDS, FIELDS)
def test_nothing_changed_there_and_nothing_changes_here(base: dict[str, str], ours: dict[str, str]) -> None:
    assert upstream.update(base, ours, base) == Update()


@given(FIELDS, FIELDS)
def test_nothing_changed_here_and_it_becomes_as_it_is_there(base: dict[str, str], theirs: dict[str, str]) -> None:
    update = upstream.update(base, base, theirs)
    assert update.conflicts == ()
    assert plainly(merged(base, update)) == plainly(theirs)


@given(FIELDS, FIELDS, FIELDS, st.booleans())
def test_merging_twice_is_merging_once(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], prefer: bool
) -> None:
    update = upstream.update(base, ours, theirs, prefer_theirs=prefer)
    again = upstream.update(base, merged(ours, update), theirs, prefer_theirs=prefer)
    assert again == Update({}, update.conflicts)
    assert upstream.update(theirs, merged(ours, update), theirs) == Update()


@given(FIELDS, FIELDS, FIELDS)
def test_what_changed_on_one_side_only_is_never_a_conflict(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    old, here, there = plainly(base), plainly(ours), plainly(theirs)
    update = upstream.update(base, ours, theirs)
    for conflict in update.conflicts:
        values = {old.get(conflict.field), here.get(conflict.field), there.get(conflict.field)}
        assert len(values) == 3
    for name in update.fields:
        assert old.get(name) == here.get(name) != there.get(name)
    assert not upstream.update(base, ours, theirs, prefer_theirs=True).conflicts


def test_a_field_that_went_there_and_changed_here_is_a_conflict() -> None:
    update = upstream.update({"note": "a"}, {"note": "b"}, {})
    assert update.conflicts == (Conflict("note", "b", ""),)
    assert upstream.update({"note": "a"}, {"note": "a"}, {}).fields == {"note": None}
    assert upstream.update({"note": "a"}, {}, {"note": "b"}).conflicts == (Conflict("note", "", "b"),)


def sources(text: str) -> tuple[Source, ...]:
    return bibtex.read(text.encode(), "x.bib").sources


@pytest.mark.parametrize(
    ("base", "theirs", "pairs", "vanished"),
    [
        ("@misc{a, title={T}}@misc{b, title={U}}", "@misc{b, title={U}}@misc{c, title={V}}", (1, None), (0,)),
        ("@misc{a, title={T}, doi={10.1000/X}}", "@misc{b, title={U}, doi={https://doi.org/10.1000/x}}", (0,), ()),
        ("@misc{a, title={The T}, year=2001}", "@misc{b, title={the {T}.}, year=2001}", (0,), ()),
        ("@misc{a, title={T}, year=2001}", "@misc{b, title={T}, year=2002}", (None,), (0,)),
        ("@misc{a, title={T}, year=2001}", "@misc{a, title={Corrected}, year=2001}", (0,), ()),
        ("@misc{a, title={T}, year=2001}", "@misc{a, title={Another}, year=2005}", (None,), (0,)),
        ("@misc{a, title={T}, doi={10.1000/1}}", "@misc{a, title={U}, doi={10.1000/2}}", (None,), (0,)),
        ("@misc{a, title={T}, year=1, doi={10.1000/1}}", "@misc{a, title={T}, year=1, doi={10.1000/2}}", (0,), ()),
        # two keys that were exchanged
        (
            "@misc{a, title={T}, doi={10.1000/1}}@misc{b, title={T}, doi={10.1000/2}}",
            "@misc{b, title={T}, doi={10.1000/1}}@misc{a, title={T}, doi={10.1000/2}}",
            (0, 1),
            (),
        ),
        # a title of several records pairs none
        (
            "@misc{a, title={Editorial}, year=1}@misc{b, title={Editorial}, year=1}",
            "@misc{c, title={Editorial}, year=1}",
            (None,),
            (0, 1),
        ),
        ("@misc{a, title={T}}@misc{a, title={T}}", "@misc{a, title={T}}@misc{a, title={T}}", (0, 1), ()),
        ("@misc{a}", "@misc{a}", (0,), ()),
    ],
)
def test_records_are_paired_by_key_doi_and_title(
    base: str, theirs: str, pairs: tuple[int | None, ...], vanished: tuple[int, ...]
) -> None:
    found = upstream.pairs(sources(base.replace("}@", "}\n@")), sources(theirs.replace("}@", "}\n@")))
    assert (found.of_theirs, found.vanished) == (pairs, vanished)
