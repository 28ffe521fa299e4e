"""A server on this machine that stands in for every register and web page: what `libreview add` would ask the network for."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ANSWERS = Path(__file__).resolve().parent / "samples" / "answers"
LONGEST = 60.0
"""So many seconds a server lives at most, whatever becomes of its test."""

Sends = Callable[["Handler"], None]


class Answer:
    """What is answered at an address: a status, headers and bytes, or whatever ``sends`` does."""

    def __init__(
        self, body: bytes = b"", type: str = "text/html", status: int = 200, sends: Sends | None = None, **headers: str
    ) -> None:
        self.body = body
        self.status = status
        self.sends = sends
        self.headers = {"Content-Type": type, **{name.replace("_", "-"): value for name, value in headers.items()}}


class Registers:
    """The server: ``answers`` by host and path (``doi.org/10.1/x``), ``asked`` in the order of the requests, with their headers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []

    def sample(self, place: str, name: str, type: str = "text/html") -> None:
        """Answer at ``place`` with the sample ``name``."""
        self.answers[place] = Answer((ANSWERS / name).read_bytes(), type)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    registers: Registers


class Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        registers = self.server.registers
        place = self.path.lstrip("/")
        registers.asked.append(place)
        registers.headers.append({name.lower(): value for name, value in self.headers.items()})
        answer = registers.answers.get(place) or registers.answers.get(place.partition("?")[0]) or Answer(status=404)
        with contextlib.suppress(OSError):  # who asked may have gone
            if answer.sends is not None:
                answer.sends(self)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, format: str, *words: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[Registers]:
    """Give a server on a free port of this machine; it ends with the ``with`` block, or by itself."""
    server = _Server(("127.0.0.1", 0), Handler)
    server.registers = Registers(f"http://127.0.0.1:{server.server_address[1]}")
    end = threading.Timer(LONGEST, server.shutdown)
    end.daemon = True
    end.start()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.registers
    finally:
        end.cancel()
        server.shutdown()
        server.server_close()
