"""What is started, and what never is."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from libreview.disk import launching
from libreview.words.errors import Refused


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(launching, "_open", found.append)
    return found


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "smb://x/y", "https://", "http://a b", "-x", "http://[", "http://a\x1b"],
)  # fmt: skip
def test_only_web_addresses_are_opened(address: str, started: list[str]) -> None:
    with pytest.raises(Refused):
        launching.open_address(address)
    assert started == []


def test_a_web_address(started: list[str]) -> None:
    launching.open_address("https://example.org/a?b=c&d=$(x)")
    assert started == ["https://example.org/a?b=c&d=$(x)"]


@pytest.mark.parametrize("name", ["a.sh", "a.desktop", "a.exe", "a", "a.pdf.lnk", "a.py", "a.svg", "a.docm"])
def test_only_documents_are_opened(name: str, tmp_path: Path, started: list[str]) -> None:
    (tmp_path / name).touch()
    (tmp_path / "innocent.pdf").symlink_to(tmp_path / name)
    for place in (tmp_path / name, tmp_path / "innocent.pdf", tmp_path / "nosuch.pdf"):
        with pytest.raises(Refused):
            launching.open_document(place)
    assert started == []


def test_a_document(tmp_path: Path, started: list[str]) -> None:
    (tmp_path / "-a.PDF").touch()
    launching.open_document(tmp_path / "-a.PDF")
    assert started == [str(tmp_path / "-a.PDF")]


@pytest.mark.parametrize(
    ("windows", "linux"),
    [
        (r"C:\Users\me\x.bib", "/mnt/c/Users/me/x.bib"),
        ("d:/x", "/mnt/d/x"),
        ("C:", "/mnt/c/"),
        ("/home/x", "/home/x"),
        ("", ""),
    ],
)
def test_windows_paths(windows: str, linux: str) -> None:
    assert launching.mounted(windows) == linux


def program(folder: Path, name: str, script: str = 'printf "%s\\n" "$0" "$@" > "$OUT"') -> Path:
    place = folder / name
    place.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return place


@pytest.mark.skipif(sys.platform != "linux", reason="the opener of Linux")
def test_the_opener_gets_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = program(tmp_path, "xdg-open")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setattr(launching, "is_wsl", lambda: False)
    launching.open_address("https://e.org/$(touch%20x);y")
    assert (tmp_path / "out").read_text(encoding="utf-8").splitlines() == [str(opener), "https://e.org/$(touch%20x);y"]
    program(tmp_path, "xdg-open", "exit 3")
    with pytest.raises(Refused) as failed:
        launching.open_address("https://e.org/")
    assert failed.value.hint.format(**failed.value.facts) == "Open it yourself: https://e.org/"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(Refused):
        launching.open_address("https://e.org/")


def test_the_editor_is_words_and_no_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    nano = program(tmp_path, "nano")
    words = launching.editor(f"'{nano}' -w ';touch x'", {"EDITOR": "nosuch"})
    assert words == [str(nano), "-w", ";touch x"]
    assert launching.edit(words, tmp_path / "a.md", 7) == 0
    assert (tmp_path / "out").read_text(encoding="utf-8").splitlines()[1:] == [
        "-w",
        ";touch x",
        "+7",
        str(tmp_path / "a.md"),
    ]
    code = program(tmp_path, "code")
    launching.edit([str(code)], tmp_path / "a.md", 7)
    assert (tmp_path / "out").read_text(encoding="utf-8").splitlines()[1:] == ["--wait", "--goto", f"{tmp_path}/a.md:7"]


def test_which_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert launching.editor("", {"VISUAL": "true", "EDITOR": "false"})[0].endswith("/true")
    assert launching.editor("", {"EDITOR": "false"})[0].endswith("/false")
    with pytest.raises(Refused):
        launching.editor("no'such", {})
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Refused):
        launching.editor("", {})


def test_folders_that_were_allowed_are_remembered(tmp_path: Path) -> None:
    known = tmp_path / "cache" / "opened.txt"
    assert not launching.is_approved(known, tmp_path)
    launching.approve(known, tmp_path / "a")
    launching.approve(known, tmp_path / "x\ny")
    assert launching.is_approved(known, tmp_path / "a" / "b")
    assert not launching.is_approved(known, tmp_path)
    assert not launching.is_approved(known, Path("/"))
