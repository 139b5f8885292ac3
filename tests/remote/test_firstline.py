"""The first line of a request: what is left alone, what is made acceptable, and how it comes in pieces."""

from __future__ import annotations

import asyncio

import pytest

from snomtui.phone.intents import Dial, Press
from snomtui.remote.firstline import LONGEST, bare, tolerated, whole
from tests.remote.test_server import running


@pytest.mark.parametrize(
    "data",
    [
        b"GET /command.htm?key=1 HTTP/1.1\r\nHost: x y\r\n\r\n",
        b"post /a HTTP/1.0\n\n",
        b"POST /a HTTP/1.1\r\n\r\n",
        b"GET /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /a HTTP/1.1\r\nAccept: x\r\n",
        b"OPTIONS sip:jan@ucc.test SIP/2.0\r\n\r\n",
        b"GET / RTSP/1.0\r\n\r\n",
        b"GET HTTP/1.1\r\n\r\n",
        b"HELO example.test\r\n",
        b"GET\r\n",
        b"\x16\x03\x01\x02\x00\n",
        b"",
    ],
)
def test_ordinary_request_and_what_is_none_are_not_touched(data: bytes) -> None:
    assert tolerated(data) == data and not bare(data)
    assert tolerated(b"\r\n" + data) == data.lstrip(b"\r\n")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"GET /a b HTTP/1.0\r\n\r\nGET /c d HTTP/1.1", b"GET /a%20b HTTP/1.0\r\n\r\nGET /c d HTTP/1.1"),
        (b"GET  /a  HTTP/1.1 \r\nHost: x\r\n\r\n", b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
        (b"GET /a http/1.1\nHost: x\n\n", b"GET /a HTTP/1.1\r\nHost: x\n\n"),
        (b"GET /\xfc HTTP/1.0\r\n\r\n", b"GET /%FC HTTP/1.0\r\n\r\n"),
        (b"GET /a HTTP/1.1\r\nAccept: x\r\n\r\nGET", b"GET /a HTTP/1.0\r\nAccept: x\r\n\r\nGET"),
        (b"GET /a?number=030 12/34\r\nHost: x\r\n\r\n", b"GET /a?number=030%2012/34 HTTP/1.0\r\nHost: x\r\n\r\n"),
    ],
)
def test_unusual_line_is_made_acceptable(data: bytes, line: bytes) -> None:
    assert tolerated(data) == line


def test_line_without_a_version_is_known() -> None:
    assert bare(b"GET /a\r\n") and bare(b"\r\nget /a b\n") and not bare(b"GET /a HTTP/1.1\r\n")
    assert not bare(b"GET /a"), "it may still come"


def test_line_is_waited_for_within_bounds() -> None:
    assert not whole(b"G") and not whole(b"GET /a HTTP/1.1\r")
    assert whole(b"GET /a\n") and whole(b"\x16\x03") and whole(b"A" * (LONGEST + 1))


def test_line_of_nothing_but_blanks_costs_no_time() -> None:
    line = b"GET /" + b" " * 60_000
    assert tolerated(line + b"x\r\n") == b"GET /%s" % (b"%20" * 60_000) + b"x HTTP/1.0\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (b"GET /command.htm?number=1", b"22", b"\r\n", b"Host: ", b"192.0.2.7\r\n", b"Connection: close\r\n", b"\r\n"),
        (b"G", b"ET /command.htm?number=122 HTTP/1.0\r", b"\n\r\n"),
        (b"\r", b"\nGET /command.htm?number=122  HTTP/1.1\r\nHost: x\r\n", b"\r\n"),
    ],
)
async def test_sketch_that_prints_its_request_in_pieces_makes_one_call(pieces: tuple[bytes, ...]) -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 302 ")
        writer.close()
        assert web.phone.done == [Dial("122")]


@pytest.mark.parametrize("target", ["/command.htm?key=1", "/index.htm"])
async def test_client_that_closes_its_side_is_answered_however_long_it_takes(target: str) -> None:
    async with running(sim_http_fault="slow:0.1") as web:
        answer = await web.raw(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200 ") and answer.rstrip().endswith(b"</html>")


async def test_one_line_and_nothing_more_is_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snomtui.remote.serving.BARE_PATIENCE", 0.05)
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(b"GET /command.htm?key=1\r\n")
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 200 ")
        writer.close()
        assert (await web.raw(b"GET /command.htm?key=2\n")).startswith(b"HTTP/1.1 200 ")
        assert web.phone.done == [Press("1"), Press("2")]
