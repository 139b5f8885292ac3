"""Transfers between our phones and PJSIP, baresip and Linphone through a real Kamailio, blind and attended."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers
from tests.peers.linphone import Linphone
from tests.peers.test_pjsip import phone_calls, pjsip_calls
from tests.phones import HeadlessPhone

pytestmark = pytest.mark.peer


def phone_asks(phone: HeadlessPhone, colleague: HeadlessPhone, number: str) -> str:
    """Our phone calls a colleague beside the call it has; the id of that call."""
    phone.do("dial", number=number)
    colleague.call("offered")
    colleague.do("answer")
    colleague.call("talking")
    return str(phone.call("talking", number=number)["id"])


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_pjsip_sends_our_phone_to_a_colleague(callers: Callers, transport: str) -> None:
    phone, colleague = callers.phone("alice", transport), callers.phone("bob", transport)
    pjsip = callers.pjsip("carol", transport)
    phone_calls(phone, pjsip)
    pjsip.do("transfer sip:bob@pbx.test")
    colleague.call("offered", number="alice")
    colleague.do("answer")
    assert pjsip.expect("transfer-status", final=True)["code"] == 200
    colleague.call("talking")
    assert phone.call("talking", number="bob")["direction"] == "out"
    pjsip.do("hangup")
    assert phone.call("ended", number="carol")["cause"] == "remote"
    colleague.hears()
    phone.do("hangup")
    colleague.call("ended", cause="remote")


def test_pjsip_hears_that_nobody_takes_the_call_and_talks_on(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    pjsip_calls(pjsip, phone)
    pjsip.do("transfer sip:busy@pbx.test")
    assert pjsip.expect("transfer-status", final=True)["code"] == 486
    heard = pjsip.hears()
    pjsip.hears(heard + 20)
    pjsip.do("hangup")
    phone.call("ended", number="carol", cause="remote")


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_pjsip_connects_our_two_phones(callers: Callers, transport: str) -> None:
    phone, colleague = callers.phone("alice", transport), callers.phone("bob", transport)
    pjsip = callers.pjsip("carol", transport)
    pjsip_calls(pjsip, phone)
    pjsip.do("hold")
    phone.call("held")
    pjsip.do("dial sip:bob@pbx.test")
    colleague.call("offered")
    colleague.do("answer")
    colleague.call("talking")
    pjsip.do("atransfer")
    colleague.call("ended", number="carol")
    colleague.call("talking", number="alice")
    phone.call("talking", number="bob")
    assert pjsip.expect("transfer-status", final=True)["code"] == 200
    colleague.hears()
    phone.do("hangup", every=True)
    colleague.call("ended", number="alice", cause="remote")


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_our_phone_connects_pjsip_with_a_colleague(callers: Callers, transport: str) -> None:
    phone, colleague = callers.phone("alice", transport), callers.phone("bob", transport)
    pjsip = callers.pjsip("carol", transport)
    pjsip_calls(pjsip, phone)
    held = phone.told("call")[-1]["id"]
    asked = phone_asks(phone, colleague, "bob")
    phone.do("transfer", to=asked, call=held)
    assert "Replaces" in pjsip.expect("transfer-request")["to"]
    colleague.call("ended", number="alice")
    colleague.call("talking", number="carol")
    ended = {phone.call("ended")["number"] for _ in range(2)}
    assert ended == {"bob", "carol"}
    colleague.hears()


def test_our_phone_connects_a_colleague_with_pjsip(callers: Callers) -> None:
    phone, colleague, pjsip = callers.phone("alice"), callers.phone("bob"), callers.pjsip("carol")
    held = phone_asks(phone, colleague, "bob")
    phone.do("dial", number="carol")
    pjsip.expect("incoming")
    pjsip.do("answer")
    talking = str(phone.call("talking", number="carol")["id"])
    phone.do("transfer", to=talking, call=held)
    pjsip.expect("replace-request")
    colleague.call("talking", number="carol")
    ended = {phone.call("ended")["number"] for _ in range(2)}
    assert ended == {"bob", "carol"}
    colleague.hears()


def test_two_phones_of_ours_send_a_third_one_on(callers: Callers) -> None:
    alice, bob, carol = (callers.phone(user) for user in ("alice", "bob", "carol"))
    phone_asks(alice, bob, "bob")
    alice.do("transfer", to="carol")
    carol.call("offered", number="bob")
    carol.do("answer")
    alice.call("ended", number="bob", cause="local")
    bob.call("ended", number="alice", cause="remote")
    carol.hears()
    bob.hears()


def test_baresip_sends_our_phone_to_a_colleague(callers: Callers) -> None:
    phone, colleague = callers.phone("alice"), callers.phone("bob")
    baresip = callers.baresip("dave", answer="auto")
    phone.do("dial", number="dave")
    phone.call("talking")
    baresip.expect("CALL_ESTABLISHED")
    baresip.do("transfer", "sip:bob@pbx.test")
    colleague.call("offered", number="alice")
    colleague.do("answer")
    colleague.call("talking")
    phone.call("ended", number="dave", cause="remote")
    colleague.hears()


def linphone_talks(callers: Callers) -> tuple[HeadlessPhone, HeadlessPhone, Linphone]:
    """Our phone has called a Linphone; a colleague stands by."""
    phone, colleague, linphone = callers.phone("alice"), callers.phone("bob"), callers.linphone("dave")
    phone.do("dial", number="dave")
    linphone.expect("Receiving new incoming call")
    linphone.say("answer")
    phone.call("talking")
    linphone.expect("Media streams established")
    return phone, colleague, linphone


def test_linphone_sends_our_phone_to_a_colleague(callers: Callers) -> None:
    phone, colleague, linphone = linphone_talks(callers)
    linphone.say("transfer sip:bob@pbx.test")
    colleague.call("offered", number="alice")
    colleague.do("answer")
    colleague.call("talking")
    phone.call("ended", number="dave")
    colleague.hears()


def test_our_phone_sends_linphone_to_a_colleague(callers: Callers) -> None:
    phone, colleague, _ = linphone_talks(callers)
    phone.do("transfer", to="bob")
    colleague.call("offered", number="dave")
    colleague.do("answer")
    phone.call("ended", number="dave", cause="local")
    colleague.call("talking")


def test_our_phone_connects_linphone_with_a_colleague(callers: Callers) -> None:
    phone, colleague, _ = linphone_talks(callers)
    held = phone.told("call")[-1]["id"]
    asked = phone_asks(phone, colleague, "bob")
    phone.do("transfer", to=asked, call=held)
    colleague.call("ended", number="alice")
    colleague.call("talking", number="dave")
    ended = {phone.call("ended")["number"] for _ in range(2)}
    assert ended == {"bob", "dave"}


def test_our_phone_connects_a_colleague_with_linphone(callers: Callers) -> None:
    phone, colleague, linphone = callers.phone("alice"), callers.phone("bob"), callers.linphone("dave")
    held = phone_asks(phone, colleague, "bob")
    phone.do("dial", number="dave")
    linphone.expect("Receiving new incoming call")
    linphone.say("answer")
    talking = str(phone.call("talking", number="dave")["id"])
    phone.do("transfer", to=talking, call=held)
    colleague.call("talking", number="dave")
    ended = {phone.call("ended")["number"] for _ in range(2)}
    assert ended == {"bob", "dave"}
