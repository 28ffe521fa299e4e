"""Projects and codebooks of other programs, taken over: ours come back whole, others as far as a review can hold them."""

from __future__ import annotations

import io
import itertools
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.deeds import exchanging, receiving, tagging
from libreview.deeds.receiving import Received
from libreview.disk.archives import pack
from libreview.disk.settings import ReviewSettings
from libreview.review import Review
from libreview.words.errors import Refused

SAMPLE = Path(__file__).parents[1] / "reviews" / "kota"
UUIDS = [f"{n:08x}-0000-4000-8000-00000000000{n:x}" for n in range(16)]


@pytest.fixture
def review(review_folder: Path) -> Iterator[Review]:
    (review_folder / "notes" / "budi.md").write_text(
        "---\ncoder: budi\n---\n\n- ^k3f9q2 #fair it is a market\n- ^a81b2c #none\n\n"
        '> An unknown *source* \\[sic\\], \\\\\\* \U0001f469\u200d\U0001f33e e\u0301 <&> "q". [@nobody, p. 3] #loose-tag\n\n'
        "> Seen by two. [see @hartono2019, p. 4, note 2; @wijaya2001] #trade ^b2c3d4\n\nOne\n\n*two* words.\n\n"
        "> First.\n>\n> - A list.\n> - Of two. [@wijaya2001, Pasal 6]\n",
        encoding="utf-8",
    )
    (review_folder / "notes" / "hartono.md").write_bytes(
        b"---\r\nsource: hartono2019\r\nmethod: survey\r\naim: to see\r\n---\r\n\r\nAn annotation.\r\n\r\nOf two paragraphs.\r\n"
        b"\r\n> Bare words.\r\n> On two lines. [@hartono2019]\r\n"
    )
    (review_folder / "notes" / "child.md").write_text("---\nsource: child2020\ncoder: nadia\n---\n", encoding="utf-8")
    (review_folder / "sources" / "more.bib").write_text(
        "@string{pub = {Kota Press}}\n\n@incollection{child2020,\n  title = {{DNA} \\& \\emph{more}},\n  crossref = {parent},\n"
        "  author = {{Pemerintah Kota} and van der Berg, Jan},\n  publisher = pub # { and Sons},\n}\n\n"
        "@collection{parent,\n  title = {Parent},\n  editor = {Sukarno},\n  year = {2020},\n}\n",
        encoding="utf-8",
    )
    (review_folder / "notes" / "codebook.toml").write_text(
        '[trade]\nlabel = { en = "Trade", id = "Perdagangan" }\ndefinition = """What\nInclude: no label\n\nis it."""\n'
        'include = "Fairs."\nexclude = "Gifts."\nexamples = ["k3f9q2", "nothere"]\ncolour = "#2a9d8f"\n\n'
        '[fair]\nparent = "trade"\naliases = ["pameran"]\n\n[law]\nlabel = "Law"\ncolour = "teal"\n\n'
        '[round]\nparent = "circle"\n\n[circle]\nparent = "round"\n\n[lost]\nparent = "unheard"\n\n[stall]\nparent = "fair"\n',
        encoding="utf-8",
    )
    with Review.open(review_folder) as opened:
        yield opened


def receive(review: Review, name: str, content: bytes) -> Received:
    place = review.root.parent / name
    place.write_bytes(content)
    change, received = receiving.receive(review, place)
    review.apply(change)
    return received


def again(content: bytes, folder: Path, *, everything: bool = False) -> bytes:
    """Return what a review exports that was empty and took ``content`` over."""
    with Review.create(folder / "new", ReviewSettings()) as empty:
        received = receive(empty, "ours.qdpx", content)
        assert received.left == ()
        return exchanging.project(empty, everything=everything).content


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())


@pytest.mark.parametrize("everything", [False, True])
def test_what_is_handed_on_comes_back_and_is_handed_on_the_same(
    review: Review, tmp_path: Path, everything: bool
) -> None:
    content = exchanging.project(review, everything=everything).content
    back = again(content, tmp_path, everything=everything)
    assert unpacked(back) == unpacked(content)
    assert back == content


def test_the_sample_review_comes_back(tmp_path: Path) -> None:
    with Review.open(SAMPLE) as opened:
        content = exchanging.project(opened, everything=True).content
    assert again(content, tmp_path, everything=True) == content


def test_nothing_of_what_is_here_is_taken_twice(review: Review) -> None:
    content = exchanging.project(review).content
    before = {path: path.read_bytes() for path in review.root.rglob("*") if path.is_file()}
    received = receive(review, "ours.qdpx", content)
    assert received == Received(0, 0, 0, 0, 6, ())
    assert before == {path: path.read_bytes() for path in before}


