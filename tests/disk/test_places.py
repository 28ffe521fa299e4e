"""The folders of the user on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.disk import places
from libreview.disk.places import Kind

HOME = Path("/home/nadia")


@pytest.mark.parametrize(
    ("kind", "system", "environment", "expected"),
    [
        ("cache", "linux", {}, "/home/nadia/.cache/libreview"),
        ("config", "linux", {}, "/home/nadia/.config/libreview"),
        ("state", "linux", {}, "/home/nadia/.local/state/libreview"),
        ("cache", "linux", {"XDG_CACHE_HOME": "/fast"}, "/fast/libreview"),
        ("cache", "linux", {"XDG_CACHE_HOME": "relative"}, "/home/nadia/.cache/libreview"),
        ("config", "freebsd14", {"XDG_CONFIG_HOME": ""}, "/home/nadia/.config/libreview"),
        ("cache", "darwin", {"XDG_CACHE_HOME": "/fast"}, "/home/nadia/Library/Caches/libreview"),
        ("state", "darwin", {}, "/home/nadia/Library/Application Support/libreview"),
    ],
)
def test_each_system_has_its_folders(kind: Kind, system: str, environment: dict[str, str], expected: str) -> None:
    assert places.system_folder(kind, system, environment, HOME) == Path(expected)


def test_the_environment_names_other_places(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"LIBREVIEW_{name}", f"/elsewhere/{name}")
    assert places.cache_folder() == Path("/elsewhere/CACHE")
    assert places.user_file() == Path("/elsewhere/CONFIG")
    assert places.state_folder() == Path("/elsewhere/STATE")


def test_without_them_the_system_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CACHE", "CONFIG", "STATE"):
        monkeypatch.delenv(f"LIBREVIEW_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert all(
        one.is_relative_to(tmp_path) or one.is_absolute() for one in (places.cache_folder(), places.state_folder())
    )
    assert places.user_file().name == "config.toml"
