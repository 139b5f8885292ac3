"""The web server as an application, without sockets."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial
from tests.remote.standin import Bench


async def test_dial_answers_as_the_real_phone_does() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/command.htm?number=%2B4930123")
    assert answer.status_code == 302 and answer.headers["location"] == "/index.htm"
    assert bench.phone.done == [Dial("+4930123")]
    assert bench.commands == [
        {
            "at": bench.clock.now,
            "event": "command",
            "method": "GET",
            "target": "/command.htm?number=%2B4930123",
            "peer": "192.0.2.9:4711",
            "status": 302,
            "did": [{"do": "dial", "number": "+4930123"}],
        }
    ]


async def test_unknown_key_is_refused_and_said() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/command.htm?key=1;BANANA")
    assert answer.status_code == 400 and "BANANA" in answer.text
    assert bench.phone.done == []
    assert bench.commands[0]["did"] == [] and "BANANA" in bench.commands[0]["why"]


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_get_and_post_have_an_effect(method: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        for path in ("/command.htm?key=1", "/index.htm?number=1", "/dummy.htm?settings=save&dnd_mode=on"):
            answer = await client.request(method, path)
            assert answer.status_code == (200 if method == "HEAD" else 405)
    assert bench.phone.done == []


async def test_unknown_page_is_404() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert (await client.get("/banana.htm")).status_code == 404
        assert (await client.get("/api/v2/phone")).json()["ok"] is False


async def test_trouble_in_the_phone_is_a_500_and_an_error_event() -> None:
    bench = Bench()
    bench.phone.breaks = True
    async with bench.client() as client:
        assert (await client.get("/command.htm?key=1")).status_code == 500
        assert (await client.get("/index.htm?number=1")).status_code == 500
    assert [event["what"] for event in bench.told] == ["http", "http"]
