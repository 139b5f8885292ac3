"""Timers A to M against RFC 3261 table 4 (17, appendix A) and RFC 6026: when what is sent, and when it is forgotten."""

from __future__ import annotations

import pytest

from snomtui.sip.message import respond
from snomtui.sip.transaction import Failed, NoAck, Wire
from tests.sip.examples import request
from tests.sip.layer import TCP, UDP, Bench, ack_for, other

EVERY_T2 = [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
"""From T1, doubled up to T2 = 4 s, within 64 * T1 = 32 s."""
DOUBLED = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
"""From T1, doubled without an end."""


def lifetime(bench: Bench) -> float:
    """Turn the clock until nothing is left, and say how long that took."""
    begin = bench.now
    while len(bench.layer):
        due = bench.timers.next()
        assert due is not None, "what is left has no timer that ends it"
        bench.wait(due - bench.now)
    assert len(bench.timers) == 0
    return round(bench.now - begin, 3)


@pytest.mark.parametrize(("wire", "times"), [(UDP, DOUBLED), (TCP, [0])])
def test_timers_a_and_b_of_an_invite_that_nobody_answers(wire: Wire, times: list[float]) -> None:
    bench = Bench()
    bench.ask(request(), wire)
    assert lifetime(bench) == 32.0 and bench.times("INVITE") == times
    assert [(one.status, one.why) for one in bench.told if isinstance(one, Failed)] == [(408, "no answer")]


@pytest.mark.parametrize("wire", [UDP, TCP])
def test_invite_that_was_answered_provisionally_has_no_timer(wire: Wire) -> None:
    bench = Bench()
    bench.ask(request(), wire)
    bench.hear(respond(request(), 100), wire)
    assert len(bench.timers) == 0 and bench.wait(1000) == [] and bench.times("INVITE") == [0]


@pytest.mark.parametrize(("wire", "t1", "stays"), [(UDP, 0.5, 32.0), (UDP, 0.1, 32.0), (UDP, 0.7, 44.8), (TCP, 0.5, 0)])
def test_timer_d_keeps_a_refusal_for_its_repeats(wire: Wire, t1: float, stays: float) -> None:
    bench = Bench(t1=t1)
    bench.ask(request(), wire)
    bench.hear(respond(request(), 486, tag="b"), wire)
    assert lifetime(bench) == stays


@pytest.mark.parametrize(("wire", "times"), [(UDP, EVERY_T2), (TCP, [0])])
def test_timers_e_and_f_of_another_request_that_nobody_answers(wire: Wire, times: list[float]) -> None:
    bench = Bench()
    bench.ask(other(), wire)
    assert lifetime(bench) == 32.0 and bench.times("OPTIONS") == times
    assert [one.status for one in bench.told if isinstance(one, Failed)] == [408]


def test_timer_e_is_t2_after_a_provisional_answer() -> None:
    bench = Bench()
    bench.ask(other())
    bench.wait(0.2)
    bench.hear(respond(other(), 100))
    assert lifetime(bench) == 31.8
    assert bench.times("OPTIONS") == [0, 0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5]


@pytest.mark.parametrize(("wire", "stays"), [(UDP, 5.0), (TCP, 0)])
def test_timer_k_keeps_an_answered_request_for_repeats(wire: Wire, stays: float) -> None:
    bench = Bench()
    bench.ask(other(), wire)
    bench.hear(respond(other(), 200, tag="b"), wire)
    assert lifetime(bench) == stays


@pytest.mark.parametrize("wire", [UDP, TCP])
def test_timer_m_keeps_an_accepted_invite_for_other_forks(wire: Wire) -> None:
    bench = Bench()
    bench.ask(request(), wire)
    bench.hear(respond(request(), 200, tag="b"), wire)
    assert lifetime(bench) == 32.0 and bench.times("INVITE") == [0]


@pytest.mark.parametrize(("wire", "times"), [(UDP, EVERY_T2), (TCP, [0])])
def test_timers_g_and_h_of_a_refusal_that_nobody_acknowledges(wire: Wire, times: list[float]) -> None:
    bench = Bench()
    key, invite = bench.serve(request(), wire)
    bench.reply(key, respond(invite, 486, tag="s"))
    assert lifetime(bench) == 32.0 and bench.times("486") == times and bench.told[1:] == []


@pytest.mark.parametrize(("wire", "stays"), [(UDP, 5.0), (TCP, 0)])
def test_timer_i_keeps_an_acknowledged_refusal_for_repeated_acks(wire: Wire, stays: float) -> None:
    bench = Bench()
    key, invite = bench.serve(request(), wire)
    bench.reply(key, respond(invite, 486, tag="s"))
    bench.hear(ack_for(request(), "s", ";branch=z9hG4bKnashds8"), wire)
    assert lifetime(bench) == stays and bench.times("486") == [0]


@pytest.mark.parametrize(("wire", "stays"), [(UDP, 32.0), (TCP, 0)])
def test_timer_j_keeps_an_answer_for_repeats_of_the_request(wire: Wire, stays: float) -> None:
    bench = Bench()
    key, options = bench.serve(other(), wire)
    bench.reply(key, respond(options, 200, tag="s"))
    assert lifetime(bench) == stays


@pytest.mark.parametrize("wire", [UDP, TCP])
def test_timer_l_and_the_repeats_of_a_2xx_that_nobody_acknowledges(wire: Wire) -> None:
    bench = Bench()
    key, invite = bench.serve(request(), wire)
    bench.reply(key, respond(invite, 200, tag="s"))
    assert lifetime(bench) == 32.0 and bench.times("200") == EVERY_T2
    assert bench.told[1:] == [NoAck(key)]


@pytest.mark.parametrize("wire", [UDP, TCP])
def test_timer_l_keeps_an_acknowledged_invite_for_its_repeats(wire: Wire) -> None:
    bench = Bench()
    key, invite = bench.serve(request(), wire)
    bench.reply(key, respond(invite, 200, tag="s"))
    bench.hear(ack_for(request(), "s", ";branch=z9hG4bKack"), wire)
    assert lifetime(bench) == 32.0 and bench.times("200") == [0]


@pytest.mark.parametrize("wire", [UDP, TCP])
def test_invite_gets_its_100_after_200_ms(wire: Wire) -> None:
    bench = Bench()
    bench.serve(request(), wire)
    bench.wait(5)
    assert bench.times("100") == [0.2] and len(bench.timers) == 0


def test_other_request_never_gets_a_100() -> None:
    bench = Bench()
    bench.serve(other())
    assert bench.wait(40) == [] and bench.sent == []
