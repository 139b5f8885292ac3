"""What happens to a registered phone: its Kamailio is restarted, forgets it, moves; its own address changes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from snomtui.sip.address import Address
from tests.peers.callers import Callers
from tests.peers.pbx import KAMAILIO, TABLES, Pbx
from tests.phones import HeadlessPhone, until

pytestmark = pytest.mark.peer
TRANSPORTS = ("udp", "tcp", "tls")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_comes_back_after_its_kamailio_was_restarted(pbx: Pbx, callers: Callers, transport: str) -> None:
    phone = callers.phone("alice", transport, user_expiry1=20)
    pbx.stop()
    pbx.start()
    assert pbx.contacts("alice") == []
    until(lambda: len(pbx.contacts("alice")) == 1, what="the phone is registered again", within=30)
    bob = callers.phone("bob")
    bob.do("dial", number="alice")
    phone.expect("call", state="offered")
    phone.do("answer")
    bob.expect("call", state="talking")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_comes_back_after_its_kamailio_was_away_for_a_while(pbx: Pbx, callers: Callers, transport: str) -> None:
    phone = callers.phone("alice", transport, user_expiry1=20, sip_retry_t1=50, retry_after_failed_register=5)
    pbx.stop()
    phone.expect("registration", state="waiting")
    pbx.start()
    phone.registered()
    assert len(pbx.contacts("alice")) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_phone_comes_back_after_its_binding_was_removed(pbx: Pbx, callers: Callers, transport: str) -> None:
    callers.phone("alice", transport, user_expiry1=20)
    pbx.throw_out("alice")
    assert pbx.contacts("alice") == []
    until(lambda: len(pbx.contacts("alice")) == 1, what="the phone is registered again", within=30)


def test_phone_has_one_binding_after_its_connection_was_lost(pbx: Pbx, callers: Callers) -> None:
    phone = callers.phone("alice", "tcp", user_expiry1=600)
    [before] = pbx.contacts("alice")
    pbx.ask("tcp.close_connection", "1")
    phone.do("register", identity=1)
    phone.registered()
    [after] = pbx.contacts("alice")
    assert after["Expires"] <= 600
    assert before["Address"].partition(":")[0] == after["Address"].partition(":")[0]


class Elsewhere:
    """A network of its own with one cable to this machine: here it is `HERE`, there it may be any address."""

    HERE, FIRST, SECOND = "10.98.7.1", "10.98.7.2", "10.98.7.3"

    def __init__(self) -> None:
        self.name, self._cable = f"snomtui{os.getpid()}", f"snom{os.getpid()}"[:15]
        ip("netns", "add", self.name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", "phone", "netns", self.name)
        ip("addr", "add", f"{self.HERE}/24", "dev", self._cable)
        ip("link", "set", self._cable, "up")
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "link", "set", "phone", "up")
        self.take(self.FIRST)

    def take(self, address: str) -> None:
        """Be at this address and at no other from now on."""
        ip("-n", self.name, "addr", "flush", "dev", "phone", "scope", "global")
        ip("-n", self.name, "addr", "add", f"{address}/24", "dev", "phone")

    @property
    def inside(self) -> list[str]:
        """What a command must begin with to run there."""
        return ["ip", "netns", "exec", self.name]

    def stop(self) -> None:
        """Cut the cable and forget the network."""
        ip("netns", "del", self.name)


def ip(*words: str) -> None:
    """Change the network of this machine; it takes root and Debian's `iproute2`."""
    if not shutil.which("ip"):
        pytest.skip("ip (iproute2) is not installed")
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode and "not permitted" in done.stderr:
        pytest.skip("only root can make a network of its own")
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Another network."""
    made = Elsewhere()
    yield made
    made.stop()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_phone_comes_back_after_its_address_has_changed(elsewhere: Elsewhere, tmp_path: Path, transport: str) -> None:
    if not (KAMAILIO.exists() and TABLES.exists()):
        pytest.skip("kamailio with kamailio-sqlite-modules is not installed")
    pbx = Pbx(tmp_path, also=elsewhere.HERE)
    settings: dict[str, str | int] = {
        "user_name1": "alice",
        "user_host1": "pbx.test",
        "user_pass1": "alice-secret",
        "user_expiry1": 60,
    }
    settings["user_outbound1"] = f"{elsewhere.HERE}:{pbx.port};transport={transport}"
    phone = HeadlessPhone(tmp_path / "alice", settings, inside=elsewhere.inside)
    try:
        phone.registered()
        assert elsewhere.FIRST in pbx.contacts("alice")[0]["Address"]
        elsewhere.take(elsewhere.SECOND)
        until(lambda: places(pbx) == [elsewhere.SECOND], what="the phone is registered at its new address", within=50)
    finally:
        phone.stop()
        pbx.stop()


def places(pbx: Pbx) -> list[str]:
    """The addresses at which the phone is registered."""
    return [Address.parse(each["Address"]).uri.host for each in pbx.contacts("alice")]
