"""Provisional answers of ours that a caller needs to be reliable (RFC 3262 3)."""

from __future__ import annotations

import pytest

from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Request, Response
from tests.line.callers import SDP, UDP, bench, pick_up, sdp_of
from tests.line.peer import Bench, sdp

NEEDED = ("Require", "100rel")


def rings(body: bytes | None = None, **more: str) -> tuple[Bench, Request]:
    """A call that rings here, from somebody who needs reliable answers."""
    one = bench(**more)
    invite = one.peer.invite(NEEDED, body=body)
    one.settle()
    assert one.peer.answers("INVITE") == [180]
    return one, invite


def prack(one: Bench, invite: Request, rack: str = "", body: bytes = b"", cseq: int = 2) -> Request:
    """The PRACK of the caller; `rack` is computed if it is not given."""
    answer = one.peer.answered("INVITE")
    dialog = Dialog.uac(invite, answer)
    dialog.local_cseq = cseq - 1
    rack = rack or f"{answer.headers.get('RSeq')} {invite.cseq.number} INVITE"
    made = dialog.request("PRACK", one.peer.via(), [("RAck", rack)], (SDP, body) if body else None)
    one.tell(made)
    return made


def number(answer: Response) -> int:
    """The RSeq."""
    return int(answer.headers.get("RSeq") or "0")


def test_ringing_is_told_reliably_to_a_caller_who_needs_it() -> None:
    one, invite = rings()
    answer = one.peer.answered("INVITE")
    assert answer.headers.get("Require") == "100rel"
    assert 1 <= number(answer) <= 2**31
    assert answer.contacts and answer.to.tag
    prack(one, invite)
    assert one.peer.answers("PRACK") == [200]
    one.advance(10)
    assert one.peer.answers("INVITE") == [180]


def test_caller_who_only_understands_it_gets_an_ordinary_answer() -> None:
    one = bench()
    one.peer.invite(("Supported", "100rel"))
    one.settle()
    assert "RSeq" not in one.peer.answered("INVITE").headers
    assert "Require" not in one.peer.answered("INVITE").headers


@pytest.mark.parametrize("server", ["127.0.0.1:5060;transport=tcp", UDP])
def test_answer_is_repeated_at_growing_distances_until_the_prack(server: str) -> None:
    one, invite = rings(user_outbound1=server)
    one.advance(0.6)
    assert one.peer.answers("INVITE") == [180] * 2
    one.advance(3)  # 1.5 and 3.5
    assert one.peer.answers("INVITE") == [180] * 4
    assert len({number(answer) for answer in one.peer.responses if answer.status == 180}) == 1
    prack(one, invite)
    one.advance(40)
    assert one.peer.answers("INVITE") == [180] * 4


def test_call_whose_caller_never_acknowledges_is_refused_after_32_seconds() -> None:
    one, _ = rings()
    one.advance(33)
    assert set(one.peer.answers("INVITE")) == {180, 504}
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    one.no_port_leaks()


@pytest.mark.parametrize("rack", ["1 1 INVITE", "x", "", "99999999999 1 INVITE", "{n} 2 INVITE", "{n} 1 UPDATE"])
def test_prack_for_something_else_gets_481(rack: str) -> None:
    one, invite = rings()
    prack(one, invite, rack.format(n=number(one.peer.answered("INVITE"))) or "none")
    assert one.peer.answers("PRACK") == [481]
    one.advance(1)
    assert one.peer.answers("INVITE") == [180, 180]


def test_second_prack_for_the_same_answer_gets_481() -> None:
    one, invite = rings()
    prack(one, invite)
    prack(one, invite, cseq=3)
    assert one.peer.answers("PRACK") == [200, 481]


def test_call_without_description_in_the_answer_is_taken_before_the_prack() -> None:
    one, invite = rings()
    pick_up(one)
    assert one.peer.answers("INVITE") == [180, 200]
    one.advance(0.9)
    assert one.peer.answers("INVITE").count(180) == 1
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.call().state == "talking"


def test_prack_that_crosses_the_final_answer_is_taken() -> None:
    one, invite = rings()
    rack = f"{one.peer.answered('INVITE').headers.get('RSeq')} {invite.cseq.number} INVITE"
    pick_up(one)
    prack(one, invite, rack)
    assert one.peer.answers("PRACK") == [200]


def test_offer_stands_in_the_first_reliable_answer_and_its_answer_in_the_prack() -> None:
    """RFC 3262 5: an INVITE without an offer."""
    one, invite = rings(body=b"")
    assert sdp_of(one.peer.answered("INVITE")) == "sendrecv"
    prack(one, invite, body=sdp(codecs="PCMU"))
    assert one.peer.answers("PRACK") == [200]
    assert one.plans[-1] is not None and not one.plans[-1].send
    pick_up(one)
    assert one.peer.answered("INVITE").status == 200
    assert one.peer.answered("INVITE").body == b""
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.call().state == "talking"
    assert one.plans[-1] is not None and one.plans[-1].send and one.plans[-1].codec == "PCMU"


def test_answer_waits_for_the_prack_that_has_the_description() -> None:
    one, invite = rings(body=b"")
    pick_up(one)
    assert one.peer.answers("INVITE") == [180]
    assert one.calls() == ["offered"]
    prack(one, invite, body=sdp())
    assert one.peer.answers("INVITE") == [180, 200]
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.calls() == ["offered", "talking"]


def test_call_that_waits_for_the_prack_can_be_cancelled() -> None:
    one, invite = rings(body=b"")
    pick_up(one)
    one.tell(Request("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Require")))
    assert one.peer.answers("INVITE") == [180, 487]
    assert (one.call().state, one.call().cause) == ("ended", "cancelled")
    one.no_port_leaks()


def test_prack_without_the_answer_that_is_owed_ends_in_no_call() -> None:
    one, invite = rings(body=b"")
    prack(one, invite)
    assert one.peer.answers("PRACK") == [200]
    pick_up(one)
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert (one.call().state, one.call().cause) == ("ended", "failed")
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_caller_who_waits_long_is_told_again_that_it_rings() -> None:
    """RFC 3261 13.3.1.1: proxies give up after three minutes of silence."""
    one = bench(ringing_time="200")
    one.peer.invite()
    one.advance(130)
    assert one.peer.answers("INVITE") == [180, 180, 180]


def test_each_reliable_answer_has_the_next_number() -> None:
    one, invite = rings(ringing_time="200")
    first = number(one.peer.answered("INVITE"))
    prack(one, invite)
    one.advance(61)
    assert number(one.peer.answered("INVITE")) == first + 1
    prack(one, invite, cseq=3)
    assert one.peer.answers("PRACK") == [200, 200]
