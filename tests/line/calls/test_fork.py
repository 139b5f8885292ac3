"""Branches of a call of ours: early dialogs, reliable answers, several answers (RFC 3261 12, 13.2, RFC 3262 4)."""

from __future__ import annotations

import pytest

from snomtui.line.calls.fork import MOST, reliable
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import SDP, UDP, bench, sdp_of
from tests.line.peer import Bench, accepted, says, sdp

RELIABLE = (("Require", "100rel"),)


def calling(**more: str) -> tuple[Bench, Request]:
    """A call that is out and not answered."""
    one = bench(**more)
    one.peer.rules["PRACK"] = says(200)
    one.dial()
    return one, one.peer.last("INVITE")


def progress(
    invite: Request, status: int = 183, tag: str = "callee", number: int = 0, body: bytes = b"", *more: Item
) -> Response:
    """A provisional answer; reliable if it has a number."""
    headers: list[Item] = [("Contact", f"<sip:{tag}@127.0.0.1:5060>"), *more]
    headers += [*RELIABLE, ("RSeq", str(number))] if number else []
    return respond(invite, status, tag=tag or None, headers=headers, body=(SDP, body) if body else None)


def from_branch(one: Bench, invite: Request, method: str, tag: str = "callee", cseq: int = 1, **more: bytes) -> Request:
    """A request of the other side in an early dialog."""
    body = (SDP, more["body"]) if "body" in more else None
    request = one.peer.make(
        method,
        ("Contact", f"<sip:{tag}@127.0.0.1:5060>"),
        to=invite.headers.get("From") or "",
        caller=f"{invite.headers.get('To')};tag={tag}",
        call_id=invite.call_id,
        cseq=cseq,
        body=body,
    )
    one.tell(request)
    return request


# -- PRACK


def test_invite_says_that_reliable_answers_are_understood() -> None:
    _, invite = calling()
    assert "100rel" in invite.headers.values("Supported")


def test_reliable_answer_is_acknowledged_in_its_dialog() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180, number=42))
    prack = one.peer.last("PRACK")
    assert prack.headers.get("RAck") == f"42 {invite.cseq.number} INVITE"
    assert (prack.uri, prack.to.tag, prack.call_id) == ("sip:callee@127.0.0.1:5060", "callee", invite.call_id)
    assert prack.cseq.number == invite.cseq.number + 1
    assert not prack.contacts
    assert one.calls() == ["dialling", "ringing"]
    one.tell(accepted(invite))
    one.hang_up()
    assert one.peer.last("ACK").cseq.number == invite.cseq.number
    assert one.peer.last("BYE").cseq.number == prack.cseq.number + 1


def test_repeats_and_answers_that_come_too_early_are_not_acknowledged() -> None:
    one, invite = calling()
    for number in (7, 7, 9, 8, 8, 9, 2):
        one.tell(progress(invite, 180, number=number))
    assert [prack.headers.get("RAck") for prack in one.peer.asked("PRACK")] == [f"{n} 1 INVITE" for n in (7, 8, 9)]


def test_answer_that_comes_too_early_changes_nothing() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180, number=1))
    one.tell(progress(invite, 183, number=3, body=sdp()))
    assert one.plans == []


@pytest.mark.parametrize(
    ("status", "headers", "number"),
    [
        (180, (*RELIABLE, ("RSeq", "5")), 5),
        (180, (("Require", "timer, 100REL"), ("RSeq", " 5 ")), 5),
        (180, (("RSeq", "5"),), None),
        (180, RELIABLE, None),
        (180, (*RELIABLE, ("RSeq", "0")), None),
        (180, (*RELIABLE, ("RSeq", "x")), None),
        (100, (*RELIABLE, ("RSeq", "5")), None),
        (200, (*RELIABLE, ("RSeq", "5")), None),
    ],
)
def test_reliable_answer_is_known(status: int, headers: tuple[Item, ...], number: int | None) -> None:
    assert reliable(Response(status, "", Headers.of(("To", "<sip:a@b>;tag=1"), *headers))) == number


def test_reliable_answer_after_the_cancel_is_acknowledged_as_well() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180))
    one.hang_up()
    one.tell(progress(invite, 183, number=1, body=sdp()))
    assert len(one.peer.asked("PRACK")) == 1
    assert one.plans == []
    one.tell(respond(invite, 487, tag="callee"))
    one.no_port_leaks()


@pytest.mark.parametrize("status", [481, 500])
def test_prack_that_is_refused_changes_nothing(status: int) -> None:
    one, invite = calling()
    one.peer.rules["PRACK"] = says(status)
    one.tell(progress(invite, 180, number=1))
    one.tell(accepted(invite))
    assert one.call().state == "talking"


