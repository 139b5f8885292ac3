"""Transactions against a hand-turned clock."""

from __future__ import annotations

import pytest

from snomtui.errors import IllegalStep, LocalError
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.transaction import (
    Answered,
    Arrived,
    Cancelled,
    ClientKey,
    Failed,
    Happening,
    NoAck,
    Repeated,
    Stray,
    Wire,
)
from tests.sip.examples import MICROSOFT, request
from tests.sip.layer import OWNER, TCP, UDP, Bench, ack_for, cancel_for, other

# -- our INVITE


def test_client_repeats_an_invite_until_it_gives_up_after_64_t1() -> None:
    bench = Bench()
    bench.ask(request())
    (failed,) = bench.wait(100)
    assert bench.times("INVITE") == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert isinstance(failed, Failed) and failed.status == 408 and failed.owner == OWNER
    assert len(bench.layer) == 0 and bench.timers.next() is None


def test_client_repeats_nothing_on_a_reliable_wire_but_gives_up_too() -> None:
    bench = Bench()
    bench.ask(request(), TCP)
    assert isinstance(bench.wait(32)[0], Failed) and bench.times("INVITE") == [0]


def test_client_stops_repeating_at_a_provisional_answer_and_waits_for_ever() -> None:
    bench = Bench()
    bench.ask(request())
    bench.wait(0.7)
    (answered,) = bench.hear(respond(request(), 180, tag="b"))
    assert isinstance(answered, Answered) and answered.response.status == 180 and answered.owner == OWNER
    assert bench.wait(1000) == [] and bench.times("INVITE") == [0, 0.5] and len(bench.layer) == 1


def test_client_acknowledges_every_repeat_of_a_refusal_but_tells_it_once() -> None:
    bench = Bench()
    invite = request().with_headers(request().headers.adding("Route", "<sip:p;lr>"))
    bench.ask(invite)
    refusal = respond(invite, 486, tag="b")
    assert len(bench.hear(refusal)) == 1 and bench.hear(refusal) == [] and len(bench.times("ACK")) == 2
    ack = bench.messages[-1]
    assert isinstance(ack, Request) and ack.uri == invite.uri and ack.to.tag == "b" and ack.via == invite.via
    assert str(ack.cseq) == "314159 ACK" and ack.headers.get("Route") == "<sip:p;lr>" and ack.body == b""
    bench.wait(33)
    assert len(bench.layer) == 0 and isinstance(bench.hear(refusal)[0], Stray)


def test_client_forgets_a_refusal_at_once_on_a_reliable_wire() -> None:
    bench = Bench()
    bench.ask(request(), TCP)
    bench.hear(respond(request(), 486, tag="b"), TCP)
    assert bench.times("ACK") == [0] and len(bench.layer) == 0 and bench.timers.next() is None


def test_client_tells_each_fork_once_and_repeats_as_repeats() -> None:
    bench = Bench()
    bench.ask(request())
    told = [bench.hear(respond(request(), status, tag=tag))[0] for status, tag in ((180, "a"), (200, "a"), (200, "b"))]
    assert [type(one) for one in told] == [Answered] * 3 and bench.times("ACK") == []
    assert isinstance(bench.hear(respond(request(), 200, tag="a"))[0], Repeated)
    assert bench.hear(respond(request(), 486, tag="c")) == [] and bench.hear(respond(request(), 183, tag="c")) == []
    bench.wait(32)
    assert len(bench.layer) == 0


def test_client_cancels_only_after_a_provisional_answer() -> None:
    bench = Bench()
    key = bench.ask(request())
    bench.layer.cancel(key, [("Reason", "SIP;cause=487")], bench.now)
    bench.layer.cancel(key, [], bench.now)
    bench.collect()
    assert bench.times("CANCEL") == []
    bench.hear(respond(request(), 100))
    assert bench.times("CANCEL") == [0]
    cancel = bench.messages[-1]
    assert isinstance(cancel, Request) and cancel.via == request().via and str(cancel.cseq) == "314159 CANCEL"
    assert cancel.headers.get("Reason") == "SIP;cause=487" and cancel.to.tag == ""
    assert bench.hear(respond(cancel, 200, tag="x")) == []
    (answered,) = bench.hear(respond(request(), 487, tag="x"))
    assert isinstance(answered, Answered) and answered.response.status == 487 and bench.times("ACK") == [0]


def test_client_gives_up_a_cancelled_invite_that_stays_unanswered() -> None:
    bench = Bench()
    key = bench.ask(request())
    bench.hear(respond(request(), 180, tag="a"))
    bench.layer.cancel(key, [], bench.now)
    told = bench.wait(40)
    assert [type(one) for one in told] == [Failed] and len(bench.layer) == 0 and len(bench.times("CANCEL")) > 5
    bench.layer.cancel(key, [], bench.now)
    assert bench.layer.transmit() == []


