"""The pages that only show something."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.snapshot import IdentityState
from snomtui.remote.inside import Name, Subscribed
from tests.remote.standin import Bench

NOW = 1_795_400_000.0


async def test_programs_find_their_lines_in_the_system_information() -> None:
    bench = Bench(web_language="Deutsch")
    refused = IdentityState(2, "desk@voip.test", "", "refused", code=403)
    unknown = IdentityState(3, "gone@voip.test", "", "refused", code=404)
    bench.phone.now = replace(bench.phone.now, identities=(bench.phone.now.identities[0], refused, unknown))
    async with bench.client() as client:
        page = (await client.get("/info.htm")).text
    lines = page.splitlines()
    for wanted in (
        "Mac: 0004132E1D2A",
        "Firmware-Version: snom370-SIP 8.2.24",
        "Uptime: 0 days, 0 hours, 0 minutes",
        "Identity 1 Status: heiko@ucc.test: OK",
        "Identity 2 Status: desk@voip.test: Authentication failed",
        "Identity 3 Status: gone@voip.test: Not found",
    ):
        assert wanted in lines
    assert "192.0.2.7:40001" in page


async def test_names_are_shown_with_the_seconds_that_are_left() -> None:
    bench = Bench()
    async with bench.client() as client:
        assert "The cache is empty" in (await client.get("/dns_cache.htm")).text
        bench.phone.inside.known = [Name("srv _sip._tls.ucc.test -> 0 5 5061 sip.ucc.test", NOW + 90)]
        page = (await client.get("/dns_cache.htm")).text
    assert "<td>SRV</td><td>_sip._tls.ucc.test</td><td>0 5 5061 sip.ucc.test</td><td>90</td>" in page


async def test_subscriptions_of_all_identities_are_shown_in_words() -> None:
    bench = Bench()
    bench.phone.inside.told = [
        Subscribed(1, False, "presence", "sip:jan@ucc.test", "ACTIVE", NOW + 3600),
        Subscribed(2, True, "presence", "sip:me@voip.test", "REFUSED"),
    ]
    async with bench.client() as client:
        page = (await client.get("/subscriptions.htm")).text
    row = "<td>1</td><td>watches</td><td>presence</td><td>sip:jan@ucc.test</td><td>active</td><td>3600</td>"
    assert row in page
    assert "<td>2</td><td>publishes</td><td>presence</td><td>sip:me@voip.test</td><td>refused</td><td></td>" in page


async def test_memory_says_what_this_system_does_not_tell() -> None:
    bench = Bench()
    async with bench.client() as client:
        page = (await client.get("/memory.htm")).text
    assert "<dd>50.0 MiB</dd>" in page and page.count("<dd>not known</dd>") == 2


async def test_long_tables_end() -> None:
    bench = Bench()
    bench.phone.inside.told = [Subscribed(1, False, "dialog", f"sip:{n}@ucc.test", "ACTIVE") for n in range(2500)]
    async with bench.client() as client:
        assert "And 500 more." in (await client.get("/subscriptions.htm")).text
