"""Calls of a line, out and in, with everything that the other side may do."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from snomtui.auth.digest import DigestDoor
from snomtui.errors import NoMediaPort
from snomtui.line.events import MessageCame, Trouble
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.sdp import Sdp, audio, sdp_part
from tests.line.peer import Bench, Peer, accepted, in_turn, registered, ringing, says, sdp, silent
from tests.wire import START, Said

UDP = "127.0.0.1:5060;transport=udp"
SDP = "application/sdp"


def bench(**more: Any) -> Bench:
    """A registered line at a peer that answers BYE, CANCEL and REFER."""
    return Bench(Peer(BYE=says(200), CANCEL=says(200), REFER=says(202)), **more)


def talking(**more: Any) -> Bench:
    """A call from the phone that is up."""
    one = bench(**more)
    one.peer.rules["INVITE"] = accepted
    one.dial()
    assert one.calls() == ["dialling", "talking"]
    return one


def offered(**more: Any) -> tuple[Bench, Request]:
    """A call to the phone that rings."""
    one = bench(**more)
    invite = one.peer.invite()
    one.settle()
    assert one.calls() == ["offered"]
    return one, invite


def answered(**more: Any) -> tuple[Bench, Request]:
    """A call to the phone that is up."""
    one, invite = offered(**more)
    pick_up(one)
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.calls() == ["offered", "talking"]
    return one, invite


def pick_up(one: Bench, id: str = "1-1") -> None:
    """Take a call."""
    call = one.line.calls.find(id)
    assert call is not None
    call.answer(one.now)
    one.settle()


def inside(one: Bench, method: str, invite: Request | None = None, **more: object) -> Request:
    """A request of the other side inside the call."""
    if invite:
        dialog = one.peer.dialog_of_invite(invite)
        local, remote, call_id = dialog.local_text, dialog.remote_text, dialog.call_id
    else:
        asked = one.peer.last("INVITE")
        local, remote = f"{asked.headers.get('To')};tag=callee", asked.headers.get("From") or ""
        local = local.replace(";tag=callee;tag=callee", ";tag=callee")
        call_id = asked.call_id
    cseq = more.pop("cseq", 10)
    body = more.pop("body", None)
    headers = more.pop("headers", ())
    assert isinstance(cseq, int) and isinstance(headers, tuple) and (body is None or isinstance(body, tuple))
    return one.peer.make(method, *headers, to=remote, caller=local, call_id=call_id, cseq=cseq, body=body)


def sdp_of(message: Request | Response) -> str:
    """The direction in the session description of a message."""
    part = sdp_part(message)
    assert part is not None
    plan = audio(Sdp.parse(part))
    assert plan is not None
    return plan.direction


# -- out


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


# -- over a network that loses packets


@pytest.mark.parametrize("seed", range(8))
def test_call_survives_the_loss_of_a_third_of_all_packets(seed: int) -> None:
    luck = Random(seed)
    peer = Peer(BYE=says(200), INVITE=accepted)
    one = Bench(peer, user_outbound1=UDP, lose=lambda said: luck.random() < 0.3)
    one.advance(20)
    assert one.registration.state == "registered"
    one.dial()
    one.advance(30)
    assert one.call().state == "talking"
    one.hang_up()
    one.advance(40)
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_phone_repeats_its_answer_until_the_ack_is_there() -> None:
    one, invite = offered(user_outbound1=UDP)
    pick_up(one)
    one.advance(3)
    assert one.peer.answers("INVITE").count(200) == 3
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.calls() == ["offered", "talking"]
    one.advance(20)
    assert one.peer.answers("INVITE").count(200) == 3


def test_call_whose_answer_is_never_acknowledged_is_ended() -> None:
    one, _ = offered(user_outbound1=UDP)
    pick_up(one)
    one.advance(40)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    assert len({bye.via.branch for bye in one.peer.asked("BYE")}) == 1
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_invite_that_is_repeated_rings_once_and_is_answered_alike() -> None:
    one, invite = offered(user_outbound1=UDP)
    one.tell(invite, invite)
    assert one.peer.answers("INVITE") == [180, 180, 180]
    assert one.calls() == ["offered"]


def test_bye_is_repeated_until_it_is_answered() -> None:
    lost: list[Said] = []

    def lose(said: object) -> bool:
        assert isinstance(said, Said)
        if said.line.startswith("BYE") and len(lost) < 3:
            lost.append(said)
            return True
        return False

    one = Bench(Peer(BYE=says(200), INVITE=accepted), user_outbound1=UDP, lose=lose)
    one.dial()
    one.hang_up()
    one.advance(10)
    assert len(lost) == 3
    assert not list(one.line.calls)


def test_requests_inside_a_call_go_straight_to_the_contact_over_udp() -> None:
    one = talking(user_outbound1=UDP)
    assert one.peer.last("ACK").uri == "sip:callee@127.0.0.1:5060"


# -- in


def test_incoming_call_rings_is_answered_and_ended_by_the_caller() -> None:
    one, invite = answered()
    assert one.call().remote == "sip:anna@example.org"
    assert (one.call().remote_name, one.call().number) == ("Anna", "anna")
    assert one.peer.answers("INVITE") == [180, 200]
    assert one.plans[0] is not None and one.plans[0].send
    one.tell(inside(one, "BYE", invite))
    assert one.peer.answers("BYE") == [200]
    assert (one.call().state, one.call().cause) == ("ended", "remote")
    one.no_port_leaks()


def test_nothing_is_sent_while_it_rings() -> None:
    one, _ = offered()
    assert one.plans == []


def test_asserted_identity_names_the_caller() -> None:
    one = bench()
    one.peer.invite(("P-Asserted-Identity", '"Anna \\"A\\" Lindner" <sip:anna@example.org>, <tel:+4930123>'))
    one.settle()
    assert one.call().number == "+4930123"
    assert "Lindner" in one.call().remote_name


def test_caller_that_gives_up_is_a_cancelled_call() -> None:
    one, invite = offered()
    cancel = Request("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type"))
    one.tell(cancel)
    assert one.peer.answers("CANCEL") == [200]
    assert one.peer.answers("INVITE") == [180, 487]
    assert (one.call().state, one.call().cause) == ("ended", "cancelled")
    one.no_port_leaks()


def test_call_that_was_taken_elsewhere_is_not_missed() -> None:
    one, invite = offered()
    headers = invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type")
    headers = headers.adding("Reason", 'SIP;cause=200;text="Call completed elsewhere"')
    one.tell(Request("CANCEL", invite.uri, headers))
    assert one.call().cause == "elsewhere"


def test_cancel_after_the_answer_changes_nothing() -> None:
    one, invite = offered()
    pick_up(one)
    one.tell(Request("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type")))
    assert one.peer.answers("CANCEL") == [200]
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.call().state == "talking"


def test_cancel_for_a_call_that_is_not_there_gets_481() -> None:
    one = bench()
    one.tell(one.peer.make("CANCEL"))
    assert one.peer.answers("CANCEL") == [481]


def test_denied_call_gets_486() -> None:
    one, _ = offered()
    one.hang_up()
    assert one.peer.answers("INVITE") == [180, 486]
    assert (one.call().state, one.call().cause) == ("ended", "local")
    one.no_port_leaks()


def test_call_that_rings_too_long_gets_480() -> None:
    one, _ = offered(ringing_time="20")
    one.advance(21)
    assert one.peer.answers("INVITE") == [180, 480]
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    one.no_port_leaks()


def test_busy_phone_says_486_and_shows_nothing() -> None:
    one = bench()
    one.line.calls.busy = lambda: True
    one.peer.invite()
    one.settle()
    assert one.peer.answers("INVITE") == [486]
    assert one.calls() == []
    one.no_port_leaks()


def test_unknown_requirement_gets_420() -> None:
    one = bench()
    one.peer.invite(("Require", "100rel, x-magic"))
    one.settle()
    assert one.peer.answers("INVITE") == [420]
    assert one.peer.answered("INVITE").headers.get("Unsupported") == "100rel, x-magic"


@pytest.mark.parametrize("body", [sdp(codecs="G729", dtmf=False), b"no sdp at all", b"v=0\r\nm=audio x RTP/AVP 8\r\n"])
def test_offer_that_cannot_be_spoken_gets_488(body: bytes) -> None:
    one = bench()
    one.peer.invite(body=body)
    one.settle()
    assert one.peer.answers("INVITE") == [488]
    assert one.calls() == []
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_invite_with_an_unreadable_contact_gets_400_once_and_leaves_nothing() -> None:
    one = bench(user_outbound1=UDP)
    invite = one.peer.make("INVITE", ("Contact", "<sip:[broken"), body=(SDP, sdp()))
    one.tell(invite)
    one.advance(1)
    assert set(one.peer.answers("INVITE")) == {400}
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_no_rtp_port_is_told_and_gets_500() -> None:
    one = bench()
    one.box.ports_left = 0
    one.peer.invite()
    one.settle()
    assert one.peer.answers("INVITE") == [500]
    assert one.box.of(Trouble)
    with pytest.raises(NoMediaPort):
        one.dial()
    assert not list(one.line.calls)


def test_invite_without_offer_is_answered_with_ours() -> None:
    one = bench()
    invite = one.peer.invite(body=b"")
    one.settle()
    pick_up(one)
    answer = one.peer.answered("INVITE")
    assert sdp_of(answer) == "sendrecv"
    assert one.plans == []
    ack = one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()).with_body(SDP, sdp(codecs="PCMU"))
    one.tell(ack)
    assert one.plans[0] is not None and one.plans[0].codec == "PCMU"
    assert one.call().state == "talking"


@pytest.mark.parametrize("body", [b"", sdp(codecs="G729", dtmf=False)])
def test_offerless_call_that_is_never_given_audio_is_ended(body: bytes) -> None:
    one = bench()
    invite = one.peer.invite(body=b"")
    one.settle()
    pick_up(one)
    ack = one.peer.dialog_of_invite(invite).ack(invite, one.peer.via())
    one.tell(ack.with_body(SDP, body) if body else ack)
    assert (one.call().state, one.call().cause) == ("ended", "failed")
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_hang_up_before_the_ack_waits_for_it() -> None:
    """RFC 3261 15: the callee must not send a BYE before the ACK is there."""
    one, invite = offered()
    pick_up(one)
    one.hang_up()
    assert one.peer.asked("BYE") == []
    assert one.call().state == "ended"
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert len(one.peer.asked("BYE")) == 1
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_hang_up_without_any_ack_ends_all_the_same() -> None:
    one, _ = offered()
    pick_up(one)
    one.hang_up()
    one.advance(70)
    assert len(one.peer.asked("BYE")) == 1
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_two_calls_at_once_are_kept_apart() -> None:
    one, first = offered()
    second = one.peer.invite(call_id="another")
    one.settle()
    pick_up(one, "1-2")
    one.tell(one.peer.dialog_of_invite(second).ack(second, one.peer.via()))
    assert one.calls("1-1") == ["offered"]
    assert one.calls("1-2") == ["offered", "talking"]
    one.tell(inside(one, "BYE", second))
    assert one.calls("1-1") == ["offered"]
    one.hang_up("1-1")
    one.no_port_leaks()
    assert first.call_id != second.call_id


# -- inside a call


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


def test_byes_that_cross_are_both_answered() -> None:
    one, invite = answered()
    one.peer.rules["BYE"] = silent
    one.hang_up()
    one.tell(inside(one, "BYE", invite, cseq=2))
    assert one.peer.answers("BYE") == [200]
    one.tell(respond(one.peer.last("BYE"), 481, tag="x"))
    assert one.calls() == ["offered", "talking", "ended"]
    one.no_port_leaks()


def test_request_with_an_old_number_gets_500() -> None:
    one, invite = answered()
    one.tell(inside(one, "INFO", invite, cseq=5), inside(one, "INFO", invite, cseq=4))
    assert one.peer.answers("INFO") == [200, 500]


@pytest.mark.parametrize("method", ["INFO", "OPTIONS", "MESSAGE", "NOTIFY"])
def test_requests_inside_a_call_are_answered(method: str) -> None:
    one, invite = answered()
    one.tell(inside(one, method, invite, cseq=2))
    assert one.peer.answers(method) == [200]
    assert one.call().state == "talking"


def test_unknown_method_inside_a_call_gets_501() -> None:
    one, invite = answered()
    one.tell(inside(one, "DANCE", invite, cseq=2))
    assert one.peer.answers("DANCE") == [501]
    assert one.call().state == "talking"


@pytest.mark.parametrize("status", [200, 481, 408, 500])
def test_bye_ends_the_call_whatever_is_answered(status: int) -> None:
    one = talking()
    one.peer.rules["BYE"] = says(status)
    one.hang_up()
    assert not list(one.line.calls)
    one.no_port_leaks()


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


def test_digits_go_out_while_talking_only() -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    call.digits("12#")
    one.settle()
    assert one.digits == ["12#"]
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call.hold(one.now)
    call.digits("9")
    one.settle()
    assert one.digits == ["12#"]


# -- transfer


def transferring() -> Bench:
    """A call whose other side was sent elsewhere."""
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    refer = one.peer.last("REFER")
    assert refer.headers.get("Refer-To") == "<sip:clara@example.org>"
    assert refer.headers.get("Referred-By") == "<sip:heiko@example.org>"
    return one


def progress(one: Bench, status: str, cseq: int = 20) -> None:
    """The other side tells how the transfer goes."""
    headers = (("Event", "refer"), ("Subscription-State", "active;expires=60"))
    fragment = ("message/sipfrag;version=2.0", f"SIP/2.0 {status}\r\n".encode())
    one.tell(inside(one, "NOTIFY", cseq=cseq, headers=headers, body=fragment))


def test_transfer_that_succeeds_ends_the_call() -> None:
    one = transferring()
    progress(one, "100 Trying")
    assert one.call().state == "talking"
    progress(one, "200 OK", 21)
    assert one.peer.answers("NOTIFY") == [200, 200]
    assert one.call().state == "ended"
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_transfer_that_fails_keeps_the_call() -> None:
    one = transferring()
    progress(one, "486 Busy Here")
    assert one.call().state == "talking"
    assert "486" in one.call().reason


def test_transfer_that_is_refused_keeps_the_call() -> None:
    one = talking()
    one.peer.rules["REFER"] = says(603)
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    assert one.call().state == "talking"
    assert "603" in one.call().reason


def test_transfer_of_a_held_call_that_is_refused_leaves_it_on_hold() -> None:
    one = talking()
    one.peer.rules["REFER"] = says(603)
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    assert one.call().state == "holding"
    one.peer.rules["INVITE"] = accepted
    call.resume(one.now)
    one.settle()
    assert one.call().state == "talking"


@pytest.mark.parametrize("body", [b"", b"SIP/2.0 abc", b"\xff" * 100, b"SIP/2.0 999 What"])
def test_progress_that_cannot_be_read_changes_nothing(body: bytes) -> None:
    one = transferring()
    one.tell(inside(one, "NOTIFY", cseq=20, body=("message/sipfrag", body)))
    assert one.peer.answers("NOTIFY") == [200]
    assert one.call().state == "talking"


def test_call_whose_transfer_is_never_answered_goes_on() -> None:
    one = talking()
    one.peer.rules["REFER"] = silent
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.advance(40)
    assert one.call().state == "talking"


# -- with the line


def test_leaving_ends_all_calls() -> None:
    one = talking()
    one.peer.invite()
    one.settle()
    one.line.leave(one.now)
    one.settle()
    assert one.call("1-1").state == one.call("1-2").state == "ended"
    assert one.peer.answers("INVITE")[-1] == 486
    one.no_port_leaks()


def test_call_goes_on_over_a_new_connection() -> None:
    one = talking()
    one.wire.cut(one.box)
    one.advance(5)
    assert one.registration.state == "registered"
    assert one.call().state == "talking"
    one.hang_up()
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_instant_message_is_told() -> None:
    one = bench()
    one.tell(one.peer.make("MESSAGE", body=("text/plain", "Grüße".encode())))
    assert one.peer.answers("MESSAGE") == [200]
    assert one.box.of(MessageCame) == [MessageCame("sip:anna@example.org", "Grüße")]


def test_register_goes_on_during_a_call() -> None:
    one = talking()
    one.peer.rules["REGISTER"] = registered
    one.advance(1000)
    assert one.call().state == "talking"
    assert len(one.peer.asked("REGISTER")) > 4
