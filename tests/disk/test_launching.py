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


def test_an_editor_with_options_and_words_in_quotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    vi = program(tmp_path, "vi")
    words = launching.editor("", {"VISUAL": " ", "EDITOR": """vi -c "set tw=72" -c 'echo "a"'"""})
    assert words == [str(vi), "-c", "set tw=72", "-c", 'echo "a"']
    assert launching.edit(words, tmp_path / "-c :!touch x.md", 3) == 0
    said = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert said == [*words, "+3", str(tmp_path / "-c :!touch x.md")]


HOSTILE = (
    "vi;touch victim", "vi; touch victim", "vi&&touch victim", "vi | tee victim", "vi\ntouch victim", "$(touch victim)",
    "`touch victim`", "vi $(touch victim) `touch victim` > victim", "$HOME/vi", "~/vi", "'vi", 'vi "', "vi \\", "a\0b", "-c", "", "''",
    "nosuch --wait", "x" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("named", HOSTILE)
def test_no_shell_ever_sees_the_editor_or_the_file(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    program(tmp_path, "vi")
    program(tmp_path, "nano")
    place = tmp_path / "a; touch victim $(touch victim) `touch victim`.md"
    place.touch()
    before = sorted(tmp_path.iterdir())
    for configured, environment in ((named, {}), ("", {"EDITOR": named})):
        try:
            words = launching.editor(configured, environment)
        except Refused:
            continue
        assert Path(words[0]) in (tmp_path / "vi", tmp_path / "nano")
        launching.edit(words, place)
        assert (tmp_path / "out").read_text(encoding="utf-8").splitlines()[-1] == str(place)
        (tmp_path / "out").unlink()
    assert sorted(tmp_path.iterdir()) == before


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "ed"
    broken.write_bytes(b"\x7fELF not really")
    broken.chmod(0o755)
    with pytest.raises(Refused, match="cannot be started"):
        launching.edit(launching.editor(str(broken), {}), tmp_path / "a.md")


def test_the_name_of_a_document_is_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "xdg-open")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setattr(launching, "is_wsl", lambda: False)
    monkeypatch.setattr(sys, "platform", "linux")
    place = tmp_path / "-a; touch victim $(touch victim) `touch victim`.pdf"
    place.touch()
    monkeypatch.chdir(tmp_path)
    launching.open_document(Path(place.name))
    assert (tmp_path / "out").read_text(encoding="utf-8").splitlines()[1:] == [str(place)]
    assert not (tmp_path / "victim").exists()


def test_folders_that_were_allowed_are_remembered(tmp_path: Path) -> None:
    known = tmp_path / "cache" / "opened.txt"
    assert not launching.is_approved(known, tmp_path)
    launching.approve(known, tmp_path / "a")
    launching.approve(known, tmp_path / "x\ny")
    assert launching.is_approved(known, tmp_path / "a" / "b")
    assert not launching.is_approved(known, tmp_path)
    assert not launching.is_approved(known, Path("/"))
