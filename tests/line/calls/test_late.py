"""Answers to INVITEs of ours that are over."""

from __future__ import annotations

from snomtui.line.calls.late import MOST, OPEN
from snomtui.sip.message import Request
from tests.line.callers import SDP, UDP, answered, inside, talking
from tests.line.peer import Bench, Peer, accepted, says, sdp, silent


def given_up(bye: int = 200, calls: int = 1) -> tuple[Bench, list[Request]]:
    """Calls of ours that were refused long ago, and their INVITEs."""
    one = Bench(Peer(INVITE=says(486), BYE=says(bye) if bye else silent), user_outbound1=UDP)
    for _ in range(calls):
        one.dial()
    one.advance(60)
    return one, one.peer.asked("INVITE")


def test_repeated_answer_over_a_new_connection_is_acknowledged_and_the_call_goes_on() -> None:
    one = talking()
    invite = one.peer.last("INVITE")
    one.wire.cut(one.box)
    one.advance(5)
    one.tell(accepted(invite))
    assert [(ack.cseq.number, ack.to.tag) for ack in one.peer.asked("ACK")] == [(1, "callee"), (1, "callee")]
    assert one.peer.asked("BYE") == []
    one.hang_up()
    assert [bye.cseq.number for bye in one.peer.asked("BYE")] == [2]


def test_repeated_answer_to_the_first_invite_is_acknowledged_after_a_second_one_too() -> None:
    one = talking()
    first = one.peer.last("INVITE")
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    one.wire.cut(one.box)
    one.advance(5)
    one.tell(accepted(first))
    assert [ack.cseq.number for ack in one.peer.asked("ACK")] == [1, 2, 1]
    assert one.peer.asked("BYE") == []


def test_repeated_answer_to_our_change_of_a_call_to_us_is_acknowledged_over_a_new_connection() -> None:
    one, _ = answered()
    one.peer.rules["INVITE"] = lambda request: accepted(request, tag="theirs", body=sdp("recvonly"))
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    one.wire.cut(one.box)
    one.advance(5)
    one.tell(accepted(one.peer.last("INVITE"), tag="theirs", body=sdp("recvonly")))
    assert len(one.peer.asked("ACK")) == 2
    assert (one.call().state, one.peer.asked("BYE")) == ("holding", [])


def test_few_branches_of_one_call_are_ended_late_and_a_flood_is_met_with_silence() -> None:
    one, (invite,) = given_up()
    for number in range(200):
        one.tell(accepted(invite, tag=f"t{number}"))
    assert len(one.peer.asked("BYE")) == MOST
    assert len([ack for ack in one.peer.asked("ACK") if ack.to.tag.startswith("t")]) == MOST


def test_few_late_byes_wait_for_an_answer_at_a_time() -> None:
    one, invites = given_up(bye=0, calls=20)
    for invite in invites:
        one.tell(accepted(invite))
    assert len({bye.call_id for bye in one.peer.asked("BYE")}) == OPEN
    one.advance(40)  # nobody answers them
    one.peer.rules["BYE"] = says(200)
    one.tell(accepted(invites[-1]))
    assert one.peer.last("BYE").call_id == invites[-1].call_id


def test_late_answer_is_acknowledged_each_time_and_ended_once() -> None:
    one, (invite,) = given_up()
    for _ in range(3):
        one.tell(accepted(invite, tag="late"))
    assert len([ack for ack in one.peer.asked("ACK") if ack.to.tag == "late"]) == 3
    assert len(one.peer.asked("BYE")) == 1


def test_change_that_was_answered_just_before_the_connection_broke_does_not_end_the_call() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=5, body=(SDP, sdp("sendonly"))))
    assert one.call().state == "held"
    one.wire.cut(one.box)
    one.advance(100)
    assert one.call().state == "held"
    assert one.peer.asked("BYE") == []


def test_change_with_our_offer_that_was_never_acknowledged_holds_up_no_other_one() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=5))
    one.wire.cut(one.box)
    one.advance(5)
    one.tell(inside(one, "INVITE", invite, cseq=6, body=(SDP, sdp("sendonly"))))
    assert (one.peer.answers("INVITE")[-1], one.call().state) == (200, "held")
