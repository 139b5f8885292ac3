"""Session timers (RFC 4028)."""

from __future__ import annotations

import pytest

from snomtui.line.methods import ALLOW
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import SDP, bench, inside, pick_up, sdp_of
from tests.line.peer import Bench, Rule, accepted, in_turn, says, sdp, silent


def granting(*headers: Item, methods: str = ALLOW) -> Rule:
    """A rule that answers an INVITE or UPDATE with these headers."""

    def rule(request: Request) -> Response:
        made = accepted(request, body=b"" if request.method == "UPDATE" else None)
        items = [*made.headers, *headers, ("Allow", methods)]
        return made.with_headers(Headers.of(*items))

    return rule


def up(expires: str, methods: str = ALLOW, **more: str) -> Bench:
    """A call of ours whose other side answered with this Session-Expires."""
    one = bench(**more)
    rule = granting(("Session-Expires", expires), methods=methods) if expires else granting(methods=methods)
    one.peer.rules["INVITE"] = one.peer.rules["UPDATE"] = rule
    one.dial()
    assert one.call().state == "talking"
    return one


def taken(*headers: Item) -> tuple[Bench, Request, Response]:
    """A call to us with these headers, answered; with our answer."""
    one = bench()
    one.peer.rules["UPDATE"] = granting()
    invite = one.peer.invite(*headers)
    one.settle()
    pick_up(one)
    answer = one.peer.answered("INVITE")
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    return one, invite, answer


# -- calls that we make


def test_invite_asks_for_an_hour() -> None:
    one = bench()
    one.dial()
    invite = one.peer.last("INVITE")
    assert "timer" in invite.headers.values("Supported")
    assert invite.headers.get("Session-Expires") == "3600"
    assert invite.headers.get("Min-SE") == "90"


def test_phone_that_wants_no_timer_asks_for_none() -> None:
    one = bench(session_timer="0")
    one.dial()
    assert "Session-Expires" not in one.peer.last("INVITE").headers


def test_call_is_refreshed_with_update_after_half_the_time() -> None:
    one = up("180;refresher=uac")
    one.advance(89)
    assert one.peer.asked("UPDATE") == []
    one.advance(2)
    update = one.peer.last("UPDATE")
    assert update.body == b"" and update.contacts
    assert update.headers.get("Session-Expires") == "180;refresher=uac"
    one.advance(180)
    assert len(one.peer.asked("UPDATE")) == 3
    assert one.call().state == "talking"
    one.hang_up()
    one.advance(400)
    assert len(one.peer.asked("UPDATE")) == 3


def test_call_is_refreshed_with_the_same_description_where_update_is_not_known() -> None:
    one = up("180;refresher=uac", methods="INVITE, ACK, CANCEL, BYE")
    one.advance(91)
    first, again = one.peer.asked("INVITE")
    assert again.body == first.body
    assert again.to.tag == "callee"
    assert one.peer.asked("UPDATE") == []
    assert len(one.peer.asked("ACK")) == 2
    one.advance(90)
    assert len(one.peer.asked("INVITE")) == 3
    assert one.calls() == ["dialling", "talking"]


@pytest.mark.parametrize("status", [405, 501])
def test_refresh_falls_back_where_update_is_not_served_after_all(status: int) -> None:
    one = up("180;refresher=uac")
    one.peer.rules["UPDATE"] = says(status)
    one.advance(91)
    assert len(one.peer.asked("INVITE")) == 2
    one.advance(90)
    assert (len(one.peer.asked("UPDATE")), len(one.peer.asked("INVITE"))) == (1, 3)


def test_refresh_while_the_call_is_on_hold_leaves_it_there() -> None:
    one = up("180;refresher=uac", methods="INVITE, ACK, BYE")
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    held = one.peer.last("INVITE")
    assert held.headers.get("Session-Expires") == "180;refresher=uac"
    one.advance(91)
    assert one.peer.last("INVITE").cseq.number == held.cseq.number + 1
    assert sdp_of(one.peer.last("INVITE")) == "sendonly"
    assert one.call().state == "holding"


def test_call_that_the_other_side_does_not_refresh_is_ended() -> None:
    one = up("90;refresher=uas")
    one.advance(59)
    assert one.call().state == "talking"
    one.advance(2)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    assert (one.peer.last("BYE").headers.get("Reason") or "").startswith("SIP;cause=408")
    one.no_port_leaks()


