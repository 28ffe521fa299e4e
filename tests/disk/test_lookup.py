"""The door to the network, against a server on this machine: what it asks, follows and takes, and what it says when it cannot."""

from __future__ import annotations

import gzip
import time

import pytest

from libreview.disk import lookup
from libreview.texts.identifiers import Identifier
from libreview.words.errors import NotFound, Refused, ReviewError, Wrong
from registers import Answer, Handler, Registers

DOI = Identifier("doi", "10.1234/a(b)<c>")
PAGE = Identifier("web", "http://town.example/a?b=1#top")


@pytest.mark.parametrize(
    ("wanted", "asked", "accepted"),
    [
        (DOI, "doi.org/10.1234/a(b)%3Cc%3E", "application/vnd.citationstyles.csl+json"),
        (Identifier("arxiv", "math.GT/0309136"), "export.arxiv.org/api/query?id_list=math.GT%2F0309136&max_results=1", "atom"),
        (Identifier("pmid", "123"), "eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&id=123&retmode=xml&tool=libreview", "xml"),
        (Identifier("isbn", "9780306406157"), "openlibrary.org/api/books?bibkeys=ISBN%3A9780306406157&format=json&jscmd=data", "json"),
        (PAGE, "town.example/a?b=1", "text/html"),
    ],
)  # fmt: skip
def test_what_is_asked(registers: Registers, wanted: Identifier, asked: str, accepted: str) -> None:
    registers.answers[asked] = Answer(b"yes", "text/plain; charset=latin-1")
    found = lookup.ask(wanted)
    assert (found.data, found.type, found.charset) == (b"yes", "text/plain", "latin-1")
    assert registers.asked == [asked]
    sent = registers.headers[0]
    assert accepted in sent["accept"]
    assert sent["user-agent"].startswith("libreview/")
    assert not {"cookie", "authorization", "referer"} & set(sent)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (404, NotFound, "doi.org knows no DOI 10.1234/a(b)<c>"),
        (410, NotFound, "knows no"),
        (406, lookup.Unreachable, "has no record of DOI"),
        (429, lookup.Unreachable, "is busy"),
        (503, lookup.Unreachable, "is busy"),
        (403, lookup.Unreachable, "lets no program read this (status 403)"),
        (500, lookup.Unreachable, "answered with an error (status 500)"),
    ],
)
def test_what_a_status_means(registers: Registers, status: int, kind: type[ReviewError], said: str) -> None:
    registers.answers["doi.org/10.1234/a(b)%3Cc%3E"] = Answer(status=status)
    with pytest.raises(kind) as caught:
        lookup.ask(DOI)
    assert said in str(caught.value)
    assert caught.value.hint


def test_a_page_that_is_not_there(registers: Registers) -> None:
    with pytest.raises(NotFound, match=r"town\.example has no such page"):
        lookup.ask(PAGE)
    assert registers.asked == ["town.example/a?b=1"]


def test_redirects_are_followed(registers: Registers) -> None:
    registers.answers["doi.org/10.1234/x"] = Answer(status=302, Location="https://api.crossref.org/v1/x")
    registers.answers["api.crossref.org/v1/x"] = Answer(b"{}", "application/json")
    assert lookup.ask(Identifier("doi", "10.1234/x")).data == b"{}"
    assert registers.asked == ["doi.org/10.1234/x", "api.crossref.org/v1/x"]
    assert "citationstyles" in registers.headers[1]["accept"]


@pytest.mark.parametrize(
    "leads",
    ["file:///etc/passwd", "ftp://example.org/x", "http://api.example/x", "https://me:secret@api.example/x", "data:,x"],
)
def test_a_redirect_elsewhere_is_not_followed(registers: Registers, leads: str) -> None:
    registers.answers["doi.org/10.1234/x"] = Answer(status=302, Location=leads)
    with pytest.raises(lookup.Unreachable):
        lookup.ask(Identifier("doi", "10.1234/x"))
    assert registers.asked == ["doi.org/10.1234/x"]


def test_redirects_end(registers: Registers) -> None:
    for at in range(20):
        registers.answers[f"town.example/{at}"] = Answer(status=302, Location=f"https://town.example/{at + 1}")
    with pytest.raises(lookup.Unreachable, match="status 302"):
        lookup.ask(Identifier("web", "https://town.example/0"))
    assert len(registers.asked) == 6


