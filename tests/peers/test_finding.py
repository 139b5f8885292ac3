"""The real phone finds its server by a real DNS server: the next one when one is dead, the new one when it moves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.pbx import Pbx, free_port
from tests.phones import ROOT, HeadlessOffice, HeadlessPhone, until
from tests.shell.nameserver import NameServer, serving

pytestmark = pytest.mark.peer
PEOPLE = ROOT / "snomtui" / "office" / "people.toml"


class Names:
    """A name server in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._up = threading.Event()
        self.server: NameServer
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        assert self._up.wait(5)

    async def _serve(self) -> None:
        async with serving() as self.server:
            self._up.set()
            await self._end.wait()

    @property
    def address(self) -> str:
        """Where it answers."""
        host, port = self.server.at
        return f"{host}:{port}"

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture
def names() -> Iterator[Names]:
    """A name server."""
    made = Names()
    yield made
    made.stop()


@pytest.fixture
def phones(tmp_path: Path, names: Names) -> Iterator[list[HeadlessPhone]]:
    """Phones that end with the test."""
    made: list[HeadlessPhone] = []
    yield made
    for phone in made:
        phone.stop()


def alice(folder: Path, names: Names, **more: str | int) -> HeadlessPhone:
    """A phone that knows the domain of its server and nothing else."""
    login: dict[str, str | int] = {
        "user_name1": "alice",
        "user_host1": "pbx.test",
        "user_pass1": "alice-secret",
        "user_expiry1": 20,
    }
    return HeadlessPhone(folder / "alice", {**login, "dns_server1": names.address, "sip_retry_t1": 100, **more})


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_phone_goes_on_to_the_second_server_of_the_domain_when_the_first_is_dead(
    pbx: Pbx, names: Names, phones: list[HeadlessPhone], tmp_path: Path, kind: str
) -> None:
    names.server.zone = {
        f"srv _sip._{kind}.pbx.test": [f"1 0 {free_port()} dead.pbx.test.", f"2 0 {pbx.port} live.pbx.test."],
        "a dead.pbx.test": ["127.0.0.1"],
        "a live.pbx.test": ["127.0.0.1"],
    }
    phone = alice(tmp_path, names)
    phones.append(phone)
    assert phone.registered()["transport"] == kind
    assert len(pbx.contacts("alice")) == 1
    assert any(f"DNS cache_lookup: srv _sip._{kind}.pbx.test" in line for line in phone.log)


def test_phone_follows_its_server_to_another_place(
    pbx: Pbx, names: Names, phones: list[HeadlessPhone], tmp_path: Path
) -> None:
    names.server.ttl = 1
    names.server.zone = {"srv _sip._udp.pbx.test": [f"1 0 {pbx.port} one.pbx.test."], "a one.pbx.test": ["127.0.0.1"]}
    phone = alice(tmp_path, names, retry_after_failed_register=5)
    phones.append(phone)
    phone.registered()
    folder = tmp_path / "second"
    folder.mkdir()
    second = Pbx(folder)
    try:
        names.server.zone = {
            "srv _sip._udp.pbx.test": [f"1 0 {second.port} two.pbx.test."],
            "a two.pbx.test": ["127.0.0.1"],
        }
        pbx.stop()
        until(lambda: len(second.contacts("alice")) == 1, what="the phone is registered at the new place", within=40)
    finally:
        second.stop()
        pbx.start()


def test_ocs_account_finds_its_front_end_by_the_domain(
    names: Names, phones: list[HeadlessPhone], tmp_path: Path
) -> None:
    ca_file = tmp_path / "ca.pem"
    with HeadlessOffice(PEOPLE, "--ca-file", str(ca_file), listen=("tls",)) as office:
        port = str(office.ready["tls"]).rpartition(":")[2]
        names.server.zone = {
            "srv _sipinternal._tcp.ucc.de": [f"1 0 {free_port()} sip.ucc.de."],
            "srv _sip._tls.ucc.de": [f"1 0 {port} sip.ucc.de."],
            "a sip.ucc.de": ["127.0.0.1"],
        }
        login = {"user_name1": "Heiko.Riedel", "user_host1": "ucc.de", "user_pname1": r"ucc\Heiko.Riedel"}
        login |= {"user_pass1": "Sommer2009!", "user_server_type1": "ocs", "sim_tls_ca_file": str(ca_file)}
        phone = HeadlessPhone(tmp_path / "heiko", {**login, "dns_server1": names.address})
        phones.append(phone)
        told = phone.registered()
    assert (told["auth"], told["transport"]) == ("ntlmv2", "tls")
    asked = [line.partition("cache_lookup: ")[2].split(" ->")[0] for line in phone.log if "cache_lookup: srv" in line]
    wanted = ["_sipinternaltls._tcp", "_sipinternal._tcp", "_sip._tls", "_sip._tcp"]
    assert list(dict.fromkeys(asked)) == [f"srv {service}.ucc.de" for service in wanted]


def test_name_that_does_not_exist_is_told_in_words(names: Names, phones: list[HeadlessPhone], tmp_path: Path) -> None:
    phone = alice(tmp_path, names)
    phones.append(phone)
    told = phone.expect("registration", state="waiting")
    assert told["reason"] == "The name pbx.test does not resolve"
    assert told["retry_in"] == 300


def registered(phone: HeadlessPhone) -> set[int]:
    """The identities that the server knows."""
    return {told["identity"] for told in phone.told("registration") if told["state"] == "registered"}


def test_twelve_identities_register_at_once_and_leave_together(pbx: Pbx, tmp_path: Path) -> None:
    settings: dict[str, str | int] = {}
    for n in range(1, 13):
        settings |= {f"user_name{n}": f"{2000 + n}", f"user_host{n}": "pbx.test", f"user_pass{n}": f"pw{2000 + n}"}
        settings |= {f"user_outbound{n}": pbx.proxy(("udp", "tcp")[n % 2])}
    with HeadlessPhone(tmp_path / "twelve", settings) as phone:
        until(lambda: registered(phone) == set(range(1, 13)), what="all twelve are registered")
        assert all(len(pbx.contacts(f"{2000 + n}")) == 1 for n in range(1, 13))
        phone.do("dial", number="2012", identity=1)
        phone.expect("call", state="offered", identity=12)
        phone.do("hangup")
        assert phone.quit() == 0
    assert all(pbx.contacts(f"{2000 + n}") == [] for n in range(1, 13))
