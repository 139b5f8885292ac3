"""Changes of a call that is up: hold and resume, by us and by the other side."""

from __future__ import annotations

from random import Random

import pytest

from tests.line.callers import answered, inside, offered, pick_up, sdp_of, talking
from tests.line.peer import accepted, in_turn, says, sdp, silent

SDP = "application/sdp"


def test_other_side_holds_and_resumes() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp("sendonly"))))
    assert one.call().state == "held"
    assert sdp_of(one.peer.answered("INVITE")) == "recvonly"
    assert one.plans[-1] is not None and not one.plans[-1].send and one.plans[-1].receive
    one.tell(inside(one, "INVITE", invite, cseq=3, body=(SDP, sdp("sendrecv"))))
    assert one.call().state == "talking"
    assert one.plans[-1] is not None and one.plans[-1].send


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_update_changes_the_session_as_well(direction: str) -> None:
    one, invite = answered()
    one.tell(inside(one, "UPDATE", invite, cseq=2, body=(SDP, sdp(direction))))
    assert one.peer.answers("UPDATE") == [200]
    assert one.call().state == "held"


def test_update_without_body_is_answered_without_one() -> None:
    one, invite = answered()
    one.tell(inside(one, "UPDATE", invite, cseq=2))
    assert one.peer.answers("UPDATE") == [200]
    assert one.peer.answered("UPDATE").body == b""
    assert one.call().state == "talking"


def test_re_invite_that_comes_before_the_ack_does_no_harm() -> None:
    one, invite = offered()
    pick_up(one)
    again = inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp("sendonly")))
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()), again)
    assert one.call().state == "held"


def test_re_invite_that_overtakes_the_ack_does_no_harm() -> None:
    one, invite = offered()
    pick_up(one)
    dialog = one.peer.dialog_of_invite(invite)
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp("sendonly"))))
    one.tell(dialog.ack(invite, one.peer.via()))
    assert one.call().state in ("held", "talking")
    one.hang_up()
    one.advance(40)
    one.no_port_leaks()


def test_re_invite_without_offer_gets_ours() -> None:
    one, invite = answered()
    again = inside(one, "INVITE", invite, cseq=2)
    one.tell(again)
    assert sdp_of(one.peer.answered("INVITE")) == "sendrecv"
    one.tell(one.peer.dialog_of_invite(invite).ack(again, one.peer.via()).with_body(SDP, sdp(port=31000)))
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 31000)


def test_re_invite_that_cannot_be_spoken_gets_488_and_the_call_goes_on() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp(codecs="G729", dtmf=False))))
    assert one.peer.answers("INVITE")[-1] == 488
    assert one.call().state == "talking"


def test_re_invite_with_an_unreadable_contact_costs_itself_only() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=2, headers=(("Contact", "<sip:[broken"),), body=(SDP, sdp())))
    one.advance(1)
    assert one.peer.answers("INVITE")[2:] == [400]
    assert one.call().state == "talking"


def test_re_invite_that_crosses_our_bye_is_refused() -> None:
    one, invite = answered()
    one.peer.rules["BYE"] = silent
    one.hang_up()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp())))
    assert one.peer.answers("INVITE")[-1] in (481, 487)
    one.tell(inside(one, "UPDATE", invite, cseq=3, body=(SDP, sdp())))
    assert one.peer.answers("UPDATE")[-1] in (481, 487)
    assert one.calls() == ["offered", "talking", "ended"]


def test_hold_and_resume() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call.hold(one.now)
    one.settle()
    again = one.peer.last("INVITE")
    assert sdp_of(again) == "sendonly"
    assert (again.to.tag, again.uri) == ("callee", "sip:callee@127.0.0.1:5060")
    assert one.call().state == "holding"
    assert one.plans[-1] is not None and not one.plans[-1].receive
    one.peer.rules["INVITE"] = accepted
    call.resume(one.now)
    one.settle()
    assert one.call().state == "talking"
    assert one.plans[-1] is not None and one.plans[-1].send and one.plans[-1].receive
    assert len(one.peer.asked("ACK")) == 3
    one.hang_up()
    one.no_port_leaks()


