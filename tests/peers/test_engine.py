"""The engine in somebody else's program: the one in the README, and what it promises beside that."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from snomtui.engine import Engine, EngineLine, Events, Refused
from snomtui.errors import SettingsError
from snomtui.line.events import CallChanged
from tests.peers.callers import Callers
from tests.peers.pbx import Pbx
from tests.phones import PATIENCE

pytestmark = pytest.mark.peer
README = Path(__file__).parents[2] / "README.md"


def program() -> str:
    """The program in the README."""
    found = [
        each for each in re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL) if "Engine" in each
    ]
    assert len(found) == 1
    return str(found[0])


def test_program_of_the_readme_has_about_20_lines_and_does_what_it_says(
    pbx: Pbx, callers: Callers, tmp_path: Path
) -> None:
    lines = [line for line in program().splitlines() if line.strip()]
    assert len(lines) <= 22
    bob = callers.phone("bob")
    bob.do("presence", availability="BUSY", note="back at five")
    script = tmp_path / "program.py"
    script.write_text(program(), "utf-8")
    ran = subprocess.Popen(
        [sys.executable, str(script), pbx.proxy("udp")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    bob.expect("call", state="offered")
    bob.do("answer")
    out, errors = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 0, errors
    registered, remote, presence = out.splitlines()
    assert (registered, remote) == ("registered", "sip:bob@pbx.test")
    assert "BUSY" in presence and "back at five" in presence
    assert bob.expect("call", state="ended")["cause"] == "remote"
    assert pbx.contacts("alice") == []


def at(pbx: Pbx, engine: Engine, user: str, transport: str = "udp", **more: str) -> EngineLine:
    """An identity of the Kamailio."""
    login = {"user_name": user, "user_host": "pbx.test", "user_pass": f"{user}-secret"}
    return engine.line(**{**login, "user_outbound": pbx.proxy(transport), "sim_media_source": "silence", **more})


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_two_lines_of_one_engine_call_each_other(pbx: Pbx, transport: str) -> None:
    async with asyncio.timeout(PATIENCE), Engine(sim_tls_ca_file=str(pbx.ca_file)) as engine:
        alice, bob = (at(pbx, engine, user, transport) for user in ("alice", "bob"))
        await asyncio.gather(alice.registered(), bob.registered())
        async with bob.listening() as events:
            call = alice.dial("sip:bob@pbx.test")
            offered = await ringing(events)
            [theirs] = bob.calls()
            assert theirs.id == offered.id
            theirs.answer()
        await call.until("talking")
        await theirs.until("talking")
        call.hold()
        await theirs.until("held")
        call.resume()
        await theirs.until("talking")
        theirs.hang_up()
        assert (await call.until("ended")).cause == "remote"
    assert pbx.contacts("alice") == pbx.contacts("bob") == []


async def ringing(events: Events) -> CallChanged:
    """The first call that rings."""
    async for event in events:
        if isinstance(event, CallChanged) and event.state == "offered":
            return event
    raise AssertionError("no call")


async def test_refusals_are_raised_with_their_reason(pbx: Pbx) -> None:
    async with asyncio.timeout(PATIENCE), Engine() as engine:
        with pytest.raises(Refused, match="401 .*password"):
            await at(pbx, engine, "alice", user_pass="wrong").registered()
        bob = at(pbx, engine, "bob")
        await bob.registered()
        with pytest.raises(Refused, match="486"):
            await bob.dial("sip:busy@pbx.test").until("talking")


async def test_wrong_settings_are_named(pbx: Pbx) -> None:
    async with Engine() as engine:
        with pytest.raises(SettingsError, match="user_outbound"):
            at(pbx, engine, "alice", user_outbound="host:99999")
        with pytest.raises(SettingsError, match="user_name"):
            engine.line(user_host="pbx.test")
