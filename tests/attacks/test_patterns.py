"""No pattern in the source takes more than linear time, whatever it is given: each is tried on what it likes best."""

from __future__ import annotations

import ast
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "libreview"
LONG = 10_000
SECONDS = 0.2
"""A linear pattern takes a thousandth of that, a quadratic one far more: then it is looked at how its time grows."""
_FLAGS = {"VERBOSE": re.VERBOSE, "X": re.VERBOSE, "IGNORECASE": re.IGNORECASE, "I": re.IGNORECASE, "DOTALL": re.DOTALL, "M": re.MULTILINE,
          "MULTILINE": re.MULTILINE, "S": re.DOTALL, "ASCII": re.ASCII, "A": re.ASCII}  # fmt: skip
_BOUNDED = {"_DOTTED": 400, "_ADDRESS": 500}
"""Patterns that are given texts of so many characters at most: the room that uses one looks first."""
_ANCHORED = {"_DOTTED", "_NAMED", "_PAREN", "_INLINE", "_SHORT"}
"""Handed on by name, but only to be matched at one place: at lines of bounded length, or where a block opens."""
_CALLS = ("compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split")


def _constants(tree: ast.Module) -> dict[str, str | bytes]:
    found: dict[str, str | bytes] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = _text(node.value, found)
            if value is not None:
                found[node.targets[0].id] = value
    return found


def _text(node: ast.expr, known: dict[str, str | bytes]) -> str | bytes | None:
    """Return the text of a constant, a joined text or a sum of them; None for what is only known at run time."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.JoinedStr):
        parts = [_text(one.value if isinstance(one, ast.FormattedValue) else one, known) for one in node.values]
        return "".join(str(one) for one in parts) if None not in parts else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left, known), _text(node.right, known)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, bytes) and isinstance(right, bytes):
            return left + right
    return None


def patterns() -> Iterator[tuple[str, str, str | bytes, int]]:
    """Give each pattern that stands in the source: its place, the call, its text and its flags."""
    for place in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(place.read_text(encoding="utf-8"))
        known = _constants(tree)
        searched = _searched(tree)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args):
                continue
            text = _text(node.args[0], known)
            if text is None:
                continue
            named = [one.attr for arg in (*node.args, *(k.value for k in node.keywords)) for one in ast.walk(arg)
                     if isinstance(one, ast.Attribute)]  # fmt: skip
            flags = 0
            for one in named:
                flags |= _FLAGS.get(one, 0)
            call = "match" if node.func.attr == "compile" and node.lineno not in searched else node.func.attr
            yield f"{place.relative_to(SOURCE)}:{node.lineno}", call, text, flags


def _searched(tree: ast.Module) -> set[int]:
    """Return the lines of the compiled patterns that are looked for anywhere in a text, or handed on by name."""
    named = {
        one.targets[0].id: one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    anchored = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in ("match", "fullmatch")
    }
    loose = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in anchored
    }
    return {
        one.lineno
        for name, value in named.items()
        if name in loose - _ANCHORED
        for one in ast.walk(value)
        if isinstance(one, ast.Call)
    }


PATTERNS = list(patterns())


def _longest(where: str) -> int:
    """Return how long a text the pattern at ``where`` may be given."""
    place, line = where.rsplit(":", 1)
    source = (SOURCE / place).read_text(encoding="utf-8").split("\n")[int(line) - 1]
    return _BOUNDED.get(source.split(" ")[0], LONG)


def _liked(text: str | bytes, longest: int) -> list[str]:
    """Return what may make a pattern try again and again: its own signs, single and in pairs, many times."""
    shown = text.decode("latin-1") if isinstance(text, bytes) else text
    signs = list(dict.fromkeys([one for one in shown if one.isascii()][:40] + list(" a1\n\\{}<>[],.-\"'")))
    words: list[str] = re.findall(r"[A-Za-z]{2,12}", shown)[:10]
    units = [*signs, *("".join(pair) for pair in itertools.permutations(signs[:10], 2)), *words]
    return [unit * (longest // len(unit)) for unit in units]


def _spent(pattern: re.Pattern[Any], subject: str | bytes, *, anchored: bool) -> float:
    """Return the CPU seconds that the pattern takes for ``subject``."""
    begin = time.process_time()
    if anchored:
        pattern.match(subject)
    else:
        for _ in itertools.islice(pattern.finditer(subject), 100_000):
            pass
    return time.process_time() - begin


@pytest.mark.parametrize(("where", "call", "text", "flags"), PATTERNS, ids=[one[0] for one in PATTERNS])
def test_a_pattern_is_linear(where: str, call: str, text: str | bytes, flags: int) -> None:
    pattern = re.compile(text, flags)
    started = time.perf_counter()
    anchored = call in ("match", "fullmatch")
    for liked in _liked(text, _longest(where)):
        for given in (liked, f"{liked}\x00"):
            subject = given.encode("latin-1", "replace") if isinstance(text, bytes) else given
            spent = _spent(pattern, subject, anchored=anchored)
            if spent > SECONDS:  # twice as much text may take twice as long, and not four times
                half = min(_spent(pattern, subject[: len(subject) // 2], anchored=anchored) for _ in range(3))
                assert _spent(pattern, subject, anchored=anchored) < 3 * half, (where, liked[:20])
        if time.perf_counter() - started > 2:
            break


def test_the_patterns_were_found() -> None:
    assert len(PATTERNS) > 100