@pytest.mark.parametrize("method", ["UPDATE", "INVITE"])
def test_call_that_the_other_side_refreshes_goes_on(method: str) -> None:
    one = up("90;refresher=uas")
    for number in range(4):
        one.advance(45)
        headers = (("Supported", "timer"), ("Session-Expires", "90;refresher=uac"))
        request = inside(one, method, cseq=10 + number, headers=headers, body=(SDP, sdp()))
        one.tell(request)
        answer = one.peer.answered(method)
        assert (answer.status, answer.headers.get("Session-Expires")) == (200, "90;refresher=uac")
        assert answer.headers.get("Require") == "timer"
        if method == "INVITE":
            ack = inside(one, "ACK", cseq=10 + number)
            one.tell(ack)
    assert one.call().state == "talking"
    one.advance(61)
    assert one.call().state == "ended"


def test_call_without_an_agreed_timer_is_never_refreshed() -> None:
    one = up("")
    one.advance(8000)
    assert one.call().state == "talking"
    assert (len(one.peer.asked("INVITE")), one.peer.asked("UPDATE")) == (1, [])


@pytest.mark.parametrize("expires", ["soon", "-5", ";refresher=uac", "9" * 40])
def test_timer_that_makes_no_sense_does_no_harm(expires: str) -> None:
    one = up(expires)
    one.advance(500)
    assert one.call().state == "talking"


@pytest.mark.parametrize("status", [408, 481])
def test_refresh_that_finds_no_call_any_more_ends_it(status: int) -> None:
    one = up("180;refresher=uac")
    one.peer.rules["UPDATE"] = says(status)
    one.advance(91)
    assert (one.call().state, one.call().cause) == ("ended", "failed")
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_refresh_that_is_refused_is_tried_again_before_the_end() -> None:
    one = up("180;refresher=uac")
    one.peer.rules["UPDATE"] = in_turn(says(500), granting(("Session-Expires", "180;refresher=uac")))
    one.advance(180)
    assert len(one.peer.asked("UPDATE")) == 2
    assert one.call().state == "talking"


WITHOUT_UPDATE = "INVITE, ACK, BYE, CANCEL"


def test_refresh_by_invite_that_is_refused_is_tried_again_before_the_end() -> None:
    one = up("600;refresher=uac", WITHOUT_UPDATE)
    granted = granting(("Session-Expires", "600;refresher=uac"), methods=WITHOUT_UPDATE)
    one.peer.rules["INVITE"] = in_turn(says(500), granted)
    one.advance(620)
    assert one.call().state == "talking"
    assert len(one.peer.asked("INVITE")) == 3
    one.peer.rules["INVITE"] = says(500)
    one.advance(600)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    one.no_port_leaks()


@pytest.mark.parametrize("expires", ["90;refresher=uac", "20;refresher=uac"])
@pytest.mark.parametrize("methods", [ALLOW, WITHOUT_UPDATE])
def test_refresh_of_a_short_session_that_is_refused_is_tried_again_before_the_end(expires: str, methods: str) -> None:
    one = up(expires, methods)
    granted = granting(("Session-Expires", expires), methods=methods)
    one.peer.rules["INVITE"] = one.peer.rules["UPDATE"] = in_turn(says(500), granted)
    one.advance(120)
    assert one.call().state == "talking"


def test_refresh_that_meets_a_change_of_ours_waits_for_it() -> None:
    one = up("600;refresher=uac", WITHOUT_UPDATE)
    call = one.line.calls.find("1-1")
    assert call is not None
    one.peer.rules["INVITE"] = silent
    one.advance(295)
    call.hold(one.now)
    one.advance(10)  # the refresh was due meanwhile
    one.tell(says(488)(one.peer.last("INVITE")))  # type: ignore[arg-type]
    assert len(one.peer.asked("INVITE")) == 2
    one.peer.rules["INVITE"] = granting(("Session-Expires", "600;refresher=uac"), methods=WITHOUT_UPDATE)
    one.advance(300)
    assert len(one.peer.asked("INVITE")) == 3
    assert one.call().state == "talking"


def test_refresh_that_is_always_refused_ends_the_call() -> None:
    one = up("180;refresher=uac")
    one.peer.rules["UPDATE"] = says(500)
    one.advance(160)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    one.no_port_leaks()