def test_client_hears_of_a_lost_connection_once_for_each_open_request() -> None:
    bench = Bench()
    bench.ask(request(), TCP)
    bench.ask(other(), TCP)
    bench.ask(other("INFO", "z9hG4bKi"), UDP)
    told = bench.layer.lost(TCP.conn, "connection reset", 1.0)
    assert [(one.status, one.why) for one in told if isinstance(one, Failed)] == [(503, "connection reset")] * 2
    assert len(bench.layer) == 1


# -- our other requests


def test_client_repeats_another_request_at_most_every_t2() -> None:
    bench = Bench()
    bench.ask(other())
    assert isinstance(bench.wait(32)[0], Failed)
    assert bench.times("OPTIONS") == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]


def test_client_repeats_slowly_after_a_provisional_answer_and_swallows_repeats() -> None:
    bench = Bench()
    bench.ask(other())
    bench.hear(respond(other(), 101))
    bench.wait(9)
    assert bench.times("OPTIONS") == [0, 0.5, 4.5, 8.5]
    assert len(bench.hear(respond(other(), 200, tag="a"))) == 1 and bench.hear(respond(other(), 200, tag="a")) == []
    bench.wait(5)
    assert len(bench.layer) == 0


def test_client_may_not_use_a_branch_twice_or_send_an_ack() -> None:
    bench = Bench()
    bench.ask(other())
    for message in (other(), ack_for(request(), "a", ";branch=z9hG4bK1")):
        with pytest.raises(LocalError):
            bench.ask(message)


def test_answer_without_branch_finds_its_request_by_call_id_and_cseq() -> None:
    bench = Bench()
    register = request(MICROSOFT)
    bench.ask(register, TCP)
    assert isinstance(bench.hear(respond(register.with_("CSeq", "2 REGISTER"), 200, tag="s"), TCP)[0], Stray)
    answer = respond(register, 200, tag="s").with_("Via", "SIP/2.0/TLS 10.1.2.3:2051;ms-received-cid=2600")
    assert isinstance(bench.hear(answer, TCP)[0], Answered)


@pytest.mark.parametrize(
    ("name", "value"),
    [("CSeq", "7 INVITE"), ("Call-ID", "of-somebody-else"), ("From", "<sip:a@b>;tag=of-somebody-else")],
)
def test_answer_with_the_right_branch_that_says_something_else_than_the_request_is_none(name: str, value: str) -> None:
    bench = Bench()
    bench.ask(request())
    assert isinstance(bench.hear(respond(request(), 403, tag="s").with_(name, value))[0], Stray)
    assert isinstance(bench.hear(respond(request(), 200, tag="s"))[0], Answered)


# -- INVITE to us


def test_server_says_trying_after_200_ms_and_answers_repeats() -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    assert bench.hear(request()) == [] and bench.sent == []
    bench.wait(0.3)
    assert bench.times("100") == [0.2]
    bench.hear(request())
    bench.reply(key, respond(invite, 180, tag="s"))
    bench.hear(request())
    assert len(bench.times("100")) == 2 and len(bench.times("180")) == 2


def test_server_that_answers_quickly_never_says_trying() -> None:
    bench = Bench()
    key, invite = bench.serve(request(), TCP)
    bench.reply(key, respond(invite, 180, tag="s"))
    bench.wait(10)
    assert bench.times("100") == [] and bench.times("180") == [0]


@pytest.mark.parametrize("wire", [UDP, TCP])
@pytest.mark.parametrize("branch", [";branch=z9hG4bKack", ";branch=z9hG4bKnashds8", ""])
def test_server_repeats_a_2xx_until_the_ack_even_on_a_reliable_wire(wire: Wire, branch: str) -> None:
    bench = Bench()
    key, invite = bench.serve(request(), wire)
    bench.reply(key, respond(invite, 200, tag="s"))
    bench.wait(8)
    assert bench.times("200") == [0, 0.5, 1.5, 3.5, 7.5]
    ack = ack_for(request(), "s", branch)
    (arrived,) = bench.hear(ack, wire)
    assert isinstance(arrived, Arrived) and arrived.key is None and arrived.request.method == "ACK"
    assert bench.wait(100) == [] and len(bench.times("200")) == 5 and len(bench.layer) == 0


def test_server_that_never_gets_an_ack_for_its_2xx_says_so() -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    bench.reply(key, respond(invite, 200, tag="s"))
    bench.hear(ack_for(request(), "other", ";branch=z9hG4bKack"))
    assert bench.wait(40) == [NoAck(key)] and len(bench.layer) == 0 and bench.timers.next() is None


