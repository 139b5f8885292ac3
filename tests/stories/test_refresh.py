"""Long calls through the front end: both phones make sure that the other one is still there (RFC 4028)."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Answer, Dial, HangUp, Hold
from tests.stories.house import Desk, House


def talking_for(seconds: float, held: bool = False) -> tuple[House, Desk, Desk]:
    """Two phones that have talked for so long."""
    house = House()
    heiko, jan = house.signed_in(session_timer="600"), house.signed_in("Jan.Dierich")
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    jan.do(Answer())
    if held:
        heiko.do(Hold())
    house.wire.advance(seconds)
    return house, heiko, jan


@pytest.mark.parametrize("held", [False, True])
def test_call_of_an_hour_is_refreshed_and_goes_on(held: bool) -> None:
    house, heiko, jan = talking_for(3700, held)
    assert (heiko.calls, jan.calls) == ((["holding"], ["held"]) if held else (["talking"], ["talking"]))
    updates = [line for line in house.wire.lines(heiko.phone) if line.startswith("UPDATE")]
    assert len(updates) == 12
    jan.do(HangUp())
    house.wire.advance(1000)
    assert len([line for line in house.wire.lines(heiko.phone) if line.startswith("UPDATE")]) == 12


def test_call_whose_other_side_vanished_ends_by_itself() -> None:
    house, heiko, jan = talking_for(10)
    house.wire.boxes.remove(heiko.phone)  # it still answers nothing and wakes for nothing
    house.wire.advance(601)
    assert jan.ended.cause == "timeout"
    assert "talking" not in jan.calls
