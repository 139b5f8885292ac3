"""Calls to us that go elsewhere, as a line answers them."""

from __future__ import annotations

from snomtui.line.calls.diversion import Way
from snomtui.line.calls.incoming import Incoming
from tests.line.callers import bench, offered, pick_up
from tests.line.peer import Bench

WAY = Way("sip:4711@example.org", "4711", "unconditional")


def sent_on(one: Bench, event: str, way: Way = WAY) -> None:
    """From now on callers go elsewhere when this happens."""
    one.line.calls.ways = lambda happened: way if happened == event else None


def test_caller_is_sent_on_at_once_and_takes_no_port() -> None:
    one = bench()
    sent_on(one, "all")
    one.peer.invite()
    one.settle()
    assert one.peer.answers("INVITE") == [302]
    assert (one.call().state, one.call().cause, one.call().code) == ("ended", "elsewhere", 302)
    assert one.call().remote_name == "Anna"
    assert list(one.line.calls) == [] and one.plans == []


def test_busy_line_sends_on_instead_of_refusing() -> None:
    one = bench()
    sent_on(one, "busy")
    one.line.calls.busy = lambda: True
    one.peer.invite()
    one.settle()
    assert one.peer.answers("INVITE") == [302]


def test_caller_is_sent_on_when_the_time_is_over() -> None:
    one = bench()
    sent_on(one, "time", Way("sip:4711@example.org", "4711", "no-answer", after=10.0))
    one.peer.invite()
    one.settle()
    one.advance(9)
    assert one.peer.answers("INVITE") == [180]
    one.advance(2)
    assert one.peer.answers("INVITE") == [180, 302]
    assert one.peer.responses[-1].headers.get("Contact") == "<sip:4711@example.org>"
    one.no_port_leaks()


def test_call_that_was_answered_is_sent_nowhere() -> None:
    one, _ = offered()
    pick_up(one)
    call = one.line.calls.find("1-1")
    assert isinstance(call, Incoming)
    call.divert(WAY, one.now)
    one.settle()
    assert one.peer.answers("INVITE") == [180, 200]
