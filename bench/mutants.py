"""Small changes of the source that its tests have to notice: ``python bench/mutants.py [ROOM...]``, ``--sample N`` tries N of each room.

For each room in `ROOMS` a copy of the project is changed in one place at a time (a comparison turned, a number moved, a condition
negated, a statement left out), and the tests of that room are run on it. A change that they do not notice is a survivor. Nothing
passes or fails: it prints the share that was noticed, and the survivors.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent

ROOMS: dict[str, tuple[str, ...]] = {
    "words/safe.py": ("tests/words/test_safe.py",),
    "disk/files.py": ("tests/disk/test_files.py",),
    "disk/lending.py": ("tests/disk/test_lending.py",),
    "texts/notes/splices.py": ("tests/texts/test_notes_splices.py", "tests/texts/test_notes_retagging.py"),
    "texts/formats/bibtex/edits.py": ("tests/texts/test_bibtex_splices.py", "tests/texts/test_bibtex.py"),
}
"""A room of the source, and the tests that are its own."""

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


def _kinds(node: ast.AST) -> Iterator[str]:
    """Give the ways in which ``node`` can be changed."""
    if isinstance(node, ast.Compare):
        yield from (f"compare {n}" for n, one in enumerate(node.ops) if type(one) in _TURNED)
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _TURNED:
        yield "operator"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not"
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "negate"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "turn"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "number"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and node.value:
        yield "text"
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return"
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(
        node, ast.Assign | ast.AugAssign | ast.Raise | ast.Continue | ast.Break
    ):
        yield "leave out"


def _changed(node: ast.AST, kind: str) -> ast.AST:
    """Return ``node`` (a copy of its own) changed."""
    if isinstance(node, ast.Compare):
        at = int(kind.split()[1])
        node.ops[at] = _TURNED[type(node.ops[at])]()  # type: ignore[call-overload]
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


def _idle(tree: ast.Module) -> set[int]:
    """Return what no test can notice or what is not behaviour: docstrings, annotations, names handed on, sentences of errors."""
    idle: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            parts = [one for one in node.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)]
        if isinstance(node, ast.FunctionDef):
            parts += [
                node.returns,
                *(one.annotation for one in (*node.args.args, *node.args.kwonlyargs)),
                *node.decorator_list,
            ]
        if isinstance(node, ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            parts.append(node)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("N_", "Refused", "NotFound", "cast")
        ):
            parts.append(node)
        idle |= {id(inner) for one in parts if one is not None for inner in ast.walk(one)}
    return idle


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Give each changed ``text`` with what was changed: line, kind, and the words there."""
    tree = ast.parse(text)
    idle = _idle(tree)
    order: list[ast.AST] = []

    class _Order(ast.NodeVisitor):
        def generic_visit(self, node: ast.AST) -> None:
            order.append(node)
            super().generic_visit(node)

    _Order().visit(tree)
    lines = text.splitlines()
    for at, node in enumerate(order):
        if id(node) in idle:
            continue
        for kind in _kinds(node):
            made = ast.fix_missing_locations(_One(at, kind).visit(copy.deepcopy(tree)))
            line = getattr(node, "lineno", 0)
            yield ast.unparse(made), f"{line}: {kind}: {lines[line - 1].strip()[:100] if line else ''}"


def _copy(place: Path) -> Path:
    place.mkdir()
    for name in ("src", "tests", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    return place


def _noticed(place: Path, tests: tuple[str, ...]) -> bool:
    """Return whether ``tests`` fail in the copy at ``place``; one that never ends is noticed, too."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "0", *tests]
    environment = {**os.environ, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _tried(room: str, tests: tuple[str, ...], sample: int, places: SimpleQueue[Path]) -> Iterator[tuple[bool, str]]:
    source = (ROOT / "src" / "libreview" / room).read_text(encoding="utf-8")
    found = list(mutants(source))
    if sample and len(found) > sample:
        found = random.Random(1).sample(found, sample)

    def one(mutant: tuple[str, str]) -> tuple[bool, str]:
        place = places.get()
        target = place / "src" / "libreview" / room
        try:
            target.write_text(mutant[0], encoding="utf-8")
            return _noticed(place, tests), mutant[1]
        finally:
            target.write_text(source, encoding="utf-8")
            places.put(place)

    with ThreadPoolExecutor(places.qsize()) as pool:
        yield from pool.map(one, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", help=", ".join(ROOMS))
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="at most N changes of each room")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="libreview-mutants-") as name:
        places: SimpleQueue[Path] = SimpleQueue()
        for n in range(asked.jobs):
            places.put(_copy(Path(name) / str(n)))
        for room in asked.rooms or ROOMS:
            results = list(_tried(room, ROOMS[room], asked.sample, places))
            noticed = sum(seen for seen, _ in results)
            print(
                f"{room}: {noticed} of {len(results)} noticed ({100 * noticed / max(1, len(results)):.0f} %)",
                flush=True,
            )
            for seen, what in results:
                if not seen:
                    print(f"  {room}:{what}", flush=True)


if __name__ == "__main__":
    main()
