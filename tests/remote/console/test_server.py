"""The status server on a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from snomtui.errors import ListenError
from snomtui.remote.console.server import StatusServer, is_open
from tests.remote.console.standin import Desk


async def test_events_tell_the_journal_and_resume() -> None:
    desk = Desk()
    server = StatusServer(desk, "127.0.0.1", 0)
    host, port = await server.start()
    try:
        async with httpx.AsyncClient(verify=False, timeout=5) as client:
            url = f"http://{host}:{port}/api/v1/events"
            async with client.stream("GET", url) as answer:
                lines = answer.aiter_lines()
                assert await anext(lines) == "retry: 1000"
                desk.journal.note("first", 1.0, user="jan@ucc.de")
                desk.journal.note("second", 2.0)
                for entry in desk.journal:
                    for hear in desk.listeners:
                        hear(entry)
                got = [line async for line in take(lines, 8)]
            told = [json.loads(line.removeprefix("data: ")) for line in got if line.startswith("data: ")]
            assert [(each["event"], each["why"], each["user"]) for each in told] == [
                ("journal", "first", "jan@ucc.de"),
                ("journal", "second", ""),
            ]
            first = next(line for line in got if line.startswith("id: ")).removeprefix("id: ")
            async with client.stream("GET", url, headers={"Last-Event-ID": first}) as answer:
                again = [line async for line in take(answer.aiter_lines(), 6)]
            assert [json.loads(line[6:])["why"] for line in again if line.startswith("data: ")] == ["second"]
    finally:
        await asyncio.wait_for(server.stop(), 5)
    assert desk.listeners == []


async def take(lines: AsyncIterator[str], count: int) -> AsyncIterator[str]:
    """So many lines."""
    for _ in range(count):
        yield await anext(lines)


async def test_taken_port_is_said_in_words() -> None:
    first = StatusServer(Desk(), "127.0.0.1", 0)
    _, port = await first.start()
    second = StatusServer(Desk(), "127.0.0.1", port)
    with pytest.raises(ListenError, match="the status page cannot listen on .* another program uses this port"):
        await second.start()
    await second.stop()
    await first.stop()


@pytest.mark.parametrize(
    ("host", "open_"),
    [("127.0.0.1", False), ("127.3.2.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True)]
    + [("::", True), ("192.0.2.7", True), ("myhost", True)],
)
def test_server_knows_whether_other_machines_reach_it(host: str, open_: bool) -> None:
    assert is_open(host) is open_
