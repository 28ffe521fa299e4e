"""Pictures beside the numbers of tables: what they show, where they find room, and who does not get them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libreview.findings import crosstabs, summaries, timelines
from libreview.model import Citation, Codebook, Excerpt, Location, Locator, Source, Theme
from libreview.pages import reports
from libreview.pages.render import data, html, markdown, pictures, plain, terminal, workbook
from libreview.pages.render.pictures import SIGNS, Signs
from libreview.pages.reports.turning import transposed
from libreview.words.blocks import Cell, Column, Picture, Report, Table, text

BLOCKS, ASCII = SIGNS["blocks"], SIGNS["ascii"]
_STYLE = re.compile(r"\x1b\[[\d;]*m")


# --- the signs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [(12, 12), ("12,5", 12.5), ("12.5", 12.5), ("3 (5)", 3), (text("7"), 7), ("", 0), ("×", 0), ("undated 3", 0)],
)
def test_the_number_of_a_cell(cell: Cell, number: float) -> None:
    assert pictures.amount(cell) == number


@pytest.mark.parametrize(
    ("value", "width", "blocks", "ascii_signs"),
    [
        (0, 10, "", ""),
        (80, 10, "██████████", "##########"),
        (40, 10, "█████", "#####"),
        (1, 10, "▏", "#"),
        (0.01, 10, "▏", "#"),
        (17, 10, "██▏", "##"),
        (79, 10, "█████████▉", "##########"),
        (79, 0, "", ""),
    ],
)
def test_a_bar(value: float, width: int, blocks: str, ascii_signs: str) -> None:
    assert pictures.bar(value, 80, width, BLOCKS) == blocks
    assert pictures.bar(value, 80, width, ASCII) == ascii_signs


def test_shades_and_lines() -> None:
    assert [pictures.shade(n, 8, 2, BLOCKS) for n in (0, 1, 2, 3, 4, 5, 7, 8)] == [
        "", "░░", "░░", "▒▒", "▒▒", "▓▓", "██", "██",
    ]  # fmt: skip
    assert [pictures.shade(n, 4, 1, ASCII) for n in range(5)] == ["", ".", ":", "+", "#"]
    assert pictures.course([0, 1, 0, 2, 8], 8, BLOCKS) == " ▁ ▂█"
    assert pictures.course([0, 1, 0, 2, 8], 8, ASCII) == " 1 28"
    assert pictures.course([1, 2], 0, BLOCKS) == "  "


NUMBERS = st.integers(0, 10_000) | st.floats(0, 100, allow_nan=False)


@given(NUMBERS, NUMBERS, st.integers(1, 40), st.sampled_from([BLOCKS, ASCII]))
def test_the_more_the_longer_and_never_wider_than_the_column(
    one: float, other: float, width: int, signs: Signs
) -> None:
    def length(value: float) -> tuple[int, int]:
        drawn = pictures.bar(value, full, width, signs)
        assert len(drawn) <= width
        assert all(sign == signs.bars[-1] for sign in drawn[:-1])
        return len(drawn), signs.bars.index(drawn[-1]) if drawn else -1

    full, less = max(one, other), min(one, other)
    assert length(less) <= length(full)
    assert (length(less) > (0, -1)) == (less > 0)
    assert full == 0 or length(full) == (width, len(signs.bars) - 1)
    assert pictures.level(less, full, 4) <= pictures.level(full, full, 4) == (4 if full else 0)
    assert len(pictures.course([less, full], full, signs)) == 2


# --- tables on a screen ------------------------------------------------------------------------------------------


def bars(numbers: list[int], names: list[str], head: str = "n") -> Report:
    rows = tuple(zip(names, numbers, strict=True))
    picture = Picture("bars", (1,), len(numbers), max(numbers, default=0), text("Bar: n"))
    table = Table((Column("Theme"), Column(head, "right")), rows, text("T"), text("N = 1"), picture)
    return Report(lambda: (table,), list)


def test_a_bar_stands_before_its_number() -> None:
    shown = terminal.render(bars([0, 5, 20], ["Law", "Trade", "Fair"]), width=80, signs="blocks")
    assert shown == (
        "T\n\n"
        "Theme                        n\n"
        "──────────────────────────────\n"
        "Law                          0\n"
        "Trade  █████                 5\n"
        "Fair   ████████████████████ 20\n"
        "Bar: n\nN = 1\n"
    )
    assert "#####                 5" in terminal.render(bars([5, 20], ["a", "b"]), width=80, signs="ascii")


@pytest.mark.parametrize(("width", "longest"), [(40, 20), (25, 15), (15, 6), (13, 4), (12, 0)])
def test_a_bar_shrinks_and_goes_before_anything_is_wrapped(width: int, longest: int) -> None:
    wide = 20  # no screen is narrower: a longer name takes the rest
    name = "T" * max(wide - width, 0)
    shown = terminal.render(bars([20, 20], ["abcd" + name, "x"]), width=max(width, wide), signs="blocks")
    assert max(map(len, re.findall("█+", shown)), default=0) == longest
    assert ("Bar: n" in shown) == (longest > 0)
    assert f"abcd{name}" in shown


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text("abc def", min_size=1, max_size=30), st.integers(0, 3000)), min_size=1, max_size=8),
    st.integers(20, 90),
    st.sampled_from(["", "with sub-themes"]),
)
def test_a_picture_changes_no_number_and_no_name(rows: list[tuple[str, int]], width: int, head: str) -> None:
    report = bars([n for _, n in rows], [name for name, _ in rows], head or "n")
    bare, drawn = (terminal.render(report, width=width, signs=signs) for signs in ("", "blocks"))
    assert all(len(line) <= width for line in drawn.split("\n"))
    assert re.sub("[▏▎▍▌▋▊▉█─]|Bar: n", " ", drawn).split() == bare.replace("─", " ").split()
    coloured = terminal.render(report, width=width, signs="blocks", colour=True)
    assert _STYLE.sub("", coloured) == drawn


# --- the tables of the analysis ----------------------------------------------------------------------------------


def source(key: str, year: str) -> Source:
    fields = {"title": key, "year": year}
    return Source(key, "book", fields, fields, {}, Location("sources/x.bib"))


YEARS = {"k1": "1999", "k2": "2003", "k3": "2004", "k4": "", "k5": "2004"}
SOURCES = {key: source(key, year) for key, year in YEARS.items()}
BOOK = Codebook({
    "sme": Theme("sme", {"en": "SMEs", "id": "UMKM"}),
    "fair": Theme("fair", {"en": "Fairs", "id": "Pameran"}, "sme"),
    "law": Theme("law", {"en": "Law", "id": "Hukum"}),
})  # fmt: skip


def excerpt(at: int, key: str, themes: str) -> Excerpt:
    citations = (Citation(key, "", Locator("page", "1", "p. 1")),)
    place = Location(f"notes/{key}.md", at + 1, at)
    return Excerpt(f"id{at}", "quotation", citations, "Words.", tuple(themes.split()), "", place)


EXCERPTS = [
    excerpt(at, *line.split(" ", 1))
    for at, line in enumerate(
        ["k1 law", "k1 law", "k1 law sme", "k2 fair", "k3 fair law", "k4 law", "k5 fair", "k5 law", "k2 law"]
    )
]
WITH = (EXCERPTS, BOOK, SOURCES, SOURCES)


def report(name: str, language: str = "en") -> Report:
    findings: dict[str, Callable[[], object]] = {
        "frequency": lambda: summaries.frequency(EXCERPTS, BOOK, SOURCES, (), SOURCES),
        "matrix": lambda: crosstabs.crosstab(*WITH, by="source"),
        "decade": lambda: crosstabs.crosstab(*WITH, by="decade"),
        "row%": lambda: crosstabs.crosstab(*WITH, by="decade", cells="row%"),
        "presence": lambda: crosstabs.crosstab(*WITH, by="decade", cells="presence"),
        "timeline": lambda: timelines.timeline(*WITH),
        "decades": lambda: timelines.timeline(*WITH, period=10),
    }
    made: Report = reports.tabulated(findings[name](), language)
    return made


def screen(name: str, width: int = 100, language: str = "en") -> list[str]:
    return terminal.render(report(name, language), width=width, signs="blocks").split("\n")


def test_frequency_has_bars() -> None:
    shown = screen("frequency", 110)
    assert re.fullmatch(r"SMEs +1  ███████████▍ +4  44\.4 .*", shown[4])
    assert re.fullmatch(r"Law +7  ████████████████████ 7  77\.8 .*", shown[6])
    assert shown[7] == "Bar: excerpts with sub-themes, full = 7"


@pytest.mark.parametrize("turned", [False, True])
def test_the_matrix_is_shaded_but_for_its_sums(turned: bool) -> None:
    made = report("decade")
    shown = terminal.render(transposed(made) if turned else made, width=80, signs="blocks")
    pairs = re.findall(r"([░▒▓█])\1 +(\d+)", shown)
    assert sorted(pairs) == [("█", "3"), ("█", "3"), ("█", "3"), ("▒", "1"), ("▒", "1")]
    assert "Shades: the denser, the more, in four steps up to 3\n" in shown


def test_shares_are_shaded_and_crosses_are_not() -> None:
    assert re.search(r"\nLaw +▒▒ +42\.9 +▒▒ +42\.9 +░░ +14\.3 ", "\n".join(screen("row%")))
    assert not re.search("[░▒▓█]", "\n".join(screen("presence")))
    assert "Shades: the denser, the more, in four steps up to 3" in screen("matrix")


def test_the_timeline_has_a_line_for_each_theme_over_its_dated_periods() -> None:
    # four years and the undated run down, three themes across: the lines stand below
    shown = "\n".join(screen("timeline"))
    assert "\n\nSMEs   ▄\nFairs   ▄█\nLaw    ▄▄█\nLine: sources from 1999 to 2004," in shown
    wide = "\n".join(screen("decades"))
    assert re.search(r"Law +1 \(3\) +3 \(3\) +1 \(1\) +5 \(7\)  ▃█\n", wide)
    assert re.search(r"SMEs +1 \(1\) +1 \(1\)  ▃\n", wide)
    assert re.search(r"\nAll [^▁▂▃▄▅▆▇█\n]+\n", wide)
    turned = terminal.render(transposed(report("decades")), width=80, signs="blocks")
    assert re.search(r"\n\nSMEs +▃\nFairs +█\nLaw +▃█\nLine: ", turned)


@pytest.mark.parametrize("width", [20, 30, 40, 60])
@pytest.mark.parametrize("name", ["frequency", "matrix", "decade", "row%", "timeline", "decades"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_pictures_fit_whatever_the_screen(name: str, width: int, language: str) -> None:
    shown = screen(name, width, language)
    assert all(len(line) <= width for line in shown)
    bare = terminal.render(report(name, language), width=width)
    figures = re.compile(r"\d+(?:[.,]\d+)?(?: \(\d+\))?")
    without = [line for line in shown if not re.match("Bar|Batang|Shades|Arsiran|Line|Garis", line)]
    if not re.search("[░▒▓█▁▂▃▄▅▆▇▏▎▍▌▋▊▉]", "\n".join(shown)):
        assert shown == bare.split("\n")
    assert set(figures.findall(bare)) <= set(figures.findall("\n".join(without)))


def test_nothing_to_draw() -> None:
    for made in (
        summaries.frequency([], BOOK, {}, (), {}),
        crosstabs.crosstab([], BOOK, {}, ()),
        timelines.timeline([], BOOK, {}, ()),
        timelines.timeline(EXCERPTS[5:6], BOOK, SOURCES, SOURCES),
    ):
        drawn = [terminal.render(reports.tabulated(made, "en"), width=90, signs=signs) for signs in ("", "blocks")]
        assert drawn[0] == drawn[1]


# --- elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["frequency", "decade", "timeline"])
def test_no_other_form_has_signs_for_pictures(name: str) -> None:
    made = report(name)
    drawn = [
        plain.render(made),
        markdown.render(made),
        html.render(made),
        data.render(made, form="csv"),
        data.render(made, form="json"),
        terminal.render(made, width=200).encode(),
    ]
    for form in drawn:
        assert not re.search("[░▒▓█▁▂▃▄▅▆▇▏▎▍▌▋▊▉]|full =|denser", form.decode())


def test_a_page_shades_cells_by_classes_of_its_own() -> None:
    page = html.render(report("decade")).decode()
    assert re.findall(r'<td class="right shade-(\d)">(\d+)</td>', page).count(("4", "3")) == 3
    assert "style=" not in page
    assert "shade-4" not in html.render(report("timeline")).decode().partition("</style>")[2]


def test_a_spreadsheet_draws_by_itself() -> None:
    def rules(name: str) -> list[tuple[str, str, float]]:
        sheet = openpyxl.load_workbook(io.BytesIO(workbook.render(report(name)))).worksheets[0]
        return [
            (str(area.sqref), rule.type, (rule.dataBar or rule.colorScale).cfvo[1].val)
            for area in sheet.conditional_formatting
            for rule in area.rules
        ]

    assert rules("frequency") == [("C4:C6", "dataBar", 7)]
    with zipfile.ZipFile(io.BytesIO(workbook.render(report("frequency")))) as archive:
        assert b'<dataBar minLength="0" maxLength="100">' in archive.read("xl/worksheets/sheet1.xml")
    assert rules("decade") == [("B4:D6", "colorScale", 3)]
    assert rules("timeline") == []
