"""`speed.htm`: the numbers of speed dial."""

from __future__ import annotations

from snomtui.phone.intents import Dial, SetSetting
from tests.remote.pages.forms import opened, read
from tests.remote.standin import Bench


async def test_number_is_saved_and_dialled_by_the_button_beside_it() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert 'form="dial"' not in (await client.get("/speed.htm")).text
        form = await opened(client, "/speed.htm")
        await client.post("/speed.htm", data={**form, "speed5": "+49 30 5", "speed31": "911"})
        page = (await client.get("/speed.htm")).text
        assert 'form="dial" name="NUMBER" value="+49 30 5"' in page and '<form id="dial"' in page
        await client.post("/index.htm", data={"NUMBER": "+49 30 5"})
    saved = {SetSetting("speed5", "+49 30 5"), SetSetting("speed31", "911")}
    assert set(bench.phone.done[:2]) == saved and bench.phone.done[2] == Dial("+49 30 5")


async def test_each_number_is_called_by_what_is_typed_for_it() -> None:
    bench = Bench()
    async with bench.client() as client:
        page = (await client.get("/speed.htm")).text
    assert len([name for name in read(page).fields if name.startswith("speed")]) == 33
    for name, sign in (("speed0", "0"), ("speed30", "30"), ("speed31", "#"), ("speed32", "*")):
        assert f'<label for="{name}">{sign}</label>' in page
