"""How others shall see us: what the person chose, whether anybody uses the phone, and whether a call is up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.kit.timers import Timers
from snomtui.line.line import Line
from snomtui.line.watch.publication import Wish
from snomtui.phone.model import Model
from snomtui.presence import Availability

TALKING = ("talking", "holding", "held")
"""States of a call in which the person is on the phone."""
IDLE = "idle"
"""The name of the timer."""


class State(Enum):
    """Whether somebody is there."""

    USED = auto()
    """A key was pressed, or a call was up, not long ago."""
    UNUSED = auto()
    """Nobody has touched the phone for `presence_timeout` minutes."""
    LEFT = auto()
    """Nor for as long again."""


class Input(Enum):
    """What can happen."""

    KEY = auto()
    TIMEOUT = auto()


TABLE: Table[State, Input] = {
    State.USED: {Input.KEY: State.USED, Input.TIMEOUT: State.UNUSED},
    State.UNUSED: {Input.KEY: State.USED, Input.TIMEOUT: State.LEFT},
    State.LEFT: {Input.KEY: State.USED, Input.TIMEOUT: State.LEFT},
}
_SEEN = {
    State.USED: Availability.AVAILABLE,
    State.UNUSED: Availability.INACTIVE,
    State.LEFT: Availability.AWAY,
}


class Showing:
    """The part of the phone that tells servers how we are."""

    def __init__(self, model: Model, timers: Timers, lines: Callable[[], Iterable[Line]]) -> None:
        self._model, self._timers, self._lines = model, timers, lines
        self._machine = Machine("use", TABLE, State.USED)

    def wish(self) -> Wish:
        """What every line is to publish."""
        chosen = self._model.settings.text("presence_state")
        return Wish(
            chosen=Availability(chosen) if self._model.chose or chosen != "AVAILABLE" else None,
            note=self._model.note,
            machine=_SEEN[self._machine.state],
            on_phone=self._talking,
            chosen_at=self._model.chose_at,
        )

    def publish(self, now: float) -> None:
        """Tell the servers."""
        wish = self.wish()
        for line in self._lines():
            line.wish(wish, now)

    def used(self, now: float) -> None:
        """Somebody is there: a key was pressed, or a call was up until now."""
        before = self._machine.state
        self._machine.step(Input.KEY)
        self._time(now)
        if before is not State.USED:
            self.publish(now)

    def alarm(self, now: float) -> None:
        """Nobody has pressed a key for a while; who talks is there all the same."""
        if not self._talking:
            self._machine.step(Input.TIMEOUT)
            self.publish(now)
        if self._machine.state is not State.LEFT:
            self._time(now)

    @property
    def _talking(self) -> bool:
        return any(call.state in TALKING for call in self._model.calls.values())

    def _time(self, now: float) -> None:
        minutes = self._model.settings.number("presence_timeout")
        if minutes:
            self._timers.start(IDLE, now + 60.0 * minutes)
        else:
            self._timers.stop(IDLE)
