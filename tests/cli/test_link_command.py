"""``libreview link`` as a script calls it, and what the other commands make of a linked source."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face

LIBRARY = (
    "@article{smith2020,\n  author = {Smith, Ann},\n  title = {Twin towns},\n  year = {2020},\n  doi = {10.1000/twin},\n}\n"
    "@book{hartono2019,\n  title = {Pasar lain},\n}\n"
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "home" / "Zotero" / "library.bib"
    place.parent.mkdir(parents=True)
    place.write_text(LIBRARY, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return place


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words])


def test_link_list_and_remove(review_folder: Path, library: Path) -> None:
    assert _run(review_folder, "link", "--format", "plain").stdout == "No library is linked: libreview link PATH\n"
    tried = _run(review_folder, "link", str(library), "--dry-run")
    assert "+[libraries.zotero]\n" in tried.stdout
    assert '+libraries = ["zotero"]\n' in tried.stdout
    assert not Path(os.environ["LIBREVIEW_CONFIG"]).exists()
    done = _run(review_folder, "link", str(library))
    assert done.stdout == (
        "linked ~/Zotero/library.bib as zotero\n"
        "2 entries, read-only. sources/all.bib wins over it for 1 equal key: 0 same, 1 differs (libreview check names them).\n"
        "Next: libreview list\n"
    )
    assert done.exit_code == 0
    assert json.loads(_run(review_folder, "link", "--json").stdout) == [
        {"name": "zotero", "path": "~/Zotero/library.bib", "entries": 2, "state": "linked"}
    ]
    removed = _run(review_folder, "link", "--remove", "zotero")
    assert removed.stdout.startswith("zotero is not read along any more")
    assert _run(review_folder, "list", "--keys").stdout.split() == ["wijaya2001", "hartono2019"]
    assert _run(review_folder, "undo").exit_code == 0
    assert "smith2020" in _run(review_folder, "list", "--keys").stdout.split()
    assert library.read_text("utf-8") == LIBRARY


def test_a_linked_source_is_a_source_like_any_other(review_folder: Path, library: Path) -> None:
    _run(review_folder, "link", str(library))
    assert _run(review_folder, "tag", "smith", "-p", "3", "-t", "trade", "Towns are twins.").exit_code == 0
    for words, said in (
        (("list", "theme:trade"), "smith2020"),
        (("show", "smith2020"), "~/Zotero/library.bib:1"),
        (("search", "twin"), "smith2020"),
        (("cite", "smith2020"), "Smith"),
        (("summary", "trade"), "Towns are twins."),
        (("table", "concept-matrix"), "Smith (2020)"),
        (("export", "sources", "smith2020"), "@article{smith2020,"),
        (("export", "bibliography", "--format", "md"), "Smith"),
    ):
        result = _run(review_folder, *words)
        assert said in result.stdout, (words, result.output)
        assert result.exit_code == 0
    assert [one["path"] for one in json.loads(_run(review_folder, "list", "--json").stdout)][
        -1
    ] == "~/Zotero/library.bib"


@pytest.mark.parametrize(
    "words",
    [
        ("edit", "smith2020"),
        ("rekey", "smith2020", "new"),
        ("remove", "smith2020", "--force"),
        ("merge", "smith2020", "wijaya2001", "--prefer", "smith2020"),
        ("merge", "wijaya2001", "smith2020", "--prefer", "wijaya2001"),
    ],
)
def test_changing_it_is_refused_in_one_line(review_folder: Path, library: Path, words: tuple[str, ...]) -> None:
    _run(review_folder, "link", str(library))
    result = _run(review_folder, *words)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "libreview: smith2020 lives in ~/Zotero/library.bib: change it there"
    assert library.read_text("utf-8") == LIBRARY


def test_check_offers_the_new_key(review_folder: Path, library: Path) -> None:
    _run(review_folder, "link", str(library))
    _run(review_folder, "note", "smith2020", "--annotation", "Read.")
    library.write_text(LIBRARY.replace("smith2020", "smith2020a"), "utf-8")
    said = _run(review_folder, "check").stdout
    assert "smith2020 is now smith2020a in ~/Zotero/library.bib" in said
    assert "libreview rekey smith2020 smith2020a --notes-only" in said
    assert _run(review_folder, "rekey", "smith2020", "smith2020a", "--notes-only").exit_code == 0
    assert "smith2020 " not in _run(review_folder, "check").stdout


def test_check_takes_the_library_by_its_place(review_folder: Path, library: Path) -> None:
    _run(review_folder, "link", str(library))
    found = json.loads(_run(review_folder, "check", str(library), "--json").stdout)
    assert [(one["code"], one["path"]) for one in found] == [("library-differs", "~/Zotero/library.bib")]
    assert _run(review_folder, "check", "notes").exit_code == 0


def test_wrong_use(review_folder: Path, library: Path) -> None:
    assert _run(review_folder, "link", str(library), "--remove", "zotero").exit_code == 2
    assert _run(review_folder, "link", "--remove", "zotero").exit_code == 1
    assert _run(review_folder, "link", "--name", "zotero").exit_code == 1
