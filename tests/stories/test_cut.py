"""The cable is pulled at every step of a call: in the end both sides agree, and nothing is left of it."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Answer, Dial, HangUp, Hold, Intent, Resume
from tests.stories.house import Desk, House
from tests.stories.test_calls import no_port_leaks

CALLER, CALLED = "caller", "called"
STEPS: dict[str, tuple[str, Intent]] = {
    "dialling": (CALLER, Dial("sip:Jan.Dierich@ucc.de")),
    "answering": (CALLED, Answer()),
    "hold": (CALLER, Hold()),
    "resume": (CALLER, Resume()),
    "hold there": (CALLED, Hold()),
    "resume there": (CALLED, Resume()),
    "hang-up": (CALLER, HangUp()),
}
AGREED: tuple[list[list[str]], ...] = (
    [[], []],
    [["talking"], ["talking"]],
    [["holding"], ["held"]],
    [["held"], ["holding"]],
)
MOMENTS = ("before it was sent", "after it was done", "two seconds later")
PATIENCE = 70.0
"""Seconds in which both sides have to agree: twice as long as a transaction lasts."""


def possible(desk: Desk, step: str) -> bool:
    """Whether a person at this phone can still do that."""
    wanted = {"dialling": [], "answering": ["offered"], "hold": ["talking"], "resume": ["holding"]}
    return step == "hang-up" and bool(desk.calls) or desk.calls == wanted.get(step.partition(" ")[0])


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("cut", [CALLER, CALLED])
@pytest.mark.parametrize("at", STEPS)
def test_phones_agree_after_a_cable_was_pulled(at: str, cut: str, moment: str) -> None:
    house = House()
    desks = {CALLER: house.signed_in(), CALLED: house.signed_in("Jan.Dierich")}
    for step, (who, intent) in STEPS.items():
        if not possible(desks[who], step):
            break
        here = step == at
        assert desks[who].phone.do(intent, house.now) is None
        if here and moment == MOMENTS[0]:
            house.wire.cut(desks[cut].phone)
        house.settle()
        if here and moment == MOMENTS[1]:
            house.wire.cut(desks[cut].phone)
        house.wire.advance(2)
        if here and moment == MOMENTS[2]:
            house.wire.cut(desks[cut].phone)
        if here:
            # A good-bye that found nobody is found out about at the next refresh of the session.
            missed = (at, cut, moment) == ("hang-up", CALLED, MOMENTS[0])
            house.wire.advance(3600.0 if missed else PATIENCE)
            assert [desk.calls for desk in desks.values()] in AGREED, house.wire.tail(60)
    for desk in desks.values():
        if desk.calls:
            desk.do(HangUp())
    house.wire.advance(PATIENCE)
    for desk in desks.values():
        assert desk.calls == [] and desk.registered
        assert not any(list(line.calls) for line in desk.phone.lines())
        no_port_leaks(desk)