def test_prack_is_repeated_over_udp_until_it_is_answered() -> None:
    one, invite = calling(user_outbound1=UDP)
    del one.peer.rules["PRACK"]
    one.tell(progress(invite, 180, number=1))
    one.advance(2)
    assert len(one.peer.asked("PRACK")) == 3
    assert len({prack.via.branch for prack in one.peer.asked("PRACK")}) == 1


def test_challenged_prack_goes_out_with_the_next_number_of_its_dialog() -> None:
    one, invite = calling()
    one.peer.rules["PRACK"] = says(407, ("Proxy-Authenticate", 'Digest realm="r", nonce="n"'))
    one.tell(progress(invite, 180, number=1))
    numbers = [prack.cseq.number for prack in one.peer.asked("PRACK")]
    assert numbers[:2] == [2, 3]


# -- early media


def test_reliable_description_is_the_answer() -> None:
    one, invite = calling()
    one.tell(progress(invite, number=1, body=sdp(codecs="PCMU")))
    one.tell(accepted(invite, body=b""))
    assert one.call().state == "talking"
    assert one.plans[-1] is not None and one.plans[-1].codec == "PCMU" and one.plans[-1].send


def test_ringing_after_early_media_goes_on_with_it() -> None:
    one, invite = calling()
    one.tell(progress(invite, 183, body=sdp()))
    one.tell(progress(invite, 180))
    assert one.calls() == ["dialling", "ringing", "ringing"]
    assert len(one.plans) == 1
    one.tell(accepted(invite, body=b""))
    assert one.call().state == "talking"


def test_answer_of_another_branch_than_the_early_one_counts() -> None:
    one, invite = calling()
    one.tell(progress(invite, tag="one", body=sdp(port=30010)))
    one.tell(progress(invite, tag="two", body=sdp(port=30020)))
    one.tell(accepted(invite, "three", sdp(port=30030)))
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 30030)
    one.hang_up()
    assert one.peer.last("BYE").to.tag == "three"


def test_answer_without_description_means_that_of_its_own_branch() -> None:
    one, invite = calling()
    one.tell(progress(invite, tag="one", body=sdp(port=30010)))
    one.tell(progress(invite, tag="two", body=sdp(port=30020)))
    one.tell(accepted(invite, "one", b""))
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 30010)


def test_answer_without_any_description_of_its_branch_ends_the_call() -> None:
    one, invite = calling()
    one.tell(progress(invite, tag="one", body=sdp()))
    one.tell(accepted(invite, "two", b""))
    assert (one.call().state, one.call().code) == ("ended", 488)
    assert one.peer.last("BYE").headers.get("Reason") is not None
    one.no_port_leaks()


def test_branch_that_is_over_does_not_end_the_call() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180, tag="one"), progress(invite, 199, tag="one"))
    assert one.calls() == ["dialling", "ringing"]
    one.tell(accepted(invite, "two"))
    assert one.call().state == "talking"


@pytest.mark.parametrize(("status", "words"), [(181, "Call Is Being Forwarded"), (182, "Queued")])
def test_progress_of_a_call_is_shown(status: int, words: str) -> None:
    one, invite = calling()
    one.tell(progress(invite, status))
    assert (one.call().state, one.call().code, one.call().reason) == ("dialling", status, words)


def test_provisional_answer_without_a_tag_does_no_harm() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180, tag=""), progress(invite, 183, tag="", body=sdp()))
    assert one.call().state == "ringing"
    one.tell(accepted(invite))
    assert one.call().state == "talking"


def test_flood_of_branches_is_bounded() -> None:
    one, invite = calling()
    for number in range(200):
        one.tell(progress(invite, 183, tag=f"t{number}", body=sdp(), number=1))
    assert len(one.peer.asked("PRACK")) == MOST
    one.tell(accepted(invite, "t199"))
    assert one.call().state == "talking"
    one.hang_up()
    one.no_port_leaks()


# -- requests that come before the answer


def test_update_in_an_early_dialog_waits_for_the_answer_to_our_offer() -> None:
    """RFC 3311 5.2."""
    one, invite = calling()
    one.tell(progress(invite, 180))
    from_branch(one, invite, "UPDATE", body=sdp("sendonly"))
    assert one.peer.answers("UPDATE") == [491]
    one.tell(progress(invite, 183, number=1, body=sdp()))
    from_branch(one, invite, "UPDATE", cseq=2, body=sdp(port=30044))
    assert one.peer.answers("UPDATE") == [491, 200]
    assert sdp_of(one.peer.answered("UPDATE")) == "sendrecv"
    assert one.plans[-1] is not None and one.plans[-1].remote == ("192.0.2.9", 30044) and not one.plans[-1].send


