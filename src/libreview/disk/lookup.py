"""The network. This room alone opens a connection, and only for what the user typed; nothing in a review folder gets here.

Registers are asked by https, web pages by http or https. A redirect leads to another public address or to none: what lies in the
user's own network cannot be reached by it. Sizes and the whole time have bounds, whatever the other side does. $LIBREVIEW_LOOKUP names a
server that stands in for all others (a mirror, or a test on this machine), $LIBREVIEW_LOOKUP_TIMEOUT how many seconds a request may take.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import ipaddress
import os
import re
import socket
import ssl
import threading
import urllib.request
import zlib
from collections.abc import Callable
from email.message import Message
from typing import IO, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit

from libreview import __version__
from libreview.texts.identifiers import Identifier
from libreview.value import Value
from libreview.words.errors import NotFound, Refused, ReviewError, Wrong
from libreview.words.i18n import N_

__all__ = ["BY_HAND", "Fetched", "Unreachable", "ask", "host_of", "no_such"]

_AGENT = f"libreview/{__version__} (literature review from the command line)"
_LARGEST_RECORD = 4 << 20
_LARGEST_PAGE = 1 << 20
_SECONDS = 20.0
_MOST_REDIRECTS = 5
_MIRROR, _PATIENCE = "LIBREVIEW_LOOKUP", "LIBREVIEW_LOOKUP_TIMEOUT"
_CSL = "application/vnd.citationstyles.csl+json"
BY_HAND = N_('Try again later, or add it by hand: libreview add --title "..." --author "..."')


class Unreachable(ReviewError):
    """The network, or the server asked, does not answer. What is wanted may well be there."""


class Fetched(Value, frozen=True):
    """What was answered: the bytes, their media type, the character set that the server named, and the address in the end."""

    data: bytes
    type: str
    charset: str
    address: str


def ask(wanted: Identifier) -> Fetched:
    """Return what the register of ``wanted`` (or the page it is the address of) answers.

    Raises `Unreachable` without a connection, for a time that is over and for a server that refuses; `NotFound` where there is nothing
    of that name; `Refused` for an answer that is larger than records are.
    """
    address, accepted = _request(wanted)
    return _within(_patience(), functools.partial(_fetched, wanted, address, accepted), host_of(wanted))


def host_of(wanted: Identifier) -> str:
    """Return the name of the server that is asked for ``wanted``."""
    return urlsplit(_request(wanted)[0]).hostname or ""


def _request(wanted: Identifier) -> tuple[str, str]:
    """Return the address that answers for ``wanted``, and the media types that are wanted of it."""
    value = wanted.value
    if wanted.kind == "doi":
        return f"https://doi.org/{quote(value, safe='/()')}", f"{_CSL}, application/json;q=0.5"
    if wanted.kind == "arxiv":
        asked = urlencode({"id_list": value, "max_results": "1"})
        return f"https://export.arxiv.org/api/query?{asked}", "application/atom+xml"
    if wanted.kind == "pmid":
        asked = urlencode({"db": "pubmed", "id": value, "retmode": "xml", "tool": "libreview"})
        return f"https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?{asked}", "application/xml, text/xml"
    if wanted.kind == "isbn":
        asked = urlencode({"bibkeys": f"ISBN:{value}", "format": "json", "jscmd": "data"})
        return f"https://openlibrary.org/api/books?{asked}", "application/json"
    return value.partition("#")[0], "text/html, application/xhtml+xml;q=0.9"


def _patience() -> float:
    try:
        return min(max(float(os.environ.get(_PATIENCE) or _SECONDS), 0.1), 600.0)
    except ValueError:
        return _SECONDS


def _mirror() -> str:
    """Return the address of the server that stands in for all others, without a slash at its end; empty if there is none."""
    given = os.environ.get(_MIRROR, "").rstrip("/")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        loopback = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        parts, loopback = urlsplit(given if given.startswith("https://") else ""), False
    if not parts.hostname or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not loopback):
        raise Wrong(
            N_("{name} is not an address to ask: {value}"), N_("It begins with https://"), name=_MIRROR, value=given
        )
    return given


# One request ----------------------------------------------------------------------------------------------------------


class _Astray(OSError):
    """A redirect leads into the user's own network, or to what is no web address. The text is where to."""