def test_new_codings_and_comments_come_back_into_the_review(review: Review, tmp_path: Path) -> None:
    with Review.create(tmp_path / "other", ReviewSettings()) as other:
        receive(other, "there.qdpx", exchanging.project(review).content)
        other.apply(tagging.add_themes(other, ["k3f9q2"], ["law"], coder="rina"))
        other.apply(tagging.add_themes(other, ["a81b2c"], ["law"], coder="sita"))
        other.apply(tagging.excerpt(other, "wijaya2001", "Quite new.", themes=["law"], coder="rina")[0])
        content = exchanging.project(other).content
    received = receive(review, "back.qdpx", content)
    assert (received.sources, received.excerpts, received.themes, received.codings) == (0, 1, 0, 3)
    assert review.excerpt("k3f9q2").themes == ("trade", "law")
    assert {(one.coder, one.themes) for one in review.excerpt("a81b2c").codings} >= {("sita", ("law",))}
    assert review.excerpts('"Quite new"')[0].keys == ("wijaya2001",)
    step = review.undo()
    assert "import 0 sources, 1 excerpts" in step.summary
    assert review.excerpt("k3f9q2").themes == ("trade",)


def test_what_the_review_says_otherwise_stays_and_is_named(review: Review) -> None:
    content = exchanging.project(review).content
    book = review.root / "notes" / "codebook.toml"
    book.write_text(book.read_text().replace("Fairs.", "Markets."))
    bib = review.root / "sources" / "all.bib"
    bib.write_text(bib.read_text().replace("Two harbours", "Three harbours"))
    card = review.root / "notes" / "wijaya2001.md"
    card.write_text(
        card.read_text().replace("Never", "Soon").replace("careful", "careless").replace("a paper", "papers")
    )
    review.refresh()
    received = receive(review, "old.qdpx", content)
    assert [(one.kind, one.name) for one in received.left] == [
        ("theme-differs", "trade"), ("source-differs", "wijaya2001"), ("excerpt-differs", "^k3f9q2"),
        ("comment-differs", "^k3f9q2"), ("annotation-differs", "wijaya2001"),
    ]  # fmt: skip
    assert (received.sources, received.excerpts, received.codings) == (0, 0, 0)


def test_a_codebook_comes_back(review: Review, tmp_path: Path) -> None:
    content = exchanging.codebook(review).content
    with Review.create(tmp_path / "new", ReviewSettings(title="Two towns")) as empty:
        assert receive(empty, "c.qdc", content).themes == 7
        for id, theme in review.codebook.themes.items():
            made = empty.codebook.themes[id]
            assert (made.label, made.definition, made.include, made.exclude, made.examples, made.colour, made.aliases) == (
                theme.label, theme.definition, theme.include, theme.exclude, theme.examples, theme.colour, theme.aliases
            )  # fmt: skip
            assert made.parent == theme.parent
        assert receive(empty, "c.qdc", content) == Received(0, 0, 0, 0, 0, ())


def foreign(space: str = "urn:QDA-XML:project:1.0") -> str:
    """Return a project as no schema orders it, with all that a review can and cannot keep."""
    g = UUIDS
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="{space}" name="Theirs" origin="Other">
<Sets><Set guid="{g[15]}" name="Some"/></Sets>
<Notes>
 <Note guid="{g[9]}" name="m" creatingUser="{g[1]}"><PlainTextContent>A remark.</PlainTextContent></Note>
 <Note guid="{g[10]}" name="Diary"><PlainTextContent>Today.</PlainTextContent></Note>
 <Note guid="{g[11]}" name="d"><PlainTextContent>On the document.</PlainTextContent></Note>
</Notes>
<Sources>
 <TextSource name="Wawancara 1.docx" guid="{{{g[2].upper()}}}" plainTextPath="A.txt" richTextPath="internal://A.docx">
  <VariableValue><TextValue>Ambon</TextValue><VariableRef targetGUID="{g[8]}"/></VariableValue>
  <NoteRef targetGUID="{g[11]}"/>
  <PlainTextSelection guid="{g[3]}" name="x" startPosition="2" endPosition="9" creatingUser="{g[1].upper()}">
   <NoteRef targetGUID="{g[9]}"/><Description>Said twice.</Description>
   <Coding guid="{g[12]}"><CodeRef targetGUID="{g[5]}"/></Coding>
   <Coding guid="{g[13]}" creatingUser="{g[0]}"><CodeRef targetGUID="{g[6]}"/></Coding>
  </PlainTextSelection>
  <PlainTextSelection guid="{g[4]}" name="beyond" startPosition="5" endPosition="500"/>
  <Coding guid="{g[14]}"><CodeRef targetGUID="{g[5]}"/></Coding>
 </TextSource>
 <PDFSource name="Laporan.pdf" guid="{g[7]}" path="internal://x.pdf">
  <PDFSelection guid="0000aaaa-0000-4000-8000-000000000001" page="2" firstX="1" firstY="1" secondX="2" secondY="2">
   <Representation guid="0000aaaa-0000-4000-8000-000000000002"><PlainTextContent>Kota tua</PlainTextContent></Representation>
  </PDFSelection>
 </PDFSource>
 <VideoSource name="Film.mp4" guid="0000aaaa-0000-4000-8000-000000000003"/>
