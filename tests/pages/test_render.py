"""The renderers: the six kinds of block, beside what each format makes of them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from libreview.pages import render
from libreview.pages.render import data, document, html, markdown, plain, reference_document, terminal
from libreview.words.blocks import Column, Listing, Paragraph, Quotation, Report, Run, Table, text
from libreview.words.errors import NotFound

SHOWN: tuple[str, ...] = (
    "Ringkasan",
    "miring",
    "tebal",
    "Kutipan pertama.",
    "(Cremer dkk., 2001, hlm. 12)",
    "satu",
    "dalam",
    "Tabel 1",
)
SHOWN += ("promosi", "=1+1", "N = 3", "Zed. (2004).", "Anotasi.", "butir", "(hlm. 1)")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLE, TEXT, TABLE, OFFICE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("style", "text", "table", "office")
)


def paragraph(words: str) -> Report:
    return Report(lambda: [Paragraph(text(words))], list)


def test_every_row_loads_and_is_found_by_name_and_suffix() -> None:
    for name, row in render.RENDERERS.items():
        assert callable(render.load(row))
        assert render.find(name) is row
        for suffix in row.suffixes:
            assert render.by_suffix(f"out{suffix.upper()}") is row
    assert render.find("markdown").name == "md"
    with pytest.raises(NotFound) as caught:
        render.find("docxx")
    assert "docx" in caught.value.near
    with pytest.raises(NotFound):
        render.by_suffix("out.pdf")


def test_no_renderer_is_loaded_before_it_is_used() -> None:
    code = "import sys, libreview.pages.render; print([m for m in sys.modules if 'rich' in m or 'render.' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["plain", "md", "html", "terminal", "tex", "rst", "txt"])
def test_all_blocks_are_drawn_and_nothing_raw(report: Report, name: str) -> None:
    made = render.load(render.find(name))(report)
    shown = made if isinstance(made, str) else made.decode()
    bare = re.sub(r"\\(?=[^\w\s])", "", shown).replace("\n", " ")
    for words in SHOWN:
        assert words in bare, words
    assert not set("\x1b\x00\u202e\udc80") & set(shown)


# --- plain -------------------------------------------------------------------------------------------------------


def test_plain(report: Report) -> None:
    lines = plain.render(report).decode().split("\n")
    assert lines[:2] == ["Ringkasan", "========="]
    assert "Kata miring dan tebal, H2O, kode, laman <https://a.b/c?d=1&e=2>." in lines
    at = lines.index("    Kutipan pertama.")
    assert lines[at : at + 4] == ["    Kutipan pertama.", "", "    Kutipan", "    kedua. (Cremer dkk., 2001, hlm. 12)"]
    at = lines.index("- satu")
    assert lines[at : at + 4] == ["- satu", "- dua", "  1. dalam", "-"]
    assert "Tema\tKutipan\tArti" in lines
    assert "promosi\t3\t=1+1" in lines


def test_rows_are_untruncated_lines_of_cells(report: Report) -> None:
    assert plain.render(report, rows=True).decode().split("\n")[1] == "=1+1\t-2\ta b c"
    assert plain.render(report, rows=True, head=True).decode().split("\n")[0] == "key\tn\ttext"


@pytest.mark.parametrize(
    "quotation",
    [
        Quotation((Paragraph(text("one\n\ntwo \x1b[31m")),), text("(A, 2001)", " ", Run("#b ^c", ("dim",)))),
        Quotation((Paragraph(text("one")),)),
        Quotation((Paragraph(()),)),
        Quotation((Paragraph(()),), text("(A, 2001)")),
        Quotation((Paragraph(text(Run("page", link="https://example.org"))),), text(Run("b", link="https://b"), "\r")),
    ],
)
def test_plain_draws_a_quotation_alike_by_itself_and_within_another(quotation: Quotation) -> None:
    alone = plain.render(Report(lambda: (quotation, quotation), list)).decode().split("\n")
    within = plain.render(Report(lambda: (Quotation((quotation, quotation)),), list)).decode().split("\n")
    assert within == [f"    {line}" if line else line for line in alone]


def test_plain_draws_twenty_thousand_quotations() -> None:
    words = "Upaya pemerintah Kota Bandung untuk meningkatkan UMKM – di Kota Bandung dan sekitarnya."
    many = [Quotation((Paragraph(text(words)),), text("(Cremer dkk., 2001, hlm. 12)"))] * 20_000
    assert plain.render(Report(lambda: many, list)).count(b"(Cremer dkk., 2001, hlm. 12)") == 20_000


# --- terminal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_no_line_is_wider_than_the_screen(report: Report, width: int) -> None:
    shown = terminal.render(report, width=width)
    assert max(map(len, shown.split("\n"))) <= width
    assert "│ Kutipan pertama." in shown


def test_colours_only_when_asked(report: Report) -> None:
    assert "\x1b" not in terminal.render(report, width=80)
    coloured = terminal.render(report, width=80, colour=True)
    assert "\x1b[1;4mRingkasan\x1b[0m" in coloured
    bare = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", coloured)
    assert bare == terminal.render(report, width=80)


def test_wide_signs_and_long_words() -> None:
    shown = terminal.render(paragraph("矛盾论" * 30 + " " + "x" * 100), width=30).split("\n")
    assert shown[0] == "矛盾论" * 5
    assert all(len(line) <= 30 for line in shown)


def test_a_table_too_wide_for_the_screen_becomes_records() -> None:
    table = Table(tuple(Column(f"kolom{n}") for n in range(12)), (tuple(f"nilai {n}" for n in range(12)),))
    shown = terminal.render(Report(lambda: [table], list), width=30)
    assert "  kolom3: nilai 3\n" in shown
    assert max(map(len, shown.split("\n"))) <= 30


def test_words_of_a_table_stay_whole() -> None:
    table = Table(
        (Column("Tema"), Column("dengan subtema", "right"), Column("Sumber", "right")),
        (("Kemiripan kota dan paradiplomasi", 12, 3),),
    )
    shown = {width: terminal.render(Report(lambda: [table], list), width=width) for width in range(20, 80)}
    for width, drawn in shown.items():
        assert all(len(line) <= width for line in drawn.split("\n"))
        if width >= 29:
            assert {"Kemiripan", "kota", "dan", "subtema"} <= set(drawn.split())
        if width >= 35:
            assert "paradiplomasi" in drawn.split()
    assert "  dengan subtema: 12\n" in shown[24]
    assert shown[79].startswith("Tema                              dengan subtema  Sumber\n")


@pytest.mark.parametrize("width", [30, 80])
def test_a_cell_is_no_taller_than_a_screen(width: int) -> None:
    table = Table((Column("key"), Column("title"), Column("year")), (("a", "long " * 200_000, 1), ("b", "x\n" * 99, 2)))
    shown = terminal.render(Report(lambda: [table], list), width=width, colour=True)
    assert shown.count("…") == 2
    assert shown.count("\n") < 60
    assert plain.render(Report(lambda: [table], list)).count(b"long") == 200_000


# --- markdown ----------------------------------------------------------------------------------------------------


def test_markdown(report: Report) -> None:
    shown = markdown.render(report).decode()
    assert "# Ringkasan\n" in shown
    assert "*miring* dan **tebal**, H<sub>2</sub>O, `kode`, [laman](<https://a.b/c?d=1&e=2>)." in shown
    assert "> Kutipan pertama.\n>\n> Kutipan\\\n> kedua. (Cremer dkk., 2001, hlm. 12)\n" in shown
    assert "- satu\n- dua\n  1. dalam\n-\n" in shown
    assert "| Tema | Kutipan | Arti |\n| --- | ---: | :---: |\n| *promosi* | 3 | =1+1 |\n| a\\|b | 12 |" in shown
    assert "Zed. (2004). *Metode penelitian*. <https://x.y>\n" in shown


@pytest.mark.parametrize(
    "words",
    [
        "- satu", "+ satu", "1. satu", "1) satu", "# satu", "> satu", "=== x", "--- x", "<b>x</b>", "a&amp;b", "[x](y)",
        "![x](y)", "*a* _b_ **c**", "`a`", "a\\b", "a\\", "~~a~~", "i. satu", "J. Smith", "Rani. (2001)", "<https://a.b>",
        "::: x", "| a | b |", "a | b", "% x", "(1) x", "$5 juta", "@key", "\\", "#tag",
    ],
)  # fmt: skip
def test_text_comes_back_from_commonmark(words: str) -> None:
    shown = markdown.render(paragraph(words)).decode()
    (opening, inline, closing) = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(shown)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert "".join(child.content for child in inline.children or ()) == words
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=30))
def test_any_text_comes_back_from_commonmark(words: str) -> None:
    shown = markdown.render(paragraph(words)).decode()
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    found = "".join(child.content for token in tokens for child in token.children or ())
    assert found.strip().replace("\xa0", "") == words.strip()


def test_stars_that_would_run_together() -> None:
    shown = markdown.render(
        Report(
            lambda: [Paragraph((Run("a ", ("emphasis",)), Run("b", ("strong",)), Run("“c”", ("emphasis",)), Run("d")))],
            list,
        )
    ).decode()
    assert shown == "*a* **b**<em>“c”</em>d\n"


# --- html --------------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes.extend(name for name, _ in attrs)


def test_html(report: Report) -> None:
    shown = html.render(report).decode()
    tags = _Tags()
    tags.feed(shown)
    assert not {"script", "img", "iframe", "object", "embed", "b"} & set(tags.seen)
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert '<html lang="id">' in shown
    assert "default-src &#x27;none&#x27;" in shown
    assert "<title>Judul &lt;b&gt;</title>" in shown
    assert '<a href="https://a.b/c?d=1&amp;e=2" rel="noopener noreferrer">laman</a>' in shown
    assert "<blockquote>\n<p>Kutipan pertama.</p>\n<p>Kutipan<br>\nkedua. (Cremer dkk., 2001, hlm. 12)</p>" in shown
    assert "<caption>Tabel 1</caption>" in shown
    assert '<td class="right">3</td>' in shown
    assert '<div class="reference" id="ref-zed2004">' in shown


def test_html_takes_no_other_links() -> None:
    bad = Report(lambda: [Paragraph((Run("x", (), "javascript:alert(1)"),))], list, language='"><x')
    assert b"javascript" not in html.render(bad)
    assert b'lang="en"' in html.render(bad)


# --- data --------------------------------------------------------------------------------------------------------


def test_json_is_whole_and_safe_on_a_screen(report: Report) -> None:
    made = data.render(report, form="json")
    assert json.loads(made) == report.data()
    assert not set("\x1b\x00\u202e") & set(made.decode())
    assert made.startswith(b'[\n  {"key":"zed2004"')


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_comes_back(value: object) -> None:
    assert json.loads(data.render(Report(list, lambda: value), form="json")) == value


def test_csv_holds_no_formula(report: Report) -> None:
    rows = list(csv.reader(io.StringIO(data.render(report, form="csv").decode())))
    assert rows[0] == ["key", "n", "text"]
    assert rows[2] == ["'=1+1", "-2", "a\tb\nc"]
    assert data.render(report, form="csv", raw=True).split(b"\n")[2].startswith(b"=1+1")
    assert data.render(report, form="csv", bom=True).startswith(b"\xef\xbb\xbfkey")


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "  =1", "'=1"]
)
def test_each_beginning_of_a_formula(cell: str) -> None:
    made = data.render(Report(list, list, lambda: (["a"], [[cell]])), form="csv").decode()
    assert next(iter(list(csv.reader(io.StringIO(made)))[1])).startswith("'")


# --- documents ---------------------------------------------------------------------------------------------------


def test_docx(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(document.render(report, to="docx"))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
        body = archive.read("word/document.xml").decode()
        looks = archive.read("word/styles.xml").decode()
    for style in ("Heading1", "BlockText", "Bibliography", "Annotation", "TableCaption", "TableNote"):
        assert f'<w:pStyle w:val="{style}" />' in body
        assert f'w:styleId="{style}"' in looks
    assert body.index("Tabel 1") < body.index("<w:tbl>") < body.index("N = 3")
    assert '<w:tblHeader w:val="on" />' in body
    assert 'w:hanging="720"' in looks
    assert "Times New Roman" in looks
    assert "landscape" not in body


def test_a_wide_table_is_turned_and_the_rest_is_not() -> None:
    table = Table(tuple(Column(f"k{n}") for n in range(9)), (tuple(range(9)),))
    upright = Paragraph(text("a"))
    for blocks, expected in (
        ([upright, table, upright], [None, "landscape", None]),
        ([upright, table, table, upright], [None, "landscape", None]),
        ([table, upright], ["landscape", None]),
        ([upright, table], [None, "landscape"]),
        ([table], ["landscape"]),
        ([upright], [None]),
    ):
        made = document.render(Report(lambda blocks=blocks: blocks, list), to="docx")  # type: ignore[misc]
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            root = ElementTree.fromstring(archive.read("word/document.xml"))
        assert [one.get(f"{W}orient") for one in root.iter(f"{W}pgSz")] == expected


def test_a_wide_table_is_turned_in_opendocument_too() -> None:
    table = Table(tuple(Column(f"k{n}") for n in range(9)), (tuple(range(9)),))
    upright = Paragraph(text("a"))
    for blocks, expected in (
        ([upright, table, upright], ["text", "Turned", "table", "Standard", "text"]),
        ([table, table, upright], ["Turned", "table", "table", "Standard", "text"]),
        ([upright, table], ["text", "Turned", "table"]),
    ):
        made = document.render(Report(lambda blocks=blocks: blocks, list), to="odt")  # type: ignore[misc]
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            styles = ElementTree.fromstring(archive.read("styles.xml"))
            body = ElementTree.fromstring(archive.read("content.xml"))
        begins = {one.get(f"{STYLE}name"): one.get(f"{STYLE}master-page-name") for one in styles.iter(f"{STYLE}style")}
        layouts = {
            one.get(f"{STYLE}name"): one.get(f"{STYLE}page-layout-name") for one in styles.iter(f"{STYLE}master-page")
        }
        turned = {
            one.get(f"{STYLE}name"): [page.get(f"{STYLE}print-orientation") for page in one]
            for one in styles.iter(f"{STYLE}page-layout")
        }
        written = body.find(f".//{OFFICE}text")
        assert written is not None
        seen = [
            begins.get(one.get(f"{TEXT}style-name")) or ("table" if one.tag == f"{TABLE}table" else "text")
            for one in written
        ]
        assert seen == expected
        assert turned[layouts["Turned"]] == ["landscape"]
        assert turned[layouts["Standard"]] == ["portrait"]


def test_words_of_a_crowded_table_are_smaller() -> None:
    table = Table(tuple(Column("internationalisation") for _ in range(16)), (("x",) * 16,))
    for to, part, written, styles in (
        ("docx", "word/document.xml", 'w:rStyle w:val="TableText7"', "word/styles.xml"),
        ("odt", "content.xml", 'text:style-name="TableText7"', "styles.xml"),
    ):
        with zipfile.ZipFile(io.BytesIO(document.render(Report(lambda: [table], list), to=to))) as archive:
            assert written in archive.read(part).decode()
            assert '"TableText7"' in archive.read(styles).decode()


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    told = " ".join(["word"] * 60)
    table = Table(
        (Column("Theme"), Column("Definition"), Column("n", "right")), (("fair", told, 3), ("trade", told, 12))
    )
    for to, part, name in (
        ("docx", "word/document.xml", f"{W}gridCol"),
        ("odt", "content.xml", f"{STYLE}column-width"),
    ):
        with zipfile.ZipFile(io.BytesIO(document.render(Report(lambda: [table], list), to=to))) as archive:
            root = ElementTree.fromstring(archive.read(part))
        if to == "docx":
            widths = [int(one.get(f"{W}w", "")) for one in root.iter(name)]
        else:
            widths = [
                int(found.rstrip("*"))
                for one in root.iter(f"{STYLE}table-column-properties")
                if (found := one.get(f"{STYLE}rel-column-width"))
            ]
        theme, definition, n = widths
        assert n < theme < definition / 4, to


def test_odt(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(document.render(report, to="odt"))) as archive:
        body = archive.read("content.xml").decode()
        ElementTree.fromstring(body)
        assert 'style:name="Bibliography"' in archive.read("styles.xml").decode()
    assert 'style:parent-style-name="Bibliography"' in body or 'text:style-name="Bibliography"' in body
    assert "table:table-header-rows" in body


def test_the_users_own_reference_document(report: Report, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    with (
        zipfile.ZipFile(io.BytesIO(reference_document.docx())) as old,
        zipfile.ZipFile(own, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Times New Roman", b"Garamond"))
    with zipfile.ZipFile(io.BytesIO(document.render(report, to="docx", reference_doc=own))) as archive:
        assert "Garamond" in archive.read("word/styles.xml").decode()
    with pytest.raises(NotFound):
        document.render(report, to="docx", reference_doc=tmp_path / "gone.docx")


def test_reference_documents_are_the_same_each_time() -> None:
    reference_document.docx.cache_clear()
    first = reference_document.docx()
    reference_document.docx.cache_clear()
    assert reference_document.docx() == first


def test_deep_lists_do_not_recurse() -> None:
    block: Listing | Paragraph = Paragraph(text("x"))
    for _ in range(3000):
        block = Listing(((block,),))
    deep = Report(lambda: [block], list)
    for name in ("plain", "terminal", "md", "html"):
        assert render.load(render.find(name))(deep)
    document.tree(deep, "docx")


@pytest.mark.parametrize("words", ["x" * 30_000, "two  words & (b) \u00a0 more\n" * 1_000], ids=["one word", "many"])
def test_long_text_is_whole_in_each_document(words: str) -> None:
    report = Report(lambda: (Paragraph(text("Before. ", words, " After.")),), list, title="Long")
    expected = "".join(f"Before. {words} After.".split())
    found = {to: document.render(report, to=to).decode() for to in ("plain", "rst", "latex")}
    for to, member in (("docx", "word/document.xml"), ("odt", "content.xml")):
        with zipfile.ZipFile(io.BytesIO(document.render(report, to=to))) as archive:
            found[to] = "".join(ElementTree.fromstring(archive.read(member)).itertext())
    for to in ("plain", "docx", "odt"):
        assert expected in "".join(found[to].split())
    for to in ("rst", "latex"):  # which have signs of their own between the words
        assert re.sub("[^A-Za-z]", "", expected) in re.sub("[^A-Za-z]", "", found[to])


def test_a_cell_is_set_in_by_its_no_break_spaces_in_all_its_lines() -> None:
    rows = (("Law", 1), ("\u00a0\u00a0\u00a0Implementation of memoranda", 2))
    report = Report(lambda: (Table((Column("Theme"), Column("n", "right")), rows),), list)
    assert terminal.render(report, width=26).splitlines()[2:] == [
        "Law                      1",
        "   Implementation of     2",
        "   memoranda",
    ]
