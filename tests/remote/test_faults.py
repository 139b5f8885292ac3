"""Faults of the web server on purpose: what may be set, whom they hit, and that they can always be switched off."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from snomtui.errors import SettingsError
from snomtui.phone.intents import Dial
from snomtui.remote.faults import Fault, parse
from snomtui.remote.server import WebServer
from snomtui.settings.registry import Settings
from tests.remote.standin import Bench, NotingPhone

DIAL = "/command.htm?number=123"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ()),
        ("500", (Fault("500"),)),
        ("slow:0.5", (Fault("slow", "0.5"),)),
        ("401 once", (Fault("401", count=1),)),
        ("401@command.htm*2", (Fault("401", page="command.htm", count=2),)),
        ("503:30%10", (Fault("503", "30", percent=10),)),
        (
            "cut@/index.htm, truncated, slow:2 once",
            (Fault("cut", page="index.htm"), Fault("truncated"), Fault("slow", "2", count=1)),
        ),
    ],
)
def test_setting_is_taken_as_it_is_meant(text: str, wanted: tuple[Fault, ...]) -> None:
    assert parse(Settings({"sim_http_fault": text}).text("sim_http_fault")) == wanted
    again = ", ".join(str(each) for each in wanted)
    assert parse(Settings({"sim_http_fault": again}).text("sim_http_fault")) == wanted


@pytest.mark.parametrize("text", ["404", "slow", "slow:x", "500,", "500*0", "401@", "cut cut", "slow:100", "503:1.5"])
def test_wrong_setting_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(SettingsError, match=r"sim_http_fault: must be slow:SECONDS, 500, .* such as 401@command.htm"):
        Settings({"sim_http_fault": text})


async def test_program_gets_the_fault_once_and_then_its_call() -> None:
    bench = Bench(sim_http_fault="401@command.htm*1")
    async with bench.client() as client:
        assert (await client.get("/info.htm")).status_code == 200
        first, second = await client.get(DIAL), await client.get(DIAL)
    assert (first.status_code, first.headers["www-authenticate"][:5]) == (401, "Basic")
    assert second.status_code == 302
    assert [each for each in bench.phone.done if isinstance(each, Dial)] == [Dial("123")]
    assert bench.phone.settings.text("sim_http_fault") == ""
    assert [(each["status"], each.get("why", "")) for each in bench.commands] == [
        (401, "fault on purpose: 401@command.htm*1"),
        (302, ""),
    ]


async def test_program_is_told_when_to_come_again() -> None:
    bench = Bench(sim_http_fault="503:30")
    async with bench.client() as client:
        answer = await client.get(DIAL)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert bench.phone.done == []


async def test_slow_phone_dials_late_but_dials() -> None:
    bench = Bench(sim_http_fault="slow:0.05")
    begun = asyncio.get_running_loop().time()
    async with bench.client() as client:
        assert (await client.get(DIAL)).status_code == 302
    assert asyncio.get_running_loop().time() - begun >= 0.05


async def test_fault_by_chance_happens_as_the_die_falls() -> None:
    bench = Bench(sim_http_fault="500%30")
    falls = iter((0.29, 0.31))
    bench.web.faulty.dice = lambda: next(falls)
    async with bench.client() as client:
        assert [(await client.get(DIAL)).status_code for _ in range(2)] == [500, 302]


@pytest.mark.parametrize("way", ["page", "dummy"])
async def test_fault_never_keeps_a_person_from_switching_it_off(way: str) -> None:
    bench = Bench(sim_http_fault="500")
    async with bench.client() as client:
        assert (await client.get("/index.htm")).status_code == 500
        page = await client.get("/commands.htm")
        assert page.status_code == 200 and "Faults on purpose" in page.text and "<code>500</code>" in page.text
        if way == "page":
            await client.post("/commands.htm", data={"fault": "off"})
        else:
            await client.get("/dummy.htm?settings=save&sim_http_fault=")
        again = await client.get("/index.htm")
    assert again.status_code == 200 and "Faults on purpose" not in again.text


@pytest.mark.parametrize("target", [DIAL, "/index.htm"])
@pytest.mark.parametrize("fault", ["cut", "truncated"])
async def test_connection_of_a_program_is_cut(fault: str, target: str) -> None:
    phone = NotingPhone(sim_http_fault=fault)
    server = WebServer(phone, "127.0.0.1", 0, lambda event: None)
    _, port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    try:
        said = await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        said = b""
    writer.close()
    await server.stop()
    head, _, body = said.partition(b"\r\n\r\n")
    if fault == "cut":
        assert said == b"" and phone.done == []
    else:
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        assert len(body) == length // 2
        assert (Dial("123") in phone.done) == (target == DIAL)


async def test_setting_a_fault_over_the_api_is_possible_while_it_holds() -> None:
    bench = Bench(sim_http_fault="500")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bench.web), base_url="http://127.0.0.1") as client:
        assert (await client.get("/api/v1/settings")).status_code != 500