def test_server_repeats_a_refusal_until_the_ack_and_keeps_the_ack_to_itself() -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    bench.reply(key, respond(invite, 486, tag="s"))
    bench.wait(2)
    bench.hear(request())
    assert bench.times("486") == [0, 0.5, 1.5, 2]
    ack = ack_for(request(), "s", ";branch=z9hG4bKnashds8")
    assert bench.hear(ack) == [] and bench.hear(ack) == [] and bench.hear(request()) == []
    bench.wait(6)
    assert len(bench.times("486")) == 4 and len(bench.layer) == 0


def test_server_sends_a_refusal_once_on_a_reliable_wire_and_forgets_it_at_the_ack() -> None:
    bench = Bench()
    key, invite = bench.serve(request(), TCP)
    bench.reply(key, respond(invite, 486, tag="s"))
    bench.wait(5)
    assert bench.times("486") == [0]
    bench.hear(ack_for(request(), "s", ";branch=z9hG4bKnashds8"), TCP)
    assert len(bench.layer) == 0 and bench.timers.next() is None


def test_server_answers_a_cancel_and_tells_its_owner_once() -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    bench.reply(key, respond(invite, 180, tag="s"))
    (cancelled,) = bench.hear(cancel_for(request()))
    assert isinstance(cancelled, Cancelled) and cancelled.key == key
    answer = bench.messages[-1]
    assert isinstance(answer, Response) and (answer.status, answer.cseq.method, answer.to.tag) == (200, "CANCEL", "s")
    assert bench.hear(cancel_for(request())) == [] and len(bench.times("200")) == 2
    bench.reply(key, respond(invite, 487, tag="s"))
    assert bench.times("487") == [0]


def test_cancel_without_an_invite_is_answered_with_481_and_a_late_one_changes_nothing() -> None:
    bench = Bench()
    assert bench.hear(cancel_for(request())) == [] and bench.times("481") == [0]
    answer = bench.messages[-1]
    assert isinstance(answer, Response) and answer.to.tag
    late = Bench()
    key, invite = late.serve(request())
    late.reply(key, respond(invite, 200, tag="s"))
    assert late.hear(cancel_for(request())) == [] and len(late.times("200")) == 2


def test_second_final_answer_is_our_own_fault() -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    bench.reply(key, respond(invite, 486, tag="s"))
    for status in (200, 180, 500):
        with pytest.raises(IllegalStep):
            bench.reply(key, respond(invite, status, tag="s"))


def test_lost_connection_forgets_requests_to_us() -> None:
    bench = Bench()
    key, invite = bench.serve(request(), TCP)
    plain, options = bench.serve(other(), TCP)
    assert bench.layer.lost(TCP.conn, "gone", 0.1) == [] and len(bench.layer) == 0 and bench.timers.next() is None
    bench.reply(key, respond(invite, 200, tag="s"))
    assert bench.sent == []
    key, invite = bench.serve(request(), TCP)
    bench.reply(key, respond(invite, 200, tag="s"))
    assert bench.layer.lost(TCP.conn, "gone", 0.2) == [], "an ACK may still come over the next connection"
    assert len(bench.layer) == 0 and bench.timers.next() is None
    assert plain.method == options.method == "OPTIONS"


# -- other requests to us


def test_server_answers_repeats_of_another_request_the_same_way() -> None:
    bench = Bench()
    key, options = bench.serve(other())
    assert bench.hear(other()) == [] and bench.sent == []
    bench.reply(key, respond(options, 200, tag="s"))
    bench.hear(other())
    assert len(bench.times("200")) == 2
    bench.wait(32)
    assert len(bench.layer) == 0


def test_server_forgets_another_request_at_once_on_a_reliable_wire() -> None:
    bench = Bench()
    key, options = bench.serve(other(), TCP)
    bench.reply(key, respond(options, 200, tag="s"))
    assert len(bench.layer) == 0 and bench.timers.next() is None


def test_benotify_is_handed_up_without_a_key() -> None:
    bench = Bench()
    (arrived,) = bench.hear(other("BENOTIFY"))
    assert isinstance(arrived, Arrived) and arrived.key is None and len(bench.layer) == 0


def test_clients_without_a_branch_are_told_apart_by_call_id_and_cseq() -> None:
    bench = Bench()
    register = request(MICROSOFT)
    key, first = bench.serve(register)
    assert bench.hear(register) == []
    bench.serve(register.with_("CSeq", "2 REGISTER"))
    bench.serve(register.with_("Call-ID", "another"))
    bench.reply(key, respond(first, 401, tag="s"))
    bench.hear(register)
    assert len(bench.times("401")) == 2