def test_a_redirect_into_the_own_network_is_not_followed(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user typed one name of this machine; a redirect to another does not get there."""
    monkeypatch.delenv("LIBREVIEW_LOOKUP")
    port = registers.address.rpartition(":")[2]
    registers.answers["a"] = Answer(status=302, Location=f"http://127.0.0.1:{port}/secret")
    registers.answers["secret"] = Answer(b"secret")
    with pytest.raises(lookup.Unreachable, match=r"localhost sends on to 127\.0\.0\.1, which is not asked"):
        lookup.ask(Identifier("web", f"http://localhost:{port}/a"))
    assert registers.asked == ["a"]
    assert lookup.ask(Identifier("web", f"http://127.0.0.1:{port}/secret")).data == b"secret"  # typed by the user


def test_a_name_that_was_public_at_first_does_not_lead_inward_later() -> None:
    """A name server may answer otherwise the second time."""

    class Opened:
        def __init__(self, address: str) -> None:
            self.address = address

        def getpeername(self) -> tuple[str, int]:
            return self.address, 80

        def close(self) -> None:
            """Close nothing."""

    def line(*addresses: str) -> None:
        one = lookup.Line(frozenset(("town.example",)), [], [])
        for address in addresses:
            one.check("town.example", Opened(address))  # type: ignore[arg-type]

    line("192.168.0.7", "192.168.0.7")  # a server of the campus, which was typed
    line("8.8.8.8", "2001:4860:4860::8888")
    for inward in ("192.168.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%eth0", "169.254.169.254"):
        with pytest.raises(OSError, match=r"town\.example"):
            line("8.8.8.8", inward)


def test_answers_have_a_largest_size(registers: Registers) -> None:
    registers.answers["doi.org/10.1234/x"] = Answer(b" " * (5 << 20), "application/json")
    with pytest.raises(Refused, match="more than a record"):
        lookup.ask(Identifier("doi", "10.1234/x"))
    registers.answers["town.example/a"] = Answer(b" " * (5 << 20))
    assert len(lookup.ask(PAGE).data) == 1 << 20


def test_what_is_packed_swells_no_further_than_that(registers: Registers) -> None:
    registers.answers["town.example/a"] = Answer(gzip.compress(b"x" * (50 << 20)), Content_Encoding="gzip")
    assert lookup.ask(PAGE).data == b"x" * (1 << 20)
    registers.answers["town.example/a"] = Answer(b"not packed at all", Content_Encoding="gzip")
    with pytest.raises(lookup.Unreachable, match=r"What town\.example sends is no answer"):
        lookup.ask(PAGE)


def _slowly(handler: Handler) -> None:
    """Send a byte now and then, for ever: each of them before a socket's own time is over."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def _silently(_: Handler) -> None:
    time.sleep(2)


@pytest.mark.parametrize("sends", [_slowly, _silently])
def test_the_whole_time_is_bounded(registers: Registers, monkeypatch: pytest.MonkeyPatch, sends: object) -> None:
    monkeypatch.setenv("LIBREVIEW_LOOKUP_TIMEOUT", "0.4")
    registers.answers["town.example/a"] = Answer(sends=sends)  # type: ignore[arg-type]
    begin = time.monotonic()
    with pytest.raises(lookup.Unreachable, match=r"town\.example did not answer within 0\.4 seconds"):
        lookup.ask(PAGE)
    assert time.monotonic() - begin < 30


def _nonsense(handler: Handler) -> None:
    handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")


def test_a_server_that_talks_nonsense(registers: Registers) -> None:
    registers.answers["town.example/a"] = Answer(sends=_nonsense)
    with pytest.raises(lookup.Unreachable, match=r"What town\.example sends is no answer"):
        lookup.ask(PAGE)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        lookup.Unreachable, match=r"doi\.org cannot be reached: "
    ):  # nothing listens at the address of all tests
        lookup.ask(DOI)
    monkeypatch.setenv("LIBREVIEW_LOOKUP", "")
    with pytest.raises(lookup.Unreachable, match="cannot be found"):
        lookup.ask(Identifier("web", "https://no-such-host.invalid/"))


@pytest.mark.parametrize(
    "value", ["http://example.org", "ftp://example.org", "file:///x", "127.0.0.1:80", "http://10.0.0.1", "http://[x"]
)
def test_only_this_machine_is_asked_without_encryption(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LIBREVIEW_LOOKUP", value)
    with pytest.raises(Wrong, match="LIBREVIEW_LOOKUP"):
        lookup.ask(DOI)


def test_a_proxy_of_the_environment_is_used_but_never_for_this_machine(
    registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", registers.address)
    monkeypatch.setenv("no_proxy", "")
    registers.answers["town.example/a"] = Answer(b"direct")
    assert lookup.ask(PAGE).data == b"direct"
    monkeypatch.delenv("LIBREVIEW_LOOKUP")
    registers.answers["http://town.example/a"] = Answer(b"by proxy")
    assert lookup.ask(PAGE).data == b"by proxy"