def test_both_sides_hold() -> None:
    one, invite = answered()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call.hold(one.now)
    one.settle()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp("sendonly"))))
    assert sdp_of(one.peer.answered("INVITE")) == "inactive"
    assert one.call().state == "holding"
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("sendonly"))
    call.resume(one.now)
    one.settle()
    assert one.call().state == "held"
    one.tell(inside(one, "INVITE", invite, cseq=3, body=(SDP, sdp("sendrecv"))))
    assert one.call().state == "talking"


def test_hold_that_is_refused_ends_in_talking() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = says(488)
    call.hold(one.now)
    one.settle()
    assert one.call().state == "talking"
    assert one.call().reason == "The other side refused the hold"


def test_hold_that_meets_one_of_the_other_side_is_tried_again() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = in_turn(says(491), lambda request: accepted(request, body=sdp("recvonly")))
    call.hold(one.now)
    one.settle()
    assert len(one.peer.asked("INVITE")) == 2
    one.advance(5)
    assert len(one.peer.asked("INVITE")) == 3
    assert one.call().state == "holding"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("ours", "least", "most"), [(True, 2.1, 4.0), (False, 0.0, 2.0)])
def test_caller_waits_longer_after_a_glare_than_the_called_one(
    seed: int, ours: bool, least: float, most: float
) -> None:
    one = talking() if ours else answered()[0]
    one.line.ids.dice = Random(seed).randbytes
    call = one.line.calls.find("1-1")
    assert call is not None
    before = len(one.peer.asked("INVITE"))
    one.peer.rules["INVITE"] = in_turn(says(491), lambda request: accepted(request, body=sdp("recvonly")))
    call.hold(one.now)
    begun = one.now
    one.line.settle(one.now)
    one.wire.until(lambda: len(one.peer.asked("INVITE")) == before + 2)
    assert least <= round(one.now - begun, 3) <= most
    assert one.call().state == "holding"


def test_re_invite_after_a_glare_is_not_sent_twice() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = in_turn(says(491), accepted)
    call.hold(one.now)
    one.settle()
    call.resume(one.now)
    one.advance(10)
    assert [sdp_of(invite) for invite in one.peer.asked("INVITE")[1:]] == ["sendonly", "sendrecv"]
    assert one.call().state == "talking"


@pytest.mark.parametrize("first", ["INVITE", "REFER"])
def test_requests_that_are_challenged_at_once_never_share_a_number(first: str) -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = one.peer.rules["REFER"] = silent
    call.hold(one.now)
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    challenge = ("WWW-Authenticate", 'Digest realm="r", nonce="n"')
    for method in (first, "REFER" if first == "INVITE" else "INVITE"):
        one.tell(says(401, challenge)(one.peer.last(method)))  # type: ignore[arg-type]
    numbers = [(request.cseq.number, request.method) for request in one.peer.requests if request.to.tag]
    numbers = [number for number in numbers if number[1] != "ACK"]
    assert len(numbers) == 4
    assert len({number for number, _ in numbers}) == 4
    assert [number for number, _ in numbers] == sorted(number for number, _ in numbers)


def test_re_invite_while_ours_is_open_gets_491() -> None:
    one, invite = answered()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    call.hold(one.now)
    one.settle()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp())))
    assert one.peer.answers("INVITE")[-1] == 491


def test_resume_before_the_hold_is_answered_follows_later() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    call.hold(one.now)
    one.settle()
    call.resume(one.now)
    one.settle()
    assert len(one.peer.asked("INVITE")) == 2
    one.peer.rules["INVITE"] = accepted
    one.tell(accepted(one.peer.last("INVITE"), body=sdp("recvonly")))
    assert len(one.peer.asked("INVITE")) == 3
    assert sdp_of(one.peer.last("INVITE")) == "sendrecv"
    assert one.call().state == "talking"


@pytest.mark.parametrize("status", [481, 408])
def test_re_invite_that_finds_no_call_any_more_ends_it(status: int) -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = says(status)
    call.hold(one.now)
    one.settle()
    assert (one.call().state, one.call().cause) == ("ended", "failed")
    one.no_port_leaks()


def test_call_that_was_ended_during_a_hold_ends_once() -> None:
    one, invite = answered()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    call.hold(one.now)
    one.settle()
    one.tell(inside(one, "BYE", invite, cseq=2))
    one.advance(70)  # the re-INVITE comes to nothing
    assert one.calls() == ["offered", "talking", "holding", "ended"]
    assert one.call().cause == "remote"
    one.no_port_leaks()
