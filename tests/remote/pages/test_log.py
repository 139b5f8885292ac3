"""The log on its page."""

from __future__ import annotations

from snomtui.phone.intents import SetSetting
from tests.remote.standin import Bench

LINES = ["[2]27/10/2009 18:26:44: Registered <b>", "[8]27/10/2009 18:26:45: Send Packet REGISTER"]


async def test_lines_up_to_a_level_are_shown_newest_last() -> None:
    bench = Bench()
    bench.phone.inside.log = LINES[:]
    async with bench.client() as client:
        page = (await client.get("/log.htm")).text
        few = (await client.get("/log.htm?level=5")).text
    assert page.index("Registered &lt;b&gt;") < page.index("Send Packet")
    assert "Registered" in few and "Send Packet" not in few


async def test_level_is_set_and_lines_are_forgotten() -> None:
    bench = Bench()
    bench.phone.inside.log = LINES[:]
    async with bench.client() as client:
        assert (await client.post("/log.htm", data={"log_level": "7"})).status_code == 302
        assert (await client.post("/log.htm", data={"clear": "1"})).status_code == 302
        wrong = await client.post("/log.htm", data={"log_level": "70"})
    assert bench.phone.done == [SetSetting("log_level", "7")] and bench.phone.inside.log == []
    assert wrong.status_code == 200 and "must be a whole number from 0 to 9" in wrong.text


async def test_user_without_administrator_mode_does_not_set_the_level() -> None:
    bench = Bench(admin_mode="off")
    async with bench.client() as client:
        assert 'name="log_level"' not in (await client.get("/log.htm")).text
        await client.post("/log.htm", data={"log_level": "7"})
    assert bench.phone.done == []


async def test_page_of_another_site_clears_nothing() -> None:
    bench = Bench()
    bench.phone.inside.log = LINES[:]
    async with bench.client() as client:
        answer = await client.post("/log.htm", data={"clear": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403 and bench.phone.inside.log == LINES
