"""render and check over a chapter outside of the review."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
CHAPTER = """---
title: Bab 1
bibliography: /etc/passwd
---

# Pendahuluan

Ports sign papers [@wijaya2001, hlm. 12; @hartono2018]. So says @wijaya2001 [p. 3].

Nobody knows [@wijaya2010, p. 4], see [@fig:map] <b>.

![Map](map.png)
"""


@pytest.fixture
def chapter(review_folder: Path) -> Iterator[Path]:
    place = review_folder.parent / "bab1.md"
    place.write_text(CHAPTER, encoding="utf-8")
    before = Path.cwd()
    os.chdir(review_folder)
    yield place
    os.chdir(before)


def run(*words: str) -> Result:
    return CliRunner().invoke(face, words, prog_name="libreview")


def test_a_chapter_in_the_style_of_the_review(chapter: Path) -> None:
    done = run("render", "../bab1.md")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2] == (
        "Ports sign papers (Hartono, 2019; Wijaya & Müller, 2001, p. 12). So says Wijaya & Müller (2001, p. 3)."
    )
    assert "Nobody knows (**wijaya2010?**, p.\u00a04), see \\[@fig:map\\] ." in done.stdout
    assert done.stdout.rstrip().splitlines()[-5] == "# Bibliography"
    assert done.stdout.splitlines()[-3].startswith("Hartono. (2019). *Pasar kota*.")
    assert done.stderr == (
        "no source has the key @wijaya2010. Did you mean wijaya2001?\n"
        "1 piece of raw HTML or LaTeX was left out\n2 sources cited\n"
    )


def test_style_and_language(chapter: Path) -> None:
    done = run("render", "../bab1.md", "--style", "ieee", "--language", "id", "--no-bibliography", "--format", "txt")
    assert "Ports sign papers [1, hlm. 12], [2]." in " ".join(done.stdout.split())
    assert "Daftar pustaka" not in done.stdout
    assert run("render", "../bab1.md", "--style", "no-such-style").exit_code == 1


@pytest.mark.parametrize(
    ("form", "begins"), [("docx", b"PK"), ("odt", b"PK"), ("html", b"<!DOCTYPE"), ("tex", b"%"), ("rst", b"")]
)
def test_forms(chapter: Path, form: str, begins: bytes) -> None:
    done = run("render", "../bab1.md", "-o", f"../out.{form}")
    assert done.exit_code == 0
    made = (chapter.parent / f"out.{form}").read_bytes()
    assert made.startswith(begins)
    assert b"passwd" not in made
    assert done.stderr.endswith(f"wrote ../out.{form}. 2 sources cited\n")


def test_pictures_from_the_folder_of_the_chapter_only(chapter: Path) -> None:
    (chapter.parent / "map.png").write_bytes(PIXEL)
    chapter.write_text(CHAPTER + "\n![Out](../../../etc/hostname.png) ![Web](https://a.b/c.png)\n", encoding="utf-8")
    done = run("render", "../bab1.md", "-o", "../out.docx")
    said = [line for line in done.stderr.splitlines() if line.startswith("the picture")]
    assert [line.split()[2] for line in said] == ["../../../etc/hostname.png", "https://a.b/c.png"]
    with zipfile.ZipFile(io.BytesIO((chapter.parent / "out.docx").read_bytes())) as archive:
        assert [archive.read(name) for name in archive.namelist() if "media/" in name] == [PIXEL]
        assert "Bibliography" in archive.read("word/document.xml").decode()


def test_the_chapter_itself_and_the_review_are_not_overwritten(chapter: Path) -> None:
    assert run("render", "../bab1.md", "-o", "../bab1.md").exit_code == 1
    assert chapter.read_text(encoding="utf-8") == CHAPTER
    assert run("render", "../bab1.md", "-o", "notes/bab1.md").exit_code == 1
    assert run("render", "../bab1.md", "-o", "../bab1.pdf").exit_code == 2
    assert run("render", "../bab1.md", "--format", "csv").exit_code == 2
    assert run("render", "../bab1.md", "--reference-doc", "../bab1.md").exit_code == 2
    assert run("render", "../none.md").exit_code == 1


def test_a_heading_at_the_end_is_that_of_the_bibliography(chapter: Path) -> None:
    chapter.write_text("Text [@wijaya2001].\n\n# Works cited\n", encoding="utf-8")
    assert run("render", "../bab1.md").stdout == (
        "Text (Wijaya & Müller, 2001).\n\n# Works cited\n\n"
        "Wijaya, R., & Müller, J. (2001). Two harbours. *Journal of Towns*.\n"
    )


def test_check_finds_the_unknown_keys_of_a_chapter(chapter: Path) -> None:
    done = run("check", "../bab1.md")
    assert (done.exit_code, done.stderr) == (1, "")
    assert "../bab1.md:10" in done.stdout
    assert "Nobody knows [@wijaya2010, p. 4]" in done.stdout
    assert "There is no source wijaya2010" in done.stdout
    found = json.loads(run("check", "../bab1.md", "--json").stdout)
    assert [(one["code"], one["path"], one["line"], one["subject"]) for one in found] == [
        ("unknown-source", "../bab1.md", 10, "wijaya2010")
    ]
    chapter.write_text("All well [@wijaya2001].\n", encoding="utf-8")
    assert run("check", "../bab1.md").exit_code == 0
    assert run("check", "notes/wijaya2001.md").exit_code == 0
    assert run("check", "../none.md").exit_code == 1
