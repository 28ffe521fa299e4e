"""Small changes of the source that its tests have to notice: ``python bench/mutants.py [ROOM...]``, ``--sample N`` tries N of each room.

For each room in `ROOMS` a copy of the project is changed in one place at a time (a comparison turned, a number moved, a condition
negated, a text replaced, a statement left out), and the tests of that room are run on it. A change that they do not notice is a
survivor. The same changes are made in every run, and hypothesis draws the same examples. Nothing passes or fails: what is printed is
the share that was noticed, and the survivors; docs/mutants.md says why those are left.

What is never changed, because no test of behaviour can or should notice it:

- docstrings, annotations, decorators, ``__all__``, the sentences of errors (`N_`, ``say``, what is raised with them), casts;
- the first binding of a name (without it the next line fails: that would only be counted as noticed), and a condition that is
  one comparison or one ``not``, which are turned themselves;
- `return` of nothing, false or empty, which is turned itself where it can be (None is as false as False);
- what guards against our own mistakes: ``frozen``, ``array_like`` of values, ``strict`` of `zip`;
- what only keeps a descriptor from other processes: ``O_CLOEXEC``, ``O_NOCTTY``.

Only the tests that meet the changed line are run, the quickest first; the crash trials, which start processes, are always run.
Each mutant runs in a process of its own, forked from one that has the libraries loaded and none of libreview, with a bound on its
memory, its files, and the processor time of each test: one that hangs is noticed. One that is stopped by the clock alone, perhaps
because others keep the machine busy, is tried again with twice the time before that counts.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import bibtexparser
import click
import hypothesis.stateful
import hypothesis.strategies
import markdown_it
import msgspec
import pytest
import rapidfuzz
import rich.console
from hypothesis import Phase, settings

TraceFunction = Callable[[FrameType, str, object], Any]

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src") / "libreview"

LOADED = (bibtexparser, click, hypothesis.stateful, markdown_it, msgspec, rapidfuzz, rich.console)
"""Libraries that every run needs, and that are loaded once."""

_JOURNAL = "tests/disk/test_journal.py"
_HISTORY = "tests/test_history.py --deselect=tests/test_history.py::test_histories"
_LOCKING = "tests/disk/test_locking.py"
_CRASHES = "tests/crash/test_crash.py"
_NOTES = (
    "tests/texts/test_notes_splices.py",
    "tests/texts/test_notes_retagging.py",
    "tests/texts/test_notes_citing.py",
)
_BIBTEX = ("tests/texts/test_bibtex_references.py", "tests/texts/test_bibtex_splices.py", "tests/texts/test_bibtex.py")

ROOMS: dict[str, tuple[str, ...]] = {
    "words/safe.py": ("tests/words/test_safe.py",),
    "disk/files.py": ("tests/disk/test_files.py", _JOURNAL, _CRASHES),
    "disk/lending.py": ("tests/disk/test_lending.py",),
    "disk/journal/locking.py": (_LOCKING, _JOURNAL, _HISTORY),
    "disk/journal/splicing.py": ("tests/disk/test_splicing.py", _JOURNAL),
    "disk/journal/records.py": ("tests/disk/test_records.py", _JOURNAL, _HISTORY),
    "disk/journal/changing.py": (
        "tests/disk/test_changing.py",
        _JOURNAL,
        "tests/disk/test_history.py",
        _HISTORY,
        _CRASHES,
    ),
    "disk/journal/history.py": ("tests/disk/test_history.py", _HISTORY, _JOURNAL),
    "disk/journal/settling.py": ("tests/disk/test_settling.py", _HISTORY),
    "texts/notes/splices.py": _NOTES,
    "texts/notes/retagging.py": _NOTES[1:],
    "texts/notes/citing.py": _NOTES[2:],
    "texts/notes/writing.py": ("tests/texts/test_notes_writing.py", *_NOTES),
    "texts/formats/bibtex/edits.py": _BIBTEX,
    "texts/formats/bibtex/removals.py": _BIBTEX,
    "texts/formats/bibtex/references.py": _BIBTEX,
    "texts/codebook/splices.py": ("tests/texts/test_codebook_splices.py",),
    "texts/screening.py": ("tests/texts/test_screening.py",),
    "texts/toml_tables.py": (
        "tests/texts/test_codebook.py",
        "tests/texts/test_codebook_splices.py",
        "tests/texts/test_screening.py",
    ),
}
"""A room of the source, and the tests that are its own, run one after the other until one of them fails."""

PROCESSOR = 6.0
"""No test takes so many seconds of the processor by far."""

IDLE = 8.0
"""No test does next to nothing for so many seconds by the clock: it waits for what never comes."""

CLOCK = 45.0
"""So many seconds by the clock are waited for a test; a second time, twice as many."""

_LATE = 99

_TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

_OPPOSITE = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
_SENTENCES = ("N_", "say", "cast")
_GUARDS = ("frozen", "array_like", "strict")
_PRIVATE = ("O_CLOEXEC", "O_NOCTTY")


# What is changed ----------------------------------------------------------------------------------------------------------


def _negatable(test: ast.expr) -> bool:
    """Return whether the negation of ``test`` is not made by turning its operator already."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return False
    return not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _OPPOSITE))


