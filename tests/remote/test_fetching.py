"""The phone fetches from real web servers, within bounds."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import trustme

from snomtui.kit.box import Fetch, Fetched
from snomtui.remote import getter
from snomtui.remote.fetching import MOST_AT_ONCE, MOST_WAITING, Fetching, at_home
from snomtui.settings.registry import Settings

HOST = "127.0.0.1"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>"

Speaks = Callable[[str], bytes | None]
"""What a server answers to the first line of a request; None = nothing, for ever."""


class Server:
    """A web server that says what the test wants."""

    def __init__(self, speaks: Speaks) -> None:
        self._speaks = speaks
        self.asked: list[str] = []
        """Whole requests, without body."""
        self.url = ""
        self._news = asyncio.Event()

    async def heard(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(10):
            while len(self.asked) < count:
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.asked.append(head.decode())
                self._news.set()
                said = self._speaks(self.asked[-1].partition("\r\n")[0])
                if said is None:
                    await asyncio.Event().wait()
                    return
                writer.write(said)
                await writer.drain()
                if b"Content-Length" not in said:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def web(speaks: Speaks, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that runs."""
    server = Server(speaks)
    listening = await asyncio.start_server(server.serve, HOST, 0, ssl=tls)
    server.url = f"http{'s' if tls else ''}://{HOST}:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


@asynccontextmanager
async def plain(said: bytes, stays: bool = False, heard: list[bytes] | None = None) -> AsyncIterator[str]:
    """A server that says the same to everybody, and then closes the connection, or stays as it is."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request)
        writer.write(said)
        if stays:
            await reader.read()
        writer.close()

    listening = await asyncio.start_server(serve, HOST, 0)
    try:
        yield f"http://{HOST}:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()


class Answers:
    """What came back, by question."""

    def __init__(self, own: str = "", **settings: str) -> None:
        self.got: dict[str, Fetched] = {}
        self._news = asyncio.Event()
        values = Settings(settings)
        self.fetching = Fetching(lambda: values, lambda: own, self._answered, self._unpacked)

    def _answered(self, ask: str, answer: Fetched) -> None:
        self.got[ask] = answer
        self._news.set()

    def _unpacked(self, data: bytes, size: tuple[int, int], tones: str) -> tuple[tuple[int, ...], ...]:
        if data == b"bad":
            raise ValueError("It is no picture that this phone can show")
        return ((len(data), *size),)

    async def ask(self, fetch: Fetch) -> Fetched:
        """Fetch, and wait for the answer."""
        self.fetching.fetch(fetch)
        async with asyncio.timeout(10):
            while fetch.ask not in self.got:
                self._news.clear()
                await self._news.wait()
        return self.got[fetch.ask]


@asynccontextmanager
async def answers(own: str = "", **settings: str) -> AsyncIterator[Answers]:
    """The phone's side, which is stopped at the end."""
    side = Answers(own, **settings)
    try:
        yield side
    finally:
        await side.fetching.stop()


async def test_page_is_got_with_the_name_of_the_phone() -> None:
    async with web(lambda line: PAGE) as server, answers() as side:
        answer = await side.ask(Fetch(f"{server.url}/a?b=1", "1", "Mozilla/4.0 (compatible; snom370-SIP 8.2.19)", "de"))
        assert (answer.status, answer.kind, answer.body, answer.why) == (200, "text/xml", b"<a/>", "")
        assert answer.url == f"{server.url}/a?b=1"
        head = server.asked[0].lower()
        assert head.startswith("get /a?b=1 http/1.1")
        assert "user-agent: mozilla/4.0 (compatible; snom370-sip 8.2.19)" in head and "accept-language: de" in head


async def test_redirects_are_followed_but_not_for_ever() -> None:
    def speaks(line: str) -> bytes:
        if line.startswith("GET /end"):
            return PAGE
        where = "/end" if line.startswith("GET /once") else "/again"
        return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()

    async with web(speaks) as server, answers() as side:
        assert (await side.ask(Fetch(f"{server.url}/once", "1"))).url == f"{server.url}/end"
        assert (await side.ask(Fetch(f"{server.url}/round", "2"))).why == "The server sends us to a wrong address"
        assert len(server.asked) == 2 + 1 + getter.MOST_REDIRECTS


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", "to a wrong address"),
        (b"nonsense\r\n\r\n", "The server broke off its answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nx", "does not answer in time"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 300_000, "What the server sent is too large"),
        (None, "The server does not answer in time"),
    ],
)
async def test_what_goes_wrong_is_said_in_words(said: bytes | None, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "in time" in why:  # a slow machine has all the time it needs for the others
        monkeypatch.setattr(getter, "TIME", 0.4)
    async with web(lambda line: said) as server, answers() as side:
        assert why in (await side.ask(Fetch(f"{server.url}/", "1"))).why


def packed(body: bytes) -> bytes:
    """An answer that is packed."""
    data = gzip.compress(body)
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data) + data


