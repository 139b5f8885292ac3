"""Hidden tags, and what they forbid."""

from __future__ import annotations

import re

import pytest

from snomtui.phone.intents import Dial, Press, SetSetting
from snomtui.remote import tags
from snomtui.remote.tags import NAME, Tags
from snomtui.settings.registry import Settings
from tests.remote.standin import Bench, Clock

OWN = {"http_user": "me", "http_pass": "geheim", "admin_mode_password": "1234"}


def test_tag_is_known_until_it_is_too_old() -> None:
    clock, settings = Clock(), Settings({"use_hidden_tags": "on", "web_logout_timer": "10"})
    made = Tags(lambda: settings, clock)
    tag = made.fresh()
    assert made.knows(tag) and tag != made.fresh()
    assert not Tags(lambda: settings, clock).knows(tag)
    for forged in ("", "x", tag[:-1], tag[:-1] + ("0" if tag[-1] != "0" else "1"), "f" + tag):
        assert not made.knows(forged)
    clock.now += 599
    assert made.knows(tag)
    clock.now += 3
    assert not made.knows(tag)


def test_there_is_no_tag_while_tags_are_off() -> None:
    made = Tags(Settings, Clock())
    assert made.field() == "" and made.refuses("POST", "/prefs.htm", [("a", "b")]) == ""


async def tag_of(bench: Bench, page: str) -> str:
    async with bench.client(("me", "geheim")) as client:
        text = (await client.get(page)).text
    found = re.search(f'name="{NAME}" value="([^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["/prefs.htm", "/index.htm", "/advanced_qos_security.htm", "/confirm.htm"])
async def test_forged_form_is_refused_and_that_of_a_page_is_taken(page: str) -> None:
    bench = Bench(use_hidden_tags="on", **OWN)
    form = {"settings": "save", "dnd_mode": "on", "NUMBER": "1", "REBOOT": "Yes"}
    async with bench.client(("me", "geheim")) as client:
        answer = await client.post(page, data=form)
        assert answer.status_code == 403 and "hidden tags" in answer.text and bench.phone.done == []
        tag = await tag_of(bench, page)
        answer = await client.post(page, data={**form, NAME: tag})
    assert answer.status_code in (200, 302) and bench.phone.done != []
    assert not any(isinstance(wish, SetSetting) and wish.name == NAME for wish in bench.phone.done)
    assert tag not in repr(bench.told)


@pytest.mark.parametrize(
    "target",
    [
        "/command.htm?number=1",
        "/command.htm?key=1",
        "/index.htm?number=1",
        "/dummy.htm?settings=save&dnd_mode=on",
        "/settings.htm?settings=save&dnd_mode=on",
        "/minibrowser.htm?url=http://192.0.2.1/",
        "/prefs.htm?settings=save&dnd_mode=on",
        "/line_login.htm?l=1&Settings=Save&user_active1=off",
        "/advanced_update.htm?reboot=Reboot",
        "/confirm.htm?REBOOT=yes",
    ],
)
async def test_secured_phone_with_tags_refuses_remote_control_in_words(target: str) -> None:
    bench = Bench(use_hidden_tags="on", **OWN)
    async with bench.client(("me", "geheim")) as client:
        answer = await client.get(target)
    assert answer.status_code == 403 and "hidden tags" in answer.text
    assert "hidden tags" in bench.commands[-1]["why"] and bench.phone.done == []


@pytest.mark.parametrize("page", ["/line_login.htm?l=2", "/index.htm", "/info.htm"])
async def test_secured_phone_with_tags_still_shows_its_pages(page: str) -> None:
    bench = Bench(use_hidden_tags="on", **OWN)
    async with bench.client(("me", "geheim")) as client:
        assert (await client.get(page)).status_code == 200


async def test_remote_control_works_with_tags_while_a_password_is_the_factory_one() -> None:
    bench = Bench(use_hidden_tags="on", http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as client:
        assert (await client.get("/command.htm?key=1")).status_code == 200
        assert (await client.get("/index.htm?number=1")).status_code == 302
        assert (await client.get("/dummy.htm?settings=save&dnd_mode=on")).status_code == 200
        assert (await client.get("/prefs.htm?settings=save&dnd_mode=off")).status_code == 403
    assert bench.phone.done == [Press("1"), Dial("1"), SetSetting("dnd_mode", "on")]


async def test_settings_may_be_kept_out_of_urls() -> None:
    bench = Bench(restrict_uri_queries="on")
    async with bench.client() as client:
        for target in ("/dummy.htm?settings=save&dnd_mode=on", "/prefs.htm?Settings=Save&dnd_mode=on"):
            answer = await client.get(target)
            assert answer.status_code == 403 and "restrict_uri_queries" in answer.text
        assert (await client.post("/dummy.htm?settings=save&dnd_mode=on")).status_code == 403
        assert bench.phone.done == []
        assert (await client.post("/dummy.htm", data={"settings": "save", "dnd_mode": "on"})).status_code == 200
        assert (await client.get("/command.htm?key=1")).status_code == 200
    assert bench.phone.done == [SetSetting("dnd_mode", "on"), Press("1")]


def test_url_without_settings_is_no_matter() -> None:
    assert tags.forbids_urls(Settings({"restrict_uri_queries": "on"}), b"l=1") == ""