def _kinds(node: ast.AST) -> Iterator[str]:
    """Give the ways in which ``node`` can be changed."""
    if isinstance(node, ast.Compare):
        yield from (f"compare {n}" for n, one in enumerate(node.ops) if type(one) in _TURNED)
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _TURNED:
        yield "operator"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not"
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        if _negatable(node.test):
            yield "negate"
    elif isinstance(node, ast.comprehension):
        yield from (f"filter {n}" for n in range(len(node.ifs)))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "turn"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "number"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        yield "text"
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and not node.value.value):
            yield "return"
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(
        node, ast.Assign | ast.AugAssign | ast.Raise | ast.Continue | ast.Break
    ):
        yield "leave out"


def _changed(node: ast.AST, kind: str) -> ast.AST:
    """Return ``node`` changed."""
    if isinstance(node, ast.Compare):
        at = int(kind.split()[1])
        node.ops[at] = _TURNED[type(node.ops[at])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.comprehension):
        del node.ifs[int(kind.split()[1])]
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = _TURNED[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        return node.operand
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            node.value = not value
        elif isinstance(value, int):
            node.value = value + 1
        else:
            node.value = b"XX" if isinstance(value, bytes) else "XX"
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    else:
        return ast.Pass()
    return node


class _One(ast.NodeTransformer):
    """Changes the node that stands ``at`` this place in the walk."""

    def __init__(self, at: int, kind: str) -> None:
        self.at, self.kind, self.seen = at, kind, -1

    def generic_visit(self, node: ast.AST) -> ast.AST:
        self.seen += 1
        if self.seen == self.at:
            return _changed(node, self.kind)
        return super().generic_visit(node)


class _Order(ast.NodeVisitor):
    """Keeps the nodes in the order in which `_One` counts them."""

    def __init__(self) -> None:
        self.nodes: list[ast.AST] = []

    def generic_visit(self, node: ast.AST) -> None:
        self.nodes.append(node)
        super().generic_visit(node)


def _names(target: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def _walked(tree: ast.AST) -> list[ast.AST]:
    order = _Order()
    order.visit(tree)
    return order.nodes


def _whole(tree: ast.AST) -> set[int]:
    return {id(one) for one in ast.walk(tree)}


def _first_bindings(scope: ast.FunctionDef | ast.Module) -> Iterator[int]:
    """Give the assignments that bind a name of ``scope`` which nothing before them has bound."""
    bound: set[str] = set()
    if isinstance(scope, ast.FunctionDef):
        bound = {one.arg for one in (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)}
    for node in _walked(scope):
        if isinstance(node, ast.Assign) and all(isinstance(one, ast.Name | ast.Tuple) for one in node.targets):
            names = {name for one in node.targets for name in _names(one)}
            if not names <= bound:
                yield id(node)
            bound |= names
        elif isinstance(node, ast.AnnAssign | ast.For | ast.comprehension):
            bound |= _names(node.target)
        elif isinstance(node, ast.withitem) and node.optional_vars:
            bound |= _names(node.optional_vars)


def _is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SENTENCES


def _idle_parts(node: ast.AST) -> Iterator[ast.AST | None]:
    """Give the parts of ``node`` in which nothing is changed (see the head of this file)."""
    if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
        yield from (one for one in node.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    if isinstance(node, ast.FunctionDef):
        yield node.returns
        yield from (one.annotation for one in (*node.args.args, *node.args.kwonlyargs))
        yield from node.decorator_list
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, ast.Assign) and _names(node.targets[0]) & {"__all__", "Kind"}:
        yield node
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield node.exc
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call) and any(map(_is_sentence, node.value.args)):
        yield node.value  # an error that is made for somebody else to raise
    elif isinstance(node, ast.keyword) and node.arg in _GUARDS:
        yield node.value
    elif _is_sentence(node):
        yield node


def _idle(tree: ast.Module) -> set[int]:
    """Return the nodes that are not changed (see the head of this file)."""
    idle: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef):
            idle.update(_first_bindings(node))  # the binding stays; what is bound is changed
        for part in _idle_parts(node):
            if part is not None:
                idle |= _whole(part)
        if isinstance(node, ast.BinOp) and {
            one.attr for one in (node.left, node.right) if isinstance(one, ast.Attribute)
        }.intersection(_PRIVATE):
            idle.add(id(node))
    return idle


