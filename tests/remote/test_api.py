"""The JSON API."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, HangUp, Intent, Show
from tests.remote.standin import Bench


async def test_api_tells_the_snapshot() -> None:
    bench = Bench()
    async with bench.client() as client:
        phone = (await client.get("/api/v1/phone")).json()
    assert phone["version"] == "8.2.24" and phone["identities"][0]["state"] == "registered"


@pytest.mark.parametrize(
    ("body", "status", "done"),
    [
        (b'{"do": "dial", "number": "+4930"}', 200, [Dial("+4930")]),
        (b'{"do": "hangup", "every": true}', 200, [HangUp(every=True)]),
        (b'{"do": "dial", "number": "110"}', 409, []),
        (b'{"do": "show", "url": "http://x"}', 200, [Show("http://x")]),
        (b'{"do": "banana"}', 422, []),
        (b"banana", 422, []),
        (b"[" * 60_000, 422, []),
        (b"x" * 70_000, 413, []),
    ],
)
async def test_api_takes_intents(body: bytes, status: int, done: list[Intent]) -> None:
    bench = Bench()
    bench.phone.refusals[Dial("110")] = "not registered"
    async with bench.client() as client:
        answer = await client.post("/api/v1/intents", content=body)
    assert answer.status_code == status and answer.json()["ok"] is (status == 200)
    assert bench.phone.done == done
    assert bench.commands[0]["status"] == status and ("why" in bench.commands[0]) is (status != 200)


async def test_api_answers_a_dial_with_its_call() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = (await client.post("/api/v1/intents", json={"do": "dial", "number": "5"})).json()
        snapshot = (await client.post("/api/v1/intents", json={"do": "snapshot"})).json()
    assert answer["call"]["state"] == "dialling" and answer["did"] == [{"do": "dial", "number": "5"}]
    assert snapshot["snapshot"]["calls"][0]["id"] == answer["call"]["id"]
