"""Linked libraries: read only where the user's own configuration says so for this very folder, and never more than read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libreview.disk import libraries
from libreview.disk import settings as own_settings
from libreview.disk.settings import Library, ReviewSettings, UserSettings
from libreview.model import Change, Create, Edit
from libreview.review import Review
from libreview.texts import toml
from libreview.words.errors import Refused, ReviewError

ENTRY = "@article{{{key},\n  title = {{{title}}},\n  year = {{2020}},\n}}\n"


def entry(key: str, title: str = "Twin towns") -> str:
    return ENTRY.format(key=key, title=title)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's home, where a program keeps ~/Zotero/library.bib up to date."""
    folder = tmp_path / "home"
    (folder / "Zotero").mkdir(parents=True)
    (folder / "Zotero" / "library.bib").write_text(entry("smith2020") + entry("wijaya2001", "Other words"), "utf-8")
    monkeypatch.setenv("HOME", str(folder))
    return folder


def know(*reviews: Path | str, path: str = "~/Zotero/library.bib", name: str = "zotero") -> None:
    """Write the user's configuration."""
    table = f"[libraries.{name}]\npath = {toml.string(path)}\nreviews = [{', '.join(toml.string(str(one)) for one in reviews)}]\n"
    Path(os.environ["LIBREVIEW_CONFIG"]).write_text(table, encoding="utf-8")


def name_in(review: Path, *names: str) -> None:
    with (review / "libreview.toml").open("a", encoding="utf-8") as file:
        file.write(f"libraries = [{', '.join(toml.string(name) for name in names)}]\n")


@pytest.mark.usefixtures("home")
def test_a_linked_library_is_read_after_the_files_of_the_review(review_folder: Path) -> None:
    know(review_folder)
    name_in(review_folder, "zotero")
    with Review.open(review_folder) as review:
        assert review.keys() == ("wijaya2001", "hartono2019", "smith2020")
        assert [one.path for one in review.listing()] == ["sources/all.bib"] * 2 + ["~/Zotero/library.bib"]
        assert review.source("wijaya2001").title == "Two harbours"
        assert review.source("smith2020").location.path == "~/Zotero/library.bib"
        assert review.totals().sources == 3
        ((mine, other),) = review.shadowed()
        assert (mine.title, other.title) == ("Two harbours", "Other words")
        assert str(other.location) == "~/Zotero/library.bib:5"
        assert review.read("~/Zotero/library.bib").startswith(b"@article{smith2020")
        assert review.exists("~/Zotero/library.bib")
        assert review.paths("bib") == ("sources/all.bib",)


def test_one_with_an_absolute_place_comes_after_them_too(
    review_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home / "nobody"))
    know(review_folder, path=str(home / "Zotero" / "library.bib"))
    name_in(review_folder, "zotero")
    with Review.open(review_folder) as review:
        assert review.source("wijaya2001").title == "Two harbours"
        assert review.keys() == ("wijaya2001", "hartono2019", "smith2020")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("zotero",), "library-not-linked"),
        (("other",), "library-unknown"),
        (("../../etc/passwd", "~/x", "zotero"), "setting-broken"),
        (("~/Zotero/library.bib",), "setting-broken"),
        (("/etc/x.bib",), "setting-broken"),
        (("",), "setting-broken"),
    ],
)
def test_a_name_alone_opens_nothing(review_folder: Path, names: tuple[str, ...], code: str) -> None:
    know("~/another-review")
    name_in(review_folder, *names)
    with Review.open(review_folder) as review:
        assert review.keys() == ("wijaya2001", "hartono2019")
        assert [(one.code, str(one.location)) for one in review.problems()] == [(code, "libreview.toml:3")]
        assert review.linked == {}


@pytest.mark.usefixtures("home")
def test_a_folder_that_was_moved_or_copied_is_another(review_folder: Path) -> None:
    know(review_folder)
    name_in(review_folder, "zotero")
    moved = review_folder.rename(review_folder.with_name("moved"))
    with Review.open(moved) as review:
        assert [one.code for one in review.problems()] == ["library-not-linked"]
    review_folder.symlink_to(moved)  # reached by its old name it is still somewhere else
    with Review.open(review_folder) as review:
        assert [one.code for one in review.problems()] == []
        assert "smith2020" in review.source_keys()


