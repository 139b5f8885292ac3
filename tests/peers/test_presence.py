"""Presence through a real Kamailio: PIDF documents of our phone and of others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import free_port

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_phone_sees_what_pjsip_publishes(callers: Callers, transport: str) -> None:
    phone = callers.phone("alice", transport, contacts=("carol",))
    pjsip = callers.pjsip("carol", transport, "--publish")
    seen = phone.expect("presence", availability="AVAILABLE")
    assert (seen["uri"], seen["name"]) == ("sip:carol@pbx.test", "Carol")
    pjsip.do("presence busy")
    assert phone.expect("presence", availability=_not("AVAILABLE"))["note"] == "On the phone"
    pjsip.do("presence away")
    assert phone.expect("presence", note="Away")["availability"] in ("AWAY", "BE_RIGHT_BACK", "INACTIVE")
    pjsip.do("presence closed")
    phone.expect("presence", availability="OFFLINE")


def test_phone_sees_what_sipp_publishes(callers: Callers) -> None:
    phone = callers.phone("alice", contacts=("bob",))
    more = ("-key", "basic", "open", "-key", "activity", "on-the-phone", "-key", "note", "busy")
    assert callers.sipp("publish_pidf", "bob", free_port(), *more).wait(20) == 0
    assert phone.expect("presence", availability="IN_A_CALL")["uri"] == "sip:bob@pbx.test"


def test_pjsip_sees_that_the_phone_is_in_a_call_and_when_it_leaves(callers: Callers) -> None:
    pjsip = callers.pjsip("carol", "udp", "--buddies", "alice")
    phone, colleague = callers.phone("alice", "tcp"), callers.phone("bob")
    pjsip.expect("presence", status="online", activity="")
    phone.do("dial", number="bob")
    colleague.call("offered")
    colleague.do("answer")
    phone.expect("own_presence", availability="IN_A_CALL")
    pjsip.expect("presence", status="online", activity="busy")
    phone.do("hangup")
    phone.expect("own_presence", availability="AVAILABLE")
    pjsip.expect("presence", status="online", activity="")
    phone.do("presence", availability="AWAY")
    pjsip.expect("presence", status="online", activity="away")
    assert phone.quit() == 0
    pjsip.expect("presence", status="offline")


def test_phones_see_each_other_talk(callers: Callers) -> None:
    alice = callers.phone("alice", "tls", contacts=("bob",), fkey0="dest <sip:bob@pbx.test>")
    bob, carol = callers.phone("bob", "udp"), callers.phone("carol")
    alice.expect("presence", availability="AVAILABLE")
    carol.do("dial", number="bob")
    bob.call("offered")
    bob.do("answer")
    alice.expect("presence", availability="IN_A_CALL", activity="on-the-phone")
    assert alice.expect("led", key="P1", pattern="on")["color"]
    carol.do("hangup")
    alice.expect("presence", availability="AVAILABLE")
    assert bob.quit() == 0
    alice.expect("presence", availability="OFFLINE")


def _not(word: str) -> Any:
    return lambda value: value != word
