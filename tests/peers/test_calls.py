"""Two phones of ours talk through a real Kamailio."""

from __future__ import annotations

import pytest

from tests.peers.callers import Callers
from tests.phones import HeadlessPhone

pytestmark = pytest.mark.peer
PATHS = [("udp", "udp"), ("tcp", "tcp"), ("tls", "tls"), ("tcp", "tls"), ("tls", "udp"), ("udp", "tcp")]


def talking(caller: HeadlessPhone, callee: HeadlessPhone) -> None:
    """Bring a call up."""
    caller.do("dial", number=callee.name)
    callee.call("offered")
    callee.do("answer")
    callee.call("talking")
    caller.call("talking")


@pytest.mark.parametrize(("theirs", "ours"), PATHS)
def test_phones_call_each_other_and_hear_each_other(callers: Callers, theirs: str, ours: str) -> None:
    alice, bob = callers.phone("alice", ours), callers.phone("bob", theirs)
    alice.do("dial", number="bob")
    alice.call("dialling", direction="out", number="bob", remote="sip:bob@pbx.test")
    alice.call("ringing")
    offered = bob.call("offered", direction="in")
    assert (offered["number"], offered["remote_name"]) == ("alice", "Alice")
    bob.do("answer")
    bob.call("talking")
    alice.call("talking")
    assert alice.hears()["codec"] == bob.hears()["codec"] == "PCMA"
    alice.do("hangup")
    assert alice.call("ended")["cause"] == "local"
    assert bob.call("ended")["cause"] == "remote"

    talking(bob, alice)
    assert bob.hears()["lost"] == 0
    alice.do("hangup")
    assert alice.call("ended")["cause"] == "local"
    assert bob.call("ended")["cause"] == "remote"


def test_phone_puts_the_other_on_hold_and_takes_it_back(callers: Callers) -> None:
    alice, bob = callers.phone("alice"), callers.phone("bob", "tls")
    talking(alice, bob)
    alice.hears()
    alice.do("hold")
    alice.call("holding")
    bob.call("held")
    assert bob.order("dtmf", digits="1")["ok"] is False
    alice.do("resume")
    alice.call("talking")
    bob.call("talking")
    heard = alice.hears()["received"]
    alice.hears(heard + 10)
    bob.do("hold")
    alice.call("held")
    bob.do("resume")
    alice.call("talking")
    bob.do("hangup")
    alice.call("ended", cause="remote")


REFUSALS = [
    ("busy", 486, "Busy Here"),
    ("decline", 603, "Decline"),
    ("gone", 410, "Gone"),
    ("unavail", 480, "Temporarily Unavailable; try again in 5 s"),
    ("overload", 503, "Service Unavailable; try again in 2 s"),
    ("media", 488, "Not Acceptable Here: Media type not available"),
    ("dave", 480, "Temporarily Unavailable"),
    ("nobody", 404, "Not Found"),
]


@pytest.mark.parametrize("transport", ["udp", "tls"])
def test_phone_says_why_a_call_did_not_come_through(callers: Callers, transport: str) -> None:
    alice = callers.phone("alice", transport)
    for number, code, words in REFUSALS:
        alice.do("dial", number=number)
        told = alice.call("ended", number=number)
        assert (told["code"], told["reason"], told["cause"]) == (code, words, "refused")
    alice.expect("display", rows=lambda rows: any("Unknown number (404)" in row for row in rows))


def test_phone_gives_up_a_call_that_nobody_answers(callers: Callers) -> None:
    alice = callers.phone("alice")
    alice.do("dial", number="void")
    told = alice.call("ended", within=40)
    assert (told["code"], told["cause"]) == (408, "timeout")


def test_caller_who_gives_up_stops_the_ringing(callers: Callers) -> None:
    alice, bob = callers.phone("alice", "tcp"), callers.phone("bob")
    alice.do("dial", number="bob")
    bob.call("offered")
    alice.call("ringing")
    alice.do("hangup")
    assert alice.call("ended")["cause"] == "local"
    assert bob.call("ended")["cause"] == "cancelled"


def test_callee_who_declines_is_told_as_such_to_the_caller(callers: Callers) -> None:
    alice, bob = callers.phone("alice"), callers.phone("bob")
    alice.do("dial", number="bob")
    bob.call("offered")
    bob.do("hangup")
    assert bob.call("ended")["cause"] == "local"
    told = alice.call("ended")
    assert told["cause"] == "refused"
    assert told["code"] in (486, 603)


def test_phone_that_rings_too_long_says_that_nobody_is_there(callers: Callers) -> None:
    alice, bob = callers.phone("alice"), callers.phone("bob", ringing_time=5)
    alice.do("dial", number="bob")
    assert bob.call("ended")["reason"] == "Nobody answered"
    assert alice.call("ended")["code"] == 480


def test_phone_that_wants_no_second_call_is_busy(callers: Callers) -> None:
    alice, bob = callers.phone("alice"), callers.phone("bob", call_waiting="off")
    carol = callers.phone("carol")
    talking(alice, bob)
    carol.do("dial", number="bob")
    assert carol.call("ended")["code"] == 486
    assert alice.hears()["lost"] == 0


def test_phone_takes_a_second_call_and_holds_the_first(callers: Callers) -> None:
    alice, bob, carol = (callers.phone(name) for name in ("alice", "bob", "carol"))
    talking(alice, bob)
    carol.do("dial", number="bob")
    second = bob.call("offered")["id"]
    bob.do("answer", call=second)
    alice.call("held")
    carol.call("talking")
    carol.hears()
    bob.do("hangup", call=second)
    carol.call("ended", cause="remote")
    bob.do("resume", call="1-1")
    alice.call("talking")


def test_every_phone_of_a_user_rings_and_the_first_one_gets_the_call(callers: Callers) -> None:
    alice, desk = callers.phone("alice"), callers.phone("bob")
    home = callers.phone("bob", "tcp", folder="home", sim_mac="000413AABBCC")
    alice.do("dial", number="bob")
    desk.call("offered")
    home.call("offered")
    home.do("answer")
    alice.call("talking")
    assert desk.call("ended")["cause"] in ("cancelled", "elsewhere")
    assert alice.hears()["received"] > 0
    alice.do("hangup")
    home.call("ended", cause="remote")


def test_phone_ends_its_calls_when_it_leaves(callers: Callers) -> None:
    alice, bob = callers.phone("alice", "tls"), callers.phone("bob")
    talking(alice, bob)
    assert alice.quit() == 0
    bob.call("ended", cause="remote")
