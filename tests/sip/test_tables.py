"""The four tables of the transactions, walked."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from snomtui.kit.machine import Table
from snomtui.sip import client, server

TABLES: list[tuple[Table[Any, Any], Enum, set[Enum], type[Enum]]] = [
    (client.INVITE_TABLE, client.InviteState.CALLING, {client.InviteState.TERMINATED}, client.Input),
    (client.PLAIN_TABLE, client.PlainState.TRYING, {client.PlainState.TERMINATED}, client.Input),
    (server.INVITE_TABLE, server.InviteState.PROCEEDING, {server.InviteState.TERMINATED}, server.Input),
    (server.PLAIN_TABLE, server.PlainState.TRYING, {server.PlainState.TERMINATED}, server.Input),
]


@pytest.mark.parametrize(("table", "start", "final", "inputs"), TABLES)
def test_every_state_is_reached_and_has_a_way_out(
    table: Table[Any, Any], start: Enum, final: set[Enum], inputs: type[Enum]
) -> None:
    assert set(table) == set(type(start)), "a state without a row"
    reached, todo = {start}, [start]
    while todo:
        for after in table[todo.pop()].values():
            if after not in reached:
                reached.add(after)
                todo.append(after)
    assert reached == set(table)
    for state, row in table.items():
        assert set(row) <= set(inputs)
        assert (state in final) == (not set(row.values()) - {state})


@pytest.mark.parametrize(("table", "start", "final", "inputs"), TABLES)
def test_every_state_but_the_last_can_lose_its_connection(
    table: Table[Any, Any], start: Enum, final: set[Enum], inputs: type[Enum]
) -> None:
    lost = next(given for given in inputs if given.name == "LOST")
    for state, row in table.items():
        assert state in final or row[lost] in final


@pytest.mark.parametrize(("table", "start", "final", "inputs"), TABLES)
def test_no_message_of_the_other_side_is_an_illegal_step(
    table: Table[Any, Any], start: Enum, final: set[Enum], inputs: type[Enum]
) -> None:
    clients: set[Enum] = {client.Input.PROVISIONAL, client.Input.SUCCESS, client.Input.REFUSAL}
    servers: set[Enum] = {server.Input.REQUEST} | ({server.Input.ACK} if table is server.INVITE_TABLE else set())
    for state, row in table.items():
        assert state in final or (clients if inputs is client.Input else servers) <= set(row)
