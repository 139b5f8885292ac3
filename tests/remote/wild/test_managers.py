"""PBXs, device managers and home automation: settings, reboots, lists, pushed pages."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import ClearList, Intent, PlayRinger, Reboot, Reset, SetSetting, Show
from tests.remote.test_server import running
from tests.remote.wild.talk import LOGIN, ask, basic


@pytest.mark.parametrize(
    ("target", "wish"),
    [
        ("/advanced_update.htm?reboot=Reboot", Reboot()),
        ("/advanced.htm?reboot=Reboot", Reboot()),
        ("/advanced_network.htm?reboot=Reboot", Reboot()),
        ("/confirm.htm?REBOOT=yes", Reboot()),
        ("/confirm.htm?REBOOT=1", Reboot()),
        ("/dummy.htm?REBOOT=true", Reboot()),
        ("/advanced_update.htm?reset=Reset", Reset()),
        ("/advanced.htm?reset=Reset", Reset()),
    ],
)
async def test_manager_restarts_the_phone_and_ends_on_the_page_it_looks_for(target: str, wish: Intent) -> None:
    async with running(**LOGIN) as web:
        assert (await ask(web, target)).status == 401
        assert web.phone.done == []
        answer = await ask(web, target, basic())
        assert answer.status == 302 and answer.location.endswith("reboot.htm")
        assert (await ask(web, answer.location, basic())).status == 200
        assert (await ask(web, f"{answer.location}?{target.partition('?')[2]}", basic())).status == 200
        assert (await ask(web, target, basic())).status == 302  # begins anew, since it lost its login
        assert web.phone.done == [wish]


async def test_script_posts_the_form_of_the_confirm_page() -> None:
    async with running() as web:
        answer = await ask(web, "/confirm.htm", method="POST", body="REBOOT=Yes")
        assert answer.status == 302 and answer.location == "/reboot.htm"
        assert web.phone.done == [Reboot()]


@pytest.mark.parametrize(
    ("page", "body", "wish"),
    [
        ("/advanced_update.htm", "reboot=Reboot", Reboot()),
        ("/advanced_network.htm", "CONFIRM_REBOOT=Reboot", Reboot()),
        ("/advanced_update.htm", "reset=Reset", Reset()),
    ],
)
async def test_person_is_asked_before_the_phone_restarts(page: str, body: str, wish: Intent) -> None:
    async with running() as web:
        answer = await ask(web, page, method="POST", body=body)
        assert answer.status == 302 and answer.location.startswith("/confirm.htm")
        asked = await ask(web, answer.location)
        button = "RESET" if isinstance(wish, Reset) else "REBOOT"
        assert asked.status == 200 and f'name="{button}"' in asked.text
        assert web.phone.done == []
        await ask(web, "/confirm.htm", method="POST", body=f"{button}=Yes")
        assert web.phone.done == [wish]


async def test_page_of_another_site_restarts_nothing() -> None:
    async with running() as web:
        for target in ("/advanced_update.htm?reboot=Reboot", "/confirm.htm?REBOOT=yes"):
            assert (await ask(web, target, "Sec-Fetch-Site: cross-site")).status == 403
        assert web.phone.done == []


@pytest.mark.parametrize("page", ["/dummy.htm", "/settings.htm"])
async def test_setting_is_stored_exactly_as_it_was_sent(page: str) -> None:
    async with running(**LOGIN) as web:
        url = "http://192.0.2.7:5000/snom/incoming?remote=$remote%26call_id=$call-id%26pct=%2525%26plus=%2B"
        answer = await ask(web, f"{page}?settings=save&action_incoming_url={url}", basic())
        assert answer.status == 200 and "x-phone-refusal" not in answer.headers
        wanted = "http://192.0.2.7:5000/snom/incoming?remote=$remote&call_id=$call-id&pct=%25&plus=+"
        assert web.phone.done == [SetSetting("action_incoming_url", wanted)]


async def test_call_test_library_sets_action_urls_with_a_form_of_its_own() -> None:
    async with running() as web:
        body = "action_incoming_url:http%3A%2F%2F192.0.2.7%3A8000%2Fcall%3Fcid%3D%24call-id\r\nSettings:Apply"
        form = "Content-Type: application/x-www-form-urlencoded"
        assert (await ask(web, "/action.htm", form, method="POST", body=body)).status in (200, 302)
        assert web.phone.settings.text("action_incoming_url") == "http://192.0.2.7:8000/call?cid=$call-id"
        body = "user_auto_connect1:on\r\nSettings:Apply"
        assert (await ask(web, "/line_sip.htm", form, method="POST", body=body)).status in (200, 302)
        assert web.phone.settings.on("user_auto_connect1")


async def test_home_automation_sets_keys_and_labels() -> None:
    async with running() as web:
        query = "fkey0=url+http%3A%2F%2Fhost%3A3777%2Fhook%3Fa%3D1%26b%3D2&fkey_label0=Licht+1&fkey[1]=speed%20*97"
        answer = await ask(web, f"/dummy.htm?settings=save&store_settings=save&{query}")
        assert answer.status == 200
        assert web.phone.done == [
            SetSetting("fkey0", "url http://host:3777/hook?a=1&b=2"),
            SetSetting("fkey_label0", "Licht 1"),
            SetSetting("fkey1", "speed *97"),
        ]


async def test_one_bad_setting_among_many_does_not_keep_the_others_out() -> None:
    async with running() as web:
        answer = await ask(web, "/dummy.htm?settings=save&dnd_mode=on&ringing_time=banana&no_such=1&user_name1=a")
        assert answer.status == 200 and "ringing_time" in answer.headers["x-phone-refusal"]
        assert web.phone.done == [SetSetting("dnd_mode", "on"), SetSetting("user_name1", "a")]


async def test_script_sets_an_identity_up_and_another_switches_it_off() -> None:
    async with running() as web:
        body = "user_active1=on&user_realname1=201&user_name1=201&user_pass1=x&user_host1=192.0.2.1&Settings=Save"
        assert (await ask(web, "/line_login.htm?l=1", method="POST", body=body)).status in (200, 302)
        assert web.phone.settings.text("user_name1") == "201" and web.phone.settings.text("user_pass1") == "x"
        answer = await ask(web, "/line_login.htm?l=1&Settings=Save&user_active1=off")
        assert answer.status == 200 and not web.phone.settings.on("user_active1")


async def test_person_hears_the_ringer_of_an_identity() -> None:
    async with running() as web:
        assert (await ask(web, "/line_login.htm?PLAY_RINGER:3=+Ringer")).status == 200
        assert (await ask(web, "/line_login.htm?l=1&PLAY_RINGER%3A1=+Ringer")).status == 200
        assert web.phone.done == [PlayRinger(3), PlayRinger(1)]


@pytest.mark.parametrize(
    ("query", "which"),
    [("misseddel=0", "missed"), ("dialeddel=clear", "dialed"), ("receiveddel=", "received")],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_script_clears_a_call_list(query: str, which: str, method: str) -> None:
    async with running() as web:
        assert (await ask(web, f"/index.htm?{query}", method=method)).status in (200, 302)
        assert web.phone.done == [ClearList(which)]


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.7:3777/hook/snom/23983",
        "http%3A%2F%2F192.0.2.7%3A3777%2Fhook%2Fsnom%2F23983",
        "192.0.2.7:3777/hook/snom/23983",
    ],
)
async def test_page_is_pushed_to_the_display(url: str) -> None:
    async with running() as web:
        assert (await ask(web, f"/minibrowser.htm?url={url}")).status == 200
        assert web.phone.done == [Show("http://192.0.2.7:3777/hook/snom/23983")]


@pytest.mark.parametrize("path", ["/line_login.htm?l=1", "/index.htm", "/command.htm", "/confirm.htm?REBOOT=yes"])
async def test_scanner_that_asks_for_heads_changes_nothing(path: str) -> None:
    async with running() as web:
        assert (await ask(web, path, method="HEAD")).status == 200
        assert web.phone.done == []
