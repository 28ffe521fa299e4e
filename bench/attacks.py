"""Every hostile input against every command, as processes: ``python bench/attacks.py`` (long), ``--quick`` takes a sample.

The inputs are those of ``tests/attacks/make.py``; with ``--folder`` also the files of another folder, each laid into a review
of its own. A line for each command says its worst time and worst memory (pandoc included) and how often it broke a promise;
below stands each case. The status is 1 if there was any.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["COMMANDS", "Ran", "attack_files", "breaches", "lay", "load_attacks", "run", "sampled", "tried"]

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEBIBYTES = 2.0, 300.0
"""What a command may take."""
GIVEN_UP = 30.0
WATCHED = (str(ROOT / "bench" / "watched.py"),)
csv.field_size_limit(1 << 28)

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
"""What nobody may get from a file unseen: controls, bidi overrides, what cannot be seen."""

_LIST = ("export", "bibliography", "--all", "--excerpts")
_FORMS = ("docx", "odt", "html", "md", "tex", "rst", "txt", "bib", "json", "csv")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("list",),
    ("check",),
    ("list", "--format", "terminal"),
    ("list", "--json"),
    ("list", "--format", "csv"),
    ("list", "--format", "html"),
    ("show", "good"),
    ("show", "bad"),
    ("show", "^k3f9q2"),
    ("search", "harbours"),
    ("search", "x"),
    ("summary", "--all"),
    ("summary", "--all", "--json"),
    ("summary", "--all", "--format", "html"),
    ("check", "--json"),
    ("themes", "list"),
    ("cite", "bad"),
    (),
    *((*_LIST, "-o", f"out.{form}") for form in _FORMS),
    ("export", "sources", "--all"),
    ("export", "sources", "--all", "-o", "out.json"),
    ("export", "sources", "--all", "-o", "out.csv"),
    ("table", "frequency", "--all"),
    ("table", "matrix", "--all", "--format", "csv"),
    ("table", "concept-matrix", "--all", "-o", "out.docx"),
    ("table", "sources", "--all", "--format", "md"),
    ("table", "co-occurrence", "--all"),
    ("table", "synthesis", "--by", "theme", "--all", "-o", "out.xlsx"),
    ("export", "codebook", "--format", "csv"),
    ("export", "refi", "-o", "out.qdpx"),
    ("describe", "--all", "--format", "md"),
    ("describe", "--all", "--json"),
    ("import", "bad.bib"),
)
"""What is run; ``-o`` names a file in an own folder, ``import`` goes into a sound review."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command said, took and did. ``did`` are the lines that `watched` wrote."""

    status: int
    out: bytes
    err: bytes
    seconds: float
    memory: float
    did: list[list[str]]
    written: bytes | None = None
    left: list[str] = field(default_factory=list)


def load_attacks() -> ModuleType:
    """Return ``tests/attacks/make.py`` as a module."""
    spec = importlib.util.spec_from_file_location("make_attacks", ROOT / "tests" / "attacks" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_attacks"] = module
    spec.loader.exec_module(module)
    return module


def _limited() -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))


def run(words: Sequence[str], folder: Path, room: Path, *, output: str = "", program: Sequence[str] = WATCHED) -> Ran:
    """Run libreview (or another Python ``program``) in ``folder``, with the user's folders and the log in ``room``."""
    for name in ("cache", "state", "tmp", "home"):
        (room / name).mkdir(parents=True, exist_ok=True)
    log = room / "log"
    environment = {
        "PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT / "src"), "HOME": str(room / "home"), "LANG": "C.UTF-8",
        "TMPDIR": str(room / "tmp"), "LIBREVIEW_CACHE": str(room / "cache"), "LIBREVIEW_STATE": str(room / "state"),
        "LIBREVIEW_CONFIG": str(room / "config.toml"), "COLUMNS": "100", "EDITOR": "touch", "LIBREVIEW_DEBUG": "1",
    }  # fmt: skip
    command = [sys.executable, *program, str(log), *words]
    begin = time.monotonic()
    with (room / "out").open("wb") as out, (room / "err").open("wb") as err:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=_limited  # noqa: PLW1509
        )  # fmt: skip
        status, memory = _waited(process, begin + GIVEN_UP)
    seconds = time.monotonic() - begin
    did = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    place = room / output
    return Ran(
        os.waitstatus_to_exitcode(status),
        (room / "out").read_bytes(),
        (room / "err").read_bytes(),
        seconds,
        memory / 1024,
        did,
        place.read_bytes() if output and place.is_file() else None,
        sorted(os.listdir(room / "tmp")),  # noqa: PTH208 (names that are not UTF-8, too)
    )


