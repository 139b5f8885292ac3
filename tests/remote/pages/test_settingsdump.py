"""`settings.htm`: every setting in one line."""

from __future__ import annotations

import html
import re

from snomtui.phone.intents import SetSetting
from snomtui.settings.registry import registry
from tests.remote.standin import Bench


async def lines_of(bench: Bench) -> list[str]:
    """The lines of the page, as a script cuts them out."""
    async with bench.client() as client:
        page = (await client.get("/settings.htm")).text
    return [html.unescape(line) for line in page.splitlines() if re.match(r"[a-z0-9_]+[!$&]: ", line)]


async def test_dump_has_every_setting_once_with_its_mark_in_the_order_of_the_registry() -> None:
    lines = await lines_of(Bench(redirect_number="0301", user_realname2="A & <B>"))
    assert "redirect_number!: 0301" in lines and "redirect_event!: none" in lines
    assert "user_realname2!: A & <B>" in lines and "fkey53!: line" in lines
    names = [line.partition(":")[0][:-1] for line in lines]
    assert len(set(names)) == len(names)
    order = [name.rstrip("0123456789") if name not in registry() else name for name in names[4:]]
    assert list(dict.fromkeys(order)) == [name.rstrip("0123456789") if registry()[name].first is not None else name
                                          for name in registry()]  # fmt: skip


async def test_dump_tells_what_phone_it_is() -> None:
    lines = await lines_of(Bench())
    assert "mac&: 0004132E1D2A" in lines and "phone_type&: snom370" in lines
    assert "firmware_version&: snom370-SIP 8.2.24" in lines


async def test_dump_holds_no_secret() -> None:
    bench = Bench(user_pass1="geheim", http_pass="geheim", http_user="me", action_hold="http://me:geheim@pbx/")
    async with bench.client(("me", "geheim")) as client:
        page, file = await client.get("/settings.htm"), await client.get("/settings.txt")
    assert "geheim" not in page.text + file.text
    assert "\nuser_pass1!: \n" in file.text and "\naction_hold!: http://pbx/\n" in file.text
    assert file.headers["content-disposition"] == 'attachment; filename="snom370-settings.txt"'


async def test_program_saves_and_reads_in_one_request() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.get("/settings.htm?settings=save&dnd_mode=on&banana=1")
        assert (await client.head("/settings.htm?settings=save&dnd_mode=off")).status_code == 200
        foreign = await client.get("/settings.htm?settings=save&dnd_mode=off", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, foreign.status_code) == (200, 403)
    assert "dnd_mode!: on" in answer.text and "banana" in answer.headers["x-phone-refusal"]
    assert bench.phone.done == [SetSetting("dnd_mode", "on")]
