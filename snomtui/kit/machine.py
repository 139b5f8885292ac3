"""One stepper for every state machine of the house.

A machine is a table, `table[state][input] -> next state`. A missing key is the error. The owner calls `step`
first and then does what the new state means, so a refused step changes nothing. Inputs that a state may see and
must ignore are written down as staying in the state: silence is a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Generic, TypeVar

from snomtui.errors import IllegalStep

State = TypeVar("State", bound=Enum)
Input = TypeVar("Input", bound=Enum)
Table = Mapping[State, Mapping[Input, State]]


class Machine(Generic[State, Input]):
    """A table of states and inputs, and the state it is in."""

    __slots__ = ("_noted", "_table", "name", "state")

    def __init__(
        self, name: str, table: Table[State, Input], start: State, noted: Callable[[str], None] | None = None
    ) -> None:
        """`noted` gets one line for each change of state, for the log."""
        self.name = name
        self.state = start
        self._table = table
        self._noted = noted

    def step(self, given: Input) -> State:
        """Take one step and return the new state; raises `IllegalStep` for an input the state does not know."""
        try:
            state = self._table[self.state][given]
        except KeyError:
            raise IllegalStep(self.name, self.state.name, given.name) from None
        if self._noted and state is not self.state:
            self._noted(f"{self.name}: {self.state.name} -> {state.name} ({given.name})")
        self.state = state
        return state

    def knows(self, given: Input) -> bool:
        """Whether the present state has this input in its row."""
        return given in self._table[self.state]