def test_refresh_that_is_never_answered_ends_the_call() -> None:
    one = up("180;refresher=uac")
    del one.peer.rules["UPDATE"]
    one.advance(91 + 33)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")


def test_invite_is_sent_again_with_a_longer_session_after_422() -> None:
    one = bench(session_timer="120")
    one.peer.rules["INVITE"] = in_turn(says(422, ("Min-SE", "600")), accepted)
    one.dial()
    first, second = one.peer.asked("INVITE")
    assert first.headers.get("Session-Expires") == "120"
    assert (second.headers.get("Session-Expires"), second.headers.get("Min-SE")) == ("600", "600")
    assert (second.call_id, second.cseq.number) == (first.call_id, first.cseq.number + 1)
    assert one.call().state == "talking"


def test_server_that_always_wants_more_is_given_up() -> None:
    one = bench()
    counter = iter(range(1000, 90000))
    one.peer.rules["INVITE"] = lambda request: respond(request, 422, tag="x", headers=[("Min-SE", str(next(counter)))])
    one.dial()
    assert len(one.peer.asked("INVITE")) < 8
    assert (one.call().state, one.call().code) == ("ended", 422)
    one.no_port_leaks()


@pytest.mark.parametrize("headers", [(), (("Min-SE", "x"),), (("Min-SE", "90"),), (("Min-SE", "99999999"),)])
def test_422_that_asks_for_nothing_new_is_a_refusal(headers: tuple[Item, ...]) -> None:
    one = bench()
    one.peer.rules["INVITE"] = says(422, *headers)
    one.dial()
    assert len(one.peer.asked("INVITE")) == 1
    assert one.call().code == 422


# -- calls to us


@pytest.mark.parametrize(
    ("headers", "granted", "required"),
    [
        ((), None, None),
        ((("Supported", "timer"),), None, None),
        ((("Supported", "timer"), ("Session-Expires", "1800")), "1800;refresher=uac", "timer"),
        ((("k", "timer"), ("x", "1800;refresher=uas")), "1800;refresher=uas", None),
        ((("Supported", "timer"), ("Session-Expires", "1800;refresher=uac")), "1800;refresher=uac", "timer"),
        ((("Session-Expires", "1800"),), "1800;refresher=uas", None),
        ((("Session-Expires", "60"),), "90;refresher=uas", None),
        ((("Supported", "timer"), ("Session-Expires", "7200")), "3600;refresher=uac", "timer"),
        ((("Supported", "timer"), ("Session-Expires", "9000"), ("Min-SE", "5400")), "5400;refresher=uac", "timer"),
        ((("Supported", "timer"), ("Session-Expires", "nonsense")), None, None),
    ],
)
def test_answer_grants_a_timer(headers: tuple[Item, ...], granted: str | None, required: str | None) -> None:
    _, _, answer = taken(*headers)
    assert (answer.headers.get("Session-Expires"), answer.headers.get("Require")) == (granted, required)


def test_too_short_a_timer_is_refused_with_the_least() -> None:
    one = bench()
    one.peer.invite(("Supported", "timer"), ("Session-Expires", "30"))
    one.settle()
    assert one.peer.answers("INVITE") == [422]
    assert one.peer.answered("INVITE").headers.get("Min-SE") == "90"
    assert one.calls() == []
    one.no_port_leaks()


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_too_short_a_timer_inside_a_call_is_refused_and_the_call_goes_on(method: str) -> None:
    one, invite, _ = taken()
    headers = (("Supported", "timer"), ("Session-Expires", "30"))
    one.tell(inside(one, method, invite, cseq=2, headers=headers, body=(SDP, sdp())))
    assert one.peer.answers(method)[-1] == 422
    assert one.call().state == "talking"


def test_caller_who_does_not_refresh_is_gone() -> None:
    one, _, _ = taken(("Supported", "timer"), ("Session-Expires", "120;refresher=uac"))
    one.advance(89)
    assert (one.call().state, one.call().cause) == ("ended", "timeout")
    one.no_port_leaks()


def test_phone_refreshes_a_call_to_it_if_it_has_to() -> None:
    one, _, _ = taken(("Supported", "timer"), ("Session-Expires", "120;refresher=uas"), ("Allow", "UPDATE, INVITE"))
    one.advance(61)
    assert one.peer.last("UPDATE").headers.get("Session-Expires") == "120;refresher=uac"
    assert one.call().state == "talking"