</Sources>
<Variables><Variable guid="{g[8]}" name="Place of Birth" typeOfVariable="Text"/></Variables>
<CodeBook><Codes>
 <Code guid="{g[5]}" name="Harga &amp; Pasar" isCodable="true" color="#F00082">
  <Code guid="{g[6]}" name="none" isCodable="true"/><Description>What it costs.</Description>
 </Code>
</Codes></CodeBook>
<Users><User guid="{g[0]}" name="Budi S."/><User guid="{g[1]}" name="Ana"/></Users>
</Project>"""


TEXT = "\ufeff\U0001f600 Pa\u0301sar.\r\nSecond line."


@pytest.mark.parametrize("space", ["urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:4"])
def test_a_project_of_another_program_is_taken_over(review_folder: Path, space: str) -> None:
    content = pack({"Project.qde": foreign(space).encode(), "Sources/a.txt": TEXT.encode()})
    with Review.open(review_folder) as review:
        received = receive(review, "Their project.qdpx", content)
        assert (received.sources, received.excerpts, received.themes, received.codings) == (2, 2, 2, 2)
        assert [(one.kind, one.name) for one in received.left] == [
            ("source-coding", "Wawancara 1.docx: Harga & Pasar"), ("passage", "Wawancara 1.docx: beyond"),
            ("text", "Laporan.pdf"), ("media", "Film.mp4"), ("set", "Some"), ("memo", "Diary"),
        ]  # fmt: skip
        theme = review.codebook.themes["harga-pasar"]
        assert (theme.name("en"), theme.definition, theme.colour) == ("Harga & Pasar", "What it costs.", "#f00082")
        key, other = (source.key for source in review.sources()[-2:])
        assert review.source(key).fields == {"title": "Wawancara 1", "place-of-birth": "Ambon"}
        (first,), (second,) = review.excerpts_of(key), review.excerpts_of(other)
        assert (first.text, first.comment) == ("Pa\u0301sar.", "Said twice.\n\nA remark.")
        assert {(one.coder, one.themes) for one in first.codings} == {
            ("Ana", ("harga-pasar",)),
            ("Budi S.", (f"code-{UUIDS[6][:8]}",)),
        }
        assert (second.text, second.locator) == ("Kota tua", "p. 3")
        assert [card.annotation for card in review.cards(key)] == ["", "On the document."]
        again = receive(review, "Their project.qdpx", content)
        assert (again.sources, again.excerpts, again.themes, again.codings, again.already) == (0, 0, 0, 0, 2)
        assert again.left == received.left


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.qdpx"),
        (b"no xml", "a.qdc"),
        (b"<a/>", "a.qdc"),
        (b'<Project xmlns="urn:other"/>', "a.qde"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Project>&b;</Project>', "a.qde"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><CodeBook/>', "a.qdc"),
        (b"<CodeBook><Codes>" + b'<Code name="a">' * 5000, "a.qdc"),
        (b"<CodeBook><Codes>" + b'<Code name="a">' * 5000 + b"</Code>" * 5000 + b"</Codes></CodeBook>", "a.qdc"),
        (pack({"other.xml": b"<Project/>"}), "a.qdpx"),
        (pack({"project.qde": b" " * (33 << 20)}), "a.qdpx"),
        (pack({"project.qde": b"<Project/>", "../x": b""}), "a.qdpx"),
        (pack({"project.qde": b"<Project/>", "Project.qde": b""}), "a.qdpx"),
    ],
)
def test_hostile_and_broken_files_are_refused_and_nothing_is_written(
    review_folder: Path, content: bytes, name: str
) -> None:
    with Review.open(review_folder) as review:
        before = sorted(path for path in review_folder.rglob("*") if ".libreview" not in path.parts)
        with pytest.raises(Refused):
            receive(review, name, content)
        assert before == sorted(path for path in review_folder.rglob("*") if ".libreview" not in path.parts)


WORDS = st.text(
    alphabet=st.sampled_from("ab \n.é\u0301\u200d\U0001f469\U0001f33e<>&\"'*_#\\[]@^-\u202e\x85\u2028"),
    min_size=1,
    max_size=40,
).filter(lambda text: any(char.isalpha() for char in text))
numbers = itertools.count()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(WORDS, st.sampled_from(["quotation", "paraphrase"]), WORDS | st.just("")), min_size=1, max_size=4
    )
)
def test_whatever_words_come_back(rows: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Review.create(folder / "old", ReviewSettings(title="Words")) as review:
            (review.root / "sources" / "a.bib").write_text("@book{a,\n  title = {A},\n}\n")
            review.refresh()
            for text, kind, comment in rows:
                try:
                    review.apply(tagging.excerpt(review, "a", text, kind="quotation" if kind == "quotation" else "paraphrase",
                                                 comment=comment, coder="rina")[0])  # fmt: skip
                except Refused:
                    continue
            if review.excerpts():
                content = exchanging.project(review).content
                assert again(content, folder) == content
