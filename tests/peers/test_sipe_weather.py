"""pidgin-sipe when things go wrong: the office restarts, signs somebody out, or is told nonsense by others."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.sipehouse import SipeHouse, people_file, teams, uri
from tests.phones import until

pytestmark = pytest.mark.peer
AGAIN = ("--reconnect", "300")
"""Sign in again after 300 ms, as Pidgin does by itself after some seconds."""
RETRY = 5
"""Seconds until our phone tries again."""


@pytest.fixture
def lasting(sipe_program: Path, tmp_path: Path) -> Iterator[SipeHouse]:
    """An office of its own, which writes down what it must remember."""
    options = ("--state-dir", str(tmp_path / "state"))
    made = SipeHouse(sipe_program, tmp_path / "office", *options, people=people_file(*teams(2)))
    yield made
    made.close()


@pytest.mark.parametrize("how", ["restarted by an order", "killed and started again"])
def test_sipe_and_phone_come_back_when_the_office_was_gone(lasting: SipeHouse, how: str) -> None:
    heiko, jan, karla, _ = lasting.team()
    sipe, phone = lasting.signed_in(heiko, *AGAIN), lasting.registered(jan, retry_after_failed_register=RETRY)
    over_tls = lasting.signed_in(karla, *AGAIN, transport="tls")
    sipe.comes(jan, "Available")
    listed, known = set(sipe.listed()), set(lasting.contacts(phone))
    if how.startswith("killed"):
        lasting.reopen()
    else:
        lasting.order("restart")
    for each in (sipe, over_tls):
        each.expect("connection-error", within=30)
        each.connected()
    phone.expect("registration", within=60, state="registered")
    sipe.comes(jan, "Available")
    over_tls.comes(heiko, "Available")
    assert set(sipe.listed()) == listed
    until(lambda: set(lasting.contacts(phone)) == known)
    sipe.say("status busy")
    over_tls.sees(heiko, "Busy")
    phone.expect("presence", within=30, uri=uri(heiko), availability="BUSY")
    phone.do("presence", availability="DND")
    sipe.sees(jan, "Do not disturb")


def test_who_has_lost_the_connection_is_offline_for_the_others_until_back(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher, phone = house.signed_in(heiko, *AGAIN), house.signed_in(jan), house.registered(jan)
    watcher.comes(heiko, "Available")
    phone.expect("presence", uri=uri(heiko), availability="AVAILABLE")
    sipe.say("drop")
    sipe.expect("connection-error")
    watcher.leaves(heiko)
    phone.expect("presence", uri=uri(heiko), availability="OFFLINE")
    sipe.connected()
    watcher.comes(heiko, "Available")
    phone.expect("presence", uri=uri(heiko), availability="AVAILABLE")


@pytest.mark.parametrize("event", ["unregistered", "rejected", "deactivated"])
def test_sipe_that_is_signed_out_by_the_office_says_so_and_may_come_again(house: SipeHouse, event: str) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    house.order("sign_out", who=f"{heiko}@ucc.test", event=event)
    told = sipe.expect("connection-error")
    assert told["text"], told
    assert sipe.join() == 3
    assert f"deregistered;event={event}" in sipe.wire()
    watcher.leaves(heiko)
    house.signed_in(heiko)
    watcher.comes(heiko, "Available")


def test_an_office_that_is_overloaded_for_a_while_does_not_lose_sipe(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    house.order("fault", name="503", on=True)
    sipe.say("status away")
    until(lambda: "SIP/2.0 503" in sipe.wire())
    house.order("fault", name="503", on=False)
    sipe.say("status do-not-disturb")
    watcher.sees(heiko, "Do not disturb")
    assert sipe.told("connection-error") == []


# -- others who talk nonsense

NONSENSE = {
    "no SIP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "broken first line": b"REGISTER\r\n\r\n\r\n\x00\xff\xfe\r\n\r\n",
    "a huge header": b"OPTIONS sip:ucc.test SIP/2.0\r\nX: " + b"y" * 300_000 + b"\r\n\r\n",
    "endless headers": b"OPTIONS sip:ucc.test SIP/2.0\r\n" + b"X-Y: z\r\n" * 50_000,
    "a huge body": b"SERVICE sip:ucc.test SIP/2.0\r\nContent-Length: 999999999\r\n\r\n" + b"<a>" * 1000,
    "a negative length": b"SERVICE sip:ucc.test SIP/2.0\r\nContent-Length: -5\r\n\r\n",
    "a token that is none": (
        b"REGISTER sip:ucc.test SIP/2.0\r\nVia: SIP/2.0/TCP 1.2.3.4;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
        b"From: <sip:heiko1@ucc.test>;tag=1;epid=aa\r\nTo: <sip:heiko1@ucc.test>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
        b'Authorization: NTLM qop="auth", gssapi-data="TlRMTVNTUAADAAAA", targetname="sip.ucc.test", opaque="0", '
        b'realm="SIP Communications Service", version=4\r\nContent-Length: 0\r\n\r\n'
    ),
    "bytes": bytes(range(256)) * 64,
}


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_sipe_lives_on_while_a_stranger_talks_nonsense(house: SipeHouse, transport: str) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko, transport=transport), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    sipe.say("status busy")
    for nonsense in NONSENSE.values():
        _say(house.office.ready[transport], nonsense, transport)
    watcher.sees(heiko, "Busy")
    sipe.say("status away")
    watcher.sees(heiko, "Away")
    assert sipe.told("connection-error") == watcher.told("connection-error") == []
    assert not any("Traceback" in line for line in house.office.log)


def _say(place: str, data: bytes, transport: str) -> None:
    """Open a connection, say it, and wait for an answer or the end of the connection."""
    host, port = place.rsplit(":", 1)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with contextlib.ExitStack() as open_, contextlib.suppress(OSError):
        speaking = open_.enter_context(socket.create_connection((host, int(port)), 10))
        if transport == "tls":
            speaking = open_.enter_context(trusting.wrap_socket(speaking))
        speaking.settimeout(0.5)
        speaking.sendall(data)
        speaking.recv(4096)
