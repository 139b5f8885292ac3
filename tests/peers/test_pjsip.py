"""Our phone and PJSIP, the stack inside many PBXs and phones, talk through a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers, Pjsip
from tests.phones import HeadlessPhone

pytestmark = pytest.mark.peer
PATHS = [("udp", "udp"), ("tcp", "tcp"), ("tls", "tls"), ("tls", "udp"), ("udp", "tls")]


def phone_calls(phone: HeadlessPhone, pjsip: Pjsip) -> None:
    """Our phone calls; the other answers."""
    phone.do("dial", number="carol")
    pjsip.expect("incoming")
    phone.call("ringing")
    pjsip.do("answer")
    phone.call("talking")
    pjsip.expect("call", state="CONFIRMED")


def pjsip_calls(pjsip: Pjsip, phone: HeadlessPhone) -> None:
    """The other calls; our phone answers."""
    pjsip.do("dial sip:alice@pbx.test")
    phone.call("offered")
    phone.do("answer")
    phone.call("talking")
    pjsip.expect("call", state="CONFIRMED")


@pytest.mark.parametrize(("ours", "theirs"), PATHS)
def test_phone_calls_pjsip_and_both_hear_each_other(callers: Callers, ours: str, theirs: str) -> None:
    phone, pjsip = callers.phone("alice", ours), callers.pjsip("carol", theirs)
    phone_calls(phone, pjsip)
    phone.hears()
    pjsip.hears()
    phone.do("hangup")
    assert phone.call("ended")["cause"] == "local"
    assert pjsip.expect("call", state="DISCONNECTED")["code"] == 200


@pytest.mark.parametrize(("ours", "theirs"), PATHS)
def test_pjsip_calls_phone_and_both_hear_each_other(callers: Callers, ours: str, theirs: str) -> None:
    phone, pjsip = callers.phone("alice", ours), callers.pjsip("carol", theirs)
    pjsip_calls(pjsip, phone)
    phone.hears()
    pjsip.hears()
    pjsip.do("hangup")
    assert phone.call("ended")["cause"] == "remote"
    pjsip.expect("call", state="DISCONNECTED")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_phone_puts_pjsip_on_hold_and_takes_it_back(callers: Callers, transport: str) -> None:
    phone, pjsip = callers.phone("alice", transport), callers.pjsip("carol", transport)
    phone_calls(phone, pjsip)
    pjsip.expect("media", status="active")
    phone.do("hold")
    phone.call("holding")
    pjsip.expect("media", status="remote-hold")
    phone.do("resume")
    phone.call("talking")
    pjsip.expect("media", status="active")
    heard = pjsip.hears()
    pjsip.hears(heard + 20)
    phone.hears(phone.hears()["received"] + 10)


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_pjsip_puts_phone_on_hold_and_takes_it_back(callers: Callers, transport: str) -> None:
    phone, pjsip = callers.phone("alice", transport), callers.pjsip("carol", transport)
    pjsip_calls(pjsip, phone)
    pjsip.do("hold")
    phone.call("held")
    pjsip.do("resume")
    phone.call("talking")
    phone.hears(phone.hears()["received"] + 10)
    phone.do("hangup")
    pjsip.expect("call", state="DISCONNECTED")


def test_both_hold_and_each_takes_only_its_own_hold_back(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    phone.do("hold")
    phone.call("holding")
    pjsip.expect("media", status="remote-hold")
    pjsip.do("hold")
    pjsip.expect("media", status="local-hold")
    phone.do("resume")
    phone.call("held")
    pjsip.do("resume")
    phone.call("talking")
    phone.hears(phone.hears()["received"] + 10)


def test_phone_takes_a_new_offer_right_after_its_answer(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol", "udp", "--lock-codec")
    pjsip_calls(pjsip, phone)
    pjsip.hears()
    phone.hears()
    pjsip.do("hangup")
    assert phone.call("ended")["cause"] == "remote"


def test_phone_takes_a_new_offer_right_after_the_answer_of_the_other(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol", "udp", "--lock-codec", "--answer", "auto")
    phone.do("dial", number="carol")
    phone.call("talking")
    pjsip.hears()
    phone.hears()
    phone.do("hangup")
    pjsip.expect("call", state="DISCONNECTED", code=200)


def test_pjsip_changes_the_session_with_update(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    pjsip.do("update")
    pjsip.hears(pjsip.hears() + 20)
    assert phone.told("call")[-1]["state"] == "talking"


def test_pjsip_hears_the_digits_that_the_phone_sends(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    pjsip.hears()
    phone.do("dtmf", digits="159*#0")
    assert "".join(pjsip.expect("dtmf")["digit"] for _ in range(6)) == "159*#0"
    phone.do("press", keys="7;8")
    assert "".join(pjsip.expect("dtmf")["digit"] for _ in range(2)) == "78"


def test_phone_stays_in_the_call_when_pjsip_sends_digits(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    phone.hears()
    pjsip.do("dtmf 42")
    pjsip.do("info 42")
    phone.hears(phone.hears()["received"] + 50)
    assert phone.told("call")[-1]["state"] == "talking"


@pytest.mark.parametrize(("code", "words"), [(486, "Busy Here"), (603, "Decline"), (480, "Temporarily Unavailable")])
def test_phone_says_how_pjsip_refused(callers: Callers, code: int, words: str) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone.do("dial", number="carol")
    pjsip.expect("incoming")
    pjsip.do(f"reject {code}")
    told = phone.call("ended")
    assert (told["code"], told["reason"], told["cause"]) == (code, words, "refused")


def test_phone_and_pjsip_give_up_before_the_answer(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone.do("dial", number="carol")
    pjsip.expect("incoming")
    phone.call("ringing")
    phone.do("hangup")
    assert pjsip.expect("call", state="DISCONNECTED")["code"] == 487
    pjsip.do("dial sip:alice@pbx.test")
    phone.call("offered")
    pjsip.do("hangup")
    assert phone.call("ended", direction="in")["cause"] == "cancelled"


def test_phone_transfers_pjsip_to_a_colleague(callers: Callers) -> None:
    phone, colleague, pjsip = callers.phone("alice"), callers.phone("bob"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    phone.do("transfer", to="bob")
    assert "bob" in pjsip.expect("transfer-request")["to"]
    colleague.call("offered", number="carol")
    colleague.do("answer")
    phone.call("ended", cause="local")
    colleague.call("talking")
    colleague.hears()


def test_phone_takes_pjsip_back_when_the_transfer_fails(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol")
    phone_calls(phone, pjsip)
    phone.do("transfer", to="busy")
    told = phone.call("talking")
    assert "486" in told["reason"]
    phone.hears(phone.hears()["received"] + 10)


@pytest.mark.parametrize("option", ["--timers", "--srtp=optional", "--100rel"])
def test_pjsip_that_offers_more_than_the_phone_speaks_is_talked_to_all_the_same(callers: Callers, option: str) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol", "udp", option)
    pjsip_calls(pjsip, phone)
    pjsip.hears()
    pjsip.do("hangup")
    phone.call("ended", cause="remote")
    phone_calls(phone, pjsip)
    pjsip.hears()


def test_pjsip_that_insists_on_what_the_phone_does_not_speak_is_told_so(callers: Callers) -> None:
    phone, pjsip = callers.phone("alice"), callers.pjsip("carol", "udp", "--srtp=mandatory")
    pjsip.do("dial sip:alice@pbx.test")
    assert pjsip.expect("call", state="DISCONNECTED")["code"] == 488
    assert phone.told("call") == []
