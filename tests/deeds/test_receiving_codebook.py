"""Codebooks that come as tables."""

from __future__ import annotations

import io
import shutil
import string
import tempfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.cli import face
from libreview.model import Theme
from libreview.review import Review
from libreview.texts import codebook

REVIEWS = Path(__file__).resolve().parents[1] / "reviews"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words])


@pytest.fixture
def review(tmp_path: Path) -> Path:
    shutil.copytree(REVIEWS / "coders", tmp_path / "coders")
    return tmp_path / "coders"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return made(tmp_path / "empty")


def made(folder: Path, *themes: Theme) -> Path:
    (folder / "notes").mkdir(parents=True)
    (folder / "libreview.toml").write_text('title = "Empty"\n', encoding="utf-8")
    if themes:
        written = "\n".join(map(codebook.write_theme, themes))
        (folder / "notes" / "codebook.toml").write_text(written, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["codebook.csv", "codebook.xlsx"])
@pytest.mark.parametrize("more", [(), ("--excel",), ("--raw",)])
def test_a_codebook_goes_and_comes(review: Path, empty: Path, name: str, more: tuple[str, ...]) -> None:
    if name.endswith("xlsx") and more:
        return
    place = review.parent / name
    assert run(review, "export", "codebook", "-o", str(place), *more).exit_code == 0
    done = run(empty, "import", str(place))
    assert (done.exit_code, done.stdout) == (0, f"new from {place}: 4 themes\n")
    again = empty.parent / f"again-{name}"
    assert run(empty, "export", "codebook", "-o", str(again), *more).exit_code == 0
    assert again.read_bytes() == place.read_bytes()
    assert run(empty, "import", str(again)).stdout.splitlines() == [
        f"new from {again}: 0 themes",
        "  4 themes are here already",
    ]
    assert run(empty, "undo").exit_code == 0


def table(folder: Path, text: str) -> Path:
    place = folder.parent / "codebook.csv"
    place.write_text(text, encoding="utf-8")
    return place


def test_themes_that_are_here_stay_unless_they_are_to_be_changed(review: Path) -> None:
    place = table(
        review,
        "Tema;Induk;Label (en);Definisi;Alias;Catatan\n"
        "law;;Law;Only statutes.;hukum;-\nTourism and travel;Pameran;;Visitors.;;-\npameran;trade;;;;-\n",
    )
    before = (review / "notes" / "codebook.toml").read_text(encoding="utf-8")
    done = run(review, "import", str(place))
    assert done.stdout.splitlines() == [
        f"new from {place}: 1 theme",
        "  1 theme is here already",
        "not taken over (2 things):",
        "  a column that a codebook does not have: Catatan",
        "  the theme law (definition, aliases) is described differently here; it stays as it is",
        f"To take what the file says of them: libreview import --update {place}",
    ]
    with Review.open(review) as opened:
        themes = opened.codebook.themes
        assert themes["tourism-and-travel"].parent == "fair"
        assert (themes["tourism-and-travel"].label, themes["tourism-and-travel"].definition) == (
            {"": "Tourism and travel"},
            "Visitors.",
        )
    assert (review / "notes" / "codebook.toml").read_text(encoding="utf-8").startswith(before)
    assert "+definition" in run(review, "import", "--update", "--dry-run", str(place)).stdout
    done = run(review, "import", "--update", str(place))
    assert "  1 theme was changed to what the file says" in done.stdout.splitlines()
    with Review.open(review) as opened:
        law = opened.codebook.themes["law"]
        assert (law.definition, law.aliases, law.label) == ("Only statutes.", ("hukum",), {"en": "Law", "id": "Hukum"})
    assert run(review, "check").exit_code == 0


def test_rows_that_are_no_themes_are_named(empty: Path) -> None:
    place = table(
        empty, "theme,label,colour,parent\nlaw,,reddish,\nLaw,,,\n!!!,,,\n,Fairs and markets,,#law\nnone,,,\n"
    )
    done = run(empty, "import", str(place))
    assert done.stdout.splitlines() == [
        f"new from {place}: 2 themes",
        "not taken over (4 things):",
        "  a cell that cannot be what its column says: colour (2)",
        "  a theme that stands in a row above: Law (3)",
        "  a row that cannot be a theme: !!! (4)",
        "  a row that cannot be a theme: none (6)",
    ]
    with Review.open(empty) as opened:
        assert {one.id: one.parent for one in opened.codebook.themes.values()} == {
            "law": "",
            "fairs-and-markets": "law",
        }