def test_what_is_not_there_is_a_problem_until_it_is_back(review_folder: Path, home: Path) -> None:
    know(review_folder)
    name_in(review_folder, "zotero")
    place = home / "Zotero" / "library.bib"

    def pipe() -> None:
        place.rmdir()
        os.mkfifo(place)

    changes: list[tuple[Callable[[], object], str]] = [
        (lambda: place.rename(home / "away"), "No such file or directory"),
        (place.mkdir, "it is not a file"),
        (pipe, "it is not a file"),
    ]
    for change, reason in changes:
        change()
        with Review.open(review_folder) as review:
            assert review.keys() == ("wijaya2001", "hartono2019")
            (problem,) = review.problems()
            assert (problem.code, problem.location.path) == ("library-unread", "~/Zotero/library.bib")
            assert problem.facts["reason"] == reason
    place.unlink()
    (home / "away").rename(place)
    with Review.open(review_folder) as review:
        assert "smith2020" in review.source_keys()
        assert review.problems() == ()
    os.truncate(place, 300 * 1024 * 1024)
    with Review.open(review_folder) as review:
        assert [(one.code, one.facts["reason"]) for one in review.problems()] == [
            ("library-unread", "it is larger than 256 MiB")
        ]


def test_nothing_is_ever_written_into_it(review_folder: Path, home: Path) -> None:
    know(review_folder)
    name_in(review_folder, "zotero")
    data = (home / "Zotero" / "library.bib").read_bytes()
    path = "~/Zotero/library.bib"
    with Review.open(review_folder) as review:
        for change in (
            Change((Edit(path, 12, 12, b"", b"x"),), "edit"),
            Change((Create(path, b""),), "create"),
            Change((Create("notes/x.md", b""), Edit(path, 12, 12, b"", b"x")), "both"),
        ):
            for carry_out in (review.apply, review.diff):
                with pytest.raises(Refused, match=r"smith2020 lives in ~/Zotero/library.bib: change it there"):
                    carry_out(change)
        assert not review.exists("notes/x.md")
        assert not review.log()
    assert (home / "Zotero" / "library.bib").read_bytes() == data
    assert not (review_folder / "~").exists()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["review/sources/a.bib", "review/sources/b.bib", "home/x.bib", "home/y.bib"]),
            st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["One", "Two"])), max_size=3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_an_index_brought_up_to_date_equals_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    place = tmp_path_factory.mktemp("place")
    for folder in ("review/sources", "home"):
        (place / folder).mkdir(parents=True)
    (place / "review" / "libreview.toml").write_text('libraries = ["x", "y"]\n', "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(place / "home"))
        patch.setenv("LIBREVIEW_CONFIG", str(place / "config.toml"))
        tables = [f'[libraries.{name}]\npath = "~/{name}.bib"\nreviews = ["{place}/review"]\n' for name in "xy"]
        (place / "config.toml").write_text("\n".join(tables), "utf-8")
        for number, (path, entries) in enumerate(steps):
            (place / path).write_text("".join(entry(key, title) for key, title in entries), "utf-8")
            seen = []
            for cache in ("kept", f"new-{number}"):
                patch.setenv("LIBREVIEW_CACHE", str(place / cache))
                with Review.open(place / "review") as review:
                    seen.append(
                        (review.sources(), review.shadowed(), review.lines(), review.totals(), review.problems())
                    )
            assert seen[0] == seen[1]
        first: dict[str, str] = {}
        for path in ("review/sources/a.bib", "review/sources/b.bib", "home/x.bib", "home/y.bib"):
            if (place / path).exists():
                for line in (place / path).read_text("utf-8").splitlines():
                    if line.startswith("@"):
                        first.setdefault(line[9:-1], path.replace("review/", "").replace("home/", "~/"))
        with Review.open(place / "review") as review:
            assert {key: review.source(key).location.path for key in review.source_keys()} == first
            assert {one.path for one in review.listing() if one.path.startswith("~/")} <= set(first.values())


# The user's configuration ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[libraries.z]\npath = "~/z.bib"\nreviews = ["~/a", 5]\n', (Library("z", "~/z.bib", ("~/a",)),)),
        ('libraries.z = "/z.bib"\n', (Library("z", "/z.bib"),)),
        ('[libraries]\nz = "z.bib"\ny = "~/z.txt"\nx = 5\n', ()),
        ("libraries = 5\n", ()),
    ],
)
def test_the_configuration_names_libraries(text: str, expected: tuple[Library, ...]) -> None:
    Path(os.environ["LIBREVIEW_CONFIG"]).write_text(text, "utf-8")
    assert own_settings.of_user().libraries == expected