def _spans(tree: ast.Module) -> dict[int, range]:
    """Return for each node the lines of its statement (of one that holds others, those of its head)."""
    spans: dict[int, range] = {}
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt):
            inner = getattr(statement, "body", None)
            last = inner[0].lineno if inner else (statement.end_lineno or statement.lineno) + 1
            lines = range(statement.lineno, max(last, statement.lineno + 1))
            spans.update((id(node), lines) for node in ast.walk(statement))  # those within it come later, and stay
    return spans


def mutants(text: str) -> Iterator[tuple[str, str, range]]:
    """Give each changed ``text`` with what was changed (line, kind, and the words there), and the lines of the statement."""
    tree = ast.parse(text)
    idle = _idle(tree)
    lines = text.splitlines()
    spans = _spans(tree)
    for at, node in enumerate(_walked(tree)):
        if id(node) in idle:
            continue
        for kind in _kinds(node):
            made = ast.fix_missing_locations(_One(at, kind).visit(ast.parse(text)))
            line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
            part = ast.get_source_segment(text, node) or ""
            where = "" if isinstance(node, ast.stmt) or not part or "\n" in part else f" [{part[:40]}]"
            said = f"{line}: {kind}{where}: {lines[line - 1].strip()[:100] if line else ''}"
            yield ast.unparse(made), said, spans.get(id(node), range(line, line + 1))


# Trying them --------------------------------------------------------------------------------------------------------------

_PLACE: list[Path] = []


def _copy(source: Path, within: str) -> None:
    """Make the copy of the project that this process works on."""
    place = Path(tempfile.mkdtemp(dir=within))
    for name in ("src", "tests", "bench"):
        shutil.copytree(source / name, place / name)
    shutil.copy(source / "pyproject.toml", place)
    _PLACE.append(place)


class _Met:
    """Writes down which lines of a room each test meets, and how long it takes."""

    def __init__(self, room: Path, result: Path) -> None:
        self.room, self.result = str(room), result
        self.begin: set[int] = set()
        self.now = self.begin
        self.lines: dict[str, set[int]] = {}
        self.seconds: dict[str, float] = {}
        sys.settrace(self.called)

    def called(self, frame: FrameType, *_: object) -> TraceFunction | None:
        return self.line if frame.f_code.co_filename == self.room else None

    def line(self, frame: FrameType, *_: object) -> TraceFunction:
        self.now.add(frame.f_lineno)
        return self.line

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.now = self.lines.setdefault(item.nodeid, set())
        sys.settrace(self.called)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def pytest_sessionfinish(self) -> None:
        sys.settrace(None)
        order = sorted(self.lines, key=lambda name: self.seconds.get(name, 0))
        found = {"at import": sorted(self.begin), **{name: sorted(self.lines[name]) for name in order}}
        self.result.write_text(json.dumps(found), encoding="utf-8")


class _Bound:
    """Takes some of the tests, in their order, and ends the process when one hangs: that takes more of the processor than any does."""

    def __init__(self, names: Sequence[str], clock: float, *, alone: bool) -> None:
        self.names = {name: at for at, name in enumerate(names)}
        self.clock, self.alone = clock, alone

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self.names), key=lambda one: self.names[one.nodeid])

    def pytest_runtest_setup(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, PROCESSOR)  # whose signal ends a process
        self.over = threading.Event()
        threading.Thread(target=self.watch, args=(self.over,), daemon=True).start()

    def pytest_runtest_teardown(self) -> None:
        self.over.set()

    def watch(self, over: threading.Event) -> None:
        before = time.process_time()
        if not over.wait(IDLE) and self.alone and time.process_time() - before < IDLE / 20:
            os._exit(1)
        if not over.wait(self.clock - IDLE):
            os._exit(_LATE)


