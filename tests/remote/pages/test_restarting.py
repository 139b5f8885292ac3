"""Reboot, reset and ringers; how programs ask for them is in `wild`."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import PlayRinger, Reboot, Reset
from snomtui.remote import query
from snomtui.remote.pages.restarting import Wish, wish_in
from tests.remote.standin import Bench


@pytest.mark.parametrize(
    ("raw", "path", "wish"),
    [
        (b"reboot=Reboot", "/advanced_update.htm", Reboot()),
        (b"REBOOT", "/confirm.htm", Reboot()),
        (b"RESET=Yes", "/confirm.htm", Reset()),
        (b"CONFIRM_RESET=Reset", "/advanced_update.htm", Reset()),
        (b"l=1&PLAY_RINGER:9=x", "/line_login.htm", PlayRinger(9)),
        (b"play_ringer%3Ax=x", "/line_login.htm", PlayRinger(1)),
        (b"reboot=Reboot", "/line_login.htm", None),
        (b"settings=save&x=reboot", "/dummy.htm", None),
        (b"", "/confirm.htm", None),
    ],
)
def test_wish_is_found_by_its_name(raw: bytes, path: str, wish: Wish | None) -> None:
    assert wish_in(query.pairs(raw), path) == wish


async def test_person_who_plays_a_ringer_stays_on_the_page_of_that_identity() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post("/line_login.htm?l=2", data={"PLAY_RINGER:1": "Ringer"})
        assert (answer.status_code, answer.headers["location"]) == (302, "/line_login.htm?l=2")
        assert (await client.get("/line_login.htm?l=2&PLAY_RINGER:3=+Ringer")).status_code == 200
    assert bench.phone.done == [PlayRinger(1), PlayRinger(3)]


async def test_refusal_of_the_phone_is_told_and_leads_nowhere() -> None:
    bench = Bench()
    bench.phone.refusals[Reset()] = "This can be done in administrator mode only"
    async with bench.client() as client:
        answer = await client.get("/advanced_update.htm?reset=Reset")
    assert answer.status_code == 200 and "administrator mode only" in answer.headers["x-phone-refusal"]
    assert (bench.commands[0]["status"], bench.commands[0]["did"]) == (200, [])


async def test_form_without_a_wish_goes_to_its_page() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post("/advanced_network.htm", data={"settings": "save", "dnd_mode": "on"})
        assert answer.status_code in (200, 302) and bench.phone.settings.on("dnd_mode")
        large = await client.post("/advanced_network.htm", content=b"x" * 70_000)
    assert large.status_code == 413


async def test_person_sees_what_will_be_lost() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert "will be lost" in (await client.get("/confirm.htm?ask=reset")).text
        assert "Calls end" in (await client.get("/confirm.htm?ask=reboot")).text
        assert "rebooting" in (await client.get("/reboot.htm")).text
    assert bench.phone.done == [] and bench.commands == []
