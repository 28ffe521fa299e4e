"""A sample of ``bench/attacks.py``: hostile input against commands as real processes, watched from inside."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_attacks", ROOT / "bench" / "attacks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_attacks"] = module
    spec.loader.exec_module(module)
    return module


BENCH = _bench()
MAKE = BENCH.load_attacks()
BY_NAME = {attack.name: attack for attack in MAKE.ATTACKS}
_LIST = ("export", "bibliography", "--all", "--excerpts")

SAMPLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text-colours", ("list",)),
    ("text-clipboard", (*_LIST, "-o", "out.md")),
    ("text-html", (*_LIST, "-o", "out.html")),
    ("text-markdown", (*_LIST, "-o", "out.docx")),
    ("text-latex", (*_LIST, "-o", "out.tex")),
    ("text-formula", ("export", "sources", "--all", "-o", "out.csv")),
    ("text-bidi", ("summary", "--all", "--format", "html")),
    ("bib-huge-field", ("import", "bad.bib")),
    ("bib-strings-without-end", ("check", "--json")),
    ("note-brackets", ("summary", "--all")),
    ("toml-dotted", ("check",)),
    ("link-sources", ("list",)),
    ("no-file-pipes", ("search", "harbours")),
    ("no-file-style-pipe", ()),
    ("style-laughs", ()),
    ("style-ring", ()),
    ("style-named-23", (*_LIST, "-o", "out.html")),
    ("document-bomb", ()),
    ("program-settings", ("check",)),
    ("program-python", ("list",)),
    ("program-index", ("list", "--json")),
    ("large-quotation-marks", (*_LIST, "-o", "out.rst")),
    ("large-key", ("table", "sources", "--all", "--format", "md")),
)
"""Inputs and commands; of no words, those that the input brings along."""


@pytest.mark.parametrize(("name", "words"), SAMPLE, ids=[f"{name}-{' '.join(words)}"[:60] for name, words in SAMPLE])
def test_no_promise_is_broken(name: str, words: tuple[str, ...]) -> None:
    attack = BY_NAME[name]
    ran, broken = BENCH.tried(words or attack.words, attack, MAKE)
    broken.discard("slow")  # how long it took is what the benchmark tells, on a machine that does nothing else
    assert not broken, (ran.seconds, ran.memory, ran.status, ran.out[-2000:], ran.err[-2000:], ran.did[:20])


def test_each_command_is_tried_on_each_input_by_the_samples_together() -> None:
    every = 8
    taken = {words for n in range(every) for words in BENCH.sampled(BENCH.COMMANDS, n, every)}
    assert taken == set(BENCH.COMMANDS)


@pytest.mark.parametrize(
    ("script", "broken"),
    [
        ("import subprocess; subprocess.run(['true'])", "program"),
        ("import os; os.system('true')", "program"),
        ("import os; os.posix_spawn('/bin/true', ['true'], {})", "program"),
        ("open('/tmp/libreview-harm-' + str(__import__('os').getpid()), 'w').close()", "outside"),
        ("import socket; socket.getaddrinfo('127.0.0.1', 9)", "network"),
        ("import os; os.remove(os.path.expanduser('~/../../../laid/outside/secret.txt'))", "outside"),
        ("print(chr(27))", "control"),
        ("import sys; sys.exit(3)", "status"),
        ("raise ValueError", "traceback"),
        ("x = bytearray(400 << 20); x[::4096] = x[::4096]", "memory"),
        ("import os, tempfile; open(tempfile.gettempdir() + '/x', 'w')", "left"),
    ],
)
def test_a_broken_promise_is_seen(script: str, broken: str, tmp_path: Path) -> None:
    """The watch is watched: what a program of the tests does is found out."""
    (tmp_path / "laid" / "outside").mkdir(parents=True)
    (tmp_path / "laid" / "outside" / "secret.txt").touch()
    watched = f"import sys; sys.path.insert(0, {str(ROOT / 'bench')!r}); from watched import watch; watch(sys.argv[1]); {script}"
    ran = BENCH.run((), tmp_path, tmp_path / "room" / "x", program=("-c", watched))
    assert broken in set(BENCH.breaches(ran, "", [tmp_path / "room"]))
    for one in Path("/tmp").glob("libreview-harm-*"):  # noqa: S108
        one.unlink()
