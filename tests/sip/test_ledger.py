"""What a layer remembers of requests to it: limits, copies, forks, and the ways in which they are found."""

from __future__ import annotations

import pytest

from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.transaction import Answered, Arrived, ServerKey, Stray, Wire
from tests.sip.examples import MICROSOFT, request
from tests.sip.layer import TCP, UDP, Bench, ack_for, cancel_for, other


def numbered(number: int, method: str = "OPTIONS") -> Request:
    """One of many requests."""
    return other(method, f"z9hG4bK{number}").with_("Call-ID", f"call-{number}")


def call(number: int) -> Request:
    """One of many INVITEs."""
    via = f"SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKi{number}"
    return request().with_("Via", via).with_("Call-ID", f"call-{number}")


def test_answered_requests_make_room_for_new_ones_the_oldest_first() -> None:
    bench = Bench(most=3)
    keys = [bench.serve(numbered(number))[0] for number in range(3)]
    for at in (1, 0):
        bench.reply(keys[at], respond(numbered(at), 200, tag="t"))
    bench.serve(numbered(3))
    assert len(bench.layer) == 3
    assert bench.hear(numbered(0)) == [] and len(bench.times("200")) == 3
    assert isinstance(bench.hear(numbered(1))[0], Arrived), "it was answered first, so it was forgotten first"
    assert len(bench.layer) == 3


def test_request_that_finds_no_room_gets_a_503_and_is_not_remembered() -> None:
    bench = Bench(most=2)
    keys = [bench.serve(call(number))[0] for number in range(2)]
    tags = set()
    for _ in range(3):
        assert bench.hear(call(7)) == []
        answer = bench.messages[-1]
        assert isinstance(answer, Response) and answer.status == 503 and answer.headers.get("Retry-After") == "10"
        tags.add(answer.to.tag)
    assert len(tags) == 1 and tags != {""} and len(bench.layer) == 2
    (stray,) = bench.hear(ack_for(call(7), tags.pop(), ";branch=z9hG4bKi7"))
    assert isinstance(stray, Arrived) and stray.key is None
    bench.reply(keys[0], respond(call(0), 486, tag="t"))
    assert bench.hear(call(8)) == [], "a refusal that waits for its ACK keeps its place"
    bench.hear(ack_for(call(0), "t", ";branch=z9hG4bKi0").with_("Via", call(0).headers.get("Via") or ""))
    assert isinstance(bench.hear(call(8))[0], Arrived)


def test_cancel_finds_room_for_itself_where_its_invite_has_some() -> None:
    bench = Bench(most=2)
    key = [bench.serve(call(number))[0] for number in range(2)][0]
    bench.hear(cancel_for(call(0)))
    assert bench.times("200") == [0] and len(bench.layer) == 3
    assert bench.hear(cancel_for(call(5))) == [] and bench.times("503") == [0]
    bench.reply(key, respond(call(0), 487, tag="t"))
    bench.hear(ack_for(call(0), "t", "").with_("Via", call(0).headers.get("Via") or ""))
    assert isinstance(bench.hear(call(6))[0], Arrived)


def test_flood_of_requests_leaves_neither_transactions_nor_timers() -> None:
    bench = Bench(most=50)
    for number in range(500):
        for told in bench.hear(numbered(number)):
            assert isinstance(told, Arrived) and told.key
            bench.reply(told.key, respond(told.request, 404, tag="t"))
        assert len(bench.layer) <= 50 and len(bench.timers) <= 50
    bench.wait(33)
    assert len(bench.layer) == len(bench.timers) == 0


def test_copy_that_came_another_way_is_known() -> None:
    bench = Bench()
    first, _ = bench.serve(request())
    other_way = request().with_("Via", "SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKother")
    second, copy = bench.serve(other_way)
    assert bench.layer.merged(copy, second) and not bench.layer.merged(request(), first)
    bench.reply(second, respond(copy, 482, tag="t"))
    bench.hear(cancel_for(request()))
    bench.reply(first, respond(request(), 487, tag="t"))
    bench.wait(40)
    third, again = bench.serve(other_way)
    assert not bench.layer.merged(again, third)


def test_lost_connection_costs_only_what_was_on_it() -> None:
    bench = Bench()
    wires = [Wire(conn, True) for conn in range(100)]
    for number, wire in enumerate(wires):
        bench.serve(numbered(number), wire)
        bench.ask(numbered(1000 + number, "MESSAGE"), wire)
    assert len(bench.layer.lost(7, "gone", 1.0)) == 1 and len(bench.layer) == 198
    assert bench.layer.lost(7, "gone", 1.0) == [] and bench.layer.lost(12345, "gone", 1.0) == []


