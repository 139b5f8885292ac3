"""The web server as an application, without sockets."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, HangUp, Intent, Press, SetSetting
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


async def test_unknown_key_is_refused_and_said() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/command.htm?key=1;BANANA")
    assert answer.status_code == 400 and "BANANA" in answer.text
    assert bench.phone.done == []
    assert bench.commands[0]["did"] == [] and "BANANA" in bench.commands[0]["why"]


async def test_refusal_of_the_phone_is_told_beside_the_real_phones_status() -> None:
    bench = Bench()
    bench.phone.refusals[Dial("110")] = "not registered"
    async with bench.client() as client:
        answer = await client.get("/command.htm?number=110")
    assert answer.status_code == 302 and answer.headers["x-phone-refusal"] == "not registered"
    assert bench.commands[0]["why"] == "not registered" and bench.commands[0]["did"] == []


async def test_keys_after_a_refused_one_are_not_pressed() -> None:
    bench = Bench()
    bench.phone.refusals[Press("P9")] = "there is no P9"
    async with bench.client() as client:
        answer = await client.get("/command.htm?key=1;P9;2")
    assert answer.status_code == 200 and bench.phone.done == [Press("1")]
    assert bench.commands[0]["did"] == [{"do": "press", "keys": "1"}]


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_get_and_post_have_an_effect(method: str) -> None:
    bench = Bench()
    async with bench.client() as client:
        for path in ("/command.htm?key=1", "/index.htm?number=1", "/dummy.htm?settings=save&dnd_mode=on"):
            answer = await client.request(method, path)
            assert answer.status_code == (200 if method == "HEAD" else 405)
    assert bench.phone.done == []


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


async def test_unknown_page_is_404() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert (await client.get("/banana.htm")).status_code == 404
        assert (await client.get("/api/v2/phone")).json()["ok"] is False


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
        (b'{"do": "show", "url": "http://x"}', 409, []),
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


async def test_trouble_in_the_phone_is_a_500_and_an_error_event() -> None:
    bench = Bench()
    bench.phone.breaks = True
    async with bench.client() as client:
        assert (await client.get("/command.htm?key=1")).status_code == 500
        assert (await client.get("/index.htm?number=1")).status_code == 500
    assert [event["what"] for event in bench.told] == ["http", "http"]
