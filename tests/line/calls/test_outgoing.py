"""Calls from the phone: answered, refused, cancelled, challenged."""

from __future__ import annotations

import pytest

from snomtui.auth.digest import DigestDoor
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import bench, talking
from tests.line.peer import accepted, ringing, says, sdp, silent
from tests.wire import START

SDP = "application/sdp"


def test_call_rings_is_answered_and_hung_up() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    assert invite.uri == "sip:bob@example.org"
    assert invite.headers.get("Content-Type") == SDP
    assert invite.contacts
    one.tell(ringing(invite))
    one.tell(accepted(invite))
    ack = one.peer.last("ACK")
    assert ack.uri == "sip:callee@127.0.0.1:5060"
    assert (ack.cseq.number, ack.to.tag) == (invite.cseq.number, "callee")
    one.hang_up()
    assert one.peer.last("BYE").cseq.number == invite.cseq.number + 1
    assert one.calls() == ["dialling", "ringing", "talking", "ended"]
    assert one.call().cause == "local"
    one.no_port_leaks()


def test_audio_goes_where_the_answer_says() -> None:
    one = talking(sim_media_source="tone", sim_record_dir="/tmp/rec")
    (plan,) = one.plans
    assert plan is not None
    assert (plan.remote, plan.codec, plan.payload, plan.dtmf_payload) == (("192.0.2.9", 30000), "PCMA", 8, 101)
    assert (plan.send, plan.receive, plan.source, plan.record) == (True, True, "tone", "/tmp/rec/1-1.wav")


def test_nothing_is_sent_before_the_call_is_answered() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    assert one.plans == []
    one.tell(respond(invite, 183, tag="callee").with_body(SDP, sdp()))
    assert one.calls() == ["dialling", "ringing"]
    (early,) = one.plans
    assert early is not None and early.receive and not early.send
    one.tell(accepted(invite))
    assert one.plans[-1] is not None and one.plans[-1].send


def test_answer_without_a_description_goes_on_with_the_early_one() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.tell(respond(invite, 183, tag="callee").with_body(SDP, sdp()))
    one.tell(accepted(invite, body=b""))
    assert one.calls()[-1] == "talking"
    assert one.plans[-1] is not None and one.plans[-1].send


def test_caller_speaks_the_first_codec_of_the_answer() -> None:
    one = bench()
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp(codecs="PCMU", dtmf=False))
    one.dial()
    assert one.plans[0] is not None
    assert (one.plans[0].codec, one.plans[0].payload, one.plans[0].dtmf_payload) == ("PCMU", 0, None)


@pytest.mark.parametrize("body", [sdp(codecs="G729", dtmf=False), b"v=0\r\nrubbish", b"", b"\xff\x00" * 50])
def test_answer_that_cannot_be_spoken_ends_the_call(body: bytes) -> None:
    one = bench()
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=body)
    one.dial()
    assert one.call().state == "ended"
    assert (one.call().cause, one.call().code) == ("failed", 488)
    assert len(one.peer.asked("ACK")) == len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


@pytest.mark.parametrize("contact", ["<sip:[broken", "", "*"])
def test_answer_with_an_unreadable_contact_leaves_no_call_behind(contact: str) -> None:
    one = bench()

    def rule(request: Request) -> Response:
        headers = [("Contact", contact)] if contact else []
        return respond(request, 200, tag="callee", headers=headers, body=(SDP, sdp()))

    one.peer.rules["INVITE"] = rule
    one.dial()
    if one.calls()[-1] != "ended":
        one.hang_up()
    one.advance(70)
    assert one.call().state == "ended"
    assert not list(one.line.calls)
    one.no_port_leaks()


@pytest.mark.parametrize(
    ("status", "reason"), [(486, "Busy Here"), (404, "Not Found"), (603, "Decline"), (302, "Moved Temporarily")]
)
def test_refusal_ends_the_call_with_its_code(status: int, reason: str) -> None:
    one = bench()
    one.peer.rules["INVITE"] = says(status)
    one.dial()
    assert one.calls() == ["dialling", "ended"]
    assert (one.call().code, one.call().reason, one.call().cause) == (status, reason, "refused")
    assert one.peer.last("ACK").via.branch == one.peer.last("INVITE").via.branch
    one.no_port_leaks()


@pytest.mark.parametrize(
    ("status", "headers", "reason", "cause"),
    [
        (480, (("Retry-After", "60"),), "Temporarily Unavailable; try again in 60 s", "refused"),
        (488, (("Warning", '304 pbx "Media type not available"'),), "Not Acceptable Here: Media type not available",
         "refused"),
        (404, (("Reason", "Q.850;cause=1"),), "Not Found: The number is not in use", "refused"),
        (408, (), "Request Timeout", "timeout"),
        (500, (), "Server Internal Error", "refused"),
        (600, (), "Busy Everywhere", "refused"),
        (699, (), "Global Failure", "refused"),
    ],
)  # fmt: skip
def test_refusal_is_told_with_all_that_it_says(status: int, headers: tuple[Item, ...], reason: str, cause: str) -> None:
    one = bench()
    one.peer.rules["INVITE"] = says(status, *headers)
    one.dial()
    assert (one.call().state, one.call().code, one.call().reason) == ("ended", status, reason)
    assert one.call().cause == cause
    one.no_port_leaks()


