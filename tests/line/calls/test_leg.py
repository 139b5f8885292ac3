"""What all parts of a call share."""

from __future__ import annotations

import pytest

from snomtui.errors import IllegalStep
from snomtui.line.calls.calltable import Input, State
from snomtui.line.calls.leg import Leg
from snomtui.line.calls.party import Party
from snomtui.line.events import CallChanged
from tests.line.callers import answered
from tests.line.peer import Bench


@pytest.mark.parametrize(("start", "direction"), [(State.DIALLING, "out"), (State.OFFERED, "in")])
def test_direction_follows_from_the_first_state(start: State, direction: str) -> None:
    assert Leg(Bench().line, "1-1", start).direction == direction


def test_same_thing_is_told_once() -> None:
    bench = Bench()
    leg = Leg(bench.line, "1-9", State.DIALLING)
    leg.party = Party("sip:bob@ucc.de", "Bob", "bob")
    leg.say()
    leg.say()
    leg.note("refused", 486, "Busy Here")
    leg.say()
    bench.settle()
    first, second = bench.box.of(CallChanged)
    assert (first.remote, first.remote_name, first.number) == ("sip:bob@ucc.de", "Bob", "bob")
    assert (second.cause, second.code, second.reason) == ("refused", 486, "Busy Here")


def test_call_that_is_over_cannot_be_held() -> None:
    leg = Leg(Bench().line, "1-1", State.DIALLING)
    leg.machine.step(Input.OVER)
    with pytest.raises(IllegalStep):
        leg.machine.step(Input.HOLD)


def test_call_that_is_up_cannot_be_answered_again() -> None:
    one, _ = answered()
    call = one.line.calls.find("1-1")
    assert call is not None
    with pytest.raises(IllegalStep):
        call.answer(one.now)
    assert one.calls() == ["offered", "talking"]