NEW = '[libraries.z]\npath = "~/z.bib"\nreviews = ["~/a"]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, NEW),
        ("", NEW),
        ('coder = "nadia"', f'coder = "nadia"\n\n{NEW}'),
        ('coder = "nadia"  # me\n', f'coder = "nadia"  # me\n\n{NEW}'),
        (
            '[libraries.z]\npath = "/old.bib"\nreviews = [\n  "~/a",\n]\n\n[libraries.y]\npath = "~/y.bib"\n',
            f'{NEW}\n[libraries.y]\npath = "~/y.bib"\n',
        ),
        ('[libraries.y]\npath = "~/y.bib"\n', f'[libraries.y]\npath = "~/y.bib"\n\n{NEW}'),
        (NEW, NEW),
    ],
)
def test_a_library_is_written_into_it_and_the_rest_stays(before: str | None, after: str) -> None:
    file = Path(os.environ["LIBREVIEW_CONFIG"])
    if before is not None:
        file.write_text(before, "utf-8")
    place, old, new = libraries.with_library(Library("z", "~/z.bib", ("~/a",)))
    assert (place, old) == (file, before.encode() if before is not None else None)
    assert new.decode() == after
    libraries.write(place, old, new)
    assert file.read_text("utf-8") == after


@pytest.mark.parametrize(
    "text", ['libraries = {z = {path = "~/z.bib"}}\n', "libraries = 5\n", 'libraries.z = "~/z.bib"\n']
)
def test_what_cannot_be_kept_is_not_touched(text: str) -> None:
    Path(os.environ["LIBREVIEW_CONFIG"]).write_text(text, "utf-8")
    with pytest.raises(Refused, match="without touching other lines"):
        libraries.with_library(Library("z", "~/z.bib", ("~/a",)))


def test_another_program_that_wrote_it_meanwhile_is_not_overwritten() -> None:
    place, old, new = libraries.with_library(Library("z", "~/z.bib", ("~/a",)))
    place.write_text('coder = "nadia"\n', "utf-8")
    with pytest.raises(ReviewError, match="changed on disk"):
        libraries.write(place, old, new)
    assert place.read_text("utf-8") == 'coder = "nadia"\n'


def test_places_are_shown_from_the_home_folder(home: Path) -> None:
    assert libraries.shown(home / "Zotero" / "library.bib") == "~/Zotero/library.bib"
    assert libraries.shown(home / "a" / ".." / "x.bib") == "~/x.bib"
    assert libraries.shown(Path("/media/stick/x.bib")) == "/media/stick/x.bib"
    assert libraries.shown(Path(f"{home}-2/x.bib")) == f"{home}-2/x.bib"


def test_reviews_that_are_gone_are_forgotten(review_folder: Path) -> None:
    gone, unplugged = str(review_folder.parent / "gone"), "/media/none/review"
    known = Library("z", "~/z.bib", (gone, unplugged, str(review_folder)))
    assert libraries.extended(known, review_folder).reviews == (unplugged, libraries.shown(review_folder.resolve()))


def test_a_review_without_libraries_asks_nothing() -> None:
    assert libraries.linked(Path("/nowhere"), ReviewSettings(), UserSettings()) == libraries.Linked()
