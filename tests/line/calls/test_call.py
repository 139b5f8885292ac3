"""What all calls have in common: requests inside, the end; lost packets and lost connections."""

from __future__ import annotations

from random import Random

import pytest

from snomtui.line.events import MessageCame
from snomtui.line.methods import ALLOW
from snomtui.sip.message import respond
from tests.line.callers import UDP, answered, inside, talking
from tests.line.peer import Bench, Peer, accepted, registered, says, sdp, silent
from tests.wire import Said


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


@pytest.mark.parametrize(("method", "status"), [("SUBSCRIBE", 405), ("PUBLISH", 405), ("DANCE", 501)])
def test_method_that_is_not_served_inside_a_call_is_refused(method: str, status: int) -> None:
    one, invite = answered()
    one.tell(inside(one, method, invite, cseq=2))
    assert one.peer.answers(method) == [status]
    assert one.peer.answered(method).headers.get("Allow") == ALLOW
    assert one.call().state == "talking"


def test_message_inside_a_call_is_told() -> None:
    one, invite = answered()
    one.tell(inside(one, "MESSAGE", invite, cseq=2, body=("text/plain", "Grüße".encode())))
    assert one.peer.answers("MESSAGE") == [200]
    assert one.box.of(MessageCame) == [MessageCame("sip:anna@example.org", "Grüße")]


def test_options_with_an_unknown_requirement_inside_a_call_gets_420() -> None:
    one, invite = answered()
    one.tell(inside(one, "OPTIONS", invite, cseq=2, headers=(("Require", "x-magic"),)))
    assert one.peer.answers("OPTIONS") == [420]
    assert one.peer.answered("OPTIONS").headers.get("Unsupported") == "x-magic"


@pytest.mark.parametrize("status", [200, 481, 408, 500])
def test_bye_ends_the_call_whatever_is_answered(status: int) -> None:
    one = talking()
    one.peer.rules["BYE"] = says(status)
    one.hang_up()
    assert not list(one.line.calls)
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


def test_register_goes_on_during_a_call() -> None:
    one = talking()
    one.peer.rules["REGISTER"] = registered
    one.advance(1000)
    assert one.call().state == "talking"
    assert len(one.peer.asked("REGISTER")) > 4


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


def test_bye_that_was_lost_with_its_connection_goes_out_once_more_over_the_next_one() -> None:
    one = talking()
    one.peer.rules["BYE"] = silent
    one.hang_up()
    one.wire.cut(one.box)
    one.advance(5)
    assert len(one.peer.asked("BYE")) == 2 and len(list(one.line.calls)) == 1
    one.wire.cut(one.box)
    one.advance(5)
    assert len(one.peer.asked("BYE")) == 2 and list(one.line.calls) == []
    one.no_port_leaks()
