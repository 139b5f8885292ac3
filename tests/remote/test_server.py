"""The web server on real sockets, as small programs talk to it."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from snomtui.errors import ListenError
from snomtui.phone.intents import Dial, Press
from snomtui.remote.intentjson import Object
from snomtui.remote.server import WebServer
from tests.remote.standin import NotingPhone


@dataclass
class Running:
    """A server that runs, and what it does."""

    phone: NotingPhone
    server: WebServer
    port: int
    told: list[Object] = field(default_factory=list)

    async def raw(self, data: bytes) -> bytes:
        """Send bytes, close our half, and read to the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer


@asynccontextmanager
async def running(**settings: str) -> AsyncIterator[Running]:
    """A server on any free port."""
    phone = NotingPhone(**settings)
    told: list[Object] = []
    server = WebServer(phone, "127.0.0.1", 0, told.append)
    _, port = await server.start()
    try:
        yield Running(phone, server, port, told)
    finally:
        await asyncio.wait_for(server.stop(), 5)


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (b"GET /command.htm?number=+4930 HTTP/1.0\r\n\r\n", "+4930"),
        (b"GET /command.htm?number=%2B4930 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "+4930"),
        (b"GET /command.htm?number=030 12 HTTP/1.0\r\n\r\n", "030 12"),
        (b"GET /command.htm?number= 4930 HTTP/1.0\r\n\r\n", "+4930"),
        (b"GET /command.htm?number=sip:j\xc3\xbc@x.test HTTP/1.0\r\n\r\n", "sip:jü@x.test"),
        (b"\r\nGET /command.htm?number=5 HTTP/1.0\n\n", "5"),
        (b"GET http://phone/command.htm?number=5 HTTP/1.0\r\n\r\n", "5"),
        (b"POST /command.htm HTTP/1.0\r\nContent-Length: 12\r\n\r\nnumber=+4930", "+4930"),
        (b"POST /command.htm?number=5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "5"),
    ],
)
async def test_server_forgives_small_programs(request_: bytes, number: str) -> None:
    async with running() as web:
        answer = await web.raw(request_)
        assert answer.startswith(b"HTTP/1.1 302 ") and b"location: /index.htm\r\n" in answer.lower()
        assert web.phone.done == [Dial(number)]