async def test_packed_answer_is_unpacked_within_bounds() -> None:
    bomb = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
    said = {"/good": packed(b"<a/>"), "/bomb": packed(b"x" * 50_000_000), "/odd": bomb}
    async with web(lambda line: said[line.split()[1]]) as server, answers() as side:
        assert (await side.ask(Fetch(f"{server.url}/good", "1"))).body == b"<a/>"
        assert (await side.ask(Fetch(f"{server.url}/bomb", "2"))).why == "What the server sent is too large"
        assert (await side.ask(Fetch(f"{server.url}/odd", "3"))).why == "The server broke off its answer"


async def test_server_that_is_not_there_is_said() -> None:
    async with answers() as side:
        assert (await side.ask(Fetch("http://127.0.0.1:9/", "1"))).why == "The server cannot be reached"
        assert (await side.ask(Fetch("http://nobody.invalid/", "2"))).why == "The server cannot be reached"


async def test_certificate_is_checked_only_if_a_person_wants_that() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(context)
    async with web(lambda line: PAGE, context) as server:
        async with answers() as side:
            assert (await side.ask(Fetch(server.url, "1"))).status == 200
        async with answers(sim_check_web_certificates="on") as side:
            answer = await side.ask(Fetch(server.url, "1"))
            assert answer.why == "The certificate of the server is not trusted"


async def test_picture_is_unpacked_outside_of_the_loop() -> None:
    async with (
        web(lambda line: PAGE if "good" in line else PAGE.replace(b"4\r", b"3\r").replace(b"<a/>", b"bad")) as server,
        answers() as side,
    ):
        good = await side.ask(Fetch(f"{server.url}/good", "1", pixels=(3, 2)))
        assert (good.pixels, good.body) == (((4, 3, 2),), b"")
        bad = await side.ask(Fetch(f"{server.url}/bad", "2", pixels=(3, 2)))
        assert (bad.pixels, bad.why) == ((), "It is no picture that this phone can show")
        inside = await side.ask(Fetch("data:;base64,QUJD", "3", pixels=(3, 2)))
        assert inside.pixels == ((3, 3, 2),)
        assert (await side.ask(Fetch("data:;base64,%%%", "4", pixels=(3, 2)))).why


async def test_cookies_are_not_kept() -> None:
    cookie = PAGE.replace(b"\r\nContent-Type", b"\r\nSet-Cookie: a=b\r\nContent-Type")
    async with web(lambda line: cookie) as server, answers() as side:
        await side.ask(Fetch(server.url, "1"))
        await side.ask(Fetch(server.url, "2"))
        assert "cookie" not in server.asked[1].lower()


async def test_action_url_is_sent_although_nobody_wants_an_answer() -> None:
    async with web(lambda line: PAGE) as server, answers() as side:
        side.fetching.fetch(Fetch(f"{server.url}/told"))
        await side.ask(Fetch(f"{server.url}/asked", "1"))
        await server.heard(2)
        assert any("/told" in head for head in server.asked) and list(side.got) == ["1"]


async def test_server_hears_what_happened_in_its_order() -> None:
    async with web(lambda line: PAGE) as server, answers() as side:
        for number in range(30):
            side.fetching.fetch(Fetch(f"{server.url}/{number}", orderly=True))
        await server.heard(30)
        assert [head.split()[1] for head in server.asked] == [f"/{number}" for number in range(30)]


async def test_server_that_is_silent_holds_up_no_other_one() -> None:
    async with web(lambda line: None) as silent, web(lambda line: PAGE) as server, answers() as side:
        for _ in range(3):
            side.fetching.fetch(Fetch(f"{silent.url}/a", orderly=True))
        assert (await side.ask(Fetch(f"{server.url}/b", "1", orderly=True))).status == 200
        assert (await side.ask(Fetch(f"{server.url}/c", "2"))).status == 200


async def test_server_that_never_answers_hears_everything_at_once_and_in_order() -> None:
    async with web(lambda line: None) as server, answers() as side:
        began = asyncio.get_running_loop().time()
        for number in range(10):
            side.fetching.fetch(Fetch(f"{server.url}/{number}", orderly=True))
        await server.heard(10)
        assert asyncio.get_running_loop().time() - began < getter.TIME
        assert [head.split()[1] for head in server.asked] == [f"/{number}" for number in range(10)]
        assert all("connection: close" in head.lower() for head in server.asked)