class Line(Value, frozen=True):
    """What the connections of one request share: the hosts that the user named, and the sockets to be closed when time is over.

    ``inward`` holds whether the first of them led to an address that is not public, as a server of a campus may have.
    """

    named: frozenset[str]
    sockets: list[socket.socket]
    inward: list[bool]

    def check(self, host: str, opened: socket.socket) -> None:
        """Raise `_Astray` if ``opened`` leads to an address that is not public, unless ``host`` was named and did so at first.

        A name server may answer otherwise the second time.
        """
        self.sockets.append(opened)
        reached = ipaddress.ip_address(str(opened.getpeername()[0]).partition("%")[0])
        reached = getattr(reached, "ipv4_mapped", None) or reached
        self.inward.append(not reached.is_global)
        if self.inward[-1] and not (self.inward[0] and host.strip("[]").lower() in self.named):
            opened.close()
            raise _Astray(host)


class _Plain(http.client.HTTPConnection):
    """A connection that is looked at before anything is sent."""

    def __init__(self, host: str, line: Line, **more: Any) -> None:  # noqa: ANN401 (handed on to http.client)
        super().__init__(host, **more)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.check(self.host, self.sock)


class _Secure(http.client.HTTPSConnection):
    """The same over TLS."""

    def __init__(self, host: str, line: Line, **more: Any) -> None:  # noqa: ANN401 (handed on to http.client)
        super().__init__(host, **more)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.check(self.host, self.sock)


