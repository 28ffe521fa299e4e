"""The languages: which one is taken, what a sentence becomes, and a catalogue that is whole."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import io
import string
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from libreview.words import i18n
from libreview.words.errors import PROBLEMS
from libreview.words.i18n import N_, both, language, preferred

ROOT = Path(__file__).resolve().parents[2]


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "tests" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module
    spec.loader.exec_module(module)
    return module


CATALOGUE = _module()
AGAIN = "run: python tests/catalogue.py (and translate what it names)"


# The catalogue


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    kept = {message.id: message for message in CATALOGUE.stored() if message.id}
    found = set(CATALOGUE.extracted())
    assert found - kept.keys() == set(), f"missing: {AGAIN}"
    assert kept.keys() - found == set(), f"left over: {AGAIN}"
    assert [one for one, message in kept.items() if not all(CATALOGUE.forms(message.string))] == [], AGAIN
    assert [one for one, message in kept.items() if message.fuzzy] == []
    assert not CATALOGUE.stored().obsolete


def test_the_files_are_as_the_tool_writes_them() -> None:
    catalogue = CATALOGUE.updated(CATALOGUE.stored(), CATALOGUE.extracted())
    assert (CATALOGUE.PLACE / "libreview.po").read_bytes() == CATALOGUE.written(catalogue), AGAIN


def test_what_is_compiled_says_what_is_written() -> None:
    compiled = gettext.GNUTranslations(io.BytesIO((CATALOGUE.PLACE / "libreview.mo").read_bytes()))
    for message in CATALOGUE.stored():
        if isinstance(message.id, str) and message.id:
            assert compiled.gettext(message.id) == message.string, AGAIN
        elif message.id:
            for n in (1, 2, 5):
                assert compiled.ngettext(message.id[0], message.id[1], n) == message.string[0], AGAIN
    again = CATALOGUE.updated(CATALOGUE.stored(), CATALOGUE.extracted())
    assert (CATALOGUE.PLACE / "libreview.mo").read_bytes() == CATALOGUE.compiled(again), AGAIN


def _facts(sentence: str) -> list[str]:
    """Return what is filled into ``sentence``; nothing for one that is shown as it is, with its braces."""
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:
        return []
    return sorted(f"{name}!{how}" if how else name for _, name, _, how in parts if name is not None)


def test_a_translation_is_filled_with_the_facts_of_its_sentence() -> None:
    for message in CATALOGUE.stored():
        forms = CATALOGUE.forms(message.id)
        if forms == ("",):
            continue
        for words in CATALOGUE.forms(message.string):
            # a plural has one form in Indonesian; it may speak as either of the English ones
            assert _facts(words) in [_facts(form) for form in forms], forms
            assert words.count("\n") == forms[-1].count("\n"), forms


def test_a_translation_keeps_commands_options_and_the_white_space_around() -> None:
    for message in CATALOGUE.stored():
        for form in CATALOGUE.forms(message.id)[:1] if message.id else ():
            for words in CATALOGUE.forms(message.string):
                assert words[: len(words) - len(words.lstrip())] == form[: len(form) - len(form.lstrip())], form
                assert words[len(words.rstrip()) :] == form[len(form.rstrip()) :], form
                for word in form.split():
                    if word.startswith("--"):
                        assert word.rstrip(".,;") in words, form


def test_every_problem_is_filled_in_both_languages() -> None:
    for code, kind in PROBLEMS.items():
        facts = dict.fromkeys((*_facts(kind.sentence), *_facts(kind.hint)), "x")
        for say in (language("en"), language("id")):
            for sentence in kind:
                assert say(sentence).format(**facts), code


def test_running_the_tool_in_an_empty_place_makes_an_empty_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.py").write_text('say("a {x}", x=1)\nsay.many("{n} a", "{n} as", 2)\nN_("b" if x else "c")\n')
    monkeypatch.setattr(CATALOGUE, "ROOT", tmp_path)
    monkeypatch.setattr(CATALOGUE, "SOURCES", tmp_path)
    monkeypatch.setattr(CATALOGUE, "PLACE", tmp_path / "made" / "id" / "LC_MESSAGES")
    assert CATALOGUE.update() == ["a {x}", "b", "c", "{n} a"]
    before = (tmp_path / "made" / "id" / "LC_MESSAGES" / "libreview.po").read_bytes()
    assert CATALOGUE.update() == ["a {x}", "b", "c", "{n} a"]
    assert (tmp_path / "made" / "id" / "LC_MESSAGES" / "libreview.po").read_bytes() == before
    (tmp_path / "one.py").write_text('say("b")\n')
    assert CATALOGUE.update() == ["b"]


@pytest.mark.parametrize("code", ['say(f"a {x}")', 'N_(f"{a}")'])
def test_an_f_string_is_no_sentence(code: str) -> None:
    with pytest.raises(ValueError, match="f-string"):
        list(CATALOGUE.sentences(code))


def test_a_sentence_is_counted_everywhere_or_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.py").write_text('say("{n} a")\nsay.many("{n} a", "{n} as", 2)\n')
    monkeypatch.setattr(CATALOGUE, "ROOT", tmp_path)
    monkeypatch.setattr(CATALOGUE, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match="both"):
        CATALOGUE.extracted()


def _is(key: ast.expr | None, name: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == name


def _is_command(words: ast.expr) -> bool:
    return isinstance(words, ast.Constant) and str(words.value).startswith("libreview ")


def test_every_call_with_a_sentence_of_its_own_is_found() -> None:
    """Help texts and what errors say are marked where they are written."""
    bare = []
    for path in sorted(CATALOGUE.SOURCES.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Dict):
                reasons = [to for key, to in zip(call.keys, call.values, strict=True) if _is(key, "reason")]
                bare += [
                    f"{path.name}:{one.lineno}" for one in reasons if isinstance(one, (ast.Constant, ast.JoinedStr))
                ]
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            words = [one.value for one in call.keywords if one.arg in ("help", "short_help", "epilog")]
            if name in ("ReviewError", "NotFound", "Refused", "Wrong", "Locked"):
                words += call.args[:2]
            bare += [
                f"{path.name}:{one.lineno}"
                for one in words
                if isinstance(one, (ast.Constant, ast.JoinedStr, ast.BinOp)) and not _is_command(one)
            ]
    assert bare == []


# The sentences


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("id", "id"),
        ("id_ID.UTF-8", "id"),
        ("id-ID", "id"),
        ("ID", "id"),
        ("en", "en"),
        ("en_GB", "en"),
        ("de", "en"),
        ("", "en"),
        ("C.UTF-8", "en"),
        ("idn", "en"),
    ],
)
def test_language(code: str, short: str) -> None:
    assert language(code).code == short


def test_say() -> None:
    indonesian = language("id_ID.UTF-8")
    assert indonesian("Annotated bibliography") == "Daftar pustaka beranotasi"
    assert indonesian("{first} and {second}", first="Jayne", second="{Bell}") == "Jayne dan {Bell}"
    assert indonesian("{first} et al.", first="Cremer") == "Cremer dkk."
    assert language("en")("{first} et al.", first="Cremer") == "Cremer et al."
    assert indonesian("") == ""
    assert indonesian("A sentence that nobody wrote {x}") == "A sentence that nobody wrote {x}"


@pytest.mark.parametrize(
    ("code", "n", "words"),
    [("en", 1, "1 problem"), ("en", 0, "0 problems"), ("en", 2, "2 problems"), ("id", 1, "1 masalah"),
     ("id", 2, "2 masalah")],
)  # fmt: skip
def test_many(code: str, n: int, words: str) -> None:
    assert language(code).many("{n} problem", "{n} problems", n) == words


def test_marks_change_nothing() -> None:
    assert N_("a") == "a"
    assert both("a", "b") == ("a", "b")
    assert sorted(i18n.LANGUAGES) == ["en", "id"]


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "de:id:en", "LANG": "de_DE.UTF-8"}, "id"),
        ({"LANGUAGE": "en:id", "LANG": "id_ID.UTF-8"}, "en"),
        ({"LANGUAGE": "", "LANG": "id_ID"}, "id"),
        ({"LANGUAGE": "de", "LANG": "id_ID"}, "id"),
        ({"LC_ALL": "C", "LANG": "id_ID.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "id_ID.UTF-8"}, "en"),
        ({"LC_ALL": "id_ID", "LANG": "en_US"}, "id"),
        ({"LC_ALL": "", "LC_MESSAGES": "id_ID.UTF-8", "LANG": "en_US"}, "id"),
        ({"LC_MESSAGES": "fr_FR", "LANG": "id_ID"}, "en"),
    ],
)
def test_preferred(environment: dict[str, str], wanted: str) -> None:
    assert preferred(environment) == wanted


# The command line


def _libreview(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "libreview", *words]
    given = {"PYTHONPATH": str(ROOT / "src"), "PATH": "", "PYTHONUTF8": "1", "LIBREVIEW_CACHE": str(folder / "cache")}
    given |= {"LIBREVIEW_CONFIG": str(folder / "config.toml"), "LIBREVIEW_STATE": str(folder / "state")}
    return subprocess.run(
        command, cwd=folder, env=given | environment, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--help"], ["Pemakaian:", "Mengumpulkan", "Opsi:", "Tampilkan pesan ini lalu keluar."]),
        (["themes", "--help"], ["Pemakaian:", "Opsi:", "Perintah:", "Tampilkan pesan ini lalu keluar."]),
        (["list", "--nope"], ["Coba 'libreview list --help' untuk bantuan.", "libreview: Tidak ada opsi"]),
        (["table"], ["libreview: Kurang argumen 'NAME'."]),
        (["nope"], ['Tidak ada perintah "nope".']),
        (["show", "x"], ["Di sini tidak ada tinjauan"]),
    ],
)
def test_the_command_line_speaks_indonesian(words: list[str], said: list[str], tmp_path: Path) -> None:
    run = _libreview(*words, folder=tmp_path, LANG="id_ID.UTF-8")
    for sentence in said:
        assert sentence in run.stdout + run.stderr


def test_the_users_own_language_goes_before_that_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('language = "id"\n', encoding="utf-8")
    run = _libreview("table", folder=tmp_path, LANG="en_US.UTF-8")
    assert "libreview: Kurang argumen" in run.stderr
    (tmp_path / "config.toml").write_text('language = "en"\n', encoding="utf-8")
    run = _libreview("table", folder=tmp_path, LANG="id_ID.UTF-8")
    assert "libreview: Missing argument" in run.stderr
