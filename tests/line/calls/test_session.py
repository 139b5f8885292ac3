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


def test_both_sides_change_at_once_and_both_try_again() -> None:
    """RFC 3261 14.1, 14.2: ours and theirs are refused with 491, then both go through one after the other."""
    one, invite = answered()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = in_turn(says(491), lambda request: accepted(request, body=sdp("recvonly")))
    one.peer.rules["INVITE"], open_rule = silent, one.peer.rules["INVITE"]
    call.hold(one.now)
    one.settle()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp(port=31000))))
    assert one.peer.answers("INVITE")[-1] == 491
    one.peer.rules["INVITE"] = open_rule
    one.tell(says(491)(one.peer.last("INVITE")))  # type: ignore[arg-type]
    one.tell(inside(one, "INVITE", invite, cseq=3, body=(SDP, sdp(port=31002))))
    assert one.peer.answers("INVITE")[-1] == 200
    one.advance(8)
    assert one.call().state == "holding"
    assert one.plans[-1] is not None and not one.plans[-1].receive


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_change_while_our_offer_waits_for_its_ack_gets_491(method: str) -> None:
    one, invite = answered()
    again = inside(one, "INVITE", invite, cseq=2)
    one.tell(again)
    one.tell(inside(one, method, invite, cseq=3, body=(SDP, sdp())))
    assert one.peer.answers(method)[-1] == 491
    one.tell(one.peer.dialog_of_invite(again).ack(again, one.peer.via()).with_body(SDP, sdp(port=31000)))
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 31000)


@pytest.mark.parametrize("body", [b"", sdp(codecs="G729", dtmf=False), b"v=0\r\nrubbish"])
def test_ack_without_a_usable_answer_keeps_the_old_session(body: bytes) -> None:
    one, invite = answered()
    before = one.plans[-1]
    again = inside(one, "INVITE", invite, cseq=2)
    one.tell(again)
    ack = one.peer.dialog_of_invite(again).ack(again, one.peer.via())
    one.tell(ack.with_body(SDP, body) if body else ack)
    assert one.call().state == "talking" and one.plans[-1] == before
    one.tell(inside(one, "INVITE", invite, cseq=3, body=(SDP, sdp("sendonly"))))
    assert one.call().state == "held"


def test_second_invite_before_the_first_is_answered_is_put_off() -> None:
    """RFC 3261 14.2: 500 with a Retry-After of 0 to 10 seconds."""
    one, invite = offered()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp())))
    answer = one.peer.answered("INVITE")
    assert answer.status == 500 and 0 <= int(answer.headers.get("Retry-After") or "-1") <= 10
    assert one.calls() == ["offered"]
    assert [call.state.name for call in one.line.calls] == ["OFFERED"]


def test_second_invite_with_a_lower_number_is_refused() -> None:
    one, invite = offered()
    one.tell(inside(one, "INVITE", invite, cseq=0, body=(SDP, sdp())))
    assert one.peer.answered("INVITE").status == 500
    assert one.calls() == ["offered"]


def test_update_while_it_rings_waits_if_it_has_an_offer() -> None:
    """RFC 3311 5.2."""
    one, invite = offered()
    one.tell(inside(one, "UPDATE", invite, cseq=2, body=(SDP, sdp())))
    answer = one.peer.answered("UPDATE")
    assert answer.status == 500 and "Retry-After" in answer.headers
    one.tell(inside(one, "UPDATE", invite, cseq=3))
    assert one.peer.answers("UPDATE") == [500, 200]
    assert one.calls() == ["offered"]


def test_update_that_cannot_be_spoken_gets_488_with_a_warning() -> None:
    one, invite = answered()
    one.tell(inside(one, "UPDATE", invite, cseq=2, body=(SDP, sdp(codecs="G729", dtmf=False))))
    answer = one.peer.answered("UPDATE")
    assert (answer.status, (answer.headers.get("Warning") or "")[:4]) == (488, "305 ")
    assert one.call().state == "talking"


def test_update_moves_the_target_of_the_dialog() -> None:
    one, invite = answered()
    one.tell(inside(one, "UPDATE", invite, cseq=2, headers=(("Contact", "<sip:anna@127.0.0.1:5060;moved=1>"),)))
    one.hang_up()
    assert one.peer.last("BYE").uri == "sip:anna@127.0.0.1:5060;moved=1"