class _PlainHandler(urllib.request.HTTPHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(functools.partial(_Plain, line=self._line), req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._trust = ssl.create_default_context()

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(functools.partial(_Secure, line=self._line), req, context=self._trust)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects to http and https; a register that is asked by https is not left for less."""

    max_redirections = _MOST_REDIRECTS
    max_repeats = 2

    def __init__(self, mirror: str, *, secure: bool) -> None:
        self._mirror = mirror
        self._secure = secure

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:  # fmt: skip
        inside = bool(self._mirror) and newurl.startswith(f"{self._mirror}/")
        known = re.match(r"https://[^/?#@]+(?:[/?#]|$)" if self._secure else r"https?://[^/?#@]+(?:[/?#]|$)", newurl)
        if not (inside or known):
            raise _Astray(newurl[:100])
        if self._mirror and not inside:
            newurl = f"{self._mirror}/{newurl.partition('://')[2]}"
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(named: str, line: Line, redirects: _Redirects) -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else. The proxy is that of the environment, but never for this machine."""
    opener = urllib.request.OpenerDirector()
    handlers: list[urllib.request.BaseHandler] = [
        _PlainHandler(line), _SecureHandler(line), redirects, urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ]  # fmt: skip
    proxies = _proxies(named)
    if proxies:
        handlers.insert(0, urllib.request.ProxyHandler(proxies))
    for handler in handlers:
        opener.add_handler(handler)
    opener.addheaders = []
    return opener


def _proxies(host: str) -> dict[str, str]:
    """Return the proxies that the environment names for http and https, if they are http proxies and ``host`` is not this machine."""
    if host in ("localhost", "127.0.0.1", "::1"):
        return {}
    found = urllib.request.getproxies_environment()
    return {
        name: value for name in ("http", "https") if (value := found.get(name, "")).startswith(("http://", "https://"))
    }


def _fetched(wanted: Identifier, address: str, accepted: str, sockets: list[socket.socket]) -> Fetched:
    """Ask and return the answer. What goes wrong is raised in our words."""
    mirror = _mirror()
    host = urlsplit(address).hostname or ""
    asked = f"{mirror}/{address.partition('://')[2]}" if mirror else address
    named = urlsplit(asked).hostname or ""
    proxies = {urlsplit(one).hostname or "" for one in _proxies(named).values()}
    line = Line(frozenset((named, *proxies)) - {""}, sockets, [])
    request = urllib.request.Request(  # noqa: S310 (made above: https, or what the user typed, which is http or https)
        asked, headers={"User-Agent": _AGENT, "Accept": accepted, "Connection": "close"}
    )
    is_page = wanted.kind == "web"
    opener = _opener(named, line, _Redirects(mirror, secure=not is_page))
    try:
        with opener.open(request, timeout=_patience()) as answer:
            data, whole = _content(answer, _LARGEST_PAGE if is_page else _LARGEST_RECORD)
            headers: Message = answer.headers
            end = str(answer.url)
    except HTTPError as error:
        error.close()
        _refuse(wanted, host, error.code)
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise _unreachable(host, error) from error
    if not whole and not is_page:
        raise Refused(N_("{host} answered with more than a record"), BY_HAND, host=host)
    return Fetched(data, headers.get_content_type(), headers.get_content_charset("") or "", end)


def _content(answer: http.client.HTTPResponse, most: int) -> tuple[bytes, bool]:
    """Return what was sent, up to ``most`` bytes, and whether that is all of it."""
    data = answer.read(most + 1)
    if answer.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip", "deflate"):  # nobody asked for it
        data = zlib.decompressobj(wbits=47).decompress(data, most + 1)
    return data[:most], len(data) <= most


def _refuse(wanted: Identifier, host: str, status: int) -> NoReturn:
    """Raise what a status of ``host`` means."""
    name = str(wanted)
    if wanted.kind == "web" and status in (404, 410):
        raise NotFound(
            N_("{host} has no such page"), N_("Look at the address: {identifier}"), host=host, identifier=name
        )
    if status in (404, 410) or (wanted.kind in ("pmid", "arxiv") and status == 400):
        raise no_such(wanted, host)
    if status in (406, 415):
        words, hint = N_("{host} has no record of {identifier} that a program could read"), BY_HAND
    elif status in (429, 503):
        words, hint = N_("{host} is busy and asks to wait"), N_("Try again in a minute.")
    elif status in (401, 402, 403, 451):
        words, hint = N_("{host} lets no program read this (status {status})"), BY_HAND
    else:
        words, hint = N_("{host} answered with an error (status {status})"), BY_HAND
    raise Unreachable(words, hint, host=host, identifier=name, status=status)


def no_such(wanted: Identifier, host: str) -> NotFound:
    """Return what is to be said where a register knows nothing of that name."""
    return NotFound(
        N_("{host} knows no {identifier}"),
        N_("Look at it again: a digit or letter may be wrong."),
        host=host,
        identifier=str(wanted),
    )


def _unreachable(host: str, error: Exception) -> Unreachable:
    """Return what is to be said of a connection that failed."""
    reason: object = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return _late(host)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Unreachable(N_("{host} cannot be trusted: its certificate is not valid"), BY_HAND, host=host)
    if isinstance(reason, socket.gaierror):
        return Unreachable(N_("{host} cannot be found: there seems to be no connection"), BY_HAND, host=host)
    if isinstance(reason, _Astray):
        return Unreachable(N_("{host} sends on to {place}, which is not asked"), BY_HAND, host=host, place=str(reason))
    if isinstance(error, http.client.HTTPException | zlib.error | ValueError):
        return Unreachable(N_("What {host} sends is no answer"), BY_HAND, host=host)
    words = reason.strerror or str(reason) if isinstance(reason, OSError) else str(reason)
    return Unreachable(N_("{host} cannot be reached: {reason}"), BY_HAND, host=host, reason=words)


def _late(host: str) -> Unreachable:
    seconds = f"{_patience():g}"
    return Unreachable(N_("{host} did not answer within {seconds} seconds"), BY_HAND, host=host, seconds=seconds)


def _within(seconds: float, work: Callable[[list[socket.socket]], Fetched], host: str) -> Fetched:
    """Return what ``work`` returns or raise what it raises; after ``seconds`` close its sockets and raise `Unreachable`.

    A socket's own time begins anew with each byte, and the search for a host's address has none: so a thread is waited for.
    """
    sockets: list[socket.socket] = []
    done: list[Fetched] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work(sockets))
        except Exception as error:  # raised where it is waited for
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    if failed:
        raise failed[0]
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
    raise _late(host)
