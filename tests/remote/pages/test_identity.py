"""The pages of an identity: one at a time, with the buttons of its login page."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Intent, LogOff, Register, SetSetting
from snomtui.remote.pages.identity import removal
from snomtui.settings.registry import Settings
from tests.remote.pages.forms import opened
from tests.remote.standin import Bench


async def test_page_shows_the_settings_of_its_identity_only() -> None:
    bench = Bench(user_name1="heiko", user_name2="desk")
    async with bench.client() as client:
        form = await opened(client, "/line_login.htm?l=2")
        assert form["user_name2"] == "desk" and "user_name1" not in form
        assert "user_name1" in await opened(client, "/line_login.htm")
        page = (await client.get("/line_login.htm?l=2")).text
    assert "49301@voip.test" in page and "heiko@ucc.test" not in page


@pytest.mark.parametrize("number", ["0", "13", "x", "-1", "1234567", "²"])
async def test_identity_that_no_phone_has_is_no_page(number: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/line_sip.htm", params={"l": number})
        assert answer.status_code == 404 and "1 to 12" in answer.text
        assert (await client.post("/line_login.htm", params={"l": number}, data={"REMOVE": "1"})).status_code == 404
    assert bench.phone.done == []


@pytest.mark.parametrize(("button", "wish"), [("REREGISTER", Register(2)), ("LOGOFF", LogOff(2))])
async def test_buttons_of_the_login_page_do_what_they_say(button: str, wish: Intent) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post("/line_login.htm?l=2", data={button: "x"})
        assert answer.status_code == 302 and answer.headers["location"] == "/line_login.htm?l=2"
        assert bench.phone.done == [wish]
        await client.get(f"/line_login.htm?l=2&{button}=x")  # a link must not do it
        await client.post("/line_login.htm?l=2", data={button: "x"}, headers={"origin": "http://evil"})
    assert bench.phone.done == [wish]


async def test_refusal_of_a_button_is_told_on_the_page() -> None:
    bench = Bench()
    bench.phone.refusals[Register(3)] = "Identity 3 is not set up"
    async with bench.client() as client:
        answer = await client.post("/line_login.htm?l=3", data={"REREGISTER": "x"})
    assert answer.status_code == 200 and "Identity 3 is not set up" in answer.text


async def test_removed_identity_is_as_from_the_factory_and_the_others_stay() -> None:
    bench = Bench(user_name1="a", user_name2="b", user_pass2="geheim", user_active2="off", codec_size2="30")
    async with bench.client() as client:
        assert 'name="REMOVE"' in (await client.get("/line_login.htm?l=2")).text
        await client.post("/line_login.htm?l=2", data={"REMOVE": "x"})
        assert 'name="REMOVE"' not in (await client.get("/line_login.htm?l=2")).text
    settings = bench.phone.settings
    assert (settings.text("user_name2"), settings.text("user_pass2"), settings.on("user_active2")) == ("", "", True)
    assert settings.text("user_name1") == "a" and settings.text("codec_size2") == "20"


def test_nothing_set_is_nothing_to_remove() -> None:
    assert removal(4, Settings({"user_name3": "a"})) == ()
    assert removal(3, Settings({"user_name3": "a"})) == (SetSetting("user_name3", ""),)
