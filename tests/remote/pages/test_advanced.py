"""The overview of the advanced settings, and the page Update."""

from __future__ import annotations

from snomtui.phone.intents import SetSetting
from tests.remote.standin import Bench


async def test_overview_leads_to_every_tab_and_tells_what_stands_there() -> None:
    bench = Bench()
    async with bench.client() as client:
        page = (await client.get("/advanced.htm")).text
    for name in ("network", "behavior", "audio", "sip", "qos_security", "update"):
        assert f'href="/advanced_{name}.htm"' in page
    assert "Web password" in page and 'name="Settings"' not in page


async def test_update_page_keeps_the_settings_server_that_programs_write_and_has_the_two_buttons() -> None:
    bench = Bench()
    async with bench.client() as client:
        sent = {"setting_server": "tftp://10.0.0.1", "Settings": "Save"}
        assert (await client.post("/advanced_update.htm", data=sent)).status_code == 302
        page = (await client.get("/advanced_update.htm")).text
    assert bench.phone.done == [SetSetting("setting_server", "tftp://10.0.0.1")]
    assert 'value="tftp://10.0.0.1"' in page and 'name="reboot" value="Reboot"' in page and 'name="reset"' in page