def _waited(process: subprocess.Popen[bytes], until: float) -> tuple[int, int]:
    """Return the status of ``process`` and its peak of memory in KiB; it is killed when its time is over.

    What the system counts begins with what this process had when it forked. Where nothing more came, the peak is looked up
    while the process lives.
    """
    before, seen = _peak("self", "VmRSS"), 0
    while True:
        seen = max(seen, _peak(process.pid, "VmHWM"))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            more = usage.ru_maxrss > before * 1.02
            return status, usage.ru_maxrss if more or not seen else seen
        if time.monotonic() > until:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.01)


def _peak(process: int | str, name: str) -> int:
    """Return a size of a process in KiB as the system tells it; 0 where it does not, and once it has ended."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
        found = re.search(rf"^{name}:\s{{0,16}}(\d+) kB", text, re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


# What was promised -----------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "img", "base", "form", "link"):
            self.harm.append(tag)
        for name, value in attrs:
            if name.startswith("on") or re.match(r"\s*(?:javascript|data|vbscript|file):", value or "", re.IGNORECASE):
                self.harm.append(f"{tag} {name}")


_COMMANDS_OF_TEX = re.compile(
    r"\\(?:input|include|write18|csname|catcode|openout|immediate|def|directlua)(?![a-z]|\\LTcaptype)"
)
_COMMANDS_OF_WORD = re.compile(r"<w:(?:instrText|fldSimple|altChunk|object|control)\b|vbaProject")
_TARGET = re.compile(r'(?:Target|xlink:href)="(?!https?://|mailto:|[\w./#-]*")([^"]{0,80})')


def _in_document(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels", ".qde")):
                    text = archive.read(name).decode("utf-8", "replace")
                    if RAW.search(text):
                        yield "control"
                    if _COMMANDS_OF_WORD.search(text) or _TARGET.search(text):
                        yield "script"
    except zipfile.BadZipFile:
        yield "broken"


def _in_content(content: bytes, form: str) -> Iterator[str]:
    """Give what is wrong with what was written or said in ``form``."""
    if form in ("docx", "odt", "xlsx", "qdpx"):
        yield from _in_document(content)
        return
    if form == "bib":  # what stands in the review, byte for byte
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield "encoding"
        return
    if RAW.search(text):
        yield "control"
    if form == "html":
        page = _Page()
        page.feed(text)
        if page.harm:
            yield "script"
    elif form == "tex":
        body = text.partition("\\begin{document}")[2].replace("\\textbackslash", "")
        if _COMMANDS_OF_TEX.search(body):
            yield "latex"
    elif form == "json":
        try:
            json.loads(text)
        except ValueError:
            yield "broken"
    elif form == "csv":
        cells = [cell.lstrip(" \t") for row in csv.reader(io.StringIO(text)) for cell in row]
        if any(re.match("[=+@\uff1d\uff0b\uff20-]", cell) for cell in cells):
            yield "formula"
    elif form == "md" and re.search(r"(?<!\\)<(?:script|img|iframe)|(?<!\\)\]\((?:javascript|data|file):|`\{=", text):
        yield "script"


def breaches(ran: Ran, form: str, allowed: Iterable[Path]) -> Iterator[str]:
    """Give in one word each promise that ``ran`` broke; ``allowed`` are the places that it may write to."""
    if ran.seconds > SECONDS:
        yield "slow"
    if ran.memory > MEBIBYTES:
        yield "memory"
    said = (ran.out if form in ("", "terminal") else b"") + ran.err
    if b"Traceback" in said or b"internal error" in said:
        yield "traceback"
    if ran.status not in (0, 1, 2):
        yield "status"
    if b"What nobody asked for" in ran.out + ran.err + (ran.written or b"") or b"root:x:0" in ran.out + (
        ran.written or b""
    ):
        yield "read"
    yield from _in_content(ran.err, "")  # a .bib goes into a pipe as it is; on a terminal it is made safe
    yield from (_in_content(ran.out, form) if ran.written is None and ran.status == 0 else _in_content(ran.out, ""))
    if ran.written is not None:
        yield from _in_content(ran.written, form)
    yield from _deeds(ran, [os.path.realpath(one) for one in allowed])
    if ran.left:
        yield "left"


def _deeds(ran: Ran, allowed: Sequence[str]) -> Iterator[str]:
    for kind, what in ran.did:
        if kind == "network":
            yield "network"
        elif kind == "program" and Path(what).name != "pandoc":
            yield "program"
        elif kind == "write" and what not in (os.devnull, ":memory:") and "__pycache__" not in what:
            real = os.path.realpath(what)
            if not any(real == one or real.startswith(one + os.sep) for one in allowed):
                yield "outside"


def _snapshot(folder: Path) -> dict[str, object]:
    """Return all that lies below ``folder``, but what the program keeps for itself in a review."""
    found: dict[str, object] = {}
    for place, folders, files in os.walk(folder):
        if ".libreview" in folders:
            folders.remove(".libreview")
        for name in (*folders, *files):
            one = os.path.join(place, name)  # noqa: PTH118 (names that are not UTF-8, too)
            status = os.lstat(one)
            found[one] = (status.st_mode, status.st_size if not os.path.isdir(one) else 0, status.st_mtime_ns if os.path.isfile(one) else 0)  # noqa: PTH112, PTH113 # fmt: skip
    return found


# The matrix ------------------------------------------------------------------------------------------------------------

_SOUND = {
    "libreview.toml": b'title = "Two towns"\n',
    "sources/good.bib": b"@book{good,\n  author = {Wijaya, Rina},\n  title = {Two harbours},\n  year = {2001},\n}\n",
    "notes/good.md": b"---\nsource: good\ncoder: rina\n---\n\nA careful account.\n\n> Two harbours. [@good, p. 12] #trade ^k3f9q2\n",
    "notes/codebook.toml": b'[trade]\nlabel = "Trade"\n',
}


def attack_files(folder: Path, make: ModuleType) -> list[Any]:
    """Return an attack for each file of ``folder``, laid where a file of its kind belongs."""
    made = []
    for place in sorted(one for one in folder.rglob("*") if one.is_file()):
        data, name = place.read_bytes(), str(place.relative_to(folder)).replace("/", "-")
        suffix = place.suffix.lower()
        files: dict[str, bytes] = {**_SOUND}
        if suffix == ".md":
            files["notes/bad.md"] = data
        elif suffix == ".toml":
            files |= {"notes/codebook.toml": data, "libreview.toml": data, "sources/screening.toml": data}
        elif suffix == ".sqlite":
            files |= {f".libreview/{place.name}": data}
        elif suffix == ".bib":
            files["sources/bad.bib"] = data
        else:
            files |= {
                "sources/bad.bib": data,
                "notes/bad.md": data,
                f"bad{suffix}": data,
                f".libreview/{place.name}": data,
            }
        made.append(make.Attack(f"given-{name}", files, usable=("good",)))
    return made


def lay(attack: Any, make: ModuleType, folder: Path) -> Path:  # noqa: ANN401 (a class of a module that has no name)
    """Lay ``attack`` out, and beside it a sound review to import into."""
    folder.mkdir(parents=True)
    review: Path = make.lay(attack, folder)
    for path, data in _SOUND.items():
        place = folder / "sound" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return review


def sampled(commands: Sequence[tuple[str, ...]], n: int, every: int) -> list[tuple[str, ...]]:
    """Return one of ``every`` commands for the attack number ``n``: others for the next one."""
    return [words for at, words in enumerate(commands) if (at + n) % every == 0]


def _form(words: Sequence[str]) -> str:
    if "-o" in words:
        return words[words.index("-o") + 1].rpartition(".")[2]
    if "--format" in words:
        return words[words.index("--format") + 1]
    return "json" if "--json" in words else "bib" if words[:2] == ("export", "sources") else ""


def _once(words: tuple[str, ...], folder: Path, review: Path, room: Path) -> tuple[Ran, set[str]]:
    """Run ``words`` once from nothing (no cache) and return what happened and which promises it broke."""
    output, where, form = "", review, _form(words)
    given = list(words)
    if "-o" in given:
        output = given[given.index("-o") + 1]
        given[given.index("-o") + 1] = str(room / output)
    if given == ["import", "bad.bib"]:
        given[1], where = str(review / "sources" / "bad.bib"), folder / "sound"
        if not os.path.lexists(given[1]):
            given[1] = str(next(iter(sorted(review.glob("bad.*"))), review / "sources"))
    before = _snapshot(folder)
    ran = run(given, where, room, output=output)
    broken = set(breaches(ran, form, [room, where]))
    after = _snapshot(folder)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    own = str(where) + os.sep
    if any(words[:1] != ("import",) or not path.startswith(own) for path in changed):
        broken.add("changed")
    return ran, broken


def tried(words: tuple[str, ...], attack: Any, make: ModuleType) -> tuple[Ran, set[str]]:  # noqa: ANN401
    """Lay out ``attack``, run ``words`` on it, and return both; what was slow is tried again, for a busy machine."""
    for last in (False, False, True):
        with tempfile.TemporaryDirectory(prefix="libreview-attack-") as name:
            folder = Path(name) / "laid"
            try:
                review = lay(attack, make, folder)
            except (OSError, ValueError) as error:
                return Ran(0, b"", str(error).encode("utf-8", "replace"), 0, 0, []), set()
            result = _once(words, folder, review, Path(name) / "room")
        if last or result[1] != {"slow"} or result[0].seconds > GIVEN_UP:
            break
    return result


def _jobs(attacks: Sequence[Any], every: int, only: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for n, attack in enumerate(attacks):
        own = (attack.words,) if attack.words else ()
        chosen = sampled(COMMANDS, n, every) if every > 1 else COMMANDS
        for words in dict.fromkeys((*own, *chosen)):
            if only in " ".join(words):
                yield words, attack


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one command in eight for each input, another for the next"
    )
    parser.add_argument("--folder", type=Path, help="files of others, in place of our own")
    parser.add_argument("--attack", default="", help="only inputs with this in their name")
    parser.add_argument("--command", default="", help="only commands with this in them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    make = load_attacks()
    attacks = [
        one for one in (attack_files(asked.folder, make) if asked.folder else make.ATTACKS) if asked.attack in one.name
    ]
    jobs = list(_jobs(attacks, 8 if asked.quick else 1, asked.command))
    if not asked.folder:  # these say what they are for themselves: they are imported, and nothing else
        sent = [one for one in make.SPREADSHEETS if asked.attack in one.name and asked.command in " ".join(one.words)]
        attacks, jobs = [*attacks, *sent], [*jobs, *((one.words, one) for one in sent)]
    worst: dict[str, list[float]] = {}
    cases: list[str] = []
    print(f"{len(attacks)} inputs, {len(jobs)} processes", flush=True)
    with ThreadPoolExecutor(asked.jobs) as pool:
        for (words, attack), (ran, broken) in zip(
            jobs, pool.map(lambda job: tried(job[0], job[1], make), jobs), strict=True
        ):
            row = worst.setdefault(" ".join(words) or "(status)", [0, 0.0, 0.0, 0])
            row[:] = [row[0] + 1, max(row[1], ran.seconds), max(row[2], ran.memory), row[3] + bool(broken)]
            if broken:
                case = f"{attack.name}: libreview {' '.join(words)}: {', '.join(sorted(broken))} ({ran.seconds:.1f} s, {ran.memory:.0f} MB)"
                cases.append(case)
                print(f"! {case}", file=sys.stderr, flush=True)
    print(f"{'command':<60}{'runs':>6}{'worst s':>9}{'MiB':>7}{'broken':>8}")
    for name, (runs, seconds, memory, broken_runs) in worst.items():
        print(f"{name:<60}{runs:>6.0f}{seconds:>9.2f}{memory:>7.0f}{broken_runs:>8.0f}")
    for case in cases:
        print(case)
    print(f"{len(cases)} of {len(jobs)} runs broke a promise")
    return 1 if cases else 0


if __name__ == "__main__":
    sys.exit(main())
