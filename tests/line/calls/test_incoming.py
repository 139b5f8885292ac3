"""Calls to the phone."""

from __future__ import annotations

import pytest

from snomtui.errors import NoMediaPort
from snomtui.line.calls.inbound import MOST
from snomtui.line.events import Trouble
from snomtui.sip.message import Request
from tests.line.callers import UDP, answered, bench, inside, offered, pick_up, sdp_of
from tests.line.peer import sdp

SDP = "application/sdp"


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
    assert one.peer.answered("INVITE").headers.get("Unsupported") == "x-magic"


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


def test_acks_with_another_number_are_ignored() -> None:
    one, invite = offered(user_outbound1=UDP)
    pick_up(one)
    ack = one.peer.dialog_of_invite(invite).ack(invite, one.peer.via())
    one.tell(Request("ACK", ack.uri, ack.headers.with_("CSeq", "7 ACK")))
    assert one.calls() == ["offered"]
    one.advance(1)
    assert one.peer.answers("INVITE").count(200) == 2
    one.tell(ack, ack, ack)
    assert one.calls() == ["offered", "talking"]


def test_description_in_an_ack_that_owes_none_is_ignored() -> None:
    one, invite = offered()
    pick_up(one)
    before = one.plans[-1]
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()).with_body(SDP, sdp(port=39000)))
    assert one.call().state == "talking" and one.plans[-1] == before


@pytest.mark.parametrize("answered_first", [False, True])
def test_bye_before_the_ack_ends_the_call_and_the_invite(answered_first: bool) -> None:
    """RFC 3261 15, 15.1.2."""
    one, invite = offered()
    if answered_first:
        pick_up(one)
    one.tell(inside(one, "BYE", invite, cseq=2))
    assert one.peer.answers("BYE") == [200]
    assert one.peer.answers("INVITE") == ([180, 200] if answered_first else [180, 487])
    assert (one.call().state, one.call().cause) == ("ended", "remote" if answered_first else "cancelled")
    one.advance(40)
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_reason_of_a_bye_is_told() -> None:
    one, invite = answered()
    one.tell(inside(one, "BYE", invite, cseq=2, headers=(("Reason", "Q.850;cause=38"),)))
    assert (one.call().cause, one.call().reason) == ("remote", "The network is out of order")


def test_caller_may_say_how_long_it_shall_ring() -> None:
    one = bench()
    one.peer.invite(("Expires", "10"))
    one.advance(11)
    assert one.peer.answers("INVITE") == [180, 487]
    one.no_port_leaks()


def test_offer_with_foreign_codecs_gets_488_with_a_warning() -> None:
    one = bench()
    one.peer.invite(body=sdp(codecs="G729", dtmf=False))
    one.settle()
    assert (one.peer.answered("INVITE").headers.get("Warning") or "").startswith("305 ")


def test_flood_of_calls_finds_the_phone_busy() -> None:
    one = bench()
    for number in range(100):
        one.peer.invite(call_id=f"flood-{number}")
    one.settle()
    assert len(list(one.line.calls)) == MOST
    assert one.peer.answers("INVITE").count(486) == 100 - MOST
    one.line.calls.hang_up_all(one.now)
    one.settle()
    one.peer.invite(call_id="after")
    one.settle()
    assert one.peer.answers("INVITE")[-1] == 180


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


def test_phone_that_leaves_waits_until_the_caller_knows_that_the_call_is_refused() -> None:
    one, invite = offered()
    one.line.leave(one.now)
    one.settle()
    assert one.peer.answers("INVITE") == [180, 486]
    assert one.registrations[-1] == "off" and not one.line.gone
    tagged = invite.headers.with_("To", one.peer.answered("INVITE").headers.get("To") or "")
    one.tell(Request("ACK", invite.uri, tagged.with_("CSeq", "1 ACK").without("Content-Type")))
    assert one.line.gone


def test_call_that_was_answered_just_before_the_connection_broke_is_kept_until_its_ack_comes() -> None:
    one, invite = offered()
    pick_up(one)
    ack = one.peer.dialog_of_invite(invite).ack(invite, one.peer.via())
    one.wire.cut(one.box)
    one.advance(20)
    assert one.calls() == ["offered"]
    one.tell(ack)
    assert one.calls() == ["offered", "talking"]
    one.advance(100)
    assert one.call().state == "talking"


def test_call_whose_ack_never_comes_over_the_new_connection_is_ended_there() -> None:
    one, _ = offered()
    pick_up(one)
    one.advance(10)
    one.wire.cut(one.box)
    one.advance(21)
    assert one.calls() == ["offered"] and one.peer.asked("BYE") == []
    one.advance(2)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_call_that_was_ended_before_its_ack_is_ended_over_the_new_connection() -> None:
    one, _ = offered()
    pick_up(one)
    one.hang_up()
    one.wire.cut(one.box)
    one.advance(33)
    assert len(one.peer.asked("BYE")) == 1
    assert list(one.line.calls) == []
    one.no_port_leaks()
