"""The web pages, without sockets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.intents import Answer, Dial, HangUp, Intent, SetSetting, Show
from snomtui.phone.snapshot import CallState
from tests.remote.standin import Bench


@pytest.mark.parametrize("path", ["/index.htm?NUMBER=49&DIAL=Waehlen", "/index.htm?number=49", "/?number=49"])
async def test_home_page_dials_and_leads_back_to_itself(path: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 302 and answer.headers["location"] == "/index.htm"
    assert bench.phone.done == [Dial("49")]
    assert bench.commands[0]["did"] == [{"do": "dial", "number": "49"}]


async def test_home_page_shows_the_phone_and_escapes_what_comes_from_the_net() -> None:
    bench = Bench()
    async with bench.client() as client:
        await client.post("/index.htm", data={"NUMBER": "+49 30", "DIAL": "Dial"})
        page = (await client.get("/index.htm")).text
    assert bench.phone.done == [Dial("+49 30")]
    for wanted in ("heiko@ucc.test", "registered", "Jan &lt;b&gt;", "Busy", "Available", "dialling", "snom370", "NR"):
        assert wanted in page
    assert "in <script>" not in page


def with_call(bench: Bench, state: str) -> None:
    """Let the phone have one call."""
    call = CallState("c7", 1, "in", "sip:jan@ucc.test", "Jan", "11", state)
    bench.phone.now = replace(bench.phone.now, calls=(call,))


@pytest.mark.parametrize(
    ("state", "buttons"),
    [("offered", ["ANSWER", "HANGUP"]), ("talking", ["HANGUP"]), ("dialling", ["HANGUP"]), ("ended", [])],
)
async def test_home_page_has_an_answer_button_only_while_a_call_is_offered(state: str, buttons: list[str]) -> None:
    bench = Bench()
    with_call(bench, state)
    async with bench.client() as client:
        page = (await client.get("/index.htm")).text
    assert [name for name in ("ANSWER", "HANGUP") if f'name="{name}" value="c7"' in page] == buttons
    assert "command.htm" not in page


async def test_buttons_of_the_home_page_answer_and_hang_up_this_call_only() -> None:
    bench = Bench()
    with_call(bench, "offered")
    async with bench.client() as client:
        for name in ("ANSWER", "HANGUP"):
            answer = await client.post("/index.htm", data={name: "c7"})
            assert answer.status_code == 302 and answer.headers["location"] == "/index.htm"
    assert bench.phone.done == [Answer("c7"), HangUp("c7")]


async def test_answer_button_of_an_old_page_says_that_the_call_has_gone() -> None:
    bench = Bench()
    bench.phone.refusals[Answer("c7")] = "No call is ringing"
    async with bench.client() as client:
        answer = await client.post("/index.htm", data={"ANSWER": "c7"})
    assert answer.status_code == 409 and "No call is ringing" in answer.text and bench.phone.done == []
    assert (bench.commands[0]["status"], bench.commands[0]["why"]) == (409, "No call is ringing")


async def test_home_page_shows_texts_with_half_characters() -> None:
    bench = Bench()
    bench.phone.now = replace(bench.phone.now, status="J\udcfcrgen")
    async with bench.client() as client:
        page = await client.get("/index.htm")
        whole = await client.get("/api/v1/phone")
    assert page.status_code == whole.status_code == 200
    assert "J\ufffdrgen" in page.text and whole.json()["display"]["status"] == "J\ufffdrgen"


async def test_refusal_with_half_characters_is_told_too() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("1")] = "no \udcfc"
    async with bench.client() as client:
        assert "no \ufffd" in (await client.get("/command.htm?number=1")).text


async def test_security_page_takes_the_login_away_and_keeps_it_when_untouched() -> None:
    bench = Bench(http_user="me", http_pass="geheim")
    async with bench.client(("me", "geheim")) as client:
        page = (await client.get("/advanced_qos_security.htm")).text
        assert "geheim" not in page and "********" in page
        kept = {"http_user": "me", "http_pass": "********", "http_scheme": "off", "Settings": "Save"}
        assert (await client.post("/advanced_qos_security.htm", data=kept)).status_code == 302
        assert bench.phone.settings.text("http_pass") == "geheim"
        cleared = {"http_user": "", "http_pass": "", "ignore_security_warning": "on", "Settings": "Save"}
        assert (await client.post("/advanced_qos_security.htm", data=cleared)).status_code == 302
    async with bench.client() as client:
        assert (await client.get("/index.htm")).status_code == 200
    assert bench.phone.settings.text("http_pass") == ""
    assert "geheim" not in repr(bench.told)


async def test_pages_warn_when_no_password_is_set_unless_told_not_to() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert "Security: no HTTP password" in (await client.get("/")).text
        bench.phone.settings.set("ignore_security_warning", "on")
        assert "Security: no HTTP password" not in (await client.get("/")).text


async def test_dummy_page_saves_settings_and_blanks_secrets() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/dummy.htm?settings=save&user_realname1=A+B&banana=1&http_pass=geheim")
    assert answer.status_code == 200 and "banana" in answer.headers["x-phone-refusal"]
    assert bench.phone.done == [SetSetting("user_realname1", "A B"), SetSetting("http_pass", "geheim")]
    assert "geheim" not in repr(bench.told) and bench.commands[0]["did"][1]["name"] == "http_pass"


async def test_info_page_has_model_mac_and_uptime() -> None:
    bench = Bench()
    bench.clock.now += 3700
    async with bench.client() as client:
        page = (await client.get("/info.htm")).text
    assert "Mac: 0004132E1D2A" in page and "snom370-SIP 8.2.24" in page and "0 days, 1 hours, 1 minutes" in page


@pytest.mark.parametrize(
    ("query", "done"),
    [
        ("url=http%3A%2F%2Fweb.example%2Fa.xml%3Fb%3D1%26c%3D2", [Show("http://web.example/a.xml?b=1&c=2")]),
        ("url=http://web.example/a.xml?b=1&c=2&d", [Show("http://web.example/a.xml?b=1&c=2&d")]),
        ("URL=snom://mb_exit", [Show("snom://mb_exit")]),
        (
            "url=http://web.example/a&settings=save&fkey0=line&store_settings=save",
            [SetSetting("fkey0", "line"), Show("http://web.example/a")],
        ),
    ],
)
async def test_page_is_pushed_to_the_display(query: str, done: list[Intent]) -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get(f"/minibrowser.htm?{query}")
    assert answer.status_code == 200
    assert bench.phone.done == done
    assert (bench.commands[0]["status"], bench.commands[0]["did"][-1]["do"]) == (200, "show")


async def test_push_without_a_page_is_refused() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert (await client.get("/minibrowser.htm")).status_code == 400
        assert (await client.head("/minibrowser.htm?url=http://x")).status_code == 200
        foreign = await client.get("/minibrowser.htm?url=http://x", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert bench.phone.done == []