def _run(place: Path, tests: str, plugin: object, *, caching: bool) -> None:
    """Run ``tests`` in this process, which is a child made for it."""
    os.setsid()
    os.chdir(place)
    silent = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silent, descriptor)
    sys.path[:0] = [str(place / "src")]
    sys.dont_write_bytecode = not caching
    os.environ["PYTHONPATH"] = str(place / "src")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "" if caching else "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(place / ".hypothesis")
    settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
    )
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutants"]
    os._exit(int(pytest.main([*options, f"--basetemp={place / 'tmp'}", *tests.split()], plugins=[plugin])))


def _end_of(place: Path, tests: str, plugin: object, *, caching: bool = False) -> int:
    """Run ``tests`` in the copy at ``place``; return how the process ended: 0 if they passed, `_LATE` if one was stopped."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            resource.setrlimit(resource.RLIMIT_FSIZE, (300 << 20, 300 << 20))
            _run(place, tests, plugin, caching=caching)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what the tests started and did not end
    return os.waitstatus_to_exitcode(status)


def _lines_met(place: Path, room: str) -> dict[str, dict[str, set[int]]]:
    """Return which lines of ``room`` each test of its files meets. Compiled files are left behind, which the copies take over."""
    found: dict[str, dict[str, set[int]]] = {}
    target, result = place / PACKAGE / room, place / "met.json"
    for tests in ROOMS[room]:
        for each in target.parent.glob(f"__pycache__/{target.stem}.*"):
            each.unlink()
        if _end_of(place, tests, _Met(target, result), caching=True):
            raise SystemExit(f"{tests} do not pass")
        found[tests] = {name: set(lines) for name, lines in json.loads(result.read_text(encoding="utf-8")).items()}
    for each in target.parent.glob(f"__pycache__/{target.stem}.*"):
        each.unlink()  # a changed file could be taken for the one that it was made from
    return found


_MET: dict[str, dict[str, set[int]]] = {}


def _noticed(changed: range) -> bool:
    """Return whether the tests notice the change that was made in the copy. What is late has to be late twice."""
    for tests, met in _MET.items():
        everywhere = tests == _CRASHES or not met["at import"].isdisjoint(changed)
        names = [
            name for name, lines in met.items() if name != "at import" and (everywhere or lines.intersection(changed))
        ]
        if not names:
            continue
        end = _end_of(_PLACE[0], tests, _Bound(names, CLOCK, alone=tests != _CRASHES))
        if end == _LATE:
            end = _end_of(_PLACE[0], tests, _Bound(names, 2 * CLOCK, alone=tests != _CRASHES))
        if end:
            return True
    return False


def _try(task: tuple[str, str, str, range]) -> tuple[bool, str]:
    """Try one mutant, in a process of the pool."""
    room, text, what, changed = task
    target = _PLACE[0] / PACKAGE / room
    source = target.read_text(encoding="utf-8")
    try:
        target.write_text(text, encoding="utf-8")
        return _noticed(changed), what
    finally:
        target.write_text(source, encoding="utf-8")


def chosen(room: str, sample: int) -> list[tuple[str, str, str, range]]:
    """Return the mutants of a room, or a sample of them that is the same in every run, in the order of the lines."""
    found = [(room, *one) for one in mutants((ROOT / PACKAGE / room).read_text(encoding="utf-8"))]
    if sample and len(found) > sample:
        numbers = sorted(random.Random(1).sample(range(len(found)), sample))
        found = [found[number] for number in numbers]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="at most N changes of each room")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="so many at a time (2)")
    parser.add_argument("--lines", default="", metavar="FROM-TO", help="only the changes of these lines")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="libreview-mutants-") as within:
        base = Path(within) / "unchanged"
        base.mkdir()
        for name in ("src", "tests", "bench"):
            shutil.copytree(ROOT / name, base / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", base)
        for room in asked.rooms or ROOMS:
            tasks = chosen(room, asked.sample)
            if asked.lines:
                first, last = (int(one) for one in asked.lines.split("-"))
                tasks = [one for one in tasks if first <= int(one[2].split(":")[0]) <= last]
            _MET.clear()
            _MET.update(_lines_met(base, room))
            with multiprocessing.get_context("fork").Pool(asked.jobs, _copy, (base, within)) as pool:
                noticed = 0
                for seen, what in pool.imap(_try, tasks):
                    noticed += seen
                    if not seen:
                        print(f"  {room}:{what}", flush=True)
            print(f"{room}: {noticed} of {len(tasks)} noticed ({100 * noticed / max(1, len(tasks)):.1f} %)", flush=True)


if __name__ == "__main__":
    main()
