"""The tables of the line's machines, walked."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from snomtui.kit.machine import Table
from snomtui.line import link
from snomtui.line.calls import calltable, chattable, cstasession
from snomtui.line.server import regtable
from snomtui.line.watch import publication, subscription

TABLES: list[tuple[Table[Any, Any], set[Enum], type[Enum]]] = [
    (calltable.TABLE, {calltable.State.DIALLING, calltable.State.OFFERED}, calltable.Input),
    (chattable.TABLE, {chattable.State.INVITING, chattable.State.OFFERED}, chattable.Input),
    (cstasession.TABLE, {cstasession.State.BEGINNING}, cstasession.Input),
    (link.TABLE, {link.State.DOWN}, link.Input),
    (regtable.TABLE, {regtable.State.OFF}, regtable.Input),
    (subscription.TABLE, {subscription.State.ENDED}, subscription.Input),
    (publication.TABLE, {publication.State.SILENT}, publication.Input),
]
FINAL = {calltable.State.ENDED, chattable.State.ENDED, cstasession.State.ENDED}


@pytest.mark.parametrize(("table", "starts", "inputs"), TABLES)
def test_every_state_is_reached_and_has_a_way_out(
    table: Table[Any, Any], starts: set[Enum], inputs: type[Enum]
) -> None:
    assert set(table) == set(type(next(iter(starts)))), "a state without a row"
    reached, todo = set(starts), list(starts)
    while todo:
        for after in table[todo.pop()].values():
            if after not in reached:
                reached.add(after)
                todo.append(after)
    assert reached == set(table)
    for state, row in table.items():
        assert set(row) <= set(inputs)
        assert (state in FINAL) == (not set(row.values()) - {state})
    assert {given for row in table.values() for given in row} == set(inputs), "an input that nobody knows"


def test_every_state_of_a_call_has_a_word() -> None:
    assert set(calltable.SAID) == set(calltable.State)
    assert set(calltable.SAID.values()) == {"dialling", "ringing", "offered", "talking", "holding", "held", "ended"}


def test_every_live_state_of_a_call_can_be_hung_up_and_end() -> None:
    for state, row in calltable.TABLE.items():
        if state is not calltable.State.ENDED:
            assert calltable.Input.HANGUP in row and calltable.Input.OVER in row
