"""The house as the design draws it, where import-linter cannot look: rooms that are named in tables and loaded later."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import libreview

HOUSE = Path(libreview.__file__).parent
FLOORS = (
    ("value",),
    ("model",),
    ("words",),
    ("texts",),
    ("disk",),
    ("review", "findings"),
    ("deeds",),
    ("pages",),
    ("cli",),
)


def floor(module: str) -> int:
    """Return how high a module stands, the model lowest."""
    room = module.split(".")[1] if "." in module else ""
    return next((at for at, names in enumerate(FLOORS) if room in names), len(FLOORS))


def named_rooms(path: Path) -> list[str]:
    """Return the modules of the house that a file names in strings."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("libreview."):
            found.extend([node.value] if all(part.isidentifier() for part in node.value.split(".")) else [])
    return found


def files() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def module_of(path: Path) -> str:
    return ".".join(("libreview", *path.relative_to(HOUSE).with_suffix("").parts))


NAMED = [
    (path, room) for path in files() for room in named_rooms(path) if room not in ("libreview.folder", "libreview.toml")
]


def test_some_rooms_are_named() -> None:
    assert {"libreview.texts.likeness", "libreview.texts.formats.bibtex", "libreview.texts.notes"} <= {
        room for _, room in NAMED
    }


@pytest.mark.parametrize(("path", "room"), NAMED, ids=lambda one: one.name if isinstance(one, Path) else one)
def test_a_named_room_is_there_and_not_on_a_higher_floor(path: Path, room: str) -> None:
    place = HOUSE.joinpath(*room.split(".")[1:])
    assert place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()
    assert path == HOUSE / "__init__.py" or floor(room) <= floor(module_of(path))


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_rooms_are_small_and_import_at_the_door(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 600
    assert "TYPE_CHECKING" not in text
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert not any(isinstance(one, ast.Import | ast.ImportFrom) for one in ast.walk(node)), node.name
    if path != HOUSE / "words" / "rooms.py":
        assert "import_module" not in text, "words.rooms.load is the one lazy loading"
