"""The stepper, with a turnstile."""

from __future__ import annotations

from enum import Enum, auto

import pytest

from snomtui.errors import IllegalStep
from snomtui.kit.machine import Machine, Table


class State(Enum):
    LOCKED = auto()
    OPEN = auto()
    BROKEN = auto()


class Input(Enum):
    COIN = auto()
    PUSH = auto()
    KICK = auto()


TURNSTILE: Table[State, Input] = {
    State.LOCKED: {Input.COIN: State.OPEN, Input.KICK: State.BROKEN},
    State.OPEN: {Input.PUSH: State.LOCKED, Input.COIN: State.OPEN, Input.KICK: State.BROKEN},
    State.BROKEN: {},
}


def test_machine_follows_its_table() -> None:
    machine = Machine("turnstile", TURNSTILE, State.LOCKED)
    assert [machine.step(Input.COIN), machine.step(Input.COIN), machine.step(Input.PUSH)] == [
        State.OPEN,
        State.OPEN,
        State.LOCKED,
    ]
    assert machine.state is State.LOCKED


def test_machine_refuses_an_unknown_input_and_stays_where_it_is() -> None:
    machine = Machine("turnstile 7", TURNSTILE, State.LOCKED)
    with pytest.raises(IllegalStep, match="turnstile 7: state LOCKED does not know PUSH") as told:
        machine.step(Input.PUSH)
    assert (told.value.machine, told.value.state, told.value.given) == ("turnstile 7", "LOCKED", "PUSH")
    assert machine.state is State.LOCKED


def test_machine_tells_which_inputs_its_state_knows() -> None:
    machine = Machine("turnstile", TURNSTILE, State.LOCKED)
    assert machine.knows(Input.COIN) and not machine.knows(Input.PUSH)
    machine.step(Input.KICK)
    assert not any(machine.knows(given) for given in Input)


def test_machine_notes_changes_of_state_only() -> None:
    noted: list[str] = []
    machine = Machine("turnstile", TURNSTILE, State.LOCKED, noted.append)
    for given in (Input.COIN, Input.COIN, Input.KICK):
        machine.step(given)
    assert noted == ["turnstile: LOCKED -> OPEN (COIN)", "turnstile: OPEN -> BROKEN (KICK)"]


def test_machine_notes_nothing_when_a_step_is_refused() -> None:
    noted: list[str] = []
    machine = Machine("turnstile", TURNSTILE, State.BROKEN, noted.append)
    with pytest.raises(IllegalStep):
        machine.step(Input.COIN)
    assert noted == []
