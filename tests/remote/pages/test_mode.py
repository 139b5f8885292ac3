"""The page that leads from one mode to the other."""

from __future__ import annotations

from snomtui.phone.intents import Administer, SetSetting
from tests.remote.standin import Bench

PAGE = "/admin_mode.htm"


async def test_administrator_goes_to_user_mode_with_a_click() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert 'value="off"' in (await client.get(PAGE)).text
        answer = await client.post(PAGE, data={"admin_mode": "off"})
        assert answer.status_code == 302 and bench.phone.done == [SetSetting("admin_mode", "off")]
        page = (await client.get(PAGE)).text
    assert 'name="admin_mode_password"' in page and "0000" not in page


async def test_user_becomes_administrator_by_the_password_alone() -> None:
    bench = Bench(admin_mode="off")
    async with bench.client() as client:
        answer = await client.post(PAGE, data={"admin_mode": "on", "admin_mode_password": "geheim"})
        assert answer.status_code == 302 and bench.phone.done == [Administer("geheim")]
        assert (await client.get(f"{PAGE}?admin_mode=on&admin_mode_password=geheim")).status_code == 200
    assert len(bench.phone.done) == 1
    assert "geheim" not in repr(bench.commands)


async def test_guessing_is_a_failed_login_and_ends_in_a_block() -> None:
    bench = Bench(admin_mode="off")
    bench.phone.refusals[Administer("1")] = "Wrong administrator password"
    async with bench.client() as client:
        for _ in range(4):
            answer = await client.post(PAGE, data={"admin_mode_password": "1"})
            assert answer.status_code == 200 and "Wrong administrator password" in answer.text
        answer = await client.post(PAGE, data={"admin_mode_password": "0000"})
        assert answer.status_code == 200 and "blocked" in answer.text and bench.phone.done == []
        bench.clock.now += 61
        assert (await client.post(PAGE, data={"admin_mode_password": "0000"})).status_code == 302
    assert bench.phone.done == [Administer("0000")]


async def test_page_of_another_site_changes_no_mode() -> None:
    bench = Bench()
    async with bench.client() as client:
        answer = await client.post(PAGE, data={"admin_mode": "off"}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403 and bench.phone.done == []