@pytest.mark.parametrize(
    ("said", "status", "body", "why"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n", 200, b"", ""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<a", 200, b"<a", ""),
        (b"HTTP/1.1 500 Oh\r\n\r\nno", 500, b"no", ""),
        (b"", 0, b"", "The server broke off its answer"),
        (b"\x00\xff nonsense\r\n\r\n", 0, b"", "The server broke off its answer"),
    ],
)
async def test_small_server_may_answer_as_it_can(said: bytes, status: int, body: bytes, why: str) -> None:
    async with plain(said) as url, answers() as side:
        answer = await side.ask(Fetch(f"{url}/", "1", orderly=True))
        assert (answer.status, answer.body, answer.why) == (status, body, why)


async def test_answer_without_an_end_counts_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getter, "TIME", 0.4)
    async with plain(b"HTTP/1.1 200 OK\r\n\r\n<a/>", stays=True) as url, answers() as side:
        answer = await side.ask(Fetch(f"{url}/", "1", orderly=True))
        assert (answer.status, answer.body, answer.why) == (200, b"<a/>", "")
        assert (await side.ask(Fetch(f"{url}/", "2"))).why == "The server does not answer in time"


async def test_request_that_failed_is_not_sent_again() -> None:
    heard: list[bytes] = []
    async with plain(b"", heard=heard) as url, answers() as side:
        await side.ask(Fetch(f"{url}/once", "1", orderly=True))
        assert [head.split()[1] for head in heard] == [b"/once"]


async def test_no_more_is_under_way_than_may_be() -> None:
    async with web(lambda line: None) as server, answers() as side:
        for number in range(MOST_WAITING + 20):
            side.fetching.fetch(Fetch(f"{server.url}/{number}", str(number)))
        await server.heard(MOST_AT_ONCE)
        assert len(server.asked) == MOST_AT_ONCE
        late = await side.ask(Fetch(f"{server.url}/late", "late"))
        assert late.why == "The server does not answer in time"


@pytest.mark.parametrize(
    ("url", "own", "target", "home"),
    [
        (
            "http://127.0.0.1/command.htm?key=1",
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/command.htm?key=1",
            True,
        ),
        ("https://localhost/dummy.htm", "http://192.0.2.5:81", "http://192.0.2.5:81/dummy.htm", True),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080", "http://127.0.0.1:8080/x", True),
        ("http://192.0.2.5:81/x", "http://192.0.2.5:81", "http://192.0.2.5:81/x", True),
        ("http://127.0.0.1:9000/x", "http://127.0.0.1:8080", "http://127.0.0.1:9000/x", False),
        ("http://web.example/x", "http://127.0.0.1:8080", "http://web.example/x", False),
        ("http://127.0.0.1/x", "", "", True),
        ("http://web.example/x", "", "http://web.example/x", False),
    ],
)
def test_pages_reach_the_phone_that_shows_them(url: str, own: str, target: str, home: bool) -> None:
    assert at_home(url, own) == (target, home)


@pytest.mark.parametrize(("scheme", "begins"), [("off", "authorization: basic"), ("on", "authorization: digest")])
async def test_phone_shows_its_own_web_server_its_login(scheme: str, begins: str) -> None:
    def speaks(line: str) -> bytes:
        if scheme == "on" and "/" in line and not any("uthorization" in head for head in server.asked):
            challenge = b'WWW-Authenticate: Digest realm="x", nonce="1", qop="auth"\r\n'
            return b"HTTP/1.1 401 No\r\n" + challenge + b"Content-Length: 0\r\n\r\n"
        return PAGE

    login = {"http_user": "me", "http_pass": "hush", "http_scheme": scheme}
    async with web(speaks) as server, web(lambda line: PAGE) as other, answers(server.url, **login) as side:
        answer = await side.ask(Fetch(f"{server.url}/command.htm?key=1", "1"))
        assert (answer.status, answer.own) == (200, True)
        assert begins in server.asked[-1].lower()
        assert not (await side.ask(Fetch(other.url, "2"))).own
        assert "authorization" not in other.asked[0].lower()


async def test_web_server_that_is_off_is_said() -> None:
    async with answers() as side:
        answer = await side.ask(Fetch("http://127.0.0.1/command.htm?key=1", "1"))
        assert answer.why == "The web server of this phone is off"
