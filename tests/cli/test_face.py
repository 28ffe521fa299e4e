"""The program as a whole: what it loads, how it tells errors, with which status it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libreview import __version__, cli
from libreview.cli import COMMANDS, face
from libreview.words.errors import Locked, ReviewError
from libreview.words.rooms import load

_HEAVY = (
    "bibtexparser",
    "rich",
    "rapidfuzz",
    "pypandoc",
    "markdown_it",
    "sqlite3",
    "libreview.model",
    "libreview.review",
)


def _environment() -> dict[str, str]:
    """Return an environment in which a new Python finds the program that is tested."""
    return os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}


def run(*words: str, folder: Path | None = None, **more: str) -> Result:
    before = Path.cwd()
    if folder is not None:
        os.chdir(folder)
    try:
        return CliRunner().invoke(face, words, prog_name="libreview", env=more)
    finally:
        os.chdir(before)


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_load_click_and_the_table_only(word: str) -> None:
    code = (
        "import sys, json\nfrom libreview.cli import face\n"
        f"try:\n    face.main([{word!r}])\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=_environment(), capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert not loaded & set(_HEAVY)
    rooms = {name for name in loaded if name.startswith("libreview.")}
    assert rooms <= {
        "libreview.cli",
        "libreview.cli.borrowed",
        "libreview.words",
        *(f"libreview.words.{one}" for one in ("errors", "i18n", "rooms", "safe")),
    }


def test_version() -> None:
    assert run("--version").output == f"libreview {__version__}\n"


def test_help_shows_every_command_and_the_everyday_ones_first() -> None:
    lines = run("--help").output.splitlines()
    shown = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in COMMANDS]
    assert sorted(shown) == sorted(COMMANDS)
    everyday = [name for name, row in COMMANDS.items() if row.everyday]
    assert shown[: len(everyday)] == everyday
    assert len(everyday) == 8


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_opens_with_an_example(name: str) -> None:
    try:
        load(f"libreview.cli.{COMMANDS[name].module}")
    except ModuleNotFoundError:
        pytest.skip("not written yet")
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Example")
    assert result.output.splitlines()[1].strip().startswith("libreview")


def test_rows_name_rooms_of_this_floor() -> None:
    folder = Path(cli.__file__).parent
    assert all("." not in row.module for row in COMMANDS.values())
    assert (folder / "status.py").is_file()


def test_a_wrong_command_is_told_what_it_may_have_meant() -> None:
    result = run("sumary")
    assert result.exit_code == 2
    assert 'There is no command "sumary". Did you mean summary?' in result.stderr


def test_a_wrong_option_is_a_matter_of_usage() -> None:
    assert run("list", "--nosuch").exit_code == 2


def test_outside_a_review(tmp_path: Path) -> None:
    result = run("list", folder=tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "There is no review here" in result.stderr
    assert "libreview init" in result.stderr
    assert run(folder=tmp_path).output.startswith("There is no review here yet.")


def test_the_folder_can_be_said(review_folder: Path) -> None:
    assert run("-C", str(review_folder), "list", "--keys").output == "wijaya2001\nhartono2019\n"
    assert "No such file" in run("-C", str(review_folder / "nosuch"), "list").stderr


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (
            ReviewError("No {what}", "Do {what}", what="\x1b[31mred"),
            1,
            "libreview: No \\x1b[31mred\n  Do \\x1b[31mred\n",
        ),
        (Locked("held"), 75, "libreview: held\n"),
        (PermissionError(13, "Permission denied", "a.bib"), 1, "libreview: a.bib: Permission denied\n"),
        (RuntimeError("oh\nno"), 1, "libreview: internal error: RuntimeError: oh no\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_errors_are_told_once_and_never_as_a_traceback(
    error: BaseException, status: int, said: str, review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("libreview.review.Review.lines", fail)
    result = run("list", folder=review_folder)
    assert result.exit_code == status
    assert result.stderr.lstrip("\n").startswith(said)
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_whoever_debugs_gets_the_traceback(review_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("libreview.review.Review.lines", fail)
    assert isinstance(run("list", folder=review_folder, LIBREVIEW_DEBUG="1").exception, RuntimeError)


def test_a_broken_configuration_of_the_user_is_an_error_in_words(
    tmp_path: Path, review_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.toml").write_text("coder = [", encoding="utf-8")
    monkeypatch.setenv("LIBREVIEW_CONFIG", str(tmp_path / "broken.toml"))
    result = run("list", folder=review_folder)
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_a_closed_pipe_is_no_error(review_folder: Path) -> None:
    code = "from libreview.cli import main; import sys; sys.argv = ['libreview', 'list', '--json']; main()"
    done = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" | true', sys.executable, code],
        cwd=review_folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_lines_of_the_shell(shell: str) -> None:
    assert "_LIBREVIEW_COMPLETE" in run("completion", shell).output


def test_completion_of_the_users_own_shell_and_of_none() -> None:
    assert "complete " in run("completion", SHELL="/usr/bin/fish").output
    result = run("completion", "bsh")
    assert result.exit_code == 2
    assert "bash" in result.stderr


def _completed(words: str, folder: Path) -> list[str]:
    environment = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
        "_LIBREVIEW_COMPLETE": "bash_complete",
    }
    code = "from libreview.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.split(",", 1)[-1] for line in done.stdout.split()]


def test_commands_keys_and_themes_are_completed(review_folder: Path) -> None:
    assert _completed("libreview su", review_folder) == ["summary"]
    assert _completed("libreview show wij", review_folder) == ["wijaya2001"]
    assert _completed("libreview show ^k3", review_folder) == ["^k3f9q2"]
    assert _completed("libreview summary tr", review_folder) == ["trade"]
    assert _completed("libreview show x", review_folder.parent) == []


def test_the_lines_of_help_of_a_group_are_whole() -> None:
    assert "sources       Write sources for other programs\n" in run("export", "--help").stdout
