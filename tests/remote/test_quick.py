"""The short way for one whole GET of command.htm: what it takes, and that nobody can tell it from the general way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from snomtui.phone.intents import Dial, Press
from snomtui.remote.quick import QuickProtocol
from tests.remote.test_server import running

DIAL = b"GET /command.htm?number=5 HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Which requests went the short way, in order."""
    taken: list[bool] = []
    quickly = QuickProtocol.quickly

    def noting(self: QuickProtocol, data: bytes) -> bool:
        taken.append(quickly(self, data))
        return taken[-1]

    monkeypatch.setattr(QuickProtocol, "quickly", noting)
    return taken


def parts(answer: bytes) -> tuple[bytes, set[bytes], bytes]:
    """Status line, header fields without the date, and body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *fields = head.split(b"\r\n")
    return status, {field.lower() for field in fields if not field.lower().startswith(b"date:")}, body


@pytest.mark.parametrize("fields", [b"Connection: close\r\n", b"Connection: close\r\nX-Odd:  \xe4 \r\n"])
@pytest.mark.parametrize("target", [b"number=%2B49", b"key=5;ENTER,,9", b"key=NOSUCHKEY", b"number=", b"nosuch=1"])
async def test_a_client_gets_the_same_answer_on_both_ways(short: list[bool], target: bytes, fields: bytes) -> None:
    request = b"GET /command.htm?" + target + b" HTTP/1.1\r\nHost: x\r\n" + fields
    async with running() as web:
        quick = await web.raw(request + b"\r\n")
        done = list(web.phone.done)
        web.phone.now = replace(web.phone.now, calls=())  # the first call has gone, so this is no repeat
        general = await web.raw(request + b"Expect: nothing\r\n\r\n")
        assert short == [True, False]
        assert parts(quick) == parts(general)
        assert web.phone.done == done * 2


@pytest.mark.parametrize(
    "request_",
    [
        DIAL + b"Content-Length: 0\r\n\r\n",
        DIAL + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        DIAL + b"Host: y\r\n\r\n",
        DIAL + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        DIAL + b"X: a\r\n b\r\n\r\n",
        DIAL + b"X : a\r\n\r\n",
        DIAL + b"X: a\nY: b\r\n\r\n",
        DIAL + b"X: \0\r\n\r\n",
        DIAL.replace(b"\r\n", b"\n") + b"\n",
        DIAL.replace(b"1.1", b"1.2") + b"\r\n",
        DIAL.replace(b"=5", b"=0 30") + b"\r\n",
        DIAL.replace(b"=5", b"=5#6") + b"\r\n",
        DIAL.replace(b"GET", b"POST") + b"\r\n",
        DIAL.replace(b"GET", b"get") + b"\r\n",
        DIAL.replace(b"/command.htm", b"/index.htm") + b"\r\n",
        DIAL.replace(b"/command.htm", b"/command.htm/../x") + b"\r\n",
        DIAL + b"X: 1\r\n" * 65 + b"\r\n",
        DIAL + b"\r\n" + DIAL + b"\r\n",
    ],
)
async def test_what_is_not_of_exactly_this_form_goes_the_general_way(short: list[bool], request_: bytes) -> None:
    async with running() as web:
        await web.raw(request_)
        assert True not in short


async def test_one_connection_serves_one_request_after_the_other_on_both_ways(short: list[bool]) -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        for number in range(6):
            extra = b"Content-Length: 0\r\n" if number % 2 else b""
            writer.write(b"GET /command.htm?key=%d HTTP/1.1\r\nHost: x\r\n%s\r\n" % (number, extra))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"connection: close" not in head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()
        assert web.phone.done == [Press(str(number)) for number in range(6)]
        assert short == [True, False] * 3


@pytest.mark.parametrize("field", [b"", b"Connection: keep-alive\r\n"])
async def test_a_request_of_http_1_0_closes_the_connection(short: list[bool], field: bytes) -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(b"GET /command.htm?number=5 HTTP/1.0\r\n%s\r\n" % field)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 302 Found\r\n") and b"\r\nconnection: close\r\n" in answer
        assert web.phone.done == [Dial("5")] and short == [True]


async def test_an_answer_that_announces_the_end_of_the_connection_is_its_end(short: list[bool]) -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(DIAL.replace(b"Host: x", b"Host: x y") + b"\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"\r\nconnection: close\r\n") == 1
        assert web.phone.done == [] and short == [True]


async def test_what_comes_while_an_answer_is_due_waits_for_its_turn() -> None:
    async with running() as web:
        reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
        for number in range(5):
            writer.write(b"GET /command.htm?key=%d HTTP/1.1\r\nHost: x\r\n\r\n" % number)
            await asyncio.sleep(0)
        writer.write(DIAL + b"Connection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert answer.count(b"HTTP/1.1 200") == 5 and answer.count(b"HTTP/1.1 302") == 1
        assert web.phone.done == [*(Press(str(number)) for number in range(5)), Dial("5")]


async def test_a_login_is_asked_for_on_the_short_way_too(short: list[bool]) -> None:
    async with running(http_user="u", http_pass="p") as web:
        refused = await web.raw(DIAL + b"Connection: close\r\n\r\n")
        assert refused.startswith(b"HTTP/1.1 401 Unauthorized\r\n") and web.phone.done == []
        taken = await web.raw(DIAL + b"Authorization: Basic dTpw\r\nConnection: close\r\n\r\n")
        assert taken.startswith(b"HTTP/1.1 302 ") and web.phone.done == [Dial("5")]
        assert short == [True, True]