async def test_pipelined_keys_are_pressed_in_order() -> None:
    async with running() as web:
        request = b"".join(b"GET /command.htm?key=%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(9))
        answer = await web.raw(request + b"GET /command.htm?key=9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.count(b"HTTP/1.1 200") == 10
        assert web.phone.done == [Press(str(n)) for n in range(10)]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"\x00" * 100,
        b"banana\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /command.htm?key=1\r\n\r\n",
        b"REGISTER sip:ucc.test SIP/2.0\r\n\r\n",
        b"POST /command.htm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nbanana\r\n",
        b"POST /command.htm HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    ],
)
async def test_garbage_is_harmless_and_silent(
    garbage: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as web:
        with caplog.at_level(logging.DEBUG):
            answer = await web.raw(garbage)
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
            assert web.phone.done == []
            assert b" 200 " in await web.raw(b"GET /command.htm?key=1 HTTP/1.0\r\n\r\n")
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_half_requests_and_silent_clients_do_not_hold_up_others_or_the_stop(
    capfd: pytest.CaptureFixture[str],
) -> None:
    writers = []
    async with running() as web:
        for start in (b"", b"GET /comm", b"POST /command.htm HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nkey"):
            _, writer = await asyncio.open_connection("127.0.0.1", web.port)
            writer.write(start)
            writers.append(writer)
        assert b" 200 " in await web.raw(b"GET /command.htm?key=1 HTTP/1.0\r\n\r\n")
    for writer in writers:
        writer.close()
    assert web.phone.done == [Press("1")]
    assert capfd.readouterr() == ("", "")


async def test_client_that_leaves_in_its_body_is_no_trouble() -> None:
    async with running() as web:
        assert await web.raw(b"POST /command.htm HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nkey=1") in (
            b"",
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n"
            b"Invalid HTTP request received.",
        )
        assert web.phone.done == [] and web.told == []


async def test_digest_works_over_a_socket() -> None:
    async with running(http_user="me", http_pass="geheim", http_scheme="on") as web:
        auth = httpx.DigestAuth("me", "geheim")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", auth=auth, verify=False) as client:
            assert (await client.get("/command.htm?number=%2B49 30")).status_code == 302
        assert web.phone.done == [Dial("+49 30")]


async def test_event_stream_tells_resumes_and_ends_with_the_server() -> None:
    async with running() as web, httpx.AsyncClient(verify=False, timeout=5) as client:
        url = f"http://127.0.0.1:{web.port}/api/v1/events"
        async with client.stream("GET", url) as answer:
            lines = answer.aiter_lines()
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert await anext(lines) == "retry: 1000"
            web.phone.happen({"event": "error", "n": 1})
            web.phone.happen({"event": "error", "n": 2})
            got = [await anext(lines) for _ in range(8)]
        first_id = next(line for line in got if line.startswith("id: ")).removeprefix("id: ")
        web.phone.happen({"event": "error", "n": 3})
        async with client.stream("GET", url, headers={"Last-Event-ID": first_id}) as answer:
            lines = answer.aiter_lines()
            data: list[str] = []
            while len(data) < 2:
                line = await anext(lines)
                data += [line] if line.startswith("data: ") else []
        assert data == ['data: {"event":"error","n":2}', 'data: {"event":"error","n":3}']
    assert web.phone.listeners == []


async def test_listeners_hear_only_what_they_asked_for_and_can_begin_where_they_like() -> None:
    async with running() as web, httpx.AsyncClient(verify=False, timeout=5) as client:
        url = f"http://127.0.0.1:{web.port}/api/v1/events"
        for name in ("led", "call", "presence", "led"):
            web.phone.happen({"event": name})
        web.phone.happen({"event": "call", "last": True})

        async def heard(query: str) -> list[str]:
            told: list[str] = []
            async with client.stream("GET", url + query) as answer:
                async for line in answer.aiter_lines():
                    told += [line.removeprefix("data: ")] if line.startswith("data: ") else []
                    if "last" in line:
                        break
            return told

        everything = heard("?since=0")
        calls, more = heard("?since=0&types=call"), heard("?types=presence,call&since=0")
        got = await asyncio.gather(everything, calls, more)
    assert [len(each) for each in got] == [5, 2, 3]
    assert got[1] == ['{"event":"call"}', '{"event":"call","last":true}']


async def test_open_event_stream_ends_cleanly_when_the_server_stops() -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b": events\n\n")
    assert (await asyncio.wait_for(reader.read(), 5)).endswith(b"0\r\n\r\n")
    writer.close()


async def test_taken_port_is_said_in_words() -> None:
    async with running() as web:
        second = WebServer(NotingPhone(), "127.0.0.1", web.port, lambda event: None)
        with pytest.raises(ListenError, match="another program uses this port"):
            await second.start()
        await second.stop()


@pytest.mark.parametrize(("host", "port"), [("192.0.2.77", 0), ("127.0.0.1", 70000), ("no.such.host.invalid", 0)])
async def test_impossible_address_is_said_in_words(host: str, port: int) -> None:
    with pytest.raises(ListenError):
        await WebServer(NotingPhone(), host, port, lambda event: None).start()


async def test_server_starts_again_on_its_port_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with running() as web:
        port = web.port
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
        await web.raw(b"GET /command.htm?key=1 HTTP/1.0\r\n\r\n")
    again = WebServer(NotingPhone(), "127.0.0.1", port, lambda event: None)
    assert await again.start() == ("127.0.0.1", port)
    await again.stop()