def test_other_side_changes_codec_and_port() -> None:
    one, invite = answered()
    assert one.plans[-1] is not None and one.plans[-1].codec == "PCMA"
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp(codecs="PCMU", port=31000))))
    assert one.plans[-1] is not None
    assert (one.plans[-1].codec, one.plans[-1].remote) == ("PCMU", ("192.0.2.9", 31000))
    assert one.call().state == "talking"


@pytest.mark.parametrize(
    ("body", "held"),
    [
        (sdp("sendonly"), True),
        (sdp("inactive"), True),
        (sdp().replace(b"192.0.2.9", b"0.0.0.0"), True),
        (sdp("recvonly"), False),
        (sdp("sendrecv"), False),
    ],
)
def test_hold_is_known_in_each_of_its_forms(body: bytes, held: bool) -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, body)))
    assert one.peer.answers("INVITE")[-1] == 200
    assert one.call().state == ("held" if held else "talking")


def test_description_in_a_multipart_body_is_found() -> None:
    one, invite = answered()
    body = b"--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x\r\nContent-Type: application/sdp\r\n\r\n"
    body += sdp(port=31000) + b"\r\n--x--\r\n"
    one.tell(inside(one, "INVITE", invite, cseq=2, body=("multipart/mixed;boundary=x", body)))
    assert one.peer.answers("INVITE")[-1] == 200
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 31000)


def test_video_is_refused_and_keeps_its_place_when_we_hold() -> None:
    one, invite = answered()
    video = b"m=video 30002 RTP/AVP 34\r\na=rtpmap:34 H263/90000\r\n"
    head, mark, audio_line = sdp().partition(b"m=audio")
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, head + video + mark + audio_line)))
    answer = one.peer.answered("INVITE").body
    assert answer.index(b"m=video 0 ") < answer.index(b"m=audio ")
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    call.hold(one.now)
    one.settle()
    offer = one.peer.last("INVITE").body
    assert offer.index(b"m=video 0 ") < offer.index(b"m=audio ")


def test_change_that_nobody_acknowledges_ends_the_call() -> None:
    """RFC 3261 14.2, 13.3.1.4."""
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=2, body=(SDP, sdp(port=31000))))
    one.advance(40)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_resume_that_is_refused_leaves_the_call_on_hold() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = in_turn(lambda request: accepted(request, body=sdp("recvonly")), says(488))
    call.hold(one.now)
    one.settle()
    call.resume(one.now)
    one.settle()
    assert one.call().state == "holding"
    one.peer.rules["INVITE"] = accepted
    call.resume(one.now)
    one.settle()
    assert one.call().state == "talking"


def test_refused_hold_keeps_the_old_session() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    before = one.plans[-1]
    one.peer.rules["INVITE"] = says(488)
    call.hold(one.now)
    one.settle()
    assert one.plans[-1] == before
    one.tell(inside(one, "INVITE", cseq=10, body=(SDP, sdp("sendonly"))))
    assert sdp_of(one.peer.answered("INVITE")) == "recvonly"


@pytest.mark.parametrize("status", [500, 503])
def test_change_that_is_put_off_is_tried_again_after_that_time(status: int) -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    answers = in_turn(says(status, ("Retry-After", "7")), lambda request: accepted(request, body=sdp("recvonly")))
    one.peer.rules["INVITE"] = answers
    call.hold(one.now)
    one.advance(6.5)
    assert len(one.peer.asked("INVITE")) == 2
    one.advance(1)
    assert len(one.peer.asked("INVITE")) == 3
    assert one.call().state == "holding"


def test_change_that_meets_491_for_ever_is_given_up() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = says(491)
    call.hold(one.now)
    one.advance(60)
    assert one.call().state == "talking"
    assert len(one.peer.asked("INVITE")) == 8


def test_change_during_which_the_connection_is_lost_does_not_end_the_call() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    call.hold(one.now)
    one.settle()
    one.wire.cut(one.box)
    one.advance(5)
    assert one.call().state == "talking"
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call.hold(one.now)
    one.settle()
    assert one.call().state == "holding"


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
    assert len(one.peer.asked("BYE")) == 1
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
