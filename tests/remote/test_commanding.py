"""command.htm: answers, firmware of 2009, and touches."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Press, Select
from tests.remote.standin import Bench


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(method: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.request(method, "/command.htm?key=1")
    assert answer.status_code == 405 and "GET" in answer.headers["allow"] and bench.phone.done == []


@pytest.mark.parametrize("query", ["banana=1", "key=BANANA", "number=", "touch=1"])
async def test_what_nobody_understands_is_refused_with_the_reason(query: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get(f"/command.htm?{query}")
    assert answer.status_code == 400 and answer.headers["x-phone-refusal"]
    assert bench.phone.done == [] and bench.commands[0]["did"] == [] and bench.commands[0]["why"]


async def test_firmware_of_2009_is_a_setting() -> None:
    bench = Bench(sim_remote_additions="off")
    async with bench.client() as client:
        assert (await client.get("/command.htm?RELEASE_ALL_CALLS")).status_code == 400
        assert (await client.get("/command.htm?key=1")).status_code == 200
    assert bench.phone.done == [Press("1")]


@pytest.mark.parametrize(
    ("touch", "done"),
    [
        ("10 35", [Select(3)]),
        ("10+35+pr+10+45", [Select(3), Select(4)]),
        ("10 35 press", []),
        ("10 35 p 12 38 r", [Select(3)]),  # the finger slips, but stays on the row
        ("10 35 p 10 45 r", []),  # it has left the row
        ("10 35 r", []),  # it never came down
        ("200 35", []),  # nothing is there
    ],
)
async def test_finger_does_what_stands_where_it_goes_up(touch: str, done: list[Select]) -> None:
    bench = Bench()
    bench.phone.touchable = True
    async with bench.client() as client:
        assert (await client.get("/command.htm", params={"touch": touch})).status_code == 200
    assert bench.phone.done == done
    assert bench.commands[0]["did"] == [{"do": "select", "row": wish.row} for wish in done]


async def test_finger_may_come_down_and_go_up_in_two_requests() -> None:
    bench = Bench()
    bench.phone.touchable = True
    async with bench.client() as client:
        await client.get("/command.htm?touch=10%2035%20press")
        assert bench.phone.done == []
        await client.get("/command.htm?touch=10%2035%20release")
        await client.get("/command.htm?touch=10%2035%20release")
    assert bench.phone.done == [Select(3)]


async def test_phone_without_touch_display_says_so() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/command.htm?touch=1%201")
    assert answer.status_code == 200 and answer.headers["x-phone-refusal"] == "This phone has no touch display"
    assert bench.commands[0]["why"] == "This phone has no touch display"
