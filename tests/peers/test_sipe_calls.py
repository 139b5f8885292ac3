"""Calls between pidgin-sipe and our phone, with sound, and forking to the PC and the phone on the desk."""

from __future__ import annotations

import pytest

from tests.peers.sipehouse import Sipe, SipeHouse, number, uri
from tests.phones import HeadlessPhone, some

pytestmark = pytest.mark.peer


def _hear_each_other(sipe: Sipe, phone: HeadlessPhone) -> None:
    """Sound goes from the phone to the PC, and comes back as an echo."""
    sipe.expect("audio", packets=some)
    phone.hears()


def _talks(sipe: Sipe) -> None:
    """Both sides have agreed, and only now."""
    sipe.expect("media-info", info="accept")


def test_the_phone_calls_sipe_and_hangs_up(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone, watcher = house.signed_in(heiko), house.registered(jan), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    phone.do("dial", number=uri(heiko))
    sipe.expect("media-new", peer=uri(jan), initiator=False)
    phone.call("ringing")
    sipe.say("answer")
    phone.call("talking")
    _hear_each_other(sipe, phone)
    watcher.sees(heiko, "In a call")
    phone.do("hangup")
    phone.call("ended")
    sipe.expect("media-info", info="hangup", local=False)
    watcher.sees(heiko, "Available")


def test_sipe_calls_the_phone_and_hangs_up(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko, transport="tls"), house.registered(jan)
    sipe.do("call", uri(jan))
    offered = phone.call("offered", remote=uri(heiko))
    assert offered["remote_name"] == f"Heiko {heiko.removeprefix('heiko')}"
    phone.do("answer")
    _talks(sipe)
    _hear_each_other(sipe, phone)
    phone.expect("presence", uri=uri(heiko), availability="IN_A_CALL")
    sipe.say("hangup")
    phone.call("ended", cause="remote")
    phone.expect("presence", uri=uri(heiko), availability="AVAILABLE")


def test_sipe_calls_sipe(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    caller, callee = house.signed_in(heiko), house.signed_in(jan, transport="tls")
    caller.do("call", uri(jan))
    callee.expect("media-new", peer=uri(heiko))
    callee.expect("media-peer")
    callee.say("answer")
    _talks(caller)
    callee.say("hangup")
    caller.expect("media-info", info="hangup", local=False)


def test_who_declines_at_the_pc_is_not_reached(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    phone.do("dial", number=uri(heiko))
    phone.call("ringing")
    sipe.say("reject")
    ended = phone.call("ended")
    assert ended["code"] in (480, 486, 603), ended
    sipe.do("call", uri(jan))
    phone.call("offered")
    phone.do("hangup")
    sipe.expect("media-state", state="end")


def test_who_gives_up_at_the_pc_stops_the_ringing(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    sipe.do("call", uri(jan))
    phone.call("offered")
    sipe.say("hangup")
    phone.call("ended")


def test_sipe_calls_a_colleague_by_number(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    sipe.do("form", f"phoneNumber={number(int(jan.removeprefix('jan')) - 1, 1)}")
    sipe.do("action", "Call a phone number")
    phone.call("offered", remote=uri(heiko))
    phone.do("answer")
    _talks(sipe)
    _hear_each_other(sipe, phone)


def test_the_phone_holds_sipe_and_takes_it_back(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    phone.do("dial", number=uri(heiko))
    phone.call("ringing")
    sipe.say("answer")
    phone.call("talking")
    phone.do("hold")
    phone.call("holding")
    phone.do("resume")
    phone.call("talking")
    phone.hears()


def test_a_call_rings_at_pc_and_phone_and_stops_at_the_one_that_does_not_answer(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    pc, desk, caller = house.signed_in(heiko), house.registered(heiko), house.registered(jan)
    caller.do("dial", number=uri(heiko))
    desk.call("offered")
    pc.expect("media-new")
    desk.do("answer")
    caller.call("talking")
    pc.expect("media-state", state="end")
    caller.do("hangup")
    desk.call("ended", cause="remote")
    caller.do("dial", number=uri(heiko))
    desk.call("offered")
    pc.expect("media-new")
    pc.expect("media-peer")
    pc.say("answer")
    caller.call("talking")
    desk.call("ended")
    _hear_each_other(pc, caller)


def test_the_desk_phone_of_a_sipe_user_rings_and_is_answered(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, desk, caller = house.signed_in(heiko), house.registered(heiko), house.registered(jan)
    watcher = house.signed_in(jan)
    watcher.comes(heiko, "Available")
    caller.do("dial", number=uri(heiko))
    desk.call("offered", remote=uri(jan))
    desk.do("answer")
    caller.call("talking")
    caller.hears()
    desk.hears()
    watcher.sees(heiko, "In a call")
    caller.do("hangup")
    desk.call("ended", cause="remote")
    watcher.sees(heiko, "Available")
    sipe.say("status busy")
    watcher.sees(heiko, "Busy")


def test_a_caller_who_gives_up_stops_the_ringing_everywhere(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, desk, caller = house.signed_in(heiko), house.registered(heiko), house.registered(jan)
    caller.do("dial", number=uri(heiko))
    desk.call("offered")
    caller.do("hangup")
    desk.call("ended")
    caller.call("ended")
    sipe.say("status busy")
    caller.expect("presence", uri=uri(heiko), availability="BUSY")


def test_the_desk_phone_can_be_called_by_number(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    house.signed_in(heiko)
    desk, caller = house.registered(heiko), house.registered(jan)
    caller.do("dial", number=number(int(heiko.removeprefix("heiko")) - 1, 0))
    desk.call("offered", remote=uri(jan))
    desk.do("answer")
    caller.call("talking")
    desk.do("hangup")
    caller.call("ended", cause="remote")


MEETING = "meet:sip:{}@ucc.test;gruu;opaque=app:conf:focus:id:ABC123"
CONFERENCES: dict[str, list[tuple[str, ...]]] = {
    "a meeting": [("form", f"meetingLocation={MEETING}"), ("action", "Join scheduled")],
    "a chat of many": [("choose", "sip:{}@ucc.test", "New chat")],
    "a room": [("join", "ma-chan://ucc.test/ABC123")],
}


@pytest.mark.parametrize("what", CONFERENCES)
def test_conferences_that_this_office_does_not_have_are_refused_and_all_else_goes_on(
    house: SipeHouse, what: str
) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    for order in CONFERENCES[what]:
        sipe.do(*(word.format(jan) for word in order))
    if what == "a meeting":
        sipe.expect("notify", kind="error", primary="Failed to join the conference")
    sipe.say("status busy")
    watcher.sees(heiko, "Busy")
    assert sipe.told("connection-error") == watcher.told("connection-error") == []