def test_same_branch_of_two_senders_is_two_transactions() -> None:
    bench = Bench()
    bench.serve(other())
    bench.serve(other().with_("Via", "SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKo"))
    assert len(bench.layer) == 2


def test_answers_over_udp_go_where_the_via_says() -> None:
    bench = Bench()
    key, options = bench.serve(other().with_("Via", "SIP/2.0/UDP 10.0.0.1:99;rport;branch=z9hG4bKo, SIP/2.0/UDP b"))
    assert options.via.received == "192.0.2.7" and options.via.rport == 5060 and len(options.vias) == 2
    bench.reply(key, respond(options, 200, tag="s"))
    key, options = bench.serve(other().with_("Via", "SIP/2.0/UDP 10.0.0.1:99;branch=z9hG4bKp"))
    bench.reply(key, respond(options, 200, tag="s"))
    assert [wire.peer for _, _, wire in bench.sent] == [("192.0.2.7", 5060), ("192.0.2.7", 99)]


def test_timers_of_others_are_ignored() -> None:
    assert (
        Bench().layer.fire("register", 0) == []
        and Bench().layer.fire(("transaction", ClientKey(("x",), "A"), "B"), 0) == []
    )


def test_two_sides_reach_an_answer_over_a_wire_that_loses_every_second_message() -> None:
    caller, callee = Bench(), Bench()
    caller.ask(request())
    answered: list[Happening] = []
    for step in range(200):
        for sender, taker in ((caller, callee), (callee, caller)):
            lost, sender.messages = sender.messages, []
            for message in lost[step % 2 :]:
                for one in taker.hear(message):
                    if isinstance(one, Arrived) and one.key:
                        taker.reply(one.key, respond(one.request, 486, tag="s"))
                    answered.append(one)
            sender.wait(0.25)
    assert [type(one) for one in answered] == [Arrived, Answered]
    assert len(caller.layer) == len(callee.layer) == 0


def test_ack_that_fits_nothing_is_handed_up() -> None:
    (arrived,) = Bench().hear(
        Request("ACK", "sip:a@b", Headers(ack_for(request(), "s", ";branch=z9hG4bKx").headers.items))
    )
    assert isinstance(arrived, Arrived) and arrived.key is None


# -- when one may leave


def test_layer_is_quiet_when_our_invite_is_answered_whatever_else_is_open() -> None:
    bench = Bench()
    bench.ask(other("MESSAGE"))
    assert bench.layer.quiet
    bench.ask(request())
    assert not bench.layer.quiet
    bench.hear(respond(request(), 180, tag="b"))
    assert not bench.layer.quiet
    bench.hear(respond(request(), 486, tag="b"))
    assert bench.layer.quiet


@pytest.mark.parametrize("status", [200, 486])
def test_layer_is_quiet_when_our_answer_to_an_invite_is_acknowledged(status: int) -> None:
    bench = Bench()
    key, invite = bench.serve(request())
    bench.reply(key, respond(invite, status, tag="a"))
    assert not bench.layer.quiet
    bench.hear(ack_for(request(), "a", ";branch=z9hG4bKack" if status == 200 else ";branch=z9hG4bKnashds8"))
    assert bench.layer.quiet


# -- an owner who serves many


@pytest.mark.parametrize("public", [False, True])
def test_only_an_owner_who_serves_nobody_else_takes_answers_and_cancels_from_any_connection(public: bool) -> None:
    bench = Bench(public=public)
    mine, theirs = other(branch="z9hG4bKm"), request()
    bench.ask(mine, TCP)
    key, _ = bench.serve(theirs, TCP)
    elsewhere = Wire(9, True)
    (told,) = bench.hear(respond(mine, 200, tag="b"), elsewhere)
    cancelled = bench.hear(cancel_for(theirs), elsewhere)
    assert isinstance(told, Stray if public else Answered)
    assert [type(each) for each in cancelled] == ([] if public else [Cancelled])
    assert bench.sent[-1] == (0, "481" if public else "200", elsewhere)
    bench.reply(key, respond(theirs, 486, tag="b"))
    assert len(bench.hear(ack_for(theirs, "b", f";branch={theirs.via.branch}"), elsewhere)) == (1 if public else 0)


def test_repeat_of_a_request_over_another_connection_calls_forth_nothing_of_the_first() -> None:
    bench = Bench(public=True)
    key, asked = bench.serve(request(), TCP)
    bench.reply(key, respond(asked, 180, tag="b"))
    before = len(bench.sent)
    assert bench.hear(request(), Wire(9, True)) == []
    assert len(bench.sent) == before