def test_call_that_nobody_answers_at_all_times_out() -> None:
    one = bench()
    one.dial()
    one.advance(33)
    assert (one.call().state, one.call().cause, one.call().code) == ("ended", "timeout", 408)
    one.no_port_leaks()


def test_call_dies_with_the_connection_before_it_is_answered() -> None:
    one = bench()
    one.dial()
    one.wire.cut(one.box)
    assert (one.call().state, one.call().cause) == ("ended", "failed")
    one.no_port_leaks()


def test_hang_up_before_any_answer_cancels_after_the_first_one() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.hang_up()
    assert one.peer.asked("CANCEL") == []
    one.tell(ringing(invite))
    cancel = one.peer.last("CANCEL")
    assert cancel.via.branch == invite.via.branch
    one.tell(respond(invite, 487, tag="callee"))
    assert one.calls() == ["dialling", "ended"]
    assert one.call().cause == "local"
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_hang_up_while_it_rings_cancels_at_once() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.tell(ringing(invite))
    one.hang_up()
    assert len(one.peer.asked("CANCEL")) == 1
    one.advance(40)  # the 487 never comes
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_answer_that_crosses_the_cancel_is_acknowledged_and_ended() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.tell(ringing(invite))
    one.hang_up()
    one.tell(accepted(invite))
    assert len(one.peer.asked("ACK")) == len(one.peer.asked("BYE")) == 1
    assert one.calls() == ["dialling", "ringing", "ended"]
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_second_answer_of_a_fork_is_acknowledged_and_ended() -> None:
    one = talking()
    invite = one.peer.last("INVITE")
    one.tell(accepted(invite, tag="other"))
    assert [ack.to.tag for ack in one.peer.asked("ACK")] == ["callee", "other"]
    assert [bye.to.tag for bye in one.peer.asked("BYE")] == ["other"]
    assert one.call().state == "talking"


def test_repeated_answer_is_acknowledged_again() -> None:
    one = talking()
    invite = one.peer.last("INVITE")
    one.tell(accepted(invite), accepted(invite))
    acks = one.peer.asked("ACK")
    assert len(acks) == 3
    assert one.calls() == ["dialling", "talking"]


def test_digest_challenge_to_an_invite_is_answered() -> None:
    door = DigestDoor("example.org", b"server")

    def rule(request: Request) -> Response:
        given = request.headers.get("Proxy-Authorization")
        if given and door.check(given, "INVITE", request.uri, {"heiko": "secret"}.get, START).ok:
            return accepted(request)
        return respond(request, 407, tag="proxy", headers=[("Proxy-Authenticate", door.challenge(START))])

    one = bench()
    one.peer.rules["INVITE"] = rule
    one.dial()
    first, second = one.peer.asked("INVITE")
    assert (second.cseq.number, second.call_id) == (first.cseq.number + 1, first.call_id)
    assert one.calls() == ["dialling", "talking"]
    assert one.peer.asked("ACK")[-1].cseq.number == second.cseq.number
    one.hang_up()
    assert one.peer.last("BYE").cseq.number == second.cseq.number + 1
    one.no_port_leaks()


def test_call_that_was_hung_up_is_not_sent_again_for_a_challenge() -> None:
    door = DigestDoor("example.org", b"server")
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    one.hang_up()
    one.tell(respond(invite, 407, tag="proxy", headers=[("Proxy-Authenticate", door.challenge(START))]))
    assert len(one.peer.asked("INVITE")) == 1
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_wrong_password_ends_the_call() -> None:
    door = DigestDoor("example.org", b"server")

    def rule(request: Request) -> Response:
        return respond(request, 407, tag="proxy", headers=[("Proxy-Authenticate", door.challenge(START))])

    one = bench()
    one.peer.rules["INVITE"] = rule
    one.dial()
    assert (one.call().state, one.call().code) == ("ended", 407)
    one.no_port_leaks()


# -- the phone leaves during a call


def test_phone_that_leaves_waits_until_the_other_side_knows_that_the_call_is_over() -> None:
    one = talking()
    one.peer.rules["BYE"] = silent
    one.line.leave(one.now)
    one.settle()
    assert one.registrations[-1] == "off" and not one.line.gone
    one.tell(respond(one.peer.last("BYE"), 200))
    assert one.line.gone


def test_phone_that_leaves_while_it_dials_takes_the_call_back_first() -> None:
    """The CANCEL may not go out before a provisional answer (RFC 3261 9.1)."""
    one = bench()
    one.dial()
    one.line.leave(one.now)
    one.settle()
    assert one.peer.asked("CANCEL") == [] and not one.line.gone
    invite = one.peer.last("INVITE")
    one.tell(ringing(invite))
    assert len(one.peer.asked("CANCEL")) == 1 and not one.line.gone
    one.tell(respond(invite, 487, tag="callee"))
    assert len(one.peer.asked("ACK")) == 1 and one.line.gone
