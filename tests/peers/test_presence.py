"""Presence through a real Kamailio: PIDF documents of our phone and of others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import Pbx, free_port
from tests.phones import until

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


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_key_shows_the_calls_of_a_colleague(callers: Callers, transport: str) -> None:
    alice = callers.phone("alice", transport, fkey1="blf <sip:bob@pbx.test>|*8")
    bob, carol = callers.phone("bob"), callers.phone("carol", "tcp")
    carol.do("dial", number="bob")
    bob.call("offered")
    assert alice.expect("lamp", lamp="ringing")["uri"] == "sip:bob@pbx.test"
    assert alice.expect("led", key="P2", pattern="fast")["color"] == "orange"
    bob.do("answer")
    alice.expect("lamp", lamp="busy")
    alice.expect("led", key="P2", pattern="on")
    carol.do("hangup")
    alice.expect("lamp", lamp="idle")
    alice.expect("led", key="P2", pattern="off")


def test_key_that_is_set_while_the_phone_runs_shows_a_call(callers: Callers) -> None:
    alice, bob, _ = callers.phone("alice"), callers.phone("bob"), callers.phone("carol")
    alice.do("set", name="fkey1", value="blf <sip:bob@pbx.test>")
    bob.do("dial", number="carol")
    alice.expect("lamp", lamp="busy")
    bob.do("hangup")
    alice.expect("lamp", lamp="idle")


def test_voice_mail_that_waits_is_shown(callers: Callers) -> None:
    phone = callers.phone("alice", "tcp", user_mailbox1="*97")
    more = ("-key", "waiting", "yes", "-key", "new", "2", "-key", "old", "8")
    assert callers.sipp("publish_mwi", "alice", free_port(), *more).wait(20) == 0
    told = phone.expect("mailbox", waiting=True)
    assert (told["new"], told["old"]) == (2, 8)
    phone.expect("led", key="MESSAGE", pattern="slow")


@pytest.mark.parametrize("pbx", [("WITH_REGINFO",)], indirect=True)
def test_phone_that_is_thrown_out_of_the_registrar_registers_again_at_once(pbx: Pbx, callers: Callers) -> None:
    phone = callers.phone("alice", "tcp", sim_watch_registration="on")
    until(lambda: sum("Received NOTIFY" in line for line in phone.log) > 0, what="the registrar tells alice")
    pbx.ask("ul.rm", "location", "alice")
    until(lambda: bool(pbx.contacts("alice")), what="alice is registered again")
    assert any("The registrar has dropped alice@pbx.test" in line for line in phone.log)


def _not(word: str) -> Any:
    return lambda value: value != word
