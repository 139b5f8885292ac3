"""Names become places, with a real DNS server on the loopback interface."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from snomtui.kit.box import Locate, Located, Target
from snomtui.shell import resolver as resolving
from snomtui.shell.hostsfile import HostsFile
from snomtui.shell.resolver import Resolver, servers_of
from snomtui.sip.locating import Answer, Question
from tests.shell.nameserver import NameServer, serving

ZONE = {
    "a sip.ucc.test": ["192.0.2.1"],
    "aaaa sip.ucc.test": ["2001:db8::1"],
    "a one.ucc.test": ["192.0.2.11"],
    "a two.ucc.test": ["192.0.2.12"],
    "naptr ucc.test": ['20 10 "s" "SIP+D2T" "" _sip._tcp.ucc.test.', '10 10 "s" "SIPS+D2T" "" _sips._tcp.ucc.test.'],
    "srv _sips._tcp.ucc.test": ["0 0 5061 one.ucc.test."],
    "srv _sip._tcp.ucc.test": ["20 0 5060 one.ucc.test.", "10 0 5070 two.ucc.test."],
    "cname alias.ucc.test": ["sip.ucc.test"],
}


@dataclass
class World:
    """A resolver, the one whom it asks, and a clock turned by hand."""

    server: NameServer
    now: float = 1000.0
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.resolver = Resolver(lambda: self.now, lambda level, text: self.log.append(f"[{level}] {text}"))
        self.resolver.servers = [self.server.at]
        self.resolver.file = HostsFile("/nowhere")

    async def ask(self, kind: str, name: str) -> Answer:
        """One question."""
        return await self.resolver.answer(Question(kind, name))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with serving() as server:
        server.zone = dict(ZONE)
        world = World(server)
        yield world
        await world.resolver.stop()


# -- searches


async def test_domain_is_found_by_its_rules_services_and_addresses(world: World) -> None:
    found = await world.resolver.locate(Locate(1, "ucc.test"))
    assert found.targets == (
        Target("tls", "one.ucc.test", 5061, "192.0.2.11", "ucc.test"),
        Target("tcp", "two.ucc.test", 5070, "192.0.2.12", "ucc.test"),
        Target("tcp", "one.ucc.test", 5060, "192.0.2.11", "ucc.test"),
    )


async def test_servers_of_one_weight_take_turns(world: World) -> None:
    world.server.zone["srv _sip._udp.ucc.test"] = ["0 50 1 one.ucc.test.", "0 50 2 two.ucc.test."]
    searches = [world.resolver.locate(Locate(1, "ucc.test", transport="udp")) for _ in range(60)]
    first = {found.targets[0].host for found in await asyncio.gather(*searches)}
    assert first == {"one.ucc.test", "two.ucc.test"}


async def test_alias_is_followed(world: World) -> None:
    found = await world.resolver.locate(Locate(1, "alias.ucc.test", 5060, "tcp"))
    assert [each.address for each in found.targets] == ["2001:db8::1", "192.0.2.1"]
    assert {each.host for each in found.targets} == {"alias.ucc.test"}


async def test_name_that_does_not_exist_is_told(world: World) -> None:
    assert await world.resolver.locate(Locate(1, "gone.ucc.test", 5060)) == Located(
        (), "The name gone.ucc.test does not resolve"
    )


async def test_server_that_says_nothing_costs_a_bounded_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "PATIENCE", 0.2)
    world.server.mute.add("all")
    begun = time.monotonic()
    found = await world.resolver.locate(Locate(1, "sip.ucc.test"))
    assert found.why == "The name sip.ucc.test cannot be looked up: no DNS server answers"
    assert time.monotonic() - begun < 2
    assert "[8] DNS: no server answers for naptr sip.ucc.test" in world.log


async def test_server_that_does_not_know_rules_and_services_still_gives_the_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "PATIENCE", 0.2)
    world.server.mute |= {"naptr", "srv"}
    found = await world.resolver.locate(Locate(1, "sip.ucc.test"))
    assert found.targets[0] == Target("udp", "sip.ucc.test", 5060, "192.0.2.1")


async def test_failing_server_is_not_taken_for_a_name_that_is_not_there(world: World) -> None:
    world.server.broken = True
    assert "no DNS server answers" in (await world.resolver.locate(Locate(1, "sip.ucc.test", 5060))).why


async def test_lost_question_is_asked_again(world: World) -> None:
    world.server.drops = 1
    assert (await world.ask("a", "sip.ucc.test")).records == ("192.0.2.1",)
    assert world.server.asked == ["a sip.ucc.test"] * 2


async def test_second_server_answers_if_the_first_one_does_not(world: World) -> None:
    async with serving() as dead:
        dead.mute.add("all")
        world.resolver.servers = [dead.at, world.server.at]
        assert (await world.ask("a", "sip.ucc.test")).records == ("192.0.2.1",)


@pytest.mark.parametrize("name", ["a..b", "x" * 70 + ".test", "nul\0.test", "", "ü" * 80, "a b.test", "."])
async def test_text_that_is_no_name_has_no_address(world: World, name: str) -> None:
    assert (await world.resolver.locate(Locate(1, name, 5060))).targets == ()


async def test_search_that_is_given_up_takes_the_answer_from_nobody_else(world: World) -> None:
    world.server.drops = 1
    one = asyncio.ensure_future(world.ask("a", "sip.ucc.test"))
    other = asyncio.ensure_future(world.ask("a", "sip.ucc.test"))
    await asyncio.sleep(0)
    one.cancel()
    assert (await other).records == ("192.0.2.1",)
    assert world.server.asked == ["a sip.ucc.test"] * 2


# -- what is remembered


async def test_answer_is_remembered_as_long_as_it_says(world: World) -> None:
    for _ in range(3):
        assert (await world.ask("a", "SIP.ucc.test")).records == ("192.0.2.1",)
        world.now += 100
    assert world.server.asked == ["a SIP.ucc.test"]
    world.now += 1
    await world.ask("a", "sip.ucc.test")
    assert len(world.server.asked) == 2


async def test_answer_that_there_is_nothing_is_remembered_too(world: World) -> None:
    for name in ("gone.ucc.test", "sip.ucc.test"):
        world.server.asked.clear()
        for seconds in (0, 29):
            world.now += seconds
            assert (await world.ask("srv", name)).records == ()
        assert world.server.asked == [f"srv {name}"]
        world.now += 2
        await world.ask("srv", name)
        assert len(world.server.asked) == 2


async def test_answer_that_there_is_nothing_holds_a_minute_if_it_does_not_say(world: World) -> None:
    world.server.soa = False
    for name in ("gone.ucc.test", "sip.ucc.test"):
        await world.ask("srv", name)
    assert {each.ends for each in world.resolver.entries()} == {world.now + 60}


async def test_silence_is_not_remembered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "PATIENCE", 0.1)
    world.server.mute.add("a")
    assert (await world.ask("a", "sip.ucc.test")).silent
    world.server.mute.clear()
    assert (await world.ask("a", "sip.ucc.test")).records == ("192.0.2.1",)


async def test_other_servers_make_the_answers_void(world: World) -> None:
    await world.ask("a", "sip.ucc.test")
    async with serving() as other:
        other.zone = {"a sip.ucc.test": ["192.0.2.99"]}
        world.resolver.ask_others([other.at])
        assert (await world.ask("a", "sip.ucc.test")).records == ("192.0.2.99",)


# -- what stands in the log


async def test_lookups_stand_in_the_log_as_on_the_real_phone(world: World) -> None:
    await world.ask("a", "sip.ucc.test")
    world.now += 10
    await world.ask("a", "sip.ucc.test")
    await world.ask("srv", "_sips._tcp.ucc.test")
    await world.ask("srv", "_sip._tls.ucc.test")
    assert world.log == [
        "[8] DNS cache_lookup: a sip.ucc.test ->",
        "[8] DNS cache_add: a sip.ucc.test -> 192.0.2.1 (ttl 300)",
        "[8] DNS cache_lookup: a sip.ucc.test -> 192.0.2.1",
        "[8] DNS cache_lookup: srv _sips._tcp.ucc.test ->",
        "[8] DNS cache_add: srv _sips._tcp.ucc.test -> 0 0 5061 one.ucc.test (ttl 300)",
        "[8] DNS cache_lookup: srv _sip._tls.ucc.test ->",
        "[8] DNS cache_add: srv _sip._tls.ucc.test -> nothing (ttl 30)",
    ]
    assert [str(each) for each in world.resolver.entries()][0] == "srv _sip._tls.ucc.test -> nothing"


async def test_name_of_the_hosts_table_is_looked_up_in_the_log_but_asked_of_nobody(world: World) -> None:
    world.resolver.hosts = {"SIP.ucc.de": "127.0.0.1"}
    found = await world.resolver.locate(Locate(1, "sip.ucc.de", 5061, "tls"))
    assert found.targets == (Target("tls", "sip.ucc.de", 5061, "127.0.0.1"),)
    assert world.log[0] == "[8] DNS cache_lookup: a sip.ucc.de ->"
    assert world.server.asked == []


async def test_hosts_file_is_believed_before_any_server(world: World, tmp_path: Path) -> None:
    file = tmp_path / "hosts"
    file.write_text("192.0.2.50 sip.ucc.test pbx # ours\n")
    world.resolver.file = HostsFile(str(file))
    found = await world.resolver.locate(Locate(1, "PBX"))
    assert found.targets == (Target("udp", "PBX", 5060, "192.0.2.50"),)
    file.write_text("192.0.2.51 sip.ucc.test pbx\n2001:db8::5 pbx\n")
    assert await world.resolver.addresses("pbx") == ("192.0.2.51", "2001:db8::5")
    assert world.server.asked == []


# -- machines without a name server


async def test_localhost_needs_no_server_and_invalid_is_nothing(world: World) -> None:
    assert set(await world.resolver.addresses("localhost")) == {"127.0.0.1", "::1"}
    assert (await world.resolver.locate(Locate(1, "x.invalid"))).why == "The name x.invalid does not resolve"
    assert world.server.asked == []


def test_nothing_heavy_is_loaded_for_an_address_or_a_known_name() -> None:
    script = """
import asyncio, sys
from snomtui.kit.box import Locate
from snomtui.shell.resolver import Resolver
resolver = Resolver(lambda: 0.0, lambda level, text: None, {"sip.ucc.test": "127.0.0.1"})
for host in ("127.0.0.1", "localhost", "sip.ucc.test"):
    assert asyncio.run(resolver.locate(Locate(1, host))).targets, host
assert not [name for name in sys.modules if name == "dns" or name.startswith("dns.")]
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr


def test_servers_are_read_as_the_settings_have_them() -> None:
    texts = ["192.0.2.1", "192.0.2.1:5353", "::1", "[::1]", "[::1]:5353", "", "[abc]", "pbx"]
    assert servers_of(texts) == [("192.0.2.1", 53), ("192.0.2.1", 5353), ("::1", 53), ("::1", 53), ("::1", 5353)]