def test_lost_connection_forgets_an_unacknowledged_call_and_its_ack_fits_nothing() -> None:
    bench = Bench()
    key, invite = bench.serve(request(), TCP)
    bench.reply(key, respond(invite, 200, tag="s"))
    assert bench.layer.lost(TCP.conn, "gone", 0.1) == []
    (stray,) = bench.hear(ack_for(request(), "s", ";branch=z9hG4bKa"), TCP)
    assert isinstance(stray, Arrived) and len(bench.layer) == 0


def test_client_tells_no_more_forks_than_there_can_be() -> None:
    bench = Bench()
    bench.ask(request())
    told = [bench.hear(respond(request(), 200, tag=f"fork{number}")) for number in range(200)]
    assert sum(map(len, told)) == 64


def test_answer_with_two_vias_is_somebody_elses() -> None:
    bench = Bench()
    bench.ask(other())
    answer = respond(other(), 200, tag="b")
    two = answer.with_headers(answer.headers.first("Via", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKo"))
    assert isinstance(bench.hear(two)[0], Stray) and isinstance(bench.hear(answer)[0], Answered)


@pytest.mark.parametrize("method", ["INVITE", "MESSAGE", "CANCEL"])
def test_answer_whose_cseq_names_another_method_is_a_stray(method: str) -> None:
    bench = Bench()
    bench.ask(other())
    assert isinstance(bench.hear(respond(other(), 200, tag="b").with_("CSeq", f"7 {method}"))[0], Stray)
    assert len(bench.layer) == 1


def test_ack_and_cancel_repeat_the_credentials_of_their_invite() -> None:
    bench = Bench()
    invite = request().with_headers(request().headers.adding("Proxy-Authorization", 'Digest realm="a"'))
    key = bench.ask(invite)
    bench.hear(respond(invite, 180, tag="b"))
    bench.layer.cancel(key, [], bench.now)
    bench.hear(respond(invite, 487, tag="b"))
    ack, cancel = (next(one for one in bench.messages if _method(one) == name) for name in ("ACK", "CANCEL"))
    assert ack.headers.get("Proxy-Authorization") == cancel.headers.get("Proxy-Authorization") == 'Digest realm="a"'


def _method(message: Request | Response) -> str:
    return message.method if isinstance(message, Request) else ""


def test_cancel_finds_the_invite_of_a_client_without_branches() -> None:
    bench = Bench()
    old = Request("INVITE", "sip:bob@biloxi.com", request(MICROSOFT).headers.with_("CSeq", "3 INVITE"))
    key, invite = bench.serve(old)
    bench.hear(cancel_for(old).with_("CSeq", "4 CANCEL"))
    bench.hear(cancel_for(old))
    assert bench.times("481") == [0] and bench.times("200") == [0]
    bench.reply(key, respond(invite, 487, tag="s"))
    ack = Request("ACK", old.uri, Headers(old.headers.with_("CSeq", "3 ACK").with_("To", "<sip:b@c>;tag=s").items))
    assert bench.hear(ack) == []
    bench.wait(6)
    assert bench.times("487") == [0]


def test_cancel_by_another_sender_with_the_same_branch_cancels_nothing() -> None:
    bench = Bench()
    bench.serve(request())
    foreign = cancel_for(request()).with_("Via", "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKnashds8")
    assert bench.hear(foreign) == [] and bench.times("481") == [0]


def test_answer_never_goes_where_a_sender_only_says_that_it_is() -> None:
    bench = Bench()
    via = "SIP/2.0/UDP 192.0.2.7:5060;received=203.0.113.5;branch=z9hG4bKo"
    key, options = bench.serve(other().with_("Via", via))
    bench.reply(key, respond(options, 200, tag="s"))
    assert bench.sent[-1][2].peer == ("192.0.2.7", 5060) and options.via.received == "192.0.2.7"


def test_server_keys_are_told_apart_by_method() -> None:
    bench = Bench()
    bench.serve(other("INFO"))
    key, _ = bench.serve(other("MESSAGE"))
    assert key == ServerKey(("z9hG4bKo", "10.0.0.1"), "MESSAGE") and UDP.peer
