"""Many lines as one box, for programs that need no phone: a fleet, a test, somebody else's application.

Every step costs as much with ten thousand lines as with ten, but for the logarithm of their number in the timers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from snomtui.kit.box import Close, Conn, Down, HostPort, Linked, Located, Output, Surroundings
from snomtui.kit.timers import Timers
from snomtui.line.account import Account
from snomtui.line.events import Event
from snomtui.line.line import Line
from snomtui.presence import Contact


class Lines:
    """A box of lines; the five doors lead to the line that a connection or an alarm belongs to."""

    def __init__(self, surroundings: Surroundings, model: str = "snomtui") -> None:
        """`model` is how a line calls the device it is part of."""
        self._surroundings, self._model = surroundings, model
        self._numbers = count(1)
        self._owners: dict[Conn, Line] = {}
        self._wakes = Timers()
        """For each line with an alarm, when."""
        self._out: list[Output] = []
        self._events: list[tuple[Line, Event]] = []

    def add(self, account: Account, contacts: tuple[Contact, ...] = ()) -> Line:
        """Make a line; it does nothing until `do(line, lambda: line.start(now), now)`."""
        lines: list[Line] = []

        def number() -> Conn:
            conn = next(self._numbers)
            self._owners[conn] = lines[0]
            return conn

        lines.append(Line(account, self._surroundings, number, self._model, contacts))
        return lines[0]

    def do(self, line: Line, what: Callable[[], object], now: float) -> None:
        """Ask something of a line, then collect what comes of it; every call on a line goes this way."""
        try:
            what()
        finally:
            self._collect(line, now)

    def remove(self, line: Line, now: float) -> None:
        """Let a line go, with its connection; unregister it first."""
        self.do(line, line.close, now)
        self._wakes.stop(line)

    def events(self) -> list[tuple[Line, Event]]:
        """What happened since the last time, and to whom; empties itself."""
        events, self._events = self._events, []
        return events

    def _collect(self, line: Line, now: float) -> None:
        line.settle(now)
        self._events += [(line, event) for event in line.events()]
        for output in line.outbox():
            self._out.append(output)
            if isinstance(output, Close):
                self._owners.pop(output.conn, None)
        wake = line.next_wake()
        if wake is None:
            self._wakes.stop(line)
        elif wake != self._wakes.deadline(line):
            self._wakes.start(line, wake)

    # -- the five doors

    def receive(self, conn: Conn, data: bytes, now: float, peer: HostPort | None = None) -> None:
        """Bytes came in."""
        line = self._owners.get(conn)
        if line:
            self.do(line, lambda: line.receive(conn, data, now, peer), now)

    def linked(self, conn: Conn, state: Linked, now: float) -> None:
        """A connection opened or closed, or a server was located."""
        line = self._owners.get(conn)
        if line is None:
            return
        if isinstance(state, Down | Located):  # this number says nothing more
            del self._owners[conn]
        self.do(line, lambda: line.linked(conn, state, now), now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        while (name := self._wakes.pop(now)) is not None:
            assert isinstance(name, Line)
            line = name
            self.do(line, lambda: line.tick(now), now)  # noqa: B023  called at once

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself."""
        out, self._out = self._out, []
        return out

    def next_wake(self) -> float | None:
        """When to be ticked at the latest."""
        return self._wakes.next()
