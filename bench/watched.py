"""Run libreview and write down what it does to the rest of the machine: ``python bench/watched.py LOG WORDS...``.

`LOG` gets a line of JSON for each program started, each address asked for and each path opened for writing, made, moved
or removed. The interpreter itself reports them (audit hooks, PEP 578), so nothing is replaced and nothing can be left out.
"""

from __future__ import annotations

import json
import os
import sys

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATHS = {
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
    "os.setxattr": (0,),
    "sqlite3.connect": (0,),
}
"""Events that change something, and which of their arguments are paths."""
_PROGRAMS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.fork", "pty.spawn")
_NETWORK = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "urllib.Request",
)


def _shown(value: object) -> str:
    if isinstance(value, str | bytes | os.PathLike):
        return os.fsdecode(value)
    return str(value)


def watch(log: str) -> None:
    """Write down from now on, in the file ``log``."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(kind: str, *what: object) -> None:
        os.write(descriptor, json.dumps([kind, *map(_shown, what)]).encode() + b"\n")

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
                note("write", _place(path))
        elif event in _PATHS:
            for n in _PATHS[event]:
                if not isinstance(arguments[n], int):
                    note("write", _place(arguments[n]))
        elif event in _PROGRAMS:
            note("program", arguments[0] if arguments else event)
        elif event == "os.system":
            note("program", "a shell")
        elif event in _NETWORK:
            note("network", event)

    sys.addaudithook(heard)


def _place(path: object) -> str:
    shown = _shown(path)
    return shown if shown == ":memory:" else os.path.join(os.getcwd(), shown)  # noqa: PTH109, PTH118 (inside a hook)


if __name__ == "__main__":
    watch(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    sys.path.pop(0)  # as if it had been started by its own name
    from libreview.cli import main

    main()