def test_what_stands_wrong_between_themes_is_named_with_its_rows(review: Path) -> None:
    place = table(
        review,
        "theme,parent,aliases,examples\none,two,,\ntwo,one,,\nself,self,,\nlost,nowhere,,\n"
        "taken,,law trade,\nshown,,,^k3f9q2 ^zzzzzz\nagain,,one,\n",
    )
    done = run(review, "import", str(place))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"new from {place}: 7 themes",
        "taken over, but it cannot be right (7 things):",
        "  row 2, 3: The parents of one lead back to it: two > one > two",
        '  row 2, 8: "one" is an alias of the theme again, but it already means the theme one',
        "  row 4: The parents of self lead back to it: self > self",
        "  row 5: The theme lost stands below nowhere, which is not in the codebook",
        '  row 6: "law" is an alias of the theme taken, but it already means the theme law',
        '  row 6: "trade" is an alias of the theme taken, but it already means the theme trade',
        "  row 7: There is no excerpt ^zzzzzz",
    ]
    checked = run(review, "check").stdout
    for line in done.stdout.splitlines()[2:-1]:
        assert line.partition(": ")[2] in checked
    assert run(review, "import", str(place)).stdout.splitlines() == [
        f"new from {place}: 0 themes",
        "  7 themes are here already",
    ]


def test_a_circle_that_was_there_is_not_the_fault_of_the_table(tmp_path: Path) -> None:
    folder = made(tmp_path / "circle", Theme("a", parent="b"), Theme("b", parent="a"))
    place = table(folder, "theme,parent\nc,a\n")
    assert run(folder, "import", str(place)).stdout == f"new from {place}: 1 theme\n"


@pytest.mark.parametrize(
    ("labels", "said", "expected"),
    [
        ({"en": "Law", "id": "Hukum"}, "Hukum", {"en": "Law", "id": "Hukum"}),
        ({"en": "Law", "id": "Hukum"}, "Aturan", {"en": "Law", "id": "Aturan"}),
        ({"en": "Law"}, "Hukum", {"en": "Law", "id": "Hukum"}),
        ({"": "Law"}, "Hukum", {"": "Hukum"}),
        ({"": "Law", "en": "Law"}, "Hukum", {"": "Hukum", "en": "Law"}),
        ({}, "Hukum", {"": "Hukum"}),
    ],
)
def test_a_label_without_a_language_is_one_that_is_seen(
    tmp_path: Path, labels: dict[str, str], said: str, expected: dict[str, str]
) -> None:
    folder = made(tmp_path / "labels", Theme("law", labels, definition="Rules."))
    (folder / "libreview.toml").write_text('title = "Labels"\nlanguage = "id"\n', encoding="utf-8")
    assert run(folder, "import", "--update", str(table(folder, f"tema,nama\nlaw,{said}\n"))).exit_code == 0
    with Review.open(folder) as opened:
        assert opened.codebook.themes["law"].label == expected


def test_a_theme_under_its_alias_is_the_same_theme_again(review: Path) -> None:
    place = table(review, "theme,definition\nfair,Markets.\npameran,Bazaars.\n")
    done = run(review, "import", "--update", str(place)).stdout
    assert "  a theme that stands in a row above: pameran (3)" in done.splitlines()
    with Review.open(review) as opened:
        assert opened.codebook.themes["fair"].definition == "Markets."


def test_formulas_are_text_again_and_nothing_is_computed(empty: Path) -> None:
    place = table(empty, "theme,definition,include\nlaw,'=cmd(),'- one\n")
    run(empty, "import", str(place))
    with Review.open(empty) as opened:
        assert opened.codebook.themes["law"].definition == "=cmd()"
        assert opened.codebook.themes["law"].include == "- one"
    book = openpyxl.Workbook()
    for row in (["theme", "definition"], ["trade", "=1+1"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    (empty.parent / "book.xlsx").write_bytes(out.getvalue())
    assert (
        "a cell that cannot be what its column says: definition (2)"
        in run(empty, "import", str(empty.parent / "book.xlsx")).stdout
    )


_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
_lines = st.lists(_words, max_size=3).map("\n".join).map(str.strip)
_label = _words.map("Label {}".format).map(str.strip)  # none is what a parent that no theme has is called
_id = st.text(string.ascii_lowercase + "é", min_size=1, max_size=5)
_theme = st.builds(
    Theme,
    _id,
    st.dictionaries(st.sampled_from(["", "en", "id", "zh-Hant"]), _label, max_size=3),
    st.one_of(st.just(""), _id),
    _lines,
    _lines,
    _lines,
    st.lists(st.from_regex(r"[a-z0-9]{6}", fullmatch=True), max_size=2, unique=True).map(tuple),
    st.sampled_from(["", "#2a9d8f", "teal"]),
    st.lists(_id, max_size=2, unique=True).map(tuple),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_theme, min_size=1, max_size=5, unique_by=lambda one: one.id), st.sampled_from([(), ("--excel",)]))
def test_any_codebook_is_exported_imported_and_exported_equal(themes: list[Theme], more: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = made(Path(folder) / "first", *themes), made(Path(folder) / "second")
        one, two = Path(folder) / "codebook.csv", Path(folder) / "again.csv"
        assert run(first, "export", "codebook", "-o", str(one), *more).exit_code == 0
        done = run(second, "import", str(one))
        assert (done.exit_code, "not taken over" in done.stdout) == (0, False), done.output
        assert run(second, "export", "codebook", "-o", str(two), *more).exit_code == 0
        assert two.read_bytes() == one.read_bytes()
