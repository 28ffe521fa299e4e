"""Run libreview while one of its file-changing calls goes wrong.

    python bench/crashing/launch.py MODE AT FOLDER [--log FILE] -- ARGUMENTS OF LIBREVIEW

Counted are the calls that change something inside FOLDER. Those that Python audits (opening, renaming, removing, ...) are
seen by an audit hook, so that none escapes; writing and fsync are not audited and are seen by wrappers around `os.write`
and the like. MODE says what happens at call number AT:

    count    nothing
    kill     the process kills itself just before the call
    torn     as kill, but a write first writes half of its bytes
    enospc   the call fails as on a full disk, and so does every later call that needs room
    eio      the call fails once
    short    a write writes only half of its bytes and says so; with AT 0 every write does

`serve` does the same many times over: it loads libreview once and forks for each request, which saves the start.
No compiler is needed. Linux and macOS.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import importlib
import json
import os
import pkgutil
import random
import select
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec

MODES = ("count", "kill", "torn", "enospc", "eio", "short")
_NEEDS_ROOM = frozenset({"create", "truncate", "write", "mkdir", "link", "symlink", "rename", "fsync"})
_NEEDS_IT = frozenset({"remove", "rmdir", "rename", "link"})
_F_GETPATH = 50  # of macOS

Counted = Callable[..., Any]


class Request(msgspec.Struct):
    """One run: how libreview is called, where, and what goes wrong."""

    arguments: list[str]
    cwd: str
    environment: dict[str, str]
    out: str
    err: str
    mode: str = "count"
    at: int = -1
    root: str = ""
    log: str = ""
    typed: str = ""
    terminal: bool = False
    seconds: int = 60


def _path_of(descriptor: int) -> str:
    try:
        if sys.platform == "darwin":
            return os.fsdecode(fcntl.fcntl(descriptor, _F_GETPATH, bytes(1024)).rstrip(b"\0"))
        return os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115 (this may run while pathlib does)
    except OSError:
        return ""


class Watch:
    """Counts the file-changing calls of this process inside ``root``, and makes one of them go wrong."""

    def __init__(self, mode: str, at: int, root: str, log: str = "") -> None:
        assert mode in MODES, mode
        self.mode, self.at, self.root = mode, at, root.rstrip("/")
        self.count = 0
        self._full = False
        self._folder = -1  # the dir_fd of the os.open that is under way: the audit event leaves it out
        self._write, self._kill = os.write, os.kill
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600) if log else -1

    def install(self) -> None:
        """Watch from now on, for good: an audit hook cannot be taken away."""
        os.write = self._writing(os.write, half=True)
        os.pwrite = self._writing(os.pwrite, half=True)
        for name in ("writev", "pwritev", "sendfile", "copy_file_range", "posix_fallocate"):
            if hasattr(os, name):
                place = 1 if name == "copy_file_range" else 0
                setattr(os, name, self._writing(getattr(os, name), half=False, place=place))
        os.fsync = self._syncing(os.fsync)
        if hasattr(os, "fdatasync"):
            os.fdatasync = self._syncing(os.fdatasync)
        os.open = self._opening(os.open)
        sys.addaudithook(self._heard)

    # What is called

    def _writing(self, real: Counted, *, half: bool, place: int = 0) -> Counted:
        def call(*words: Any) -> Any:  # noqa: ANN401 (as the function it stands for)
            path = _path_of(words[place]) if words[place] > 2 else ""
            broken = self.hit("write", path) if self._within(path) else False
            if broken and half:
                wrote = real(words[0], memoryview(words[1])[: max(1, len(words[1]) // 2)], *words[2:])
                if self.mode == "torn":
                    self._die()
                return wrote
            return real(*words)

        return call

    def _syncing(self, real: Counted) -> Counted:
        def call(file: Any) -> Any:  # noqa: ANN401 (a descriptor, or what has one)
            path = _path_of(file if isinstance(file, int) else file.fileno())
            if self._within(path):
                self.hit("fsync", path)
            return real(file)

        return call

    def _opening(self, real: Counted) -> Counted:
        def call(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:  # noqa: ANN401
            self._folder = -1 if dir_fd is None else dir_fd
            try:
                opened: int = real(path, flags, mode, dir_fd=dir_fd)
            finally:
                self._folder = -1
            return opened

        return call

    def _heard(self, event: str, words: tuple[Any, ...]) -> None:
        if event == "open":
            self._opened(*words)
        elif event == "os.truncate":
            self._told("truncate", words[0])
        elif event in ("os.remove", "os.rmdir", "os.mkdir"):
            self._told(event[3:], words[0], folder=words[-1])
        elif event in ("os.rename", "os.link"):
            self._told(event[3:], words[0], words[1], words[2], words[3])
        elif event == "os.symlink":
            self._told("symlink", words[1], folder=words[2])

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:  # noqa: ANN401
        if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
            return
        if mode is not None:  # a file object: what it writes is not seen
            if not ("x" in mode and not isinstance(path, int) and os.path.lexists(path)):
                self._told("unseen", path)
        elif flags & (os.O_CREAT | os.O_TRUNC):
            self._told("truncate" if flags & os.O_TRUNC else "create", path, folder=self._folder)

    def _told(self, op: str, path: Any, other: Any = None, folder: int = -1, there: int = -1) -> None:  # noqa: ANN401
        one = self._absolute(path, folder)
        two = "" if other is None else self._absolute(other, there)
        if not self._within(one) and not self._within(two):
            return
        there_already = os.path.lexists(one)
        if op == "create" and there_already:
            op = "open"
        if there_already if op == "mkdir" else not there_already and op in _NEEDS_IT:
            return  # it will fail, and change nothing
        self.hit(op, one, two)

    def _absolute(self, path: Any, folder: int) -> str:  # noqa: ANN401
        if isinstance(path, int):
            return _path_of(path)
        text = os.fsdecode(path)
        if text.startswith("/"):
            return os.path.normpath(text)
        return os.path.normpath(os.path.join(_path_of(folder) if folder >= 0 else os.getcwd(), text))  # noqa: PTH109, PTH118

    def _within(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root + "/")

    # What happens

    def hit(self, op: str, path: str, other: str = "") -> bool:
        """Count a call; tell whether it is a write that is to be cut. Raises OSError, or does not return."""
        self.count += 1
        if self._log >= 0:
            self._write(self._log, json.dumps([op, path, other]).encode() + b"\n")
        if self._full and op in _NEEDS_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        if self.count != self.at:
            return self.mode == "short" and self.at == 0 and op == "write"
        if self.mode == "kill" or (self.mode == "torn" and op != "write"):
            self._die()
        if self.mode == "enospc":
            self._full = True
            if op in _NEEDS_ROOM:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        if self.mode == "eio":
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return self.mode in ("torn", "short") and op == "write"

    def _die(self) -> NoReturn:
        self._kill(os.getpid(), signal.SIGKILL)
        raise SystemExit(137)  # not reached


def launch(mode: str, at: int, root: str, log: str, arguments: Sequence[str]) -> NoReturn:
    """Run libreview in this process, watched. Ids that it makes up are the same each time."""
    random._urandom = random.Random(0).randbytes  # type: ignore[attr-defined]  # noqa: SLF001 (SystemRandom takes its bytes there)
    main = importlib.import_module("libreview.cli").main
    sys.argv = ["libreview", *arguments]
    Watch(mode, at, root, log).install()
    main()
    raise SystemExit(0)  # not reached


# Many runs ------------------------------------------------------------------------------------------------------------


def describe(folder: str) -> None:
    """Print what the index of the review says once it is up to date, one line a noun."""
    review_class = importlib.import_module("libreview.review").Review
    with review_class.open(Path(folder)) as review:
        nouns = {
            "totals": review.totals(),
            "listing": review.listing(),
            "lines": review.lines(),
            "records": review.records(),
            "sources": review.sources(),
            "excerpts": review.excerpts(),
            "codings": review.codings(),
            "notes": review.notes(),
            "codebook": review.codebook,
            "problems": review.problems(),
        }
    for name, value in nouns.items():
        print(name, repr(value))


def _child(request: Request, slave: int) -> NoReturn:
    """Be one run, in a process of its own; never return."""
    status = 99
    try:
        os.setsid()
        signal.alarm(request.seconds)
        os.chdir(request.cwd)
        os.environ.clear()
        os.environ.update(request.environment)
        inward, outward = os.pipe()
        if slave < 0:
            os.write(outward, request.typed.encode())  # short: it fits the pipe
        os.close(outward)
        made = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(inward if slave < 0 else slave, 0)
        os.dup2(os.open(request.out, made, 0o600), 1)
        os.dup2(os.open(request.err, made, 0o600) if slave < 0 else slave, 2)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
        if request.arguments[:1] == ["--describe"]:
            describe(request.arguments[1])
            status = 0
        else:
            launch(request.mode, request.at, request.root, request.log, request.arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # told to who asked
        with contextlib.suppress(OSError):
            os.write(2, f"Traceback of the launcher: {error!r}\n".encode())
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(status)


def _run(request: Request) -> int:
    """Fork a run and return its status, negative for a signal."""
    master, slave = os.openpty() if request.terminal else (-1, -1)
    if master >= 0:
        os.write(master, request.typed.encode())
    child = os.fork()
    if not child:
        _child(request, slave)
    said = b""
    if master >= 0:
        os.close(slave)
        while True:  # what is shown is read, so that the child never waits for it
            try:
                ready = select.select([master], [], [], request.seconds)[0]
                chunk = os.read(master, 65536) if ready else b""
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            said += chunk
        os.close(master)
        Path(request.err).write_bytes(said)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def serve() -> None:
    """Load all of libreview, then answer each line on stdin (a `Request`) with a line: the status of that run."""
    asked = open(os.dup(0), "rb", buffering=0)  # noqa: SIM115, PTH123 (sys.stdin itself stays unread, for the children)
    answers = os.dup(1)
    package = importlib.import_module("libreview")
    for module in pkgutil.walk_packages(package.__path__, "libreview."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    decoder = msgspec.json.Decoder(Request)
    while line := asked.readline():
        os.write(answers, f"{_run(decoder.decode(line))}\n".encode())


def _main() -> None:
    words = sys.argv[1:]
    if words == ["--serve"]:
        serve()
        return
    try:
        split = words.index("--")
        mode, at, root, *more = words[:split]
        log = more[1] if more[:1] == ["--log"] else ""
    except (ValueError, IndexError):
        sys.exit(__doc__)
    launch(mode, int(at), os.path.realpath(root), log, words[split + 1 :])


if __name__ == "__main__":
    _main()
