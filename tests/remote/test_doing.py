"""Requests that do something: once, in order, and told as events."""

from __future__ import annotations

import pytest

from snomtui.headless import answer, phone_words
from snomtui.phone.intents import Dial, Press
from tests.remote.standin import Bench


@pytest.mark.parametrize(
    ("query", "body", "kind"),
    [
        ("?key=1;2", "", "application/x-www-form-urlencoded"),
        ("", "key=1;2", "application/x-www-form-urlencoded"),
        ("", "key=1%3B2\r\n", "text/plain"),
        ("?key=1;2", "key=1;2", "application/x-www-form-urlencoded"),
        ("?key=1;2", "--x--", "multipart/form-data; boundary=x"),
    ],
)
async def test_posted_command_takes_effect_once(query: str, body: str, kind: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post(f"/command.htm{query}", content=body, headers={"content-type": kind})
    assert answer.status_code == 200
    assert bench.phone.done == [Press("1"), Press("2")]
    assert len(bench.commands) == 1


async def test_refusal_of_the_phone_is_told_beside_the_real_phones_status() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("110")] = "not registered"
    async with bench.client() as client:
        answer = await client.get("/command.htm?number=110")
    assert answer.status_code == 302 and answer.headers["x-phone-refusal"] == "not registered"
    assert bench.commands[0]["why"] == "not registered" and bench.commands[0]["did"] == []


def test_keys_after_a_refused_one_are_not_pressed_without_a_screen_either() -> None:
    bench = Bench()
    bench.phone.refusals[Press("2")] = "no such key"
    said = answer(b'{"do": "press", "keys": "1;2;3"}', phone_words(bench.phone.do), dict, bench.clock)
    assert (said["ok"], said["why"]) == (False, "no such key")
    assert bench.phone.done == [Press("1")]


async def test_keys_after_a_refused_one_are_not_pressed() -> None:
    bench = Bench()
    bench.phone.refusals[Press("P9")] = "there is no P9"
    async with bench.client() as client:
        answer = await client.get("/command.htm?key=1;P9;2")
    assert answer.status_code == 200 and bench.phone.done == [Press("1")]
    assert bench.commands[0]["did"] == [{"do": "press", "keys": "1"}]
