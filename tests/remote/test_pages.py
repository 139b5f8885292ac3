"""The web pages, without sockets."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, SetSetting
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