def test_update_without_offer_in_an_early_dialog_is_answered() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180))
    from_branch(one, invite, "UPDATE")
    assert one.peer.answers("UPDATE") == [200]


@pytest.mark.parametrize("early", [True, False])
def test_re_invite_that_overtakes_the_answer_is_put_off(early: bool) -> None:
    one, invite = calling()
    if early:
        one.tell(progress(invite, 180))
    from_branch(one, invite, "INVITE", body=sdp())
    assert one.peer.answers("INVITE") == [491]
    one.tell(accepted(invite))
    assert one.call().state == "talking"
    from_branch(one, invite, "INVITE", cseq=2, body=sdp("sendonly"))
    assert one.call().state == "held"


def test_bye_of_a_branch_leaves_the_others() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180))
    from_branch(one, invite, "BYE")
    assert one.peer.answers("BYE") == [200]
    assert one.call().state == "ringing"
    one.tell(respond(invite, 486, tag="callee"))
    assert (one.call().state, one.call().code) == ("ended", 486)


def test_branch_that_lost_changes_nothing_any_more() -> None:
    one, invite = calling()
    one.tell(progress(invite, tag="lost", number=1, body=sdp(port=30010)))
    one.tell(accepted(invite, "won", sdp(port=30020)))
    before = one.plans[-1]
    from_branch(one, invite, "UPDATE", tag="lost", body=sdp(port=30012))
    assert one.peer.answers("UPDATE") == [481]
    assert one.plans[-1] == before
    one.tell(accepted(invite, "lost", b""))
    (bye,) = one.peer.asked("BYE")
    assert (bye.to.tag, bye.cseq.number) == ("lost", one.peer.last("PRACK").cseq.number + 1)


def test_requests_with_wrong_tags_get_481() -> None:
    one, invite = calling()
    one.tell(accepted(invite))
    from_branch(one, invite, "BYE", tag="stranger")
    assert one.peer.answers("BYE") == [481]
    assert one.call().state == "talking"


# -- several answers


def test_answers_of_other_branches_are_acknowledged_and_ended_each_time() -> None:
    one, invite = calling(user_outbound1=UDP)
    one.tell(accepted(invite, "one"), accepted(invite, "two"), accepted(invite, "three"))
    one.tell(accepted(invite, "two"), accepted(invite, "one"), accepted(invite, "two"))
    assert [ack.to.tag for ack in one.peer.asked("ACK")] == ["one", "two", "three", "two", "one", "two"]
    assert [bye.to.tag for bye in one.peer.asked("BYE")] == ["two", "three"]
    assert one.peer.asked("BYE")[0].headers.get("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    assert one.call().state == "talking"


def test_repeated_answer_gets_the_very_same_ack() -> None:
    one, invite = calling(user_outbound1=UDP)
    one.tell(accepted(invite), accepted(invite), accepted(invite))
    assert len({bytes(ack) for ack in one.peer.asked("ACK")}) == 1
    assert len(one.peer.asked("ACK")) == 3


def test_answers_of_several_branches_after_the_cancel_are_all_ended() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180))
    one.hang_up()
    one.tell(accepted(invite, "one"), accepted(invite, "two"))
    assert [bye.to.tag for bye in one.peer.asked("BYE")] == ["one", "two"]
    assert len(one.peer.asked("ACK")) == 2
    assert one.calls()[-1] == "ended"
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_answer_that_comes_after_the_end_is_ended_as_well() -> None:
    one, invite = calling()
    one.tell(accepted(invite))
    one.hang_up()
    assert not list(one.line.calls)
    one.tell(accepted(invite, "late"))
    assert [bye.to.tag for bye in one.peer.asked("BYE")] == ["callee", "late"]


def test_refusal_without_a_cancel_of_ours_is_a_refusal() -> None:
    one, invite = calling()
    one.tell(progress(invite, 180), respond(invite, 487, tag="callee"))
    assert (one.call().state, one.call().code, one.call().cause) == ("ended", 487, "refused")


@pytest.mark.parametrize("server", ["127.0.0.1:5060;transport=tcp", UDP])
def test_call_that_is_taken_back_ends_though_nothing_final_comes(server: str) -> None:
    one, invite = calling(user_outbound1=server)
    one.tell(progress(invite, 180))
    one.hang_up()
    assert len(one.peer.asked("CANCEL")) == 1
    one.advance(33)
    assert not list(one.line.calls)
    assert one.call().cause == "local"
    one.no_port_leaks()
