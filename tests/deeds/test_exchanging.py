"""Projects and codebooks for other programs: valid, sliced back exactly, and the same bytes each time."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.deeds import exchanging, tagging
from libreview.disk.settings import ReviewSettings
from libreview.pages.reports.exchange import handed_lines
from libreview.review import Review
from libreview.texts import notes
from libreview.words.errors import Refused
from libreview.words.i18n import language

etree = pytest.importorskip("lxml.etree")
REFI = Path(__file__).parents[1] / "refi"
SPACE = "{urn:QDA-XML:project:1.0}"
SAMPLE = Path(__file__).parents[1] / "reviews" / "kota"


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    (review_folder / "notes" / "budi.md").write_text(
        "---\ncoder: budi\n---\n\n- ^k3f9q2 #fair it is a market\n- ^a81b2c #none\n\n"
        '> An unknown *source* \\[sic\\], \U0001f469\u200d\U0001f33e e\u0301 <&> "q". [@nobody, p. 3] #loose-tag\n\n'
        "> Seen by two. [@hartono2019, p. 4; @wijaya2001] #trade ^b2c3d4\n",
        encoding="utf-8",
    )
    with Review.open(review_folder) as opened:
        yield opened


def errors(schema: str, content: bytes) -> list[str]:
    """Return what the schema has to say against ``content``."""
    judge = etree.XMLSchema(etree.parse(str(REFI / schema)))
    judge.validate(etree.fromstring(content))
    return [str(one) for one in judge.error_log]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def passages(content: bytes) -> list[str]:
    """Return each passage as its place in its text file holds it."""
    members = parts(content)
    found = []
    for source in etree.fromstring(members["project.qde"]).iter(f"{SPACE}TextSource"):
        data = members["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        assert b"\r" not in data
        assert not data.startswith(b"\xef\xbb\xbf")
        text = data.decode()
        for one in source.iter(f"{SPACE}PlainTextSelection"):
            found.append(text[int(one.get("startPosition")) : int(one.get("endPosition"))])
    return found


def test_a_project_is_valid_and_holds_everything(review: Review) -> None:
    handed = exchanging.project(review)
    assert (handed.sources, handed.excerpts, handed.left) == (3, 4, ())
    assert (handed.codes, handed.tags) == (2, 1)  # #none is no theme
    said = handed_lines(handed, "r.qdpx", language("en"))
    assert said == ["wrote r.qdpx: 3 sources, 4 excerpts, 2 themes, 1 tag that is not in the codebook"]
    content = parts(handed.content)["project.qde"]
    assert not errors("Project.xsd", content)
    assert sorted(passages(handed.content)) == sorted(notes.plain(one.text) for one in review.excerpts())
    text = content.decode()
    for word in ("Two harbours", "A careful account.", "Never published.", "it is a market", 'name="budi"', "Alias: pameran",
                 "Id: loose-tag", "Id: none", "Citation: [@hartono2019, p. 3; @wijaya2001, p. 14]"):  # fmt: skip
        assert word in text


def test_two_exports_are_the_same_bytes(review: Review) -> None:
    assert exchanging.project(review).content == exchanging.project(review).content
    assert exchanging.codebook(review).content == exchanging.codebook(review).content


def test_a_codebook_is_valid(review: Review) -> None:
    handed = exchanging.codebook(review)
    assert not errors("Codebook.xsd", handed.content)
    assert (handed.codes, handed.tags) == (2, 0)


def test_words_stand_only_beside_examples_that_are_coded_so(review_folder: Path) -> None:
    (review_folder / "notes" / "codebook.toml").write_text(
        '[trade]\nexamples = ["a81b2c", "gone00"]\n[pameran]\nparent = "trade"\n[law]\nexamples = ["k3f9q2"]\n',
        encoding="utf-8",
    )
    with Review.open(review_folder) as opened:
        book = exchanging.codebook(opened).content.decode()
        whole = parts(exchanging.project(opened).content)["project.qde"].decode()
    for content in (book, whole):
        said = [line.split("<")[0] for line in content.split("Example: ")[1:]]
        assert [line.split("\n")[0] for line in said] == ["^a81b2c Firms met at the fair.", "^gone00", "^k3f9q2"]


def test_a_query_selects_sources_and_excerpts(review: Review) -> None:
    handed = exchanging.project(review, "author:wijaya")
    assert not errors("Project.xsd", parts(handed.content)["project.qde"])
    assert handed.sources == 1
    assert handed.excerpts == 3


def test_the_sample_review_is_valid() -> None:
    with Review.open(SAMPLE) as opened:
        assert not errors("Project.xsd", parts(exchanging.project(opened, everything=True).content)["project.qde"])


def test_an_empty_review_has_nothing_to_hand_on(tmp_path: Path) -> None:
    with Review.create(tmp_path / "new", ReviewSettings()) as empty:
        with pytest.raises(Refused):
            exchanging.project(empty)
        with pytest.raises(Refused):
            exchanging.codebook(empty)


TEXTS = st.text(
    alphabet=st.sampled_from("ab \n.é\u0301\u200d\U0001f469\U0001f33e<>&\"'*_#\\[]\u202e\x85\u2028"),
    min_size=1,
    max_size=40,
).filter(lambda text: any(char.isalpha() for char in text))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_every_excerpt_is_sliced_back_exactly(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sources").mkdir()
        (root / "notes").mkdir()
        (root / "libreview.toml").write_text("")
        (root / "sources" / "a.bib").write_text("@book{a,\n  title = {A},\n}\n")
        with Review.open(root) as one:
            for text in texts:
                try:
                    review_change = tagging.excerpt(one, "a", text)[0]
                except Refused:
                    continue
                one.apply(review_change)
            expected = [notes.plain(excerpt.text) for excerpt in one.excerpts()]
            if expected:
                content = exchanging.project(one).content
                assert passages(content) == expected
                assert not errors("Project.xsd", parts(content)["project.qde"])
