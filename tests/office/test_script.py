"""The table of a colleague's call."""

from __future__ import annotations

from snomtui.office.script import TABLE, Input, State


def test_every_state_of_a_call_is_reached_and_left_but_the_last() -> None:
    starts = {State.OFFERED, State.CALLING}
    reached = starts | {after for row in TABLE.values() for after in row.values()}
    assert reached == set(State) == set(TABLE)
    for state, row in TABLE.items():
        assert (state is State.ENDED) or State.ENDED in row.values()
        assert {Input.HANG_UP, Input.GONE} <= set(row)
