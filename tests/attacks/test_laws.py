"""What may not stand in the source, because a review folder comes from strangers: no shell, nothing evaluated or unpacked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "libreview"
ROOMS = sorted(SOURCE.rglob("*.py"))

MODULES = {
    "pickle", "cPickle", "marshal", "shelve", "dill", "yaml", "ruamel", "ctypes", "runpy", "code", "codeop", "pty", "xmlrpc",
    "xml.sax", "xml.dom", "xml.etree.cElementTree", "lxml", "requests", "urllib.request", "http", "ftplib", "telnetlib", "socket",
}  # fmt: skip
"""Modules that run what they read, read XML without bounds, or talk to the network."""
NAMES_OF_XML = {"Element", "ParseError"}
"""What may be taken from xml.etree: types, no reader."""
WRITERS_OF_XML = {"escape", "quoteattr"}
"""What may be taken from xml.sax.saxutils: what puts a text into XML."""
CALLS = {
    "os.system", "os.popen", "os.execv", "os.execvp", "os.execl", "os.spawnl", "os.spawnv", "os.startfile", "tempfile.mktemp",
    "subprocess.getoutput", "subprocess.getstatusoutput", "builtins.eval", "builtins.exec",
}  # fmt: skip
BUILT_IN = {"eval", "exec", "compile", "__import__", "input"}
METHODS = {"extractall", "extract", "_extract_member", "load_extension", "enable_load_extension", "unpack_archive"}
STARTERS = {"run", "Popen", "call", "check_call", "check_output"}
MAY_START = {"disk/pandoc.py", "disk/launching.py", "disk/clipboard.py"}
"""The rooms that start other programs."""
MAY_ASK = {"disk/lookup.py": {"urllib.request", "http.client", "socket"}}
"""The room that asks the network, and with what."""


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = {one.name for one in node.names}
        if (node.module.startswith("xml.etree") and names <= NAMES_OF_XML) or (
            node.module == "xml.sax.saxutils" and names <= WRITERS_OF_XML
        ):
            return
        yield node.module


def offences(text: str, room: str) -> Iterator[str]:
    """Give what stands in ``text`` and may not."""
    for node in ast.walk(ast.parse(text)):
        for name in _imported(node):
            if name in MAY_ASK.get(room, ()):
                continue
            if name.startswith("xml.etree") or any(name == one or name.startswith(one + ".") for one in MODULES):
                yield f"{room}: import {name}"
            if name == "subprocess" and room not in MAY_START:
                yield f"{room}: import {name}"
        if not isinstance(node, ast.Call):
            continue
        called = _dotted(node.func)
        if called in CALLS or called in BUILT_IN:
            yield f"{room}:{node.lineno}: {called}"
        if (
            isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and called != "process.extract"
        ):  # rapidfuzz
            yield f"{room}:{node.lineno}: {node.func.attr}"
        for keyword in node.keywords:
            if keyword.arg == "shell" and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            ):
                yield f"{room}:{node.lineno}: shell"


@pytest.mark.parametrize("room", ROOMS, ids=[str(one.relative_to(SOURCE)) for one in ROOMS])
def test_nothing_runs_what_it_reads(room: Path) -> None:
    assert list(offences(room.read_text(encoding="utf-8"), room.relative_to(SOURCE).as_posix())) == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle", "from yaml import load", "import xml.etree.ElementTree", "from xml.etree.ElementTree import fromstring",
        "import xml.dom.minidom", "from urllib.request import urlopen", "import subprocess", "os.system('x')", "eval('1')",
        "exec(x)", "run(x, shell=True)", "run(x, shell=y)", "archive.extractall()", "zipfile.ZipFile(x).extract('y')",
        "tempfile.mktemp()", "__import__('os')", "connection.load_extension('x')",
    ],
)  # fmt: skip
def test_what_may_not_stand_there_is_found(text: str) -> None:
    assert list(offences(text, "texts/x.py"))


def test_what_is_harmless_is_not_found() -> None:
    text = "import re\nfrom xml.etree.ElementTree import Element, ParseError\nre.compile('x')\nrun(x, shell=False)\narchive.read('x')\n"
    assert not list(offences(text, "disk/styles.py"))


@pytest.mark.parametrize("room", ["deeds/looking_up.py", "texts/answers/csl.py", "cli/add.py"])
def test_only_one_room_asks_the_network(room: str) -> None:
    text = "import socket\nimport http.client\nimport urllib.request\n"
    assert len(list(offences(text, room))) == 3
    assert list(offences(text, "disk/lookup.py")) == []
    assert list(offences("import ftplib", "disk/lookup.py"))
