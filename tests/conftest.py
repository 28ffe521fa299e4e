"""Every test has a cache and a configuration of its own, and no language but English unless it asks for one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from registers import Registers, served

# A busy machine is no reason to fail: how quick something is is what bench/ measures.
settings.register_profile("libreview", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("libreview")

HANGS = 300
"""No test needs as many seconds, even on a busy machine: one that does is caught in what should be linear."""


def _stop(*_: object) -> None:
    raise TimeoutError(f"the test hangs: it took more than {HANGS} seconds")


@pytest.fixture(autouse=True)
def _no_test_hangs() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _stop)
    signal.alarm(HANGS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def _own_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("LIBREVIEW_CACHE", str(folder / "cache"))
    monkeypatch.setenv("LIBREVIEW_CONFIG", str(folder / "config.toml"))
    monkeypatch.setenv("LIBREVIEW_STATE", str(folder / "state"))
    monkeypatch.setenv("LIBREVIEW_LOOKUP", "http://127.0.0.1:9")  # no test asks the network: nobody listens there
    monkeypatch.delenv("LIBREVIEW_LOOKUP_TIMEOUT", raising=False)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    """A server on this machine that is asked in place of all others."""
    with served() as found:
        monkeypatch.setenv("LIBREVIEW_LOOKUP", found.address)
        yield found


@pytest.fixture
def review_folder(tmp_path: Path) -> Path:
    """A review of two sources and one note card with two excerpts."""
    folder = tmp_path / "review"
    (folder / "sources").mkdir(parents=True)
    (folder / "notes").mkdir()
    (folder / "libreview.toml").write_text('title = "Two towns"\nlanguage = "en"\n', encoding="utf-8")
    (folder / "sources" / "all.bib").write_text(
        '@article{wijaya2001,\n  author = {Wijaya, Rina and M{\\"u}ller, Jan},\n  title = {Two harbours},\n'
        "  journal = {Journal of Towns},\n  year = {2001},\n  langid = {english},\n}\n\n"
        "@book{hartono2019,\n  author = {Hartono},\n  title = {Pasar kota},\n  year = 2019,\n  ids = {hartono2018},\n}\n",
        encoding="utf-8",
    )
    (folder / "notes" / "codebook.toml").write_text(
        '[trade]\nlabel = { en = "Trade", id = "Perdagangan" }\n\n[fair]\nparent = "trade"\naliases = ["pameran"]\n',
        encoding="utf-8",
    )
    (folder / "notes" / "wijaya2001.md").write_text(
        "---\nsource: wijaya2001\ncoder: rina\n---\n\nA careful account.\n\n"
        "> Two harbours signed a paper. [@wijaya2001, p. 12] #trade ^k3f9q2\n\nNever published.\n\n"
        "- Firms met at the fair. [@hartono2018, p. 3; @wijaya2001, p. 14] #pameran ^a81b2c\n",
        encoding="utf-8",
    )
    return folder
