"""tag, untag, note, code and themes as a script calls them: no terminal, stdout only the answer."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview.cli import face


def _run(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(face, ["-C", str(folder), *words], input=typed)


def _note(folder: Path, name: str) -> str:
    return (folder / "notes" / name).read_text(encoding="utf-8")


def test_tag_with_text(review_folder: Path) -> None:
    done = _run(review_folder, "tag", "hartono", "-p", "12", "-t", "trade", "Some", "words.")
    assert done.exit_code == 0
    assert re.fullmatch(
        r"saved notes/hartono2019.md:5 \^\w{6}\. Next from this source: libreview tag \. -p PAGE\n", done.stdout
    )
    assert done.stderr == "hartono2019 · Hartono (2019) Pasar kota\n"
    assert "> Some words. [@hartono2019, p. 12] #trade" in _note(review_folder, "hartono2019.md")


def test_tag_from_standard_input(review_folder: Path) -> None:
    done = _run(review_folder, "tag", "hartono", "-t", "trade", "-", typed="kebi-\njakan\n")
    assert done.exit_code == 0
    assert "> kebijakan [@hartono2019]" in _note(review_folder, "hartono2019.md")
    _run(review_folder, "tag", "hartono", "-t", "trade", "--verbatim", "-", typed="two-\nlines\n")
    assert "> two-\n> lines [@hartono2019]" in _note(review_folder, "hartono2019.md")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["tag", "hartono", "-t", "trade"], 1, "pipe it in and write -"),
        (["tag", "hartono", "-t", "trda", "x"], 1, "Did you mean trade?"),
        (["tag", "zzz", "-t", "trade", "x"], 1, 'no source "zzz"'),
        (["tag", "hartono", "-t", "trade", " "], 1, "no text"),
        (["tag", "-t", "trade"], 2, "Say what to tag"),
        (["tag", "^k3f9q2"], 2, "Say which theme"),
        (["tag", "^k3f9q2", "-t", "trade", "text"], 2, "is there already"),
        (["tag", "^zzzzzz", "-t", "trade"], 1, "There is no excerpt"),
        (["tag", "--query", "signed"], 2, "Say which theme"),
        (["tag", "hartono", "--query", "signed", "-t", "trade"], 2, "takes no source"),
        (["tag", "--query", "nowhere", "-t", "trade"], 1, "No excerpt is selected"),
        (["tag", "hartono", "-t", "!!", "--new", "x"], 1, "cannot be a theme"),
        (["untag", "^k3f9q2"], 2, "Say which theme"),
        (["untag", "^k3f9q2", "-t", "fair"], 1, "It has: #trade"),
        (["note", "hartono", "text"], 2, "--annotation TEXT"),
        (["note", "hartono", "--field", "source=x"], 2, "is not a field"),
        (["code", "theme:trade"], 1, "coding needs a terminal"),
        (["themes", "add", "trade"], 1, "There is a theme trade already"),
        (["themes", "show", "trda"], 1, "Did you mean trade?"),
    ],
)
def test_what_cannot_be_done_writes_nothing(review_folder: Path, words: list[str], status: int, said: str) -> None:
    before = {path: path.read_bytes() for path in (review_folder / "notes").iterdir()}
    done = _run(review_folder, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr
    assert {path: path.read_bytes() for path in (review_folder / "notes").iterdir()} == before


def test_text_from_a_pipe_is_kept_when_it_cannot_be_saved(review_folder: Path) -> None:
    (review_folder / "notes" / "wijaya2001.md").write_text("---\nsource: hartono2019\n---\n\n```\n", encoding="utf-8")
    done = _run(review_folder, "tag", "hartono", "--comment", "# no", "-", typed="Precious.\n")
    assert done.exit_code == 1
    assert "Your text is kept in" in done.stderr
    (place,) = (Path(os.environ["LIBREVIEW_STATE"]) / "kept").iterdir()
    assert place.read_text(encoding="utf-8") == "Precious."


def test_one_excerpt_and_back(review_folder: Path) -> None:
    before = _note(review_folder, "wijaya2001.md")
    done = _run(review_folder, "tag", "^k3f9q2", "-t", "fair", "--comment", "Hm.")
    assert done.stdout == "saved notes/wijaya2001.md:8 ^k3f9q2\n"
    assert "#trade #fair ^k3f9q2\n\nNever published.\n\nHm.\n" in _note(review_folder, "wijaya2001.md")
    assert _run(review_folder, "tag", "k3f9q2", "-t", "fair").stdout == "nothing to do: ^k3f9q2 has this already\n"
    assert "took #fair off ^k3f9q2" in _run(review_folder, "untag", "^k3f9q2", "-t", "fair").stdout
    assert _note(review_folder, "wijaya2001.md").replace("\nHm.\n", "") == before


def test_many_excerpts(review_folder: Path) -> None:
    before = _note(review_folder, "wijaya2001.md")
    tried = _run(review_folder, "tag", "--query", "author:wijaya", "-t", "festival", "--new", "--dry-run")
    assert tried.exit_code == 0
    assert "+> Two harbours signed a paper. [@wijaya2001, p. 12] #trade #festival ^k3f9q2" in tried.stdout
    assert "would save #festival for 2 excerpts in 1 note" in tried.stderr
    assert _note(review_folder, "wijaya2001.md") == before
    done = _run(review_folder, "tag", "--query", "author:wijaya", "-t", "festival", "--new")
    assert done.stdout == "saved #festival for 2 excerpts in 1 note. Next: libreview summary festival\n"
    assert _note(review_folder, "wijaya2001.md").replace(" #festival", "") == before


def test_the_coder_of_the_settings(review_folder: Path) -> None:
    Path(os.environ["LIBREVIEW_CONFIG"]).write_text('coder = "budi"\n', encoding="utf-8")
    done = _run(review_folder, "tag", "^k3f9q2", "-t", "fair")
    assert done.stdout == "saved notes/codings-budi.md:5 ^k3f9q2\n"
    assert _note(review_folder, "codings-budi.md") == "---\ncoder: budi\n---\n\n- ^k3f9q2 #fair\n"


def test_the_editor(review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "Written words.\\n" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    assert _run(review_folder, "tag", "hartono", "-t", "trade", "--edit").exit_code == 0
    assert "> Written words. [@hartono2019]" in _note(review_folder, "hartono2019.md")
    editor.write_text('#!/bin/sh\nprintf "Half" > "$1"\nexit 1\n', encoding="utf-8")
    failed = _run(review_folder, "tag", "hartono", "-t", "trade", "--edit")
    assert failed.exit_code == 1
    assert "Your text is kept in" in failed.stderr


def test_the_clipboard(review_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = _run(review_folder, "tag", "hartono", "-t", "trade", "--clip")
    assert "No program for the clipboard" in missing.stderr
    program = tmp_path / "xclip"
    program.write_text("#!/bin/sh\necho 'From the clip-'\necho 'board.'\n", encoding="utf-8")
    program.chmod(0o755)
    assert _run(review_folder, "tag", "hartono", "-t", "trade", "--clip").exit_code == 0
    assert "> From the clipboard. [@hartono2019]" in _note(review_folder, "hartono2019.md")
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert "holds no text" in _run(review_folder, "tag", "hartono", "-t", "trade", "--clip").stderr


def test_note(review_folder: Path) -> None:
    done = _run(review_folder, "note", "hartono", "--annotation", "Good.", "--field", "method=survey")
    assert done.stdout == "saved notes/hartono2019.md. Next: libreview tag . -p PAGE\n"
    assert _note(review_folder, "hartono2019.md") == "---\nsource: hartono2019\nmethod: survey\n---\n\nGood.\n"
    done = _run(review_folder, "note", "hartono", "-", typed="Better.\n")
    assert _note(review_folder, "hartono2019.md").endswith("\n\nBetter.\n")
    assert "libreview undo brings back the annotation that was there" in done.stderr
    assert _run(review_folder, "note", "hartono").stdout.startswith("notes/hartono2019.md. Next")
    _run(review_folder, "undo")
    assert _note(review_folder, "hartono2019.md").endswith("\n\nGood.\n")


def test_themes(review_folder: Path) -> None:
    done = _run(review_folder, "themes", "add", "Pasar Malam", "--parent", "fair", "--definition", "At night.")
    assert done.stdout == "saved pasar-malam notes/codebook.toml:8. Next: libreview tag REF -t pasar-malam\n"
    tree = _run(review_folder, "themes", "list")
    assert [line.split("\t")[0] for line in tree.stdout.splitlines()][-3:] == ["trade", "fair", "pasar-malam"]
    data = json.loads(_run(review_folder, "themes", "list", "--json").stdout)
    assert "pasar-malam" in json.dumps(data)
    card = _run(review_folder, "themes", "show", "pasar-malam")
    assert card.exit_code == 0
    assert "At night." in card.stdout
    assert _run(review_folder, "themes", "add", "x", "--dry-run").stdout.endswith("+[x]\n")


def test_code_says_when_there_is_nothing_to_do(review_folder: Path) -> None:
    assert _run(review_folder, "code").stdout == "Every excerpt has a theme. Next: libreview summary\n"
    assert _run(review_folder, "code", "nowhere").stdout == "No excerpt is selected.\n"


@pytest.mark.parametrize("command", [["tag"], ["untag"], ["code"], ["note"], ["themes"], ["themes", "add"]])
def test_help_opens_with_an_example(command: list[str]) -> None:
    text = CliRunner().invoke(face, [*command, "--help"]).stdout
    assert text.startswith("Example")
    assert f"libreview {' '.join(command)}" in text.split("Usage")[0]
